"""Runs, conditions, outages and samples as they are stored and come back."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import Cause, Condition, Measure, Outage, Run
from monitor.store import canon, clockset, findings, opening, past, schema
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


def test_a_date_that_moves_is_kept_with_the_look_that_told_it_first(tx: sqlite3.Connection) -> None:
    def told(day: str, n: int) -> Run:
        finding = good("feed_fresh")._replace(
            measures=(Measure("newest", day, "date"), Measure("seconds", n, "seconds"))
        )
        return run(finding, NOON, id=number, last_at=NOON + n * HOUR)

    number = None
    number = findings.save_run(tx, "a", told("2026-11-01", 0), None)
    for n, day in enumerate(("2026-11-01", "2026-11-03", "2026-11-03", "2026-11-02"), 1):
        findings.save_run(tx, "a", told(day, n), None)
    (dates,) = past.past_of(tx, "a").dates.items()
    assert dates[0] == (number, "newest")
    assert [((one.since - NOON) // HOUR, one.day) for one in dates[1]] == [
        (0, "2026-11-01"),
        (2, "2026-11-03"),
        (4, "2026-11-02"),
    ]


def test_a_clock_set_back_takes_no_date_into_the_future(tx: sqlite3.Connection) -> None:
    fresh = good("feed_fresh")._replace(measures=(Measure("newest", "2026-11-01", "date"),))
    number = findings.save_run(tx, "a", run(fresh, NOON), None)
    later = fresh._replace(measures=(Measure("newest", "2026-11-09", "date"),))
    findings.save_run(tx, "a", run(later, NOON, id=number, last_at=NOON + 9 * DAY), None)
    clockset.move_along(tx, -9 * DAY, NOON + HOUR)
    assert [one.since for one in past.past_of(tx, "a").dates[number, "newest"]] == [NOON]


def test_of_runs_of_an_earlier_program_the_dates_are_kept_from_its_end_on() -> None:
    old = sqlite3.connect(":memory:", isolation_level=None)
    try:
        opening.migrate(old, schema.MIGRATIONS[:-1])
        columns = "target_id, check_name, outcome, first_at, last_at, looks, streak, streak_since, summary, evidence, measures"
        for name, measures in (("a", (Measure("newest", "2026-11-01", "date"),)), ("b", ())):
            row = (name, "feed_fresh", "ok", 1000, 5000, 3, 3, 1000, "{}", "{}", canon.dumps(measures))
            old.execute(f"INSERT INTO runs ({columns}) VALUES ({', '.join('?' * len(row))})", row)
        opening.migrate(old, schema.MIGRATIONS)
        assert old.execute("SELECT * FROM run_dates").fetchall() == [(1, "newest", 5000, "2026-11-01")]
    finally:
        old.close()


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


def test_of_each_24_hours_the_fullest_and_all(tx: sqlite3.Connection) -> None:
    for hours, times in ((0, 2), (1, 4), (23, 1), (24, 3), (167, 5), (168, 9)):
        for _ in range(times):
            findings.count_sample(tx, "a", NOON - hours * HOUR, "good")
    assert findings.sampled_days(tx, "a", NOON) == [(4, 7), (3, 3), (5, 5)]
    assert findings.sampled_days(tx, "b", NOON) == []


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
