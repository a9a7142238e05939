"""What goes on over and over: rounds, deliveries, our own network, calls past a store that fails.

Each loop sleeps until what the store has planned, or until its bell rings; none of them looks whether there is something to
do. The daemon runs them under signals and doors, a rehearsal in virtual time with other waits. A store that fails is our
trouble: shown, told and tried again, never a verdict.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog

from monitor import service
from monitor.alert.deliver import Deliverer
from monitor.alert.distress import CALM, Distress
from monitor.clock import SHANGHAI, Clock
from monitor.pipeline import Opened, Watch, run_round
from monitor.plan.bell import Bell
from monitor.plan.tick import Flights
from monitor.settle.ours import was_down
from monitor.store.database import StoreError
from monitor.store.state import next_try
from monitor.timekeeper import Timekeeper
from monitor.uplink import OwnNetwork
from monitor.web.status import Status

BLIND_EVERY = 2.0
"""Seconds between looks whether our own network is back; how often the reference hosts are asked, they know themselves."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The longest and shortest waits of the loops, in seconds."""

    batch: float = 0.05  # from when something is due to the round: long enough to claim in batches
    pulse: float = 10.0  # between rounds when nothing is due: the heartbeat must come every 20 s (DESIGN.md §5.18)
    outbox: float = 0.5  # between tries while what is due waits for its channel's budget
    network: float = 30.0  # between looks after our own network while all is well
    retry: float = 1.0  # until a store that failed is tried again
    calls: float = 2.0  # between looks whether people must be told past the store, while it fails


@dataclass(slots=True)
class Loops:
    """The loops and what they share."""

    watch: Watch
    flights: Flights
    deliverer: Deliverer
    status: Status
    clock: Clock
    distress: Distress
    network: OwnNetwork
    pace: Pace = Pace()
    timekeeper: Timekeeper = field(init=False)
    turned: float = 0.0  # when the rounds last turned, by the monotonic clock
    _troubled: Bell = field(default_factory=Bell)
    log: structlog.stdlib.BoundLogger = field(default_factory=partial(structlog.get_logger, "daemon"))

    def __post_init__(self) -> None:
        """Nothing is claimed, judged or settled by a clock that nobody minds."""
        self.timekeeper = Timekeeper(self.watch, self.status, self.clock)
        self.watch.mind_the_clock = self.timekeeper.look

    def all(self) -> tuple[Callable[[], Coroutine[None, None, None]], ...]:
        """To be run side by side, until they are cancelled."""
        return (self.rounds, self.deliveries, self.uplink, self.calls)

    async def first_round(self) -> None:
        """Before anybody is told that we watch. Raises StoreError."""
        await run_round(self.watch, self.flights)
        await self._came_round()

    async def rounds(self) -> None:
        """Claim, visit, settle, over and over."""
        while True:
            room = self.flights.room()
            try:
                opened = await run_round(self.watch, self.flights)
                await self._came_round()
                if len(opened.claims) < room:
                    await self._rest(opened)
                elif self.flights.room() == 0:
                    await self.flights.wait(self.pace.pulse)
                await self.clock.sleep(self.pace.batch)
            except StoreError as error:
                self.turned = self.clock.monotonic()
                self._store_failed(error)
                await self.clock.sleep(self.pace.retry)

    async def _rest(self, opened: Opened) -> None:
        """Until the next thing is due, or is said to be."""
        now = self.clock.now()
        if now < opened.at:
            return  # the clock was set back since: the next round sees to it, what was planned is by the old one
        pulse = self.pace.pulse if self.distress.error is None else min(self.pace.pulse, CALM)
        latest = now + timedelta(seconds=pulse)
        await self.watch.rounds.sleep_until(latest if opened.wake is None else min(opened.wake, latest), self.clock)

    async def deliveries(self) -> None:
        """Send what waits, as fast as the budgets allow."""
        while True:
            seconds = self.pace.outbox
            try:
                await self.timekeeper.look()
                if await self.deliverer.run_once(self.clock.now()):
                    await self.clock.sleep(self.pace.batch)
                    continue
                next_at = await self.watch.database.read(next_try)
            except StoreError as error:
                self._store_failed(error)
            else:
                left = self.pace.pulse if next_at is None else (next_at - self.clock.now()).total_seconds()
                seconds = min(max(left, self.pace.outbox), self.pace.pulse)
            await self.watch.deliveries.wait(self.clock, seconds)

    async def uplink(self) -> None:
        """Look after our own network: whether the reference hosts can tell of it, and whether it is back."""
        while True:
            try:
                await self.network.turn()
            except StoreError as error:
                self._store_failed(error)
            await self.watch.network.wait(self.clock, BLIND_EVERY if self.status.uplink_blind else self.pace.network)

    async def calls(self) -> None:
        """Tell people of a store that cannot be written."""
        while True:
            await self._troubled.wait(self.clock, self.pace.pulse)
            while self.distress.error is not None:
                await self.clock.sleep(self.pace.calls)
                await self.distress.call()

    async def _came_round(self) -> None:
        self.turned = self.clock.monotonic()
        self.status.last_round_at = self.clock.now()
        self.status.rounds += 1
        self.status.in_flight = len(self.flights)
        self.status.visits = self.flights.finished
        if self.flights.failed is not None:
            self._store_failed(self.flights.failed)
        elif self.distress.is_over:
            await self._store_is_well()

    def _store_failed(self, error: StoreError) -> None:
        if self.distress.failed(str(error)):
            self.log.error("store.failed", error=str(error))
            self.status.store_error_at = self.clock.now()
            service.status(f"the store cannot be written: {error}")
            self._troubled.ring()
        self.status.store_error = str(error)

    async def _store_is_well(self) -> None:
        """All goes on; what lasted is an incident of ours, from its beginning on."""
        trouble, error, since = self.distress.trouble, self.distress.error, self.distress.since
        if self.distress.is_grave and error is not None and since is not None:
            policy, now = self.watch.policy, self.clock.now()
            learn = partial(was_down, trouble=trouble, error=error, since=since, policy=policy, now=now)
            await self.watch.database.write(learn)
        self.distress.end()
        self.status.store_error = self.status.store_error_at = None
        self.log.info(
            "store.well_again",
            failed_since=None if since is None else since.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        )
        service.status(self.watching())

    def watching(self) -> str:
        """The line that `systemctl status` shows."""
        since = self.status.started_at.astimezone(SHANGHAI)
        return f"watching {len(self.watch.policy.settings.targets):,} targets since {since:%Y-%m-%d %H:%M} (+08:00)"
