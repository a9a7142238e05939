"""The line below a title in orders, separators and labels that were once misread: when, by whom, under which title."""

import pytest

from tests.read.samples import TITLES, frame, read
from tests.read.test_articles import PROSE

T = TITLES[4]
H = f"<h1>{T}</h1>"
DAY = "2026-11-02"

SOURCES: dict[str, tuple[str, str | None]] = {
    "blocks": (
        "<div><div>信息来源：</div><div>市水利局</div><div>发布日期：</div><div>2026-11-02</div></div>",
        "市水利局",
    ),
    "an own name ends in 发布": ("<p>来源：某某发布　　日期：2026-11-02</p>", "某某发布"),
    "the next label": ("<p>文章来源：市植保站&nbsp;&nbsp;添加时间：2026-11-02&nbsp;&nbsp;录入：admin</p>", "市植保站"),
    "comma": ("<p>发布时间：2026-11-02，来源：市红十字会，作者：何静</p>", "市红十字会"),
    "slashes": ("<p>来源：某某日报 / 2026-11-02 / 记者 李倩</p>", "某某日报"),
    "points": ("<p>2026-11-02 · 来源：市城管局 · 阅读 532</p>", "市城管局"),
    "稿源": ("<div>稿源：某某晚报　　供稿：市科技局　　2026-11-02</div>", "某某晚报"),
    "供稿 first": ("<div>供稿：市科技局　来源：某某晚报　　2026-11-02</div>", "某某晚报"),
    "供稿 alone": ("<div>供稿：市科技局　　2026-11-02</div>", "市科技局"),
    "来源单位": ("<div>[来源单位：市教育局基教科]　[发布日期：2026-11-02]</div>", "市教育局基教科"),
    "转自": ("<p>发表日期：2026年11月2日　　转自：某某网公众号</p>", "某某网公众号"),
    "a colon of its own": (
        "<p><em>发布时间</em><em>：</em><em>2026-11-02</em></p><p><em>来源</em><em>：</em><em>野保站</em></p>",
        "野保站",
    ),
    "a colon behind the label": ("<p>2026-11-02 <b>来源</b>：市教育局</p>", "市教育局"),
    "a cell": (
        "<table><tr><td>来源</td><td>市教育局</td><td>发布日期</td><td>2026-11-02</td></tr></table>",
        "市教育局",
    ),
    "From": ("<p>November 2, 2026&nbsp;&nbsp;From: Foreign Affairs Office</p>", "Foreign Affairs Office"),
    "Uyghur": ("<div>2026-11-02 مەنبە: شىنجاڭ گېزىتى</div>", "شىنجاڭ گېزىتى"),
    "written by scripts": (
        "<p>发布时间：<script>document.write('2026-11-02')</script> 来源：<script>document.write(\"市气象台\");</script></p>",
        "市气象台",
    ),
    "a label in brackets": ("<p>[发布时间]2026-11-02&emsp;[来源]县文旅局</p>", "县文旅局"),
    "a bracketed label of its own": (
        "<p><span>【发布单位】</span>市人社局</p><p><span>【发布日期】</span>2026-11-02</p>",
        "市人社局",
    ),
    "a bar for a colon": ("<p>2026-11-02</p><p>来源 | 市招生考试院</p><p>编辑 | 小何</p>", "市招生考试院"),
    "发文单位": ("<p>发文单位：市审计局</p><p>发文时间：2026-10-28</p><p>公开时间：2026-11-02</p>", "市审计局"),
    "bold labels": (
        "<div><strong>来源</strong>：食品科　<strong>发布日期</strong>：2026-11-02</div>",
        "食品科",
    ),
    "Tibetan": ("<div>ཡོང་ཁུངས།: བོད་ལྗོངས་ཉིན་རེའི་ཚགས་པར། 2026-11-02</div>", "བོད་ལྗོངས་ཉིན་རེའི་ཚགས་པར།"),
    "a block in the block of its label": (
        "<div><div>2026-11-02</div><div>来源：<div>市工信局</div></div></div>",
        "市工信局",
    ),
    "Korean": ("<div>2026-11-02 | 출처: 연변일보</div>", "연변일보"),
    "traditional": ("<div>發佈時間：2026-11-02　來源：市文化和旅遊局　閱讀：12</div>", "市文化和旅遊局"),
    "a name in part in brackets": ("<p>来源：市妇联（办公室）　时间：2026-11-02</p>", "市妇联（办公室）"),
    "English labels": ("<p>2026-11-02 &nbsp; Source: City Customs &nbsp; Author: &nbsp; Views: 32</p>", "City Customs"),
    "money": ("<p>2026-11-02</p><p>资金来源：财政资金</p><p>图片来源：某某图库</p>", None),
    "a placeholder": ("<p>2026-11-02 来源：{source}</p>", None),
    "the day of the week": ("<p>2026年11月2日　星期一　　本站记者 文华</p>", None),
}

