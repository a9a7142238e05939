"""The deliverer on the real store against real receivers: retries, repeats, stuck channels, deaths and clean stops."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.alert.budget import Recipient
from monitor.alert.channels import Channel, open_channels
from monitor.alert.deliver import Deliverer
from monitor.alert.release import release
from monitor.clock import SystemClock, to_ms
from monitor.config.settings import AlertSettings, Channel as ChannelSettings, Settings
from monitor.model import Message, NoticeKind, Result, Sent
from monitor.render import catalogue
from monitor.store.database import Database
from tests.alert.ledger import notice, put, states
from tests.alert.receivers import Service, service
from tests.clock import FakeClock

pytestmark = pytest.mark.usefixtures("blockbuster")

catalogue("zh-CN")  # a file, read once and kept: not on the loop, where blockbuster would see it


class Recorder:
    """A channel of the test's own: answers as told and keeps what it got."""

    def __init__(self, name: str = "duty", *answers: Result, per_minute: int = 60) -> None:
        self.id, self.language, self.per_minute, self.limit = name, "zh-CN", per_minute, 2048
        self.answers, self.got = list(answers), list[Message]()
        self.gate: asyncio.Event | None = None

    async def send(self, message: Message) -> Result:
        self.got.append(message)
        if self.gate is not None:
            await self.gate.wait()
        return self.answers.pop(0) if self.answers else Sent()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    store = Database(tmp_path / "deliver.db")
    await store.open()
    yield store
    await store.close()


def settings(**alert: timedelta) -> Settings:
    return Settings(alert=AlertSettings(**alert))  # type: ignore[arg-type]


async def webhooks(*receivers: Service) -> dict[str, Channel]:
    """Opened in a thread, as the first time loads all of apprise."""
    return await asyncio.to_thread(
        open_channels,
        [
            ChannelSettings(id=f"hook{number}", url=SecretStr(f"json://127.0.0.1:{each.port}/"))
            for number, each in enumerate(receivers)
        ],
    )


async def happen(database: Database, clock: FakeClock, *channels: str, incidents: int = 1) -> None:
    """Incidents open, and become deliveries on each channel."""

    def work(tx: sqlite3.Connection) -> None:
        first = 1 + tx.execute("SELECT count(*) FROM incidents").fetchone()[0]
        for number in range(first, first + incidents):
            put(tx, notice(number, at=clock.now()))
            release(tx, clock.now(), [Recipient(name, name) for name in channels], AlertSettings())

    await database.write(work)


async def once(database: Database, deliverer: Deliverer, clock: FakeClock, *, hanging: int = 0) -> int:
    """One round, and until the store knows how each send ended, but for those that hang; a round itself waits 0.3 s at most."""
    begun = await deliverer.run_once(clock.now())
    async with asyncio.timeout(30):
        while (await database.read(states)).get("sending", 0) > hanging:
            await asyncio.sleep(0.01)
    return begun


async def test_what_is_due_is_sent_and_acknowledged(database: Database, clock: FakeClock) -> None:
    async with service() as receiver:
        deliverer = Deliverer(database, await webhooks(receiver), clock, settings())
        await happen(database, clock, "hook0")
        assert await once(database, deliverer, clock) == 1
        assert await database.read(states) == {"sent": 1}
        assert json.loads(receiver.last["body"])["title"] == "【值守】网站打不开：第1局网站"
        assert await once(database, deliverer, clock) == 0


async def test_a_failing_receiver_is_tried_until_it_works(database: Database, clock: FakeClock) -> None:
    async with service(status=503) as receiver:
        deliverer = Deliverer(database, await webhooks(receiver), clock, settings(), jitter=lambda: 0.0)
        await happen(database, clock, "hook0")
        for wait in (10, 60, 120):
            await once(database, deliverer, clock)
            assert await database.read(states) == {"pending": 1}
            clock.advance(wait - 1)
            assert await once(database, deliverer, clock) == 0
            clock.advance(1)
        receiver.status = 200
        assert await once(database, deliverer, clock) == 1
    assert await database.read(states) == {"sent": 1}
    assert len(receiver.seen) == 4
    assert "重复" not in receiver.last["body"], "none of them can have arrived"


async def test_what_may_have_arrived_is_sent_again_as_a_repeat(database: Database, clock: FakeClock) -> None:
    async with service(drop=True) as receiver:
        deliverer = Deliverer(database, await webhooks(receiver), clock, settings())
        await happen(database, clock, "hook0")
        await once(database, deliverer, clock)
        receiver.drop = False
        clock.advance(60)
        await once(database, deliverer, clock)
    assert await database.read(states) == {"sent": 1}
    titles = [json.loads(each["body"])["title"] for each in receiver.seen]
    assert titles == ["【值守】网站打不开：第1局网站", "【重复】【值守】网站打不开：第1局网站（已1分钟）"]


async def test_ten_channels_and_one_that_hangs(database: Database, clock: FakeClock) -> None:
    channels = [Recorder(f"c{number}") for number in range(10)]
    channels[0].gate = asyncio.Event()
    deliverer = Deliverer(database, {each.id: each for each in channels}, clock, settings())
    for _ in range(3):
        await happen(database, clock, *(each.id for each in channels), incidents=5)
        while await once(database, deliverer, clock, hanging=4):
            pass
        clock.advance(20)
    assert [len(each.got) for each in channels[1:]] == [15] * 9
    assert len(channels[0].got) == 4, "no more at once than its room"
    assert await database.read(states) == {"sent": 9 * 15, "pending": 11, "sending": 4}
    channels[0].gate.set()
    channels[0].gate = None
    await deliverer.drain()
    while await once(database, deliverer, clock):
        pass
    assert await database.read(states) == {"sent": 150}


