"""How well the whole estate is watched: coverage, what cannot be judged, ages. The one question that reads every target.

At a million targets it takes seconds, so an answer is kept ten times as long as it took to find: however often people and
programs ask, a tenth of one core at most goes into it, and on a small estate it is always fresh.
"""

import asyncio
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.clock import Clock
from monitor.model import TargetKind
from monitor.store import views
from monitor.store.database import Database

KEPT = 10.0
"""How many times as long as it took to find an answer is kept."""
UNTOLD = 50
"""Targets of a kind that are named with the reason why they could not be judged."""


@dataclass(frozen=True, slots=True)
class Estate:
    """`at`: when it was asked."""

    at: datetime
    coverage: tuple[views.Coverage, ...]
    blind: Mapping[TargetKind, views.Unseen]
    untold: tuple[views.Untold, ...]  # of each kind at most UNTOLD
    ages: tuple[views.Age, ...]


def look(tx: sqlite3.Connection, now: datetime) -> Estate:
    """Ask the store."""
    untold = tuple(views.untold(tx, UNTOLD))
    return Estate(now, tuple(views.coverage(tx, now)), views.blind(tx), untold, tuple(views.ages(tx)))


class EstateKeeper:
    """Asks once for all who want to know at the same time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._asking: asyncio.Task[Estate] | None = None
        self._found: Estate | None = None
        self._fresh_until = 0.0

    async def get(self) -> Estate:
        """The estate; raises StoreError as the store does. Who stops waiting leaves the question to the next."""
        if self._asking is None:
            if self._found is not None and self._clock.monotonic() < self._fresh_until:
                return self._found
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def close(self) -> None:
        """Nobody waits for an answer any more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _ask(self) -> Estate:
        began = self._clock.monotonic()
        try:
            self._found = await self._database.read(partial(look, now=self._clock.now()))
        finally:
            self._asking = None
        ended = self._clock.monotonic()
        self._fresh_until = ended + KEPT * (ended - began)
        return self._found
