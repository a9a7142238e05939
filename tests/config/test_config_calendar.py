"""[calendar] file: working days of years that are not built in, and every way to write them wrong."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from monitor.config.load import load
from monitor.config.problems import ConfigError
from monitor.config.settings import Settings
from monitor.judge.workdays import CalendarUnknown, add_workdays, built_in, is_workday, unknown_years

YEAR = """
["2031"]
rest = ["2031-01-01", "2031-01-23..2031-01-29", 2031-05-01]
work = ["2031-02-01"]
"""


def loaded(folder: Path, text: str) -> dict[date, bool]:
    return dict(taken(folder, text).workdays)


def taken(folder: Path, text: str) -> Settings:
    folder.joinpath("monitor.toml").write_text('[calendar]\nfile = "workdays.toml"\n')
    folder.joinpath("workdays.toml").write_text(text)
    return load(folder / "monitor.toml", builtin=built_in)


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
        ('["2031"]\nrest = ["2031-02-01"]\nwork = ["2031-02-01"]', "workdays.toml:3: 2031.work[1]: 2031-02-01 is both a day off and a working day (take it out of rest or of work)"),
        ('["2031"]\nrest = ["2031-01-01"]\nholidays = []', 'unknown key "holidays"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert any(told in str(problem) for problem in caught.value.problems), [str(one) for one in caught.value.problems]


ALL = 'rest = ["2031-01-01", "2031-05-01", "2031-10-01..2031-10-07"]\n'
SAME = """
["2024"]
rest = ["2024-01-01", "2024-02-10..2024-02-17", "2024-04-04..2024-04-06", "2024-05-01..2024-05-05", "2024-06-10",
        "2024-09-15..2024-09-17", "2024-10-01..2024-10-07"]
work = ["2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12"]
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# nothing\n", ['workdays.toml: no year is told: the file changes nothing (one table for each year: ["2027"])']),
        (f'["2031"]\n{ALL}work = ["2031-02-01"]', []),
        (f'["2031"]\n{ALL}', ["workdays.toml:1: 2031: 2031 has no weekend day that is worked (调休) (work = […] as the State Council's notice for 2031 says)"]),
        (f'["2031"]\n{ALL}work = ["2031-02-01",\n"2031-02-03"]', ["workdays.toml:3: 2031.work[2]: 2031-02-03 is no weekend day: offices work then anyway (leave it out)"]),
        ('["2031"]\nrest = ["2031-01-01", "2031-05-01"]\nwork = ["2031-02-01"]', ["workdays.toml:1: 2031: 2031 ends in June: no day off after it (add the days off of its second half, or the whole of it is taken for working days)"]),
        ('["2031"]\nrest = ["2031-01-01", "2031-10-02"]\nwork = ["2031-02-01"]', ["workdays.toml:1: 2031: holidays by law that are not among the days off: 2031-05-01, 2031-10-01, 2031-10-03 (1 January, 1 May and 1 to 3 October are off every year: add them to rest)"]),
        ('["2031"]\nrest = ["2031-01-01", "2031-05-01..2031-10-07"]\nwork = ["2031-02-01"]', ["workdays.toml:2: 2031.rest[2]: 160 days off in a row (no holiday is longer than 10 days: check both ends)"]),
        (SAME, ["workdays.toml:2: 2024: 2024 is built in and says the same (leave the year out, and updates of the program reach it)"]),
        (SAME.replace("2024-02-17", "2024-02-16").replace('"2024-10-12"', '"2024-10-13"'), [
            "workdays.toml:5: 2024.work[8]: by the built-in calendar 2024-10-13 is a day off: the file counts (leave the year out unless your town keeps it otherwise)",
            "workdays.toml:2: 2024: 2024 is built in and says otherwise of 2024-10-12: the file counts (leave the year out unless your town keeps it otherwise)",
        ]),
        (SAME.replace('"2024-06-10"', '"2024-06-11"'), [
            "workdays.toml:3: 2024.rest[5]: by the built-in calendar 2024-06-11 is a working day: the file counts (leave the year out unless your town keeps it otherwise)",
            "workdays.toml:2: 2024: 2024 is built in and says otherwise of 2024-06-10: the file counts (leave the year out unless your town keeps it otherwise)",
        ]),
    ],
)  # fmt: skip
def test_what_is_hardly_meant_is_warned_of_and_taken_as_it_stands(tmp_path: Path, text: str, told: list[str]) -> None:
    warnings = [str(one) for one in taken(tmp_path, text).warnings if one.file == "workdays.toml"]
    assert warnings == told


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
