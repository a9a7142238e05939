"""What people filed takes a standing out of account: `exempt` for as long as the declaration is in force.

Reads a standing, its rule and the declarations; a rule says in `exempt_by` which kinds it yields to.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from monitor.clock import day_start
from monitor.judge.days import last_day_of, next_of
from monitor.model import Compliance, Declaration, DeclarationKind, Facts, Rule, Standing, Text, say


def exempted(rule: Rule, standing: Standing, facts: Facts, now: datetime) -> Standing:
    """The standing, exempt where it is due or broken and a declaration covers it; it changes with every such declaration.

    `since` is then the start of what exempts; since when it would be broken or due stands in `inputs`.
    """
    filed = [_as_counted(one) for one in facts.declarations if one.kind in rule.exempt_by and _counts(one)]
    if not filed:
        return standing
    turns = [instant for one in filed for instant in (one.start, one.end)]
    timed = standing._replace(changes_at=next_of(now, standing.changes_at, *turns))
    in_force = next((one for one in filed if one.covers(now)), None)
    if in_force is None or standing.value not in {Compliance.DUE, Compliance.BREACHED}:
        return timed
    exempt = exempt_by(in_force, timed)
    return exempt._replace(inputs={**exempt.inputs, **_would_be(standing)})


def exempt_by(filed: Declaration, standing: Standing) -> Standing:
    """The standing taken out of account by that declaration."""
    return standing._replace(
        value=Compliance.EXEMPT,
        why=exempt_why(filed),
        since=filed.start,
        until=filed.end,
        look_at=None,
        last_warning=False,
        inputs={**standing.inputs, "declaration": filed.id},
    )


def covering(rule: Rule, declarations: Iterable[Declaration], now: datetime) -> Declaration | None:
    """The declaration in force that the rule yields to, whatever the standing is."""
    filed = (_as_counted(one) for one in declarations if one.kind in rule.exempt_by and _counts(one))
    return next((one for one in filed if one.covers(now)), None)


def _would_be(standing: Standing) -> dict[str, object]:
    since = None if standing.since is None else standing.since.isoformat()
    return {"would_be": standing.value.value, "would_be_since": since}


def since_when(standing: Standing) -> datetime | None:
    """Since when it is as it is found, whatever was filed: of an exempt one since when it would be broken or due."""
    if standing.value is not Compliance.EXEMPT:
        return standing.since
    told = standing.inputs.get("would_be_since")
    return datetime.fromisoformat(told) if isinstance(told, str) else None


def _counts(filed: Declaration) -> bool:
    """The closing of an account excuses nothing before the account is gone: until then people still read it."""
    return filed.kind is not DeclarationKind.ACCOUNT_CLOSING or _gone_from(filed) is not None


def _as_counted(filed: Declaration) -> Declaration:
    """Its planned end is that of the notice: an account that is gone stays gone."""
    gone = _gone_from(filed) if filed.kind is DeclarationKind.ACCOUNT_CLOSING else None
    return filed if gone is None else replace(filed, start=max(filed.start, gone), end=None)


def _gone_from(closing: Declaration) -> datetime | None:
    """From the day of its field `deregistered`; None while nobody told it."""
    day = last_day_of(closing.text("deregistered"))
    return None if day is None else day_start(day)


def exempt_why(filed: Declaration) -> Text:
    """By which declaration."""
    if filed.number:
        return say("filed ({number}): not counted against it", number=filed.number)
    return say("filed as declaration {id}: not counted against it", id=filed.id)
