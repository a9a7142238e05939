"""One visit: a budgeted look at one target, through the eyes of the checks that are due.

Reads nothing but what the claim carries and what the wire answers; writes nothing. What a check cannot see is UNKNOWN,
what goes wrong inside a check is BROKEN (our fault), and neither is ever a verdict on the target.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog

from monitor.api import Log
from monitor.clock import Clock, civil_day
from monitor.model import (
    Certificate,
    Claim,
    Fetched,
    Finding,
    Outcome,
    Page,
    Reach,
    Reading,
    Resolved,
    Seen,
    Target,
    TargetKind,
    Try,
    Unreachable,
    Visited,
    say,
    unknown,
)
from monitor.observe.follow import follow
from monitor.observe.gates import retry_after
from monitor.observe.turn import PATIENCE, PENALTY, in_turn, no_turn
from monitor.read.normal import normal_hash
from monitor.read.page import read_page
from monitor.read.verdict import charset_of, reach_of

VISIT_LIMIT = 300.0
"""Seconds after which a visit is our own fault: five fetches of 30 s with their waits stay far below."""

THREAD_FROM = 150_000
"""Bytes from which a page is parsed in a thread: below, the loop is held for less than 10 ms (libraries.md §2)."""


ANSWERED = frozenset({Reach.OPEN, Reach.SLOW})
"""Endings that brought the page itself."""


class Fetch(Protocol):
    """What looks over the wire, or stands in for it in a rehearsal."""

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        etag: str | None = None,
        last_modified: str | None = None,
        max_body: int | None = None,
        keep_alive: bool = False,
    ) -> Fetched: ...


class Feeds(Protocol):
    """Reads feeds where they cannot hurt."""

    async def read(self, body: bytes, *, url: str | None, charset: str | None, captured: datetime) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a visit works with; everything here is replaced in a rehearsal."""

    clock: Clock
    fetcher: Fetch
    feeds: Feeds
    certificate: Callable[[str], Awaitable[Certificate]]
    resolve: Callable[[str], Awaitable[Resolved]]
    slot: Callable[..., Any]  # async context manager: a place at that host
    penalise: Callable[[str, float], None]  # keep away from that host for so many seconds: it asked us to
    suspect: Callable[[str], AbstractContextManager[None]]  # marks what is being parsed, in case it kills us
    max_feed: int  # bytes
    patience: float = PATIENCE  # seconds to wait for a place at the host
    parse_in_threads: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """One file of `checks/`, as discovered."""

    name: str
    kinds: frozenset[TargetKind]
    cadence: str | None
    options: Callable[[Mapping[str, Mapping[str, object]]], object]  # from a target's own tables, validated at load
    run: Callable[[Target[Any], "Look"], Awaitable[list[Finding]]]


@dataclass(slots=True)
class Look:
    """The Context of one visit: every answer memoised."""

    claim: Claim
    tools: Tools
    now: datetime
    log: Log
    fetches: dict[tuple[str, str], Fetched] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    body_hash: str | None = None
    normal_hash: str | None = None

    @property
    def seen(self) -> Seen:
        return self.claim.seen

    async def fetch(self, url: str, *, method: str = "GET") -> Fetched:
        return await self._fetch(url, method)

    async def look(self, url: str) -> Page:
        if url not in self.pages:
            self.pages[url] = await self._look(url)
        return self.pages[url]

    async def page(self, url: str) -> Reading:
        page = await self.look(url)
        if page.reading is None or page.reach not in ANSWERED:
            raise Unreachable(page.reach, page.fetched.detail)
        return page.reading

    async def feed(self, url: str) -> Reading:
        if url not in self.pages:
            self.pages[url] = await self._feed(url)
        page = self.pages[url]
        if page.reading is None:
            raise Unreachable(page.reach, page.fetched.detail)
        return page.reading

    async def certificate(self, url: str) -> Certificate:
        return await self.tools.certificate(url)

    async def resolve(self, host: str) -> Resolved:
        return await self.tools.resolve(host)

    async def _fetch(self, url: str, method: str = "GET", *, max_body: int | None = None) -> Fetched:
        key = (method, url)
        if key not in self.fetches:
            own = url == self.claim.target.url and method == "GET"
            seen = self.seen if own and self._known() is not None else Seen()
            host, background = urlsplit(url).hostname or "", self.claim.target.kind is not TargetKind.SITE
            fetch = partial(
                self.tools.fetcher.fetch,
                url,
                method=method,
                etag=seen.etag,
                last_modified=seen.last_modified,
                max_body=max_body,
                keep_alive=self.claim.target.kind is TargetKind.LINK,
            )
            slot, patience = self.tools.slot(host, background=background), self.tools.patience
            fetched = await in_turn(slot, patience, fetch) or no_turn(url, self.now, patience)
            self.fetches[key] = fetched
            if (wait := retry_after(fetched)) is not None:
                self.tools.penalise(host, min(wait, PENALTY))
        return self.fetches[key]

    async def _look(self, url: str) -> Page:
        fetched = await self._fetch(url)
        if (known := self._remembered(url, fetched)) is not None:
            return Page(fetched, reach_of(fetched, known, self.claim.target.kind), known, unchanged=True)
        if not fetched.body and fetched.reach not in ANSWERED:
            return Page(fetched, reach_of(fetched, None, self.claim.target.kind), None)
        reading = await self._read(fetched)  # an empty body, too: that is unreadable
        if reading.needs and fetched.reach in ANSWERED:
            reading = await follow(reading, self._fetch, self._read)
        return Page(fetched, reach_of(fetched, reading, self.claim.target.kind), reading)

    async def _feed(self, url: str) -> Page:
        fetched = await self._fetch(url, max_body=self.tools.max_feed)
        if (known := self._remembered(url, fetched)) is not None:
            return Page(fetched, fetched.reach, known, unchanged=True)
        if fetched.reach not in ANSWERED:
            return Page(fetched, fetched.reach, None)
        read, charset = self.tools.feeds.read, charset_of(fetched)  # in a process of its own: it cannot kill us
        reading = await read(fetched.body, url=fetched.final_url, charset=charset, captured=self.now)
        return Page(fetched, fetched.reach, reading)

    def _known(self) -> Reading | None:
        """The reading of the last look, if it still holds: not filled in from elsewhere, and no date has come due since."""
        known, looked = self.seen.reading, max(self.seen.checked_at.values(), default=self.now)
        return known if known and not known.needs and civil_day(looked) == civil_day(self.now) else None

    def _remembered(self, url: str, fetched: Fetched) -> Reading | None:
        """The reading of the last look when these are the same bytes again; also takes their hashes."""
        if url != self.claim.target.url:
            return None
        known = self._known()
        if fetched.not_modified:
            self.body_hash, self.normal_hash = self.seen.body_hash, self.seen.normal_hash
            return known
        if not fetched.body and fetched.reach not in ANSWERED:
            return None
        self.body_hash = sha256(fetched.body).hexdigest()
        if self.body_hash == self.seen.body_hash:
            self.normal_hash = self.seen.normal_hash
        else:
            self.normal_hash = normal_hash(fetched.body)
        return known if fetched.status == 200 and self.normal_hash == self.seen.normal_hash else None

    async def _read(self, fetched: Fetched) -> Reading:
        kind = self.claim.target.kind  # what stands behind a link is read like any page

        def read() -> Reading:
            with self.tools.suspect(self.claim.target.id):
                return read_page(
                    fetched.body,
                    url=fetched.final_url,
                    kind=TargetKind.PAGE if kind is TargetKind.LINK else kind,
                    charset=charset_of(fetched),
                    status=fetched.status,
                    captured=civil_day(self.now),
                )

        if len(fetched.body) < THREAD_FROM or not self.tools.parse_in_threads:
            return read()
        return await asyncio.to_thread(read)


