"""Gatekeepers with 200: each by what it really sends, and pages of working sites that carry or mention the same marks."""

from datetime import UTC, datetime

import pytest

from monitor.model import Fetched, Hop, Reach, State, TargetKind
from monitor.read.verdict import as_asked, reach_of
from tests.read.samples import URL, frame, read, rows
from tests.read.test_headlines import CRUMB, FOOT, menu

WALLS = {
    "ruishu new": "<!DOCTYPE html><html><head><meta charset='utf-8'><meta id='k9' content='p1;q2' r='m'><script type='text/javascript' r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=71;$_ts.cd='qq';if($_ts.lcd)$_ts.lcd();</script></head><body></body></html>",
    "ruishu src": "<html><head><script charset='iso-8859-1' src='/zXk3/aB7.294a.js' r='m'></script><script r='m'>_$a1();</script></head><body><form id='__onload__'></form></body></html>",
    "ruishu dot": "<html><head><script>var $_ts=window.$_ts||{};$_ts.cd='x';</script></head><body><input type='hidden' id='__x'></body></html>",
    "jsl 2": "<script>var x='cookie@jsl'.split('@');document.cookie='__jsl_clearance_s=17|0|aa';location.href=location.pathname+location.search;</script>",
    "jsl go": "<script src='/cdn-cgi/x.js'></script><script>function go(a){document.cookie=a.tn+'='+a.bts[0]+';path=/';setTimeout('location.href=location.pathname+location.search',1500)};go({bts:['1','2'],chars:'x',ct:'aa',ha:'md5',tn:'__jsl_clearance_s',vt:'3600',wt:'1500'})</script>",
    "cookie reload": "<html><head><script>document.cookie='vt=8f3e;path=/';window.location.reload();</script></head><body></body></html>",
    "cookie href self": "<html><body><script>var t=calc(3);document.cookie='tk='+t+'; path=/';location.href=location.href;</script></body></html>",
    "cookie replace self": "<html><body onload='go()'><script>function go(){document.cookie='CT6T=1';location.replace(location.href)}</script></body></html>",
    "cookie via window.location": "<html><script>document.cookie='k=v';window.location=window.location.pathname;</script></html>",
    "cookie document.location": "<html><script>document.cookie='k=v';document.location.reload(true);</script></html>",
    "cookie to same path": "<html><script>document.cookie='k=v;path=/';location.href='/zwgk/tzgg/index.html';</script></html>",
    "acw": "<html><script>var arg1='3A5';var _0x=['x'];(function(){var arg2=l(arg1);document.cookie='acw_sc__v2='+arg2;document.location.reload();})()</script></html>",
    "acw3": "<html><head><meta name='aliyun_waf_aa' content='x1'></head><body><script src='https://g.alicdn.com/captcha/nc.js'></script><div id='nocaptcha'></div></body></html>",
    "aliyun slider": "<html><title>滑动验证页面</title><body><p>访问验证</p><p>别离开，为了更好的访问体验，请进行验证，通过后即可继续访问网页</p><div id='nocaptcha'></div></body></html>",
    "aliyun slider 2": "<html><title>验证码</title><body><p>请按住滑块，拖动到最右边</p></body></html>",
    "aliyun 405 as 200": "<html><title>405</title><body><p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是: 781bad</p></body></html>",
    "aliyun en": "<html><title>Blocked</title><body><p>Sorry, your request has been blocked as it may cause potential threats to the server's security.</p></body></html>",
    "edgeone": "<html><head><title>EdgeOne</title></head><body><p>请求被该站点的安全策略拦截</p><p>Restricted Access</p></body></html>",
    "edgeone tst": "<html><body><script>function a(a){return a};document.cookie='__tst_status='+1+'#;';document.cookie='EO_Bot_Ssid='+2+';';location.reload()</script></body></html>",
    "tencent": "<html><title>安全验证</title><body><div id='TCaptcha'></div><script src='https://turing.captcha.qcloud.com/TCaptcha.js'></script></body></html>",
    "wzws": "<html><head><title>wait</title></head><body><script>var wzwstemplate='KTB';var wzwschallenge='STRG';eval(x)</script><noscript>Please enable JavaScript and refresh the page.</noscript></body></html>",
    "wzws 360": "<html><title>360网站卫士</title><body><p>您的访问请求可能会对网站造成危险，已被360网站卫士拦截。</p></body></html>",
    "wzws geo": "<html><title>访问受限</title><body><p>您所在的地区暂时无法访问本网站。</p><p>reason: GeoBL</p></body></html>",
    "geo zh": "<html><title>提示</title><body><p>根据管理要求，本网站仅限中国境内访问，您所在地区无法访问。</p></body></html>",
    "chuangyu 2": "<html><title>知道创宇云防御</title><body><p>由于您的访问行为存在异常，请完成以下操作验证您是真实访客。</p></body></html>",
    "chuangyu 3": "<html><title>访问频率过高</title><body><h3>您的访问频率过高，请稍后再试</h3><p>云防御节点</p></body></html>",
    "safedog": "<html><title>网站防火墙</title><body><p>您的请求带有不合法的参数，已被网站管理员设置拦截！</p><p>可能原因：您提交的内容包含危险的攻击请求</p></body></html>",
    "yunsuo": "<html><head><script>function YunSuoAutoJump(){var w=screen.width;var c='srcurl='+stringToHex(location.href)+';path=/;';document.cookie=c;location='/?security_verify_data='+w;}</script></head><body onload='YunSuoAutoJump()'></body></html>",
    "bt": "<html><title>宝塔网站防火墙</title><body><p>您的请求带有不合法参数，已被管理员设置拦截</p></body></html>",
    "safeline": "<html><head><title>安全检测</title><link href='/.safeline/static/a.css'></head><body><p>正在进行安全检测</p><p>由雷池 WAF 提供安全防护</p></body></html>",
    "safeline js": "<html><head><title></title></head><body><div id='slg-bg'></div><script>window.captcha_type='js';</script><script src='/.safeline/challenge.js'></script></body></html>",
    "safeline en": "<html><title>Protected By SafeLine WAF</title><body><p>Checking Your Browser…</p></body></html>",
    "safeline blocked": "<html><title>请求存在威胁，已被拦截</title><body><p>请求存在威胁，已被拦截</p><p>EVENT ID: 12ab</p></body></html>",
    "cf zh": "<html><title>请稍候…</title><body><p>正在验证您是否是真人。这可能需要几秒钟时间。</p><script>window._cf_chl_opt={}</script></body></html>",
    "cf blocked": "<html><title>Attention Required! | Cloudflare</title><body><h1>Sorry, you have been blocked</h1><p>You are unable to access this site</p></body></html>",
    "cf ddos": "<html><title>DDOS-GUARD</title><body><p>Verifying you are human. This may take a few seconds.</p></body></html>",
    "hw": "<html><title>访问被拦截！</title><body><p>您的请求疑似攻击行为！</p><p>事件ID: 9f2</p></body></html>",
    "sangfor": "<html><title>提示</title><body><p>您的访问可能存在风险，已被安全设备阻断，如有疑问请联系网站管理员。</p></body></html>",
    "slider": "<html><title>安全检查</title><body><p>请拖动滑块完成拼图</p><canvas></canvas></body></html>",
    "click": "<html><title>提示</title><body><p>请依次点击图中的文字以继续访问</p><img src='/c.png'></body></html>",
    "code": "<html><title>提示</title><body><p>系统检测到您的访问过于频繁，请输入图中的验证码继续</p><form><input name='c'><input type='submit'></form><img src='/c.png'></body></html>",
    "too often": "<html><body>访问太频繁，请稍后再试！</body></html>",
    "too fast": "<html><body>您的操作太快了，请休息一下再访问</body></html>",
    "ip": "<html><body>您的IP（1.2.3.4）已被列入黑名单，禁止访问本站</body></html>",
    "ua": "<html><body><h1>您的浏览器环境异常，请使用正常浏览器访问</h1></body></html>",
    "wait check": "<html><title>正在检测浏览器</title><body><p>正在检查您的浏览器，请稍候，页面即将自动跳转</p></body></html>",
    "robot": "<html><title>Robot Check</title><body><p>请确认您不是机器人</p></body></html>",
    "imperva": "<html><head><meta name='robots' content='noindex'></head><body><iframe src='/_Incapsula_Resource?CWUDNSAI=1'>Request unsuccessful. Incapsula incident ID: 9</iframe></body></html>",
    "f5": "<html><title>Request Rejected</title><body>The requested URL was rejected. Please consult with your administrator. Your support ID is: 12</body></html>",
    "akamai": "<html><title>Access Denied</title><body><h1>Access Denied</h1>You don't have permission to access this resource on this server. Reference #18</body></html>",
    "enable js cookies": "<html><title>x.gov.cn</title><body><p>Enable JavaScript and cookies to continue</p></body></html>",
    "knownsec js": "<html><body><p>请开启JavaScript并刷新该页.</p><script>f()</script></body></html>",
}


