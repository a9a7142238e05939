"""What the duty desk owes: met and until when, due, broken since when, or not to be told; by the rules in force."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.alert.compose import compose
from monitor.alert.release import release
from monitor.cli.shown import incidents as shown
from monitor.clock import civil_day
from monitor.desk import incidents
from monitor.jobs import digest_of
from monitor.ledgers import LEDGERS, Asked, Row
from monitor.model import Cause, Declaration, DeclarationKind, Notice, NoticeKind, Severity
from monitor.settle.desk import judge_desk
from monitor.settle.policy import policy_of
from monitor.store import declarations
from tests.clock import START
from tests.settle.desk import INVENTORY, Estate
from tests.web.filled import wrong

DAY = timedelta(days=1)
PACKS = ("national-2019", "zhongshan-2020", "zizhizhou-2020", "foshan-2015", "house")


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    """A desk under the packs that ask most of it, judged for the first time in November."""
    estate = await Estate.open(tmp_path)
    watched = tuple(replace(one, packs=PACKS) for one in INVENTORY)
    estate.policy = policy_of(estate.policy.settings.model_copy(update={"targets": watched}))
    await estate.do(lambda tx: judge_desk(tx, estate.policy, estate.clock.now()))
    yield estate
    await estate.close()


async def owed(estate: Estate) -> dict[str, Row]:
    now = estate.clock.now()
    asked = Asked(estate.policy.settings, now - 30 * DAY, now, now, "en")
    return {row["rule"]: row for row in await estate.database.read(lambda tx: list(LEDGERS["desk"](tx, asked)))}


async def file(estate: Estate, kind: DeclarationKind, ago: timedelta, **fields: object) -> None:
    now = estate.clock.now()
    start = now - ago
    one = Declaration(
        id=0, kind=kind, target="*", start=start, by="张三", filed_at=now, number="督〔2026〕7号", fields=fields
    )
    await estate.do(lambda tx: declarations.file(tx, one, now))
    await estate.do(lambda tx: judge_desk(tx, estate.policy, now))


async def test_what_nobody_has_done_yet_is_due_with_its_last_day(estate: Estate) -> None:
    meeting = (await owed(estate))["zizhizhou-2020/meeting"]
    assert (meeting["standing"], meeting["last_day"]) == ("due", "2026-12-31")
    assert meeting["since"] == "2026-10-01T00:00:00+08:00"


async def test_what_is_met_says_until_when(estate: Estate) -> None:
    await file(estate, DeclarationKind.ACTIVITY, 3 * DAY, activity="meeting")
    row = (await owed(estate))["zizhizhou-2020/meeting"]
    assert (row["standing"], row["last_day"], row["due_from"]) == ("met", "2026-12-31", None)
    assert row["article"] == "第二十条"


async def test_what_is_broken_says_since_when_and_stands_first(estate: Estate) -> None:
    await file(estate, DeclarationKind.ORDER, 2 * DAY, problem="漏记")
    rows = await owed(estate)
    broken = [row for row in rows.values() if row["standing"] == "breached"]
    assert broken
    assert next(iter(rows.values())) == broken[0]
    since = START - DAY
    assert {row["last_day"] for row in broken} == {str(civil_day(since))}


async def test_without_a_roster_nothing_is_said_of_it_and_why(estate: Estate) -> None:
    duty = (await owed(estate))["national-2019/N-DUTY"]
    assert (duty["standing"], duty["why"], duty["last_day"]) == ("unknown", "no roster is kept here", None)


async def test_every_rule_of_the_desk_is_there_and_looking_writes_nothing(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    told = await owed(estate)  # of a reader, which cannot write; nobody has judged the desk yet
    assert set(told) == {rule.key for rule in estate.policy.rules_of(estate.policy.desk)}
    assert await estate.do(lambda tx: tx.execute("SELECT COUNT(*) FROM meta WHERE key = 'desk_since'").fetchone()) == (
        0,
    )
    await estate.close()


async def test_an_alert_about_what_the_desk_owes_calls_it_by_name(estate: Estate) -> None:
    await file(estate, DeclarationKind.ORDER, 2 * DAY, problem="漏记")
    now = estate.clock.now()
    await estate.do(lambda tx: release(tx, now, estate.policy.recipients, estate.policy.settings.alert))
    facts = await estate.do(lambda tx: tx.execute("SELECT facts FROM notices").fetchall())
    assert facts
    assert all('"name":"值班台"' in one for (one,) in facts)


async def test_wherever_a_person_reads_the_desk_has_its_name_and_the_monitor_its_own(estate: Estate) -> None:
    await file(estate, DeclarationKind.ORDER, 2 * DAY, problem="漏记")
    now = estate.clock.now()
    await estate.do(lambda tx: wrong(tx, Cause.OURS, "*", key="uplink", at=now))
    for language, desk, ours in (("zh-CN", "值班台", "监测端"), ("en", "the duty desk", "the monitor")):
        found = await estate.database.read(lambda tx, language=language: incidents(tx, language))  # type: ignore[misc]
        lines = list(shown(found, language, now))
        assert any(line.startswith(f"    {desk}  ") for line in lines), lines
        assert any(line.startswith(f"    {ours}  ") for line in lines), lines
        assert not any("*" in line for line in lines)
        digest = await estate.database.read(lambda tx: digest_of(tx, now))
        assert digest is not None
        made = compose([notice(digest, now)], language, "http://desk/", now)
        assert desk in made.body
        assert "*" not in made.body.replace("督〔", "")


def notice(facts: dict[str, object], now: datetime) -> Notice:
    return Notice(
        id=1, kind=NoticeKind.DIGEST, incident=None, severity=Severity.REMIND, created_at=now, release_at=now, dedupe_key="d", facts=facts
    )  # fmt: skip
