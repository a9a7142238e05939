"""How content systems write lists and what they put around them: layouts, ways to print a day, and noise.

A layout turns entries into markup; a dialect prints the day of an entry (or puts it into the address); noise is what
stands around and must be left out. `tests/read/test_crossed.py` crosses them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.read.samples import TODAY

DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be printed and what must be read of it."""

    title: str
    href: str
    day: date
    printed: str = ""  # markup of the date
    wanted: str | None = None  # YYYY-MM-DD or YYYY-MM
    address: str = ""  # the day as the address shows it


def han(number: int) -> str:
    """1–99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def _han_year(day: date) -> str:
    return "".join(DIGITS[int(char)] for char in str(day.year))


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in text)


def _ago(day: date) -> str:
    back = (TODAY - day).days
    return {0: "刚刚", 1: "昨天", 2: "前天"}.get(back, f"{back}天前")


def _stamp(day: date) -> int:
    """Seconds since 1970 of ten in the morning, Shanghai time."""
    return ((day - date(1970, 1, 1)).days * 24 + 2) * 3600


Printer = Callable[[date], str]

PRINTED: dict[str, Printer] = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    "han": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "han spaced": lambda d: f"{d.year} 年 {d.month:02} 月 {d.day:02} 日",
    "square": lambda d: f"[{d.isoformat()}]",
    "round": lambda d: f"({d.isoformat()})",
    "wide round": lambda d: f"（{d.year}年{d.month}月{d.day}日）",
    "lenticular": lambda d: f"【{d.isoformat()}】",
    "tortoise": lambda d: f"〔{d.isoformat()}〕",
    "angle": lambda d: f"&lt;{d.isoformat()}&gt;",
    "book": lambda d: f"《{d.isoformat()}》",
    "wide square": lambda d: f"［{d.isoformat()}］",
    "corner": lambda d: f"「{d.isoformat()}」",
    "curly": lambda d: f"{{{d.isoformat()}}}",
    "time": lambda d: f"{d.isoformat()} 16:20:33",
    "iso zone": lambda d: f"{d.isoformat()}T08:20:33+08:00",
    "iso millis": lambda d: f"{d.isoformat()}T08:20:33.000+0800",
    "han time": lambda d: f"{d.year}年{d.month}月{d.day}日 16时20分",
    "weekday": lambda d: f"{d.isoformat()} 星期一",
    "label": lambda d: f"发布时间：{d.isoformat()}",
    "label wide": lambda d: f"发布日期 : {d.isoformat()} 09:00",
    "label apart": lambda d: f"<b>发布时间：</b><i>{d.isoformat()}</i>",
    "meta line": lambda d: f"来源：市政府办公室 时间：{d.isoformat()} 点击：123",
    "meta bars": lambda d: f"{d.isoformat()} | 市发改委 | 阅读 123",
    "views": lambda d: f"{d.isoformat()} 浏览次数：12",
    "compact": lambda d: d.strftime("%Y%m%d"),
    "wide digits": lambda d: _wide(d.isoformat()),
    "wide all": lambda d: _wide(d.isoformat()).replace("-", "－"),
    "wide han": lambda d: _wide(f"{d.year}年{d.month}月{d.day}日"),
    "numerals": lambda d: f"{_han_year(d)}年{han(d.month)}月{han(d.day)}日",
    "numerals circle": lambda d: f"{_han_year(d).replace('〇', '○')}年{han(d.month)}月{han(d.day)}日",
    "numerals zero": lambda d: f"{_han_year(d).replace('〇', '零')}年{han(d.month)}月{han(d.day)}日",
    "numerals ring": lambda d: f"{_han_year(d).replace('〇', 'Ο')}年{han(d.month)}月{han(d.day)}日",
    "two digits": lambda d: f"{d:%y-%m-%d}",
    "two digits dots": lambda d: f"{d:%y.%m.%d}",
    "two digits slash": lambda d: f"{d:%y/%m/%d}",
    "two digits square": lambda d: f"[{d:%y-%m-%d}]",
    "two digits han": lambda d: f"{d.year % 100}年{d.month}月{d.day}日",
    "two digits quote": lambda d: f"'{d:%y-%m-%d}",
    "roc": lambda d: f"民國{d.year - 1911}年{d.month}月{d.day}日",
    "roc simple": lambda d: f"中华民国{d.year - 1911}年{d.month:02}月{d.day:02}日",
    "roc bare": lambda d: f"{d.year - 1911}-{d.month:02}-{d.day:02}",
    "roc slash": lambda d: f"{d.year - 1911}/{d.month:02}/{d.day:02}",
    "roc dots": lambda d: f"{d.year - 1911}.{d.month:02}.{d.day:02}",
    "roc han": lambda d: f"{d.year - 1911}年{d.month}月{d.day}日",
    "english": lambda d: f"{d:%b} {d.day}, {d.year}",
    "english long": lambda d: f"{d:%B} {d.day}, {d.year}",
    "english first": lambda d: f"{d:%d} {d:%b} {d.year}",
    "english dashes": lambda d: f"{d:%d}-{d:%b}-{d.year}",
    "english dot": lambda d: f"{d:%b}. {d.day}, {d.year}",
    "english th": lambda d: f"{d.day}th {d:%B} {d.year}",
    "english of": lambda d: f"{d.day} of {d:%B}, {d.year}",
    "english weekday": lambda d: f"{d:%a}, {d:%d} {d:%b} {d.year} 10:20:30 GMT",
    "english updated": lambda d: f"Updated: {d.isoformat()}",
    "english short year": lambda d: f"{d:%d}-{d:%b}-{d:%y}",
    "english year first": lambda d: f"{d.year} {d:%b} {d.day}",
    "unix date": lambda d: f"{d:%a %b %d} 10:20:30 CST {d.year}",
    "american": lambda d: f"{d:%m/%d/%Y}",
    "british dots": lambda d: f"{d:%d.%m.%Y}",
    "day month dash": lambda d: f"{d:%d-%m-%Y}",
    "nested tags": lambda d: f"<em>{d.year}</em>-<em>{d.month:02}</em>-<em>{d.day:02}</em>",
    "entities": lambda d: f"&#91;{d.isoformat()}&#93;",
    "nbsp": lambda d: f"&nbsp;&nbsp;{d.isoformat()}&nbsp;",
    "zero width": lambda d: f"\u200b{d.isoformat()}\u200b",
    "blanks in": lambda d: f"{d.year} - {d.month:02} - {d.day:02}",
    "en dash": lambda d: f"{d.year}–{d.month:02}–{d.day:02}",
    "tilde no": lambda d: f"{d.year}年{d.month:02}月{d.day:02}号",
}
"""Whole days printed as text."""

YEARLESS: dict[str, Printer] = {
    "yearless": lambda d: f"{d:%m-%d}",
    "yearless square": lambda d: f"[{d:%m-%d}]",
    "yearless round": lambda d: f"（{d:%m-%d}）",
    "yearless slash": lambda d: f"{d:%m/%d}",
    "yearless slash bare": lambda d: f"{d.month}/{d.day}",
    "yearless dots": lambda d: f"{d:%m.%d}",
    "yearless han": lambda d: f"{d.month}月{d.day}日",
    "yearless han zero": lambda d: f"{d.month:02}月{d.day:02}日",
    "yearless time": lambda d: f"{d:%m-%d} 10:20",
    "yearless han time": lambda d: f"{d.month}月{d.day}日 10:20",
    "yearless label": lambda d: f"发布时间：{d:%m-%d}",
    "yearless english": lambda d: f"{d:%b} {d.day}",
    "yearless english first": lambda d: f"{d.day} {d:%b}",
    "yearless split": lambda d: f"<b>{d.day:02}</b><i>{d.month:02}月</i>",
    "yearless split month": lambda d: f"<i>{d.month}月</i><b>{d.day}日</b>",
    "yearless split english": lambda d: f"<b>{d.day:02}</b><i>{d:%b}</i>",
    "yearless numerals": lambda d: f"{han(d.month)}月{han(d.day)}日",
}
"""Days without a year; the last such day is meant."""

MONTHLY: dict[str, Printer] = {
    "month": lambda d: f"{d:%Y-%m}",
    "month han": lambda d: f"{d.year}年{d.month}月",
    "month square": lambda d: f"[{d:%Y-%m}]",
    "month slash": lambda d: f"{d:%Y/%m}",
    "month dots": lambda d: f"{d:%Y.%m}",
    "month english": lambda d: f"{d:%b} {d.year}",
    "month english long": lambda d: f"{d:%B}, {d.year}",
    "month numerals": lambda d: f"{_han_year(d)}年{han(d.month)}月",
}
"""Only the month: a range."""

SPLIT: dict[str, Printer] = {
    "day, year-month": lambda d: f"<b>{d.day:02}</b><i>{d:%Y-%m}</i>",
    "day, year.month": lambda d: f"<b>{d.day}</b><i>{d:%Y.%m}</i>",
    "day, year/month": lambda d: f"<b>{d.day:02}</b><i>{d:%Y/%m}</i>",
    "day, han": lambda d: f"<b>{d.day:02}</b><i>{d.year}年{d.month}月</i>",
    "day sign, han": lambda d: f"<b>{d.day}日</b><i>{d.year}年{d.month}月</i>",
    "year-month, day": lambda d: f"<i>{d:%Y-%m}</i><b>{d.day:02}</b>",
    "year-month-, day": lambda d: f"<i>{d:%Y-%m}-</i><b>{d.day:02}</b>",
    "han, day": lambda d: f"<i>{d.year}年{d.month}月</i><b>{d.day}日</b>",
    "month-day, year": lambda d: f"<b>{d:%m-%d}</b><i>{d.year}</i>",
    "month/day, year": lambda d: f"<b>{d:%m/%d}</b><i>{d.year}</i>",
    "month.day, year": lambda d: f"<b>{d:%m.%d}</b><i>{d.year}</i>",
    "month day han, year": lambda d: f"<b>{d.month}月{d.day}日</b><i>{d.year}年</i>",
    "year, month-day": lambda d: f"<i>{d.year}</i><b>{d:%m-%d}</b>",
    "year han, month day han": lambda d: f"<i>{d.year}年</i><b>{d.month}月{d.day}日</b>",
    "day, month, year": lambda d: f"<b>{d.day:02}</b><i>{d.month}月</i><u>{d.year}</u>",
    "day, bare month, year": lambda d: f"<b>{d.day:02}</b><i>{d.month:02}</i><u>{d.year}</u>",
    "year, month, day": lambda d: f"<u>{d.year}年</u><i>{d.month}月</i><b>{d.day}日</b>",
    "year, bare month, day": lambda d: f"<u>{d.year}</u><i>{d.month:02}</i><b>{d.day:02}</b>",
    "month, day, year": lambda d: f"<i>{d.month}月</i><b>{d.day}</b><u>{d.year}</u>",
    "english day, month, year": lambda d: f"<b>{d.day}</b><i>{d:%b}</i><u>{d.year}</u>",
    "english month, day, year": lambda d: f"<i>{d:%B}</i><b>{d.day}</b><u>{d.year}</u>",
    "english day, month year": lambda d: f"<b>{d.day:02}</b><i>{d:%b} {d.year}</i>",
    "english upper": lambda d: (
        f"<b>{d.day:02}</b><i>{d:%b}</i><u>{d.year}</u>".upper().lower().replace(f"{d:%b}".lower(), f"{d:%b}".upper())
    ),
    "year, day, month": lambda d: f"<u>{d.year}</u><b>{d.day}日</b><i>{d.month}月</i>",
    "day, slash, year-month": lambda d: f"<b>{d.day:02}</b><s>/</s><i>{d:%Y-%m}</i>",
    "blocks": lambda d: f"<div><div>{d.day:02}</div><div>{d:%Y-%m}</div></div>",
    "month-day, time, year": lambda d: f"<b>{d:%m-%d}</b><i>{d.year}</i><u>10:20</u>",
    "two numbers, year": lambda d: f"<b>{d.month:02}/</b><b>{d.day:02}</b><i>{d.year}</i>",
    "day, english year": lambda d: f"<h5>{d.day:02}</h5><p>{d:%B}, {d.year}</p>",
    "numbers with dashes": lambda d: f"<u>{d.year}-</u><i>{d.month:02}-</i><b>{d.day:02}</b>",
}
"""Parts of a day in separate tags."""

ATTRIBUTES: dict[str, Printer] = {
    "datetime": lambda d: f"<time datetime='{d.isoformat()}'></time>",
    "datetime zone": lambda d: f"<time datetime='{d.isoformat()}T10:00:00+08:00'>{d:%m-%d}</time>",
    "time ago": lambda d: f"<time datetime='{d.isoformat()}T10:00:00Z'>很久以前</time>",
    "title": lambda d: f"<span title='{d.isoformat()}'></span>",
    "title beside yearless": lambda d: f"<span title='{d.isoformat()}'>{d:%m-%d}</span>",
    "title time beside yearless": lambda d: f"<span title='{d.isoformat()} 10:20:30'>[{d:%m-%d}]</span>",
    "title label": lambda d: f"<span title='发布时间：{d.isoformat()}'></span>",
    "data-time": lambda d: f"<span data-time='{d.isoformat()} 10:00:00'></span>",
    "data-date": lambda d: f"<span data-date='{d.year}/{d.month}/{d.day}'></span>",
    "data-publishtime": lambda d: f"<span data-publishtime='{d.isoformat()} 10:00:00'></span>",
    "data-pub-date": lambda d: f"<span data-pub-date='{d.isoformat()}'></span>",
    "data-timestamp": lambda d: f"<span data-timestamp='{_stamp(d)}'></span>",
    "data-time millis": lambda d: f"<span data-time='{_stamp(d) * 1000}'></span>",
    "content": lambda d: f"<meta itemprop='datePublished' content='{d.isoformat()}'>",
    "datetime compact": lambda d: f"<time datetime='{d:%Y%m%d}'></time>",
}

SCRIPTED: dict[str, Printer] = {
    "document.write": lambda d: f"<script>document.write('{d.isoformat()}')</script>",
    "substring": lambda d: f"<script>var d='{d.isoformat()} 10:20:30';document.write(d.substring(0,10))</script>",
}

ADDRESSES: dict[str, Printer] = {
    "trs": lambda d: f"/zwgk/{d:%Y%m}/t{d:%Y%m%d}_{d.toordinal()}.html",
    "trs p": lambda d: f"./{d:%Y%m}/P0{d:%Y%m%d}39{d.toordinal():010}.pdf",
    "hanweb": lambda d: f"/art/{d.year}/{d.month}/{d.day}/art_12_{d.toordinal()}.html",
    "gov.cn": lambda d: f"/zhengce/{d:%Y-%m/%d}/content_{d.toordinal()}.htm",
    "gov.cn new": lambda d: f"/zhengce/{d:%Y%m}/content_{d.toordinal()}.htm",
    "day folder hex": lambda d: f"/zwgk/{d:%Y%m%d}/{d.toordinal():032x}/c.html",
    "month hex": lambda d: f"/zwgk/{d:%Y%m}/{d.toordinal():032x}.shtml",
    "dashes": lambda d: f"/xw/{d.isoformat()}/{d.toordinal()}.html",
    "dashes id": lambda d: f"/xw/{d.isoformat()}-{d.toordinal()}.html",
    "month and day": lambda d: f"/xw/{d:%Y/%m%d}/{d.toordinal()}.html",
    "slashes": lambda d: f"/xw/{d:%Y/%m/%d}/{d.toordinal()}.shtml",
    "year-month folder": lambda d: f"/xw/{d:%Y-%m}/{d.toordinal()}.html",
    "year/month folder": lambda d: f"/xw/{d:%Y/%m}/{d.toordinal()}.html",
    "month folder day": lambda d: f"/xw/{d:%Y%m}/{d:%d}/{d.toordinal()}.html",
    "long id": lambda d: f"/a/{d:%Y%m%d}{d.toordinal():07}.html",
    "long id 14": lambda d: f"/a/{d:%Y%m%d}102033.html",
    "long id 17": lambda d: f"/a/{d:%Y%m%d}102033123.shtml",
    "query id": lambda d: f"/show.asp?id={d:%Y%m%d}{d.toordinal():06}",
    "underscore": lambda d: f"/xw/content_{d:%Y%m%d}_{d.toordinal()}.html",
    "news day": lambda d: f"/news/{d:%Y%m%d}/{d.toordinal()}.html",
    "ordinal month": lambda d: f"/content/{d.year}-{d.month}/{d.day}/{d.toordinal()}.shtml",
    "webinfo": lambda d: f"/webinfo/{d.year}/{d.month:02}/{d.day:02}/{d.toordinal()}.shtml",
    "folder t": lambda d: f"/gk/t{d:%Y%m%d}_{d.toordinal()}.htm",
    "c day": lambda d: f"/n1/{d:%Y/%m%d}/c1001-{d.toordinal()}.html",
    "doc": lambda d: f"/doc/{d:%Y-%m-%d}/doc-{d.toordinal()}.shtml",
    "absolute": lambda d: f"http://www.shi.gov.cn/art/{d.year}/{d.month}/{d.day}/art_{d.toordinal()}.html",
    "jcms": lambda d: f"/module/download/{d:%Y%m%d}{d.toordinal():04}.html",
}
MONTH_ADDRESSES = {"month hex", "year-month folder", "year/month folder", "gov.cn new"}
DATELESS: dict[str, Printer] = {
    "post": lambda d: f"/content/post_{d.toordinal()}.html",
    "info": lambda d: f"/info/1535/{d.toordinal()}.htm",
    "n": lambda d: f"/n/{d.toordinal()}/index.html",
    "uuid": lambda d: f"/art/2e3f{d.toordinal():04x}-20ab-4c11-9201-{d.toordinal():012x}.html",
    "phone-like": lambda d: f"/show/{d.toordinal()}20261301.html",
    "hex with a day": lambda d: f"/a/f{d.toordinal()}20261101ab{d.toordinal():08x}.html",
    "id": lambda d: f"/a.jsp?urltype=news.NewsContentUrl&wbtreeid=1021&wbnewsid={d.toordinal()}",
}

RELATIVE: dict[str, Printer] = {
    "ago": _ago,
    "hours": lambda d: {0: "2小时前", 1: "26小时前"}.get((TODAY - d).days, f"{(TODAY - d).days}天前"),
    "time": lambda d: {0: "今天 10:20", 1: "昨天 09:01", 2: "前天 08:00"}.get((TODAY - d).days, f"{d:%m-%d}"),
    "english ago": lambda d: {0: "just now", 1: "yesterday"}.get((TODAY - d).days, f"{(TODAY - d).days} days ago"),
    "weeks": lambda d: {0: "今天", 1: "昨日", 2: "2日前"}.get((TODAY - d).days, f"{(TODAY - d).days} 天前"),
}

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
NEEDS_TWO = {"two cells"}

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


def pick(entry: Entry, printed: Printer) -> Entry:
    """The entry with its day printed so."""
    return replace(entry, printed=printed(entry.day))


def days(count: int, newest: date, step: int = 3) -> list[date]:
    """Falling days, as lists show them."""
    return [newest - timedelta(days=step * at + at % 2) for at in range(count)]