@pytest.mark.parametrize("name", WALLS)
@pytest.mark.parametrize("kind", ["column", "site", "page"])
@pytest.mark.parametrize("status", [200, 202, 404, 500, 503])
def test_alive_but_refusing_programs(name: str, kind: str, status: int) -> None:
    reading = read(WALLS[name], kind, status=status)
    assert (reading.state, reading.items, reading.newest_date, reading.needs) == (State.CHALLENGED, (), None, ())


LISTED = rows(["2026-11-02", "2026-10-30", "2026-10-11"], "<li><a href={href}>{title}</a><i>{date}</i></li>")
MARKS = (
    "<script>document.cookie='visited=1;path=/';</script>",
    "<script>$_ts=window['$_ts'];$_ts.cd='a';</script>",
    "<script src='https://turing.captcha.qcloud.com/TCaptcha.js'></script>",
    "<script src='/.safeline/a.js'></script>",
    "<script>var acw_sc__v2='1';function again(){document.cookie='a=b';location.reload()}</script>",
    "<p>本站已启用安全验证，登录时请完成滑动验证。</p>",
)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("kind", ["column", "site"])
def test_the_marks_on_a_page_that_came_are_no_wall(mark: str, kind: str) -> None:
    assert read(frame(f"{mark}<ul>{LISTED}</ul>", side=""), kind).state is State.LISTED


