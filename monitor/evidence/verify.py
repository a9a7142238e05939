"""Whether the ledger is as it was written: every seal of the event log, what the tables say beside it, what bodies hash to.

A function of a read transaction; writes nothing. What the log tells is compared row by row; every other table is named with the
reason. That somebody with the file wrote lines anew, wherever they stand, and sealed all after them again no seal can show, nor that
lines are missing at the end: for that a head is noted elsewhere (every digest tells one) and given back.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from monitor.clock import iso
from monitor.evidence.kept import sha256_of
from monitor.evidence.ledger import Ledger, Part, Told
from monitor.evidence.needed import missing
from monitor.evidence.registers import Registers, differs, loaded
from monitor.evidence.unchecked import UNCHECKED, earlier
from monitor.model import IncidentState, Text, say
from monitor.store import events, snapshots
from monitor.store.events import Audit
from monitor.store.opening import Damaged

Progress = Callable[[str, int], None]
"""Hears what is being read, and how much of it has been."""
EVERY = 1000
"""Lines or bodies between two words of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was checked, and everything that does not hold. `noted_at`: the line that bears the head that was noted.

    `registers` counts the rows compared by table; `unchecked` says of every other table why it is not.
    """

    log: Audit
    incidents: int
    declarations: int
    deliveries: int
    evidence: int
    bodies: int
    problems: tuple[Text, ...]
    noted_at: int | None = None
    registers: Mapping[str, int] = field(default_factory=dict)
    unchecked: Mapping[str, Text] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Nothing was changed, as far as can be told."""
        return not self.problems


def verify(tx: sqlite3.Connection, noted: str = "", progress: Progress = lambda _what, _n: None) -> Verified:
    """Check everything. `noted` is a head that was noted earlier (events.can_be_head): the log must bear it at its line."""
    with closing(Registers()) as registers:
        return _verified(tx, registers, noted, progress)


def _verified(tx: sqlite3.Connection, registers: Registers, noted: str, progress: Progress) -> Verified:
    ledger = Ledger()
    marks: list[int] = []

    def seen(line: events.Line) -> None:
        ledger.take(line)
        registers.take(line)
        if noted and events.is_head(noted, line):
            marks.append(line.seq)
        if line.seq % EVERY == 0:
            progress("lines", line.seq)

    log = events.audit(tx, seen)
    problems = [*_of_log(log), *_of_head(noted, marks)]
    if log.broken is None:  # after a broken line nobody can tell what the tables should be
        problems += [*_of_incidents(tx, ledger), *_of_members(tx, ledger), *_of_evidence(tx, ledger)]
        problems += [*_of_excused(tx, ledger), *_of_rules(tx), *registers.differences(tx)]
        problems += missing(tx, ledger)
    names = snapshots.hashes(tx)
    problems += [*_of_bodies(tx, names, progress), *_of_lost(tx)]
    return Verified(
        log=log,
        incidents=len(ledger.incidents),
        declarations=registers.counts["declarations"],
        deliveries=registers.counts["deliveries"],
        evidence=sum(len(one.evidence) for one in ledger.incidents.values()),
        bodies=len(names),
        problems=tuple(problems),
        noted_at=marks[0] if marks else None,
        registers=registers.counts,
        unchecked={**UNCHECKED, **{name: earlier(name, n) for name, n in registers.earlier.items()}},
    )


def _of_log(log: Audit) -> Iterator[Text]:
    if log.broken is not None:
        yield say("line {seq} of the event log is missing, or not as it was written", seq=log.broken)


def _of_head(noted: str, marks: list[int]) -> Iterator[Text]:
    if noted and not marks:
        yield say("no line of the log bears the head {head}: lines were removed at its end, or rewritten", head=noted)


