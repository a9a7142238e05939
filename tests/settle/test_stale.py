"""Columns and accounts that are not updated, and those that cannot be seen."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clock import civil_day
from monitor.config.settings import RawTarget
from monitor.model import Claim, Reach, Target, TargetKind, Visited, say, unknown
from monitor.pipeline import settle
from tests.settle.desk import ACCOUNT, COLUMN, SITE, Estate, opens, posted

DAY = timedelta(days=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


def days_ago(estate: Estate, days: int) -> str:
    return (civil_day(estate.clock.now()) - timedelta(days=days)).isoformat()


async def test_a_column_is_breached_from_day_fifteen_and_only_after_a_look(estate: Estate) -> None:
    newest = days_ago(estate, 13)
    await estate.look(COLUMN, Reach.OPEN, opens(newest))
    await estate.pass_time(DAY)
    assert await estate.incidents() == []
    await estate.pass_time(DAY)
    assert await estate.incidents() == [], "the clock alone breaches nothing"
    assert await estate.due_in(COLUMN) <= timedelta(), "a look is scheduled for the limit"
    await estate.look(COLUMN, Reach.OPEN, opens(newest))
    assert await estate.incidents() == [("stale", COLUMN, "open")]
    await estate.look(COLUMN, Reach.OPEN, opens(days_ago(estate, 0)))
    assert await estate.incidents() == [("stale", COLUMN, "recovered")]
    assert await estate.notices() == ["opened", "recovered"]


async def test_warnings_are_due_standings_not_messages(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens(days_ago(estate, 9)))
    await estate.pass_time(DAY)
    sql = "SELECT value FROM standings WHERE cause = 'stale' AND target_id = ?"
    values = await estate.do(lambda tx: tx.execute(sql, (COLUMN,)).fetchall())
    assert values == [("due",)]
    assert await estate.notices() == []


async def test_the_last_warning_of_a_veto_opens_what_its_breach_worsens(estate: Estate) -> None:
    newest = days_ago(estate, 13)
    await estate.look(ACCOUNT, Reach.OPEN, posted(newest))
    assert await estate.incidents() == [("stale", ACCOUNT, "open")]
    await estate.pass_time(2 * DAY)
    await estate.look(ACCOUNT, Reach.OPEN, posted(newest))
    assert await estate.notices() == ["opened", "worsened"]
    severity = await estate.do(lambda tx: tx.execute("SELECT severity FROM incidents").fetchone()[0])
    assert severity == "veto"


async def test_a_blind_source_is_told_after_three_days_and_is_never_a_silent_account(estate: Estate) -> None:
    blind = (unknown("feed_fresh", "http_error", say("the server answers with an error")),)
    await estate.look(ACCOUNT, Reach.OPEN, posted(days_ago(estate, 5)))
    for _ in range(8):
        await estate.pass_time(timedelta(hours=12))
        await estate.look(ACCOUNT, Reach.HTTP_ERROR, blind)
    await estate.pass_time(12 * DAY)
    await estate.look(ACCOUNT, Reach.HTTP_ERROR, blind)
    assert await estate.incidents() == [("blind", ACCOUNT, "open")]
    await estate.look(ACCOUNT, Reach.OPEN, posted(days_ago(estate, 0)))
    assert await estate.incidents() == [("blind", ACCOUNT, "recovered")]


async def test_a_stale_column_that_cannot_be_read_any_more_stays_stale(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens(days_ago(estate, 20)))
    assert await estate.incidents() == [("stale", COLUMN, "open")]
    shell = (
        *opens(),
        unknown("column_fresh", "shell", say("the list is filled in by script and could not be followed")),
    )
    await estate.look(COLUMN, Reach.OPEN, shell)
    await estate.pass_time(DAY)
    assert await estate.incidents() == [("stale", COLUMN, "open")]


async def test_a_look_whose_lease_is_gone_changes_nothing(estate: Estate) -> None:
    await estate.look(SITE, Reach.OPEN, opens())
    before = await estate.do(lambda tx: list(tx.iterdump()))
    claim_lost = "UPDATE targets SET lease = NULL, lease_until = NULL"
    await estate.do(lambda tx: tx.execute(claim_lost))
    now = estate.clock.now()
    target: RawTarget = Target(id=SITE, kind=TargetKind.SITE, name="", url="http://one.example/", options={})
    claim = Claim(target, now, sample=True, period=DAY, lease="somebody else's", lease_until=now)
    visited = Visited(
        claim=claim, started_at=now, ended_at=now, reach=Reach.OPEN, tries=(), findings=opens(), page=None
    )
    assert not await estate.do(lambda tx: settle(tx, visited=visited, policy=estate.policy, held=False, now=now))
    assert await estate.do(lambda tx: list(tx.iterdump())) == before
