"""What people called a false alarm does not come back as the same trouble, and a new trouble is told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.model import Reach
from monitor.store import commands
from tests.settle.desk import COLUMN, SITE, Estate, down, opens

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def fails(estate: Estate, times: int) -> None:
    for _ in range(times):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)


async def call_false(estate: Estate, *people: str) -> None:
    number = await estate.do(lambda tx: tx.execute("SELECT MAX(id) FROM incidents").fetchone()[0])
    for who in people:
        now = estate.clock.now()
        await estate.do(partial(commands.false_alarm, now=now, by=who, incident=number, note="演练"))


async def test_an_outage_called_false_stays_so_through_all_its_days(estate: Estate) -> None:
    await fails(estate, 4)
    assert await estate.incidents() == [("outage", SITE, "open")]
    await call_false(estate, "张三", "李四")
    told = await estate.notices()
    for _ in range(33):
        await fails(estate, 1)
        await estate.pass_time(timedelta(days=1))
    assert await estate.incidents() == [("outage", SITE, "false_alarm")]
    assert await estate.notices() == told, "not a word more"


async def test_a_new_outage_after_one_called_false_is_told(estate: Estate) -> None:
    await fails(estate, 4)
    await call_false(estate, "张三", "李四")
    for _ in range(4):
        await estate.look(SITE, Reach.OPEN, opens())
        await estate.pass_time(MINUTE)
    await fails(estate, 4)
    assert await estate.incidents() == [("outage", SITE, "false_alarm"), ("outage", SITE, "open")]


async def test_a_stale_column_called_false_is_not_told_again_for_the_same_last_item(estate: Estate) -> None:
    newest = "2026-10-01"
    await estate.look(COLUMN, Reach.OPEN, opens(newest))
    assert await estate.incidents() == [("stale", COLUMN, "open")]
    severity = await estate.do(lambda tx: tx.execute("SELECT severity FROM incidents").fetchone()[0])
    await call_false(estate, *(("张三", "李四") if severity in {"veto", "serious"} else ("张三",)))
    for _ in range(5):
        await estate.pass_time(timedelta(days=1))
        await estate.look(COLUMN, Reach.OPEN, opens(newest))
    assert await estate.incidents() == [("stale", COLUMN, "false_alarm")]