def _of_incidents(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    rows = tx.execute(
        """SELECT id, state, cause, key, severity, rules, opened_at, acknowledged_by, acknowledged_at, recovered_at, closed_at,
                  note, warned FROM incidents"""
    )
    there = {row[0]: row[1:] for row in rows}
    for number in sorted(there.keys() | ledger.incidents.keys()):
        told, row = ledger.incidents.get(number), there.get(number)
        if told is None or row is None:
            yield say("incident {id} stands in the log or in its table, and not in both", id=number)
            continue
        for name, logged, stored in _compared(told, row):
            yield differs("incidents", str(number), name, logged, stored)


def _compared(told: Told, row: tuple[Any, ...]) -> Iterator[tuple[str, object, object]]:
    state, cause, key, severity, rules, opened, by, acknowledged, recovered, closed, note, warned = row
    pairs: list[tuple[str, object, object]] = [
        ("state", told.state.value, state),
        ("cause", told.cause, cause),
        ("key", told.key, key),
        ("severity", told.severity.value, severity),
        ("rules", sorted(told.rules), _sorted(loaded(rules))),
        ("opened_at", told.opened_at, opened),
        ("acknowledged_by", told.by, by),
        ("acknowledged_at", told.acknowledged_at, acknowledged),
        ("recovered_at", told.recovered_at, recovered),
        ("closed_at", told.closed_at, closed),
        ("note", told.notes, loaded(note) if note else []),
        ("warned", warned if told.warned is None else told.warned, warned),
    ]
    return ((name, logged, stored) for name, logged, stored in pairs if logged != stored)


def _sorted(found: object) -> object:
    return sorted(found) if isinstance(found, list) else found


def _of_members(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    there: dict[int, set[str]] = {}
    rows = tx.execute("SELECT incident_id, target_id, joined_at, severity, rules, left_at FROM members")
    for incident, target, joined, severity, rules, left in rows:
        there.setdefault(incident, set()).add(target)
        told = ledger.incidents.get(incident)
        part = None if told is None else told.ever.get(target)
        name = f"{incident} {target}"
        if told is None or part is None:
            yield say("{table} {key}: stands in the table, and not in the log", table="members", key=name)
            continue
        stored = Part(joined, severity, loaded(rules), left)
        for column in Part.__slots__:
            logged, found = getattr(part, column), getattr(stored, column)
            if logged != found:
                yield differs("members", name, column, logged, found)
    for number, told in ledger.incidents.items():
        for target in sorted(told.ever.keys() - there.get(number, set())):
            key = f"{number} {target}"
            yield say("{table} {key}: stands in the log, and not in the table", table="members", key=key)


def _of_evidence(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    """Each row is sealed by the line it came with, in that order. What was kept before lines sealed it is left out."""
    stored: dict[int, list[tuple[str, str, int]]] = {}
    for incident, body, target, at in tx.execute("SELECT incident_id, body, target_id, at FROM evidence ORDER BY id"):
        stored.setdefault(incident, []).append((sha256_of(body), target, at))
    for number in sorted(stored.keys() | ledger.incidents.keys()):
        told, found = ledger.incidents.get(number), stored.get(number, [])
        sealed = [] if told is None else told.evidence
        older = len(found) - len(sealed)
        if found[max(older, 0) :] != sealed or older > (0 if told is None else told.unsealed):
            yield say("the evidence of incident {id} is not what its lines in the log say", id=number)


def _of_excused(tx: sqlite3.Connection, ledger: Ledger) -> Iterator[Text]:
    """Whatever is kept silent is of an incident that somebody called a false alarm."""
    for target, cause, thing, incident in tx.execute("SELECT target_id, cause, thing, incident_id FROM excused"):
        told = ledger.incidents.get(incident)
        if (
            told is None
            or told.state is not IncidentState.FALSE_ALARM
            or told.cause != cause
            or target not in told.ever
        ):
            key = f"{target} {cause} {thing}".strip()
            yield say("excused {key}: nobody called incident {id} a false alarm of it", key=key, id=incident)


def _of_rules(tx: sqlite3.Connection) -> Iterator[Text]:
    """A version is the hash of all a rule says (config/packs.py)."""
    for key, version, text in tx.execute("SELECT key, version, text FROM rules ORDER BY key, version"):
        found = loaded(text)
        told = found if isinstance(found, dict) else {}
        said = json.dumps({**told, "version": ""}, sort_keys=True, ensure_ascii=False)
        named = f"{told.get('pack')}/{told.get('id')}" == key and told.get("version") == version
        if not named or sha256(said.encode()).hexdigest()[: len(version)] != version:
            yield say("rules {key} {version}: its text is not that of this version", key=key, version=version)


def _of_lost(tx: sqlite3.Connection) -> Iterator[Text]:
    """A body goes when no snapshot names it, and never before."""
    for target, at, name in snapshots.bodiless(tx):
        yield say(
            "the page {target} showed on {at} is gone: its stored body {hash} is missing",
            target=target,
            at=iso(at),
            hash=name,
        )


def _of_bodies(tx: sqlite3.Connection, names: list[str], progress: Progress) -> Iterator[Text]:
    for n, name in enumerate(names, 1):
        try:
            snapshots.check_body(tx, name)
        except (Damaged, KeyError):
            yield say("the stored page {hash} is not what it was", hash=name)
        if n % EVERY == 0:
            progress("bodies", n)
