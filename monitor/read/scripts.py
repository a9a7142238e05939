"""Scripts and frames that strangers put into a page.

Reads a Document; gives Suspicions with the tag or the code. A foreign script alone is ordinary: pages count visits, show
maps and share buttons that way. Suspected is one that stands where injections are put (in the head, or at the edge of
the body), comes from a host that the page knows nothing else of, and bears no name of such a service; besides code that
treats visitors of search engines apart, that writes what it hides, and frames nobody is to see.
"""

import re
from collections.abc import Iterator
from itertools import islice

from monitor.model import Sign, Suspicion
from monitor.read.html import Document, Node
from monitor.read.links import host_of, site_of
from monitor.read.strangers import is_stranger, is_throwaway, serves_others
from monitor.read.written import carried_by, framed, loaded, readable, sends, unescaped

MAX_CODE = 300_000  # characters of one script read
MAX_PLACES = 20  # scripts of one page, and places in one of them, looked at closely
EDGE = 3  # elements of the body from its beginning or end
SHOWN = 160  # characters of an excerpt
ENOUGH_LINKS = 8  # a page with so many has something to show; one with fewer may only lead on

_CLOAKS = re.compile(r"^/(?:js/)?kb\.js$")
"""Own addresses of a script that a kit of spammers puts on every page, to show visitors of search engines something else. A
signature and no more: the name was learnt from labelled pages, nearly half of those with an injected script bear no other
sign, and the same kit under another name is not seen. 43 of these 52 share a trait (the last thing in the head, no blank before its
end, addressed from the root where all else is relative) and no clean page does; but that is how any program writes before </head>, a
platform's toolbar or counter as well, of which the labelled pages hold none. So it accuses nobody."""
_TRADE_FILES = re.compile(
    r"stat(?!ic)|count|tongji|analy|track|webdig|visit|jiucuo|conac|wza|aria|slh|barrier|accessib|yuyin|voice|share|map|weather|tianqi|video|player|play|live|"
    r"jquery|jq|vue|react|angular|swiper|slide|layui|layer|bootstrap|echarts|html5|respond|modernizr|min\.js|sdk|api|captcha|kefu|robot|chat|qrcode|"
    r"login|sso|auth|cms|trs|jpaas|portal|widget|badge|logo|seal|adspace|font|polyfill|flexible|search|print|calendar|gray|wts|spm|monitor|push|lunar|\d{5,}",
    re.IGNORECASE,
)
_INTERNAL = ("10.", "192.168.", "172.", "127.")
_NAMELESS = re.compile(r"(?::80)?/?\w{0,3}(?:\.js)?(?:\?\w{0,12})?")
_HASHED = re.compile(r"/(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,10}\.js$")
_MINES = re.compile(r"coin-?hive|cryptoloot|coinimp|webmine|jsecoin|minero\.", re.IGNORECASE)
"""Scripts that compute coins on visitors' machines."""
_REFRESH = re.compile(r"^\s*\d{1,5}\s*[;,]\s*(?:url\s*=)?\s*[\"']?((?:https?:)?//[^\"'\s>]{4,300})", re.IGNORECASE)
_ENGINES = re.compile(r"baidu|sogou|haosou|so\.com|360so|soso|sm\.cn|yisou|bytespider|toutiao|google|bing|yahoo|youdao")
_SENDS = re.compile(r"location(?:\.href)?\s*=[^=]|location\.(?:replace|assign)\s*\(|window\.open\s*\(|\.href\s*=[^=]")
_PLAYS = re.compile(r"document\.title\s*=[^=]|document\.write")
_FLAT = re.compile(r"(?:^|;)(?:width|height):[01](?:px)?(?:;|!|$)")
_ESCAPED = re.compile(r"(?:\\x[0-9a-f]{2}){6,2000}|(?:\\u00[0-7][0-9a-f]){6,2000}", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:fromcharcode\s*\(|\[)((?:\s*\d{1,5}\s*,){8,4000}\s*\d{1,5})\s*[)\]]", re.IGNORECASE)


