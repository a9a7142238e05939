"""The certificate is one browsers accept, and does not run out soon.

Broken by a FAIL of `certificate` (option `check` names another). Its measure `left` (days or seconds at the look) makes
the standing due when less than the limit is left; the clock alone never breaks it. Limit and warnings in d or h.
"""

from datetime import datetime, timedelta

from monitor.clock import civil_day
from monitor.judge.days import length, next_of
from monitor.judge.looks import by_condition, check_of, current
from monitor.model import Cause, Compliance, Facts, Rule, Run, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Broken, due before the end of validity, or kept."""
    check = check_of(rule, "certificate")
    standing = by_condition(rule, facts, check, Cause.CERTIFICATE, say("the certificate is valid"))
    run = current(facts, check)
    ends_at = _end(run) if run is not None else None
    if standing.value is not Compliance.MET or ends_at is None or rule.limit is None:
        return standing
    warnings = sorted(ends_at - length(one) for one in rule.warn)
    due = min(ends_at - length(rule.limit), *warnings, ends_at)
    timed = standing._replace(until=due, changes_at=next_of(now, due, *warnings, ends_at))
    return timed if now < due else _due(rule, timed, warnings, ends_at, now)


def _due(rule: Rule, timed: Standing, warnings: list[datetime], ends_at: datetime, now: datetime) -> Standing:
    warned = sum(1 for warning in warnings if warning <= now)
    return timed._replace(
        value=Compliance.DUE,
        why=say(
            "the certificate ends on {date}, less than {limit} ahead",
            date=str(civil_day(ends_at)),
            limit=str(rule.limit),
        ),
        since=timed.until,
        until=ends_at,
        warned=warned,
        last_warning=0 < warned == len(warnings),
        inputs={"ends_on": str(civil_day(ends_at))},
    )


def _end(run: Run) -> datetime | None:
    left = next((one for one in run.finding.measures if one.name == "left"), None)
    if left is None or isinstance(left.value, str):
        return None
    unit = timedelta(seconds=1) if left.unit == "seconds" else timedelta(days=1)
    return run.last_at + left.value * unit
