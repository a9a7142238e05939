"""Signs that strangers wrote into a page. First version: blocks of foreign links that visitors cannot see (暗链).

Reads a Document and its links; gives Suspicions with the excerpt that shows each. A hidden menu of the site, or a hidden
list of other public bodies, is none. Words, titles and scripts come with the issue on reading like an inspector.
"""

import re

from monitor.model import Suspicion
from monitor.read.hidden import hides
from monitor.read.html import Document, Node, squeeze
from monitor.read.links import host_of, site_of

MIN_DOMAINS = 4  # different strangers in one hidden block; a site's own hidden banner has one or two
STRANGER_SHARE = 0.7  # of the block's links
_BLOCK = 6000  # characters of a hidden block looked at
_HIDDEN_BLOCK = re.compile(
    r"style=[\"']?\s*display\s*:\s*none;?[\"']?[^<>]{0,80}>\s*(?=<a\s[^>]{0,40}href=[\"']?https?:)"
)
_INNER = re.compile(r"<a\s[^>]{0,200}?href=[\"']?(https?://[^\"'\s>]{4,200})", re.IGNORECASE)
_PUBLIC = (".gov.cn", ".edu.cn", ".ac.cn", ".mil.cn", ".org.cn", ".gov", ".edu")


def read_tamper(document: Document, host: str, hidden: frozenset[int]) -> tuple[Suspicion, ...]:
    """What looks planted on the page of `host` ("" when not known); `hidden` are the elements out of sight."""
    found: list[Suspicion] = []
    end = 0
    for node in document.bearing:
        if node.end - node.index < 2 * MIN_DOMAINS or node.index < end or not _out_of_sight(node, hidden):
            continue
        end = node.end
        links = [one for one in document.nodes[node.index : node.end] if one.tag == "a" and one.get("href").strip()]
        strangers = [one for one in links if _is_stranger(one, host)]
        domains = {site_of(host_of(_absolute(one))) for one in strangers}
        if len(domains) >= MIN_DOMAINS and len(strangers) >= STRANGER_SHARE * len(links):
            words = squeeze(" ".join(document.text_of(one) for one in strangers[:12]))
            found.append(Suspicion(f"{len(strangers)} hidden links to {len(domains)} foreign domains", words[:200]))
    return tuple(found or _swallowed(document, host))


def _swallowed(document: Document, host: str) -> list[Suspicion]:
    """Hidden blocks that broken quotation marks took out of the tree: planted without looking, but there."""
    source = document.source
    found = []
    for match in _HIDDEN_BLOCK.finditer(source):
        if source.rfind("<!--", 0, match.start()) > source.rfind("-->", 0, match.start()):
            continue
        end = source.find("</div", match.end(), match.end() + _BLOCK)
        block = source[match.end() : end if end > 0 else match.end() + _BLOCK]
        domains = {site_of(host_of(url)) for url in _INNER.findall(block) if _foreign(host_of(url), host)}
        if len(domains) >= MIN_DOMAINS:
            words = squeeze(re.sub(r"<[^>]{0,300}>?", " ", block))
            found.append(Suspicion(f"hidden links to {len(domains)} foreign domains in broken markup", words[:200]))
    return found


def _out_of_sight(node: Node, hidden: frozenset[int]) -> bool:
    style = node.attrs.get("style") if node.index in hidden else None
    return bool(style and hides(style)) or (node.tag == "marquee" and node.get("height") in {"0", "1", "2", "3"})


def _absolute(node: Node) -> str:
    href = node.get("href").strip()
    return f"http:{href}" if href.startswith("//") else href


def _is_stranger(node: Node, host: str) -> bool:
    return _foreign(host_of(_absolute(node)), host)


def _foreign(other: str, host: str) -> bool:
    return bool(other) and not f".{other}".endswith(_PUBLIC) and site_of(other) != site_of(host)
