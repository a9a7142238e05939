"""How fast the store is: `python tests/bench/bench_store.py [targets]`. Real file, synchronous FULL, group commit, uncontended disk.

Prints claims, settles (a visit that changes nothing: finish and touch; one that changes a run), snapshots and bare writes per second.
"""

import asyncio
import hashlib
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from monitor.model import (
    Claim,
    Fetched,
    Finding,
    Page,
    Reach,
    Reading,
    Run,
    State,
    Target,
    TargetKind,
    Visited,
    ok,
    say,
)
from monitor.store import canon, findings, snapshots, targets
from monitor.store.database import Database

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BATCH = 200
READ = Reading(kind=TargetKind.SITE, state=State.READABLE, encoding="utf-8", title="门户网站", newest_date="2026-11-19")
FINDINGS = tuple(ok(check, say("opens")) for check in ("reachable", "certificate", "column_blank"))


def page(seed: int) -> bytes:
    chance = random.Random(seed)
    row = "<li><a href='/art/{}.html'>关于{}的通知</a><span>2026-11-19</span></li>\n"
    return "".join(row.format(chance.randrange(10**9), chance.randrange(10**6)) for _ in range(700)).encode()


def claim_all(tx: sqlite3.Connection, now: datetime) -> list[Claim]:
    return targets.claim(tx, now, BATCH, timedelta(minutes=10))


def settle(tx: sqlite3.Connection, claim: Claim, now: datetime, *, changes: bool) -> None:
    """What the store does for one visit: read the runs, touch or replace them, count the sample, finish."""
    runs = findings.current_runs(tx, claim.target.id)
    same = []
    for finding in FINDINGS:
        old = runs.get((finding.check, ""))
        if old is None or old.id is None or changes:
            findings.save_run(tx, claim.target.id, begin(finding, now), old)
        else:
            same.append(old.id)
    findings.touch_runs(tx, same, now)
    findings.count_sample(tx, claim.target.id, now, "good")
    body = b"body"
    fetched = Fetched(
        url=claim.target.url,
        final_url=claim.target.url,
        reach=Reach.OPEN,
        detail="",
        started_at=now,
        seconds=0.1,
        status=200,
    )
    visited = Visited(
        claim=claim,
        started_at=now,
        ended_at=now,
        reach=Reach.OPEN,
        tries=(),
        findings=FINDINGS,
        page=Page(fetched._replace(body=body), Reach.OPEN, READ),
        body_hash="0" * 64,
        normal_hash="0" * 64,
    )
    later = now + timedelta(minutes=5)
    told = targets.Settled(
        next_due_at=later,
        sample_due_at=later,
        looked_at=now,
        blind_since=None,
        blind_reason="",
        next_change_at=None,
        reading_json=canon.dumps(READ),
    )
    assert targets.finish(tx, visited, told)


def begin(finding: Finding, now: datetime) -> Run:
    return Run(finding, now, now, 1, 1, now)


def keep(tx: sqlite3.Connection, number: int, bodies: list[bytes]) -> None:
    body = bodies[number % len(bodies)] + f"<p>{number}</p>".encode()
    told = hashlib.sha256(body).hexdigest()
    fetched = Fetched(
        url="http://a/", final_url="http://a/", reach=Reach.OPEN, detail="", started_at=NOW, seconds=0.1, status=200
    )
    at = NOW + timedelta(seconds=number)
    snapshots.save(tx, f"site-{number % len(bodies)}", at, fetched, body, told, told)


async def timed(name: str, count: int, work: Callable[[], Awaitable[object]]) -> None:
    begun = time.perf_counter()
    await work()
    seconds = time.perf_counter() - begun
    print(f"{name:<44} {count / seconds:>10,.0f} /s   {seconds / count * 1e6:>8.1f} µs each")


async def claims_of(database: Database, total: int, now: datetime) -> list[Claim]:
    got: list[Claim] = []
    while len(got) < total:
        batch = await database.write(partial(claim_all, now=now))
        if not batch:
            break
        got += batch
    return got


async def run(total: int, folder: Path) -> None:
    database = Database(folder / "bench.db")
    await database.open()
    inventory: list[Target[dict[str, dict[str, object]]]] = [
        Target(id=f"site-{n:06}", kind=TargetKind.SITE, name=f"网站 {n}", url=f"http://site-{n}.example/", options={})
        for n in range(total)
    ]
    periods = dict.fromkeys(TargetKind, timedelta(minutes=5))
    await timed("inventory rows", total, lambda: database.write(lambda tx: targets.sync(tx, inventory, periods, NOW)))
    for turn, changes in enumerate((True, False, True)):
        now = NOW + timedelta(hours=turn + 1)
        claims: list[Claim] = []

        async def claim(now: datetime = now, claims: list[Claim] = claims) -> None:
            claims += await claims_of(database, total, now)

        async def settle_all(changes: bool = changes, now: datetime = now, claims: list[Claim] = claims) -> None:
            await asyncio.gather(*(database.write(partial(settle, claim=c, now=now, changes=changes)) for c in claims))

        await timed("claims", total, claim)
        await timed(f"settles ({'three new runs' if changes else 'nothing new'})", total, settle_all)
    bodies = [page(seed) for seed in range(50)]
    print(f"  a page has {len(bodies[0]):,} bytes")

    async def keep_all() -> None:
        await asyncio.gather(*(database.write(partial(keep, number=n, bodies=bodies)) for n in range(2000)))

    async def bare() -> None:
        await asyncio.gather(*(database.write(lambda tx: tx.execute("SELECT 1").fetchone()) for _ in range(20_000)))

    await timed("snapshots (a changed line of 50 pages)", 2000, keep_all)
    await timed("bare functions through the writer", 20_000, bare)
    row = await database.read(
        lambda tx: tx.execute("SELECT COUNT(*), SUM(size), SUM(length(stored)) FROM bodies").fetchone()
    )
    print(f"  {row[0]:,} bodies of {row[1] / 1e6:,.0f} MB stored in {row[2] / 1e6:,.2f} MB")
    told = database.figures
    print(
        f"  {told.functions:,} functions in {told.transactions:,} transactions, longest {told.longest_seconds * 1e3:.0f} ms"
    )
    await database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, Path(place)))
