"""Public reply lists: each dialect's rows, and what holds of any list however it is printed."""

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from html import escape

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import Letter, MessageClass, TargetKind, class_of
from monitor.read.letterwords import moment_in, state_in
from monitor.read.page import read_page
from monitor.read.slim import from_json, to_json
from tests.read.letter_pages import AT, SAMPLES, Sample, page

TODAY = date(2026, 11, 20)


def letters(html: str, kind: TargetKind = TargetKind.PAGE) -> tuple[Letter, ...]:
    body = html.encode("utf-8", "replace")
    return read_page(body, url=AT, kind=kind, charset="utf-8", status=200, captured=TODAY).letters


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_a_dialect_is_read(sample: Sample) -> None:
    read = letters(sample.html)
    told = tuple(
        (one.number, one.title, one.kind, one.received, one.answered, one.is_answered, one.url) for one in read
    )
    assert told == sample.rows
    assert all(one.cls is class_of(one.kind) for one in read if one.kind)


def test_only_a_page_is_read_as_a_reply_list() -> None:
    assert letters(SAMPLES[0].html, TargetKind.COLUMN) == ()


def test_a_reading_with_letters_comes_back_from_json() -> None:
    body = SAMPLES[0].html.encode()
    reading = read_page(body, url=AT, kind=TargetKind.PAGE, charset="utf-8", status=200, captured=TODAY)
    assert reading.letters
    assert from_json(json.loads(json.dumps(to_json(reading)))) == reading


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (page("<p>会议时间：2026-11-01</p><p>状态良好。来信请寄市政府。</p>"), "running text"),
        (
            page("<ul><li><a href='1.html'>关于表彰的通报</a><span>2026-11-01</span></li>" * 4 + "</ul>"),
            "an ordinary list",
        ),
        (page("<h1>招标公告</h1><p>提交时间：待定</p>"), "no day at all"),
        (
            page(
                "<form><select><option>类型</option><option>状态</option></select><label>来信时间</label><input></form>"
            ),
            "a search",
        ),
    ],
)
def test_what_is_no_reply_list_tells_of_no_receipt(html: str, why: str) -> None:
    assert not [one for one in letters(html) if one.received or one.is_answered is False], why


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-11-01", "2026-11-01"),
        ("2026/11/1 9:05", "2026-11-01T09:05"),
        ("2026年11月1日 09时05分", "2026-11-01T09:05"),
        ("2026-11-01 00:00:00.0", "2026-11-01"),
        ("[2026-11-01]", "2026-11-01"),
        ("2026-11", None),  # a month is no day
        ("3天前", None),  # tomorrow it would be another day
        ("2026-11-21", None),  # still to come
        ("2026-11-01 至 2026-11-05", None),
        ("请于2026-11-01前办理", None),
        ("", None),
    ],
)
def test_a_moment_is_one_day_or_nothing(text: str, told: str | None) -> None:
    assert moment_in(text, TODAY) == told


@pytest.mark.parametrize(
    ("text", "word", "told"),
    [
        ("【已回复】", "", True),
        ("办理中", "", False),
        ("是", "是否回复", True),
        ("否", "是否回复", False),
        ("是", "", None),
        ("不予受理", "", None),  # closed, but not by an answer
        ("关于已回复信件的说明", "", None),
    ],
)
def test_a_state_is_a_whole_word(text: str, word: str, told: bool | None) -> None:
    assert state_in(text, word) is told


@pytest.mark.parametrize(
    ("word", "cls"),
    [
        ("咨询", MessageClass.CONSULTING),
        ("【建议】", MessageClass.CONSULTING),
        ("我要投诉", MessageClass.HANDLING),
        ("求助类", MessageClass.HANDLING),
        ("网站纠错", MessageClass.JIUCUO),
        ("表扬", None),
        ("投诉/建议", None),
    ],
)
def test_a_class_is_told_by_words_people_use_for_it(word: str, cls: MessageClass | None) -> None:
    assert class_of(word) is cls


DAYS = st.dates(date(2015, 1, 1), TODAY)
TITLES = st.text("东门路灯公交医保落户噪音河道小区物业学校", min_size=5, max_size=20)
KINDS = st.sampled_from(["咨询", "投诉", "建议", "求助", "网站纠错", "表扬"])


