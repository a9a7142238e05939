"""The life of the daemon's process: it begins and watches, or people are called because it cannot begin.

Reads what an earlier start that failed has left (alert/series.py) and hands it to the daemon, which tells when all is well
again. Whatever goes wrong is raised on: who started us decides what follows.
"""

import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import structlog

from monitor import __version__
from monitor.alert.series import Series, call_for_help
from monitor.clock import Clock, civil_day
from monitor.config.settings import Settings
from monitor.daemon import CannotStart, Daemon
from monitor.heap import keep_for_good
from monitor.jobs import unknown_soon
from monitor.render import translate
from monitor.store.database import StoreError
from monitor.store.lock import InUse
from monitor.workyears import advice, told, years_wanted


async def live(begin: Callable[[], Awaitable[Daemon]], settings: Settings, clock: Clock, config: Path | None) -> None:
    """From the first step to the last; `begin` puts the daemon together. Raises StoreError and CannotStart."""
    series = Series.of(settings.store.path)
    try:
        await _watch(await begin(), series, settings, config, clock)
    except InUse:
        raise  # the watch goes on elsewhere
    except (StoreError, CannotStart) as error:
        if not sys.stderr.isatty():  # else somebody is reading it
            await call_for_help(series, settings, clock, str(error))
        raise


async def _watch(daemon: Daemon, series: Series, settings: Settings, config: Path | None, clock: Clock) -> None:
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
    daemon.status.no_calendar = unknown_soon(daemon.watch.policy, clock.now())
    warn_of_years(settings, clock.now())
    await daemon.run()


def warn_of_years(settings: Settings, now: datetime) -> None:
    """The log says which working days nobody knows before the first count needs them, and what to do."""
    for year in years_wanted(settings, civil_day(now)):
        what, todo = (translate(one(year), settings.desk.language) for one in (told, advice))
        structlog.get_logger("daemon").warning("calendar.year_missing", year=year, what=what, todo=todo)
