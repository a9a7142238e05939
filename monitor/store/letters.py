"""Rows of public reply lists as they were last read, and their way into the register of messages.

Writes `letters` and `messages`, and one event `messages.read` for a reading that changed the register or contradicts it. What a person
told (an import, an answer) stands: what a list says otherwise is logged, once. A row that left its list stays, with when
it was last seen: lists are cut.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any

from monitor.clock import to_ms
from monitor.model import Letter, LetterRow, MessageClass, ReadLetters, Rows
from monitor.store import canon, events
from monitor.store.brought import touch
from monitor.store.database import Database
from monitor.store.entering import Entering, enter

MOST = 500
"""Rows of one reading that are kept; lists show 10 to 100."""
_ROW = "id, title, url, number, kind, class, received, answered, is_answered, asked, message, unseen_at IS NOT NULL"
SHOWN_SQL = f"SELECT {_ROW} FROM letters WHERE page_id = ? AND unseen_at IS NULL ORDER BY first_seen_at, id"
ALIKE_SQL = f"""
SELECT {_ROW} FROM letters
WHERE page_id = ?1 AND (unseen_at IS NULL OR number IN (SELECT value FROM json_each(?2)) OR url IN (SELECT value FROM json_each(?3))
    OR title IN (SELECT value FROM json_each(?4)))"""
"""What the list showed last, and whatever a row of it may be; of the rest, which may be years of letters, nothing is fetched."""
_PUT = """
INSERT INTO letters (page_id, id, title, url, number, kind, class, received, answered, is_answered, asked, message, first_seen_at, seen_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)
ON CONFLICT (page_id, id) DO UPDATE SET title = ?3, url = ?4, number = ?5, kind = ?6, class = ?7, received = ?8, answered = ?9,
    is_answered = ?10, asked = ?11, message = ?12, seen_at = ?13, unseen_at = NULL"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the table: the letter with all that was ever read of it, and its message in the register."""

    id: str
    row: LetterRow
    message: str | None
    is_gone: bool


async def letters_in(database: Database, page_id: str) -> tuple[LetterRow, ...]:
    """What is known of the rows the list showed last, asked from outside of a transaction."""
    return await database.read(partial(shown, page_id=page_id))


def shown(tx: sqlite3.Connection, page_id: str) -> tuple[LetterRow, ...]:
    """The rows that the list showed when it was last read."""
    return tuple(_kept(row).row for row in tx.execute(SHOWN_SQL, (page_id,)))


def note(  # noqa: PLR0917 - a reading, and whose it is
    tx: sqlite3.Connection,
    page_id: str,
    site_id: str,
    address: str,
    read: ReadLetters,
    at: datetime,
    before: datetime | None,
) -> None:
    """Remember the rows and enter what they tell into the register of the site. `before`: the last look, which still showed what is gone."""
    rows = [_cleaned(row) for row in read.rows[:MOST]]
    kept = _alike(tx, page_id, [row.letter for row in rows])
    known = Rows((one.id, one.row.letter) for one in kept.values())
    names = [known.take(row.letter) for row in rows]
    shown_now = set(names)
    still = {name for name, one in kept.items() if name in shown_now or not (read.whole or one.is_gone)}
    entering = Entering(
        site_id, address, at, {one.message for name, one in kept.items() if one.message and name in still}
    )
    ids, put = set(kept), list[tuple[Any, ...]]()
    for name, row in zip(names, rows, strict=True):
        one = None if name is None else kept[name]
        merged = row if one is None else _merged(row, one.row)
        if one is not None and _is_told(one, merged):
            continue
        new = name or _new_id(row.letter, ids)
        ids.add(new)
        told = enter(tx, entering, merged.letter, one.message if one is not None else None)
        put.append(_row(page_id, new, merged, told, at))
    tx.executemany(_PUT, put)
    if read.whole:
        _left(tx, page_id, [name for name, one in kept.items() if not one.is_gone and name not in still], at, before)
        tx.execute("UPDATE letters SET seen_at = ? WHERE page_id = ? AND unseen_at IS NULL", (to_ms(at), page_id))
    if entering.rows or entering.contradictions:
        events.append(tx, at, "zhishou", "messages.read", {"page": page_id, "address": address, **entering.body()})
    if entering.new or entering.changed:
        touch(tx, site_id, at)


