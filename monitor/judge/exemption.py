"""What people filed takes a standing out of account: `exempt` for as long as the declaration is in force.

Reads a standing, its rule and the declarations; a rule says in `exempt_by` which kinds it yields to.
"""

from dataclasses import replace
from datetime import datetime

from monitor.judge.days import next_of
from monitor.model import Compliance, Declaration, Facts, Rule, Standing, Text, say


def exempted(rule: Rule, standing: Standing, facts: Facts, now: datetime) -> Standing:
    """The standing, exempt where it is due or broken and a declaration covers it; it changes with every such declaration."""
    filed = [one for one in facts.declarations if one.kind in rule.exempt_by]
    if not filed:
        return standing
    turns = [instant for one in filed for instant in (one.start, one.end)]
    timed = replace(standing, changes_at=next_of(now, standing.changes_at, *turns))
    covering = next((one for one in filed if one.covers(now)), None)
    if covering is None or standing.value not in {Compliance.DUE, Compliance.BREACHED}:
        return timed
    return replace(
        timed,
        value=Compliance.EXEMPT,
        why=_why(covering),
        until=covering.end,
        look_at=None,
        last_warning=False,
        inputs={**standing.inputs, "declaration": covering.id, "would_be": standing.value.value},
    )


def _why(filed: Declaration) -> Text:
    if filed.number:
        return say("filed ({number}): not counted against it", number=filed.number)
    return say("filed as declaration {id}: not counted against it", id=filed.id)
