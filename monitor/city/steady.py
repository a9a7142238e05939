"""Answers kept for as long as they cannot change: what makes a year of visits to the city cheap.

Pure but for its own memory. An answer of `pages.respond` changes when a fault of its site or page begins or ends, when
something is published on it, and by the minute or the hour where the page shows a clock; in between it is the same bytes.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.city.entries import next_report
from monitor.city.faults import Faults
from monitor.city.letters import next_change
from monitor.city.odd import Answer
from monitor.city.pages import respond
from monitor.city.plan import Plan
from monitor.city.posts import next_post
from monitor.city.routes import Found, find, notice_of, watched_name
from monitor.model import EntryKind

_HOUR = timedelta(hours=1)
_ANY_HOUR = datetime(2026, 1, 1, tzinfo=UTC)

MOST = 200_000
"""Answers remembered; beyond that all are forgotten and made again when asked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, its validator, and the instant from which it may be another."""

    answer: Answer
    etag: str
    until: datetime | None


class Steady:
    """The city's pages with a memory."""

    def __init__(self, plan: Plan, faults: Faults) -> None:
        self._plan, self._faults = plan, faults
        self._kept: dict[tuple[str, str], Kept] = {}
        self._edges: dict[str, list[datetime]] = {}
        for event in faults.events:
            edges = self._edges.setdefault(event.target, [])
            edges.append(faults.start + event.at)
            if event.lasts is not None:
                edges.append(faults.start + event.until)
        for edges in self._edges.values():
            edges.sort()

    def respond(self, host: str, path: str, now: datetime) -> Kept:
        """What a GET of that path brings."""
        kept = self._kept.get((host, path))
        if kept is not None and (kept.until is None or now < kept.until):
            return kept
        if len(self._kept) >= MOST:
            self._kept.clear()
        answer = respond(self._plan, host, path, now, self._faults)
        etag = f'"{hashlib.blake2b(answer.body, digest_size=12).hexdigest()}"'
        kept = Kept(answer, etag, self._until(find(self._plan, host, path), answer, now))
        self._kept[host, path] = kept
        return kept

    def _until(self, found: Found, answer: Answer, now: datetime) -> datetime | None:
        """The next instant at which it may change; clocks that jump back are the daemon's affair, never the city's."""
        return min(self._changes(found, answer, now), default=None)

    def _changes(self, found: Found, answer: Answer, now: datetime) -> Iterator[datetime]:
        yield from self._edges_after({found.site.name if found.site else "", watched_name(found) or ""}, now)
        match found.what:
            case "home" if found.site is not None:
                columns = [found.site.headlines, *(column for column in found.site.columns if column.on_home)]
                yield from (next_post(column, now) for column in columns)
                yield from self._edges_after({entry.name for entry in found.site.entries}, now)
                yield from self._edges_after(
                    {column.name for column in columns}, now
                )  # one that falls silent shows here
                if found.site.cms == "table":
                    yield _next_full(_HOUR, now)  # its counter of visitors
            case "column" if found.site is not None and found.column is not None:
                yield next_post(found.column, now)
                if found.site.cms == "table":
                    yield _next_full(_HOUR, now)
            case "entry" if found.entry is not None and found.entry.kind is not EntryKind.REPLIES:
                yield next_report(now)
            case "entry" | "letter" if found.site is not None:
                yield next_change(self._faults, found.site, now)
            case "notice":
                yield from self._edges_after({notice_of(found.path)}, now)
            case "feed" if found.account is not None:
                yield next_post(found.account, now)
            case "article" | "post" | "nothing" if answer.status != 200:
                yield _next_full(_HOUR, now)  # may have been published meanwhile; once it is, it stays
            case _:
                pass

    def _edges_after(self, names: set[str], now: datetime) -> Iterator[datetime]:
        for name in names:
            edges = self._edges.get(name, [])
            after = bisect_right(edges, now)
            if after < len(edges):
                yield edges[after]


def _next_full(step: timedelta, now: datetime) -> datetime:
    """The next full minute or hour: in every zone of the city the same."""
    return now + step - (now - _ANY_HOUR) % step
