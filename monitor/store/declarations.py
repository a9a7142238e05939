"""What people filed. Corrections supersede, nothing is erased; every line is an event.

Reads and writes `declarations`. It judges nothing; what may be filed is monitor/config/declared.py and commands of the desk.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from monitor.clock import from_ms, to_ms
from monitor.model import Declaration, DeclarationKind
from monitor.store import canon, events
from monitor.store.database import Database

DECLARATION = "id, kind, target_id, start, end, number, who, filed_at, fields"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper people keep: its name, size in bytes, and what its content hashes to."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took a declaration back, when, and why."""

    by: str
    at: datetime
    why: str


def file(
    tx: sqlite3.Connection,
    one: Declaration,
    now: datetime,
    attachments: Sequence[Attachment] = (),
    corrects: int | None = None,
) -> int:
    """File it (its `id` does not matter). With `corrects` the earlier one is superseded. Returns its number."""
    papers = [{"name": paper.name, "bytes": paper.bytes, "sha256": paper.sha256} for paper in attachments]
    done = tx.execute(
        """INSERT INTO declarations (kind, target_id, start, end, number, who, filed_at, fields, attachments, corrects)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            one.kind.value,
            one.target,
            to_ms(one.start),
            None if one.end is None else to_ms(one.end),
            canon.clean(one.number),
            canon.clean(one.by),
            to_ms(one.filed_at),
            canon.dumps(one.fields),
            canon.dumps(papers),
            corrects,
        ),
    )
    number = int(done.lastrowid or 0)
    if corrects is not None:
        tx.execute("UPDATE declarations SET superseded_at = ? WHERE id = ?", (to_ms(now), corrects))
    events.append(
        tx,
        now,
        one.by,
        "declaration.filed",
        {"declaration": number, **_told(one), "corrects": corrects, "attachments": papers},
    )
    return number


def withdraw(tx: sqlite3.Connection, number: int, by: str, now: datetime, why: str) -> bool:
    """Taken back: it counts no more, and stays in the ledger. False when it did not count any more."""
    done = tx.execute(
        """UPDATE declarations SET superseded_at = ?, withdrawn_by = ?, withdrawn_because = ?
           WHERE id = ? AND superseded_at IS NULL""",
        (to_ms(now), canon.clean(by), canon.clean(why), number),
    )
    if done.rowcount:
        events.append(tx, now, by, "declaration.withdrawn", {"declaration": number, "why": why})
    return done.rowcount == 1


def of_target(tx: sqlite3.Connection, target_id: str, since: datetime | None = None) -> tuple[Declaration, ...]:
    """What counts of a target, by start; with `since` those that reach beyond it or began after it."""
    after = -(1 << 62) if since is None else to_ms(since)
    rows = tx.execute(
        f"""SELECT {DECLARATION} FROM declarations INDEXED BY declarations_target
            WHERE target_id = ? AND superseded_at IS NULL AND (start >= ? OR end IS NULL OR end >= ?) ORDER BY start, id""",
        (target_id, after, after),
    )
    return tuple(declaration_of(row) for row in rows)


def ever_of(tx: sqlite3.Connection, target_id: str) -> list[tuple[Declaration, datetime | None]]:
    """All that was ever filed of a target, each with since when it does not count any more."""
    rows = tx.execute(
        f"SELECT {DECLARATION}, superseded_at FROM declarations WHERE target_id = ? ORDER BY id", (target_id,)
    )
    return [(declaration_of(row[:-1]), None if row[-1] is None else from_ms(row[-1])) for row in rows]


def counting_at(tx: sqlite3.Connection, target_id: str, then: datetime) -> tuple[Declaration, ...]:
    """What was known of a target at that instant, and counted then."""
    ever = ever_of(tx, target_id)
    return tuple(one for one, over in ever if one.filed_at <= then and (over is None or then < over))


def orders_for(tx: sqlite3.Connection, incident: int) -> list[int]:
    """The orders that name this incident, whether they count still or not."""
    sql = "SELECT id FROM declarations WHERE kind = 'order' AND fields ->> '$.incident' = ? ORDER BY id"
    return [number for (number,) in tx.execute(sql, (incident,))]


def withdrawals(tx: sqlite3.Connection) -> dict[int, Withdrawal]:
    """Every declaration that was taken back, by its number."""
    sql = "SELECT id, withdrawn_by, superseded_at, withdrawn_because FROM declarations WHERE withdrawn_by IS NOT NULL"
    return {number: Withdrawal(by, from_ms(at), why) for number, by, at, why in tx.execute(sql)}


BACK = timedelta(days=400)
"""Declarations that ended longer ago decide nothing any more: the longest count is that of a calendar year."""


async def declared_in(database: Database, target_id: str, now: datetime) -> tuple[Declaration, ...]:
    """What counts of a target, asked from outside of a transaction."""
    return await database.read(partial(of_target, target_id=target_id, since=now - BACK))


def load(tx: sqlite3.Connection, number: int) -> tuple[Declaration, datetime | None]:
    """One of them, and since when it does not count any more; KeyError when there is none."""
    row = tx.execute(f"SELECT {DECLARATION}, superseded_at FROM declarations WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise KeyError(number)
    return declaration_of(row[:-1]), None if row[-1] is None else from_ms(row[-1])


def _told(one: Declaration) -> Mapping[str, object]:
    return {
        "kind": one.kind.value,
        "target": one.target,
        "start": to_ms(one.start),
        "end": None if one.end is None else to_ms(one.end),
        "number": one.number,
        "fields": dict(one.fields),
    }


def declaration_of(row: Sequence[object]) -> Declaration:
    """A row of the columns of DECLARATION."""
    number, kind, target, start, end, paper, who, filed_at, fields = row
    assert isinstance(start, int)
    assert isinstance(filed_at, int)
    assert end is None or isinstance(end, int)
    return Declaration(
        id=int(str(number)),
        kind=DeclarationKind(str(kind)),
        target=str(target),
        start=from_ms(start),
        end=None if end is None else from_ms(end),
        number=str(paper),
        by=str(who),
        filed_at=from_ms(filed_at),
        fields=canon.loads(str(fields)),
    )
