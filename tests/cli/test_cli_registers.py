"""`messages import|list|add|answer` and `posts import` without a daemon."""

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from monitor.clock import SystemClock
from monitor.model import Letter, LetterRow, MessageClass, ReadLetters, TargetKind
from monitor.store import letters
from tests.cli.stored import write
from tests.cli.terminal import Done, call
from tests.config.sheets.tables import delimited, saved, workbook
from tests.daemon.process import rows as asked
from tests.web.filled import target, watch

DAYS_AGO = [f"{SystemClock().now() - timedelta(days=n):%Y-%m-%d}" for n in range(20)]
Table = list[list[str | None]]
HEAD: list[str | None] = ["编号", "网站", "类别", "接收时间", "办结时间"]


@pytest.fixture
def desk(config: Path) -> Path:
    """Settings with a store that knows two sites and an account."""
    watched = (
        target("city", name="某市人民政府"),
        target("town", name="某镇"),
        target("wx", TargetKind.ACCOUNT, name="某市发布"),
    )
    write(config.parent / "state" / "zhishou.db", lambda tx: watch(tx, *watched))
    return config


def given(config: Path, rows: Table, *options: str, register: str = "messages", name: str = "留言.xlsx") -> Done:
    file = config.parent / name
    file.write_bytes(workbook(rows) if name.endswith(".xlsx") else delimited(rows).encode("gb18030"))
    return call(register, "import", file, "--by", "张三", "--config", config, *options)


def test_a_workbook_of_several_sheets(desk: Path) -> None:
    """The words of a template before the list; a cover sheet; a second list that is not read and is named."""
    row = ["1", "town", "投诉", DAYS_AGO[5], None]
    book = Workbook()
    book.worksheets[0].title = "说明"
    book.worksheets[0].append(["留言登记", "填写说明"])
    for name in ("十月", "十一月"):
        sheet = book.create_sheet(name)
        for cells in (HEAD, row):
            sheet.append(cells)
    file = desk.parent / "留言.xlsx"

    def told(*options: str) -> Done:
        file.write_bytes(saved(book))
        return call("messages", "import", file, "--by", "张三", "--config", desk, *options)

    done = told("--lang", "zh-CN")
    assert (done.code, done.err) == (0, "只读取一个工作表；未读取：十一月\n")
    assert done.out == "已导入：新增1条\n"
    book.worksheets[0].title = "封面"
    refused = told("--lang", "zh-CN")
    assert (refused.code, refused.out) == (2, "")
    assert "工作表“封面”中没有找到表头；另有工作表可用 --sheet 指定：十月, 十一月" in refused.err
    (problem,) = told("--json").json()["problems"]
    assert "in its sheet “封面”" in problem["message"]
    assert told("--sheet", "十一月").code == 0


def test_messages_come_are_answered_and_listed(desk: Path) -> None:
    rows: Table = [
        HEAD,
        ["1", "某市人民政府", "找错", f"{DAYS_AGO[9]} 09:30", None],
        ["2", "town", "投诉", DAYS_AGO[5], None],
    ]
    done = given(desk, rows)
    assert (done.code, done.err) == (0, "")
    assert done.out == "taken over: 2 new\n"
    (first, second) = call("messages", "list", "--waiting", "--json", "--config", desk).json()
    assert (first["target"], first["id"], first["class"]) == ("city", "1", "jiucuo")
    assert first["received"] == f"{DAYS_AGO[9]}T09:30:00+08:00"
    assert second["received"] == f"{DAYS_AGO[5]}T00:00:00+08:00"
    rows[1][4] = f"{DAYS_AGO[8]} 10:00"
    assert given(desk, rows, name="留言.csv").out == "taken over: 1 changed, 1 answered now, 1 known already\n"
    waiting = call("messages", "list", "--waiting", "--config", desk)
    assert waiting.out.startswith("2  某镇  to be checked or handled  received ")
    assert waiting.out.endswith(
        "  not answered\n    no rule in force sets a limit for its answer  imported from 留言.xlsx\n"
    )
    assert len(call("messages", "list", "--config", desk).out.splitlines()) == 4
    store = desk.parent / "state" / "zhishou.db"
    told = asked(store, "SELECT who, what FROM events ORDER BY seq")
    assert told == [("张三", "messages.written"), ("张三", "messages.imported")] * 2


