"""Limits on civil days in Shanghai, to the second, across months, leap years and holidays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.clock import civil_day, day_start
from monitor.judge.days import (
    Schedule,
    add_months,
    days_between,
    deadline,
    last_day_of,
    length,
    next_hour,
    next_midnight,
    next_of,
    schedule,
)
from monitor.judge.workdays import CalendarUnknown, add_workdays, is_workday
from monitor.model import Limit
from tests.judge.made import DAY, HOUR, NOON, SECOND, at, limit

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("start", "long", "last"),
    [
        ("2026-11-20", "14d", "2026-12-04"),
        ("2028-02-20", "14d", "2028-03-05"),  # over 29 February
        ("2027-02-20", "14d", "2027-03-06"),
        ("2026-08-31", "6mo", "2027-02-28"),
        ("2027-08-31", "6mo", "2028-02-29"),
        ("2026-01-31", "1mo", "2026-02-28"),
        ("2026-11-30", "3mo", "2027-02-28"),
        ("2028-02-29", "1y", "2029-02-28"),
        ("2028-02-29", "4y", "2032-02-29"),
        ("2026-12-31", "2mo", "2027-02-28"),
        ("2026-09-30", "3wd", "2026-10-10"),  # National Day 1 to 7 October; Saturday the 10th makes up for it
        ("2026-11-20", "1wd", "2026-11-23"),
        ("2026-11-20", "0d", "2026-11-20"),
    ],
)
def test_the_last_day_inside_a_limit(start: str, long: str, last: str) -> None:
    assert deadline(date.fromisoformat(start), limit(long)) == date.fromisoformat(last)


def test_fourteen_days_to_the_second() -> None:
    plan = schedule(date(2026, 11, 1), limit("14d"), [limit("4d"), limit("1d")])
    assert plan.warnings == (at("2026-11-11"), at("2026-11-14"))  # ages 10 and 13
    assert plan.due == at("2026-11-11")
    assert plan.last_day == at("2026-11-15")  # age 14
    assert plan.breach == at("2026-11-16") == datetime(2026, 11, 15, 16, 0, tzinfo=UTC)  # from 00:00 of age 15
    assert plan.warned(at("2026-11-13", "23:59:59")) == 1
    assert plan.warned(at("2026-11-14", "00:00:00")) == 2


def test_six_months_from_31_august() -> None:
    plan = schedule(date(2026, 8, 31), limit("6mo"), [limit("7d"), limit("30d"), limit("1mo")])
    assert plan.breach == at("2027-03-01")
    assert plan.last_day == at("2027-02-28")
    assert plan.warnings == (at("2027-01-28"), at("2027-01-29"), at("2027-02-21"))


def test_hours_run_from_the_end_of_the_day_and_warn_by_the_hour() -> None:
    plan = schedule(date(2026, 11, 20), limit("24h"), [limit("9h")])
    assert plan == Schedule((at("2026-11-21", "15:00:00"),), at("2026-11-22"), at("2026-11-22"))
    by_days = schedule(date(2026, 11, 20), limit("3wd"), [limit("9h"), limit("1wd")])  # 9h: 15:00 of the last day
    assert by_days.warnings == (at("2026-11-24"), at("2026-11-25", "15:00:00"))


def test_without_warnings_it_is_due_on_the_last_day() -> None:
    plan = schedule(date(2026, 11, 1), limit("14d"))
    assert plan.due == plan.last_day == at("2026-11-15")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026-11", date(2026, 11, 30)),
        ("2028-02", date(2028, 2, 29)),
        ("2026-02-30", None),
        ("2026-13", None),
        ("2026", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("", None),
        (None, None),
        (20261120, None),
        ("昨天", None),
    ],
)
def test_the_last_day_a_date_can_mean(text: object, day: date | None) -> None:
    assert last_day_of(text) == day


def test_lengths() -> None:
    assert [length(limit(one)) for one in ("90s", "2m", "24h", "2d")] == [90 * SECOND, 120 * SECOND, DAY, 2 * DAY]
    with pytest.raises(ValueError, match="no exact length"):
        length(limit("1mo"))
    with pytest.raises(ValueError, match="not a limit on civil days"):
        deadline(date(2026, 1, 1), limit("3h"))


def test_next_instants() -> None:
    assert next_midnight(at("2026-11-20", "23:59:59")) == at("2026-11-21")
    assert next_midnight(at("2026-11-20")) == at("2026-11-21")
    assert next_hour(at("2026-11-20", "23:00:00")) == at("2026-11-21")
    assert next_of(NOON, None, NOON, NOON - HOUR) is None
    assert next_of(NOON, NOON + DAY, NOON + HOUR) == NOON + HOUR


def test_day_n_begins_at_midnight_in_shanghai() -> None:
    start = at("2026-11-20", "23:59:59")
    assert days_between(start, start) == 0
    assert days_between(start, at("2026-11-21")) == 1
    assert days_between(start, at("2026-12-20", "23:59:59")) == 30
    assert days_between(start, at("2026-12-21")) == 31


@given(DAYS, st.integers(-600, 600))
def test_months_keep_the_day_or_take_the_last(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(0, 400), st.sampled_from(["d", "mo", "y"]), st.lists(st.integers(0, 60), max_size=4))
def test_schedules_are_in_order_and_on_midnights(start: date, number: int, unit: str, warn: list[int]) -> None:
    plan = schedule(start, Limit(number, unit), [Limit(one, "d") for one in warn])
    assert list(plan.warnings) == sorted(plan.warnings)
    assert plan.due <= plan.last_day < plan.breach
    for instant in (*plan.warnings, plan.last_day, plan.breach):
        assert instant == day_start(civil_day(instant))
    assert civil_day(plan.breach - SECOND) == civil_day(plan.last_day) == deadline(start, Limit(number, unit))


@given(DAYS, DAYS, st.integers(0, 24))
def test_a_later_start_never_ends_earlier(one: date, other: date, months: int) -> None:
    early, late = sorted((one, other))
    assert add_months(early, months) <= add_months(late, months)


@given(INSTANTS)
def test_nothing_of_a_schedule_is_skipped(now: datetime) -> None:
    plan = schedule(civil_day(now) - timedelta(days=13), limit("14d"), [limit("4d"), limit("1d")])
    following = plan.next_after(now)
    assert following is not None
    assert following > now
    assert not [one for one in (*plan.warnings, plan.last_day, plan.breach) if now < one < following]


def test_the_calendar_of_the_state_council() -> None:
    assert not is_workday(date(2026, 10, 1))
    assert is_workday(date(2026, 10, 10))  # a Saturday that is worked
    assert not is_workday(date(2026, 11, 21))
    assert add_workdays(date(2026, 10, 10), -1) == date(2026, 10, 9)
    assert add_workdays(date(2026, 11, 21), 0) == date(2026, 11, 21)


def test_an_unpublished_year_is_never_guessed_but_can_be_told() -> None:
    with pytest.raises(CalendarUnknown, match="2035"):
        is_workday(date(2035, 3, 5))
    told = {date(2035, 3, 5) + timedelta(days=n): n not in {5, 6} for n in range(10)}
    assert add_workdays(date(2035, 3, 5), 5, told) == date(2035, 3, 12)
    assert is_workday(date(2026, 10, 1), {date(2026, 10, 1): True})
    plan = schedule(date(2035, 3, 5), limit("5wd"), [limit("1wd")], told)
    assert plan.warnings == (at("2035-03-09"),)
