"""For whom a report is written, and what its tables are made of: headings, lines out of rows, cells out of values. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.model import Text, say
from monitor.render import duration, translate
from monitor.report.table import Cell

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom: the language, when it is read, and what kinds of declarations are called there."""

    language: str
    now: datetime
    kinds: Mapping[str, Text]

    def say(self, text: Text) -> str:
        """In the reader's language."""
        return translate(text, self.language)

    def word(self, words: Mapping[str, Text], value: object) -> str:
        """A closed word as people say it."""
        return self.say(words[str(value)]) if str(value) in words else str(value or "")

    def limit(self, limit: str) -> str:
        """A limit as people say it: 30天."""
        return self.say(say("{limit}", limit=limit))

    def span(self, length: timedelta) -> str:
        """3天4小时; 3d 4h."""
        told = duration(length, self.language)
        return told.replace(" ", "") if self.language.startswith("zh") else told


@dataclass(frozen=True, slots=True)
class Lines:
    """One table of a sheet: its headings, the lines a row of the ledger makes, and which columns are numbers."""

    name: Text
    headings: tuple[Text, ...]
    lines: Callable[[Row, Reader], Iterator[tuple[Cell, ...]]]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a ledger looks like."""

    title: Text
    tables: tuple[Lines, ...]
    notes: tuple[Text, ...] = ()
    is_of_time: bool = True


def instant(value: object) -> datetime | None:
    """One of a row."""
    return datetime.fromisoformat(str(value)) if value else None


def as_told(value: object) -> Cell:
    """An instant or a day as people filed it; other words as they are."""
    words = str(value or "")
    try:
        told = datetime.fromisoformat(words)
    except ValueError:
        return words or None
    return told if told.tzinfo is not None else words


def day(value: object) -> date | None:
    """A day of a row."""
    return date.fromisoformat(str(value)) if value else None
