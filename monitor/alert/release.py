"""Waiting notices become deliveries: one row per recipient, channel and group. A step in the writer, every tick.

Reads notices whose `release_at` has passed, writes deliveries and delivery_notices, marks the notices released.
`release_at` is the pure half: how long a notice waits to be grouped. Sends nothing and composes no words.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from monitor.alert.budget import Recipient
from monitor.clock import to_ms
from monitor.model import Cause, NoticeKind, Severity
from monitor.store import outbox
from monitor.store.ended import tell_end


class AlertSettings(Protocol):
    """The part of the settings that grouping goes by."""

    @property
    def group_wait(self) -> timedelta: ...
    @property
    def group_after(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A notice that is not yet a delivery, without its facts."""

    id: int
    kind: NoticeKind
    incident: int | None
    severity: Severity
    waits: timedelta  # how long it was told to wait for others
    due: bool
    except_channel: str | None
    unreadable: bool = False


def release_at(
    kind: NoticeKind,
    cause: Cause,
    opened_recently: int,
    now: datetime,
    settings: AlertSettings,
    *,
    links_until: datetime | None = None,
) -> datetime:
    """When a notice made now may go out (DESIGN.md §5.9).

    `opened_recently` counts the notices of the same kind made within the last `group_wait`, this one included: with
    more than `group_after` they wait to become one message. Further members of an open incident always wait that
    long. A dead link waits for `links_until`, the turn of the last link of its page, which the caller bounds by one
    link cadence.
    """
    if kind in (NoticeKind.OPENED, NoticeKind.JOINED) and cause is Cause.DEAD_LINK and links_until is not None:
        return max(now, links_until)
    if kind is NoticeKind.JOINED or opened_recently > settings.group_after:
        return now + settings.group_wait
    return now


def release(tx: sqlite3.Connection, now: datetime, recipients: Sequence[Recipient], settings: AlertSettings) -> int:
    """Turn what is due into delivery rows; how many rows were made. Safe to repeat: a notice is placed once."""
    due = _due(tx, now, settings.group_wait)
    if not due:
        return 0
    made = 0
    for recipient in recipients:
        wanted = [n for n in due if recipient.wants(n.kind, n.severity) and n.except_channel != recipient.channel]
        for group in _groups(wanted, settings.group_after):
            made += _place(tx, recipient, group, now)
    ids = json.dumps([notice.id for notice in due])
    tx.execute("UPDATE notices SET released_at = ? WHERE id IN (SELECT value FROM json_each(?))", (to_ms(now), ids))
    return made


def _due(tx: sqlite3.Connection, now: datetime, wait: timedelta) -> list[_Waiting]:
    """What is due, and what waits for the same thing: short grouping waits end together, and those of an incident."""
    earliest = outbox.next_release_at(tx)
    if earliest is None or earliest > now:
        return []
    rows = _waiting(tx, now)
    pulled = {n.incident for n in rows if n.due and n.kind in _PULLS}
    held = {n.incident for n in rows if n.kind is NoticeKind.OPENED and not n.due} - pulled
    together = any(n.due and timedelta() < n.waits <= wait for n in rows)
    return [
        n
        for n in rows
        if (n.incident is not None and n.incident in pulled)
        or ((n.due or (together and n.waits <= wait)) and not (n.kind is NoticeKind.JOINED and n.incident in held))
    ]


_PULLS = (NoticeKind.WORSENED, NoticeKind.DAY, NoticeKind.RECOVERED)
"""Kinds that take along whatever still waits about their incident; a further member waits for the opening instead."""


def _waiting(tx: sqlite3.Connection, now: datetime) -> list[_Waiting]:
    rows = tx.execute(
        "SELECT id, kind, incident_id, severity, max(0, min(release_at - created_at, ?)), release_at <= ?,"
        " CASE WHEN json_valid(facts) AND incident_id IS NULL THEN json_extract(facts, '$.except_channel') END,"
        " CASE WHEN json_valid(facts) THEN json_type(facts) = 'object' ELSE 0 END"
        " FROM notices WHERE released_at IS NULL ORDER BY id",
        (_LONGEST, to_ms(now)),
    )
    return [_waiting_one(row) for row in rows]


_LONGEST = 10 * 86_400_000
"""Milliseconds; no notice waits longer, whatever a spoilt row says."""


def _waiting_one(row: tuple[int, str, int | None, str, int, int, str | None, int]) -> _Waiting:
    """What nobody can read goes alone, to everybody: it is seen and set aside when it is claimed (store/handed.py)."""
    number, kind, incident, severity, waits, due, except_channel, is_object = row
    wait = timedelta(milliseconds=waits)
    if not is_object or kind not in list(NoticeKind) or severity not in list(Severity):
        return _Waiting(number, NoticeKind.OPENED, None, Severity.VETO, wait, bool(due), None, unreadable=True)
    return _Waiting(number, NoticeKind(kind), incident, Severity(severity), wait, bool(due), except_channel)


