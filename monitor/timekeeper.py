"""Watches the machine's clock: before anything is claimed, judged or settled it is compared with the time that went by.

Costs two readings while nothing happens; asks the store once, whether an earlier process left it in doubt. When the hands
were set it has the plan moved along (settle/clock.py) and tells whoever in this process goes by the time on the wall.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from monitor.clock import Clock
from monitor.hands import Hands, hands, set_by
from monitor.pipeline import Watch
from monitor.settle.clock import goes_steadily, is_doubted, was_set
from monitor.web.status import Status

STEADY = 3600.0
"""Seconds without another jump after which the clock is no longer in doubt: time synchronisation steps soon or not at all."""


@dataclass(slots=True)
class Timekeeper:
    """`told` are called with the time shown now, once the plan has moved along."""

    watch: Watch
    status: Status
    clock: Clock
    told: list[Callable[[datetime], None]] = field(default_factory=list)
    _last: Hands = field(init=False)
    _since: float | None = None  # monotonic: when it was set, while it is in doubt
    _asked: bool = False
    _working: "asyncio.Task[None] | None" = None
    log: structlog.stdlib.BoundLogger = field(default_factory=partial(structlog.get_logger, "clock"))

    def __post_init__(self) -> None:
        """From now on."""
        self._last = hands(self.clock)

    async def look(self) -> Hands:
        """Compare; when the clock was set, returns once everything has moved along. What is shown then.

        Raises StoreError, and tries again the next time.
        """
        seen = hands(self.clock)
        if self._asked and not set_by(self._last, seen) and not self._is_steady(seen):
            self._last = seen  # slow drift is taken in turn by turn, and never adds up
            return seen
        if self._working is None:
            self._working = asyncio.create_task(self._act())
            self._working.add_done_callback(self._done)
        await asyncio.shield(self._working)  # whoever waits may be cancelled, but nothing is ever moved twice
        return hands(self.clock)

    def _done(self, _task: "asyncio.Task[None]") -> None:
        self._working = None

    async def _act(self) -> None:
        if not self._asked:
            self._since = self.clock.monotonic() if await self.watch.database.read(is_doubted) else None
            self._asked = True
        seen = hands(self.clock)
        if set_by(self._last, seen):
            await self._move(seen)
        elif self._is_steady(seen):
            policy = self.watch.policy
            await self.watch.database.write(partial(goes_steadily, policy=policy, now=seen.shown))
            self._since = None
            self.log.info("clock.steady")
        self._last = seen

    async def _move(self, seen: Hands) -> None:
        by, now = set_by(self._last, seen), seen.shown
        await self.watch.database.write(partial(was_set, by=by, policy=self.watch.policy, now=now))
        self._since = seen.seconds
        self.log.warning("clock.set", by_seconds=by.total_seconds())
        self.status.clock_set(by)
        self.watch.reference.clock_set(by)
        for tell in self.told:
            tell(now)
        self.watch.rounds.ring()

    def _is_steady(self, seen: Hands) -> bool:
        return self._since is not None and seen.seconds - self._since >= STEADY
