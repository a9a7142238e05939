"""Printed dates are true: broken by a `dates_honest` that suspects one. A suspicion: a person confirms. Option `check` names another."""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of, current
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Suspected once is broken, for as long as the list shows what is suspected; a page that cannot be read is undecided.

    What is kept says what the check said: that it compared, or that there was nothing to compare yet.
    """
    check = check_of(rule, "dates_honest")
    run = current(facts, check)
    kept = run.finding.summary if run is not None else say("no dates to compare")
    return by_condition(rule, facts, check, Cause.FORGED_DATE, kept)
