"""What falls due by what was last seen, where nobody can see now: unknown, and its day stays the day it was.

Only reads. A breach is never told of it: what came since nobody can say. Last proof and blindness stay apart: the words
say both. Once its limit has passed, and an incident asks people to look, that says it all.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from monitor.clock import civil_day
from monitor.judge.looks import check_of
from monitor.judge.standings import judge_by
from monitor.model import Compliance, EntryKind, Facts, Rule, Run, TargetKind, say
from monitor.settle.ahead import Coming, when_due
from monitor.settle.closed import GONE_WITH_SITE, closed_with_site
from monitor.settle.policy import Policy
from monitor.settle.records import in_effect
from monitor.store import attesting, brought
from monitor.store.targetrows import load_targets
from monitor.store.unseen import Asked, Unknown, last_seen, unknown_of

DATED = {
    "updated_within": ("column_fresh", "newest"),
    "posts_at_least": ("feed_fresh", "newest"),
    "certificate_valid": ("certificate", "left"),
    "published_by": ("published", "covers"),
}
"""Obligations that go by a day a look told: its check, and the measure."""
_EVER = datetime(9999, 1, 1, tzinfo=UTC)


def look_back(tx: sqlite3.Connection, policy: Policy, now: datetime, until: datetime | None) -> tuple[Coming, ...]:
    """What is unknown now and by its last proof would be broken at or before `until`; None: what would be warned of by now.

    Earliest first, all of it: some 50 us each, so that an outage of our own empties no list.
    """
    rules = {key: rule for key, rule in policy.rules.items() if rule.obligation in DATED}
    unknown = unknown_of(tx, rules)
    seen = last_seen(tx, {_asked(one.target, rules[one.rule]) for one in unknown})
    found = []
    for one in unknown:
        coming = _coming(rules[one.rule], one, _facts(tx, policy, one, rules[one.rule], seen, now), now)
        if coming is None or (coming.due <= now and one.is_told_blind):
            continue
        if coming.due <= until if until is not None else coming.standing is Compliance.DUE:
            found.append(replace(coming, standing=Compliance.UNKNOWN))
    with_site = {(one.target, one.rule) for one in unknown if one.cause in GONE_WITH_SITE}
    kept = _still_kept(tx, found, with_site, now)
    return tuple(sorted(kept, key=lambda one: (one.due, one.target, one.rule)))


def _asked(target: str, rule: Rule) -> Asked:
    usual, measure = DATED[rule.obligation]
    if rule.applies.kind is TargetKind.ACCOUNT:
        usual = "feed_fresh"
    return Asked(target, check_of(rule, usual), measure)


def _facts(  # noqa: PLR0917  what is unknown by which rule, and what was seen before
    tx: sqlite3.Connection,
    policy: Policy,
    one: Unknown,
    rule: Rule,
    seen: Mapping[tuple[str, str], Run],
    now: datetime,
) -> Facts:
    """As they would be had nothing come since: the last look that saw, and what a person saw holds on."""
    asked = _asked(one.target, rule)
    run = seen.get((one.target, asked.check))
    told = attesting.held(tx, one.target) if one.is_attested else None
    return Facts(
        runs=() if run is None else (run,),
        attested=None if told is None else replace(told, until=_EVER),
        posts=brought.posts(tx, one.target, now) if rule.applies.kind is TargetKind.ACCOUNT else (),
        declarations=in_effect(tx, one.target, now) if one.is_declared and rule.exempt_by else (),
        first_seen_at=one.first_look_at,
        workdays=policy.settings.workdays,
    )


def _coming(rule: Rule, one: Unknown, facts: Facts, now: datetime) -> Coming | None:
    """None where no day is known, or it was broken before."""
    looked_at = _last_look(facts)
    if looked_at is None:
        return None
    (standing,) = judge_by((rule,), facts, now).standings
    later = when_due(rule, standing, facts)
    if later.value is not Compliance.DUE or later.until is None:
        return None
    (then,) = judge_by((rule,), facts, min(looked_at, now)).standings
    as_of = say("seen on {day}", day=str(civil_day(looked_at)))
    return Coming(one.target, one.rule, standing.value, later.until, then.why, breaks=False, unseen=(as_of, one.why))


def _last_look(facts: Facts) -> datetime | None:
    """When anybody saw last: we, a person, or who imported posts."""
    looks = [one.last_at for one in facts.runs] + [one.told_at for one in facts.posts if one.told_at is not None]
    return max([*looks, *([facts.attested.at] if facts.attested is not None else [])], default=None)


def _still_kept(
    tx: sqlite3.Connection, found: list[Coming], with_site: set[tuple[str, str]], now: datetime
) -> Iterator[Coming]:
    """But for what closed `with_site`: nobody keeps that any more."""
    known = load_targets(tx, {one.target for one in found})
    closed: dict[tuple[TargetKind, str | None, EntryKind | None], bool] = {}  # many hang on one site
    for one in found:
        target = known[one.target]
        if (one.target, one.rule) in with_site:
            place = (target.kind, target.site, target.entry)
            if place not in closed:
                closed[place] = closed_with_site(tx, target, now) is not None
            if closed[place]:
                continue
        yield one
