"""How content systems write lists and what they put around them: layouts and noise.

A layout turns entries into markup; noise is what stands around and must be left out. `test_crossed.py` crosses them with `dialects.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be printed and what must be read of it."""

    title: str
    href: str
    day: date
    printed: str = ""  # markup of the date
    wanted: str | None = None  # YYYY-MM-DD or YYYY-MM
    address: str = ""  # the day as the address shows it


Layout = Callable[[Sequence[Entry]], str]


def _each(opening: str, row: str, closing: str) -> Layout:
    def make(entries: Sequence[Entry]) -> str:
        made = (
            row.replace("{href}", one.href)
            .replace("{title}", one.title)
            .replace("{date}", one.printed)
            .replace("{at}", str(at + 1))
            .replace("{cut}", one.title[:9])
            for at, one in enumerate(entries)
        )
        return opening + "".join(made) + closing

    return make


def _two_columns(entries: Sequence[Entry]) -> str:
    middle = (len(entries) + 1) // 2
    make = _each("<ul class='list fl'>", "<li><a href='{href}'>{title}</a><span>{date}</span></li>", "</ul>")
    return f"<div class='cols'>{make(entries[:middle])}{make(entries[middle:]) if entries[middle:] else ''}</div>"


def _two_cells(entries: Sequence[Entry]) -> str:
    cells = [f"<td><a href='{one.href}'>{one.title}</a></td><td>{one.printed}</td>" for one in entries]
    rows = ["<tr>" + "".join(cells[at : at + 2]) + "</tr>" for at in range(0, len(cells), 2)]
    return f"<table width='98%'>{''.join(rows)}</table>"


def _fives(entries: Sequence[Entry]) -> str:
    make = _each(
        "<ul>", "<li><a href='{href}'>{title}</a><span class='date'>{date}</span></li>", "</ul><div class='line'></div>"
    )
    return "<div class='newslist'>" + "".join(make(entries[at : at + 5]) for at in range(0, len(entries), 5)) + "</div>"


def _vue(entries: Sequence[Entry]) -> str:
    rows = "".join(
        f"<div data-v-7ba5bd90 class='item flex'><!----><div data-v-7ba5bd90 class='item-title'><a data-v-7ba5bd90 href='{one.href}' "
        f"target='_blank'><span data-v-7ba5bd90>{one.title}</span></a></div><div data-v-7ba5bd90 class='item-date'>{one.printed}</div></div>"
        for one in entries
    )
    return f"<div id='app' data-server-rendered='true'><div data-v-7ba5bd90 class='list-wrap'>{rows}<!----></div></div>"


