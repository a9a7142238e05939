"""XLSX as lines of texts: the first visible sheet that is not empty and not 说明, or the one named.

Pure over bytes, by openpyxl row by row and with the values formulas had when the file was saved. Hidden rows are left out and
counted; a value of cells merged downwards stands for all of them; a title merged over a table is a line like another.
"""

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook

from monitor.config.sheets.grid import (
    EVERY,
    MOST_COLUMNS,
    MOST_ROWS,
    Grid,
    Line,
    Progress,
    Unusable,
    near,
    plain,
    too_many,
)
from monitor.config.sheets.package import Layout, Merged, check_package, damaged, layout_of
from monitor.model import Text, say

NOTES_SHEET = "说明"
"""The sheet of a template with words on how to fill it in."""
LAST_ROW = 1_048_576
"""The last row Excel has."""
SURE = 10**15
"""Excel keeps 15 digits of a number."""

_ZEROS = re.compile(r"0{2,30}")
_HALF_SECOND = timedelta(milliseconds=500)


def read_workbook(data: bytes, sheet: str | None, progress: Progress) -> Grid:
    """The lines of that sheet; raises Unusable."""
    check_package(data)
    with warnings.catch_warnings():  # of what openpyxl leaves out: styles, extensions, dates that are none
        warnings.simplefilter("ignore")
        try:
            return _read(data, sheet, progress)
        except Unusable:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, EOFError, SyntaxError) as error:
            raise damaged() from error  # openpyxl names nothing of its own for XML that is not what it should be


def _read(data: bytes, wanted: str | None, progress: Progress) -> Grid:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in _sheets(book, wanted):
            grid = _lines(sheet, _layout(book, sheet), progress)
            if grid.lines or wanted is not None:
                rest = [one for one in book.worksheets if one is not sheet and not _is_notes(one)]
                grid.others = tuple(str(one.title) for one in rest if one.sheet_state == "visible" and wanted is None)
                grid.veiled = tuple(str(one.title) for one in rest if one.sheet_state != "visible")
                return grid
    finally:
        book.close()
    raise Unusable(say("has no sheet with anything in it"))


def _sheets(book: Any, wanted: str | None) -> list[Any]:
    if wanted is None:
        return sorted((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), key=_is_notes)
    found = [sheet for sheet in book.worksheets if plain(sheet.title) == plain(wanted)]
    if not found:
        names = [str(sheet.title) for sheet in book.worksheets]
        advice = near(wanted, names) or say("its sheets are: {names}", names=", ".join(names)[:300])
        raise Unusable(say('has no sheet "{name}"', name=wanted), advice)
    return found


def _is_notes(sheet: Any) -> bool:
    return plain(sheet.title) == NOTES_SHEET


def _layout(book: Any, sheet: Any) -> Layout:
    """What openpyxl does not tell of a sheet read row by row."""
    with book._archive.open(sheet._worksheet_path) as part:  # noqa: SLF001 - it names the part nowhere else
        return layout_of(part.read())


def _lines(sheet: Any, layout: Layout, progress: Progress) -> Grid:
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    grid, fill = Grid(str(sheet.title)), _Filled(layout.merged)
    void: Sequence[Any] | None = None  # one and the same row stands for all that a file leaves out, a million at worst
    for number, cells in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS), 1):
        if number % EVERY == 0:
            progress(number)
        line = Line(number, [], {}) if cells is void else _line(number, cells, layout)
        fill.down(line)
        if not any(line.cells) and not line.faults:
            void = cells
            continue
        if number in layout.hidden:
            grid.hidden += 1
        elif line.cells and line.cells[0].startswith("#"):
            continue
        elif len(grid.lines) >= MOST_ROWS:
            raise too_many()
        else:
            grid.lines.append(line)
    return grid


def _line(number: int, cells: Sequence[Any], layout: Layout) -> Line:
    texts: list[str] = []
    faults: dict[int, Text] = {}
    for column, cell in enumerate(cells):
        value = cell.value
        text = plain(value) if type(value) is str else ""
        if value is None:
            if (number, column) in layout.uncalculated:
                faults[column] = say("a formula that was never calculated: open the file in Excel and save it")
        elif type(value) is not str:
            text, fault = _written(cell, value)
            if fault is not None:
                faults[column] = fault
        elif cell.data_type == "e":
            text, faults[column] = "", say("the error {error} of a formula", error=value)
        texts.append(text)
    while texts and not texts[-1]:
        texts.pop()
    return Line(number, texts, faults)


def _written(cell: Any, value: object) -> tuple[str, Text | None]:
    """A number, date or switch as people see it, and what is wrong with it."""
    if isinstance(value, bool):
        return ("是" if value else "否"), None
    if isinstance(value, int | float):
        if abs(value) >= SURE:
            return "", say("a number of more than 15 digits, of which Excel keeps 15: make the cell a text")
        if float(value).is_integer():
            shown = str(cell.number_format)
            return str(int(value)).zfill(len(shown) if _ZEROS.fullmatch(shown) else 0), None
        return repr(value), None
    return _moment(value), None


def _moment(value: object) -> str:
    """A date, with its time when it is not midnight; Excel counts time in parts of a day, never quite exact."""
    if isinstance(value, datetime):
        near = (value + _HALF_SECOND).replace(microsecond=0)
        return f"{near:%Y-%m-%d}" if near.time() == time() else f"{near:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date | time):
        return value.isoformat()
    return plain(str(value))


class _Filled:
    """Cells merged downwards, filled with the value of the first while the rows go by."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        self._coming: Iterator[Merged] = iter(sorted(merged, key=lambda one: one.first))
        self._next = next(self._coming, None)
        self._now: dict[int, tuple[int, str]] = {}  # by column: last row, text

    def down(self, line: Line) -> None:
        """Fill the line; a row with nothing of its own stays empty."""
        number, cells, _ = line
        if cells:
            for column, (last, text) in self._now.items():
                if number <= last and text:
                    cells.extend([""] * (column + 1 - len(cells)))
                    cells[column] = cells[column] or text
        while self._next is not None and self._next.first <= number:
            column, _, last = self._next
            self._now[column] = (last, cells[column] if column < len(cells) else "")
            self._next = next(self._coming, None)
