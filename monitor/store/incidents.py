"""Incidents and their members: one cause and key, the targets under it, the rules it touches, the evidence that decided.

Reads and writes `incidents`, `members`, `evidence`. A target that leaves and comes back while the incident is
open is the same member. Whether to open, join, leave or worsen is decided in `judge/`, and told to the log by `settle/`.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, IncidentState, Membership, Severity
from monitor.store import canon, events


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as it stands."""

    id: int
    cause: Cause
    key: str
    state: IncidentState
    severity: Severity
    rules: tuple[str, ...]
    warned: int
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    recovered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """A target's part in an incident; `left_at` None while it is in."""

    target: str
    membership: Membership
    joined_at: datetime
    left_at: datetime | None


def open_memberships(tx: sqlite3.Connection, target_id: str) -> list[Membership]:
    """The incidents a target is in, while they are open or acknowledged."""
    rows = tx.execute(
        """SELECT i.cause, i.key, m.severity, m.rules, m.since, m.why, i.warned, i.id
           FROM members m JOIN incidents i ON i.id = m.incident_id
           WHERE m.target_id = ? AND m.left_at IS NULL AND i.state IN ('open', 'acknowledged') ORDER BY i.id""",
        (target_id,),
    )
    return [_membership(row) for row in rows]


def find_open(tx: sqlite3.Connection, cause: Cause, key: str) -> int | None:
    """The open or acknowledged incident of that cause and key."""
    row = tx.execute(
        "SELECT id FROM incidents WHERE cause = ? AND key = ? AND state IN ('open', 'acknowledged')",
        (cause, canon.clean(key)),
    ).fetchone()
    return None if row is None else int(row[0])


def is_false_alarm_of_ours(tx: sqlite3.Connection, wanted: Membership, target_id: str) -> bool:
    """Whether somebody marked this very trouble of the monitor itself as a false alarm, unbroken since then.

    Of targets that are judged by rules judge/excused.py tells.
    """
    row = tx.execute(
        """SELECT EXISTS (SELECT 1 FROM members m JOIN incidents i ON i.id = m.incident_id
                          WHERE m.target_id = ?2 AND i.cause = ?1 AND i.state = 'false_alarm' AND m.since >= ?3 AND i.key = ?4)""",
        (wanted.cause, target_id, to_ms(wanted.since), wanted.key),
    ).fetchone()
    return bool(row[0])


def load(tx: sqlite3.Connection, incident_id: int) -> Incident:
    """One incident; KeyError when there is none."""
    row = tx.execute(
        """SELECT id, cause, key, state, severity, rules, warned, opened_at, acknowledged_at, acknowledged_by,
                  recovered_at, closed_at FROM incidents WHERE id = ?""",
        (incident_id,),
    ).fetchone()
    if row is None:
        raise KeyError(incident_id)
    number, cause, key, state, severity, rules, warned, opened, acked, by, recovered, closed = row
    return Incident(
        number, Cause(cause), key, IncidentState(state), Severity(severity), canon.load_names(rules), warned,
        from_ms(opened), _at(acked), by, _at(recovered), _at(closed),
    )  # fmt: skip


def members(tx: sqlite3.Connection, incident_id: int, *, present: bool = True) -> list[Member]:
    """The targets of an incident in the order they joined; `present` leaves out those that have left."""
    rows = tx.execute(
        """SELECT m.target_id, m.joined_at, m.left_at, i.cause, i.key, m.severity, m.rules, m.since, m.why, i.warned, i.id
           FROM members m JOIN incidents i ON i.id = m.incident_id
           WHERE i.id = ? AND (m.left_at IS NULL OR NOT ?) ORDER BY m.joined_at, m.target_id""",
        (incident_id, present),
    )
    return [Member(row[0], _membership(row[3:]), from_ms(row[1]), _at(row[2])) for row in rows]


def open_incident(tx: sqlite3.Connection, first: Membership, *, key: str, severity: Severity, now: datetime) -> int:
    """Open an incident for its first member, who still has to join. IntegrityError when that cause and key is open."""
    done = tx.execute(
        """INSERT INTO incidents (cause, key, state, severity, rules, warned, opened_at)
           VALUES (?, ?, 'open', ?, ?, ?, ?)""",
        (first.cause, canon.clean(key), severity, canon.dumps(first.rules), first.warned, to_ms(now)),
    )
    return int(done.lastrowid or 0)


