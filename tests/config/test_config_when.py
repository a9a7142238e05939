"""Days and instants as people write them: what is read, what is refused, in Shanghai's time."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from monitor.clock import SHANGHAI, civil_day, day_start
from monitor.config.when import FIRST, LAST, NoMoment, read_day, read_when

DAYS = st.dates(date(FIRST, 1, 1), date(LAST, 12, 31))
ZONES = st.sampled_from([0, 330, 480, -300, 840]).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(DAYS)
def test_a_bare_day_begins_at_midnight_and_through_it_ends_with_it(day: date) -> None:
    start, end = read_when(day.isoformat()), read_when(day.isoformat(), through=True)
    assert start == day_start(day)
    assert start.tzinfo is UTC
    assert end - start == timedelta(days=1), "Shanghai has had no summer time since 1991"
    assert civil_day(end - timedelta(milliseconds=1)) == day
    assert read_day(f" {day} ") == day


@given(st.datetimes(datetime(FIRST, 1, 2), datetime(LAST, 12, 30)), ZONES)
def test_a_time_with_a_zone_is_that_instant_and_without_one_shanghais(moment: datetime, zone: timezone) -> None:
    told = moment.replace(tzinfo=zone)
    assert read_when(told.isoformat()) == told
    assert read_when(told.isoformat(), through=True) == told, "only a bare day is meant to its end"
    wall = moment.replace(second=0, microsecond=0)
    assert read_when(f"{wall:%Y-%m-%d %H:%M}") == wall.replace(tzinfo=SHANGHAI)


@given(st.text(max_size=30))
def test_anything_else_is_refused_in_words_and_never_crashes(text: str) -> None:
    try:
        found = read_when(text)
    except NoMoment as error:
        refused = error
    else:
        assert FIRST - 1 <= found.year <= LAST + 1
        return
    assert text in str(refused)
    assert refused.advice.template


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026", "2026-12", "2026-1-2", "20261201", "2026-02-30", "2026-12-01 24:00", "2026-12-01 8:00", "明天"),
        *(
            "2026-12-01T08:00+25:00",
            "２０２６-12-01",
            "1999-12-31",
            "2101-01-01",
            "0001-01-01T00:00+14:00",
            "2026-W10-1",
        ),
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NoMoment):
        read_when(text)
    with pytest.raises(NoMoment):
        read_day(text)
