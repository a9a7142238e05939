"""A filed closure is over and nobody files the return: told once it is confirmed open, and as long as nobody does."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import Declaration, DeclarationKind, Reach
from monitor.store import brought, declarations
from tests.judge.made import rule
from tests.settle.desk import SITE, Estate, down, opens, walled
from tests.settle.test_brought import under

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RETURN = rule("filed_within", "site", id="return", pack="town", what="return", severity="serious")


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    await under(estate, (RETURN,))
    yield estate
    await estate.close()


async def closed(estate: Estate) -> None:
    """Filed for six hours; it does not open for four of them, and then does."""
    start = estate.clock.now()
    paper = Declaration(
        id=0,
        kind=DeclarationKind.TEMPORARY_OFFLINE,
        target=SITE,
        start=start,
        end=start + 6 * HOUR,
        number="7号",
        filed_at=start,
    )

    def write(tx: sqlite3.Connection) -> None:
        declarations.file(tx, paper, start)
        brought.touch(tx, SITE, start)

    await estate.do(write)
    for _ in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    await estate.pass_time(4 * HOUR)
    for _ in range(3):
        await estate.look(SITE, Reach.OPEN, opens())
        await estate.pass_time(MINUTE)


async def owed(estate: Estate) -> list[tuple[str, str]]:
    return [(cause, state) for cause, _, state in await estate.incidents() if cause == "filed_within"]


async def test_it_is_told_when_it_is_confirmed_open_and_through_the_judging_that_ends_the_outage(
    estate: Estate,
) -> None:
    """Also that very judging: one that has neither the outage nor what it came to would call it kept."""
    await closed(estate)
    assert await owed(estate) == [("filed_within", "open")]
    await estate.pass_time(24 * HOUR - 4 * MINUTE)
    assert await owed(estate) == [("filed_within", "open")]
    await estate.pass_time(2 * MINUTE)
    await estate.look(SITE, Reach.OPEN, opens())
    assert await owed(estate) == [("filed_within", "open")]
    for _ in range(3):
        await estate.pass_time(6 * HOUR)
        await estate.look(SITE, Reach.OPEN, opens())
        assert await owed(estate) == [("filed_within", "open")], "and it stays"


async def test_a_wall_a_day_later_takes_nothing_back(estate: Estate) -> None:
    await closed(estate)
    await estate.pass_time(25 * HOUR)
    await estate.look(SITE, Reach.CHALLENGED, walled())
    assert await owed(estate) == [("filed_within", "open")]
    await estate.pass_time(MINUTE)
    assert await estate.due_in(SITE) > timedelta(), "it is not asked for over and over"
    await estate.look(SITE, Reach.OPEN, opens())
    assert await owed(estate) == [("filed_within", "open")]
