"""Whether watching works: every fact with its age, and 503 when one of them says it does not.

Reads the status of the process and one cheap view of the store; writes nothing. Used by /healthz, /metrics and the desk.
A fact that is `ok` but worth knowing (a refused reload, a low disk) is a `note`: shown, and still 200.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.config.settings import CadenceSettings
from monitor.model import TargetKind, Text, say
from monitor.store import views
from monitor.web.status import Status

STALLED_AFTER = timedelta(seconds=60)
"""Rounds come at least every 20 s (DESIGN.md §5.18); three missed are a standstill."""
OVERDUE_AT_LEAST = timedelta(minutes=10)
"""So long a target may wait at the least: confirmation tries and time-outs of neighbours go before."""
DEAD_WITHIN = timedelta(hours=24)
"""Deliveries given up within this time keep health red."""
WAITING_AT_MOST = timedelta(minutes=30)
"""Three of the longest waits between tries of a delivery (10 min): then people do not hear what they should."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is fine or not. `age_seconds`: how old the trouble is, or without trouble the knowledge."""

    name: str
    ok: bool
    detail: Text
    age_seconds: float
    note: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store tells about health."""

    beat_at: datetime | None
    overdue: tuple[views.Overdue, ...]
    outbox: views.Outbox
    uplink_down_since: datetime | None
    anything_watched: bool


def look(tx: sqlite3.Connection, now: datetime) -> Seen:
    """Ask the store; costs what is in trouble, not what is watched."""
    return Seen(
        views.heartbeat_at(tx),
        tuple(views.overdue(tx, now)),
        views.outbox(tx, now - DEAD_WITHIN, now + DEAD_WITHIN),
        views.uplink_down_since(tx),
        views.is_anything_watched(tx),
    )


def periods(told: CadenceSettings) -> dict[TargetKind, timedelta]:
    """How often each kind is looked at."""
    return {
        TargetKind.SITE: told.site,
        TargetKind.COLUMN: told.column,
        TargetKind.ACCOUNT: told.account,
        TargetKind.PAGE: told.page,
        TargetKind.LINK: told.links,
    }


def facts(
    status: Status, seen: Seen | None, period: dict[TargetKind, timedelta], now: datetime, unread: Text | None = None
) -> list[Fact]:
    """All facts, the failing ones too; `seen` None when the store could not be read, `unread` then says why."""
    found = [
        _rounds(status, now),
        _store(status, seen, now, unread),
        _uplink(status, seen, now),
        _settings(status, now),
    ]
    if status.disk_low:
        words = say("the disk is nearly full: stored page bodies are given up first")
        found.append(Fact("disk", ok=True, detail=words, age_seconds=_known(status, now), note=True))
    if status.no_calendar:
        years = ", ".join(map(str, status.no_calendar))
        words = say("working days of {years} are not known: limits in working days cannot be told in them", years=years)
        found.append(Fact("calendar", ok=True, detail=words, age_seconds=_known(status, now), note=True))
    if status.set_aside:
        words = say("resting after they ended the program twice: {targets}", targets=", ".join(status.set_aside))
        found.append(Fact("set_aside", ok=True, detail=words, age_seconds=_age(status.started_at, now), note=True))
    if status.untold:
        words = say("{count} notices that should have been sent are not in the ledger", count=status.untold)
        found.append(Fact("ledger", ok=True, detail=words, age_seconds=_known(status, now), note=True))
    if seen is None:
        return found
    waiting = {one.kind: one for one in seen.overdue}
    found += [_coverage(kind, waiting.get(kind), length, now) for kind, length in period.items()]
    found += [_waiting(seen.outbox, now), _given_up(seen.outbox, now)]
    if not seen.anything_watched:
        words = say("nothing is watched: the settings name no targets")
        found.append(Fact("targets", ok=True, detail=words, age_seconds=0.0, note=True))
    return found


def _rounds(status: Status, now: datetime) -> Fact:
    waited, last = _known(status, now), status.last_round_at
    ok = waited < STALLED_AFTER.total_seconds()
    if not ok:
        words = say("no round has come through: targets are not looked at")
    elif last is None:
        words = say("the first round is under way")
    else:
        counts = {"rounds": status.rounds, "visits": status.visits, "in_flight": status.in_flight}
        words = say("{rounds} rounds, {visits} visits since the start, {in_flight} under way", **counts)
    return Fact("rounds", ok=ok, detail=words, age_seconds=waited)


def _store(status: Status, seen: Seen | None, now: datetime, unread: Text | None) -> Fact:
    if status.store_error is not None:
        words = say("cannot be written: {error}", error=status.store_error)
        return Fact("store", ok=False, detail=words, age_seconds=_age(status.store_error_at, now))
    if seen is None:
        return Fact("store", ok=False, detail=unread or say("cannot be read"), age_seconds=0.0)
    return Fact("store", ok=True, detail=say("is written"), age_seconds=_age(seen.beat_at, now))


def _uplink(status: Status, seen: Seen | None, now: datetime) -> Fact:
    """Doubt arises in a round: while nothing is doubted the knowledge is as old as the last round."""
    since = seen.uplink_down_since if seen is not None else None
    if status.uplink_blind or since is not None:
        words = say("none of the reference hosts answers: our own network is down, verdicts are held")
        if not status.uplink_blind:
            words = say("our own network or its outgoing proxy is down: verdicts are held")
        return Fact("uplink", ok=False, detail=words, age_seconds=_age(since, now))
    if status.untold_why is not None:
        return Fact("uplink", ok=True, detail=status.untold_why, age_seconds=_age(status.untold_since, now), note=True)
    return Fact("uplink", ok=True, detail=say("not in doubt"), age_seconds=_known(status, now))


def _settings(status: Status, now: datetime) -> Fact:
    """A refused reload is shown, but watching goes on with the settings before."""
    if status.reload_refused_at is None and status.waiting:
        words = say("in force, but these wait for a restart: {settings}", settings=", ".join(status.waiting))
        return Fact("settings", ok=True, detail=words, age_seconds=_age(status.loaded_at, now), note=True)
    if status.reload_refused_at is None:
        return Fact("settings", ok=True, detail=say("in force"), age_seconds=_age(status.loaded_at, now))
    words = say(
        "the last reload was refused, the settings before it stay in force; {count} problems, the first: {first}",
        count=len(status.reload_problems),
        first=next(iter(status.reload_problems), ""),
    )
    return Fact("settings", ok=True, detail=words, age_seconds=_age(status.reload_refused_at, now), note=True)


def _coverage(kind: TargetKind, one: views.Overdue | None, period: timedelta, now: datetime) -> Fact:
    name = f"coverage.{kind.value}"
    if one is None:
        return Fact(name, ok=True, detail=say("none is overdue"), age_seconds=0.0)
    waited = _age(one.since, now)
    ok = waited <= max(OVERDUE_AT_LEAST, period).total_seconds()
    return Fact(name, ok=ok, detail=say("{count} await their turn", count=one.count), age_seconds=waited)


def _waiting(outbox: views.Outbox, now: datetime) -> Fact:
    waited = _age(outbox.oldest_at, now) if outbox.waiting else 0.0
    ok = waited <= WAITING_AT_MOST.total_seconds()
    return Fact("deliveries", ok=ok, detail=say("{count} messages wait", count=outbox.waiting), age_seconds=waited)


def _given_up(outbox: views.Outbox, now: datetime) -> Fact:
    if outbox.dead == 0:
        return Fact("dead_deliveries", ok=True, detail=say("none within 24 hours"), age_seconds=0.0)
    words = say("{count} messages were given up within 24 hours: somebody did not hear", count=outbox.dead)
    return Fact("dead_deliveries", ok=False, detail=words, age_seconds=_age(outbox.last_dead_at, now))


def _known(status: Status, now: datetime) -> float:
    return _age(status.last_round_at or status.started_at, now)


def _age(at: datetime | None, now: datetime) -> float:
    """Seconds since then; never less than 0, however the machine's clock was set."""
    return 0.0 if at is None else max((now - at).total_seconds(), 0.0)
