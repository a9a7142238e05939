"""Copies of a store that may be spoilt: without the triggers that guard the event log."""

import shutil
import sqlite3
from pathlib import Path


def copy_of(store: Path, to: Path) -> sqlite3.Connection:
    """A copy that anybody may write."""
    shutil.copyfile(store, to)
    connection = sqlite3.connect(to, isolation_level=None)
    connection.execute("DROP TRIGGER events_are_never_changed")
    connection.execute("DROP TRIGGER events_are_never_removed")
    return connection


def first(tx: sqlite3.Connection, cause: str) -> int:
    """The first incident of that cause."""
    number: int = tx.execute("SELECT MIN(id) FROM incidents WHERE cause = ?", (cause,)).fetchone()[0]
    return number
