"""The registers people keep, as the control socket and the command line carry them out: messages of the public, posts of accounts.

Functions over `store.registers` and `store.registered`, for the table of monitor/desk.py. What comes over the socket is taken apart
here, and refused in plain words when it is not what it should be.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.clock import civil_day, from_ms, iso
from monitor.config.settings import Settings
from monitor.control import Refusal
from monitor.judge.answers import answer
from monitor.judge.workdays import CalendarUnknown
from monitor.model import MessageClass, PublicMessage, Rule, say
from monitor.registerrows import MESSAGE, Reading, message, messages as messages_of, posts as posts_of, twice, unknown
from monitor.settle.policy import policy_of
from monitor.store import canon, commands, registered, registers

Args = Mapping[str, Any]
MOST = 100_000
"""Rows of one import, all in one transaction: it holds the writer for a second (measured: 1.1 s for 100,000 messages on one core)."""
LISTED = 1000


def import_messages(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    """Rows [target, id, class, received, answered, explained, title], with by, file, sha256, replace.

    answered is null where it is not told and "" for none, explained null where it is not told; title may be missing.
    """
    source, given, reading = _source(args), _rows(args), Reading(now)
    rows = list(messages_of(given, reading))
    _check(tx, rows, given, reading)
    done = registers.put_messages(tx, rows, source, now, replace=args.get("replace") is True)
    return _told(done, written=not done.contradictions or args.get("replace") is True)


def import_posts(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    """Rows [account, id, day, title, original (null: not told)], likewise."""
    source, given, reading = _source(args), _rows(args), Reading(now)
    rows = list(posts_of(given, reading))
    _check(tx, rows, given, reading)
    done = registers.put_posts(tx, rows, source, now, replace=args.get("replace") is True)
    return _told(done, written=not done.contradictions or args.get("replace") is True)


def add_message(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    """One message by hand: site (id, code or name), id, class, received, answered, explained, by."""
    by, target = _by(args), _target(tx, _text(args, "site"))
    told = {"target": target, **{name: args.get(name) for name in MESSAGE[1:]}}
    reading = Reading(now)
    one = message(told, {name: f"body.{name}" for name in MESSAGE}, reading)
    reading.refuse()
    assert one is not None  # else something was wrong
    registers.add_message(tx, one, by, now)
    return {"target": target}


def answer_message(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    """A message was answered: id, at, by; site where the id is that of several."""
    by, name, site = _by(args), _text(args, "id"), _text(args, "site", "")
    found = [_target(tx, site)] if site else registered.targets_with(tx, name)
    if not found:
        words = say("there is no message {id}", id=name)
        raise commands.Refused(words, missing=True, troubles=(("path.id", words, commands.NUMBER_OF_ONE),))
    if len(found) > 1:
        words = say("{n} sites have a message {id}: say of which site", n=len(found), id=name)
        raise commands.at_odds("body.site", words, say("id, code or name of the site"))
    reading = Reading(now)
    told = reading.take("body.at", reading.instant, _text(args, "at"))
    reading.refuse()
    assert told is not None
    at, is_day = told
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
            "how": one.how,
            "latest": one.answer == "seen",
            "title": one.title,
            "url": one.url,
        }
        for one in registered.messages(tx, LISTED, waiting=args.get("waiting") is True)
    ]


def with_due(rows: Iterable[Mapping[str, Any]], settings: Settings, now: datetime) -> list[dict[str, object]]:
    """The rows of `messages` and by when each is to be answered: `due` (a day), `rule`, `article`, `state`, `overdue_workdays`.

    By the strictest of the rules its site or account falls under now; null where none sets a limit, as for what is no longer watched,
    and where it cannot be told because nobody knows the working days of `unknown_year`. With that year `due` is the latest it can be.
    """
    told, policy = list(rows), policy_of(settings)
    named = {str(row["target"]) for row in told}
    rules = {one.id: policy.rules_of(one) for one in settings.targets if one.id in named}
    return [{**row, **_due(row, rules.get(str(row["target"]), ()), settings, now)} for row in told]


def _due(row: Mapping[str, Any], rules: Iterable[Rule], settings: Settings, now: datetime) -> dict[str, object]:
    done = row["answered"] and datetime.fromisoformat(row["answered"])
    received = datetime.fromisoformat(row["received"])
    one = PublicMessage(
        id=row["id"], target=row["target"], cls=MessageClass(row["class"]), received_at=received, answered_at=done
    )
    try:
        owed = answer(rules, one, civil_day(now), settings.workdays)
        unknown = owed and owed.unknown_year
    except CalendarUnknown as error:
        owed, unknown = None, error.year
    state = (
        ("answered_late" if owed and owed.late else "answered")
        if done
        else "overdue"
        if owed and owed.late
        else "waiting"
    )
    return {
        "state": state,
        "due": owed and owed.last_day.isoformat(),
        "unknown_year": unknown,
        "rule": owed and owed.rule.key,
        "article": owed and f"{owed.rule.source}{owed.rule.article}",
        "overdue_workdays": owed and owed.workdays,
    }


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


def _rows(args: Args) -> list[list[object]]:
    rows = args.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        said = "the command needs rows, as a list of lists"
        raise Refusal(said, "wrong", (("body.rows", said, "[[…], …]"),))
    if not 0 < len(rows) <= MOST:
        words = say("an import has between 1 and {n} rows", n=f"{MOST:,}")
        raise commands.Refused(words, troubles=(("body.rows", words, None),))
    return rows


def _check(
    tx: sqlite3.Connection,
    rows: Sequence[registers.MessageRow] | Sequence[registers.PostRow],
    given: Sequence[Sequence[object]],
    reading: Reading,
) -> None:
    """Nothing is wrong with any row, no row is there twice, and none is of a target that is not there. Raises Refused."""
    twice(rows, reading)
    unknown(registered.unknown(tx, {row.target for row in rows}), given, reading)
    reading.refuse()


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


def _text(args: Args, name: str, default: str | None = None) -> str:
    found = args.get(name, default)
    if not isinstance(found, str):
        raise Refusal(f"the command needs {name}, as text", "wrong")
    return found


def _shanghai(milliseconds: int) -> str:
    return iso(from_ms(milliseconds))
