"""The outbox: notices, and deliveries on their way (schema.py: notices, deliveries, delivery_notices).

Plain functions of a connection inside somebody's transaction. A delivery is claimed (which counts the attempt),
sent by others, and acknowledged under a guard; whatever happens in between, it comes back when its lease ends,
marked as maybe delivered. Writes the three tables, the pause of a channel in `meta`, and events; never sends.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, Notice, NoticeKind, Refused, Result, Retry, Sent, Severity, say
from monitor.store import canon
from monitor.store.ended import tell_end
from monitor.store.handed import GRAVITY, NOTICE, ClaimedDelivery, created_of, hand_out, notice_of

__all__ = [
    "GIVE_UP_AFTER", "MINUTE", "ClaimedDelivery", "acknowledge", "bury_old", "claim", "dead_since", "delay", "enqueue",
    "next_release_at", "release_all", "rescue", "used", "waiting",
]  # fmt: skip

MINUTE = timedelta(seconds=60)
"""The window message budgets are counted in (domain.md §7: the robots' limits are per minute)."""

PUT_OFF_AT_MOST = timedelta(minutes=61)
"""Channels name at most an hour (channels/post.py); our own waits are shorter."""

GIVE_UP_AFTER = timedelta(hours=24)


def enqueue(tx: sqlite3.Connection, notice: Notice) -> int | None:
    """Keep a notice until its time; None when its dedupe key was already there."""
    row = tx.execute(
        "INSERT INTO notices (dedupe_key, kind, incident_id, severity, created_at, release_at, facts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedupe_key) DO NOTHING RETURNING id",
        (
            notice.dedupe_key,
            notice.kind,
            notice.incident,
            notice.severity,
            to_ms(notice.created_at),
            to_ms(notice.release_at),
            canon.dumps(notice.facts),
        ),
    ).fetchone()
    return None if row is None else int(row[0])


def waiting(tx: sqlite3.Connection, now: datetime) -> list[Notice]:
    """Notices whose time has come and that are not yet deliveries, oldest first."""
    rows = tx.execute(
        f"SELECT {NOTICE} FROM notices n WHERE n.released_at IS NULL AND n.release_at <= ? ORDER BY n.id",
        (to_ms(now),),
    )
    return [notice_of(row) for row in rows]


def next_release_at(tx: sqlite3.Connection) -> datetime | None:
    """When the next waiting notice becomes a delivery."""
    # of a spoilt row at once, and never: no time of it stops those behind it
    sql = "SELECT max(0, min(min(release_at), 253402300799999)) FROM notices WHERE released_at IS NULL"
    [found] = tx.execute(sql).fetchone()
    return None if found is None else from_ms(found)


def claim(
    tx: sqlite3.Connection,
    now: datetime,
    limit: int,
    lease: timedelta,
    budgets: Mapping[str, int],
    *,
    room: Mapping[str, int] | None = None,
) -> list[ClaimedDelivery]:
    """Lease due deliveries, gravest first, at most `limit` and never more per channel and minute than its budget.

    A channel that is not in `budgets` gets nothing; `room` says how many a channel takes right now. Expired leases
    come back first, as maybe delivered. What cannot be read is set aside (handed.py).
    """
    rescue(tx, now)
    claimed: list[int] = []
    for channel, budget in sorted(budgets.items()):
        left = min(budget - used(tx, channel, now), limit - len(claimed), (room or {}).get(channel, limit))
        if left > 0 and not _paused(tx, channel, now):
            claimed += _lease(tx, channel, now, left, lease)
    handed = (hand_out(tx, delivery, now) for delivery in claimed)
    return [delivery for delivery in handed if delivery is not None]


def acknowledge(
    tx: sqlite3.Connection,
    delivery: int,
    attempt: int,
    result: Result,
    now: datetime,
    *,
    give_up_after: timedelta = GIVE_UP_AFTER,
    jitter: float = 0.0,
) -> bool:
    """Record what the channel answered; False when the delivery is no longer ours (lease lost and claimed again).

    A late Sent for a rescued delivery that nobody has taken up again still counts: the receiver has it.
    `jitter` is a random number in [0, 1) that spreads the next try.
    """
    row = tx.execute(
        "SELECT channel, created_at, state, maybe FROM deliveries WHERE id = ? AND attempt = ?"
        " AND (state = 'sending' OR (state = 'pending' AND maybe = 1 AND ?))",
        (delivery, attempt, isinstance(result, Sent)),
    ).fetchone()
    if row is None:
        return False
    channel, created_at = str(row[0]), created_of(row[1], now)
    if isinstance(result, Sent):
        _finish(tx, delivery, now, "sent", result.receipt)
    elif isinstance(result, Refused) or now - created_at >= give_up_after:
        _bury(tx, delivery, channel, result.reason, now)
    else:
        _again(tx, delivery, channel, result, now=now, wait=delay(attempt, jitter))
    return True


def delay(attempt: int, jitter: float) -> timedelta:
    """How long to wait after that many tries: 10 s, then 1, 2, 4, 8 and at most 10 min, up to a quarter more.

    From the second on never under a minute: a row remembers only its last try, and `used` counts by it.
    """
    seconds = 10.0 if attempt <= 1 else 60.0 * 2 ** min(attempt - 2, 10)
    return timedelta(seconds=min(seconds * (1 + jitter / 4), 600.0))


def used(tx: sqlite3.Connection, channel: str, now: datetime) -> int:
    """Tries made over a channel within the last minute, never too few: a second try counts its first again.

    So does a doubtful first one, because a second try that a clean stop gave back looks just like it.
    """
    tries = "coalesce(sum(CASE WHEN attempt = 2 OR (attempt = 1 AND maybe = 1) THEN 2 ELSE 1 END), 0)"
    sql = f"SELECT {tries} FROM deliveries WHERE channel = ? AND attempted_at > ? AND attempted_at <= ?"
    return int(tx.execute(sql, (channel, to_ms(now - MINUTE), to_ms(now + MINUTE))).fetchone()[0])


def rescue(tx: sqlite3.Connection, now: datetime) -> int:
    """Bring back deliveries whose lease ended without an answer: they may have arrived.

    What waits longer than anything is ever put off was put off by a clock that has been set back: it is due now.
    """
    tx.execute(
        "UPDATE deliveries SET next_attempt_at = ?1 WHERE state = 'pending' AND next_attempt_at > ?2",
        (to_ms(now), to_ms(now + PUT_OFF_AT_MOST)),
    )
    return tx.execute(
        "UPDATE deliveries SET state = 'pending', lease_until = NULL, maybe = 1, last_error = 'no answer recorded',"
        " next_attempt_at = max(?, attempted_at + 60000) WHERE state = 'sending' AND lease_until <= ?",
        (to_ms(now), to_ms(now)),
    ).rowcount


def release_all(tx: sqlite3.Connection) -> int:
    """On a clean shutdown give back what is still being sent; stopping is not the receiver's fault.

    The attempt is restored, but the message may have arrived. Next try a minute after this one, for the budget.
    """
    return tx.execute(
        "UPDATE deliveries SET state = 'pending', lease_until = NULL, maybe = 1, attempt = attempt - 1,"
        " next_attempt_at = attempted_at + 60000 WHERE state = 'sending'"
    ).rowcount


def bury_old(tx: sqlite3.Connection, now: datetime, give_up_after: timedelta, served: Iterable[str]) -> int:
    """Give up by age on what waits for a channel nobody serves any more, and after twice that time on all the rest.

    What is served gets its try first however old it is: we may have been switched off all the time.
    """
    rows = tx.execute(
        "SELECT id, channel, last_error FROM deliveries WHERE state = 'pending' AND (created_at <= ?1"
        " OR (created_at <= ?2 AND channel NOT IN (SELECT value FROM json_each(?3))))",
        (to_ms(now - 2 * give_up_after), to_ms(now - give_up_after), canon.dumps(sorted(served))),
    ).fetchall()
    for delivery, channel, reason in rows:
        _bury(tx, delivery, channel, reason or "not sent in time", now)
    return len(rows)


def dead_since(tx: sqlite3.Connection, since: datetime) -> int:
    """Deliveries given up since then: what turns health red."""
    sql = "SELECT count(*) FROM deliveries WHERE state = 'dead' AND finished_at >= ?"
    return int(tx.execute(sql, (to_ms(since),)).fetchone()[0])


def _lease(tx: sqlite3.Connection, channel: str, now: datetime, left: int, lease: timedelta) -> list[int]:
    rows = tx.execute(
        "UPDATE deliveries SET state = 'sending', attempt = attempt + 1, attempted_at = ?1, lease_until = ?2"
        " WHERE id IN (SELECT id FROM deliveries WHERE state = 'pending' AND channel = ?3 AND next_attempt_at <= ?1"
        f" ORDER BY {GRAVITY}, id LIMIT ?4) RETURNING id",
        (to_ms(now), to_ms(now + lease), channel, left),
    ).fetchall()
    return sorted(int(row[0]) for row in rows)


def _again(
    tx: sqlite3.Connection, delivery: int, channel: str, result: Retry, *, now: datetime, wait: timedelta
) -> None:
    if result.after is not None:
        wait = max(wait, timedelta(seconds=result.after))
        _pause(tx, channel, now + timedelta(seconds=result.after))
    tx.execute(
        "UPDATE deliveries SET state = 'pending', lease_until = NULL, maybe = max(maybe, ?), last_error = ?,"
        " next_attempt_at = ? WHERE id = ?",
        (int(result.maybe), result.reason, to_ms(now + wait), delivery),
    )


def _finish(tx: sqlite3.Connection, delivery: int, now: datetime, state: str, note: str) -> None:
    column = "receipt" if state == "sent" else "last_error"
    tx.execute(
        f"UPDATE deliveries SET state = ?, finished_at = ?, lease_until = NULL, {column} = ? WHERE id = ?",
        (state, to_ms(now), note, delivery),
    )
    tell_end(tx, now, delivery, state, note=note)


def _bury(tx: sqlite3.Connection, delivery: int, channel: str, reason: str, now: datetime) -> None:
    """Give up, and say on the other channels that this one fails: once until it works again."""
    _finish(tx, delivery, now, "dead", reason)
    sql = "SELECT max(finished_at) FROM deliveries WHERE channel = ? AND state = 'sent'"
    works = tx.execute(sql, (channel,)).fetchone()[0]
    why = say("messages over the channel {channel} do not arrive: {reason}", channel=channel, reason=reason)
    facts = {
        "cause": Cause.OURS,
        "key": f"channel:{channel}",
        "except_channel": channel,
        "since": to_ms(now),
        "why": {"template": why.template, "values": why.values},
    }
    key = f"channel:{channel}:after:{works or 0}"
    notice = Notice(
        id=None,
        kind=NoticeKind.OPENED,
        incident=None,
        severity=Severity.SERIOUS,
        created_at=now,
        release_at=now,
        dedupe_key=key,
        facts=facts,
    )
    enqueue(tx, notice)


def _paused(tx: sqlite3.Connection, channel: str, now: datetime) -> bool:
    row = tx.execute("SELECT value FROM meta WHERE key = ?", (f"channel.pause:{channel}",)).fetchone()
    return row is not None and to_ms(now) < int(row[0]) <= to_ms(now + PUT_OFF_AT_MOST)


def _pause(tx: sqlite3.Connection, channel: str, until: datetime) -> None:
    """The receiver named a time: everything over this channel waits, or the ban would be renewed. A longer one stays."""
    if _paused(tx, channel, until):
        return
    tx.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (f"channel.pause:{channel}", str(to_ms(until))),
    )
