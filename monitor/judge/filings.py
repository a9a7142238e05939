"""Outages beside what people filed of them: is it covered, and does a return have the papers it takes.

Reads facts; pure. What nobody saw down was no closure, whatever was filed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Return:
    """A closure the site came back from without the papers that takes: what it lacks, and when it opened, the first first.

    Each opening with the instant it was down again, None while it opens.
    """

    closure: Declaration
    lacks: Text
    openings: tuple[tuple[datetime, datetime | None], ...]


def back_without(facts: Facts, filed: Sequence[Declaration], names: int = 1) -> list[Return]:
    """Every return that lacks papers; that the site went down again mends none.

    `names`: how many have to agree to a return after a closure for security.
    """
    found = []
    for one in filed:
        lacks, openings = lacking(facts, one, names), tuple(_openings(facts, one))
        if lacks is not None and openings:
            found.append(Return(one, lacks, openings))
    return found


def still_lacking(
    facts: Facts, filed: Sequence[Declaration], now: datetime, names: int = 1
) -> tuple[Declaration, Text] | None:
    """The last closure the site has not come back from, with what a return still takes; None where it takes nothing."""
    for one in sorted(filed, key=lambda each: each.start, reverse=True):
        lacks = lacking(facts, one, names)
        if lacks is not None and _is_closed(facts, one, now) and not list(_openings(facts, one)):
            return one, lacks
    return None


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


def _openings(facts: Facts, closure: Declaration) -> Iterator[tuple[datetime, datetime | None]]:
    """When the site answered after it was down for that closure, gaps of less than 24 hours too; none where it never was down."""
    outages = [*facts.ended, *(() if facts.outage is None else (facts.outage,))]
    downs = sorted(one.started_at for one in outages)
    for outage in sorted(outages, key=lambda one: one.started_at):
        if closure.end is not None and outage.started_at >= closure.end:
            continue
        yield from (gap for gap in outage.gaps if gap[0] > closure.start)
        up = outage.ended_at or outage.up_since
        if up is not None and up > closure.start:
            yield up, next((down for down in downs if down >= up), None)


def _is_closed(facts: Facts, closure: Declaration, now: datetime) -> bool:
    """Whether that closure is what goes on: in force, or the outage that began in it is not over."""
    down = facts.outage is not None and facts.outage.up_since is None
    began = facts.outage is not None and (closure.end is None or facts.outage.started_at < closure.end)
    return closure.covers(now) or (down and began)


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
