"""The 5 % of a week: failed visits against the number a full week has (站点无法访问, domain.md §1.2 and §12).

Reads the samples of the last 168 hours out of the facts. Broken from `share` % on, due from `forecast` % on.
Remembers in `inputs["told"]` that an outage or a slow incident was open while it was broken: that one cites it then.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from monitor.judge.days import next_hour
from monitor.judge.looks import CONCLUSIVE, confirmed, current, met, since_when, undecided
from monitor.model import Cause, Compliance, Facts, Rule, Standing, say

VISITS = 20
"""Visits a day at least that tell something (国办秘函〔2019〕19号, 站点无法访问)."""
_WEEK = timedelta(days=7)
SHARE, FORECAST = 5, 3
"""Percent; the rule's options `share` and `forecast` override them. 3 %: domain.md §10.0, N-AVAIL."""

TELLING = frozenset({Cause.OUTAGE, Cause.SLOW})
"""The causes whose incidents cite the 5 % instead of an incident of its own (DESIGN.md §4.6)."""


def of_a_week(period: timedelta, days: Iterable[tuple[int, int]]) -> int:
    """Visits of a full week at that period; where it was longer on some days (of the fullest hour, of all 24), those of then.

    What another period gave is neither missing nor a reason to forgive more failures. Less than 20 visits tell no period.
    """
    full = _WEEK / period
    fewer = (full / 7 - 24 * hour for hour, day in days if day >= VISITS)
    return int(full) - sum(int(one) for one in fewer if one > 0)


def by_share(rule: Rule, facts: Facts, check: str, now: datetime) -> Standing:
    """The denominator is never smaller than a full week has: until then there is only a forecast (DESIGN.md §5.7)."""
    of = max(facts.expected, facts.good + facts.failed)
    share = share_of(rule)
    limit, forecast = needed(share, of), needed(_option(rule, "forecast", FORECAST), of)
    inputs = {"failed": facts.failed, "of": of, "excluded": facts.excluded}
    if facts.failed >= limit:
        why = say(
            "{failed} of {of} visits of the last 7 days failed, the limit is {share} %",
            failed=facts.failed,
            of=of,
            share=share,
        )
        since, told = _before(rule, facts, check, now)
        return Standing(
            rule.key,
            Compliance.BREACHED,
            why,
            Cause.AVAILABILITY,
            since=since,
            inputs={**inputs, "told": told},
            changes_at=next_hour(now),  # samples leave the week by the hour
        )
    if facts.failed >= forecast:
        more = limit - facts.failed
        why = say(
            "{failed} of {of} visits of the last 7 days failed, {more} more reach {share} %",
            failed=facts.failed,
            of=of,
            more=more,
            share=share,
        )
        return Standing(
            rule.key,
            Compliance.DUE,
            why,
            Cause.AVAILABILITY,
            since=since_when(rule, facts, Compliance.DUE, now),
            inputs=inputs,
            changes_at=next_hour(now),
        )
    run = current(facts, check)
    if run is None or run.finding.outcome not in CONCLUSIVE:
        return undecided(rule, Cause.AVAILABILITY, facts, run)
    kept = met(rule, Cause.AVAILABILITY, say("few visits of the last 7 days failed"))
    return kept._replace(changes_at=next_hour(now) if facts.failed else None)  # a lasting outage changes no run


def _before(rule: Rule, facts: Facts, check: str, now: datetime) -> tuple[datetime | None, bool]:
    """Since when it is broken, and whether an outage or slow incident told it: from the last judging, else from now on."""
    last = next((one for one in facts.standings if one.rule == rule.key), None)
    known = last if last is not None and last.value is Compliance.BREACHED else None
    run, condition = current(facts, check), confirmed(facts, check)
    told = condition is not None and condition.cause in TELLING
    if known is not None:
        return known.since, bool(known.inputs.get("told")) or told
    return run.last_at if run is not None else now, told


def share_of(rule: Rule) -> float:
    """Percent of the week's visits that break it."""
    return _option(rule, "share", SHARE)


def _option(rule: Rule, name: str, usual: float) -> float:
    value = rule.options.get(name, usual)
    assert isinstance(value, int | float)  # a pack with a word here does not load
    return value


def needed(percent: float, of: int) -> int:
    """The smallest number of failed visits that is at least so many percent; at least one."""
    return max(1, ceil(percent * of / 100))
