"""Signs that strangers wrote into a page: hidden links (暗链), words of spam, titles, scripts and frames that are not its own.

Reads what was gathered of a page and its host; gives Suspicions with the excerpt that shows each. A hidden menu of the
site, a hidden list of other public bodies, a report on what is fought, and the notices of a lottery office are none.
Never decides that it is so: people verify.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from monitor.model import Sign, Suspicion
from monitor.read.gathered import Gathered
from monitor.read.hidden import Veil, names_of, veil_of
from monitor.read.html import Document, Node, squeeze
from monitor.read.links import host_of, site_of
from monitor.read.scripts import read_scripts
from monitor.read.spam import read_spam
from monitor.read.strangers import is_stranger
from monitor.read.words import advertises

MIN_DOMAINS = 4  # different strangers in one folded block; a site's own hidden banner has one or two
MIN_BANISHED = 3  # of them where nothing would ever show the block, or nothing has a name by which to show it
STRANGER_SHARE = 0.7  # of the block's links
AT_MOST = 12  # suspicions told of one page, and scripts asked whether they hide what follows
MAX_TWINS = 60  # elements beside a hidden one that may be its visible twins
SHOWN = 200  # characters of an excerpt
_BLOCK = 6000  # characters of a hidden block looked at
_HIDDEN_BLOCK = re.compile(
    r"style=[\"']?\s*display\s*:\s*none;?[\"']?[^<>]{0,80}>\s*(?=<a\s[^>]{0,40}href=[\"']?https?:)"
)
_INNER = re.compile(r"<a\s[^>]{0,200}?href=[\"']?(https?://[^\"'\s>]{4,200})", re.IGNORECASE)
_MENU = re.compile(
    r"link|friend|yqlj|youqing|lianjie|sel\b|select|drop|menu|nav|tab|list|sub|slide|swiper|bd\b|con\b|cont|popup|layer|modal|dialog|more|xiala|wzlj|share|mobile|m-|box\d|item",
    re.IGNORECASE,
)
"""Names that say which script opens it again: friendly links behind a drop-down, tabs, layers."""
_FRIENDS = re.compile(
    r"link|friend|yqlj|youqing|lianjie|select|drop|menu|nav|tab|sub|xiala|wzlj|popup|layer|modal", re.IGNORECASE
)
_TURNS = re.compile(r"slide|swiper|carousel|banner|scroll", re.IGNORECASE)
"""Names of what is pushed out of sight by turns."""
_PITCH = re.compile(
    r"(?:娱乐|国际|体育|棋牌|彩票|电竞|视讯)(?:官网|官方|平台|登[录陆]|注册|下载|app|投注|网址|入口|开户|城)|(?:毕业证|学位证|文凭|资格证)(?:代办|办理|样本)",
    re.IGNORECASE,
)
_WORDS = frozenset({"p", "span", "font", "b", "strong", "em", "i"})  # of which no menus and tabs are made
_OPENS = re.compile(r"document\.write(?:ln)?\s*\(\s*[\"'](.{0,300}?)[\"']\s*\)", re.DOTALL)
_FOLDS = re.compile(r"getElementById\(\s*[\"']([\w\-]{1,60})[\"']\s*\)\.style\.display\s*=\s*[\"']none")

_HIDES = re.compile(
    r"\(\s*[\"']([.#][\w\-]{1,60})[\"']\s*\)\.(?:hide\s*\(|css\s*\(\s*[\"']display[\"']\s*,\s*[\"']none)"
)


def read_tamper(page: Gathered, host: str) -> tuple[Suspicion, ...]:
    """What looks planted on the page of `host` ("" when not known), each once, at most AT_MOST."""
    document, hidden = page.document, page.hidden
    links = list(_hidden_links(document, host, page.veiled)) or _swallowed(document, host)
    found = [
        *links,
        *_empty_links(document, host),
        *_unrendered(document, host),
        *read_spam(document, hidden),
        *read_scripts(document, host, hidden),
    ]
    return tuple(dict.fromkeys(found))[:AT_MOST]


def _hidden_links(document: Document, host: str, veiled: dict[int, Veil]) -> Iterator[Suspicion]:
    yield from _in_blocks(document, host, _blocks(document, veiled))


def links_within(document: Document, host: str, veiled: dict[int, Veil]) -> Iterator[Suspicion]:
    """Links of strangers in elements that are hidden so."""
    yield from _in_blocks(document, host, ((index, document.nodes[index].end, veil) for index, veil in veiled.items()))


def _in_blocks(document: Document, host: str, blocks: Iterable[tuple[int, int, Veil]]) -> Iterator[Suspicion]:
    for first, end, veil in blocks:
        links = [one for one in document.nodes[first:end] if one.tag == "a" and one.attrs.get("href")]
        strangers = [one for one in links if "//" in one.get("href") and is_stranger(host_of(_absolute(one)), host)]
        if not strangers:
            continue
        domains = {site_of(host_of(_absolute(one))) for one in strangers}
        top = document.nodes[first]
        nameless = len(strangers) == len(links) and not top.attrs.keys() & {"class", "id"}
        enough = MIN_DOMAINS if veil is Veil.FOLDED and not nameless else MIN_BANISHED
        many = len(domains) >= enough and len(strangers) >= STRANGER_SHARE * len(links)
        if many and not (_is_menu(document, top) if veil is Veil.FOLDED else _TURNS.search(top.get("class"))):
            yield _links(document.line_of(one) for one in strangers)
        elif spam := [one for one in strangers if _pitches(document.line_of(one))]:
            yield _links(document.line_of(one) for one in spam)


def _pitches(text: str) -> bool:
    """What nobody hides but who sells it: words of spam, or any name at all before the trade and the offer."""
    return advertises(text) is not None or _PITCH.search(text) is not None


def _links(texts: Iterator[str]) -> Suspicion:
    words = squeeze(" ".join(text for text, _ in zip(texts, range(AT_MOST), strict=False)))
    return Suspicion(Sign.HIDDEN_LINKS, words[:SHOWN])


def _blocks(document: Document, veiled: dict[int, Veil]) -> Iterator[tuple[int, int, Veil]]:
    """Stretches of the page that are hidden: by themselves, or by a script before them."""
    for index, veil in veiled.items():
        yield index, document.nodes[index].end, veil
    folded: set[str] = set()
    writing = [node for node in document.all("script") if "document.write" in node.text]
    for node in writing[:AT_MOST]:
        if end := _written_around(document, node):
            yield node.end, end, Veil.BANISHED
    for node in document.all("script"):
        if "none" in node.text and ".style.display" in node.text and "function" not in node.text:
            folded.update(f"#{name}" for name in _FOLDS.findall(node.text))
        elif (".hide" in node.text or ".css" in node.text) and "function" not in node.text:
            folded.update(_HIDES.findall(node.text))
    after = 0
    for node in document.bearing if folded else ():
        if node.index >= after and node.index not in veiled and not folded.isdisjoint(names_of(node)):
            after = node.end
            yield node.index, after, Veil.FOLDED


def _written_around(document: Document, node: Node) -> int:
    """Where the block ends that this script opens hidden: where another writes its end; 0 when it opens none."""
    told = "".join(_OPENS.findall(node.text)).replace("\\", "")
    if "<" not in told or "</" in told or veil_of(told.replace('"', ";").replace("'", ";")) is None:
        return 0
    closing = (
        one for one in document.all("script") if one.index > node.index and re.search(r"write.{0,20}<\\?/", one.text)
    )
    end = next(closing, None)
    return end.index if end is not None else 0


def _is_menu(document: Document, node: Node) -> bool:
    """Is there something to open it again: a name for a script to find it by, or a visible twin beside it (a tab)."""
    parent = None if node.tag in _WORDS else node.parent
    if parent is not None and _is_bare(document, node):
        return _FRIENDS.search(f"{parent.get('class')} {parent.get('id')}") is not None
    for one in (node, parent):
        if one is not None and _MENU.search(f"{one.get('class')} {one.get('id')}"):
            return True
    if parent is None or parent.tag in {"body", "html"}:
        return False
    twins = (one for one in islice(document.children(parent), MAX_TWINS) if one.tag == node.tag and one is not node)
    return any(
        any(inner.tag == "a" for inner in document.inside(one)) and veil_of(one.get("style")) is None for one in twins
    )


def _is_bare(document: Document, node: Node) -> bool:
    """A nameless box of links one after the other, to nobody known: menus and tabs have items, or a name."""
    if node.tag != "div" or node.attrs.keys() & {"class", "id"}:
        return False
    return all(one.tag in {"a", "#text", "br"} for one in islice(document.children(node), MAX_TWINS))


def _empty_links(document: Document, host: str) -> Iterator[Suspicion]:
    """Links to strangers with nothing to click on, and no name by which a style could make something of them."""
    nodes = document.nodes
    bare = [
        node
        for node in document.links
        if (node.end - node.index == 1 or (node.end - node.index == 2 and len(nodes[node.index + 1].text) <= 1))
        and node.get("href").lstrip()[:2].lower() in {"ht", "//"}
        and len(document.line_of(node)) <= 1
        and not node.attrs.keys() & {"class", "id", "style", "title", "name"}
        and (node.end - node.index == 1 or nodes[node.index + 1].tag == "#text")
        and not document.line_of(node).isalnum()
        and is_stranger(host_of(_absolute(node)), host)
    ]
    if len({site_of(host_of(_absolute(node))) for node in bare}) >= MIN_BANISHED:
        yield Suspicion(Sign.HIDDEN_LINKS, " ".join(_absolute(node) for node in bare[:AT_MOST])[:SHOWN])


def _swallowed(document: Document, host: str) -> list[Suspicion]:
    """Hidden blocks that broken quotation marks took out of the tree: planted without looking, but there."""
    source, found = document.source, []
    for match in _HIDDEN_BLOCK.finditer(source) if "none" in source else ():
        if source.rfind("<!--", 0, match.start()) > source.rfind("-->", 0, match.start()):
            continue
        end = source.find("</div", match.end(), match.end() + _BLOCK)
        block = source[match.end() : end if end > 0 else match.end() + _BLOCK]
        links = _INNER.findall(block)
        strangers = [other for other in map(host_of, links) if is_stranger(other, host)]
        domains = {site_of(other) for other in strangers}
        many = len(domains) >= MIN_DOMAINS and len(strangers) >= STRANGER_SHARE * len(links)
        if many and links[0] not in {node.get("href").strip() for node in document.links}:
            words = squeeze(re.sub(r"<[^>]{0,300}>?", " ", block))
            found.append(Suspicion(Sign.HIDDEN_LINKS, words[:SHOWN]))
    return found


def _unrendered(document: Document, host: str) -> Iterator[Suspicion]:
    """Links where only programs read: what stands there for browsers without scripts counts visits, or says so."""
    for node in document.all("noscript", "template", "noframes"):
        links = _INNER.findall(node.text) if "<a" in node.text.lower() else []
        strangers = [other for other in map(host_of, links) if is_stranger(other, host)]
        if not strangers:
            continue
        words = squeeze(re.sub(r"<[^>]{0,300}>?", " ", node.text[:_BLOCK]))
        many = len({site_of(other) for other in strangers}) >= MIN_DOMAINS and len(strangers) >= STRANGER_SHARE * len(
            links
        )
        if (many and node.tag == "noscript") or advertises(words):
            yield Suspicion(Sign.HIDDEN_LINKS, words[:SHOWN])


def _absolute(node: Node) -> str:
    href = node.get("href").strip()
    return f"http:{href}" if href.startswith("//") else href
