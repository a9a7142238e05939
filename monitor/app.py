"""The composition root: everything is put together here and handed in. The only importer of `checks`.

`assemble` makes a Daemon from settings; `run` is the daemon's life from files to the last goodbye. Tests, the demo and the
command line build what they need with the same functions.
"""

import asyncio
import importlib
import inspect
import pkgutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, Field, dataclass, fields
from datetime import datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, get_type_hints

import structlog

import checks
from monitor.alert.channels import accepts, open_channels
from monitor.alert.deliver import Deliverer
from monitor.api import Context, Finding, Target, TargetKind
from monitor.clock import Clock, SystemClock
from monitor.config.load import load
from monitor.config.options import options_for
from monitor.config.settings import CadenceSettings, FetchSettings, Settings
from monitor.control import Control
from monitor.daemon import Daemon
from monitor.desk import handlers
from monitor.jobs import entries
from monitor.model import Certificate
from monitor.observe.dns import Resolver
from monitor.observe.feedworker import FeedReader
from monitor.observe.fetch import Fetcher, FetchLimits
from monitor.observe.gates import Gates
from monitor.observe.guard import Guard
from monitor.observe.reference import Reference
from monitor.observe.tls import certificate
from monitor.observe.visit import Check, Tools
from monitor.pipeline import Watch
from monitor.plan.calendar import Calendar
from monitor.plan.suspects import Suspects
from monitor.plan.tick import Flights
from monitor.settle.judging import retire
from monitor.settle.ours import set_aside
from monitor.settle.policy import Policy, policy_of
from monitor.store import rules, state, targets
from monitor.store.database import Database, StoreError
from monitor.web.server import Desk
from monitor.web.status import Status


def discover() -> dict[str, type]:
    """Every check of the folder and its Options class; a file that does not keep the contract is refused by name."""
    return {name: _module_options(name) for name in _names()}


def _names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(checks.__path__))


def _module_options(name: str) -> type:
    module = importlib.import_module(f"checks.{name}")
    options, check = getattr(module, "Options", None), getattr(module, "check", None)
    if not isinstance(options, type) or not inspect.iscoroutinefunction(check):
        raise TypeError(f"checks/{name}.py: needs a class Options and `async def check(target, ctx)`")
    wanted = {"target": Target[options], "ctx": Context, "return": list[Finding]}  # type: ignore[valid-type]
    if get_type_hints(check) != wanted:
        raise TypeError(f"checks/{name}.py: check must be (target: Target[Options], ctx: Context) -> list[Finding]")
    shape: Any = getattr(options, "__dataclass_params__", None)
    if shape is None or not shape.frozen or any(_has_no_default(field) for field in fields(options)):
        raise TypeError(f"checks/{name}.py: Options must be a frozen dataclass, every field with a default")
    kinds, cadence = getattr(module, "KINDS", None), getattr(module, "CADENCE", None)
    if not isinstance(kinds, frozenset) or not kinds or not kinds <= frozenset(TargetKind):
        raise TypeError(f"checks/{name}.py: KINDS must be a frozenset of TargetKind, not empty")
    if cadence is not None and cadence not in CadenceSettings.model_fields:
        raise TypeError(f"checks/{name}.py: CADENCE must be a key of [cadence], not {cadence!r}")
    return options


