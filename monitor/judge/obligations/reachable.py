"""A target opens. Two shapes: at once (a confirmed failure), or by share of a week's visits (option `window`).

At once: broken while `reachable` has an open condition; option `only` ("slow", or a list of causes) narrows it, option
`check` names another check. By share: see judge/availability.py.
"""

from datetime import datetime

from monitor.judge.availability import by_share
from monitor.judge.looks import by_condition, check_of, confirmed, met
from monitor.model import Cause, Facts, Rule, Standing, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due (a share that rises), broken, or undecided."""
    check = check_of(rule, "reachable")
    return by_share(rule, facts, check, now) if "window" in rule.options else _at_once(rule, facts, check)


def _at_once(rule: Rule, facts: Facts, check: str) -> Standing:
    only = rule.options.get("only", ())
    causes = (only,) if isinstance(only, str) else only
    assert isinstance(causes, list | tuple)  # a pack whose `only` is neither does not load
    first = Cause(causes[0]) if causes else Cause.OUTAGE
    condition = confirmed(facts, check) if causes and facts.conditions else None
    if condition is not None and condition.cause not in causes:
        return met(rule, first, _OTHER)
    return by_condition(rule, facts, check, first, _OPENS)


_OPENS, _OTHER = say("opens"), say("no failure of this kind")
