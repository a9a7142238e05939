"""What inline code loads and where it sends people, as far as it is written out: in pieces, escaped, in base 64 or packed.

Reads the text of a script; gives addresses. Runs nothing: what a program would have to work out stays unknown.
"""

import re
from base64 import b64decode
from binascii import Error as BadCode
from itertools import islice
from urllib.parse import unquote

MAX_CODE = 60_000  # characters of one script in which addresses are looked for; libraries are longer
MAX_PIECES = 20  # literals of one script that are decoded
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

_JOINED = re.compile(r"([\"'])\s*\+\s*\1")
_BASE64 = re.compile(r"atob\s*\(\s*[\"']([A-Za-z0-9+/=]{12,8000})[\"']")
_PERCENT = re.compile(r"(?:unescape|decodeURI(?:Component)?)\s*\(\s*(?:\"([^\"]{9,8000})\"|'([^']{9,8000})')")
_WIDE = re.compile(r"%u([0-9a-fA-F]{4})")
_BACKWARDS = re.compile(r"(?:\"([^\"]{12,4000})\"|'([^']{12,4000})')\.split\(\s*(?:\"\"|'')\s*\)\.reverse")
_PACKED = re.compile(
    r"\}\s*\(\s*'((?:[^'\\]|\\.){1,40000})'\s*,\s*(\d{1,2})\s*,\s*\d{1,5}\s*,\s*'([^']{1,20000})'\.split\('\|'\)"
)
_DATA = re.compile(
    r"data:(?:text|application)/[\w\-]{2,30}(?:;charset=[\w\-]{2,12})?;base64,([A-Za-z0-9+/=]{12,20000})$"
)
_TAG = re.compile(r"<script\b[^<>]{0,200}?\bsrc\s*=\s*\\?[\"']?\s*((?:https?:)?//[^\"'\\\s<>+]{4,300})", re.IGNORECASE)
_SPLIT = re.compile(r"ipt.{0,200}?[\"']\s+src\s*=\s*\\?[\"']?((?:https?:)?//[^\"'\\\s<>+]{4,300})", re.DOTALL)
"""A tag whose name was taken apart as well."""
_FRAME = re.compile(r"<iframe\b[^<>]{0,400}", re.IGNORECASE)
_FRAMED = re.compile(r"\bsrc\s*=\s*\\?[\"']?\s*((?:https?:)?//[^\"'\\\s<>+]{4,300})", re.IGNORECASE)
_UNSEEN = re.compile(
    r"(?:width|height)\s*[=:]\s*\\?[\"']?[01](?:px)?\b(?!%)|display\s*:\s*none|visibility\s*:\s*hidden|position\s*:\s*fixed",
    re.IGNORECASE,
)
_BYTES = re.compile(r"\\(?:x|u00)([0-7][0-9a-f])", re.IGNORECASE)
_LOADERS = ("write", "createElement", "eval", "getScript", "import")
_MAKES = re.compile(r"createElement\s*\(\s*[\"']script[\"']", re.IGNORECASE)
_MAKES_FRAME = re.compile(r"createElement\s*\(\s*[\"']iframe[\"']", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:\.src\s*=|setAttribute\s*\(\s*[\"']src[\"']\s*,|getScript\s*\(|\bimport\s*\()\s*"
    r"[\"']((?:https?:)?//[^\"'\\\s<>/]{4,100}(?:/[^\"'\\\s<>]{0,300}(?=[\"'])|(?=[\"'](?!\s*\+))))"
)
"""A host that goes on after the literal is not known."""
_GOES = re.compile(
    r"\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\s*\()\s*[\"']((?:https?:)?//[^\"'\\\s<>]{4,300})[\"'](?!\s*\+)"
)
_ASKED = re.compile(
    r"function\s+[\w$]|=\s*function|\bon[a-z]{4,9}\b|\.(?:on|click|change|bind|live)\s*\(|confirm\s*\(|=>|hostname|protocol"
)
"""Somebody has to press something first, or it is the address that is asked, not the visitor."""
_BY_PHONE = re.compile(r"android|iphone|ipad|mobile|phone", re.IGNORECASE)


def readable(code: str) -> str:
    """The code, and below it what it has escaped, coded or packed, as far as literals tell."""
    parts = [code]
    if "atob" in code:
        parts += (_decoded(match[1]) for match in islice(_BASE64.finditer(code), MAX_PIECES))
    if "unescape" in code or "decodeURI" in code:
        parts += (_unquoted(match[1] or match[2]) for match in islice(_PERCENT.finditer(code), MAX_PIECES))
    if "reverse" in code:
        parts += ((match[1] or match[2])[::-1] for match in islice(_BACKWARDS.finditer(code), MAX_PIECES))
    if "split('|')" in code:
        parts += (_unpacked(*match.groups()) for match in islice(_PACKED.finditer(code), MAX_PIECES))
    return "\n".join(parts)


def carried_by(address: str) -> str:
    """The code that an address of a script is itself; "" for any other."""
    match = _DATA.match(address) if address.startswith("data:") else None
    return _decoded(match[1]) if match is not None else ""


def loaded(code: str) -> list[str]:
    """Addresses of scripts that the code writes into the page or appends to it."""
    if len(code) > MAX_CODE or not any(word in code for word in _LOADERS):
        return []
    whole = _JOINED.sub("", readable(code))
    found = _TAG.findall(whole)
    if not found and "ipt" in whole:
        found = _SPLIT.findall(whole)
    if "getScript" in whole or "import" in whole or _MAKES.search(whole):
        found += _SOURCE.findall(whole)
    return list(dict.fromkeys(found))[:MAX_PIECES]


def framed(code: str) -> list[str]:
    """Addresses of frames that it writes where nobody sees them, or over everything."""
    if len(code) > MAX_CODE or not ("write" in code or "createElement" in code):
        return []
    whole = _JOINED.sub("", readable(code))
    tags = [match[0] for match in islice(_FRAME.finditer(whole), MAX_PIECES)]
    found = [match[1] for tag in tags if _UNSEEN.search(tag) and (match := _FRAMED.search(tag))]
    if _MAKES_FRAME.search(whole) and _UNSEEN.search(whole):
        found += _SOURCE.findall(whole)
    return list(dict.fromkeys(found))[:MAX_PIECES]


def unescaped(code: str) -> str:
    """The code with its letters in place of their numbers."""
    return _BYTES.sub(lambda match: chr(int(match[1], 16)), code)


def sends(code: str) -> list[str]:
    """Where it sends every visitor, or every one with a telephone, without being asked."""
    if len(code) > MAX_CODE or not ("location" in code or "split('|')" in code):
        return []
    whole = readable(code)
    found = _GOES.findall(whole)
    if not found or (_ASKED.search(whole) and not ("userAgent" in whole and _BY_PHONE.search(whole))):
        return []
    return list(dict.fromkeys(found))[:MAX_PIECES]


def _decoded(coded: str) -> str:
    try:
        return b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8", "replace")
    except (BadCode, ValueError):
        return ""


def _unquoted(coded: str) -> str:
    return unquote(_WIDE.sub(lambda match: chr(int(match[1], 16)), coded))


def _unpacked(payload: str, base: str, words: str) -> str:
    """What the packer of Dean Edwards made short: every word stands for one of a list, by its number."""
    known, size = words.split("|"), int(base)
    if not 2 <= size <= len(_DIGITS):
        return ""

    def told(match: re.Match[str]) -> str:
        number = 0
        for letter in match[0]:
            digit = _DIGITS.find(letter)
            if not 0 <= digit < size:
                return match[0]
            number = number * size + digit
        return (known[number] if number < len(known) else "") or match[0]

    return re.sub(r"\b[0-9A-Za-z]{1,4}\b", told, payload).replace("\\'", "'").replace('\\"', '"').replace("\\/", "/")
