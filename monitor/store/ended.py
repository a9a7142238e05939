"""How a delivery ended, as a line of the event log: to whom and over what it went, and which notices of which incidents it told.

Reads `deliveries`, `delivery_notices` and `notices`, once the row is as it stays; writes the line. What nobody can read is written
as far as it can be.
"""

import sqlite3
from datetime import datetime
from hashlib import sha256

from monitor.store import canon, events

COLUMNS = ("recipient", "channel", "severity", "attempt", "maybe")
"""Of the delivery, and sealed with its line; earlier programs sealed none of them."""


def tell_end(tx: sqlite3.Connection, now: datetime, delivery: int, state: str, **more: object) -> None:
    """The line. `told` is a list of [incident, sha256 over the JSON of its notices], these [number, kind, severity, made at in ms]."""
    row = tx.execute(
        """SELECT CAST(recipient AS BLOB), CAST(channel AS BLOB), CAST(severity AS BLOB), attempt, maybe
           FROM deliveries WHERE id = ?""",
        (delivery,),
    ).fetchone()
    values = [_text(part) if isinstance(part, bytes) else part for part in row]
    told = seals(tx, delivery)
    body = {
        "delivery": delivery,
        **dict(zip(COLUMNS, values, strict=True)),
        "told": told,
        "incidents": [number for number, _ in told],
        **more,
    }
    events.append(tx, now, "zhishou", f"delivery.{state}", body)


def seals(tx: sqlite3.Connection, delivery: int) -> list[list[object]]:
    """`told` of that delivery, by its notices as they are stored now."""
    told = _notices(tx, delivery)
    return [[number, sha256(canon.dumps(notices).encode()).hexdigest()] for number, notices in sorted(told.items())]


def _notices(tx: sqlite3.Connection, delivery: int) -> dict[int, list[list[object]]]:
    """By incident."""
    found: dict[int, list[list[object]]] = {}
    rows = tx.execute(
        """SELECT DISTINCT n.incident_id, n.id, CAST(n.kind AS BLOB), CAST(n.severity AS BLOB), n.created_at
           FROM delivery_notices x JOIN notices n ON n.id = x.notice_id
           WHERE x.delivery_id = ? AND n.incident_id IS NOT NULL ORDER BY n.id""",
        (delivery,),
    )
    for incident, notice, kind, severity, made in rows:
        found.setdefault(incident, []).append([notice, _text(kind), _text(severity), made])
    return found


def _text(stored: bytes) -> str:
    return stored.decode(errors="replace")
