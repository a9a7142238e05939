"""A daemon that ends itself with SIGKILL at the n-th pass of a named place; with the place "-" it runs until it is stopped.

Everything is the product's own; only the checkpoints it offers are used. `later` is how many seconds its clock is ahead:
started again "two minutes after its death", it need not be waited for so long.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from monitor import log
from monitor.app import assemble, load_settings, loop_factory
from monitor.clock import SystemClock


class Trap:
    """Counts passes of one place, and springs."""

    def __init__(self, place: str, passes: int) -> None:
        self.place = place
        self.left = passes

    def __call__(self, place: str) -> None:
        if place != self.place:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Later(SystemClock):
    """The machine's clock, so many seconds on."""

    def __init__(self, seconds: int) -> None:
        self.ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return super().now() + self.ahead


def live(config: Path, place: str, passes: int, later: int) -> None:
    """One life, in a process of its own; what it says goes to `said` beside the settings."""
    with (config.parent / "said").open("ab") as said:
        os.dup2(said.fileno(), sys.stderr.fileno())
    log.set_up_logging()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_watch(config, Trap(place, passes), later))


async def _watch(config: Path, trap: Trap, later: int) -> None:
    daemon = await assemble(load_settings(config), Later(later), partial(load_settings, config), trap)
    await daemon.run()
