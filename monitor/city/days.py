"""Civil days, months and working days of Shanghai, as the truth counts them: written without a look at judge/.

Pure. The holidays are copied by hand from the notices of the State Council; a year without one is never guessed. By 民法典
art. 201 the day something begins on is not counted.
"""

import calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache

from monitor.clock import SHANGHAI

DAY = timedelta(days=1)

_FREE: Mapping[int, str] = {
    2024: "0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007",  # 国办发明电〔2023〕7号
    2025: "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",  # 国办发明电〔2024〕12号
    2026: "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",  # 国办发明电〔2025〕7号
}
_WORKED: Mapping[int, str] = {
    2024: "0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}
"""调休: weekends on which offices work."""


def midnight(day: date) -> datetime:
    """00:00 of a civil day."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def months_later(day: date, months: int) -> date:
    """31 August and six months: the last of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def workday(day: date) -> bool | None:
    """Whether offices work; None in a year whose holidays are not known here."""
    if day.year not in _FREE:
        return None
    if day in _days(day.year, _FREE[day.year]):
        return False
    return day.weekday() < 5 or day in _days(day.year, _WORKED[day.year])


def workdays_later(day: date, number: int) -> date | None:
    """The `number`-th working day after that day; None when a year is reached whose holidays are not known here."""
    while number:
        day += DAY
        works = workday(day)
        if works is None:
            return None
        number -= works
    return day


def known_years() -> list[int]:
    """The years whose holidays are known here."""
    return sorted(_FREE)


@cache
def _days(year: int, told: str) -> frozenset[date]:
    """The days of "0128-0204 0501"."""
    found: set[date] = set()
    for part in told.split():
        first, _, last = part.partition("-")
        begin, end = _day(year, first), _day(year, last or first)
        found |= {begin + n * DAY for n in range((end - begin).days + 1)}
    return frozenset(found)


def _day(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))
