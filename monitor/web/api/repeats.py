"""Requests that may come twice: with the same Idempotency-Key they are done once and answered alike.

Kept in memory: for a day, a bounded number and size, until the process ends. Who asks again while the first is still being done waits
for the same answer. An answer that says nothing of the command (5xx) is not kept.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from monitor.clock import Clock

KEPT = 24 * 3600.0
"""Seconds."""
AT_MOST = 1000
"""Answers."""
BYTES = 8 << 20
"""Of all answers that are kept."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and the bytes of the body."""

    status: int
    body: bytes


@dataclass(slots=True)
class _Kept:
    asked: bytes  # what the request said, hashed
    at: float
    doing: "asyncio.Task[Reply]"


class Repeats:
    """What was asked for with a key, and what became of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._doing: set[asyncio.Task[Reply]] = set()

    def begun(self, key: str | None, asked: bytes, do: Callable[[], Awaitable[Reply]]) -> "asyncio.Task[Reply] | None":
        """What does it, begun now or before; None when the key was given to something else."""
        self._forget()
        if key is not None and (known := self._kept.get(key)) is not None:
            return known.doing if known.asked == asked else None
        task = asyncio.ensure_future(do())
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)
        if key is not None:
            self._kept[key] = _Kept(asked, self._clock.monotonic(), task)
            task.add_done_callback(lambda done: self._ended(key, done))
        return task

    async def close(self, seconds: float = 5.0) -> None:
        """Let what was begun come to its end; what does not is given up."""
        if self._doing:
            _, late = await asyncio.wait(self._doing, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    def _ended(self, key: str, done: "asyncio.Task[Reply]") -> None:
        if done.cancelled() or done.exception() is not None or done.result().status >= 500:
            self._kept.pop(key, None)

    def _forget(self) -> None:
        now = self._clock.monotonic()
        while self._kept and (self._is_old(now) or len(self._kept) >= AT_MOST or self._size() > BYTES):
            self._kept.popitem(last=False)

    def _is_old(self, now: float) -> bool:
        return now - next(iter(self._kept.values())).at > KEPT

    def _size(self) -> int:
        finished = (one.doing for one in self._kept.values() if one.doing.done() and not one.doing.cancelled())
        return sum(len(task.result().body) for task in finished if task.exception() is None)
