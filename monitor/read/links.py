"""Everything on a page an inspector can click or see, as absolute canonical addresses.

Reads a Document and the page's own address; gives Links, the count of dead-looking anchors, and helpers for addresses.
Canonical means: what a browser would request, written one way. Query order, double slashes and letter case of paths
stay as they are, since 集约化 platforms tell pages apart by them. Never fetches.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

from monitor.model import Link
from monitor.read.carried import carried
from monitor.read.html import Document, Node, squeeze

MAX_URL = 2048  # characters; longer ones are data, not addresses
MAX_TEXT = 200  # characters of link text kept

_PORTS = {"http": "80", "https": "443", "ftp": "21"}
_EASY = re.compile(
    r"https?://[a-z0-9\-]+(?:\.[a-z0-9\-]+)+(?::(?!(?:80|443)(?:/|$))(?:[1-5]\d{4}|[1-9]\d{1,3}))?(?:/[\w\-./~%&=?+,]*)?|(?:\.{1,2}/)*/?[A-Za-z0-9_\-][\w\-./~%&=?+,]*",
    re.ASCII,
)
_HOST = re.compile(r"https?://([a-z0-9.\-]+)(?:[:/?#]|$)")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_STRIP = {ord(char): None for char in "\t\r\n"}
_PSEUDO = re.compile(r"(?:javascript|vbscript|about|data|blob|mailto|tel|sms|callto):|#\s*$|$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[\w.!\-]*", re.IGNORECASE)  # of one visitor: the page is the same without
_SLASHES = re.compile(r"(https?|ftp):([/\\]*)", re.IGNORECASE)


def canonical(href: str, base: str | None, encoding: str = "utf-8") -> str | None:
    """The address a browser would request for `href`, None when it leads nowhere (script, mail, nonsense).

    Without a base a relative reference stays relative. Non-ASCII queries are written in the page's own encoding,
    as browsers do. Canonical addresses are fixed points.
    """
    if not href or href[0] == "#" or href.startswith("javascript:"):
        return None
    if _EASY.fullmatch(href) and (quick := _quick(href, base)) is not None:
        return quick
    cleaned = href.strip().translate(_STRIP)
    if not cleaned or len(cleaned) > MAX_URL or cleaned.startswith("#"):
        return None
    scheme = _SCHEME.match(cleaned)
    if scheme is not None and scheme[0].lower() not in {"http:", "https:", "ftp:"}:
        return None
    head, mark, query = cleaned.partition("?")
    head, sign, _ = head.partition("#")
    head = _SESSION.sub("", head.replace("\\", "/"))
    cleaned = _as_read(head, base) + (mark + query if not sign else "")
    try:
        parts = _join(base, cleaned)
        if not parts.scheme:
            return urlunsplit(("", parts.netloc, _path(parts.path), _query(parts.query, encoding), "")) or None
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    name = ascii_host(host or "")
    if name is None or parts.scheme not in _PORTS:
        return None
    netloc = name if port is None or str(port) == _PORTS[parts.scheme] else f"{name}:{port}"
    path = _path(_without_dots(parts.path)) or "/"
    made = urlunsplit((parts.scheme, netloc, path, _query(parts.query, encoding), ""))
    return made if len(made) <= MAX_URL else None


class Addresses:
    """What the references of one page lead to, each found out once. `base` is what relative ones are relative to."""

    __slots__ = ("base", "encoding", "known")

    def __init__(self, base: str | None, encoding: str) -> None:
        self.base = base
        self.encoding = encoding
        self.known: dict[str, str | None] = {}

    def of(self, href: str) -> str | None:
        """The canonical address, None when it leads nowhere."""
        known = self.known.get(href, "")  # an address is never empty
        if known == "":
            known = self.known[href] = canonical(href, self.base, self.encoding)
        return known


def _quick(href: str, base: str | None) -> str | None:
    """The common case, a plain relative path or a plain address, without taking it apart."""
    if href.startswith(("http://", "https://")):
        return None if "/." in href or len(href) > MAX_URL else href if href.find("/", 8) > 0 else href + "/"
    if not base or len(href) > MAX_URL:
        return None
    origin, folder = _origin(base)
    if not origin:
        return None
    if href[0] == "/":
        return None if "/." in href else origin + href
    while href[0] == ".":
        if href[1] == ".":
            folder = folder[: folder.rfind("/", 0, -1) + 1] or "/"
        href = href[2 + (href[1] == ".") :]
    return None if "/." in href else origin + folder + href


@lru_cache(maxsize=256)
def _origin(base: str) -> tuple[str, str]:
    """Scheme with host, and folder, of a canonical base; empty when it is none."""
    if canonical(base, None) != base:
        return "", ""
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}", parts.path[: parts.path.rfind("/") + 1] or "/"


def ascii_host(host: str) -> str | None:
    """A host name in lower-case ASCII (中文域名 as xn--…), None when it can be no host."""
    lower = host.strip().strip(".").lower()
    if not lower or any(char in lower for char in " /\\?#@<>\"'{}|^`%"):
        return None
    if lower.isascii():
        return f"[{lower}]" if ":" in lower else lower
    try:
        return lower.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def is_pseudo(href: str) -> bool:
    """True for what looks like a link and leads to no page: javascript:, #, empty, mail and telephone."""
    return _PSEUDO.match(href.strip()) is not None