def _groups(due: Sequence[_Waiting], group_after: int) -> list[list[_Waiting]]:
    """One group per incident, or one for all when they are many; digests and trials always stand alone."""
    alone = [[notice] for notice in due if _stands_alone(notice)]
    by_incident: dict[int, list[_Waiting]] = {}
    for notice in due:
        if not _stands_alone(notice):
            by_incident.setdefault(notice.incident or -notice.id, []).append(notice)
    groups = list(by_incident.values())
    if len(groups) > group_after:
        groups = [[notice for group in groups for notice in group]]
    return groups + alone


def _stands_alone(notice: _Waiting) -> bool:
    return notice.unreadable or notice.kind in (NoticeKind.DIGEST, NoticeKind.TEST)


def _place(tx: sqlite3.Connection, recipient: Recipient, group: Sequence[_Waiting], now: datetime) -> int:
    """Put a group into a delivery; 1 when a row was made, 0 when it was folded into one that waits."""
    gravest = min({notice.severity for notice in group}, key=lambda severity: severity.rank)
    folded = None if _stands_alone(group[0]) else _foldable(tx, recipient, now)
    delivery = folded or _new(tx, recipient, gravest, now)
    tx.execute(
        "INSERT OR IGNORE INTO delivery_notices (notice_id, recipient, channel, delivery_id)"
        " SELECT value, ?, ?, ? FROM json_each(?)",
        (recipient.id, recipient.channel, delivery, json.dumps([notice.id for notice in group])),
    )
    _supersede(tx, recipient, delivery, _recovered(group), now)
    if folded is not None:
        _raise_severity(tx, delivery, gravest)
    return int(folded is None)


def _new(tx: sqlite3.Connection, recipient: Recipient, severity: Severity, now: datetime) -> int:
    row = tx.execute(
        "INSERT INTO deliveries (recipient, channel, state, severity, created_at, next_attempt_at)"
        " VALUES (?, ?, 'pending', ?, ?, ?) RETURNING id",
        (recipient.id, recipient.channel, severity, to_ms(now), to_ms(now)),
    ).fetchone()
    return int(row[0])


def _foldable(tx: sqlite3.Connection, recipient: Recipient, now: datetime) -> int | None:
    """The newest delivery nobody has tried yet, when the channel has no budget left for one more this minute."""
    queued = tx.execute(
        "SELECT count(*) FROM deliveries WHERE channel = ? AND state = 'pending'", (recipient.channel,)
    ).fetchone()[0]
    if outbox.used(tx, recipient.channel, now) + queued < recipient.per_minute:
        return None
    row = tx.execute(
        "SELECT max(d.id) FROM deliveries d WHERE d.recipient = ? AND d.channel = ? AND d.state = 'pending'"
        " AND d.attempt = 0 AND d.maybe = 0 AND NOT EXISTS (SELECT 1 FROM delivery_notices x"
        "   JOIN notices n ON n.id = x.notice_id WHERE x.delivery_id = d.id AND n.kind IN ('digest', 'test'))",
        (recipient.id, recipient.channel),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def _recovered(group: Iterable[_Waiting]) -> list[int]:
    return [n.incident for n in group if n.kind is NoticeKind.RECOVERED and n.incident is not None]


def _supersede(
    tx: sqlite3.Connection, recipient: Recipient, delivery: int, incidents: Sequence[int], now: datetime
) -> None:
    """What was never received about an incident that is over joins its recovery: one message tells both.

    A delivery left without notices by this is superseded. One that may have arrived is left alone.
    """
    moved = 0
    for incident in incidents:
        moved += tx.execute(
            "UPDATE delivery_notices AS x SET delivery_id = ?1 WHERE x.recipient = ?2 AND x.channel = ?3"
            " AND x.delivery_id <> ?1 AND x.notice_id IN (SELECT id FROM notices WHERE incident_id = ?4) AND EXISTS"
            " (SELECT 1 FROM deliveries d WHERE d.id = x.delivery_id AND d.state = 'pending' AND d.maybe = 0)",
            (delivery, recipient.id, recipient.channel, incident),
        ).rowcount
    for left in _empty(tx, recipient) if moved else ():
        tx.execute(
            "UPDATE deliveries SET state = 'superseded', finished_at = ?, last_error = ? WHERE id = ?",
            (to_ms(now), f"told by delivery {delivery}", left),
        )
        tell_end(tx, now, left, "superseded", by=delivery)


def _empty(tx: sqlite3.Connection, recipient: Recipient) -> list[int]:
    rows = tx.execute(
        "SELECT d.id FROM deliveries d WHERE d.recipient = ? AND d.channel = ? AND d.state = 'pending'"
        " AND NOT EXISTS (SELECT 1 FROM delivery_notices x WHERE x.delivery_id = d.id)",
        (recipient.id, recipient.channel),
    )
    return [int(row[0]) for row in rows]


def _raise_severity(tx: sqlite3.Connection, delivery: int, severity: Severity) -> None:
    row = tx.execute("SELECT severity FROM deliveries WHERE id = ?", (delivery,)).fetchone()
    if severity.rank < Severity(row[0]).rank:
        tx.execute("UPDATE deliveries SET severity = ? WHERE id = ?", (severity, delivery))
