"""The door between plan and store: inventory, claims, leases, finishing; and that a claim costs what is due, not what there is."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, strategies as st

from monitor.clock import from_ms, to_ms
from monitor.model import Contact, EntryKind, Outcome, Page, Reach, TargetKind
from monitor.plan.due import first_turn, next_sample, number_of, phase
from monitor.store import canon, findings, standings, targets
from monitor.store.inventory import _first_turns, _soon
from monitor.store.state import state_of
from monitor.store.targets import DUE_SQL, LAST_RUNS_SQL, LEASE_SQL, SOME_SQL
from tests.store.made import (
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NOON,
    PERIODS,
    SECOND,
    all_due,
    column,
    fetched,
    good,
    reading,
    run,
    settled,
    site,
    store,
    visited,
    with_targets,
)  # fmt: skip
from tests.store.plans import plan

MS = timedelta(milliseconds=1)


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        yield connection


def times(tx: sqlite3.Connection, name: str) -> tuple[int, int]:
    row: tuple[int, int] = tx.execute("SELECT next_due_at, sample_due_at FROM targets WHERE id = ?", (name,)).fetchone()
    return row


def test_a_target_comes_back_as_it_was_given(tx: sqlite3.Connection) -> None:
    given = column(
        "栏目-1",
        owner="曲江区人民政府办公室",
        contacts=(Contact("张三", "0751-1234567", "值班"),),
        packs=("national-2019", "house"),
        on_home=True,
        level=2,
        options={"column_fresh": {"days": 14}},
    )
    with_targets(tx, given)
    assert targets.load_target(tx, "栏目-1") == given
    with pytest.raises(KeyError):
        targets.load_target(tx, "none")


def test_an_entry_comes_back_with_the_home_page_it_belongs_to(tx: sqlite3.Connection) -> None:
    entry = replace(column("a/fw"), kind=TargetKind.PAGE, column=None, site="a", entry=EntryKind.SERVICE)
    with_targets(tx, site("a"), entry)
    assert targets.load_target(tx, "a/fw") == replace(entry, home=site("a").url)
    claims = {claim.target.id: claim.target for claim in targets.claim(tx, NOON + 9 * DAY, 100, HOUR)}
    assert claims["a/fw"] == replace(entry, home=site("a").url)
    moved = replace(site("a"), url="http://new.example/")
    with_targets(tx, moved, entry)
    assert targets.load_target(tx, "a/fw").home == "http://new.example/"
    with_targets(tx, moved, replace(entry, entry=EntryKind.OTHER))
    assert targets.load_target(tx, "a/fw").entry is EntryKind.OTHER
    with pytest.raises(sqlite3.IntegrityError):
        tx.execute("UPDATE targets SET entry = 'servic' WHERE id = 'a/fw'")


def test_new_sites_are_spread_over_four_minutes(tx: sqlite3.Connection) -> None:
    with_targets(tx, *(site(f"site-{n}") for n in range(2000)))
    due = [row[0] for row in tx.execute("SELECT next_due_at FROM targets")]
    start, four = to_ms(NOON), 4 * MINUTE // MS
    assert all(start <= at < start + four for at in due)
    tenths = [sum(1 for at in due if (at - start) * 10 // four == tenth) for tenth in range(10)]
    assert min(tenths) > 140
    assert max(tenths) < 260


def test_many_new_columns_do_not_stand_in_line_before_the_home_pages(tx: sqlite3.Connection) -> None:
    """15 ms of a core each: 20,000 of them in five minutes would take all of it."""
    periods = {**PERIODS, TargetKind.COLUMN: 6 * HOUR}
    every = [site(f"site-{n:03}") for n in range(200)] + [column(f"col-{n:05}") for n in range(20_000)]
    targets.sync(tx, every, periods, NOON)
    last = dict(tx.execute("SELECT kind, MAX(next_due_at) FROM targets GROUP BY kind").fetchall())
    ten_minutes = to_ms(NOON + 10 * MINUTE)
    assert to_ms(NOON) < last["site"] <= to_ms(NOON + 5 * MINUTE)
    assert ten_minutes < last["column"] < ten_minutes + 15_000
    first = tx.execute("SELECT MIN(next_due_at) FROM targets WHERE kind = 'column'").fetchone()[0]
    assert to_ms(NOON + 6 * SECOND) <= first < to_ms(NOON + 7 * SECOND), "30 ms for each home page before them"
    soon = "SELECT COUNT(*) FROM targets WHERE kind = 'column' AND next_due_at <= ?"
    assert 9_000 < tx.execute(soon, (to_ms(NOON + 5 * MINUTE),)).fetchone()[0] < 11_000


def test_a_few_new_columns_are_looked_at_within_five_minutes_and_never_later_than_an_hour(
    tx: sqlite3.Connection,
) -> None:
    periods = {**PERIODS, TargetKind.COLUMN: 6 * HOUR}
    targets.sync(tx, [column(f"col-{n}") for n in range(100)], periods, NOON)
    assert tx.execute("SELECT MAX(next_due_at) FROM targets").fetchone()[0] <= to_ms(NOON + 5 * MINUTE)
    assert _soon(TargetKind.COLUMN, 6 * HOUR // MS, 350_000) == HOUR // MS
    assert _soon(TargetKind.COLUMN, 10 * SECOND // MS, 350_000) == 10 * SECOND // MS, "never later than its own cadence"


@given(
    st.text(min_size=1),
    st.integers(1, 10**11),
    st.integers(0, 10**6),
    st.integers(1, 10**7),
    st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
)
def test_first_turns_are_those_of_the_plan(name: str, period: int, behind: int, soon: int, now: datetime) -> None:
    turn = next_sample(from_ms(0) + phase(name, period * MS), period * MS, now)
    first = now + behind * MS + phase(name, soon * MS)
    assert _first_turns(name, period, behind, soon, to_ms(now)) == (to_ms(turn), to_ms(first))
    assert first_turn(number_of(name), period, to_ms(now)) == to_ms(turn)


def test_sync_says_what_came_changed_and_went(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"), site("b"), site("c"))
    before = times(tx, "b")
    result = targets.sync(tx, [site("a"), site("b", owner="办公室"), site("d")], PERIODS, NOON + HOUR)
    assert (result.added, result.changed, result.removed) == (("d",), ("b",), ("c",))
    assert times(tx, "b") == before, "a changed target keeps its turn"
    again = targets.sync(tx, [site("a"), site("b", owner="办公室"), site("d")], PERIODS, NOON + 2 * HOUR)
    assert (again.added, again.changed, again.removed) == ((), (), ())


def test_a_changed_period_gives_a_new_turn(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"))
    before = times(tx, "a")
    result = targets.sync(tx, [site("a")], {**PERIODS, TargetKind.SITE: HOUR}, NOON + DAY)
    assert result.changed == ("a",)
    assert times(tx, "a") != before
    assert to_ms(NOON + DAY) < times(tx, "a")[0] <= to_ms(NOON + DAY + HOUR)


def test_a_target_that_goes_is_a_tombstone_and_can_come_back(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"))
    all_due(tx)
    (claim,) = targets.claim(tx, NOON, 10, LEASE)
    findings.save_run(tx, "a", run(good()), None)
    targets.sync(tx, [], PERIODS, NOON)
    assert targets.claim(tx, NOON + DAY, 10, LEASE) == []
    assert not targets.finish(tx, visited(claim), settled()), "its lease went with it"
    result = targets.sync(tx, [site("a")], PERIODS, NOON + DAY)
    assert result.added == ("a",)
    assert findings.current_run(tx, "a", "reachable", "") is not None, "history stays"
    (claim,) = targets.claim(tx, NOON + 2 * DAY, 10, LEASE)
    assert claim.target.id == "a"


def test_sync_leaves_links_alone(tx: sqlite3.Connection) -> None:
    tx.execute(
        """INSERT INTO targets (id, kind, name, url, host, added_at, period, sample_due_at, next_due_at)
           VALUES ('link:1', 'link', 'x', 'http://x.example/', 'x.example', 0, 1000, 0, 0)"""
    )
    assert targets.sync(tx, [], PERIODS, NOON).removed == ()
    assert [claim.target.id for claim in targets.claim(tx, NOON, 10, LEASE)] == ["link:1"]


def test_a_claim_is_longest_overdue_first_and_nobody_else_gets_it(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"), site("b"), site("c"))
    for name, late in (("a", 1), ("b", 3), ("c", 2)):
        tx.execute("UPDATE targets SET next_due_at = ? WHERE id = ?", (to_ms(NOON - late * SECOND), name))
    first = targets.claim(tx, NOON, 2, LEASE)
    assert [claim.target.id for claim in first] == ["b", "c"]
    assert first[0].due_at == NOON - 3 * SECOND
    assert [claim.target.id for claim in targets.claim(tx, NOON, 10, LEASE)] == ["a"]
    assert targets.claim(tx, NOON + LEASE - SECOND, 10, LEASE) == []
    assert len(targets.claim(tx, NOON + LEASE, 10, LEASE)) == 3, "a lease that ended frees its target"


def test_only_the_grid_is_a_sample(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"))
    all_due(tx)
    (claim,) = targets.claim(tx, NOON, 10, LEASE)
    assert claim.sample
    confirming = settled(next_due_at=NOON + MINUTE, sample_due_at=NOON + 5 * MINUTE)
    assert targets.finish(tx, visited(claim), confirming)
    (again,) = targets.claim(tx, NOON + MINUTE, 10, LEASE)
    assert not again.sample
    assert targets.finish(tx, visited(again), settled(next_due_at=NOON + 5 * MINUTE))
    (on_grid,) = targets.claim(tx, NOON + 5 * MINUTE, 10, LEASE)
    assert on_grid.sample
    assert on_grid.seen.visits == 2


def test_a_visit_is_remembered_for_the_next(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"))
    all_due(tx)
    (claim,) = targets.claim(tx, NOON, 10, LEASE)
    assert claim.seen.reading is None
    findings.save_run(tx, "a", run(good("certificate"), NOON), None)
    read = reading(newest_date="2026-11-19", newest_precision="day", meta={"SiteName": "曲江"})
    heads = (("ETag", '"1"'), ("Last-Modified", "Thu, 19 Nov 2026 00:00:00 GMT"))
    page = Page(fetched(b"body", headers=heads), Reach.OPEN, read)
    known = settled(reading_json=canon.dumps(read), newest_seen="2026-11-20")
    assert targets.finish(tx, visited(claim, page=page, body=b"body"), known)
    (claim,) = targets.claim(tx, NOON + DAY, 10, LEASE)
    seen = claim.seen
    assert (seen.reading, seen.etag, seen.newest_seen) == (read, '"1"', "2026-11-20")
    assert seen.last_modified == "Thu, 19 Nov 2026 00:00:00 GMT"
    assert {about: (last.at, last.outcome) for about, last in seen.said.items()} == {
        ("certificate", ""): (NOON, Outcome.OK)
    }
    gone = Page(fetched(b"", reach=Reach.TIMEOUT, status=None), Reach.TIMEOUT, None)
    assert targets.finish(tx, visited(claim, page=gone), settled())
    (claim,) = targets.claim(tx, NOON + 2 * DAY, 10, LEASE)
    assert claim.seen.reading == read, "a failure wipes nothing that was known"
    assert claim.seen.body_hash == seen.body_hash


def test_a_stale_acknowledgement_changes_nothing(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"))
    all_due(tx)
    (late,) = targets.claim(tx, NOON, 10, LEASE)
    (mine,) = targets.claim(tx, NOON + LEASE, 10, LEASE)
    before = tx.execute("SELECT * FROM targets").fetchall()
    assert not targets.holds(tx, late)
    assert not targets.finish(tx, visited(late), settled())
    targets.release(tx, [late])
    assert tx.execute("SELECT * FROM targets").fetchall() == before
    assert targets.holds(tx, mine)
    assert targets.finish(tx, visited(mine), settled())
    assert not targets.finish(tx, visited(mine), settled()), "once"


def test_release_gives_back_as_if_never_claimed(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"), site("b"))
    all_due(tx)
    before = tx.execute("SELECT * FROM targets").fetchall()
    targets.release(tx, targets.claim(tx, NOON, 10, LEASE))
    assert tx.execute("SELECT * FROM targets").fetchall() == before
    once, again = targets.claim(tx, NOON, 1, LEASE), targets.claim(tx, NOON, 1, LEASE)
    assert once[0].lease != again[0].lease
    assert targets.end_leases(tx, NOON) == 2
    assert len(targets.claim(tx, NOON, 10, LEASE)) == 2


def test_blindness_and_looks(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"))
    all_due(tx)
    (claim,) = targets.claim(tx, NOON, 1, LEASE)
    targets.finish(tx, visited(claim), settled(looked_at=None, blind_since=NOON, blind_reason="challenged"))
    state = state_of(tx, "a")
    assert (state.blind_since, state.blind_reason, state.first_look_at) == (NOON, "challenged", None)
    (claim,) = targets.claim(tx, NOON + DAY, 1, LEASE)
    targets.finish(tx, visited(claim, at=NOON + DAY), settled(NOON + DAY))
    state = state_of(tx, "a")
    assert (state.blind_since, state.blind_reason, state.first_look_at, state.last_look_at) == (
        None,
        "",
        NOON + DAY,
        NOON + DAY,
    )


def test_pull_in_and_postpone(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"), site("b"))
    all_due(tx, NOON + HOUR)
    targets.pull_in(tx, "a", NOON + MINUTE)
    targets.pull_in(tx, "a", NOON + 2 * HOUR)
    assert times(tx, "a") == (to_ms(NOON + MINUTE), to_ms(NOON + HOUR)), "earlier, never later; the grid stays"
    assert targets.next_due_at(tx) == NOON + MINUTE
    targets.postpone(tx, "a", NOON + DAY)
    assert targets.next_due_at(tx) == NOON + HOUR
    targets.claim(tx, NOON + HOUR, 10, LEASE)
    assert targets.next_due_at(tx) == NOON + HOUR + LEASE, "a lease that ends is due"
    assert targets.next_due_at(tx) is not None


def test_after_downtime_the_long_overdue_are_spread_and_the_others_keep_their_turn(tx: sqlite3.Connection) -> None:
    with_targets(tx, *(site(f"site-{n:03}") for n in range(300)), column("late"), column("fresh"))
    all_due(tx)
    now = NOON + 2 * HOUR
    tx.execute("UPDATE targets SET next_due_at = ? WHERE id = 'fresh'", (to_ms(now - 30 * MINUTE),))
    assert targets.spread_overdue(tx, now) == 301
    assert times(tx, "fresh")[0] == to_ms(now - 30 * MINUTE)
    assert to_ms(now) <= times(tx, "late")[0] < to_ms(now + HOUR)
    rows = tx.execute("SELECT next_due_at FROM targets WHERE kind = 'site'").fetchall()
    per_minute = [sum(1 for (at,) in rows if (at - to_ms(now)) // 60_000 == minute) for minute in range(5)]
    assert sum(per_minute) == 300
    assert min(per_minute) > 30
    assert targets.spread_overdue(tx, now) == 0


def test_coverage_counts_what_was_looked_at_in_its_time(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("seen"), site("late"), column("never"))
    all_due(tx, NOON + 5 * MINUTE)
    tx.execute("UPDATE targets SET last_visit_at = ? WHERE id = 'seen'", (to_ms(NOON),))
    tx.execute(
        "UPDATE targets SET last_visit_at = ?, next_due_at = ? WHERE id = 'late'",
        (to_ms(NOON - DAY), to_ms(NOON - HOUR)),
    )
    found = {line.kind: line for line in targets.coverage(tx, NOON + 4 * MINUTE)}
    sites, columns = found[TargetKind.SITE], found[TargetKind.COLUMN]
    assert (sites.total, sites.within, sites.overdue, sites.oldest_due_at) == (2, 1, 1, NOON - HOUR)
    assert (columns.total, columns.within, columns.overdue, columns.oldest_due_at) == (1, 0, 0, None)


def test_what_changes_by_time_alone_is_found_in_order(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("a"), site("b"), site("c"), site("d"))
    for name, at in (("a", NOON), ("b", NOON - HOUR), ("c", NOON + HOUR)):
        standings.replace(tx, name, (), at, NOON)
    assert targets.changing(tx, NOON, 10) == ["b", "a"]
    assert targets.changing(tx, NOON, 1) == ["b"]
    standings.replace(tx, "b", (), None, NOON)
    assert targets.changing(tx, NOON, 10) == ["a"]


CHANGING = """SELECT id FROM targets WHERE next_change_at IS NOT NULL AND removed_at IS NULL AND next_change_at <= 1
              ORDER BY next_change_at"""


def test_a_claim_costs_what_is_due_not_what_there_is(tx: sqlite3.Connection) -> None:
    how = plan(tx, DUE_SQL, (1, 1, 10))
    assert "USING INDEX targets_due (next_due_at<?)" in how
    assert "SCAN" not in how
    assert "TEMP B-TREE" not in how
    assert "SEARCH targets USING INDEX sqlite_autoindex_targets_1 (id=?)" in plan(
        tx, LEASE_SQL + SOME_SQL, ("x", 1, '["a"]')
    )
    ages = plan(tx, LAST_RUNS_SQL, ('["a"]',))
    assert "SEARCH runs USING INDEX runs_current (target_id=?)" in ages


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (
            "SELECT id FROM targets WHERE removed_at IS NULL AND lease IS NULL ORDER BY next_due_at LIMIT 1",
            "targets_due",
        ),
        ("SELECT MIN(lease_until) FROM targets WHERE lease IS NOT NULL", "targets_leased"),
        (CHANGING, "targets_changing"),
        (findings.CURRENT_RUNS_SQL.replace("?", "'a'"), "runs_current"),
        ("SELECT * FROM conditions WHERE target_id = 'a' AND ended_at IS NULL", "conditions_open"),
        ("SELECT * FROM outages WHERE target_id = 'a' AND ended_at IS NULL", "outages_running"),
        ("SELECT * FROM members WHERE target_id = 'a' AND left_at IS NULL", "members_target"),
        ("SELECT 1 FROM snapshots WHERE body_hash = 'a'", "snapshots_body"),
        ("SELECT * FROM snapshots WHERE target_id = 'a' ORDER BY at DESC, id DESC LIMIT 1", "snapshots_target"),
        ("SELECT SUM(good) FROM availability WHERE target_id = 'a' AND hour > 1 AND hour <= 2", "PRIMARY KEY"),
        ("SELECT * FROM standings WHERE value = 'due' AND until <= 1 ORDER BY until", "standings_due"),
    ],
)
def test_hot_questions_use_their_index(tx: sqlite3.Connection, statement: str, index: str) -> None:
    how = plan(tx, statement, ())
    assert index in how
    assert not any(line.startswith("SCAN") and index not in line for line in how.splitlines())


def test_the_work_of_a_claim_does_not_grow_with_the_inventory() -> None:
    """Counted in SQLite's own virtual machine steps, not in time."""
    steps = {}
    for total in (100, 5000):
        with store() as tx:
            with_targets(tx, *(site(f"site-{n:05}") for n in range(total)))
            all_due(tx, NOON + DAY)
            tx.execute("UPDATE targets SET next_due_at = ? WHERE id < 'site-00020'", (to_ms(NOON),))
            counted: list[int] = []
            tx.set_progress_handler(partial(counted.append, 1), 10)
            assert len(targets.claim(tx, NOON, 100, LEASE)) == 20
            tx.set_progress_handler(None, 0)
            steps[total] = len(counted)
    assert steps[5000] < steps[100] * 1.5


def test_times_are_whole_milliseconds() -> None:
    at = NOON + timedelta(microseconds=123_456)
    assert from_ms(to_ms(at)) == NOON + timedelta(milliseconds=123)


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))  # from the year 1 to the end of 9999
def test_an_instant_comes_back_to_the_millisecond(milliseconds: int) -> None:
    at = from_ms(milliseconds)
    assert (to_ms(at), at.microsecond % 1000) == (milliseconds, 0)
