"""A home page leads to a declared entry: broken by a confirmed `entry_present` on the entry's page. Option `check` names another check."""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Missing, hidden or empty at two looks is broken; a home page that cannot be read is undecided. That it opens is `reachable`."""
    return by_condition(rule, facts, check_of(rule, "entry_present"), Cause.ENTRY_PRESENT, _KEPT)


_KEPT = say("the home page leads to it")
