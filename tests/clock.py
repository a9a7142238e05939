"""A clock that tests set and push: now() stands still until somebody advances it.

It satisfies `monitor.clock.Clock`. Sleepers wake when the time they wait for is reached, in the order of their times.
"""

import asyncio
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, a Friday


class FakeClock:
    """Civil time and monotonic time under the test's hand."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._seconds + seconds, next(self._numbers), woken))
        await woken

    def after(self, seconds: float, call: Callable[[], object]) -> "asyncio.Future[None]":
        woken = asyncio.get_running_loop().create_future()
        woken.add_done_callback(lambda done: None if done.cancelled() else call())
        heapq.heappush(self._sleepers, (self._seconds + seconds, next(self._numbers), woken))
        return woken

    def advance(self, step: timedelta | float) -> datetime:
        """Let that long pass (a timedelta, or seconds); who waited for less wakes at the loop's next turns."""
        seconds = step.total_seconds() if isinstance(step, timedelta) else step
        self._seconds += seconds
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._seconds:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)
        return self._now

    def jump(self, to: datetime) -> None:
        """Set the civil time as somebody sets a clock: no time passes, nobody wakes."""
        self._now = to