@pytest.mark.parametrize("mark", MARKS)
def test_nor_in_a_column_that_is_empty(mark: str) -> None:
    page = (
        f"<html><title>x</title><body>{mark}{menu(5)}{CRUMB.format(name='通知公告')}<p>暂无内容</p>{FOOT}</body></html>"
    )
    assert read(page).state is State.BLANK


def test_a_program_that_sets_no_cookie_is_a_program() -> None:
    shell = "<html><body><div id='app'></div><script>if(x){location.reload()}</script></body></html>"
    assert read(shell).state is State.SHELL
    language = "<html><script>document.cookie='lang=zh';location.href='/zwgk/zh/'</script></html>"
    assert read(language).needs == ("http://www.shi.gov.cn/zwgk/zh/",)


def fetched(
    reach: Reach, status: int, *cookies: str, url: str = URL, final: str = URL, hops: tuple[str, ...] = (URL, URL)
) -> Fetched:
    return Fetched(
        url=url,
        final_url=final,
        reach=reach,
        detail="",
        started_at=datetime(2026, 11, 20, tzinfo=UTC),
        seconds=0.1,
        status=status,
        headers=tuple(("Set-Cookie", cookie) for cookie in cookies),
        hops=tuple(Hop(hop, 302, 0.1) for hop in hops),
    )


OTHER = "http://www.shi.gov.cn/b"


