"""A daemon that ends itself with SIGKILL at the n-th pass of a named place: `python -m tests.crash_child CONFIG PLACE N`.

Everything is the product's own; only the checkpoints it offers are used. With PLACE "-" it runs until it is stopped.
"""

import asyncio
import os
import signal
import sys
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


async def live(config: Path, trap: Trap) -> None:
    settings = load_settings(config)
    daemon = await assemble(settings, SystemClock(), partial(load_settings, config), trap)
    await daemon.run()


if __name__ == "__main__":
    log.set_up_logging()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(live(Path(sys.argv[1]), Trap(sys.argv[2], int(sys.argv[3]))))