def test_what_a_public_list_tells_is_listed_with_its_address(desk: Path) -> None:
    shown = Letter(title="路灯不亮", url="http://city.example/hdjl/1.html", received=DAYS_AGO[3], is_answered=False)
    seen = Letter(
        title="公交改线",
        number="SZ-2",
        kind="咨询",
        cls=MessageClass.CONSULTING,
        received=DAYS_AGO[9],
        is_answered=True,
    )
    read = ReadLetters((LetterRow(shown), LetterRow(seen)), whole=True)
    now = SystemClock().now()

    def note(tx: sqlite3.Connection) -> None:
        letters.note(tx, "city/replies", "city", "http://city.example/hdjl/", read, now, None)

    write(desk.parent / "state" / "zhishou.db", note)
    lines = call("messages", "list", "--config", desk).out.splitlines()
    assert re.search(r"  class not told  路灯不亮  received .+  not answered$", lines[0])
    assert lines[1].endswith("  read on http://city.example/hdjl/1.html")
    assert re.search(r"  公交改线  .+ at the latest$", lines[2]), "the list prints no day of the answer"
    assert lines[3].endswith("  read on http://city.example/hdjl/")
    chinese = call("messages", "list", "--waiting", "--lang", "zh-CN", "--config", desk).out
    assert "类别未注明" in chinese
    assert "网上读取 http://city.example/hdjl/1.html" in chinese


def test_what_contradicts_the_register_is_listed_and_refused_unless_it_is_to_be_replaced(desk: Path) -> None:
    given(desk, [HEAD, ["1", "city", "找错", f"{DAYS_AGO[9]} 09:30", f"{DAYS_AGO[8]} 09:30"]])
    other: Table = [HEAD, ["1", "city", "找错", f"{DAYS_AGO[7]} 09:30", None], ["2", "city", "找错", DAYS_AGO[3], None]]
    refused = given(desk, other)
    assert refused.code == 2
    assert refused.out == ""
    assert [line.split(" is ")[0] for line in refused.err.splitlines()] == [
        "city 1: time of receipt",
        "city 1: time of the answer",
        "nothing was taken over; with --replace what the file says takes the place of it",
    ]
    store = desk.parent / "state" / "zhishou.db"
    assert asked(store, "SELECT COUNT(*) FROM messages") == [(1,)]
    told = given(desk, other, "--json")
    assert (told.code, told.json()["written"], told.json()["contradicting"]) == (2, False, 2)
    assert given(desk, other, "--replace").code == 0
    assert asked(store, "SELECT id FROM messages WHERE answered_at IS NULL ORDER BY id") == [("1",), ("2",)]


def test_a_table_with_anything_wrong_is_not_taken_over_at_all(desk: Path) -> None:
    done = given(
        desk, [HEAD, ["1", "city", "找错", DAYS_AGO[3], None], ["2", "某县", "表扬", "昨天", None]], "--lang", "zh-CN"
    )
    file = desk.parent / "留言.xlsx"
    assert done.code == 2
    assert done.err.splitlines() == [
        f"{file} [清单] B3 网站: 监测对象中没有“某县”（应为监测清单中网站或账号的监测编号、网站标识码或名称）",
        f"{file} [清单] C3 类别: “表扬”不是留言类别（应为找错，咨询、建议，或投诉、求助、办理）",
        f"{file} [清单] D3 接收时间: “昨天”不是日期（应写成 2026-11-01、2026-11-01 09:30 或 2026年11月1日）",
        "共3处错误，没有导入任何内容",
    ]
    assert asked(desk.parent / "state" / "zhishou.db", "SELECT COUNT(*) FROM messages") == [(0,)]


