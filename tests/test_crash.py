"""Killed at every commit point of the flow, the watch loses nothing and says nothing twice unmarked.

A real daemon in a process of its own watches the city over loopback; it ends itself with SIGKILL at a named place, is
started again, and so on. In the end everything planted has been told, once, or again with the mark of a repeat.
"""

import asyncio
import multiprocessing
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from monitor.city.city import City
from monitor.city.faults import Event, Faults
from monitor.city.plan import make_plan
from monitor.city.receiver import Receiver
from monitor.clock import SystemClock
from monitor.control import ask
from monitor.store import events
from tests import crash_child

PLACES = ("released", "claimed", "visited", "settling", "settled", "sending", "sent", "acknowledged")
KILLS = int(os.environ.get("ZHISHOU_KILLS", "32"))
ROUNDS = KILLS // len(PLACES)
"""How often each place is died at; `make drill` sets ZHISHOU_KILLS=500."""

pytestmark = [pytest.mark.crash, pytest.mark.timeout(max(600, 6 * KILLS))]

WATCHING = (
    Event(timedelta(seconds=-60), "down", "site-1"),
    Event(timedelta(days=-20), "silent", "site-2/column-1"),
    Event(timedelta(days=-20), "silent", "account-1"),
    Event(timedelta(seconds=-60), "http_500", "site-3"),
)
TELLING = tuple(
    Event(timedelta(days=-20), "silent", target)
    for target in ("site-1/column-1", "site-2/column-1", "account-1", "account-2")
)
Told = frozenset[tuple[str, str]]


def expected(events: Sequence[Event]) -> Told:
    """Cause and target of what must be told."""
    return frozenset(("stale" if event.kind == "silent" else "outage", event.target) for event in events)


FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.crash_child"])
"""Fifty daemons are started: each is a fork of a process that has the program loaded and has done nothing yet."""


@contextmanager
def child(config: Path, place: str, passes: int, later: int = 0) -> Iterator[BaseProcess]:
    """A daemon that dies there; gone when the `with` is over, however that ends."""
    started = FORKS.Process(target=crash_child.live, args=(config, place, passes, later))
    started.start()
    try:
        yield started
    finally:
        if started.is_alive():
            started.kill()
            started.join()


def check_end(child: BaseProcess, config: Path, wanted: int) -> None:
    """It ended as it should have, or the test shows what it said."""
    assert child.exitcode == wanted, (config.parent / "said").read_text()


async def run_until_killed(config: Path, place: str, passes: int, seconds: float) -> None:
    """Until it dies at the place, or, when it does not come there in time, by our own hand."""
    with child(config, place, passes) as doomed:
        await asyncio.to_thread(doomed.join, seconds)
        doomed.kill()
        await asyncio.to_thread(doomed.join)
        check_end(doomed, config, -signal.SIGKILL)


async def run_until_told(config: Path, store: Path, wanted: Told, seconds: float) -> None:
    """Let the daemon work until everything expected is told, then end it in good order.

    By its clock two minutes have gone since its death: what may have been sent is tried again after one, and leases are over.
    """
    with child(config, "-", 1, later=120) as daemon:
        async with asyncio.timeout(seconds):
            while not await answers(store.parent / "control.sock") or not told(store) >= wanted:
                assert daemon.is_alive(), (config.parent / "said").read_text()
                await asyncio.sleep(0.2)  # another process there is nothing to await
        daemon.terminate()
        await asyncio.to_thread(daemon.join, 60)
        check_end(daemon, config, 0)


async def answers(control: Path) -> bool:
    """Whether the daemon is up: the socket of one that was killed is left behind and answers nobody."""
    try:
        await ask(control, "incidents", {})
    except (FileNotFoundError, ConnectionRefusedError):
        return False
    return True


def told(store: Path) -> Told:
    """Cause and target of every incident whose notice was confirmed."""
    if not store.exists():
        return frozenset()
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as tx:
        try:
            return frozenset(
                tx.execute(
                    """SELECT i.cause, m.target_id FROM incidents i JOIN members m ON m.incident_id = i.id
                       JOIN notices n ON n.incident_id = i.id JOIN delivery_notices x ON x.notice_id = n.id
                       JOIN deliveries d ON d.id = x.delivery_id WHERE d.state = 'sent'"""
                )
            )
        except sqlite3.OperationalError:
            return frozenset()  # the tables are being made