TIMES = {
    "minutes of one digit": ("<p>2026年11月2日 9时8分　来源：市教育局</p>", "2026-11-02T09:08+08:00"),
    "afternoon": ("<p>发布时间：2026年11月2日 下午3:20</p>", "2026-11-02T15:20+08:00"),
    "morning": ("<p>发布时间：2026年11月2日 上午9:20:05</p>", "2026-11-02T09:20:05+08:00"),
    "noon": ("<p>发布时间：2026年11月2日 中午12:20</p>", "2026-11-02T12:20+08:00"),
    "past noon": ("<p>发布时间：2026年11月2日 中午1:10</p>", "2026-11-02T13:10+08:00"),
    "past midnight": ("<p>发布时间：2026年11月2日 凌晨12:20</p>", "2026-11-02T00:20+08:00"),
    "evening": ("<p>发布时间：2026年11月2日 晚上8:30</p>", "2026-11-02T20:30+08:00"),
    "am": ("<p>Updated: 2026-11-02 12:05 AM</p>", "2026-11-02T00:05+08:00"),
    "p.m.": ("<p>Updated: 2026-11-02 4:20:07 p.m.</p>", "2026-11-02T16:20:07+08:00"),
    "pm": ("<p>Updated: 2026-11-02 3:20 PM</p>", "2026-11-02T15:20+08:00"),
    "a reporter before it": ("<p>某某日报记者 马骏　2026年11月02日07:12　来源：某某日报</p>", "2026-11-02T07:12+08:00"),
    "the day, then the day with its time": (
        "<table><tr><td>发布日期:</td><td>2026-11-02</td></tr></table><p>发布日期：2026-11-02 16:20</p>",
        "2026-11-02T16:20+08:00",
    ),
    "what is labelled below the text": (
        f"<p>时间：2026-11-02</p>{PROSE}<div><a href='/a/1.html'>公积金贷款新政出台</a><p>发布时间：2026-11-09</p></div>",
        DAY,
    ),
    "a signature of its day below a source": (
        f"<p>2026-11-02 来源：市教育局</p>{PROSE}<p>发布时间：2026-11-09</p>",
        DAY,
    ),
    "the time first": ("<p>(Xinhua) 09:31, November 02, 2026</p>", "2026-11-02T09:31+08:00"),
    "an address before it": ("<p>http://www.shi.gov.cn　2026-11-2 8:30:00　某县报</p>", "2026-11-02T08:30:00+08:00"),
    "sent and answered": ("<p><span>提交时间：2026-11-01</span><span>回复时间：2026-11-02</span></p>", DAY),
    "last update": ("<p>最后更新：2026-11-02</p><table><tr><td>某某公司</td><td>2012-01-01</td></tr></table>", DAY),
    "the time of an event": ("<p>时间：2026年11月1日 10:00</p><p>地点：发布厅</p><p>发布时间：2026-11-02</p>", DAY),
    "the time of a talk": ("<ul><li>访谈时间：2026-11-01 15:00</li></ul><p>发布时间：2026-11-02</p>", DAY),
    "发文 and 发布": ("<dl><dt>发文日期</dt><dd>2026-10-28</dd><dt>发布日期</dt><dd>2026-11-02</dd></dl>", DAY),
    "decided and shown": (
        "<table><tr><td>处罚决定日期</td><td>2026-10-28</td></tr><tr><td>公示日期</td><td>2026-11-01</td></tr></table><p>发布时间：2026-11-02</p>",
        DAY,
    ),
    "a number before it": ("<p>某政办发〔2026〕31号 &nbsp; 2026-11-02 &nbsp; 来源：市教育局</p>", DAY),
    "a letter is as new as its answer": (
        "<table><tr><th>来信时间</th><td>2026-11-01 20:11</td></tr><tr><th>答复时间</th><td>2026-11-02</td></tr></table>",
        DAY,
    ),
}

