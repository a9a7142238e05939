"""A home page shows its footer marks: broken by a confirmed `marks_present`. Option `check` names another check.

Option `marks` narrows it to what a document asks for: no article is cited for a mark that it does not name.
"""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of, confirmed, current, met, undecided
from monitor.model import Cause, Compliance, Facts, Outcome, Rule, Run, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """A mark missing at a look is broken; a page that cannot be read is undecided."""
    check = check_of(rule, "marks_present")
    asked, run = rule.options.get("marks", ()), current(facts, check)
    assert isinstance(asked, list | tuple)  # a pack with a word here does not load
    if asked and run is not None and confirmed(facts, check) is not None and not _lacks(rule, facts, run, set(asked)):
        is_told = run.finding.outcome in {Outcome.OK, Outcome.FAIL}
        return met(rule, Cause.MARKS, _OTHERS) if is_told else undecided(rule, Cause.MARKS, facts, run)
    return by_condition(rule, facts, check, Cause.MARKS, _KEPT)


def _lacks(rule: Rule, facts: Facts, run: Run, asked: set[str]) -> bool:
    """Whether the last look missed one of those; where it does not tell, whether it was broken before."""
    if run.finding.outcome is not Outcome.FAIL:
        return any(one.rule == rule.key and one.value is Compliance.BREACHED for one in facts.standings)
    missing = run.finding.evidence.get("missing", ())
    is_other = run.finding.reason == "other_code"  # another site's code is as bad as none
    return (isinstance(missing, list | tuple) and bool(asked.intersection(missing))) or (
        is_other and "site_code" in asked
    )


_KEPT = say("the footer marks are there")
_OTHERS = say("the marks that this rule asks for are there")
