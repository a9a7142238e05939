"""Standings that are not `met`, and when a target's standings change by time alone.

Reads and writes `standings`, and `targets.next_change_at`. What did not change is not written. It judges nothing.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, Compliance, Standing
from monitor.store import canon, rules

_STANDING = "rule, value, why, cause, since, until, warned, last_warning, inputs"
_ALSO = "target_id, rule_version, decided_at, turned_at"
_PUT = f"""INSERT INTO standings ({_STANDING}, {_ALSO}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (target_id, rule) DO UPDATE SET ({_STANDING}, {_ALSO}) = (
        {", ".join(f"excluded.{name.strip()}" for name in f"{_STANDING}, target_id, rule_version, decided_at".split(","))},
        CASE WHEN value = excluded.value AND warned = excluded.warned AND until IS excluded.until
            THEN turned_at ELSE excluded.turned_at END)"""
"""`turned_at` stays while only the words, the numbers or the rule's version are others: nothing new is to be told."""

SINCE = "CASE value WHEN 'unknown' THEN coalesce(since, turned_at, decided_at) ELSE since END"
"""Since when it stands so, for people: what is unknown though nobody is blind, since it was first judged so."""


class Stored(NamedTuple):
    """What the store holds of a target: its rows by rule, and when they change by time alone."""

    rows: Mapping[str, tuple[Any, ...]]
    next_change_at: datetime | None

    def standings(self) -> tuple[Standing, ...]:
        """The rows as standings."""
        return tuple(_standing(row) for row in self.rows.values())


def replace(  # noqa: PLR0917 - what is to be, when, and what was
    tx: sqlite3.Connection,
    target_id: str,
    standings: Iterable[Standing],
    next_change_at: datetime | None,
    now: datetime,
    before: Stored | None = None,
) -> None:
    """Make these the standings of the target. `met` ones are not rows; equal ones keep the instant they were decided.

    `before` is what the store holds of it, where who asks has it at hand.
    """
    before = _stored(tx, target_id) if before is None else before
    wanted = {standing.rule: _row(standing) for standing in standings if standing.value is not Compliance.MET}
    if gone := [(target_id, rule) for rule in before.rows if rule not in wanted]:
        tx.executemany("DELETE FROM standings WHERE target_id = ? AND rule = ?", gone)
    if new := {rule: row for rule, row in wanted.items() if before.rows.get(rule) != row}:
        version = rules.versions(tx)
        tx.executemany(
            _PUT,
            [(*row, target_id, version.get(rule, ""), to_ms(now), to_ms(now)) for rule, row in new.items()],
        )
    change = None if next_change_at is None else to_ms(next_change_at)
    if change != (None if before.next_change_at is None else to_ms(before.next_change_at)):
        tx.execute("UPDATE targets SET next_change_at = ? WHERE id = ?", (change, target_id))


def _stored(tx: sqlite3.Connection, target_id: str) -> Stored:
    row = tx.execute("SELECT next_change_at FROM targets WHERE id = ?", (target_id,)).fetchone()
    return Stored(rows_of(tx, target_id), None if row is None or row[0] is None else from_ms(row[0]))


def of_target(tx: sqlite3.Connection, target_id: str) -> list[Standing]:
    """The standings of a target that are not met."""
    return [_standing(row) for row in rows_of(tx, target_id).values()]


def with_since(tx: sqlite3.Connection, target_id: str, judged: Iterable[Standing]) -> list[Standing]:
    """These standings of a target as people are told of them: what is stored as unknown, and has no beginning of its own, with `SINCE`."""
    sql = f"SELECT rule, {SINCE} FROM standings WHERE target_id = ? AND value = 'unknown'"
    began = {rule: from_ms(at) for rule, at in tx.execute(sql, (target_id,))}
    return [
        one._replace(since=began.get(one.rule)) if one.value is Compliance.UNKNOWN and one.since is None else one
        for one in judged
    ]


def due(tx: sqlite3.Connection, until: datetime) -> list[tuple[str, Standing]]:
    """What falls due at or before `until`, earliest first, with its target id."""
    rows = tx.execute(
        f"""SELECT {_STANDING}, target_id FROM standings WHERE value = 'due' AND until <= ?
            ORDER BY until, target_id, rule""",
        (to_ms(until),),
    )
    return [(row[-1], _standing(row[:-1])) for row in rows]


def of_cause(tx: sqlite3.Connection, cause: Cause, value: Compliance) -> list[tuple[str, Standing]]:
    """Standings of that cause and value of what is watched, with their target ids."""
    rows = tx.execute(
        f"""SELECT {", ".join(f"s.{name.strip()}" for name in _STANDING.split(","))}, s.target_id
            FROM standings s JOIN targets t ON t.id = s.target_id
            WHERE s.cause = ? AND s.value = ? AND t.removed_at IS NULL ORDER BY s.target_id, s.rule""",
        (cause.value, value.value),
    )
    return [(row[-1], _standing(row[:-1])) for row in rows]


def breached_by_rule(tx: sqlite3.Connection, cause: Cause) -> dict[str, int]:
    """How many watched targets break each rule of that cause, by the rule's key."""
    rows = tx.execute(
        """SELECT s.rule, COUNT(*) FROM standings s JOIN targets t ON t.id = s.target_id
           WHERE s.cause = ? AND s.value = 'breached' AND t.removed_at IS NULL GROUP BY s.rule ORDER BY s.rule""",
        (cause.value,),
    )
    return dict(rows.fetchall())


def rows_of(tx: sqlite3.Connection, target_id: str) -> dict[str, tuple[Any, ...]]:
    """The rows of a target by rule, for `Stored`."""
    rows = tx.execute(f"SELECT {_STANDING} FROM standings WHERE target_id = ? ORDER BY rule", (target_id,))
    return {row[0]: row for row in rows}


def _row(standing: Standing) -> tuple[Any, ...]:
    return (
        standing.rule,
        standing.value.value,
        canon.dumps(standing.why),
        standing.cause.value,
        None if standing.since is None else to_ms(standing.since),
        None if standing.until is None else to_ms(standing.until),
        standing.warned,
        int(standing.last_warning),
        canon.dumps(standing.inputs),
    )


def _standing(row: Sequence[Any]) -> Standing:
    rule, value, why, cause, since, until, warned, last_warning, inputs = row
    return Standing(
        rule,
        Compliance(value),
        canon.load_text(why),
        Cause(cause),
        None if since is None else from_ms(since),
        None if until is None else from_ms(until),
        warned,
        bool(last_warning),
        canon.loads(inputs),
    )
