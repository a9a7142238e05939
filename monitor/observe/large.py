"""Large pages are read in threads, a few at a time, so that neither the loop nor the memory is at their mercy.

A page of 3 MB may hold 130 MB while it is read (tests/read/test_bad_input.py); as many as targets fall due would fill any
machine. Small ones are read at once, in the loop. Reads and writes nothing itself.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

LARGE = 150_000
"""Bytes from which a page is read in a thread: below, the loop is held for less than 10 ms (libraries.md §2)."""

AT_ONCE = 2

T = TypeVar("T")


class LargeReads:
    """Room for `at_once` large reads; one per daemon."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._room = asyncio.Semaphore(at_once)

    async def run(self, work: Callable[[], T], size: int) -> T:
        """What `work` returns; in a thread, when there is room, from LARGE bytes on. Raises what it raises.

        A visit that is cancelled leaves its thread behind: the room is free again only when that has ended.
        """
        if size < LARGE:
            return work()
        await self._room.acquire()
        reading = asyncio.ensure_future(asyncio.to_thread(work))
        reading.add_done_callback(lambda _: self._room.release())
        return await asyncio.shield(reading)
