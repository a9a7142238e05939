"""`zhishou report` over a store: rows a program reads, words an officer reads."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.model import Declaration, DeclarationKind, Outage
from monitor.store import declarations, findings
from tests.cli.stored import NOW, write
from tests.cli.terminal import Done, call
from tests.web.filled import DAY, HOUR, Tx

Say = Callable[..., Done]


@pytest.fixture
def say(config: Path, store: Path) -> Say:
    write(store, fill)
    return lambda *args: call("report", *args, "--config", config)


def fill(tx: Tx) -> None:
    findings.save_outage(tx, "site-1", Outage(NOW - 2 * DAY))
    for hour in range(30):
        for _ in range(12):
            findings.count_sample(tx, "site-1", NOW - hour * HOUR, "failed" if hour < 2 else "good")
    closed = Declaration(
        id=0, kind=DeclarationKind.TEMPORARY_OFFLINE, target="site-1", start=NOW - 2 * DAY, end=NOW + 5 * DAY,
        number="=粤府办〔2026〕3号", by="张三", filed_at=NOW - 3 * DAY, fields={"approved_by": ["省府办"]},
    )  # fmt: skip
    declarations.file(tx, closed, NOW - 3 * DAY)


@pytest.mark.parametrize("kind", ["outages", "availability", "rectifications", "sites"])
def test_a_site_that_is_not_there_is_refused_with_the_one_that_was_meant(say: Say, kind: str) -> None:
    refused = say(kind, "--site", "site-11", "--lang", "zh-CN")
    assert (refused.code, refused.out) == (2, "")
    assert "site-1" in refused.err
    assert "没有名为“site-11”的网站，是否指" in refused.err


def test_days_the_wrong_way_round_are_refused_in_chinese(say: Say) -> None:
    refused = say("outages", "--from", "2026-02-01", "--to", "2026-01-01", "--lang", "zh-CN")
    assert (refused.code, refused.err.strip()) == (2, "--from晚于--to，或在将来")


def test_the_outage_ledger_for_programs(say: Say) -> None:
    shown = say("outages", "--format", "json", "--lang", "zh-CN")
    assert (shown.code, shown.err) == (0, "")
    (row,) = shown.json()
    assert (row["site"], row["kind"], row["filed"], row["day"], row["in_year"]) == (
        "site-1",
        "temporary_offline",
        True,
        2,
        1,
    )
    assert row["started_at"].endswith("+08:00")
    assert row["days"][0].endswith("为第0天，不计入")


def test_the_outage_ledger_for_people(say: Say) -> None:
    told = say("outages", "--lang", "zh-CN").out
    assert "报备类别: 临时下线" in told
    assert "    " in told
    assert "filed as: temporary closure" in say("outages", "--lang", "en").out


def test_spreadsheets_carry_nothing_out(say: Say) -> None:
    text = say("outages", "--format", "csv", "--lang", "zh-CN").out.lstrip("\ufeff")
    head, row = [line for line in csv.reader(io.StringIO(text)) if line]
    assert row[head.index("文号")] == "'=粤府办〔2026〕3号"


def test_what_was_filed_is_left_out_of_the_five_percent(say: Say) -> None:
    rows = {row["site"]: row for row in say("availability", "--format", "json").json()}
    assert rows["site-1"]["failed"] == 0
    assert sum(day["filed"] for day in rows["site-1"]["days"]) == 24


def test_every_site_has_its_verdict(say: Say) -> None:
    rows = say("sites", "--format", "json").json()
    assert {row["verdict"] for row in rows} <= {"passed", "failed", "undecided"}
    told = say("sites", "--lang", "zh-CN").out
    assert "无法判定" in told, "nobody has looked yet"
    assert "站点无法访问：尚未查看" in told


def test_a_time_that_is_none_is_refused(say: Say) -> None:
    done = say("outages", "--from", "2026-12-01", "--to", "2026-11-01")
    assert done.code == 2
    assert say("outages", "--from", "yesterday").code == 2


def test_without_a_store_it_says_so(config: Path) -> None:
    done = call("report", "sites", "--config", config)
    assert done.code == 2
    assert "zhishou run" in done.err
