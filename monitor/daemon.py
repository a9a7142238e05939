"""The long-running process: its loops, its signals, its orderly end.

Five loops on one event loop: rounds (plan, visit, settle), deliveries, our own uplink, calls past a store that fails, the
watchdog. SIGHUP validates first and then swaps; SIGTERM drains: visits finish or are abandoned unrecorded, deliveries
are acknowledged or given back. A store that fails is our trouble: shown, told and tried again, never a verdict.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from monitor import service
from monitor.alert.deliver import Deliverer
from monitor.alert.distress import Distress
from monitor.clock import SHANGHAI, Clock
from monitor.config.problems import ConfigError
from monitor.pipeline import Watch, run_round
from monitor.plan.calendar import Calendar
from monitor.plan.tick import Flights
from monitor.settle.ours import was_down
from monitor.store.database import StoreError
from monitor.store.state import next_wake
from monitor.uplink import OwnNetwork
from monitor.web.status import Status

SHORTEST = 0.05
"""Seconds between rounds when much is due: long enough to claim in batches."""
LONGEST = 10.0
"""Seconds between rounds when nothing is due: the heartbeat must come at least every 20 s (DESIGN.md §5.18)."""
DRAIN = 20.0
"""Seconds visits get to finish on shutdown; systemd waits 60."""
PULSE = 60.0
"""Seconds without a turn of the rounds after which the watchdog is no longer fed. A turn the store refused is one too: no
restart makes room on a disk, and each loses what is in the air."""
CALLS_EVERY = 2.0
"""Seconds between looks whether people must be told of the store past the store."""
UPLINK_EVERY = 2.0
"""Seconds between looks whether our own network is blind; how often the reference hosts are asked, they know themselves."""

STOPPING = "the daemon is stopping"


class CannotStart(Exception):
    """A door the daemon needs does not open: its address is taken, its folder not writable."""


class CannotReload(Exception):
    """The settings cannot be taken over; the words say why. The running set goes on."""


@dataclass(slots=True)
class Daemon:
    """Everything that runs, put together by app.py."""

    watch: Watch
    flights: Flights
    deliverer: Deliverer
    calendar: Calendar
    status: Status
    clock: Clock
    reload: Callable[[], Awaitable[tuple[str, ...]]]  # returns what waits for a restart; raises, and changes nothing
    doors: tuple[tuple[str, Callable[[], Awaitable[None]], Callable[[], Awaitable[None]]], ...]  # name, start, close
    distress: Distress
    network: OwnNetwork
    on_ready: Callable[[], None] = lambda: None  # called once, when it watches
    drain_seconds: float = DRAIN
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    _began: asyncio.Event = field(default_factory=asyncio.Event)
    _turned: float = 0.0  # when the rounds last turned, by the monotonic clock
    _aside: "set[asyncio.Future[Any]]" = field(default_factory=set)  # reloads and what they began
    _one_reload: asyncio.Lock = field(default_factory=asyncio.Lock)
    log: structlog.stdlib.BoundLogger = field(default_factory=partial(structlog.get_logger, "daemon"))

    async def run(self) -> None:
        """Until told to stop."""
        self._listen_to_signals()
        async with AsyncExitStack() as open_doors:
            for name, start, close in self.doors:
                await _opened(name, start)
                open_doors.push_async_callback(partial(self._close, name, close))
            self.calendar.start()
            await run_round(self.watch, self.flights)
            await self._came_round()
            loops = [asyncio.create_task(loop(), name=loop.__name__) for loop in self._loops()]
            self.status.ready = True
            self._began.set()
            service.ready(self._watching())
            self.on_ready()
            stopped = asyncio.create_task(self.stop.wait())
            done, _ = await asyncio.wait([stopped, *loops], return_when=asyncio.FIRST_COMPLETED)
            broken = [task for task in done - {stopped} if task.exception() is not None]
            for task in broken:
                self.log.error("daemon.loop_broke", loop=task.get_name(), exc_info=task.exception())
            await self._drain(loops)
            for task in broken:
                task.result()

    def _watching(self) -> str:
        """The line that `systemctl status` shows."""
        since = self.status.started_at.astimezone(SHANGHAI)
        return f"watching {len(self.watch.policy.settings.targets):,} targets since {since:%Y-%m-%d %H:%M} (+08:00)"

    def _loops(self) -> tuple[Callable[[], Coroutine[None, None, None]], ...]:
        return (self.rounds, self.deliveries, self.uplink, self.calls, self.watchdog)

    async def rounds(self) -> None:
        """Claim, visit, settle, over and over."""
        while not self.stop.is_set():
            try:
                claimed = await run_round(self.watch, self.flights)
                await self._came_round()
            except StoreError as error:
                self._turned = self.clock.monotonic()
                self._store_failed(error)
                await self.clock.sleep(1.0)
                continue
            await self.clock.sleep(SHORTEST)
            if claimed == 0 or self.flights.room() == 0:
                await self.flights.wait(await self._pause())

    async def _pause(self) -> float:
        """Seconds until the next thing is due, or a visit lands."""
        try:
            wake = await self.watch.database.read(next_wake)
        except StoreError as error:
            self._store_failed(error)
            return 1.0
        if wake is None:
            return LONGEST
        return min(LONGEST, max(SHORTEST, (wake - self.clock.now()).total_seconds()))

    async def deliveries(self) -> None:
        """Send what waits, as fast as the budgets allow."""
        while not self.stop.is_set():
            try:
                sent = await self.deliverer.run_once(self.clock.now())
            except StoreError as error:
                self._store_failed(error)
                sent = 0
            await self.clock.sleep(SHORTEST if sent else 0.5)

    async def uplink(self) -> None:
        """Look after our own network: whether the reference hosts can tell of it, and whether it is back."""
        while not self.stop.is_set():
            try:
                await self.network.turn()
            except StoreError as error:
                self._store_failed(error)
            await self.clock.sleep(UPLINK_EVERY)

    async def calls(self) -> None:
        """Tell people of a store that cannot be written."""
        while not self.stop.is_set():
            await self.clock.sleep(CALLS_EVERY)
            await self.distress.call()

    async def watchdog(self) -> None:
        """Tell systemd we are alive, as long as the rounds really turn."""
        while not self.stop.is_set():
            if self.clock.monotonic() - self._turned < PULSE:
                service.alive()
            await self.clock.sleep(LONGEST / 2)

    async def _came_round(self) -> None:
        self._turned = self.clock.monotonic()
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
        service.status(self._watching())

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload_soon)

    def _reload_soon(self) -> None:
        self.begin(self._take_over())

    def begin(self, work: Awaitable[object]) -> None:
        """Work beside the loops, which ends with them."""
        self._go_along(asyncio.ensure_future(work))

    def _go_along(self, task: "asyncio.Future[Any]") -> None:
        self._aside.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Future[Any]") -> None:
        self._aside.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.log.error("daemon.aside_failed", error=str(error), exc_info=error)

    async def take_over(self) -> tuple[str, ...]:
        """Validate the files and swap; on any problem the running set goes on. Returns the problems."""
        task = asyncio.ensure_future(self._take_over())
        self._go_along(task)  # not the asker's own: it ends with the daemon, and not with the asker
        await asyncio.wait((task,))
        return (STOPPING,) if task.cancelled() or self.stop.is_set() else self.status.reload_problems

    async def _take_over(self) -> None:
        await self._began.wait()
        async with self._one_reload:  # who comes second reads what the file holds then
            if self.stop.is_set():
                return
            service.reloading()
            try:
                waiting = await self.reload()
            except ConfigError as error:
                self._reload_refused(tuple(str(problem) for problem in error.problems))
            except (StoreError, OSError, CannotReload) as error:
                self._reload_refused((str(error),))
            else:
                self.status.reload_problems, self.status.reload_refused_at = (), None
                self.status.waiting, self.status.loaded_at = waiting, self.clock.now()
                self.log.info("reload.done", targets=len(self.watch.policy.settings.targets))
                if waiting:
                    self.log.warning("reload.needs_restart", for_settings=waiting)
            service.ready(self._watching())

    def _reload_refused(self, problems: tuple[str, ...]) -> None:
        self.status.reload_problems, self.status.reload_refused_at = problems, self.clock.now()
        self.log.warning("reload.refused", problems=problems)

    async def asked_to_reload(self, _args: Mapping[str, object]) -> object:
        """The same over the control socket."""
        problems = await self.take_over()
        return {"problems": list(problems), "needs_restart": list(self.status.waiting)}

    async def _drain(self, loops: list["asyncio.Task[None]"]) -> None:
        self.status.stopping = True
        service.stopping()
        self.stop.set()
        working: list[asyncio.Future[Any]] = [*loops, *self._aside]
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        # Side by side: what each may take is the bound of them all.
        ends = (self.calendar.close, self.flights.drain, self.deliverer.drain)
        ended = await asyncio.gather(*(end(self.drain_seconds) for end in ends), return_exceptions=True)
        for trouble in (one for one in ended if isinstance(one, BaseException)):
            # A store that cannot be written keeps leases and claims: the next start ends them.
            self.log.error("drain.failed", error=str(trouble))
        abandoned = ended[1] if isinstance(ended[1], int) else None
        self.log.info("daemon.drained", abandoned=abandoned, visits=self.flights.finished)

    async def _close(self, name: str, close: Callable[[], Awaitable[None]]) -> None:
        try:
            await close()
        except (OSError, StoreError) as error:
            self.log.warning("daemon.close_failed", door=name, error=str(error))


async def _opened(name: str, start: Callable[[], Awaitable[None]]) -> None:
    try:
        await start()
    except OSError as error:
        raise CannotStart(f"{name}: {error.strerror or error}") from error