async def test_a_minute_s_budget_holds_over_restarts(database: Database, clock: FakeClock) -> None:
    await happen(database, clock, "duty", incidents=30)
    sent = 0
    for _ in range(6):  # a new deliverer each time: nothing is remembered but what the store holds
        robot = Recorder(per_minute=18)
        deliverer = Deliverer(database, {"duty": robot}, clock, settings())
        for _ in range(5):
            sent += await once(database, deliverer, clock)
            clock.advance(1.9)
    assert sent == 18
    clock.advance(3.1)
    assert await once(database, Deliverer(database, {"duty": Recorder(per_minute=18)}, clock, settings()), clock) == 4


async def test_a_dead_channel_is_told_on_the_others_once(database: Database, clock: FakeClock) -> None:
    async with service(status=404) as gone, service() as works:
        deliverer = Deliverer(database, await webhooks(gone, works), clock, settings())
        await happen(database, clock, "hook0", incidents=3)
        await once(database, deliverer, clock)
        people = [Recipient("hook0", "hook0"), Recipient("hook1", "hook1")]
        await database.write(lambda tx: release(tx, clock.now(), people, AlertSettings()))
        await once(database, deliverer, clock)
    assert await database.read(states) == {"dead": 3, "sent": 1}
    [told] = [json.loads(each["body"]) for each in works.seen]
    assert told["title"] == "【值守】监测端异常：通知发不出去"
    assert "通知渠道 hook0 发送失败：服务器返回 HTTP 404" in told["message"]


async def test_down_and_up_while_the_channel_was_dead_is_one_message(database: Database, clock: FakeClock) -> None:
    async with service(status=503) as receiver:
        deliverer = Deliverer(database, await webhooks(receiver), clock, settings(), jitter=lambda: 0.0)
        await happen(database, clock, "hook0")
        await once(database, deliverer, clock)
        clock.advance(7 * 60)
        back = notice(1, NoticeKind.RECOVERED, clock.now(), since=to_ms(clock.now() - timedelta(minutes=7)))
        await database.write(lambda tx: put(tx, back))
        hook = [Recipient("hook0", "hook0")]
        await database.write(lambda tx: release(tx, clock.now(), hook, AlertSettings()))
        receiver.status = 200
        receiver.seen.clear()
        await once(database, deliverer, clock)
    assert [json.loads(each["body"])["title"] for each in receiver.seen] == [
        "【值守】已恢复：第1局网站（网站打不开，持续7分钟）"
    ]


async def test_a_clean_stop_waits_and_gives_back_what_hangs(database: Database, clock: FakeClock) -> None:
    quick, stuck = Recorder("quick"), Recorder("stuck")
    stuck.gate = asyncio.Event()
    deliverer = Deliverer(database, {"quick": quick, "stuck": stuck}, clock, settings())
    await happen(database, clock, "quick", "stuck")
    await once(database, deliverer, clock, hanging=1)
    assert await deliverer.drain(1.0) == 1
    assert await database.read(states) == {"sent": 1, "pending": 1}
    row = await database.read(
        lambda tx: tx.execute("SELECT attempt, maybe FROM deliveries WHERE state = 'pending'").fetchone()
    )
    assert row == (0, 1)


async def test_a_reload_goes_on_with_the_new_channels(database: Database, clock: FakeClock) -> None:
    old, new = Recorder(), Recorder()
    deliverer = Deliverer(database, {"duty": old}, clock, settings())
    deliverer.reconfigure({"duty": new}, settings())
    await happen(database, clock, "duty")
    await once(database, deliverer, clock)
    assert (len(old.got), len(new.got)) == (0, 1)


CHILD = """
import asyncio, os, signal, sys
from monitor.alert.channels import open_channels
from monitor.alert.deliver import Deliverer
from monitor.clock import SystemClock, to_ms
from monitor.config.settings import AlertSettings, Channel, Settings
from monitor.store.database import Database
from datetime import timedelta

path, port, place = sys.argv[1:]

def checkpoint(name):
    if name == place:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    database = Database(path)
    await database.open()
    channels = open_channels([Channel(id="hook0", url=f"json://127.0.0.1:{port}/")])
    settings = Settings(alert=AlertSettings(lease="1s"))
    deliverer = Deliverer(database, channels, SystemClock(), settings, checkpoint=checkpoint)
    await deliverer.run_once(SystemClock().now())
    await deliverer.drain(5)
    await database.close()

asyncio.run(main())
"""


@pytest.mark.crash
@pytest.mark.parametrize(
    ("place", "arrivals"),
    [("claimed", [True]), ("sending", [True]), ("sent", [False, True]), ("acknowledged", [False])],
)
async def test_kill_9_between_claim_send_and_acknowledge(
    database: Database, clock: FakeClock, place: str, arrivals: list[bool]
) -> None:
    """A real process is killed at the named place; afterwards the message is there, twice only where marked."""
    clock.jump(SystemClock().now())
    await happen(database, clock, "hook0")
    await database.close()
    async with service() as receiver:
        command = [sys.executable, "-c", CHILD, database.path, str(receiver.port), place]
        child = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
        _, errors = await child.communicate()
        assert child.returncode == -signal.SIGKILL, errors.decode()
        await database.open()
        clock.jump(SystemClock().now() + timedelta(minutes=2))
        await once(database, Deliverer(database, await webhooks(receiver), clock, settings()), clock)
        marks = ["重复" in json.loads(each["body"])["title"] for each in receiver.seen]
    assert marks == arrivals
    assert await database.read(states) == {"sent": 1}
