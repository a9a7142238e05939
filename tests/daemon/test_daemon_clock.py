"""The machine's clock is set under a running daemon: noticed at the next turn, told once, over after an hour; never by drift."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import SystemClock, to_ms
from monitor.hands import NOTICED, Hands, set_by
from monitor.jobs import entries
from monitor.judge.runs import advance
from monitor.model import TargetKind, ok, say
from monitor.pipeline import Watch
from monitor.plan.calendar import Calendar, daily, hourly
from monitor.settle.clock import ASKED_AGAIN, is_doubted
from monitor.store import targets
from monitor.store.database import Database, StoreError
from monitor.store.findings import save_run
from monitor.timekeeper import STEADY, Timekeeper
from monitor.web.status import Status
from tests.clock import START, FakeClock
from tests.daemon.inside import Inside, inside, until, write
from tests.daemon.slow_server import SlowServer
from tests.web.filled import target

HERE = '[guard]\nallow = ["127.0.0.0/8"]\n'
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = target("page", TargetKind.PAGE)
JUMPS = [-2 * HOUR, 3 * HOUR, 3 * DAY, 400 * DAY, -40 * DAY]
OURS = "SELECT key, state FROM incidents WHERE cause = 'ours'"
OF_RECORDS = "SELECT cause FROM incidents WHERE cause <> 'ours'"


@asynccontextmanager
async def watching(folder: Path, pages: dict[str, str] | None = None) -> AsyncIterator[tuple[Inside, FakeClock]]:
    config = await asyncio.to_thread(write, folder, HERE, pages)
    clock = FakeClock()
    async with inside(config, clock) as running:
        yield running, clock


async def turned(running: Inside, clock: FakeClock, times: int = 2) -> None:
    """The rounds have come round so often, a second at a time."""
    wanted = running.daemon.status.rounds + times
    async with asyncio.timeout(60):
        while running.daemon.status.rounds < wanted:
            clock.advance(1.0)
            await asyncio.sleep(0.005)


async def past_an_hour(running: Inside, clock: FakeClock) -> None:
    clock.advance(STEADY)
    await turned(running, clock, 3)


@pytest.mark.parametrize("by", JUMPS)
async def test_it_is_told_once_and_over_after_an_hour(tmp_path: Path, by: timedelta) -> None:
    async with watching(tmp_path) as (running, clock):
        await turned(running, clock)
        clock.jump(clock.now() + by)
        await turned(running, clock)
        assert await running.ask(OURS) == [("clock", "open")]
        status, health = await running.health()
        assert (status, health["failing"]) == (200, [])
        assert all(0 <= fact["age_seconds"] < 3600 for fact in health["facts"].values()), health["facts"]
        clock.advance(STEADY / 2)
        await turned(running, clock)
        assert await running.ask(OURS) == [("clock", "open")]
        assert await running.ask(OF_RECORDS) == [], "of a year that hands alone have passed, nothing is owed"
        await past_an_hour(running, clock)
        assert await running.ask(OURS) == [("clock", "recovered")]
        told = (
            "SELECT n.kind FROM notices n JOIN incidents i ON i.id = n.incident_id WHERE i.cause = 'ours' ORDER BY n.id"
        )
        assert await running.ask(told) == [
            ("opened",),
            ("recovered",),
        ]


async def test_a_clock_that_is_slewed_never_adds_up(tmp_path: Path) -> None:
    async with watching(tmp_path) as (running, clock):
        for _ in range(5):
            clock.jump(clock.now() + NOTICED)
            await turned(running, clock)
        for _ in range(8):
            clock.jump(clock.now() - NOTICED)
            await turned(running, clock)
        assert await running.ask(OURS) == []


@pytest.mark.parametrize(
    ("shown", "passed", "by"), [(70.0, 10.0, 0.0), (70.1, 10.0, 60.1), (-51.0, 10.0, -61.0), (3600.0, 3600.0, 0.0)]
)
def test_more_than_a_minute_beside_the_time_that_passed(shown: float, passed: float, by: float) -> None:
    before, after = Hands(START, 5.0), Hands(START + timedelta(seconds=shown), 5.0 + passed)
    assert set_by(before, after) == timedelta(seconds=by)


async def test_a_second_jump_is_the_same_trouble_and_the_hour_begins_anew(tmp_path: Path) -> None:
    async with watching(tmp_path) as (running, clock):
        clock.jump(clock.now() + 3 * HOUR)
        await turned(running, clock)
        clock.advance(STEADY * 0.75)
        await turned(running, clock)
        clock.jump(clock.now() - 3 * HOUR)
        await turned(running, clock)
        clock.advance(STEADY * 0.75)
        await turned(running, clock)
        assert await running.ask(OURS) == [("clock", "open")]
        await past_an_hour(running, clock)
        assert await running.ask(OURS) == [("clock", "recovered")]


async def test_a_daemon_that_starts_in_doubt_ends_it_after_an_hour(tmp_path: Path) -> None:
    async with watching(tmp_path) as (running, clock):
        clock.jump(clock.now() + 3 * HOUR)
        await turned(running, clock)
        later = clock.now()
    config = tmp_path / "monitor.toml"
    async with inside(config, clock := FakeClock(later)) as running:
        await turned(running, clock)
        assert await running.ask(OURS) == [("clock", "open")]
        await past_an_hour(running, clock)
        assert await running.ask(OURS) == [("clock", "recovered")]


async def test_set_back_while_nothing_ran_it_is_noticed_at_the_start(tmp_path: Path) -> None:
    async with watching(tmp_path) as (running, clock):
        await turned(running, clock)
        earlier = clock.now() - 2 * HOUR
    async with inside(tmp_path / "monitor.toml", clock := FakeClock(earlier)) as running:
        assert await running.ask(OURS) == [("clock", "open")]
        await turned(running, clock)
        assert await running.ask("SELECT COUNT(*) FROM events WHERE what = 'clock.set'") == [(1,)]


@pytest.mark.parametrize("by", JUMPS)
async def test_a_look_under_way_is_settled_in_the_time_that_is_shown_then(tmp_path: Path, by: timedelta) -> None:
    with SlowServer(1.5) as server:
        pages = {"page": f"http://127.0.0.1:{server.port}/page"}
        async with watching(tmp_path, pages) as (running, clock):
            async with asyncio.timeout(30):
                while not server.asked:
                    clock.advance(1.0)
                    await asyncio.sleep(0.02)
            clock.jump(clock.now() + by)
            visits: list[tuple[Any, ...]] = [(0,)]
            async with asyncio.timeout(30):
                while visits == [(0,)]:
                    await asyncio.sleep(0.05)
                    visits = await running.ask("SELECT visits FROM targets")
            now = to_ms(clock.now())
            [[seen, due, period]] = await running.ask("SELECT last_visit_at, next_due_at, period FROM targets")
            assert now - 600_000 <= seen <= now
            assert now < due <= now + period
            [[first, last]] = await running.ask("SELECT MIN(first_at), MAX(last_at) FROM runs WHERE target_id = 'page'")
            assert now - 600_000 <= first <= last <= now
            assert await running.ask(OURS) == [("clock", "open")], "noticed by the look itself, between two rounds"


async def test_nothing_is_cleared_up_by_a_clock_in_doubt(tmp_path: Path) -> None:
    async with watching(tmp_path) as (running, clock):
        watch = running.daemon.watch
        old = partial(_an_old_run, at=clock.now())
        await watch.database.write(old)
        clear_up = entries(watch, running.daemon.status)["clear-up"].job
        clock.jump(clock.now() + 500 * DAY)
        await clear_up(clock.now())  # before the rounds have come round
        count = "SELECT COUNT(*) FROM runs WHERE target_id = 'gone'"
        assert await running.ask(count) == [(2,)]
        assert await watch.database.read(is_doubted)
        clock.jump(clock.now() - 500 * DAY)
        await past_an_hour(running, clock)
        await clear_up(clock.now())
        assert await running.ask(count) == [(2,)]


def _an_old_run(tx: sqlite3.Connection, at: datetime) -> None:
    """A finished run and the one after it, of a target long gone."""
    first = advance(None, ok("reachable", say("fine")), at)
    save_run(tx, "gone", first, closes=None)
    tx.execute("UPDATE runs SET is_current = 0 WHERE target_id = 'gone'")
    save_run(tx, "gone", first, closes=None)


async def test_what_could_not_be_written_moves_along_later_and_once(tmp_path: Path) -> None:
    disk = Disk()
    async with watching(tmp_path) as (running, clock):
        parts, policy = running.daemon.watch, running.daemon.watch.policy
        database = Database(tmp_path / "small.db", inline=True, before_commit=disk.check)
        await database.open()
        await database.write(lambda tx: targets.sync(tx, [PAGE], policy.periods, clock.now()))
        watch = Watch(database, parts.tools, parts.checks, policy, parts.reference)
        keeper = Timekeeper(watch, Status(clock.now()), clock)
        await keeper.look()
        due = await ahead(database, clock)
        disk.full = True
        clock.jump(clock.now() + 3 * HOUR)
        with pytest.raises(StoreError):
            await keeper.look()
        disk.full = False
        looks = [asyncio.create_task(keeper.look()) for _ in range(8)]
        await asyncio.sleep(0)
        looks[0].cancel()  # a visit that is called in while it waits
        await asyncio.gather(*looks, return_exceptions=True)
        await keeper.look()
        assert await ahead(database, clock) == due
        told = "SELECT COUNT(*) FROM events WHERE what = 'clock.set'"
        assert await database.read(lambda tx: tx.execute(told).fetchall()) == [(1,)]
        await database.close()


async def ahead(database: Database, clock: FakeClock) -> int:
    """Milliseconds until the page is due."""
    due = await database.read(lambda tx: tx.execute("SELECT next_due_at FROM targets").fetchone()[0])
    return int(due) - to_ms(clock.now())


class Disk:
    """Full when it is told to be."""

    full = False

    def check(self) -> None:
        if self.full:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error


async def test_the_calendar_goes_by_the_time_that_is_shown() -> None:
    ran: set[str] = set()

    async def job(_now: datetime, *, name: str) -> None:
        ran.add(name)

    lines = {"digest": daily(time(8, 30), partial(job, name="digest")), "disk": hourly(17, partial(job, name="disk"))}
    calendar = Calendar(lines, SystemClock())
    calendar.start()
    calendar.clock_set(
        SystemClock().now() - 2 * DAY
    )  # its own clock was not set: what comes next for us is past for it
    await until(lambda: ran == set(lines))
    await calendar.close(1)


async def test_what_the_desk_owes_by_the_clock_alone_waits_until_the_clock_goes_steadily(tmp_path: Path) -> None:
    async with watching(tmp_path) as (running, clock):
        await turned(running, clock)
        clock.jump(clock.now() + 400 * DAY)
        await turned(running, clock)
        assert await running.ask(OF_RECORDS) == []
        await past_an_hour(running, clock)
        clock.advance(ASKED_AGAIN.total_seconds())
        await turned(running, clock, 3)
        assert ("done_every",) in await running.ask(OF_RECORDS), "the year has really passed"
