"""[calendar] file: working days of years that are not built in, and every way to write them wrong."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from monitor.config.load import load
from monitor.config.problems import ConfigError
from monitor.judge.workdays import CalendarUnknown, add_workdays, is_workday, unknown_years

YEAR = """
["2031"]
rest = ["2031-01-01", "2031-01-23..2031-01-29", 2031-05-01]
work = ["2031-02-01"]
"""


def loaded(folder: Path, text: str) -> dict[date, bool]:
    folder.joinpath("monitor.toml").write_text('[calendar]\nfile = "workdays.toml"\n')
    folder.joinpath("workdays.toml").write_text(text)
    return dict(load(folder / "monitor.toml").workdays)


def test_a_year_in_the_file_is_known_day_by_day(tmp_path: Path) -> None:
    days = loaded(tmp_path, YEAR)
    assert len(days) == 365
    assert [is_workday(date(2031, 1, day), days) for day in (1, 2, 4, 23, 29, 30)] == [
        False,
        True,
        False,
        False,
        False,
        True,
    ]
    assert is_workday(date(2031, 2, 1), days), "a Saturday that is worked"
    assert add_workdays(date(2031, 1, 22), 1, days) == date(2031, 1, 30)


def test_a_year_in_no_calendar_is_refused_and_named(tmp_path: Path) -> None:
    days = loaded(tmp_path, YEAR)
    with pytest.raises(CalendarUnknown, match="2032"):
        is_workday(date(2032, 1, 2), days)
    assert unknown_years(date(2031, 6, 1), days) == (2032,)
    assert unknown_years(date(2026, 6, 1), {**days, date(2027, 7, 1): True}) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('["year"]\nrest = []', 'workdays.toml:1: year: "year" is not a year (one table for each year: ["2027"])'),
        ('["2031"]\nrest = []', "workdays.toml:1: 2031: 2031 has no days off (rest = […] as the State Council's notice for 2031 says)"),
        ('["2031"]\nrest = ["2030-12-31"]', "2030-12-31 does not lie in 2031 (write it under its own year)"),
        ('["2031"]\nrest = ["2031-01-09..2031-01-02"]', "'2031-01-09..2031-01-02' is neither a day nor a span of days"),
        ('["2031"]\nrest = "2031-01-01"', "'2031-01-01' is not a list of days"),
        ('["2031"]\nrest = ["2031-02-01"]\nwork = ["2031-02-01"]', "2031-02-01 is both a day off and a working day"),
        ('["2031"]\nrest = ["2031-01-01"]\nwork = ["2031-02-03"]', "2031-02-03 is no weekend day: offices work then anyway"),
        ('["2031"]\nrest = ["2031-01-01"]\nholidays = []', 'unknown key "holidays"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert any(told in str(problem) for problem in caught.value.problems), [str(one) for one in caught.value.problems]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    tmp_path.joinpath("monitor.toml").write_text('[calendar]\nfile = "workdays.toml"\n')
    with pytest.raises(ConfigError, match="there is no file workdays"):
        load(tmp_path / "monitor.toml")


@given(st.integers(1, 40), st.integers(0, 300))
def test_adding_working_days_passes_just_so_many(number: int, start: int) -> None:
    days = {date.fromordinal(date(2031, 1, 1).toordinal() + n): n % 3 != 0 for n in range(500)}
    first = date.fromordinal(date(2031, 1, 1).toordinal() + start)
    last = add_workdays(first, number, days)
    assert sum(days[day] for day in days if first < day <= last) == number
    assert days[last]
