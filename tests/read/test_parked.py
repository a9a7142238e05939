"""Domains that are for sale, expired or somebody else's business now; and pages about such things."""

import pytest

from monitor.model import State
from tests.read.samples import TITLES, frame, read, rows
from tests.read.test_headlines import CRUMB, FOOT, menu

PARKED = {
    "for sale": "<title>shi.gov.example</title><h1>该域名正在出售</h1><p>有意者请联系</p>",
    "transfer": "<title>域名转让</title><p>本域名低价转让，QQ 12345</p>",
    "expired": "<title>提示</title><p>您访问的域名已过期，请及时续费</p>",
    "not bound": "<title>提示</title><p>域名尚未绑定站点</p>",
    "english": "<title>shi.example</title><h1>This domain is for sale!</h1><p>Buy this domain</p>",
    "may be": "<title>shi.example</title><p>This domain may be for sale. Contact the owner.</p>",
    "parking": "<title>shi.example</title><p>This domain is parked free of charge</p>",
    "host expired": "<title>提示</title><p>您的虚拟主机已到期，请续费</p>",
    "casino": "<title>澳门新葡京官网-真人棋牌平台</title><h1>欢迎</h1><p>立即注册</p><a href='/a'>下载</a>",
    "betting": "<title>bet365备用网址</title><p>x</p>",
    "long casino": f"<title>开云体育app下载-棋牌官方网站</title>{'<p>热门游戏一览，注册即送，客服在线。</p>' * 60}",
}


@pytest.mark.parametrize("name", PARKED)
@pytest.mark.parametrize("kind", ["column", "site", "page"])
def test_it_is_no_longer_theirs(name: str, kind: str) -> None:
    assert read(f"<html><meta charset=utf-8>{PARKED[name]}</html>", kind).state is State.HIJACKED


TITLED = (
    "公安机关通报打击棋牌平台赌博案_某某市公安局",
    "警惕百家乐网址诈骗陷阱",
    "中国福利彩票双色球官方网站",
    "某某市体育局官方网站",
    "某某市体育中心官网",
    "成人教育平台注册登录",
    "某某博览会官网",
    "域名管理办法_某某市",
)


@pytest.mark.parametrize("title", TITLED)
@pytest.mark.parametrize("kind", ["column", "site", "page"])
def test_a_title_about_it_is_none(title: str, kind: str) -> None:
    listed = rows(["2026-11-02", "2026-10-30"], "<li><a href={href}>{title}</a><i>{date}</i></li>")
    assert read(frame(f"<ul>{listed}</ul>", title=title), kind).state in {State.LISTED, State.READABLE}
    bare = f"<html><title>{title}</title><body><h1>{TITLES[0]}</h1><p>某某单位简介。</p></body></html>"
    assert read(bare, kind).state is State.READABLE


@pytest.mark.parametrize("text", ["出售域名须经备案。", "本市域名转让管理规定如下。", "严禁抢注政府域名。"])
def test_nor_is_a_page_inside_a_site(text: str) -> None:
    page = f"<html><title>x</title><body>{menu(5)}{CRUMB.format(name='规定')}<p>{text}</p>{FOOT}</body></html>"
    assert read(page, "page").state is State.READABLE
