"""A store that cannot be written: people hear of it past the store, systemd need not interfere, and the ledger learns of it later."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from monitor.alert.distress import DOUBT, ONCE_IN, REMIND, RETRY
from monitor.city.receiver import Receiver
from monitor.daemon import PULSE
from monitor.store.database import StoreError
from tests.clock import START, FakeClock
from tests.daemon.inside import Inside, inside, until, write

CHANNELS = """
[[channel]]
id = "duty"
url = "json://127.0.0.1:{port}/hook"
[[channel]]
id = "only-vetoes"
url = "json://127.0.0.1:{port}/hook"
severities = ["veto"]
[[person]]
id = "zhang"
name = "张三"
phone = "0751-1234567"
channels = ["duty"]
"""


@pytest.fixture
async def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """What systemd hears, line by line."""
    lines: list[str] = []
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        loop.add_reader(ear, lambda: lines.extend(ear.recv(4096).decode().splitlines()))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield lines
        loop.remove_reader(ear)


@asynccontextmanager
async def watching(tmp_path: Path, receiver: Receiver) -> AsyncIterator[tuple[Inside, FakeClock]]:
    clock = FakeClock()
    config = await asyncio.to_thread(write, tmp_path, CHANNELS.format(port=receiver.port))
    async with inside(config, clock) as running:
        yield running, clock


async def take_away(running: Inside, clock: FakeClock) -> None:
    """The file is not where it was, as when its disk is gone: nothing can be written, and nothing is made in its place."""
    await asyncio.to_thread(move, running, "", ".away")
    with pytest.raises(StoreError):  # the next one who writes has to look for the file
        await running.daemon.watch.database.write(lambda tx: tx.close())
    await until(lambda: running.daemon.status.store_error is not None, clock)


async def bring_back(running: Inside) -> None:
    await asyncio.to_thread(move, running, ".away", "")


def move(running: Inside, old: str, new: str) -> None:
    path = running.daemon.watch.database.path
    for side in ("-wal", "-shm", ""):
        if (there := Path(f"{path}{old}{side}" if old else f"{path}{side}")).exists():
            there.rename(f"{path}{new}{side}" if new else f"{path}{side}")


async def pass_by(clock: FakeClock, seconds: float) -> None:
    """So long, in steps that let everything that waits have its turn."""
    end = clock.monotonic() + seconds
    await until(lambda: clock.monotonic() >= end, clock, step=max(1.0, seconds / 200))


async def test_people_are_told_once_past_the_store_and_the_ledger_learns_of_it(
    tmp_path: Path, receiver: Receiver, systemd: list[str]
) -> None:
    async with watching(tmp_path, receiver) as (running, clock):
        await take_away(running, clock)
        failed_at = clock.now()
        await pass_by(clock, DOUBT - 5)
        assert receiver.received == [], "a disk may stumble"
        await until(lambda: receiver.received, clock)
        told = receiver.received[0].body.decode()
        assert "unable to open" in told
        assert "张三 0751-1234567" in told
        fed = systemd.count("WATCHDOG=1")
        await pass_by(clock, 3 * PULSE)
        assert systemd.count("WATCHDOG=1") >= fed + 3, "no restart makes room"
        assert len(receiver.received) == 1, "once, and not to those who want vetoes only"
        status, health = await running.health()
        assert status == 503
        assert "store" in health["failing"]
        assert "unable to open" in health["facts"]["store"]["detail"]

        await bring_back(running)
        await until(lambda: running.daemon.status.store_error is None, clock)
        (incident,) = await running.ask("SELECT cause, key, state, opened_at FROM incidents")
        assert incident[:3] == ("ours", "store", "recovered")
        assert abs(incident[3] - failed_at.timestamp() * 1000) < 5000, "from its beginning on"
        await until(lambda: len(receiver.received) == 2, clock)
        assert (await running.health())[0] == 200
        await pass_by(clock, 300)
        assert len(receiver.received) == 2


async def test_a_stumble_is_nothing_to_speak_of(tmp_path: Path, receiver: Receiver) -> None:
    async with watching(tmp_path, receiver) as (running, clock):
        await take_away(running, clock)
        await pass_by(clock, DOUBT / 2)
        await bring_back(running)
        await until(lambda: running.daemon.status.store_error is None, clock)
        await pass_by(clock, 2 * DOUBT)
        assert receiver.received == []
        assert await running.ask("SELECT 1 FROM incidents") == []


async def test_what_does_not_arrive_is_tried_again_and_what_lasts_is_told_again(
    tmp_path: Path, receiver: Receiver
) -> None:
    async with watching(tmp_path, receiver) as (running, clock):
        await receiver.answer_with("refused")
        await take_away(running, clock)
        await pass_by(clock, DOUBT + RETRY / 2)
        await receiver.answer_with("ok")
        await pass_by(clock, 2 * RETRY)
        assert len(receiver.confirmed) == 1
        await pass_by(clock, REMIND - 6 * RETRY)
        assert len(receiver.confirmed) == 1
        await pass_by(clock, 9 * RETRY)
        assert len(receiver.confirmed) == 2, "by then others are on duty"
        await bring_back(running)
        await until(lambda: running.daemon.status.store_error is None, clock)


async def test_a_disk_that_comes_and_goes_is_not_told_each_time(tmp_path: Path, receiver: Receiver) -> None:
    async with watching(tmp_path, receiver) as (running, clock):
        for _ in range(3):
            await take_away(running, clock)
            await pass_by(clock, 3 * DOUBT)
            await bring_back(running)
            await until(lambda: running.daemon.status.store_error is None, clock)
        await until(lambda: len(receiver.received) == 4, clock)
        await pass_by(clock, 60)
        calls = [m for m in receiver.received if "恢复" not in m.body.decode()]
        assert len(calls) == 1, "one call, three recoveries"
        await take_away(running, clock)
        await pass_by(clock, ONCE_IN)
        calls = [m for m in receiver.received if "恢复" not in m.body.decode()]
        assert len(calls) == 2, "but what stays is told"
        await bring_back(running)
        await until(lambda: running.daemon.status.store_error is None, clock)


async def test_it_ends_in_good_order_while_the_store_is_down(tmp_path: Path, receiver: Receiver) -> None:
    async with watching(tmp_path, receiver) as (running, clock):
        assert clock.now() >= START
        await take_away(running, clock)
        await running.end()
        assert not await asyncio.to_thread((tmp_path / "state" / "control.sock").exists)
        await bring_back(running)
