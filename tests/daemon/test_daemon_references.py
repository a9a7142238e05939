"""Reference hosts over the life of a watch: who never answered proves nothing, who did is remembered, and what is untold is said."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.city.receiver import Receiver
from monitor.clock import SystemClock, to_ms
from monitor.observe.reference import Uplink
from monitor.settle.ours import settle_ours, uplink
from monitor.store.opening import open_writer
from monitor.store.references import remember, remembered
from tests.daemon.inside import Inside, inside, until, write
from tests.daemon.process import free_port
from tests.daemon.slow_server import SlowServer

HERE = '[guard]\nallow = ["127.0.0.0/8"]\n'
QUICK = '[cadence]\npage = "500ms"\nsite = "500ms"\n[confirm]\nevery = "500ms"\n'
ALONE = "[reference]\nurls = []\n"
NOBODY = "http://127.0.0.1:9/"


def naming(*urls: str) -> str:
    return f"[reference]\nurls = {list(urls)}\n"


def three(port: int) -> list[str]:
    return [f"http://127.0.0.1:{port}/reference-{number}" for number in range(3)]


@pytest.fixture(autouse=True)
def logged() -> Iterator[Sequence[Mapping[str, Any]]]:
    with capture_logs() as lines:
        yield lines


async def reason(running: Inside) -> str:
    rows = await running.ask("SELECT outcome, reason FROM runs WHERE check_name = 'reachable' AND is_current = 1")
    return " ".join(rows[0]).strip() if rows else ""


async def comes(running: Inside, wanted: str) -> None:
    async with asyncio.timeout(30):
        while await reason(running) != wanted:
            await asyncio.sleep(0.05)


async def noted(running: Inside) -> Any:
    """The uplink as /healthz tells it."""
    status, health = await running.health()
    assert status == 200, health
    return health["facts"]["uplink"] | {"note": "uplink" in health["notes"]}


async def test_on_a_closed_network_nothing_is_withheld_and_it_is_said(
    tmp_path: Path, logged: Sequence[Mapping[str, Any]]
) -> None:
    hosts = three(free_port())
    config = await asyncio.to_thread(write, tmp_path, QUICK + HERE + naming(*hosts), {"page": NOBODY})
    async with inside(config) as running:
        await comes(running, "fail connect")
        await until(lambda: running.daemon.status.untold_why)
        await asyncio.sleep(1.1)
        told = await noted(running)
        assert told["note"]
        assert "[reference] urls" in told["detail"]
        assert "only 0 of 3" in told["detail"]
        assert 1 <= told["age_seconds"] < 60
        assert await reason(running) == "fail connect"
        assert await running.ask("SELECT 1 FROM incidents WHERE cause = 'ours'") == []
    (line,) = [line for line in logged if line["event"] == "reference.cannot_tell"]
    assert line["silent"] == hosts
    assert line["log_level"] == "warning"


async def test_who_answers_is_remembered_and_a_start_without_uplink_still_holds(tmp_path: Path) -> None:
    with SlowServer(0.0) as outside:
        hosts = three(outside.port)
        config = await asyncio.to_thread(write, tmp_path, QUICK + HERE + naming(*hosts), {"page": NOBODY})
        async with inside(config) as running:
            await until(lambda: running.daemon.loops.network.remembered)
            assert sorted(outside.asked) == [f"/reference-{number}" for number in range(3)]
            assert not (await noted(running))["note"]
            assert set(await running.daemon.watch.database.read(remembered)) == set(hosts)
    async with inside(config) as again:  # nobody outside answers now, nor ever did in this process
        await comes(again, "unknown uplink")
        async with asyncio.timeout(30):
            while (await again.health())[0] != 503:
                await asyncio.sleep(0.05)
        assert (await again.health())[1]["failing"] == ["uplink"]


async def test_the_first_round_does_not_wait_for_them(tmp_path: Path) -> None:
    with SlowServer(3.0) as outside:
        config = await asyncio.to_thread(write, tmp_path, QUICK + HERE + naming(*three(outside.port)))
        begun = asyncio.get_running_loop().time()
        async with inside(config) as running:
            assert asyncio.get_running_loop().time() - begun < 3.0
            await until(lambda: running.daemon.loops.network.remembered)


async def test_an_uplink_that_can_no_longer_be_told_of_is_closed_and_not_called_recovered(
    tmp_path: Path, receiver: Receiver
) -> None:
    channel = f'[[channel]]\nid = "duty"\nurl = "json://127.0.0.1:{receiver.port}/hook"\n'
    hosts, now = three(free_port()), SystemClock().now()
    config = await asyncio.to_thread(write, tmp_path, HERE + naming(*hosts) + channel)
    async with inside(config) as before:
        database, policy = before.daemon.watch.database, before.daemon.watch.policy
        await database.write(partial(remember, answered=dict.fromkeys(hosts, now), now=now))
        before.daemon.watch.reference.answered.update(dict.fromkeys(hosts, now))
    async with inside(config) as running:
        database = running.daemon.watch.database
        await database.write(partial(settle_ours, finding=uplink(blind=True), policy=policy, now=now))
        await until(lambda: receiver.confirmed)
        await running.daemon.loops.network.turn()  # asks them, and would end it
        assert await running.ask("SELECT state FROM incidents") == [("open",)], "who answered before is silent now"
        await asyncio.to_thread(write, tmp_path, HERE + ALONE + channel)
        assert await running.daemon.take_over() == ()
        async with asyncio.timeout(30):
            while await running.ask("SELECT state, recovered_at FROM incidents") != [("closed", None)]:
                await asyncio.sleep(0.05)
        current = "SELECT outcome FROM runs WHERE check_name = 'uplink' AND is_current = 1"
        assert await running.ask(current) == [("unknown",)]
        events = await running.ask("SELECT what FROM events WHERE what LIKE 'incident.%' ORDER BY seq")
        assert events[-1] == ("incident.unwatched",)
        await until(lambda: len(receiver.confirmed) == 2)
        told = receiver.confirmed[1].body.decode()
        assert "不再判断：" in told
        assert "已恢复" not in told
        assert (await noted(running))["note"], "and that it cannot be told is shown"


async def test_hosts_named_by_a_reload_are_asked_at_once(tmp_path: Path) -> None:
    with SlowServer(0.0) as outside:
        config = await asyncio.to_thread(write, tmp_path, HERE + ALONE)
        async with inside(config) as running:
            await until(lambda: running.daemon.status.untold_why)
            await asyncio.to_thread(write, tmp_path, HERE + naming(*three(outside.port)))
            assert await running.daemon.take_over() == ()
            await until(lambda: running.daemon.status.untold_why is None)
            assert await running.daemon.watch.reference.judge(SystemClock().now()) is Uplink.UP
            assert not (await noted(running))["note"]


def test_the_store_forgets_hosts_that_have_been_silent_for_long(tmp_path: Path) -> None:
    now = SystemClock().now()
    with closing(open_writer(str(tmp_path / "zhishou.db"))) as tx:
        assert remembered(tx) == {}
        at = {"http://new.example/": now, "http://old.example/": now.replace(year=now.year - 1)}
        remember(tx, at, now)
        assert {url: to_ms(when) for url, when in remembered(tx).items()} == {"http://new.example/": to_ms(now)}
