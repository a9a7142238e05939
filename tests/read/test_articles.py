"""The lines and tags by which content systems say when an article was published and where it came from."""

import pytest

from monitor.model import State
from tests.read.samples import TITLES, frame, read

T = TITLES[4]
H = f"<h1>{T}</h1>"
PROSE = (
    "<p>各县区教育局，市直各学校：经研究，现就有关时间通知如下，请遵照执行，并做好安全教育工作，确保师生平安。</p>" * 5
)
CASES: dict[str, tuple[str | None, ...]] = {
    "发布时间": (
        H + "<div>发布时间：2026-11-02 16:20:05　来源：市教育局　浏览次数：<span id=c>12</span></div>",
        "2026-11-02T16:20:05+08:00",
        "市教育局",
    ),
    "发布日期": (
        H + "<div>发布日期：2026年11月2日 【字体：大 中 小】 来源：市教育局 作者：张三</div>",
        "2026-11-02",
        "市教育局",
    ),
    "时间:": (H + "<div>时间:2026-11-02&nbsp;&nbsp;信息来源:市教育局</div>", "2026-11-02", "市教育局"),
    "日期：": (H + "<div>日期：2026/11/2 点击：33</div>", "2026-11-02", None),
    "spans": (
        H
        + "<div><span>发布时间：</span><span>2026-11-02 08:30</span><span>来源：</span><span>市教育局</span><span>作者：</span><span>李四</span></div>",
        "2026-11-02T08:30+08:00",
        "市教育局",
    ),
    "em": (
        H + "<div><i>发布时间：</i><em>2026-11-02</em> <i>稿件来源：</i><em>市教育局</em></div>",
        "2026-11-02",
        "市教育局",
    ),
    "bracket": (H + "<div>[ 2026-11-02 ] 来源：[市教育局]</div>", "2026-11-02", "市教育局"),
    "paren": (H + "<div>（2026-11-02 10:11）</div>", "2026-11-02T10:11+08:00", None),
    "han time": (H + "<div>2026年11月02日 10时11分　来源：市教育局</div>", "2026-11-02T10:11+08:00", "市教育局"),
    "下午": (H + "<div>发布时间：2026-11-02 下午4:20</div>", "2026-11-02T16:20+08:00", None),
    "下午 and a source": (H + "<div>2026-11-02 下午 4:20:05 市教育局</div>", "2026-11-02T16:20:05+08:00", "市教育局"),
    "责任编辑": (H + "<div>2026-11-02 来源: 市教育局 责任编辑: 王五 阅读：5</div>", "2026-11-02", "市教育局"),
    "文章来源": (H + "<div>文章来源：市教育局　　发布日期：2026-11-02　　点击数：33</div>", "2026-11-02", "市教育局"),
    "更新": (H + "<div>更新时间：2026-11-02 09:00 来源：市教育局</div>", "2026-11-02T09:00+08:00", "市教育局"),
    "both times": (
        H + "<div>发布时间：2026-11-02 09:00 更新时间：2026-11-09 10:00</div>",
        "2026-11-02T09:00+08:00",
        None,
    ),
    "update first": (
        H + "<div>更新时间：2026-11-09 10:00 发布时间：2026-11-02 09:00</div>",
        "2026-11-02T09:00+08:00",
        None,
    ),
    "phpcms": (
        f"<h1>{T}<br><span>2026-11-02 10:10:35&nbsp;&nbsp;&nbsp;来源：市教育局&nbsp;&nbsp;&nbsp;评论：<a href='#c'>0</a> 点击：<span id='hits'></span></span></h1>",
        "2026-11-02T10:10:35+08:00",
        "市教育局",
    ),
    "history of a law": (
        H
        + "<p>（1994年7月19日国务院令第158号发布 根据2020年3月27日《国务院关于修改和废止部分行政法规的决定》第二次修订）</p>",
        None,
        None,
    ),
    "gk table, bold labels": (
        "<table><tr><td><b>发文机关：</b></td><td>市教育局</td><td><b>成文日期：</b></td><td>2026年10月28日</td></tr><tr><td><b>标　　题：</b></td><td>"
        + T
        + "</td><td><b>发布日期：</b></td><td>2026年11月02日</td></tr></table>"
        + H,
        "2026-11-02",
        "市教育局",
    ),
    "discuz": (
        H
        + "<p>2026-11-2 10:11<span>|</span> 发布者: admin<span>|</span> 查看: <em>120</em><span>|</span> 来自: 综合科</p>",
        "2026-11-02T10:11+08:00",
        "综合科",
    ),
    "a day alone": (H + "<div><time>2026年11月2日</time></div>", "2026-11-02", None),
    "pieces": (
        H
        + "<div><span><em>2026</em></span><span><em>11</em>/<em>02</em></span><span>16:20:05</span></div><div>来源：市教育局</div>",
        "2026-11-02T16:20:05+08:00",
        "市教育局",
    ),
    "spaced labels": (
        H + "<div>发 布 时 间：2026-11-02　　浏 览 次 数：12</div>",
        "2026-11-02",
        None,
    ),
    "记者": (
        H + "<div>2026-11-02 06:50　来源：某某日报·某某客户端　记者：王明</div>",
        "2026-11-02T06:50+08:00",
        "某某日报·某某客户端",
    ),
    "run together": (H + "<div>2026年11月2日来源：市教育局作者：张三</div>", "2026-11-02", "市教育局"),
    "day of the week": (H + "<div>2026年11月2日 星期一 来源：市教育局</div>", "2026-11-02", "市教育局"),
    "gk table": (
        "<table><tr><td>索 引 号：</td><td>006/2026-00012</td><td>主题分类：</td><td>教育</td></tr><tr><td>发文机关：</td><td>市教育局</td><td>成文日期：</td><td>2026年10月28日</td></tr><tr><td>名　　称：</td><td colspan=3>"
        + T
        + "</td></tr><tr><td>文　　号：</td><td>教〔2026〕12号</td><td>发布日期：</td><td>2026年11月02日</td></tr></table>"
        + H,
        "2026-11-02",
        "市教育局",
    ),
    "gk table no colon": (
        "<table><tr><th>索引号</th><td>006-2026-00012</td><th>发布机构</th><td>市教育局</td></tr><tr><th>生成日期</th><td>2026-10-28</td><th>公开日期</th><td>2026-11-02</td></tr></table>"
        + H,
        "2026-11-02",
        "市教育局",
    ),
    "gk li": (
        "<ul><li><b>索引号：</b>K1-2026-1</li><li><b>发布机构：</b>市教育局</li><li><b>成文日期：</b>2026-10-28</li><li><b>发布日期：</b>2026-11-02</li></ul>"
        + H,
        "2026-11-02",
        "市教育局",
    ),
    "only 成文": (
        "<table><tr><td>发文机关</td><td>市教育局</td><td>成文日期</td><td>2026年10月28日</td></tr></table>" + H,
        None,
        "市教育局",
    ),
    "meta PubDate": (
        H,
        "2026-11-02T08:30+08:00",
        "市教育局",
        "<meta name='PubDate' content='2026-11-02 08:30'><meta name='ContentSource' content='市教育局'>",
    ),
    "meta lower": (
        H,
        "2026-11-02",
        "市教育局",
        "<meta name='pubdate' content='2026-11-02'><meta name='contentsource' content='市教育局'>",
    ),
    "og": (
        H,
        "2026-11-02T08:30:00+08:00",
        None,
        "<meta property='article:published_time' content='2026-11-02T08:30:00+08:00'>",
    ),
    "og utc": (
        H,
        "2026-11-03T00:30:00+08:00",
        None,
        "<meta property='article:published_time' content='2026-11-02T16:30:00Z'>",
    ),
    "og release": (H, "2026-11-02", None, "<meta property='og:release_date' content='2026-11-02'>"),
    "jsonld": (
        H,
        "2026-11-02T08:30:00+08:00",
        None,
        '<script type=\'application/ld+json\'>{"@context":"https://schema.org","@type":"NewsArticle","headline":"x","datePublished":"2026-11-02T08:30:00","dateModified":"2026-11-09"}</script>',
    ),
    "jsonld baidu": (
        H,
        "2026-11-02T08:30:00+08:00",
        None,
        '<script type=\'application/ld+json\'>{"@id":"x","title":"x","pubDate":"2026-11-02T08:30:00","upDate":"2026-11-09T08:00:00"}</script>',
    ),
    "itemprop": (
        H + "<time itemprop='datePublished' datetime='2026-11-02T08:30:00+08:00'>11月2日</time>",
        "2026-11-02T08:30:00+08:00",
        None,
    ),
    "printed beats": (
        H + "<div>发布时间：2026-11-01</div>",
        "2026-11-01",
        None,
        "<meta name='PubDate' content='2026-11-02 08:30'>",
    ),
    "future printed": (H + "<div>发布时间：2026-12-01</div>", None, None),
    "bare below": (H + "<div class='date'>2026-11-02</div>", "2026-11-02", None),
    "slash": (H + "<div>发布于 2026/11/02 15:00 | 作者：办公室 | 来源：本站</div>", "2026-11-02T15:00+08:00", None),
    "numerals": (H + "<div>发布时间：二〇二六年十一月二日</div>", "2026-11-02", None),
    "录入": (H + "<div>录入时间：2026-11-02 录入者：admin</div>", "2026-11-02", None),
    "发稿": (H + "<div>发稿时间：2026-11-02 16:00:00 来源： 市教育局 </div>", "2026-11-02T16:00:00+08:00", "市教育局"),
    "wide": (H + "<div>发布时间：２０２６-１１-０２</div>", "2026-11-02", None),
    "来源 link": (
        H + "<div>2026-11-02 10:00 来源：<a href='http://x.cn/'>市教育局</a></div>",
        "2026-11-02T10:00+08:00",
        "市教育局",
    ),
    "信息提供": (H + "<div>发布日期：2026-11-02 信息提供：市教育局</div>", "2026-11-02", "市教育局"),
    "发布单位": (H + "<div>发布日期：2026-11-02 发布单位：市教育局</div>", "2026-11-02", "市教育局"),
    "供稿单位": (H + "<div>发布日期：2026-11-02 供稿单位：市教育局</div>", "2026-11-02", "市教育局"),
    "input": (H + "<div>【发布时间：2026-11-02】【来源：市教育局】【打印】</div>", "2026-11-02", "市教育局"),
    "deadline": (H + "<div>报名截止时间：2026-11-10</div><div>发布时间：2026-11-02</div>", "2026-11-02", None),
    "visit": (
        H + "<div>来源：市教育局 访问量：2026 发布时间：2026-11-02 09:30</div>",
        "2026-11-02T09:30+08:00",
        "市教育局",
    ),
    "split ymd": (H + "<div><b>02</b><span>2026-11</span></div>", "2026-11-02", None),
    "source after": (H + "<div>2026-11-02 10:00:00　市教育局</div>", "2026-11-02T10:00:00+08:00", "市教育局"),
    "english": (H + "<div>Published: November 2, 2026</div>", "2026-11-02", None),
    "updated en": (H + "<div>Updated: 2026-11-02 09:00 Source: Xinhua</div>", "2026-11-02T09:00+08:00", "Xinhua"),
}


