"""Headlines that speak of closings, walls, errors and sales are headlines; pages that say it themselves are closed.

Any headline of the word lists, as one or several items of short lists in several shapes of content systems, never makes
a state; a page that says it in a heading or a paragraph does, also when it keeps the menu and the footer of its site.
"""

from typing import NamedTuple

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import State
from tests.read.samples import TITLES, read

ALARMING = (
    "关于网站系统升级维护的公告",
    "关于政务服务平台暂停服务的通知",
    "关于门户网站改版升级期间停止更新的通告",
    "某某镇人民政府网站关停公告",
    "关于自来水管网检修期间暂停对外营业的通知",
    "关于开展网络安全防护检查的通知",
    "关于防火墙采购项目的公告",
    "关于公布失信联合惩戒黑名单的公示",
    "关于请求过于频繁导致访问异常的说明",
    "关于谨防不法分子出售政府域名的提示",
    "关于部分域名已过期的提醒",
    "关于栏目不存在问题的情况通报",
    "关于服务器错误导致数据异常的说明",
    "link number 404",
    "HTTP 500 runtime error report",
    "Site under maintenance",
    "Access denied: lessons from a captcha",
    "500强企业落户我市高新区",
)
MENU = ("首页", "政务公开", "办事服务", "互动交流", "走进我市", "专题专栏", "机构职能", "政策法规", "信息公开目录",
        "政府信息公开指南", "数据开放", "营商环境")  # fmt: skip
FOOT = (
    "<div class='footer'><p>主办单位：某某市人民政府办公室　网站维护：某某市大数据中心</p><p>网站标识码：4402000012　粤ICP备05070829号-1</p>"
    "<a href='/wzdt/'>网站地图</a> <a href='http://www.gov.cn/'>中国政府网</a>"
    "<a href='http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=44020402000012'>粤公网安备 44020402000012号</a></div>"
)
CRUMB = "<div class='position'>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; {name}</div>"


class Shape(NamedTuple):
    """How a content system writes a list: what stands around and how one item looks."""

    opening: str
    row: str
    closing: str


SHAPES = {
    "li span": Shape("<ul class='list'>", "<li><a href='{href}'>{title}</a><span>{day}</span></li>", "</ul>"),
    "date first": Shape("<ul>", "<li><em>[{day}]</em><a href='{href}' target='_blank'>{title}</a></li>", "</ul>"),
    "title cut": Shape("<ul>", "<li><a href='{href}' title='{title}'>{title}…</a><i>{day}</i></li>", "</ul>"),
    "table": Shape("<table>", "<tr><td><a href='{href}'>{title}</a></td><td>{day}</td></tr>", "</table>"),
    "blocks": Shape("<div>", "<div class='i'><h3><a href='{href}'>{title}</a></h3><p>{day}</p></div>", "</div>"),
    "in the link": Shape("<div>", "<a href='{href}'><p>{title}</p><p>{day}</p></a>", "</div>"),
    "by script": Shape("<ul>", "<li><a href='javascript:go(1)' onclick='go(1)'>{title}</a><b>{day}</b></li>", "</ul>"),
    "flat": Shape("<div>", "<a href='{href}'>{title}</a> {day}<br>", "</div>"),
    "summary": Shape(
        "<ul>", "<li><a href='{href}'>{title}</a><span>{day}</span><p>{title}，现将有关事项说明。</p></li>", "</ul>"
    ),
    "definition": Shape("<dl>", "<dt><a href='{href}'>{title}</a></dt><dd>{day}</dd>", "</dl>"),
}


def menu(count: int, name: str = "nav") -> str:
    links = "".join(f"<li><a href='/c{at}/'>{text}</a></li>" for at, text in enumerate(MENU[:count]))
    return f"<div class='{name}'><ul>{links}</ul></div>"


