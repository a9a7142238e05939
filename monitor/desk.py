"""The commands a person gives, as the control socket and the command line carry them out.

One table of names to functions over `store.commands` and `store.views`; the daemon runs them in its writer, a command line
without a daemon in its own. Words for people go through the catalogue.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from monitor import declare, registers
from monitor.clock import Clock
from monitor.config.durations import parse_duration
from monitor.control import Handler, Refusal
from monitor.dues import due
from monitor.ledgers import BY_RULES, LEDGERS, Asked
from monitor.model import say
from monitor.render import translate
from monitor.settle.policy import Policy
from monitor.store import commands, views
from monitor.store.database import Database, StoreError
from monitor.web.cards import headline

T = TypeVar("T")
Args = Mapping[str, Any]
Change = Callable[[sqlite3.Connection, datetime, Args], object]
LARGEST = (1 << 63) - 1
"""The largest number the store knows."""


def _ack(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    commands.ack(tx, now, _text(args, "by"), _number(args, "incident"), _text(args, "note", ""))
    return None


def _close(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    commands.close(tx, now, _text(args, "by"), _number(args, "incident"), _text(args, "note", ""))
    return None


def _false_alarm(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    note = _text(args, "note", "")
    return {"marked": commands.false_alarm(tx, now, _text(args, "by"), _number(args, "incident"), note)}


def _mute(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    by, target, reason = _text(args, "by"), _text(args, "target"), _text(args, "reason", "")
    try:
        until = now + parse_duration(_text(args, "for"))
    except (ValueError, OverflowError) as error:
        raise Refusal(str(error), "wrong", (("body.for", str(error), "2h, 1d"),)) from None
    commands.mute(tx, now, by, target, until=until, reason=reason)
    return None


def _unmute(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    commands.unmute(tx, now, _text(args, "by"), _text(args, "target"))
    return None


def _log(tx: sqlite3.Connection, now: datetime, args: Args) -> object:
    return {"line": commands.log(tx, now, _text(args, "by"), _text(args, "text"))}


CHANGES: dict[str, Change] = {
    "ack": _ack,
    "close": _close,
    "false-alarm": _false_alarm,
    "mute": _mute,
    "unmute": _unmute,
    "log": _log,
    **registers.CHANGES,
}
"""Commands that change something; each names a person."""


def incidents(tx: sqlite3.Connection, language: str) -> list[dict[str, object]]:
    """What goes on, gravest first. `what` and the `pages` that carry a dead link are for people, not for --json."""
    return [
        {
            "incident": one.id,
            "cause": one.cause.value,
            "severity": one.severity.value,
            "state": one.state.value,
            "since": one.since.isoformat(),
            "opened_at": one.opened_at.isoformat(),
            "acknowledged_by": one.acknowledged_by,
            "rules": list(one.rules),
            "members": one.members,
            "what": translate(headline(one), language),
            "targets": [_target(t, language) for t in one.targets],
        }
        for one in views.wrong_now(tx, views.ALL)
    ]


def _target(line: views.TargetLine, language: str) -> dict[str, object]:
    return {
        "id": line.id,
        "name": line.name,
        "url": line.url,
        "why": translate(line.why, language),
        "pages": [{"name": page.name, "url": page.url} for page in line.pages],
        "muted_until": None if line.muted_until is None else line.muted_until.isoformat(),
    }


def handlers(
    database: Database, clock: Clock, language: str, policy: Callable[[], Policy] | None = None
) -> dict[str, Handler]:
    """Every command by name, as the control socket wants them. Whatever cannot be done is a Refusal in plain words.

    Without the policy in force `due` knows only what was warned of.
    """

    async def change(name: str, args: Args) -> object:
        return await _refusing(database.write(lambda tx: CHANGES[name](tx, clock.now(), args)), language)

    async def list_incidents(args: Args) -> object:
        wanted = _text(args, "language", language)
        return await _refusing(database.read(partial(incidents, language=wanted)), language)

    async def list_due(args: Args) -> object:
        now = clock.now()
        by, wanted = policy() if policy else None, _text(args, "language", language)
        kept = bool(args.get("kept", True))
        until = _days_ahead(now, _number(args, "days", 14)) if kept else None
        return await _refusing(
            database.read(partial(due, until=until, language=wanted, policy=by, now=now, kept=kept)), language
        )

    async def ledger(kind: str, args: Args) -> object:
        by, now, wanted = policy() if policy else None, clock.now(), _text(args, "language", language)
        if by is None:
            raise Refusal(translate(say("the rules in force are not known"), wanted), "unavailable")
        asked = Asked(by.settings, now, now, now, wanted, _text(args, "site", "") or None)
        return await _refusing(database.read(lambda tx: list(LEDGERS[kind](tx, asked))), language)

    async def view(name: str, args: Args) -> object:
        return await _refusing(database.read(lambda tx: registers.VIEWS[name](tx, args)), language)

    changing: dict[str, Handler] = {name: partial(change, name) for name in CHANGES}
    viewing: dict[str, Handler] = {name: partial(view, name) for name in registers.VIEWS}
    by_rules: dict[str, Handler] = {kind: partial(ledger, kind) for kind in BY_RULES}
    filing = declare.handlers(database, clock, language, policy)
    return {**changing, **viewing, **filing, "incidents": list_incidents, "due": list_due, **by_rules}


async def _refusing(asked: Awaitable[T], language: str) -> T:
    try:
        return await asked
    except commands.Refused as refused:
        raise _refusal(refused, language) from None
    except StoreError as error:
        raise Refusal(str(error), "unavailable") from None


def _refusal(refused: commands.Refused, language: str) -> Refusal:
    """In words of that language: a line for each thing that is wrong, and apart for programs."""
    if not refused.troubles:
        return Refusal(translate(refused.text, language), "missing" if refused.missing else "conflict")
    apart = tuple(
        (where, translate(what, language), "" if wanted is None else translate(wanted, language))
        for where, what, wanted in refused.troubles
    )
    lines = [f"{where.removeprefix('body.')}: {what}" for where, what, _ in apart]
    if refused.conflict or (len(apart) == 1 and apart[0][0].startswith("path.")):
        return Refusal(translate(refused.text, language), "missing" if refused.missing else "conflict", apart)
    return Refusal("\n".join(lines), "missing" if refused.missing else "wrong", apart)


def _days_ahead(now: datetime, days: int) -> datetime:
    try:
        return now + timedelta(days=days)
    except OverflowError:
        raise Refusal(f"{days} days lie outside the calendar", "wrong") from None


def _text(args: Args, name: str, default: str | None = None) -> str:
    found = args.get(name, default)
    if not isinstance(found, str):
        raise Refusal(f"the command needs {name}, as text", "wrong")
    return found


def _number(args: Args, name: str, default: int | None = None) -> int:
    found = args.get(name, default)
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > LARGEST:
        raise Refusal(f"the command needs {name}, as a number", "wrong")
    return found
