"""Printed dates are true: broken by a `dates_honest` that suspects one. A suspicion: a person confirms. Option `check` names another."""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Suspected once is broken, for as long as the list shows what is suspected; a page that cannot be read is undecided."""
    return by_condition(
        rule, facts, check_of(rule, "dates_honest"), Cause.FORGED_DATE, say("no date was seen to be forged")
    )
