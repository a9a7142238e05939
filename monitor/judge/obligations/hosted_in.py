"""The addresses of the host lie inside: broken by a confirmed `hosted_in` (option `check` names another), a person confirms.

Inside the country, or with option `area` in the city or district itself (中山 第二十八条, 佛山 第二十七条). Where no address table is
set, or none of its regions is the area, nothing is said; that is no blindness, for nobody asked us to see.
"""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of, current
from monitor.model import Cause, Compliance, Facts, Rule, Standing, say

AREA = "area"
"""What of a site the check names so (checks/hosted_in.py)."""


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """Broken, kept, or undecided without a clock of blindness."""
    of, check = AREA if rule.options.get("area") is True else "", check_of(rule, "hosted_in")
    run = current(facts, check, of)
    kept = run.finding.summary if of and run is not None else say("hosted inside")
    standing = by_condition(rule, facts, check, Cause.HOSTED_IN, kept, of)
    if of and standing.value is Compliance.UNKNOWN and not standing.inputs:
        standing = standing._replace(why=say("no region of an address table is said to be the area"))
    return standing._replace(since=None) if standing.value is Compliance.UNKNOWN else standing
