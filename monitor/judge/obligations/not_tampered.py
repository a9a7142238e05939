"""A page shows no signs of strangers: broken by a suspicion of `tampered`. Option `check` names another check.

Of a link it is `links_alive` that suspects; a link that is merely dead is no tampering.
"""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of, confirmed, met
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Suspected at one look is broken; a page that cannot be read is undecided."""
    check = check_of(rule, "tampered")
    condition = confirmed(facts, check) if facts.conditions else None
    if condition is not None and condition.cause is not Cause.TAMPER:
        return met(rule, Cause.TAMPER, _KEPT)
    return by_condition(rule, facts, check, Cause.TAMPER, _KEPT)


_KEPT = say("no signs of tampering")