def column(shape: Shape, titles: list[str], *, name: str = "通知公告", crumb: bool = True, links: int = 5) -> str:
    rows = "".join(
        shape.row.format(title=title, href=f"content/post_{9000 - at}.html", day=f"2026-11-{18 - at:02}")
        for at, title in enumerate(titles)
    )
    place = CRUMB.format(name=name) if crumb else ""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{name}_某某市人民政府</title></head><body>{menu(links)}"
        f"{place}<div class='main'>{shape.opening}{rows}{shape.closing}</div>{FOOT}</body></html>"
    )


KIND = st.sampled_from(["column", "site"])


@settings(max_examples=400)
@given(
    shape=st.sampled_from(sorted(SHAPES)),
    alarming=st.lists(st.sampled_from(ALARMING), min_size=1, max_size=6, unique=True),
    plain=st.integers(1, 6),
    place=st.integers(0, 11),
    around=st.tuples(st.booleans(), st.integers(0, 12)),
    kind=KIND,
)
def test_no_headline_of_a_dated_list_makes_a_state(  # noqa: PLR0917
    shape: str, alarming: list[str], plain: int, place: int, around: tuple[bool, int], kind: str
) -> None:
    titles = list(TITLES[:plain])
    at = place % (plain + 1)
    page = column(SHAPES[shape], titles[:at] + alarming + titles[at:], crumb=around[0], links=around[1])
    reading = read(page, kind)
    assert (reading.state, reading.newest_date) == (State.LISTED, "2026-11-18")


@settings(max_examples=200)
@given(
    shape=st.sampled_from(sorted(set(SHAPES) - {"summary"})),
    alarming=st.sampled_from(ALARMING),
    kind=st.sampled_from(["column", "site"]),
    links=st.integers(0, 12),
)
def test_nor_does_the_only_item_of_a_list(shape: str, alarming: str, kind: str, links: int) -> None:
    state = read(column(SHAPES[shape], [alarming], links=links), kind).state
    assert state in {State.LISTED, State.READABLE, State.BLANK}


@settings(max_examples=150)
@given(titles=st.lists(st.sampled_from(ALARMING), min_size=1, max_size=8, unique=True), kind=st.sampled_from(["column", "site"]))  # fmt: skip
def test_nor_do_headlines_without_dates(titles: list[str], kind: str) -> None:
    undated = Shape("<ul>", "<li><a href='{href}'>{title}</a></li>", "</ul>")
    assert read(column(undated, titles), kind).state in {State.LISTED, State.READABLE}


@pytest.mark.parametrize("name", ["网站升级维护公告", "网络安全防护", "域名出售举报", "系统错误说明", "失信黑名单"])
@pytest.mark.parametrize("main", ["<ul class='list'></ul><p>暂无内容</p>", "<h2>{name}</h2><p>暂无内容</p>"])
def test_an_empty_column_is_not_what_it_is_called(name: str, main: str) -> None:
    shape = Shape(main.format(name=name), "", "")
    assert read(column(shape, [], name=name)).state is State.BLANK


@pytest.mark.parametrize("kind", ["column", "site"])
def test_words_beside_a_list_are_words_beside_a_list(kind: str) -> None:
    shape = SHAPES["li span"]
    page = column(
        shape._replace(opening=f"<p>本站系统升级维护公告、安全防护提示在此发布。</p>{shape.opening}"), list(TITLES[:2])
    )
    assert read(page, kind).state is State.LISTED


def test_a_mark_of_a_gatekeeper_on_a_page_that_came_is_no_wall() -> None:
    page = column(SHAPES["li span"], list(TITLES[:2]), links=2).replace(
        "</head>", "<script>$_ts=window['$_ts']</script></head>"
    )
    assert read(page).state is State.LISTED


CREDITS = (
    "网站维护：某某市大数据中心",
    "系统维护单位：某某科技有限公司",
    "本网站由市政务服务中心负责运行维护",
    "本站由某某信息中心建设和维护",
    "为了更好地浏览本网站，请升级您的浏览器",
    "浏览本网站请关闭兼容模式",
)


