"""What the desk, the API and the command line read: wrong now, due next, coverage, ages, deliveries, log, sizes.

Read-only functions of a connection, each one question and one answer of plain frozen dataclasses, with a number of statements that
does not depend on how much there is to show. They judge nothing and compute no verdict; what is shown is what was stored.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, Severity, TargetKind
from monitor.store import canon, heartbeat
from monitor.store.due import ALL, Due, count_due, digested_at, due_next, unseen_due
from monitor.store.events import Event, newest
from monitor.store.opening import table_names
from monitor.store.sight import Sure, Unseen, Untold, blind, how_sure, untold
from monitor.store.targetrows import Coverage, coverage
from monitor.store.wrong import Citation, PageLine, TargetLine, Wrong, citations, wrong_now

__all__ = [
    "ALL", "Age", "Citation", "Coverage", "Due", "Event", "Outbox", "Overdue", "PageLine", "Sure", "TargetLine", "Totals", "Unseen",
    "Untold", "Wrong", "ages", "blind", "citations", "coverage", "deliveries", "digested_at", "due_next", "heartbeat_at", "how_sure", "is_anything_watched",
    "is_removed", "last_events", "notes", "open_by_cause", "outbox", "overdue", "table_sizes", "totals", "unseen_due", "untold", "uplink_down_since", "wrong_now",
]  # fmt: skip

WALKED = 256 * 1024 * 1024
"""Bytes of a database whose pages are all counted for the sizes (about 0.3 s); above, sizes are estimated from samples."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is, however much is shown: open incidents by severity, those nobody has taken, what falls due."""

    open: Mapping[Severity, int]
    untaken: int
    due: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """Targets of a kind whose turn has come and that nobody has looked at yet."""

    kind: TargetKind
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """Messages that have not arrived: how many wait and since when, how many were given up and when last."""

    waiting: int
    oldest_at: datetime | None
    dead: int
    last_dead_at: datetime | None


@dataclass(frozen=True, slots=True)
class Age:
    """When something last happened; None: never."""

    name: str
    at: datetime | None


def totals(tx: sqlite3.Connection) -> Totals:
    """Counts of what `wrong_now` and `due_next` list."""
    rows = tx.execute(
        """SELECT severity, COUNT(*), SUM(state = 'open') FROM incidents WHERE state IN ('open', 'acknowledged')
           GROUP BY severity"""
    ).fetchall()
    counted = {Severity(severity): count for severity, count, _ in rows}
    return Totals({one: counted.get(one, 0) for one in Severity}, sum(untaken for *_, untaken in rows), count_due(tx))


def open_by_cause(tx: sqlite3.Connection) -> dict[tuple[Cause, Severity], int]:
    """How many incidents go on."""
    rows = tx.execute(
        "SELECT cause, severity, COUNT(*) FROM incidents WHERE state IN ('open', 'acknowledged') GROUP BY cause, severity"
    )
    return {(Cause(cause), Severity(severity)): count for cause, severity, count in rows}


def overdue(tx: sqlite3.Connection, now: datetime) -> list[Overdue]:
    """What waits for its turn, by kind. The cost goes with what waits, not with how much is watched."""
    rows = tx.execute(
        """SELECT kind, COUNT(*), MIN(next_due_at) FROM targets INDEXED BY targets_due
           WHERE removed_at IS NULL AND next_due_at < ? GROUP BY kind ORDER BY kind""",
        (to_ms(now),),
    )
    return [Overdue(TargetKind(kind), count, from_ms(since)) for kind, count, since in rows]


def is_anything_watched(tx: sqlite3.Connection) -> bool:
    """Whether there is a target at all."""
    return tx.execute("SELECT 1 FROM targets WHERE removed_at IS NULL LIMIT 1").fetchone() is not None


def uplink_down_since(tx: sqlite3.Connection) -> datetime | None:
    """When our own network or its outgoing proxy was found down, while it is."""
    row = tx.execute(
        """SELECT MIN(first_at) FROM runs WHERE target_id = '*' AND check_name IN ('uplink', 'proxy') AND subject = ''
             AND is_current = 1 AND outcome = 'fail'"""
    ).fetchone()
    return None if row[0] is None else from_ms(row[0])


def heartbeat_at(tx: sqlite3.Connection) -> datetime | None:
    """When a round last came through to the disk."""
    return heartbeat.last(tx)


