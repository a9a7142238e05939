"""What a page is built of: its own scripts and style sheets, and whose scripts and frames it takes from elsewhere.

Reads a Document; gives what a later look compares with (monitor/model/familiar.py). A guest is ordinary: suspected is one that
was never there before. Services that pages take everywhere, and hosts the page refers to otherwise, are no guests.
"""

import re
from collections.abc import Iterator
from zlib import crc32

from monitor.model import Guest
from monitor.read.html import Document, Node
from monitor.read.links import host_of, site_of
from monitor.read.scripts import referred
from monitor.read.strangers import is_stranger, serves_others

MOST = 12  # guests told of one page, and own parts remembered of it
SHOWN = 160  # characters of an address
_SERVICES = re.compile(
    r"kefu|chat|robot|video|vod|live|play|map|tianqi|weather|wza|aria|barrier|sso|login|pay|captcha|font|img|image|pic|res\d?\.|resource|file|oss|cos|cloud|api|open|sdk|monitor|"
    r"search|tts|voice|vote|survey|form|mail|share|qrcode|verify|safe|waf"
)
"""Parts of the names of hosts that pages take services from; a new one of them is no news."""


def guests_of(document: Document, host: str) -> tuple[Guest, ...]:
    """Scripts and frames of strangers on a page of `host`, one for each site they come from; none when it is not known."""
    found: dict[str, Guest] = {}
    for node, other in _from_elsewhere(document):
        if host and is_stranger(other, host) and not serves_others(other) and not _SERVICES.search(other):
            found.setdefault(site_of(other), Guest(site_of(other), node.get("src").strip()[:SHOWN], _kind(node)))
    if not found:
        return ()
    known = referred(document, set(found))
    return tuple(one for site, one in found.items() if site not in known)[:MOST]


def parts_of(document: Document) -> tuple[str, ...]:
    """Its own scripts and style sheets, as short numbers of their addresses without what stands behind the question mark."""
    named = (_own(node) for node in document.all("script", "link"))
    return tuple(dict.fromkeys(f"{crc32(name.encode('utf-8', 'replace')):x}" for name in named if name))[:MOST]


def _from_elsewhere(document: Document) -> Iterator[tuple[Node, str]]:
    for node in document.all("script", "iframe", "frame"):
        source = node.get("src").strip()
        if source[:4].lower() == "http" or source[:2] == "//":
            yield node, host_of(f"http:{source}" if source[:2] == "//" else source)


def _kind(node: Node) -> str:
    return "script" if node.tag == "script" else "frame"


def _own(node: Node) -> str:
    """The path of a script or style sheet of the page's own; "" for everything else."""
    if node.tag == "link" and "stylesheet" not in node.get("rel").lower():
        return ""
    source = (node.get("src") or node.get("href")).strip().partition("?")[0]
    return "" if ":" in source or source[:2] == "//" else source