LAYOUTS: dict[str, Layout] = {
    "ul": _each("<ul class='list'>", "<li><a href='{href}'>{title}</a><span>{date}</span></li>", "</ul>"),
    "ul date first": _each("<ul>", "<li><span class='time'>{date}</span><a href='{href}'>{title}</a></li>", "</ul>"),
    "ul in link": _each("<ul>", "<li><a href='{href}' title='{title}'><em>{title}</em><i>{date}</i></a></li>", "</ul>"),
    "ul with lines": _each(
        "<ul>", "<li><a href='{href}'>{title}</a><span>{date}</span></li><li class='line'></li>", "</ul>"
    ),
    "ul new gif": _each(
        "<ul>",
        "<li><img src='dot.gif'><a href='{href}'>{title}</a><img src='new.gif' alt='new'><span>{date}</span></li>",
        "</ul>",
    ),
    "ul cut": _each("<ul>", "<li><a href='{href}' title='{title}'>{cut}…</a><span>{date}</span></li>", "</ul>"),
    "ul category": _each(
        "<ul>", "<li>[<a href='/zwgk/gz/'>工作动态</a>]<a href='{href}'>{title}</a><span>{date}</span></li>", "</ul>"
    ),
    "ul category behind": _each(
        "<ul>",
        "<li><a href='{href}'>{title}</a><a href='/zwgk/gz/' class='cat'>市发展改革委</a><span>{date}</span></li>",
        "</ul>",
    ),
    "ol": _each("<ol>", "<li><p><a href='{href}'>{title}</a></p><p>{date}</p></li>", "</ol>"),
    "fives": _fives,
    "two columns": _two_columns,
    "two cells": _two_cells,
    "table": _each(
        "<table><tbody>",
        "<tr><td>{at}</td><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>",
        "</tbody></table>",
    ),
    "table header": _each(
        "<table><thead><tr><th>序号</th><th>标题</th><th>发布日期</th></tr></thead><tbody>",
        "<tr><td>{at}</td><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>",
        "</tbody></table>",
    ),
    "table 2005": _each(
        "<TABLE border=0 width='100%'><TR><TD><TABLE width='95%' align=center>",
        "<TR><TD width=20 height=24><img src=dot.gif></TD><TD><A href='{href}' target=_blank><FONT color=#333333>{title}</FONT></A> "
        "<FONT color=#999999>{date}</FONT></TD></TR><TR><TD colspan=2 background=line.gif height=1></TD></TR>",
        "</TABLE></TD></TR></TABLE>",
    ),
    "table each": _each(
        "<td>",
        "<table width='100%'><tr><td width='5%'>·</td><td><a href='{href}'>{title}</a></td><td width='15%'>{date}</td></tr></table>",
        "</td>",
    ),
    "dl": _each("<dl>", "<dt><a href='{href}'>{title}</a></dt><dd>{date}</dd>", "</dl>"),
    "dl each": _each("<div>", "<dl><dt><a href='{href}'>{title}</a></dt><dd><span>{date}</span></dd></dl>", "</div>"),
    "dd": _each("<dl>", "<dd><a href='{href}'>{title}</a><span>{date}</span></dd>", "</dl>"),
    "div": _each(
        "<div class='bd'>",
        "<div class='row'><div class='l'><a href='{href}'>{title}</a></div><div class='r'>{date}</div></div>",
        "</div>",
    ),
    "div summary": _each(
        "<div>",
        "<div class='item'><div class='day'>{date}</div><div class='txt'><h3><a href='{href}'>{title}</a></h3><p>近日，我市召开专题会议，"
        "研究部署2026年12月31日前的重点工作，要求各部门认真落实。</p><a href='{href}' class='more'>查看详情</a></div></div>",
        "</div>",
    ),
    "cards": _each(
        "<div class='row'>",
        "<div class='col-md-4'><div class='card'><a href='{href}'><img class='card-img-top' src='{at}.jpg' alt=''></a><div class='card-body'>"
        "<h5 class='card-title'><a href='{href}'>{title}</a></h5><p class='card-text'>会议传达学习了有关文件精神。</p><small class='text-muted'>{date}"
        "</small></div></div></div>",
        "</div>",
    ),
    "link card": _each(
        "<div class='grid'>",
        "<a class='card' href='{href}'><div class='pic'><img src='{at}.jpg'></div><div class='date'>{date}</div><div class='t'>{title}</div>"
        "<div class='s'>会议传达学习了有关文件精神。</div></a>",
        "</div>",
    ),
    "media": _each(
        "<ul>",
        "<li><div class='pic'><a href='{href}'><img src='{at}.jpg'></a></div><h4><a href='{href}'>{title}</a></h4><p>会议指出，要切实抓好落实。"
        "<a href='{href}'>[阅读全文]</a></p><div class='info'><span>{date}</span><span>浏览：12</span></div></li>",
        "</ul>",
    ),
    "article": _each(
        "<section>",
        "<article><header><h2><a href='{href}'>{title}</a></h2><span>{date}</span></header></article>",
        "</section>",
    ),
    "ul in bare link": _each("<ul>", "<li><a href='{href}'><em>{title}</em><i>{date}</i></a></li>", "</ul>"),
    "named card": _each(
        "<div class='grid'>",
        "<a class='card' href='{href}'><span class='cat'>政务要闻</span><div class='card-title'>{title}</div><div class='s'>会议传达学习了有关文件精神"
        "，研究了下一步的工作安排，市领导出席会议并讲话，强调要真抓实干</div><div class='date'>{date}</div></a>",
        "</div>",
    ),
    "paragraph meta": _each(
        "<div>",
        "<div class='news'><p class='t'><a href='{href}'>{title}</a></p><p class='m'>市发改委　{date}</p></div>",
        "</div>",
    ),
    "vue": _vue,
    "p": _each("<div>", "<p><a href='{href}'>{title}</a>&nbsp;&nbsp;<span>{date}</span></p>", "</div>"),
    "p date first": _each("<div>", "<p><span>{date}</span> <a href='{href}'>{title}</a></p>", "</div>"),
    "br": _each("<div class='c'>", "<a href='{href}'>{title}</a> <span>{date}</span><br>", "</div>"),
    "br date first": _each("<div class='c'>", "<span>{date}</span> <a href='{href}'>{title}</a><br/>", "</div>"),
    "two rows": _each(
        "<table>", "<tr><td><a href='{href}'>{title}</a></td></tr><tr><td align='right'>{date}</td></tr>", "</table>"
    ),
    "unclosed": _each("<ul>", "<li><a href='{href}'>{title}</a><span>{date}</span>", "</ul>"),
    "attachments": _each(
        "<ul>",
        "<li><a href='{href}'>{title}</a><span>{date}</span><a href='/files/{at}.pdf'>附件下载</a></li>",
        "</ul>",
    ),
    "policy table": _each(
        "<table><tr><th>标题</th><th>发文字号</th><th>成文日期</th><th>发布日期</th></tr>",
        "<tr><td><a href='{href}'>{title}</a></td><td>某府办〔2025〕{at}号</td><td>2019-01-0{at}</td><td>{date}</td></tr>".replace(
            "0{at}", "05"
        ),
        "</table>",
    ),
}

