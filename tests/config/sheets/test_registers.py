"""Messages and posts as rows for the desk, and days and times as people write them."""

from datetime import datetime

import pytest
from hypothesis import given, strategies as st

from monitor.config.sheets.moments import moment
from monitor.config.sheets.reading import read_grid
from monitor.config.sheets.registers import Named, Register, read_messages, read_posts
from tests.config.sheets.tables import Rows, told, workbook

TODAY = "2026-11-20"
NAMES = (
    Named("city", "site", "某市人民政府", "4402000001", removed=False, platform=""),
    Named("old", "site", "某镇", "", removed=True, platform=""),
    Named("town", "site", "某镇", "", removed=False, platform=""),
    Named("wx", "account", "某市发布", "", removed=False, platform="wechat"),
    Named("wb", "account", "某市发布", "", removed=False, platform="weibo"),
)


def messages(rows: Rows, cls: str | None = None) -> Register:
    return read_messages(read_grid(workbook(rows)), NAMES, TODAY, cls)


def posts(rows: Rows) -> Register:
    return read_posts(read_grid(workbook(rows)), NAMES, TODAY)


def test_messages_are_named_by_site_and_class_in_words() -> None:
    found = messages(
        [
            ["编号", "网站标识码", "网站名称", "类别", "接收时间", "办结时间", "说明"],
            ["ZC-1", "4402000001", "某市人民政府", "找错", datetime(2026, 11, 2, 9, 30), "2026年11月4日", None],
            ["ZC-2", "某镇", "", "咨询", "2026-11-03", None, "是"],
            [3, "city", "", "投诉", "2026/11/3 8:05", None, "否"],
        ]
    )
    assert found.wrong == []
    assert found.rows == [
        ["city", "ZC-1", "jiucuo", "2026-11-02T09:30:00+08:00", "2026-11-04", None],
        ["town", "ZC-2", "consulting", "2026-11-03", "", True],
        ["city", "3", "handling", "2026-11-03T08:05:00+08:00", "", False],
    ]


def test_a_file_without_answers_tells_none_and_a_class_may_be_that_of_all() -> None:
    found = messages([["编号", "网站", "接收时间"], ["1", "city", "2026-11-02"]], cls="jiucuo")
    assert found.wrong == []
    assert found.rows == [["city", "1", "jiucuo", "2026-11-02", None, None]]


def test_every_problem_of_messages() -> None:
    found = messages(
        [
            ["编号", "网站", "类别", "接收时间", "办结时间", "说明"],
            ["1", "某县", "表扬", "昨天", "2026-13-01", "也许"],
            ["2", "city", "找错", "2026-11-21", None, None],
            [None, "city", "找错", None, None, None],
            ["2", "city", "咨询", "2026-11-01", None, None],
        ]
    )
    assert told(found.wrong) == [
        'B2 网站: "某县" is not watched here (expected is the id, 网站标识码 or name of a site or account of the inventory)',
        'C2 类别: "表扬" is no class of message (expected is 找错; 咨询, 建议; 投诉, 求助 or 办理)',
        'D2 接收时间: "昨天" is no date (expected is 2026-11-01, 2026-11-01 09:30 or 2026年11月1日)',
        'E2 办结时间: "2026-13-01" is no date (expected is 2026-11-01, 2026-11-01 09:30 or 2026年11月1日)',
        'F2 说明: "也许" is neither 是 nor 否',
        "D3 接收时间: 2026-11-21 lies in the future",
        "A4 编号: is empty (it has to be filled in)",
        "D4 接收时间: is empty (it has to be filled in)",
        "A5 编号: the same stands in row 3 already",
    ]


def test_posts_of_accounts_of_one_name_are_told_apart_by_platform() -> None:
    found = posts(
        [
            ["账号名称", "平台", "发布日期", "标题", "链接", "是否原创"],
            ["某市发布", "微信公众号", "2026-11-01 08:00", "一", "https://w.example/1", "是"],
            ["某市发布", "微博", "2026-11-01", "二", None, None],
            ["wx", None, "2026-11-02", "二", None, "转载"],
        ]
    )
    assert found.wrong == []
    assert [row[:1] + row[2:] for row in found.rows] == [
        ["wx", "2026-11-01", "一", True],
        ["wb", "2026-11-01", "二", None],
        ["wx", "2026-11-02", "二", False],
    ]
    assert found.rows[0][1] == "https://w.example/1"
    assert str(found.rows[1][1]).startswith("2026-11-01/")


def test_every_problem_of_posts() -> None:
    found = posts(
        [["账号", "日期", "标题", "链接"], ["某市发布", "2026-11-01", "a", None], ["city", "2026-11-01", None, None]]
    )
    assert told(found.wrong) == [
        'A2 账号: 2 of them are called "某市发布" (write the id: wx, wb)',
        'A3 账号: "city" is not watched here (expected is the id, 网站标识码 or name of a site or account of the inventory)',
        "C3 标题: neither a title nor an address tells which post it is",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-01", "2026-11-01"),
        ("2026/1/2", "2026-01-02"),
        ("2026.1.2", "2026-01-02"),
        ("20261101", "2026-11-01"),
        ("2026年1月2日", "2026-01-02"),
        ("2026年1月2日 9:05", "2026-01-02T09:05:00+08:00"),
        ("2026年1月2日9时5分", "2026-01-02T09:05:00+08:00"),
        ("2026-11-01 09:30:15", "2026-11-01T09:30:15+08:00"),
        ("2026-11-01T09:30:15+08:00", "2026-11-01T09:30:15+08:00"),
    ],
)
def test_a_moment_as_people_write_it(written: str, meant: str) -> None:
    assert moment(written) == meant


@pytest.mark.parametrize(
    "written", ["", "昨天", "11-01", "2026-02-30", "2026-11-01 25:00", "1926-11-01", "45962", "2026-11"]
)
def test_what_is_no_moment(written: str) -> None:
    with pytest.raises(ValueError):
        moment(written)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)))
def test_every_moment_comes_back(told_at: datetime) -> None:
    assert moment(f"{told_at:%Y-%m-%d %H:%M:%S}") == f"{told_at:%Y-%m-%dT%H:%M:%S}+08:00"
    assert moment(f"{told_at.year}年{told_at.month}月{told_at.day}日") == f"{told_at:%Y-%m-%d}"
