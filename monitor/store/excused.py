"""What people called a false alarm and what of it holds on, thing by thing: the table `excused`.

Written when somebody says so, and by every judging of the target while anything holds; judge/excused.py says what ends it.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from monitor.judge.excused import ALL
from monitor.model import DESK_ID, Cause
from monitor.store import brought


def of_target(tx: sqlite3.Connection, target_id: str) -> dict[Cause, frozenset[str]]:
    """The things that are not told again, by cause."""
    found: defaultdict[Cause, set[str]] = defaultdict(set)
    for cause, thing in tx.execute("SELECT cause, thing FROM excused WHERE target_id = ?", (target_id,)):
        found[Cause(cause)].add(thing)
    return {cause: frozenset(things) for cause, things in found.items()}


def excuse(tx: sqlite3.Connection, target_id: str, cause: Cause, incident: int, now: datetime) -> None:
    """Nothing of that cause as it is now is told again; the target is judged with the next round, which says what that is."""
    tx.execute("INSERT OR REPLACE INTO excused VALUES (?, ?, ?, ?)", (target_id, cause, ALL, incident))
    if target_id == DESK_ID:
        tx.execute("UPDATE meta SET value = '0' WHERE key = 'desk_change'")
    else:
        brought.touch(tx, target_id, now)


def hold(
    tx: sqlite3.Connection,
    target_id: str,
    before: Mapping[Cause, frozenset[str]],
    after: Mapping[Cause, frozenset[str]],
) -> None:
    """Only these hold on; each is of the incident that was called a false alarm."""
    for cause, was in before.items():
        now = after.get(cause, frozenset())
        if was == now:
            continue
        sql = "SELECT MAX(incident_id) FROM excused WHERE target_id = ? AND cause = ?"
        (incident,) = tx.execute(sql, (target_id, cause)).fetchone()
        rows = [(target_id, cause, thing, incident) for thing in sorted(now - was)]
        tx.executemany("INSERT INTO excused VALUES (?, ?, ?, ?)", rows)
        gone = [(target_id, cause, thing) for thing in sorted(was - now)]
        tx.executemany("DELETE FROM excused WHERE target_id = ? AND cause = ? AND thing = ?", gone)
