"""A real SQLite file with the product's tables, and notices to put in, for the tests of alerting."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from monitor.alert.budget import Recipient
from monitor.clock import to_ms
from monitor.model import Cause, Notice, NoticeKind, Severity
from monitor.store import outbox
from monitor.store.schema import MIGRATIONS
from tests.clock import START

LEASE = timedelta(seconds=60)
DUTY = Recipient("duty", "duty")


def new_store(path: Path) -> sqlite3.Connection:
    """A fresh file; every statement commits by itself, as separate transactions of the writer would."""
    tx = open_store(path)
    for migration in MIGRATIONS:
        tx.executescript(migration)
    return tx


def open_store(path: Path) -> sqlite3.Connection:
    """A further connection to the file, as after a restart."""
    tx = sqlite3.connect(path, isolation_level=None)
    tx.execute("PRAGMA synchronous = OFF")  # kills of processes are tried, not of machines
    return tx


def add_incident(tx: sqlite3.Connection, number: int, at: datetime = START, severity: str = "serious") -> int:
    tx.execute(
        "INSERT INTO incidents (id, cause, key, state, severity, opened_at) VALUES (?, 'outage', ?, 'open', ?, ?)",
        (number, f"site-{number}", severity, to_ms(at)),
    )
    return number


def notice(
    incident: int | None,
    kind: NoticeKind = NoticeKind.OPENED,
    at: datetime = START,
    *,
    wait: timedelta = timedelta(),
    severity: Severity = Severity.SERIOUS,
    **facts: object,
) -> Notice:
    told: dict[str, object] = {
        "cause": Cause.OUTAGE.value,
        "targets": [{"id": f"site-{incident}", "kind": "site", "name": f"第{incident}局网站"}],
        "since": to_ms(at),
    }
    return Notice(
        id=None,
        kind=kind,
        incident=incident,
        severity=severity,
        created_at=at,
        release_at=at + wait,
        dedupe_key=f"{incident}:{kind}:{to_ms(at)}",
        facts=told | facts,
    )


def put(tx: sqlite3.Connection, *notices: Notice) -> None:
    """Enqueue, with the incidents they speak of."""
    for each in notices:
        if (
            each.incident is not None
            and not tx.execute("SELECT 1 FROM incidents WHERE id = ?", (each.incident,)).fetchone()
        ):
            add_incident(tx, each.incident, each.created_at)
        outbox.enqueue(tx, each)


def states(tx: sqlite3.Connection) -> dict[str, int]:
    return dict(tx.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall())


def told(tx: sqlite3.Connection, delivery: int) -> list[tuple[int, str]]:
    """Incident and kind of the notices of a delivery."""
    return tx.execute(
        "SELECT n.incident_id, n.kind FROM delivery_notices d JOIN notices n ON n.id = d.notice_id"
        " WHERE d.delivery_id = ? ORDER BY n.id",
        (delivery,),
    ).fetchall()
