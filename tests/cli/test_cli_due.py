"""What falls due next though nothing was warned of yet: judged on reading, without a row, and bounded."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import load_settings
from monitor.cli.shown import due as due_shown
from monitor.clock import SystemClock, civil_day, day_start, to_ms
from monitor.control import Refusal
from monitor.desk import handlers
from monitor.dues import due
from monitor.model import (
    Cause,
    ColumnKind,
    Compliance,
    Finding,
    Measure,
    Outage,
    Outcome,
    Run,
    Standing,
    TargetKind,
    say,
)
from monitor.settle.ahead import AT_MOST, Ahead, look_ahead
from monitor.settle.judging import rejudge
from monitor.settle.policy import Policy, policy_of
from monitor.store import findings, standings, targets
from monitor.store.database import Database
from tests.cli.stored import write
from tests.cli.terminal import call
from tests.clock import START
from tests.store.made import store as opened
from tests.web.filled import DAY, HOUR, Tx, falls_due, target, watch

WARN_14D = DAY * 15  # a limit of 14 days is broken from 00:00 of the 15th day


@pytest.fixture
def policy(config: Path) -> Policy:
    return policy_of(load_settings(config))


@pytest.fixture
def tx() -> Iterator[Tx]:
    with opened() as tx:
        yield tx


def columns(tx: Tx, policy: Policy, ages: dict[str, int], now: datetime = START) -> None:
    """Dynamic columns whose newest item is so many days old, looked at just now and judged as the watch does."""
    known = [target(name, TargetKind.COLUMN, column=ColumnKind.DYNAMIC) for name in ages]
    watch(tx, *known, at=now)
    for one in known:
        newest = civil_day(now) - timedelta(days=ages[one.id])
        seen = Finding("column_fresh", Outcome.OK, say("x"), measures=(Measure("newest", newest.isoformat(), "date"),))
        findings.save_run(tx, one.id, Run(seen, now, now, 1, 1, now), None)
        rejudge(tx, targets.load_target(tx, one.id), policy, now)


def ends(age: int) -> datetime:
    """When a dynamic column of that age is over its 14 days."""
    return day_start(civil_day(START) - timedelta(days=age)) + WARN_14D


def test_what_is_kept_and_runs_out_within_the_days_is_listed_earliest_first(tx: Tx, policy: Policy) -> None:
    columns(tx, policy, {"new": 0, "older": 4, "old": 8})
    assert tx.execute("SELECT COUNT(*) FROM standings WHERE value = 'due'").fetchone() == (0,), "nothing is warned of"
    rows = due(tx, START + 60 * DAY, "en", policy, START)
    assert [(one["target"], one["standing"]) for one in rows] == [("old", "met"), ("older", "met"), ("new", "met")]
    assert [one["due"] for one in rows] == [ends(age).isoformat() for age in (8, 4, 0)]
    assert all(sorted(one) == ["due", "rule", "standing", "target", "why"] for one in rows)
    assert rows[0]["why"] == f"newest item of {civil_day(START) - timedelta(days=8)}"
    assert [one["target"] for one in due(tx, ends(4), "en", policy, START)] == ["old", "older"]
    assert due(tx, ends(8) - HOUR, "en", policy, START) == []


def test_what_was_warned_of_stands_among_them_once(tx: Tx, policy: Policy) -> None:
    columns(tx, policy, {"kept": 2, "warned": 11})
    rows = due(tx, START + 60 * DAY, "en", policy, START)
    assert [(one["target"], one["standing"]) for one in rows] == [("warned", "due"), ("kept", "met")]
    assert [one["due"] for one in rows] == [ends(age).isoformat() for age in (11, 2)]


def test_what_became_due_while_nobody_swept_is_listed_too(tx: Tx, policy: Policy) -> None:
    columns(tx, policy, {"c": 9})
    (row,) = due(tx, START + 60 * DAY, "en", policy, START + 2 * DAY)
    assert (row["standing"], row["due"]) == ("due", ends(9).isoformat())


def test_too_many_are_cut_where_nothing_is_missing_before(tx: Tx, policy: Policy) -> None:
    columns(tx, policy, {f"c{age}": age for age in range(10)})
    seen = look_ahead(tx, policy, START, START + 60 * DAY, at_most=4)
    assert seen.complete_to is not None
    whole = look_ahead(tx, policy, START, START + 60 * DAY)
    assert whole.complete_to is None
    by_due = sorted(whole.coming, key=lambda one: one.due)
    assert sorted(seen.coming, key=lambda one: one.due) == [one for one in by_due if one.due <= seen.complete_to]


def test_cut_before_anything_is_due_it_is_not_said_that_nothing_is(tx: Tx, policy: Policy) -> None:
    columns(tx, policy, {f"c{n}": 9 for n in range(AT_MOST + 1)})
    with pytest.raises(Refusal, match="too much changes by then"):
        due(tx, START + 60 * DAY, "en", policy, START)


def test_the_question_walks_the_index(tx: Tx, policy: Policy) -> None:
    said: list[str] = []
    columns(tx, policy, {"c": 1})
    tx.set_trace_callback(said.append)
    look_ahead(tx, policy, START, START + 60 * DAY)
    tx.set_trace_callback(None)
    asked = next(line for line in said if "next_change_at <=" in line)
    plan = " ".join(str(row[3]) for row in tx.execute(f"EXPLAIN QUERY PLAN {asked}"))
    assert "targets_changing" in plan
    assert not [line for line in said if not line.lstrip().startswith("SELECT")], "it only reads"


def test_a_site_whose_outage_is_just_over_waits_for_the_sweep(tx: Tx, policy: Policy) -> None:
    watch(tx, target("site-1"))
    findings.start_outage(tx, "site-1", START - 3 * DAY)
    findings.save_outage(tx, "site-1", Outage(START - 3 * DAY, up_since=START - 25 * HOUR, id=1))
    seen = Finding("reachable", Outcome.OK, say("x"))
    findings.save_run(tx, "site-1", Run(seen, START - 25 * HOUR, START, 99, 99, START - 25 * HOUR), None)
    tx.execute("UPDATE targets SET next_change_at = 1")
    tx.execute("PRAGMA query_only = 1")
    assert look_ahead(tx, policy, START, START + DAY) == Ahead()
    tx.execute("PRAGMA query_only = 0")


def test_a_terminal_without_a_daemon_lists_it(config: Path) -> None:
    now, policy = SystemClock().now(), policy_of(load_settings(config))
    write(config.parent / "state" / "zhishou.db", lambda tx: columns(tx, policy, {"c": 0}, now))
    assert [one["standing"] for one in call("due", "--days", "3660", "--json", "--config", config).json()] == ["met"]
    assert f"newest item of {civil_day(now)}" in call("due", "--days", "3660", "--config", config).out


async def test_the_daemon_answers_by_the_rules_in_force(config: Path, policy: Policy) -> None:
    database = Database(config.parent / "zhishou.db")
    await database.open()
    now = SystemClock().now()

    def fill(tx: Tx) -> None:
        columns(tx, policy, {"c": 1, "w": 1})
        falls_due(tx, "w", now + DAY, value=Compliance.DUE)

    await database.write(fill)
    told = await handlers(database, SystemClock(), "en", lambda: policy)["due"]({"days": 3660})
    assert isinstance(told, list)
    assert {one["target"] for one in told} >= {"w"}
    only_warned = await handlers(database, SystemClock(), "en")["due"]({"days": 3660})
    assert isinstance(only_warned, list)
    assert [one["target"] for one in only_warned] == ["w"]
    await database.close()


async def test_the_daemon_tells_the_verdicts_by_the_rules_in_force(config: Path, policy: Policy) -> None:
    database = Database(config.parent / "zhishou.db")
    await database.open()
    await database.write(lambda tx: watch(tx, target("site-1"), target("site-2"), at=START))
    commands = handlers(database, SystemClock(), "en", lambda: policy)
    told = await commands["sites"]({"site": "", "language": "en"})
    assert isinstance(told, list)
    assert [one["site"] for one in told] == ["site-1", "site-2"]
    alone = await commands["sites"]({"site": "site-2"})
    assert isinstance(alone, list)
    assert [one["site"] for one in alone] == ["site-2"]
    with pytest.raises(Refusal):
        await handlers(database, SystemClock(), "en")["sites"]({})
    await database.close()


def test_what_the_desk_owes_is_told_of_the_desk(config: Path) -> None:
    now = SystemClock().now()
    settings = load_settings(config)
    found = [{"target": "*", "rule": "house/drill", "due": (now + DAY).isoformat(), "why": "…"}]
    lines = list(due_shown(found, settings, "zh-CN", now, 14))
    assert "  值班台  " in lines[0]
    assert "*" not in "".join(lines)


def test_a_day_of_another_year_says_which(config: Path) -> None:
    settings = load_settings(config)
    found = [
        {"target": "*", "rule": "house/drill", "due": f"{day}T00:00:00+08:00", "why": "…"}
        for day in ("2027-01-01", "2027-09-01")
    ]
    told = list(due_shown(found, settings, "zh-CN", START, 400))[::2]
    assert [line.split("  ")[0] for line in told] == ["12月31日 还有41天", "2027年8月31日 还有284天"]


def test_a_count_with_a_day_stands_among_the_days(config: Path) -> None:
    row: dict[str, object] = {"target": "site-1", "rule": "house/x"}
    found = [
        row | {"due": "2026-11-01T00:00:00+08:00", "why": "paper", "no_day": True},
        row | {"due": "2026-11-02T00:00:00+08:00", "why": "near", "no_day": True, "more": 1},
        row | {"due": "2026-11-23T00:00:00+08:00", "why": "column"},
        row | {"due": "2026-11-27T00:00:00+08:00", "why": "forecast", "more": 2},
    ]
    lines = list(due_shown(found, load_settings(config), "en", START, 14))[::2]
    assert [line.split("  ")[-1] for line in lines] == ["near", "paper", "column", "forecast"]


def test_all_that_was_warned_of_is_listed_without_days_however_far_off(config: Path) -> None:
    now = SystemClock().now()
    count = say("{have} columns are blank, {more} more are a veto", have=4, more=1)

    def fill(tx: Tx) -> None:
        watch(tx, target("site-1", name="某局"), target("c", TargetKind.COLUMN, name="公告"), at=now)
        near = Standing("national-2019/N-COL-BLANK", Compliance.DUE, count, Cause.COUNT, inputs={"have": 4, "more": 1})
        standings.replace(tx, "site-1", [near], None, now)
        falls_due(tx, "c", now + 25 * DAY)
        falls_due(tx, "*", now + 100 * DAY)

    write(config.parent / "state" / "zhishou.db", fill)
    told = call("due", "--json", "--config", config).json()
    assert [one["target"] for one in told] == ["site-1", "c", "*"]
    since = datetime.fromisoformat(told[0]["due"])
    assert (told[0]["no_day"], told[0]["have"], told[0]["more"], told[0]["broken_at"]) == (True, 4, 1, 5)
    assert to_ms(since) == to_ms(now), "since when it is due"
    within = call("due", "--days", "14", "--json", "--config", config).json()
    assert [one["target"] for one in within] == ["site-1"], "what has no day falls due within any days"
    printed = call("due", "--config", config, "--lang", "zh-CN").out.splitlines()
    assert printed[0] == "无日期  某市人民政府  已有4个空白栏目，再有1个即单项否决"
    assert len(printed) == 6


def test_that_nothing_was_warned_of_names_no_days(config: Path) -> None:
    write(config.parent / "state" / "zhishou.db", lambda tx: watch(tx, target("site-1")))
    assert "没有已提醒的到期事项" in call("due", "--config", config, "--lang", "zh-CN").out
    assert "今后14天内没有到期事项" in call("due", "--days", "14", "--config", config, "--lang", "zh-CN").out
