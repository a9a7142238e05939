"""Explain and proof list all that was filed about an incident, what does not count any more marked; nothing that never touched it."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.evidence import check
from monitor.evidence.explain import explanation
from monitor.evidence.filed import Declared
from monitor.evidence.lines import as_json, lines
from monitor.evidence.proof import proof
from monitor.model import Declaration, DeclarationKind, Reach
from monitor.store import canon, declarations
from tests.settle.desk import COLUMN, SITE, Estate, down, opens

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    """Incident 1 is an outage of a few minutes, long over."""
    estate = await Estate.open(tmp_path)
    for up in (*[False] * 4, *[True] * 3):
        await estate.look(SITE, Reach.OPEN if up else Reach.CONNECT, opens() if up else down())
        await estate.pass_time(MINUTE)
    await estate.pass_time(2 * DAY)
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.pass_time(DAY)
    yield estate
    await estate.close()


async def file(estate: Estate, kind: str, start: datetime, end: datetime | None = None, **more: Any) -> int:
    corrects = more.pop("corrects", None)
    now = estate.clock.now()
    one = Declaration(
        id=0, kind=DeclarationKind(kind), start=start, end=end, by="张三", filed_at=now, **{"target": SITE, **more}
    )
    return await estate.do(lambda tx: declarations.file(tx, one, now, (), corrects))


async def began(estate: Estate) -> datetime:
    return (await estate.do(lambda tx: explanation(tx, 1))).members[0].membership.since


async def told(estate: Estate, incident: int = 1) -> list[Declared]:
    return list((await estate.do(lambda tx: explanation(tx, incident))).declarations)


async def numbers(estate: Estate, incident: int = 1) -> list[int]:
    return [one.declaration.id for one in await told(estate, incident)]


async def test_what_was_corrected_and_what_was_withdrawn_are_there_and_marked(estate: Estate) -> None:
    since = await began(estate)
    first = await file(estate, "temporary_offline", since - DAY, since + DAY)
    second = await file(estate, "temporary_offline", since - DAY, since + 2 * DAY, corrects=first, number="函2号")
    other = await file(estate, "force_majeure", since - DAY, since + DAY)
    now = estate.clock.now()
    await estate.do(lambda tx: declarations.withdraw(tx, other, "李四", now, "重复"))
    found = {one.declaration.id: one for one in await told(estate)}
    assert sorted(found) == [first, second, other]
    assert (found[first].superseded_at, found[first].by, found[first].corrected_by) == (now, "张三", second)
    assert (found[second].superseded_at, found[second].by) == (None, "")
    assert (found[other].superseded_at, found[other].by, found[other].why) == (now, "李四", "重复")
    english = "\n".join(await estate.do(lambda tx: list(lines(explanation(tx, 1), "en"))))
    assert f"by 张三: declaration {second} stands in its place" in english
    assert "by 李四: 重复" in english
    shown = await estate.do(lambda tx: as_json(explanation(tx, 1), "en"))
    assert [one["corrected_by"] for one in shown["declarations"]] == [second, None, None]
    proven = json.loads(canon.dumps(await estate.do(lambda tx: proof(tx, 1, now))))
    assert [one["superseded_at"] is None for one in proven["declarations"]] == [False, True, False]
    assert check.check(proven).wrong == 0


async def test_what_never_touched_its_time_or_its_target_is_left_out(estate: Estate) -> None:
    since = await began(estate)
    await file(estate, "temporary_offline", since - 9 * DAY, since - DAY)
    await file(estate, "temporary_offline", since + DAY, since + 9 * DAY)
    await file(estate, "temporary_offline", since - DAY, since + DAY, target="site-2")
    await file(estate, "change", since - 5 * DAY)
    await file(estate, "ordered_closure", since - 9 * DAY)
    await file(estate, "return", since - 5 * DAY)  # ends the closure without an end
    assert await numbers(estate) == []


async def test_what_lasts_until_something_ends_it_touches_all_that_comes(estate: Estate) -> None:
    since = await began(estate)
    closed = await file(estate, "ordered_closure", since - 9 * DAY)
    await file(estate, "return", since + 2 * DAY)
    assert await numbers(estate) == [closed], "the outage was over before"
    changed = await file(estate, "change", since.replace(hour=0))
    assert await numbers(estate) == [closed, changed], "that of the same day is of its time"


async def test_an_order_that_names_it_belongs_to_it_whatever_its_time(estate: Estate) -> None:
    order = await file(estate, "order", estate.clock.now(), fields={"incident": 1, "problem": "打不开"})
    await file(estate, "order", estate.clock.now(), fields={"incident": 11, "problem": "打不开"})
    assert await numbers(estate) == [order]


async def test_what_an_incident_was_judged_by_is_there_though_it_was_withdrawn_since(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    start = estate.clock.now()
    number = await file(estate, "temporary_offline", start - DAY, start + DAY)
    for _ in range(4):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    await estate.do(lambda tx: declarations.withdraw(tx, number, "李四", start, "误"))
    assert await numbers(estate) == [number]
    await estate.close()


async def test_the_closing_of_a_site_for_good_is_told_with_its_columns(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens("2026-10-01"))
    (number,) = await estate.do(lambda tx: tx.execute("SELECT id FROM incidents WHERE cause = 'stale'").fetchone())
    closed = await file(estate, "permanent_offline", estate.clock.now())
    await file(estate, "temporary_offline", estate.clock.now(), estate.clock.now() + DAY)
    assert await numbers(estate, number) == [closed]
