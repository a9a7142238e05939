"""When a page was published by what it declares and does not print: page tags, microdata, JSON-LD.

Reads a Document; gives ISO with +08:00, or a date alone, or None. A time with a zone is told in Shanghai's; a day later than
the day of capture is none. Weaker than anything printed (DESIGN.md §4.4).
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from monitor.read.dates import SURE, find_dates
from monitor.read.html import Document

_NAMES = frozenset(
    [
        *("article:published_time", "og:article:published_time", "og:published_time", "og:release_date", "og:pubdate"),
        *("publishdate", "publish-date", "publish_date", "publish_time", "publishtime", "pubdate", "pubtime"),
        *("datepublished", "article.published", "dc.date.issued", "dcterms.issued", "weibo:article:create_at"),
        "bytedance:published_time",
    ]
)
_JSON = re.compile(r"\"(?:datePublished|pubDate)\"\s*:\s*\"([^\"\n]{8,40})\"", re.IGNORECASE)
_LONGEST = 50_000  # characters of JSON-LD looked at
_TIME = re.compile(
    r"[T\s]\s*([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
SHANGHAI = timezone(timedelta(hours=8))


def tagged_date(document: Document, meta: dict[str, str], today: date) -> str | None:
    """The first day a page declares, the state's own tag before all others."""
    return next((day for value in _values(document, meta) if (day := _read(value, today)) is not None), None)


def _values(document: Document, meta: dict[str, str]) -> Iterator[str]:
    if "PubDate" in meta:
        yield meta["PubDate"]
    for node in document.all("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        if name.strip().lower() in _NAMES:
            yield node.get("content")
    for node in document.all("time"):
        if node.get("itemprop").lower() == "datepublished" or "pubdate" in node.attrs:
            yield node.get("datetime")
    for node in document.all("script"):
        if "ld+json" in node.get("type").lower():
            yield from (found[1] for found in _JSON.finditer(node.text[:_LONGEST]))


def _read(value: str, today: date) -> str | None:
    found = next((one for one in find_dates(value, today) if one.form in SURE), None)
    if found is None:
        return None
    match = _TIME.match(value, found.end)
    if match is None:
        return found.date
    told = f"{found.date}T{int(match[1]):02d}:{match[2]}" + (f":{match[3]}" if match[3] else "")
    if not match[4]:
        return f"{told}+08:00"
    zone = "+00:00" if match[4] in "Zz" else match[4]
    try:
        here = datetime.fromisoformat(told + zone).astimezone(SHANGHAI)
    except ValueError:
        return found.date
    spec = "seconds" if match[3] else "minutes"
    return here.isoformat(timespec=spec) if here.date() <= today else None
