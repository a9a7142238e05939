"""The registers people keep: messages of the public with their answers, and posts of accounts. Filled in, never silently turned round.

Writes `messages` and `posts`, judges what they concern again with the next round, and writes an event for each change. An import is
all or nothing: what contradicts the register is returned, and nothing is written, unless it is to be replaced.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from monitor.clock import SHANGHAI, civil_day, from_ms, to_ms
from monitor.model import MessageClass, PublicMessage, say
from monitor.store import events, register
from monitor.store.brought import touch
from monitor.store.commands import NUMBER_OF_ONE, Refused, at_odds
from monitor.store.entering import READ, TOLD, Contradiction, same_day


class MessageRow(NamedTuple):
    """A message as told; `…_day`: of that instant only the day is known. `answered` counts where `tells_answer`, `explained` None is not told."""

    target: str
    id: str
    cls: MessageClass
    received: datetime
    received_day: bool = False
    tells_answer: bool = False
    answered: datetime | None = None
    answered_day: bool = False
    explained: bool | None = None
    title: str = ""


class PostRow(NamedTuple):
    """A post as told: the civil day ("YYYY-MM-DD"), and whether it is the account's own work where that is told."""

    target: str
    id: str
    day: str
    title: str = ""
    original: bool | None = None


class Source(NamedTuple):
    """Who tells, out of which file (its name and sha256)."""

    by: str
    file: str
    sha256: str


@dataclass(slots=True)
class Outcome:
    """How many rows were new, changed (of them with an answer now), or known as they are; what contradicts; whom it concerns."""

    new: int = 0
    changed: int = 0
    answered: int = 0
    same: int = 0
    contradictions: list[Contradiction] = field(default_factory=list)
    read: list[Contradiction] = field(default_factory=list)  # what only public lists told otherwise: it stands back
    targets: set[str] = field(default_factory=set)

    def body(self) -> dict[str, object]:
        """For the log."""
        return {
            "new": self.new,
            "changed": self.changed,
            "answered": self.answered,
            "same": self.same,
            "replaced": len(self.contradictions),
            "targets": len(self.targets),
        }


class _Put(NamedTuple):
    """What is to be written, and what the log calls it: the first `told` columns of each row are in it."""

    statement: str
    rows: Sequence[tuple[object, ...]]
    event: str
    told: int
    renamed: Sequence[tuple[str, str, str]] = ()  # new number, target, the one it was read under


AT_ONCE = 500
"""Rows in one line of the log."""


_MESSAGE = (
    "SELECT class, received_at, answered_at, explained, how, answer, title FROM messages WHERE target_id = ? AND id = ?"
)
_PUT_MESSAGE = """
INSERT INTO messages (target_id, id, class, received_at, answered_at, explained, answer, title, source, told_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (target_id, id) DO UPDATE SET class = excluded.class, received_at = excluded.received_at,
    answered_at = excluded.answered_at, explained = excluded.explained, how = 'import', answer = excluded.answer,
    title = excluded.title, source = excluded.source, told_at = excluded.told_at"""
_RELINK = """
UPDATE letters SET message = ?1 WHERE message = ?3 AND page_id IN (SELECT id FROM targets INDEXED BY targets_site WHERE site = ?2)"""
_POST = "SELECT day, title, original FROM posts WHERE target_id = ? AND id = ?"
_PUT_POST = """
INSERT INTO posts (target_id, id, day, title, original, source, told_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (target_id, id) DO UPDATE SET day = excluded.day, title = excluded.title, original = excluded.original,
    source = excluded.source"""


def put_messages(
    tx: sqlite3.Connection, rows: Iterable[MessageRow], source: Source, now: datetime, *, replace: bool
) -> Outcome:
    """Take the messages over, with events `messages.written` (the rows) and `messages.imported` (how many)."""
    done, written, renamed = Outcome(), [], list[tuple[str, str, str]]()
    for row in rows:
        name = row.id
        stored = tx.execute(_MESSAGE, (row.target, name)).fetchone()
        if stored is None and (read := _read_as(tx, row, {was for _, _, was in renamed})) is not None:
            renamed.append((row.id, row.target, read))
            stored = tx.execute(_MESSAGE, (row.target, read)).fetchone()
        merged = _message(row, stored, done, replace=replace)
        if merged is not None:
            written.append((row.target, row.id, *merged, source.file, to_ms(now)))
            done.targets.add(row.target)
    put = _Put(_PUT_MESSAGE, written, "messages", 8, renamed)
    return _finish(tx, done, put, source, now, replace=replace)


