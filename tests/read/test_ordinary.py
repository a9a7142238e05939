"""Ordinary pages that speak of closings, walls, errors and sales: articles, answers and columns in many shapes stay ordinary."""

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import State
from tests.read.samples import read
from tests.read.test_headlines import CRUMB, FOOT, SHAPES, column, menu

TEXTS = {
    "关于网站系统升级维护的公告": "各位网友：因机房电力检修，本网站将于2026年11月21日22:00至11月22日6:00进行系统升级维护，届时暂停服务，给您带来不便，敬请谅解。",
    "某某镇人民政府网站关停公告": "根据上级要求，某某镇人民政府网站已于2026年11月1日永久下线，内容迁移至市政府门户网站。",
    "政务服务平台暂停服务通知": "因系统切换，政务服务平台自11月10日起暂停服务，恢复时间另行通知。",
    "什么是验证码？": "验证码是用来区分人与程序的安全验证手段，请完成滑动验证后再提交表单，切勿将短信验证码告诉他人。",
    "关于访问异常的说明": "部分用户反映请求过于频繁被拦截，系防火墙策略所致，现已调整。",
    "网页打不开怎么办": "如遇到页面不存在、404 Not Found、502 Bad Gateway，请检查网址后再试。",
    "规范政府域名管理的通知": "严禁域名出售、转让，域名已过期的应当及时注销。",
    "警惕“域名出售”诈骗": "近期有人以出售域名为名实施诈骗。",
    "关于数据库连接错误问题的整改情况": "经查，系统错误由数据库连接失败引起，现已修复。",
    "自来水停水通知": "因管网检修，11月22日停止服务。",
    "办事大厅搬迁公告": "自2026年12月1日起，原址停止对外服务，请到新址办理。",
    "机构职能": "负责全市电子政务系统的建设、运行、维护，承担服务器升级改造工作。",
    "常见问题：提示没有权限怎么办": "答：出现“您没有访问权限”时，请联系管理员。",
    "服务器错误 500 排查": "出现Internal Server Error时应检查日志。",
    "道路施工期间暂停通行": "道路改造期间，请绕行。",
    "百度抓取异常": "robot check, access denied and captcha are discussed here.",
    "关于网站改版征求意见的公告": "我市政府网站将于近期改版，现公开征求意见，意见征集期间网站正常访问。",
    "政府网站季度检查通报": "检查发现部分网站页面不存在、链接无法访问，个别网站长期停止更新。",
    "网络安全宣传周：认识钓鱼网站": "不法分子抢注过期域名，仿冒政府网站，网民应当核对域名。",
    "关于注销某某市某某网站的备案公示": "经研究，拟注销某某网站，公示期五个工作日。",
    "我市开通验证码登录": "市民登录政务服务网时，输入短信验证码即可继续办理业务。",
    "数据中心扩容完成": "机房升级改造已完成，各系统运行正常。",
    "严厉打击网络赌博": "公安机关捣毁一个利用棋牌游戏平台开设赌场的团伙。",
    "404医院义诊活动通知": "定于周六上午举行义诊活动。",
}
ARTICLES = {
    "label": "<h1>{t}</h1><div class='info'>发布时间：2026-11-18 10:20　来源：市大数据局　浏览次数：<span>23</span></div><div class='con'><p>{b}</p></div>",
    "bare date": "<div class='title'>{t}</div><div>2026-11-18</div><div id='zoom'><p>{b}</p></div>",
    "print": "<h2>{t}</h2><p>{b}</p><p align=right>某某市人民政府办公室</p><p align=right>2026年11月18日</p><div>【打印】【关闭】</div>",
    "prev": "<h2>{t}</h2><p>{b}</p><div>上一篇：<a href='1.html'>关于开展全市安全生产大检查工作的通知</a></div><div>下一篇：没有了</div>",
    "faq": "<h3>{t}</h3><p>{b}</p>",
    "meta": "<h3>{t}</h3><p>{b}</p>",
    "nohead": "<p>{b}</p>",
    "table": "<table><tr><td>索引号</td><td>0-2026-1</td><td>发布日期</td><td>2026-11-18</td></tr><tr><td>名称</td><td colspan=3>{t}</td></tr></table><div>{b}</div>",
}
HEAD = "<meta name='ArticleTitle' content='{t}'><meta name='PubDate' content='2026-11-18 10:20'>"
NOT_ORDINARY = {State.CHALLENGED, State.MAINTENANCE, State.SOFT_ERROR, State.HIJACKED}
FURNISHED = ("label", "print", "prev", "meta", "table")
"""What content systems print around an article tells it apart also outside a breadcrumb."""


