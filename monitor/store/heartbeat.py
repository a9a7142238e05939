"""The heartbeat row: the proof that a tick claimed, settled and committed (DESIGN.md §5.18).

Writes and reads one row of `meta`. The watchdog is fed by it, and `/healthz` shows its age.
"""

import sqlite3
from datetime import datetime

from monitor.clock import from_ms, to_ms


def beat(tx: sqlite3.Connection, now: datetime) -> None:
    """A tick came through."""
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ('heartbeat', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (str(to_ms(now)),),
    )


def last(tx: sqlite3.Connection) -> datetime | None:
    """When a tick last came through; None in a new store."""
    row = tx.execute("SELECT value FROM meta WHERE key = 'heartbeat'").fetchone()
    return None if row is None else from_ms(int(row[0]))
