"""The eyes of one visit: the Context that checks are handed. Every answer is kept, so that two checks cost one look.

Fetches in turn, reads what came, and takes the reading of the last look when these are the same bytes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import structlog
from xxhash import xxh3_128_hexdigest

from monitor.api import Log
from monitor.clock import civil_day
from monitor.model import (
    Certificate,
    Claim,
    Declaration,
    Earlier,
    Fetched,
    Item,
    LetterRow,
    Page,
    Reach,
    Reading,
    ReadLetters,
    Resolved,
    Seen,
    State,
    Suspicion,
    TargetKind,
    Unreachable,
    host_of,
)
from monitor.observe.follow import follow
from monitor.observe.gates import retry_after
from monitor.observe.tools import Tools
from monitor.observe.turn import PENALTY, has_turn, no_turn
from monitor.read.glimpse import glimpse
from monitor.read.normal import normal_hash
from monitor.read.page import error_state, read_beside, read_page
from monitor.read.verdict import as_asked, charset_of, reach_of

MOST_OF_LINK = 1 << 19  # bytes; behind a link may be anything, and no more than its beginning is asked about
ANSWERED = frozenset({Reach.OPEN, Reach.SLOW})
"""Endings that brought the page itself."""

_UNSEEN = Seen()


@dataclass(slots=True)
class Look:
    """The Context of one visit: every answer memoised."""

    claim: Claim
    tools: Tools
    now: datetime
    known: Reading | None  # what the last look read, as long as it holds
    fetches: dict[tuple[str, str], Fetched] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    remembered: Earlier | None = None  # once a check has asked
    filed: tuple[Declaration, ...] | None = None  # likewise
    brought: ReadLetters | None = None  # what a check brings home of a reply list
    body_hash: str | None = None
    normal_hash: str | None = None

    @property
    def seen(self) -> Seen:
        return self.claim.seen

    @property
    def log(self) -> Log:
        log: Log = structlog.get_logger("visit").bind(target=self.claim.target.id)
        return log

    async def earlier(self, items: Sequence[Item]) -> Earlier:
        if self.remembered is None:
            self.remembered = await self.tools.earlier(self.claim.target.id, items)
        return self.remembered

    async def declared(self) -> tuple[Declaration, ...]:
        if self.filed is None:
            has_filed, name = self.seen.has_filed, self.claim.target.id
            self.filed = await self.tools.declared(name, self.now) if has_filed else ()
        return self.filed

    async def letters(self) -> tuple[LetterRow, ...]:
        return await self.tools.letters(self.claim.target.id)

    def enter(self, rows: Sequence[LetterRow], *, whole: bool) -> None:
        self.brought = ReadLetters(tuple(rows), whole)

    async def fetch(self, url: str, *, method: str = "GET") -> Fetched:
        return await self._fetch(url, method)

    async def look(self, url: str, *, referer: str | None = None) -> Page:
        if referer is not None:
            return await self._look_from(url, referer)
        if url not in self.pages:
            self.pages[url] = await self._look(url)
        return self.pages[url]

    async def page(self, url: str) -> Reading:
        page = await self.look(url)
        if page.reading is None or page.reach not in ANSWERED:
            raise Unreachable(page.reach, page.fetched.detail)
        return page.reading

    async def beside(self, url: str, sheets: Sequence[Fetched], *, all_of_them: bool) -> Reading:
        page = await self.look(url)
        fetched, reading = page.fetched, page.reading
        if reading is None or page.unchanged:
            return await self.page(url)

        def read() -> tuple[Suspicion, ...]:
            with self.tools.suspect(self.claim.target.id):
                return read_beside(
                    fetched.body,
                    url=_with_place(fetched),
                    charset=charset_of(fetched),
                    captured=civil_day(self.now),
                    sheets=[sheet.body.decode("latin-1") for sheet in sheets],  # names of classes are ASCII
                )

        found = await self.tools.large.run(read, len(fetched.body))
        tamper = tuple(dict.fromkeys((*reading.tamper, *found)))
        known = replace(reading, tamper=tamper, sheets=() if all_of_them else reading.sheets)
        self.pages[url] = page._replace(reading=known)
        return known

    async def feed(self, url: str, *, zone: int = 8) -> Reading:
        if url not in self.pages:
            self.pages[url] = await self._feed(url, zone)
        page = self.pages[url]
        if page.reading is None:
            raise Unreachable(page.reach, page.fetched.detail)
        return page.reading

    async def certificate(self, url: str) -> Certificate:
        return await self.tools.certificate(url)

    async def resolve(self, host: str) -> Resolved:
        return await self.tools.resolve(host)

    async def _fetch(
        self, url: str, method: str = "GET", *, max_body: int | None = None, referer: str | None = None
    ) -> Fetched:
        key = (method if referer is None else f"{method} from {referer}", url)
        if (before := self.fetches.get(key)) is not None:
            return before
        tools, target, host = self.tools, self.claim.target, host_of(url)
        seen = self.seen if self.known is not None and method == "GET" and url == target.url else _UNSEEN
        slot = tools.slot(host, background=target.kind is not TargetKind.SITE)
        if slot.take_at_once() or await has_turn(slot, tools.patience):
            try:
                fetched = await tools.fetcher.fetch(
                    url,
                    method=method,
                    etag=seen.etag,
                    last_modified=seen.last_modified,
                    max_body=max_body,
                    keep_alive=target.kind is TargetKind.LINK,
                    referer=referer,
                )
            finally:
                slot.leave()
        else:
            fetched = no_turn(url, self.now, tools.patience)
        self.fetches[key] = fetched
        if (wait := retry_after(fetched)) is not None:
            tools.penalise(host, min(wait, PENALTY))
        return fetched

    async def _look(self, url: str) -> Page:
        is_link = self.claim.target.kind is TargetKind.LINK
        fetched = await self._fetch(url, max_body=MOST_OF_LINK if is_link else None)
        if fetched.reach is Reach.HTTP_ERROR and await self._is_plain_error(fetched):
            return Page(fetched, fetched.reach, None)
        if (known := self._remembered(url, fetched)) is not None:
            return Page(fetched, reach_of(fetched, known, self.claim.target.kind), known, unchanged=True)
        if fetched.reach is Reach.TOO_LARGE or (not fetched.body and fetched.reach not in ANSWERED):
            return Page(fetched, reach_of(fetched, None, self.claim.target.kind), None)
        if is_link and (ordinary := self._ordinary(fetched)) is not None:
            return Page(fetched, fetched.reach, ordinary)
        kind = self._kind_of(url)
        read = partial(self._read, kind=kind)
        reading = await read(fetched)  # an empty body, too: that is unreadable
        if reading.needs and fetched.reach in ANSWERED:
            reading = await follow(reading, self._fetch, read)
        reading = as_asked(reading, fetched, kind)
        return Page(fetched, reach_of(fetched, reading, kind), reading)

    def _ordinary(self, fetched: Fetched) -> Reading | None:
        """What is kept of the page behind a link, when it need not be read for that: there are a million of them."""
        title = (
            glimpse(fetched.body, charset_of(fetched)) if fetched.reach in ANSWERED and fetched.status == 200 else None
        )
        if title is None:
            self.normal_hash = self.body_hash  # its body may be kept
            return None
        return Reading(kind=TargetKind.PAGE, state=State.READABLE, title=title)

    def _kind_of(self, url: str) -> TargetKind:
        """What an address is read as: the target as what it is, its home page as one, anything it leads to as a page."""
        target = self.claim.target
        if url == target.url or target.kind is TargetKind.LINK:
            return target.kind
        return TargetKind.SITE if url == target.home else TargetKind.PAGE

    async def _look_from(self, url: str, referer: str) -> Page:
        """What somebody who comes from there is shown; nothing that is remembered of the page says that."""
        fetched = await self._fetch(url, referer=referer)
        readable = fetched.reach is not Reach.TOO_LARGE and (fetched.body or fetched.reach in ANSWERED)
        reading = await self._read(fetched, self._kind_of(url)) if readable else None
        return Page(fetched, reach_of(fetched, reading, self.claim.target.kind), reading)

    async def _is_plain_error(self, fetched: Fetched) -> bool:
        """Of a link nothing but the verdict is kept, so that an error page is read for what could change that, and no further."""
        if self.claim.target.kind is not TargetKind.LINK:
            return False

        def judge() -> State:
            with self.tools.suspect(self.claim.target.id):
                return error_state(
                    fetched.body,
                    host=host_of(fetched.final_url),
                    charset=charset_of(fetched),
                    status=fetched.status or 0,
                    captured=civil_day(self.now),
                )

        state = await self.tools.large.run(judge, len(fetched.body))
        return state not in {State.CHALLENGED, State.MAINTENANCE}

    async def _feed(self, url: str, zone: int) -> Page:
        fetched = await self._fetch(url, max_body=self.tools.max_feed)
        if (known := self._remembered(url, fetched)) is not None:
            return Page(fetched, fetched.reach, known, unchanged=True)
        if fetched.reach not in ANSWERED:
            return Page(fetched, fetched.reach, None)
        read, charset = self.tools.feeds.read, charset_of(fetched)  # in a process of its own: it cannot kill us
        reading = await read(fetched.body, url=fetched.final_url, charset=charset, captured=self.now, zone=zone)
        return Page(fetched, fetched.reach, reading)

    def _remembered(self, url: str, fetched: Fetched) -> Reading | None:
        """The reading of the last look when these are the same bytes again; also takes their hashes."""
        if url != self.claim.target.url:
            return None
        if fetched.not_modified:
            self.body_hash, self.normal_hash = self.seen.body_hash, self.seen.normal_hash
            return self.known
        if fetched.reach is Reach.TOO_LARGE or (not fetched.body and fetched.reach not in ANSWERED):
            return None  # a part of a page is not the page that was remembered
        self.body_hash = xxh3_128_hexdigest(fetched.body)
        same = self.body_hash == self.seen.body_hash
        if self.claim.target.kind is not TargetKind.LINK:  # of a link a glimpse costs less than to tell counters apart
            self.normal_hash = self.seen.normal_hash if same else normal_hash(fetched.body)
            same = self.normal_hash == self.seen.normal_hash
        return self.known if fetched.status == 200 and same else None

    async def _read(self, fetched: Fetched, kind: TargetKind) -> Reading:
        def read() -> Reading:
            with self.tools.suspect(self.claim.target.id):
                return read_page(
                    fetched.body,
                    url=_with_place(fetched),
                    kind=TargetKind.PAGE if kind is TargetKind.LINK else kind,  # behind a link is a page like any
                    charset=charset_of(fetched),
                    status=fetched.status,
                    captured=civil_day(self.now),
                )

        return await self.tools.large.run(read, len(fetched.body))


def _with_place(fetched: Fetched) -> str:
    """Where a page came from, with the part behind # that was asked for: a redirect keeps it, and some platforms read it."""
    _, mark, place = fetched.url.partition("#")
    return fetched.final_url if not mark or "#" in fetched.final_url else f"{fetched.final_url}#{place}"
