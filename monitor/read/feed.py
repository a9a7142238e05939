"""A feed's bytes become a Reading with entries: RSS 0.9x–2.0, RDF, Atom by feedparser, JSON Feed by ourselves.

Reads bytes; gives entries with the dates their source states, read by our own parser (feedparser's are wrong for
Chinese feeds). The body is transcoded before feedparser sees it and entity declarations are cut out. CPU heavy: run
it through monitor/observe/feedworker.py. An empty or broken feed is a blind source, never a silent account; so is one
in which a bridge tells of its own error in the place of posts.
"""

import gzip
import io
import json
import re
import zlib
from datetime import date
from typing import Any, NamedTuple

import feedparser

from monitor.model import Entry, Reading, State, TargetKind
from monitor.read.captured import CaptureDay
from monitor.read.charset import decode
from monitor.read.feeddates import Dated, read_feed_date
from monitor.read.html import squeeze
from monitor.read.links import canonical
from monitor.read.reposts import originality

MAX_FEED = 2 << 20  # bytes; 2.8 MB in 100,000 items cost feedparser 5.6 s (libraries.md §4)
MAX_ENTRIES = 2000
_XML = re.compile(
    rb"^\s*(?:<\?xml|<!--|<!DOCTYPE\s+(?:rss|rdf|feed|channel)|<(?:\w+:)?(?:rss|rdf|feed|entry|channel)[\s>:/])",
    re.IGNORECASE,
)
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed|entry|channel)[\s>/]", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BRIDGE = re.compile(r"Bridge returned error \d+!")
"""Titles of entries that are no posts: RSS-Bridge puts its own errors into the feed, dated now (its issue 1849)."""
_TROUBLE = re.compile(
    r"(?:(?:error|错误|提示|[a-z0-9]{2,12})\s*[:：]?\s*)?(?:"
    r"(?:获取|抓取|采集|请求|加载|解析)(?:数据|内容|文章|列表|页面)?(?:失败|出错|异常)|"
    r"(?:cookie|token|(?:账号)?(?:登[录陆]|授权|会话)(?:状态|信息)?|订阅|服务)\s*已?经?(?:失效|过期|到期)|请重新(?:登[录陆]|扫码|授权)|没有更新内容|"
    r"该(?:公众号|账号)已?(?:被)?(?:封禁|冻结|注销|停用|屏蔽)|请在微信客户端打开链接|访问过于频繁|this route is empty|feed limit reached|"
    r"(?:http\s*)?[45]\d\d\s+(?:forbidden|not found|unauthorized|too many requests|bad gateway|service unavailable|internal server error)"
    r")(?:[\s,，:：。！!(（;；-].{0,24})?",
    re.IGNORECASE,
)
"""All that a title of such an entry says, whatever the bridge: made from the wording of the usual ones (公众号 bridges, RSSHub, proxies)."""
_DATES = (("published",), ("updated", "created"))  # feedparser's own names: issued is published, dc:date is updated
_HEADERS = {"content-type": "application/xml; charset=utf-8"}


def looks_like_feed(body: bytes) -> bool:
    """True for XML with a feed's root, JSON Feed, and feeds served packed."""
    head = body[:4096]
    if head.startswith(b"\x1f\x8b"):
        return True
    text = decode(head).text.lstrip("\ufeff \t\r\n\x00")
    if text.startswith("{"):
        return "jsonfeed.org" in text or ('"items"' in text and '"version"' in text)
    return (
        bool(_XML.match(text.encode("utf-8", "replace"))) and bool(_ROOT.search(text)) and "<html" not in text.lower()
    )


def _tells_trouble(title: str) -> bool:
    """True when an entry is no post but the bridge's own trouble."""
    return _BRIDGE.search(title) is not None or _TROUBLE.fullmatch(title.strip()) is not None


def read_feed(body: bytes, *, url: str | None, charset: str | None, captured: date, zone: int = 8) -> Reading:
    """The entries of a feed. State `listed` with entries, `blank` for a sound feed without any, else `unreadable`.

    `zone` is that of times which print none, in hours east of UTC.
    """
    raw = _unpacked(body)
    if raw is None or len(raw) > MAX_FEED or not raw.strip():
        return _unreadable(None)
    decoded = decode(raw, charset)
    text = decoded.text.lstrip("\ufeff \t\r\n\x00")
    today = CaptureDay.of(captured)
    read = _json_feed if text.startswith("{") else _xml_feed
    title, found, sound = read(text, url, _Told(today, zone))
    entries = [one for one in found if not _tells_trouble(one[0].title or "")]
    if not entries and (found or not sound):
        return _unreadable(decoded.encoding)
    dates = [dated for _, dated in entries if dated is not None]
    newest = max((one for one in dates if one.day <= today), key=lambda one: one.instant, default=None)
    return Reading(
        kind=TargetKind.ACCOUNT,
        state=State.LISTED if entries else State.BLANK,
        encoding=decoded.encoding,
        title=title,
        newest_date=newest.shanghai_day if newest is not None else None,
        newest_precision="day" if newest is not None else None,
        ahead=newest is None and bool(dates),
        entries=tuple(entry for entry, _ in entries),
        timeless=today.timeless,
    )


