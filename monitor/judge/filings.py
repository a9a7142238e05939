"""Outages beside what people filed of them: is it covered, and does a return have the papers it takes.

Reads facts; pure. What nobody saw down was no closure, whatever was filed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.model import CLOSURES, Declaration, DeclarationKind, Facts, Outage, Text, say


def closures(facts: Facts, kinds: Iterable[DeclarationKind] = CLOSURES) -> list[Declaration]:
    """The declared closures of these kinds, by start."""
    wanted = frozenset(kinds)
    return sorted((one for one in facts.declarations if one.kind in wanted), key=lambda one: one.start)


def begun_anew(filed: Sequence[Declaration]) -> list[Declaration]:
    """Those of them (by start) that go on with no other: what touches or overlaps the one before is the same closure."""
    first: list[Declaration] = []
    reached: datetime | None = None
    for one in filed:
        if not first or (reached is not None and one.start > reached):
            first.append(one)
            reached = one.end
        elif reached is not None:
            reached = None if one.end is None else max(reached, one.end)
    return first


def is_filed(facts: Facts, outage: Outage, now: datetime) -> bool:
    """Whether any closure was declared that touches the outage so far."""
    return any(_touches(one, outage.started_at, now) for one in closures(facts))


def uncovered_from(filed: Sequence[Declaration], start: datetime, now: datetime) -> datetime | None:
    """The first instant from `start` till now of which no closure was declared; `filed` by start. None: covered throughout."""
    reached = start
    for one in filed:
        if one.start > reached:
            break
        if one.end is None:
            return None
        reached = max(reached, one.end)
    return reached if reached <= now else None


def back_without(
    facts: Facts, filed: Sequence[Declaration], names: int = 1
) -> list[tuple[datetime, Declaration, Text]]:
    """Since when the site answers again after each closure that lacks papers of its return, and what it lacks.

    `names`: how many have to agree to a return after a closure for security.
    """
    found = []
    for one in filed:
        lacks, back = lacking(facts, one, names), _back_at(facts, one)
        if lacks is not None and back is not None:
            found.append((back, one, lacks))
    return found


def lacking(facts: Facts, closure: Declaration, names: int = 1) -> Text | None:
    """What the return from a closure still takes, None when it takes nothing (more)."""
    if closure.kind is DeclarationKind.TEMPORARY_OFFLINE:
        return None if closure.text("restore_filed") or _returned(facts, closure) else say("the filing of its return")
    if closure.kind is not DeclarationKind.ORDERED_CLOSURE or closure.fields.get("security") is not True:
        return None
    asked = {"self_check": 1, "police_check": 1, "consents": names}
    lacks = tuple(name for name, count in asked.items() if not tells(closure, name, count))
    return _LACKS.get(lacks)


def tells(closure: Declaration, field: str, names: int = 1) -> bool:
    """Whether a record tells that; of a list at least so many."""
    told = closure.fields.get(field)
    return len(told) >= names if isinstance(told, list | tuple) else bool(told)


def _returned(facts: Facts, closure: Declaration) -> bool:
    """A return filed as a declaration of its own counts, with its day or its number."""
    return any(
        one.kind is DeclarationKind.RETURN and one.start >= closure.start and (one.number or one.text("filed_on"))
        for one in facts.declarations
    )


def _back_at(facts: Facts, closure: Declaration) -> datetime | None:
    """When the site answered again after the outage that belongs to the closure; None while it is down, and where it never was."""
    if facts.outage is not None and facts.outage.up_since is None:
        return None
    running = [(facts.outage.started_at, facts.outage.up_since)] if facts.outage is not None else []
    over = [(one.started_at, one.ended_at) for one in facts.ended]
    ups = [up for down, up in (*over, *running) if up is not None and up > closure.start and _began_in(closure, down)]
    return max(ups, default=None)


def _began_in(closure: Declaration, down: datetime) -> bool:
    return closure.end is None or down < closure.end


def _touches(one: Declaration, start: datetime, now: datetime) -> bool:
    return one.start <= now and (one.end is None or one.end > start)


_LACKS = {
    ("self_check",): say("its own check"),
    ("police_check",): say("the check by the police"),
    ("consents",): say("the consents"),
    ("self_check", "police_check"): say("its own check and the check by the police"),
    ("self_check", "consents"): say("its own check and the consents"),
    ("police_check", "consents"): say("the check by the police and the consents"),
    ("self_check", "police_check", "consents"): say("its own check, the check by the police and the consents"),
}
"""What a return after a closure by order for security takes (中山 第九条), as values inside a sentence."""
