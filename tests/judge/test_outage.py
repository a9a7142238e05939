"""An outage with its gaps: down again within 24 hours is the same one, 24 hours of open end it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.judge.outage import day, next_outage
from monitor.judge.runs import ConditionStep, Confirmation
from monitor.model import Cause, Outage, Run
from tests.judge.made import DAY, HOUR, LETTERS, MINUTE, NOON, at, condition, played, run

THREE = Confirmation(3, MINUTE, 3, MINUTE)


def down(since: datetime, cause: Cause = Cause.OUTAGE) -> ConditionStep:
    return ConditionStep(opened=condition("reachable", cause, since))


def up(at: datetime, cause: Cause = Cause.OUTAGE) -> ConditionStep:
    return ConditionStep(ended=replace(condition("reachable", cause, at - HOUR), ended_at=at))


def test_it_starts_with_the_first_failed_look() -> None:
    assert next_outage(None, None, NOON) is None
    assert next_outage(None, ConditionStep(), NOON) is None
    assert next_outage(None, down(NOON - 2 * MINUTE), NOON) == Outage(NOON - 2 * MINUTE)


@pytest.mark.parametrize("cause", [Cause.SLOW, Cause.TAMPER])
def test_slow_and_tampered_run_no_clock(cause: Cause) -> None:
    assert next_outage(None, down(NOON, cause), NOON) is None
    running = Outage(NOON)
    assert next_outage(running, up(NOON + HOUR, cause), NOON + HOUR) == running


def test_a_gap_and_the_end() -> None:
    running = Outage(NOON, id=3)
    gap = next_outage(running, up(NOON + HOUR), NOON + HOUR)
    assert gap == Outage(NOON, up_since=NOON + HOUR, id=3)
    again = next_outage(gap, down(NOON + DAY), NOON + DAY)
    assert again == Outage(NOON, gaps=((NOON + HOUR, NOON + DAY),), id=3)
    assert next_outage(gap, None, NOON + HOUR + DAY - MINUTE) == gap
    over = next_outage(gap, None, NOON + HOUR + DAY)
    assert over == Outage(NOON, up_since=NOON + HOUR, ended_at=NOON + HOUR, id=3)


def test_from_outage_to_slow_is_a_gap_for_it_answers() -> None:
    step = ConditionStep(opened=down(NOON, Cause.SLOW).opened, ended=up(NOON).ended)
    assert next_outage(Outage(NOON - HOUR), step, NOON) == Outage(NOON - HOUR, up_since=NOON)
    back = ConditionStep(opened=down(NOON + HOUR).opened, ended=up(NOON + HOUR, Cause.SLOW).ended)
    again = next_outage(Outage(NOON - HOUR, up_since=NOON), back, NOON + HOUR)
    assert again == Outage(NOON - HOUR, gaps=((NOON, NOON + HOUR),))


def test_from_one_failure_to_another_it_goes_on() -> None:
    step = ConditionStep(opened=down(NOON).opened, ended=up(NOON).ended)
    assert next_outage(Outage(NOON - HOUR), step, NOON) == Outage(NOON - HOUR)


def test_down_again_after_24_hours_ends_the_old_and_begins_a_new_one() -> None:
    gap, step = Outage(NOON, up_since=NOON + HOUR), down(NOON + HOUR + DAY)
    over = next_outage(gap, step, NOON + 2 * DAY)
    assert over is not None
    assert over.ended_at == NOON + HOUR
    assert next_outage(None, step, NOON + 2 * DAY) == Outage(NOON + HOUR + DAY)


@pytest.mark.parametrize(
    ("letter", "after", "ends"),
    [(".", DAY, True), ("S", DAY, True), ("F", DAY, False), ("?", DAY, False), (".", DAY - MINUTE, False)],
)
def test_with_the_run_at_hand_only_a_look_ends_it(letter: str, after: timedelta, ends: bool) -> None:
    gap = Outage(NOON - HOUR, up_since=NOON)
    told = next_outage(gap, None, NOON + 3 * DAY, run(LETTERS[letter], NOON + after))
    assert told is not None
    assert (told.ended_at is not None) is ends


def test_day_0_is_the_start_day() -> None:
    outage = Outage(at("2026-11-20", "23:59:00"))
    assert day(outage, at("2026-11-20", "23:59:30")) == 0
    assert day(outage, at("2026-11-21")) == 1
    assert day(outage, at("2026-12-21")) == 31


@given(st.text(alphabet="...FFFS?", max_size=120), st.sampled_from([MINUTE, HOUR, 5 * HOUR]))
def test_over_any_history_outages_are_in_order_and_gaps_short(looks: str, step: timedelta) -> None:
    outage, finished, now, seen = None, [], NOON, list[Run]()
    for current, opened, done in played(looks, THREE, step=step):
        seen.append(current)
        outage = next_outage(outage, done, now, current)
        if outage is not None and outage.ended_at is not None:
            finished.append(outage)
            outage = next_outage(None, done, now, current)
        is_down = opened is not None and opened.cause is Cause.OUTAGE
        assert is_down == (outage is not None and outage.up_since is None)
        now += step
    for one in [*finished, *([outage] if outage else [])]:
        edges = [one.started_at, *(edge for gap in one.gaps for edge in gap), *([one.up_since] if one.up_since else [])]
        assert edges == sorted(edges)
        assert all(end - start < DAY for start, end in one.gaps)
    for one, other in zip(finished, [*finished[1:], *([outage] if outage else [])], strict=False):
        assert one.ended_at is not None
        assert other.started_at - one.ended_at >= DAY