@lru_cache(maxsize=4096)
def site_of(host: str) -> str:
    """The registrable domain of a host by the public suffix list; the host itself when it has none (an IP address)."""
    if not host or host[-1].isdigit() or ":" in host:
        return host
    return _suffixes().privatesuffix(host) or host


def host_of(url: str | None) -> str:
    """The host of an address, "" when it has none."""
    match = _HOST.match(url or "")
    if match is not None:
        return match[1].strip(".")
    try:
        return (urlsplit(url or "").hostname or "").strip(".").lower()
    except ValueError:
        return ""


def base_of(document: Document, url: str | None) -> str | None:
    """What relative addresses on the page are relative to."""
    body = next((node.index for node in document.all("body")), len(document.nodes))
    for node in document.all("base"):
        if node.index < body and node.get("href").strip():
            return canonical(node.get("href"), url) or url
    return url


def read_links(
    document: Document,
    addresses: Addresses,
    *,
    host: str,
    hidden: frozenset[int],
    lost: frozenset[int] = frozenset(),
) -> tuple[tuple[Link, ...], int]:
    """All distinct links in document order, and how many anchors are pseudo links.

    `host` is that of the site the page belongs to; a link is external when its registrable domain is another one.
    `hidden` are the elements out of sight, `lost` those of them that nothing shows again.
    """
    home = site_of(host)
    found: dict[tuple[str, str, bool], Link] = {}
    abroad: dict[str, bool] = {}  # scheme and host of an address → is it of another site
    pseudo = 0
    known_addresses = addresses.known
    for node, href in carried(document):
        tag = node.tag
        target = known_addresses[href] if href in known_addresses else addresses.of(href)
        if target is None:
            pseudo += tag in {"a", "area"} and is_pseudo(href)
            continue
        key = (target, tag, node.index in hidden)
        known = found.get(key)
        if known is None or (tag == "a" and not known.text) or (known.lost and node.index not in lost):
            origin = target[: target.find("/", 8)]
            if origin not in abroad:
                other = site_of(host_of(target)) if home else ""
                abroad[origin] = bool(other) and other != home
            gone = node.index in lost and (known is None or known.lost)
            found[key] = Link(target, _text(document, node), tag, key[2], abroad[origin], gone)
    return tuple(found.values()), pseudo


def _text(document: Document, node: Node) -> str:
    if node.tag in {"a", "option"}:
        text = document.line_of(node) or squeeze(node.get("title"))
        if not text:
            image = next((one for one in document.inside(node) if one.tag == "img"), None)
            text = squeeze(image.get("alt") or image.get("title")) if image is not None else ""
        return text[:MAX_TEXT]
    words = node.attrs.get("alt") or node.attrs.get("title")
    return squeeze(words)[:MAX_TEXT] if words else ""


def _join(base: str | None, reference: str) -> SplitResult:
    """RFC 3986 §5.2, but empty path segments stay (urllib drops them)."""
    parts = urlsplit(reference)
    if parts.scheme or not base:
        return parts
    origin = urlsplit(base)
    if parts.netloc:
        return parts._replace(scheme=origin.scheme)
    path, query = parts.path, parts.query
    if not path:
        path, query = origin.path, query or ("" if reference.startswith("?") else origin.query)
    elif not path.startswith("/"):
        path = (origin.path.rpartition("/")[0] or "") + "/" + path
    return SplitResult(origin.scheme, origin.netloc, path, query, "")


def _as_read(head: str, base: str | None) -> str:
    """An address with too few or too many slashes behind its scheme, the way browsers read it."""
    match = _SLASHES.match(head)
    if match is None or match[2] == "//":
        return head
    rest = head[match.end() :]
    if len(match[2]) < 2 and base and base.lower().startswith(match[1].lower() + ":"):
        return match[2] + rest  # of the same scheme: relative to the page
    return f"{match[1]}://{rest}"


def _without_dots(path: str) -> str:
    """Resolves . and .. of an absolute path; empty segments stay."""
    if "/." not in path:
        return path
    out: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(out) > 1:
                out.pop()
        elif segment != ".":
            out.append(segment)
    if segments[-1] in {".", ".."}:
        out.append("")
    return "/".join(out)


def _path(path: str) -> str:
    return path if path.isascii() and " " not in path else quote(path, safe="/%:@!$&'()*+,;=~-._[]|^")


def _query(query: str, encoding: str) -> str:
    if query.isascii() and " " not in query:
        return query
    safe = "/%:@!$&'()*+,;=~-._?[]|^{}\\\"<>`"
    try:
        return quote(query.encode(encoding), safe=safe)
    except (UnicodeEncodeError, LookupError):
        return quote(query, safe=safe)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
