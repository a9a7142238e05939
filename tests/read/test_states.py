"""Each state by what real servers send for it, and the ordinary pages that must not be taken for one."""

from datetime import date

import pytest

from monitor.model import State
from monitor.read.state import return_date
from tests.read.samples import TITLES, frame, read, rows

RUISHU = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><meta id='x' content='k3' r='m'><script>$_ts=window['$_ts'];"
    "if(!$_ts)$_ts={};$_ts.nsd=1;</script></head><body></body></html>"
)
JSL = "<script>document.cookie=('__jsl_clearance_s=1695.5|-1|abc;max-age=3600;');location.href=location.pathname+location.search</script>"
CHALLENGES = {
    "瑞数 412": (RUISHU, 412),
    "瑞数 202": (RUISHU, 202),
    "瑞数 200": (RUISHU, 200),
    "加速乐 521": (JSL, 521),
    "GeoBL 403": ("<html><title>403 Forbidden</title><body>reason:GeoBL</body></html>", 403),
    "创宇盾 200": (
        "<html><title>访问异常页面</title><body><p>当前访问疑似黑客攻击，已被创宇盾拦截。</p></body></html>",
        200,
    ),
    "安全验证 200": (
        "<html><title>安全验证</title><body><p>请完成下方验证后继续访问</p><div id='c'></div></body></html>",
        200,
    ),
    "阿里云 200": (
        "<html><script>var arg1='5E2';function setCookie(n,v){}; setCookie('acw_sc__v2',x)</script></html>",
        200,
    ),
    "EdgeOne 200": (
        "<html><body><script>document.cookie='EO_Bot_Ssid=1; path=/';location.reload()</script></body></html>",
        200,
    ),
    "cloudflare 503": ("<title>Just a moment...</title><body>Checking your browser before accessing</body>", 503),
    "too often 429": ("<p>请求过于频繁，请稍后再试</p>", 429),
    "bare 403": ("<html><head><title>403 Forbidden</title></head><body><center>nginx</center></body></html>", 403),
    "bare 401": ("", 401),
    "bare 405": ("<p>x</p>", 405),
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_alive_but_refusing_programs(name: str) -> None:
    html, status = CHALLENGES[name]
    reading = read(html, "site", status=status)
    assert (reading.state, reading.items, reading.newest_date) == (State.CHALLENGED, (), None)


MAINTENANCE = "<html><title>系统维护中</title><body><h1>网站正在升级维护</h1><p>预计2026年12月1日恢复访问，敬请谅解。</p></body></html>"


@pytest.mark.parametrize(
    ("html", "returns"),
    [
        (MAINTENANCE, "2026-12-01"),
        ("<p>本网站因集约化迁移，自2026年11月10日起暂停服务，至12月5日恢复。</p>", "2026-12-05"),
        ("<title>公告</title><p>根据上级要求，本网站已于2025年12月31日关停，请访问市政府门户网站。</p>", None),
        ("<h1>Site under maintenance</h1>", None),
    ],
)
@pytest.mark.parametrize("status", [200, 503])
def test_closed_for_a_while(html: str, returns: str | None, status: int) -> None:
    reading = read(f"<html><meta charset=utf-8>{html}</html>", "site", status=status)
    assert (reading.state, reading.returns_on) == (State.MAINTENANCE, returns)


@pytest.mark.parametrize(
    "html",
    [
        "<span style='color:red'>栏目不存在!</span>",
        "<p>无效的访问地址</p>",
        "<title>404</title><p>您访问的页面不存在或已删除</p><a href='/'>返回首页</a>",
        "<title>系统提示</title><p>抱歉，您没有访问当前栏目的权限。</p>",
        "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>",
        "<h1>Server Error in '/' Application.</h1><h2>Runtime Error</h2>",
        "<h1>HTTP Status 500 – Internal Server Error</h1>",
    ],
)
def test_an_error_page_with_200(html: str) -> None:
    assert read(html, "site", status=200).state is State.SOFT_ERROR


@pytest.mark.parametrize("status", [404, 410, 500, 502, 503, 504])
@pytest.mark.parametrize("kind", ["site", "column", "page"])
def test_any_body_under_an_error_status(status: int, kind: str) -> None:
    page = frame(f"<ul>{rows(['2026-11-02', '2026-10-30'], '<li><a href={href}>{title}</a><i>{date}</i></li>')}</ul>")
    assert read(page, kind, status=status).state is State.SOFT_ERROR
    assert read("", kind, status=status).state is State.SOFT_ERROR


def test_a_script_home_under_404_stays_an_error() -> None:
    assert read("<script>window.location.href='/'</script>", "page", status=404).state is State.SOFT_ERROR


def test_parked() -> None:
    assert read("<title>域名出售</title><p>本域名可出售，联系QQ 12345</p>", "site").state is State.HIJACKED


ONWARD = {
    "refresh": (
        "<meta http-equiv='refresh' content='0; url=website/index.htm'>",
        "http://www.shi.gov.cn/zwgk/tzgg/website/index.htm",
    ),
    "script": (
        "<script>window.location.href = './201501/a.html';</script>",
        "http://www.shi.gov.cn/zwgk/tzgg/201501/a.html",
    ),
    "replace": ("<script>location.replace('/bi/')</script>", "http://www.shi.gov.cn/bi/"),
    "open": ("<script>window.open('/x.shtml','_self')</script>", "http://www.shi.gov.cn/x.shtml"),
    "frameset": ("<frameset><frame src='list.jsp'></frameset>", "http://www.shi.gov.cn/zwgk/tzgg/list.jsp"),
}


@pytest.mark.parametrize("name", ONWARD)
def test_pages_that_send_on_are_shells_that_name_the_way(name: str) -> None:
    html, target = ONWARD[name]
    reading = read(f"<html><head><title></title>{html}</head><body></body></html>", "column")
    assert (reading.state, reading.needs) == (State.SHELL, (target,))


@pytest.mark.parametrize(
    "html",
    [
        "<body><div id='app'></div><script src='/js/chunk-vendors.js'></script></body>",
        "<body><noscript>请开启JavaScript</noscript><div id='root'></div><script>ReactDOM.render()</script></body>",
        "<body><object classid='clsid:d27cdb6e'><embed src='a.swf'></object></body>",
        "<script>window._CONFIG = {SID: '755001', TREE: []}</script><body><div id='gkmlpt'></div></body>",
    ],
)
@pytest.mark.parametrize("kind", ["site", "column", "page"])
def test_what_a_program_makes_is_unknown(html: str, kind: str) -> None:
    assert read(f"<html>{html}</html>", kind).state is State.SHELL


EMPTY = {
    "stated": "<ul></ul><p>暂无内容</p>",
    "stated by count": "<ul></ul><div class='Flip'>共0条记录 1/1页</div>",
    "to come": "<div class='con'>敬请期待</div>",
    "being built": "<div class='con'><p>栏目内容正在建设中，敬请期待！</p></div>",
    "being filled": "<div class='con'><p>本栏目正在充实之中……</p></div>",
    "being built, nothing yet": "<div class='con'><p>该栏目正在建设中，暂无相关信息！</p></div>",
    "nothing yet, being built": "<div class='con'><p>暂无内容，栏目正在建设中。</p></div>",
    "sorry": "<div class='con'>对不起，该栏目下暂无信息！</div>",
    "sorry, wait": "<div class='con'>抱歉，暂无相关数据，敬请期待。</div>",
    "trs pager": "<ul class='list' id='sub'></ul><script>createPageHTML(1, 0, 'index', 'html');</script>",
    "rendered empty": "<ul class='newslist'> </ul>",
}


@pytest.mark.parametrize("name", EMPTY)
def test_blank_on_proof(name: str) -> None:
    reading = read(frame(EMPTY[name], side=""))
    assert (reading.state, reading.items, reading.newest_date) == (State.BLANK, (), None)


UNKNOWN = {
    "a grid": "<table id='demo' lay-filter='t'></table><script>layui.use('table', function(){layui.table.render({elem: '#demo'})})</script>",
    "ajax": "<ul class='list'></ul><script>$.ajax({url:'/site/label/8888',success:function(d){$('.list').html(d)}})</script>",
    "table": "<div class='bg'><table><thead><tr><td>期号</td></tr></thead><tbody></tbody></table></div><script>function x(d){$('.bg tbody').append(d)}</script>",
    "handle": "<ul class='list' id='newslist'></ul><script src='/js/list.js'></script>",
    "vue": "<div id='app'><ul class='list'><li v-for='x in list'>{{x.title}}</li></ul></div><script>new Vue({el:'#app'})</script>",
    "jpaas": "<div class='page-content' data-url='/api-gateway/jpaas-publish-server/front/page/build/unit'></div><script>$.get(url)</script>",
    "frame": "<iframe src='/gk/list.jsp' width='100%' height='900'></iframe>",
}


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("aside", [True, False])
def test_a_list_filled_by_a_program_is_never_blank(name: str, aside: bool) -> None:
    reading = read(frame(UNKNOWN[name]) if aside else frame(UNKNOWN[name], side=""))
    assert (reading.state, reading.newest_date) == (State.SHELL, None)


def test_a_news_report_about_maintenance_is_a_page() -> None:
    text = "".join(
        f"<p>{title}，据介绍，网站升级改版期间暂停服务的系统已恢复，404错误页面也已修复。</p>" for title in TITLES * 4
    )
    reading = read(frame(f"<h1>网站升级维护工作完成</h1><p>发布时间：2026-11-02 16:00</p>{text}", side=""), "page")
    assert reading.state is State.READABLE
    assert reading.article is not None
    assert reading.article.published == "2026-11-02T16:00+08:00"


def test_a_login_page_is_readable() -> None:
    form = "<form><input type='text' name='u'><input type='password' name='p'><input type='submit'></form>"
    assert read(f"<title>请登录</title><p>用户名 密码</p>{form}", "page").state is State.READABLE


@pytest.mark.parametrize(
    "body", [b"", b"  \r\n ", b"%PDF-1.4\n\x00\x01", b"\x00\x01\x02\x03" * 500, b"\x89PNG\r\n\x1a\n" + b"\x00" * 60]
)
@pytest.mark.parametrize("kind", ["site", "column", "page", "account"])
def test_nothing_to_read(body: bytes, kind: str) -> None:
    reading = read(body, kind)
    assert (reading.state, reading.newest_date) == (State.UNREADABLE, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("将于2026年12月1日恢复", "2026-12-01"),
        ("维护时间：2026年11月18日至2026年11月25日", "2026-11-25"),
        ("自11月10日至1月5日暂停服务", "2027-01-05"),
        ("已于2025年1月1日关停", None),
        ("正在维护", None),
    ],
)
def test_the_promised_day(text: str, day: str | None) -> None:
    assert return_date(text, date(2026, 11, 20)) == day
