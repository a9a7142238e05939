"""A ledger as people read it: tables of typed cells with headings, out of which text, CSV, XLSX and HTML are written alike.

Pure. Cells are values, not words: instants stay instants, so that each format writes them as it can.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from monitor.clock import SHANGHAI

Cell = str | int | float | date | datetime | tuple[str, ...] | None
"""None: nothing to tell. Several lines are a tuple."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; numbers stand to the right."""

    heading: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. `name` tells it from the other tables of its report, in a few characters."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """Tables with what they are called, of which time, made when, and what is to be known of them."""

    title: str
    about: tuple[str, ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    language: str
    made_at: datetime


NOTHING = "–"


def words_of(cell: Cell) -> str:
    """A cell in words: 2026-11-20 09:30 by the clock of Beijing, 2026-11-20, lines below one another."""
    match cell:
        case None:
            return NOTHING
        case datetime():
            return f"{cell.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case tuple():
            return "\n".join(cell) or NOTHING
        case float():
            return f"{cell:.10g}"
        case _:
            return str(cell) or NOTHING


def is_when(cell: Cell) -> bool:
    """An instant or a day: not to be broken over two lines."""
    return isinstance(cell, date)


def width(words: str) -> int:
    """How many cells of a terminal or a sheet a line takes: Chinese signs take two."""
    wide = sum(unicodedata.east_asian_width(sign) in {"W", "F"} for sign in words)
    thin = sum(unicodedata.combining(sign) > 0 or unicodedata.category(sign) in {"Cf", "Mn"} for sign in words)
    return len(words) + wide - thin


def widest(words: str) -> int:
    """The width of its longest line."""
    return max(map(width, words.split("\n")))