class _Told(NamedTuple):
    """What dates are read by."""

    today: date
    zone: int


def _unreadable(encoding: str | None) -> Reading:
    return Reading(kind=TargetKind.ACCOUNT, state=State.UNREADABLE, encoding=encoding)


def _unpacked(body: bytes) -> bytes | None:
    """A feed sent as a gzip file, unpacked up to the cap; None when it is broken or a bomb."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            return file.read(MAX_FEED + 1)
    except (OSError, EOFError, zlib.error):
        return None


def _xml_feed(text: str, url: str | None, told: _Told) -> tuple[str | None, list[tuple[Entry, Dated | None]], bool]:
    """Title, entries, and whether it is a feed at all."""
    plain = _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)
    if _ROOT.search(plain[:20_000]) is None:
        return None, [], False
    alone = re.match(r"\s*(?:<!--.*?-->\s*)*<(?:\w+:)?entry[\s>]", plain, re.DOTALL)
    if alone is not None:  # a single Atom entry document, RFC 4287 §4.1.2
        plain = f'<feed xmlns="http://www.w3.org/2005/Atom">{plain}</feed>'
    parsed: Any = feedparser.parse(
        io.BytesIO(plain.encode("utf-8", "replace")),
        response_headers=_HEADERS,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    base = str(parsed.feed.get("link") or "") or url
    title = _text(parsed.feed.get("title"))
    entries = [_entry(one, _base(base, url), title or "", told) for one in parsed.entries[:MAX_ENTRIES]]
    sound = bool(parsed.version) and (not parsed.bozo or bool(entries) or _harmless(parsed.get("bozo_exception")))
    return title, entries, sound


def _harmless(problem: object) -> bool:
    """Problems of declarations, not of the document."""
    return type(problem).__name__ in {"CharacterEncodingOverride", "NonXMLContentType"}


def _base(link: str | None, url: str | None) -> str | None:
    return canonical(link, url) if link else url


def _entry(one: dict[str, Any], base: str | None, account: str, told: _Told) -> tuple[Entry, Dated | None]:
    dated = _newest(one, told)
    link, title = _text(one.get("link")), _text(one.get("title"))
    url = canonical(link, base) if link else None
    content, source = one.get("content"), dict.get(one, "source")
    own = originality(
        title=title or "",
        tags=[str(tag.get("term") or "") for tag in one.get("tags") or ()],
        text=str(content[0].get("value") or "" if content else one.get("summary") or ""),
        source=_text(source.get("title")) or "" if source else "",
        account=account,
    )
    return Entry(_text(one.get("id")) or url, title, url, _believed(dated, told), own), dated


def _believed(dated: Dated | None, told: _Told) -> str | None:
    """The date as it is told; one to come is none."""
    return dated.text if dated is not None and dated.day <= told.today else None


def _newest(one: dict[str, Any], told: _Told) -> Dated | None:
    """When it was published; only without that when it was changed; only without both a day still to come.

    By dict.get: feedparser's own `get` answers `published` when asked for a missing `updated`.
    """
    groups = [[_text(dict.get(one, name)) for name in names] for names in _DATES]
    return _latest(groups, told)


def _latest(groups: list[list[str | None]], told: _Told) -> Dated | None:
    """The latest of the first group with a date to believe; else of the first with one at all, which is to come."""
    for limit in (told.today, date.max):
        for group in groups:
            found = [dated for raw in group if (dated := read_feed_date(raw, limit, told.zone)) is not None]
            if found:
                return max(found, key=lambda dated: dated.instant)
    return None


def _json_feed(text: str, url: str | None, told: _Told) -> tuple[str | None, list[tuple[Entry, Dated | None]], bool]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None, [], False
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        return None, [], False
    base = _base(_text(data.get("home_page_url")), url)
    title = _text(data.get("title"))
    return (
        title,
        [_json_entry(one, base, title or "", told) for one in items[:MAX_ENTRIES] if isinstance(one, dict)],
        True,
    )


def _json_entry(one: dict[str, Any], base: str | None, account: str, told: _Told) -> tuple[Entry, Dated | None]:
    dated = _latest([[_text(one.get("date_published"))], [_text(one.get("date_modified"))]], told)
    link = _text(one.get("url")) or _text(one.get("external_url"))
    url = canonical(link, base) if link else None
    tags, title = one.get("tags"), _text(one.get("title"))
    own = originality(
        title=title or "",
        tags=[tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else (),
        text=str(one.get("content_html") or one.get("content_text") or ""),
        source="",
        account=account,
    )
    return Entry(_text(one.get("id")) or url, title, url, _believed(dated, told), own), dated


def _text(value: object) -> str | None:
    if isinstance(value, (int, float)):
        value = str(value)
    if not isinstance(value, str):
        return None
    return squeeze(value.encode("utf-8", "replace").decode()) or None  # JSON may hold half characters
