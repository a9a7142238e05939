"""Every day count explains itself: day 0, each day, the last day, the day that breaks it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from monitor.evidence.steps import ALL_DAYS, in_words, steps
from monitor.judge.days import deadline
from monitor.model import Cause, Compliance, Rule, Standing, say
from tests.judge.made import at, limit, rule


def standing(**inputs: object) -> Standing:
    return Standing("house/r", Compliance.BREACHED, say("words"), Cause.STALE, inputs=inputs)


def stale(length: str, *warn: str) -> Rule:
    return rule("updated_within", "column", length, *warn)


def test_fourteen_days_are_told_one_by_one() -> None:
    told = steps(stale("14d", "4d", "1d"), standing(newest="2026-01-05", limit="14d"), at("2026-01-20", "00:00:05"))
    assert [one.n for one in told] == list(range(16))
    assert [one.day for one in told] == [date(2026, 1, 5) + timedelta(days=n) for n in range(16)]
    assert {one.n: str(one.says) for one in told if str(one.says) != "counted"} == {
        0: "the day it counts from: not counted",
        10: "a warning",
        13: "a warning",
        14: "the last day of the limit",
        15: "from 00:00 on the limit is passed",
    }


def test_working_days_pass_over_days_off() -> None:
    told = steps(rule("answered_within", "site", "3wd"), standing(received="2026-09-30", limit="3wd"), at("2026-10-13"))
    off = [one.day.day for one in told if str(one.says) == "no working day: not counted"]
    assert off[:7] == [1, 2, 3, 4, 5, 6, 7]  # 国庆 2026
    (last,) = [one for one in told if str(one.says) == "the last day of the limit"]
    assert (last.n, last.day) == (3, deadline(date(2026, 9, 30), limit("3wd")))


@settings(max_examples=60, deadline=None)
@given(start=st.dates(date(2020, 1, 1), date(2026, 1, 1)), n=st.integers(1, 400), past=st.integers(0, 60))
def test_a_count_always_shows_where_it_begins_ends_and_breaks(start: date, n: int, past: int) -> None:
    now = at(start + timedelta(days=n + past))
    told = steps(stale(f"{n}d"), standing(newest=str(start), limit=f"{n}d"), now)
    by_day = {one.day: one for one in told}
    assert by_day[start].n == 0
    assert by_day[start + timedelta(days=n)].n == n
    assert by_day[start + timedelta(days=n + 1)].n == n + 1
    assert len(told) <= ALL_DAYS or n + past > ALL_DAYS - 2


def test_months_and_a_month_alone_as_the_first_day() -> None:
    told = steps(stale("6mo"), standing(newest="2026-02", limit="6mo"), at("2026-09-01"))
    assert told[0].day == date(2026, 2, 28)
    said = [str(one.says) for one in told]
    assert said == [
        "the day it counts from: not counted",
        "the last day of the limit",
        "from 00:00 on the limit is passed",
        "the day this was judged",
    ]


def test_of_days_to_come_only_those_that_change_something_are_told() -> None:
    told = steps(stale("14d", "4d", "1d"), standing(newest="2026-01-05", limit="14d"), at("2026-01-08"))
    assert [one.n for one in told] == [0, 1, 2, 3, 10, 13, 14, 15]
    assert str(told[3].says) == "the day this was judged"


@pytest.mark.parametrize("inputs", [{}, {"ends_on": "2026-01-01"}, {"newest": "x"}, {"failed": 3}])
def test_what_counts_no_days_tells_none(inputs: dict[str, object]) -> None:
    assert steps(stale("14d"), standing(**inputs), at("2026-01-20")) == []


def test_a_notice_that_has_to_stay_is_kept_when_its_days_are_over_and_breaks_nothing() -> None:
    floor = rule("notice_kept", "site", "30d", of=["permanent_offline"])
    told = steps(floor, standing(started_on="2026-09-01", until="2026-10-01", limit="30d"), at("2026-10-05"))
    said = {one.n: str(one.says) for one in told if str(one.says) != "counted"}
    assert said == {
        0: "the day it counts from: not counted",
        30: "the last day on which it has to stay",
        31: "from 00:00 on its days are over: it may go",
        34: "the day this was judged",
    }
    assert not [one for one in said.values() if "limit" in one]


def test_working_days_to_come_are_told_with_the_weekend_days_that_are_worked() -> None:
    floor = rule("notice_kept", "account", "15wd", of=["account_closing"])
    told = steps(floor, standing(started_on="2026-09-01", limit="15wd"), at("2026-09-10"))
    by_day = {one.day: (one.n, str(one.says)) for one in told}
    assert by_day[date(2026, 9, 20)] == (14, "a weekend day on which offices work: counted")  # 国庆调休
    assert by_day[date(2026, 9, 19)] == (13, "no working day: not counted")
    assert by_day[date(2026, 9, 21)] == (15, "the last day on which it has to stay")
    assert by_day[date(2026, 9, 22)] == (16, "from 00:00 on its days are over: it may go")
    every = [date(2026, 9, 1) + timedelta(days=n) for n in range(22)]
    assert [one.day for one in told] == every, "none is left out"
    later = steps(floor, standing(started_on="2026-09-01", limit="15wd"), at("2026-12-20"))
    assert [one.day for one in later] == [*every, date(2026, 12, 20)]


def test_days_after_the_limit_in_a_year_nobody_knows_change_nothing_of_the_count() -> None:
    floor = rule("notice_kept", "account", "15wd", of=["account_closing"])
    told = steps(floor, standing(started_on="2026-09-01", limit="15wd"), at("2035-02-03"))
    assert (told[-1].day, str(told[-1].says)) == (date(2026, 9, 22), "from 00:00 on its days are over: it may go")
    assert steps(floor, standing(started_on="2035-09-01", limit="15wd"), at("2035-09-03")) == []


@settings(max_examples=60, deadline=None)
@given(start=st.dates(date(2020, 1, 1), date(2026, 6, 1)), n=st.integers(1, 20), past=st.integers(-10, 20))
def test_a_count_of_working_days_adds_up_day_by_day(start: date, n: int, past: int) -> None:
    asked = rule("notice_kept", "account", f"{n}wd", of=["account_closing"])
    last = deadline(start, limit(f"{n}wd"))
    told = steps(asked, standing(started_on=str(start)), at(max(start, last + timedelta(days=past))))
    assert next(one for one in told if one.day == last).n == n
    assert next(one for one in told if one.day == last + timedelta(days=1)).says.template.startswith("from 00:00")
    if told[-1].day == last + timedelta(days=1) and len(told) == (told[-1].day - start).days + 1:
        off = sum("no working day" in str(one.says) for one in told[1:-1])
        assert (last - start).days - off == n


def test_what_else_is_told_of_its_days_stands_in_their_place() -> None:
    floor = rule("notice_kept", "site", "30d", of=["permanent_offline"])
    seen, missing = say("seen"), say("missing")
    told = {date(2026, 9, 1) + timedelta(days=n): missing if n in {4, 5} else seen for n in range(1, 31)}
    count = steps(floor, standing(started_on="2026-09-01", limit="30d"), at("2026-12-20"), told=told)
    assert [str(one) for one in in_words(count, "en")] == [
        "day 0, 2026-09-01: the day it counts from: not counted",
        "days 1 to 3, 2026-09-02..2026-09-04, 3 days alike: seen",
        "days 4 to 5, 2026-09-05..2026-09-06, 2 days alike: missing",
        "days 6 to 30, 2026-09-07..2026-10-01, 25 days alike: seen",
        "day 30, 2026-10-01: the last day on which it has to stay",
        "day 31, 2026-10-02: from 00:00 on its days are over: it may go",
    ]


def test_the_days_that_are_known_are_counted_before_a_year_nobody_knows() -> None:
    floor = rule("notice_kept", "account", "15wd", of=["account_closing"])
    known = {date(2030, 12, 1) + timedelta(days=n): n % 7 < 5 for n in range(31)}
    begun = standing(started_on="2030-12-20", limit="15wd")
    told = steps(floor, begun, at("2031-02-01"), known)
    assert [one.n for one in steps(floor, begun, at("2030-12-24"), known)] == [one.n for one in told]
    assert (told[-1].n, told[-1].day, str(told[-1].says)) == (
        8,
        date(2031, 1, 1),
        "the working days of 2031 are not known",
    )
    assert [one.day for one in told] == [date(2030, 12, 20) + timedelta(days=n) for n in range(13)]
