"""The calendar in Shanghai time, whatever zone the machine is in."""

import asyncio
from datetime import UTC, datetime, time, timedelta

from apscheduler.triggers.interval import IntervalTrigger

from monitor.clock import SHANGHAI, SystemClock
from monitor.plan.calendar import Calendar, Entry, daily, hourly, next_after


async def nothing(now: datetime) -> None:
    assert now.tzinfo is not None


def test_daily_is_shanghai_time() -> None:
    moment = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    at = next_after(daily(time(8, 30), nothing), moment)
    assert at == datetime(2026, 3, 2, 8, 30, tzinfo=SHANGHAI)
    assert next_after(daily(time(8, 30), nothing), at + timedelta(seconds=1)).day == 3


def test_hourly_comes_each_hour() -> None:
    moment = datetime(2026, 3, 1, 10, 20, tzinfo=SHANGHAI)
    assert next_after(hourly(17, nothing), moment) == datetime(2026, 3, 1, 11, 17, tzinfo=SHANGHAI)


async def test_a_running_job_is_let_finish() -> None:
    began = asyncio.Event()
    done: list[datetime] = []

    async def job(now: datetime) -> None:
        began.set()
        await asyncio.sleep(0.05)
        done.append(now)

    entry = Entry(IntervalTrigger(seconds=1, start_date=datetime.now(UTC)), job)
    calendar = Calendar({"job": entry}, SystemClock())
    calendar.start()
    await asyncio.wait_for(began.wait(), 10)
    await calendar.close(5)
    assert len(done) == 1
