"""What settling freezes into a notice, from the store to the words: the address, the way it failed, a target taken away."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.alert.compose import compose
from monitor.judge.incidents import Changes
from monitor.model import (
    Cause,
    Facts,
    Fetched,
    Membership,
    Message,
    NoticeKind,
    Reach,
    Severity,
    fail,
    how_it_ended,
    say,
)
from monitor.settle.judging import retire
from monitor.settle.ours import settle_ours, uplink
from monitor.settle.telling import Case, tell
from monitor.store import targets
from monitor.store.handed import NOTICE, notice_of
from tests.settle.desk import COLUMN, INVENTORY, SITE, Estate, opens, posted

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DESK = "http://127.0.0.1:8787"


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def told(estate: Estate, kind: NoticeKind) -> Message:
    """The last notice of that kind, worded."""

    def load(tx: sqlite3.Connection) -> Message:
        row = tx.execute(f"SELECT {NOTICE} FROM notices n WHERE kind = ? ORDER BY id DESC LIMIT 1", (kind,))
        return compose([notice_of(row.fetchone())], "zh-CN", DESK, estate.clock.now(), duty="李四 139")

    return await estate.do(load)


async def go_down(estate: Estate, detail: str) -> None:
    fetched = Fetched(
        url="", final_url="", reach=Reach.CONNECT, detail=detail, started_at=estate.clock.now(), seconds=0.1
    )
    words = how_it_ended(fetched, Reach.CONNECT)
    broken = fail("reachable", Cause.OUTAGE, "connect", words, reach="connect", detail=detail)
    for _ in range(3):
        await estate.look(SITE, Reach.CONNECT, (broken,))
        await estate.pass_time(MINUTE)


@pytest.mark.parametrize(
    ("detail", "words"),
    [("connection refused", "服务器拒绝连接"), ("host unreachable", "到服务器的路由不通（主机不可达）")],
)
async def test_an_outage_names_its_address_and_what_happened(estate: Estate, detail: str, words: str) -> None:
    await go_down(estate, detail)
    lines = (await told(estate, NoticeKind.OPENED)).body.splitlines()
    assert lines[0].endswith(f"连续3次打开失败：无法正常连接，{words}")
    assert lines[1] == "网址：http://one.example/"
    assert "处置：核查主机、网络和防火墙；计划停机的请及时报备" in lines


async def test_a_column_is_told_with_its_site_and_address(estate: Estate) -> None:
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-01"))
    message = await told(estate, NoticeKind.OPENED)
    assert message.title.startswith("【值守】栏目超期未更新：名称 site-1/column-1（已超期")
    assert "网址：http://one.example/news/" in message.body.splitlines()


async def test_the_last_warning_of_a_veto_says_till_when(estate: Estate) -> None:
    await estate.look("account-1", Reach.OPEN, posted("2026-11-07"))
    message = await told(estate, NoticeKind.OPENED)
    assert message.title == "【值守】即将超期未更新：名称 account-1"
    assert message.body.splitlines()[0].endswith("最迟 11月21日")


async def test_a_target_taken_off_the_list_is_not_called_recovered(estate: Estate) -> None:
    await go_down(estate, "connection refused")
    rest = tuple(one for one in INVENTORY if one.id not in {SITE, COLUMN})
    now = estate.clock.now()

    def remove(tx: sqlite3.Connection) -> None:
        gone = targets.sync(tx, rest, estate.policy.periods, now)
        retire(tx, gone.removed, estate.policy, now)

    await estate.do(remove)
    assert await estate.incidents() == [("outage", SITE, "closed")]
    message = await told(estate, NoticeKind.RECOVERED)
    assert message.title.startswith("【值守】已停止监测：名称 site-1（目标已移除，此前网站打不开，持续")
    assert "恢复" not in message.title + message.body


async def test_our_own_trouble_names_whom_to_call(estate: Estate) -> None:
    now = estate.clock.now()
    await estate.do(lambda tx: settle_ours(tx, uplink(blind=True), estate.policy, now))
    lines = (await told(estate, NoticeKind.OPENED)).body.splitlines()
    assert [line[:3] for line in lines[1:4]] == ["影响：", "处置：", "联系："]
    assert "联系：李四 139" in lines
    assert not [line for line in lines if line.startswith("网址")]


async def test_each_further_rule_that_is_broken_is_told(estate: Estate) -> None:
    """Another rule in the place of one that is kept again is news too, though there are no more of them than before."""
    case = Case(INVENTORY[0], Facts(), estate.policy, estate.clock.now())
    first = Membership(Cause.STALE, SITE, Severity.BREACH, ("a/1",), case.now, say("old"))
    await estate.do(lambda tx: tell(tx, case, Changes(joins=(first,))))
    for rules in (("a/1", "b/1"), ("a/1", "c/1"), ("c/1", "a/1")):
        worse = replace(first, rules=rules, incident=1)
        await estate.do(partial(tell, case=case, changes=Changes(worsens=(worse,))))
    assert await estate.notices() == ["opened", "worsened", "worsened"]
