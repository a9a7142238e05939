"""Targets as they stand in the store: one row as a Target, and how well each kind is covered.

Reads `targets`, writes nothing.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import ColumnKind, Target, TargetKind
from monitor.store import canon
from monitor.store.inventory import Options

TARGET = "id, kind, name, url, owner, site, column_kind, on_home, packs, contacts, options"


def load_target(tx: sqlite3.Connection, target_id: str) -> Target[Options]:
    """One target as it stands, removed or not; KeyError when there is none."""
    row = tx.execute(f"SELECT {TARGET} FROM targets WHERE id = ?", (target_id,)).fetchone()
    if row is None:
        raise KeyError(target_id)
    return target_of(row)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well one kind is watched: `within` had a visit inside its period, `overdue` are due and not yet visited."""

    kind: TargetKind
    total: int
    within: int
    overdue: int
    oldest_due_at: datetime | None


def coverage(tx: sqlite3.Connection, now: datetime) -> list[Coverage]:
    """Coverage of each kind that has targets. Reads every target: for the desk, not for the tick."""
    rows = tx.execute(
        """SELECT kind, COUNT(*), SUM(coalesce(last_visit_at >= ?1 - period - max(period / 10, 60000), 0)),
                  SUM(next_due_at < ?1), MIN(CASE WHEN next_due_at < ?1 THEN next_due_at END)
           FROM targets WHERE removed_at IS NULL GROUP BY kind ORDER BY kind""",
        (to_ms(now),),
    )  # a visit may be a tenth of its period, or a minute, late: pacing and confirmation tries
    return [Coverage(TargetKind(k), n, w, o, None if due is None else from_ms(due)) for k, n, w, o, due in rows]


def target_of(row: Sequence[Any]) -> Target[Options]:
    """A row that begins with the columns of TARGET."""
    return Target(
        id=row[0],
        kind=TargetKind(row[1]),
        name=row[2],
        url=row[3],
        owner=row[4],
        site=row[5],
        column=None if row[6] is None else ColumnKind(row[6]),
        on_home=bool(row[7]),
        packs=canon.load_names(row[8]),
        contacts=canon.load_contacts(row[9]),
        options=canon.loads(row[10]),
    )
