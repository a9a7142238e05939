"""Answers of made-up servers: pages, walls, notices, feeds, as bytes of whole HTTP replies."""

from collections.abc import Sequence

from tests.observe.raw_server import reply

HTML = "Content-Type: text/html; charset=utf-8"
XML = "Content-Type: application/xml; charset=utf-8"
TITLES = (
    "关于做好2026年度高层次人才项目申报工作的通知",
    "市人民政府关于印发优化营商环境行动方案的通知",
    "关于公布2025年度行政执法案卷评查结果的公告",
    "关于开展全市安全生产大检查工作的通知",
    "市教育局关于中小学寒假放假时间安排的通告",
    "关于征集2027年民生实事项目建议的公告",
)
DAYS = ("2026-11-18", "2026-11-12", "2026-11-05", "2026-10-30", "2026-10-22", "2026-10-09")
MENU = "".join(
    f"<li><a href='/{n}/'>{t}</a></li>" for n, t in (("zw", "政务公开"), ("fw", "办事服务"), ("hd", "互动交流"))
)
FOOT = (
    "<div class='footer'>主办单位：某某市人民政府办公室　网站标识码：4402000012　粤ICP备05070829号-1　"
    "<a href='/wzdt/'>网站地图</a> <a href='http://www.gov.cn/'>中国政府网</a></div>"
)


def page(main: str, title: str = "通知公告_某某市人民政府", head: str = "") -> str:
    """A whole page of a government site around `main`."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}<title>{title}</title></head><body>"
        f"<div class='nav'><ul>{MENU}</ul></div><div class='position'>当前位置：<a href='/'>首页</a> &gt; 通知公告</div>"
        f"<div class='main'>{main}</div>{FOOT}</body></html>"
    )


def items(days: Sequence[str] = DAYS) -> str:
    """A list of notices, one a day; "" prints no date."""
    told = (f"<span>{day}</span>" if day else "" for day in days)
    rows = (f"<li><a href='t{n}.html'>{TITLES[n % 6]}</a>{day}</li>" for n, day in enumerate(told))
    return f"<ul class='list'>{''.join(rows)}</ul>"


def html(text: str, status: str = "200 OK", *headers: str) -> bytes:
    return reply(text.encode(), status, HTML, *headers)


LISTED = html(page(items()))
UNDATED = html(page(items([""] * 6)))
BLANK = html(page("<p>暂无内容</p>"))
SHELL = html(page("<div id='app'></div><script>$.ajax({url: api, success: function(d){ fill(d) }})</script>"))
LEADS_ON = html(
    "<html><head><title>跳转</title><script>location.href = target_of(user)</script></head><body></body></html>"
)
WALL_200 = html("<html><head><title>安全验证</title></head><body><p>请完成安全验证后继续访问</p></body></html>")
WALL_412 = html("<html><body><script>$_ts=window['$_ts'];</script></body></html>", "412 Precondition Failed")
CLOSED = "<html><head><title>通知</title></head><body><p>网站系统升级维护中，暂停访问，请稍后再来。</p></body></html>"
SORRY = "<html><head><title>提示</title></head><body><p>抱歉，您访问的页面不存在！</p></body></html>"
SOLD = "<html><head><title>域名出售</title></head><body><p>本域名出售，有意者请联系。</p></body></html>"
NOT_FOUND = html("<html><head><title>404</title></head><body>404 Not Found</body></html>", "404 Not Found")
GONE = html("<p>410</p>", "410 Gone")
BROKEN = html("<p>error</p>", "500 Internal Server Error")
BUSY = html("<p>busy</p>", "503 Service Unavailable")


def redirect(to: str, status: str = "302 Found") -> bytes:
    return reply(b"", status, f"Location: {to}")


def rss(*dates: str | None) -> str:
    """An RSS feed with a post for each date (RFC 822 text), None for a post without."""
    told = ("" if day is None else f"<pubDate>{day}</pubDate>" for day in dates)
    posts = "".join(
        f"<item><title>第{n}篇</title><link>http://a.example/{n}</link>{d}</item>" for n, d in enumerate(told)
    )
    head = "<title>某发布</title><link>http://a.example/</link><description>x</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{posts}</channel></rss>'


def feed(text: str, status: str = "200 OK", kind: str = XML, *headers: str) -> bytes:
    return reply(text.encode(), status, kind, *headers)
