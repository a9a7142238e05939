"""Targets, visits, memberships and open stores for the tests of the store, with all that does not matter filled in."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.model import (
    Cause,
    Claim,
    Fetched,
    Finding,
    Membership,
    Page,
    Reach,
    Reading,
    Run,
    Severity,
    State,
    Target,
    TargetKind,
    Visited,
    fail,
    ok,
    say,
)
from monitor.store import targets
from monitor.store.opening import open_writer
from monitor.store.targets import Settled

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Friday
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PERIODS = {
    TargetKind.SITE: 5 * MINUTE,
    TargetKind.COLUMN: HOUR,
    TargetKind.ACCOUNT: HOUR,
    TargetKind.PAGE: DAY,
    TargetKind.LINK: DAY,
}
LEASE = 10 * MINUTE


@contextmanager
def store(path: str | Path = ":memory:") -> Iterator[sqlite3.Connection]:
    """A migrated database on its writing connection, without the threads."""
    connection = open_writer(str(path), synchronous="OFF")
    try:
        yield connection
    finally:
        connection.close()


def site(name: str = "site-1", **other: Any) -> Target[Any]:
    values = {"kind": TargetKind.SITE, "name": name, "url": f"http://{name}.example/", "options": {}, **other}
    return Target(id=name, **values)


def column(name: str, **other: Any) -> Target[Any]:
    return site(name, kind=TargetKind.COLUMN, site="site-1", **other)


def with_targets(tx: sqlite3.Connection, *made: Target[Any], now: datetime = NOON) -> None:
    targets.sync(tx, made, PERIODS, now)


def all_due(tx: sqlite3.Connection, at: datetime = NOON) -> None:
    """Everything is due at that instant, in the order of ids."""
    ms = int(at.timestamp() * 1000)
    tx.execute("UPDATE targets SET next_due_at = ?, sample_due_at = ?", (ms, ms))


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def reading(**other: Any) -> Reading:
    return Reading(kind=TargetKind.SITE, state=State.READABLE, encoding="utf-8", title="门户网站", **other)


def fetched(body: bytes = b"<html>", *, at: datetime = NOON, **other: Any) -> Fetched:
    url = "http://site-1.example/"
    values = {"reach": Reach.OPEN, "detail": "", "seconds": 0.2, "status": 200, "body": body, **other}
    return Fetched(url=url, final_url=url, started_at=at, **values)


def visited(claim: Claim, *, at: datetime = NOON, page: Page | None = None, body: bytes | None = None) -> Visited:
    return Visited(
        claim=claim,
        started_at=at,
        ended_at=at + SECOND,
        reach=Reach.OPEN,
        tries=(),
        findings=(),
        page=page,
        body_hash=None if body is None else sha(body),
        normal_hash=None if body is None else sha(body),
    )


def settled(at: datetime = NOON, **other: Any) -> Settled:
    values: dict[str, Any] = {
        "next_due_at": at + 5 * MINUTE,
        "sample_due_at": at + 5 * MINUTE,
        "looked_at": at,
        "blind_since": None,
        "blind_reason": "",
        "next_change_at": None,
        **other,
    }
    return Settled(**values)


def good(check: str = "reachable") -> Finding:
    return ok(check, say("opens"))


def bad(check: str = "reachable", reason: str = "timeout", cause: Cause = Cause.OUTAGE, subject: str = "") -> Finding:
    return fail(check, cause, reason, say("does not open: {why}", why=reason))._replace(subject=subject)


def run(finding: Finding, at: datetime = NOON, **other: Any) -> Run:
    values: dict[str, Any] = {"last_at": at, "looks": 1, "streak": 1, "streak_since": at, **other}
    return Run(finding, at, **values)


def membership(**other: Any) -> Membership:
    values: dict[str, Any] = {
        "cause": Cause.OUTAGE,
        "key": "site-1",
        "severity": Severity.BREACH,
        "rules": ("house/reachable",),
        "since": NOON,
        "why": say("does not open"),
        **other,
    }
    return Membership(**values)


def put(name: str) -> Callable[[sqlite3.Connection], str]:
    def write(tx: sqlite3.Connection) -> str:
        tx.execute("INSERT INTO meta (key, value) VALUES (?, '')", (name,))
        return name

    return write


def keys(tx: sqlite3.Connection) -> list[str]:
    return [row[0] for row in tx.execute("SELECT key FROM meta ORDER BY key")]
