"""Virtual time: it passes only while everybody waits, in order, and a kill takes everything with it."""

import asyncio
import gc
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


def test_what_a_killed_process_left_behind_says_nothing_when_it_is_collected(
    capsys: pytest.CaptureFixture[str],
) -> None:
    loop = VirtualLoop()

    async def waits() -> None:
        slept = asyncio.ensure_future(asyncio.sleep(1000.0))
        try:
            await asyncio.wait([slept])
        finally:
            slept.cancel()

    loop.call_at(1.0, loop.die, 0)
    with pytest.raises(Killed):
        loop.run_until_complete(waits())
    loop.bury()
    del loop
    gc.collect()
    assert capsys.readouterr().err == ""


def test_whoever_sleeps_for_less_than_a_float_can_tell_wakes_up() -> None:
    loop, turns = VirtualLoop(since=163_861.0), []

    async def waits_for(instant: float) -> None:
        while (left := instant - loop.time()) > 0:
            turns.append(left)
            assert len(turns) < 100, "time stands still"
            await asyncio.sleep(left)

    async def two() -> None:
        await asyncio.gather(waits_for(163_861.0 + 6e-11), busy())

    async def busy() -> None:
        for _ in range(300):
            await asyncio.sleep(0)

    loop.run_until_complete(two())
    assert loop.time() == pytest.approx(163_861.0)
    loop.close()