async def visit(claim: Claim, tools: Tools, checks: Mapping[str, Check], cadences: Mapping[str, timedelta]) -> Visited:
    """Look at the target with every check that is due. Never raises but CancelledError."""
    started = tools.clock.now()
    log: Log = structlog.get_logger("visit").bind(target=claim.target.id)
    look = Look(claim, tools, started, log)
    findings: list[Finding] = []
    for check in checks.values():
        if claim.target.kind in check.kinds and _is_due(check, look, cadences):
            findings += await _run(check, look)
    return _brought_home(look, findings)


def _is_due(check: Check, look: Look, cadences: Mapping[str, timedelta]) -> bool:
    """A check with a cadence of its own waits for it, unless this visit saw that its last answer no longer holds."""
    if check.cadence is None:
        return True
    last = look.seen.checked_at.get(check.name)
    if last is None or look.now - last >= cadences[check.cadence]:
        return True
    page = look.pages.get(look.claim.target.url)
    trusted = page.fetched.trusted if page else None
    return trusted is not None and trusted is not (look.seen.outcomes.get(check.name) is Outcome.OK)


async def _run(check: Check, look: Look) -> list[Finding]:
    target: Target[Any] = look.claim.target
    try:
        options = check.options(target.options)
        async with asyncio.timeout(VISIT_LIMIT):
            return await check.run(replace(target, options=options), look)
    except Unreachable as error:
        words = say("could not look: {detail}", detail=error.detail or error.reach.value)
        return [unknown(check.name, error.reach.value, words, reach=error.reach.value)]
    except Exception as error:  # noqa: BLE001, RUF100 - one page must never stop the watch: stored as BROKEN
        return [_broken(check.name, error, look.log)]


def _broken(check: str, error: Exception, log: Log) -> Finding:
    where = traceback.extract_tb(error.__traceback__)
    place = f"{where[-1].name}:{where[-1].lineno}" if where else ""
    log.warning("check.broke", check=check, error=type(error).__name__, place=place)
    words = say("the check {check} failed in the program itself", check=check)
    evidence = {"error": type(error).__name__, "place": place}
    return Finding(check, Outcome.BROKEN, words, reason=type(error).__name__, evidence=evidence)


def _brought_home(look: Look, findings: list[Finding]) -> Visited:
    url = look.claim.target.url
    page = look.pages.get(url)
    fetched = page.fetched if page else look.fetches.get(("GET", url)) or look.fetches.get(("HEAD", url))
    reach = page.reach if page else fetched.reach if fetched else Reach.TIMEOUT
    tries = (Try(fetched.started_at, reach, fetched.status, fetched.seconds),) if fetched else ()
    return Visited(
        claim=look.claim,
        started_at=look.now,
        ended_at=look.tools.clock.now(),
        reach=reach,
        tries=tries,
        findings=tuple(findings),
        page=page,
        body_hash=look.body_hash,
        normal_hash=look.normal_hash,
    )
