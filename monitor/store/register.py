"""The register of messages (留言登记): one comes in, one is answered. Every line is an event.

Writes `messages`. It judges nothing, and asks nobody whether a class or an address is right.
"""

import sqlite3
from datetime import datetime

from monitor.clock import to_ms
from monitor.model import PublicMessage
from monitor.store import canon, events


def add_message(tx: sqlite3.Connection, one: PublicMessage, source: str, by: str, now: datetime) -> bool:
    """Take it down. False, and nothing changed, when the target's register has one of that name."""
    done = tx.execute(
        """INSERT INTO messages (target_id, id, class, received_at, answered_at, explained, source, told_at, how)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'hand') ON CONFLICT DO NOTHING""",
        (
            one.target,
            canon.clean(one.id),
            one.cls.value,
            to_ms(one.received_at),
            None if one.answered_at is None else to_ms(one.answered_at),
            int(one.explained),
            canon.clean(source),
            to_ms(now),
        ),
    )
    if done.rowcount:
        told = {"target": one.target, "message": one.id, "class": one.cls.value, "received_at": to_ms(one.received_at)}
        if one.answered_at is not None:
            told["answered_at"] = to_ms(one.answered_at)
        if one.explained:
            told["explained"] = 1
        events.append(tx, now, by, "message.received", told | {"source": source})
    return done.rowcount == 1


def answer_message(tx: sqlite3.Connection, one: PublicMessage, by: str, now: datetime) -> bool:
    """It has its answer, at its `answered_at`, whatever a public list shows. False when nobody is to tell one, or it is older than the message."""
    assert one.answered_at is not None
    name = one.target, canon.clean(one.id)
    before = tx.execute("SELECT answered_at FROM messages WHERE target_id = ? AND id = ?", name).fetchone()
    done = tx.execute(
        """UPDATE messages SET answered_at = ?1, explained = ?2, answer = 'told'
           WHERE target_id = ?3 AND id = ?4 AND (answered_at IS NULL OR answer <> 'told') AND received_at <= ?1""",
        (to_ms(one.answered_at), int(one.explained), one.target, canon.clean(one.id)),
    )
    if done.rowcount:
        told = {"target": one.target, "message": one.id, "answered_at": to_ms(one.answered_at)}
        if one.explained:
            told["explained"] = 1
        if before is not None and before[0] not in {None, told["answered_at"]}:
            told["was_read"] = before[0]  # a list told another day
        events.append(tx, now, by, "message.answered", told)
    return done.rowcount == 1
