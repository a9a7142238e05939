"""A column shows something: broken by a confirmed `column_blank`. Option `check` names another check."""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Blank at two looks is broken; a page that cannot be read is undecided."""
    return by_condition(rule, facts, check_of(rule, "column_blank"), Cause.BLANK, _KEPT)


_KEPT = say("has content")
