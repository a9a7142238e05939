"""A page's bytes become a Reading: the order of all steps of reading stands here (DESIGN.md §4.4).

Reads bytes, the page's address, what HTTP said and the day of capture; gives a Reading and a Trace that tells why.
Pure: no clock, no network, no store. Whatever the bytes are, it answers; what it cannot tell it says so.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from monitor.model import Item, Marks, Reading, State, Suspicion, TargetKind
from monitor.read.bounds import TooMuch
from monitor.read.captured import CaptureDay
from monitor.read.charset import Decoded, decode
from monitor.read.content import Content, read_content
from monitor.read.elsewhere import answered, listed, look_elsewhere
from monitor.read.emptiness import states_nothing
from monitor.read.feed import looks_like_feed, read_feed
from monitor.read.gathered import Gathered
from monitor.read.guests import guests_of, parts_of
from monitor.read.html import Document, parse, squeeze
from monitor.read.letters import answered_letters, as_list, newest_answer, read_letters
from monitor.read.links import Addresses, base_of, host_of, read_links
from monitor.read.listing import Listing, only_ahead
from monitor.read.literal import answer_in
from monitor.read.marks import read_marks, read_meta
from monitor.read.onward import Onward, leads_home, refresh, script_jump
from monitor.read.records import written_out
from monitor.read.sheets import doubts_of, read_sheets
from monitor.read.state import VERY_FEW, Glance, Verdict, answer_state, glance, is_binary
from monitor.read.tamper import read_tamper
from monitor.read.unfold import unfold

SOON = 15  # seconds; a slower refresh keeps a page current, it does not send the visitor on
REMEMBERED = 65_536
"""Bytes of the largest error page whose state is remembered, with the page itself, of at most 256."""
_OWN_PAGE = frozenset({State.LISTED, State.READABLE, State.BLANK, State.SHELL})  # the site's, not a gatekeeper's


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where bytes came from. `charset` is what the HTTP header claims; `captured` the civil day in Shanghai."""

    url: str | None
    kind: TargetKind
    charset: str | None
    status: int | None
    captured: date
    site_host: str | None = None


@dataclass(slots=True)
class Trace:
    """Why a reading came out as it did, for people."""

    why: str = ""
    decoded: Decoded | None = None
    listing: Listing = field(default_factory=Listing)
    page: Gathered | None = None


def read_page(
    body: bytes,
    *,
    url: str | None,
    kind: TargetKind,
    charset: str | None,
    status: int | None,
    captured: date,
    site_host: str | None = None,
) -> Reading:
    """The facts a page shows. `site_host` is the host links are measured against (default: that of `url`)."""
    today = CaptureDay.of(captured)
    source = Source(url=url, kind=kind, charset=charset, status=status, captured=today, site_host=site_host)
    reading = read_source(body, source)[0]
    return replace(reading, timeless=today.timeless and not reading.needs)


def read_beside(
    body: bytes, *, url: str | None, charset: str | None, captured: date, sheets: Sequence[str]
) -> tuple[Suspicion, ...]:
    """What style sheets (their text) beside a page hide of strangers on it; nothing of one beyond all bounds."""
    with suppress(TooMuch):
        return read_sheets(_gathered(decode(body, charset), url, captured), host_of(url), sheets)
    return ()


def error_state(body: bytes, *, host: str, charset: str | None, status: int, captured: date) -> State:
    """Only the state of what came under an error status, as `read_page` tells it, from what the page says of itself.

    Addresses on it count from the root of its host: the answer is the same for every address that gets these bytes, and
    remembered, since a host says the same of all that it lacks.
    """
    judge = _remembered_state if len(body) <= REMEMBERED else _error_state
    return judge(body, host, charset, status, captured)


def _error_state(body: bytes, host: str, charset: str | None, status: int, captured: date) -> State:
    text, seen = "", Glance()
    if body.strip() and not is_binary(body):
        with suppress(TooMuch):
            decoded, root = decode(body, charset), f"http://{host}/"
            page = _gathered(decoded, root, captured)
            text, seen = decoded.text, glance(page, _title(page.document))
    verdict = answer_state(text, status, seen, captured)
    return State.UNREADABLE if verdict is None else verdict.state


_remembered_state = lru_cache(maxsize=256)(_error_state)


def read_source(body: bytes, source: Source) -> tuple[Reading, Trace]:
    """The reading and the reasons."""
    if source.kind is TargetKind.ACCOUNT and looks_like_feed(body):
        reading = read_feed(body, url=source.url, charset=source.charset, captured=source.captured)
        return reading, Trace(f"a feed with {len(reading.entries)} entries")
    if not body.strip() or is_binary(body):
        return _without_text("no text in any encoding" if body.strip() else "nothing came", source)
    decoded = decode(body, source.charset)
    try:
        return _read_text(decoded, source)
    except TooMuch as reason:
        return _without_text(str(reason), source)


def _read_text(decoded: Decoded, source: Source) -> tuple[Reading, Trace]:
    """Raises TooMuch for a page beyond all bounds."""
    data = None if source.kind is TargetKind.ACCOUNT or status_failed(source.status) else answer_in(decoded.text)
    if data is not None:
        return _read_answer(data, decoded, source)
    page = _gathered(decoded, source.url, source.captured)
    seen = glance(page, _title(page.document))
    content = _judge(page, decoded, seen, source)
    reading = _assemble(page, decoded, content, source)
    return reading, Trace(content.why, decoded, content.listing, page)


