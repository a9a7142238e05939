"""When a target is due again: the sampling grid holds, whatever happens between."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from monitor.plan.due import next_due, next_sample, phase

START = datetime(2026, 3, 1, tzinfo=UTC)
PERIODS = st.timedeltas(timedelta(seconds=1), timedelta(days=7))
MOMENTS = st.timedeltas(timedelta(), timedelta(days=400)).map(lambda after: START + after)


@given(MOMENTS, PERIODS, MOMENTS)
def test_the_next_sample_lies_on_the_grid_and_within_one_period(
    sample_due_at: datetime, period: timedelta, now: datetime
) -> None:
    found = next_sample(sample_due_at, period, now)
    assert (found - sample_due_at) % period == timedelta()
    assert found > now
    assert found == sample_due_at or found - now <= period


@given(MOMENTS, PERIODS, st.timedeltas(timedelta(seconds=1), timedelta(hours=2)), MOMENTS)
def test_a_confirmation_comes_early_and_leaves_the_grid_alone(
    sample_due_at: datetime, period: timedelta, again: timedelta, now: datetime
) -> None:
    plain = next_due(started_at=now, sample_due_at=sample_due_at, period=period, look_again=None, now=now)
    confirming = next_due(started_at=now, sample_due_at=sample_due_at, period=period, look_again=again, now=now)
    assert confirming.sample_due_at == plain.sample_due_at
    assert confirming.next_due_at == min(plain.next_due_at, now + again)


@given(MOMENTS, PERIODS, MOMENTS)
def test_a_look_that_took_its_turn_early_is_not_due_for_it_again(
    sample_due_at: datetime, period: timedelta, now: datetime
) -> None:
    due = next_due(started_at=now, sample_due_at=sample_due_at, period=period, look_again=None, now=now, taken=True)
    assert due.next_due_at == due.sample_due_at == next_sample(sample_due_at, period, max(now, sample_due_at))
    assert due.sample_due_at > max(now, sample_due_at)


def test_a_late_confirmation_is_due_at_once_not_in_the_past() -> None:
    now = START + timedelta(minutes=3)
    due = next_due(
        started_at=START,
        sample_due_at=START,
        period=timedelta(hours=1),
        look_again=timedelta(seconds=60),
        now=now,
    )
    assert due.next_due_at == now


def test_phases_spread_evenly() -> None:
    period = timedelta(minutes=5)
    tenths = [0] * 10
    for number in range(5000):
        tenths[int(phase(f"site-{number}", period) / period * 10)] += 1
    assert min(tenths) > 400
    assert max(tenths) < 600
