"""Years and months printed above lists whose dates have none: headings, captions, dividers.

Reads texts of a Document; gives which of them is the year of what stands below. A row of years to choose from is none, and
a title that begins with a year is none.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise

from monitor.read.dates import read_day
from monitor.read.fragments import fragment_kind
from monitor.read.html import Node

Heading = tuple[Node, int]
"""The text and its year."""

_YEAR = re.compile(r"\W?(?:year\s)?((?:19|20)\d\d)\s?年?度?(?:\s?\d{1,2}月)?份?\W?", re.IGNORECASE)
_NUMERALS = re.compile(r"\W?二([〇零○]一|[〇零○]二|[〇零○][〇零○])([〇零○一二三四五六七八九])年度?\W?")
_BEGINS = re.compile(r"\W?((?:19|20)\d\d)年")
_DIGITS = "〇一二三四五六七八九"
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend"})
LONGEST = 20  # characters of a heading that begins with a year
_MONTH = re.compile(r"\W?((?:19|20)\d\d)\s?(?:年\s?(0?[1-9]|1[0-2])\s?月份?|[-/.]\s?(0?[1-9]|1[0-2]))\W?")
_MONTH_LENGTH = 12  # characters of such a heading
_DAY_LENGTH = 6  # characters of a day below it: [20日]
_LAST_DAY = 31


@dataclass(slots=True)
class DayBelow:
    """A day whose month stands above its list; `index` is that of its text, `raw` what both print."""

    index: int
    date: str
    raw: str


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


def days_below(places: list[tuple[int, Node]], today: date) -> tuple[list[DayBelow], set[int]]:
    """The days below headings of year and month (2023年7月, 20日), and the indexes of all texts they are made of.

    None when the numbers may be others: of rows, counters (they do not go down), a calendar (side by side), parts of one
    row's date (one to each month).
    """
    heads = [
        (at, node, match)
        for at, node in places
        if len(node.text) <= _MONTH_LENGTH and (match := _MONTH.fullmatch(node.text)) is not None and not _in_link(node)
    ]
    months = [(int(match[1]), int(match[2] or match[3])) for _, _, match in heads]
    if not heads or len(set(months)) < len(heads) or any(two[0] - one[0] == 1 for one, two in pairwise(heads)):
        return [], set()
    groups = _numbers_below([node for _, node, _ in heads], places)
    if not any(len(group) > 1 for group in groups.values()) or not all(map(_go_down, groups.values())):
        return [], set()
    found: list[DayBelow] = []
    for number, group in groups.items():
        for node, day in group:
            value = read_day(*months[number], day, today)
            if value is not None:
                found.append(DayBelow(node.index, value, f"{heads[number][1].text} {node.text}"))
    return found, {node.index for _, node, _ in heads} | {node.index for group in groups.values() for node, _ in group}


def _numbers_below(heads: list[Node], places: list[tuple[int, Node]]) -> dict[int, list[tuple[Node, int]]]:
    """Texts that may be days, by the number of the heading whose block holds them; those side by side are none."""
    places = [(at, node) for at, node in places if len(node.text) <= _DAY_LENGTH]
    kinds = {at: (node, kind) for at, node in places if (kind := fragment_kind(node.text)) and kind[0] in {"d", "n"}}
    starts = [node.index for node in heads]
    found: defaultdict[int, list[tuple[Node, int]]] = defaultdict(list)
    for at, (node, (_, text)) in kinds.items():
        number = bisect_right(starts, node.index) - 1
        if number < 0 or at - 1 in kinds or at + 1 in kinds or _in_link(node):
            continue
        if any(node.index < block.end for block in islice(heads[number].up(), 1, 4)):
            found[number].append((node, int("".join(filter(str.isdecimal, text)))))
    return found


def _go_down(group: list[tuple[Node, int]]) -> bool:
    days = [day for _, day in group]
    return all(0 < day <= _LAST_DAY for day in days) and all(one >= two for one, two in pairwise(days))


def _in_link(node: Node) -> bool:
    return any(up.tag == "a" for up in islice(node.up(), 3))


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
