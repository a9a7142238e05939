"""Something new within a limit: a column, a home page, an account.

Goes by the measure `newest` (YYYY-MM-DD, or YYYY-MM: then its last day) of `column_fresh`, for accounts of `feed_fresh`;
option `check` names another. A home page that only leads on is neither kept nor broken. domain.md §12: for 14 days, warnings at the ages limit − warn, last day at age 14,
broken from 00:00 of age 15, once a look at or after that instant still found nothing newer.
"""

from dataclasses import replace
from datetime import datetime

from monitor.judge.days import Schedule, last_day_of, schedule
from monitor.judge.looks import by_schedule, check_of, current, limit_of, undecided
from monitor.model import Cause, Compliance, Facts, Outcome, Rule, Standing, TargetKind, Text, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due, broken; undecided while the page or feed cannot be read. Raises workdays.CalendarUnknown (limits in wd)."""
    usual = "feed_fresh" if rule.applies.kind is TargetKind.ACCOUNT else "column_fresh"
    run = current(facts, check_of(rule, usual))
    found = run.finding.measure("newest") if run is not None and run.finding.outcome is Outcome.OK else None
    newest = last_day_of(found)
    if run is None or newest is None:
        standing = undecided(rule, Cause.STALE, facts, run)
        leads_on = run is not None and run.finding.outcome is Outcome.OK and run.finding.reason == "entrance"
        return replace(standing, why=run.finding.summary) if run is not None and leads_on else standing
    plan = schedule(newest, limit_of(rule), rule.warn, facts.workdays)

    def why(value: Compliance) -> Text:
        return _why(value, str(found), str(rule.limit), plan, now)

    inputs = {"newest": str(found), "limit": str(rule.limit)}
    return by_schedule(rule, Cause.STALE, plan, looked_at=run.last_at, now=now, why=why, inputs=inputs)


def _why(value: Compliance, newest: str, limit: str, plan: Schedule, now: datetime) -> Text:
    if value is Compliance.MET:
        return say("newest item of {newest}", newest=newest)
    if value is Compliance.BREACHED:
        return say("nothing new since {newest}, past the limit {limit}", newest=newest, limit=limit)
    if now >= plan.breach:
        return say("nothing new since {newest} at the last look, limit {limit} is over", newest=newest, limit=limit)
    if now >= plan.last_day:
        return say("nothing new since {newest}, today is the last day of the limit {limit}", newest=newest, limit=limit)
    return say("nothing new since {newest}, limit {limit}", newest=newest, limit=limit)
