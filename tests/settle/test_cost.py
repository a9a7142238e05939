"""A settle costs the same however many rules do not concern its target: what is asked of the store, and what is judged."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.model import Reach, Rule
from monitor.settle.judging import facts_of
from monitor.store import targets
from tests.judge.made import rule
from tests.settle.desk import COLUMN, SITE, Estate, opens

OTHERS = [
    *(rule("updated_within", "account", "14d", id=f"account-{n}", pack="house") for n in range(300)),
    *(rule("answered_within", "site", "3wd", id=f"site-{n}", pack="another-town") for n in range(300)),
    *(rule("done_every", "desk", "1y", id=f"desk-{n}", pack="house", activity="drill") for n in range(300)),
]


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


def with_more(estate: Estate, more: list[Rule]) -> None:
    rules = {**estate.policy.rules, **{one.key: one for one in more}}
    estate.policy = replace(estate.policy, rules=rules, _applicable={}, _needs={})


async def statements(estate: Estate, target: str) -> list[str]:
    """What one look that changes nothing of the target, and then its judging, asks of the store."""
    asked: list[str] = []
    await estate.do(lambda tx: tx.set_trace_callback(asked.append))
    await estate.look(target, Reach.OPEN, opens("2026-11-19"))
    now = estate.clock.now()
    await estate.do(lambda tx: facts_of(tx, targets.load_target(tx, target), estate.policy, now))
    await estate.do(lambda tx: tx.set_trace_callback(None))
    return [sql.split(None, 1)[0] + sql.partition("FROM")[2][:40] for sql in asked]


@pytest.mark.parametrize("target", [SITE, COLUMN])
async def test_rules_about_others_ask_nothing_of_the_store(estate: Estate, target: str) -> None:
    await estate.look(target, Reach.OPEN, opens("2026-11-19"))
    before = await statements(estate, target)
    with_more(estate, OTHERS)
    assert await statements(estate, target) == before


async def test_a_target_is_judged_by_its_own_rules_alone(estate: Estate) -> None:
    target = await estate.do(lambda tx: targets.load_target(tx, COLUMN))
    before = estate.policy.rules_of(target)
    with_more(estate, OTHERS)
    assert estate.policy.rules_of(target) == before
    assert estate.policy.rules_of(target) is estate.policy.rules_of(target), "found once for all targets alike"


async def test_records_are_read_only_where_a_rule_goes_by_them(estate: Estate) -> None:
    target = await estate.do(lambda tx: targets.load_target(tx, SITE))
    plain = replace(estate.policy, rules={"house/a": rule("marks_present", "site", id="a")}, _applicable={}, _needs={})
    assert plain.needs_of(target) == frozenset()
    asking = rule("answered_within", "site", "3wd", id="b")
    assert replace(plain, rules={asking.key: asking}, _applicable={}, _needs={}).needs_of(target) == {"messages"}