HEADS = {
    "a subtitle is longer": f"<h1>{T}</h1><h2>——某某市深入推进“一件事一次办”改革惠企便民工作纪实</h2>",
    "two headings of one title": f"<h3>{T[:4]}</h3><h2>{T[4:]}</h2>",
    "broken into lines": f"<p><font size=4><b>{T[:8]}<br>{T[8:]}</b></font></p>",
    "a line above is longer": f"<h2>市第十四届人民代表大会第三次会议在市会议中心隆重开幕并听取报告</h2><h1>{T}</h1>",
}


@pytest.mark.parametrize("name", SOURCES)
def test_who_is_named_as_the_source(name: str) -> None:
    line, source = SOURCES[name]
    article = read(frame(f"{H}{line}{PROSE}", title=T, side=""), "page").article
    assert article is not None
    assert (article.title, article.published, article.source) == (T, DAY, source)


@pytest.mark.parametrize("name", TIMES)
def test_which_time_is_that_of_publishing(name: str) -> None:
    line, published = TIMES[name]
    article = read(frame(f"{H}{line}{PROSE}", title=T, side=""), "page").article
    assert article is not None
    assert article.published == published


@pytest.mark.parametrize(
    "box",
    [
        "<div class='day'><strong>02</strong><span>2026/11</span></div>",
        "<div><span><em>2026</em></span><span><em>11</em>/<em>02</em></span></div>",
    ],
)
def test_a_day_in_pieces_may_stand_above_the_title(box: str) -> None:
    article = read(frame(f"{box}{H}<p>来源：市博物馆</p>{PROSE}", title=T, side=""), "page").article
    assert article is not None
    assert article.published == DAY


@pytest.mark.parametrize("name", HEADS)
def test_the_title_is_neither_the_line_above_nor_below(name: str) -> None:
    page = frame(f"{HEADS[name]}<p>2026-11-02 来源：市教育局</p>{PROSE}", title=f"{T}_某某市人民政府", side="")
    article = read(page, "page").article
    assert article is not None
    assert (article.title or "").replace(" ", "") == T


def test_a_window_title_that_is_cut_is_completed_by_the_page() -> None:
    page = frame(f"<div class='t'>{T}</div>{PROSE}", title=f"{T[:12]}...", side="")
    article = read(page, "page").article
    assert article is not None
    assert article.title == T


def test_labels_are_no_title() -> None:
    line = "<p>作者：佚名　来源：某县　点击数：<script src=c.asp></script>　更新时间：2026-11-02</p>"
    article = read(frame(f"<p><b>禁止野外用火的通告</b></p>{line}{PROSE}", title="某县林业局", side=""), "page").article
    assert article is not None
    assert (article.title, article.published) == ("禁止野外用火的通告", DAY)


def test_the_one_heading_of_running_text_is_its_title() -> None:
    page = frame(f"<h1>某某市地名管理办法（试行）</h1>{PROSE}", title="某某市人民政府公报", side="")
    article = read(page, "page").article
    assert article is not None
    assert (article.title, article.published) == ("某某市地名管理办法（试行）", None)
