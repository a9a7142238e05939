"""A small estate under a fake clock: looks are told by hand, everything after them is the product's own.

`Estate` holds a real store (one file), the shipped rules and one channel; `look` settles one visit as the daemon would.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from monitor.alert.release import release
from monitor.app import load_settings
from monitor.config.settings import Channel, RawTarget
from monitor.model import (
    Cause,
    Claim,
    ColumnKind,
    Fetched,
    Finding,
    Measure,
    Page,
    Reach,
    ReadLetters,
    Target,
    TargetKind,
    Try,
    Visited,
    fail,
    ok,
    say,
    unknown,
)
from monitor.pipeline import settle, sweep
from monitor.settle.policy import policy_of
from monitor.store import rules, targets
from monitor.store.database import Database
from tests.clock import FakeClock

T = TypeVar("T")

SITE = "site-1"
COLUMN = "site-1/column-1"
ACCOUNT = "account-1"


def a_target(name: str, kind: TargetKind, url: str, **more: object) -> RawTarget:
    return Target(id=name, kind=kind, name=f"名称 {name}", url=url, options={}, owner="某局", **more)  # type: ignore[arg-type]


INVENTORY = (
    a_target(SITE, TargetKind.SITE, "http://one.example/"),
    a_target(COLUMN, TargetKind.COLUMN, "http://one.example/news/", site=SITE, column=ColumnKind.DYNAMIC),
    a_target(ACCOUNT, TargetKind.ACCOUNT, "http://feeds.example/1"),
    *(a_target(f"site-{n}", TargetKind.SITE, f"http://s{n}.example/") for n in range(2, 12)),
)


class Estate:
    """Open with `await Estate.open(folder)`; `close` when done."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        settings = load_settings(None)
        told = (Channel(id="duty", url=SecretStr("console://")),)
        self.policy = policy_of(settings.model_copy(update={"targets": INVENTORY, "channels": told}))

    @classmethod
    async def open(cls, folder: Path) -> "Estate":
        database = Database(folder / "zhishou.db", inline=True)
        await database.open()
        estate = cls(database, FakeClock())
        now = estate.clock.now()
        await estate.do(lambda tx: targets.sync(tx, INVENTORY, estate.policy.periods, now))
        await estate.do(lambda tx: rules.remember(tx, estate.policy.rules.values(), now))
        return estate

    async def close(self) -> None:
        await self.database.close()

    async def do(self, function: Callable[[sqlite3.Connection], T]) -> T:
        return await self.database.write(function)

    async def look(
        self,
        target: str,
        reach: Reach,
        findings: Sequence[Finding],
        *,
        held: bool = False,
        sample: bool = True,
        letters: ReadLetters | None = None,
    ) -> bool:
        """One visit of that target, now, that brought home these findings."""
        now = self.clock.now()
        claim = await self.do(partial(_lease, target=target, now=now, sample=sample))
        fetched = Fetched(
            url=claim.target.url, final_url=claim.target.url, reach=reach, detail="", started_at=now, seconds=0.2
        )
        visited = Visited(
            claim=claim,
            started_at=now,
            ended_at=now,
            reach=reach,
            tries=(Try(now, reach, None, 0.2),),
            findings=tuple(findings),
            page=Page(fetched, reach, None),
            letters=letters,
        )
        done = partial(settle, visited=visited, policy=self.policy, held=held, now=now)
        return await self.do(done) is not None

    async def pass_time(self, length: timedelta) -> None:
        """Let time pass and judge what it alone changes, as the rounds do."""
        self.clock.advance(length)
        now = self.clock.now()
        await self.do(lambda tx: sweep(tx, self.policy, now))
        await self.do(lambda tx: release(tx, now, self.policy.recipients, self.policy.settings.alert))

    async def incidents(self) -> list[tuple[str, str, str]]:
        """Cause, key and state of every incident, oldest first."""
        return await self.do(lambda tx: tx.execute("SELECT cause, key, state FROM incidents ORDER BY id").fetchall())

    async def notices(self) -> list[str]:
        """The kinds of all notices, oldest first."""
        rows = await self.do(lambda tx: tx.execute("SELECT kind FROM notices ORDER BY id").fetchall())
        return [row[0] for row in rows]

    async def due_in(self, target: str) -> timedelta:
        """When the target is looked at next, from now."""
        sql = "SELECT next_due_at FROM targets WHERE id = ?"
        milliseconds = await self.do(lambda tx: tx.execute(sql, (target,)).fetchone()[0])
        return timedelta(milliseconds=milliseconds) - timedelta(milliseconds=int(self.clock.now().timestamp() * 1000))


def _lease(tx: sqlite3.Connection, *, target: str, now: datetime, sample: bool) -> Claim:
    """Claim just that one, as if it alone were due."""
    tx.execute("UPDATE targets SET next_due_at = next_due_at + 1000000000000 WHERE id <> ?", (target,))
    tx.execute("UPDATE targets SET next_due_at = 0, lease = NULL, lease_until = NULL WHERE id = ?", (target,))
    if sample:
        tx.execute("UPDATE targets SET sample_due_at = 0 WHERE id = ?", (target,))
    (claim,) = targets.claim(tx, now, 1, timedelta(minutes=5))
    tx.execute("UPDATE targets SET next_due_at = next_due_at - 1000000000000 WHERE id <> ?", (target,))
    return claim


def opens(newest: str | None = None) -> tuple[Finding, ...]:
    """A page that answers; with its newest date when it has one."""
    fine = ok("reachable", say("opens in {seconds} s", seconds="0.2"))
    if newest is None:
        return (fine,)
    return (fine, ok("column_fresh", say("newest item of {day}", day=newest), Measure("newest", newest, "date")))


def down(reason: str = "connect") -> tuple[Finding, ...]:
    """A site that does not open."""
    return (fail("reachable", Cause.OUTAGE, reason, say("the server does not accept connections")),)


def walled() -> tuple[Finding, ...]:
    """A site that is alive but refuses programs."""
    return (unknown("reachable", "challenged", say("alive, but refuses programs: cannot be judged")),)


def posted(day: str) -> tuple[Finding, ...]:
    """An account whose newest post is of that day."""
    return (ok("feed_fresh", say("newest post of {day}", day=day), Measure("newest", day, "date")),)
