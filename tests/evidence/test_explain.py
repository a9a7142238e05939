"""Judged again from what was kept, every incident comes to the same; what was changed since is named."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from monitor.clock import civil_day
from monitor.evidence.explain import explanation
from monitor.evidence.lines import as_json, lines
from monitor.evidence.verify import verify
from monitor.model import Declaration, DeclarationKind, MessageClass, Reach
from monitor.store import brought, canon, declarations, registers, rules
from tests.evidence.copies import first
from tests.settle.desk import ACCOUNT, COLUMN, SITE, Estate, down, opens, posted
from tests.settle.test_brought import under
from tests.settle.test_returned import RETURN, closed

CAUSES = ("outage", "dead_link", "certificate", "blind", "blank", "tamper", "stale")
MINUTE = timedelta(minutes=1)


async def test_of_looks_in_a_row_what_was_seen_is_said_of_the_last_alone(tmp_path: Path) -> None:
    """On the first day nobody saw a post of the tenth."""
    estate = await Estate.open(tmp_path)
    begun = civil_day(estate.clock.now())
    for day in range(40):
        await estate.look(ACCOUNT, Reach.OPEN, posted((begun + timedelta(days=min(day, 10))).isoformat()))
        await estate.pass_time(timedelta(days=1))
    newest = begun + timedelta(days=10)
    told = await estate.do(lambda tx: explanation(tx, first(tx, "stale")))
    chinese, english = ([line.strip() for line in lines(told, language)] for language in ("zh-CN", "en"))
    (one, *_) = (line for line in chinese if line.startswith("“账号更新”："))
    assert one.startswith(f"“账号更新”：正常，自{begun.year}年")
    assert one.endswith(f"连续24次；最近一次所见：最新一条发布于 {newest}")
    (one, *_) = (line for line in english if line.startswith("feed_fresh: "))
    assert one.startswith(f"feed_fresh: fine, 24 looks in a row from {begun}")
    assert one.endswith(f"what the last one saw: newest post of {newest}")
    await estate.close()


async def test_a_single_look_is_no_row_of_looks(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    await estate.look(ACCOUNT, Reach.OPEN, posted("2026-01-01"))
    told = await estate.do(lambda tx: explanation(tx, first(tx, "stale")))
    (one, *_) = (line.strip() for line in lines(told, "zh-CN") if "“账号更新”：" in line)
    assert one == "“账号更新”：正常；仅2026年11月20日 09:00:00一次：最新一条发布于 2026-01-01"
    await estate.close()


async def test_a_return_nobody_filed_shows_the_looks_that_found_it_open(tmp_path: Path) -> None:
    """While the outage is in its gap, and after it is over: when it opened, and by how many looks that is known."""
    estate = await Estate.open(tmp_path)
    await under(estate, (RETURN,))
    await closed(estate)
    told = await estate.do(lambda tx: explanation(tx, first(tx, "filed_within")))
    chinese = [line.strip() for line in lines(told, "zh-CN")]
    assert "已确认恢复访问：自2026年11月20日 13:03:00起" in chinese
    (look,) = (line for line in chinese if line.startswith("“能否打开”："))
    assert look.startswith("“能否打开”：正常，自2026年11月20日 13:03:00至2026年11月20日 13:05:00连续3次")
    assert told.same is True
    assert await estate.do(lambda tx: verify(tx).problems) == ()
    await estate.close()


async def test_of_a_closure_recorded_when_the_outage_is_over_that_is_shown(tmp_path: Path) -> None:
    """The judging that finds the return unfiled knows an outage that is over."""
    estate = await Estate.open(tmp_path)
    await under(estate, (RETURN,))
    begun = estate.clock.now()
    for reach, looked in ((Reach.CONNECT, down()), (Reach.OPEN, opens())):
        for _ in range(3):
            await estate.look(SITE, reach, looked)
            await estate.pass_time(MINUTE)
        await estate.pass_time(25 * 60 * MINUTE)
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.do(partial(recorded, start=begun, now=estate.clock.now()))
    await estate.pass_time(MINUTE)
    told = await estate.do(lambda tx: explanation(tx, first(tx, "filed_within")))
    chinese = [line.strip() for line in lines(told, "zh-CN")]
    assert "已经结束的一次打不开：2026年11月20日 09:00:00至2026年11月21日 10:03:00" in chinese
    assert any(line.startswith("“能否打开”：正常，自2026年11月21日 10:03:00") for line in chinese)
    assert told.same is True
    await estate.close()


def recorded(tx: sqlite3.Connection, start: datetime, now: datetime) -> None:
    """A closure of that time, written down now."""
    closure = DeclarationKind.TEMPORARY_OFFLINE
    paper = Declaration(id=0, kind=closure, target=SITE, start=start, end=now, number="7号", filed_at=now)
    declarations.file(tx, paper, now)
    brought.touch(tx, SITE, now)


@pytest.mark.parametrize("cause", CAUSES)
def test_every_kind_of_trouble_comes_to_the_same(tx: sqlite3.Connection, cause: str) -> None:
    told = explanation(tx, first(tx, cause))
    assert told.judged
    assert all(one.same is True for one in told.judged), [one.differs for one in told.judged]
    assert told.same is True


def test_nothing_that_was_told_is_left_out(tx: sqlite3.Connection) -> None:
    lines_of_log = tx.execute(
        "SELECT COUNT(*) FROM events WHERE what IN ('incident.joined', 'incident.worsened', 'incident.day')"
    ).fetchone()[0]
    assert tx.execute("SELECT COUNT(*) FROM evidence").fetchone()[0] == lines_of_log > 8


def test_what_is_kept_is_small(tx: sqlite3.Connection, record_property: Any) -> None:
    sizes = [size for (size,) in tx.execute("SELECT length(CAST(body AS BLOB)) FROM evidence")]
    record_property("show", f"evidence: median {median(sizes)} bytes, largest {max(sizes)}")
    assert median(sizes) < 4096
    assert max(sizes) < 8192


def test_a_stale_column_is_explained_day_by_day_in_chinese(tx: sqlite3.Connection) -> None:
    said = "\n".join(lines(explanation(tx, first(tx, "stale")), "zh-CN"))
    assert "第0天，2026年1月5日：起算日，不计入" in said
    assert "第1天至第9天，1月6日—1月14日 共9天，无变化：计入" in said, "days alike are one line"
    assert "第10天，2026年1月15日：提醒" in said
    assert "第14天，2026年1月19日：期限的最后一天" in said
    assert "第15天，2026年1月20日：自0时起超过期限" in said
    assert "单项否决·栏目不更新" in said
    assert "依据" in said
    assert "结果相同" in said
    assert "值班员" not in said or "已认领" in said
    latin = [line for line in said.splitlines() if " the " in line or " was " in line]
    assert not latin


def test_an_outage_tells_its_tries_and_its_days(tx: sqlite3.Connection) -> None:
    told = explanation(tx, first(tx, "outage"))
    english = "\n".join(lines(told, "en"))
    assert "reachable: trouble, 3 looks in a row from 2026-01-06" in english
    assert "connection refused" in english
    assert "reachable: began 2026-01-06" in english
    assert "day 0, 2026-01-06: the day it counts from: not counted" in english
    assert "N-OFF-30" in english
    assert "page kept on 2026-01-0" in english
    assert "confirmed by the receiver" in english


def test_json_says_the_same(tx: sqlite3.Connection) -> None:
    number = first(tx, "stale")
    told = json.loads(json.dumps(as_json(explanation(tx, number), "en")))
    assert told["same"] is True
    assert told["incident"] == number
    (judged,) = told["judged"]
    assert judged["differs"] == []
    assert [step["n"] for step in judged["days"]["national-2019/N-COL-DYN"]] == list(range(16))
    assert {one["key"] if "key" in one else f"{one['pack']}/{one['id']}" for one in judged["rules"]} >= {
        "national-2019/N-COL-DYN"
    }


def test_every_instant_of_it_is_written_as_everywhere_else(tx: sqlite3.Connection) -> None:
    """ISO texts of Shanghai (DESIGN.md §4); the bodies of events are as they were sealed."""
    for number in range(1, len(CAUSES) + 1):
        told = as_json(explanation(tx, number), "en")
        bodies = [one.pop("body") for one in told["events"]]
        assert bodies
        numbers = list(found_numbers(told))
        assert max(numbers, default=0) < 10**12, "no milliseconds since 1970"
        assert told["opened_at"].endswith("+08:00")
        for one in (*told["judged"], *told["events"]):
            assert datetime.fromisoformat(one["at"]).utcoffset() == timedelta(hours=8)
        assert told["judged"][0]["basis"]["basis"]["now"].endswith("+08:00")
        assert all(one["created_at"].endswith("+08:00") for one in told["deliveries"])


def found_numbers(value: object) -> Iterator[float]:
    """Every number in it, however deep."""
    if isinstance(value, dict):
        yield from (number for part in value.values() for number in found_numbers(part))
    elif isinstance(value, list):
        yield from (number for part in value for number in found_numbers(part))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def test_a_rule_whose_text_was_changed_behind_its_back_is_told(spoilt: sqlite3.Connection) -> None:
    spoilt.execute("UPDATE rules SET text = json_set(text, '$.limit.number', 30) WHERE key = 'national-2019/N-COL-DYN'")
    told = explanation(spoilt, first(spoilt, "stale"))
    assert told.same is False
    assert any("NOT the same" in line for line in lines(told, "en"))
    assert any("DIFFERS" in line for line in lines(told, "en"))


def test_evidence_that_was_changed_comes_to_something_else(spoilt: sqlite3.Connection) -> None:
    number = first(spoilt, "stale")
    body = spoilt.execute("SELECT body FROM evidence WHERE incident_id = ?", (number,)).fetchone()[0]
    assert '"value":"2026-01-05"' in body
    changed = body.replace('"value":"2026-01-05"', '"value":"2026-01-15"')
    spoilt.execute("UPDATE evidence SET body = ? WHERE incident_id = ?", (changed, number))
    told = explanation(spoilt, number)
    assert told.same is False
    assert any(what == "membership" for what, _, _ in told.judged[0].differs)


def test_a_rule_that_is_gone_is_told(spoilt: sqlite3.Connection) -> None:
    spoilt.execute("DELETE FROM rules WHERE key = 'national-2019/N-COL-DYN'")
    told = explanation(spoilt, first(spoilt, "stale"))
    assert told.same is False
    assert any("does not have the rule" in line for line in lines(told, "en"))


def test_evidence_of_an_earlier_program_says_so(spoilt: sqlite3.Connection) -> None:
    number = first(spoilt, "stale")
    old = canon.dumps({"runs": [], "rules": {"national-2019/N-COL-DYN": "x"}, "samples": {}})
    spoilt.execute("UPDATE evidence SET body = ? WHERE incident_id = ?", (old, number))
    told = explanation(spoilt, number)
    assert told.same is None
    assert any("earlier program" in line for line in lines(told, "en"))


def test_there_is_no_such_incident(tx: sqlite3.Connection) -> None:
    with pytest.raises(KeyError):
        explanation(tx, 4711)


async def test_a_shared_platform_is_explained_as_one(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    for _ in range(3):
        for n in range(1, 9):
            await estate.look(f"site-{n}", Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    rows = await estate.incidents()
    (number,) = [n for n, row in enumerate(rows, 1) if row[1].startswith("platform:") and row[2] == "open"]
    told = await estate.do(lambda tx: explanation(tx, number))
    assert len(told.judged) == 8
    assert told.same is True, [one.differs for one in told.judged]
    assert any("shared platform" in line for line in lines(told, "en"))
    await estate.close()


async def test_every_settle_of_a_small_estate_can_be_judged_again(tmp_path: Path) -> None:
    """A site down through warnings and its limit, a column and an account that fall silent."""
    estate = await Estate.open(tmp_path)
    today = estate.clock.now().date()
    await estate.look(COLUMN, Reach.OPEN, opens(str(today)))
    await estate.look(ACCOUNT, Reach.OPEN, posted(str(today)))
    for _ in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    for _ in range(40):
        await estate.pass_time(timedelta(days=1))
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.look(ACCOUNT, Reach.OPEN, posted(str(today)))
    for number in range(1, len(await estate.incidents()) + 1):
        told = await estate.do(partial(explanation, incident=number))
        assert told.same is True, [one.differs for one in told.judged]
        assert len(told.judged) >= 1
    outage = await estate.do(lambda tx: explanation(tx, 1))
    last = as_json(outage, "en")["judged"][-1]["days"]["national-2019/N-OFF-30"]
    assert (last[-1]["n"], last[30]["n"]) == (31, 30)
    await estate.close()


async def test_what_records_owe_is_judged_again_too(tmp_path: Path) -> None:
    """A message nobody answered, an order nobody carried out: by every rule of a local regulation."""
    estate = await Estate.open(tmp_path)
    now = estate.clock.now()
    packs = '["national-2019","zhongshan-2020","zizhizhou-2020","shaoguan-2023","house"]'
    await estate.do(lambda tx: tx.execute("UPDATE targets SET packs = ? WHERE id = ?", (packs, SITE)))
    await estate.do(lambda tx: rules.remember(tx, estate.policy.rules.values(), now))
    row = registers.MessageRow(SITE, "m1", MessageClass.JIUCUO, now - timedelta(days=40))
    await estate.do(lambda tx: registers.add_message(tx, row, "张三", now))
    order = Declaration(
        id=0, kind=DeclarationKind.ORDER, target=SITE, start=now - timedelta(days=3), by="李四", filed_at=now,
        fields={"problem": "错链"},
    )  # fmt: skip
    await estate.do(lambda tx: declarations.file(tx, order, now))
    await estate.look(SITE, Reach.OPEN, opens(str(now.date())))
    await estate.pass_time(MINUTE)
    causes = [row[0] for row in await estate.incidents()]
    assert {"answered_within", "fixed_within"} <= set(causes)
    for number in range(1, len(causes) + 1):
        told = await estate.do(partial(explanation, incident=number))
        assert told.same is True, [one.differs for one in told.judged]
    told = await estate.do(partial(explanation, incident=causes.index("answered_within") + 1))
    english = list(lines(told, "en"))
    assert any("the day it counts from" in line for line in english)
    assert any("no working day: not counted" in line for line in english)
    assert any("messages not answered: 1" in line for line in english)
    assert (await estate.do(verify)).problems == ()
    await estate.close()
