"""Questions of the desk that need judging or the settings, asked by name as its commands are: `rules`, `standings`, `ledger`.

Read-only. Answers are plain rows; the command line prints the same. Also how commands are handed to the API, which knows no Refusal.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from monitor import hindsight
from monitor.clock import Clock, iso
from monitor.config.settings import RawTarget, Settings
from monitor.control import Handler, Refusal
from monitor.desk import handlers
from monitor.judge.standings import applicable
from monitor.ledgers import LEDGERS, Asked
from monitor.model import Rule, Standing, say
from monitor.render import LANGUAGES, translate
from monitor.settle.ahead import standings_now
from monitor.settle.policy import Policy, policy_of
from monitor.store import standings, targets, views
from monitor.store.database import Database, StoreError
from monitor.web.api.route import Command, Declined

T = TypeVar("T")


def questions(database: Database, clock: Clock, language: str, policy: Callable[[], Policy]) -> dict[str, Handler]:
    """Each by its name. What cannot be answered is a Refusal."""
    counted: dict[int, tuple[Policy, list[dict[str, object]]]] = {}

    async def rules(_args: Mapping[str, Any]) -> object:
        by = policy()
        if id(by) not in counted:  # 0.3 s of a thread for 350,000 targets, once for each set of rules in force
            counted.clear()
            counted[id(by)] = (by, await asyncio.to_thread(rule_rows, by.settings))
        return counted[id(by)][1]

    async def of_target(args: Mapping[str, Any]) -> object:
        ask = partial(judged, target=str(args["target"]), policy=policy(), now=clock.now(), language=language)
        return await _or_refused(database.read(ask))

    async def ledger(args: Mapping[str, Any]) -> object:
        asked = Asked(policy().settings, args["begin"], args["end"], clock.now(), language, args["site"])
        first = int(args["skip"])
        return await _or_refused(
            database.read(lambda tx: list(islice(LEDGERS[args["kind"]](tx, asked), first, first + args["at_most"])))
        )

    return {"rules": rules, "standings": of_target, "ledger": ledger}


async def _or_refused(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except StoreError as error:
        raise Refusal(str(error), "unavailable") from None


def judged(tx: sqlite3.Connection, target: str, policy: Policy, now: datetime, language: str) -> dict[str, object]:
    """Every standing of a target, gravest value first; when not all can be judged just now those that are stored."""
    try:
        known = targets.load_target(tx, target)
    except KeyError:
        raise Refusal(translate(say("there is no target {target}", target=target), language), "missing") from None
    if views.is_removed(tx, target):
        return {"standings": [], "standings_complete": True}
    found = standings_now(tx, known, policy, now)
    shown = standings.of_target(tx, target) if found is None else found
    told = standings.with_since(tx, target, shown)
    rows = [_standing(one, language) for one in sorted(told, key=lambda one: one.rule)]
    return {"standings": rows, "standings_complete": found is not None}


def rule_rows(settings: Settings) -> list[dict[str, object]]:
    """Every loaded rule as DESIGN.md §4.4; `targets` counts those of the inventory, which never lists links."""
    counts = targets_under(settings)
    return [_rule(rule, counts[rule.key]) for pack in settings.packs for rule in pack.rules]


def targets_under(settings: Settings) -> Counter[str]:
    """How many targets fall under each rule, the desk among them; targets that rules cannot tell apart are judged once."""
    alike: Counter[tuple[object, ...]] = Counter()
    example: dict[tuple[object, ...], RawTarget] = {}
    for target in (*settings.targets, policy_of(settings).desk):
        narrowed = (target.on_home, target.level, target.entry, target.platform)
        parts = (target.kind, target.column, *narrowed, target.packs)
        alike[parts] += 1
        example.setdefault(parts, target)
    rules = [rule for pack in settings.packs for rule in pack.rules]
    counts: Counter[str] = Counter()
    for shape, one in example.items():
        counts.update({rule.key: alike[shape] for rule in applicable(one, rules)})
    return counts


def for_programs(database: Database, clock: Clock, policy: Callable[[], Policy]) -> dict[str, Mapping[str, Command]]:
    """Every command and question of the desk by language and name, as the API takes them: a Refusal is Declined there."""
    return {one: _declining_all(database, clock, one, policy) for one in LANGUAGES}


def _declining_all(
    database: Database, clock: Clock, language: str, policy: Callable[[], Policy]
) -> Mapping[str, Command]:
    told = (handlers, questions, hindsight.questions)
    return {
        name: partial(_declining, handler)
        for one in told
        for name, handler in one(database, clock, language, policy).items()
    }


async def _declining(handler: Handler, args: Mapping[str, Any]) -> object:
    try:
        return await handler(args)
    except Refusal as refusal:
        raise Declined(str(refusal), refusal.kind, refusal.problems) from None


def _standing(one: Standing, language: str) -> dict[str, object]:
    filed = one.inputs.get("declaration")
    return {
        "rule": one.rule,
        "standing": one.value.value,
        "cause": one.cause.value,
        "since": None if one.since is None else iso(one.since),
        "until": None if one.until is None else iso(one.until),
        "why": translate(one.why, language),
        "declaration": filed if isinstance(filed, int) else None,
    }


def _rule(rule: Rule, count: int) -> dict[str, object]:
    return {
        "pack": rule.pack,
        "id": rule.id,
        "source": rule.source,
        "article": rule.article,
        "also": list(rule.also),
        "says": rule.says,
        "obligation": rule.obligation,
        "limit": None if rule.limit is None else str(rule.limit),
        "severity": rule.severity.value,
        "confidence": rule.confidence.value,
        "targets": count,
    }
