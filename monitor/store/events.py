"""The append-only event log: what happened to incidents, declarations, duty and deliveries, each line sealed to the one before.

Writes and reads the table `events`. The seal is sha256 over the canonical JSON of [seq, at, who, what, body, hash of the one
before]. Nothing here changes or removes a line, and triggers in the table refuse it to everybody.
"""

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.clock import from_ms, to_ms
from monitor.store import canon


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log."""

    seq: int
    at: datetime
    who: str
    what: str
    body: Mapping[str, object]
    hash: str


def append(tx: sqlite3.Connection, at: datetime, who: str, what: str, body: Mapping[str, object]) -> int:
    """Add one line; returns its number. `what` is dotted and past tense ("incident.opened"), `who` a person or "zhishou"."""
    last = tx.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    seq, before = (1, "") if last is None else (last[0] + 1, last[1])
    row = (seq, to_ms(at), canon.clean(who), what, canon.dumps(body))
    tx.execute(
        "INSERT INTO events (seq, at, who, what, body, hash) VALUES (?, ?, ?, ?, ?, ?)", (*row, _seal(row, before))
    )
    return seq


def verify(tx: sqlite3.Connection) -> int | None:
    """The number of the first line that is missing or not as it was written; None when the log is whole."""
    before, wanted = "", 1
    for seq, at, who, what, body, seal in tx.execute("SELECT seq, at, who, what, body, hash FROM events ORDER BY seq"):
        if seq != wanted:
            return wanted
        if _seal((seq, at, who, what, body), before) != seal:
            return int(seq)
        before, wanted = seal, wanted + 1
    return None


def newest(tx: sqlite3.Connection, limit: int) -> list[Event]:
    """The last lines, newest first."""
    rows = tx.execute("SELECT seq, at, who, what, body, hash FROM events ORDER BY seq DESC LIMIT ?", (limit,))
    return [Event(seq, from_ms(at), who, what, canon.loads(body), seal) for seq, at, who, what, body, seal in rows]


def _seal(row: tuple[int, int, str, str, str], before: str) -> str:
    return hashlib.sha256(canon.dumps([*row, before]).encode()).hexdigest()
