"""Deliveries as they are handed out to be sent: a leased row with the facts of its notices.

What nobody can read (a damaged row, a hand at the database) is set aside as `dead` with its reason, so that it holds up nothing
behind it. Reads and writes `deliveries`, `delivery_notices`, reads `notices`; adds an event for what it sets aside.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import Notice, NoticeKind, Severity
from monitor.store import canon
from monitor.store.ended import tell_end

INCIDENTS_LOADED, NOTICES_LOADED = 40, 200
"""Of one delivery whose facts are loaded: more than a message can name; the rest is counted."""

GRAVITY = "CASE severity WHEN 'veto' THEN 0 WHEN 'serious' THEN 1 WHEN 'breach' THEN 2 ELSE 3 END"
UNREADABLE, NOTHING = "the notice cannot be read", "there is no notice to send"

NOTICE = "n.id, n.kind, n.incident_id, n.severity, n.created_at, n.release_at, n.dedupe_key, CAST(n.facts AS BLOB)"
"""The columns `notice_of` takes; facts as bytes, since SQLite holds text that is no UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDelivery:
    """A delivery leased to us. `attempt` is the token acknowledge must show; `notices` the gravest."""

    id: int
    recipient: str
    channel: str
    severity: Severity
    created_at: datetime
    attempt: int
    maybe: bool  # an earlier try may have arrived
    notices: tuple[Notice, ...]
    total: int  # incidents it is about
    recovered: int  # of these, over
    joined: int  # notices of further members


def hand_out(tx: sqlite3.Connection, delivery: int, now: datetime) -> ClaimedDelivery | None:
    """A delivery that has just been leased; None when there is nothing in it that could be told, and it is `dead` now."""
    notices, unreadable = _load(tx, delivery)
    if not notices:
        _set_aside(tx, delivery, UNREADABLE if unreadable else NOTHING, now)
        return None
    if unreadable:
        _split_off(tx, delivery, unreadable, now)
    return _claimed(tx, delivery, notices)


def notice_of(row: Sequence[Any]) -> Notice:
    """A row of NOTICE. Raises ValueError or OverflowError when it is none."""
    facts = canon.loads(row[7])
    if not isinstance(facts, dict):
        raise ValueError("facts are no object")  # noqa: TRY004 - as for any other row that is none
    return Notice(
        id=row[0],
        kind=NoticeKind(row[1]),
        incident=row[2],
        severity=Severity(row[3]),
        created_at=from_ms(row[4]),
        release_at=from_ms(row[5]),
        dedupe_key=row[6],
        facts=facts,
    )


def _load(tx: sqlite3.Connection, delivery: int) -> tuple[list[Notice], list[int]]:
    """The gravest notices that can be read, as many as a message can name, and the ids of those met that cannot."""
    unreadable: list[int] = []
    while True:
        rows = tx.execute(
            f"WITH mine AS (SELECT n.*, coalesce(n.incident_id, -n.id) AS about FROM delivery_notices d"
            "   JOIN notices n ON n.id = d.notice_id WHERE d.delivery_id = ?"
            "   AND n.id NOT IN (SELECT value FROM json_each(?)))"
            f" SELECT {NOTICE} FROM mine n WHERE about IN"
            f"   (SELECT about FROM mine GROUP BY about ORDER BY min({GRAVITY}), min(id) LIMIT ?)"
            f" ORDER BY kind = 'joined', {GRAVITY}, id LIMIT ?",
            (delivery, canon.dumps(unreadable), INCIDENTS_LOADED, NOTICES_LOADED),
        ).fetchall()
        notices, before = [], len(unreadable)
        for row in rows:
            try:
                notices.append(notice_of(row))
            except (ValueError, OverflowError):
                unreadable.append(row[0])
        if len(unreadable) == before:
            return notices, unreadable


def _claimed(tx: sqlite3.Connection, delivery: int, notices: Sequence[Notice]) -> ClaimedDelivery:
    recipient, channel, severity, created_at, attempt, maybe = tx.execute(
        "SELECT recipient, channel, severity, created_at, attempt, maybe FROM deliveries WHERE id = ?", (delivery,)
    ).fetchone()
    total, recovered, joined = tx.execute(
        "SELECT count(DISTINCT coalesce(n.incident_id, -n.id)),"
        " count(DISTINCT CASE n.kind WHEN 'recovered' THEN n.incident_id END), sum(n.kind = 'joined')"
        " FROM delivery_notices d JOIN notices n ON n.id = d.notice_id WHERE d.delivery_id = ?",
        (delivery,),
    ).fetchone()
    gravest = min((notice.severity for notice in notices), key=lambda each: each.rank)
    return ClaimedDelivery(
        id=delivery,
        recipient=recipient,
        channel=channel,
        severity=Severity(severity) if severity in list(Severity) else gravest,
        created_at=created_of(created_at, min(notice.created_at for notice in notices)),
        attempt=attempt,
        maybe=bool(maybe),
        notices=tuple(notices),
        total=total,
        recovered=recovered,
        joined=joined or 0,
    )


def created_of(milliseconds: int, otherwise: datetime) -> datetime:
    """When a delivery was made; of a spoilt row something that can be reckoned with."""
    try:
        return from_ms(milliseconds)
    except (ValueError, OverflowError):
        return otherwise


def _set_aside(tx: sqlite3.Connection, delivery: int, reason: str, now: datetime) -> None:
    """Nothing was tried, so no budget is used and no channel is to blame; people see it as given up."""
    tx.execute(
        "UPDATE deliveries SET state = 'dead', finished_at = ?, lease_until = NULL, last_error = ?, attempt = attempt - 1,"
        " attempted_at = NULL WHERE id = ?",
        (to_ms(now), reason, delivery),
    )
    tell_end(tx, now, delivery, "dead", note=reason)


def _split_off(tx: sqlite3.Connection, delivery: int, unreadable: Sequence[int], now: datetime) -> None:
    """A dead delivery of their own for the notices that cannot be read, so that the others arrive."""
    row = tx.execute(
        "INSERT INTO deliveries (recipient, channel, state, severity, created_at, next_attempt_at, finished_at, last_error)"
        " SELECT recipient, channel, 'dead', severity, created_at, ?1, ?1, ?2 FROM deliveries WHERE id = ?3 RETURNING id",
        (to_ms(now), UNREADABLE, delivery),
    ).fetchone()
    tx.execute(
        "UPDATE delivery_notices SET delivery_id = ? WHERE delivery_id = ?"
        " AND notice_id IN (SELECT value FROM json_each(?))",
        (row[0], delivery, canon.dumps(unreadable)),
    )
    tell_end(tx, now, row[0], "dead", note=UNREADABLE)