@st.composite
def letters_told(draw: st.DrawFn) -> list[Letter]:
    """Letters with titles of their own; at least one of them is answered, so that an empty place says something."""
    told = []
    for number, title in enumerate(draw(st.lists(TITLES, min_size=2, max_size=8, unique=True))):
        received = draw(DAYS)
        days = draw(st.integers(0, (TODAY - received).days))
        is_answered = number == 0 or draw(st.booleans())
        kind = draw(KINDS)
        answered = (received + timedelta(days)).isoformat() if is_answered else None
        told.append(
            Letter(
                title=title,
                url=f"http://www.zhen.example/x/{number}.html",
                number=f"XJ{2026000 + number}",
                kind=kind,
                cls=class_of(kind),
                received=received.isoformat(),
                answered=answered,
                is_answered=is_answered,
            )
        )
    return told


def _table(told: list[Letter]) -> str:
    rows = "".join(
        f"<tr><td>{one.number}</td><td><a href='{one.url}'>{escape(one.title)}</a></td><td>{one.kind}</td>"
        f"<td>{one.received}</td><td>{one.answered or ''}</td></tr>"
        for one in told
    )
    return page(
        f"<table><tr><th>编号</th><th>标题</th><th>类型</th><th>来信时间</th><th>回复时间</th></tr>{rows}</table>"
    )


def _cards(told: list[Letter]) -> str:
    cards = "".join(
        f"<div class='c'><a href='{one.url}'>{escape(one.title)}</a><p>编号：{one.number}</p><p>类型：{one.kind}</p>"
        f"<p>来信时间：{one.received} 回复时间：{one.answered or '--'}</p></div>"
        for one in told
    )
    return page(cards)


def _flat(told: list[Letter]) -> str:
    lines = "".join(
        f"<dt><a href='{one.url}'>{escape(one.title)}</a></dt><dd>信件编号：{one.number}</dd><dd>信件类型：{one.kind}</dd>"
        f"<dd>来信时间：{one.received}</dd><dd>状态：{'已回复' if one.is_answered else '办理中'}</dd>"
        f"<dd>回复时间：{one.answered or ''}</dd>"
        for one in told
    )
    return page(f"<dl>{lines}</dl>")


def _data(told: list[Letter]) -> str:
    rows = [
        {"title": one.title, "url": one.url, "letterNo": one.number, "typeName": one.kind, "writeTime": one.received,
         "replyTime": one.answered, "isReply": one.is_answered}
        for one in told
    ]  # fmt: skip
    return json.dumps({"data": {"records": rows}}, ensure_ascii=False)


@pytest.mark.parametrize("printed", [_table, _cards, _flat, _data])
@given(told=letters_told())
@settings(max_examples=40, deadline=None)
def test_what_is_printed_is_read_whatever_prints_it(printed: Callable[[list[Letter]], str], told: list[Letter]) -> None:
    assert letters(printed(told)) == tuple(told)


PIECES = st.sampled_from(
    ["<tr>", "<td>", "</td>", "</tr>", "<table>", "</table>", "<li>", "</li>", "<ul>", "来信时间", "来信时间：", "回复时间", "标题", "状态",
     "2026-11-01", "2026-11-05 10:00", "已回复", "办理中", "编号：", "<a href='/1'>关于路灯的问题</a>", "类型", "咨询", "<dl>", "<dt>", "序号",
     "<h3>医保结算</h3>", "<img alt='已回复'>", "--"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60))
@settings(max_examples=200, deadline=None)
def test_of_any_page_nothing_impossible_is_told(pieces: list[str]) -> None:
    for one in letters("<html><body>" + "".join(pieces) + "</body></html>"):
        assert one.title
        assert not (one.answered and one.is_answered is not True)
        assert not (one.answered and one.received and one.answered[:10] < one.received[:10])
        assert (one.received or "")[:10] <= TODAY.isoformat()


@pytest.mark.parametrize(
    "piece",
    [
        "<tr><td>标题</td><td>来信时间</td></tr>",
        "<div><a href='1'>关于路灯的问题</a>来信时间：2026-11-01",
        "<p>来信时间：2026-11-01 回复时间：</p>",
        "<span>来信时间</span>",
        "来信时间：来信时间：",
    ],
)
def test_time_grows_with_the_page_and_not_faster(piece: str) -> None:
    def taken(count: int) -> float:
        html = page(piece * count)
        begun = time.process_time()
        letters(html)
        return time.process_time() - begun

    taken(200)
    once, four = taken(2000), taken(8000)
    assert four < 12 * once + 0.5
