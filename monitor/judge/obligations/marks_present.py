"""A home page shows its footer marks: broken by a confirmed `marks_present`. Option `check` names another check.

Option `marks` narrows it to what a document asks for: no article is cited for a mark that it does not name.
"""

from datetime import datetime

from monitor.judge.looks import by_condition, check_of, confirmed, current, met
from monitor.model import Cause, Facts, Outcome, Rule, Run, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:  # noqa: ARG001  the shape of all obligations
    """A mark missing at a look is broken; a page that cannot be read is undecided."""
    check = check_of(rule, "marks_present")
    asked, run = rule.options.get("marks", ()), current(facts, check)
    assert isinstance(asked, list | tuple)  # a pack with a word here does not load
    if asked and run is not None and confirmed(facts, check) is not None and not _lacks(run, set(asked)):
        return met(rule, Cause.MARKS, _OTHERS)
    return by_condition(rule, facts, check, Cause.MARKS, _KEPT)


def _lacks(run: Run, asked: set[str]) -> bool:
    """Whether the last look missed one of those; what it does not tell counts as missing."""
    missing = run.finding.evidence.get("missing")
    if run.finding.outcome is not Outcome.FAIL or not isinstance(missing, list | tuple):
        return True
    is_other = run.finding.reason == "other_code"  # another site's code is as bad as none
    return bool(asked.intersection(missing)) or (is_other and "site_code" in asked)


_KEPT = say("the footer marks are there")
_OTHERS = say("the marks that this rule asks for are there")
