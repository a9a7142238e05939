"""Lists whose titles are no links: registers of penalties and permits, letters with their answers, rows that a script opens.

Reads a Document and the dates it shows; gives Regions as `rows` does, found by the repeated blocks alone. Asked only of a page
whose links and dates make no list. What a row leads to is its link 查看, or where a click on it goes.
"""

from bisect import bisect_left
from itertools import islice
from operator import attrgetter

from monitor.read.carried import click
from monitor.read.html import Document, Node
from monitor.read.links import is_pseudo
from monitor.read.rows import Anchor, Region, find_regions
from monitor.read.stamps import Stamp

LEAST_ROWS = 3  # dated blocks; two are a clock and a notice
LEAST_TITLE = 6  # characters; shorter cells are numbers, names of columns and states
_place = attrgetter("index")


def linkless(document: Document, cells: list[Stamp]) -> list[Region]:
    """Such lists; none when the page shows fewer dates than a list has."""
    if len(cells) < LEAST_ROWS:
        return []
    found = find_regions(document, _titles(document, cells), cells, dated=True)
    kept = [one for one in found if one.dated >= LEAST_ROWS]
    for region in kept:
        for row in region.rows:
            row.anchor.href = leads_to(document.nodes[row.start : row.end])
    return kept


def _titles(document: Document, cells: list[Stamp]) -> list[Anchor]:
    """The longest text of each table row and list item that holds a date, and every other text long enough."""
    dates = {cell.index for cell in cells}
    places = sorted(dates)
    best: dict[int, Anchor] = {}
    for node in document.texts:
        if len(node.text) < LEAST_TITLE or node.index in dates or node.parent is None:
            continue
        row = next((up for up in islice(node.up(), 6) if up.tag in {"tr", "li"}), node)
        if row is not node and bisect_left(places, row.end) == bisect_left(places, row.index):
            continue
        known = best.get(row.index)
        if known is None or len(node.text) > len(known.title):
            best[row.index] = Anchor(node.index, node, "", node.text)
    return sorted(best.values(), key=_place)


def leads_to(row: list[Node]) -> str:
    """The address of the row's first link, or where the first click on a part of it goes; "" when there is neither."""
    for node in row:
        href = node.get("href") if node.tag == "a" else ""
        if href and not is_pseudo(href):
            return href
        clicked = click(node.get("onclick")) if "onclick" in node.attrs else None
        if clicked:
            return clicked
    return ""