def _read_as(tx: sqlite3.Connection, row: MessageRow, taken: set[str]) -> str | None:
    """The number under which a list told of it before: one of its title that came on that day."""
    alike = same_day(tx, row.target, row.title, to_ms(row.received)) if row.title else ()
    return next((one.id for one in alike if one.how == READ and one.id not in taken), None)


def put_posts(
    tx: sqlite3.Connection, rows: Iterable[PostRow], source: Source, now: datetime, *, replace: bool
) -> Outcome:
    """Take the posts over, with events `posts.written` (the rows) and `posts.imported` (how many)."""
    done, written = Outcome(), []
    for row in rows:
        stored = tx.execute(_POST, (row.target, row.id)).fetchone()
        merged = _post(row, stored, done)
        if merged is not None:
            written.append((row.target, row.id, *merged, source.file, to_ms(now)))
            done.targets.add(row.target)
    return _finish(tx, done, _Put(_PUT_POST, written, "posts", 5), source, now, replace=replace)


def add_message(tx: sqlite3.Connection, row: MessageRow, by: str, now: datetime) -> None:
    """One message by hand; raises Refused when it is there already."""
    answered = None if row.answered is None else to_ms(row.answered)
    if answered is not None and answered < to_ms(row.received):
        answered = _after(row, answered, to_ms(row.received), "body.answered")
    one = PublicMessage(
        id=row.id,
        target=row.target,
        cls=row.cls,
        received_at=row.received,
        answered_at=None if answered is None else from_ms(answered),
        explained=bool(row.explained),
    )
    if not register.add_message(tx, one, by, by, now):
        words = say("{target} has a message {id} already", target=row.target, id=row.id)
        raise at_odds("body.id", words, say("a number no message of it has yet"))
    touch(tx, row.target, now)


def answer_message(
    tx: sqlite3.Connection, message: tuple[str, str], at: datetime, by: str, now: datetime, *, is_day: bool = False
) -> None:
    """A message (target, id) was answered then (or that day); raises Refused when it was before, or when that is before it came."""
    stored = tx.execute(_MESSAGE, message).fetchone()
    if stored is None:
        words = say("{target} has no message {id}", target=message[0], id=message[1])
        raise Refused(words, missing=True, troubles=(("path.id", words, NUMBER_OF_ONE),))
    cls, received, answered, explained, _, answer, _ = stored
    if answered is not None and answer == TOLD:
        again = say("message {id} was answered already", id=message[1])
        raise at_odds("path.id", again, say("a message that nobody has answered"))
    row, told = MessageRow(*message, MessageClass(cls), from_ms(received), answered_day=is_day), to_ms(at)
    if told < received:
        told = _after(row, told, received, "body.at")
    one = PublicMessage(
        id=row.id,
        target=row.target,
        cls=row.cls,
        received_at=row.received,
        answered_at=from_ms(told),
        explained=bool(explained),
    )
    register.answer_message(tx, one, by, now)
    touch(tx, row.target, now)


def _message(
    row: MessageRow, stored: Sequence[int | str | None] | None, done: Outcome, *, replace: bool
) -> tuple[object, ...] | None:
    """Class, receipt, answer, explanation, whose answer it is and title as they will stand; None when they stand so already."""
    cls, received, answered, explained, how, answer, title = stored or (None, None, None, 0, "", TOLD, "")
    came = _instant(row.received, received, is_day=row.received_day)
    told = answered
    if row.tells_answer and (row.answered is not None or answer == TOLD or replace):
        told = None if row.answered is None else _instant(row.answered, answered, is_day=row.answered_day)
    if isinstance(told, int) and told < came:
        told = _after(row, told, came, "body.rows")
    explains = int(bool(explained) if row.explained is None else row.explained)
    by = answer if told is not None and not (row.tells_answer and row.answered is not None) else TOLD
    merged = (row.cls.value, came, told, explains, by, row.title or title)
    if stored is None:
        done.new += 1
        return merged
    listed = None if row.tells_answer and row.answered is None else told
    for what, was, now, only_read in (
        ("class", cls if cls != MessageClass.UNKNOWN else None, merged[0], how == READ),
        ("received", received, came, how == READ),
        ("answered", answered, told if answer == TOLD else listed, answer != TOLD),
    ):
        if was is not None and was != now:
            differing = done.read if only_read else done.contradictions
            differing.append(Contradiction(row.target, row.id, what, _shown(was), _shown(now)))
    if merged == (cls, received, answered, explained, answer, title):
        done.same += 1
        return merged if how == READ else None
    done.changed += 1
    done.answered += answered is None and told is not None
    return merged


