"""Blocking sends in threads of the channel's own: a dead service takes no other channel's thread, and no exit waits for it.

apprise sends through one small pool for everything, and a timed-out send keeps its thread there (libraries.md §6.4).
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from contextvars import copy_context

from monitor.model import Result, Retry

MOST = 4
"""Sends of one channel that may hang at once; further ones are told to come back."""


class Threads:
    """At most MOST daemon threads at a time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._busy = 0

    async def run(self, send: Callable[[], Result], seconds: float) -> Result:
        """The result of the blocking call; Retry(maybe) when it takes longer, though it may go on in its thread."""
        if self._busy >= MOST:
            return Retry("earlier messages still hang")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()

        def settle(result: Result) -> None:
            self._busy -= 1
            if not done.done():
                done.set_result(result)

        def work() -> None:
            result: Result = Retry("the channel broke down", maybe=True)
            try:
                result = context.run(send)
            finally:
                with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits any more
                    loop.call_soon_threadsafe(settle, result)

        context = copy_context()
        self._busy += 1
        threading.Thread(target=work, name=f"channel-{self._name}", daemon=True).start()
        try:
            return await asyncio.wait_for(done, seconds)
        except TimeoutError:
            return Retry("no answer in time", maybe=True)
