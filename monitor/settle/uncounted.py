"""An activity in words that no rule counts: said when it is filed, not when the year is over and the drill is missing.

Reads the rules of the desk. It is filed all the same: a desk does more than rules ask for.
"""

from collections.abc import Iterator

from monitor.config.declaring import Draft, Problem
from monitor.config.problems import near
from monitor.model import DeclarationKind, say
from monitor.model.activities import ACTIVITIES, is_activity
from monitor.settle.policy import Policy


def uncounted(policy: Policy | None, draft: Draft) -> Iterator[Problem]:
    """One remark, with the name that was probably meant or all that count; none where no rule counts activities.

    A word other towns count is no mistake.
    """
    told = str(draft.fields.get("activity", ""))
    if policy is None or draft.kind is not DeclarationKind.ACTIVITY or not told:
        return
    asked = [rule for rule in policy.rules_of(policy.desk) if rule.obligation == "done_every"]
    wanted = {str(rule.options.get("activity", "")) for rule in asked}
    if not wanted or "" in wanted or any(is_activity(told, word) for word in (*wanted, *ACTIVITIES)):
        return
    names = sorted({name for word in wanted for name in (ACTIVITIES[word].also if word in ACTIVITIES else {word})})
    meant = near(told, names) or next((name for name in names if name in told), "")
    hint = say('did you mean "{text}"?', text=meant) if meant else say("known: {words}", words=", ".join(names))
    yield Problem("set activity", say("no rule counts “{activity}”", activity=told), hint)