def _read_answer(data: object, decoded: Decoded, source: Source) -> tuple[Reading, Trace]:
    """The JSON answer of a call that fills a list. Nothing in it proves that a column is blank but its own words or count."""
    addresses = Addresses(source.url, decoded.encoding)
    found = answered(data, addresses, source.captured)
    markup = "" if found is None else found.html or written_out(found.items)
    page = _gathered(replace(decoded, text=markup or decoded.text), source.url, source.captured)
    seen = glance(page, "")
    if found is not None and found.items:
        content = listed(found)
    elif found is not None and found.empty:
        content = Content(State.BLANK, found.why)
    else:
        verdict = answer_state("", source.status, seen, source.captured)
        said = Content(verdict.state, verdict.why) if verdict is not None else None
        content = said or _of_markup(page, source.kind, seen, "" if found is None else found.why)
    letters = answered_letters(data, page, source.captured) if source.kind is TargetKind.PAGE else ()
    if letters and content.state is not State.LISTED:
        content = listed(as_list(letters))
    reading = replace(_assemble(page, decoded, content, source), letters=letters)
    return reading, Trace(content.why, decoded, content.listing)


def _of_markup(page: Gathered, kind: TargetKind, seen: Glance, why: str) -> Content:
    """What the markup of an answer shows; a part without a list may be any part of a page."""
    content = read_content(page, kind, seen) if why else Content(State.SHELL, "an answer without a list")
    unsure = content.state is not State.LISTED and not (content.state is State.BLANK and states_nothing(page))
    return replace(content, state=State.SHELL, needs=()) if unsure and kind is not TargetKind.PAGE else content


def _gathered(decoded: Decoded, url: str | None, captured: date) -> Gathered:
    """Raises TooMuch for a page beyond all bounds."""
    document = parse(unfold(decoded.text))
    own = url.partition("#")[0] if url else url
    return Gathered(document, captured, Addresses(base_of(document, own), decoded.encoding), url or "")


def _judge(page: Gathered, decoded: Decoded, seen: Glance, source: Source) -> Content:
    """The state: what the answer is as a whole, else what the page sends on to, else what stands on it."""
    home = source.kind is TargetKind.SITE
    verdict = answer_state(decoded.text, source.status, seen, source.captured, home=home)
    onward = _onward(page, seen)
    if verdict is not None and not (onward is not None and _by_words_alone(verdict, source.status)):
        return Content(verdict.state, verdict.why, returns_on=verdict.returns_on)
    if onward is not None and not home and leads_home(onward.targets, source.url):
        return Content(State.SOFT_ERROR, f"sends the visitor to the home page by {onward.why}")
    if onward is not None:
        return Content(State.SHELL, f"sends the visitor on by {onward.why}", needs=onward.targets)
    if source.kind is TargetKind.ACCOUNT:
        return Content(State.UNREADABLE, "no feed")
    return look_elsewhere(page, read_content(page, source.kind, seen), source.kind)


def _by_words_alone(verdict: Verdict, status: int | None) -> bool:
    """A notice that sends its visitor on is no closed site; an error status stays one."""
    return (
        verdict.state in {State.MAINTENANCE, State.SOFT_ERROR}
        and not verdict.why.startswith("HTTP")
        and not status_failed(status)
    )


def status_failed(status: int | None) -> bool:
    """True for 4xx and 5xx."""
    return status is not None and status >= 400


def _onward(page: Gathered, seen: Glance) -> Onward | None:
    """A jump counts when it comes at once, or when there is nothing else to see."""
    jump = refresh(page.document, page.addresses)
    if jump is not None and (jump.delay <= 3 or (seen.small and jump.delay <= SOON)):
        return jump
    if seen.words <= 2 * VERY_FEW and seen.links <= 3 and not seen.fields:
        return script_jump(page.document, page.addresses)
    return None


def _assemble(page: Gathered, decoded: Decoded, content: Content, source: Source) -> Reading:
    document = page.document
    title = _title(document)
    host = source.site_host or host_of(source.url)
    links, pseudo = read_links(document, page.addresses, host=host, hidden=page.hidden, lost=page.lost)
    if content.listing.mode == "script" and not links:
        links = read_links(parse(written_out(content.items)), page.addresses, host=host, hidden=frozenset())[0]
    doubts, sheets = doubts_of(page, host) if content.state in _OWN_PAGE else ("", ())
    letters = read_letters(page) if source.kind is TargetKind.PAGE and content.state in _OWN_PAGE else ()
    newest = content.newest or newest_answer(letters)
    ahead = newest is None and content.state in _OWN_PAGE and only_ahead(document, content.listing, source.captured)
    return Reading(
        kind=source.kind,
        state=content.state,
        encoding=decoded.encoding,
        title=title or None,
        newest_date=newest,
        newest_precision=None if newest is None else "day" if len(newest) == 10 else "month",
        ahead=ahead,
        entrance=content.entrance,
        items=content.items,
        links=links,
        pseudo_links=pseudo,
        marks=read_marks(document) if content.state in _OWN_PAGE else Marks(),
        meta=read_meta(document),
        article=content.article,
        returns_on=content.returns_on,
        needs=content.needs,
        asks=content.asks,
        tamper=read_tamper(page, host),
        doubts=doubts,
        sheets=sheets,
        guests=guests_of(document, host),
        parts=parts_of(document),
        letters=letters,
    )


def _without_text(why: str, source: Source) -> tuple[Reading, Trace]:
    """Nothing, no text, or more than is read: unreadable, unless the status alone tells more."""
    verdict = answer_state("", source.status, Glance(), source.captured)
    state = verdict.state if verdict is not None else State.UNREADABLE
    return Reading(kind=source.kind, state=state), Trace(verdict.why if verdict is not None else why)


def _title(document: Document) -> str:
    return next((squeeze(node.text) for node in document.all("title") if node.text), "")


__all__ = ["Item", "Source", "Trace", "error_state", "read_beside", "read_page", "read_source"]
