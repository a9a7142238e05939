"""What the deliverer tells the operator: that somebody has not heard, or never will, is a warning."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alert.budget import Recipient
from monitor.alert.deliver import Deliverer
from monitor.alert.release import release
from monitor.config.settings import AlertSettings, Person, Settings
from monitor.model import Message, Refused, Result, Retry, Sent
from monitor.store.database import Database
from tests.alert.ledger import notice, put
from tests.clock import FakeClock

HOUR = timedelta(hours=1)


class Told:
    """A log that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def info(self, event: str, **_data: object) -> None:
        self.lines.append(("info", event))

    def warning(self, event: str, **_data: object) -> None:
        self.lines.append(("warning", event))


class Answering:
    """A channel that answers the same to everything."""

    id, language, per_minute, limit = "duty", "zh-CN", 60, 2048

    def __init__(self, answer: Result) -> None:
        self.answer = answer
        self.got: list[Message] = []

    async def send(self, message: Message) -> Result:
        self.got.append(message)
        return self.answer


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    store = Database(tmp_path / "deliver.db", inline=True)
    await store.open()
    yield store
    await store.close()


@pytest.mark.parametrize(
    ("answer", "age", "line"),
    [
        (Sent(), timedelta(), ("info", "delivery.sent")),
        (Retry("HTTP 503"), timedelta(), ("info", "delivery.retry")),
        (Retry("HTTP 503"), 25 * HOUR, ("warning", "delivery.dead")),
        (Refused("errcode 93000"), timedelta(), ("warning", "delivery.refused")),
    ],
)
async def test_what_was_not_heard_is_a_warning(
    database: Database, clock: FakeClock, answer: Result, age: timedelta, line: tuple[str, str]
) -> None:
    log, channel, people = Told(), Answering(answer), [Recipient("duty", "duty")]
    settings = Settings(people=(Person(id="a", name="张三"), Person(id="b", name="李四", phone="13900000000")))
    deliverer = Deliverer(database, {"duty": channel}, clock, settings, log=log)
    ours = notice(1, at=clock.now(), cause="ours", key="uplink", targets=[])
    await database.write(lambda tx: put(tx, ours))
    await database.write(lambda tx: release(tx, clock.now(), people, AlertSettings()))
    clock.advance(age)
    await deliverer.run_once(clock.now())
    await deliverer.drain()
    assert log.lines == [line]
    assert "联系：李四 13900000000" in channel.got[0].body.splitlines(), "the first of our people with a telephone"


async def test_what_is_too_old_to_be_tried_is_a_warning_too(database: Database, clock: FakeClock) -> None:
    log, people = Told(), [Recipient("gone", "gone")]
    await database.write(lambda tx: put(tx, notice(1, at=clock.now())))
    await database.write(lambda tx: release(tx, clock.now(), people, AlertSettings()))
    clock.advance(25 * HOUR)
    await Deliverer(database, {}, clock, Settings(), log=log).run_once(clock.now())
    assert log.lines == [("warning", "delivery.dead")]
