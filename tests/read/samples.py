"""Made-up pages in the manner of real ones: every dialect of dates and lists that the labelled pages are short of.

`frame` puts a list between what surrounds one on a real page: menu, today's date, hot list, friendly links, footer.
"""

from datetime import date

from monitor.model import Reading, TargetKind
from monitor.read.page import read_page

TODAY = date(2026, 11, 20)
URL = "http://www.shi.gov.cn/zwgk/tzgg/index.html"
TITLES = (
    "关于做好2026年度高层次人才项目申报工作的通知",
    "市人民政府关于印发优化营商环境行动方案的通知",
    "关于公布2025年度行政执法案卷评查结果的公告",
    "关于开展全市安全生产大检查工作的通知",
    "市教育局关于中小学寒假放假时间安排的通告",
    "关于征集2027年民生实事项目建议的公告",
)
MENU = "".join(
    f"<li><a href='/{name}/'>{text}</a></li>"
    for name, text in (
        ("zw", "政务公开"),
        ("fw", "办事服务"),
        ("hd", "互动交流"),
        ("lm", "走进我市"),
        ("zt", "专题专栏"),
    )
)
FOOTER = (
    "<div class='footer'><p>主办单位：某某市人民政府办公室　承办单位：某某市政务中心</p>"
    "<p>网站标识码：4402000012　粤ICP备05070829号-1　粤公网安备 44020402000012号</p><p>联系电话：0751-1234567</p>"
    "<a href='/wzdt/'>网站地图</a> <a href='http://www.gov.cn/'>中国政府网</a></div>"
)
HOT = (
    "<div class='side'><h3>热点排行</h3><ul class='hot'>"
    "<li><a href='/rd/1.html'>热点新闻一热点新闻一热点新闻一</a><span>2026-11-19</span></li>"
    "<li><a href='/rd/2.html'>热点新闻二热点新闻二热点新闻二</a><span>2026-11-18</span></li></ul></div>"
)


def frame(main: str, *, title: str = "通知公告_某某市人民政府", side: str = HOT) -> str:
    """A whole column page around `main`."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body>"
        f"<div class='top'>今天是2026年11月20日 星期五</div><div class='nav'><ul>{MENU}</ul></div>"
        f"<div class='position'>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; 通知公告</div>"
        f"<div class='wrap'><div class='main'>{main}</div>{side}</div>{FOOTER}</body></html>"
    )


def read(
    html: str | bytes,
    kind: str = "column",
    *,
    url: str | None = URL,
    status: int | None = 200,
    charset: str | None = None,
) -> Reading:
    """The reading of a page captured on TODAY."""
    body = html.encode() if isinstance(html, str) else html
    return read_page(body, url=url, kind=TargetKind(kind), charset=charset, status=status, captured=TODAY)


def rows(dates: list[str], row: str, *, hrefs: list[str] | None = None) -> str:
    """One row per date from a template with {title}, {href} and {date}."""
    links = hrefs or [f"content/post_{10_000 - at}.html" for at in range(len(dates))]
    return "".join(
        row.format(title=TITLES[at % len(TITLES)], href=links[at], date=value) for at, value in enumerate(dates)
    )
