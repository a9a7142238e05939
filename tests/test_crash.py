"""Killed at every commit point of the flow, the watch loses nothing and says nothing twice unmarked.

A real daemon in a process of its own watches the city over loopback; it ends itself with SIGKILL at a named place, is
started again, and so on. In the end everything planted has been told, once, or again with the mark of a repeat.
"""

import asyncio
import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.city.city import City
from monitor.city.faults import Event, Faults
from monitor.city.plan import make_plan
from monitor.city.receiver import Receiver
from monitor.clock import SystemClock
from monitor.control import ask
from monitor.store import events

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]

PLACES = ("released", "claimed", "visited", "settling", "settled", "sending", "sent", "acknowledged")
ROUNDS = int(os.environ.get("ZHISHOU_KILLS", "32")) // len(PLACES)
"""How often each place is died at; `make drill` sets ZHISHOU_KILLS=500."""

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


ROOT = Path(__file__).resolve().parent.parent


async def start_child(config: Path, place: str, passes: int) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.crash_child", str(config), place, str(passes))
    quiet, heard = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=heard, cwd=ROOT)


async def ended(child: asyncio.subprocess.Process, wanted: int) -> None:
    """It ended as it should have, or the test shows what it said."""
    assert child.stderr is not None
    complaint = (await child.stderr.read()).decode()
    await child.wait()
    assert child.returncode == wanted, complaint


async def run_until_killed(config: Path, place: str, passes: int, seconds: float) -> None:
    """Until it dies at the place, or, when it does not come there in time, by our own hand."""
    child = await start_child(config, place, passes)
    try:
        await asyncio.wait_for(child.wait(), seconds)
    except TimeoutError:
        child.kill()
    await ended(child, -signal.SIGKILL)


async def run_until_told(config: Path, store: Path, wanted: Told, seconds: float) -> None:
    """Let the daemon work until everything expected is told, then end it in good order."""
    child = await start_child(config, "-", 1)
    try:
        async with asyncio.timeout(seconds):
            while not await answers(store.parent / "control.sock") or not told(store) >= wanted:
                await asyncio.sleep(0.2)  # another process there is nothing to await
            child.terminate()
            await child.wait()
        await ended(child, 0)
    finally:
        if child.returncode is None:
            child.kill()


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


async def test_killed_at_every_place_nothing_is_lost(tmp_path: Path) -> None:
    """Two watches side by side, for two cores: one is killed while watching, the other while telling."""
    async with asyncio.TaskGroup() as both:
        both.create_task(killed_while_watching(tmp_path / "watching"))
        both.create_task(killed_while_telling(tmp_path / "telling"))


async def killed_while_watching(folder: Path) -> None:
    """One watch that dies again and again, and goes on with what its forerunner left."""
    async with rehearsal(WATCHING) as (city, receiver):
        config = await asyncio.to_thread(set_up, city, receiver, folder)
        for passes in range(1, ROUNDS + 1):
            for place in PLACES[:4]:
                await run_until_killed(config, place, passes, seconds=20)
        await run_until_told(config, folder / "state" / "zhishou.db", expected(WATCHING), seconds=120)
        check_what_is_left(folder / "state" / "zhishou.db", expected(WATCHING))
        check_what_was_received(receiver)


async def killed_while_telling(folder: Path) -> None:
    """A new watch for each death: there must be something to tell. It dies at the n-th of its four messages.

    Several at once: what may have been sent is tried again only after the minute that the channel's budget counts.
    """
    room = asyncio.Semaphore(6)
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
