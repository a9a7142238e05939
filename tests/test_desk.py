"""The commands a person gives, over the real socket into a real store: done, refused in plain words, never a crash."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.control import Control, Refusal, ask
from monitor.desk import CHANGES, handlers
from monitor.model import Cause, IncidentState, Severity, TargetKind, say
from monitor.store import events, incidents, state
from monitor.store.database import Database
from tests.clock import START, FakeClock
from tests.web.filled import DAY, HOUR, STALE, Tx, falls_due, target, watch, wrong

Say = Callable[..., Any]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(tmp_path / "zhishou.db")
    await opened.open()
    await opened.write(lambda tx: watch(tx, target("site-1", name="某市人民政府"), target("c", TargetKind.COLUMN)))
    yield opened
    await opened.close()


@pytest.fixture
async def control(database: Database, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Control]:
    listening = Control(tmp_path / "control.sock", handlers(database, clock, "zh-CN"))
    await listening.start()
    yield listening
    await listening.close()


@pytest.fixture
def command(control: Control) -> Say:
    async def give(name: str, **args: object) -> Any:
        given = {key.rstrip("_"): value for key, value in args.items()}
        return await ask(control.path, name, given)

    return give


async def whats(database: Database) -> list[str]:
    return await database.read(lambda tx: [line.what for line in reversed(events.newest(tx, 50))])


async def test_an_incident_from_taken_to_put_away(database: Database, command: Say) -> None:
    number = await database.write(lambda tx: wrong(tx, Cause.OUTAGE, "site-1"))
    assert await command("ack", incident=number, by="张三", note="已联系机房") is None
    (shown,) = await command("incidents")
    assert (shown["incident"], shown["state"], shown["acknowledged_by"]) == (number, "acknowledged", "张三")
    with pytest.raises(Refusal, match=f"事件{number}为“已认领”状态，恢复后才能办结"):
        await command("close", incident=number, by="张三")
    await database.write(lambda tx: incidents.leave(tx, number, "site-1", START))
    await database.write(lambda tx: incidents.recover(tx, number, START))
    assert await command("close", incident=number, by="张三") is None
    assert (await database.read(lambda tx: incidents.load(tx, number))).state is IncidentState.CLOSED
    assert await whats(database) == ["incident.acknowledged", "incident.closed"]


async def test_a_grave_false_alarm_takes_two(database: Database, command: Say) -> None:
    number = await database.write(lambda tx: wrong(tx, Cause.TAMPER, "site-1", severity=Severity.VETO))
    assert await command("false-alarm", incident=number, by="张三", note="正常改版") == {"marked": False}
    with pytest.raises(Refusal, match="须由另一人确认"):
        await command("false-alarm", incident=number, by="张三", note="正常改版")
    assert await command("false-alarm", incident=number, by="李四", note="核实") == {"marked": True}
    assert await command("incidents") == []


async def test_silence_for_a_while(database: Database, command: Say, clock: FakeClock) -> None:
    await command("mute", target="site-1", for_="2h", by="张三", reason="机房检修")
    muted = await database.read(lambda tx: [state.is_muted(tx, "site-1", START + h * HOUR) for h in (1, 2)])
    assert muted == [True, False]
    clock.advance(HOUR)
    await command("unmute", target="site-1", by="张三")
    assert not await database.read(lambda tx: state.is_muted(tx, "site-1", clock.now()))
    assert await whats(database) == ["target.muted", "target.unmuted"]


async def test_a_line_of_the_duty_log(database: Database, command: Say) -> None:
    assert await command("log", text="交接班，一切正常", by="张三") == {"line": 1}
    (line,) = await database.read(lambda tx: events.newest(tx, 1))
    assert (line.who, line.body) == ("张三", {"text": "交接班，一切正常"})


async def test_what_is_due_as_the_contract_says(database: Database, command: Say) -> None:
    def fill(tx: Tx) -> None:
        falls_due(tx, "c", START + 3 * DAY, STALE)
        falls_due(tx, "site-1", START + 20 * DAY, STALE, rule="house/home")

    await database.write(fill)
    assert await command("due") == [
        {
            "target": "c",
            "rule": "house/fresh",
            "standing": "due",
            "due": (START + 3 * DAY).isoformat(),
            "why": "自 2026-11-01 起未更新，已超过14天时限",
        }
    ]
    assert [one["target"] for one in await command("due", days=30)] == ["c", "site-1"]
    assert await command("due", days=0) == []


async def test_lists_are_whole(database: Database, command: Say) -> None:
    def fill(tx: Tx) -> None:
        watch(tx, *[target(f"s{i}") for i in range(300)])
        for i in range(300):
            wrong(tx, Cause.OUTAGE, f"s{i}", why=say("opens"))
            falls_due(tx, f"s{i}", START + timedelta(hours=i))

    await database.write(fill)
    assert len(await command("incidents")) == 300
    assert len(await command("due", days=30)) == 300


BAD: tuple[tuple[str, Mapping[str, object], str], ...] = (
    ("ack", {}, "the command needs by, as text"),
    ("ack", {"by": "张三"}, "the command needs incident, as a number"),
    ("ack", {"by": "张三", "incident": "1"}, "the command needs incident, as a number"),
    ("ack", {"by": "张三", "incident": True}, "as a number"),
    ("ack", {"by": "张三", "incident": None}, "as a number"),
    ("ack", {"by": "张三", "incident": 1 << 70}, "as a number"),
    ("ack", {"by": "张三", "incident": 99}, "没有编号为99的事件"),
    ("ack", {"by": "  ", "incident": 99}, "没有编号为99的事件"),
    ("ack", {"by": 7, "incident": 1}, "the command needs by, as text"),
    ("ack", {"by": "张三", "incident": 1, "note": ["x"]}, "the command needs note, as text"),
    ("close", {"by": "张三", "incident": -1}, "没有编号为-1的事件"),
    ("false-alarm", {"by": "张三", "incident": 0, "note": ""}, "没有编号为0的事件"),
    ("mute", {"by": "张三", "target": "site-1", "for": "soon", "reason": "x"}, "soon"),
    ("mute", {"by": "张三", "target": "site-1", "for": "31d", "reason": "x"}, "静默最长为自现在起30天"),
    ("mute", {"by": "张三", "target": "site-1", "for": "3660d", "reason": "x"}, "30天"),
    ("mute", {"by": "张三", "target": "nowhere", "for": "1h", "reason": "x"}, "没有名为 nowhere 的监测对象"),
    ("mute", {"by": "张三", "target": "site-1", "for": "1h"}, "静默须写明理由"),
    ("unmute", {"by": "张三", "target": "site-1"}, "site-1 未处于静默"),
    ("log", {"by": "张三", "text": " "}, "内容不能为空"),
    ("log", {"by": "", "text": "x"}, "请注明操作人"),
    ("log", {"by": "张三"}, "the command needs text, as text"),
    ("due", {"days": "14"}, "the command needs days, as a number"),
    ("due", {"days": 10**9}, "1000000000 days lie outside the calendar"),
    ("due", {"days": 10**15}, "lie outside the calendar"),
)


@pytest.mark.parametrize(("name", "args", "said"), BAD)
async def test_what_cannot_be_done_is_refused_and_nothing_changes(
    database: Database, control: Control, name: str, args: Mapping[str, object], said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        await ask(control.path, name, args)
    assert said in str(refused.value)
    assert await whats(database) == []


async def test_strange_words_arrive(database: Database, command: Say) -> None:
    for text in ("\udce9 from a Latin-1 terminal", "a\x00b", "😀" * 1000, "{x} %s {{ y }}"):
        await command("log", text=text, by="张\udcff三")
    assert len(await whats(database)) == 4
    await database.read(events.verify)


async def test_a_store_that_is_gone_is_told_to_the_person(database: Database, command: Say) -> None:
    await database.close()
    for name, args in (("incidents", {}), ("due", {}), ("log", {"by": "张三", "text": "x"})):
        with pytest.raises(Refusal, match="the store is closed"):
            await command(name, **args)


async def test_many_people_at_once(database: Database, control: Control) -> None:
    said = [ask(control.path, "log", {"by": f"值班员{i}", "text": "到岗"}) for i in range(50)]
    lines = await asyncio.gather(*said)
    assert sorted(line["line"] for line in lines if isinstance(line, dict)) == list(range(1, 51))
    await database.read(events.verify)


async def test_who_holds_the_line_does_not_hold_up_the_end(control: Control) -> None:
    reader, writer = await asyncio.open_unix_connection(control.path)
    writer.write(b'{"command": ')
    await writer.drain()
    assert await ask(control.path, "due", {}) == []
    async with asyncio.timeout(5):
        await control.close()
        await reader.read()
    assert reader.at_eof()
    writer.close()


async def test_every_change_names_a_person(control: Control) -> None:
    for name in CHANGES:
        with pytest.raises(Refusal, match="needs by"):
            await ask(control.path, name, {"incident": 1, "target": "site-1", "for": "1h", "text": "x"})


async def test_an_answer_is_one_line_of_json(control: Control) -> None:
    reader, writer = await asyncio.open_unix_connection(control.path)
    writer.write(json.dumps({"command": "incidents", "args": {}}).encode() + b"\n")
    answer = await reader.readline()
    writer.close()
    assert json.loads(answer) == {"ok": True, "result": []}
    assert await reader.read() == b""
