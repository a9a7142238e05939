"""Ways to print a day, or to put it into an address: every dialect that lists are written in.

A dialect makes markup (or an address) of a day. `shapes.py` has the lists it stands in, `test_crossed.py` crosses them.
"""

from collections.abc import Callable
from datetime import date

from tests.read.samples import TODAY

DIGITS = "〇一二三四五六七八九"


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
