"""Whose fault it is when we look through an outgoing proxy: its own, or that of the site behind it.

Pure but for what a Door remembers of earlier looks. Only what is surely the proxy's counts as its own: no connection to it,
407, and a refusal of CONNECT below 500. A 5xx to CONNECT is what it says of a site it could not reach: that stays the
site's, else no outage would be seen through a proxy, and the reference hosts tell when it was not. Over plain HTTP nobody
can tell whose 502 it is, and a proxy that falls silent may be waiting for the site: those are the site's, too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yarl import URL

from monitor.model import Fetched, Reach, Visited

FAILED = "proxy_failed"
"""The note on a look that ended at our own proxy: it says nothing of the site."""

DOUBT = timedelta(seconds=10)
"""How long an answer that came through the proxy outweighs a look that it shut out: one that is overloaded stumbles."""

OFTEN = timedelta(minutes=10)
"""The same for a refusal that may be a rule about one site: twice the longest time between two looks at a home page (5 min)."""

_BEGIN = "outgoing proxy "  # of the details that errors.py gives


def is_own(detail: str) -> bool:
    """Whether the detail of an ending tells of the proxy alone."""
    return detail.startswith(_BEGIN) and not detail.startswith(f"{_BEGIN}answered 5")


def is_shut(detail: str) -> bool:
    """Whether every look ends there so, whatever the site: it cannot be reached, or asks who we are."""
    return detail in {f"{_BEGIN}unreachable", f"{_BEGIN}answered 407"}


def shown(proxy: str) -> str:
    """The proxy's address as people may see it: without user and password."""
    return str(URL(proxy).with_user(None)).rstrip("/")


class Told(StrEnum):
    """What a look told of the proxy."""

    PASSES = "passes"
    SHUT = "shut"  # and nothing came through lately


@dataclass(slots=True)
class Door:
    """Whether anything comes through the proxy at `address`, by the looks so far. After a start nothing is known."""

    address: str = ""
    passed_at: datetime | None = None  # the begin of the last look that came through
    shut_at: datetime | None = None  # the begin of the last that did not
    began_at: datetime | None = None

    def told(self, visited: Visited, address: str) -> Told | None:
        """What the store must hear after this look through that proxy; None when there is no news."""
        if address != self.address:
            self.forget()
            self.address = address
        fetched, at = _last(visited), visited.started_at
        self.began_at = self.began_at or at
        if fetched is not None and FAILED in fetched.notes:
            self.shut_at = max(at, self.shut_at or at)
            waited = DOUBT if is_shut(fetched.detail) else OFTEN
            since = self.passed_at or (None if is_shut(fetched.detail) else self.began_at)
            return Told.SHUT if since is None or at - since >= waited else None
        if not _came_through(visited, fetched) or (self.shut_at is not None and at < self.shut_at):
            return None
        is_news = self.passed_at is None or (self.shut_at is not None and self.passed_at < self.shut_at)
        self.passed_at = max(at, self.passed_at or at)
        return Told.PASSES if is_news else None

    def forget(self) -> None:
        """What was told could not be stored, or this is another proxy: it will be told again."""
        self.passed_at = self.shut_at = self.began_at = None


def _last(visited: Visited) -> Fetched | None:
    return visited.page.fetched if visited.page is not None else None


def _came_through(visited: Visited, fetched: Fetched | None) -> bool:
    """Somebody answered, or a handshake was tried, or the proxy tried the site and says so."""
    if any(one.status is not None for one in visited.tries):
        return True
    return fetched is not None and (fetched.reach is Reach.TLS or fetched.detail.startswith(f"{_BEGIN}answered 5"))
