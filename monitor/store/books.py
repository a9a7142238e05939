"""What is kept in books, page by page: events, deliveries, declarations, messages.

Read-only; every question is one statement. Pages of events go forwards by number, the others backwards from the newest.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.clock import from_ms
from monitor.model import (
    Declaration,
    DeclarationKind,
    DeliveryState,
    MessageClass,
    PublicMessage,
    Severity,
)
from monitor.store import canon, filed
from monitor.store.casebook import NEWEST
from monitor.store.events import Event

NAMED = 20
"""Incidents named with one delivery."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to one recipient over one channel. `incidents` are the first NAMED it is about."""

    id: int
    recipient: str
    channel: str
    state: DeliveryState
    severity: Severity
    created_at: datetime
    attempt: int
    maybe: bool  # an earlier try may have arrived
    attempted_at: datetime | None
    next_attempt_at: datetime
    finished_at: datetime | None
    receipt: str
    last_error: str
    notices: int
    incidents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """A declaration with what became of it. `papers` are name, bytes and sha256 of each attachment.

    `superseded_by` is who corrected or withdrew it, `corrected_by` what came in its place.
    """

    declaration: Declaration
    papers: tuple[Mapping[str, object], ...]
    corrects: int | None
    superseded_at: datetime | None
    superseded_by: str | None
    corrected_by: int | None
    withdrawn_because: str | None


@dataclass(frozen=True, slots=True)
class Entered:
    """A message of the register, from where it came and since when we know of it."""

    message: PublicMessage
    source: str
    told_at: datetime
    how: str  # import | hand | read
    answer: str  # told | read | seen: then it was answered at the latest
    title: str
    url: str


_DELIVERY = f"""d.id, d.recipient, d.channel, d.state, d.severity, d.created_at, d.attempt, d.maybe, d.attempted_at,
    d.next_attempt_at, d.finished_at, d.receipt, d.last_error,
    (SELECT COUNT(*) FROM delivery_notices c WHERE c.delivery_id = d.id),
    (SELECT json_group_array(incident_id) FROM
       (SELECT DISTINCT n.incident_id FROM delivery_notices c JOIN notices n ON n.id = c.notice_id
        WHERE c.delivery_id = d.id AND n.incident_id IS NOT NULL ORDER BY n.incident_id LIMIT {NAMED}))"""


def events(tx: sqlite3.Connection, limit: int, after: int = 0) -> list[Event]:
    """Lines of the event log numbered above `after`, the oldest first."""
    rows = tx.execute(
        "SELECT seq, at, who, what, body, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit)
    )
    return [Event(seq, from_ms(at), who, what, canon.loads(body), seal) for seq, at, who, what, body, seal in rows]


def deliveries(
    tx: sqlite3.Connection,
    limit: int,
    before: int = NEWEST,
    *,
    state: DeliveryState | None = None,
    channel: str | None = None,
) -> list[Delivery]:
    """Deliveries numbered below `before`, the newest first. In the order of their numbers: nearly all are in one state."""
    conditions, values = _told("d", state=state, channel=channel)
    rows = tx.execute(
        f"SELECT {_DELIVERY} FROM deliveries d NOT INDEXED WHERE d.id < :before{conditions} ORDER BY d.id DESC LIMIT :limit",
        values | {"before": before, "limit": limit},
    )
    return [_delivery(row) for row in rows]


def deliveries_of(tx: sqlite3.Connection, incident: int, limit: int) -> list[Delivery]:
    """What was sent, or is to be, about an incident, the newest first."""
    rows = tx.execute(
        f"""SELECT {_DELIVERY} FROM deliveries d WHERE d.id IN (
                SELECT c.delivery_id FROM notices n INDEXED BY notices_incident JOIN delivery_notices c ON c.notice_id = n.id
                WHERE n.incident_id = ?) ORDER BY d.id DESC LIMIT ?""",
        (incident, limit),
    )
    return [_delivery(row) for row in rows]