@pytest.mark.parametrize(
    ("answer", "reach"),
    [
        (fetched(Reach.REDIRECT_LOOP, 302, "CT6T=1; path=/", "CT6TS=2"), Reach.CHALLENGED),
        (fetched(Reach.REDIRECT_LOOP, 302, "anything=1"), Reach.CHALLENGED),
        (fetched(Reach.REDIRECT_LOOP, 302), Reach.REDIRECT_LOOP),
        (fetched(Reach.REDIRECT_LOOP, 302, "JSESSIONID=1; Path=/", "__jsluid_s=2"), Reach.REDIRECT_LOOP),
        (fetched(Reach.REDIRECT_LOOP, 302, "JSESSIONID=1", hops=(URL, OTHER, URL)), Reach.REDIRECT_LOOP),
        (fetched(Reach.REDIRECT_LOOP, 302, "__jsluid_s=1", hops=(URL, OTHER, URL)), Reach.REDIRECT_LOOP),
        (fetched(Reach.REDIRECT_LOOP, 302, "__jsl_clearance=1", hops=(URL, OTHER, URL)), Reach.CHALLENGED),
        (fetched(Reach.OPEN, 202, "FSSBBIl1UgzbN7N80S=5xk2; Path=/; HttpOnly"), Reach.CHALLENGED),
        (fetched(Reach.OPEN, 200, "nGXRx71UqqGES=60q; Path=/", "nGXRx71UqqGET=0p"), Reach.CHALLENGED),
        (fetched(Reach.OPEN, 200, "JSESSIONID=ABCDEFGHST"), Reach.OPEN),
        (fetched(Reach.OPEN, 200, "ASP.NET_SessionId=ABCDEFGHST"), Reach.OPEN),
        (fetched(Reach.OPEN, 200), Reach.OPEN),
    ],
)
def test_cookies_of_gatekeepers(answer: Fetched, reach: Reach) -> None:
    nothing = read("", "site")
    assert nothing.state is State.UNREADABLE
    assert reach_of(answer, nothing, TargetKind.SITE) is reach


def test_a_gatekeeper_that_let_us_in_is_no_wall() -> None:
    page = read(frame(f"<ul>{LISTED}</ul>"), "site")
    assert reach_of(fetched(Reach.OPEN, 200, "FSSBBIl1UgzbN7N80S=5xk2"), page, TargetKind.SITE) is Reach.OPEN


HOME = "http://www.shi.gov.cn/"


@pytest.mark.parametrize(
    ("asked", "landed", "state"),
    [
        (URL, HOME, State.SOFT_ERROR),
        (URL, HOME + "index.html", State.SOFT_ERROR),
        (URL, "https://new.shi.gov.cn/", State.SOFT_ERROR),
        (URL, HOME + "404.html", State.SOFT_ERROR),
        (URL, HOME + "error/404.htm", State.SOFT_ERROR),
        (HOME + "index.php?catid=12", HOME, State.SOFT_ERROR),
        (HOME + "post_12.html", HOME, State.SOFT_ERROR),
        (URL, URL, State.LISTED),
        (URL, "http://www.shi.gov.cn/gk/tzgg/", State.LISTED),
        (HOME + "index.html", HOME, State.LISTED),
        (HOME + "portal/index.html", HOME, State.LISTED),
        (HOME + "cn/", HOME, State.LISTED),
        (HOME, HOME + "index.html", State.LISTED),
        (HOME, HOME + "home/main.html", State.LISTED),
    ],
)
def test_what_another_page_says_is_not_said_of_a_column(asked: str, landed: str, state: State) -> None:
    page = read(frame(f"<ul>{LISTED}</ul>"))
    answer = fetched(Reach.OPEN, 200, url=asked, final=landed)
    told = as_asked(page, answer, TargetKind.COLUMN)
    assert told.state is state
    assert (told.newest_date is None) is (state is State.SOFT_ERROR)
    assert as_asked(page, answer, TargetKind.SITE) is page
    wall = read(WALLS["acw"])
    assert as_asked(wall, answer, TargetKind.COLUMN) is wall