def test_one_message_by_hand(desk: Path) -> None:
    words = ("--site", "某镇", "--class", "咨询", "--received", DAYS_AGO[4], "--by", "李四", "--config", desk)
    assert call("messages", "add", "WX-7", *words).out == "message WX-7 of town is in the register\n"
    again = call("messages", "add", "WX-7", *words)
    assert (again.code, again.err) == (2, "town has a message WX-7 already\n")
    early = call("messages", "answer", "WX-7", "--at", DAYS_AGO[6], "--by", "李四", "--config", desk)
    assert (early.code, early.err) == (
        2,
        f"message WX-7 of town was answered ({DAYS_AGO[6]} 00:00) before it was received ({DAYS_AGO[4]} 00:00)\n",
    )
    future = call("messages", "answer", "WX-7", "--at", "2099-01-01", "--by", "李四", "--config", desk)
    assert (future.code, future.err) == (2, "at: 2099-01-01 lies in the future\n")
    bad = call("messages", "answer", "WX-7", "--at", "soon", "--by", "李四", "--config", desk)
    assert (bad.code, bad.err.startswith('"soon" is no date')) == (2, True)
    done = call("messages", "answer", "WX-7", "--at", DAYS_AGO[4], "--by", "李四", "--config", desk)
    assert done.out == "message WX-7 of town is answered\n"
    assert call("messages", "list", "--waiting", "--config", desk).out == "no message waits for an answer\n"


def test_posts_of_accounts(desk: Path) -> None:
    rows: Table = [
        ["账号名称", "发布日期", "标题", "是否原创"],
        ["某市发布", DAYS_AGO[2], "一", "是"],
        ["wx", DAYS_AGO[1], "二", ""],
    ]
    assert given(desk, rows, register="posts").out == "taken over: 2 new\n"
    assert given(desk, rows, register="posts").out == "nothing changed: all 2 are in the register already\n"
    store = desk.parent / "state" / "zhishou.db"
    assert asked(store, "SELECT day, original FROM posts ORDER BY day") == [(DAYS_AGO[2], 1), (DAYS_AGO[1], None)]
    assert asked(store, "SELECT DISTINCT what FROM events") == [("posts.written",), ("posts.imported",)]
    assert asked(store, "SELECT DISTINCT what FROM events WHERE what LIKE '%imported'") == [("posts.imported",)]


def test_an_answer_before_its_receipt_or_in_the_future_is_refused_by_its_cell(desk: Path) -> None:
    rows: Table = [
        HEAD,
        ["1", "city", "找错", f"{DAYS_AGO[3]} 09:30", f"{DAYS_AGO[3]} 09:00"],
        ["2", "city", "找错", DAYS_AGO[3], "2099-01-01"],
        ["3", "city", "找错", f"{DAYS_AGO[3]} 09:30", DAYS_AGO[3]],
    ]
    done = given(desk, rows, "--lang", "zh-CN")
    file = desk.parent / "留言.xlsx"
    assert done.err.splitlines() == [
        f"{file} [清单] E2 办结时间: {DAYS_AGO[3]} 09:00 早于接收时间 {DAYS_AGO[3]} 09:30（请核对这两个时间）",
        f"{file} [清单] E3 办结时间: 2099-01-01 晚于现在",
        "共2处错误，没有导入任何内容",
    ]
    del rows[1:3]
    assert given(desk, rows).code == 0, "a day alone is no time before the same day's"


@pytest.mark.parametrize("name", ["a.xlsx", "b.csv"])
@pytest.mark.parametrize("register", ["messages", "posts"])
def test_a_template_is_written_once_and_imported_as_it_is(desk: Path, register: str, name: str) -> None:
    file = desk.parent / name
    done = call(register, "template", file, "--config", desk, "--lang", "zh-CN")
    assert (done.code, done.out) == (0, f"已生成 {file}：填写后用 `zhishou {register} import` 导入\n")
    assert call(register, "template", file, "--config", desk).code == 2, "never overwritten"
    empty = call(register, "import", file, "--by", "张三", "--config", desk, "--lang", "zh-CN")
    assert (empty.code, empty.err) == (2, f"{file}：表头下面没有内容\n")
    assert call(register, "template", desk.parent / "a.doc", "--config", desk).code == 2


def test_without_a_store_there_is_no_register(config: Path) -> None:
    done = given(config, [HEAD, ["1", "city", "找错", DAYS_AGO[1], None]])
    assert done.code == 2
    assert "zhishou run" in done.err
