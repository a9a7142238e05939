"""The working days of years that are not published yet, or that a town keeps otherwise: a file that overrides the calendar.

One table for each year: `rest` are days off, `work` the weekend days on which offices work (调休); dates, or spans
"2027-02-05..2027-02-11". In a year that stands here every other day goes by the weekday. Pure but for reading that file.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from monitor.config.document import Document, Surroundings, open_document
from monitor.config.places import Path as Place
from monitor.config.problems import did_you_mean
from monitor.config.settings import CalendarSettings

FIRST, LAST = 2004, 2199  # the package begins with 2004; nobody plans for later
_SATURDAY = 5
_DAY = timedelta(days=1)
_EXPECTED = 'write "2027-02-05" or "2027-02-05..2027-02-11"'


def read_workdays(document: Document, calendar: CalendarSettings, around: Surroundings) -> Mapping[date, bool]:
    """Every day of the years in the file, working or not; nothing where no file is named. Problems go to the report."""
    if calendar.file is None:
        return {}
    path = around.folder / calendar.file
    if not path.is_file():
        document.add(("calendar", "file"), f"there is no file {calendar.file}", f"looked for in {around.folder}")
        return {}
    found = open_document(path, str(calendar.file), document.report)
    days: dict[date, bool] = {}
    for name, table in {} if found is None else found.table.items():
        assert found is not None
        days |= _year(found, name, table)
    return days


def _year(found: Document, name: str, table: object) -> dict[date, bool]:
    if not name.isdecimal() or not FIRST <= int(name) <= LAST:
        found.add((name,), f'"{name}" is not a year', 'one table for each year: ["2027"]')
        return {}
    if not isinstance(table, dict):
        found.add((name,), f'"{name}" is not a table', f'["{name}"] with rest = […] and work = […]')
        return {}
    for key in table:
        if key not in {"rest", "work"}:
            found.add((name, key), f'unknown key "{key}"', did_you_mean(key, ("rest", "work")))
    year = int(name)
    rest, work = (set(_days(found, (name, key), table.get(key, []), year)) for key in ("rest", "work"))
    for day in sorted(rest & work):
        found.add((name, "work"), f"{day} is both a day off and a working day")
    for day in sorted(day for day in work if day.weekday() < _SATURDAY):
        found.add((name, "work"), f"{day} is no weekend day: offices work then anyway", "leave it out")
    if not rest:
        found.add((name,), f"{year} has no days off", f"rest = […] as the State Council's notice for {year} says")
    return {day: (day.weekday() < _SATURDAY or day in work) and day not in rest for day in _all(year)}


def _days(found: Document, place: Place, told: object, year: int) -> Iterator[date]:
    if not isinstance(told, list):
        found.add(place, f"{told!r} is not a list of days", _EXPECTED)
        return
    for number, one in enumerate(told):
        span = _span(one)
        if span is None:
            found.add((*place, number), f"{one!r} is neither a day nor a span of days", _EXPECTED)
        elif any(day.year != year for day in span):
            found.add((*place, number), f"{one} does not lie in {year}", "write it under its own year")
        else:
            yield from _all_between(*span)


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


def _all(year: int) -> Iterator[date]:
    return _all_between(date(year, 1, 1), date(year, 12, 31))


def _all_between(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + n * _DAY
