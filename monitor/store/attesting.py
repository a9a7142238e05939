"""What somebody saw by hand where no program can look: attestations, and the three things kept apart about such a target.

Writes and reads `attestations`; reads `items`, `posts` and `targets`. It judges nothing; settle/attesting.py says what may be told.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from monitor.clock import from_ms, to_ms
from monitor.model import Attestation
from monitor.store import canon, events


@dataclass(frozen=True, slots=True)
class Attested:
    """One line of the register. `screenshot`: the sha256 of it, "" without one."""

    id: int
    told: Attestation
    screenshot: str
    note: str


@dataclass(frozen=True, slots=True)
class Known:
    """Kept apart: the newest day something is proven to be published on and by what; the last look that saw; why none sees."""

    newest: date | None
    newest_from: str  # "page" (a look read it), "register" (imported posts), "attestation", "" without a day
    looked_at: datetime | None
    blind_since: datetime | None
    blind_reason: str


def attest(tx: sqlite3.Connection, target_id: str, told: Attestation, screenshot: str = "", note: str = "") -> int:
    """Write it down. Returns its number."""
    row = (target_id, told.newest.isoformat(), to_ms(told.at), to_ms(told.until), canon.clean(told.by), screenshot)
    done = tx.execute(
        "INSERT INTO attestations (target_id, newest, at, until, who, screenshot, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*row, canon.clean(note)),
    )
    number = int(done.lastrowid or 0)
    body = {
        "attestation": number,
        "target": target_id,
        "newest": told.newest.isoformat(),
        "until": to_ms(told.until),
        "screenshot": screenshot,
        "note": note,
    }
    events.append(tx, told.at, told.by, "target.attested", body)
    return number


def of_target(tx: sqlite3.Connection, target_id: str, limit: int = 50) -> list[Attested]:
    """What was attested of a target, the newest first."""
    rows = tx.execute(
        """SELECT id, newest, at, until, who, screenshot, note FROM attestations INDEXED BY attestations_target
           WHERE target_id = ? ORDER BY at DESC, id DESC LIMIT ?""",
        (target_id, limit),
    )
    return [
        Attested(number, Attestation(date.fromisoformat(newest), from_ms(at), from_ms(until), who), screenshot, note)
        for number, newest, at, until, who, screenshot, note in rows
    ]


def known_of(tx: sqlite3.Connection, target_id: str) -> Known:
    """The three, of a target that is watched or was; KeyError when there is none."""
    row = tx.execute(
        "SELECT last_look_at, blind_since, blind_reason FROM targets WHERE id = ?", (target_id,)
    ).fetchone()
    if row is None:
        raise KeyError(target_id)
    proofs = tx.execute(
        """SELECT MAX(day), proof FROM (
               SELECT MAX(substr(date, 1, 10)) AS day, 'page' AS proof FROM items WHERE target_id = ?1 AND length(date) >= 10
               UNION ALL SELECT MAX(day), 'register' FROM posts WHERE target_id = ?1
               UNION ALL SELECT MAX(newest), 'attestation' FROM attestations WHERE target_id = ?1)""",
        (target_id,),
    ).fetchone()
    looked, since, why = row
    return Known(
        newest=None if proofs[0] is None else date.fromisoformat(proofs[0]),
        newest_from="" if proofs[0] is None else proofs[1],
        looked_at=None if looked is None else from_ms(looked),
        blind_since=None if since is None else from_ms(since),
        blind_reason="" if since is None else why,
    )
