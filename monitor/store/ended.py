"""How a delivery ended, as a line of the event log: to whom and over what it went, and which notices of which incidents it told.

Reads `deliveries`, `delivery_notices` and `notices`, once the row is as it stays; writes the line. What nobody can read is written
as far as it can be.
"""

import sqlite3
from datetime import datetime

from monitor.store import events

COLUMNS = ("recipient", "channel", "severity", "attempt", "maybe")
"""Of the delivery, and sealed with its line; earlier programs sealed none of them."""


def tell_end(tx: sqlite3.Connection, now: datetime, delivery: int, state: str, **more: object) -> None:
    """The line. `told` is a list of [incident, notice, kind, severity, made at in ms]."""
    row = tx.execute(
        "SELECT CAST(recipient AS BLOB), CAST(channel AS BLOB), CAST(severity AS BLOB), attempt, maybe FROM deliveries WHERE id = ?",
        (delivery,),
    ).fetchone()
    told = [
        [incident, notice, _text(kind), _text(severity), made]
        for incident, notice, kind, severity, made in tx.execute(
            """SELECT DISTINCT n.incident_id, n.id, CAST(n.kind AS BLOB), CAST(n.severity AS BLOB), n.created_at
               FROM delivery_notices x JOIN notices n ON n.id = x.notice_id WHERE x.delivery_id = ? ORDER BY n.id""",
            (delivery,),
        )
    ]
    values = [_text(part) if isinstance(part, bytes) else part for part in row]
    about = sorted({one[0] for one in told if one[0] is not None})
    body = {"delivery": delivery, **dict(zip(COLUMNS, values, strict=True)), "told": told, "incidents": about, **more}
    events.append(tx, now, "zhishou", f"delivery.{state}", body)


def _text(stored: bytes) -> str:
    return stored.decode(errors="replace")
