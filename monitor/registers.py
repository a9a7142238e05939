"""The registers people keep, as the control socket and the command line carry them out: messages of the public, posts of accounts.

Functions over `store.registers` and `store.registered`, for the table of monitor/desk.py. What comes over the socket is taken apart
here, and refused in plain words when it is not what it should be.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.clock import SHANGHAI, day_start, from_ms
from monitor.control import Refusal
from monitor.model import MessageClass, say
from monitor.store import canon, commands, registered, registers

Args = Mapping[str, Any]
MOST = 100_000
"""Rows of one import, all in one transaction: it holds the writer for a second (measured: 1.1 s for 100,000 messages on one core)."""
LISTED = 1000
AHEAD = timedelta(hours=1)
"""How far the clocks of two systems may differ: what is later than that lies in the future."""


def import_messages(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    """Rows [target, id, class, received, answered (null: not told, "": none), explained (null: not told)], with by, file, sha256, replace."""
    source, rows = _source(args), [_message(row, now) for row in _rows(args)]
    _check(tx, rows)
    done = registers.put_messages(tx, rows, source, now, replace=args.get("replace") is True)
    return _told(done, written=not done.contradictions or args.get("replace") is True)


def import_posts(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    """Rows [account, id, day, title, original (null: not told)], likewise."""
    source, rows = _source(args), [_post(row, now) for row in _rows(args)]
    _check(tx, rows)
    done = registers.put_posts(tx, rows, source, now, replace=args.get("replace") is True)
    return _told(done, written=not done.contradictions or args.get("replace") is True)


def add_message(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    """One message by hand: site (id, code or name), id, class, received, answered, explained, by."""
    by, target = _by(args), _target(tx, _text(args, "site"))
    told = (
        target,
        *(args.get(name) for name in ("id", "class", "received")),
        args.get("answered"),
        args.get("explained"),
    )
    registers.add_message(tx, _message(told, now), by, now)
    return {"target": target}


def answer_message(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    """A message was answered: id, at, by; site where the id is that of several."""
    by, name, site = _by(args), _text(args, "id"), _text(args, "site", "")
    found = [_target(tx, site)] if site else registered.targets_with(tx, name)
    if not found:
        raise commands.Refused(say("there is no message {id}", id=name), missing=True)
    if len(found) > 1:
        raise commands.Refused(say("{n} sites have a message {id}: say of which site", n=len(found), id=name))
    at, is_day = _instant(_text(args, "at"), now)
    registers.answer_message(tx, (found[0], name), at, by, now, is_day=is_day)
    return {"target": found[0]}


def messages(tx: sqlite3.Connection, args: Args) -> list[dict[str, object]]:
    """The register: the newest, or those that wait with the oldest first."""
    return [
        {
            "target": one.target,
            "name": one.name,
            "id": one.id,
            "class": one.cls,
            "received": _shanghai(one.received_at),
            "answered": None if one.answered_at is None else _shanghai(one.answered_at),
            "explained": one.explained,
            "source": one.source,
        }
        for one in registered.messages(tx, LISTED, waiting=args.get("waiting") is True)
    ]


def called(tx: sqlite3.Connection, _args: Args) -> list[dict[str, object]]:
    """Sites and accounts by what people call them, for who reads a register of theirs."""
    return [one._asdict() for one in registered.called(tx)]


CHANGES = {
    "messages-import": import_messages,
    "messages-add": add_message,
    "messages-answer": answer_message,
    "posts-import": import_posts,
}
"""Commands that change something; each names a person."""
VIEWS = {"messages": messages, "called": called}
"""Commands that only look."""


def _rows(args: Args) -> Iterator[Sequence[object]]:
    rows = args.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refusal("the command needs rows, as a list of lists", "wrong")
    if not 0 < len(rows) <= MOST:
        raise commands.Refused(say("an import has between 1 and {n} rows", n=f"{MOST:,}"))
    yield from rows


def _message(row: Sequence[object], now: datetime) -> registers.MessageRow:
    try:
        target, name, cls, received, answered, explained = row
        kind = MessageClass(str(cls))
    except ValueError:
        raise Refusal(f"not a message: {canon.dumps(row)[:200]}", "wrong") from None
    came, came_day = _instant(received, now)
    done, done_day = _instant(answered, now) if answered else (None, False)
    return registers.MessageRow(
        target=_word(target),
        id=_word(name),
        cls=kind,
        received=came,
        received_day=came_day,
        tells_answer=answered is not None,
        answered=done,
        answered_day=done_day,
        explained=_switch(explained),
    )


def _post(row: Sequence[object], now: datetime) -> registers.PostRow:
    try:
        target, name, day, title, original = row
        civil = date.fromisoformat(str(day))
    except ValueError:
        raise Refusal(f"not a post: {canon.dumps(row)[:200]}", "wrong") from None
    if day_start(civil) > now + AHEAD:
        raise commands.Refused(say("{day} lies in the future", day=civil.isoformat()))
    return registers.PostRow(
        _word(target), _word(name), civil.isoformat(), canon.clean(str(title or ""))[:500], _switch(original)
    )


def _instant(told: object, now: datetime) -> tuple[datetime, bool]:
    """An ISO instant with zone, or the beginning of a day in Shanghai; whether it is only a day."""
    try:
        if isinstance(told, str) and len(told) == len("2026-11-01"):
            at, is_day = day_start(date.fromisoformat(told)), True
        else:
            when = datetime.fromisoformat(str(told))
            at, is_day = (when if when.tzinfo else when.replace(tzinfo=SHANGHAI)).astimezone(UTC), False
    except (ValueError, OverflowError):
        words = f"not a time: {str(told)[:60]}"
        raise Refusal(words, "wrong", (("at", words, "2026-11-23, 2026-11-23T08:00"),)) from None
    if at > now + AHEAD:
        raise commands.Refused(say("{day} lies in the future", day=str(told)[:16].replace("T", " ")))
    return at, is_day


def _check(tx: sqlite3.Connection, rows: Sequence[registers.MessageRow] | Sequence[registers.PostRow]) -> None:
    """No row twice, and none of a target that is not there."""
    if len({(row.target, row.id) for row in rows}) < len(rows):
        raise Refusal("a row is there twice", "wrong")
    if missing := registered.unknown(tx, {row.target for row in rows}):
        raise commands.Refused(say("there is no target {target}", target=missing[0]), missing=True)


def _target(tx: sqlite3.Connection, written: str) -> str:
    """The id of the site or account that is called so."""
    words = [one for one in registered.called(tx) if written in {one.id, one.code, one.name}]
    found = next((one.id for one in words if one.id == written), None)
    watched = {one.id for one in words if not one.removed} or {one.id for one in words}
    if found is None and len(watched) > 1:
        raise commands.Refused(say('{n} sites are called "{name}"', n=len(watched), name=written))
    if found is None and not watched:
        raise commands.Refused(say('there is no site "{name}"', name=written), missing=True)
    return found or watched.pop()


def _told(done: registers.Outcome, *, written: bool) -> dict[str, object]:
    listed = [one._asdict() for one in done.contradictions[:1000]]
    return {**done.body(), "written": written, "contradictions": listed, "contradicting": len(done.contradictions)}


def _source(args: Args) -> registers.Source:
    return registers.Source(_by(args), canon.clean(_text(args, "file"))[:200], _text(args, "sha256"))


def _by(args: Args) -> str:
    name = canon.clean(_text(args, "by")).strip()
    if not name:
        raise commands.Refused(say("who? every change names a person"))
    return name


def _word(value: object) -> str:
    """An id: a text that is not empty."""
    if not isinstance(value, str) or not value.strip() or len(value) > 2048:
        raise Refusal(f"not an id: {str(value)[:60]}", "wrong")
    return canon.clean(value.strip())


def _switch(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise Refusal(f"neither true nor false: {str(value)[:60]}", "wrong")
    return value


def _text(args: Args, name: str, default: str | None = None) -> str:
    found = args.get(name, default)
    if not isinstance(found, str):
        raise Refusal(f"the command needs {name}, as text", "wrong")
    return found


def _shanghai(milliseconds: int) -> str:
    return from_ms(milliseconds).astimezone(SHANGHAI).isoformat()
