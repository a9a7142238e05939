"""Addresses as people write them: to visit, to listen on, of a name server.

Pure text; no name is resolved. `address_trouble` says what is wrong and what to write, never with a password in it.
"""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from monitor.model import Text, say

LONGEST = 2048  # characters; longer addresses are cut by browsers and proxies

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
PLAIN = re.compile(  # the ordinary address: a lower-case name whose last label is no number, or an IPv4 address; a port below 65,000
    rf"https?://(?:(?:[a-z0-9][a-z0-9-]{{0,61}}\.)+[a-z][a-z0-9]{{0,61}}|(?:{_OCTET}\.){{3}}{_OCTET})"
    r"(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}))?(?:/[A-Za-z0-9/._~%!$&'()*+,;=:@?#-]*)?"
)
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u3000\u200b\ufeff]")


class Trouble(NamedTuple):
    """What is wrong with a text, and what to do."""

    words: Text
    advice: Text | None = None


def address_trouble(text: str) -> Trouble | None:
    """What keeps this from being an http or https address to visit; None when nothing does."""
    if len(text) < 253 and "-." not in text and PLAIN.fullmatch(text):  # the fast way of a million ordinary lines
        return None
    return _text_trouble(text) or _parts_trouble(text)


def host_of(url: str) -> str:
    """The host of an address that has no trouble, in lower case, without port and brackets."""
    return urlsplit(url).hostname or ""


def listen_parts(text: str) -> tuple[str, int]:
    """("127.0.0.1", 8787) of "127.0.0.1:8787" or "[::1]:8787"; raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError(text)
    bare = host.removeprefix("[").removesuffix("]")
    if (":" in bare) != (bare != host) or _BLANK.search(bare):
        raise ValueError(text)
    return bare, int(port)


def nameserver_parts(text: str) -> tuple[str, int]:
    """("10.0.0.2", 53) of "10.0.0.2", "10.0.0.2:53" or "[::1]:53"; raises ValueError for names."""
    try:
        return str(ipaddress.ip_address(text)), 53
    except ValueError:
        host, port = listen_parts(text)
        return str(ipaddress.ip_address(host)), port


def _text_trouble(text: str) -> Trouble | None:
    if not text:
        return Trouble(say("the address is missing"))
    if len(text) > LONGEST:
        return Trouble(say("the address is longer than {n} characters", n=f"{LONGEST:,}"))
    if _BLANK.search(text):
        return Trouble(
            say("the address has a blank or an invisible character in it"), say("write %20 where a blank is meant")
        )
    if "\\" in text:
        return Trouble(say("the address has a backslash in it"), say("write / instead"))
    if "：" in text.split("/", 1)[0]:
        return Trouble(say("the address has a full-width ： in it"), say("write :// with the keyboard in English"))
    return None


def _parts_trouble(text: str) -> Trouble | None:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return Trouble(say("the address has no valid host or port"))
    if parts.scheme not in {"http", "https"} or not text.lower().startswith(f"{parts.scheme}://"):
        return _scheme_trouble(text, parts)
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        return Trouble(
            say("the address carries a user name or password"),
            say("a visit is anonymous: take the part before @ out"),
        )
    if not host:
        return Trouble(say("the address names no host"))
    if port == 0:
        return Trouble(say("port 0 cannot be visited"))
    return _host_trouble(host, bracketed="[" in parts.netloc)


def _scheme_trouble(text: str, parts: SplitResult) -> Trouble:
    if parts.scheme and "://" in text:
        return Trouble(say("{scheme}:// cannot be watched", scheme=parts.scheme), say("write http:// or https://"))
    bare = text.lstrip("/")
    likely = _LABEL.match(bare) and "." in bare
    hint = say('did you mean "{text}"?', text=f"http://{bare}") if likely else None
    return Trouble(say("the address does not begin with http:// or https://"), hint)


def _host_trouble(host: str, *, bracketed: bool) -> Trouble | None:
    if bracketed or host.rsplit(".", 1)[-1].isdigit():
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return Trouble(say("{host} is not an IP address", host=host))
        return None
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split(".")):
        return Trouble(say("{host} is not a host name", host=host))
    return None
