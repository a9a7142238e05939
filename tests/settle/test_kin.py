"""Rules about the inventory itself: judged when it changes, without any look, and only those it concerns."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.alert.digest import compose_digest
from monitor.alert.voice import Voice
from monitor.clock import civil_day
from monitor.config.settings import RawTarget
from monitor.jobs import digest_of
from monitor.model import Cause, Compliance, Contact, Kin, Pack, Platform, TargetKind
from monitor.pipeline import sweep
from monitor.settle.intake import take_in
from monitor.settle.policy import policy_of
from monitor.store import brought, inventory, standings
from tests.judge.made import rule
from tests.settle.desk import Estate, a_target
from tests.store.plans import scans

ONE_SITE = rule("inventory", "site", id="one-site", what="one_per_owner")
ONE_ACCOUNT = rule("inventory", "account", id="one-account", what="one_per_platform")
CALLED = rule("inventory", "column", id="called", what="contacts")
RULES = (ONE_SITE, ONE_ACCOUNT, CALLED)

FIRST = a_target("first", TargetKind.SITE, "http://first.example/", packs=("house",))
SECOND = a_target("second", TargetKind.SITE, "http://second.example/", packs=("house",))
THIRD = replace(a_target("third", TargetKind.SITE, "http://third.example/", packs=("house",)), owner="另一局")
COLUMN = a_target("first/1", TargetKind.COLUMN, "http://first.example/1/", packs=("house",), site="first")
WECHAT = a_target("wechat", TargetKind.ACCOUNT, "http://a.example/1", packs=("house",), platform=Platform.WECHAT)
WEIBO = a_target("weibo", TargetKind.ACCOUNT, "http://a.example/2", packs=("house",), platform=Platform.WEIBO)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    now = estate.clock.now()
    await estate.do(lambda tx: inventory.sync(tx, (), estate.policy.periods, now))  # an office that begins its list
    yield estate
    await estate.close()


async def reload(estate: Estate, *targets: RawTarget, rules: tuple[object, ...] = RULES) -> None:
    packs = (Pack("house", "内部要求", None, "", rules),)  # type: ignore[arg-type]
    estate.policy = policy_of(estate.policy.settings.model_copy(update={"packs": packs, "targets": targets}))
    await estate.do(partial(take_in, policy=estate.policy, now=estate.clock.now()))


async def waiting(estate: Estate) -> set[str]:
    """What is to be judged with the next round."""
    rows = await estate.do(
        lambda tx: tx.execute("SELECT id FROM targets WHERE next_change_at <= ?", (1 << 60,)).fetchall()
    )
    return {name for (name,) in rows}


async def broken(estate: Estate) -> dict[str, list[str]]:
    """The rules that are broken after a round, by target."""
    now = estate.clock.now()
    await estate.do(lambda tx: sweep(tx, estate.policy, now))
    ids = [one.id for one in estate.policy.settings.targets]

    def read(tx: sqlite3.Connection) -> dict[str, list[str]]:
        stored = {name: list(standings.of_target(tx, name)) for name in ids}
        bad = {name: [one.rule for one in all_ if one.value is Compliance.BREACHED] for name, all_ in stored.items()}
        return {name: keys for name, keys in bad.items() if keys}

    return await estate.do(read)


async def test_a_second_site_is_told_of_both_before_any_look(estate: Estate) -> None:
    await reload(estate, FIRST, THIRD)
    assert await broken(estate) == {}
    await reload(estate, FIRST, SECOND, THIRD)
    assert await waiting(estate) == {"first", "second"}
    assert await broken(estate) == {"first": [ONE_SITE.key], "second": [ONE_SITE.key]}
    assert await estate.incidents() == [], "a line of the digest, no incident"
    assert await estate.do(lambda tx: standings.breached_by_rule(tx, Cause.INVENTORY)) == {ONE_SITE.key: 2}
    await reload(estate, FIRST, replace(SECOND, owner="另一局"), THIRD)
    assert await broken(estate) == {"second": [ONE_SITE.key], "third": [ONE_SITE.key]}
    await reload(estate, FIRST, THIRD)
    assert await broken(estate) == {}
    assert await estate.do(lambda tx: standings.breached_by_rule(tx, Cause.INVENTORY)) == {}


async def test_a_serious_rule_about_the_inventory_opens_an_incident(estate: Estate) -> None:
    grave = rule("inventory", "site", id="grave", severity="serious", what="one_per_owner")
    await reload(estate, FIRST, SECOND, rules=(grave, ONE_ACCOUNT))
    await broken(estate)
    assert {cause for cause, _, _ in await estate.incidents()} == {"inventory"}
    await reload(estate, FIRST, THIRD, rules=(grave, ONE_ACCOUNT))
    await broken(estate)
    assert {state for _, _, state in await estate.incidents()} <= {"recovered", "closed"}


async def test_the_digest_of_a_monday_has_one_line_for_each_rule(estate: Estate) -> None:
    await reload(estate, FIRST, SECOND, COLUMN)
    await broken(estate)
    monday = estate.clock.now() + timedelta(days=-civil_day(estate.clock.now()).weekday() % 7)
    told = await estate.do(lambda tx: digest_of(tx, monday, rules=estate.policy.rules))
    assert told is not None
    rows = told["due"]
    assert isinstance(rows, list)
    assert [(row["why"]["values"]["n"], row["cause"]) for row in rows] == [(1, "inventory"), (2, "inventory")]
    _, body = compose_digest(told, Voice("zh-CN", "desk", monday, 10_000))
    assert body.count("清单") == 2
    assert "（有效期未核实）" not in body
    unsure = {key: replace(one, status="有效期未核实") for key, one in estate.policy.rules.items()}
    told = await estate.do(lambda tx: digest_of(tx, monday, rules=unsure))
    assert told is not None
    _, body = compose_digest(told, Voice("zh-CN", "desk", monday, 10_000))
    assert body.count("内部要求（有效期未核实）：") == 2
    for later in range(1, 7):
        assert (
            await estate.do(partial(digest_of, now=monday + timedelta(days=later), rules=estate.policy.rules)) is None
        )


async def test_accounts_by_platform_and_columns_by_themselves(estate: Estate) -> None:
    await reload(estate, FIRST, COLUMN, WECHAT, WEIBO)
    assert await broken(estate) == {COLUMN.id: [CALLED.key]}
    await reload(estate, FIRST, COLUMN, WECHAT, replace(WEIBO, platform=Platform.WECHAT))
    assert COLUMN.id not in await waiting(estate), "a column has no kin"
    told = await broken(estate)
    assert told == {COLUMN.id: [CALLED.key], "wechat": [ONE_ACCOUNT.key], "weibo": [ONE_ACCOUNT.key]}
    await reload(estate, FIRST, replace(COLUMN, contacts=(Contact("张三"),)), WECHAT)
    assert await broken(estate) == {}


async def test_one_account_and_one_of_video_by_what_stands_beside_them(estate: Estate) -> None:
    rules = (rule("inventory", "account", id="sorts", what="one_and_video"),)
    sorts = (Platform.WECHAT, Platform.DOUYIN, Platform.APP, Platform.MINI, Platform.OTHER, None)
    accounts = [
        a_target(f"a{n}", TargetKind.ACCOUNT, f"http://a.example/{n}", packs=("house",), platform=one)
        for n, one in enumerate(sorts)
    ]
    await reload(estate, *accounts, rules=rules)
    assert await broken(estate) == {}, "one of each; programs, and what nobody told, are not compared"
    await reload(estate, *accounts[:5], replace(accounts[5], platform=Platform.KUAISHOU), rules=rules)
    assert await broken(estate) == {"a1": [rules[0].key], "a5": [rules[0].key]}
    await reload(estate, *accounts[:5], replace(accounts[5], platform=Platform.WEIBO), rules=rules)
    assert await broken(estate) == {"a0": [rules[0].key], "a5": [rules[0].key]}
    await reload(estate, *accounts[:5], replace(accounts[5], platform=Platform.WEIBO, owner="另一局"), rules=rules)
    assert await broken(estate) == {}


async def test_nothing_is_judged_for_targets_without_such_rules(estate: Estate) -> None:
    await reload(estate, FIRST, rules=(rule("reachable", "site"),))
    await reload(estate, FIRST, SECOND, rules=(rule("reachable", "site"),))
    assert await waiting(estate) == set()


async def test_very_many_wait_for_their_first_look(estate: Estate) -> None:
    await reload(estate, FIRST, SECOND, rules=(rule("reachable", "site"),))
    estate.policy = policy_of(
        estate.policy.settings.model_copy(update={"packs": (Pack("house", "内部要求", None, "", RULES),)})
    )
    many = ["first", "second", *(f"site-{n}" for n in range(inventory.MANY))]
    await estate.do(partial(inventory.judge_unseen, target_ids=many, now=estate.clock.now()))
    assert await broken(estate) == {}
    estate.clock.advance(inventory.FIRST_LOOK)
    assert set(await broken(estate)) == {"first", "second"}


async def test_kin_is_one_statement_that_goes_through_no_table(estate: Estate) -> None:
    await reload(estate, FIRST, SECOND, COLUMN, WECHAT)
    asked: list[str] = []

    def ask(tx: sqlite3.Connection) -> Kin:
        tx.set_trace_callback(asked.append)
        found = brought.kin(tx, "first")
        tx.set_trace_callback(None)
        assert scans(tx, lambda inner: brought.kin(inner, "first")) == []
        return found

    found = await estate.do(ask)
    assert len(asked) == 1
    assert found == Kin(same_owner=("second",), names=("名称 first", "名称 second"), owner="某局", host="first.example")
    columns = await estate.do(partial(brought.kin, target_id=COLUMN.id))
    assert (columns.same_owner, columns.owner) == ((), "某局")
