"""The demo: the rehearsed city and the real daemon in one process, on loopback, with what was planted told at the end.

Uses a temporary folder for state and settings and leaves nothing behind. The daemon is the same that `zhishou run`
starts, from a settings file like anybody's; only its waits are short.
"""

import asyncio
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from monitor.app import assemble, load_settings
from monitor.city.city import City
from monitor.city.demo import demo_plan, demo_terms
from monitor.city.faults import Event, Faults
from monitor.city.plan import Plan
from monitor.city.score import Line, not_yet_due, score
from monitor.city.truth import truth
from monitor.clock import SystemClock
from monitor.daemon import Daemon
from monitor.model import say
from monitor.model.finding import Value
from monitor.render import translate
from monitor.store.found import confirmed_deliveries, every_incident

FOR_EVER = 3600.0
"""Seconds a demo without --for is planned for; it goes on until it is stopped."""

HEAD_START = timedelta(seconds=2)
"""The city opens before the daemon looks; faults planned for the start hold by then."""


@dataclass(frozen=True, slots=True)
class Show:
    """How the demo is to run: for how long, and where alerts and notes are printed."""

    seconds: float | None
    channel: str  # console:// or console://stderr
    tell: Callable[[str], None]
    language: str


@dataclass(slots=True)
class Tally:
    """What the store held when the demo ended."""

    at: datetime
    incidents: list[dict[str, object]] = field(default_factory=list)
    deliveries: int = 0


@dataclass(frozen=True, slots=True)
class Played:
    """How it went: `result` as DESIGN.md §4.4 has it, and for people what could not be told yet when it was stopped."""

    result: dict[str, object]
    not_yet_due: list[Line]


async def run_demo(show: Show) -> Played:
    """Run it, and say how it went."""
    clock = SystemClock()
    plan, events = demo_plan(show.seconds or FOR_EVER)
    start = clock.now() + HEAD_START
    with tempfile.TemporaryDirectory(prefix="zhishou-demo-") as folder:
        async with City(plan, Faults(plan, events, start), clock) as city:
            config = city.write_config(Path(folder), quick=True, channel=show.channel, listen=_free_address())
            _speak(config, show.language)
            daemon = await assemble(load_settings(config), clock, partial(load_settings, config))
            daemon.drain_seconds = 3.0  # nobody waits for a demo to end in beauty
            tally = _count_at_the_end(daemon, city.plan)
            address = f"http://{daemon.watch.policy.settings.web.listen}"
            _introduce(show, city.plan, events, address)
            running = asyncio.create_task(daemon.run())
            await asyncio.wait([running], timeout=_seconds_left(show, start, clock.now()))
            daemon.stop.set()
            await running
            return _played(Staged(city.plan, events, start, address), tally)


@dataclass(frozen=True, slots=True)
class Staged:
    """What was set up: the city, the faults planted in it, since when, and the desk's address."""

    plan: Plan
    events: tuple[Event, ...]
    start: datetime
    address: str


def _played(staged: Staged, tally: Tally) -> Played:
    """What was found held against the truth."""
    units = truth(staged.plan, staged.events, staged.start, demo_terms())
    now = max(tally.at, staged.start)  # some faults show before the start
    result: dict[str, object] = {
        "address": staged.address,
        "seconds": round((tally.at - staged.start).total_seconds(), 1),
        "planted": [{"target": event.target, "kind": event.kind} for event in staged.events],
        "incidents": tally.incidents,
        "deliveries": tally.deliveries,
        **score(staged.plan, units, tally.incidents, now),
    }
    return Played(result, not_yet_due(staged.plan, units, tally.incidents, now))


def _speak(config: Path, language: str) -> None:
    """The language of the desk and of alerts, in settings that have no [desk] of their own."""
    with config.open("a", encoding="utf-8") as settings:
        settings.write(f'\n[desk]\nlanguage = "{language}"\n')


def _count_at_the_end(daemon: Daemon, plan: Plan) -> Tally:
    """However the demo ends, count once everything under way is settled and before the store closes."""
    tally = Tally(daemon.clock.now())

    async def nothing() -> None:
        return

    async def count() -> None:
        tally.at = daemon.clock.now()
        tally.incidents = await daemon.watch.database.read(every_incident)
        tally.deliveries = await daemon.watch.database.read(confirmed_deliveries)
        for incident in tally.incidents:
            del incident["id"]  # the store's own number: not part of what is printed (DESIGN.md §4.4)
            named = incident["targets"]
            assert isinstance(named, list)
            incident["targets"] = [plan.target_name(target) for target in named]

    store, *others = daemon.doors
    daemon.doors = (store, ("tally", nothing, count), *others)
    return tally


def _seconds_left(show: Show, start: datetime, now: datetime) -> float | None:
    return None if show.seconds is None else show.seconds + (start - now).total_seconds()


def _introduce(show: Show, plan: Plan, events: tuple[Event, ...], address: str) -> None:
    counts: dict[str, Value] = {
        "sites": len(plan.sites),
        "columns": sum(len(site.columns) for site in plan.sites),
        "accounts": len(plan.accounts),
        "faults": len(events),
    }
    for text in (
        say("city: {sites} sites, {columns} columns, {accounts} accounts; {faults} faults planted", **counts),
        say("desk: {address}", address=address),
        say("alerts follow as they go out; Ctrl-C ends")
        if show.seconds is None
        else say("alerts follow as they go out"),
    ):
        show.tell(translate(text, show.language))


def _free_address() -> str:
    """The desk's usual port when it is free, else any."""
    for port in (8787, 0):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return f"127.0.0.1:{trial.getsockname()[1]}"
    raise OSError("no free port on 127.0.0.1")
