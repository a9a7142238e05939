"""A closure whose planned end lies past what the rules of its target allow: said when it is filed, not on the day it is broken.

Reads the target; writes nothing. It is filed all the same: what was approved is on record as it was, and who approved it may have had a right to.
"""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from monitor.clock import civil_day
from monitor.config.declaring import Draft, Problem
from monitor.judge.days import breach_of, days_between
from monitor.model import CLOSURES, Rule, Text, say
from monitor.settle.policy import Policy
from monitor.store import targets, views

_MOMENT = timedelta(milliseconds=1)


def overlong(tx: sqlite3.Connection, policy: Policy | None, draft: Draft) -> Iterator[Problem]:
    """A remark for each rule that allows less, by its own count: the start is day 0."""
    if policy is None or draft.kind not in CLOSURES or draft.start is None or draft.end is None:
        return
    if views.is_removed(tx, draft.target):
        return
    first, last = civil_day(draft.start), draft.end - _MOMENT
    for rule in policy.rules_of(targets.load_target(tx, draft.target)):
        if rule.obligation != "offline_at_most" or rule.limit is None or draft.kind in rule.exempt_by:
            continue
        over = breach_of(first, rule.limit, policy.settings.workdays)
        if last >= over:
            words = _allows(rule, days_between(draft.start, last))
            advice = say("check the end; from {day} on the limit is broken", day=civil_day(over).isoformat())
            yield Problem("to", words, advice)


def _allows(rule: Rule, planned: int) -> Text:
    said = {"source": rule.source, "article": rule.article, "status": rule.status, "limit": str(rule.limit)}
    if rule.status:
        return say("planned until day {day}: {source} {article} ({status}) allows {limit}", day=planned, **said)
    return say("planned until day {day}: {source} {article} allows {limit}", day=planned, **said)
