"""One time limit that many share: a single timer of the loop for all of them, where asyncio.timeout takes one each.

Lives on the event loop. Whoever is late is cancelled, as asyncio.timeout does, and learns from `end` that it was this.
"""

import asyncio


class Term:
    """Of one who must be done in time, from `Deadline.begin` until `end`, which is always called."""

    __slots__ = ("_before", "_deadline", "_is_late", "_task", "until")

    def __init__(self, deadline: "Deadline", task: "asyncio.Task[object]", until: float) -> None:
        self._deadline = deadline
        self._task = task
        self._before = task.cancelling()
        self._is_late = False
        self.until = until  # by the loop's clock

    def end(self) -> bool:
        """Whether it was too late, and nobody else asked to stop: then the CancelledError is this deadline's own."""
        self._deadline.forget(self)
        was_late, self._is_late = self._is_late, False
        return was_late and self._task.uncancel() <= self._before

    def stop(self) -> None:
        """Stop whoever works."""
        self._is_late = True
        self._task.cancel()


class Deadline:
    """`seconds` for each, from when it begins."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[Term, None] = {}  # the earliest first
        self._alarm: asyncio.TimerHandle | None = None

    def begin(self) -> Term:
        """For the task that calls."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be stopped")
        term = Term(self, task, loop.time() + self._seconds)
        self._running[term] = None
        if self._alarm is None:
            self._alarm = loop.call_at(term.until, self._ring)
        return term

    def forget(self, term: Term) -> None:
        """It has ended."""
        self._running.pop(term, None)

    def __len__(self) -> int:
        return len(self._running)

    def close(self) -> None:
        """Nobody is stopped any more."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _ring(self) -> None:
        loop, self._alarm = asyncio.get_running_loop(), None
        for term in list(self._running):
            if term.until > loop.time():
                self._alarm = loop.call_at(term.until, self._ring)
                return
            self.forget(term)
            term.stop()