async def test_killed_at_every_place_nothing_is_lost(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two watches side by side, for two cores: one is killed while watching, the other while telling."""
    folder = tmp_path_factory.mktemp(
        "crash"
    )  # a short name: sockets are made in it, and their paths may have 107 bytes
    async with asyncio.TaskGroup() as both:
        both.create_task(killed_while_watching(folder / "watching"))
        both.create_task(killed_while_telling(folder))


async def killed_while_watching(folder: Path) -> None:
    """One watch that dies again and again, and goes on with what its forerunner left: at the n-th of its first four turns."""
    async with rehearsal(WATCHING) as (city, receiver):
        config = await asyncio.to_thread(set_up, city, receiver, folder)
        for passes in range(1, ROUNDS + 1):
            for place in PLACES[:4]:
                await run_until_killed(config, place, (passes - 1) % 4 + 1, seconds=20)
        await run_until_told(config, folder / "state" / "zhishou.db", expected(WATCHING), seconds=120)
        check_what_is_left(folder / "state" / "zhishou.db", expected(WATCHING))
        check_what_was_received(receiver)


async def killed_while_telling(folder: Path) -> None:
    """A new watch for each death: there must be something to tell. It dies at the n-th of its four messages.

    A few at once: each of them mostly waits for the next look.
    """
    room = asyncio.Semaphore(4)
    async with asyncio.TaskGroup() as deaths:
        for passes in range(1, ROUNDS + 1):
            for place in PLACES[4:]:
                deaths.create_task(die_telling(folder / f"{place}-{passes}", place, (passes - 1) % 4 + 1, room))


async def die_telling(folder: Path, place: str, passes: int, room: asyncio.Semaphore) -> None:
    async with room, rehearsal(TELLING) as (city, receiver):
        config, store = await asyncio.to_thread(set_up, city, receiver, folder), folder / "state" / "zhishou.db"
        await run_until_killed(config, place, passes, seconds=30)
        await run_until_told(config, store, expected(TELLING), seconds=150)
        check_what_is_left(store, expected(TELLING))
        check_what_was_received(receiver)


@asynccontextmanager
async def rehearsal(events: Sequence[Event]) -> AsyncIterator[tuple[City, Receiver]]:
    clock = SystemClock()
    plan = make_plan(3, sites=3, columns_per_site=2, accounts=2, links_per_home=4)
    receiver = Receiver(clock)
    async with City(plan, Faults(plan, events, clock.now()), clock, (receiver,)) as city:
        yield city, receiver


def set_up(city: City, receiver: Receiver, folder: Path) -> Path:
    """The city's own set-up with columns and accounts looked at every 3 s, so that there is soon something to tell."""
    channel = f"json://127.0.0.1:{receiver.port}/hook"
    config = city.write_config(folder, quick=True, channel=channel, listen="127.0.0.1:0")
    config.write_text(
        config.read_text().replace('column = "10s"', 'column = "3s"').replace('account = "10s"', 'account = "3s"')
    )
    return config


def check_what_is_left(store: Path, wanted: Told) -> None:
    """Whole, nothing leased for ever, one incident per cause and target, one opening each."""
    with sqlite3.connect(store) as tx:
        assert tx.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert events.verify(tx) is None
        assert told(store) == wanted
        openings = tx.execute("SELECT incident_id, COUNT(*) FROM notices WHERE kind = 'opened' GROUP BY incident_id")
        assert {count for _, count in openings} == {1}
        assert tx.execute("SELECT COUNT(*) FROM incidents").fetchone() == (len(wanted),)
        assert tx.execute("SELECT COUNT(*) FROM deliveries WHERE state IN ('sending', 'dead')").fetchone() == (0,)
        assert tx.execute("SELECT COUNT(*) FROM notices WHERE released_at IS NULL").fetchone() == (0,)
        assert tx.execute("SELECT COUNT(*) FROM targets WHERE lease IS NOT NULL").fetchone() == (0,)
        assert tx.execute("SELECT COUNT(*) FROM runs WHERE outcome = 'broken'").fetchone() == (0,)


def check_what_was_received(receiver: Receiver) -> None:
    """The same message twice only with the mark of a repeat."""
    bodies = Counter(message.body for message in receiver.received)
    unmarked = {body for body, count in bodies.items() if count > 1 and "重复" not in body.decode()}
    assert not unmarked
