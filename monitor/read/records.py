"""Data as a list: an array of objects with title-like, address-like and date-like keys becomes items.

Reads plain values (JSON); gives Items with their days in Shanghai. The names of keys are those that platforms use; which
of them a list goes by is decided for the list as a whole. A date of making or of expiry is no publish date.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape, unescape

from monitor.model import Item
from monitor.read.dates import find_dates, read_day
from monitor.read.feeddates import read_feed_date
from monitor.read.html import squeeze
from monitor.read.links import Addresses

MAX_VALUES = 300_000  # looked at in one answer; 3 MB of a real one hold half of that
MAX_ROWS = 2_000  # of one list; answers hold 10 to 100
MAX_TITLE = 500  # characters
SHORT = 16  # characters of a date without a year, or of a month
KEYS = 60  # of one object looked at


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TITLES = _words(
    "title doctitle articletitle newstitle infotitle contenttitle noticetitle filetitle showtitle bt biaoti wjbt xxbt topic headline "
    "subject titlename docname filename articlename infoname name mc wjmc text 标题 名称"
)
ADDRESSES = _words(
    "url href link docpuburl puburl posturl articleurl newsurl infourl contenturl detailurl pageurl htmlurl staticurl fullurl weburl "
    "linkurl jumpurl visiturl arturl docurl path filepath lj dz 链接"
)
DATES = _words(
    "displaypublishtime displaytime displaydate showtime showdate visiblepublishtime publishtime publishdate publishedtime publishedat "
    "publisheddate publishat pubtime pubdate publicationdate releasetime releasedate docreltime docpubtime docpubdate posttime postdate "
    "deploytime issuetime issuedate opentime opendate fbsj fbrq fabushijian firstpublishtime firstpublish newsdate newstime articledate "
    "infodate gksj date time datetime rq sj day datestr timestr createtime createdate created createdat createddate crtime inputtime "
    "inputdate addtime adddate intime cjsj ctime updatetime updatedate updatedat 发布时间 发布日期 日期 时间"
)
_IDS = re.compile(r"id$|^docid|^key$|^uuid|^code$|^bh$|编号")
_SIDE = re.compile(
    r"hot|rank|recommend|related|banner|slide|carousel|focus|menu|nav|friend|link|attach|file|pic|img|tuijian"
)
_PLAIN = re.compile(r"[^a-z\u4e00-\u9fff]")
_TAGS = re.compile(r"<[^<>]{0,400}>")
_READS = re.compile(r"[^\W\d_]")
_COMPACT = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?")
_NET = re.compile(r"/Date\((\d{9,14})")
_LONG_AGO = date(1990, 1, 1)
_FAR = date(9000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an adapter found, best first: items; markup to read instead of the page; addresses that must be asked.

    `empty` when an answer itself counts none; `instead` when it is the list whatever else the page shows. `asks` are calls that
    a program makes in a way which no address can say, as a person reads them: "POST https://…".
    """

    why: str
    items: tuple[Item, ...] = ()
    html: str = ""
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    empty: bool = False
    instead: bool = False


def best_items(data: object, addresses: Addresses, today: date) -> tuple[Item, ...]:
    """The items of the largest dated list anywhere in the data, () when there is none."""
    best: tuple[Item, ...] = ()
    most = 0.0
    for name, rows in tables_in(data):
        weight = len(rows) * (0.1 if _SIDE.search(name.lower()) else 1)
        if weight > most and (items := items_of(rows, addresses, today)):
            best, most = items, weight
    return best


