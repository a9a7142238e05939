"""Addresses that stand for a whole site, for an error, and addresses deep inside a site: pure text, nothing is asked.

A deep address that lands on a home page, or any on an error page, shows that what was asked for is gone (domain.md §8).
"""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

_ROOT = re.compile(r"/?(?:(?:index|default|main|home)(?:\.\w{2,6})?)?/?", re.IGNORECASE)
_ANOTHER = re.compile(  # the home page in another language, for another device, or by another name
    r"/(?:index|default|main|home|portal|web|www|site|website|wap|m|mobile|pc|en|english|cn|chs|zh|zh[-_]?cn|big5|gb)/?"
    r"(?:(?:index|default|main|home)(?:\.\w{2,6})?)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|&)[^&=]{0,20}(?:id|no|code|channel|column|class)[^&=]{0,6}=[^&]*\d", re.IGNORECASE)

_ERROR = re.compile(
    r"/(?:40[0-9]|50[0-9]|error(?:page|_?40\d|_?50\d)?|(?:page_?)?not_?found|no_?page)(?:\.\w{2,6})?/?$", re.IGNORECASE
)


_INDEX = re.compile(r"/(?:(?:index|default)(?:\.\w{2,6})?|(?:main|home)\.\w{2,6})/?$")
_PORTS = frozenset({None, 80, 443})


@lru_cache(maxsize=4096)  # asked of every link of a home page, once for each entry declared on it
def place_of(url: str) -> str:
    """What addresses of the same page share, however they are written; "" for what is no address.

    Scheme, www, index page, closing slash, letter case, the part behind # and the order of a query tell no pages apart here.
    """
    try:
        parts = urlsplit(url.lower())
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:  # UnicodeError, too
        return ""
    if not host:
        return ""
    path = _INDEX.sub("/", unquote(parts.path).partition(";jsessionid")[0]).rstrip("/")
    query = "&".join(sorted(f"{key}={value}" for key, value in parse_qsl(parts.query, keep_blank_values=True)))
    where = host.removeprefix("www.") if port in _PORTS else f"{host.removeprefix('www.')}:{port}"
    return f"{where}{path}?{query}" if query else f"{where}{path}"


def is_home(url: str) -> bool:
    """True for the root of a host, and for its index page."""
    parts = urlsplit(url)
    return not parts.query and _ROOT.fullmatch(parts.path) is not None


def is_deep(url: str) -> bool:
    """True for a page or folder inside a site; in doubt it is not."""
    parts = urlsplit(url)
    path = parts.path
    if _NUMBERED.search(parts.query) is not None:
        return True
    if _ROOT.fullmatch(path) is not None or _ANOTHER.fullmatch(path) is not None:
        return False
    name = path.rpartition("/")[2]
    return path.count("/") > 1 or ("." in name and any(char.isdigit() for char in name.rpartition(".")[0]))


def lands_on_error(asked: str, landed: str) -> bool:
    """True when an address was answered, after a redirect, with a page that is named like an error page."""
    return (
        asked != landed and _ERROR.search(urlsplit(landed).path) is not None and not _ERROR.search(urlsplit(asked).path)
    )


def lands_home(asked: str, landed: str) -> bool:
    """True when a deep address was answered with a home page."""
    return asked != landed and is_home(landed) and is_deep(asked)
