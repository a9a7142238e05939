"""Which character encoding the bytes of a page or feed really are, and why we think so.

Reads bytes and what the HTTP header claims; gives text and the WHATWG name of the encoding in lower case
(utf-32, which WHATWG dropped, keeps its name). A declaration counts only when the bytes bear it out, so that a
page which "declares gb2312 and is UTF-8" is read right and can be told so. Statistics of letters tell undeclared Big5 alone.
"""

import codecs
import re
from dataclasses import dataclass

import webencodings  # type: ignore[import-untyped]

META_WINDOW = 4096  # bytes; WHATWG looks at 1,024, real pages put comments and styles before the declaration
TOLERATED = (
    0.01  # share of broken characters among the non-ASCII ones a declared encoding may have (cut or spoilt text)
)
SURE_UTF8 = (
    4  # multi-byte sequences that no legacy text forms by chance; two are possible ("联通" in GBK is valid UTF-8)
)
EVERYDAY = 0.9  # share of the characters that have to be common ones of an encoding nobody declared
LAST_EVERYDAY = 0xC6  # last row of the common characters of Big5; rarer ones follow from C9

_META = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9_:.\-]{2,40})""")
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
)
_WIDE_STARTS = (
    (b"<\x00\x00\x00", "utf-32"),
    (b"\x00\x00\x00<", "utf-32"),
    (b"<\x00", "utf-16le"),
    (b"\x00<", "utf-16be"),
)
_CODECS = {
    "gb18030": "gb18030",
    "big5": "big5hkscs",  # WHATWG big5 includes the Hong Kong characters
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_MULTIBYTE = frozenset({"gb18030", "big5", "euc-jp", "shift_jis", "euc-kr", "iso-2022-jp"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read with, and why: bom, http, meta, xml, bytes (it decodes) or best (least broken).

    `declared` is the first declaration found (http, then meta or xml), as a WHATWG name.
    """

    text: str
    encoding: str
    why: str
    declared: str | None = None

    @property
    def contradicts(self) -> bool:
        """True when the page says one thing and is another."""
        return self.declared is not None and self.declared != self.encoding


def decode(body: bytes, http_charset: str | None = None) -> Decoded:
    """The text of `body`; `http_charset` is the label of the Content-Type header, if any. Never raises."""
    claims = _claims(body, http_charset)
    declared = claims[0][0] if claims else None
    marked = _by_mark(body)
    if marked is not None:
        return Decoded(marked[0], marked[1], marked[2], declared)
    text, encoding, why = _by_claims(body, claims) or _by_bytes(body, claims)
    return Decoded(text.removeprefix("\ufeff"), encoding, why, declared)


def whatwg_name(label: str | None) -> str | None:
    """The WHATWG name of an encoding label, None when there is no such encoding. GB2312 and GBK are gb18030."""
    if not label:
        return None
    cleaned = label.strip().strip("\"'").lower()
    if cleaned in {"utf-32", "utf32", "utf-32le", "utf-32be", "ucs-4"}:
        return "utf-32"
    found = webencodings.lookup(cleaned)
    if found is None:
        return None
    name: str = found.name
    return "gb18030" if name in {"gbk", "gb2312"} else name


def _claims(body: bytes, http_charset: str | None) -> list[tuple[str, str]]:
    """Declared encodings as (name, where), strongest first."""
    head = body[:META_WINDOW]
    found = [(whatwg_name(http_charset), "http")]
    for where, pattern in (("xml", _XML), ("meta", _META)):
        match = pattern.search(head)
        if match is not None:
            name = whatwg_name(match.group(1).decode("ascii"))
            # An ASCII-readable declaration cannot be UTF-16: WHATWG reads it as UTF-8.
            found.append(("utf-8" if name in {"utf-16le", "utf-16be", "utf-32"} else name, where))
    return [(name, where) for name, where in found if name is not None]


