"""A page carries no hidden links and none that advertise spam: broken by such a suspicion of `tampered`.

Option `check` names another check. Its reason tells which suspicion leads; one about links always does.
"""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of, confirmed, current, met
from monitor.model import Cause, Facts, Outcome, Rule, Standing, say

LINKS = frozenset({"hidden_links", "links", "link_spam"})
"""Reasons that are about links: of a page's, and (by `links_alive`) of what one leads to."""


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Suspected at one look is broken; other signs of tampering leave it kept."""
    check = check_of(rule, "tampered")
    condition, run = confirmed(facts, check), current(facts, check)
    if condition is not None:
        told = run.finding.reason if run is not None and run.finding.outcome is Outcome.FAIL else condition.reason
        if told not in LINKS:
            return met(rule, Cause.TAMPER, _KEPT)
    return by_condition(rule, facts, check, Cause.TAMPER, _KEPT)


_KEPT = say("no hidden links")
