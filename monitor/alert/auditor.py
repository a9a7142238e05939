"""The auditor: what should people have been told, and were they? Shares nothing with release and deliver, on purpose.

Reads incidents, members, mutes and the event log, derives who should have heard of what, and looks for a delivery row
that says so. Writes nothing. A missing one is trouble of ours: health shows it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import from_ms, to_ms
from monitor.model import Severity

GRACE = timedelta(minutes=5)
"""How long a notice may be on its way into a delivery row after its own waiting time."""

PATIENCE = timedelta(hours=25)
"""How long a delivery may be tried before it must have ended as sent, superseded or dead."""

TOLD_BY_EVENT = {
    "incident.worsened": ("worsened",),
    "incident.day": ("day",),
    "incident.joined": ("opened", "joined"),
    "incident.unwatched": ("recovered",),
}
"""Events of an incident, and the kinds of notice that tell of them."""

Listener = tuple[str, str, tuple[Severity, ...] | None]
"""Recipient, channel, and the severities it is told of (None: all). Not budget.Recipient: the auditor stands alone."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A message that should exist and does not, or that never ended."""

    incident: int
    kind: str
    since: datetime
    recipient: str
    channel: str
    why: str  # no_notice | no_delivery | never_ended


@dataclass(frozen=True, slots=True)
class _Owed:
    incident: int
    kinds: tuple[str, ...]
    at: datetime


def audit(tx: sqlite3.Connection, listeners: Sequence[Listener], since: datetime, now: datetime) -> list[Missing]:
    """What is missing of all that happened between `since` and a grace before `now`.

    `listeners` are those that were there all the time.
    """
    found: list[Missing] = []
    for owed in _owed(tx, since, now - GRACE):
        for listener in listeners:
            why = _trouble(tx, owed, listener, now)
            if why is not None:
                recipient, channel, _ = listener
                found.append(Missing(owed.incident, owed.kinds[-1], owed.at, recipient, channel, why))
    return found


def _owed(tx: sqlite3.Connection, since: datetime, until: datetime) -> Iterator[_Owed]:
    span = (to_ms(since), to_ms(until))
    for kind, column, member in (("opened", "opened_at", "joined_at"), ("recovered", "recovered_at", "left_at")):
        heard = _heard(f"i.{column}", f"m.{member} = i.{column}")
        rows = tx.execute(
            f"SELECT i.id, i.{column} FROM incidents i WHERE i.{column} BETWEEN ? AND ? AND {heard}", span
        )
        yield from (_Owed(row[0], (kind,), from_ms(row[1])) for row in rows.fetchall())
    for what, kinds in TOLD_BY_EVENT.items():
        heard = _heard("e.at", "m.target_id = json_extract(e.body, '$.target')")
        rows = tx.execute(
            "SELECT i.id, e.at FROM events e"
            " JOIN incidents i ON i.id = json_extract(e.body, '$.incident')"
            f" WHERE e.what = ? AND e.at BETWEEN ? AND ? AND {heard}",
            (what, *span),
        )
        yield from (_Owed(row[0], kinds, from_ms(row[1])) for row in rows.fetchall())


def _heard(at: str, member: str) -> str:
    """SQL: at that time somebody wanted to hear of it: a member that is no longer or not yet muted, or a platform."""
    return (
        f"(i.key LIKE 'platform:%' OR EXISTS (SELECT 1 FROM members m WHERE m.incident_id = i.id AND {member}"
        f" AND NOT EXISTS (SELECT 1 FROM mutes u WHERE u.target_id = m.target_id AND {at} BETWEEN u.at AND u.until)))"
    )


def _trouble(tx: sqlite3.Connection, owed: _Owed, listener: Listener, now: datetime) -> str | None:
    """What is wrong with the trail of one owed message; None when it was told, or may still rightly be waiting."""
    recipient, channel, severities = listener
    of_them = f"n.incident_id = ? AND n.kind IN ({', '.join(repr(kind) for kind in owed.kinds)})"
    notices = tx.execute(f"SELECT n.severity, n.release_at FROM notices n WHERE {of_them}", (owed.incident,)).fetchall()
    if not notices:
        return "no_notice"
    if severities is not None and not any(severity in severities for severity, _ in notices):
        return None
    rows = tx.execute(
        "SELECT d.state, d.created_at FROM delivery_notices x JOIN deliveries d ON d.id = x.delivery_id"
        f" JOIN notices n ON n.id = x.notice_id WHERE {of_them} AND x.recipient = ? AND x.channel = ?",
        (owed.incident, recipient, channel),
    ).fetchall()
    if any(state in ("sent", "superseded", "dead") or from_ms(made) > now - PATIENCE for state, made in rows):
        return None
    if rows:
        return "never_ended"
    return None if any(from_ms(release_at) > now - GRACE for _, release_at in notices) else "no_delivery"
