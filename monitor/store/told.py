"""What was told of one incident: its notices, and their deliveries with the state they are in.

Reads notices, deliveries and delivery_notices; writes nothing. For explaining and proving; scoring reads found.py.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from monitor.clock import from_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A notice on its way to one recipient; `delivery` None: nobody has been told yet."""

    notice: int
    kind: str
    severity: str
    created_at: datetime
    delivery: int | None
    recipient: str
    channel: str
    state: str
    attempt: int
    maybe: bool  # an earlier try may have arrived
    finished_at: datetime | None
    receipt: str


def of_incident(tx: sqlite3.Connection, incident: int) -> list[Sent]:
    """Every notice of it with every delivery, in the order they were made."""
    rows = tx.execute(
        """SELECT n.id, n.kind, n.severity, n.created_at, d.id, coalesce(d.recipient, ''), coalesce(d.channel, ''),
                  coalesce(d.state, 'waiting'), coalesce(d.attempt, 0), coalesce(d.maybe, 0), d.finished_at,
                  coalesce(d.receipt, '')
           FROM notices n LEFT JOIN delivery_notices x ON x.notice_id = n.id LEFT JOIN deliveries d ON d.id = x.delivery_id
           WHERE n.incident_id = ? ORDER BY n.id, d.id""",
        (incident,),
    )
    return [
        Sent(
            notice=notice,
            kind=kind,
            severity=severity,
            created_at=from_ms(created),
            delivery=delivery,
            recipient=recipient,
            channel=channel,
            state=state,
            attempt=attempt,
            maybe=bool(maybe),
            finished_at=None if finished is None else from_ms(finished),
            receipt=receipt,
        )
        for (
            notice, kind, severity, created, delivery, recipient, channel, state, attempt, maybe, finished, receipt
        ) in rows
    ]  # fmt: skip
