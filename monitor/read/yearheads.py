"""Years printed above lists whose dates have none: headings, captions, dividers.

Reads texts of a Document; gives which of them is the year of what stands below. A row of years to choose from is none, and
a title that begins with a year is none.
"""

import re
from itertools import islice

from monitor.read.html import Node

Heading = tuple[Node, int]
"""The text and its year."""

_YEAR = re.compile(r"\W?(?:year\s)?((?:19|20)\d\d)\s?年?度?(?:\s?\d{1,2}月)?份?\W?", re.IGNORECASE)
_NUMERALS = re.compile(r"\W?二([〇零○]一|[〇零○]二|[〇零○][〇零○])([〇零○一二三四五六七八九])年度?\W?")
_BEGINS = re.compile(r"\W?((?:19|20)\d\d)年")
_DIGITS = "〇一二三四五六七八九"
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend"})
LONGEST = 20  # characters of a heading that begins with a year


def year_headings(places: list[tuple[int, Node]]) -> list[Heading]:
    """Those of the texts (each with its number among all texts) that are a year above something."""
    found = [(at, node, year) for at, node in places if len(node.text) <= LONGEST and (year := _year(node)) is not None]
    numbers = {at for at, _, _ in found}
    return [(node, year) for at, node, year in found if at - 1 not in numbers and at + 1 not in numbers]


def year_of(node: Node, headings: list[Heading]) -> int | None:
    """The year of the last heading above whose block holds the node."""
    above = next((one for one in reversed(headings) if one[0].index < node.index), None)
    if above is None:
        return None
    blocks = islice(above[0].up(), 1, 4)
    return above[1] if any(node.index < block.end for block in blocks) else None


def _year(node: Node) -> int | None:
    text = node.text
    if text[0] not in "12二yY" and text[0].isalnum():
        return None
    match = _YEAR.fullmatch(text)
    if match is not None:
        return int(match[1])
    numerals = _NUMERALS.fullmatch(text)
    if numerals is not None:
        tens, ones = numerals[1][1], numerals[2]
        return 2000 + 10 * max(0, _DIGITS.find(tens)) + max(0, _DIGITS.find(ones))
    match = _BEGINS.match(text)
    near = list(islice(node.up(), 3))
    if match is None or any(up.tag == "a" for up in near) or not any(up.tag in _HEADS for up in near[:2]):
        return None
    return int(match[1])
