"""One timer for many: who is late is stopped, who is done in time or stopped by others is not."""

import asyncio
from contextlib import suppress

import pytest

from monitor.observe.deadline import Deadline

SHORT, LONG = 0.01, 3600.0


async def work(deadline: Deadline, until: asyncio.Event) -> str:
    """Whether it was done in time."""
    term = deadline.begin()
    try:
        await until.wait()
    except asyncio.CancelledError:
        if not term.end():
            raise
        return "late"
    finally:
        term.end()
    return "done"


async def test_all_who_are_late_are_stopped_and_go_on() -> None:
    deadline, never = Deadline(SHORT), asyncio.Event()
    assert await asyncio.gather(*(work(deadline, never) for _ in range(3))) == ["late"] * 3
    assert await work(deadline, never) == "late", "the timer is set anew"
    assert len(deadline) == 0


async def test_who_is_done_in_time_is_left_alone() -> None:
    deadline, now, never = Deadline(SHORT), asyncio.Event(), asyncio.Event()
    now.set()

    async def goes_on() -> str:
        done = await work(deadline, now)
        return f"{done}, then {await work(deadline, never)}"  # outlives the first one's time

    assert await goes_on() == "done, then late"
    assert len(deadline) == 0


async def test_who_is_stopped_by_others_stops() -> None:
    deadline = Deadline(LONG)
    task = asyncio.create_task(work(deadline, asyncio.Event()))
    await asyncio.sleep(0)
    assert len(deadline) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(deadline) == 0
    deadline.close()


async def test_who_is_late_and_stopped_stops() -> None:
    deadline, late = Deadline(LONG), asyncio.Event()

    async def both() -> None:
        term = deadline.begin()
        try:
            late.set()
            await asyncio.Event().wait()
        finally:
            assert not term.end(), "somebody else asked, too"

    task = asyncio.create_task(both())
    await late.wait()
    for term in list(deadline._running):
        term.stop()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    deadline.close()


async def test_a_closed_one_stops_nobody() -> None:
    deadline, never = Deadline(SHORT), asyncio.Event()
    task = asyncio.create_task(work(deadline, never))
    await asyncio.sleep(0)
    deadline.close()
    never.set()
    assert await task == "done"


def test_only_a_task_can_be_stopped() -> None:
    async def begin() -> None:
        told = asyncio.get_running_loop().create_future()

        def outside() -> None:
            try:
                Deadline(LONG).begin()
            except RuntimeError as error:
                told.set_result(str(error))

        asyncio.get_running_loop().call_soon(outside)
        assert await told == "only a task can be stopped"

    asyncio.run(begin())
