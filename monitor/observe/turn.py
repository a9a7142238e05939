"""A look in its turn: first a place at the host, then the fetch; and what a look is worth that never got its turn.

Reads and writes nothing itself. Waiting is bounded, so that neither a visit's limit nor its lease ends in a queue.
"""

import asyncio
from datetime import datetime
from typing import Protocol

from monitor.model import Fetched, Reach

PATIENCE = 240.0
"""Seconds to wait for a place at a host: below the limit of a visit (300 s) and the lease of its target (10 min)."""

PENALTY = 60.0
"""Seconds at most that a Retry-After is waited for: three tries a minute apart must be able to confirm a 503."""


class Slot(Protocol):
    """A place at a host."""

    def take_at_once(self) -> bool:
        """Take it where that need not wait; else False."""
        ...

    async def __aenter__(self) -> None:
        """Wait for it."""
        ...

    def leave(self) -> None:
        """Once it was taken, in either way."""
        ...


async def has_turn(slot: Slot, patience: float) -> bool:
    """Wait for the place and take it; False when there was none within `patience` seconds."""
    try:
        async with asyncio.timeout(patience):
            await slot.__aenter__()
    except TimeoutError:
        return False
    return True


def no_turn(url: str, now: datetime, waited: float) -> Fetched:
    """The host was not asked, others stood before us all the time. Noted like a stalled loop: it is our matter."""
    return Fetched(
        url=url,
        final_url=url,
        reach=Reach.TIMEOUT,
        detail="no turn at the host",
        started_at=now,
        seconds=waited,
        notes=("loop_stalled",),
    )