def _instant(told: datetime, stored: object, *, is_day: bool) -> int:
    """A day that is told leaves the instant of that day which is known."""
    if is_day and isinstance(stored, int) and civil_day(from_ms(stored)) == civil_day(told):
        return stored
    return to_ms(told)


def _after(row: MessageRow, told: int, came: int, place: str) -> int:
    """An answer of the same day came with the message, when only the day is told; else it cannot come before it."""
    if row.answered_day and civil_day(from_ms(told)) == civil_day(from_ms(came)):
        return came
    said = {"id": row.id, "target": row.target, "answered": _on_a_wall(told), "received": _on_a_wall(came)}
    words = say("message {id} of {target} was answered ({answered}) before it was received ({received})", **said)
    raise at_odds(place, words, say("when it was received, or later"))


def _on_a_wall(milliseconds: int) -> str:
    return f"{from_ms(milliseconds).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _post(row: PostRow, stored: Sequence[int | str | None] | None, done: Outcome) -> tuple[object, ...] | None:
    """Day, title and whether it is original as they will stand; None when they stand so already."""
    original = None if row.original is None else int(row.original)
    if stored is None:
        done.new += 1
        return row.day, row.title, original
    merged = (row.day, row.title or stored[1], stored[2] if original is None else original)
    for what, was, now in (("day", stored[0], merged[0]), ("original", stored[2], merged[2])):
        if was is not None and was != now:
            done.contradictions.append(Contradiction(row.target, row.id, what, str(was), str(now)))
    if merged == tuple(stored):
        done.same += 1
        return None
    done.changed += 1
    return merged


def _finish(
    tx: sqlite3.Connection, done: Outcome, put: _Put, source: Source, now: datetime, *, replace: bool
) -> Outcome:
    """Write all of it, unless something contradicts and is not to be replaced."""
    if done.contradictions and not replace:
        return done
    for new, target, was in put.renamed:
        tx.execute("UPDATE messages SET id = ?1 WHERE target_id = ?2 AND id = ?3", (new, target, was))
        tx.execute(_RELINK, (new, target, was))
    tx.executemany(put.statement, put.rows)
    for target in sorted(done.targets):
        touch(tx, target, now)
    _log_rows(tx, put, source, now)
    told = [one._asdict() for one in done.contradictions[:200]]
    body = {"file": source.file, "sha256": source.sha256, **done.body(), "contradictions": told}
    if done.read:
        body["read"] = [one._asdict() for one in done.read[:200]]
    events.append(tx, now, source.by, f"{put.event}.imported", body)
    return done


def _log_rows(tx: sqlite3.Connection, put: _Put, source: Source, now: datetime) -> None:
    """What stands there is in the log, row by row (evidence/registers.py), and under what it stood before."""
    before = {(target, new): was for new, target, was in put.renamed}
    for start in range(0, len(put.rows), AT_ONCE):
        rows = [row[: put.told] for row in put.rows[start : start + AT_ONCE]]
        body: dict[str, object] = {"file": source.file, "rows": rows}
        keys = ((str(row[0]), str(row[1])) for row in rows)
        if renamed := [(key[1], key[0], before[key]) for key in keys if key in before]:
            body["renamed"] = renamed
        events.append(tx, now, source.by, f"{put.event}.written", body)


def _shown(value: object) -> str:
    return from_ms(value).isoformat() if isinstance(value, int) else str(value or "")
