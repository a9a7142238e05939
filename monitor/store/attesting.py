"""What somebody saw by hand where no program can look: attestations, and the three things kept apart about such a target.

Writes and reads `attestations`; reads `items`, `posts`, `runs` and `targets`. It judges nothing; settle/attesting.py says what may be told.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import Attestation
from monitor.store import canon, events


@dataclass(frozen=True, slots=True)
class Attested:
    """One line of the register. `screenshot`: the sha256 of it, "" without one; `taken_back_by`: the later one that says it is wrong."""

    id: int
    told: Attestation
    screenshot: str
    note: str
    taken_back_by: int | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it counts as a look still: nobody took it back, and it has not run out."""
        return self.taken_back_by is None and self.told.until > now


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest thing of one source: its day, what it is called and where it is ("" unknown), and when we learned of it.

    `source` is the file of an import, "" for what a look read on the page or in the feed itself. Not `dated`: the page prints
    no dates, and `day` is that on which something new was first seen there.
    """

    day: date
    title: str
    url: str
    at: datetime
    source: str = ""
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """Kept apart: the newest day something is proven to be published on and by what; the last look that saw; why none sees."""

    newest: date | None
    newest_from: str  # "page" (a look read it), "register" (imported posts), "attestation", "" without a day
    looked_at: datetime | None
    blind_since: datetime | None
    blind_reason: str
    shown: Shown | None = None  # what the page or feed itself showed, whatever people attested
    registered: Shown | None = None  # what an import told
    attested: Attestation | None = None  # what holds of it, as one


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
    later: list[Attested] = []
    for number, *row, screenshot, note in rows:
        told = attestation_of((*row, note != ""))
        by = next((one.id for one in reversed(later) if takes_back(one.told, told)), None)
        later.append(Attested(number, told, screenshot, note, by))
    return later


def held(tx: sqlite3.Connection, target_id: str) -> Attestation | None:
    """All attestations of a target that hold, as one; it may have run out by now."""
    rows = tx.execute(
        """SELECT newest, at, until, who, note <> '' FROM attestations INDEXED BY attestations_target
           WHERE target_id = ? ORDER BY at, id""",
        (target_id,),
    )
    return as_one(attestation_of(row) for row in rows)


def as_one(told: Iterable[Attestation]) -> Attestation | None:
    """Of attestations in the order they were told: who saw the newest day of those that hold, good until the last of these runs out.

    One with a note takes back those of newer days told before it.
    """
    holding: list[Attestation] = []
    for one in told:
        holding = [*(before for before in holding if not takes_back(one, before)), one]
    if not holding:
        return None
    newest = max(holding, key=lambda one: (one.newest, one.at))
    return replace(newest, until=max(one.until for one in holding))


def takes_back(later: Attestation, earlier: Attestation) -> bool:
    """Whether the later one says, with a word why, that what the earlier one saw is not there."""
    return later.noted and later.newest < earlier.newest


def attestation_of(row: Sequence[Any]) -> Attestation:
    """Newest, at, until, who, whether with a note."""
    newest, at, until, who, noted = row
    return Attestation(date.fromisoformat(newest), from_ms(at), from_ms(until), who, bool(noted))


def known_of(tx: sqlite3.Connection, target_id: str) -> Known:
    """The three, of a target that is watched or was; KeyError when there is none."""
    row = tx.execute(
        "SELECT last_look_at, blind_since, blind_reason FROM targets WHERE id = ?", (target_id,)
    ).fetchone()
    if row is None:
        raise KeyError(target_id)
    looked, since, why = row
    shown, registered = _read(tx, target_id), _first(tx, _REGISTERED, target_id)
    told = held(tx, target_id)
    proofs = {
        "page": None if shown is None else shown.day,
        "register": None if registered is None else registered.day,
        "attestation": None if told is None else told.newest,
    }
    newest = max((day for day in proofs.values() if day is not None), default=None)
    return Known(
        newest=newest,
        newest_from="" if newest is None else next(source for source, day in proofs.items() if day == newest),
        looked_at=None if looked is None else from_ms(looked),
        blind_since=None if since is None else from_ms(since),
        blind_reason="" if since is None else why,
        shown=shown,
        registered=registered,
        attested=told,
    )


_ITEM = """SELECT substr(date, 1, 10), title, url, first_seen_at, '' FROM items WHERE target_id = ? AND length(date) >= 10
           ORDER BY substr(date, 1, 10) DESC, first_seen_at DESC LIMIT 1"""
_REGISTERED = """SELECT day, title, CASE WHEN id LIKE 'http%' THEN id ELSE '' END, told_at, source FROM posts
                 WHERE target_id = ? ORDER BY day DESC, told_at DESC LIMIT 1"""
_LOOK = """SELECT measures, last_at, reason FROM runs INDEXED BY runs_history WHERE target_id = ? AND subject = ''
           AND check_name IN ('column_fresh', 'feed_fresh') AND measures LIKE '%"newest"%' ORDER BY last_at DESC LIMIT 1"""


def _read(tx: sqlite3.Connection, target_id: str) -> Shown | None:
    """The newest item; or what the last look that saw a date said of it, for accounts keep no items."""
    item, look = _first(tx, _ITEM, target_id), tx.execute(_LOOK, (target_id,)).fetchone()
    if look is None:
        return item
    told = next(str(one["value"]) for one in canon.loads(look[0]) if one["name"] == "newest")
    if len(told) < len("2026-11-01") or (item is not None and item.day.isoformat() >= told[:10]):
        return item
    return Shown(date.fromisoformat(told[:10]), "", "", from_ms(look[1]), dated=look[2] != "first_seen")


def _first(tx: sqlite3.Connection, sql: str, target_id: str) -> Shown | None:
    row = tx.execute(sql, (target_id,)).fetchone()
    if row is None:
        return None
    day, title, url, at, source = row
    return Shown(date.fromisoformat(day), title, url, from_ms(at), source)
