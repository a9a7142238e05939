"""What falls due as the store lists it: with an instant and without, counted alike, and when something of it is news."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from monitor.jobs import write_digest
from monitor.model import Cause, Compliance, Severity, Standing, say
from monitor.store import standings, views
from monitor.store.due import DATED_SQL, UNDATED_SQL
from tests.clock import START
from tests.store.made import store
from tests.store.plans import plan
from tests.web.filled import DAY, HOUR, remember, rule, target, watch

NEAR = Standing(
    "national-2019/N-COL-SUM",
    Compliance.DUE,
    say("{have} columns are stale, {more} more are a veto", have=4, more=1),
    Cause.COUNT,
    inputs={"have": 4, "count": 5, "more": 1},
)
PAPER = Standing("town/approved", Compliance.DUE, say("the record does not say who approved it"), Cause.FILED_WITHIN)


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        watch(connection, *(target(name) for name in ("a", "b", "c", "d")))
        remember(connection, rule(NEAR.rule, severity=Severity.VETO), rule(PAPER.rule), rule("house/x"))
        yield connection


def dated(days: int, **other: Any) -> Standing:
    told = Standing("house/x", Compliance.DUE, say("x"), Cause.STALE, until=START + days * DAY)
    return told._replace(**other)


def put(tx: sqlite3.Connection, name: str, *wanted: Standing, at: datetime = START) -> None:
    standings.replace(tx, name, wanted, None, at)


def test_what_has_no_instant_is_listed_first_and_the_veto_before_the_paper(tx: sqlite3.Connection) -> None:
    put(tx, "a", PAPER, dated(1))
    put(tx, "b", NEAR)
    found = views.due_next(tx)
    assert [(one.target, one.rule, one.due) for one in found] == [
        ("b", NEAR.rule, None), ("a", PAPER.rule, None), ("a", "house/x", START + DAY),
    ]  # fmt: skip
    assert [one.is_near_veto for one in found] == [True, False, False]
    assert found[0].inputs == {"have": 4, "count": 5, "more": 1}
    assert [one.rule for one in views.due_next(tx, until=START)] == [NEAR.rule, PAPER.rule]


def test_it_counts_what_it_lists_the_desks_own_duties_too(tx: sqlite3.Connection) -> None:
    put(tx, "a", PAPER, dated(1))
    put(tx, "b", NEAR)
    put(tx, "*", dated(9))
    put(tx, "c", dated(2))
    tx.execute("UPDATE targets SET removed_at = 1 WHERE id = 'c'")
    assert views.totals(tx).due == len(views.due_next(tx, views.ALL)) == 4


def test_papers_without_a_day_leave_room_for_days(tx: sqlite3.Connection) -> None:
    for name in "abcd":
        put(tx, name, dated(3), NEAR, PAPER)
    shown = views.due_next(tx, 6)
    assert [one.due is None for one in shown] == [True, True, False, False, False, False]
    assert all(one.is_near_veto for one in shown[:2])
    assert [one.due is None for one in views.due_next(tx, 10)] == [True] * 6 + [False] * 4


def test_only_a_turn_is_news(tx: sqlite3.Connection) -> None:
    def turned() -> datetime | None:
        return views.due_next(tx)[0].turned_at

    put(tx, "a", dated(40, warned=1))
    put(tx, "a", dated(40, warned=1, why=say("day {n}", n=2)), at=START + DAY)
    assert turned() == START, "other words are no news"
    put(tx, "a", dated(40, warned=2), at=START + 2 * DAY)
    assert turned() == START + 2 * DAY, "another warning is"
    put(tx, "a", dated(41, warned=2), at=START + 3 * DAY)
    assert turned() == START + 3 * DAY, "and another end"
    put(tx, "a", at=START + 4 * DAY)
    put(tx, "a", dated(41, warned=2), at=START + 5 * DAY)
    assert turned() == START + 5 * DAY, "and when it is due anew"


def test_a_row_of_an_older_program_is_news_when_it_was_decided(tx: sqlite3.Connection) -> None:
    put(tx, "a", dated(40))
    tx.execute("UPDATE standings SET turned_at = NULL")
    assert views.due_next(tx)[0].turned_at == START


def test_the_last_digest_is_that_of_a_day_before(tx: sqlite3.Connection) -> None:
    def digest(at: datetime) -> None:
        write_digest(tx, {}, at)

    assert views.digested_at(tx, START) is None
    digest(START)
    assert views.digested_at(tx, START + HOUR) is None, "today's own"
    digest(START + DAY)
    assert views.digested_at(tx, START + 2 * DAY) == START + DAY


def test_the_questions_walk_what_is_due_alone(tx: sqlite3.Connection) -> None:
    for sql, values in ((DATED_SQL, (1, 1)), (UNDATED_SQL, (1,))):
        how = plan(tx, sql, values)
        assert "standings_due" in how
        assert not any(line.startswith("SCAN") and "standings_due" not in line for line in how.splitlines())
