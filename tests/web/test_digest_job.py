"""The daily digest: once a day, nothing when there is nothing to say, the right rows, worded to the day."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alert.compose import compose
from monitor.clock import day_start
from monitor.jobs import digest_of, write_digest
from monitor.model import Cause, Compliance, NoticeKind, Severity, Standing, TargetKind, Text, say
from monitor.store import commands, events, outbox, standings
from tests.clock import START
from tests.store.made import store
from tests.web.filled import DAY, HOUR, MINUTE, STALE, falls_due, remember, rule, target, watch, wrong

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


@pytest.mark.parametrize("limit", [20_000, 250])
def test_the_head_of_the_log_leaves_the_machine_with_it(tx: sqlite3.Connection, limit: int) -> None:
    """Noted where nobody with the file can change it, however little room there is."""
    for name in "abcdefg":
        falls_due(tx, name, broken_from(3), WHY)
    events.append(tx, START, "张三", "duty.logged", {"text": "交班"})
    assert write(tx, START) is not None
    (notice,) = outbox.waiting(tx, START)
    seq, seal = tx.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    message = compose((notice,), "zh-CN", "http://127.0.0.1:8787/", START, limit=limit)
    assert message.body.splitlines()[-2].endswith(f"：{seq}:{seal[:16]}")
    assert len((message.title + message.body).encode()) <= limit


def test_a_day_begins_at_midnight_in_shanghai(tx: sqlite3.Connection) -> None:
    falls_due(tx, "a", broken_from(3), WHY)
    midnight = day_start((START + timedelta(hours=8)).date() + timedelta(days=1))
    assert write(tx, midnight - MINUTE) is not None
    assert write(tx, midnight) is not None
    assert write(tx, midnight + 23 * HOUR) is None


def test_the_right_rows_and_days(tx: sqlite3.Connection) -> None:
    falls_due(tx, "a", broken_from(3), WHY)
    falls_due(tx, "b", broken_from(0), WHY)
    falls_due(tx, "c", broken_from(40), say("{n} days left", n=40))
    wrong(tx, Cause.OUTAGE, "site-1", severity=Severity.VETO, since=START - 2 * DAY)
    gone = wrong(tx, Cause.STALE, "d", severity=Severity.SERIOUS)
    wrong(tx, Cause.OURS, "*", key="uplink", severity=Severity.REMIND)
    assert not commands.false_alarm(tx, START, "张三", gone, "看过了")
    assert commands.false_alarm(tx, START, "李四", gone, "确认")
    assert write(tx, START) is not None
    (notice,) = outbox.waiting(tx, START)
    assert (notice.facts["due_count"], notice.facts["open_count"]) == (3, 2)
    message = compose([notice], "zh-CN", "http://127.0.0.1:8787", START)
    lines = [line.partition(". ")[2] or line for line in message.body.splitlines()]
    assert "11月20日" in message.title
    assert lines[0] == "今日到期：栏目b：自 2026-11-08 起未更新，时限14天"
    assert lines[1].startswith("12月30日到期：栏目c"), "far off, and new: said once, before what is open"
    assert "网站打不开：某市人民政府" in lines[2]
    assert "监测端" in lines[3]
    assert lines[4].startswith("11月23日到期：栏目a")
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


def test_a_day_of_the_next_year_says_which(tx: sqlite3.Connection) -> None:
    falls_due(tx, "c", broken_from(50), say("{n} days left", n=50))
    assert write(tx, START) is not None
    (notice,) = outbox.waiting(tx, START)
    assert "2027年1月9日到期：" in compose([notice], "zh-CN", "http://127.0.0.1:8787", START).body


def test_a_target_that_is_watched_no_more_is_not_due(tx: sqlite3.Connection, tmp_path: Path) -> None:
    falls_due(tx, "a", broken_from(3), WHY)
    watch(tx, target("site-1"))
    assert write(tx, START) is None


def put(tx: sqlite3.Connection, name: str, at: datetime, *wanted: Standing) -> None:
    standings.replace(tx, name, wanted, None, at)


def due(key: str, why: Text, cause: Cause = Cause.STALE, **other: Any) -> Standing:
    return Standing(key, Compliance.DUE, why, cause, **other)


def stale(have: int) -> Standing:
    """So many of the five stale columns of a site."""
    why = say("{have} columns are stale, {more} more are a veto", have=have, more=5 - have)
    return due(COUNT, why, Cause.COUNT, inputs={"have": have, "count": 5, "more": 5 - have})


def told(tx: sqlite3.Connection, now: datetime) -> list[str]:
    """The lines of the digest of that day; none when nothing is said."""
    before = len(outbox.waiting(tx, now))
    write(tx, now)
    new = outbox.waiting(tx, now)[before:]
    if not new:
        return []
    body = compose(new, "zh-CN", "http://127.0.0.1:8787", now).body
    return [line.partition(". ")[2] or line for line in body.splitlines()][:-1]


COUNT, SHARE, PAPER = "national-2019/N-COL-SUM", "national-2019/N-AVAIL", "town/approved"
UNSIGNED = say(
    "the record {number} of {start} does not say {lacks}", number="7号", start="11-20", lacks="who approved it"
)


def test_one_step_before_a_veto_is_said_every_morning_before_what_is_open(tx: sqlite3.Connection) -> None:
    remember(tx, rule(COUNT, severity=Severity.VETO), rule(SHARE, severity=Severity.VETO))
    near = say(
        "{failed} of {of} visits of the last 7 days failed, {more} more reach {share} %",
        failed=12, of=336, more=5, share=5,
    )  # fmt: skip
    share = due(SHARE, near, Cause.AVAILABILITY, inputs={"failed": 12, "of": 336, "excluded": 0})
    put(tx, "site-1", START, stale(4), share)
    wrong(tx, Cause.OUTAGE, "site-1", severity=Severity.VETO)
    for day in range(3):
        lines = told(tx, START + day * DAY)
        assert lines[0] == "某市人民政府：已有4个栏目未更新，再有1个即单项否决"
        assert lines[1].startswith("某市人民政府：")
        assert "再失败5次即达到 5%" in lines[1]
        assert "网站打不开" in lines[2]
        assert len(lines) == 3


def test_a_paper_asked_for_without_a_day_is_said_once(tx: sqlite3.Connection) -> None:
    remember(tx, rule(PAPER))
    put(tx, "site-1", START - HOUR, due(PAPER, UNSIGNED, Cause.FILED_WITHIN))
    assert ["7号" in line for line in told(tx, START)] == [True]
    assert told(tx, START + DAY) == []
    put(tx, "site-1", START + 2 * DAY, due(PAPER, say("other words"), Cause.FILED_WITHIN))
    assert told(tx, START + 3 * DAY) == [], "other words of the same are nothing new"


def test_far_off_it_is_said_with_each_warning_and_daily_from_fourteen_days_before(tx: sqlite3.Connection) -> None:
    until = broken_from(30)
    said = []
    for day in range(31):
        now = START + day * DAY
        put(tx, "a", now - HOUR, due("house/fresh", WHY, until=until, warned=1 if day < 10 else 2))
        if any("栏目a" in line for line in told(tx, now)):
            said.append(day)
    assert said == [0, 10, *range(17, 31)], "from the 17th day on it is within the fourteen"


def test_what_began_while_it_was_muted_is_said_when_it_is_not_any_more(tx: sqlite3.Connection) -> None:
    put(tx, "a", START - HOUR, due("house/fresh", WHY, until=broken_from(60)))
    falls_due(tx, "b", broken_from(5), WHY)
    commands.mute(tx, START - HOUR, "张三", "a", until=START + HOUR, reason="专项整改")
    assert not any("栏目a" in line for line in told(tx, START))
    assert any("栏目a" in line for line in told(tx, START + DAY))
    assert not any("栏目a" in line for line in told(tx, START + 2 * DAY))


def test_what_is_alike_is_one_line_with_a_count(tx: sqlite3.Connection) -> None:
    sites = [target(f"site-{n:02}", name=f"第{n}局") for n in range(30)]
    watch(tx, *sites)
    remember(tx, rule(COUNT, severity=Severity.VETO), rule(PAPER))
    for number, site in enumerate(sites):
        put(tx, site.id, START - HOUR, stale(3 + number % 2), due(PAPER, UNSIGNED, Cause.FILED_WITHIN))
    lines = told(tx, START)
    assert len(lines) == 3
    assert lines[0].startswith("第1局、第3局、第5局等，另有12个：已有4个"), "the nearest to a veto first"
    assert lines[1].startswith("第0局、第2局、第4局等，另有12个：已有3个")
    assert "7号" in lines[2]
    assert "另有27个" in lines[2]


def test_what_differs_in_words_only_is_one_line_of_a_rule(tx: sqlite3.Connection) -> None:
    for number, name in enumerate("abcdefg"):
        put(tx, name, START - HOUR, due("house/fresh", say("{n} days left", n=number), until=broken_from(40 + number)))
    lines = told(tx, START)
    assert len(lines) == 1
    assert lines[0].startswith("12月30日到期：栏目a：")
    assert lines[0].endswith("同一规则另有6项")
    (notice,) = outbox.waiting(tx, START)
    assert notice.facts["due_count"] == 7


def test_what_the_desk_owes_by_several_rules_is_one_line(tx: sqlite3.Connection) -> None:
    words = say(
        "{activity}: {n} of {of} in {year} so far, asked by {due}",
        activity="yearly appraisal",
        n=0,
        of=1,
        year=2026,
        due="2026-12-31",
    )
    put(
        tx,
        "*",
        START - HOUR,
        *(due(f"{pack}/appraisal", words, Cause.DONE_EVERY, until=broken_from(60)) for pack in ("x", "y", "z")),
    )
    lines = told(tx, START)
    assert len(lines) == 1
    assert lines[0].count("值班台") == 1
    assert told(tx, START + DAY) == []
