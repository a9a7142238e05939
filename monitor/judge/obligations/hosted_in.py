"""The addresses of the host lie inside: broken by a confirmed `hosted_in` (option `check` names another), a person confirms.

Where no address table is set nothing is said; that is no blindness, for nobody asked us to see.
"""

from dataclasses import replace
from datetime import datetime

from monitor.judge.looks import by_condition, check_of
from monitor.model import Cause, Compliance, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Broken, kept, or undecided without a clock of blindness."""
    standing = by_condition(rule, facts, check_of(rule, "hosted_in"), Cause.HOSTED_IN, say("hosted inside"))
    return replace(standing, since=None) if standing.value is Compliance.UNKNOWN else standing
