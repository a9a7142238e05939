"""The shifts a roster makes, and duty that is covered: brute force beside it, minute by minute of the wall clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, strategies as st

from monitor.clock import SHANGHAI
from monitor.judge.obligations.duty_covered import ahead_of, judge
from monitor.judge.shifts import covered_until, shifts_between
from monitor.model import Compliance, Facts, Repeating, Roster, Shift, Standing
from tests.judge.made import DAY, HOUR, MINUTE, NOON, at, rule

MET, DUE, BREACHED, UNKNOWN = Compliance.MET, Compliance.DUE, Compliance.BREACHED, Compliance.UNKNOWN
EVERY_DAY = frozenset(range(7))
ZHANG, LI = ("zhang",), ("li",)
ROUND_THE_CLOCK = (Repeating(EVERY_DAY, time(8), time(20), ZHANG), Repeating(EVERY_DAY, time(20), time(8), LI))
WEEK = rule("duty_covered", "desk", None, "1d", "1h", ahead=7)


def judged(roster: Roster | None, now: datetime, stored: tuple[Standing, ...] = ()) -> Standing:
    """With the facts that settling hands over (monitor/settle/records.py)."""
    shifts = None if roster is None else shifts_between(roster, now - DAY, now + ahead_of([WEEK]) + DAY)
    return judge(WEEK, Facts(shifts=shifts, standings=stored), now)


def test_without_a_roster_nothing_is_said() -> None:
    standing = judged(None, NOON)
    assert (standing.value, standing.since, str(standing.why)) == (UNKNOWN, None, "no roster is kept here")


def test_round_the_clock_is_kept() -> None:
    standing = judged(ROUND_THE_CLOCK, NOON)
    assert standing.value is MET
    assert standing.until is None
    assert standing.changes_at is not None
    assert NOON < standing.changes_at <= NOON + 9 * DAY


@pytest.mark.parametrize(
    ("now", "value", "warned", "last"),
    [
        (at("2026-11-13", "19:59:59"), MET, 0, False),  # the gap lies 7 days and a second ahead
        (at("2026-11-13", "20:00:00"), DUE, 0, False),
        (at("2026-11-19", "19:59:59"), DUE, 0, False),
        (at("2026-11-19", "20:00:00"), DUE, 1, False),
        (at("2026-11-20", "19:00:00"), DUE, 2, True),
        (at("2026-11-20", "19:59:59"), DUE, 2, True),
        (at("2026-11-20", "20:00:00"), BREACHED, 0, False),
        (at("2026-11-21", "07:59:59"), BREACHED, 0, False),
        (at("2026-11-21", "08:00:00"), MET, 0, False),
    ],
)
def test_a_night_of_nobody(now: datetime, value: Compliance, warned: int, last: bool) -> None:
    before = Repeating(EVERY_DAY, time(20), time(8), LI, until=date(2026, 11, 19))
    after = Repeating(EVERY_DAY, time(20), time(8), LI, since=date(2026, 11, 21))
    standing = judged((ROUND_THE_CLOCK[0], before, after), now)
    assert (standing.value, standing.warned, standing.last_warning) == (value, warned, last)
    if value is BREACHED:
        assert standing.since == at("2026-11-20", "20:00:00")
        assert str(standing.why) == "nobody is on duty from 2026-11-20 20:00 to 2026-11-21 08:00"
        assert standing.changes_at == at("2026-11-21", "08:00:00")
    if value is MET and now < at("2026-11-20"):
        assert standing.until == standing.changes_at == at("2026-11-13", "20:00:00")


def test_a_shift_of_nobody_is_no_cover() -> None:
    standing = judged((ROUND_THE_CLOCK[0], Repeating(EVERY_DAY, time(20), time(8))), at("2026-11-20", "21:00:00"))
    assert standing.value is BREACHED
    assert standing.since == at("2026-11-20", "20:00:00")


def test_a_long_gap_keeps_its_beginning() -> None:
    roster = (Shift(at("2026-11-01"), at("2026-11-02"), ZHANG),)
    first = judged(roster, at("2026-11-02", "10:00:00"))
    assert first.since == at("2026-11-02")
    later = judged(roster, at("2026-11-09"), (first,))
    assert (later.value, later.since) == (BREACHED, at("2026-11-02"))
    unknown_since = judged(roster, at("2026-11-09"))
    assert unknown_since.since is None
    assert str(unknown_since.why) == "nobody is on duty, nor on any of the next 7 days"


def test_a_roster_that_begins_later() -> None:
    standing = judged((Repeating(EVERY_DAY, time(0), time(0), ZHANG, since=date(2026, 11, 22)),), NOON)
    assert str(standing.why) == "nobody is on duty until 2026-11-22 00:00"
    assert standing.changes_at == at("2026-11-22")


def test_the_same_time_is_24_hours() -> None:
    [shift] = shifts_between((Repeating(frozenset({4}), time(8), time(8), ZHANG),), NOON, NOON + MINUTE)
    assert (shift.start, shift.end) == (at("2026-11-20", "08:00:00"), at("2026-11-21", "08:00:00"))


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
days = st.integers(0, 20).map(lambda n: date(2026, 11, 10) + n * DAY)
weekly = st.builds(
    Repeating,
    st.frozensets(st.integers(0, 6)),
    times,
    times,
    st.sampled_from([(), ZHANG, LI]),
    st.none() | days,
    st.none() | days,
)
instants = st.integers(0, 48 * 20).map(lambda n: at("2026-11-10") + n * 30 * MINUTE)
once = st.builds(
    lambda start, long, people: Shift(start, start + long * 30 * MINUTE, people),
    instants,
    st.integers(1, 200),
    st.sampled_from([(), ZHANG]),
)
rosters = st.lists(weekly | once, max_size=4).map(tuple)


def on_duty(roster: Roster, instant: datetime) -> bool:
    """Said a second time, from the wall clock."""
    local = instant.astimezone(SHANGHAI)
    for one in roster:
        if not one.people:
            continue
        if isinstance(one, Shift):
            if one.start <= instant < one.end:
                return True
            continue
        for back in (0, 1):
            day = local.date() - back * DAY
            since_midnight = timedelta(days=back, hours=local.hour, minutes=local.minute)
            begin = timedelta(hours=one.start.hour, minutes=one.start.minute)
            end = timedelta(hours=one.end.hour, minutes=one.end.minute)
            end = end if end > begin else end + DAY
            if day.weekday() not in one.days or (one.since and day < one.since) or (one.until and day > one.until):
                continue
            if begin <= since_midnight < end:
                return True
    return False


@given(rosters, instants)
def test_somebody_is_on_duty_exactly_when_a_shift_says_so(roster: Roster, instant: datetime) -> None:
    shifts = shifts_between(roster, instant - DAY, instant + DAY)
    assert (covered_until(shifts, instant) > instant) is on_duty(roster, instant)
    assert (judged(roster, instant).value is BREACHED) is not on_duty(roster, instant)


@given(rosters, instants)
def test_cover_ends_where_nobody_is(roster: Roster, instant: datetime) -> None:
    end = covered_until(shifts_between(roster, instant - DAY, instant + 5 * DAY), instant)
    steps = [instant + n * 30 * MINUTE for n in range(5 * 48)]
    assert all(on_duty(roster, step) for step in steps if step < end)
    assert end >= instant + 5 * DAY or not on_duty(roster, end)


@given(rosters, instants)
@example((Shift(NOON - HOUR, NOON + 8 * DAY + 30 * MINUTE, ZHANG),), NOON)  # its end comes within the days looked at
def test_no_change_is_skipped(roster: Roster, instant: datetime) -> None:
    """Until the instant it names nothing changes: neither the value nor what is said."""
    standing = judged(roster, instant)
    assert standing.changes_at is not None
    assert standing.changes_at > instant
    for step in range(1, 60):
        later = instant + step * HOUR
        if later >= standing.changes_at:
            break
        again = judged(roster, later, (standing,))
        assert (again.value, again.warned) == (standing.value, standing.warned)
        if standing.value is not BREACHED:
            assert (again.until, again.since) == (standing.until, standing.since)


def test_instants_are_utc() -> None:
    assert {one.start.tzinfo for one in shifts_between(ROUND_THE_CLOCK, NOON, NOON + 3 * DAY)} == {UTC}
