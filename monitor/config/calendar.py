"""The working days of years that are not published yet, or that a town keeps otherwise: a file that overrides the calendar.

One table for each year: `rest` are days off, `work` the weekend days on which offices work (调休); dates, or spans
"2027-02-05..2027-02-11". In a year that stands here every other day goes by the weekday. Pure but for reading that file.
What is right as it stands and hardly meant is warned of (`yearly.py`).
"""

from collections.abc import Iterator, Mapping
from datetime import date

from monitor.config.document import Document, Surroundings, open_document
from monitor.config.places import Path as Place
from monitor.config.problems import did_you_mean
from monitor.config.settings import CalendarSettings
from monitor.config.yearly import SATURDAY, Builtin, Span, Year, warn_year, whole_year
from monitor.model import say

FIRST, LAST = 2004, 2199  # the package begins with 2004; nobody plans for later
_EXPECTED = say('write "2027-02-05" or "2027-02-05..2027-02-11"')


def read_workdays(
    document: Document, calendar: CalendarSettings, around: Surroundings, builtin: Builtin
) -> Mapping[date, bool]:
    """Every day of the years in the file, working or not; nothing where no file is named. Problems go to the report.

    `builtin` tells what the calendar of the program says of a day: a year in both is warned of.
    """
    if calendar.file is None:
        return {}
    path = around.folder / calendar.file
    if not path.is_file():
        document.add(
            ("calendar", "file"),
            say("there is no file {name}", name=str(calendar.file)),
            say(
                "looked for in {folder}; leave [calendar] file out while no year is to be told",
                folder=str(around.folder),
            ),
        )
        return {}
    found = open_document(path, str(calendar.file), document.report)
    days: dict[date, bool] = {}
    if found is not None and not found.table and not found.lost:
        found.warn((), say("no year is told: the file changes nothing"), say('one table for each year: ["2027"]'))
    for name, table in {} if found is None else found.table.items():
        assert found is not None
        days |= _year(found, name, table, builtin)
    return days


def _year(found: Document, name: str, table: object, builtin: Builtin) -> dict[date, bool]:
    if not (name.isascii() and name.isdecimal()) or not FIRST <= int(name) <= LAST:
        found.add((name,), say('"{name}" is not a year', name=name), say('one table for each year: ["2027"]'))
        return {}
    if not isinstance(table, dict):
        found.add(
            (name,),
            say('"{name}" is not a table', name=name),
            say('["{name}"] with rest = […] and work = […]', name=name),
        )
        return {}
    for key in table:
        if key not in {"rest", "work"}:
            found.add((name, key), say('unknown key "{key}"', key=key), did_you_mean(key, ("rest", "work")))
    year = int(name)
    before = len(found.report.problems)
    spans = [span for key in ("rest", "work") if key in table for span in _spans(found, (name, key), table[key], year)]
    read = Year(year, name, tuple(spans))
    _both(found, read)
    if not read.rest and not table.get("rest"):
        found.add(
            (name,),
            say("{year} has no days off", year=year),
            say("rest = […] as the State Council's notice for {year} says", year=year),
        )
    days = {day: (day.weekday() < SATURDAY or day in read.work) and day not in read.rest for day in whole_year(year)}
    if len(found.report.problems) == before:
        warn_year(found, read, days, builtin)
    return days


def _both(found: Document, read: Year) -> None:
    """Days that are said to be off and worked as well, each at the entry that says it is worked."""
    for span in read.of("work"):
        for day in span.days():
            if day in read.rest:
                said = say("{day} is both a day off and a working day", day=day.isoformat())
                found.add(span.place, said, say("take it out of rest or of work"))


def _spans(found: Document, place: Place, told: object, year: int) -> Iterator[Span]:
    if not isinstance(told, list):
        found.add(place, say("{value} is not a list of days", value=repr(told)), _EXPECTED)
        return
    for number, one in enumerate(told):
        span = _span(one)
        if span is None:
            found.add((*place, number), say("{value} is neither a day nor a span of days", value=repr(one)), _EXPECTED)
        elif any(day.year != year for day in span):
            found.add(
                (*place, number),
                say("{value} does not lie in {year}", value=str(one), year=year),
                say("write it under its own year"),
            )
        else:
            yield Span((*place, number), *span)


def _span(one: object) -> tuple[date, date] | None:
    if isinstance(one, date):
        return one, one
    if not isinstance(one, str):
        return None
    first, dots, last = one.partition("..")
    try:
        span = date.fromisoformat(first.strip()), date.fromisoformat((last if dots else first).strip())
    except ValueError:
        return None
    return span if span[0] <= span[1] else None
