"""The verdict on every site out of a real store: its counts are those that open incidents, and nothing unseen is good."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clock import civil_day
from monitor.ledgers import LEDGERS, Asked, Row
from monitor.model import Cause, ColumnKind, Reach, TargetKind, fail, ok, say, unknown
from monitor.settle.policy import policy_of
from monitor.store import commands, findings, rules, targets
from tests.settle.desk import INVENTORY, SITE, Estate, a_target, opens
from tests.web.filled import Tx

FINE = ok("reachable", say("opens in {seconds} s", seconds="0.2"))
FULL = ok("column_blank", say("has content"))
BLANK = fail("column_blank", Cause.BLANK, "blank", say("the list holds nothing"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
COLUMNS = tuple(
    a_target(f"{SITE}/more-{n}", TargetKind.COLUMN, f"http://one.example/{n}/", site=SITE, column=ColumnKind.DYNAMIC)
    for n in range(1, 7)
)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    """A site with seven columns, all of them watched for three weeks and well."""
    estate = await Estate.open(tmp_path)
    now = estate.clock.now()
    estate.policy = policy_of(estate.policy.settings.model_copy(update={"targets": (*INVENTORY, *COLUMNS)}))
    await estate.do(lambda tx: targets.sync(tx, estate.policy.settings.targets, estate.policy.periods, now))
    await estate.do(lambda tx: rules.remember(tx, estate.policy.rules.values(), now))
    await all_well(estate)
    await estate.pass_time(21 * DAY)
    await all_well(estate)
    await estate.do(lambda tx: sampled(tx, estate))
    yield estate
    await estate.close()


def sampled(tx: Tx, estate: Estate) -> None:
    """A full week of good visits."""
    now = estate.clock.now()
    for hour in range(168):
        for _ in range(12):
            findings.count_sample(tx, SITE, now - hour * HOUR, "good")


async def all_well(estate: Estate) -> None:
    today = civil_day(estate.clock.now()).isoformat()
    for name in (SITE, f"{SITE}/column-1", *(one.id for one in COLUMNS)):
        await estate.look(name, Reach.OPEN, (*opens(today), FULL), sample=False)


async def verdict(estate: Estate) -> Row:
    now = estate.clock.now()
    asked = Asked(estate.policy.settings, now - 30 * DAY, now, now, "en", SITE)
    (row,) = await estate.do(lambda tx: list(LEDGERS["sites"](tx, asked)))
    return row


async def counts(estate: Estate) -> list[str]:
    """The states of the incidents about a count of columns."""
    return [state for cause, _, state in await estate.incidents() if cause == "count"]


async def stale(estate: Estate, columns: int) -> None:
    newest = (civil_day(estate.clock.now()) - 20 * DAY).isoformat()
    for column in COLUMNS[:columns]:
        await estate.look(column.id, Reach.OPEN, (*opens(newest), FULL))
    await estate.pass_time(MINUTE)


async def blank(estate: Estate, columns: int = 5) -> None:
    today = civil_day(estate.clock.now()).isoformat()
    for column in COLUMNS[:columns]:
        for _ in range(2):
            await estate.look(column.id, Reach.OPEN, (*opens(today), BLANK))
            estate.clock.advance(HOUR)
    await estate.pass_time(MINUTE)


async def test_a_site_that_is_well_and_was_watched_long_enough_passes(estate: Estate) -> None:
    row = await verdict(estate)
    assert (row["verdict"], row["why"], row["unseen"]) == ("passed", [], [])
    (messages,) = [one for one in row["indicators"] if one["state"] == "unwatched"]
    assert (messages["rule"], messages["decides"]) == ("national-2019/N-MSG", False)


async def test_five_blank_columns_are_counted_here_as_by_the_incident(estate: Estate) -> None:
    await blank(estate, 4)
    assert ((await verdict(estate))["counts"]["blank"], await counts(estate)) == (4, [])
    await blank(estate)
    row = await verdict(estate)
    assert (row["counts"]["blank"], row["verdict"], await counts(estate)) == (5, "failed", ["open"])
    assert row["failing"] == [["national-2019/N-COL-BLANK", SITE]]
    assert row["why"] == ["栏目不更新 (blank columns): 5 columns are blank, 5 are a veto"]


async def test_a_stale_column_called_a_false_alarm_counts_neither_there_nor_here(estate: Estate) -> None:
    await stale(estate, 5)
    assert ((await verdict(estate))["verdict"], await counts(estate)) == ("failed", ["open"])
    number = await estate.do(lambda tx: tx.execute("SELECT MIN(id) FROM incidents WHERE cause = 'stale'").fetchone()[0])
    now = estate.clock.now()
    await estate.do(lambda tx: commands.false_alarm(tx, now, "张三", number, "栏目已更新，机器未识别"))
    await estate.pass_time(MINUTE)
    row = await verdict(estate)
    assert (row["counts"]["stale"], row["failing"], await counts(estate)) == (4, [], ["recovered"])


async def test_a_stale_column_that_cannot_be_looked_at_goes_on_to_count(estate: Estate) -> None:
    await stale(estate, 5)
    await estate.look(COLUMNS[0].id, Reach.CHALLENGED, (unknown("column_fresh", "challenged", say("walled")),))
    await estate.pass_time(MINUTE)
    row = await verdict(estate)
    assert (row["counts"]["stale"], row["verdict"], await counts(estate)) == (5, "failed", ["open"])


async def test_a_home_page_called_a_false_alarm_fails_no_site(estate: Estate) -> None:
    old = (civil_day(estate.clock.now()) - 20 * DAY).isoformat()
    await estate.look(SITE, Reach.OPEN, opens(old), sample=False)
    assert (await verdict(estate))["verdict"] == "failed"
    (number,) = await estate.do(lambda tx: [row[0] for row in tx.execute("SELECT id FROM incidents")])
    for who in ("张三", "李四"):
        now = estate.clock.now()
        await estate.do(lambda tx, who=who, now=now: commands.false_alarm(tx, now, who, number, "首页图片新闻已更新"))  # type: ignore[misc]
    row = await verdict(estate)
    home = next(one for one in row["indicators"] if one["rule"] == "national-2019/N-HOME")
    assert (row["verdict"], home["why"]) == ("passed", "what was found was called a false alarm")


async def test_a_column_nobody_looked_at_yet_is_not_good(estate: Estate) -> None:
    new = tuple(
        a_target(f"{SITE}/new-{n}", TargetKind.COLUMN, f"http://one.example/n{n}/", site=SITE, column=ColumnKind.POLICY)
        for n in range(5)
    )
    told = (*estate.policy.settings.targets, *new)
    now = estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told, estate.policy.periods, now))
    row = await verdict(estate)
    assert row["verdict"] == "undecided"
    assert row["why"] == [
        "栏目不更新 (news, notice and policy columns): 0 columns count, of 5 more nothing can be said yet: 5 are a veto",
        "栏目不更新 (blank columns): 0 columns count, of 5 more nothing can be said yet: 5 are a veto",
    ]


async def test_three_days_after_the_start_no_site_is_said_to_pass(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    today = civil_day(estate.clock.now()).isoformat()
    await estate.look(SITE, Reach.OPEN, opens(today))
    await estate.look(f"{SITE}/column-1", Reach.OPEN, (*opens(today), FULL))
    await estate.pass_time(3 * DAY)
    row = await verdict(estate)
    states = {one["rule"].partition("/")[2]: one["state"] for one in row["indicators"]}
    assert row["verdict"] == "undecided"
    assert (states["N-AVAIL"], states["N-HOME"], states["N-COL-SUM"]) == ("young", "young", "met")
    assert row["why"][0].startswith("站点无法访问: watched since ")
    await estate.close()


async def test_a_link_that_leads_to_gambling_now_leaves_the_site_open_whose_page_carries_it(estate: Estate) -> None:
    def carried(tx: Tx) -> None:
        tx.execute(
            """INSERT INTO targets (id, kind, name, url, host, added_at, period, sample_due_at, next_due_at)
               VALUES ('link:x', 'link', 'x', 'http://x.example/', 'x.example', 0, 1, 0, 0)"""
        )
        tx.execute(
            "INSERT INTO carriers (page_id, link_id, text, tag, first_seen_at) VALUES (?, 'link:x', '友情链接', 'a', 0)",
            (SITE,),
        )
        tx.execute(
            """INSERT INTO standings (target_id, rule, rule_version, value, cause, since, why, inputs, decided_at)
               VALUES ('link:x', 'national-2019/N-BADLINK-LINK', '1', 'breached', 'tamper', 1, ?, '{}', 1)""",
            ('{"template":"it sells bets now","values":{}}',),
        )

    await estate.do(carried)
    row = await verdict(estate)
    assert (row["verdict"], row["suspected"]) == ("undecided", [["national-2019/N-BADLINK-LINK", "link:x"]])
