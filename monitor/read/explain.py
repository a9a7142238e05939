"""Why a page was read as it was, in lines for a person: `zhishou read --explain`.

Reads a Reading and its Trace; gives text. Shows the state's evidence, the encoding's, the list region chosen and why,
the runners-up, and each item's date with the text it came from.
"""

from collections.abc import Iterator

from monitor.model import Reading
from monitor.read.listing import Listing, describe
from monitor.read.page import Trace
from monitor.read.rows import Region

RUNNERS_UP = 5
TITLE = 40  # characters of a title shown


def explain(reading: Reading, trace: Trace) -> str:
    """All reasons, one per line."""
    return "\n".join(_lines(reading, trace))


def _lines(reading: Reading, trace: Trace) -> Iterator[str]:
    yield f"state {reading.state}: {trace.why}"
    if trace.decoded is not None:
        said = f", the page declares {trace.decoded.declared}" if trace.decoded.contradicts else ""
        yield f"encoding {trace.decoded.encoding} by {trace.decoded.why}{said}"
    if reading.newest_date:
        yield f"newest date {reading.newest_date} ({reading.newest_precision})"
    yield from _regions(trace.listing)
    for item, raw in zip(trace.listing.items, trace.listing.raws, strict=False):
        source = f"{item.date_from} {raw!r}" if item.date else "no date"
        yield f"  {item.date or '-':<10}  {item.title[:TITLE]}  [{source}]"
    for entry in reading.entries:
        yield f"  {entry.published or '-':<25}  {(entry.title or '')[:TITLE]}"
    for suspicion in reading.tamper:
        yield f"tamper: {suspicion.why}: {suspicion.excerpt[:TITLE]}"


def _regions(listing: Listing) -> Iterator[str]:
    for region in listing.chosen:
        yield _region("list", region)
    for region in listing.others[:RUNNERS_UP]:
        yield _region("not the list", region)


def _region(name: str, region: Region) -> str:
    return f"{name}: {describe(region)} (score {region.score:.0f}): {'; '.join(region.why)}"
