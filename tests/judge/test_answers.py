"""By when a message is to be answered: the strictest rule of its class, and working days counted behind its last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.clock import civil_day, day_start
from monitor.judge.answers import answer
from monitor.judge.days import deadline
from monitor.judge.workdays import CalendarUnknown, is_workday
from monitor.model import MessageClass, PublicMessage, Rule
from tests.judge.made import rule

RECEIVED = date(2026, 2, 11)  # a Wednesday; the Spring Festival follows, and its 调休


def told(received: date, answered: date | None = None, cls: MessageClass = MessageClass.JIUCUO) -> PublicMessage:
    done = None if answered is None else day_start(answered)
    return PublicMessage(id="1", target="s", cls=cls, received_at=day_start(received), answered_at=done)


def limited(limit: str, *classes: str) -> Rule:
    return rule("answered_within", "site", limit, classes=list(classes))


def test_the_strictest_of_its_class_counts() -> None:
    rules = [limited("3mo"), limited("3wd", "jiucuo"), limited("1wd", "handling")]
    found = answer(rules, told(RECEIVED), RECEIVED)
    assert found is not None
    assert (found.rule, found.last_day, found.late, found.workdays) == (rules[1], date(2026, 2, 14), False, 0)
    assert answer(rules[2:], told(RECEIVED), RECEIVED) is None
    assert answer([rule("updated_within", "site", "14d")], told(RECEIVED), RECEIVED) is None


def test_the_festival_is_no_working_day() -> None:
    rules = [limited("3wd")]
    eve, first = (answer(rules, told(RECEIVED), day) for day in (date(2026, 2, 23), date(2026, 2, 24)))
    assert eve is not None
    assert first is not None
    assert (eve.late, eve.workdays, first.workdays) == (True, 0, 1)


def test_a_year_nobody_knows_is_not_guessed() -> None:
    with pytest.raises(CalendarUnknown):
        answer([limited("1wd")], told(date(2190, 3, 1)), date(2190, 3, 1))
    with pytest.raises(CalendarUnknown):
        answer([limited("1wd"), limited("3wd")], told(date(2190, 3, 1)), date(2190, 3, 1))
    both = [limited("1wd"), limited("1mo")]
    for today, over in ((date(2190, 3, 20), False), (date(2190, 5, 1), True)):
        found = answer(both, told(date(2190, 3, 1)), today)
        assert found is not None
        assert (found.rule, found.last_day, found.late) == (both[1], date(2190, 4, 1), over), "the latest it can be"
        assert found.unknown_year == 2190, "what is not known may end before the month"
    late = answer([limited("1mo")], told(date(2190, 3, 1)), date(2190, 5, 1))
    assert late is not None
    assert (late.late, late.workdays) == (True, None)


TO_THE_NEW_YEAR = st.dates(date(2189, 11, 1), date(2189, 12, 31))
YEAR = [date(2190, 1, 1) + timedelta(days=n) for n in range(365)]
LIMITS = st.lists(st.sampled_from(["1wd", "3wd", "5wd", "20wd", "40wd", "7d", "30d", "1mo", "3mo"]), min_size=1)


@given(TO_THE_NEW_YEAR, LIMITS, st.integers(0, 120), st.sets(st.sampled_from(YEAR), min_size=100))
def test_what_reaches_into_an_unknown_year_is_never_stricter_than_what_is_told(
    received: date, limits: list[str], days: int, worked: set[date]
) -> None:
    """However the year turns out: what was told before it was known stays, or was said not to be known."""
    known = {received + timedelta(days=n): n % 3 > 0 for n in range((date(2190, 1, 1) - received).days)}
    rules, today = [limited(one) for one in limits], received + timedelta(days=days)
    whole = answer(rules, told(received), today, {**known, **{day: day in worked for day in YEAR}})
    assert whole is not None
    if whole.last_day.year == 2190 and all(one.endswith("wd") for one in limits):
        with pytest.raises(CalendarUnknown):
            answer(rules, told(received), today, known)
        return
    found = answer(rules, told(received), today, known)
    assert found is not None
    assert found.last_day >= whole.last_day
    assert found.unknown_year in {None, 2190}
    if found.unknown_year is None:
        assert (found.rule.limit, found.last_day, found.late) == (whole.rule.limit, whole.last_day, whole.late)
    if whole.last_day.year == 2189:
        assert found.unknown_year is None, "what ends before that year is the strictest"


DAYS = st.dates(date(2024, 1, 1), date(2025, 12, 31))


@given(DAYS, st.integers(0, 120), st.sampled_from(["1wd", "7wd", "15wd", "30d", "3mo"]), st.booleans())
def test_late_is_behind_the_last_day_whoever_counts(start: date, days: int, limit: str, answered: bool) -> None:
    now = start + timedelta(days=days)
    one = limited(limit)
    found = answer([one], told(start, now if answered else None), now if not answered else now + timedelta(days=9))
    assert found is not None
    assert one.limit is not None
    last = deadline(start, one.limit)
    assert found.last_day == last
    assert found.late is (civil_day(day_start(now)) > last)
    behind = (start + timedelta(days=n) for n in range((now - start).days + 1))
    assert found.workdays == sum(day > last and is_workday(day) for day in behind)