def read_scripts(document: Document, host: str, hidden: frozenset[int]) -> Iterator[Suspicion]:
    """What looks like a stranger's script or frame on the page of `host` ("" when not known)."""
    scripts = document.all("script")
    yield from _foreign(document, scripts, host)
    for node in scripts:
        code = carried_by(node.get("src").strip()) or node.text
        if code and len(code) <= MAX_CODE and (shown := _cloaks(code) or _conceals(code)):
            yield Suspicion(Sign.CLOAK, shown)
    yield from _leads_away(document, scripts, host)
    yield from _frames(document, host, hidden)


def _foreign(document: Document, scripts: list[Node], host: str) -> Iterator[Suspicion]:
    """Scripts by address. What else the page refers to is asked only once there is one to ask about."""
    strangers = [(node, one) for node in scripts for one in _addresses(node) if _is_doubtful(one, host)]
    own = [node for node in scripts if _CLOAKS.match(node.get("src").strip())]
    if not strangers and not own:
        return
    known = referred(document, {site_of(_host_in(one)) for _, one in strangers[:MAX_PLACES]})
    for node, one in strangers[:MAX_PLACES]:
        if site_of(_host_in(one)) not in known and _at_edge(document, node):
            yield Suspicion(Sign.SCRIPT, one[:SHOWN])
    for node in own[:MAX_PLACES]:
        if not _has_neighbours(document, node):
            yield Suspicion(Sign.SCRIPT, node.get("src").strip()[:SHOWN])


def _addresses(node: Node) -> list[str]:
    """What a script loads: its address, or those its code writes."""
    source = node.get("src").strip()
    code = carried_by(source) if source[:5] == "data:" else node.text
    return [source] if source and not code else loaded(code)


def _is_doubtful(source: str, host: str) -> bool:
    if not source.lower().startswith(("http:", "https:", "//")):
        return False
    other = _host_in(source)
    path = source[source.find(other) + len(other) :]
    if not is_stranger(other, host):
        return False
    if other.replace(".", "").isdigit():  # offices count visits on machines without names, in folders with names
        return not other.startswith(_INTERNAL) and _NAMELESS.fullmatch(path) is not None
    if is_throwaway(other) or _MINES.search(source):
        return True
    return (not serves_others(other) or _HASHED.search(path) is not None) and _TRADE_FILES.search(path) is None


def _leads_away(document: Document, scripts: list[Node], host: str) -> Iterator[Suspicion]:
    """Jumps to strangers from a page that has something to show itself, and refers to them nowhere else."""
    if not host or len(document.links) < ENOUGH_LINKS:
        return
    found = [
        _REFRESH.search(node.get("content"))
        for node in document.all("meta")
        if node.get("http-equiv")[:7].lower() == "refresh"
    ]
    targets = [match[1] for match in found if match is not None]
    for node in scripts:
        targets += sends(node.text) if node.text else ()
    strangers = [one for one in targets if is_stranger(_host_in(one), host)]
    known = referred(document, {site_of(_host_in(one)) for one in strangers}) if strangers else set()
    for one in strangers:
        if site_of(_host_in(one)) not in known:
            yield Suspicion(Sign.CLOAK, one[:SHOWN])


def _host_in(source: str) -> str:
    return host_of(_whole(source))


def referred(document: Document, sites: set[str]) -> set[str]:
    """Which of these sites anything but scripts refers to: a page's own store of pictures is no stranger to it."""
    return {
        site
        for node in document.all("a", "link", "img", "area", "form")
        for name in ("href", "src", "action")
        if (value := node.attrs.get(name)) and "//" in value
        for site in sites
        if site in value.lower() and site_of(host_of(_whole(value.strip()))) == site
    }


def _whole(value: str) -> str:
    return f"http:{value}" if value.startswith("//") else value


def _at_edge(document: Document, node: Node) -> bool:
    """In a head, outside all boxes, or among the first or last elements of the body."""
    parent = node.parent
    if parent is None or parent.tag in {"head", "html"}:
        return True
    if parent.tag != "body":
        return False
    around = [one for one in document.children(parent) if one.tag not in {"#text", "script", "style", "link", "meta"}]
    before = sum(1 for one in around if one.index < node.index)
    return before < EDGE or len(around) - before < EDGE


