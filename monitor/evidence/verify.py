"""Whether the ledger is as it was written: every seal of the event log, what the tables say beside it, what bodies hash to.

A function of a read transaction; writes nothing. Of the tables it compares what the log tells: incidents with their members,
rules, weight and evidence; declarations; deliveries that came to an end. That lines are missing at the end of the log no seal
can show: for that a head is noted elsewhere and given back.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from monitor.evidence.kept import sha256_of
from monitor.evidence.ledger import Ledger, Told
from monitor.model import IncidentState, Text, say
from monitor.store import canon, events, snapshots
from monitor.store.events import Audit
from monitor.store.opening import Damaged

Progress = Callable[[str, int], None]
"""Hears what is being read, and how much of it has been."""
EVERY = 1000
"""Lines or bodies between two words of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was checked, and everything that does not hold. `noted_at`: the line that bears the head that was noted."""

    log: Audit
    incidents: int
    declarations: int
    deliveries: int
    evidence: int
    bodies: int
    problems: tuple[Text, ...]
    noted_at: int | None = None

    @property
    def holds(self) -> bool:
        """Nothing was changed, as far as can be told."""
        return not self.problems


def verify(tx: sqlite3.Connection, noted: str = "", progress: Progress = lambda _what, _n: None) -> Verified:
    """Check everything. `noted` is a head that was noted earlier: the log must bear it at one of its lines."""
    ledger = Ledger()
    marks: list[int] = []

    def seen(line: events.Line) -> None:
        ledger.take(line)
        if line.hash == noted:
            marks.append(line.seq)
        if line.seq % EVERY == 0:
            progress("lines", line.seq)

    log = events.audit(tx, seen)
    problems = [*_of_log(log), *_of_head(noted, marks)]
    if log.broken is None:  # after a broken line nobody can tell what the tables should be
        problems += [*_of_incidents(tx, ledger), *_of_evidence(tx, ledger)]
        problems += [*_of_declarations(tx, ledger), *_of_deliveries(tx, ledger)]
    names = snapshots.hashes(tx)
    problems += _of_bodies(tx, names, progress)
    return Verified(
        log=log,
        incidents=len(ledger.incidents),
        declarations=len(ledger.declarations),
        deliveries=len(ledger.deliveries),
        evidence=sum(len(one.evidence) for one in ledger.incidents.values()),
        bodies=len(names),
        problems=tuple(problems),
        noted_at=marks[0] if marks else None,
    )


def _of_log(log: Audit) -> Iterator[Text]:
    if log.broken is not None:
        yield say("line {seq} of the event log is missing, or not as it was written", seq=log.broken)


def _of_head(noted: str, marks: list[int]) -> Iterator[Text]:
    if noted and not marks:
        yield say("no line of the log bears the head {head}: lines were removed at its end, or rewritten", head=noted)


def _of_incidents(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    rows = tx.execute("SELECT id, state, cause, key, severity, rules, opened_at, acknowledged_by FROM incidents")
    there = {row[0]: row[1:] for row in rows}
    members: dict[int, set[str]] = {}
    for incident, target in tx.execute("SELECT incident_id, target_id FROM members WHERE left_at IS NULL"):
        members.setdefault(incident, set()).add(target)
    for number in sorted(there.keys() | ledger.incidents.keys()):
        told, row = ledger.incidents.get(number), there.get(number)
        if told is None or row is None:
            yield say("incident {id} stands in the log or in its table, and not in both", id=number)
            continue
        for name, logged, stored in _compared(told, row, members.get(number, set())):
            yield _differs("incidents", number, name, logged, stored)


def _compared(told: Told, row: tuple[Any, ...], members: set[str]) -> Iterator[tuple[str, object, object]]:
    state, cause, key, severity, rules, opened, by = row
    pairs: list[tuple[str, object, object]] = [
        ("state", told.state.value, state),
        ("cause", told.cause, cause),
        ("key", told.key, key),
        ("severity", told.severity.value, severity),
        ("rules", sorted(told.rules), sorted(canon.loads(rules))),
        ("opened_at", told.opened_at, opened),
        ("acknowledged_by", told.by, by),
    ]
    if told.state in {IncidentState.OPEN, IncidentState.ACKNOWLEDGED}:
        pairs.append(("members", sorted(told.members), sorted(members)))
    return ((name, logged, stored) for name, logged, stored in pairs if logged != stored)


def _of_evidence(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    """Each row is sealed by the line it came with, in that order. What was kept before lines sealed it is left out."""
    stored: dict[int, list[str]] = {}
    for incident, body in tx.execute("SELECT incident_id, body FROM evidence ORDER BY id"):
        stored.setdefault(incident, []).append(sha256_of(body))
    for number in sorted(stored.keys() | ledger.incidents.keys()):
        told, found = ledger.incidents.get(number), stored.get(number, [])
        sealed = [] if told is None else told.evidence
        older = len(found) - len(sealed) if told is None or told.unsealed else 0
        if found[max(older, 0) :] != sealed:
            yield say("the evidence of incident {id} is not what its lines in the log say", id=number)


def _of_declarations(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    rows = tx.execute(
        """SELECT id, kind, target_id, start, end, number, who, fields, attachments, corrects, superseded_at IS NOT NULL
           FROM declarations"""
    )
    names = ["kind", "target", "start", "end", "number", "who", "fields", "attachments", "corrects", "superseded"]
    there = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    for number in sorted(there.keys() | ledger.declarations.keys()):
        told, row = ledger.declarations.get(number), there.get(number)
        if told is None or row is None:
            yield say("declaration {id} stands in the log or in its table, and not in both", id=number)
            continue
        row |= {"fields": canon.loads(row["fields"]), "attachments": canon.loads(row["attachments"])}
        row["superseded"] = bool(row["superseded"])
        for name in names:
            if told[name] != row[name]:
                yield _differs("declarations", number, name, told[name], row[name])


def _of_deliveries(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    rows = tx.execute("SELECT id, state FROM deliveries WHERE state IN ('sent', 'superseded', 'dead')")
    there: dict[int, str] = dict(rows.fetchall())
    for number in sorted(there.keys() | ledger.deliveries.keys()):
        told, state = ledger.deliveries.get(number), there.get(number)
        if told != state:
            yield _differs("deliveries", number, "state", told, state)


def _of_bodies(tx: sqlite3.Connection, names: list[str], progress: Progress) -> Iterator[Text]:
    for n, name in enumerate(names, 1):
        try:
            snapshots.load_body(tx, name)
        except (Damaged, KeyError):
            yield say("the stored page {hash} is not what it was", hash=name)
        if n % EVERY == 0:
            progress("bodies", n)


def _differs(table: str, number: int, name: str, logged: object, stored: object) -> Text:
    return say(
        "{table} {id}: {name} is {stored}, by the log it is {logged}",
        table=table,
        id=number,
        name=name,
        stored=str(stored),
        logged=str(logged),
    )
