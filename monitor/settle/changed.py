"""What a declaration changes: one target judged before and after, and the difference as people and programs read it.

Judges by the pure functions settling uses; writes nothing itself but what reading facts of a running outage writes.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.clock import iso
from monitor.config.settings import RawTarget
from monitor.judge import effect
from monitor.judge.days import days_between
from monitor.judge.incidents import memberships
from monitor.judge.outage import day
from monitor.judge.standings import judge
from monitor.model import CLOSURES, Cause, Compliance, Declaration, Membership, Outage, Standing, TargetKind, Text
from monitor.settle.desk import facts_of_desk, open_of_desk
from monitor.settle.judging import facts_of
from monitor.settle.policy import Policy
from monitor.settle.records import in_effect
from monitor.store import filed, incidents

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise now. `body` is JSON, pairs being before and after; `said` are sentences for people."""

    what: str
    body: Mapping[str, object]
    said: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """One target at one moment: what is judged of it, what should be open, and what closures explain."""

    standings: Mapping[str, Standing]
    wanted: Mapping[tuple[Cause, str], Membership]
    open: Mapping[int, Membership]
    failed: int
    excluded: int
    closures: tuple[Declaration, ...]
    outages: tuple[tuple[Outage, tuple[Span, ...]], ...]


def picture(tx: sqlite3.Connection, target: RawTarget, policy: Policy, now: datetime) -> Picture:
    """The target (or the desk) as it would be judged at this moment."""
    is_desk = target.kind is TargetKind.DESK
    rules, limit = policy.rules_of(target), policy.blind_limit(target.kind) if not is_desk else None
    facts = facts_of_desk(tx, policy, now) if is_desk else facts_of(tx, target, policy, now)
    open_now = open_of_desk(tx) if is_desk else tuple(incidents.open_memberships(tx, target.id))
    judged = judge(target, facts, rules, now, limit).standings
    wanted = memberships(target, judged, facts, rules, open_now, limit, now)
    closures = tuple(one for one in in_effect(tx, target.id, now) if one.kind in CLOSURES)
    outages = filed.outages_of(tx, target.id, now) if target.kind is TargetKind.SITE else ()
    return Picture(
        standings={one.rule: one for one in judged},
        wanted={(one.cause, one.key): one for one in wanted},
        open={one.incident: one for one in open_now if one.incident is not None},
        failed=facts.failed,
        excluded=facts.excluded,
        closures=closures,
        outages=tuple((one, tuple(effect.covered(one, closures, now))) for one in outages),
    )


def differences(before: Picture, after: Picture, now: datetime) -> list[Change]:
    """What is judged otherwise; what becomes of incidents is told by `of_incidents` once they are stored."""
    return [*_of_outages(before, after, now), *_of_samples(before, after), *_of_standings(before, after)]


def of_incidents(before: Mapping[int, Membership], after: Mapping[int, Membership]) -> Iterator[Change]:
    """The open incidents of the target that weigh otherwise, are over, or came."""
    for number, was in before.items():
        now = after.get(number)
        weighs = [was.severity.value, None if now is None else now.severity.value]
        cites = [list(was.rules), [] if now is None else list(now.rules)]
        if now is None or weighs[0] != weighs[1] or set(was.rules) != set(now.rules):
            yield Change("incident", {"incident": number, "cause": was.cause.value, "severity": weighs, "rules": cites})
    for number, new in after.items():
        if number not in before:
            body = {
                "incident": number,
                "cause": new.cause.value,
                "severity": new.severity.value,
                "rules": list(new.rules),
            }
            yield Change("incident_opened", body, {"why": new.why})


def _of_outages(before: Picture, after: Picture, now: datetime) -> Iterator[Change]:
    was = {outage.id: (outage, spans) for outage, spans in before.outages}
    for outage, spans in after.outages:
        old, old_spans = was.get(outage.id, (outage, ()))
        told = {"from": iso(outage.started_at), "to": None if outage.ended_at is None else iso(outage.ended_at)}
        if outage.ended_at != old.ended_at:
            yield Change("outage_ended" if outage.ended_at is not None else "outage_goes_on", told)
        if spans != old_spans:
            body = {
                **told,
                "day": day(outage, outage.ended_at or now),
                "days": [_days(old_spans), _days(spans)],
                "seconds": [_seconds(old_spans), _seconds(spans)],
            }
            yield Change("outage", body)


def _of_samples(before: Picture, after: Picture) -> Iterator[Change]:
    if (before.failed, before.excluded) != (after.failed, after.excluded):
        pairs = {"failed": [before.failed, after.failed], "excluded": [before.excluded, after.excluded]}
        yield Change("samples", pairs)


def _of_standings(before: Picture, after: Picture) -> Iterator[Change]:
    for rule, now in after.standings.items():
        was = before.standings.get(rule)
        value = Compliance.MET if was is None else was.value
        if value is not now.value:
            body = {"rule": rule, "standing": [value.value, now.value]}
            yield Change("standing", body, {"why": now.why})
        elif was is not None and value in _DATED and (dates := _other_dates(was, now)):
            yield Change("standing_dates", {"rule": rule, "standing": value.value, **dates}, {"why": now.why})


_DATED = frozenset({Compliance.BREACHED, Compliance.DUE, Compliance.EXEMPT})
"""Of these people are told since when, or until when: what is met is met, and blindness begins with a look."""


def _other_dates(was: Standing, now: Standing) -> dict[str, object]:
    """Since when it is broken or exempt, and by when what is due breaks, where that is otherwise."""
    dates: dict[str, object] = {}
    if was.since is not None and now.since is not None and was.since != now.since:
        dates["since"] = [iso(was.since), iso(now.since)]
    due = now.value is Compliance.DUE and was.until is not None and now.until is not None
    if due and was.until != now.until:
        dates["until"] = [iso(one) for one in (was.until, now.until) if one is not None]
    return dates


def _days(spans: tuple[Span, ...]) -> int:
    """Civil days they reach over, the day a span begins on being day 0."""
    return sum(days_between(start, end) for start, end in spans)


def _seconds(spans: tuple[Span, ...]) -> int:
    return int(sum((end - start).total_seconds() for start, end in spans))