CLOCK = "<div class='top'>今天是2026年11月20日 星期五 农历十月十一</div>"
NOISE: dict[str, str] = {
    "clock": CLOCK,
    "clock long": "<div class='date'>2026年11月20日&nbsp;星期五&nbsp;欢迎访问本网站</div>",
    "clock bare": "<div class='date'><span>2026-11-20</span> <a href='/login'>登录</a> <a href='/reg'>注册</a></div>",
    "weather": "<div><span>11月20日</span> 晴 5~12℃ <span>11月21日</span> 多云 6~13℃ <a href='/tq/'>天气预报</a></div>",
    "calendar": "<div class='rl'><table><tr><th colspan='7'>2026年11月</th></tr>"
    + "".join(
        f"<tr>{''.join(f'<td><a href=#>{at}</a></td>' for at in range(week, week + 7))}</tr>" for week in (1, 8, 15, 22)
    )
    + "</table></div>",
    "hot": "<div class='box'><h3>热点信息</h3><ul>"
    + "".join(
        f"<li><a href='/rd/{at}.html'>市民关注的热点新闻之{at}号</a><span>2026-11-{14 + at}</span></li>"
        for at in range(1, 6)
    )
    + "</ul></div>",
    "rank": "<div class='box rank'><h3>点击排行</h3><ul>"
    + "".join(f"<li><b>{at}</b><a href='/ph/{at}.html'>大家常看的办事指南之{at}号</a></li>" for at in range(1, 11))
    + "</ul></div>",
    "related": "<div class='box'><h4>相关阅读</h4><ul>"
    + "".join(
        f"<li><a href='/xg/{at}.html'>市领导调研有关工作之{at}</a><span>11-1{at}</span></li>" for at in range(1, 4)
    )
    + "</ul></div>",
    "visitors": "<div>您是第 <b>20261119</b> 位访客　本站访问量：20261118</div>",
    "friends": "<div class='yqlj'><h3>友情链接</h3>"
    + "".join(f"<a href='http://www.s{at}.gov.cn/'>某某省人民政府网站{at}</a>" for at in range(12))
    + "</div>",
    "friend options": "<select onchange='go()'>"
    + "".join(f"<option value='http://www.s{at}.gov.cn/'>某某市人民政府网站</option>" for at in range(12))
    + "</select>",
    "footer": "<div class='ft'><p>版权所有 © 2010-2026 某某市人民政府</p><p>网站标识码：4402000012 粤ICP备05070829号 最后更新：2026-11-20</p></div>",
    "side menu": "<div class='left'><h2>政务公开</h2><ul>"
    + "".join(f"<li><a href='/zw/l{at}/'>政府信息公开栏目{at}</a></li>" for at in range(14))
    + "</ul></div>",
    "carousel": "<div class='swiper'>"
    + "".join(
        f"<div class='slide'><a href='/tp/{at}.html'><img src='{at}.jpg' alt='市委常委会召开会议之{at}'></a></div>"
        for at in range(5)
    )
    + "</div>",
    "carousel titles": "<div class='focus'><ul>"
    + "".join(
        f"<li><a href='/tp/{at}.html'><img src='{at}.jpg'><p>市委常委会召开专题会议研究部署工作之{at}</p></a></li>"
        for at in range(5)
    )
    + "</ul></div>",
    "ticker": "<marquee><a href='/gg/1.html'>关于冬季供暖时间安排的重要公告</a> 2026-11-19 <a href='/gg/2.html'>关于停水的紧急公告通知</a> 2026-11-18</marquee>",
    "search": "<form><input name='from' value='2026-11-01'><input name='to' value='2026-11-20'><a href='#'>高级搜索</a></form>",
    "pager": "<div class='pages'>共238条 第1/12页 <a href='index_1.html'>2</a> <a href='index_2.html'>3</a> <a href='index_1.html'>下一页</a> "
    "<a href='index_11.html'>尾页</a></div>",
    "page made": "<!-- 2026-11-20 10:00 --><div class='gen'>页面生成时间：2026-11-20 08:00:01</div>",
    "topics": "<div class='zt'>"
    + "".join(f"<a href='/zt/{at}/'><img src='z{at}.jpg'></a>" for at in range(6))
    + "</div>",
    "keywords": "<div class='ss'>热门搜索：<a href='/s?q=a'>公积金提取</a> <a href='/s?q=b'>社保缴费查询</a> <a href='/s?q=c'>疫苗接种点</a></div>",
}


def days(count: int, newest: date, step: int = 3) -> list[date]:
    """Falling days, as lists show them."""
    return [newest - timedelta(days=step * at + at % 2) for at in range(count)]
