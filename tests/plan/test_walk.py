"""The calendar walked under a clock of its own does what the running calendar does."""

import asyncio
from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from monitor.city.virtual import VirtualClock, VirtualLoop
from monitor.clock import SHANGHAI
from monitor.plan.calendar import Entry, Job, Walk, daily, hourly, next_after

START = datetime(2026, 3, 1, 22, 40, tzinfo=SHANGHAI)
Done = list[tuple[str, datetime]]


def noting(done: Done, name: str) -> Job:
    async def job(now: datetime) -> None:
        done.append((name, now.astimezone(SHANGHAI)))

    return job


def usual(done: Done) -> dict[str, Entry]:
    """The kinds of entries there are: some an hour, some a day, two at one instant."""
    return {
        "sweep": hourly(17, noting(done, "sweep")),
        "digest": daily(time(8, 30), noting(done, "digest")),
        "check": daily(time(0, 17), noting(done, "check")),
    }


def walked(entries: dict[str, Entry], until: timedelta, *sets: tuple[timedelta, timedelta]) -> None:
    """Walk them from START on; `sets`: after so long the clock is set by so much."""
    loop, clock = VirtualLoop(), VirtualClock(START)
    clock.follow(loop)

    async def main() -> None:
        walk = asyncio.create_task(Walk(entries, clock).go())
        for after, by in sets:
            loop.call_at(after.total_seconds(), clock.jump, by)
        await asyncio.sleep(until.total_seconds())
        assert not walk.done()
        walk.cancel()
        with pytest.raises(asyncio.CancelledError):
            await walk

    loop.run_until_complete(main())
    loop.bury()


def moments(done: Done, name: str) -> list[datetime]:
    """To the second: a walk may wake a millisecond late."""
    return [at.replace(microsecond=0) for one, at in done if one == name]


def test_everything_comes_when_its_trigger_says_and_once() -> None:
    done: Done = []
    entries = usual(done)
    walked(entries, timedelta(days=3))
    for name, entry in entries.items():
        expected, at = [], START
        while (at := next_after(entry, at)) < START + timedelta(days=3):
            expected.append(at)
        assert moments(done, name) == expected, name


def test_a_job_that_raises_is_logged_and_the_walk_goes_on() -> None:
    done: Done = []

    async def broken(_now: datetime) -> None:
        raise ZeroDivisionError("of a job")

    entries = {"broken": hourly(5, broken), "well": hourly(10, noting(done, "well"))}
    with capture_logs() as logged:
        walked(entries, timedelta(hours=3))
    assert len(moments(done, "well")) == 3
    failed = [line for line in logged if line["event"] == "calendar.job_failed"]
    assert [line["job"] for line in failed] == ["broken"] * 3
    assert all(isinstance(line["exc_info"], ZeroDivisionError) for line in failed)


@pytest.mark.parametrize(("by", "digests"), [(timedelta(days=3), 1), (timedelta(hours=10), 1), (timedelta(hours=2), 0)])
def test_what_a_leap_forward_passes_over_is_done_once(by: timedelta, digests: int) -> None:
    """Set forward at 23:00; the next half hour is walked. Three missed digests are one, at the latest by the next entry."""
    done: Done = []
    walked(usual(done), timedelta(hours=2), (timedelta(minutes=20), by))
    assert len(moments(done, "digest")) == digests


def test_a_clock_set_back_repeats_nothing() -> None:
    """At 09:00 the clock is set to 07:00: the digest of that day was told and comes again the next."""
    done: Done = []
    back_at = timedelta(hours=10, minutes=20)
    walked(usual(done), timedelta(days=2), (back_at, timedelta(hours=-2)))
    days = [at.date() for at in moments(done, "digest")]
    assert len(days) == len(set(days)) == 2, "one each for the two mornings"
    hours = moments(done, "sweep")
    assert len(hours) == len(set(hours)), "no hour is swept twice"


def test_a_job_that_takes_longer_than_its_step_is_not_begun_twice() -> None:
    done: Done = []

    async def long(now: datetime) -> None:
        await asyncio.sleep(90 * 60)
        done.append(("long", now))

    walked({"long": hourly(0, long)}, timedelta(hours=9, minutes=50))
    begun = moments(done, "long")
    assert all(later - earlier >= timedelta(minutes=90) for earlier, later in pairwise(begun))
    assert len(begun) >= 4
