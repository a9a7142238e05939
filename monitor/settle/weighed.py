"""What incidents that are over weigh by what is filed now: judged again from their evidence, by the rules of their day.

A filing in retrospect makes them what they would have been; taken back or corrected, it makes them what they were. What people were
told stays as it was told: each change is an event with before and after. Writes `incidents`, `members` and the event log.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.clock import iso
from monitor.evidence.codec import restore
from monitor.evidence.kept import Kept, rows
from monitor.evidence.replay import Basis, decide
from monitor.model import CLOSURES, Cause, Compliance, Declaration, Facts, Rule, Severity
from monitor.settle.changed import Change
from monitor.settle.records import in_effect
from monitor.store import brought, canon, declarations, events, filed, incidents
from monitor.store.filed import Past
from monitor.store.rules import text_of

LEAST = Severity.REMIND
"""What would not have come at all stays in the ledger, and weighs no more than a reminder."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a target's part comes to: None where it would not have come. `quiet` are the rules that what was filed excuses."""

    severity: Severity | None
    quiet: frozenset[str]


def weigh_again(  # noqa: PLR0917 - of whom, what stood filed before, under which number it changed, by whom
    tx: sqlite3.Connection, target: str, before: Sequence[Declaration], number: int, by: str, now: datetime
) -> Iterator[Change]:
    """Of every incident of the target that is over and that what changed concerns."""
    after = in_effect(tx, target, now)
    differing = _differing(before, after)
    kinds = {one.kind for one in differing}
    for past in filed.over(tx, target) if differing else ():
        if not any(one.start <= past.until and (one.end or past.until) >= past.since for one in differing):
            continue
        kept = list(_judged(tx, past, target))
        if not any(kinds.intersection(rule.exempt_by) for _, rules in kept for rule in rules):
            continue
        old, new = (_weight(tx, target, past.cause, kept, each) for each in (before, after))
        if old != new:
            yield _store(tx, target, past, (old, new), number, by, now)


def _differing(before: Iterable[Declaration], after: Iterable[Declaration]) -> list[Declaration]:
    """What excuses otherwise now: a correction that leaves kind, time and fields alone excuses as before."""
    was, now = (
        {(one.kind, one.start, one.end, canon.dumps(one.fields)): one for one in each} for each in (before, after)
    )
    return [one for told, one in {**was, **now}.items() if (told in was) is not (told in now)]


def _judged(tx: sqlite3.Connection, past: Past, target: str) -> Iterator[tuple[Kept, tuple[Rule, ...]]]:
    """What decided it, with its rules as they were; what was not decided by judging, or by rules that are lost, is left out."""
    for row in rows(tx, past.incident):
        if row.target != target or row.kept is None or row.kept.decided is None:
            continue
        texts = [text_of(tx, *one) for one in row.kept.rules]
        rules = tuple(restore(Rule, canon.loads(text)) for text in texts if text is not None)
        if len(rules) == len(texts):
            yield row.kept, rules


def _weight(
    tx: sqlite3.Connection,
    target: str,
    cause: Cause,
    kept: Iterable[tuple[Kept, tuple[Rule, ...]]],
    filed_then: Sequence[Declaration],
) -> Weight:
    """The gravest it would have become, had all of that been filed in time."""
    found: list[Severity] = []
    quiet: set[str] = set()
    for one, rules in kept:
        basis = replace(one.basis, facts=_with(tx, target, one.basis, filed_then))
        again = decide(basis, rules, cause)
        quiet |= {each.rule for each in again.standings if each.value is Compliance.EXEMPT}
        assert one.decided is not None  # `_judged` gives no other
        if again.membership is None:
            continue
        as_decided = one.decided.membership is not None and again.membership.severity is one.decided.membership.severity
        wider = one.joined if as_decided else None  # a shared platform weighs more than each of its sites
        found.append((wider or again.membership).severity)
    return Weight(min(found, key=lambda severity: severity.rank, default=None), frozenset(quiet))


def _with(tx: sqlite3.Connection, target: str, basis: Basis, filed_then: Sequence[Declaration]) -> Facts:
    """What was known then, with these filed: failed visits while they were in force are no samples of the 5 %."""
    facts = basis.facts._replace(declarations=tuple(filed_then))
    if not facts.expected:
        return facts
    known = declarations.counting_at(tx, target, basis.now)
    was, then = (_failed(tx, target, each, basis.now) for each in (known, filed_then))
    moved = min(then - was, facts.failed)
    return facts._replace(failed=facts.failed - moved, excluded=facts.excluded + moved)


def _failed(tx: sqlite3.Connection, target: str, filed_then: Sequence[Declaration], then: datetime) -> int:
    closed = [(one.start, one.end or then) for one in filed_then if one.kind in CLOSURES and one.start <= then]
    return brought.failed_while_closed(tx, target, closed, then) if closed else 0


def _store(  # noqa: PLR0917 - as above
    tx: sqlite3.Connection,
    target: str,
    past: Past,
    weights: tuple[Weight, Weight],
    number: int,
    by: str,
    now: datetime,
) -> Change:
    new = weights[1]
    weighed = incidents.weigh(tx, past.incident, target, new.severity or LEAST)
    body: dict[str, object] = {
        "incident": past.incident,
        "cause": past.cause.value,
        "from": iso(past.since),
        "member": [None if one.severity is None else one.severity.value for one in weights],
        "severity": [one.value for one in weighed],
        "quiet": sorted(new.quiet),
        "stays": sorted(set(past.rules) - new.quiet) if new.severity is not None else [],
    }
    events.append(tx, now, by, "incident.judged_again", {**body, "target": target, "declaration": number})
    return Change("past_incident", body)