def _alike(tx: sqlite3.Connection, page_id: str, letters: Sequence[Letter]) -> dict[str, Kept]:
    told = ([one.number for one in letters], [one.url for one in letters], [one.title for one in letters])
    values = (canon.dumps([text for text in texts if text]) for texts in told)
    return {row[0]: _kept(row) for row in tx.execute(ALIKE_SQL, (page_id, *values))}


def _cleaned(row: LetterRow) -> LetterRow:
    """As the store will have it."""
    one = row.letter
    number = None if one.number is None else canon.clean(one.number)
    url = None if one.url is None else canon.clean(one.url)
    return replace(
        row, letter=replace(one, title=canon.clean(one.title), url=url, number=number, kind=canon.clean(one.kind))
    )


def _left(tx: sqlite3.Connection, page_id: str, names: Sequence[str], at: datetime, before: datetime | None) -> None:
    """These stand no longer there; until the look before they did."""
    tx.executemany(
        "UPDATE letters SET unseen_at = ?, seen_at = max(seen_at, ?) WHERE page_id = ? AND id = ?",
        [(to_ms(at), 0 if before is None else to_ms(before), page_id, name) for name in names],
    )


def _merged(row: LetterRow, known: LetterRow) -> LetterRow:
    """What the list prints now, with what it does not print as it was known; asked again once its state is another."""
    new, old = row.letter, known.letter
    turned = new.is_answered is not None and new.is_answered is not old.is_answered
    reopened = new.is_answered is False
    letter = replace(
        new,
        url=new.url or old.url,
        number=new.number or old.number,
        kind=new.kind or old.kind,
        cls=new.cls or (old.cls if not new.kind or new.kind == old.kind else None),
        received=_fuller(new.received, old.received),
        answered=None if reopened else _fuller(new.answered, old.answered),
        is_answered=old.is_answered if new.is_answered is None else new.is_answered,
    )
    return LetterRow(letter, row.asked or (known.asked and not turned))


def _fuller(new: str | None, old: str | None) -> str | None:
    """What is printed now; with the time of day that is known of the same day."""
    return old if new is None or (old is not None and old.startswith(new)) else new


def _is_told(one: Kept, now: LetterRow) -> bool:
    """Whether the row stands there as before, and is entered, if it can be."""
    known = now.letter.received is not None and now.letter.is_answered is not None
    return one.row == now and not one.is_gone and (one.message is not None or not known)


def _new_id(letter: Letter, known: set[str]) -> str:
    """The number, else a seal of title, day and address; with a sign more where that is taken."""
    told = "\x1f".join((letter.title, (letter.received or "")[:10], letter.url or ""))
    name = letter.number or blake2b(told.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return (
        name
        if name not in known
        else next(f"{name}#{n}" for n in range(2, MOST + 2 + len(known)) if f"{name}#{n}" not in known)
    )


def _row(page_id: str, name: str, one: LetterRow, message: str | None, at: datetime) -> tuple[Any, ...]:
    letter = one.letter
    cls = None if letter.cls is None else letter.cls.value
    told = (letter.title, letter.url, letter.number, letter.kind, cls, letter.received, letter.answered)
    answered = None if letter.is_answered is None else int(letter.is_answered)
    return (page_id, name, *told, answered, int(one.asked), message, to_ms(at))


def _kept(row: Sequence[Any]) -> Kept:
    name, title, url, number, kind, cls, received, answered, is_answered, asked, message, gone = row
    letter = Letter(
        title=title,
        url=url,
        number=number,
        kind=kind,
        cls=None if cls is None else MessageClass(cls),
        received=received,
        answered=answered,
        is_answered=None if is_answered is None else bool(is_answered),
    )
    return Kept(name, LetterRow(letter, bool(asked)), message, bool(gone))