@pytest.mark.parametrize("line", CREDITS)
@pytest.mark.parametrize("kind", ["column", "site"])
def test_who_looks_after_a_site_is_no_closing(line: str, kind: str) -> None:
    page = f"<html><title>某某镇</title><body>{menu(4)}<p>暂无内容</p><p>{line}</p></body></html>"
    assert read(page, kind).state in {State.BLANK, State.READABLE}


SAID = (
    "网站正在升级维护，暂停访问，敬请谅解。",
    "系统维护中",
    "因机房检修，本网站自2026年11月18日起暂停服务，给您带来不便敬请谅解。",
    "根据上级要求，本网站已于2026年11月1日关停。",
    "本站正在改版升级中，请稍后访问",
    "Site under maintenance",
    "网站正在建设中",
)


@settings(max_examples=300)
@given(
    said=st.sampled_from(SAID),
    tag=st.sampled_from(["h1", "h2", "p", "div", "span", "center"]),
    nav=st.tuples(st.integers(0, 12), st.sampled_from(["nav", "menu", "", "top"])),
    foot=st.booleans(),
    home=st.booleans(),
    kind=st.sampled_from(["column", "site", "page"]),
)
def test_a_page_that_says_it_is_closed_is(  # noqa: PLR0917
    said: str, tag: str, nav: tuple[int, str], foot: bool, home: bool, kind: str
) -> None:
    back = "<p><a href='/'>返回首页</a></p>" if home else ""
    page = (
        f"<html><head><meta charset='utf-8'><title>某某市人民政府</title></head><body>{menu(*nav) if nav[0] else ''}"
        f"<div class='main'><{tag}>{said}</{tag}>{back}</div>{FOOT if foot else ''}</body></html>"
    )
    assert read(page, kind).state is State.MAINTENANCE


@pytest.mark.parametrize(
    ("html", "state"),
    [
        ("<title>网站维护中</title><img src='/wh.jpg'><a href='/'>返回首页</a>", State.MAINTENANCE),
        ("<title>域名出售</title><a href='http://buy.example/'>联系购买</a>", State.HIJACKED),
        ("<title>某某</title><h1>本域名已过期</h1><a href='http://reg.example/'>续费</a>", State.HIJACKED),
        ("<title>某某</title><p>您的访问被防火墙拦截</p><a href='/'>返回</a>", State.CHALLENGED),
        (f"<title>某某</title>{menu(12)}<p>您访问的页面不存在或已删除</p><a href='/'>返回首页</a>{FOOT}", State.SOFT_ERROR),
        ("<title>404 Not Found</title><h1>x</h1>", State.SOFT_ERROR),
        ("<title>404</title><h1>x</h1>", State.SOFT_ERROR),
        ("<title>500 - 服务器错误</title><h1>x</h1>", State.SOFT_ERROR),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["column", "site"])
def test_the_rest_is_still_told(html: str, state: State, kind: str) -> None:
    assert read(f"<html><meta charset=utf-8>{html}</html>", kind).state is state


@pytest.mark.parametrize(
    "title", ["500强企业名单_某某市", "500千伏输变电工程", "500kV线路", "404医院", "系统错误码对照表"]
)
def test_a_title_that_begins_with_a_number_is_no_error(title: str) -> None:
    assert read(column(SHAPES["li span"], list(TITLES[:3]), name=title)).state is State.LISTED


@pytest.mark.parametrize(
    "text",
    [
        "共 404 条",
        "联系电话：0751-8500404",
        "500 千伏输变电工程",
        "负责全市电子政务系统的运行维护，承担网站安全防护工作。",
    ],
)
def test_a_small_page_about_something_else_is_a_page(text: str) -> None:
    page = f"<html><title>机构职能</title><body>{menu(8)}<p>某某市大数据中心</p><p>{text}</p>{FOOT}</body></html>"
    assert read(page, "site").state is State.READABLE
