"""The long-running process: its doors, its signals, its orderly end, around the loops of loops.py.

SIGHUP validates first and then swaps; SIGTERM drains: visits finish or are abandoned unrecorded, deliveries are
acknowledged or given back. The watchdog of systemd is fed as long as the rounds really turn.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from monitor import service
from monitor.alert.deliver import Deliverer
from monitor.alert.distress import Distress
from monitor.clock import Clock
from monitor.config.problems import ConfigError
from monitor.loops import Loops
from monitor.pipeline import Watch
from monitor.plan.calendar import Calendar
from monitor.plan.tick import Flights
from monitor.render import translate
from monitor.store.database import StoreError
from monitor.web.status import Status

DRAIN = 20.0
"""Seconds visits get to finish on shutdown; systemd waits 60."""
PULSE = 60.0
"""Seconds without a turn of the rounds after which the watchdog is no longer fed. A turn the store refused is one too: no
restart makes room on a disk, and each loses what is in the air."""
STOPPING = "the daemon is stopping"


class CannotStart(Exception):
    """A door the daemon needs does not open: its address is taken, its folder not writable."""


class CannotReload(Exception):
    """The settings cannot be taken over; the words say why. The running set goes on."""


@dataclass(slots=True)
class Daemon:
    """Everything that runs, put together by app.py."""

    loops: Loops
    calendar: Calendar
    reload: Callable[[], Awaitable[tuple[str, ...]]]  # returns what waits for a restart; raises, and changes nothing
    doors: tuple[tuple[str, Callable[[], Awaitable[None]], Callable[[], Awaitable[None]]], ...]  # name, start, close
    on_ready: Callable[[], None] = lambda: None  # called once, when it watches
    drain_seconds: float = DRAIN
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    _began: asyncio.Event = field(default_factory=asyncio.Event)
    _aside: "set[asyncio.Future[Any]]" = field(default_factory=set)  # reloads and what they began
    _one_reload: asyncio.Lock = field(default_factory=asyncio.Lock)
    log: structlog.stdlib.BoundLogger = field(default_factory=partial(structlog.get_logger, "daemon"))

    @property
    def watch(self) -> Watch:
        """What the loops work with."""
        return self.loops.watch

    @property
    def flights(self) -> Flights:
        """The visits under way."""
        return self.loops.flights

    @property
    def deliverer(self) -> Deliverer:
        """What sends."""
        return self.loops.deliverer

    @property
    def distress(self) -> Distress:
        """What calls past a store that fails."""
        return self.loops.distress

    @property
    def status(self) -> Status:
        """What the desk and /healthz show of us."""
        return self.loops.status

    @property
    def clock(self) -> Clock:
        """What we go by."""
        return self.loops.clock

    async def run(self) -> None:
        """Until told to stop."""
        self._listen_to_signals()
        async with AsyncExitStack() as open_doors:
            for name, start, close in self.doors:
                await _opened(name, start)
                open_doors.push_async_callback(partial(self._close, name, close))
            self.calendar.start()
            await self.loops.first_round()
            every = (*self.loops.all(), self.watchdog)
            loops = [asyncio.create_task(loop(), name=loop.__name__) for loop in every]
            self.status.ready = True
            self._began.set()
            service.ready(self.loops.watching())
            self.on_ready()
            stopped = asyncio.create_task(self.stop.wait())
            done, _ = await asyncio.wait([stopped, *loops], return_when=asyncio.FIRST_COMPLETED)
            broken = [task for task in done - {stopped} if task.exception() is not None]
            for task in broken:
                self.log.error("daemon.loop_broke", loop=task.get_name(), exc_info=task.exception())
            await self._drain(loops)
            for task in broken:
                task.result()

    async def watchdog(self) -> None:
        """Tell systemd we are alive, as long as the rounds really turn."""
        while not self.stop.is_set():
            if self.clock.monotonic() - self.loops.turned < PULSE:
                service.alive()
            await self.clock.sleep(self.loops.pace.pulse / 2)

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
                language = self.watch.policy.settings.desk.language
                said = (one.at_its_place(translate(one.words, language, verbatim=True)) for one in error.problems)
                self._reload_refused(tuple(said))
            except (StoreError, OSError, CannotReload) as error:
                self._reload_refused((str(error),))
            else:
                self.status.reload_problems, self.status.reload_refused_at = (), None
                self.status.waiting, self.status.loaded_at = waiting, self.clock.now()
                self.log.info("reload.done", targets=len(self.watch.policy.settings.targets))
                if waiting:
                    self.log.warning("reload.needs_restart", for_settings=waiting)
            service.ready(self.loops.watching())

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
