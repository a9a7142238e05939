"""Which links may lead to a column, and what a column is called and is: menus, headings, groups; what is never one."""

import pytest
from hypothesis import given, strategies as st

from monitor.model import ColumnKind, place_of
from monitor.read.charset import decode
from monitor.read.columns import Place, column_kind, find_leads, is_same_site, own_name, shape_of, title_parts
from monitor.read.gathered import Gathered
from monitor.read.html import parse
from monitor.read.links import Addresses
from monitor.read.menus import for_everybody
from tests.read.samples import TODAY, read

HOME = "http://www.shi.gov.cn/"


def gathered(html: str) -> Gathered:
    return Gathered(parse(decode(html.encode()).text), TODAY, Addresses(HOME, "utf-8"))


def leads(html: str) -> dict[str, tuple[str, Place]]:
    found = find_leads(gathered(html), home="www.shi.gov.cn")
    return {lead.url.removeprefix(HOME): (lead.name, lead.place) for lead in found}


MENUS = {
    "named": "<div class='main_nav'><a href='/gzdt/'>工作动态</a></div>",
    "by tag": "<nav><a href='/gzdt/'>工作动态</a></nav>",
    "with a link home": "<table><tr><td><a href='/'>首 页</a></td><td><a href='/gzdt/'>工作动态</a></td>"
    "<td><a href='/tz/'>通知公告</a></td><td><a href='/zc/'>政策文件</a></td></tr></table>",
    "letters far apart": "<div id='menu'><a href='/gzdt/'>工 作 动 态</a></div>",
    "a picture": "<div class='nav'><a href='/gzdt/'><img src='a.png' alt='工作动态'></a></div>",
}


@pytest.mark.parametrize("html", MENUS.values(), ids=MENUS)
def test_a_menu_is_known(html: str) -> None:
    assert leads(html)["gzdt/"] == ("工作动态", Place.MENU)


@pytest.mark.parametrize(("url", "same"), [
    ("http://a.cn/list.jsp?id=3&PHPSESSID=0f0f", "http://a.cn/list.jsp?id=3"),
    ("http://a.cn/list.jsp?t=1700000000000&id=3", "http://a.cn/list.jsp?id=3"),
    ("http://a.cn/list.jsp?id=3&_=0.8812", "http://a.cn/list.jsp?id=3"),
    ("http://a.cn/gzdt/?ASPSESSIONIDQQ=ABC", "http://a.cn/gzdt/"),
])  # fmt: skip
def test_what_is_of_one_visitor_or_moment_makes_no_other_page(url: str, same: str) -> None:
    assert for_everybody(url) == same


@pytest.mark.parametrize(
    "query", ["t=3", "v=2", "id=1700000000000", "sid=12", "r=20240101", "columnId=0f8fad5bd9cb469fa165"]
)
def test_what_may_name_a_column_stays_in_its_address(query: str) -> None:
    assert for_everybody(f"http://a.cn/list.jsp?{query}") == f"http://a.cn/list.jsp?{query}"


def test_a_heading_that_is_a_link_and_the_way_to_more() -> None:
    html = "<h3><a href='/gzdt/'>工作动态</a></h3><h3>公告<a href='/tzgg/'>更多&gt;&gt;</a></h3><p><a href='/zc/'>MORE+</a></p>"
    assert leads(html) == {
        "gzdt/": ("工作动态", Place.HEADING),
        "tzgg/": ("", Place.HEADING),
        "zc/": ("", Place.HEADING),
    }


def test_short_links_beside_one_another_are_a_group_dated_ones_are_not() -> None:
    row = "<li><a href='/{n}/'>栏目之{n}</a>{day}</li>"
    plain = "<ul>" + "".join(row.format(n=n, day="") for n in "甲乙丙丁") + "</ul>"
    dated = "<ul>" + "".join(row.format(n=n, day="<i>11-02</i>") for n in "甲乙丙丁") + "</ul>"
    assert {place for _, place in leads(plain).values()} == {Place.GROUP}
    assert {place for _, place in leads(dated).values()} == {Place.OTHER}


