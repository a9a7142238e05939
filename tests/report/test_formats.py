"""One report in every format: the same cells as text, CSV, XLSX and HTML; nothing is carried out, nothing comes from elsewhere."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings, strategies as st

from monitor.config.declared import KINDS
from monitor.judge.indicators import State
from monitor.judge.verdict import Verdict
from monitor.model import Compliance, Outcome, Reach
from monitor.model.words import OUTAGE_REACHES
from monitor.render import translate
from monitor.report import labels
from monitor.report.availability import Observed
from monitor.report.csvfile import csv_file
from monitor.report.page import page
from monitor.report.plain import text
from monitor.report.reader import Reader
from monitor.report.sheets import SHEETS, report
from monitor.report.table import Cell, Column, Report, Table, width, words_of
from monitor.report.xlsx import xlsx

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 09:30 in Beijing
NASTY = (
    "=1+1",
    "+86 751",
    "-3",
    "@SUM(A1)",
    '=HYPERLINK("http://x/")',
    "<b>&\"'",
    "某市人民政府",
    "http://x.example/",
    "0012",
    "",
    "a\nb",
)


def made(
    *rows: tuple[Cell, ...], headings: tuple[str, ...] = ("网站", "时间", "次数"), language: str = "zh-CN"
) -> Report:
    columns = tuple(Column(one, one == "次数") for one in headings)
    return Report("下线台账", ("截至今日",), ("说明一",), (Table("下线情况", columns, rows),), language, NOW)


def sheet(content: bytes, n: int = 0) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[n]


def test_text_stays_text_in_a_sheet_and_in_csv() -> None:
    content = made(*((one, NOW, 3) for one in NASTY))
    rows = list(sheet(xlsx(content)).iter_rows(min_row=2))
    assert [row[0].value for row in rows] == [one or None for one in NASTY]
    assert {row[0].data_type for row in rows if row[0].value} == {"s"}
    assert all(row[0].hyperlink is None for row in rows)
    lines = list(csv.reader(io.StringIO(csv_file(content).decode("utf-8-sig"))))[1:]
    assert [line[0] for line in lines] == [f"'{one}" if one[:1] in set("=+-@") and one else one for one in NASTY]


def test_dates_are_dates_by_the_clock_of_beijing_and_numbers_are_numbers() -> None:
    first = sheet(xlsx(made(("s", NOW, 3), ("s", date(2026, 11, 23), 4.96))))
    assert (first["B2"].value, first["B2"].number_format) == (datetime(2026, 11, 23, 9, 30), "yyyy-mm-dd hh:mm")
    assert (first["B3"].value, first["B3"].number_format) == (datetime(2026, 11, 23), "yyyy-mm-dd")
    assert [first[f"C{n}"].value for n in (2, 3)] == [3, 4.96]


def test_a_sheet_keeps_its_headings_in_sight_fits_chinese_and_prints_on_a4() -> None:
    long = "韶关市人民政府门户网站（含政务新媒体）"
    first = sheet(xlsx(made((long, NOW, 3))))
    assert first.freeze_panes == "B2"
    assert first.auto_filter.ref == "A1:C2"
    assert first.column_dimensions["A"].width > width(long)
    assert first.column_dimensions["B"].width > len("2026-11-23 09:30")
    assert (first.page_setup.paperSize, first.page_setup.orientation) == (9, "landscape")
    about = sheet(xlsx(made((long, NOW, 3))), 1)
    assert (about.title, about["A1"].value, about["A4"].value) == ("说明", "下线台账", "说明一")


def test_a_cell_longer_than_excel_takes_is_cut_not_lost() -> None:
    assert len(sheet(xlsx(made(("长" * 40_000, NOW, 3))))["A2"].value) == 32_767


def test_csv_opens_in_excel_as_chinese() -> None:
    content = csv_file(made(("s", NOW, 3), ("t", None, None)))
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["网站", "时间", "次数"],
        ["s", "2026-11-23 09:30", "3"],
        ["t", "", ""],
    ]


def test_the_page_is_whole_by_itself_and_escapes_everything() -> None:
    told = page(made(*((one, NOW, 3) for one in NASTY))).decode()
    assert not re.search(r"<script|<link|<img|<iframe|\bsrc=|\bhref=|@import|url\(", told)
    assert 'lang="zh-CN"' in told
    assert "&lt;b&gt;&amp;&#34;&#39;" in told
    assert "@page { size: A4" in told
    assert 'data-label="网站"' in told
    assert "无记录" in page(made()).decode()


def test_columns_stand_below_one_another_where_signs_are_wide() -> None:
    lines = text(made(("某市人民政府", NOW, 3), ("ab", NOW, 1234))).decode().split("\n")
    head, first, second = (line for line in lines if "次数" in line or "2026-" in line)
    at = [width(line[: line.index(mark)]) for line, mark in ((head, "时间"), (first, "2026"), (second, "2026"))]
    assert at == [14, 14, 14]
    assert [width(line) for line in (head, first, second)] == [36, 33, 36]


def test_the_last_column_may_be_as_high_as_it_likes_and_wide_tables_are_blocks() -> None:
    told = text(made(("s", NOW, 3, ("第一行", "第二行")), headings=("网站", "时间", "次数", "原因"))).decode()
    first, second = (line for line in told.split("\n") if line.endswith("行"))
    assert width(first) == width(second)
    wide = text(made(("很长" * 60, NOW, 3))).decode()
    assert f"网站  {'很长' * 60}\n时间  2026-11-23 09:30\n次数  3\n" in wide


CELLS = st.one_of(
    st.none(), st.text(max_size=20), st.integers(-(10**9), 10**9), st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.tuples(st.text(max_size=9), st.text(max_size=9)),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4))
def test_every_format_takes_every_cell(rows: list[tuple[Cell, ...]]) -> None:
    content = made(*rows)
    assert text(content).decode()
    assert page(content).decode().count("<tr>") == (len(rows) + 1 if rows else 0)
    found = sheet(xlsx(content))
    assert found.max_row == max(len(rows), 1) + (1 if rows else 0)
    assert all(cell.data_type != "f" for line in found.iter_rows() for cell in line)
    assert csv_file(content).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (labels.VERDICTS, {one.value for one in Verdict}),
        (labels.STATES, {one.value for one in State}),
        (labels.OBSERVED, {one.value for one in Observed}),
        (labels.OWED, {one.value for one in Compliance}),
        (labels.REASONS, {one.value for one in OUTAGE_REACHES} | {Reach.SLOW.value, Reach.HIJACKED.value}),
        (labels.SEEN, {"", *(one.value for one in Outcome)}),
        (labels.NOTICES, {"own_notice", "portal_notice"}),
    ],
)
def test_every_closed_word_is_said_in_both_languages(words: Any, wanted: set[str]) -> None:
    assert set(words) >= wanted
    for one in wanted:
        assert translate(words[one], "zh-CN") not in {one, words[one].template}


READERS = {
    language: Reader(language, NOW, {one.value: told.name for one, told in KINDS.items()})
    for language in ("zh-CN", "en")
}


def of(kind: str, *rows: dict[str, Any], language: str = "zh-CN") -> Report:
    return report(kind, rows, (NOW - timedelta(days=30), NOW), READERS[language])


@pytest.mark.parametrize("kind", SHEETS)
def test_headings_are_chinese_by_themselves_and_english_when_asked(kind: str) -> None:
    for table in of(kind).tables:
        assert all(re.search(r"[\u4e00-\u9fff]", one.heading) for one in table.columns)
    for table in of(kind, language="en").tables:
        assert not [one.heading for one in table.columns if re.search(r"[\u4e00-\u9fff]", one.heading)]


def order(**other: Any) -> dict[str, Any]:
    return {
        "target": "*", "name": "值班台", "problem": "首页暗链", "number": "督〔2026〕7号", "found_at": "2026-11-20T09:00:00+08:00",
        "sent_at": "2026-11-20T10:00:00+08:00", "due_at": "2026-11-21T10:00:00+08:00", "fixed_at": None, "late_hours": 76.2,
        "incident": None, "declaration": 4, **other,
    }  # fmt: skip


def test_an_order_of_the_desk_names_it_and_says_how_late_it_is() -> None:
    ((row,),) = (of("rectifications", order()).tables[0].rows,)
    told = [words_of(cell) for cell in row]
    assert told[0] == "值班台"
    assert told[3:6] == ["2026-11-20 09:00", "2026-11-20 10:00", "2026-11-21 10:00"]
    assert told[7:9] == ["超期未整改", "3天4小时"]
    done = order(fixed_at="2026-11-20T12:00:00+08:00", late_hours=None, found_at="巡查发现")
    told = [words_of(cell) for cell in of("rectifications", done).tables[0].rows[0]]
    assert (told[3], told[7:9]) == ("巡查发现", ["按期整改", "–"])
