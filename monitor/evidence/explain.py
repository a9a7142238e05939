"""Why an incident was opened: judged again from what was kept then, by the rules of that day, with the same functions.

Functions of a read transaction, for the command line and the API alike; they write nothing. `explanation` gathers and judges,
monitor/evidence/lines.py words it.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.evidence.codec import restore
from monitor.evidence.filed import Declared, filed_about
from monitor.evidence.kept import Kept, Row, rows
from monitor.evidence.replay import Decided, decide, differing
from monitor.model import Cause, Rule
from monitor.store import canon, events, incidents, told, views
from monitor.store.events import Event
from monitor.store.incidents import Incident, Member
from monitor.store.rules import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One row of evidence, judged again. `again` None: it could not be, `kept` says as far as it goes what was known."""

    row: Row
    rules: tuple[Rule, ...] = ()
    unknown_rules: tuple[str, ...] = ()  # "key version" that the store does not have
    again: Decided | None = None
    differs: tuple[tuple[str, str, str], ...] = ()  # what, as recorded, as judged again

    @property
    def same(self) -> bool | None:
        """Whether it comes to the same; None where it cannot be judged again."""
        if self.unknown_rules:
            return False
        return None if self.again is None else not self.differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything there is to say about an incident."""

    incident: Incident
    members: Sequence[Member]
    judged: Sequence[Judged]
    events: Sequence[Event]
    declarations: Sequence[Declared]
    sent: Sequence[told.Sent]
    notes: Sequence[object]

    @property
    def same(self) -> bool | None:
        """False when anything comes to something else, True when all that can be judged again is the same; else None."""
        results = {one.same for one in self.judged}
        return False if False in results else (True if True in results else None)


def explanation(tx: sqlite3.Connection, incident: int) -> Explanation:
    """Judge it again; KeyError when there is no such incident."""
    found = incidents.load(tx, incident)
    members = incidents.members(tx, incident, present=False)
    judged, log = [judged_again(tx, row) for row in rows(tx, incident)], events.of_incident(tx, incident)
    return Explanation(
        incident=found,
        members=members,
        judged=judged,
        events=log,
        declarations=filed_about(tx, found, members, _named(judged, log)),
        sent=told.of_incident(tx, incident),
        notes=views.notes(tx, incident),
    )


def judged_again(tx: sqlite3.Connection, row: Row) -> Judged:
    """One row of evidence, by the rules in the versions it names."""
    kept = row.kept
    if kept is None:
        return Judged(row=row)
    texts = {f"{key} {version}": text_of(tx, key, version) for key, version in kept.rules}
    rules = tuple(restore(Rule, canon.loads(text)) for text in texts.values() if text is not None)
    missing = tuple(name for name, text in texts.items() if text is None)
    if kept.decided is None or missing:
        return Judged(row=row, rules=rules, unknown_rules=missing)
    again = decide(kept.basis, rules, cause_of(kept))
    return Judged(row=row, rules=rules, again=again, differs=tuple(differing(kept.decided, again)))


def cause_of(kept: Kept) -> Cause:
    """What the row is about."""
    membership = (kept.decided.membership if kept.decided is not None else None) or kept.joined
    assert membership is not None  # `body_of` keeps one or the other
    return membership.cause


def _named(judged: Sequence[Judged], log: Sequence[Event]) -> frozenset[int]:
    """The declarations that evidence or log name: it was judged by them, or judged again because of them."""
    kept = [one.row.kept for one in judged if one.row.kept is not None]
    found = {one.id for each in kept for one in each.basis.facts.declarations}
    cited = (one.inputs.get("declaration") for each in kept if each.decided for one in each.decided.standings)
    told = (one.body.get("declaration") for one in log)
    return frozenset(found | {number for number in (*cited, *told) if isinstance(number, int)})