def ages(tx: sqlite3.Connection) -> list[Age]:
    """When the watch last beat, visited, looked, delivered and wrote into its log."""
    asked = {
        "delivery": "SELECT MAX(finished_at) FROM deliveries WHERE state = 'sent'",
        "event": "SELECT at FROM events ORDER BY seq DESC LIMIT 1",
    }
    targets = "SELECT MAX(last_visit_at), MAX(last_look_at) FROM targets NOT INDEXED WHERE removed_at IS NULL"
    visit, look = tx.execute(targets).fetchone()
    found = {name: tx.execute(question).fetchone() for name, question in asked.items()}
    last = [Age(name, None if row is None else _at(row[0])) for name, row in found.items()]
    return [Age("heartbeat", heartbeat.last(tx)), Age("visit", _at(visit)), Age("look", _at(look)), *last]


def deliveries(tx: sqlite3.Connection) -> dict[str, int]:
    """How many deliveries are in each state."""
    return dict(tx.execute("SELECT state, COUNT(*) FROM deliveries GROUP BY state ORDER BY state").fetchall())


def outbox(tx: sqlite3.Connection, since: datetime, until: datetime | None = None) -> Outbox:
    """What waits, and what was given up since then; not what a clock that was wrong says will be given up after `until`."""
    waiting, oldest = tx.execute(
        "SELECT COUNT(*), MIN(created_at) FROM deliveries WHERE state IN ('pending', 'sending')"
    ).fetchone()
    dead, last = tx.execute(
        "SELECT COUNT(*), MAX(finished_at) FROM deliveries WHERE state = 'dead' AND finished_at BETWEEN ? AND ?",
        (to_ms(since), _FAR if until is None else to_ms(until)),
    ).fetchone()
    return Outbox(waiting, _at(oldest), dead, _at(last))


def is_removed(tx: sqlite3.Connection, target_id: str) -> bool:
    """Whether the target has been taken off the inventory, a link off every page."""
    sql = "SELECT EXISTS (SELECT 1 FROM targets WHERE id = ? AND removed_at IS NOT NULL)"
    return bool(tx.execute(sql, (target_id,)).fetchone()[0])


def last_events(tx: sqlite3.Connection, limit: int = 50) -> list[Event]:
    """The newest lines of the event log."""
    return newest(tx, limit)


def notes(tx: sqlite3.Connection, incident: int) -> list[Mapping[str, object]]:
    """What people said about an incident: lists of at (ms), by, what, note."""
    row = tx.execute("SELECT note FROM incidents WHERE id = ?", (incident,)).fetchone()
    return canon.loads(row[0]) if row is not None and row[0] else []


def table_sizes(tx: sqlite3.Connection) -> dict[str, int]:
    """Bytes of each table with its indexes; exact for small databases, else estimated from the newest rows of each."""
    pages, size = (tx.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    owners = dict(tx.execute("SELECT name, tbl_name FROM sqlite_master WHERE type IN ('table', 'index')").fetchall())
    if pages * size <= WALKED and _has_dbstat(tx):
        sizes = dict.fromkeys(table_names(tx), 0)
        for name, taken in tx.execute("SELECT name, SUM(pgsize) FROM dbstat WHERE aggregate = TRUE GROUP BY name"):
            if owners.get(name) in sizes:
                sizes[owners[name]] += taken
        return sizes
    counted = _counted(tx) if "sqlite_stat1" in owners else {}
    return {table: _estimate(tx, table, counted.get(table)) for table in table_names(tx)}


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)


def _has_dbstat(tx: sqlite3.Connection) -> bool:
    return ("ENABLE_DBSTAT_VTAB",) in tx.execute("PRAGMA compile_options").fetchall()


def _counted(tx: sqlite3.Connection) -> dict[str, int]:
    """Rows of each table by last night's statistics, a third off at times (measured); tables that were small then are left out."""
    return dict(tx.execute("SELECT tbl, MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl").fetchall())


def _estimate(tx: sqlite3.Connection, table: str, rows: int | None) -> int:
    """Rows times the mean width of some of them; rows that nobody knows are counted over the smallest index."""
    columns = " + ".join(
        f"coalesce(length(CAST({row[1]} AS BLOB)), 1)" for row in tx.execute(f"PRAGMA table_info({table})")
    )
    width = tx.execute(f"SELECT AVG({columns}) FROM (SELECT * FROM {table} LIMIT 200)").fetchone()[0]
    if rows is None:
        rows = tx.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
    return int((width or 0) * rows)


_FAR = 1 << 62
