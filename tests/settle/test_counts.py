"""Columns of a site that are stale or blank at once: one more incident of the site, when the count is a veto."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clock import civil_day
from monitor.model import Cause, ColumnKind, Finding, Reach, Rule, TargetKind, fail, ok, say, unknown
from monitor.settle.policy import policy_of
from monitor.store import brought, canon, commands, events, rules, targets, views
from tests.judge.made import rule
from tests.settle.desk import COLUMN, INVENTORY, SITE, Estate, a_target, opens

FINE = ok("reachable", say("opens in {seconds} s", seconds="0.2"))
BLANK = fail("column_blank", Cause.BLANK, "blank", say("the list holds nothing"))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
COLUMNS = tuple(
    a_target(f"{SITE}/more-{n}", TargetKind.COLUMN, f"http://one.example/{n}/", site=SITE, column=ColumnKind.DYNAMIC)
    for n in range(1, 7)
)
COUNTED = tuple(
    rule("at_most_in_breach", "site", id=f"sum-{of}", pack="national-2019", severity="veto", of=of, count=5, forecast=3)
    for of in ("stale", "blank")
)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    told = estate.policy.settings.model_copy(update={"targets": (*INVENTORY, *COLUMNS)})
    known = policy_of(told)
    estate.policy = replace(known, rules={**_without_counts(known.rules), **{one.key: one for one in COUNTED}})
    now = estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told.targets, estate.policy.periods, now))
    await estate.do(lambda tx: rules.remember(tx, estate.policy.rules.values(), now))
    await estate.look(SITE, Reach.OPEN, opens(civil_day(now).isoformat()))
    yield estate
    await estate.close()


def _without_counts(known: Mapping[str, Rule]) -> dict[str, Rule]:
    return {key: one for key, one in known.items() if one.obligation != "at_most_in_breach"}


async def stale(estate: Estate, columns: int, days: int = 20) -> None:
    newest = (civil_day(estate.clock.now()) - timedelta(days=days)).isoformat()
    for column in COLUMNS[:columns]:
        await estate.look(column.id, Reach.OPEN, opens(newest))
    await estate.pass_time(MINUTE)


async def counts(estate: Estate) -> list[tuple[str, str]]:
    return [(key, state) for cause, key, state in await estate.incidents() if cause == "count"]


async def test_the_fifth_stale_column_opens_the_veto_of_the_site_and_one_less_ends_it(estate: Estate) -> None:
    await stale(estate, 4)
    assert await counts(estate) == []
    assert (await sums(estate))["sum-stale"].startswith("due: "), "the digest tells that it is near"
    await stale(estate, 5)
    assert await counts(estate) == [(SITE, "open")]
    await estate.look(COLUMNS[0].id, Reach.OPEN, opens(civil_day(estate.clock.now()).isoformat()))
    await estate.pass_time(MINUTE)
    assert await counts(estate) == [(SITE, "recovered")]


async def test_a_column_that_cannot_be_looked_at_for_a_while_goes_on_to_count(estate: Estate) -> None:
    await stale(estate, 5)
    down = (fail("reachable", Cause.OUTAGE, "timeout", say("opens in {seconds} s", seconds="30")),)
    for _ in range(3):
        await estate.look(COLUMNS[0].id, Reach.TIMEOUT, down)
        await estate.pass_time(MINUTE)
    assert await counts(estate) == [(SITE, "open")]


async def test_a_false_alarm_does_not_count(estate: Estate) -> None:
    await stale(estate, 5)
    number = await estate.do(lambda tx: tx.execute("SELECT MIN(id) FROM incidents WHERE cause = 'stale'").fetchone()[0])
    now = estate.clock.now()
    await estate.do(lambda tx: commands.false_alarm(tx, now, "张三", number, "栏目已更新，机器未识别"))
    await estate.pass_time(MINUTE)
    assert await counts(estate) == [(SITE, "recovered")]


async def blank(estate: Estate) -> None:
    """Five columns that hold nothing, as two looks found."""
    for column in COLUMNS[:5]:
        for _ in range(2):
            await estate.look(column.id, Reach.OPEN, (FINE, BLANK))
            await estate.pass_time(DAY)


async def test_five_blank_columns_are_a_veto(estate: Estate) -> None:
    await blank(estate)
    assert await counts(estate) == [(SITE, "open")]
    await estate.look(COLUMNS[2].id, Reach.OPEN, (FINE, ok("column_blank", say("has content"))))
    await estate.pass_time(MINUTE)
    assert await counts(estate) == [(SITE, "recovered")]


async def test_a_blank_column_called_a_false_alarm_does_not_count_until_it_is_blank_anew(estate: Estate) -> None:
    await blank(estate)
    number = await estate.do(lambda tx: tx.execute("SELECT MIN(id) FROM incidents WHERE cause = 'blank'").fetchone()[0])
    column = await estate.do(
        lambda tx: tx.execute("SELECT target_id FROM members WHERE incident_id = ?", (number,)).fetchone()[0]
    )
    now = estate.clock.now()
    await estate.do(lambda tx: commands.false_alarm(tx, now, "张三", number, "栏目有内容，机器未识别"))
    await estate.pass_time(MINUTE)
    assert await counts(estate) == [(SITE, "recovered")]
    await estate.look(column, Reach.OPEN, (FINE, ok("column_blank", say("has content"))))
    for _ in range(2):
        await estate.pass_time(DAY)
        await estate.look(column, Reach.OPEN, (FINE, BLANK))
    await estate.pass_time(MINUTE)
    assert [state for _, state in await counts(estate)] == ["recovered", "open"]


POLICY = tuple(
    a_target(
        f"{SITE}/policy-{n}",
        TargetKind.COLUMN,
        f"http://one.example/p{n}/",
        site=SITE,
        column=ColumnKind.POLICY,
        level=level,
    )
    for n, level in enumerate((0, 1, 0, 1, 2, 3))
)


async def test_policy_columns_told_to_be_deeper_do_not_count_toward_the_five(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    told = estate.policy.settings.model_copy(update={"targets": (*INVENTORY, *POLICY)})
    estate.policy, now = policy_of(told), estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told.targets, estate.policy.periods, now))
    await estate.look(SITE, Reach.OPEN, opens(civil_day(now).isoformat()))
    newest = (civil_day(now) - timedelta(days=400)).isoformat()
    for column in POLICY:
        await estate.look(column.id, Reach.OPEN, opens(newest))
    await estate.pass_time(MINUTE)
    broken = {key for cause, key, _ in await estate.incidents() if cause == "stale"}
    assert broken == {one.id for one in POLICY}, "a year is past for the deeper ones, too"
    assert await counts(estate) == [], "four of the first level, two of the others"
    assert await estate.do(lambda tx: brought.in_breach(tx, SITE)) == {
        "stale:national-2019:policy": 4,
        "stale:national-2019:deeper/policy": 2,
    }
    sixth = replace(POLICY[4], level=1)
    known = told.model_copy(update={"targets": (*INVENTORY, *POLICY[:4], sixth, POLICY[5])})
    estate.policy = policy_of(known)
    await estate.do(lambda tx: targets.sync(tx, known.targets, estate.policy.periods, now))
    await estate.look(sixth.id, Reach.OPEN, opens(newest))
    await estate.pass_time(MINUTE)
    assert await counts(estate) == [(SITE, "open")]
    await estate.close()


async def said(estate: Estate, cause: str) -> list[str]:
    """What open incidents of that cause say of their members."""
    sql = """SELECT m.why FROM members m JOIN incidents i ON i.id = m.incident_id
             WHERE i.cause = ? AND m.left_at IS NULL AND i.state = 'open' ORDER BY i.id"""
    return [str(canon.load_text(why)) for (why,) in await estate.do(lambda tx: tx.execute(sql, (cause,)).fetchall())]


async def test_an_open_veto_says_how_many_columns_there_are_by_now_and_tells_nobody_again(estate: Estate) -> None:
    await stale(estate, 5)
    assert await said(estate, "count") == ["5 columns are stale, 5 are a veto"]
    before = await estate.notices()
    told = await estate.do(lambda tx: [one.what for one in events.newest(tx, 999) if one.body.get("cause") == "count"])
    await stale(estate, 6)
    assert await said(estate, "count") == ["6 columns are stale, 5 are a veto"]
    assert await estate.notices() == [*before, "opened"], "that of the sixth column"
    assert told == await estate.do(
        lambda tx: [one.what for one in events.newest(tx, 999) if one.body.get("cause") == "count"]
    )
    shown = next(one for one in await estate.do(views.wrong_now) if one.cause is Cause.COUNT)
    assert str(shown.targets[0].why) == "6 columns are stale, 5 are a veto"


WALL = (
    unknown("reachable", "challenged", say("refuses programs")),
    unknown("column_fresh", "challenged", say("refuses programs")),
    unknown("column_blank", "challenged", say("refuses programs")),
)


async def sums(estate: Estate) -> dict[str, str]:
    """What is not kept of the counts of the site, in words."""
    sql = "SELECT rule, value, why FROM standings WHERE target_id = ? AND cause = 'count' ORDER BY rule"
    rows = await estate.do(lambda tx: tx.execute(sql, (SITE,)).fetchall())
    return {rule.partition("/")[2]: f"{value}: {canon.load_text(why)}" for rule, value, why in rows}


async def seen_by(estate: Estate, columns: Sequence[str], findings: Sequence[Finding]) -> None:
    for column in columns:
        await estate.look(column, Reach.OPEN, findings)
    await estate.pass_time(MINUTE)


async def test_columns_nobody_saw_are_no_columns_that_are_well(estate: Estate) -> None:
    """Before the first looks, behind a wall, and read at last: what nobody could look at is never good."""
    names = [one.id for one in (*INVENTORY, *COLUMNS) if one.kind is TargetKind.COLUMN]
    nothing = {
        f"sum-{of}": f"unknown: 0 columns count, {len(names)} more could not be judged: 5 are a veto"
        for of in ("stale", "blank")
    }
    await estate.pass_time(MINUTE)
    assert await sums(estate) == nothing
    await seen_by(estate, names, WALL)
    assert await sums(estate) == nothing
    today = civil_day(estate.clock.now()).isoformat()
    full = (*opens(today), ok("column_blank", say("has content")))
    await seen_by(estate, names[:3], full)
    assert await sums(estate) == {}, "four are too few to be five"
    await seen_by(estate, names[:3], WALL)
    assert await sums(estate) == nothing
    await seen_by(estate, names, full)
    assert await sums(estate) == {}
    assert await counts(estate) == []


async def test_a_veto_that_was_told_is_over_though_others_cannot_be_seen(estate: Estate) -> None:
    await stale(estate, 5)
    assert await counts(estate) == [(SITE, "open")]
    await seen_by(estate, [COLUMNS[5].id, COLUMN], WALL)
    today = civil_day(estate.clock.now()).isoformat()
    await seen_by(estate, [one.id for one in COLUMNS[:2]], opens(today))
    assert await counts(estate) == [(SITE, "recovered")]
    await seen_by(estate, [COLUMNS[2].id], WALL)
    assert (await sums(estate))["sum-stale"].startswith("due: 3 columns are stale"), "it goes on to count"
    await seen_by(estate, [COLUMNS[3].id, COLUMNS[4].id], opens(today))
    assert (await sums(estate)).get("sum-stale") is None
