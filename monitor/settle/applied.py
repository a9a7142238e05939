"""Who put an imported inventory in force stands in the log, in the transaction that takes it over: at a reload, or at the next start.

Reads and writes one row of `meta`, so that each is told once.
"""

import sqlite3
from datetime import datetime

from monitor.config.settings import Imported
from monitor.store import canon, events
from monitor.store.inventory import SyncResult

_TOLD = "imported"
MOST = 200
"""Ids named in the log of those that came, changed and went; the counts are of all."""


def note_import(tx: sqlite3.Connection, imported: Imported | None, synced: SyncResult, now: datetime) -> bool:
    """An event `targets.applied`, unless that file's was written before or nobody put it in force: whether it was written."""
    if imported is None or not imported.by:
        return False
    told = canon.dumps([imported.by, imported.at, list(imported.sources)])
    row = tx.execute("SELECT value FROM meta WHERE key = ?", (_TOLD,)).fetchone()
    if row is not None and row[0] == told:
        return False
    tx.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_TOLD, told),
    )
    moved = {"added": synced.added, "changed": synced.changed, "removed": synced.removed}
    body: dict[str, object] = {"files": list(imported.sources), "applied_at": imported.at}
    for name, ids in moved.items():
        body |= {name: len(ids), f"{name}_ids": list(ids[:MOST])}
    events.append(tx, now, imported.by, "targets.applied", body)
    return True
