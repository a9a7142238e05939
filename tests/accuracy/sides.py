"""A page's visible text as lines in which the dates, the list and what is out of sight are told apart: the left side of the report.

Reads a Page; gives Lines of Pieces, all plain text. Escapes nothing and writes no markup: that is the template's.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.read.dates import find_dates
from monitor.read.gathered import Gathered
from monitor.read.html import Node
from monitor.read.listing import Listing
from monitor.read.stamps import LABELLED, Stamp
from tests.accuracy.scoring import Page

MAX_LINES = 400  # of a page outside its list
MAX_LIST_LINES = 1_000
MAX_LINE = 600  # characters
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption footer form h1 h2 h3 h4 h5 h6 header "
    "html legend li main marquee nav ol option p pre section select table tbody tfoot thead tr ul".split()
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line. `kind`: date (found), taken (the date of an item), hidden (out of sight) or plain."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on one line. `of_list` when it is inside a block chosen as the list."""

    pieces: tuple[Piece, ...]
    of_list: bool = False


def sides(page: Page) -> tuple[list[Line], int]:
    """The lines to show, and how many were left out."""
    gathered = page.trace.page
    lines = _source(page) if gathered is None else _lines(gathered, page.trace.listing)
    left = {True: MAX_LIST_LINES, False: MAX_LINES}
    shown, cut = [], 0
    for line in lines:
        left[line.of_list] -= 1
        if left[line.of_list] >= 0:
            shown.append(line)
        else:
            cut += 1
    return shown, cut


def _source(page: Page) -> Iterator[Line]:
    """What is no page of HTML (a feed, bytes), as it is written."""
    text = page.body.decode(page.reading.encoding or "utf-8", "replace")
    return (Line((Piece(line[:MAX_LINE]),)) for line in text.splitlines() if line.strip())


def _lines(page: Gathered, listing: Listing) -> Iterator[Line]:
    """A line for each run of texts in one block."""
    document = page.document
    breaks = [node.index for node in document.all("br", "hr")]
    pieces: list[Piece] = []
    last: tuple[Node | None, int, bool] = (None, 0, False)
    for node, kinds in _texts(page, listing):
        block = next((up for up in node.up() if up.tag in _BLOCKS), None)
        of_list = any(region.container.index <= node.index < region.container.end for region in listing.chosen)
        here = (block, bisect_left(breaks, node.index), of_list)
        if pieces and (here[0] is not last[0] or here[1:] != last[1:]):
            yield Line(tuple(pieces), last[2])
            pieces = []
        pieces.extend(kinds)
        last = here
    if pieces:
        yield Line(tuple(pieces), last[2])


def _texts(page: Gathered, listing: Listing) -> Iterator[tuple[Node, list[Piece]]]:
    """Every text with its pieces."""
    stamps = {stamp.index: stamp for stamp in page.stamps}
    taken = _taken(listing)
    rest = ""  # of a date that stands in several texts
    kind = "date"
    for node in page.document.texts:
        stamp = stamps.get(node.index)
        if node.index in page.hidden:
            yield node, [Piece(node.text[:MAX_LINE], "hidden")]
        elif stamp is not None:
            kind = "taken" if node.index in taken else "date"
            rest = stamp.raw[len(node.text) :].strip() if stamp.raw.startswith(node.text) else ""
            yield node, _around(node.text, stamp, kind)
        elif rest and rest.startswith(node.text):
            rest = rest[len(node.text) :].strip()
            yield node, [Piece(node.text, kind)]
        else:
            yield node, _marked(node.text[:MAX_LINE], page)


def _taken(listing: Listing) -> frozenset[int]:
    """Where the dates stand that became dates of items."""
    found = set()
    for row, raw in zip(listing.rows, listing.raws, strict=False):
        first, last = (bisect_left(listing.stamps, at, key=lambda stamp: stamp.index) for at in (row.start, row.end))
        found.update([stamp.index for stamp in listing.stamps[first:last] if stamp.raw == raw][:1])
    return frozenset(found)


def _around(text: str, stamp: Stamp, kind: str) -> list[Piece]:
    """A text that is a date, or holds one at an edge or behind a label."""
    at = text.find(stamp.raw)
    if at < 0 or stamp.place == LABELLED:
        return [Piece(text[:MAX_LINE], kind)]
    parts = [(text[:at], "plain"), (stamp.raw, kind), (text[at + len(stamp.raw) :], "plain")]
    return [Piece(part[:MAX_LINE], how) for part, how in parts if part]


def _marked(text: str, page: Gathered) -> list[Piece]:
    """A text with the dates in it, none of which counts."""
    pieces, at = [], 0
    for found in find_dates(text, page.today):
        if found.start >= at:
            pieces += [Piece(text[at : found.start]), Piece(text[found.start : found.end], "date")]
            at = found.end
    return [piece for piece in (*pieces, Piece(text[at:])) if piece.text]
