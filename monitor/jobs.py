"""What the calendar starts: the daily digest, clearing up at night, looking after the file.

Each job is a plain function of `now`; the demo and rehearsals walk the same entries under their own clock.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from types import MappingProxyType

import structlog

from monitor.alert.auditor import audit
from monitor.alert.digest import digest_facts
from monitor.clock import SHANGHAI, civil_day, day_start, to_ms
from monitor.judge.workdays import unknown_years
from monitor.model import Cause, Notice, NoticeKind, Rule, Severity, TargetKind, Text, say
from monitor.pipeline import Watch
from monitor.plan.calendar import Entry, daily, hourly
from monitor.settle.clock import is_doubted
from monitor.settle.forecast import count_of
from monitor.settle.policy import Policy
from monitor.settle.shrunk import left_lately, was_read
from monitor.settle.unseen import look_back
from monitor.store import events, outbox, retention, standings, views
from monitor.web.status import Status
from monitor.workyears import counts_workdays

AHEAD = timedelta(days=14)
"""How long before its last day something is said every day: the longest of the usual windows."""
AUDITED = timedelta(hours=26)
"""How far back the ledger of deliveries is checked: longer than the patience of the outbox."""
NIGHT = time(3, 20)
"""Clearing up, when the desk is quietest; not on the hour, when others do the same."""


def entries(watch: Watch, status: Status) -> Mapping[str, Entry]:
    """The calendar of a daemon."""
    log = structlog.get_logger("jobs")

    async def digest(now: datetime) -> None:
        missing = missing_calendar(watch.policy, now)
        facts = await watch.database.read(partial(digest_of, now=now, more=missing, policy=watch.policy))
        if facts is not None:
            await watch.database.write(partial(write_digest, facts=facts, now=now))

    async def clear_up(now: datetime) -> None:
        await watch.mind_the_clock()
        if await watch.database.read(is_doubted):  # set a year ahead by mistake, it would forget a year
            log.warning("store.not_cleared_up", why="the clock was set")
            return
        low = retention.disk_low(watch.database.path, watch.policy.settings.store.disk_low_bytes)
        status.disk_low, watch.keep_bodies = low, not low
        by = await watch.database.write(partial(retention.reckoned, now=now, disk_low=low))
        while (await watch.database.write(partial(retention.purge, now=by, disk_low=low))).more:
            pass
        await watch.database.write(partial(was_read, policy=watch.policy, now=now))
        await watch.database.tidy()
        log.info("store.cleared_up", disk_low=low)

    async def watch_disk(now: datetime) -> None:
        below = watch.policy.settings.store.disk_low_bytes
        if retention.disk_low(watch.database.path, below):
            await clear_up(now)
        status.disk_low = retention.disk_low(watch.database.path, below)
        watch.keep_bodies = not status.disk_low

    async def check_the_ledger(now: datetime) -> None:
        """An auditor that shares nothing with the sender compares what should have been told with what was."""
        listeners = [(one.id, one.channel, one.severities) for one in watch.policy.recipients]
        since = max(now - AUDITED, status.started_at)
        missing = await watch.database.read(partial(audit, listeners=listeners, since=since, now=now))
        status.untold = len(missing)
        for one in missing:
            log.error("ledger.missing", incident=one.incident, kind=one.kind, channel=one.channel, why=one.why)

    return {
        "ledger": hourly(41, check_the_ledger),
        "digest": daily(watch.policy.settings.alert.digest_at, digest),
        "clear-up": daily(NIGHT, clear_up),
        "disk": hourly(17, watch_disk),
        "calendar": hourly(29, partial(watch_calendar, policy=lambda: watch.policy, status=status)),
    }


def missed_between(before: time, after: time, now: datetime) -> bool:
    """Whether today's digest would be left out: its time was still to come, and the new one has passed."""
    clock = now.astimezone(SHANGHAI).time()
    return after <= clock < before


TOLD_FROM = 11
"""The month from which the digest asks for next year's working days: the State Council publishes them in November or so."""
MONDAY, LAST_MONTH = 0, 12


def missing_calendar(policy: Policy, now: datetime) -> list[dict[str, object]]:
    """A row of the digest for each year whose working days nobody knows and rules ask for: on Mondays, daily in December."""
    today = civil_day(now)
    if not counts_workdays(policy.rules.values()):
        return []
    if today.weekday() != MONDAY and today.month != LAST_MONTH:
        return []
    return [_missing(year) for year in unknown_soon(policy, now)]


def unknown_soon(policy: Policy, now: datetime) -> tuple[int, ...]:
    """Years whose working days nobody knows: this one, and from November on the next."""
    today = civil_day(now)
    years = unknown_years(today, policy.settings.workdays)
    return tuple(year for year in years if year == today.year or today.month >= TOLD_FROM)


async def watch_calendar(now: datetime, policy: Callable[[], Policy], status: Status) -> None:
    """The desk and /healthz say which working days nobody knows."""
    status.no_calendar = unknown_soon(policy(), now)


def _missing(year: int) -> dict[str, object]:
    why = say("working days of {year} are not known: update the program, or write them into [calendar] file", year=year)
    text = {"template": why.template, "values": dict(why.values)}
    first = to_ms(day_start(date(year, 1, 1))) - 1
    return {"target": "值守", "until": first, "why": text, "cause": Cause.OURS.value, "kind": TargetKind.DESK.value}


