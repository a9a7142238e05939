"""A table file as lines of texts, whatever it was saved as: `read_grid` takes the bytes, the name only tells of a sheet.

Pure. Numbers, dates and switches come as people see them written. What cannot be used at all is Unusable, in words; what is
wrong with one cell waits there until somebody needs that cell.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.model import Text, say

LARGEST = 64 << 20
"""Bytes of a file. 100,000 rows of a filing system take about 10 MB as XLSX, 20 as CSV."""
MOST_ROWS = 200_000
"""Rows with something in them; a country's columns come from `discover` and stand in CSV files of the inventory."""
MOST_COLUMNS = 200
EVERY = 5_000
"""Rows after which progress is told."""

Progress = Callable[[int], None]
"""Told how many rows are read."""


class Unusable(Exception):
    """The file as a whole cannot be read; `words` say why, `advice` what to do."""

    def __init__(self, words: Text, advice: Text | None = None) -> None:
        super().__init__(str(words))
        self.words = words
        self.advice = advice


class Line(NamedTuple):
    """A row of the sheet: its number from 1, its texts from column A on, and per column (from 0) what is wrong with the cell."""

    number: int
    cells: list[str]
    faults: Mapping[int, Text] = {}


@dataclass(slots=True)
class Grid:
    """The lines that are not empty. `sheet` is "" for a CSV file; `hidden` rows with something in them were left out.

    `others` are visible sheets that were not read, `veiled` hidden ones.
    """

    sheet: str = ""
    lines: list[Line] = field(default_factory=list)
    hidden: int = 0
    others: tuple[str, ...] = ()
    veiled: tuple[str, ...] = ()


class Wrong(NamedTuple):
    """What is wrong at a place: row and column (from 0) where there is one, the column's heading, and what to do."""

    row: int | None
    column: int | None
    heading: str
    words: Text
    advice: Text | None = None

    @property
    def cell(self) -> str:
        """C12, or 12 when it is about the whole row."""
        return f"{letters(self.column) if self.column is not None else ''}{'' if self.row is None else self.row}"


def letters(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    name, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def plain(text: str) -> str:
    """A cell's text without the line breaks and wide blanks that tables are laid out with."""
    seen = text if text.isascii() else text.translate(_UNSEEN)
    return " ".join(seen.split())


_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
"""Signs nobody sees, which pages and programs leave in what is copied from them."""


def near(word: str, known: Iterable[str]) -> Text | None:
    """The nearest of the words, as a question."""
    found = difflib.get_close_matches(word, [one for one in known if one], n=1, cutoff=0.6)
    return say('did you mean "{text}"?', text=found[0]) if found else None


def too_many() -> Unusable:
    """More rows than are read."""
    return Unusable(say("has more than {n} rows", n=f"{MOST_ROWS:,}"), say("split the file"))


def no_header(grid: Grid, advice: Text) -> Unusable:
    """No line of it names the columns; where the workbook has other sheets, it may be one of them."""
    if not grid.others:
        return Unusable(say("has no line that names the columns"), advice)
    words = say(
        "has no line that names the columns in its sheet “{sheet}”; it has other sheets too, one of them is read with --sheet: {names}",
        sheet=grid.sheet,
        names=", ".join(grid.others)[:300],
    )
    return Unusable(words, advice)


def unread(grid: Grid) -> Iterator[Text]:
    """The sheets beside the one that is read."""
    if grid.others:
        yield say("only one sheet is read; not this: {what}", what=", ".join(grid.others)[:300])
    if grid.veiled:
        yield say("hidden sheets left out: {what}", what=", ".join(grid.veiled)[:300])


def check_size(data: bytes) -> None:
    """Raises Unusable for a file that is empty or too large."""
    if not data.strip(b"\0 \t\r\n"):
        raise Unusable(say("is empty"))
    if len(data) > LARGEST:
        raise Unusable(say("is larger than {n} MB", n=LARGEST >> 20), say("split the file"))
