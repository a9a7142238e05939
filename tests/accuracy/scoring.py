"""What is asked of each labelled page and whether it was read right: the one implementation, for `make accuracy` and the tests.

Reads Records and the files they name; gives Pages (what was read) and Points (one thing asked of one page). The clock is each
page's `captured` day. A label of a page whose list prints no date but whose addresses show one is that one (DESIGN.md §4.4:
`date_from` url). Knows no figures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.clock import SHANGHAI
from monitor.model import Reading, State, Suspicion
from monitor.read.charset import whatwg_name
from monitor.read.page import Source, Trace, read_source
from tests.accuracy.baseline import newest_by_pattern, visible_text
from tests.accuracy.labels import KINDS, BadCorpus, Record

STATES = {
    **dict.fromkeys(("waf", "challenge", "rate_limit"), State.CHALLENGED),
    **dict.fromkeys(("maintenance", "closed_notice"), State.MAINTENANCE),
    **dict.fromkeys(("soft404", "error404", "error502", "error504", "forbidden"), State.SOFT_ERROR),
    **dict.fromkeys(("parked", "hijacked"), State.HIJACKED),
    **dict.fromkeys(("redirect", "js_required", "flash"), State.SHELL),
    "blank": State.BLANK,
}
"""Labels of odd pages (README of the corpus). Every other word there (login, portal …) is an ordinary page."""
ORDINARY = frozenset({State.LISTED, State.READABLE})
MARKS = {
    "site_code": "site_code",
    "icp": "icp",
    "police_record": "police",
    "conac": "conac",
    "jiucuo": "jiucuo",
    "sponsor": "sponsor",
    "contact": "contact",
    "sitemap": "sitemap",
}
"""Label → field of Marks. What a corpus does not label is not asked."""
NEAR = 0.05  # of the labelled count: as near as the issue asks item counts to be


@dataclass(frozen=True, slots=True)
class Page:
    """One labelled file as it was read."""

    record: Record
    body: bytes
    reading: Reading
    trace: Trace


@dataclass(frozen=True, slots=True)
class Point:
    """One thing asked of one page; `group` is the row of the table it counts in. `asked` is its name in wrong_labels.toml."""

    file: str
    group: str
    asked: str
    wanted: object
    got: object
    right: bool
    why: str
    baseline: bool | None = None  # whether the plain pattern got it right; None where it is not asked
    excused: str = ""  # what was read besides and is not counted, and why

    def __str__(self) -> str:
        said = f"{self.file}  wanted {_word(self.wanted)}  got {_word(self.got)}  ({self.why})"
        return "".join(sign if sign.isprintable() else " " for sign in said)


def _word(value: object) -> str:
    return repr(str(value)) if isinstance(value, str) else repr(value)


def read_record(folder: Path, record: Record) -> Page:
    """The file as the daemon would read it on the day it was captured. Raises BadCorpus when it is not there."""
    try:
        body = (folder / record.file).read_bytes()
    except (OSError, ValueError) as error:
        raise BadCorpus(f"{folder / record.file}: {error}") from error
    kind = KINDS[record.kind]
    source = Source(url=record.url, kind=kind, charset=None, status=None, captured=record.captured)
    return Page(record, body, *read_source(body, source))


def asked(page: Page) -> Iterator[Point]:
    """All that its labels ask of a page. Raises BadCorpus when a label that every page of its kind has is missing."""
    by_kind = {"list": _list, "home": _home, "article": _article, "odd": _odd, "feed": _feed}
    try:
        yield from _encoding(page)
        yield from by_kind[page.record.kind](page)
        if page.record.kind != "feed":
            yield _tamper(page)
    except KeyError as missing:
        raise BadCorpus(f"{page.record.file}: no label {missing}") from missing


def _point(page: Page, group: str, asked: str, wanted: object, got: object, *, right: bool | None = None) -> Point:
    matches = wanted == got if right is None else right
    return Point(page.record.file, group, asked, wanted, got, matches, page.trace.why)


def _encoding(page: Page) -> Iterator[Point]:
    said, got = page.record.encoding, page.reading.encoding
    wanted = whatwg_name(said or "")
    if said == "utf-16":
        yield _point(page, "encoding", "encoding", said, got, right=got in {"utf-16le", "utf-16be"})
    elif wanted is not None:
        yield _point(page, "encoding", "encoding", wanted, got)


def _newest(page: Page) -> Iterator[Point]:
    """The newest date, and that it is not of a day to come."""
    record, got = page.record, page.reading.newest_date
    wanted = newest_label(page)
    pattern = newest_by_pattern(page.body, page.reading.encoding, record.captured)
    point = _point(page, f"{record.kind} newest", "newest", wanted, got)
    yield replace(point, baseline=pattern == wanted)
    limit = record.captured.isoformat()
    yield _point(page, "not of a day to come", "future", f"at most {limit}", got, right=got is None or got <= limit)


def newest_label(page: Page) -> str | None:
    """The newest date as labelled, the addresses' where no other is shown."""
    labels = page.record.labels
    return labels["newest_date"] or labels.get("url_newest_date")