def _has_neighbours(document: Document, node: Node) -> bool:
    """Does the page take anything else from the folder of this script."""
    source = node.get("src").strip()
    folder = source[: source.rfind("/") + 1]
    if folder == "/":
        folder = "/js/"
    return any(
        value != source and value.startswith(folder)
        for one in document.all("script", "link", "img")
        for value in ((one.get("src") or one.get("href")).strip(),)
    )


def _cloaks(code: str) -> str | None:
    """Code that does something else for visitors, or spiders, of search engines."""
    lower = readable(code).lower()
    if "\\x" in lower and (shown := _cloaks_in_numbers(lower)):
        return shown
    asks = "referrer" in lower or "useragent" in lower
    if not asks or _ENGINES.search(lower) is None:
        return None
    for match in islice(re.finditer("referrer|useragent", lower), MAX_PLACES):
        place = match.start()
        near = lower[max(0, place - 200) : place + 600]
        engines = set(_ENGINES.findall(near))
        jumps = _SENDS.search(near) is not None
        by_referrer = "referrer" in near and jumps and len(engines) >= 2
        by_spider = "useragent" in near and ("spider" in near or "baidu" in engines) and (jumps or _PLAYS.search(near))
        if by_referrer or (by_spider and engines):
            return _line(lower[max(0, place - 40) :] if len(lower) != len(code) else code[max(0, place - 40) :])
    return None


def _cloaks_in_numbers(lower: str) -> str | None:
    """Code that writes in numbers whom it asks about, and where it sends them."""
    told = unescaped(lower)
    asks = ("referrer" in told and "referrer" not in lower) or ("useragent" in told and "useragent" not in lower)
    if not asks or "location" not in told or "http" not in told or "http" in lower:
        return None
    engine = _ENGINES.search(told)
    return _line(told[max(0, engine.start() - 40) :]) if engine is not None else None


def _conceals(code: str) -> str | None:
    """Code that writes an address or a script out of numbers."""
    if "\\x" in code or "\\u00" in code:
        for match in _ESCAPED.finditer(code):
            told = "".join(chr(int(part, 16)) for part in re.findall(r"\\(?:x|u00)([0-9a-fA-F]{2})", match[0]))
            if _hides_tag(told, code):
                return _line(told)
    if "fromCharCode" in code:
        for match in _NUMBERS.finditer(code):
            told = "".join(chr(min(int(part), 65_535)) for part in match[1].split(","))
            if _hides_tag(told, code):
                return _line(told)
    return None


def _hides_tag(told: str, code: str) -> bool:
    """A tag that loads something, or an address in code that writes."""
    lower = told.lower()
    if "<script" in lower or "<iframe" in lower or "<a href" in lower or ("createelement" in lower and "//" in lower):
        return True
    return "http" in lower and "//" in lower and ("write" in code or "location" in code)


def _line(text: str) -> str:
    return " ".join(text[:SHOWN].split())


def _frames(document: Document, host: str, hidden: frozenset[int]) -> Iterator[Suspicion]:
    """Frames of strangers that nobody sees, or that lie over the whole page."""
    for node in document.all("iframe", "frame", "object", "embed"):
        address = (node.get("src") or node.get("data")).strip()
        other = _host_in(address)
        if not other or not is_stranger(other, host) or serves_others(other):
            continue
        size = {node.get("width").strip().removesuffix("px"), node.get("height").strip().removesuffix("px")}
        style = "".join(node.get("style").lower().split())
        covers = "position:fixed" in style and ("width:100%" in style or "100%" in size)
        unseen = "frame" in node.tag and (node.index in hidden or size & {"0", "1"} or _FLAT.search(style))
        if (unseen or covers) and not _TRADE_FILES.search(address):
            yield Suspicion(Sign.FRAME, address[:SHOWN])
    for node in document.all("script"):
        for one in framed(node.text) if "frame" in node.text else ():
            if is_stranger(_host_in(one), host) and not serves_others(_host_in(one)) and not _TRADE_FILES.search(one):
                yield Suspicion(Sign.FRAME, one[:SHOWN])
