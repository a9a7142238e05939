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
    condition, causes = confirmed(facts, check), _causes(rule)
    if condition is not None and causes and condition.cause not in causes:
        return met(rule, causes[0], say("no failure of this kind"))
    return by_condition(rule, facts, check, causes[0] if causes else Cause.OUTAGE, say("opens"))


def _causes(rule: Rule) -> tuple[Cause, ...]:
    only = rule.options.get("only", ())
    named = [only] if isinstance(only, str) else only
    assert isinstance(named, list | tuple)  # a pack whose `only` is neither does not load
    return tuple(Cause(one) for one in named)