def _state(page: Page, wanted: State | None) -> Point:
    """The state; None stands for any ordinary one. A third state is right only as itself."""
    got = page.reading.state
    if wanted is None or wanted in ORDINARY:
        return _point(page, "ordinary pages are called so", "state", "ordinary", got, right=got in ORDINARY)
    group = wanted.value if wanted in {State.BLANK, State.SHELL} else "third states"
    return _point(page, group, "state", wanted.value, got.value)


def _list(page: Page) -> Iterator[Point]:
    labels = page.record.labels
    wanted = State.BLANK if labels.get("blank") else State.SHELL if labels.get("js_rendered") else State.LISTED
    yield _state(page, wanted)
    yield from _newest(page)
    if wanted is State.LISTED:
        yield _point(page, "list found", "found", State.LISTED.value, page.reading.state.value)
        count = len(page.reading.items)
        near = abs(count - labels["items"]) <= NEAR * labels["items"]
        yield _point(page, "list count", "count", labels["items"], count, right=near)
    yield from _marks(page, labels.get("footer") or {})


def _home(page: Page) -> Iterator[Point]:
    yield _state(page, None)
    yield from _newest(page)
    yield from _marks(page, page.record.labels)


def _marks(page: Page, labels: Mapping[str, Any]) -> Iterator[Point]:
    for name, field in MARKS.items():
        if name in labels:
            wanted, got = labels[name], getattr(page.reading.marks, field)
            wanted = bool(wanted) if isinstance(got, bool) else wanted and "".join(wanted.split())
            yield _point(page, f"{page.record.kind} mark {name}", name, wanted, got)


def _article(page: Page) -> Iterator[Point]:
    article, labels = page.reading.article, page.record.labels
    yield _state(page, None)
    published = (article.published if article else None) or ""
    yield _point(page, "article published", "published", (labels["published"] or "")[:16], published[:16])
    yield _point(page, "article title", "title", _bare(labels["title"]), _bare(article.title if article else None))
    yield _point(page, "article source", "source", labels["source"], article.source if article else None)


def _odd(page: Page) -> Iterator[Point]:
    wanted = STATES.get(page.record.labels["why"])
    if wanted is State.BLANK and not visible_text(page.body, page.reading.encoding).strip():
        wanted = State.UNREADABLE  # "an empty body is unreadable": nothing is stated, so nothing is proven
    yield _state(page, wanted)


def _feed(page: Page) -> Iterator[Point]:
    entries = page.record.labels["entries"]
    if entries:
        yield _state(page, None)
    yield _point(page, "feed count", "count", entries, len(page.reading.entries))
    yield _point(page, "feed newest", "newest", _feed_day(page.record.labels["newest"]), page.reading.newest_date)


def is_tampered(record: Record) -> bool:
    """True for what the README of the corpus calls tampered; all others are clean."""
    return bool(record.labels.get("injected_script")) or record.labels.get("why") in {
        "hidden_spam_links",
        "injected_script",
    }


def _tamper(page: Page) -> Point:
    """Suspicion is asked of every page. A mirror that renamed the site excuses what is said of a clean page's title alone."""
    tampered, found = is_tampered(page.record), page.reading.tamper
    excused = [one for one in found if not tampered and "mirror" in page.record.notes and _of_title(one, page.reading)]
    counted = [f"{one.why}: {one.excerpt[:80]}" for one in found if one not in excused]
    group = "tampered pages suspected" if tampered else "clean pages not suspected"
    wanted, got = "suspicion" if tampered else "none", "; ".join(counted) or "none"
    point = _point(page, group, "tamper", wanted, got, right=bool(counted) is tampered)
    words = "; ".join(f"{one.why}: {one.excerpt[:80]}" for one in excused)
    return replace(point, excused=words and f"title rewritten by a mirror: {words}")


def _of_title(suspicion: Suspicion, reading: Reading) -> bool:
    """True when the excerpt is the page's title, or a part of it."""
    title, excerpt = _bare(reading.title), _bare(suspicion.excerpt)
    return bool(title and excerpt) and (excerpt in title or title in excerpt)


def _bare(text: str | None) -> str:
    return "".join((text or "").split())


def _feed_day(label: str | None) -> str | None:
    """The day in Shanghai of an instant as labelled; without a zone it is Shanghai's own."""
    if label is None or len(label) == 10:
        return label
    instant = datetime.fromisoformat(label)
    return (instant.astimezone(SHANGHAI) if instant.tzinfo else instant).date().isoformat()