def join(tx: sqlite3.Connection, incident_id: int, target_id: str, membership: Membership, at: datetime) -> None:
    """One more target under the same cause, or one that is back."""
    _write_member(tx, incident_id, target_id, membership, at)


def leave(tx: sqlite3.Connection, incident_id: int, target_id: str, at: datetime) -> int:
    """A target is fine again. Returns how many are still in: at 0 the incident can recover."""
    tx.execute(
        "UPDATE members SET left_at = ? WHERE incident_id = ? AND target_id = ? AND left_at IS NULL",
        (to_ms(at), incident_id, target_id),
    )
    row = tx.execute(
        "SELECT COUNT(*) FROM members WHERE incident_id = ? AND left_at IS NULL", (incident_id,)
    ).fetchone()
    return int(row[0])


def worsen(tx: sqlite3.Connection, incident_id: int, target_id: str, membership: Membership, at: datetime) -> None:
    """The same trouble is graver, or touches further rules."""
    _write_member(tx, incident_id, target_id, membership, at)


def reword(tx: sqlite3.Connection, incident_id: int, target_id: str, membership: Membership) -> None:
    """The same trouble in words that are true by now, and since when: a register may bring what is late for longer.

    What was told at the time stands in the event log and its evidence.
    """
    tx.execute(
        "UPDATE members SET why = ?, since = min(since, ?) WHERE incident_id = ? AND target_id = ? AND left_at IS NULL",
        (canon.dumps(membership.why), to_ms(membership.since), incident_id, target_id),
    )


def ease(tx: sqlite3.Connection, incident_id: int, target_id: str, membership: Membership, at: datetime) -> bool:
    """What was filed makes a member weigh less; whether the incident does, as grave as those still in it are. It goes on citing what it cited."""
    before = load(tx, incident_id).severity
    _write_member(tx, incident_id, target_id, membership, at)
    rows = tx.execute("SELECT severity FROM members WHERE incident_id = ? AND left_at IS NULL", (incident_id,))
    gravest = min((Severity(row[0]) for row in rows), key=lambda severity: severity.rank)
    tx.execute("UPDATE incidents SET severity = ? WHERE id = ?", (gravest, incident_id))
    return gravest is not before


def weigh(tx: sqlite3.Connection, incident_id: int, target_id: str, severity: Severity) -> tuple[Severity, Severity]:
    """What a member of an incident that is over comes to by what is filed now; what the incident weighed, and weighs."""
    before = load(tx, incident_id).severity
    sql = "UPDATE members SET severity = ? WHERE incident_id = ? AND target_id = ?"
    tx.execute(sql, (severity, incident_id, target_id))
    rows = tx.execute("SELECT severity FROM members WHERE incident_id = ?", (incident_id,))
    gravest = min((Severity(row[0]) for row in rows), key=lambda one: one.rank)
    tx.execute("UPDATE incidents SET severity = ? WHERE id = ?", (gravest, incident_id))
    return before, gravest


def warn(tx: sqlite3.Connection, incident_id: int, target_id: str, membership: Membership, at: datetime) -> None:
    """A further notice of an open incident is due (`warned` has grown): day n of an outage."""
    _write_member(tx, incident_id, target_id, membership, at)


def recover(tx: sqlite3.Connection, incident_id: int, at: datetime) -> bool:
    """Nothing of it is left. False when it was not open any more."""
    done = tx.execute(
        "UPDATE incidents SET state = 'recovered', recovered_at = ? WHERE id = ? AND state IN ('open', 'acknowledged')",
        (to_ms(at), incident_id),
    )
    return done.rowcount == 1


def unwatch(tx: sqlite3.Connection, incident_id: int, at: datetime) -> bool:
    """Nobody watches any more what is left of it: closed without having recovered. False when it was not open any more."""
    done = tx.execute(
        "UPDATE incidents SET state = 'closed', closed_at = ? WHERE id = ? AND state IN ('open', 'acknowledged')",
        (to_ms(at), incident_id),
    )
    return done.rowcount == 1