@pytest.mark.parametrize("name", CASES)
def test_when_it_was_published_and_where_it_came_from(name: str) -> None:
    body, published, source, *head = CASES[name]
    page = frame(f"{body}{PROSE}", title=f"{T}_某某市人民政府", side="").replace(
        "</head>", f"{''.join(map(str, head))}</head>"
    )
    reading = read(page, "page", url="http://www.shi.gov.cn/zwgk/t1.html")
    assert reading.state is State.READABLE
    assert reading.article is not None
    assert (reading.article.title, reading.article.published, reading.article.source) == (T, published, source)


@pytest.mark.parametrize("day", ["2026年11月2日", "二〇二六年十一月二日"])
def test_the_day_of_a_signature_is_none_of_publishing(day: str) -> None:
    page = frame(f"{H}{PROSE}<p>某某协会</p><p>{day}</p>", title=T, side="")
    reading = read(page, "page")
    assert reading.article is None or reading.article.published is None


@pytest.mark.parametrize(
    "tag",
    [
        "<meta name='PubDate' content='2026-12-24 08:00'>",
        "<meta property='article:published_time' content='2026-11-20T23:30:00-05:00'>",
        "<meta name='PubDate' content='soon'>",
        '<script type=\'application/ld+json\'>{"datePublished": "2027-01-01"}</script>',
        '<script type=\'application/ld+json\'>{"dateModified": "2026-11-01"}</script>',
        '<script>var x = {"datePublished": "2026-11-01"}</script>',
    ],
)
def test_no_tag_tells_of_a_day_to_come_or_of_something_else(tag: str) -> None:
    reading = read(frame(f"{H}{PROSE}", title=T, side="").replace("</head>", f"{tag}</head>"), "page")
    assert reading.article is None or reading.article.published is None
