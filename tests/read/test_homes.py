"""Home pages: the newest date over their dynamic blocks, and those that only lead on to others."""

import pytest

from monitor.model import State, TargetKind
from monitor.read.page import Source, read_source
from tests.read.samples import FOOTER, HOT, MENU, TITLES, TODAY, URL, read

HOME = "http://www.shi.gov.cn/"


def block(name: str, *days: str, row: str = "<li><a href='{href}'>{title}</a><span>{day}</span></li>") -> str:
    """A block of a home page, its heading and a line per day."""
    lines = (
        row.format(href=f"/{name}/t{at}.html", title=TITLES[at % 6] + name, day=day) for at, day in enumerate(days)
    )
    return f"<div class='block'><h3>{name}</h3><a class='more' href='/{name}/'>更多</a><ul>{''.join(lines)}</ul></div>"


def home(*blocks: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>某某市人民政府</title>{head}</head><body>"
        f"<div class='top'>今天是2026年11月20日 星期五</div><div class='nav'><ul>{MENU}</ul></div>{''.join(blocks)}{FOOTER}</body></html>"
    )


OLD = block("政策文件", "2026-08-03", "2026-07-21", "2026-06-30")
SPLIT = "<li><div class='d'><b>{day}</b><i>2026-11</i></div><a href='{href}'>{title}</a></li>"


@pytest.mark.parametrize(
    ("blocks", "newest"),
    [
        ((OLD, block("要闻动态", "2026-11-18", "2026-11-17", "2026-11-16")), "2026-11-18"),
        ((block("要闻动态", "2026-11-18", "2026-11-17"), OLD), "2026-11-18"),
        ((block("要闻动态", "11-18", "11-17", "11-16"), OLD), "2026-11-18"),
        ((block("要闻动态", "[11/18]", "[11/17]", "[11/16]"), OLD), "2026-11-18"),
        ((block("要闻动态", "18", "17", "16", row=SPLIT), OLD), "2026-11-18"),
        ((block("要闻动态", "昨天", "3天前", "2026-11-10"), OLD), "2026-11-19"),
        ((OLD, block("公告", "2026-11-12")), "2026-11-12"),  # a block of one line
        ((OLD, block("征集调查", "2026-12-31", "2026-12-24", "2026-12-20")), "2026-08-03"),  # deadlines, still to come
        ((OLD, HOT), "2026-08-03"),  # a hot list is no update
        ((OLD, "<div class='weather'>11月20日 晴 5℃</div><p>页面生成时间：2026-11-20 08:00:00</p>"), "2026-08-03"),
        ((OLD, "<div class='rili'><table><tr><td>18</td><td>19</td><td>20</td></tr></table>2026年11月</div>"), "2026-08-03"),
        ((OLD, "<div class='tab'><ul>" + "".join(f"<li><a href='#t{n}'>标签{n}</a></li>" for n in range(5)) + "</ul></div>"), "2026-08-03"),
        (
            (
                "<div class='focus'><a href='/f.html'><img src='f.jpg' alt='市委常委会召开会议'></a></div>",
                block("市县动态", "2026-11-03", "2026-11-02"),
                block("部门动态", "2026-11-05", "2026-11-01"),
            ),
            "2026-11-05",
        ),
    ],
)  # fmt: skip
def test_the_newest_date_over_all_blocks(blocks: tuple[str, ...], newest: str) -> None:
    reading = read(home(*blocks), "site", url=HOME)
    assert (reading.state, reading.newest_date, reading.entrance) == (State.LISTED, newest, False)


CELLS = "".join(
    f"<div class='cell'><a href='/{n}/'><i></i><span>{name}</span></a></div>"
    for n, name in enumerate(
        ("机构概况", "政务公开", "办事服务", "互动交流", "数据开放", "营商环境", "专题专栏", "下载中心")
    )
)
ENTRANCES = {
    "a login page": "<form><input name='u'><input type='password' name='p'><button>登录</button></form><a href='/wjmm/'>忘记密码</a>",
    "a choice of languages": "<img src='bg.jpg'><a href='/cn/'>中文简体</a> <a href='/big5/'>繁體中文</a> <a href='/en/'>English</a>",
    "an entry page of pictures": "<map name='m'><area href='/main/' shape='rect'></map><img src='in.jpg' usemap='#m'>",
    "an entry page of pictures ": "<a href='/index.html'><img src='in.jpg' alt='进入网站'></a><p>某某市人民政府办公室主办</p>",
    "13 links and no list": f"<div class='nav'><ul>{MENU}</ul></div><div class='box'>{CELLS}</div>",
}


@pytest.mark.parametrize("kind", ENTRANCES)
@pytest.mark.parametrize(
    "foot", ["", "<p>主办单位：某某市人民政府办公室　网站标识码：4402000012　粤ICP备05070829号-1</p>"]
)
def test_a_home_page_that_only_leads_on(kind: str, foot: str) -> None:
    page = f"<html><head><meta charset='utf-8'><title>某某市人民政府</title></head><body>{ENTRANCES[kind]}{foot}</body></html>"
    source = Source(url=HOME, kind=TargetKind.SITE, charset=None, status=200, captured=TODAY)
    reading, trace = read_source(page.encode(), source)
    assert (reading.state, reading.newest_date, reading.entrance) == (State.READABLE, None, True)
    assert trace.why == f"a home page that only leads on: {kind.strip()}"


@pytest.mark.parametrize(
    "body",
    [
        block("要闻动态", "2026-11-18", "2026-11-17"),
        block("要闻动态", "", "", "", "", ""),  # titles without dates: news all the same
        "<div class='list' id='news'></div><a href='/a/'>政务公开</a><script>$.ajax({url: api, success: function(d){ $('#news').html(d) }})</script>",
        "<div class='news-list'></div><a href='/a/'>政务公开</a><p>暂无内容</p>",
        f"<a href='/a/'>政务公开</a><p>{'本市位于省境北部，历史悠久，物产丰富，交通便利，是区域性中心城市。' * 20}</p>",
        "<p>欢迎</p>",  # leads nowhere
        "<img src='a.jpg'><a href='javascript:void(0)'>进入</a>",
    ],
)
def test_other_home_pages_do_not(body: str) -> None:
    assert not read(
        f"<html><head><title>某某市人民政府</title></head><body>{body}</body></html>", "site", url=HOME
    ).entrance


@pytest.mark.parametrize("kind", ["column", "page"])
@pytest.mark.parametrize("name", ENTRANCES)
def test_only_home_pages_are_entrances(kind: str, name: str) -> None:
    assert not read(f"<html><body>{ENTRANCES[name]}</body></html>", kind, url=URL).entrance
