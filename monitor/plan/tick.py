"""Visits in the air: how many, on which hosts, and how they end.

Sends claimed targets out as tasks, gives back what would only queue up behind a slow host, and on shutdown waits a bounded
time for those in the air; whoever is abandoned leaves no trace, its lease is given back.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

import structlog

from monitor.clock import Clock
from monitor.model import OVERDUE, Claim, TargetKind, host_of
from monitor.store import state
from monitor.store.database import Database, StoreError

LEASE = timedelta(minutes=10)
"""Longer than any visit with its waits may take: five fetches of 30 s, queues at the host, a stalled disk."""

PER_HOST = 16
"""Visits to one host in the air at once, most of them waiting politely for their turn (fetch.per_host go)."""

VISIT_LIMIT = 300.0
"""Seconds after which a visit is our own fault: five fetches of 30 s with their waits stay far below."""

GIVE_BACK = timedelta(seconds=5)
"""How long a target waits that was given back because its host is busy."""


class Flights:
    """The visits under way. Not thread-safe: lives on the loop."""

    def __init__(self, database: Database, clock: Clock, slots: int) -> None:
        self.database = database
        self.clock = clock
        self.slots = slots
        self.lease = LEASE
        self.failed: StoreError | None = None
        self.finished = 0
        self._under_way: dict[asyncio.Task[None], tuple[Claim, float]] = {}  # with when it began, earliest first
        self._hosts: Counter[str] = Counter()
        self._unsettled: list[Claim] = []
        self._log = structlog.get_logger("plan")

    def room(self) -> int:
        """How many more may be sent out."""
        return max(0, self.slots - len(self._under_way))

    def __len__(self) -> int:
        return len(self._under_way)

    def in_the_air(self) -> "set[asyncio.Task[None]]":
        """The visits under way now."""
        return set(self._under_way)

    async def send_out(self, claims: Sequence[Claim], fly: Callable[[Claim], Awaitable[None]]) -> None:
        """Start a visit for each claim; those whose host is busy, or who are still out, are given back for a moment."""
        self._call_in_the_overdue()
        back, out = self._unsettled, {claim.target.id for claim, _ in self._under_way.values()}
        self._unsettled = []
        for claim in claims:
            host = host_of(claim.target.url)
            # Never the home page: its links must not delay its verdict. Still out: a reload or the clock ended its lease.
            crowded = self._hosts[host] >= PER_HOST and claim.target.kind is not TargetKind.SITE
            if crowded or claim.target.id in out:
                back.append(claim)
                continue
            self._hosts[host] += 1
            task = asyncio.create_task(self._fly(claim, fly), name=f"visit {claim.target.id}")
            self._under_way[task] = claim, self.clock.monotonic()
            task.add_done_callback(self._landed)
        if back:
            await self._give_back(back)

    def _call_in_the_overdue(self) -> None:
        """One clock for all instead of a timer each: a round comes every few seconds."""
        since = self.clock.monotonic() - VISIT_LIMIT
        for task, (_, began) in self._under_way.items():
            if began > since:
                return
            if not task.cancelling():
                task.cancel(OVERDUE)

    async def _give_back(self, claims: list[Claim]) -> None:
        until = self.clock.now() + GIVE_BACK
        try:
            await self.database.write(partial(state.give_back, claims=claims, until=until))
        except StoreError:
            self._unsettled += claims
            raise

    async def _fly(self, claim: Claim, fly: Callable[[Claim], Awaitable[None]]) -> None:
        try:
            await fly(claim)
            self.failed = None
            self.finished += 1
        except StoreError as error:
            # Ours, never the target's: nothing was recorded; it is due again as soon as the store takes it back.
            self.failed = error
            self._unsettled.append(claim)
            self._log.warning("settle.failed", target=claim.target.id, error=str(error))

    def _landed(self, task: asyncio.Task[None]) -> None:
        claim, _ = self._under_way.pop(task)
        host = host_of(claim.target.url)
        self._hosts[host] -= 1
        if not self._hosts[host]:
            del self._hosts[host]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("visit.broke", target=claim.target.id, exc_info=error)

    async def wait(self, seconds: float) -> None:
        """Until one of the visits has landed, at most so long."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        else:
            await self.clock.sleep(seconds)

    async def drain(self, seconds: float) -> int:
        """Let those in the air finish within the bound; abandon and give back the rest. How many were abandoned."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        left = dict(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        # All of them, also those whose round was cut off between claiming and sending out: nobody else holds any.
        await self.database.write(state.end_all_leases)
        return len(left)
