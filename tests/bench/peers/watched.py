"""`python -m tests.bench.peers.watched CONFIG SECONDS`: the daemon's whole life, on a clock that leaps when it is told to.

As `zhishou run`, from the same files, with politeness off. A line on stdin is a number of seconds to leap; "ready" on stdout says
that it watches. SECONDS is how far ahead the clock begins.
"""

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from monitor import log
from monitor.app import assemble, load_settings, loop_factory
from monitor.config.settings import Settings
from monitor.daemon import Daemon
from monitor.life import live
from tests.bench.bench_visit import Leap

_kept: set[asyncio.Task[None]] = set()


def impolite(config: Path) -> Settings:
    """The settings of the file, without the wait between two requests to one host: the file takes none that short."""
    settings = load_settings(config)
    return settings.model_copy(update={"fetch": settings.fetch.model_copy(update={"pace": timedelta()})})


async def _begin(settings: Settings, clock: Leap, config: Path) -> Daemon:
    daemon = await assemble(settings, clock, partial(impolite, config))
    told = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    task = asyncio.create_task(_leap_when_told(daemon, clock, told))
    _kept.add(task)
    return daemon


async def _leap_when_told(daemon: Daemon, clock: Leap, told: asyncio.StreamReader) -> None:
    while not daemon.status.rounds:
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    while line := await told.readline():
        while daemon.flights.in_the_air():
            await asyncio.sleep(0.01)  # a visit that saw the clock leap would have taken too long
        clock.ahead += timedelta(seconds=float(line))
        daemon.watch.rounds.ring()


def main() -> None:
    """Until SIGTERM."""
    config, ahead = Path(sys.argv[1]), timedelta(seconds=float(sys.argv[2]))
    log.set_up_logging()
    settings, clock = impolite(config), replace(Leap(), ahead=ahead)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(live(partial(_begin, settings, clock, config), settings, clock, config))


if __name__ == "__main__":
    main()
