"""The append-only event log: what happened to incidents, declarations, duty and deliveries, each line sealed to the one before.

Writes and reads the table `events`. A line's digest is the sha256 over the canonical JSON of [seq, at, who, what, body], its seal
that over [digest, seal of the one before], and of a line about incidents over [digest, their numbers, seal of the one before]: so a
proof shows the lines of one matter, of the others their digests alone, and nobody can pass off a line of the matter as another's.
Earlier programs sealed every line without the numbers, the first of them over [seq, at, who, what, body, seal of the one before].
Nothing here changes or removes a line, and triggers in the table refuse it to everybody.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

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


class Line(NamedTuple):
    """A line as it lies in the table: `at` in milliseconds, `body` as text."""

    seq: int
    at: int
    who: str
    what: str
    body: str
    hash: str


def append(tx: sqlite3.Connection, at: datetime, who: str, what: str, body: Mapping[str, object]) -> int:
    """Add one line; returns its number. `what` is dotted and past tense ("incident.opened"), `who` a person or "zhishou"."""
    last = tx.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    seq, before = (1, "") if last is None else (last[0] + 1, last[1])
    row = (seq, to_ms(at), canon.clean(who), what, canon.dumps(body))
    tx.execute(
        "INSERT INTO events (seq, at, who, what, body, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (*row, _seal(row, before, about(what, body))),
    )
    return seq


def verify(tx: sqlite3.Connection) -> int | None:
    """The number of the first line that is missing or not as it was written; None when the log is whole."""
    return audit(tx).broken


@dataclass(frozen=True, slots=True)
class Audit:
    """The log as far as it is whole: how many lines, when the first and last were written, the seal of the last.

    `broken` is the number of the first line that is missing or not as it was written, None when there is none.
    """

    lines: int
    first_at: int | None
    last_at: int | None
    head: str
    broken: int | None


def audit(tx: sqlite3.Connection, seen: Callable[[Line], None] = lambda _line: None) -> Audit:
    """Read the whole log and check every seal; `seen` is shown every line that holds, in order."""
    before, lines, first, last = "", 0, None, None
    for stored in tx.execute(_LINES):
        line = _line(stored)
        if line is None or line.seq != lines + 1 or form_of(line, before) is None:
            return Audit(lines, first, last, before, lines + 1 if line is None else min(line.seq, lines + 1))
        seen(line)
        before, lines, last = line.hash, lines + 1, line.at
        first = line.at if first is None else first
    return Audit(lines, first, last, before, None)


SHORT = 16
"""Hex digits of a head as people note it: 64 bits, which nobody finds another log for."""
_HEAD = re.compile(rf"(?:([0-9]{{1,18}}):)?([0-9a-f]{{{SHORT},64}})")


def head(tx: sqlite3.Connection) -> str:
    """The last line as short as it can be noted, "NUMBER:HASH"; "" while there is none."""
    last = tx.execute("SELECT seq, CAST(hash AS TEXT) FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return "" if last is None else f"{last[0]}:{last[1][:SHORT]}"


def can_be_head(noted: str) -> bool:
    """Whether that is a head as the program tells it: a hash, whole or its beginning, with the number of its line or without."""
    return _HEAD.fullmatch(noted) is not None


def is_head(noted: str, line: Line) -> bool:
    """Whether it is that of this line."""
    told = _HEAD.fullmatch(noted)
    return told is not None and told[1] in {None, str(line.seq)} and line.hash.startswith(told[2])


_LINES = """SELECT seq, at, CAST(who AS BLOB), CAST(what AS BLOB), CAST(body AS BLOB), CAST(hash AS BLOB) FROM events ORDER BY seq"""
"""As bytes: what a hand at the file wrote may be no text."""


def _line(stored: Sequence[Any]) -> Line | None:
    try:
        return Line(stored[0], stored[1], *(part.decode() for part in stored[2:]))
    except UnicodeDecodeError:
        return None


def newest(tx: sqlite3.Connection, limit: int) -> list[Event]:
    """The last lines, newest first."""
    rows = tx.execute("SELECT seq, at, who, what, body, hash FROM events ORDER BY seq DESC LIMIT ?", (limit,))
    return [Event(seq, from_ms(at), who, what, canon.loads(body), seal) for seq, at, who, what, body, seal in rows]


def of_incident(tx: sqlite3.Connection, incident: int) -> list[Event]:
    """The lines that name it, in order. Reads the whole log (its bodies are canonical: no blanks)."""
    rows = tx.execute(
        """SELECT seq, at, who, what, body, hash FROM events WHERE instr(body, ?1 || ',') OR instr(body, ?1 || '}')
           ORDER BY seq""",
        (f'"incident":{incident}',),
    )
    return [Event(seq, from_ms(at), who, what, canon.loads(body), seal) for seq, at, who, what, body, seal in rows]


def digest(line: tuple[int, int, str, str, str]) -> str:
    """Of a line by itself: seq, at (ms), who, what, body as it lies in the table."""
    return _sha256(list(line))


def about(what: str, body: Mapping[str, object]) -> list[int]:
    """The incidents a line is about: that of an incident's line, those a delivery told of."""
    area = what.partition(".")[0]
    told = body.get("incidents") if area == "delivery" else [body.get("incident")] if area == "incident" else None
    return sorted({one for one in told if type(one) is int}) if isinstance(told, list) else []


def form_of(line: Line, before: str) -> int | None:
    """How it is sealed: 3 with the numbers of its incidents, 2 over its digest, 1 whole; None: not as it was written."""
    bare = line.seq, line.at, line.who, line.what, line.body
    if line.hash == _seal(bare, before, []):
        return 2
    numbers = _numbers(line)
    if numbers and line.hash == _seal(bare, before, numbers):
        return 3
    return 1 if line.hash == _sha256([*bare, before]) else None


def _numbers(line: Line) -> list[int]:
    if not line.what.startswith(("incident.", "delivery.")):
        return []
    try:
        body = canon.loads(line.body)
    except ValueError:
        return []
    return about(line.what, body) if isinstance(body, dict) else []


def _seal(line: tuple[int, int, str, str, str], before: str, numbers: list[int]) -> str:
    return _sha256([digest(line), numbers, before] if numbers else [digest(line), before])


def _sha256(parts: list[object]) -> str:
    return hashlib.sha256(canon.dumps(parts).encode()).hexdigest()
