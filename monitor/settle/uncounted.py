"""An activity that counts nowhere: in words no rule counts, or filed where none does. Said when it is filed, not when the year is over.

Reads the rules of its target and of the desk. It is filed all the same: people do more than rules ask for.
"""

import sqlite3
from collections.abc import Iterator

from monitor.config.declaring import Draft, Problem
from monitor.config.problems import near
from monitor.config.settings import RawTarget
from monitor.model import DESK_ID, DeclarationKind, say
from monitor.model.activities import ACTIVITIES, is_activity
from monitor.settle.policy import Policy
from monitor.store import targets


def uncounted(tx: sqlite3.Connection, policy: Policy | None, draft: Draft) -> Iterator[Problem]:
    """One remark: that the desk counts it and its target does not, else with the name that was probably meant or all that count.

    None where no rule counts activities. A word other towns count is no mistake.
    """
    told = str(draft.fields.get("activity", ""))
    if policy is None or draft.kind is not DeclarationKind.ACTIVITY or not told:
        return
    wanted = _counted(policy, policy.desk)
    if draft.target != DESK_ID:
        here = _counted(policy, targets.load_target(tx, draft.target))
        if _counts(told, here):
            return
        if _counts(told, wanted):
            words = say("no rule of {target} counts “{activity}”", target=draft.target, activity=told)
            yield Problem(
                "target", words, say("it is counted at the duty desk: file it on desk, and withdraw this one")
            )
            return
        wanted |= here
    if not wanted or _counts(told, {*wanted, *ACTIVITIES}):
        return
    names = sorted({name for word in wanted for name in (ACTIVITIES[word].also if word in ACTIVITIES else {word})})
    meant = near(told, names) or next((name for name in names if name in told), "")
    hint = say('did you mean "{text}"?', text=meant) if meant else say("known: {words}", words=", ".join(names))
    yield Problem("set activity", say("no rule counts “{activity}”", activity=told), hint)


def _counted(policy: Policy, target: RawTarget) -> set[str]:
    """The words its rules count by; an empty one counts whatever is done."""
    asked = (rule for rule in policy.rules_of(target) if rule.obligation == "done_every")
    return {str(rule.options.get("activity", "")).strip() for rule in asked}


def _counts(told: str, words: set[str]) -> bool:
    return "" in words or any(is_activity(told, word) for word in words)
