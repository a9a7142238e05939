"""A closure whose planned end lies past what the rules of its target allow: said when it is filed, not on the day it is broken.

Goes by all that touches or overlaps it: a site that stays off from one closure to the next is off all that time. Reads the
target and what stands filed; writes nothing. It is filed all the same: what was approved is on record as it was, and who approved
it may have had a right to.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from monitor.clock import civil_day
from monitor.config.declaring import Draft, Problem
from monitor.judge.days import breach_of, days_between
from monitor.model import CLOSURES, Declaration, Rule, say
from monitor.settle.policy import Policy
from monitor.settle.records import in_effect
from monitor.store import targets, views

_MOMENT = timedelta(milliseconds=1)


def overlong(
    tx: sqlite3.Connection, policy: Policy | None, draft: Draft, corrects: int | None, now: datetime
) -> Iterator[Problem]:
    """A remark for each rule that allows less, by its own count: the start is day 0."""
    if policy is None or draft.kind not in CLOSURES or draft.start is None or draft.end is None:
        return
    if views.is_removed(tx, draft.target):
        return
    beside = [one for one in in_effect(tx, draft.target, now) if one.kind in CLOSURES and one.id != corrects]
    for rule in policy.rules_of(targets.load_target(tx, draft.target)):
        if rule.obligation != "offline_at_most" or rule.limit is None or draft.kind in rule.exempt_by:
            continue
        start, end = _with_what_touches(draft.start, draft.end, beside, rule)
        over = breach_of(civil_day(start), rule.limit, policy.settings.workdays)
        if end - _MOMENT < over:
            continue
        said: dict[str, str | int] = {
            "day": days_between(start, end - _MOMENT),
            "source": rule.source,
            "article": f"{rule.article}（{rule.status}）" if rule.status else rule.article,
            "limit": str(rule.limit),
        }
        words = say("planned until day {day}: {source} {article} allows {limit}", **said)
        if (start, end) != (draft.start, draft.end):
            words = say(
                "with what touches it off since {start}, planned until day {day}: {source} {article} allows {limit}",
                start=civil_day(start).isoformat(),
                **said,
            )
        advice = say("check the end; from {day} on the limit is broken", day=civil_day(over).isoformat())
        yield Problem("to", words, advice)


def _with_what_touches(
    start: datetime, end: datetime, beside: Sequence[Declaration], rule: Rule
) -> tuple[datetime, datetime]:
    """From the start of the first of all that goes over into it to the end of the last. While what is exempt holds, nothing breaks."""
    for one in sorted(beside, key=lambda each: each.start, reverse=True):
        if one.end is not None and one.start < start <= one.end:
            start = one.start
    for one in sorted(beside, key=lambda each: each.start):
        if one.end is not None and one.start <= end < one.end and one.kind not in rule.exempt_by:
            end = one.end
    return start, end
