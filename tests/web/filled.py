"""A store as the watch leaves it, filled through the functions of monitor.store alone, and a desk that shows it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.config.settings import DeskSettings, Settings, WebSettings
from monitor.model import (
    Applies,
    Cause,
    Compliance,
    Confidence,
    Contact,
    Link,
    Membership,
    Notice,
    NoticeKind,
    Refused,
    Rule,
    Sent,
    Severity,
    Standing,
    Target,
    TargetKind,
    Text,
    say,
)
from monitor.store import heartbeat, incidents, outbox, rules, seen, standings, targets
from monitor.store.database import Database
from monitor.web.server import Desk
from monitor.web.status import Status
from tests.clock import START, FakeClock

Tx = sqlite3.Connection

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PERIODS = dict.fromkeys(TargetKind, DAY) | {TargetKind.SITE: 5 * MINUTE, TargetKind.COLUMN: HOUR}
OPENS_NOT = say("no complete answer within {seconds} s", seconds="30")
STALE = say("nothing new since {newest}, past the limit {limit}", newest="2026-11-01", limit="14d")


def target(target_id: str, kind: TargetKind = TargetKind.SITE, **other: Any) -> Target[Any]:
    values: dict[str, Any] = {
        "id": target_id,
        "kind": kind,
        "name": target_id,
        "url": f"http://{target_id}.example/",
        "owner": "市政府办公室",
        "contacts": (Contact("张三", "0751-1234567"),),
        "options": {},
        **other,
    }
    return Target(**values)


def watch(tx: Tx, *watched: Target[Any], at: datetime = START) -> None:
    """These are the targets; all have had their turn just now."""
    targets.sync(tx, watched, PERIODS, at)
    postpone_all(tx, at + DAY)


def postpone_all(tx: Tx, until: datetime) -> None:
    for (name,) in tx.execute("SELECT id FROM targets").fetchall():
        targets.postpone(tx, name, until)


def rule(key: str, **other: Any) -> Rule:
    pack, _, name = key.partition("/")
    values: dict[str, Any] = {
        "pack": pack,
        "id": name,
        "source": "政府网站发展指引 (2017)",
        "article": "第九条",
        "says": "动态类栏目至少每2周更新一次",
        "applies": Applies(TargetKind.COLUMN),
        "obligation": "updated_within",
        "severity": Severity.BREACH,
        "confidence": Confidence.VERBATIM,
        "version": "1",
        **other,
    }
    return Rule(**values)


def wrong(tx: Tx, cause: Cause, *members: str, key: str = "", at: datetime = START, **other: Any) -> int:
    """An open incident with these targets."""
    values: dict[str, Any] = {
        "cause": cause,
        "key": key or members[0],
        "severity": Severity.SERIOUS,
        "rules": (),
        "since": at - 2 * HOUR,
        "why": OPENS_NOT,
        **other,
    }
    membership = Membership(**values)
    number = incidents.open_incident(tx, membership, key=membership.key, severity=membership.severity, now=at)
    for member in members:
        incidents.join(tx, number, member, membership, at)
    return number


def falls_due(tx: Tx, name: str, until: datetime, why: Text = STALE, **other: Any) -> None:
    values: dict[str, Any] = {"rule": "house/fresh", "value": Compliance.DUE, "cause": Cause.STALE, **other}
    standings.replace(tx, name, [Standing(why=why, until=until, **values)], until, START)


def carries(tx: Tx, page: Target[Any], *addresses: str, at: datetime = START) -> list[str]:
    """The page shows these links; their target ids."""
    links = [Link(url=url, text="公告", tag="a", hidden=False, external=True) for url in addresses]
    seen.note_links(tx, page, links, at, DAY)
    return [seen.link_id(url) for url in addresses]


def message(tx: Tx, at: datetime, result: Sent | Refused | None = None) -> None:
    """A delivery: sent or refused (and buried), or still waiting."""
    number = len(outbox.waiting(tx, at)) + tx.execute("SELECT COUNT(*) FROM notices").fetchone()[0]
    notice = outbox.enqueue(
        tx,
        Notice(
            id=None,
            kind=NoticeKind.OPENED,
            incident=None,
            severity=Severity.SERIOUS,
            created_at=at,
            release_at=at,
            dedupe_key=f"test:{number}",
        ),
    )
    delivery = tx.execute(
        """INSERT INTO deliveries (recipient, channel, state, severity, created_at, next_attempt_at)
           VALUES ('duty', 'hook', 'pending', 'serious', ?1, ?1) RETURNING id""",
        (int(at.timestamp() * 1000),),
    ).fetchone()[0]
    tx.execute("INSERT INTO delivery_notices VALUES (?, 'duty', 'hook', ?)", (notice, delivery))
    if result is not None:
        (claimed,) = outbox.claim(tx, at, 1, MINUTE, {"hook": 1000})
        assert outbox.acknowledge(tx, claimed.id, claimed.attempt, result, at)


def remember(tx: Tx, *known: Rule) -> None:
    rules.remember(tx, known, START)


def beat(tx: Tx, at: datetime = START) -> None:
    heartbeat.beat(tx, at)


def settings(path: Path, **desk: Any) -> Settings:
    return Settings(desk=DeskSettings(**desk), web=WebSettings(listen="127.0.0.1:0")).model_copy(
        update={"store": Settings().store.model_copy(update={"path": path})}
    )


def working(now: datetime = START) -> Status:
    """A process that watches: its last round came through five seconds ago."""
    status = Status(started_at=now - HOUR, ready=True, last_round_at=now - 5 * SECOND, rounds=720, visits=5000)
    status.loaded_at = now - HOUR
    return status


@asynccontextmanager
async def serving(path: Path, clock: FakeClock, status: Status | None = None, **desk: Any) -> AsyncIterator[Desk]:
    """A desk on a loopback port over a new store."""
    database = Database(path)
    await database.open()
    listening = Desk(database, status or working(), settings(path, **desk), clock, read_within=1.0)
    await listening.start()
    try:
        yield listening
    finally:
        await listening.close()
        await database.close()
