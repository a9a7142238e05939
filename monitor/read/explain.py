"""Why a page was read as it was, in lines for a person: `zhishou read --explain`.

Reads a Reading and its Trace; gives text. Shows the state's evidence, the encoding's, the item that decides the newest date,
the list region chosen and why, the runners-up, and each item's date with the text it came from and the dates beside it that
were not taken. What the page says is shown without control characters. Decides nothing.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

from monitor.model import Item, Marks, Reading
from monitor.read.gathered import Gathered
from monitor.read.html import Document
from monitor.read.landmarks import heading_of
from monitor.read.listing import WITH_YEAR, Listing, describe
from monitor.read.page import Trace
from monitor.read.rows import Region, Row
from monitor.read.stamps import Stamp, find_stamps

RUNNERS_UP = 5
REFUSED = 5  # dates after the day of capture that are shown
TITLE = 40  # characters of a title shown
SOURCE = 80  # characters of a date's source text shown
_KINDS = {
    "other": "labelled as a date of something else",
    "written": "the day of writing",
    "published": "labelled as published",
    "": "beside it",
}


def explain(reading: Reading, trace: Trace) -> str:
    """All reasons, one per line."""
    return "\n".join(_lines(reading, trace))


def clean(text: str | None, longest: int = TITLE) -> str:
    """What a page says, in one line for a terminal: cut, and whatever would steer the terminal taken out."""
    return "".join(sign if sign.isprintable() else " " for sign in (text or "")[:longest])


def _lines(reading: Reading, trace: Trace) -> Iterator[str]:
    listing = trace.listing
    yield f"state {reading.state}: {clean(trace.why, 2 * SOURCE)}"
    if trace.decoded is not None:
        said = f", the page declares {clean(trace.decoded.declared)}" if trace.decoded.contradicts else ""
        yield f"encoding {trace.decoded.encoding} by {trace.decoded.why}{said}"
    yield from (f"to be read instead: {clean(url, 2 * SOURCE)}" for url in reading.needs)
    yield _newest(reading, listing)
    yield from _regions(listing, trace.page)
    if listing.items and not reading.items:
        yield f"what follows is not taken for the page's list, for it is {reading.state}"
    yield from _items(listing)
    yield from _refused(trace.page)
    yield from _rest(reading)


def _rest(reading: Reading) -> Iterator[str]:
    """What stands on a page beside a list."""
    for entry in reading.entries:
        yield f"  {entry.published or '-':<25}  {clean(entry.title)}"
    article = reading.article
    if article is not None:
        yield f"article {clean(article.title)!r}, published {article.published or '-'}, source {clean(article.source) or '-'}"
    marks = [f"{name} {value}" for name, value in _marks(reading.marks)]
    if marks:
        yield f"marks: {', '.join(marks)}"
    for suspicion in reading.tamper:
        yield f"tamper: {clean(suspicion.why, SOURCE)}: {clean(suspicion.excerpt, SOURCE)}"


def _marks(marks: Marks) -> Iterator[tuple[str, str]]:
    for name in Marks.__dataclass_fields__:
        value = getattr(marks, name)
        if value:
            yield name, "yes" if value is True else clean(str(value))


def _newest(reading: Reading, listing: Listing) -> str:
    """The newest date and the first item that shows it, or why there is none."""
    if reading.newest_date is None:
        if reading.ahead:
            return "no newest date: what the list prints lies after the day of capture"
        undated = listing.found and bool(reading.items) and not listing.dated
        return "no newest date" + (": no row shows one to believe" if undated else "")
    text = f"newest date {reading.newest_date} ({reading.newest_precision})"
    deciding = [at for at, item in enumerate(listing.items) if item.date == reading.newest_date]
    if not deciding:
        return text
    more = f", and of {len(deciding) - 1} more" if len(deciding) > 1 else ""
    return (
        f"{text}: of item {deciding[0] + 1} of {len(listing.items)}, {clean(listing.items[deciding[0]].title)!r}{more}"
    )


def _regions(listing: Listing, page: Gathered | None) -> Iterator[str]:
    """The blocks taken, then the heaviest of those that were not, each with its reasons."""
    document = page.document if page is not None else None
    best = max((region.score for region in listing.chosen), default=0.0)
    for region in listing.chosen:
        rank = (
            ""
            if region.score >= best
            else f"; with the heaviest ({best:.0f}): one template, or one block of a home page"
        )
        yield f"{_region('list', region, document)}{rank}"
    for region in listing.others[:RUNNERS_UP]:
        yield f"{_region('not the list', region, document)}; {_why_not(region, best)}"
    if len(listing.others) > RUNNERS_UP:
        yield f"not the list: {len(listing.others) - RUNNERS_UP} more"


def _region(name: str, region: Region, document: Document | None) -> str:
    heading = clean(heading_of(document, region.container.index)) if document is not None else ""
    under = f" under {heading!r}" if heading else ""
    first = clean(region.rows[0].anchor.title, TITLE // 2) if region.rows else ""
    reasons = clean("; ".join(region.why), 4 * SOURCE)
    place = clean(describe(region), 2 * SOURCE)
    return f"{name}: {place}{under} (score {region.score:.0f}, by {region.mode}): {reasons}; begins with {first!r}"


def _why_not(region: Region, best: float) -> str:
    if region.announced_aside:
        return "left out by its heading"
    if region.score < best:
        return f"lighter than {best:.0f}"
    return "the list was taken from elsewhere"


def _items(listing: Listing) -> Iterator[str]:
    for item, raw, row in zip_longest(listing.items, listing.raws, listing.rows):
        if item is None:
            return
        source = f"{item.date_from} {clean(raw, SOURCE)!r}" if item.date else "no date"
        yield f"  {item.date or '-':<10}  {clean(item.title)}  [{source}]"
        if row is not None:
            yield from _beside(item, raw, _within(listing.stamps, row))


def _within(stamps: list[Stamp], row: Row) -> list[Stamp]:
    """The dates a row prints, those of other things too."""
    first, last = (bisect_left(stamps, at, key=lambda stamp: stamp.index) for at in (row.start, row.end))
    return stamps[first:last]


def _beside(item: Item, raw: str | None, stamps: list[Stamp]) -> Iterator[str]:
    """The other dates of its row, and why they are not its date."""
    taken = item.date is None
    for stamp in stamps:
        if not taken and stamp.raw == raw:
            taken = True
        else:
            yield f"{'':<14}not taken: {stamp.date} [{stamp.source} {clean(stamp.raw, SOURCE)!r}], {_KINDS[stamp.label]}"


def _refused(page: Gathered | None) -> Iterator[str]:
    """Dates with a year that the page prints and that lie after the day of capture."""
    if page is None:
        return
    late = _later(page.document, page.today)
    for stamp in late[:REFUSED]:
        yield f"not believed: {stamp.date} [{stamp.source} {clean(stamp.raw, SOURCE)!r}], after {page.today:%Y-%m-%d}"
    if len(late) > REFUSED:
        yield f"not believed: {len(late) - REFUSED} more"


def _later(document: Document, today: date) -> list[Stamp]:
    limit = f"{today:%Y-%m-%d}"
    return [one for one in find_stamps(document, date.max) if one.form in WITH_YEAR and one.date[:10] > limit]
