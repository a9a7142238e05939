"""Questions of the API about the past: why an incident was judged so, and what other rules would have said of it all.

The same functions as the commands `explain` and `what-if` ask, in a reader of the store. A replay goes on for a minute at the most: what takes
longer is for the command line, which has a process of its own.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from monitor.clock import Clock, day_start
from monitor.config.document import Report
from monitor.config.packs import read_packs
from monitor.config.settings import Settings
from monitor.control import Handler, Refusal
from monitor.evidence import lines, whatif_told
from monitor.evidence.explain import explanation
from monitor.evidence.whatif import Unknown, both, what_if
from monitor.model import Pack, Text, say
from monitor.render import translate
from monitor.settle.policy import Policy
from monitor.store.database import Database, StoreError

PATIENCE = 60.0
"""Seconds a replay may take."""
MOST = 1000
"""Entries of each list in an answer."""


def questions(database: Database, clock: Clock, language: str, policy: Callable[[], Policy]) -> dict[str, Handler]:
    """`explain` and `what-if`, by name. One replay at a time: each takes a reader of the store."""
    replaying = asyncio.Lock()

    async def explain(args: Mapping[str, Any]) -> object:
        return await _read(database, lambda tx: explained(tx, int(args["incident"]), language))

    async def replay(args: Mapping[str, Any]) -> object:
        if replaying.locked():
            raise Refusal(translate(say("another replay is under way: ask again when it is over"), language))
        async with replaying:
            packs = await asyncio.to_thread(packs_in, str(args["rules"]), language)
            ask = _bounded(policy().settings, packs, args, clock, language)
            return await _read(database, ask)

    return {"explain": explain, "what-if": replay}


def explained(tx: sqlite3.Connection, incident: int, language: str) -> dict[str, Any]:
    """As `zhishou explain --json`; of each list the first MOST, `cut` when there are more."""
    try:
        told = lines.as_json(explanation(tx, incident), language)
    except (KeyError, OverflowError):
        raise Refusal(translate(say("there is no incident {id}", id=incident), language), "missing") from None
    return _cut(told)


def packs_in(text: str, language: str) -> tuple[Pack, ...]:
    """The one rule pack written there; Refusal with every problem of it."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.toml"
        path.write_text(text, encoding="utf-8")
        found = read_packs([(path, "rules")], [], report)
    if report.problems:
        problems = report.everything()

        def words(text: Text | None) -> str:
            return "" if text is None else translate(text, language, verbatim=True)

        apart = tuple((_place(one.line, one.place), words(one.message), words(one.hint)) for one in problems)
        raise Refusal("\n".join(one.at_its_place(words(one.words)) for one in problems), "wrong", apart)
    return found.loaded


def _bounded(
    settings: Settings, packs: tuple[Pack, ...], args: Mapping[str, Any], clock: Clock, language: str
) -> Callable[[sqlite3.Connection], dict[str, Any]]:
    first, last = (None if args.get(name) is None else date.fromisoformat(args[name]) for name in ("from", "to"))
    start = None if first is None else day_start(first)
    end = None if last is None else day_start(last + timedelta(days=1))
    if first is not None and last is not None and last < first:
        words = say("{first} to {last} is no time", first=f"{first}", last=f"{last}")
        raise Refusal(translate(words, language), "wrong", (("body.to", translate(words, language), ""),))
    began = clock.monotonic()

    def in_time(_what: str, _number: int) -> None:
        if clock.monotonic() - began > PATIENCE:
            words = say("this replay takes longer than a minute: ask the command line, zhishou what-if")
            raise Refusal(translate(words, language))

    def ask(tx: sqlite3.Connection) -> dict[str, Any]:
        try:
            found = what_if(tx, both(settings, packs), start, end, in_time)
        except Unknown as error:
            words = translate(error.words, language)
            if not error.bound:
                raise Refusal(words) from None
            raise Refusal(words, "wrong", ((f"body.{error.bound}", words, ""),)) from None
        return _cut(whatif_told.as_json(found, language))

    return ask


def _cut(told: dict[str, Any]) -> dict[str, Any]:
    long = [name for name, value in told.items() if isinstance(value, list) and len(value) > MOST]
    return {**told, **{name: told[name][:MOST] for name in long}, "cut": bool(long)}


def _place(line: int | None, place: str) -> str:
    return f"body.rules{'' if line is None else f':{line}'}{f' {place}' if place else ''}"


async def _read(database: Database, ask: Callable[[sqlite3.Connection], dict[str, Any]]) -> object:
    try:
        return await database.read(ask)
    except StoreError as error:
        raise Refusal(str(error), "unavailable") from None
