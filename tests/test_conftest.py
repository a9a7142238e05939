"""The ground the tests stand on holds: the clock wakes sleepers in order, and nothing reaches past loopback."""

import asyncio
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from blockbuster import BlockingError

from monitor.clock import Clock
from monitor.config.document import Report, open_document
from tests import loopback
from tests.clock import START, FakeClock


async def test_sleepers_wake_in_the_order_of_their_times(clock: FakeClock) -> None:
    woken: list[int] = []

    async def sleeper(seconds: int, of: Clock) -> None:
        await of.sleep(seconds)
        woken.append(seconds)

    tasks = [asyncio.create_task(sleeper(seconds, clock)) for seconds in (30, 10, 20)]
    await asyncio.sleep(0)
    clock.advance(25)
    await asyncio.gather(tasks[1], tasks[2])
    assert woken == [10, 20]
    clock.advance(timedelta(seconds=5))
    await tasks[0]
    assert clock.now() == START + timedelta(seconds=30)
    assert clock.monotonic() == 30


def test_a_clock_set_back_lets_no_time_pass(clock: FakeClock) -> None:
    clock.jump(START - timedelta(hours=2))
    assert clock.now() == START - timedelta(hours=2)
    assert clock.monotonic() == 0


@pytest.mark.parametrize("address", ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "10.0.0.1"])
def test_what_leaves_the_machine_is_refused(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(ConnectionRefusedError, match="loopback only"):
        client.connect((address, 80))
    assert loopback.refused == [f"{address}:80"]
    loopback.refused.clear()


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(socket.gaierror, match="resolve no names"):
        socket.getaddrinfo("site-03.city.example", 80)
    assert loopback.refused == ["site-03.city.example"]
    loopback.refused.clear()
    assert socket.getaddrinfo("127.0.0.1", 80)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost"])
def test_loopback_is_open(address: str) -> None:
    assert loopback.is_here(address)


@pytest.mark.usefixtures("blockbuster")
async def test_a_blocking_call_of_ours_on_the_loop_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "monitor.toml"
    await asyncio.to_thread(file.write_text, "")
    assert await asyncio.to_thread(open_document, file, "monitor.toml", Report())
    with pytest.raises(BlockingError):
        open_document(file, "monitor.toml", Report())
