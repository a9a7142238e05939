"""Virtual time: it passes only while everybody waits, in order, and a kill takes everything with it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from monitor.city.virtual import Killed, Stuck, VirtualClock, VirtualLoop

START = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_year_of_sleep_takes_no_time_and_wakes_in_order() -> None:
    loop, clock, woken = VirtualLoop(), VirtualClock(START), []
    clock.follow(loop)

    async def sleeper(days: int) -> None:
        await clock.sleep(days * 86_400)
        woken.append((days, clock.now()))

    async def main() -> None:
        await asyncio.gather(*(sleeper(days) for days in (365, 1, 30)))

    loop.run_until_complete(main())
    assert woken == [(days, START + timedelta(days=days)) for days in (1, 30, 365)]
    loop.close()


def test_work_for_a_thread_is_done_in_the_loop_and_its_error_is_handed_on() -> None:
    loop = VirtualLoop()

    async def main() -> int:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        return await asyncio.to_thread(lambda: 42)

    assert loop.run_until_complete(main()) == 42
    assert loop.time() == 0.0
    loop.close()


def test_waiting_for_nothing_is_an_error_and_not_for_ever() -> None:
    loop = VirtualLoop()
    task = loop.create_task(asyncio.Event().wait())
    with pytest.raises(Stuck, match="nothing is planned"):
        loop.run_until_complete(task)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()


def test_a_timeout_goes_by_virtual_time() -> None:
    loop = VirtualLoop(since=100.0)

    async def main() -> None:
        async with asyncio.timeout(30):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        loop.run_until_complete(main())
    assert loop.time() == pytest.approx(130.0)
    loop.close()


@pytest.mark.parametrize("after", [0, 1, 7])
def test_a_kill_comes_at_some_turn_and_nobody_runs_after_it(after: int) -> None:
    loop, turns = VirtualLoop(), []

    async def busy() -> None:
        while True:
            turns.append(loop.time())
            await asyncio.sleep(1.0)

    task = loop.create_task(busy())
    loop.call_at(5.0, loop.die, after)
    loop.call_at(9.0, turns.append, -1.0)
    with pytest.raises(Killed):
        loop.run_forever()
    assert -1.0 not in turns
    loop.set_exception_handler(lambda _loop, _context: None)
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()


def test_a_clock_that_is_set_moves_its_hands_and_no_time() -> None:
    loop, clock = VirtualLoop(), VirtualClock(START)
    clock.follow(loop)
    clock.jump(timedelta(hours=-2))
    assert clock.now() == START - timedelta(hours=2)
    assert clock.true() == START
    assert clock.monotonic() == 0.0
    loop.close()