def _has_no_default(field: "Field[object]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def checks_for(settings: Settings) -> dict[str, Check]:
    """The checks with the options of these settings; those with a cadence of their own come last."""
    made = [_check(name, options, settings) for name, options in discover().items()]
    return {check.name: check for check in sorted(made, key=lambda check: (check.cadence is not None, check.name))}


def _check(name: str, options: type, settings: Settings) -> Check:
    module = importlib.import_module(f"checks.{name}")
    bound = partial(options_for, name, options, settings.check_options)
    return Check(name, module.KINDS, getattr(module, "CADENCE", None), bound, module.check)


def load_settings(path: Path | None) -> Settings:
    """The settings with checks and channels known; raises ConfigError with every problem.

    A desk without an address of its own is reached where it listens: alerts must not name another.
    """
    settings = load(path, checks=discover(), accepts=accepts)
    listen = settings.web.listen
    if "address" in settings.desk.model_fields_set or listen.endswith(":0"):
        return settings
    desk = settings.desk.model_copy(update={"address": f"http://{listen}"})
    return settings.model_copy(update={"desk": desk})


@dataclass(slots=True)
class Eyes:
    """What looks over the network, and how to put it away."""

    tools: Tools
    reference: Reference
    close: Callable[[], Awaitable[None]]


def open_eyes(settings: Settings, clock: Clock, suspects: Suspects | None) -> Eyes:
    """Fetcher, resolver, feed reader and reference hosts by these settings."""
    told = settings.fetch
    guard = Guard(settings.guard.allow)
    resolver = Resolver(settings.resolver.nameservers, settings.resolver.timeout.total_seconds())
    fetcher = Fetcher(_limits(told), clock, resolver, guard)
    feeds = FeedReader()
    gates = Gates(clock, concurrency=told.concurrency, per_host=told.per_host, pace=told.pace.total_seconds())
    reference = Reference(settings.reference.urls, settings.reference.at_least, fetcher.fetch)

    async def look(url: str) -> Certificate:
        seconds = told.timeout.total_seconds()
        proxy = told.proxy
        return await certificate(url, resolver, guard, seconds, told.ca_file, now=clock.now(), proxy=proxy)

    idle = suspects or Suspects(Path("unused"))
    tools = Tools(clock, fetcher, feeds, look, resolver.resolve, gates.slot, gates.penalise, idle.hold, told.max_feed)

    async def close() -> None:
        await fetcher.close()
        await feeds.close()
        await resolver.close()

    return Eyes(tools, reference, close)


def _limits(told: FetchSettings) -> FetchLimits:
    return FetchLimits(
        timeout=told.timeout.total_seconds(),
        slow=told.slow.total_seconds(),
        connect_timeout=told.connect_timeout.total_seconds(),
        max_body=told.max_body,
        user_agent=told.user_agent,
        proxy=told.proxy,
        ca_file=told.ca_file,
    )


def _go_on(_place: str) -> None:
    return


async def take_in(database: Database, settings: Settings, policy: Policy, now: datetime) -> None:
    """The inventory and the rules of these settings into the store: all of it or, when the process dies, nothing."""

    def take(tx: sqlite3.Connection) -> None:
        synced = targets.sync(tx, settings.targets, policy.periods, now)
        retire(tx, (*synced.removed, *synced.orphaned), policy, now)
        rules.remember(tx, policy.rules.values(), now)

    await database.write(take)


async def assemble(
    settings: Settings, clock: Clock, reread: Callable[[], Settings], checkpoint: Callable[[str], None] = _go_on
) -> Daemon:
    """Open the store and put the daemon together. Raises StoreError when the store refuses.

    `checkpoint` is called at named places between the steps, for tests that end the process there.
    """
    with _trouble_of_the_store(settings.store.path.parent):
        settings.store.path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.store.path)
    await database.open()
    now, policy = clock.now(), policy_of(settings)
    suspects = Suspects(settings.store.path.parent / "in-hand")
    with _trouble_of_the_store(suspects.path):
        status = Status(now, loaded_at=now, set_aside=tuple(suspects.open()))
    await database.write(lambda tx: targets.end_leases(tx, now))
    await database.write(lambda tx: state.end_delivery_leases(tx, now))
    await take_in(database, settings, policy, now)
    await database.write(lambda tx: targets.spread_overdue(tx, now))
    for name in status.set_aside:
        await database.write(partial(set_aside, target_id=name, policy=policy, now=now))
    eyes = open_eyes(settings, clock, suspects)
    watch = Watch(database, eyes.tools, checks_for(settings), policy, eyes.reference, checkpoint)
    flights = Flights(database, clock, settings.fetch.concurrency)
    channels = await asyncio.to_thread(open_channels, settings.channels)  # apprise takes 1.5 s to load
    deliverer = Deliverer(database, channels, clock, settings, checkpoint=checkpoint, log=structlog.get_logger("alert"))
    desk = Desk(database, status, settings, clock)

    async def reload() -> None:
        fresh = await asyncio.to_thread(reread)
        _name_what_waits(settings, fresh)
        await swap(watch, deliverer, desk, fresh, clock)

    daemon = Daemon(watch, flights, deliverer, Calendar({}, clock), status, clock, reload, doors=())
    daemon.calendar = Calendar(entries(watch, status), clock)
    commands = handlers(database, clock, settings.desk.language) | {"reload": daemon.asked_to_reload}
    control = Control(settings.store.path.parent / "control.sock", commands)

    async def close_store() -> None:
        await eyes.close()
        await database.close()
        suspects.close()

    daemon.doors = (
        ("store", _nothing, close_store),
        ("web", desk.start, desk.close),
        ("control", control.start, control.close),
    )
    return daemon


@contextmanager
def _trouble_of_the_store(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{place}: {error.strerror or error}") from error


FIXED = ("store.path", "web", "guard", "resolver", "reference", "fetch", "alert.digest_at")
"""What holds from start to end: where the store lies, what listens, what looks over the network, the calendar."""


def _name_what_waits(started: Settings, fresh: Settings) -> None:
    """Say in the log what was changed in the files and needs a restart."""
    if waiting := [name for name in FIXED if attrgetter(name)(started) != attrgetter(name)(fresh)]:
        structlog.get_logger("daemon").warning("reload.needs_restart", for_settings=waiting)


async def swap(watch: Watch, deliverer: Deliverer, desk: Desk, fresh: Settings, clock: Clock) -> None:
    """Go on with other settings; those of FIXED stay what they were at the start."""
    policy = policy_of(fresh)
    await take_in(watch.database, fresh, policy, clock.now())
    await deliverer.reconfigure(await asyncio.to_thread(open_channels, fresh.channels), fresh)
    watch.checks, watch.policy = checks_for(fresh), policy
    desk.settings = fresh


async def _nothing() -> None:
    return


def run(config: Path | None) -> None:
    """The daemon's whole life; returns after an orderly end. Raises ConfigError or StoreError before anything starts."""
    settings = load_settings(config)
    clock = SystemClock()

    async def live() -> None:
        daemon = await assemble(settings, clock, partial(load_settings, config))
        await daemon.run()

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(live())


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The loop of uvloop where it is installed: 10 to 30 % more looks a second (libraries.md §2)."""
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        return None
    made: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return made
