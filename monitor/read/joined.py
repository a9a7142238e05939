"""Dates whose parts stand in neighbouring texts of a small block, joined.

Reads the texts of a Document that may be parts; gives the day, where it begins, and which texts it is made of. What two bare
numbers mean is decided for the page as a whole: one that is above twelve is a day.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from monitor.read.fragments import SIGNS, Fragment, fragment_kind, join
from monitor.read.html import Node

PART_LENGTH = 16  # characters of the longest part: September, 2026
PARTS = 3  # of a day
_GAP = 2  # characters of a sign that stands alone between two parts

_Part = tuple[Node, Fragment]


@dataclass(slots=True)
class Joined:
    """A day made of several texts: `used` are their indexes, `raw` is what they print."""

    date: str
    form: str
    used: tuple[int, ...]
    raw: str


def joined_dates(texts: list[Node], places: list[tuple[int, Node]], today: date) -> list[Joined]:
    """All such days of a page; `texts` are all texts, `places` those that may be parts with their number among them."""
    short = [(at, node) for at, node in places if len(node.text) <= PART_LENGTH]
    parts = {at: (node, kind) for at, node in short if (kind := fragment_kind(node.text)) is not None}
    if len(parts) < 2:
        return []
    indexes = [node.index for node, _ in parts.values()]
    runs = {at: run for at in parts if len(run := list(_run(texts, parts, at, indexes))) > 1}
    order = _order([[kind for _, (_, kind) in run] for run in runs.values()])
    found: list[Joined] = []
    free = 0  # the first text no run has taken yet
    for at, run in runs.items():
        one = _first(run, today, order) if at >= free else None
        if one is not None:
            found.append(one[0])
            free = one[1]
    return found


def _run(texts: list[Node], parts: dict[int, _Part], at: int, indexes: list[int]) -> Iterator[tuple[int, _Part]]:
    """Parts that follow each other and share a small block, one more than a day has; a lone sign may stand between two."""
    first, count = parts[at][0], 0
    while count <= PARTS and at < len(texts):
        part = parts.get(at)
        if part is None:
            if len(texts[at].text) > _GAP or texts[at].text.strip(SIGNS + "年月日"):
                return
        elif not _near(first, part[0], indexes):
            return
        else:
            count += 1
            yield at, part
        at += 1


def _first(run: list[tuple[int, _Part]], today: date, order: bool | None) -> tuple[Joined, int] | None:
    """The day of its first three parts, else of two; and the number of the text behind it."""
    kinds = [kind for _, (_, (kind, _)) in run]
    for count in (PARTS, PARTS - 1):
        if len(run) < count or kinds[count - 1 : count + 1] == ["n", "n"]:
            continue  # the days of a calendar below its month
        value = join([kind for _, (_, kind) in run[:count]], today, day_first=order)
        if value is not None:
            nodes = [node for _, (node, _) in run[:count]]
            used = tuple(node.index for node in nodes)
            return Joined(value[0], value[1], used, " ".join(node.text for node in nodes)), run[count - 1][0] + 1
    return None


def _order(runs: list[list[Fragment]]) -> bool | None:
    """Whether two bare numbers before a year are day and month; None when the page does not show it."""
    pairs = [(int(run[0][1]), int(run[1][1])) for run in runs if [kind for kind, _ in run[:PARTS]] == ["n", "n", "y"]]
    day_first = any(one > 12 >= two for one, two in pairs)
    month_first = any(two > 12 >= one for one, two in pairs)
    return day_first if day_first != month_first else None


def _near(one: Node, other: Node, indexes: list[int]) -> bool:
    """True for parts in elements side by side, or in one block that holds nothing else of the kind.

    Else the month that ends one row and the number that begins the next would make a day.
    """
    if one.parent is None or other.parent is None:
        return False
    if one.parent is other.parent or one.parent.parent is other.parent.parent:
        return True
    for block in islice(one.up(), 4):
        if other.index < block.end:
            return bisect_left(indexes, block.end) - bisect_left(indexes, block.index) <= PARTS
    return False