def _by_mark(body: bytes) -> tuple[str, str, str] | None:
    """What a byte order mark, or the first `<` in wide characters, gives away."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            text = _strict(body[len(mark) :], _codec(name, mark))
            if text is not None:
                return text, name, "bom"
            if name != "utf-8":
                return body[len(mark) :].decode(_codec(name, mark), "replace"), name, "bom"
    for start, name in _WIDE_STARTS:
        if body.startswith(start):
            text = _strict(body, _codec(name, start))
            if text is not None:
                return text, name, "bytes"
    return None


def _by_claims(body: bytes, claims: list[tuple[str, str]]) -> tuple[str, str, str] | None:
    """The first declaration that the bytes bear out."""
    real_utf8 = _convincing_utf8(body) if claims and not body.isascii() else None
    for name, where in claims:
        if real_utf8 is not None:
            return real_utf8, "utf-8", where if name == "utf-8" else "bytes"
        if name not in _MULTIBYTE and name not in _CODECS and not body.isascii():
            han = _convincing_han(body)
            if han is not None:
                return han, "gb18030", "bytes"
        text = _strict(body, _codec(name))
        if text is not None:
            return text, name, where
    for name, where in claims:
        if name == "utf-8" or real_utf8 is None:
            text = body.decode(_codec(name), "replace")
            if _broken_share(text) <= TOLERATED:
                return text, name, where
    return None


def _by_bytes(body: bytes, claims: list[tuple[str, str]]) -> tuple[str, str, str]:
    """Without a usable declaration: what decodes, else what breaks least."""
    tries = (("utf-8", _strict), ("big5", _convincing_big5), ("gb18030", _strict), ("big5", _strict))
    for name, attempt in tries:
        text = attempt(body, _codec(name))
        if text is not None:
            return text, name, "bytes"
    names = list(dict.fromkeys([*(name for name, _ in claims), "utf-8", "gb18030", "big5"]))
    readings = [(body.decode(_codec(name), "replace"), name) for name in names]
    text, name = min(readings, key=lambda reading: reading[0].count("\ufffd"))
    return text, name, "best"


def _convincing_utf8(body: bytes) -> str | None:
    """The text when the bytes are UTF-8 beyond chance (ISO-8859-1 and gb2312 are often claimed by mistake)."""
    text = _strict(body, "utf-8")
    if text is None:
        return None
    wide = len(body) - len(text)  # continuation bytes
    return text if wide >= 2 * SURE_UTF8 else None


def _convincing_han(body: bytes) -> str | None:
    """The text when bytes that claim to be Latin are GB2312 throughout.

    In Latin text a high byte stands alone; GB2312 has two high bytes per character, GBK at large does not.
    """
    text = _strict(body, "gb18030")
    if text is None:
        return None
    wide = "".join(char for char in text if char > "\x7f")
    common = len(wide.encode("gb2312", "ignore")) // 2
    return text if len(wide) >= SURE_UTF8 and common >= 0.9 * len(wide) else None


def _convincing_big5(body: bytes, codec: str) -> str | None:
    """The text when bytes that also decode as GB18030 are Big5 of everyday characters, and not GB2312.

    Big5 puts common characters into rows A1-C6; read as GB18030, four in ten of them lie outside GB2312.
    """
    text = _strict(body, codec)
    if text is None:
        return None
    wide = "".join(char for char in text if char > "\x7f")
    rows = wide.encode(codec, "ignore")[::2]
    read_so = "".join(char for char in body.decode("gb18030", "replace") if char > "\x7f")
    simplified = len(read_so.encode("gb2312", "ignore")) // 2
    everyday = sum(1 for row in rows if row <= LAST_EVERYDAY)
    enough = len(wide) >= SURE_UTF8 and everyday >= EVERYDAY * len(wide)
    return text if enough and simplified < EVERYDAY * len(read_so) else None


def _strict(body: bytes, codec: str) -> str | None:
    """The text when every byte decodes; a character cut off at the very end is forgiven."""
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(body, final=False)
    except UnicodeDecodeError:
        return None


def _broken_share(text: str) -> float:
    broken = text.count("\ufffd")
    wide = sum(1 for char in text if char > "\x7f") if broken else 1
    return broken / wide


def _codec(name: str, mark: bytes = b"") -> str:
    """The Python codec of a WHATWG name."""
    if name == "utf-32":
        return "utf-32-be" if mark.startswith(b"\x00") else "utf-32-le"
    if name in _CODECS:
        return _CODECS[name]
    found = webencodings.lookup(name)
    return found.codec_info.name if found is not None and name not in {"replacement", "x-user-defined"} else "cp1252"