def items_of(rows: Sequence[Mapping[str, object]], addresses: Addresses, today: date) -> tuple[Item, ...]:
    """The rows as items, () when half of them show no title with a date, or nothing tells them apart."""
    keys = [{plain_key(key): key for key in list(row)[:KEYS]} for row in rows]
    title = _common(keys, rows, TITLES, lambda value: title_of(value) is not None)
    dated = _common(keys, rows, DATES, lambda value: day_of(value, _FAR) is not None)
    address = _common(keys, rows, ADDRESSES, lambda value: address_in(value, addresses) is not None)
    if title is None or dated is None or not (address or any(_IDS.search(name) for name in keys[0])):
        return ()
    items = []
    for named, row in zip(keys, rows, strict=True):
        text = title_of(row.get(named.get(title, "")))
        if text is not None:
            day = day_of(row.get(named.get(dated, "")), today)
            url = address_in(row.get(named[address]), addresses) if address in named else None
            items.append(Item(text, url, day, "script" if day else None))
    return tuple(items)


def title_of(value: object) -> str | None:
    """The text of a title, its markup taken off; None when it is none."""
    if not isinstance(value, str) or len(value) > 4 * MAX_TITLE or value.startswith(("http://", "https://")):
        return None
    text = squeeze(unescape(_TAGS.sub("", unescape(value)) if "<" in value or "&" in value else value))
    return text[:MAX_TITLE] if len(text) > 1 and _READS.search(text) else None


def day_of(value: object, today: date) -> str | None:
    """The day in Shanghai that a value tells (seconds or milliseconds since 1970, or printed), none after `today`."""
    if isinstance(value, Mapping):
        value = value.get("time") or value.get("$date")  # a Java or Mongo date
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    text = value.strip() if isinstance(value, str) else f"{value:.0f}" if 0 < value < 1e14 else ""
    if not text or len(text) > 64:
        return None
    net = _NET.match(text)
    text = net[1] if net is not None else text
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        return read_day(int(compact[1]), int(compact[2]), int(compact[3]), today)
    told = read_feed_date(text, today)
    if told is not None:
        day = date.fromisoformat(told.shanghai_day)
        return day.isoformat() if _LONG_AGO <= day <= today else None
    found = find_dates(text, today) if len(text) <= SHORT and not text.isdigit() else []
    return found[0].date if len(found) == 1 else None


def written_out(items: Sequence[Item]) -> str:
    """The items as HTML, so that what reads links of pages reads theirs."""
    rows = [f"<li><a href='{escape(item.url)}'>{escape(item.title)}</a></li>" for item in items if item.url]
    return f"<ul>{''.join(rows)}</ul>"


def tables_in(data: object) -> Iterator[tuple[str, list[Mapping[str, object]]]]:
    """Every array of objects with the key it stands under, as deep as it may stand."""
    waiting: list[tuple[str, object]] = [("", data)]
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        name, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(str(key), one) for key, one in value.items() if isinstance(one, (Mapping, list))]
        elif isinstance(value, list):
            rows = [one for one in value[:MAX_ROWS] if isinstance(one, Mapping)]
            if rows and 2 * len(rows) >= min(len(value), MAX_ROWS):
                yield name, rows
            waiting += [(name, one) for one in value[:MAX_ROWS] if isinstance(one, (Mapping, list))]


def _common(
    keys: Sequence[Mapping[str, str]],
    rows: Sequence[Mapping[str, object]],
    wanted: Sequence[str],
    fits: Callable[[object], bool],
) -> str | None:
    """The first of the wanted keys that fits in half of the rows."""
    there = Counter(name for named in keys for name in named)
    for name in wanted:
        if 2 * there[name] < len(rows):
            continue
        good = sum(1 for named, row in zip(keys, rows, strict=True) if name in named and fits(row[named[name]]))
        if 2 * good >= len(rows):
            return name
    return None


def plain_key(key: object) -> str:
    """The name of a key in small letters, without signs and digits."""
    return _PLAIN.sub("", str(key)[:64].lower())


def address_in(value: object, addresses: Addresses) -> str | None:
    """What the value leads to, where it is written like an address."""
    if not isinstance(value, str) or not ("/" in value or "." in value) or " " in value.strip():
        return None
    return addresses.of(value.strip())
