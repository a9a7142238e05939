"""Silences that have ended, replayed: every look's newest date is kept, so what-if sees them under shorter and longer limits alike."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.clock import civil_day, day_start, iso
from monitor.evidence.whatif import WhatIf, both, what_if
from monitor.evidence.whatif_told import as_json, lines
from monitor.model import Cause, Finding, Limit, Pack, Reach, Severity
from monitor.settle.policy import policy_of
from monitor.store import rules as rule_rows, targets
from tests.judge.made import DAY, HOUR, rule
from tests.settle.desk import ACCOUNT, COLUMN, INVENTORY, SITE, Estate, opens, posted

SPOKE = (0, 3, 6, 9, 29, 32, 35)
"""Days of a post: from day 9 to day 29 there is none."""
LAST = 40
LOOKS: dict[str, Callable[[str], tuple[Finding, ...]]] = {ACCOUNT: posted, COLUMN: opens}


def town(kind: str, days: int) -> Pack:
    stale = rule("updated_within", kind, f"{days}d", pack="town")
    return Pack("town", "某市办法", None, "", (replace(stale, version=str(days)),))


async def opened(folder: Path, target: str, days: int) -> tuple[Estate, date]:
    """An estate of that target and the site, both under this one rule alone, at a midnight: as the plan has it, looks come with limits."""
    estate = await Estate.open(folder)
    now = estate.clock.now()
    estate.clock.jump(day_start(civil_day(now) + timedelta(days=1)))
    told = tuple(replace(one, packs=("town",)) for one in INVENTORY if one.id in {target, SITE})
    packs = (town("account" if target == ACCOUNT else "column", days),)
    estate.policy = policy_of(estate.policy.settings.model_copy(update={"targets": told, "packs": packs}))
    now = estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told, estate.policy.periods, now))
    await estate.do(lambda tx: rule_rows.remember(tx, estate.policy.rules.values(), now))
    return estate, civil_day(now)


async def lived(folder: Path, target: str) -> tuple[Estate, date]:
    """Forty days of one target under 14 days, looked at twice a day."""
    estate, begun = await opened(folder, target, 14)
    for half in range(2 * LAST):
        newest = begun + timedelta(days=max(day for day in SPOKE if 2 * day <= half))
        await estate.look(SITE, Reach.OPEN, opens())
        await estate.look(target, Reach.OPEN, LOOKS[target](newest.isoformat()))
        await estate.pass_time(12 * HOUR)
    return estate, begun


async def under(estate: Estate, target: str, days: int) -> WhatIf:
    kind = "account" if target == ACCOUNT else "column"
    return await estate.do(lambda tx: what_if(tx, both(estate.policy.settings, [town(kind, days)])))


@pytest.mark.parametrize("target", LOOKS)
async def test_a_silence_that_ended_is_seen_in_both_directions(tmp_path: Path, target: str) -> None:
    estate, begun = await lived(tmp_path, target)
    assert [cause for cause, _, _ in await estate.incidents()] == ["stale"]
    shorter, longer = await under(estate, target, 7), await under(estate, target, 30)
    for found in (shorter, longer):
        assert (found.really, found.came, found.present) == (1, 1, 1)
        assert found.missed == []
    (one,) = shorter.differs
    assert (one.target, one.cause, one.what, one.by) == (target, Cause.STALE, "earlier", -7 * DAY)
    assert one.other is not None
    assert civil_day(one.other) == begun + timedelta(days=9 + 8), "day 8 after the last post, seven days being over"
    assert [(each.what, each.other) for each in longer.differs] == [("would not come", None)]
    await estate.close()


async def test_a_graver_rule_that_breaks_later_is_told_though_the_alert_comes_at_the_same_time(tmp_path: Path) -> None:
    """A breach after 7 days of silence becomes a veto after 14: under 17 days the veto alone is three days later."""
    estate, begun = await opened(tmp_path, ACCOUNT, 7)

    def packs(days: int) -> Pack:
        (weekly,) = town("account", 7).rules
        veto = replace(weekly, id="VETO", severity=Severity.VETO, limit=Limit(days, "d"), version=f"veto {days}")
        return Pack("town", "某市办法", None, "", (weekly, veto))

    estate.policy = policy_of(estate.policy.settings.model_copy(update={"packs": (packs(14),)}))
    await estate.do(lambda tx: rule_rows.remember(tx, estate.policy.rules.values(), estate.clock.now()))
    for _ in range(30):
        await estate.look(ACCOUNT, Reach.OPEN, posted(begun.isoformat()))
        await estate.pass_time(DAY)
    settings = estate.policy.settings
    end = day_start(begun + 25 * DAY)

    async def under_veto(days: int) -> WhatIf:
        return await estate.do(lambda tx: what_if(tx, both(settings, [packs(days)]), None, end))

    later, sooner, never = [await under_veto(days) for days in (17, 7, 90)]
    (one,) = later.differs
    assert (one.target, one.what, one.severity, one.by) == (ACCOUNT, "graver later", Severity.VETO, 3 * DAY)
    first, then = (day_start(begun + timedelta(days=n + 1)) for n in (14, 17))
    assert (one.present, one.other) == (first, then)
    (row,) = as_json(later, "en")["differs"]
    assert (row["severity"], row["by_seconds"], row["present"]) == ("veto", 3 * 86_400, iso(first))
    assert "单项否决推迟3天" in "\n".join(lines(later, settings, "zh-CN"))
    assert [(each.what, each.severity) for each in sooner.differs] == [("graver earlier", Severity.VETO)]
    assert [(each.what, each.present, each.other) for each in never.differs] == [("milder", first, None)]
    assert "不会达到单项否决" in "\n".join(lines(never, settings, "zh-CN"))
    await estate.close()


async def test_what_was_newest_and_taken_down_counts_until_then(tmp_path: Path) -> None:
    """A post of day 25 that is taken away on day 27: from then on the one of day 3 is the newest again."""
    estate, begun = await opened(tmp_path, ACCOUNT, 30)
    for day in range(LAST):
        newest = 25 if 25 <= day < 27 else 3 if day >= 3 else 0
        await estate.look(ACCOUNT, Reach.OPEN, posted((begun + timedelta(days=newest)).isoformat()))
        await estate.pass_time(DAY)
    found = await under(estate, ACCOUNT, 14)
    assert found.missed == []
    told_days = [(one.other and (civil_day(one.other) - begun).days, one.what) for one in found.differs]
    assert told_days == [(18, "would come"), (27, "earlier")]
    await estate.close()


async def test_of_an_earlier_program_s_time_what_did_not_come_is_named(tmp_path: Path) -> None:
    """It kept the last date alone: the silence is not seen, and what-if says which alert that is."""
    estate, _ = await lived(tmp_path, ACCOUNT)
    await estate.do(lambda tx: tx.execute("DELETE FROM run_dates"))
    found = await under(estate, ACCOUNT, 7)
    assert (found.really, found.came) == (1, 0)
    (missed,) = found.missed
    assert (missed.incident, missed.target, missed.cause) == (1, ACCOUNT, Cause.STALE)
    shown = "\n".join(lines(found, estate.policy.settings, "zh-CN"))
    assert "事件 #1" in shown
    assert "名称 account-1" in shown
    (row,) = as_json(found, "zh-CN")["missed"]
    assert (row["incident"], row["target"], row["cause"]) == (1, ACCOUNT, "stale")
    assert row["at"] == iso(missed.at)
    await estate.close()


async def test_what_could_not_be_replayed_is_said_in_the_language_asked_for(tmp_path: Path) -> None:
    estate, _ = await lived(tmp_path, ACCOUNT)
    found = await under(estate, ACCOUNT, 7)
    chinese, english = (as_json(found, language)["not_replayed"] for language in ("zh-CN", "en"))
    assert len(chinese) == len(english) == 4
    assert all(not one.isascii() for one in chinese)
    assert all(one.isascii() for one in english)
    await estate.close()


async def test_a_look_that_tells_the_same_day_keeps_nothing_more(tmp_path: Path) -> None:
    estate, begun = await lived(tmp_path, ACCOUNT)

    def days(tx: sqlite3.Connection) -> list[str]:
        return [day for (day,) in tx.execute("SELECT day FROM run_dates ORDER BY since")]

    assert await estate.do(days) == [(begun + timedelta(days=day)).isoformat() for day in SPOKE]
    await estate.close()
