"""Which reference hosts have answered, and when last: what lets a restarted watch tell its own blindness from theirs.

Writes and reads one row of `meta`, a JSON object of addresses; hosts that have not answered for long are left out of it.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.clock import from_ms, to_ms
from monitor.store import canon

KEPT = timedelta(days=30)
"""Longer than a silent host is asked to tell anything (observe/reference.py: TRUSTED)."""


def remember(tx: sqlite3.Connection, answered: Mapping[str, datetime], now: datetime) -> None:
    """Keep when each address last answered."""
    kept = {url: to_ms(at) for url, at in answered.items() if now - at < KEPT}
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ('references', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (canon.dumps(kept),),
    )


def remembered(tx: sqlite3.Connection) -> dict[str, datetime]:
    """When each address last answered; empty in a new store."""
    row = tx.execute("SELECT value FROM meta WHERE key = 'references'").fetchone()
    return {} if row is None else {str(url): from_ms(int(at)) for url, at in canon.loads(row[0]).items()}
