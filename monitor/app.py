"""The composition root: everything is put together here and handed in. The only importer of `checks`.

`assemble` makes a Daemon from settings; `run` is the daemon's life from files to the last goodbye. Tests, the demo and the
command line build what they need with the same functions.
"""

import asyncio
import importlib
import inspect
import pkgutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, Field, dataclass, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, get_type_hints

import structlog

import checks
from monitor.alert.channels import accepts, open_channels
from monitor.alert.deliver import Deliverer
from monitor.alert.distress import Distress
from monitor.api import Context, Finding, Target, TargetKind
from monitor.clock import Clock, SystemClock
from monitor.config.load import load
from monitor.config.options import options_for
from monitor.config.problems import ConfigError
from monitor.config.settings import CadenceSettings, Settings
from monitor.control import Control
from monitor.daemon import CannotReload, CannotStart, Daemon
from monitor.jobs import entries
from monitor.judge.workdays import built_in
from monitor.life import live
from monitor.loops import Loops
from monitor.observe.feedworker import FeedReader
from monitor.observe.tools import Check, Tools, no_letters, nothing, nothing_filed
from monitor.observe.wire import Wire, Wires
from monitor.pipeline import Watch
from monitor.plan.calendar import Calendar
from monitor.plan.suspects import Suspects
from monitor.plan.tick import Flights
from monitor.reload import Parts
from monitor.settle.clock import catch_up
from monitor.settle.intake import take_in
from monitor.settle.ours import set_aside
from monitor.settle.policy import Policy, policy_of
from monitor.store import letters, state, targets
from monitor.store.database import Database, StoreError
from monitor.store.declarations import declared_in
from monitor.store.references import remembered
from monitor.store.seen import earlier_in
from monitor.uplink import OwnNetwork
from monitor.web.server import Desk
from monitor.web.status import Status


