"""`zhishou report` over a store: rows a program reads, words an officer reads."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from monitor.cli.report import KINDS
from monitor.clock import SHANGHAI, day_start, to_ms
from monitor.config.declared import KINDS as DECLARED
from monitor.model import CLOSURES, Declaration, DeclarationKind, Outage, TargetKind
from monitor.store import declarations, findings, heartbeat
from tests.cli.stored import NOW, write
from tests.cli.terminal import Done, call
from tests.web.filled import DAY, HOUR, Tx, target, watch

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


@pytest.mark.parametrize("kind", [one for one in KINDS if one != "desk"])
def test_a_site_that_is_not_there_is_refused_with_the_one_that_was_meant(say: Say, kind: str) -> None:
    refused = say(kind, "--site", "site-11", "--lang", "zh-CN")
    assert (refused.code, refused.out) == (2, "")
    assert "site-1" in refused.err
    assert "没有名为“site-11”的网站，是否指" in refused.err


def test_days_the_wrong_way_round_are_refused_in_chinese(say: Say) -> None:
    refused = say("outages", "--from", "2026-02-01", "--to", "2026-01-01", "--lang", "zh-CN")
    assert (refused.code, refused.err.strip()) == (2, "--from 晚于 --to，或在将来")


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
    assert "报备类别      临时下线\n" in told
    assert f"开始时间      {(NOW - 2 * DAY).astimezone(SHANGHAI):%Y-%m-%d %H:%M}\n" in told
    assert "持续时间      2天\n" in told
    assert "temporary_offline" not in told
    assert "filed as                  temporary closure\n" in say("outages", "--lang", "en").out


def filed_bad(tx: Tx) -> None:
    """A part of the outage that nobody filed, and a closure for good with a notice."""
    findings.save_outage(tx, "site-1", Outage(NOW - 40 * DAY, up_since=NOW - 20 * DAY, ended_at=NOW - 20 * DAY))
    late = Declaration(
        id=0, kind=DeclarationKind.FORCE_MAJEURE, target="site-1", start=NOW - 40 * DAY, end=NOW - 35 * DAY,
        by="王五", filed_at=NOW - 36 * DAY, fields={"reason": "机房停电"},
    )  # fmt: skip
    declarations.file(tx, late, NOW - 36 * DAY)
    gone = Declaration(
        id=0, kind=DeclarationKind.PERMANENT_OFFLINE, target="site-1", start=NOW + DAY, by="李四", filed_at=NOW,
        fields={"own_notice": "http://127.0.0.1:9/gone.html"},
    )  # fmt: skip
    declarations.file(tx, replace(gone, start=NOW - 3 * DAY), NOW)


def test_stretches_nobody_filed_stand_beside_what_was_filed_for_people(say: Say, store: Path) -> None:
    write(store, filed_bad)
    since = f"{(NOW - 60 * DAY).astimezone(SHANGHAI):%Y-%m-%d}"
    told = say("outages", "--lang", "zh-CN", "--from", since).out
    start, end = (f"{(NOW - n * DAY).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for n in (35, 20))
    assert f"未报备：{start}至{end}" in told
    assert "补报" in told
    assert "机房停电" in told
    assert "应保持至" in told, "closures for good and their notices stand beside"
    row = next(one for one in say("outages", "--format", "json", "--from", since).json() if one["unfiled"])
    assert (row["filed"], row["kind"]) == (False, "force_majeure")


def test_closures_for_good_with_the_days_of_their_notices(say: Say, store: Path) -> None:
    write(store, filed_bad)
    (row,) = say("closings", "--format", "json", "--lang", "zh-CN").json()
    assert (row["target"], row["kind"]) == ("site-1", "permanent_offline")
    floor = next(one for one in row["stays"] if one["rule"] == "national-2019/N-MOVE-30")
    assert (floor["day"], floor["of"], floor["kept"]) == (3, 30, 0)
    assert date.fromisoformat(floor["free_from"]) - date.fromisoformat(floor["last_day"]) == DAY
    told = say("closings", "--lang", "zh-CN").out
    assert re.search(rf"可撤下日期 +{floor['free_from']}\n", told)
    assert "应保持公示的最后一天" in told
    assert "期限的最后一天" not in told


def test_the_planned_end_is_the_last_day_that_was_filed(say: Say, store: Path) -> None:
    day = (NOW + 4 * DAY).astimezone(SHANGHAI).date()
    closed = Declaration(
        id=0, kind=DeclarationKind.TEMPORARY_OFFLINE, target="site-1", start=NOW - 2 * DAY, end=day_start(day + DAY),
        by="张三", filed_at=NOW, fields={},
    )  # fmt: skip
    write(store, lambda tx: declarations.file(tx, closed, NOW, corrects=1))
    assert f"计划恢复时间  {day}\n" in say("outages", "--lang", "zh-CN").out


SAID: dict[str, Callable[[int, str], object]] = {
    "text": lambda _, name: f"所填 {name}",
    "texts": lambda _, name: [f"甲 {name}", f"乙 {name}"],
    "date": lambda n, _: f"2021-03-{n + 1:02}",
    "address": lambda _, name: f"http://127.0.0.1:9/{name}",
    "switch": lambda *_: True,
}
LEDGER = {
    **dict.fromkeys((DeclarationKind.PERMANENT_OFFLINE, DeclarationKind.ACCOUNT_CLOSING), "closings"),
    **dict.fromkeys(CLOSURES - {DeclarationKind.PERMANENT_OFFLINE}, "outages"),
}


@pytest.mark.parametrize("kind", sorted(LEDGER))
def test_all_that_was_filed_stands_in_what_is_printed(config: Path, store: Path, kind: DeclarationKind) -> None:
    asked = DECLARED[kind]
    on = "site-1" if TargetKind.SITE in asked.on else "account-1"
    fields = {name: SAID[field.form](n, name) for n, (name, field) in enumerate(asked.fields.items())}
    one = Declaration(
        id=0, kind=kind, target=on, start=NOW - 2 * DAY, end=NOW + 5 * DAY if asked.end == "must" else None,
        number="文〔2026〕3号", by="张三", filed_at=NOW - 3 * DAY, fields=fields,
    )  # fmt: skip

    def write_all(tx: Tx) -> None:
        watch(tx, target("site-1"), target("account-1", TargetKind.ACCOUNT), at=NOW)
        findings.save_outage(tx, "site-1", Outage(NOW - 2 * DAY))
        declarations.file(tx, one, NOW - 3 * DAY)

    write(store, write_all)
    told = call("report", LEDGER[kind], "--config", config, "--lang", "zh-CN").out
    flat = [word for told in fields.values() for word in (told if isinstance(told, list) else [told])]
    words = ["因安全问题关停" if word is True else str(word) for word in flat]
    assert [word for word in words if word not in told] == []


def test_a_site_that_answers_again_is_not_said_to_be_off(config: Path, store: Path) -> None:
    up = NOW - 3 * HOUR
    write(store, lambda tx: findings.save_outage(tx, "site-1", Outage(NOW - 2 * DAY, up_since=up)))
    told = call("report", "outages", "--config", config, "--lang", "zh-CN").out
    assert "仍未恢复" not in told
    assert f"{up.astimezone(SHANGHAI):%Y-%m-%d %H:%M}起已恢复，尚未观测满24小时" in told


STOPPED = "监测程序自{moment}（北京时间）起没有运行，以下为当时的情况"


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_of_a_watch_that_stopped_says_since_when(say: Say, store: Path, kind: str) -> None:
    write(store, lambda tx: heartbeat.beat(tx, NOW - HOUR))
    assert "没有运行" not in say(kind, "--lang", "zh-CN").out
    write(store, lambda tx: heartbeat.beat(tx, NOW - 24 * DAY))
    told = STOPPED.format(moment=f"{(NOW - 24 * DAY).astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    assert told in say(kind, "--lang", "zh-CN").out
    assert told in say(kind, "--lang", "zh-CN", "--format", "html").out
    shown = say(kind, "--lang", "zh-CN", "--format", "json")
    assert told not in str(shown.json())
    assert told in shown.err
    assert told in say(kind, "--lang", "zh-CN", "--format", "csv").err


@pytest.mark.parametrize("command", ["due", "incidents"])
def test_what_is_listed_of_a_watch_that_stopped_says_since_when(config: Path, store: Path, command: str) -> None:
    write(store, lambda tx: heartbeat.beat(tx, NOW - 24 * DAY))
    shown = call(command, "--lang", "zh-CN", "--config", config)
    assert STOPPED.format(moment=f"{(NOW - 24 * DAY).astimezone(SHANGHAI):%Y-%m-%d %H:%M}") in shown.err
    assert shown.code == 0


def test_spreadsheets_carry_nothing_out(say: Say) -> None:
    text = say("outages", "--format", "csv", "--lang", "zh-CN").out.lstrip("\ufeff")
    head, row, *_ = csv.reader(io.StringIO(text))
    assert row[head.index("文号")] == "'=粤府办〔2026〕3号"


def test_what_was_filed_is_left_out_of_the_five_percent(say: Say) -> None:
    rows = {row["site"]: row for row in say("availability", "--format", "json").json()}
    assert (rows["site-1"]["failed"], rows["site-1"]["filed"], rows["site-1"]["wanted"]) == (0, 24, 140)
    assert sum(day["filed"] for day in rows["site-1"]["days"]) == 24


def test_every_site_has_its_verdict(say: Say) -> None:
    rows = say("sites", "--format", "json").json()
    assert {row["verdict"] for row in rows} <= {"passed", "failed", "undecided"}
    told = say("sites", "--lang", "zh-CN").out
    assert "无法判定" in told, "nobody has looked yet"
    assert "首页不更新：尚未查看" in told


def test_a_time_that_is_none_is_refused(say: Say) -> None:
    done = say("outages", "--from", "2026-12-01", "--to", "2026-11-01")
    assert done.code == 2
    assert say("outages", "--from", "yesterday").code == 2


def test_without_a_store_it_says_so(config: Path) -> None:
    done = call("report", "sites", "--config", config)
    assert done.code == 2
    assert "zhishou run" in done.err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["html", "xlsx", "csv", "json", "txt"])
def test_every_ledger_is_written_to_a_file_as_its_name_ends_and_never_over_one(
    say: Say, tmp_path: Path, kind: str, form: str
) -> None:
    path = tmp_path / f"报表.{form}"
    done = say(kind, "--out", path, "--lang", "zh-CN")
    content = path.read_bytes()
    assert (done.code, done.out) == (0, f"{path}：{len(content):,}字节\n")
    assert content.startswith(
        {"html": b"<!DOCTYPE html>", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "json": b"["}.get(form, b"")
    )
    again = say(kind, "--out", path, "--lang", "zh-CN")
    assert (again.code, again.err) == (2, f"{path}已存在，报表不覆盖已有文件\n")
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir() if "报表" in one.name] == [path.name], "nothing half-made is left"


def test_a_folder_that_is_not_there_is_said(say: Say, tmp_path: Path) -> None:
    refused = say("outages", "--out", tmp_path / "nowhere" / "a.csv", "--lang", "zh-CN")
    assert refused.code == 2
    assert "nowhere" in refused.err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["text", "csv", "html"])
def test_no_word_of_a_program_reaches_a_person(say: Say, kind: str, form: str) -> None:
    told = say(kind, "--format", form, "--lang", "zh-CN").out
    shown = re.sub(r"<style>.*?</style>|<[^>]*>|https?://\S+|site-1", "", told, flags=re.DOTALL)
    assert not re.search(r"[a-z]+_[a-z]+|T\d\d:\d\d|\+08:00|\bNone\b|[{}]", shown)


def test_an_order_about_an_incident_tells_when_that_was_found(say: Say, store: Path) -> None:
    def fill_in(tx: Tx) -> None:
        tx.execute(
            "INSERT INTO incidents (cause, key, state, severity, opened_at) VALUES ('outage', 'x', 'open', 'serious', ?)",
            (to_ms(NOW - 2 * DAY),),
        )
        (number,) = tx.execute("SELECT MAX(id) FROM incidents").fetchone()
        told = {"problem": "打不开", "incident": number}
        for fields in (told, {**told, "found_at": (NOW - 3 * DAY).astimezone(SHANGHAI).isoformat()}):
            one = Declaration(
                id=0,
                kind=DeclarationKind.ORDER,
                target="site-1",
                start=NOW - DAY,
                by="张三",
                filed_at=NOW,
                fields=fields,
            )
            declarations.file(tx, one, NOW)

    write(store, fill_in)
    ours, theirs = say("rectifications", "--format", "json").json()
    assert to_ms(datetime.fromisoformat(ours["found_at"])) == to_ms(NOW - 2 * DAY)
    assert datetime.fromisoformat(theirs["found_at"]) == NOW - 3 * DAY, "what people told stands"


def test_an_order_to_the_desk_itself_names_it(say: Say, store: Path) -> None:
    order = Declaration(
        id=0, kind=DeclarationKind.ORDER, target="*", start=NOW - DAY, by="张三", filed_at=NOW, fields={"problem": "漏记"}
    )  # fmt: skip
    write(store, lambda tx: declarations.file(tx, order, NOW))
    (row,) = say("rectifications", "--format", "json", "--lang", "zh-CN").json()
    assert (row["target"], row["name"]) == ("*", "值班台")
    assert "值班台" in say("rectifications", "--lang", "zh-CN").out
    assert "the duty desk" in say("rectifications", "--lang", "en").out
    assert "*" not in say("rectifications", "--lang", "zh-CN").out
