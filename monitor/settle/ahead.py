"""What falls due next though nothing was warned of yet: standings that are met, judged anew on reading.

They are no rows (DESIGN.md §5.4); each target's `next_change_at` says when the first of them would become due, and the desk is
asked each time. Only reads: the facts are those settling judges by.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.clock import civil_day
from monitor.config.settings import RawTarget
from monitor.judge.looks import attested
from monitor.judge.outage import next_outage
from monitor.judge.standings import judge, judge_by
from monitor.model import Attestation, Cause, Compliance, Facts, Rule, Standing, TargetKind, Text, say
from monitor.settle.closed import GONE_WITH_SITE, closed_with_site, gone_with_site
from monitor.settle.desk import facts_of_desk
from monitor.settle.judging import facts_of
from monitor.settle.policy import Policy
from monitor.store import findings, state, targets

AT_MOST = 2000
"""Targets judged for one question (about 0.7 ms each)."""


class Count(NamedTuple):
    """How far a count or a share has come: so many, so many more break it, at so many it is broken; a share of so many visits."""

    have: int
    more: int
    broken_at: int
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """A standing and the first instant at which it is broken when nothing happens; or unknown (`breaks` False).

    `unseen`: as of which look `why` is told, and why none has seen since.
    """

    target: str
    rule: str
    standing: Compliance
    due: datetime
    why: Text
    count: Count | None = None
    breaks: bool = True
    unseen: tuple[Text, Text] | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """`complete_to`: nothing is missing till then, where not all targets could be judged; None: nothing is missing."""

    coming: tuple[Coming, ...] = ()
    complete_to: datetime | None = None


def look_ahead(tx: sqlite3.Connection, policy: Policy, now: datetime, until: datetime, at_most: int = AT_MOST) -> Ahead:
    """Standings that are met now (or due, and the sweep has yet to say so) and would be broken at or before `until`."""
    names = targets.changing(tx, until, at_most + 1)
    more = len(names) > at_most
    complete_to = state.state_of(tx, names[at_most]).next_change_at if more else None
    desk = policy.desk
    found = list(_of(desk, facts_of_desk(tx, policy, now), policy, now))
    for name in names[:at_most]:
        target = targets.load_target(tx, name)
        if not _is_settling(tx, target, now):
            gone = GONE_WITH_SITE if closed_with_site(tx, target, now) is not None else frozenset[Cause]()
            found += _of(target, facts_of(tx, target, policy, now), policy, now, gone)
    by = until if complete_to is None else min(until, complete_to)
    return Ahead(tuple(one for one in found if one.due <= by), complete_to)


def standings_now(
    tx: sqlite3.Connection, target: RawTarget, policy: Policy, now: datetime
) -> tuple[Standing, ...] | None:
    """Every standing of a target as it is at this moment, the met ones too; None while its outage's end is yet to be written down."""
    if _is_settling(tx, target, now):
        return None
    limit = policy.blind_limit(target.kind)
    judged = judge(target, facts_of(tx, target, policy, now), policy.rules_of(target), now, limit).standings
    return gone_with_site(tx, target, judged, now)


def _of(
    target: RawTarget, facts: Facts, policy: Policy, now: datetime, gone: frozenset[Cause] = frozenset()
) -> Iterator[Coming]:
    """Of that target, but for what is `gone` with its site."""
    rules = policy.rules_of(target)
    by_key, person = {rule.key: rule for rule in rules}, attested(facts, now)
    for standing in judge(target, facts, rules, now).standings:
        if standing.cause in gone:
            continue
        later = when_due(by_key[standing.rule], standing, facts)
        beside = standing.inputs.get("next_at")  # of what is late already by one thing, when the next is
        due = later.until if later.value is Compliance.DUE else datetime.fromisoformat(str(beside)) if beside else None
        if person is not None and (due is None or due > person.until) and _hangs_on(by_key, standing, facts, person):
            yield _unseen(target, standing, person)
        elif due is not None:
            yield Coming(target.id, standing.rule, standing.value, due, standing.why)


def when_due(rule: Rule, standing: Standing, facts: Facts) -> Standing:
    """As it will be from its first warning on when nothing happens: it is broken later."""
    for _ in range(_STEPS):
        turn = standing.until
        if turn is None and standing.cause is Cause.DONE_EVERY:  # done for this year or quarter: the next begins then
            turn = standing.changes_at
        if standing.value is not Compliance.MET or turn is None:
            break
        (standing,) = judge_by((rule,), facts, turn).standings
    return standing


_STEPS = 2
"""From the end of a year or quarter to the warning of the next; all else is there with one."""


def _hangs_on(rules: Mapping[str, Rule], standing: Standing, facts: Facts, person: Attestation) -> bool:
    """Whether it is kept by what a person saw alone: nobody could tell once that has run out."""
    if standing.value is not Compliance.MET:
        return False
    (then,) = judge_by((rules[standing.rule],), facts, person.until).standings
    return then.value is Compliance.UNKNOWN


def _unseen(target: RawTarget, standing: Standing, person: Attestation) -> Coming:
    words = say("what {by} saw on {day} holds until then: look again", by=person.by, day=str(civil_day(person.at)))
    return Coming(target.id, standing.rule, standing.value, person.until, words, breaks=False)


def _is_settling(tx: sqlite3.Connection, target: RawTarget, now: datetime) -> bool:
    """Whether its outage is over by now: that is written down first, by the sweep within the minute."""
    if target.kind is not TargetKind.SITE:
        return False
    before = findings.running_outage(tx, target.id)
    return before is not None and before != next_outage(
        before, None, now, findings.current_run(tx, target.id, "reachable", "")
    )
