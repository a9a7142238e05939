"""Standings that are not `met`, and when a target's standings change by time alone.

Reads and writes `standings`, and `targets.next_change_at`. What did not change is not written. It judges nothing.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, Compliance, Standing
from monitor.store import canon, rules

_STANDING = "rule, value, why, cause, since, until, warned, last_warning, inputs"


def replace(
    tx: sqlite3.Connection,
    target_id: str,
    standings: Iterable[Standing],
    next_change_at: datetime | None,
    now: datetime,
) -> None:
    """Make these the standings of the target. `met` ones are not rows; equal ones keep the instant they were decided."""
    stored = dict(_stored(tx, target_id))
    wanted = {standing.rule: _row(standing) for standing in standings if standing.value is not Compliance.MET}
    tx.executemany(
        "DELETE FROM standings WHERE target_id = ? AND rule = ?",
        [(target_id, rule) for rule in stored if rule not in wanted],
    )
    new = {rule: row for rule, row in wanted.items() if stored.get(rule) != row}
    version = rules.versions(tx) if new else {}
    tx.executemany(
        f"""INSERT OR REPLACE INTO standings ({_STANDING}, target_id, rule_version, decided_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(*row, target_id, version.get(rule, ""), to_ms(now)) for rule, row in new.items()],
    )
    change = None if next_change_at is None else to_ms(next_change_at)
    tx.execute("UPDATE targets SET next_change_at = ?1 WHERE id = ?2 AND next_change_at IS NOT ?1", (change, target_id))


def of_target(tx: sqlite3.Connection, target_id: str) -> list[Standing]:
    """The standings of a target that are not met."""
    return [_standing(row) for _, row in _stored(tx, target_id)]


def due(tx: sqlite3.Connection, until: datetime) -> list[tuple[str, Standing]]:
    """What falls due at or before `until`, earliest first, with its target id."""
    rows = tx.execute(
        f"""SELECT {_STANDING}, target_id FROM standings WHERE value = 'due' AND until <= ?
            ORDER BY until, target_id, rule""",
        (to_ms(until),),
    )
    return [(row[-1], _standing(row[:-1])) for row in rows]


def _stored(tx: sqlite3.Connection, target_id: str) -> list[tuple[str, tuple[Any, ...]]]:
    rows = tx.execute(f"SELECT {_STANDING} FROM standings WHERE target_id = ? ORDER BY rule", (target_id,))
    return [(row[0], row) for row in rows]


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