def digest_of(
    tx: sqlite3.Connection,
    now: datetime,
    more: Sequence[dict[str, object]] = (),
    rules: Mapping[str, Rule] = MappingProxyType({}),
    policy: Policy | None = None,
) -> dict[str, object] | None:
    """What falls due and what goes on, in plain rows; None when there is neither. What is muted is left out.

    With rules (those of the policy), those about the inventory that are broken have a row each; with the policy, so has what
    was warned of and nobody can see any more.
    """
    unseen = [] if policy is None else _unseen(tx, policy, now)
    gaps = inventory_gaps(tx, rules if policy is None else policy.rules, now)
    due = [*more, *_left_lately(tx), *gaps, *_falling_due(tx, now, unseen)]
    still_open = [_open(one) for one in views.wrong_now(tx, views.ALL) if not _all_muted(one, now)]
    return digest_facts(due, still_open, now, events.head(tx)) if due or still_open else None


def _left_lately(tx: sqlite3.Connection) -> list[dict[str, object]]:
    """A row while it is new that much left the list at once."""
    why = left_lately(tx)
    return [] if why is None else [_of_the_desk(why, Cause.OURS)]


def _of_the_desk(why: Text, cause: Cause) -> dict[str, object]:
    text = {"template": why.template, "values": dict(why.values)}
    return {"target": "值守", "until": None, "why": text, "cause": cause.value, "kind": TargetKind.DESK.value}


def _unseen(tx: sqlite3.Connection, policy: Policy, now: datetime) -> list[views.Due]:
    """What falls due within AHEAD by what was last seen."""
    coming = look_back(tx, policy, now, None)
    told = {(one.target, one.rule): one.unseen[0] for one in coming if one.unseen is not None}
    rows = views.unseen_due(tx, {(one.target, one.rule): one.due for one in coming if one.due <= now + AHEAD})
    return [replace(one, why=_as_seen(told[one.target, one.rule])) for one in rows]


def _as_seen(seen: Text) -> Text:
    return say("by what was seen on {day}; nobody can see since: a person must look", day=seen.values["day"])


def _falling_due(tx: sqlite3.Connection, now: datetime, unseen: Sequence[views.Due]) -> list[dict[str, object]]:
    """What is near a veto and what falls due within AHEAD, every day; anything else once, when it began, was warned of or has another day."""
    last, soon = views.digested_at(tx, now), now + AHEAD
    found = [one for one in views.due_next(tx, views.ALL) if not _is_muted(one.muted_until, now)]
    near = sorted((one for one in found if one.is_near_veto), key=_next_to_break)
    new = [one for one in found if not one.is_near_veto and (one.due is None or one.due > soon) and _is_new(one, last)]
    told = [*found, *(one for one in unseen if not _is_muted(one.muted_until, now))]
    dated = sorted((one for one in told if one.due is not None and one.due <= soon), key=lambda one: one.due or now)
    ending = [one for one in dated if one.due is not None and one.due <= day_start(civil_day(now) + timedelta(days=1))]
    apart = [_due(one) | {"apart": True} for one in (*near, *new)]
    return [*map(_due, ending), *apart, *map(_due, dated[len(ending) :])]


def _next_to_break(one: views.Due) -> tuple[int, str]:
    count = count_of(one.inputs, one.why)
    return (0 if count is None else count.more, one.target)


def _is_new(one: views.Due, last: datetime | None) -> bool:
    """Whether no digest has said it: it turned since the last one, or was muted then."""
    turns = [turn for turn in (one.turned_at, one.muted_until) if turn is not None]
    return last is None or any(turn > last for turn in turns)


def write_digest(tx: sqlite3.Connection, facts: dict[str, object], now: datetime) -> int | None:
    """Enqueue the digest of this day; None when it has been said."""
    notice = Notice(
        id=None,
        kind=NoticeKind.DIGEST,
        incident=None,
        severity=Severity.REMIND,
        created_at=now,
        release_at=now,
        dedupe_key=f"digest:{civil_day(now).isoformat()}",
        facts=facts,
    )
    return outbox.enqueue(tx, notice)


def inventory_gaps(tx: sqlite3.Connection, rules: Mapping[str, Rule], now: datetime) -> list[dict[str, object]]:
    """A row for each rule about the inventory with how many targets break it, on Mondays: an incident each would bury the rest."""
    if civil_day(now).weekday() != MONDAY:
        return []
    counted = standings.breached_by_rule(tx, Cause.INVENTORY)
    return [_gap(rules[key], number) for key, number in counted.items() if key in rules]


def _gap(rule: Rule, number: int) -> dict[str, object]:
    told = {"source": rule.source, "article": rule.article, "status": rule.status, "says": rule.says}
    why = say("inventory: {n} not as asked by {source} {article}: {says}", n=number, **told)
    if rule.status:
        why = say("inventory: {n} not as asked by {source} {article} ({status}): {says}", n=number, **told)
    return _of_the_desk(why, Cause.INVENTORY)


def _due(one: views.Due) -> dict[str, object]:
    """`until` is told as the last day inside the limit: the store knows the first instant outside it."""
    why = {"template": one.why.template, "values": dict(one.why.values)}
    last = None if one.due is None else to_ms(one.due) - 1
    told: dict[str, object] = {"target": one.name, "until": last, "why": why, "rule": one.rule}
    return {**told, "cause": one.cause.value, "kind": one.kind.value}


def _open(one: views.Wrong) -> dict[str, object]:
    kinds = {target.kind for target in one.targets}
    kind = kinds.pop() if len(kinds) == 1 else None
    return {
        "cause": one.cause.value,
        "kind": kind.value if kind else None,
        "targets": [target.name for target in one.targets if target.kind is not None],
        "count": one.members,
        "since": to_ms(one.since),
        "acknowledged_by": one.acknowledged_by,
    }


def _all_muted(one: views.Wrong, now: datetime) -> bool:
    return bool(one.targets) and all(_is_muted(target.muted_until, now) for target in one.targets)


def _is_muted(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
