"""Incidents as a book one turns the pages of, over or not: by what one looks for, each with its targets and messages.

Read-only. Pages go backwards by number; every question is one statement, and costs what is turned over, never a whole table in
one answer.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, IncidentState, Severity, TargetKind, Text
from monitor.store import canon
from monitor.store.wrong import TargetLine, Wrong, called

NEWEST = (1 << 63) - 1
"""A number no incident, line or delivery reaches: where pages that go backwards begin."""


GOING_ON = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one looks for; what is empty or None is not asked for. `target` is or was a member."""

    states: tuple[IncidentState, ...] = ()
    causes: tuple[Cause, ...] = ()
    severities: tuple[Severity, ...] = ()
    target: str | None = None
    since: datetime | None = None  # opened then or later


@dataclass(frozen=True, slots=True)
class Case:
    """An incident. Of one that is over, `wrong.members` counts those that were in it, and its targets are the first of them."""

    wrong: Wrong
    recovered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A target's part in an incident; `left_at` None while it is in."""

    target: str
    kind: TargetKind | None
    name: str
    url: str
    owner: str
    since: datetime
    joined_at: datetime
    left_at: datetime | None
    severity: Severity
    rules: tuple[str, ...]
    why: Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """What decided, as it was kept."""

    target: str
    at: datetime
    body: Mapping[str, object]


def cases(
    tx: sqlite3.Connection,
    wanted: Wanted,
    limit: int,
    before: int = NEWEST,
    *,
    lines: int = 5,
    number: int | None = None,
) -> list[Case]:
    """Incidents numbered below `before`, newest first; `number`: that one alone. Two statements."""
    asked, values = _asked(wanted, number)
    rows = tx.execute(
        f"""SELECT i.id, i.cause, i.key, i.state, i.severity, i.rules, i.opened_at, i.acknowledged_by, i.acknowledged_at,
                  i.recovered_at, i.closed_at,
                  (SELECT COUNT(*) FROM members m WHERE m.incident_id = i.id
                   AND (m.left_at IS NULL OR i.state NOT IN ('open', 'acknowledged'))),
                  (SELECT MIN(since) FROM members m WHERE m.incident_id = i.id
                   AND (m.left_at IS NULL OR i.state NOT IN ('open', 'acknowledged')))
           FROM incidents i WHERE i.id < :before{asked} ORDER BY i.id DESC LIMIT :limit""",
        values | {"before": before, "limit": limit},
    ).fetchall()
    named = _lines(tx, [row[0] for row in rows], lines)
    return [_case(row, named.get(row[0], ())) for row in rows]


def parts(tx: sqlite3.Connection, incident: int, limit: int, after: str = "") -> list[Part]:
    """The targets that are or were in it, by id from behind `after` on."""
    rows = tx.execute(
        """SELECT m.target_id, t.kind, t.name, h.name, t.url, t.owner, m.since, m.joined_at, m.left_at, m.severity, m.rules, m.why
           FROM members m LEFT JOIN targets t ON t.id = m.target_id LEFT JOIN targets h ON h.id = t.site AND t.kind <> 'link'
           WHERE m.incident_id = ? AND m.target_id > ? ORDER BY m.target_id LIMIT ?""",
        (incident, after, limit),
    )
    return [
        Part(target, None if kind is None else TargetKind(kind), called(name or target, site), url or "", owner or "",
             from_ms(since), from_ms(joined), _at(left), Severity(severity), canon.load_names(cited), canon.load_text(why))
        for target, kind, name, site, url, owner, since, joined, left, severity, cited, why in rows
    ]  # fmt: skip


def evidence(tx: sqlite3.Connection, incident: int, limit: int) -> list[Evidence]:
    """What decided it, the newest first."""
    rows = tx.execute(
        "SELECT target_id, at, body FROM evidence WHERE incident_id = ? ORDER BY at DESC, id DESC LIMIT ?",
        (incident, limit),
    )
    return [Evidence(target, from_ms(at), canon.loads(body)) for target, at, body in rows]


def _asked(wanted: Wanted, number: int | None) -> tuple[str, dict[str, object]]:
    """The conditions, and their values by name."""
    asked: dict[str, tuple[str, object]] = {
        "number": ("i.id = :number", number),
        "states": ("i.state IN (SELECT value FROM json_each(:states))", _words(wanted.states)),
        "causes": ("i.cause IN (SELECT value FROM json_each(:causes))", _words(wanted.causes)),
        "severities": ("i.severity IN (SELECT value FROM json_each(:severities))", _words(wanted.severities)),
        "target": ("i.id IN (SELECT incident_id FROM members WHERE target_id = :target)", wanted.target),
        "since": ("i.opened_at >= :since", None if wanted.since is None else to_ms(wanted.since)),
    }
    told = {name: (condition, value) for name, (condition, value) in asked.items() if value is not None}
    conditions = "".join(f" AND {condition}" for condition, _ in told.values())
    return conditions, {name: value for name, (_, value) in told.items()}


def _words(one_of: Sequence[str]) -> str | None:
    return canon.dumps([str(one) for one in one_of]) if one_of else None


def _lines(tx: sqlite3.Connection, incidents: Sequence[int], at_most: int) -> dict[int, list[TargetLine]]:
    """The first targets of each: those still in it before others, longest in trouble first. `near` as in wrong.py."""
    rows = tx.execute(
        """SELECT incident, member, t.kind, t.name, h.name, t.url, t.owner, began, because, u.until,
                  (SELECT MIN(s.value = 'due') FROM json_each(cited) r
                   JOIN standings s ON s.target_id = member AND s.rule = r.value)
           FROM (SELECT incident_id AS incident, target_id AS member, since AS began, why AS because, rules AS cited,
                        ROW_NUMBER() OVER (PARTITION BY incident_id ORDER BY left_at IS NOT NULL, since, target_id) AS place
                 FROM members WHERE incident_id IN (SELECT value FROM json_each(?)))
           LEFT JOIN targets t ON t.id = member LEFT JOIN targets h ON h.id = t.site AND t.kind <> 'link'
           LEFT JOIN mutes u ON u.target_id = member WHERE place <= ? ORDER BY incident, place""",
        (canon.dumps(incidents), at_most),
    )
    found: dict[int, list[TargetLine]] = {}
    for incident, target, kind, name, site, url, owner, since, why, muted, near in rows:
        line = TargetLine(
            id=target,
            kind=None if kind is None else TargetKind(kind),
            name=called(name or target, site),
            url=url or "",
            owner=owner or "",
            since=from_ms(since),
            why=canon.load_text(why),
            muted_until=_at(muted),
            near=bool(near),
        )
        found.setdefault(incident, []).append(line)
    return found


def _case(row: Sequence[object], targets: Sequence[TargetLine]) -> Case:
    number, cause, key, state, severity, cited, opened, by, taken, recovered, closed, count, since = row
    assert isinstance(number, int)
    assert isinstance(opened, int)
    assert isinstance(count, int)
    wrong = Wrong(
        id=number,
        cause=Cause(str(cause)),
        key=str(key),
        state=IncidentState(str(state)),
        severity=Severity(str(severity)),
        rules=canon.load_names(str(cited)),
        since=from_ms(since if isinstance(since, int) else opened),
        opened_at=from_ms(opened),
        acknowledged_by=None if by is None else str(by),
        members=count,
        targets=tuple(targets),
        acknowledged_at=_at(taken),
    )
    return Case(wrong, _at(recovered), _at(closed))


def _at(milliseconds: object) -> datetime | None:
    return from_ms(milliseconds) if isinstance(milliseconds, int) else None
