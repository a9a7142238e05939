"""A page shows no signs of strangers: broken by a suspicion of `tampered`. Option `check` names another check."""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Suspected at one look is broken; a page that cannot be read is undecided."""
    return by_condition(rule, facts, check_of(rule, "tampered"), Cause.TAMPER, say("no signs of tampering"))
