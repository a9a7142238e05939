"""Working days by the State Council's calendar, 调休 included.

Reads chinesecalendar and an override the caller brings (day → working or not). Writes nothing. Never guesses:
a year whose calendar is not published raises CalendarUnknown, because weekdays alone would be wrong for 30 days of it.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar

NO_OVERRIDE: Mapping[date, bool] = {}
_DAY = timedelta(days=1)


class CalendarUnknown(ValueError):
    """No working-day calendar for that year, neither in the package nor in the override."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no working-day calendar for {year}")
        self.year = year


def unknown_years(today: date, override: Mapping[date, bool] = NO_OVERRIDE) -> tuple[int, ...]:
    """Of this year and the next those whose working days nobody knows: limits in working days cannot be told in them."""
    return tuple(year for year in (today.year, today.year + 1) if not is_known(date(year, 7, 1), override))


def is_workday(day: date, override: Mapping[date, bool] = NO_OVERRIDE) -> bool:
    """Whether offices work on that day; raises CalendarUnknown."""
    known = override.get(day)
    if known is not None:
        return known
    known = built_in(day)
    if known is None:
        raise CalendarUnknown(day.year)
    return known


def built_in(day: date) -> bool | None:
    """What the calendar of the program says of that day; None where it does not reach."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def earliest_workday(day: date, number: int, override: Mapping[date, bool] = NO_OVERRIDE) -> date:
    """Before which day the `number`-th working day after `day` cannot be: all days of a year nobody knows may be worked."""
    for _ in range(number):
        day += _DAY
        while is_known(day, override) and not is_workday(day, override):
            day += _DAY
    return day


def is_known(day: date, override: Mapping[date, bool] = NO_OVERRIDE) -> bool:
    """Whether anybody knows if offices work on that day."""
    return day in override or built_in(day) is not None


def add_workdays(day: date, number: int, override: Mapping[date, bool] = NO_OVERRIDE) -> date:
    """The `number`-th working day after `day` (before it when negative), which itself is not counted."""
    step = _DAY if number > 0 else -_DAY
    for _ in range(abs(number)):
        day += step
        while not is_workday(day, override):
            day += step
    return day
