"""Looks that come before their turn, for company: which ones, how many, and at what cost."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, strategies as st

from monitor.clock import to_ms
from monitor.store import state, targets
from monitor.store.targets import AHEAD, COMPANY, NEAR, SHARE
from tests.store.made import HOUR, LEASE, MINUTE, NOON, SECOND, column, site, store, with_targets

SITE_PERIOD, COLUMN_PERIOD = 5 * MINUTE, HOUR  # of tests.store.made


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        yield connection


def turn(
    tx: sqlite3.Connection, name: str, ahead: timedelta, *, grid: timedelta | None = None, visits: int = 1
) -> None:
    """That target is due so long after noon, `grid` being its place on the sampling grid."""
    values = to_ms(NOON + ahead), to_ms(NOON + (ahead if grid is None else grid)), visits, name
    tx.execute("UPDATE targets SET next_due_at = ?, sample_due_at = ?, visits = ? WHERE id = ?", values)


def claimed(tx: sqlite3.Connection, limit: int = 100) -> list[str]:
    return [claim.target.id for claim in targets.claim(tx, NOON, limit, LEASE)]


def test_who_is_due_takes_along_whose_turn_is_near(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("due"), site("near"), site("far"), column("daily"))
    turn(tx, "due", -SECOND)
    turn(tx, "near", SITE_PERIOD / SHARE)
    turn(tx, "far", SITE_PERIOD / SHARE + SECOND)
    turn(tx, "daily", COLUMN_PERIOD / SHARE)
    claims = targets.claim(tx, NOON, 100, LEASE)
    assert [claim.target.id for claim in claims] == ["due", "near", "daily"]
    assert all(claim.sample for claim in claims)
    assert [claim.sample_due_at for claim in claims] == [claim.due_at for claim in claims]
    assert claimed(tx) == []


def test_nothing_is_looked_at_early_when_nothing_is_due(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("near"))
    turn(tx, "near", SECOND)
    assert claimed(tx) == []


def test_a_confirmation_and_a_first_look_keep_their_time(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("due"), site("confirmed"), site("new"), site("leased"), site("gone"))
    turn(tx, "due", -SECOND)
    turn(tx, "confirmed", SECOND, grid=2 * MINUTE)
    turn(tx, "new", SECOND, visits=0)
    for name in ("leased", "gone"):
        turn(tx, name, SECOND)
    tx.execute("UPDATE targets SET lease = 'x', lease_until = ? WHERE id = 'leased'", (to_ms(NOON + HOUR),))
    tx.execute("UPDATE targets SET removed_at = ? WHERE id = 'gone'", (to_ms(NOON),))
    assert claimed(tx) == ["due"]


def test_a_weekly_look_comes_ten_minutes_early_at_most(tx: sqlite3.Connection) -> None:
    with_targets(tx, site("due"), site("within"), site("beyond"))
    tx.execute("UPDATE targets SET period = ?", (7 * 24 * HOUR // timedelta(milliseconds=1),))
    turn(tx, "due", -SECOND)
    turn(tx, "within", AHEAD)
    turn(tx, "beyond", AHEAD + SECOND)
    assert claimed(tx) == ["due", "within"]


@given(st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
def test_company_never_crowds_out_what_is_due(due: int, near: int, room: int) -> None:
    with store() as tx:
        with_targets(tx, *(site(f"due-{n:02}") for n in range(due)), *(site(f"near-{n:02}") for n in range(near)))
        for n in range(due):
            turn(tx, f"due-{n:02}", -SECOND)
        for n in range(near):
            turn(tx, f"near-{n:02}", SECOND)
        names = claimed(tx, room)
    assert sum(name.startswith("due") for name in names) == min(due, room)
    assert len(names) == min(room, max(due, min(due + near, COMPANY)))


def test_a_look_given_back_before_its_turn_has_its_turn(tx: sqlite3.Connection) -> None:
    """A host that is busy: who came early waits for its own time, not five seconds."""
    with_targets(tx, site("due"), site("near"))
    turn(tx, "due", -SECOND)
    turn(tx, "near", 15 * SECOND)
    state.give_back(tx, targets.claim(tx, NOON, 10, LEASE), NOON + 5 * SECOND)
    held = dict(tx.execute("SELECT id, next_due_at FROM targets").fetchall())
    assert held == {"due": to_ms(NOON + 5 * SECOND), "near": to_ms(NOON + 15 * SECOND)}


def test_looking_for_company_is_bounded() -> None:
    """Thousands of first looks lie ahead after an inventory has come: they are not gone through in every round."""
    steps = {}
    for total in (NEAR + 1, 5000):
        with store() as tx:
            with_targets(tx, site("due"), *(site(f"new-{n:05}") for n in range(total)))
            tx.execute("UPDATE targets SET next_due_at = ?, sample_due_at = next_due_at", (to_ms(NOON + SECOND),))
            turn(tx, "due", -SECOND)
            counted: list[int] = []
            tx.set_progress_handler(partial(counted.append, 1), 10)
            assert claimed(tx) == ["due"]
            tx.set_progress_handler(None, 0)
            steps[total] = len(counted)
    assert steps[5000] < steps[NEAR + 1] * 1.2
