"""Redirects, followed by hand: where a Location really points, and the cookies one fetch carries along.

Pure. Cookie walls (a cookie and a redirect to the same address) are common before government sites, so every fetch has
a jar of its own that dies with it; nothing leaks from one visit to the next (libraries.md §2).
"""

import re
from functools import lru_cache
from urllib.parse import quote_from_bytes, urljoin

from aiohttp import CookieJar
from yarl import URL

from monitor.observe.exchange import Reply

MAX_HOPS = 8
"""Redirects followed in one fetch; browsers stop at 20, honest sites need three."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_AUTHORITY = re.compile(rb"\A(?P<scheme>[a-z][a-z0-9+.-]*:)?//(?P<place>[^/?#]*)", re.IGNORECASE)
_SCHEME = re.compile(rb"\A([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_USUAL = re.compile(r"https?://[a-z0-9.-]+(?::[1-5]?[0-9]{1,4})?/[!-~]*")  # nothing to put right: nearly all links
_PLAIN_HOST = re.compile(r"[^A-Z_%]+")
_KEPT = "".join(chr(code) for code in range(0x21, 0x7F))  # printable ASCII goes as it is


class LeadsNowhere(Exception):
    """A redirect to something that is no web address. The message is a constant phrase."""


@lru_cache(maxsize=16_384)  # the same addresses are asked over and over
def address_of(text: str) -> URL:
    """A web address as given, sent byte for byte when it is plain ASCII. Raises ValueError."""
    if _USUAL.fullmatch(text):
        return URL(text, encoded=True)
    plain = text.isascii() and text.isprintable() and " " not in text
    url = URL(text.strip(), encoded=plain)
    if url.scheme not in {"http", "https"} or not url.raw_host or url.port is None:
        raise ValueError("not a web address")
    if plain and not _PLAIN_HOST.fullmatch(url.raw_host):
        url = URL(str(url))  # lets yarl lower and check the name
    return url


def next_address(here: URL, reply: Reply) -> URL | None:
    """Where a redirect leads; None when the answer is none. Raises LeadsNowhere."""
    if reply.location is None or reply.status not in REDIRECTS:
        return None
    raw = re.sub(rb"[\t\r\n]", b"", reply.location).strip()
    if not raw:
        return None
    try:
        return _joined(here, raw)
    except ValueError:
        raise LeadsNowhere("redirect to something that is no address") from None


def cookies_after(jar: CookieJar | None, here: URL, reply: Reply) -> CookieJar | None:
    """The jar with what this answer set; made with the first cookie."""
    set_cookies = [value for name, value in reply.headers if name.lower() == "set-cookie"]
    if not set_cookies:
        return jar
    jar = jar or CookieJar(unsafe=True, quote_cookie=False)
    jar.update_cookies_from_headers(set_cookies, here)
    return jar


def cookie_header(jar: CookieJar | None, url: URL) -> dict[str, str]:
    """The Cookie header for an address, {} when there is nothing to send."""
    kept = jar.filter_cookies(url) if jar else {}
    pairs = "; ".join(f"{morsel.key}={morsel.coded_value}" for morsel in kept.values())
    return {"Cookie": pairs} if pairs else {}


@lru_cache(maxsize=16_384)
def without_credentials(url: URL) -> str:
    """The address as it may be stored and shown."""
    return str(url.with_user(None)) if url.raw_user or url.raw_password else str(url)


def _joined(here: URL, raw: bytes) -> URL:
    scheme = _SCHEME.match(raw)
    if scheme and scheme[1].lower() not in {b"http", b"https"}:
        raise LeadsNowhere("redirect to something that is no web address")
    if raw.isascii():
        raw = raw.replace(b"\\", b"/")  # as browsers do; in GBK the byte is half a character
    place = _AUTHORITY.match(raw)
    if place is None:
        text = _quoted(raw)
        if scheme:  # "http:/path" is a reference to the present server, as browsers resolve it
            text = text.partition(":")[2]
        # urljoin, since yarl's join unquotes the path it starts from (1.25: "/%20a/b" and "c" give "/ a/c").
        return address_of(urljoin(str(here), text))
    start = (place["scheme"] or b"").decode("ascii").lower() or f"{here.scheme}:"
    return address_of(f"{start}//{_host(place['place'])}" + _quoted(raw[place.end() :]))


def _quoted(raw: bytes) -> str:
    """The very bytes the server wrote, those beyond ASCII percent-encoded: only it knows what charset they are in."""
    return quote_from_bytes(raw, safe=_KEPT)


def _host(raw: bytes) -> str:
    """A host name; one written in Chinese is decoded here, so that it can become an IDN."""
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        name = raw.decode("gb18030", "replace")
    if name.isascii():
        return name
    name, colon, port = name.partition(":")
    return f"{URL.build(scheme='http', host=name).raw_host}{colon}{port}"
