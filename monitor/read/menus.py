"""Menus that no link shows: clicks, and what scripts write or hold as data, for proposing an inventory (columns.py).

Reads a Gathered page; gives elements with the address a click on them leads to, and the markup of a menu made of literals in
its scripts. Also takes what is of one visitor alone out of addresses. Never runs a script, never fetches.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import urlsplit, urlunsplit

from monitor.read.adapters import written
from monitor.read.carried import click
from monitor.read.gathered import Gathered
from monitor.read.html import Node
from monitor.read.literal import arrays_in

MAX_SCRIPT = 300_000  # characters; a longer one is a library
MAX_ENTRIES = 2_000  # of the menus in scripts of one page
LONGEST = 16  # characters of an entry's name
_NAMES = ("name", "title", "text", "label", "channelname", "columnname", "menuname", "lmmc", "mc")
_ADDRESSES = ("url", "href", "link", "path", "linkurl", "channelurl", "menuurl", "lj")
_DATES = re.compile(r"date|time|riqi|rq$", re.IGNORECASE)
_CALLED = re.compile(
    r"^\s*(?:javascript:)?\s*[\w$.]{1,60}\(\s*(?:'((?:https?://|\.{0,2}/)[^'\\\s]{1,500})'|\"((?:https?://|\.{0,2}/)[^\"\\\s]{1,500})\")"
)
_VISITOR = re.compile(
    r"^(?:phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|session_?id|cfid|cftoken)=", re.IGNORECASE
)
_MOMENT = re.compile(r"^(?:t|_|ts|time|timestamp|rnd|rand|random|r|v)=(?:\d{10,}|0?\.\d+)$", re.IGNORECASE)


def clickable(page: Gathered) -> Iterator[tuple[Node, str]]:
    """What a visitor sees and clicks, with the address as written."""
    for node in page.document.bearing:
        if node.index in page.hidden:
            continue
        attrs = node.attrs
        href = (
            node.get("value") if node.tag == "option" else node.get("href") if node.tag in {"a", "area"} else ""
        ).strip()
        if href and not href.lower().startswith(("javascript:", "#")):
            yield node, href
        elif (code := attrs.get("onclick") or (href if href[:1] in "jJ" else "")) and (to := _click(code)) is not None:
            yield node, to


def of_scripts(page: Gathered) -> str:
    """The menus that scripts write or hold as data, as HTML; "" when there are none."""
    text = page.document.source
    made = written.find(page) if any(mark in text for mark in written.MARKS) else None
    entries = [
        one for node in page.document.all("script") if 0 < len(node.text) < MAX_SCRIPT for one in _entries(node.text)
    ]
    rows = [f"<li><a href='{escape(url)}'>{escape(name)}</a></li>" for name, url in entries[:MAX_ENTRIES]]
    return (made.html if made is not None else "") + (f"<ul>{''.join(rows)}</ul>" if rows else "")


def for_everybody(url: str) -> str:
    """The address without what names one visitor or the moment of a visit."""
    if "?" not in url:
        return url
    parts = urlsplit(url)
    kept = [one for one in parts.query.split("&") if not _VISITOR.match(one) and not _MOMENT.match(one)]
    return urlunsplit(parts._replace(query="&".join(kept)))


def _click(code: str) -> str | None:
    """Where a click leads: an address that its script goes to, or hands to a function of the page."""
    found = click(code.removeprefix("javascript:"))
    called = _CALLED.match(code) if found is None else None
    return found if called is None else called[1] or called[2]


def _entries(script: str) -> Iterator[tuple[str, str]]:
    """Names and addresses of the menus among the data of a script, with what hangs below them."""
    waiting: list[object] = [row for table in arrays_in(script) if isinstance(table, list) for row in reversed(table)]
    for _ in range(MAX_ENTRIES):
        if not waiting:
            return
        row = waiting.pop()
        if not isinstance(row, Mapping):
            continue
        told = {str(key).lower(): value for key, value in row.items()}
        name = next((value for key in _NAMES if isinstance(value := told.get(key), str)), "").strip()
        url = next((value for key in _ADDRESSES if isinstance(value := told.get(key), str)), "").strip()
        if 2 <= len(name) <= LONGEST and url and not any(_DATES.search(key) for key in told):
            yield name, url
        waiting += [one for value in row.values() if isinstance(value, list) for one in reversed(value)]