def declarations(
    tx: sqlite3.Connection,
    limit: int,
    before: int = NEWEST,
    *,
    target: str | None = None,
    kind: DeclarationKind | None = None,
    superseded: bool = True,
) -> list[Filed]:
    """Declarations numbered below `before`, the newest first; `superseded` ones too, unless they are left out."""
    conditions, values = _told("d", target_id=target, kind=kind)
    counting = "" if superseded else " AND d.superseded_at IS NULL"
    rows = tx.execute(
        f"""SELECT d.id, d.kind, d.target_id, d.start, d.end, d.number, d.who, d.filed_at, d.fields, d.attachments, d.corrects,
                   d.superseded_at, coalesce(c.who, d.withdrawn_by), c.id, d.withdrawn_because
            FROM declarations d LEFT JOIN declarations c ON c.corrects = d.id WHERE d.id < :before{conditions}{counting} ORDER BY d.id DESC LIMIT :limit""",
        values | {"before": before, "limit": limit},
    )
    return [_filed(row) for row in rows]


def ends(tx: sqlite3.Connection, found: Iterable[Filed], now: datetime) -> dict[int, datetime | None]:
    """By number, the end that what counts of them came to, or is to come to."""
    return filed.ends(tx, {one.declaration.target for one in found}, now)


def messages(
    tx: sqlite3.Connection,
    limit: int,
    after: tuple[str, int, str] = ("", -1 << 62, ""),
    *,
    target: str | None = None,
    waiting: bool = False,
) -> list[Entered]:
    """Messages of the register by target, time of receipt and number, from behind `after` on; `waiting`: the unanswered."""
    conditions, values = _told("m", target_id=target)
    place = "messages m INDEXED BY messages_waiting WHERE m.answered_at IS NULL" if waiting else "messages m WHERE 1"
    rows = tx.execute(
        f"""SELECT m.id, m.target_id, m.class, m.received_at, m.answered_at, m.explained, m.source, m.told_at,
                   m.how, m.answer, m.title, m.url FROM {place}
              AND m.target_id >= :target AND (m.target_id, m.received_at, m.id) > (:target, :received, :number){conditions}
            ORDER BY m.target_id, m.received_at, m.id LIMIT :limit""",
        values | {"target": after[0], "received": after[1], "number": after[2], "limit": limit},
    )
    return [
        Entered(PublicMessage(id=name, target=of, cls=MessageClass(cls), received_at=from_ms(at), answered_at=_at(answered),
                              explained=bool(explained)), source, from_ms(told), *rest)
        for name, of, cls, at, answered, explained, source, told, *rest in rows
    ]  # fmt: skip


def _told(table: str, **asked: object) -> tuple[str, dict[str, object]]:
    """Conditions for what is asked, and their values."""
    told = {name: wanted for name, wanted in asked.items() if wanted is not None}
    return "".join(f" AND {table}.{name} = :{name}" for name in told), told


def _delivery(row: Sequence[Any]) -> Delivery:
    number, recipient, channel, state, severity, created, attempt, maybe, tried, following, done, *rest = row
    receipt, trouble, notices, about = rest
    return Delivery(
        number, recipient, channel, DeliveryState(state), Severity(severity), from_ms(created), attempt, bool(maybe),
        _at(tried), from_ms(following), _at(done), receipt, trouble, notices, tuple(canon.loads(about)),
    )  # fmt: skip


def _filed(row: Sequence[Any]) -> Filed:
    number, kind, target, start, end, paper, who, filed_at, fields, papers, corrects, superseded, *became = row
    declaration = Declaration(
        id=number,
        kind=DeclarationKind(kind),
        target=target,
        start=from_ms(start),
        end=_at(end),
        number=paper,
        by=who,
        filed_at=from_ms(filed_at),
        fields=canon.loads(fields),
    )
    return Filed(declaration, tuple(canon.loads(papers)), corrects, _at(superseded), *became)


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
