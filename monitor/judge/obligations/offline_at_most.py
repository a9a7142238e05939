"""An outage lasts at most so many days; the start day is day 0 (30d: broken from 00:00 of day 31, by a look that found it down).

With the option `per_year` and no limit: so many 临时下线 may begin in a calendar year, by declared start; others do not
count, and those that touch or overlap are one.

Goes by the running outage of a site with its gaps. Each warning of the rule is a day people hear of (`warned`).
A day is told, and the limit broken, only once a look found the site down then; a look is asked for only while looks
find it down. In a gap the count goes on, but nothing is broken: there is nothing to alert of while it answers.
"""

from datetime import date, datetime

from monitor.clock import civil_day, day_start
from monitor.judge.days import Schedule, next_midnight, next_of, schedule
from monitor.judge.filings import begun_anew, closures, is_filed
from monitor.judge.looks import CONCLUSIVE, by_schedule, check_of, current, limit_of, met, undecided
from monitor.judge.outage import day, days_unwatched
from monitor.judge.records import called
from monitor.model import Cause, Compliance, DeclarationKind, Facts, Outage, Rule, Standing, Text, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept on days without a warning before the first, due from the first warning, broken after the limit."""
    return _in_a_year(rule, facts, now) if rule.limit is None and _per_year(rule) else _by_days(rule, facts, now)


def _by_days(rule: Rule, facts: Facts, now: datetime) -> Standing:
    outage = facts.outage
    run = current(facts, check_of(rule, "reachable"))
    if outage is None:
        if run is None or run.finding.outcome not in CONCLUSIVE:
            return undecided(rule, Cause.OUTAGE, facts, run)
        return met(rule, Cause.OUTAGE, say("no outage is running"))
    plan = schedule(civil_day(outage.started_at), limit_of(rule), rule.warn, facts.workdays)
    in_gap = outage.up_since is not None
    down_at = run.last_at if run is not None and run.finding.cause is Cause.OUTAGE else None
    found_down = None if in_gap else down_at or _found_broken(rule, facts, plan)
    filed = is_filed(facts, outage, now)

    def why(value: Compliance) -> Text:
        return _why(value, outage, str(rule.limit), is_over=now >= plan.breach, filed=filed, now=now)

    standing = by_schedule(rule, Cause.OUTAGE, plan, looked_at=found_down, now=now, why=why)
    inputs = {"started_on": str(civil_day(outage.started_at)), "limit": str(rule.limit), "day": day(outage, now)}
    timed = standing._replace(changes_at=next_of(now, standing.changes_at, next_midnight(now)), inputs=inputs)
    if in_gap:
        return timed._replace(until=None, look_at=None)
    told = plan.warned(min(found_down, now)) if found_down is not None else 0
    look_at = plan.next_after(down_at) if down_at is not None and timed.look_at is not None else None
    return timed._replace(warned=told, look_at=look_at)


def _found_broken(rule: Rule, facts: Facts, plan: Schedule) -> datetime | None:
    """What a look found broken before stays broken until the site is up, whatever cannot be looked at meanwhile."""
    before = next((one for one in facts.standings if one.rule == rule.key), None)
    return plan.breach if before is not None and before.value is Compliance.BREACHED else None


def _why(value: Compliance, outage: Outage, limit: str, *, is_over: bool, filed: bool, now: datetime) -> Text:
    """The day count; where no closure is filed the limit is only the measure of one (DESIGN.md §4.2)."""
    unseen = days_unwatched(outage)
    if outage.up_since is not None:
        which = "gap"
    elif value is Compliance.BREACHED:
        which = "past, unseen" if unseen else "past"
    elif is_over:
        which = "over"
    else:
        which = "unseen" if unseen else "running"
    words = (_FILED if filed else _UNFILED)[which]
    told: dict[str, str | int] = {"day": day(outage, now), "limit": limit}
    return Text(words.template, told | ({"unseen": unseen} if which.endswith("unseen") else {}))


_FILED = {
    "gap": say("opens again for less than 24 hours: day {day} of the outage, limit {limit}"),
    "past, unseen": say("offline: day {day}, past the limit {limit}; not watched for {unseen} days of it"),
    "past": say("offline: day {day}, past the limit {limit}"),
    "over": say("offline: day {day}, limit {limit} is over, a look is awaited"),
    "unseen": say("offline: day {day}, limit {limit}; not watched for {unseen} days of it"),
    "running": say("offline: day {day}, limit {limit}"),
}
_UNFILED = {
    "gap": say("opens again for less than 24 hours: day {day} of the outage, by the measure of a closure {limit}"),
    "past, unseen": say(
        "offline: day {day}, past {limit}, the measure of a closure; not watched for {unseen} days of it"
    ),
    "past": say("offline: day {day}, past {limit}, the measure of a closure"),
    "over": say("offline: day {day}, {limit}, the measure of a closure, is over, a look is awaited"),
    "unseen": say("offline: day {day}, by the measure of a closure {limit}; not watched for {unseen} days of it"),
    "running": say("offline: day {day}, by the measure of a closure {limit}"),
}


def _in_a_year(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """By declared start. Broken from the start of the first too many until the year ends; due before it."""
    year, allowed = civil_day(now).year, _per_year(rule)
    filed = begun_anew(closures(facts, (DeclarationKind.TEMPORARY_OFFLINE,)))
    mine = [one for one in filed if civil_day(one.start).year == year]
    told = {"n": len(mine), "year": year, "allowed": allowed}
    inputs = {"year": year, "closures": len(mine), "allowed": allowed}
    turn = day_start(date(year + 1, 1, 1))
    if len(mine) <= allowed:
        why = say("{n} temporary closures in {year}, {allowed} allowed", **told)
        return Standing(rule.key, Compliance.MET, why, Cause.OFFLINE_AT_MOST, inputs=inputs, changes_at=turn)
    over = mine[allowed]
    begun = over.start <= now
    why = say("{n} temporary closures in {year}, {allowed} allowed: {number} is too many", number=called(over), **told)
    return Standing(
        rule.key,
        Compliance.BREACHED if begun else Compliance.DUE,
        why,
        Cause.OFFLINE_AT_MOST,
        since=over.start if begun else None,
        until=None if begun else over.start,
        inputs={**inputs, "declaration": over.id},
        changes_at=next_of(now, over.start, turn),
    )


def _per_year(rule: Rule) -> int:
    value = rule.options.get("per_year", 0)
    assert isinstance(value, int)  # a pack with a word here does not load
    return value
