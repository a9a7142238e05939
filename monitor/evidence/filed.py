"""What was filed that an incident had to do with: all of it, with what was corrected or withdrawn since, by whom and when.

A function of a read transaction; writes nothing. What never touched the time a target was in the incident is left out, unless its
evidence or its log names it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.clock import civil_day
from monitor.judge import effect
from monitor.model import CLOSURES, Declaration, DeclarationKind, Outage
from monitor.store import declarations, filed, past
from monitor.store.declarations import Withdrawal
from monitor.store.incidents import Incident, Member

LASTING = CLOSURES | {DeclarationKind.ACCOUNT_CLOSING, DeclarationKind.MIGRATION}
"""What goes on from its start until something ends it; the others are of a day."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration, and what became of it: None while it counts; `by` who corrected or withdrew it, `why` only of a withdrawal."""

    declaration: Declaration
    superseded_at: datetime | None = None
    by: str = ""
    corrected_by: int | None = None
    why: str = ""


def filed_about(
    tx: sqlite3.Connection, incident: Incident, members: Sequence[Member], named: frozenset[int]
) -> list[Declared]:
    """Everything its targets had filed for the time they were in it, in the order it came; `named` are numbers told elsewhere."""
    withdrawn = declarations.withdrawals(tx)
    found: dict[int, Declared] = {}
    for member in members:
        ledger = filed.ledger(tx, member.target, every=True)
        for line in [*_touching(tx, ledger, member, incident), *_of_its_site(tx, member, incident)]:
            found[line.declaration.id] = _declared(tx, line, withdrawn)
    for number in sorted({*named, *declarations.orders_for(tx, incident.id)} - found.keys()):
        if (told := filed.of_number(tx, number)) is not None:
            found[number] = _declared(tx, told, withdrawn)
    return sorted(found.values(), key=lambda one: (one.declaration.filed_at, one.declaration.id))


def _declared(tx: sqlite3.Connection, line: filed.Filed, withdrawn: dict[int, Withdrawal]) -> Declared:
    one, over = line.declaration, line.superseded_at
    if line.corrected_by is not None:
        new, _ = declarations.load(tx, line.corrected_by)
        return Declared(one, over, new.by, line.corrected_by)
    taken = withdrawn.get(one.id)
    return Declared(one, over, "", None) if taken is None else Declared(one, over, taken.by, None, taken.why)


def _touching(
    tx: sqlite3.Connection, ledger: Sequence[filed.Filed], member: Member, incident: Incident
) -> Iterator[filed.Filed]:
    since, until = _span(member, incident)
    outages = past.outages(tx, member.target)
    counting = [line.declaration for line in ledger if line.superseded_at is None]
    for line in ledger:
        one = line.declaration
        returns = [each for each in counting if each.kind is DeclarationKind.RETURN and each.id != one.id]
        held = effect.in_effect((one, *returns), [each for each in outages if each.ended_at is not None])[0]
        if _touches(held, since, until, outages):
            yield line


def _span(member: Member, incident: Incident) -> tuple[datetime, datetime | None]:
    """From when its trouble began to when it left; None: it is in it still."""
    return member.membership.since, member.left_at or incident.recovered_at or incident.closed_at


def _touches(one: Declaration, since: datetime, until: datetime | None, outages: Iterable[Outage]) -> bool:
    if one.kind in LASTING or one.end is not None:
        return (until is None or one.start <= until) and (one.end is None or one.end > since)
    if (
        one.kind is DeclarationKind.RETURN
    ):  # it is filed once the site answers, or later: until the outage it is from is over
        until = _over(since, until, outages)
    elif one.filed_at >= since and (until is None or one.filed_at <= until):
        return True  # what was recorded while it went on may be what ended it
    return civil_day(since) <= civil_day(one.start) and (until is None or civil_day(one.start) <= civil_day(until))


def _over(since: datetime, until: datetime | None, outages: Iterable[Outage]) -> datetime | None:
    if until is None:
        return None
    alike = [one for one in outages if one.started_at <= until and (one.ended_at is None or one.ended_at > since)]
    if any(one.ended_at is None for one in alike):
        return None
    return max([until, *(one.ended_at for one in alike if one.ended_at is not None)])


def _of_its_site(tx: sqlite3.Connection, member: Member, incident: Incident) -> Iterator[filed.Filed]:
    """The closing of a site for good takes its columns and pages with it."""
    site = filed.site_of(tx, member.target)
    if site is None:
        return
    closed = (DeclarationKind.PERMANENT_OFFLINE, DeclarationKind.RETURN)
    ledger = [line for line in filed.ledger(tx, site, every=True) if line.declaration.kind in closed]
    of_site = replace(member, target=site)
    found = _touching(tx, ledger, of_site, incident)
    yield from (line for line in found if line.declaration.kind is DeclarationKind.PERMANENT_OFFLINE)
