"""Pages as content systems and sites make them that the labelled ones do not cover, by what was once misread on them."""

from datetime import date

import pytest

from monitor.model import State
from tests.read.samples import TITLES, frame, read, rows

DAYS = ["2026-11-12", "2026-11-03", "2026-10-30", "2026-10-21"]

HEADS = {
    "GridView": (
        "<table id='GridView1'><tr><th scope='col'>序号</th><th scope='col'>标题</th><th scope='col'>发布时间</th><th scope='col'>点击数</th></tr>{}</table>",
        "<tr><td>1</td><td><a href='{href}'>{title}</a></td><td>{date}</td><td>33</td></tr>",
    ),
    "cells of a layout table": (
        "<table><tr><td>名称</td><td>公开日期</td><td>相关解读</td></tr>{}</table>",
        "<tr><td><a href='{href}'>{title}</a></td><td>{date}</td><td>无</td></tr>",
    ),
    "pieces of one line": (
        "<ul><li class='head'><span>标题</span><span>发布日期</span><span>点击量</span></li>{}</ul>",
        "<li><a href='{href}'>{title}</a><span>{date}</span><span>12</span></li>",
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_the_head_of_a_table_is_no_heading_of_a_side_list(name: str) -> None:
    table, row = HEADS[name]
    reading = read(frame(table.format(rows(DAYS, row)), side=""))
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, DAYS[0], 4)


def test_a_word_beside_the_heading_of_a_side_list() -> None:
    row = "<tr><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>"
    side = f"<table><tr><td>热点信息</td><td>更多&gt;&gt;</td></tr>{rows(['2026-11-19', '2026-11-18'], row)}</table>"
    listed = f"<table>{rows(DAYS, row)}</table>"
    assert read(frame(side + listed, side="")).newest_date == DAYS[0]


def test_a_menu_beside_blocks_of_news_is_no_row() -> None:
    menu = "<div id='top' class='top'><a href='../'>网站首页</a> | <a href='../about/'>关于我们</a></div>"
    row = "<div class='item'><h3><a href='{href}'>{title}</a></h3><p>{date}</p></div>"
    undated = "<div class='item first'><h3><a href='a/1.html'>关于延长城区停车收费时间的公告</a></h3></div>"
    page = f"<html><body>{menu}{undated}{rows(DAYS, row)}<div class='foot'><a href='/map/'>网站地图</a></div></body></html>"
    assert [item.date for item in read(page).items] == [None, *DAYS]


SHORT = "<p>2月27日，全县教育工作会议召开。会议总结了去年工作，安排部署今年重点任务，县委、县政府有关负责同志出席会议并讲话。</p>"
FOOT = "<div class='foot'>主办：某某县人民政府办公室</div>"


def test_a_short_article_beside_a_dated_list_is_an_article() -> None:
    related = f"<div class='r'><h3>最新动态</h3><ul>{rows(DAYS, '<li><a href={href}>{title}</a><span>{date}</span></li>')}</ul></div>"
    line = "<div class='time'>2026-02-27 18:03:11　来源：县教体局　【字体：大 中 小】</div>"
    reading = read(f"<html><body><h1>全县教育工作会议召开</h1>{line}{SHORT}{related}{FOOT}</body></html>", "page")
    assert reading.state is State.READABLE
    assert reading.article is not None
    assert (reading.article.published, reading.article.source) == ("2026-02-27T18:03:11+08:00", "县教体局")


def test_a_dated_list_under_a_line_of_its_own_day_is_a_list() -> None:
    related = f"<ul>{rows(DAYS, '<li><a href={href}>{title}</a><span>{date}</span></li>')}</ul>"
    assert (
        read(frame(f"<h1>政策文件</h1><div>更新时间：2026-11-19 08:00</div>{related}", side=""), "page").state
        is State.LISTED
    )


SPANS = {
    "with a label": "<li><a href='{href}'>{title}</a><p>征集时间：{date} 至 2026-12-31 <b>进行中</b></p></li>",
    "a word behind": "<li><a href='{href}'>{title}</a><p>公示期：{date} — 2026-12-31 进行中</p></li>",
    "alone": "<li><a href='{href}'>{title}</a><span>{date}~2026-12-31</span></li>",
    "over": "<li><a href='{href}'>{title}</a><span>征集时间：{date} 至 2026-11-15</span></li>",
}


@pytest.mark.parametrize("name", SPANS)
def test_a_consultation_was_published_when_it_began(name: str) -> None:
    reading = read(frame(f"<ul>{rows(DAYS, SPANS[name])}</ul>", side=""))
    assert [item.date for item in reading.items] == DAYS


def test_a_span_beside_the_publish_date_is_not_it() -> None:
    row = "<li><a href='{href}'>{title}</a><span>2026-11-13 至 2026-11-18</span><span>发布时间：{date}</span></li>"
    assert read(frame(f"<ul>{rows(DAYS, row)}</ul>", side="")).newest_date == DAYS[0]


@pytest.mark.parametrize("label", ["报名时间", "有效期", "活动时间"])
def test_a_span_of_something_else_is_no_publish_date(label: str) -> None:
    row = "<li><a href='{href}'>{title}</a><span>" + label + "：2026-11-01 至 2026-11-18</span></li>"
    assert read(frame(f"<ul>{rows(DAYS, row)}</ul>", side="")).newest_date is None


LETTERS = {
    "cells": (
        "<table><tr><th>标题</th><th>来信时间</th><th>答复时间</th><th>状态</th></tr>{}</table>",
        "<tr><td><a href='{href}'>{title}</a></td><td>2026-09-01</td><td>{date}</td><td>已办结</td></tr>",
    ),
    "labels": (
        "<div>{}</div>",
        "<div class='x'><a href='{href}'>{title}</a><p><span>来信时间：2026-09-01 08:11</span><span>回复时间：{date} 10:00</span></p></div>",
    ),
    "not answered yet": ("<ul>{}</ul>", "<li><a href='{href}'>{title}</a><span>来信时间：{date} 08:11:02</span></li>"),
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_as_new_as_its_answer(name: str) -> None:
    around, row = LETTERS[name]
    reading = read(frame(around.format(rows(DAYS, row)), side=""))
    assert [item.date for item in reading.items] == DAYS


PRINTED = {
    "day over month and year": "<li><div><b>{date:%d}</b><i>{date:%m/%Y}</i></div><a href='{href}'>{title}</a></li>",
    "behind leaders": "<li><a href='{href}'>{title}</a>…………{date:%Y-%m-%d}</li>",
    "a meeting": "<li><a href='{href}'>{title}</a><span>会议时间：{date:%Y-%m-%d}</span></li>",
}


@pytest.mark.parametrize("name", PRINTED)
def test_other_ways_to_print_the_day(name: str) -> None:
    row = PRINTED[name]
    listed = "".join(
        row.format(date=date.fromisoformat(day), href=f"a/{at}.html", title=TITLES[at]) for at, day in enumerate(DAYS)
    )
    assert [item.date for item in read(frame(f"<ul>{listed}</ul>", side="")).items] == DAYS


LINKLESS = {
    "a register": (
        "<table><tr><th>行政相对人名称</th><th>决定书文号</th><th>违法行为</th><th>处罚决定日期</th></tr>{}</table>",
        "<tr><td>某某县{title}有限公司</td><td>市监处罚〔2026〕80号</td><td>经营超过保质期的食品</td><td>{date}</td></tr>",
        None,
    ),
    "a link to look at it": (
        "<table>{}</table>",
        "<tr><td>1</td><td>{title}</td><td>{date}</td><td><a href='{href}'>查看</a></td></tr>",
        "http://www.shi.gov.cn/zwgk/tzgg/content/post_10000.html",
    ),
    "a letter and its answer": (
        "<div>{}</div>",
        "<div class='msg'><p class='q'><b>网友留言：</b>您好，请问{title}何时开始？ <span>{date}</span></p><p><b>回复：</b>您好，已收悉。</p></div>",
        None,
    ),
    "rows that a click opens": (
        "<ul>{}</ul>",
        "<li onclick=\"window.location.href='{href}'\"><p>{title}</p><span>{date}</span></li>",
        "http://www.shi.gov.cn/zwgk/tzgg/content/post_10000.html",
    ),
    "cards of a program": (
        "<div id='app'>{}</div>",
        "<div class='card'><img src='1.jpg'><h4>{title}</h4><div class='meta'><span>{date}</span><span>阅读 23</span></div></div>",
        None,
    ),
}


@pytest.mark.parametrize("kind", ["column", "site"])
@pytest.mark.parametrize("name", LINKLESS)
def test_a_list_without_links_is_a_list(name: str, kind: str) -> None:
    around, row, url = LINKLESS[name]
    reading = read(frame(around.format(rows(DAYS, row)), side=""), kind)
    assert [item.date for item in reading.items] == DAYS
    assert reading.items[0].url == url
    assert TITLES[0] in reading.items[0].title


NO_LISTS = {
    "a forecast": "<table><tr><td>11-20</td><td>晴转多云</td></tr><tr><td>11-19</td><td>多云</td></tr><tr><td>11-18</td><td>晴</td></tr></table>",
    "a history": "<p>1990年7月，某某县撤县设市，隶属关系不变。</p><p>2001年5月，新的行政中心建成启用。</p><p>2016年3月，某某高速公路建成通车。</p>",
    "a notice": "<p>某某县人民政府办公室关于调整办公地点的公告</p><p>2026-11-02</p><p>联系人：张三</p><p>2026-11-03</p>",
}


@pytest.mark.parametrize("name", NO_LISTS)
def test_dates_without_titles_are_no_list(name: str) -> None:
    reading = read(frame(f"<div class='con'>{NO_LISTS[name]}</div>", side=""))
    assert (reading.items, reading.newest_date) == ((), None)


LEAD = "<div class='lead'><h3><a href='a/1.html'>全县重点项目建设现场推进会召开</a></h3><p>2026-11-18</p><p>11月17日，全县重点项目建设现场推进会召开。</p></div>"
LIST = f"<ul>{rows(DAYS, '<li><a href={href}>{title}</a><span>{date}</span></li>')}</ul>"


def test_the_story_set_above_a_list_is_one_of_it() -> None:
    reading = read(frame(LEAD + LIST, side=""))
    assert [item.date for item in reading.items] == ["2026-11-18", *DAYS]


@pytest.mark.parametrize(
    "before",
    [
        "<div class='hot'><a href='a/1.html'>全县重点项目建设现场推进会召开</a> 2026-11-18</div>",
        "<div><a href='/'>返回首页</a> 今天是2026-11-18</div>",
        "<div><a href='/zt/'>深入学习贯彻二十大精神专题</a> 2026-11-18</div>",
        "<div class='lead'><h3><a href='a/1.html'>全县重点项目建设现场推进会召开</a></h3><p>11月17日，现场推进会召开。</p></div>",
    ],
)
def test_what_else_stands_above_a_list_is_none_of_it(before: str) -> None:
    assert [item.date for item in read(frame(before + LIST, side="")).items] == DAYS


@pytest.mark.parametrize(("between", "count"), [("", 8), ("<h3>热点信息</h3>", 4), ("<div class='x'>专题</div>", 4)])
def test_a_list_in_two_columns_below_the_body(between: str, count: int) -> None:
    second = LIST.replace("content/post_", "content/other_").replace("2026-1", "2025-1")
    page = f"<html><body><div class='l'>{second}</div>{between}<div class='l'>{LIST}</div></body></html>"
    reading = read(page)
    assert len(reading.items) == count
