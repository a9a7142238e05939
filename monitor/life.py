"""The life of the daemon's process: it begins and watches, or people are called because it cannot begin.

Reads what an earlier start that failed has left (alert/series.py) and hands it to the daemon, which tells when all is well
again. Whatever goes wrong is raised on: who started us decides what follows.
"""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from monitor import __version__
from monitor.alert.series import Series, call_for_help
from monitor.clock import Clock
from monitor.config.settings import Settings
from monitor.daemon import CannotStart, Daemon
from monitor.heap import keep_for_good
from monitor.store.database import StoreError
from monitor.store.lock import InUse


async def live(begin: Callable[[], Awaitable[Daemon]], settings: Settings, clock: Clock, config: Path | None) -> None:
    """From the first step to the last; `begin` puts the daemon together. Raises StoreError and CannotStart."""
    series = Series.of(settings.store.path)
    try:
        await _watch(await begin(), series, settings, config)
    except InUse:
        raise  # the watch goes on elsewhere
    except (StoreError, CannotStart) as error:
        if not sys.stderr.isatty():  # else somebody is reading it
            await call_for_help(series, settings, clock, str(error))
        raise


async def _watch(daemon: Daemon, series: Series, settings: Settings, config: Path | None) -> None:
    if (past := series.read()) is not None:
        daemon.distress.recall(past)
    daemon.on_ready = series.forget
    keep_for_good()
    structlog.get_logger("daemon").info(
        "daemon.started",
        version=__version__,
        config=str(config) if config is not None else "built-in defaults",
        store=str(settings.store.path.absolute()),
        targets=len(settings.targets),
        channels=[channel.id for channel in settings.channels],
        desk=settings.desk.address,
    )
    await daemon.run()