NEVER = [
    "<a href='/'>首页</a>", "<a href='/index.html'>网站首页</a>", "<a href='/login.do'>用户登录</a>", "<a href='/search/?q='>检索</a>",
    "<a href='list.html?page=2'>下一页</a>", "<a href='index_3.html'>第三页</a>", "<a href='a.pdf'>年度报告</a>", "<a href='javascript:;'>工作动态</a>",
    "<a href='/art/2026/11/2/art_1_2.html'>某某活动</a>", "<a href='/x/'>关于做好二〇二六年度某某项目申报工作的通知</a>", "<a href='/en/'>English</a>",
    "<a href='http://www.gov.cn/'>国务院部门</a>", "<a href='http://jyj.shi.gov.cn/'>教育部门</a>", "<a href='/x/' style='display:none'>隐藏栏目</a>",
    "<a href='tel:0000-12345'>领导信箱</a>", "<a href='/wza/'>无障碍浏览</a>", "<a href='/x/'>3</a>",
]  # fmt: skip


@pytest.mark.parametrize("link", NEVER)
def test_what_is_never_a_column(link: str) -> None:
    assert leads(f"<div class='nav'>{link}</div>") == {}


@pytest.mark.parametrize(
    ("url", "by_menu", "same"),
    [
        ("https://www.shi.gov.cn/a/", False, True),
        ("http://shi.gov.cn/a/", False, True),
        ("http://xxgk.shi.gov.cn/a/", True, True),
        ("http://xxgk.shi.gov.cn/a/", False, False),
        ("http://jyj.shi.gov.cn/", True, False),
        ("http://jyj.shi.gov.cn/index.html", True, False),
        ("http://www.other.gov.cn/a/", True, False),
        ("http://notshi.gov.cn/a/", True, False),
    ],
)
def test_what_belongs_to_a_site(url: str, by_menu: bool, same: bool) -> None:
    assert is_same_site(url, "www.shi.gov.cn", by_menu=by_menu) is same


def test_one_page_has_one_key() -> None:
    same = [
        "http://www.shi.gov.cn/a/",
        "https://shi.gov.cn/a/index.html",
        "http://shi.gov.cn:80/A",
        "http://www.shi.gov.cn/a/default.aspx",
        "http://www.shi.gov.cn/%61#top",
    ]
    assert len({place_of(url) for url in same}) == 1
    assert place_of(HOME + "list.asp?id=1") != place_of(HOME + "list.asp?id=2")
    assert place_of(HOME + "list.asp?id=1&p=2") == place_of("https://SHI.gov.cn/list.asp?p=2&id=1")
    assert place_of("http://10.0.0.9:8080/a") != place_of("http://10.0.0.9/a")
    assert [place_of(url) for url in ("", "#", "/a/", "http://[bad", "javascript:;")] == [""] * 5
    assert place_of("http://市.example/") == place_of("http://xn--7st.example")
    assert shape_of(HOME + "info/12/345.htm") == shape_of(HOME + "info/1/2.htm")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("要闻动态", ColumnKind.DYNAMIC),
        ("通知公告", ColumnKind.NOTICE),
        ("公示", ColumnKind.NOTICE),
        ("政策文件", ColumnKind.POLICY),
        ("政策解读", ColumnKind.POLICY),
        ("法规公告", ColumnKind.NOTICE),
        ("政策动态", ColumnKind.DYNAMIC),
        ("通知文件", ColumnKind.POLICY),
        ("新闻", ColumnKind.DYNAMIC),
        ("财政预决算", ColumnKind.OTHER),
        ("", ColumnKind.OTHER),
    ],
)
def test_kinds(name: str, kind: ColumnKind) -> None:
    assert column_kind(name) is kind


@pytest.mark.parametrize(
    "html",
    [
        "<meta name='ColumnName' content='工作动态'><title>某某市水务局</title>",
        "<title>某某市水务局</title><div>当前位置：<a href='/'>首页</a> &gt; <a href='/x/'>新闻</a> &gt; <span>工作动态</span></div>",
        "<title>工作动态-某某市水务局</title>",
        "<title>某某市水务局_工作动态</title>",
        "<title>某某市水务局 工作动态</title>",
        "<title>工作动态----某某市水务局门户网站</title>",
    ],
)
def test_what_a_column_calls_itself(html: str) -> None:
    assert own_name(gathered(html), read(html), "某某市水务局") == "工作动态"


@given(st.text(max_size=80), st.text(max_size=12))
def test_any_title_and_any_name_are_borne(title: str, site: str) -> None:
    assert all(title_parts(title, site))
    assert column_kind(title) in ColumnKind
