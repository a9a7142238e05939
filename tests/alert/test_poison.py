"""Rows nobody can read, as a damaged disk or a hand at the database leaves them: set aside, and never in the way."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from monitor.alert.compose import compose
from monitor.alert.release import release
from monitor.config.settings import AlertSettings
from monitor.model import NoticeKind, Sent, Severity
from monitor.store import outbox, views
from monitor.store.handed import INCIDENTS_LOADED
from tests.alert.ledger import DUTY, LEASE, new_store, notice, put, states, told
from tests.clock import START

ALERT = AlertSettings()
POISON = {
    "facts are no JSON": "UPDATE notices SET facts = '{\"cause\": ' WHERE id = 1",
    "facts are a list": "UPDATE notices SET facts = '[1, 2]' WHERE id = 1",
    "facts are a word": "UPDATE notices SET facts = 'null' WHERE id = 1",
    "facts are empty": "UPDATE notices SET facts = '' WHERE id = 1",
    "facts are no UTF-8": "UPDATE notices SET facts = CAST(x'7b22ff227d' AS TEXT) WHERE id = 1",
    "a kind nobody knows": "UPDATE notices SET kind = 'shouted' WHERE id = 1",
    "a severity nobody knows": "UPDATE notices SET severity = 'apocalypse' WHERE id = 1",
    "a time beyond all years": "UPDATE notices SET created_at = 9000000000000000000 WHERE id = 1",
    "no incident, facts are no JSON": "UPDATE notices SET incident_id = NULL, facts = '{' WHERE id = 1",
}


@pytest.fixture
def tx(tmp_path: Path) -> sqlite3.Connection:
    return new_store(tmp_path / "outbox.db")


def claim(tx: sqlite3.Connection, **budgets: int) -> list[outbox.ClaimedDelivery]:
    return outbox.claim(tx, START, 100, LEASE, budgets or {"duty": 60})


@pytest.mark.parametrize("change", POISON.values(), ids=POISON)
@pytest.mark.parametrize("when", ["before the release", "after it"])
def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_out(tx: sqlite3.Connection, change: str, when: str) -> None:
    put(tx, notice(1), notice(2))
    if when == "before the release":
        tx.execute(change)
    release(tx, START, [DUTY], ALERT)
    tx.execute(change)
    claimed = claim(tx)
    assert [[n.incident for n in delivery.notices] for delivery in claimed] == [[2]]
    assert states(tx) == {"dead": 1, "sending": 1}
    (error, attempt) = tx.execute("SELECT last_error, attempt FROM deliveries WHERE state = 'dead'").fetchone()
    assert error == "the notice cannot be read"
    assert attempt == 0, "nothing was tried, and no budget was used"
    assert views.outbox(tx, START).dead == 1, "what turns health red"
    assert tx.execute("SELECT what FROM events").fetchall() == [("delivery.dead",)]
    assert outbox.next_release_at(tx) is None, "and the channel is not blamed"


def test_within_a_message_of_many_only_what_cannot_be_read_is_left_out(tx: sqlite3.Connection) -> None:
    put(tx, *(notice(n) for n in range(1, 9)))
    release(tx, START, [DUTY], ALERT)
    tx.execute("UPDATE notices SET facts = 'x' WHERE id IN (2, 3)")
    (delivery,) = claim(tx)
    assert [n.incident for n in delivery.notices] == [1, 4, 5, 6, 7, 8]
    assert delivery.total == 6
    (dead,) = tx.execute("SELECT id FROM deliveries WHERE state = 'dead'").fetchone()
    assert told(tx, dead) == [(2, "opened"), (3, "opened")]
    assert outbox.acknowledge(tx, delivery.id, delivery.attempt, Sent(), START)
    assert states(tx) == {"dead": 1, "sent": 1}


def test_a_readable_notice_behind_more_unreadable_ones_than_are_loaded(tx: sqlite3.Connection) -> None:
    count = INCIDENTS_LOADED + 5
    put(tx, *(notice(n) for n in range(1, count + 1)))
    release(tx, START, [DUTY], ALERT)
    tx.execute("UPDATE notices SET facts = 'x' WHERE id < ?", (count,))
    (delivery,) = claim(tx)
    assert [n.incident for n in delivery.notices] == [count]


def test_a_delivery_without_notices_says_nothing(tx: sqlite3.Connection) -> None:
    put(tx, notice(1), notice(2))
    release(tx, START, [DUTY], ALERT)
    tx.execute("DELETE FROM delivery_notices WHERE notice_id = 1")
    assert [[n.incident for n in delivery.notices] for delivery in claim(tx)] == [[2]]
    assert tx.execute("SELECT state, last_error FROM deliveries WHERE id = 1").fetchone() == (
        "dead",
        "there is no notice to send",
    )


def test_a_delivery_whose_own_row_is_spoilt_goes_by_its_notices(tx: sqlite3.Connection) -> None:
    put(tx, notice(1, severity=Severity.VETO), notice(2))
    release(tx, START, [DUTY], ALERT)
    tx.execute("UPDATE deliveries SET severity = 'apocalypse' WHERE id = 1")
    tx.execute("UPDATE deliveries SET created_at = 9000000000000000000 WHERE id = 2")
    one, two = claim(tx)
    assert (one.severity, two.created_at) == (Severity.VETO, START)
    assert outbox.acknowledge(tx, two.id, two.attempt, Sent(), START)


def test_a_channel_nobody_knows_and_an_incident_that_was_lost_hold_up_nothing(tx: sqlite3.Connection) -> None:
    put(tx, notice(1), notice(2), notice(3))
    release(tx, START, [DUTY], ALERT)
    tx.execute("UPDATE deliveries SET channel = 'nowhere' WHERE id = 1")
    tx.execute("PRAGMA foreign_keys = OFF")
    tx.execute("DELETE FROM incidents WHERE id = 2")
    claimed = claim(tx)
    assert [[n.incident for n in delivery.notices] for delivery in claimed] == [[2], [3]]
    assert "第2局网站" in compose(claimed[0].notices, "zh-CN", "http://desk", START).title
    outbox.bury_old(tx, START + timedelta(hours=24), timedelta(hours=24), ["duty"])
    assert tx.execute("SELECT state FROM deliveries WHERE id = 1").fetchone() == ("dead",)


def test_a_hundred_unreadable_ones_use_up_no_budget(tx: sqlite3.Connection) -> None:
    for number in range(1, 101):
        put(tx, notice(number, severity=Severity.VETO))
        release(tx, START, [DUTY], AlertSettings(group_after=1000))
    tx.execute("UPDATE notices SET facts = 'x'")
    put(tx, notice(200))
    release(tx, START, [DUTY], ALERT)
    rounds = 0
    while not (claimed := claim(tx, duty=18)):
        rounds += 1
        assert rounds < 10
    assert [n.incident for n in claimed[0].notices] == [200]
    assert outbox.used(tx, "duty", START) == 1


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ODD = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
NAMES = (
    "cause key standing targets since why citations looks until day of_days evidence target_count ended_at removed"
    " pages counts due due_count open open_count other_count"
).split()


@given(st.dictionaries(st.sampled_from(NAMES), ODD), st.sampled_from(NoticeKind), st.sampled_from(["zh-CN", "en"]))
def test_facts_of_any_shape_make_a_message(facts: dict[str, Any], kind: NoticeKind, language: str) -> None:
    message = compose([notice(1, kind, START, **facts)], language, "http://desk", START, limit=2000)
    assert message.title
    assert len((message.title + message.body).encode()) <= 2000
    assert compose([notice(1), notice(2, kind, START, **facts)], language, "http://desk", START).title


@given(st.sampled_from("targets pages citations due open".split()), st.lists(st.dictionaries(
    st.sampled_from("id kind name url owner contacts site_name phone source article says status confidence"
                    " until why cause target count since acknowledged_by targets".split()), ODD), max_size=3),
    st.sampled_from(NoticeKind))  # fmt: skip
def test_parts_of_facts_of_any_shape_make_a_message(name: str, parts: list[dict[str, Any]], kind: NoticeKind) -> None:
    told_by: dict[str, Any] = {name: parts}
    assert compose([notice(1, kind, START, **told_by)], "zh-CN", "http://desk", START).title


def test_a_time_before_all_years_is_released_too(tx: sqlite3.Connection) -> None:
    put(tx, notice(1), notice(2))
    tx.execute("UPDATE notices SET release_at = -9000000000000000000 WHERE id = 1")
    assert release(tx, START, [DUTY], ALERT) == 2
