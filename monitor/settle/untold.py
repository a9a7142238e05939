"""The end of "our own network is down" that is no recovery: the reference hosts can no longer tell.

Somebody emptied or changed them, or none of them has answered for so long that its silence proves nothing (observe/reference.py).
Verdicts are given again; the incident is closed as no longer judged, and who was told of it is told that.
"""

import sqlite3
from datetime import datetime

from monitor.clock import to_ms
from monitor.judge.runs import advance
from monitor.model import Cause, Membership, Notice, NoticeKind, say, unknown
from monitor.store import events, findings, incidents, outbox
from monitor.store.known import OURS


def uplink_untold(tx: sqlite3.Connection, now: datetime) -> None:
    """Whether our own network is down cannot be told any more."""
    before = findings.current_run(tx, OURS, "uplink", "")
    if before is None:
        return
    words = say("the reference hosts can no longer tell whether our own network is down")
    run = advance(before, unknown("uplink", "untold", words), now)
    findings.save_run(tx, OURS, run, closes=before if run.id is None else None)
    for left in incidents.open_memberships(tx, OURS):
        if left.key == "uplink" and left.incident is not None:
            _end(tx, left, left.incident, now)


def _end(tx: sqlite3.Connection, left: Membership, incident: int, now: datetime) -> None:
    incidents.leave(tx, incident, OURS, now)
    if not incidents.unwatch(tx, incident, now):
        return
    body = {"incident": incident, "target": OURS, "cause": left.cause, "key": left.key, "since": to_ms(left.since)}
    events.append(tx, now, "zhishou", "incident.unwatched", body)
    facts: dict[str, object] = {
        "cause": Cause.OURS.value,
        "key": left.key,
        "since": to_ms(left.since),
        "ended_at": to_ms(now),
        "removed": True,
    }
    notice = Notice(
        id=None,
        kind=NoticeKind.RECOVERED,
        incident=incident,
        severity=left.severity,
        created_at=now,
        release_at=now,
        dedupe_key=f"{incident}:untold:{to_ms(now)}",
        facts=facts,
    )
    outbox.enqueue(tx, notice)