def alone_alike(tx: sqlite3.Connection, reason: str, after: datetime, before: datetime) -> list[tuple[str, int]]:
    """Sites (with their incident) that have an outage of their own, do not open for that reason, and began not to between those instants."""
    return tx.execute(
        """SELECT m.target_id, i.id FROM incidents i
           JOIN members m ON m.incident_id = i.id AND m.target_id = i.key AND m.left_at IS NULL
           JOIN targets t ON t.id = m.target_id AND t.kind = 'site' AND t.removed_at IS NULL
           JOIN runs r ON r.target_id = t.id AND r.check_name = 'reachable' AND r.subject = '' AND r.is_current = 1
           WHERE i.cause = 'outage' AND i.state IN ('open', 'acknowledged') AND r.outcome = 'fail' AND r.cause = 'outage'
             AND r.reason = ? AND r.streak_since BETWEEN ? AND ? ORDER BY i.id""",
        (reason, to_ms(after), to_ms(before)),
    ).fetchall()


def fold(tx: sqlite3.Connection, incident_id: int, into: int, at: datetime) -> None:
    """What goes on belongs to a wider incident: closed here without having recovered, which nobody is told."""
    tx.execute("UPDATE members SET left_at = ? WHERE incident_id = ? AND left_at IS NULL", (to_ms(at), incident_id))
    tx.execute("UPDATE incidents SET state = 'closed', closed_at = ? WHERE id = ?", (to_ms(at), incident_id))
    events.append(tx, at, "zhishou", "incident.folded", {"incident": incident_id, "into": into})


def add_evidence(
    tx: sqlite3.Connection, incident_id: int, target_id: str, at: datetime, body: Mapping[str, object] | str
) -> int:
    """Keep what decided: facts, heads, hashes, certificate, rule versions (DESIGN.md §5.13). Returns its id.

    `body` as a text is canonical already, and stays as it is: it may be sealed.
    """
    done = tx.execute(
        "INSERT INTO evidence (incident_id, target_id, at, body) VALUES (?, ?, ?, ?)",
        (incident_id, target_id, to_ms(at), body if isinstance(body, str) else canon.dumps(body)),
    )
    return int(done.lastrowid or 0)


def _write_member(
    tx: sqlite3.Connection, incident_id: int, target_id: str, membership: Membership, at: datetime
) -> None:
    tx.execute(
        """INSERT INTO members (incident_id, target_id, since, joined_at, severity, rules, why) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (incident_id, target_id) DO UPDATE SET
               since = CASE WHEN left_at IS NULL THEN min(since, excluded.since) ELSE excluded.since END,
               severity = excluded.severity, rules = excluded.rules, why = excluded.why, left_at = NULL""",
        (
            incident_id,
            target_id,
            to_ms(membership.since),
            to_ms(at),
            membership.severity,
            canon.dumps(membership.rules),
            canon.dumps(membership.why),
        ),
    )
    _sum_up(tx, incident_id, membership)


def _sum_up(tx: sqlite3.Connection, incident_id: int, membership: Membership) -> None:
    """The incident is as grave as its gravest member ever was, and cites every rule any of them touched."""
    row = tx.execute("SELECT severity, rules, warned FROM incidents WHERE id = ?", (incident_id,)).fetchone()
    gravest = min(Severity(row[0]), membership.severity, key=lambda severity: severity.rank)
    cited = canon.dumps(sorted({*canon.load_names(row[1]), *membership.rules}))
    warned = max(row[2], membership.warned)
    if row != (gravest, cited, warned):
        sql = "UPDATE incidents SET severity = ?, rules = ?, warned = ? WHERE id = ?"
        tx.execute(sql, (gravest, cited, warned, incident_id))


def _membership(row: Sequence[Any]) -> Membership:
    cause, key, severity, rules, since, why, warned, incident = row
    return Membership(
        Cause(cause),
        key,
        Severity(severity),
        canon.load_names(rules),
        from_ms(since),
        canon.load_text(why),
        warned,
        incident,
    )


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
