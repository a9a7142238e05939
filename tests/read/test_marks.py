"""Footer marks, page tags, articles, signs of tampering."""

import pytest

from monitor.model import State
from monitor.read.html import parse
from monitor.read.marks import read_marks, read_meta
from tests.read.samples import FOOTER, TITLES, frame, read, rows


def test_marks_as_printed_without_blanks() -> None:
    marks = read_marks(parse(FOOTER + "<a href='http://bszs.conac.cn/sitename?method=show&id=1'><img src='red.png'></a>"
                             "<script id='_jiucuo_' sitecode='4402000012' src='http://pucha.kaipuyun.cn/exposure/jiucuo.js'></script>"))  # fmt: skip
    assert (marks.site_code, marks.icp, marks.police) == (
        "4402000012",
        "粤ICP备05070829号-1",
        "粤公网安备44020402000012号",
    )
    assert (marks.conac, marks.jiucuo, marks.sitemap) == (True, True, True)
    assert (marks.sponsor, marks.contact) == ("某某市人民政府办公室", "0751-1234567")


def test_what_stands_in_a_comment_is_not_declared() -> None:
    marks = read_marks(parse(f"<!-- {FOOTER} conac.cn jiucuo -->"))
    assert (marks.site_code, marks.icp, marks.police, marks.conac, marks.jiucuo, marks.sitemap) == (
        None,
        None,
        None,
        False,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("text", "icp"),
    [
        ("京ICP备13026484", "京ICP备13026484"),
        ("备案/许可证号码：京ICP备18020997号-6", "京ICP备18020997号-6"),
        ("蜀ICP备：19007388号", "蜀ICP备：19007388号"),
        ("ICP备案编号：京ICP备13026484号", "京ICP备13026484号"),
        ("<a>京ICP备</a> <a>05008494号</a>", "京ICP备05008494号"),
        ("ICP证：桂B2-20040022-5", None),
        ("CICPA 2020", None),
    ],
)
def test_icp_numbers(text: str, icp: str | None) -> None:
    assert read_marks(parse(f"<p>{text}</p>")).icp == icp


def test_standard_tags_under_their_standard_spelling() -> None:
    page = "<meta name='sitename' content=' 某某市政府 '><meta name='ColumnName' content='要闻'><meta name='PubDate' content=''><meta name='x' content='y'>"
    assert read_meta(parse(page)) == {"SiteName": "某某市政府", "ColumnName": "要闻"}


ARTICLE = "<h1>{title}</h1><div class='info'><span>发布时间：2026-11-02 16:20</span><span>来源：市教育局</span><span>浏览：12</span></div>{text}"
PROSE = "".join(
    f"<p>{title}，会议定于2026年11月18日召开，各单位须于2026年12月1日前报送材料，特此通知。</p>" for title in TITLES
)


def test_an_article() -> None:
    reading = read(frame(ARTICLE.format(title=TITLES[0], text=PROSE), title=f"{TITLES[0]}_某某市人民政府"), "page")
    assert reading.state is State.READABLE
    assert reading.article is not None
    assert (reading.article.title, reading.article.published, reading.article.source) == (
        TITLES[0],
        "2026-11-02T16:20+08:00",
        "市教育局",
    )


def test_a_printed_date_beats_the_tag_and_the_tag_stands_in_for_it() -> None:
    tag = "<meta name='PubDate' content='2026-11-09 10:00:00'><meta name='ArticleTitle' content='题目题目'>"
    printed = read(tag + frame(ARTICLE.format(title="题目题目", text=PROSE)), "page").article
    tagged = read(tag + frame(f"<h1>题目题目</h1>{PROSE}", side=""), "page").article
    assert printed is not None
    assert tagged is not None
    assert (printed.published, tagged.published) == ("2026-11-02T16:20+08:00", "2026-11-09T10:00:00+08:00")


def test_without_a_printed_date_there_is_none() -> None:
    article = read(frame(f"<h1>{TITLES[0]}</h1>{PROSE}", title=TITLES[0], side=""), "page").article
    assert article is not None
    assert (article.title, article.published) == (TITLES[0], None)


SPAM = "".join(
    f"<a href='https://www.{name}.com/'>{name}站</a>" for name in ("abcd1", "efgh2", "ijkl3", "mnop4", "qrst5")
)
FRIENDS = "".join(
    f"<a href='http://www.{name}.gov.cn/'>{name}政府</a>" for name in ("sz", "gz", "fs", "dg", "zs", "hz")
)


@pytest.mark.parametrize("block", [f"<div style='display:none'>{SPAM}</div>", f"<div style='position:absolute;left:-9999px'>{SPAM}</div>",
                                   f"<marquee height='1' width='2'>{SPAM}</marquee>", f"<p alt='x><div style=\"display:none;\">{SPAM}</div>"])  # fmt: skip
def test_planted_links_are_suspected(block: str) -> None:
    (suspicion, *_) = read(
        frame(f"<ul>{rows(['2026-11-02'] * 3, '<li><a href={href}>{title}</a>{date}</li>')}</ul>{block}")
    ).tamper
    assert "站" in suspicion.excerpt


@pytest.mark.parametrize("block", [f"<div style='display:none'>{FRIENDS}</div>", f"<div>{SPAM}</div>", f"<!-- <div style='display:none'>{SPAM}</div> -->",
                                   "<ul style='display:none'><li><a href='/a'>甲</a></li><li><a href='http://www.baidu.com'>乙</a></li></ul>"])  # fmt: skip
def test_menus_friends_and_comments_are_not(block: str) -> None:
    assert read(frame(block)).tamper == ()
