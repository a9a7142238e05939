"""24 hours of confirmed open end an outage within the minute: by a look that found everything as it was, too."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.clock import from_ms
from monitor.model import Declaration, DeclarationKind, Reach
from monitor.pipeline import settle, sweep
from monitor.settle.again import unchanged
from monitor.store import again, brought, declarations
from tests.settle.desk import SITE, Estate, down, opens, walled
from tests.settle.test_again import Seen, _lease_again, visited_of

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = timedelta(days=1)
GOOD = Seen(opens(), Reach.OPEN, "same", 5, "now", None)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def watched(estate: Estate, seen: Seen = GOOD) -> bool:
    """One look as the daemon settles it, the short way where it may. Whether it took that."""
    now = estate.clock.now()
    await estate.do(lambda tx: sweep(tx, estate.policy, now))
    claim = await estate.do(partial(_lease_again, target=SITE, estate=estate, turn=seen.turn))
    visited = visited_of(claim, seen, estate)
    look = unchanged(visited, estate.policy, now)
    if look is not None and SITE in await estate.do(lambda tx: again.note(tx, [look])):
        return True
    await estate.do(partial(settle, visited=visited, policy=estate.policy, held=False, now=now))
    return False


async def down_and_up(estate: Estate) -> datetime:
    """Down for two hours, then up and known to be; since when."""
    for _ in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    await estate.pass_time(2 * HOUR)
    for _ in range(4):
        await watched(estate)
        await estate.pass_time(MINUTE)
    _, up_since, ended = await outage(estate)
    assert (up_since is not None, ended) == (True, None)
    return from_ms(up_since or 0)


async def outage(estate: Estate) -> tuple[int, int | None, int | None]:
    sql = "SELECT started_at, up_since, ended_at FROM outages ORDER BY id DESC LIMIT 1"
    row: tuple[int, int | None, int | None] = await estate.do(lambda tx: tx.execute(sql).fetchone())
    return row


async def file_order(estate: Estate) -> None:
    now = estate.clock.now()
    one = Declaration(
        id=0, kind=DeclarationKind.ORDERED_CLOSURE, target=SITE, start=now, number="公3号", filed_at=now,
        fields={"ordered_by": "网信办", "reason": "整改"},
    )  # fmt: skip

    def write(tx: sqlite3.Connection) -> None:
        declarations.file(tx, one, now)
        brought.touch(tx, SITE, now)

    await estate.do(write)


@pytest.mark.parametrize("filed", [False, True])
async def test_a_quiet_look_24_hours_on_ends_it(estate: Estate, filed: bool) -> None:
    if filed:
        await file_order(estate)
    up = await down_and_up(estate)
    short = 0
    while estate.clock.now() < up + DAY - 5 * MINUTE:
        short += await watched(estate)
        await estate.pass_time(5 * MINUTE)
    assert short > 200, "till then the short way is taken"
    assert (await outage(estate))[2] is None
    estate.clock.advance(up + DAY - 2 * MINUTE - estate.clock.now())
    await watched(estate)
    assert await estate.due_in(SITE) > 2 * MINUTE
    await estate.pass_time(2 * MINUTE + SECOND)
    assert await estate.due_in(SITE) == timedelta(0), "a look is made at once"
    await watched(estate)
    assert (await outage(estate))[2] == int(up.timestamp() * 1000)
    await estate.pass_time(2 * MINUTE)
    assert await watched(estate), "and then the short way again"


async def test_a_look_after_weeks_of_nobody_watching_ends_it(estate: Estate) -> None:
    up = await down_and_up(estate)
    estate.clock.advance(24 * DAY)
    await watched(estate)
    await estate.pass_time(MINUTE)
    assert (await outage(estate))[2] == int(up.timestamp() * 1000)
    stored = "SELECT value FROM standings WHERE rule LIKE '%/N-OFF-30'"
    assert await estate.do(lambda tx: tx.execute(stored).fetchall()) == [], "it is met"


async def test_what_could_not_be_seen_ends_nothing_and_the_first_good_look_does(estate: Estate) -> None:
    up = await down_and_up(estate)
    estate.clock.advance(24 * DAY)
    await watched(estate, Seen(walled(), Reach.CHALLENGED, "none", 1, "now", None))
    assert (await outage(estate))[2] is None
    await estate.pass_time(MINUTE)
    await watched(estate)
    assert (await outage(estate))[2] == int(up.timestamp() * 1000)
