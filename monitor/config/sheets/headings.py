"""Which line of a grid names the columns, and which of our fields stands in which.

Pure. A heading is known by its words alone: blanks, brackets and stars around it do not matter. Lines above it (a title, a date)
are passed over. Of two columns for one field the one named earlier among the field's titles counts.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.config.sheets.grid import Grid, Line, Unusable, Wrong, near, no_header
from monitor.model import Text, say

SEARCHED = 30
"""Lines among which the one that names the columns is looked for."""
EXAMPLE = "示例："
"""What the name of a template's example begins with: such a row is left out."""

_AROUND = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]|[\s*＊:：、]+")


class Field(NamedTuple):
    """One of our columns and the titles it goes by, the best first; `note` says in a template what to write."""

    key: str
    titles: tuple[str, ...]
    note: str = ""
    example: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns are: per key the column (from 0) and its heading as written. `unused` headings mean nothing to us."""

    line: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    unused: tuple[str, ...]

    def wrong(self, row: int | None, key: str, words: Text, advice: Text | None = None) -> Wrong:
        """Something is wrong with that field of the row."""
        return Wrong(row, self.columns.get(key), self.titles.get(key, ""), words, advice)


class Record(NamedTuple):
    """A row by our keys: empty cells are left out."""

    row: int
    cells: dict[str, str]


def normal(title: str) -> str:
    """A heading without what is put around it."""
    return _AROUND.sub("", unicodedata.normalize("NFKC", title)).lower()


def find_header(grid: Grid, fields: Sequence[Field]) -> Header:
    """The line that names the columns; raises Unusable when none names two of the fields."""
    known = {normal(title) for field in fields for title in field.titles}
    best = max(
        grid.lines[:SEARCHED],
        key=lambda line: (len({normal(cell) for cell in line.cells} & known), -line.number),
        default=None,
    )
    if best is None or len({normal(cell) for cell in best.cells} & known) < 2:
        wanted = "、".join(field.titles[0] for field in fields if field.required)
        raise no_header(grid, say("expected are: {titles}", titles=wanted))
    return _header(best, fields)


def missing(header: Header, fields: Iterable[Field]) -> Iterator[Wrong]:
    """A problem for each required field without a column."""
    for field in fields:
        if field.required and field.key not in header.columns:
            words = say('the column "{title}" is missing', title=field.titles[0])
            yield Wrong(header.line, None, "", words, near(field.titles[0], header.unused))


def records(grid: Grid, header: Header) -> tuple[list[Record], list[Wrong], int]:
    """The rows below, what is wrong with cells that are needed, and how many examples of a template were left out."""
    found: list[Record] = []
    wrong: list[Wrong] = []
    examples = 0
    for line in grid.lines:
        if line.number <= header.line or not _has_something(line, header):
            continue
        cells = {key: line.cells[n] for key, n in header.columns.items() if n < len(line.cells) and line.cells[n]}
        if any(text.startswith(EXAMPLE) for text in cells.values()):
            examples += 1
            continue
        for key, column in header.columns.items():
            if column in line.faults:
                wrong.append(header.wrong(line.number, key, line.faults[column]))
                cells.pop(key, None)
        found.append(Record(line.number, cells))
    return found, wrong, examples


def absent(header: Header, found: Iterable[Record], fields: Sequence[Field], told: Iterable[Wrong]) -> Iterator[Wrong]:
    """A problem for each required cell that is empty, unless something was said of it."""
    required = [field.key for field in fields if field.required and field.key in header.columns]
    said = {(one.row, one.column) for one in told}
    for record in found:
        for key in required:
            if key not in record.cells and (record.row, header.columns[key]) not in said:
                yield header.wrong(record.row, key, say("is empty"), say("it has to be filled in"))


def _has_something(line: Line, header: Header) -> bool:
    return any((n < len(line.cells) and line.cells[n]) or n in line.faults for n in header.columns.values())


def _header(line: Line, fields: Sequence[Field]) -> Header:
    places: dict[str, int] = {}
    for column, cell in enumerate(line.cells):
        if cell and places.setdefault(normal(cell), column) != column:
            twice = say('the column "{title}" is there twice', title=cell)
            if any(normal(cell) == normal(title) for field in fields for title in field.titles):
                raise Unusable(twice, say("take one of them out, or give it another heading"))
    columns: dict[str, int] = {}
    for field in fields:
        named = [places[normal(title)] for title in field.titles if normal(title) in places]
        if named and named[0] not in columns.values():
            columns[field.key] = named[0]
    titles = {key: line.cells[column] for key, column in columns.items()}
    used = set(columns.values())
    unused = tuple(cell for column, cell in enumerate(line.cells) if cell and column not in used)
    return Header(line.number, columns, titles, unused)
