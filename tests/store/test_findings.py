"""Runs, conditions, outages and samples as they are stored and come back."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import Cause, Condition, Measure, Outage
from monitor.store import findings
from tests.store.made import DAY, HOUR, MINUTE, NOON, bad, good, run, store


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        yield connection


def test_a_run_comes_back_as_it_was_saved(tx: sqlite3.Connection) -> None:
    finding = bad(subject="栏目")._replace(
        measures=(Measure("seconds", 30.5, "seconds"),), evidence={"hops": ["http://a/"]}
    )
    saved = run(finding, cause_streak=2, cause_since=NOON - MINUTE, looks=3, streak=3, streak_since=NOON - HOUR)
    number = findings.save_run(tx, "a", saved, None)
    assert findings.current_runs(tx, "a") == {("reachable", "栏目"): saved._replace(id=number)}
    assert findings.current_run(tx, "a", "reachable", "栏目") == saved._replace(id=number)
    assert findings.current_run(tx, "a", "reachable", "") is None


def test_a_new_run_ends_the_one_before(tx: sqlite3.Connection) -> None:
    first = run(good())._replace(id=findings.save_run(tx, "a", run(good()), None))
    second = run(bad(), NOON + MINUTE)
    findings.save_run(tx, "a", second, first)
    assert [r.finding for r in findings.current_runs(tx, "a").values()] == [bad()]
    assert tx.execute("SELECT COUNT(*), SUM(is_current) FROM runs").fetchone() == (2, 1)
    with pytest.raises(sqlite3.IntegrityError):
        findings.save_run(tx, "a", run(good(), NOON + HOUR), None)


def test_a_known_run_is_updated_and_a_touched_one_only_counts(tx: sqlite3.Connection) -> None:
    number = findings.save_run(tx, "a", run(bad()), None)
    later = run(bad(reason="timeout"))._replace(id=number, last_at=NOON + MINUTE, looks=2, streak=2)
    assert findings.save_run(tx, "a", later, None) == number
    findings.touch_runs(tx, [number], NOON + HOUR)
    findings.touch_runs(tx, [], NOON + HOUR)
    (found,) = findings.current_runs(tx, "a").values()
    assert (found.first_at, found.last_at, found.looks, found.streak, found.cause_streak) == (
        NOON,
        NOON + HOUR,
        3,
        3,
        2,
    )
    findings.touch_runs(tx, [number], NOON)
    assert findings.current_runs(tx, "a")["reachable", ""].last_at == NOON + HOUR, "a clock set back moves no end back"


def test_conditions_open_once_and_end(tx: sqlite3.Connection) -> None:
    condition = Condition("reachable", "", Cause.OUTAGE, "dns", NOON - MINUTE, NOON)
    number = findings.open_condition(tx, "a", condition)
    with pytest.raises(sqlite3.IntegrityError):
        findings.open_condition(tx, "a", condition)
    opened = replace(condition, id=number)
    assert findings.open_conditions(tx, "a") == [opened]
    with pytest.raises(ValueError, match="instant"):
        findings.end_condition(tx, "a", opened)
    findings.end_condition(tx, "a", replace(opened, ended_at=NOON + HOUR))
    assert findings.open_conditions(tx, "a") == []
    findings.open_condition(tx, "a", condition)


def test_samples_roll_over_168_hours(tx: sqlite3.Connection) -> None:
    for hours, kind in ((0, "good"), (0, "good"), (1, "failed"), (167, "excluded"), (168, "good"), (400, "failed")):
        findings.count_sample(tx, "a", NOON - hours * HOUR, kind)
    assert findings.samples(tx, "a", NOON) == (2, 1, 1)
    assert findings.samples(tx, "a", NOON - 2 * HOUR) == (1, 0, 1), "what comes later is not counted"
    assert findings.samples(tx, "b", NOON) == (0, 0, 0)
    with pytest.raises(ValueError, match="dubious"):
        findings.count_sample(tx, "a", NOON, "dubious")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.sampled_from(findings.SAMPLES)), max_size=60))
def test_samples_are_what_counting_by_hand_gives(looks: list[tuple[int, str]]) -> None:
    with store() as tx:
        for hours, kind in looks:
            findings.count_sample(tx, "a", NOON - hours * HOUR, kind)
        wanted = tuple(sum(1 for hours, kind in looks if kind == each and hours < 168) for each in findings.SAMPLES)
        assert findings.samples(tx, "a", NOON) == wanted


def test_one_outage_runs_at_a_time(tx: sqlite3.Connection) -> None:
    assert findings.running_outage(tx, "a") is None
    findings.start_outage(tx, "a", NOON)
    with pytest.raises(sqlite3.IntegrityError):
        findings.start_outage(tx, "a", NOON)


def test_an_outage_is_saved_as_judged(tx: sqlite3.Connection) -> None:
    number = findings.save_outage(tx, "a", Outage(NOON))
    judged = Outage(NOON, NOON + DAY, None, ((NOON + HOUR, NOON + 2 * HOUR),), number)
    assert findings.save_outage(tx, "a", judged) == number
    assert findings.running_outage(tx, "a") == judged
    findings.save_outage(tx, "a", replace(judged, ended_at=NOON + DAY))
    assert findings.running_outage(tx, "a") is None
