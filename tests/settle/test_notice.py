"""A declared notice that goes away: two looks an hour apart, one incident, till it is back; and what no look decides."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.model import Cause, Compliance, Declaration, DeclarationKind, Finding, Pack, Reach, fail, ok, say, unknown
from monitor.pipeline import sweep
from monitor.settle.intake import take_in
from monitor.settle.policy import policy_of
from monitor.store import brought, declarations, standings, state
from tests.judge.made import NOON, rule
from tests.settle.desk import INVENTORY, SITE, Estate, opens

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KEPT = rule("notice_kept", "site", "30d", of=("migration",), field="own_notice")
FILED = Declaration(
    id=0, kind=DeclarationKind.MIGRATION, target=SITE, start=NOON, filed_at=NOON, fields={"own_notice": "http://one.example/n"},
)  # fmt: skip
SUBJECT = FILED.notice("own_notice")
GONE = fail("notice_kept", Cause.NOTICE_KEPT, "gone", say("gone"))._replace(subject=SUBJECT)
SHOWN = ok("notice_kept", say("shown"))._replace(subject=SUBJECT)
CHALLENGED = unknown("notice_kept", "challenged", say("could not look"))._replace(subject=SUBJECT)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    packs = (Pack("house", "内部要求", None, "", (KEPT, rule("reachable", "site"))),)
    estate.policy = policy_of(estate.policy.settings.model_copy(update={"packs": packs, "targets": INVENTORY}))
    now = estate.clock.now()
    await estate.do(partial(take_in, policy=estate.policy, now=now))
    one = replace(FILED, start=now, filed_at=now)
    await estate.do(partial(declarations.file, one=one, now=now))
    yield estate
    await estate.close()


async def seen(estate: Estate, *found: Finding, wait: timedelta = timedelta()) -> list[tuple[Compliance, str]]:
    """After that wait and that look: what the rule's standing is, none when it is kept."""
    estate.clock.advance(wait)
    await estate.look(SITE, Reach.OPEN, [*opens(), *found])
    now = estate.clock.now()
    await estate.do(lambda tx: sweep(tx, estate.policy, now))
    stored = await estate.do(partial(standings.of_target, target_id=SITE))
    return [(one.value, str(one.why)) for one in stored if one.rule == KEPT.key]


async def incidents(estate: Estate) -> list[tuple[str, str]]:
    return [(cause, state) for cause, _, state in await estate.incidents()]


async def test_gone_at_two_looks_an_hour_apart(estate: Estate) -> None:
    assert await seen(estate) == [(Compliance.UNKNOWN, "the notice was not looked at yet")]
    assert await seen(estate, SHOWN, wait=MINUTE) == []
    assert await seen(estate, GONE, wait=DAY) == [(Compliance.UNKNOWN, "failed, not confirmed yet")]
    assert await seen(estate, GONE, wait=MINUTE) == [(Compliance.UNKNOWN, "failed, not confirmed yet")]
    assert await incidents(estate) == []
    assert await seen(estate, GONE, wait=HOUR) == [(Compliance.BREACHED, "gone")]
    assert await incidents(estate) == [("notice_kept", "open")]
    [(value, _)] = await seen(estate, CHALLENGED, wait=DAY)
    assert value is Compliance.BREACHED
    assert await seen(estate, SHOWN, wait=DAY) == []
    assert await incidents(estate) == [("notice_kept", "recovered")]


async def test_an_address_that_cannot_be_looked_at_is_no_blindness_of_the_site(estate: Estate) -> None:
    for _ in range(5):
        [(value, words)] = await seen(estate, CHALLENGED, wait=DAY)
        assert (value, words) == (Compliance.UNKNOWN, "could not look")
    assert await incidents(estate) == []
    assert (await estate.do(partial(state.state_of, target_id=SITE))).blind_since is None


async def corrected(estate: Estate, earlier: int | None, **fields: object) -> int:
    """The declaration with these fields in the place of that one; None: filed anew."""
    now = estate.clock.now()
    one = replace(FILED, start=now - DAY, filed_at=now, fields={**FILED.fields, **fields})
    made = await estate.do(partial(declarations.file, one=one, now=now, corrects=earlier))
    await estate.do(partial(brought.touch, target_id=SITE, now=now))
    return made


async def test_a_correction_keeps_what_was_seen_of_an_address_it_does_not_touch(estate: Estate) -> None:
    await seen(estate, SHOWN, wait=MINUTE)
    number = await corrected(estate, 1, number="穗府办〔2026〕1号")
    assert await seen(estate, wait=MINUTE) == [], "shown, as it was"
    await estate.do(partial(declarations.withdraw, number=number, by="张三", now=estate.clock.now(), why="重复"))
    number = await corrected(estate, None)
    assert await seen(estate, wait=MINUTE) == [], "taken back and filed anew"
    await corrected(estate, number, own_notice="http://one.example/other")
    assert await seen(estate, wait=MINUTE) == [(Compliance.UNKNOWN, "the notice was not looked at yet")]


async def test_a_correction_hides_no_notice_that_is_missing(estate: Estate) -> None:
    await seen(estate, GONE, wait=DAY)
    await seen(estate, GONE, wait=HOUR)
    assert await incidents(estate) == [("notice_kept", "open")]
    await corrected(estate, 1, number="穗府办〔2026〕1号")
    assert [value for value, _ in await seen(estate, wait=MINUTE)] == [Compliance.BREACHED]
    assert await incidents(estate) == [("notice_kept", "open")]


async def test_after_its_days_a_notice_may_go(estate: Estate) -> None:
    assert await seen(estate, SHOWN, wait=31 * DAY) == []
    assert await seen(estate, GONE, wait=DAY) == []
    assert await seen(estate, GONE, wait=HOUR) == []
    assert await incidents(estate) == []
