"""The daily digest: once a day, nothing when there is nothing to say, the right rows, worded to the day."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.alert.compose import compose
from monitor.clock import day_start
from monitor.jobs import AHEAD, digest_of, write_digest
from monitor.model import Cause, Compliance, NoticeKind, Severity, TargetKind, say
from monitor.store import commands, outbox
from tests.clock import START
from tests.store.made import store
from tests.web.filled import DAY, HOUR, MINUTE, STALE, falls_due, target, watch, wrong

WHY = say("nothing new since {newest}, limit {limit}", newest="2026-11-08", limit="14d")


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        columns = [target(name, TargetKind.COLUMN, name=f"栏目{name}") for name in "abcdefg"]
        watch(connection, target("site-1", name="某市人民政府"), *columns)
        yield connection


def broken_from(days: int) -> datetime:
    """The first instant outside a limit whose last day is so many days after today."""
    return day_start((START + timedelta(hours=8)).date() + timedelta(days=days + 1))


def write(tx: sqlite3.Connection, now: datetime) -> int | None:
    facts = digest_of(tx, now)
    return None if facts is None else write_digest(tx, facts, now)


def test_nothing_to_say_is_not_said(tx: sqlite3.Connection) -> None:
    falls_due(tx, "a", START + AHEAD + DAY)
    falls_due(tx, "b", START + DAY, STALE, value=Compliance.UNKNOWN)
    assert write(tx, START) is None
    assert outbox.waiting(tx, START) == []


def test_once_a_day(tx: sqlite3.Connection) -> None:
    falls_due(tx, "a", broken_from(3), WHY)
    assert write(tx, START) is not None
    assert write(tx, START + 5 * HOUR) is None
    (notice,) = outbox.waiting(tx, START)
    assert (notice.kind, notice.severity, notice.incident) == (NoticeKind.DIGEST, Severity.REMIND, None)
    assert write(tx, START + DAY) is not None
    assert [one.dedupe_key for one in outbox.waiting(tx, START + DAY)] == ["digest:2026-11-20", "digest:2026-11-21"]


def test_a_day_begins_at_midnight_in_shanghai(tx: sqlite3.Connection) -> None:
    falls_due(tx, "a", broken_from(3), WHY)
    midnight = day_start((START + timedelta(hours=8)).date() + timedelta(days=1))
    assert write(tx, midnight - MINUTE) is not None
    assert write(tx, midnight) is not None
    assert write(tx, midnight + 23 * HOUR) is None


def test_the_right_rows_and_days(tx: sqlite3.Connection) -> None:
    falls_due(tx, "a", broken_from(3), WHY)
    falls_due(tx, "b", broken_from(0), WHY)
    falls_due(tx, "c", broken_from(40), WHY)
    wrong(tx, Cause.OUTAGE, "site-1", severity=Severity.VETO, since=START - 2 * DAY)
    gone = wrong(tx, Cause.STALE, "d", severity=Severity.SERIOUS)
    wrong(tx, Cause.OURS, "*", key="uplink", severity=Severity.REMIND)
    assert not commands.false_alarm(tx, START, "张三", gone, "看过了")
    assert commands.false_alarm(tx, START, "李四", gone, "确认")
    assert write(tx, START) is not None
    (notice,) = outbox.waiting(tx, START)
    assert (notice.facts["due_count"], notice.facts["open_count"]) == (2, 2)
    message = compose([notice], "zh-CN", "http://127.0.0.1:8787", START)
    lines = [line.partition(". ")[2] or line for line in message.body.splitlines()]
    assert "11月20日" in message.title
    assert lines[0] == "今日到期：栏目b：自 2026-11-08 起未更新，时限14天"
    assert "网站打不开：某市人民政府" in lines[1]
    assert "监测端" in lines[2]
    assert lines[3].startswith("11月23日到期：栏目a")
    assert "栏目c" not in message.body
    assert "栏目d" not in message.body


def test_what_is_muted_is_left_out(tx: sqlite3.Connection) -> None:
    falls_due(tx, "a", broken_from(3), WHY)
    wrong(tx, Cause.STALE, "b")
    for name in "ab":
        commands.mute(tx, START, "张三", name, until=START + HOUR, reason="专项整改")
    assert write(tx, START) is None
    assert write(tx, START + HOUR) is not None
    (notice,) = outbox.waiting(tx, START + HOUR)
    assert (notice.facts["due_count"], notice.facts["open_count"]) == (1, 1)


def test_however_many_they_are_they_are_counted_and_few_are_kept(tx: sqlite3.Connection) -> None:
    columns = [target(f"n{i}", TargetKind.COLUMN) for i in range(500)]
    watch(tx, *columns)
    for column in columns:
        falls_due(tx, column.id, broken_from(2), WHY)
    write(tx, START)
    (notice,) = outbox.waiting(tx, START)
    assert notice.facts["due_count"] == 500
    rows = notice.facts["due"]
    assert isinstance(rows, list)
    assert len(rows) < 100


def test_a_target_that_is_watched_no_more_is_not_due(tx: sqlite3.Connection, tmp_path: Path) -> None:
    falls_due(tx, "a", broken_from(3), WHY)
    watch(tx, target("site-1"))
    assert write(tx, START) is None
