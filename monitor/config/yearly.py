"""A year of [calendar] file that is right as written and hardly meant: warned of with its line, taken as it stands.

Pure; notes warnings in the document. What the law fixes is 全国年节及纪念日放假办法 (2024): 1 January, 1 and 2 May, 1 to 3 October.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from monitor.config.document import Document
from monitor.config.places import Path as Place
from monitor.model import Text, say

Builtin = Callable[[date], bool | None]
"""Whether offices work on a day by the calendar of the program; None where it does not reach."""

SATURDAY = 5
LONGEST = 10
"""Days of the longest holiday there may be: nine was the longest yet (Spring Festival 2026)."""
FEW = 4  # days named of many
_DAY = timedelta(days=1)
_FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))  # the second of May only since 2025
_JULY = 7


class Span(NamedTuple):
    """One entry: where it stands (year, key, number), its first and its last day."""

    place: Place
    first: date
    last: date

    @property
    def key(self) -> str:
        return str(self.place[1])

    def days(self) -> Iterator[date]:
        return days_between(self.first, self.last)


class Year(NamedTuple):
    """A year as read: `name` is its table, `spans` are its entries."""

    year: int
    name: str
    spans: tuple[Span, ...]

    def of(self, key: str) -> list[Span]:
        """The entries of `rest` or `work`."""
        return [span for span in self.spans if span.key == key]

    @property
    def rest(self) -> frozenset[date]:
        return frozenset(day for span in self.of("rest") for day in span.days())

    @property
    def work(self) -> frozenset[date]:
        return frozenset(day for span in self.of("work") for day in span.days())


def whole_year(year: int) -> Iterator[date]:
    """Every day of it."""
    return days_between(date(year, 1, 1), date(year, 12, 31))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    for n in range((last - first).days + 1):
        yield first + n * _DAY


def warn_year(found: Document, read: Year, days: Mapping[date, bool], builtin: Builtin) -> None:
    """All that is suspicious about a year without mistakes."""
    if any(builtin(day) is not None for day in days):
        _against(found, read, days, builtin)
        return
    _entries(found, read)
    if not read.work:
        hint = say("work = […] as the State Council's notice for {year} says", year=read.year)
        found.warn((read.name,), say("{year} has no weekend day that is worked (调休)", year=read.year), hint)
    if not any(day.month >= _JULY for day in read.rest):
        hint = say("add the days off of its second half, or the whole of it is taken for working days")
        found.warn((read.name,), say("{year} ends in June: no day off after it", year=read.year), hint)
        return
    missing = [day for month, one in _FIXED if (day := date(read.year, month, one)) not in read.rest]
    if missing:
        hint = say("1 January, 1 May and 1 to 3 October are off every year: add them to rest")
        said = say("holidays by law that are not among the days off: {days}", days=_some(missing))
        found.warn((read.name,), said, hint)


def _entries(found: Document, read: Year) -> None:
    for span in read.of("work"):
        for day in span.days():
            if day.weekday() < SATURDAY:
                said = say("{day} is no weekend day: offices work then anyway", day=day.isoformat())
                found.warn(span.place, said, say("leave it out"))
    for span in read.of("rest"):
        long = (span.last - span.first).days + 1
        if long > LONGEST:
            hint = say("no holiday is longer than {n} days: check both ends", n=LONGEST)
            found.warn(span.place, say("{n} days off in a row", n=long), hint)


def _against(found: Document, read: Year, days: Mapping[date, bool], builtin: Builtin) -> None:
    """A year that is built in: what the file says of it counts."""
    other = [day for day, works in days.items() if builtin(day) not in {None, works}]
    if not other:
        hint = say("leave the year out, and updates of the program reach it")
        found.warn((read.name,), say("{year} is built in and says the same", year=read.year), hint)
        return
    for span in read.spans:
        told = [day for day in span.days() if day in other]
        if told:
            off = say("by the built-in calendar {days} is a day off: the file counts", days=_some(told))
            worked = say("by the built-in calendar {days} is a working day: the file counts", days=_some(told))
            found.warn(span.place, off if span.key == "work" else worked, _CHECK)
    silent = sorted(set(other) - read.rest - read.work)
    if silent:
        said = say(
            "{year} is built in and says otherwise of {days}: the file counts", year=read.year, days=_some(silent)
        )
        found.warn((read.name,), said, _CHECK)


_CHECK = say("leave the year out unless your town keeps it otherwise")


def _some(days: list[date]) -> str | Text:
    named = ", ".join(day.isoformat() for day in days[:FEW])
    return say("{some} and {n} more", some=named, n=len(days) - FEW) if len(days) > FEW else named
