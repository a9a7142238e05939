"""An outage lasts at most so many days; the start day is day 0 (30d: broken from 00:00 of day 31, by a look that found it down).

Goes by the running outage of a site with its gaps. Each warning of the rule is a day people hear of (`warned`).
A day is told, and the limit broken, only once a look found the site down then; a look is asked for only while looks
find it down. In a gap the count goes on, but nothing is broken: there is nothing to alert of while it answers.
"""

from dataclasses import replace
from datetime import datetime

from monitor.clock import civil_day
from monitor.judge.days import Schedule, next_midnight, next_of, schedule
from monitor.judge.looks import CONCLUSIVE, by_schedule, check_of, current, limit_of, met, undecided
from monitor.judge.outage import day, days_unwatched
from monitor.model import Cause, Compliance, Facts, Outage, Rule, Standing, Text, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept on days without a warning before the first, due from the first warning, broken after the limit."""
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

    def why(value: Compliance) -> Text:
        return _why(value, outage, str(rule.limit), plan, now)

    standing = by_schedule(rule, Cause.OUTAGE, plan, looked_at=found_down, now=now, why=why)
    inputs = {"started_on": str(civil_day(outage.started_at)), "limit": str(rule.limit), "day": day(outage, now)}
    timed = replace(standing, changes_at=next_of(now, standing.changes_at, next_midnight(now)), inputs=inputs)
    if in_gap:
        return replace(timed, until=None, look_at=None)
    told = plan.warned(min(found_down, now)) if found_down is not None else 0
    look_at = plan.next_after(down_at) if down_at is not None and timed.look_at is not None else None
    return replace(timed, warned=told, look_at=look_at)


def _found_broken(rule: Rule, facts: Facts, plan: Schedule) -> datetime | None:
    """What a look found broken before stays broken until the site is up, whatever cannot be looked at meanwhile."""
    before = next((one for one in facts.standings if one.rule == rule.key), None)
    return plan.breach if before is not None and before.value is Compliance.BREACHED else None


def _why(value: Compliance, outage: Outage, limit: str, plan: Schedule, now: datetime) -> Text:
    n = day(outage, now)
    if outage.up_since is not None:
        return say("opens again for less than 24 hours: day {day} of the outage, limit {limit}", day=n, limit=limit)
    unseen = days_unwatched(outage)
    if value is Compliance.BREACHED and unseen:
        return say(
            "offline: day {day}, past the limit {limit}; not watched for {unseen} days of it",
            day=n,
            limit=limit,
            unseen=unseen,
        )
    if value is Compliance.BREACHED:
        return say("offline: day {day}, past the limit {limit}", day=n, limit=limit)
    if now >= plan.breach:
        return say("offline: day {day}, limit {limit} is over, a look is awaited", day=n, limit=limit)
    if unseen:
        return say(
            "offline: day {day}, limit {limit}; not watched for {unseen} days of it",
            day=n,
            limit=limit,
            unseen=unseen,
        )
    return say("offline: day {day}, limit {limit}", day=n, limit=limit)
