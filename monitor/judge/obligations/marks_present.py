"""A home page shows its footer marks: broken by a confirmed `marks_present`. Option `check` names another check."""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """A mark missing at a look is broken; a page that cannot be read is undecided."""
    return by_condition(rule, facts, check_of(rule, "marks_present"), Cause.MARKS, _KEPT)


_KEPT = say("the footer marks are there")
