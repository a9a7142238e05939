"""The event log: sealed, append-only, and honest about the first line that is not as it was written."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from monitor.store import events
from tests.store.made import NOON, store

WORDS = st.text(max_size=20)
BODIES = st.dictionaries(
    WORDS, st.one_of(WORDS, st.integers(), st.floats(allow_nan=False), st.none(), st.lists(WORDS)), max_size=4
)


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        yield connection


def forge(tx: sqlite3.Connection, statement: str, *values: object) -> None:
    """What somebody with the file and no scruples could do."""
    tx.execute("DROP TRIGGER IF EXISTS events_are_never_changed")
    tx.execute("DROP TRIGGER IF EXISTS events_are_never_removed")
    tx.execute(statement, values)


def test_lines_are_numbered_and_come_back(tx: sqlite3.Connection) -> None:
    assert events.append(tx, NOON, "张三", "duty.logged", {"text": "接班"}) == 1
    assert events.append(tx, NOON + timedelta(seconds=1), "zhishou", "incident.opened", {"incident": 1}) == 2
    last, first = events.newest(tx, 5)
    assert (first.seq, first.at, first.who, first.what, first.body) == (
        1,
        NOON,
        "张三",
        "duty.logged",
        {"text": "接班"},
    )
    assert last.seq == 2
    assert events.verify(tx) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = '{}'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events VALUES (1, 0, 'x', 'x', '{}', 'x')",
    ],
)
def test_the_table_refuses_changes(tx: sqlite3.Connection, statement: str) -> None:
    events.append(tx, NOON, "a", "b", {})
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        tx.execute(statement)
    assert events.verify(tx) is None


@settings(max_examples=80, deadline=None)
@given(lines=st.lists(st.tuples(WORDS, WORDS, BODIES), min_size=1, max_size=8), data=st.data())
def test_any_change_is_found_at_its_line(lines: list[tuple[str, str, dict[str, object]]], data: st.DataObject) -> None:
    with store() as tx:
        for who, what, body in lines:
            events.append(tx, NOON, who, what, body)
        assert events.verify(tx) is None
        seq = data.draw(st.integers(1, len(lines)))
        column = data.draw(st.sampled_from(["at", "who", "what", "body", "hash"]))
        value: object = 1 if column == "at" else "forged"
        forge(tx, f"UPDATE events SET {column} = ? WHERE seq = ?", value, seq)
        assert events.verify(tx) == seq


@pytest.mark.parametrize("seq", [1, 3])
def test_a_missing_line_is_named(tx: sqlite3.Connection, seq: int) -> None:
    for number in range(4):
        events.append(tx, NOON, "a", "b", {"n": number})
    forge(tx, "DELETE FROM events WHERE seq = ?", seq)
    assert events.verify(tx) == seq


def test_a_line_pushed_in_between_is_found(tx: sqlite3.Connection) -> None:
    for number in range(3):
        events.append(tx, NOON, "a", "b", {"n": number})
    forge(tx, "UPDATE events SET seq = 4 WHERE seq = 3")
    tx.execute("INSERT INTO events SELECT 3, at, who, what, body, hash FROM events WHERE seq = 2")
    assert events.verify(tx) == 3


def test_strange_values_are_made_storable(tx: sqlite3.Connection) -> None:
    strange = {
        "lone": "\ud800",
        "long": 2**80,
        "none": None,
        "set": frozenset({"b", "a"}),
        "nan": float("nan"),
        "\udfff": 1,
    }
    events.append(tx, NOON, "who\ud800", "x", strange)
    assert events.verify(tx) is None
    (line,) = events.newest(tx, 1)
    assert line.body["lone"] == "?"
    assert line.body["long"] == str(2**80)
