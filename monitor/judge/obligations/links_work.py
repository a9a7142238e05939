"""A link opens: broken by a confirmed `links_alive` on the link target. Option `check` names another check."""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Dead at two looks an hour apart is broken; what refuses programs is undecided."""
    return by_condition(rule, facts, check_of(rule, "links_alive"), Cause.DEAD_LINK, _KEPT)


_KEPT = say("the link opens")
