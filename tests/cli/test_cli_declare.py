"""Declarations and attestations from a terminal without a daemon: filed, listed, corrected, withdrawn, refused whole."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clock import civil_day
from monitor.config.declared import KINDS
from monitor.config.declaring import LARGEST_PAPER
from monitor.store import lock
from tests.cli.stored import NOW
from tests.cli.terminal import Done, call
from tests.daemon.process import rows

Say = Callable[..., Done]
TOMORROW = (civil_day(NOW) + timedelta(days=1)).isoformat()
LATER = (civil_day(NOW) + timedelta(days=20)).isoformat()
CLOSURE = ("declare", "temporary-offline", "site-1", "--from", TOMORROW, "--to", LATER)


@pytest.fixture
def say(config: Path, store: Path) -> Say:
    return lambda *args: call(*args, "--config", config)


def test_filed_with_a_paper_listed_amended_and_withdrawn(say: Say, store: Path, tmp_path: Path) -> None:
    paper = tmp_path / "批复.pdf"
    paper.write_bytes(b"%PDF" * 1_000_000)
    done = say(*CLOSURE, "--number", "〔2026〕1号", "--set", "approved_by=市府办", "--set", "approved_by=网信办;市府办",
               "--attach", paper, "--by", "张三", "--json")  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert done.json()["declaration"] == 1
    (one,) = say("declare", "list", "--json").json()
    assert one["from"] == f"{TOMORROW}T00:00:00+08:00"
    assert one["to"] > f"{LATER}T"
    assert (one["kind"], one["number"], one["by"], one["counts"]) == ("temporary_offline", "〔2026〕1号", "张三", True)
    assert one["fields"] == {"approved_by": ["市府办", "网信办"]}
    seal = hashlib.sha256(paper.read_bytes()).hexdigest()
    assert one["attachments"] == [{"name": "批复.pdf", "bytes": 4_000_000, "sha256": seal}]
    amended = say("declare", "amend", "1", "--set", "application=粤网〔2026〕9号", "--by", "李四", "--lang", "zh-CN")
    assert re.fullmatch(
        r"登记2：由李四更正登记，原登记不再有效，.*（北京时间）\n  目前各项判定没有因此改变\n", amended.out
    )
    assert [line["declaration"] for line in say("declare", "list", "site-1", "--json").json()] == [2]
    lines = say("declare", "list", "site-1", "--all", "--lang", "zh-CN").out
    assert "#2  临时下线  某市人民政府  site-1  " in lines
    assert "〔2026〕1号  已由#2更正" in lines
    assert "    全国报送系统申请编号 [application]：粤网〔2026〕9号" in lines
    assert seal in lines
    gone = say("declare", "withdraw", "2", "--note", "延期", "--by", "张三")
    assert gone.out.startswith("declaration 2: withdrawn by 张三")
    assert say("declare", "list").out == "nothing is filed\n"
    second, first = say("declare", "list", "--all", "--json").json()
    keys = ("counts", "corrected_by", "superseded_by", "withdrawn_because")
    assert [first[key] for key in keys] == [False, 2, "李四", None]
    assert [second[key] for key in keys] == [False, None, "张三", "延期"]
    assert first["superseded_at"] == second["filed_at"] < second["superseded_at"]
    lines = say("declare", "list", "--all", "--lang", "zh-CN").out
    assert re.search(r"\n    由李四于.*更正\n", lines)
    assert re.search(r"\n    由张三于.*撤回：延期\n", lines)
    whats = [row[0] for row in rows(store, "SELECT what FROM events WHERE what LIKE 'declaration.%' ORDER BY seq")]
    assert whats == ["declaration.filed", "declaration.filed", "declaration.withdrawn"]


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_filed(say: Say, store: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.truncate(LARGEST_PAPER + 1)
    before = rows(store, "SELECT COUNT(*) FROM events")
    done = say("declare", "order", "site-9", "--from", "2026-13-01", "--to", "x", "--set", "fixed_at", "--set", "problm=x",
               "--attach", big, "--attach", tmp_path, "--attach", tmp_path / "none", "--corrects", "5", "--by", " ")  # fmt: skip
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        'target: there is no target site-9 (did you mean "site-1"?)',
        "corrects: there is no declaration 5 (the list of declarations shows the numbers)",
        "from: “2026-13-01” is no day (write it as 2026-12-01)",
        "to: “x” is no day or time (write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00+08:00)",
        "to: order to rectify has no end (leave it out)",
        "set fixed_at: has no value (write fixed_at=…)",
        'set problm: order to rectify has no field “problm” (did you mean "problem"?)',
        "set problem: is missing: what is to be put right (tell problem)",
        "attach big.pdf: has 51 MiB, at most 50 (attach the signed paper, not the scan of everything)",
        f"attach {tmp_path.name}: cannot be read (not a file) (check name and permissions)",
        "attach none: cannot be read (no such file) (check name and permissions)",
        "by: who? every change names a person (tell the name)",
    ]
    assert rows(store, "SELECT COUNT(*) FROM declarations") == [(0,)]
    assert rows(store, "SELECT COUNT(*) FROM events") == before


def test_a_second_closure_is_refused_in_chinese_and_names_the_first(say: Say) -> None:
    assert say(*CLOSURE, "--by", "张三").code == 0
    again = say(*CLOSURE, "--by", "张三", "--lang", "zh-CN")
    assert again.code == 2
    assert re.fullmatch(
        r"from: 与登记1（临时下线，.*）时间重叠（请更正登记1（amend，起止时间也可更正），或撤回该登记）\n", again.err
    )
    ended = say("declare", "amend", "1", "--to", TOMORROW, "--number", "2号", "--by", "张三", "--json").json()
    (one,) = say("declare", "list", "--json").json()
    assert (one["declaration"], one["corrects"], one["to"] > TOMORROW) == (ended["declaration"], 1, True)
    assert (one["from"], one["number"]) == (f"{TOMORROW}T00:00:00+08:00", "2号")
    anew = say(*CLOSURE, "--corrects", "2", "--by", "张三", "--lang", "zh-CN")
    assert "请复核：number: 登记2已填写（2号），本次更正未填写（确需去掉的无误" in anew.out
    assert say("declare", "withdraw", "1", "--note", "x", "--by", "张三").err == (
        "declaration: declaration 1 was corrected by 2 (withdraw declaration 2)\n"
    )


def test_the_desk_is_a_target_and_a_stranger_is_none(say: Say) -> None:
    assert (
        say("declare", "activity", "desk", "--from", "2026-11-20", "--set", "activity=应急演练", "--by", "张三").code
        == 0
    )
    assert [one["target"] for one in say("declare", "list", "*", "--json").json()] == ["*"]
    assert "值班台" in say("declare", "list", "--lang", "zh-CN").out
    stranger = say("declare", "list", "nowhere")
    assert (stranger.code, stranger.out) == (2, "")
    assert "nowhere" in stranger.err


def test_every_kind_is_shown_with_its_fields_and_its_name_in_chinese() -> None:
    shown = call("declare", "kinds").out
    for kind, table in KINDS.items():
        assert kind.value in shown
        assert all(f"    {name}  " in shown for name in table.fields)
    assert "temporary_offline  临时下线  网站  必须填写 --to" in shown
    listed = call("declare", "kinds", "--lang", "en", "--json").json()
    assert [one["kind"] for one in listed] == [kind.value for kind in KINDS]
    help_ = call("declare", "--help").out
    assert "责令关停" in help_
    assert "--corrects" in help_
    assert "withdraw" in help_


def test_attested_with_a_screenshot_and_shown(say: Say, store: Path, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    shot.write_bytes(b"png")
    today = civil_day(NOW).isoformat()
    done = say("attest", "c", "--newest", today, "--by", "张三", "--screenshot", shot, "--for", "3", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json()["attestation"] == 1
    assert done.json()["known"]["newest"] == today
    assert done.json()["known"]["newest_from"] == "attestation"
    shown = say("attest", "c", "--show", "--json").json()
    assert [one["screenshot"] for one in shown["attestations"]] == [hashlib.sha256(b"png").hexdigest()]
    lines = say("attest", "c", "--show", "--lang", "zh-CN").out.splitlines()
    assert lines[0] == "c"
    assert lines[1].startswith("  可查证的最近一次发布：")
    assert lines[2] == "  页面（订阅源）上读到的最新一条：尚未读到有日期的内容"
    assert lines[3] == "  最近一次成功查看：无"
    assert lines[4] == "  尚未查看"
    assert lines[5].startswith("  人工核验1：张三于")
    assert lines[6] == "    截图：sha256 " + hashlib.sha256(b"png").hexdigest()
    assert rows(store, "SELECT target_id, who FROM attestations") == [("c", "张三")]
    yesterday = (civil_day(NOW) - timedelta(days=1)).isoformat()
    say("attest", "c", "--newest", yesterday, "--by", "李四", "--note", "今天的已撤下")
    later, note, no_shot, first, _ = say("attest", "c", "--show", "--lang", "zh-CN").out.splitlines()[5:]
    assert "有效期至" in later
    assert (note, no_shot) == ("    说明：今天的已撤下", "    没有截图")
    assert first.startswith("  人工核验1：张三于")
    assert first.endswith("；已被人工核验2（附说明）撤回")


def test_what_cannot_be_attested_is_refused(say: Say, tmp_path: Path) -> None:
    refused = say(
        "attest", "site-1", "--newest", "soon", "--by", "张三", "--for", "9", "--screenshot", tmp_path / "none"
    )
    assert (refused.code, refused.out) == (2, "")
    assert [line.split(":")[0] for line in refused.err.splitlines()] == ["target", "newest", "for", "screenshot"]
    unsaid = say("attest", "c", "--lang", "zh-CN")
    assert (unsaid.code, unsaid.err) == (2, "请用 --newest 日期 和 --by 姓名 写明所见；只查看现有情况用 --show\n")
    assert say("attest", "nowhere", "--show").code == 2


def test_a_store_somebody_else_holds_is_not_changed_but_may_be_looked_at(say: Say, store: Path) -> None:
    with lock.held(str(store)):
        refused = say(*CLOSURE, "--by", "张三")
        assert refused.code == 2
        assert "in use by another zhishou process" in refused.err
        assert say("declare", "list").code == 0
        assert say("attest", "c", "--show").code == 0