def article(title: str, text: str, shape: str, *, crumb: bool, links: int) -> str:
    """An article page of a working site."""
    head = HEAD.format(t=title) if shape == "meta" else ""
    place = CRUMB.format(name="正文") if crumb else ""
    body = ARTICLES[shape].format(t=title, b=text)
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}<title>{title}_某某市人民政府</title></head><body>"
        f"{menu(links)}{place}<div class='main'>{body}</div>{FOOT}</body></html>"
    )


@settings(max_examples=600)
@given(
    title=st.sampled_from(sorted(TEXTS)),
    shape=st.sampled_from(sorted(ARTICLES)),
    crumb=st.booleans(),
    links=st.sampled_from([0, 5, 12]),
    long=st.sampled_from([1, 4]),
    kind=st.sampled_from(["page", "column"]),
)
def test_an_article_about_it_is_an_article(  # noqa: PLR0917
    title: str, shape: str, crumb: bool, links: int, long: int, kind: str
) -> None:
    page = article(title, TEXTS[title] * long, shape, crumb=crumb or shape not in FURNISHED, links=links)
    assert read(page, kind).state not in NOT_ORDINARY


@pytest.mark.parametrize("title", [title for title in TEXTS if "关停" not in title and "暂停服务" not in title])
def test_nor_without_any_furniture(title: str) -> None:
    for shape in ("faq", "bare date"):
        state = read(article(title, TEXTS[title], shape, crumb=False, links=5), "page").state
        assert state not in NOT_ORDINARY


@pytest.mark.parametrize("title", TEXTS)
def test_a_list_of_such_headlines_is_a_list(title: str) -> None:
    for shape in SHAPES.values():
        assert read(column(shape, [title, *list(TEXTS)[:3]])).state is State.LISTED


COLUMNS = (
    "404专题",
    "网站维护公告",
    "系统升级",
    "验证码帮助",
    "域名管理",
    "错误信息反馈",
    "网上安全验证",
    "暂停服务事项",
    "停止使用公章公告",
)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_not_what_it_is_called(name: str) -> None:
    for shape in SHAPES.values():
        assert read(column(shape, list(TEXTS)[:5], name=name)).state is State.LISTED
    empty = f"<html><title>{name}_某某市</title><body>{menu(5)}{CRUMB.format(name=name)}<h2>{name}</h2><p>暂无内容</p>{FOOT}</body></html>"
    assert read(empty).state is State.BLANK


SMALL = (
    "<h1>请登录</h1><form>用户名<input name=u> 密码<input type=password name=p> 验证码<input name=c><img src='/c.jpg'></form>",
    "<h1>欢迎访问某某镇人民政府网站</h1><a href='/web/'>进入</a>",
    "<p>某某市人民政府　某某区人民政府　某某县人民政府</p>",
    "<h2>办事指南</h2><p>办理时间：周一至周五，法定节假日停止服务。</p>",
    "<h2>联系我们</h2><p>地址：某某路404号　电话：0751-8500500</p>",
    "<h2>搜索</h2><p>没有找到与“域名出售”相关的结果</p>",
    "<h2>无障碍服务说明</h2><p>为您提供页面放大、语音朗读等服务，如无法访问请检查网络。</p>",
    "<h2>机构简介</h2><p>承担网络安全防护、信息系统运行维护等工作。</p>",
    "<h2>版权声明</h2><p>未经本网站授权，禁止访问者用于商业用途。</p>",
)


@pytest.mark.parametrize("main", SMALL)
@pytest.mark.parametrize("kind", ["page", "site"])
def test_small_pages_of_a_working_site(main: str, kind: str) -> None:
    page = f"<html><head><title>某某市人民政府</title></head><body>{menu(8)}<div>{main}</div>{FOOT}</body></html>"
    assert read(page, kind).state not in NOT_ORDINARY
