"""Time that passes only when nobody has anything to do: the loop and the clock of a rehearsal.

A year of duty is played as fast as the machine can think it, twice with the same result. Nothing here opens a socket or
a thread: what would go to a thread runs at once, and what would wait for the world for ever is an error.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import Context
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Stuck(RuntimeError):
    """Everybody waits and nothing is planned: this rehearsal would never go on."""


class Killed(SystemExit):
    """The rehearsed process ends here and now; a SystemExit, because the loop lets nothing else out of a callback."""


_RESOLUTION = 1e-6
"""Seconds: what is due so soon is due now. After a year of seconds a float no longer holds a nanosecond."""
_LEAST = 1e-5
"""Seconds every timer takes: time moves, or one who sleeps for what a float has left over would sleep for ever."""


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop whose time leaps to the next thing planned. It knows no selector: there is nothing to wait for."""

    def __init__(self, since: float = 0.0) -> None:
        """`since`: seconds of loop time that have passed in earlier lives of the rehearsed process."""
        super().__init__()
        self._passed, self._buried = since, False
        self._planned: list[
            tuple[float, int, asyncio.TimerHandle]
        ] = []  # a heap; the number keeps those of one instant in turn
        self._numbers = itertools.count()
        self._now: deque[asyncio.Handle] = self._ready  # type: ignore[attr-defined]  # what call_soon fills

    def time(self) -> float:
        """Virtual seconds since the rehearsal began."""
        return self._passed

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """In the next turn."""
        handle = asyncio.Handle(callback, args, self, context)
        self._now.append(handle)
        return handle

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As every loop, and later than now."""
        when = max(when, self._passed + _LEAST)
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._planned, (when, next(self._numbers), timer))
        return timer

    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """So many virtual seconds from now."""
        return self.call_at(self._passed + delay, callback, *args, context=context)

    def _run_once(self) -> None:
        """One turn: what is planned for now, or, when nobody is ready, for the next instant; then all who are."""
        planned, ready = self._planned, self._now
        while planned and (planned[0][0] <= self._passed + _RESOLUTION or not ready or planned[0][2].cancelled()):
            when, _, timer = heapq.heappop(planned)
            if not timer.cancelled():
                self._passed = max(self._passed, when)
                ready.append(timer)
        if not ready:
            raise Stuck("everybody waits and nothing is planned")
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - as asyncio's own loops do

    def _process_events(self, event_list: object) -> None:
        """None come from outside."""

    def run_in_executor(  # type: ignore[override]
        self,
        executor: Executor | None,  # noqa: ARG002 - the loop's own signature
        func: Callable[..., T],
        *args: Any,
    ) -> "asyncio.Task[T]":
        """In the loop, when its turn comes: threads would bring the machine's time into the play."""
        return self.create_task(_called(func, *args))

    def bury(self) -> None:
        """Forget the tasks of a process that is gone: what they still do when they are collected leads to nothing."""
        self.set_exception_handler(lambda _loop, _context: None)
        for task in asyncio.all_tasks(self):
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001 - a killed process says nothing
        self.close()
        self._planned.clear()
        self._buried = True

    def _check_closed(self) -> None:
        if not self._buried:  # a timer set or stopped by a coroutine that is thrown away is no error
            super()._check_closed()  # type: ignore[misc]  # asyncio's own

    def die(self, after: int) -> None:
        """Kill the rehearsed process once the loop has come round so many times: at some await of somebody."""
        if after > 0:
            self.call_soon(self.die, after - 1)
            return
        raise Killed(137)  # what a shell says of kill -9


_NEVER = datetime.max.replace(tzinfo=UTC)


class VirtualClock:
    """The clock of a rehearsal: `start` and what the loop has let pass since, plus what the scenario's jumps added.

    It outlives the loops: a process that is killed and begins again goes on by the same clock.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._jumped = timedelta()
        self._set: list[tuple[datetime, timedelta]] = [
            (start, timedelta())
        ]  # true instants, and what was added from then on
        self._time: Callable[[], float] = lambda: 0.0
        self._last = 0.0, start  # seconds passed and the instant then, as asked for last: asked many times over

    def follow(self, loop: VirtualLoop) -> None:
        """Go by that loop from now on."""
        self._time = loop.time

    def jump(self, by: timedelta) -> None:
        """The machine's clock is set: the hands move, no time passes."""
        self._jumped += by
        self._set.append((self.true(), self._jumped))

    def true_of(self, shown: datetime, earliest: datetime) -> datetime:
        """The first instant from `earliest` on at which this clock showed that; what it never showed, it was going to."""
        for (begin, added), (end, _) in pairwise((*self._set, (_NEVER, timedelta()))):
            if earliest < end and max(begin, earliest) <= shown - added < end:
                return shown - added
        return max(earliest, shown - self._jumped)

    @property
    def passed(self) -> timedelta:
        """Time that really went by since the start, whatever the hands say."""
        return timedelta(seconds=self._time())

    def true(self) -> datetime:
        """What a right clock shows: the city goes by this one."""
        passed, (at, true) = self._time(), self._last
        if passed != at:
            true = self._start + timedelta(seconds=passed)
            self._last = passed, true
        return true

    def now(self) -> datetime:
        """What the machine's clock shows."""
        return self.true() + self._jumped if self._jumped else self.true()

    def monotonic(self) -> float:
        return self._time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def after(self, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, call)


async def _called(func: Callable[..., T], *args: Any) -> T:
    return func(*args)
