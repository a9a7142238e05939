"""Targets as they stand in the store: one row as a Target, and how well each kind is covered.

Reads `targets`, writes nothing.
"""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import ColumnKind, EntryKind, Platform, Target, TargetKind
from monitor.store import canon
from monitor.store.inventory import Options

COLUMNS = (
    "id",
    "kind",
    "name",
    "url",
    "owner",
    "site",
    "column_kind",
    "on_home",
    "level",
    "packs",
    "contacts",
    "options",
    "entry",
    "platform",
)
TARGET = f"""{", ".join(COLUMNS)},
    CASE WHEN entry IS NOT NULL THEN (SELECT address FROM (SELECT id AS home, url AS address FROM targets) WHERE home = site) END"""
"""What `_target` is made of; the home page that declared entries belong to is its site's."""
WIDTH = len(COLUMNS) + 1
"""How many values that gives."""


def load_target(tx: sqlite3.Connection, target_id: str) -> Target[Options]:
    """One target as it stands, removed or not; KeyError when there is none."""
    row = tx.execute(f"SELECT {TARGET} FROM targets WHERE id = ?", (target_id,)).fetchone()
    if row is None:
        raise KeyError(target_id)
    return target_of(row)


def load_targets(tx: sqlite3.Connection, ids: Collection[str]) -> dict[str, Target[Options]]:
    """Several of them in one statement, by id; what is not there is left out."""
    rows = tx.execute(
        f"SELECT {TARGET} FROM targets WHERE id IN (SELECT value FROM json_each(?))", (canon.dumps(sorted(ids)),)
    )
    return {row[0]: target_of(row) for row in rows}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well one kind is watched: `within` had a visit inside its period, `overdue` are due and not yet visited."""

    kind: TargetKind
    total: int
    within: int
    overdue: int
    oldest_due_at: datetime | None


def coverage(tx: sqlite3.Connection, now: datetime) -> list[Coverage]:
    """Coverage of each kind that has targets. Reads every target: for the desk, not for the tick.

    NOT INDEXED, here as wherever every target is read: in the order of targets_due each row is looked up by itself, which takes
    two to five times as long.
    """
    rows = tx.execute(
        """SELECT kind, COUNT(*), SUM(coalesce(last_visit_at >= ?1 - period - max(period / 10, 60000), 0)),
                  SUM(next_due_at < ?1), MIN(CASE WHEN next_due_at < ?1 THEN next_due_at END)
           FROM targets NOT INDEXED WHERE removed_at IS NULL GROUP BY kind ORDER BY kind""",
        (to_ms(now),),
    )  # a visit may be a tenth of its period, or a minute, late: pacing and confirmation tries
    return [Coverage(TargetKind(k), n, w, o, None if due is None else from_ms(due)) for k, n, w, o, due in rows]


def target_of(row: Sequence[Any]) -> Target[Options]:
    """A row that begins with the columns of TARGET."""
    return _target(*row[:WIDTH])


@lru_cache(maxsize=16_384)  # a target changes with the inventory, not with the looks at it
def _target(  # noqa: PLR0917 - the columns of TARGET
    name_of: str,
    kind: str,
    name: str,
    url: str,
    owner: str,
    site: str | None,
    column: str | None,
    on_home: int,
    level: int,
    packs: str,
    contacts: str,
    options: str,
    entry: str | None,
    platform: str | None,
    home: str | None,
) -> Target[Options]:
    return Target(
        id=name_of,
        kind=TargetKind(kind),
        name=name,
        url=url,
        owner=owner,
        site=site,
        column=None if column is None else ColumnKind(column),
        on_home=bool(on_home),
        level=level,
        entry=None if entry is None else EntryKind(entry),
        platform=None if platform is None else Platform(platform),
        home=home or "",
        packs=canon.load_names(packs),
        contacts=canon.load_contacts(contacts),
        options=canon.loads(options),
    )
