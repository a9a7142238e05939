"""What happens by the calendar: the digest, clearing up, self-checks. The home of apscheduler.

Jobs only start work: each is a plain function of `now`, spawned as a task of ours that is drained on shutdown (apscheduler
cancels what it runs itself). Rehearsals walk the same triggers with `next_after` under their own clock.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from monitor.clock import SHANGHAI, Clock

Job = Callable[[datetime], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar: when, in Shanghai time, and what."""

    trigger: CronTrigger
    job: Job


def daily(at: time, job: Job) -> Entry:
    """Every day at that time of day in Shanghai."""
    return Entry(CronTrigger(hour=at.hour, minute=at.minute, timezone=SHANGHAI), job)


def hourly(minute: int, job: Job) -> Entry:
    """Every hour at that minute."""
    return Entry(CronTrigger(minute=minute, timezone=SHANGHAI), job)


def next_after(entry: Entry, moment: datetime) -> datetime:
    """When the entry comes next, strictly after that moment."""
    found: datetime = entry.trigger.get_next_fire_time(moment, moment)
    return found


class Calendar:
    """The running calendar of a daemon."""

    def __init__(self, entries: Mapping[str, Entry], clock: Clock) -> None:
        self._clock = clock
        self._log = structlog.get_logger("calendar")
        self._working: set[asyncio.Task[object]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=SHANGHAI, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for name, entry in entries.items():
            self._scheduler.add_job(self._start, entry.trigger, args=(name, entry.job), id=name)

    def start(self) -> None:
        """From inside the running loop."""
        self._scheduler.start()

    def clock_set(self, now: datetime) -> None:
        """The clock was set: what its leap passed over comes once and now, what was planned for the future is planned anew."""
        for job in self._scheduler.get_jobs():
            coming = now if job.next_run_time <= now else job.trigger.get_next_fire_time(None, now)
            job.modify(next_run_time=coming)

    async def _start(self, name: str, job: Job) -> None:
        task = asyncio.ensure_future(job(self._clock.now()))
        self._working.add(task)
        task.add_done_callback(lambda done: self._done(name, done))

    def _done(self, name: str, task: "asyncio.Future[object]") -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("calendar.job_failed", job=name, exc_info=error)

    async def close(self, seconds: float) -> None:
        """Start nothing more, let what runs finish within the bound."""
        self._scheduler.pause()
        if self._working:
            await asyncio.wait(self._working, timeout=seconds)
        self._scheduler.shutdown(wait=False)


class Walk:
    """The same calendar without a scheduler, under whatever clock there is: what a rehearsal walks in virtual time."""

    def __init__(self, entries: Mapping[str, Entry], clock: Clock) -> None:
        self._entries = entries
        self._clock = clock
        self._log = structlog.get_logger("calendar")

    async def go(self) -> None:
        """Until cancelled. What was missed while the clock leapt is done once; a clock set back repeats nothing."""
        coming = {name: next_after(entry, self._clock.now()) for name, entry in self._entries.items()}
        while coming:
            name, at = min(coming.items(), key=lambda one: (one[1], one[0]))
            while (ahead := (at - self._clock.now()).total_seconds()) > 0:
                await self._clock.sleep(ahead)
            now = self._clock.now()
            job = asyncio.ensure_future(self._entries[name].job(now))
            await asyncio.wait({job})
            if not job.cancelled() and (error := job.exception()) is not None:
                self._log.error("calendar.job_failed", job=name, exc_info=error)
            coming[name] = next_after(self._entries[name], now)
