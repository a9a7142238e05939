"""A letter of a public list becomes an entry of the register of messages, or what is read of one that stands there.

Writes `messages`, inside `letters.note`. A letter is entered once the day it came is known and whether it is answered; a day or an answer that
nobody knows is never made up. It is known again by its number, or by its title and the day it came, however the entry was brought.
What a person told is not touched, what the list says otherwise is gathered as contradictions; an entry that waits takes an answer from anybody.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from monitor.clock import SHANGHAI, civil_day, day_start, from_ms, to_ms
from monitor.model import Letter, MessageClass, plain_title
from monitor.store import canon

READ, TOLD, SEEN = "read", "told", "seen"
"""How an entry, or its answer, came: read off a list; told by a person; only that it is answered was seen, then at the latest."""
DAY = 86_400_000
_ENTRY = "id, class, received_at, answered_at, how, answer, title, url"
BY_ID_SQL = f"SELECT {_ENTRY} FROM messages WHERE target_id = ? AND id = ?"
BY_DAY_SQL = f"""
SELECT {_ENTRY} FROM messages INDEXED BY messages_titled
WHERE target_id = ? AND title <> '' AND received_at >= ? AND received_at < ? ORDER BY received_at, id"""
_PUT = """
INSERT INTO messages (target_id, id, class, received_at, answered_at, how, answer, title, url, source, told_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (target_id, id) DO UPDATE SET class = ?3, received_at = ?4, answered_at = ?5, answer = ?7, title = ?8, url = ?9"""


class Contradiction(NamedTuple):
    """What the register has and what is told now; `what` is received, answered, class, day or original."""

    target: str
    id: str
    what: str
    was: str
    now: str


class Entry(NamedTuple):
    """A row of the register, as far as a list may say something of it; instants in milliseconds."""

    id: str
    cls: str
    received_at: int
    answered_at: int | None
    how: str
    answer: str
    title: str
    url: str


@dataclass(slots=True)
class Entering:
    """One reading on its way into the register of a site. `linked` are messages that other rows of the list are."""

    site: str
    address: str
    at: datetime
    linked: set[str]
    new: int = 0
    changed: int = 0
    answered: int = 0
    contradictions: list[Contradiction] = field(default_factory=list)
    rows: list[tuple[object, ...]] = field(
        default_factory=list
    )  # as written: what stands there is in the log, row by row

    def body(self) -> dict[str, object]:
        """For the log."""
        told = [one._asdict() for one in self.contradictions[:200]]
        return {
            "rows": self.rows,
            "target": self.site,
            "new": self.new,
            "changed": self.changed,
            "answered": self.answered,
            "contradictions": told,
        }

    def contradicts(self, entry: Entry, what: str, now: str) -> None:
        """The list says something else than a person did."""
        was = entry.cls if what == "class" else _shown(entry.received_at if what == "received" else entry.answered_at)
        self.contradictions.append(Contradiction(self.site, entry.id, what, was, now))


def enter(tx: sqlite3.Connection, entering: Entering, letter: Letter, linked: str | None) -> str | None:
    """The number of the message it is; None while too little is known to enter it."""
    entry = _find(tx, entering, letter, linked)
    if entry is None:
        if letter.received is None or letter.is_answered is None:
            return None
        entry = _new(entering, letter)
        entering.new += 1
        _put(tx, entering, entry)
    else:
        merged = _merged(entering, entry, letter)
        if merged != entry:
            entering.changed += merged[:6] != entry[:6]
            entering.answered += entry.answered_at is None and merged.answered_at is not None
            _put(tx, entering, merged)
    entering.linked.add(entry.id)
    return entry.id


def same_day(tx: sqlite3.Connection, target: str, title: str, received_at: int) -> list[Entry]:
    """The messages of a target that came on that day under that title."""
    start = to_ms(day_start(civil_day(from_ms(received_at))))
    wanted = plain_title(title)
    found = (Entry(*row) for row in tx.execute(BY_DAY_SQL, (target, start, start + DAY)))
    return [one for one in found if wanted and plain_title(one.title) == wanted]


def _find(tx: sqlite3.Connection, entering: Entering, letter: Letter, linked: str | None) -> Entry | None:
    for name in (linked, letter.number):
        row = tx.execute(BY_ID_SQL, (entering.site, name)).fetchone() if name else None
        if row is not None:
            return Entry(*row)
    if letter.received is None:
        return None
    alike = same_day(tx, entering.site, letter.title, _instant(letter.received))
    return next((one for one in alike if one.id not in entering.linked), None)


def _new(entering: Entering, letter: Letter) -> Entry:
    assert letter.received is not None
    came = _instant(letter.received)
    answered, answer = _answer(letter, came, entering.at)
    told = "\x1f".join((entering.address, letter.title, letter.received, letter.url or ""))
    name = letter.number or f"L-{blake2b(told.encode('utf-8', 'surrogatepass'), digest_size=5).hexdigest()}"
    cls = letter.cls or MessageClass.UNKNOWN
    return Entry(name, cls.value, came, answered, READ, answer, letter.title, letter.url or "")


def _merged(entering: Entering, entry: Entry, letter: Letter) -> Entry:
    """The entry with what the list tells of it; what a person told stays."""
    is_read = entry.how == READ
    entry = entry._replace(
        title=letter.title if is_read or not entry.title else entry.title,
        url=letter.url or entry.url,
    )
    if letter.cls is not None and letter.cls != entry.cls:
        if is_read or entry.cls == MessageClass.UNKNOWN:
            entry = entry._replace(cls=letter.cls.value)
        elif letter.kind:
            entering.contradicts(entry, "class", letter.cls.value)
    return _with_answer(entering, _with_receipt(entering, entry, letter), letter)


def _with_receipt(entering: Entering, entry: Entry, letter: Letter) -> Entry:
    if letter.received is None:
        return entry
    came, is_day = _instant(letter.received), len(letter.received) == len("2026-11-01")
    if civil_day(from_ms(came)) == civil_day(from_ms(entry.received_at)) and (is_day or entry.how != READ):
        return entry
    if entry.how != READ:
        entering.contradicts(entry, "received", _shown(came))
        return entry
    too_late = entry.answered_at is not None and entry.answered_at < came
    return entry if too_late else entry._replace(received_at=came)


def _with_answer(entering: Entering, entry: Entry, letter: Letter) -> Entry:
    if letter.is_answered is None:
        return entry
    if entry.answered_at is None:
        answered, answer = _answer(letter, entry.received_at, entering.at)
        return entry if answered is None else entry._replace(answered_at=answered, answer=answer)
    if not letter.is_answered:
        if entry.answer != TOLD:
            return entry._replace(answered_at=None)
        entering.contradicts(entry, "answered", "")
        return entry
    answered, answer = _answer(letter, entry.received_at, entering.at)
    if answer == SEEN or answered is None or civil_day(from_ms(answered)) == civil_day(from_ms(entry.answered_at)):
        return entry
    if entry.answer != TOLD:
        return entry._replace(answered_at=answered, answer=answer)
    entering.contradicts(entry, "answered", _shown(answered))
    return entry


def _answer(letter: Letter, came: int, at: datetime) -> tuple[int | None, str]:
    """When it was answered, and how we know: where no day can be told, by the time it was seen."""
    if not letter.is_answered:
        return None, READ
    told = None if letter.answered is None else _instant(letter.answered)
    if told is not None and told < came and civil_day(from_ms(told)) == civil_day(from_ms(came)):
        told = came
    return (told, READ) if told is not None and told >= came else (max(to_ms(at), came), SEEN)


def _put(tx: sqlite3.Connection, entering: Entering, entry: Entry) -> None:
    told: Sequence[Any] = (
        entering.site, canon.clean(entry.id), entry.cls, entry.received_at, entry.answered_at, entry.how, entry.answer,
        canon.clean(entry.title), canon.clean(entry.url), entering.address, to_ms(entering.at),
    )  # fmt: skip
    tx.execute(_PUT, told)
    entering.rows.append((told[1], *told[2:5], *told[6:9]))


def _instant(told: str) -> int:
    """Milliseconds of a moment as printed in Shanghai; a day is its beginning."""
    if len(told) == len("2026-11-01"):
        return to_ms(day_start(date.fromisoformat(told)))
    return to_ms(datetime.fromisoformat(told).replace(tzinfo=SHANGHAI))


def _shown(value: int | None) -> str:
    return "" if value is None else from_ms(value).isoformat()
