"""Everything that was ever found and told, for scoring: incidents with the instant of their first confirmed notice.

Reads incidents, members and deliveries; used by the demo and rehearsals.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from monitor.clock import from_ms
from monitor.store import canon


def every_incident(tx: sqlite3.Connection) -> list[dict[str, object]]:
    """All incidents as DESIGN.md §4.6 wants them: cause, targets, rules, opened_at, recovered_at, notified_at, severity.

    `id` beside them. Instants are those of the clock the daemon went by.
    """
    members: dict[int, list[str]] = {}
    for incident, target in tx.execute("SELECT incident_id, target_id FROM members ORDER BY joined_at, target_id"):
        members.setdefault(incident, []).append(target)
    told = dict(
        tx.execute(
            """SELECT n.incident_id, MIN(d.finished_at) FROM notices n
               JOIN delivery_notices x ON x.notice_id = n.id JOIN deliveries d ON d.id = x.delivery_id
               WHERE d.state = 'sent' AND n.incident_id IS NOT NULL GROUP BY n.incident_id"""
        ).fetchall()
    )
    rows = tx.execute("SELECT id, cause, rules, opened_at, recovered_at, severity FROM incidents ORDER BY id")
    return [
        {
            "id": number,
            "cause": cause,
            "targets": members.get(number, []),
            "rules": list(canon.load_names(rules)),
            "opened_at": _iso(opened),
            "recovered_at": _iso(recovered),
            "notified_at": _iso(told.get(number)),
            "severity": severity,
        }
        for number, cause, rules, opened, recovered, severity in rows
    ]


def known_incidents(tx: sqlite3.Connection) -> dict[int, bool]:
    """Every incident there is by now, and whether it goes on."""
    return {number: bool(goes_on) for number, goes_on in tx.execute("SELECT id, recovered_at IS NULL FROM incidents")}


@dataclass(frozen=True, slots=True)
class Sending:
    """A notice on its way to one recipient over one channel, or one nobody has been told of yet (`delivery` None).

    `state` as in the outbox, "waiting" before it came there. `due_at` is when it was to be released.
    """

    notice: int
    kind: str
    incident: int | None
    recipient: str
    channel: str
    due_at: datetime
    state: str
    finished_at: datetime | None
    delivery: int | None


def every_notice(tx: sqlite3.Connection) -> list[Sending]:
    """What became of every notice, oldest first; those nobody wanted to hear are left out."""
    rows = tx.execute(
        """SELECT n.id, n.kind, n.incident_id, coalesce(x.recipient, ''), coalesce(x.channel, ''), n.release_at,
                  coalesce(d.state, 'waiting'), d.finished_at, d.id
           FROM notices n LEFT JOIN delivery_notices x ON x.notice_id = n.id LEFT JOIN deliveries d ON d.id = x.delivery_id
           WHERE d.id IS NOT NULL OR n.released_at IS NULL ORDER BY n.id, x.recipient, x.channel"""
    )
    return [
        Sending(
            notice, kind, incident, to, channel, from_ms(due), state, None if end is None else from_ms(end), delivery
        )
        for notice, kind, incident, to, channel, due, state, end, delivery in rows
    ]


def confirmed_deliveries(tx: sqlite3.Connection) -> int:
    """How many deliveries the receivers confirmed."""
    return int(tx.execute("SELECT COUNT(*) FROM deliveries WHERE state = 'sent'").fetchone()[0])


def _iso(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else from_ms(milliseconds).isoformat()
