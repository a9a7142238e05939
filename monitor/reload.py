"""Taking over other settings while everything runs: what SIGHUP and the command `reload` do.

Reads the files again, prepares all that can fail, writes the inventory, and then swaps in one step of the loop. What was begun by
the old settings ends by them. What cannot change without a restart stays as it was, and is named.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from monitor.alert.channels import Channel, open_channels
from monitor.config.settings import Settings
from monitor.control import Control
from monitor.daemon import Daemon
from monitor.desk import handlers
from monitor.jobs import entries, missed_between
from monitor.model import host_of
from monitor.observe.tools import Check, Tools
from monitor.observe.wire import Wire, Wires
from monitor.plan.calendar import Calendar
from monitor.questions import for_programs
from monitor.settle.intake import take_in
from monitor.settle.policy import Policy, policy_of
from monitor.web.server import Desk

FIXED = ("store.path", "web.listen")
"""What holds from start to end: where the store lies, where the desk listens."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Everything made of the new settings before anything is changed."""

    settings: Settings
    policy: Policy
    checks: Mapping[str, Check]
    channels: Mapping[str, Channel]
    wire: Wire


@dataclass(slots=True)
class Parts:
    """What a reload changes, and with what it makes the new."""

    daemon: Daemon
    wires: Wires
    desk: Desk
    control: Control
    reread: Callable[[], Settings]
    checks_for: Callable[[Settings], Mapping[str, Check]]
    tools_by: Callable[[Settings, Wire], Tools]

    async def reload(self) -> tuple[str, ...]:
        """Go on with what the files say now: everything but FIXED, whose changed names are returned.

        On any trouble nothing is changed: raises ConfigError, StoreError, OSError, CannotReload.
        """
        daemon, watch = self.daemon, self.daemon.watch
        fresh = await asyncio.to_thread(self.reread)
        settings, waiting = as_far_as_possible(watch.policy.settings, fresh)
        channels = await asyncio.to_thread(open_channels, settings.channels)
        policy, checks = policy_of(settings), self.checks_for(settings)
        wire = await self.wires.for_settings(settings)
        try:
            await watch.database.write(partial(take_in, policy=policy, now=daemon.clock.now()))
        except BaseException:
            if wire is not self.wires.in_use:
                await wire.close()
            raise
        self._swap(Fresh(settings, policy, checks, channels, wire))
        return waiting

    def take_commands(self, settings: Settings) -> None:
        """Commands answer in the language of these settings, over HTTP in that of who asks."""
        watch, clock = self.daemon.watch, self.daemon.clock
        commands = handlers(watch.database, clock, settings.desk.language, lambda: watch.policy)
        self.control.handlers = commands | {"reload": self.daemon.asked_to_reload}
        self.desk.api.commands = for_programs(watch.database, clock, lambda: watch.policy)

    def _swap(self, fresh: Fresh) -> None:
        """In one step of the loop: no visit and no message starts with some of the old and some of the new."""
        daemon, watch, settings = self.daemon, self.daemon.watch, fresh.settings
        before = watch.policy.settings
        watch.checks, watch.policy, self.desk.settings = fresh.checks, fresh.policy, settings
        daemon.flights.slots = settings.fetch.concurrency
        daemon.deliverer.reconfigure(fresh.channels, settings)
        daemon.distress.go_by(settings, fresh.channels, fresh.policy.recipients)
        self.take_commands(settings)
        if fresh.wire is not self.wires.in_use:
            hosts = {host_of(target.url) for target in settings.targets}
            self.wires.use(fresh.wire, hosts, _landed(daemon.flights.in_the_air()))
            watch.reference, watch.tools = fresh.wire.reference, self.tools_by(settings, fresh.wire)
        for bell in (watch.rounds, watch.deliveries, watch.network):  # what they sleep until may have changed
            bell.ring()
        if settings.alert.digest_at != before.alert.digest_at:
            self._turn_calendar(before, settings)

    def _turn_calendar(self, before: Settings, settings: Settings) -> None:
        daemon, jobs = self.daemon, entries(self.daemon.watch, self.daemon.status)
        old, daemon.calendar = daemon.calendar, Calendar(jobs, daemon.clock)
        daemon.calendar.start()
        daemon.begin(old.close(daemon.drain_seconds))
        if missed_between(before.alert.digest_at, settings.alert.digest_at, now := daemon.clock.now()):
            daemon.begin(jobs["digest"].job(now))


def as_far_as_possible(running: Settings, fresh: Settings) -> tuple[Settings, tuple[str, ...]]:
    """The fresh settings with what cannot change as it was, and the names of that."""
    waiting = tuple(name for name in FIXED if attrgetter(name)(running) != attrgetter(name)(fresh))
    web = fresh.web.model_copy(update={"listen": running.web.listen})
    store = fresh.store.model_copy(update={"path": running.store.path})
    desk = fresh.desk
    if desk.address == f"http://{fresh.web.listen}":  # not given, but derived: it goes by where the desk really listens
        desk = desk.model_copy(update={"address": f"http://{web.listen}"})
    return fresh.model_copy(update={"web": web, "store": store, "desk": desk}), waiting


async def _landed(visits: "set[asyncio.Task[None]]") -> None:
    """Comes when these have ended."""
    if visits:
        await asyncio.wait(visits)