def discover() -> dict[str, type]:
    """Every check of the folder and its Options class; a file that does not keep the contract is refused by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(checks.__path__))
    return {name: _module_options(name) for name in names}


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
    second_look, on_filing = (getattr(module, name, False) for name in ("SECOND_LOOK", "ON_FILING"))
    return Check(name, module.KINDS, getattr(module, "CADENCE", None), bound, module.check, second_look, on_filing)


def load_settings(path: Path | None, staged: Path | None = None) -> Settings:
    """The settings with checks and channels known; raises ConfigError with every problem.

    `staged` is read for the imported inventory file. A desk without an address of its own is reached where it listens: alerts must not name another.
    """
    settings = load(path, checks=discover(), accepts=accepts, staged=staged, builtin=built_in)
    listen = settings.web.listen
    if "address" in settings.desk.model_fields_set or listen.endswith(":0"):
        return settings
    desk = settings.desk.model_copy(update={"address": f"http://{listen}"})
    return settings.model_copy(update={"desk": desk})


@dataclass(slots=True)
class Eyes:
    """What looks over the network, and how to put it away."""

    tools: Tools
    close: Callable[[], Awaitable[None]]


def open_eyes(settings: Settings, clock: Clock, suspects: Suspects | None) -> Eyes:
    """Fetcher, resolver and feed reader by these settings."""
    wire, feeds = Wire(settings, clock), FeedReader()

    async def close() -> None:
        await wire.close()
        await feeds.close()

    return Eyes(_tools(wire, feeds, settings, clock, suspects or Suspects(Path("unused"))), close)


def _tools(  # noqa: PLR0917 - what a visit works with
    wire: Wire, feeds: FeedReader, settings: Settings, clock: Clock, suspects: Suspects, store: Database | None = None
) -> Tools:
    return Tools(
        clock=clock,
        fetcher=wire.fetcher,
        feeds=feeds,
        certificate=wire.certificate,
        resolve=wire.resolver.resolve,
        slot=wire.gates.slot,
        penalise=wire.gates.penalise,
        suspect=suspects.hold,
        max_feed=settings.fetch.max_feed,
        earlier=nothing if store is None else partial(earlier_in, store),
        declared=nothing_filed if store is None else partial(declared_in, store),
        letters=no_letters if store is None else partial(letters.letters_in, store),
    )


def _go_on(_place: str) -> None:
    return


async def assemble(
    settings: Settings, clock: Clock, reread: Callable[[], Settings], checkpoint: Callable[[str], None] = _go_on
) -> Daemon:
    """Open the store and put the daemon together. Raises StoreError when the store refuses, CannotStart.

    `checkpoint` is called at named places between the steps, for tests that end the process there.
    """
    with _trouble_of_the_store(settings.store.path.parent):
        settings.store.path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.store.path)
    await database.open()
    try:
        return await _assemble(database, settings, clock, reread, checkpoint)
    except BaseException:
        await database.close()
        raise


async def _assemble(
    database: Database,
    settings: Settings,
    clock: Clock,
    reread: Callable[[], Settings],
    checkpoint: Callable[[str], None],
) -> Daemon:
    now, policy = clock.now(), policy_of(settings)
    suspects = Suspects(settings.store.path.parent / "in-hand")
    with _trouble_of_the_store(suspects.path):
        status = Status(now, loaded_at=now, set_aside=tuple(suspects.open()))
    answered = await database.write(partial(begin, policy=policy, aside=status.set_aside, now=now))
    wires, feeds = await _open_wires(settings, clock, answered), FeedReader()
    tools = _tools(wires.in_use, feeds, settings, clock, suspects, database)
    watch = Watch(database, tools, checks_for(settings), policy, wires.in_use.reference, checkpoint)
    channels = await asyncio.to_thread(open_channels, settings.channels)  # apprise takes 1.5 s to load
    desk, distress = Desk(database, status, settings, clock), Distress(clock)
    distress.go_by(settings, channels, policy.recipients)
    control = Control(settings.store.path.parent / "control.sock", {})

    async def close_store() -> None:
        await wires.close()
        await feeds.close()
        await database.close()
        suspects.close()

    loops = Loops(
        watch=watch,
        flights=Flights(database, clock, settings.fetch.concurrency),
        deliverer=Deliverer(
            database, channels, clock, settings, checkpoint=checkpoint, log=structlog.get_logger("alert")
        ),
        status=status,
        clock=clock,
        distress=distress,
        network=OwnNetwork(watch, status, clock, answered),
    )
    doors = (
        ("store", _nothing, close_store),
        ("web", desk.start, desk.close),
        ("control", control.start, control.close),
    )
    calendar = Calendar(entries(watch, status), clock)
    loops.timekeeper.told.append(calendar.clock_set)
    daemon = Daemon(loops, calendar, _no_reload, doors)
    tools_by = partial(_tools_by, feeds=feeds, clock=clock, suspects=suspects, store=database)
    parts = Parts(daemon, wires, desk, control, reread, checks_for, tools_by)
    daemon.reload = partial(_in_words, parts.reload)
    parts.take_commands(settings)
    return daemon


def _tools_by(
    settings: Settings, wire: Wire, *, feeds: FeedReader, clock: Clock, suspects: Suspects, store: Database
) -> Tools:
    return _tools(wire, feeds, settings, clock, suspects, store)


async def _open_wires(settings: Settings, clock: Clock, answered: Mapping[str, datetime]) -> Wires:
    try:
        return await Wires.open(settings, clock, answered)
    except (OSError, ValueError) as error:  # of the network only the file of authorities is read at the start
        raise CannotStart(f"fetch.ca_file: {error}") from error


def begin(tx: sqlite3.Connection, policy: Policy, aside: Sequence[str], now: datetime) -> dict[str, datetime]:
    """The start of a process that alone holds the store: what an earlier one left, and what is to be watched now.

    Returns when each reference host last answered.
    """
    catch_up(tx, policy, now)
    targets.end_leases(tx, now)
    state.end_delivery_leases(tx, now)
    take_in(tx, policy, now)
    targets.spread_overdue(tx, now)
    for name in aside:
        set_aside(tx, target_id=name, policy=policy, now=now)
    return remembered(tx)


@contextmanager
def _trouble_of_the_store(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{place}: {error.strerror or error}") from error


async def _in_words(reload: Callable[[], Awaitable[tuple[str, ...]]]) -> tuple[str, ...]:
    """Whatever went wrong: the running set goes on, and people are told why."""
    try:
        return await reload()
    except (ConfigError, StoreError, OSError):
        raise
    except Exception as error:
        structlog.get_logger("daemon").error("reload.broke", exc_info=error)
        raise CannotReload(f"{type(error).__name__}: {error}") from error


async def _no_reload() -> tuple[str, ...]:
    return ()


async def _nothing() -> None:
    return


def run(config: Path | None) -> None:
    """The daemon's whole life; returns after an orderly end. Raises ConfigError, StoreError or CannotStart."""
    settings = load_settings(config)
    clock = SystemClock()
    start = partial(assemble, settings, clock, partial(load_settings, config))
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(live(start, settings, clock, config))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The loop of uvloop where it is installed: 10 to 30 % more looks a second (libraries.md §2)."""
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        return None
    made: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return made
