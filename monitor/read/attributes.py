"""Dates in attributes made for them, in titles that say 发布时间, and in machine-readable elements.

Reads a Document; gives which element shows which day. Seconds and milliseconds since 1970 and times in UTC become days in
Shanghai; an attribute that counts down or names a deadline is not looked at.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from monitor.read.bounds import MAX_DATED, TooMuch
from monitor.read.dates import SURE, Found, find_dates, read_day
from monitor.read.html import Document, Node

_STEMS = ("date", "time", "datetime", "timestamp", "pubdate", "publish", "pubtime")
_PARTS = ("publish", "pub", "release", "create", "created", "update", "updated", "issue", "post")
DATE_ATTRIBUTES = frozenset(
    ["datetime", "pubdate", "publishtime", "publishdate", "pubtime", "date"]
    + ["data-" + stem for stem in _STEMS]
    + [f"data-{part}{dash}{stem}" for part in _PARTS for dash in ("", "-") for stem in ("date", "time")]
)
_ITEMPROPS = frozenset({"datepublished", "datecreated", "datemodified"})
_NAMES = DATE_ATTRIBUTES | {"itemprop"}
_ENDS = frozenset("0123456789０１２３４５６７８９日])）】 \t\r\n\u3000\xa0")  # of a title that may end in a date
_BARE = re.compile(
    r"[\[(（【]?\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*[\])）】]?(?:\s+\d\d?:\d\d(?::\d\d)?)?"
)
_LABELS = ("发布时间", "发布日期")
_SINCE_1970 = re.compile(r"(1\d{9})(?:\d{3})?")  # seconds or milliseconds, from 2001 on
_UTC = re.compile(r"(\d{4})-(\d\d)-(\d\d)t(\d\d):\d\d(?::\d\d)?(?:\.\d+)?(?:z|\+00:?00)", re.IGNORECASE)
_SHANGHAI = 8  # hours ahead of UTC


def attribute_dates(document: Document, today: date) -> Iterator[tuple[Node, Found, str]]:
    """The element, its day and the value it was read from. Raises TooMuch."""
    looked = 0
    for node in _holders(document):
        value = _value(node)
        if not value:
            continue
        looked += 1
        if looked > MAX_DATED:
            raise TooMuch(f"more than {MAX_DATED} attributes that may be dates")
        found = _read(value.strip(), today)
        if found is not None:
            yield node, found, value


def _holders(document: Document) -> list[Node]:
    """Elements with such an attribute, or a title that ends like a date: few of many, told in one walk."""
    ends, names = _ENDS, _NAMES
    return [
        node
        for node in document.bearing
        if ("title" in (attrs := node.attrs) and (title := attrs["title"]) and title[-1] in ends)
        or not names.isdisjoint(attrs)
    ]


def _value(node: Node) -> str:
    """What an element says in an attribute that is made for dates, "" when nothing."""
    attrs = node.attrs
    if not DATE_ATTRIBUTES.isdisjoint(attrs):
        return next((value for name, value in attrs.items() if value and name in DATE_ATTRIBUTES), "")
    title = attrs.get("title")
    if title:
        return _titled(node, title)
    if "itemprop" in attrs and node.get("itemprop").lower() in _ITEMPROPS:
        return node.get("content")
    return ""


def _titled(node: Node, title: str) -> str:
    """A title that is a date, or whatever it says behind 发布时间."""
    labelled = max(title.rfind(label) for label in _LABELS)
    if labelled >= 0:
        return title[labelled:]
    return title if node.tag != "a" and _BARE.fullmatch(title.strip()) else ""


def _read(value: str, today: date) -> Found | None:
    since = _SINCE_1970.fullmatch(value)
    if since is not None:
        day = date(1970, 1, 1) + timedelta(hours=int(since[1]) // 3600 + _SHANGHAI)
        shown = read_day(day.year, day.month, day.day, today)
        return Found(shown, "full", 0, len(value)) if shown else None
    found = [one for one in find_dates(value, today) if one.form in SURE or one.form == "compact"]
    if len(found) != 1:
        return None
    utc = _UTC.fullmatch(value)
    if utc is not None and int(utc[4]) + _SHANGHAI >= 24:
        day = date(int(utc[1]), int(utc[2]), int(utc[3])) + timedelta(days=1)
        shown = read_day(day.year, day.month, day.day, today)
        return Found(shown, "full", 0, len(value)) if shown else None
    return found[0]
