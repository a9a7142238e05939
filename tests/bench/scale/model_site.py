"""The first site of the estate, looked at by the daemon's own rounds over the real wire until all is known and confirmed.

Its rows are what the prepared store is made of (prepare.py): nothing is invented of how the store keeps a page.
"""

import asyncio
import sqlite3
from datetime import timedelta
from functools import partial
from pathlib import Path

from monitor.app import assemble, load_settings
from monitor.clock import SystemClock, to_ms
from monitor.daemon import Daemon
from monitor.pipeline import look_and_settle
from monitor.store import targets
from tests.bench.scale.estate import Estate
from tests.bench.scale.setup import write_settings

LOOKS = 4
"""Enough that every run is confirmed and no look is the first."""
AT_ONCE = 64
LATEST = 60.0  # seconds a batch may take before something is wrong


async def look_at_first_site(folder: Path, estate: Estate, nameserver: str) -> Path:
    """The store with that one site in it."""
    store = folder / "first.db"
    config = write_settings(folder / "first", estate.only_first(), nameserver, store, impolite=True)
    settings = load_settings(config)
    daemon = await assemble(settings, SystemClock(), lambda: settings)
    try:
        for _ in range(LOOKS):
            await _look_at_all(daemon)
    finally:
        for _name, _start, close in daemon.doors:
            await close()
    return store


async def _look_at_all(daemon: Daemon) -> None:
    """Everything there is, claimed and settled as a round would, without its politeness to one host."""
    database, now = daemon.watch.database, daemon.clock.now()
    await database.write(partial(_all_are_due, at=to_ms(now)))
    while claims := await database.write(partial(targets.claim, now=now, limit=AT_ONCE, lease=timedelta(minutes=1))):
        async with asyncio.timeout(LATEST):
            await asyncio.gather(*(look_and_settle(daemon.watch, claim) for claim in claims))


def _all_are_due(tx: sqlite3.Connection, at: int) -> None:
    tx.execute("UPDATE targets SET next_due_at = ?1, sample_due_at = ?1", (at,))
