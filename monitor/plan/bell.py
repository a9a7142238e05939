"""A bell for a loop that sleeps until something is planned: whoever makes something due sooner rings it.

Lives on the event loop; keeps nothing but whether it was rung, when its sleeper means to wake, and what was planned while
it was awake.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.clock import Clock


@dataclass(slots=True)
class Bell:
    """`planned` is when the sleeper wakes by itself; None while it is awake."""

    planned: datetime | None = None
    _soonest: datetime | None = None
    _rung: bool = False
    _sleeper: "asyncio.Future[None] | None" = None

    def ring(self) -> None:
        """Wake the sleeper, or keep it from falling asleep."""
        self._rung = True
        if self._sleeper is not None:
            _wake(self._sleeper)

    def ring_for(self, at: datetime) -> None:
        """Something is due at `at`: wakes the sleeper when it would sleep past it, else keeps it in mind."""
        if self.planned is None:
            self._soonest = at if self._soonest is None else min(at, self._soonest)
        elif at < self.planned:
            self.ring()

    async def sleep_until(self, at: datetime, clock: Clock) -> None:
        """Until it is rung or something is due: at that instant, or sooner as `ring_for` was told meanwhile."""
        self.planned = at if self._soonest is None else min(at, self._soonest)
        self._soonest = None
        try:
            await self.wait(clock, (self.planned - clock.now()).total_seconds())
        finally:
            self.planned = None

    async def wait(self, clock: Clock, seconds: float) -> None:
        """Until it is rung, at most so long by that clock."""
        if not self._rung and seconds > 0:
            sleeper = self._sleeper = asyncio.get_running_loop().create_future()
            alarm = clock.after(seconds, partial(_wake, sleeper))
            try:
                await sleeper
            finally:
                alarm.cancel()
                self._sleeper = None
        self._rung = False


def _wake(sleeper: "asyncio.Future[None]") -> None:
    if not sleeper.done():
        sleeper.set_result(None)
