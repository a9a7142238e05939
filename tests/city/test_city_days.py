"""The working days of the truth: typed by hand from the notices, compared with a library it does not use."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, strategies as st

from monitor.city.days import known_years, months_later, workday, workdays_later


@pytest.mark.parametrize("year", known_years())
def test_every_day_of_a_known_year_is_as_the_library_has_it(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    differ = [day for day in days if day.year == year and workday(day) is not chinese_calendar.is_workday(day)]
    assert differ == []


def test_a_year_that_is_not_known_is_never_guessed() -> None:
    unknown = max(known_years()) + 1
    assert workday(date(unknown, 3, 3)) is None
    assert workdays_later(date(unknown - 1, 12, 31), 1) is None
    assert workdays_later(date(unknown - 1, 12, 1), 3) is not None


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        ("2026-02-05", 3, "2026-02-10"),  # Thursday: Friday, Monday, Tuesday
        ("2026-02-14", 1, "2026-02-24"),  # the Saturday before Spring Festival, worked; offices open again on a Tuesday
        ("2026-02-13", 1, "2026-02-14"),  # Friday: the Saturday after it is worked
        ("2026-02-12", 3, "2026-02-24"),
        ("2026-02-27", 1, "2026-02-28"),  # Saturday, worked
        ("2026-02-17", 3, "2026-02-26"),  # received in the holiday
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-02-13", 15, "2026-03-12"),
    ],
)
def test_working_days_at_spring_festival(received: str, days: int, last: str) -> None:
    assert workdays_later(date.fromisoformat(received), days) == date.fromisoformat(last)


@given(st.dates(date(2024, 1, 1), date(2026, 10, 1)), st.integers(1, 30))
def test_the_last_day_is_worked_and_so_many_are_between(day: date, number: int) -> None:
    last = workdays_later(day, number)
    assert last is not None
    assert workday(last)
    assert sum(bool(workday(day + timedelta(days=n))) for n in range(1, (last - day).days + 1)) == number


def test_months_end_with_the_month() -> None:
    assert months_later(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_later(date(2026, 1, 15), 3) == date(2026, 4, 15)
