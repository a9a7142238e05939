"""How many visits a week has, where the cadence was another some days ago."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.judge.availability import VISITS, of_a_week

WEEK = timedelta(days=7)
PERIODS = st.integers(1, 6 * 60).map(lambda minutes: timedelta(minutes=minutes))


def day_of(period: timedelta) -> tuple[int, int]:
    """The fullest hour of a day at that period, and all of its visits."""
    looks = [int(n * period / timedelta(hours=1)) for n in range(int(timedelta(days=1) / period))]
    return max(looks.count(hour) for hour in range(24)), len(looks)


@pytest.mark.parametrize(
    ("before", "now", "days", "of"),
    [
        (15, 5, 7, 672),  # a week ago every quarter of an hour, since a minute ago every five minutes
        (15, 5, 3, 3 * 96 + 4 * 288),
        (5, 15, 7, 672),  # rarer now: fewer are asked, and more there may be
        (60, 15, 7, 168),
        (360, 15, 7, 672),  # four visits a day are too few to tell a period
    ],
)
def test_days_of_another_cadence_count_by_theirs(before: int, now: int, days: int, of: int) -> None:
    then = day_of(timedelta(minutes=before))
    rest = [day_of(timedelta(minutes=now))] * (7 - days)
    assert of_a_week(timedelta(minutes=now), [*[then] * days, *rest]) == of


@given(PERIODS, st.integers(0, 7))
def test_at_one_cadence_it_is_the_whole_week_however_much_was_missed(period: timedelta, days: int) -> None:
    assert of_a_week(period, [day_of(period)] * days) == int(WEEK / period)


@given(PERIODS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 1440)), max_size=7))
def test_it_is_never_more_than_now_nor_less_than_what_was_asked_on_days_that_tell(
    period: timedelta, days: list[tuple[int, int]]
) -> None:
    whole = int(WEEK / period)
    least = sum(24 * hour for hour, day in days if day >= VISITS and 24 * hour < WEEK / period / 7)
    assert min(least, whole) <= of_a_week(period, days) <= whole
