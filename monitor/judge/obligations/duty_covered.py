"""Somebody is on duty at every hour (24小时值班). Option `ahead`: how many days ahead a gap is told.

Goes by the roster alone: without one nothing is said, and by the clock: a gap is broken when it begins. A shift without
people is no cover. The facts hold the shifts of the days ahead and one more (settle/records.py).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.clock import SHANGHAI
from monitor.judge.days import earlier, next_of
from monitor.judge.looks import met
from monitor.judge.shifts import covered_until, last_end, next_start
from monitor.model import Cause, Compliance, Facts, Rule, Standing, Text, say

DAY = timedelta(days=1)
USUAL = 7  # days ahead, as monitor/config/obligations.py has it
CAUSE = Cause.DUTY_COVERED
_MOMENT = timedelta(milliseconds=1)


def ahead_of(rules: Iterable[Rule]) -> timedelta:
    """How far ahead these rules look at the roster, the farthest of them."""
    return max((_ahead(rule) for rule in rules if rule.obligation == "duty_covered"), default=timedelta())


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Broken while nobody is on duty, due when a gap lies in the days ahead, kept when there is none."""
    if facts.shifts is None:
        return Standing(rule.key, Compliance.UNKNOWN, say("no roster is kept here"), CAUSE)
    gap = covered_until(facts.shifts, now)
    if gap <= now:
        return _nobody(rule, facts, now)
    if gap <= now + _ahead(rule):
        return _coming(rule, facts, gap, now)
    seen = gap - _ahead(rule)  # from then on it lies in the days ahead
    standing = met(
        rule, CAUSE, say("somebody is on duty at every hour of the next {days} days", days=_ahead(rule).days)
    )
    known = seen < now + DAY  # else it may only be the end of what we were told
    told = seen if known else seen - DAY + _MOMENT
    return Standing(rule.key, standing.value, standing.why, CAUSE, until=seen if known else None, changes_at=told)


def _nobody(rule: Rule, facts: Facts, now: datetime) -> Standing:
    shifts = facts.shifts or ()
    stored = next((one for one in facts.standings if one.rule == rule.key), None)
    known = stored.since if stored is not None and stored.value is Compliance.BREACHED else None
    began, ends = (
        last_end(shifts, now) or known,
        next_start(shifts, now),
    )  # a long gap: its beginning is not among the shifts
    return Standing(
        rule.key,
        Compliance.BREACHED,
        _without(began, ends, _ahead(rule).days),
        CAUSE,
        since=began,
        inputs={"ends": _told(ends) if ends is not None else ""},
        changes_at=ends or now + DAY,
    )


def _without(began: datetime | None, ends: datetime | None, days: int) -> Text:
    if began is None and ends is None:
        return say("nobody is on duty, nor on any of the next {days} days", days=days)
    if began is None:
        assert ends is not None
        return say("nobody is on duty until {to}", to=_told(ends))
    if ends is None:
        return say("nobody is on duty since {since}, nor on any of the next {days} days", since=_told(began), days=days)
    return say("nobody is on duty from {since} to {to}", since=_told(began), to=_told(ends))


def _coming(rule: Rule, facts: Facts, gap: datetime, now: datetime) -> Standing:
    ends = next_start(facts.shifts or (), gap)
    if ends is None:
        why = say(
            "nobody is on duty from {since} on, and nobody takes over on the {days} days looked at",
            since=_told(gap),
            days=_ahead(rule).days,
        )
    else:
        why = say("nobody is on duty from {since} to {to}", since=_told(gap), to=_told(ends))
    warnings = [earlier(gap, one, facts.workdays) for one in rule.warn]
    warned = sum(1 for one in warnings if one <= now)
    return Standing(
        rule.key,
        Compliance.DUE,
        why,
        CAUSE,
        since=gap - _ahead(rule),
        until=gap,
        warned=warned,
        last_warning=0 < warned == len(warnings),
        changes_at=next_of(now, gap, *warnings),
    )


def _ahead(rule: Rule) -> timedelta:
    days = rule.options.get("ahead", USUAL)
    assert isinstance(days, int)
    return days * DAY


def _told(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
