"""The hash of a page without what changes at every look: counters, clocks, tokens, random ids.

Pure, over bytes as received, whatever their encoding, so that an unchanged page is known without being decoded or parsed.
When in doubt a part stays in: a page read once too often costs less than news missed. Every pattern begins with a
literal and is tried only on pages that hold it; none looks further than a bound: about a millisecond for 60 KB.
"""

import re
from hashlib import sha256

_COUNTED = ("访问", "浏览", "点击", "阅读", "在线", "您是第")  # 访问量：12,345; 浏览次数 <b>9</b>
_CLOCKS = ("今天是", "现在是", "当前时间", "现在时间", "北京时间", "服务器时间", "生成时间")
_AFTER_COUNTED = rb"[^<>\d]{0,24}(?:<[^<>]{1,120}>(?:\s|&nbsp;){0,8}){0,2}\d[\d,]*"
_AFTER_CLOCK = rb"(?:\s|&nbsp;|:|<[^<>]{1,120}>|\xef\xbc\x9a|\xa3\xba){0,8}[^<>\"']{0,80}"
_PARAMETERS = rb"(?:v|t|_|ts|r|rnd|rand|random|time|timestamp|ver|sid|sessionid|token|nonce)=[\w.:%+\-]{1,80}"

Rules = tuple[tuple[bytes, re.Pattern[bytes]], ...]


def _spoken(code: str) -> Rules:
    """The words of counters and clocks in one encoding, with what follows them."""
    pairs = [(word.encode(code), _AFTER_COUNTED) for word in _COUNTED] + [
        (word.encode(code), _AFTER_CLOCK) for word in _CLOCKS
    ]
    return tuple((word, re.compile(re.escape(word) + after)) for word, after in pairs)


_MARKUP: Rules = (
    (b"hidden", re.compile(rb"<input[^<>]{0,400}?hidden[^<>]{0,20000}>")),
    (b"HIDDEN", re.compile(rb"<INPUT[^<>]{0,400}?HIDDEN[^<>]{0,20000}>")),
    (b"<meta", re.compile(rb"<meta[^<>]{0,200}?(?:csrf|token|nonce|generat)[^<>]{0,2000}>")),
    (b"nonce=", re.compile(rb"nonce=[\"'][^\"']{1,80}[\"']")),
    (b' id="', re.compile(rb' id="[^"<>]{0,40}?[0-9a-f]{16,64}"')),
    (b' name="', re.compile(rb' name="[^"<>]{0,40}?[0-9a-f]{16,64}"')),
    (b"?", re.compile(rb"\?" + _PARAMETERS)),
    (b"&", re.compile(rb"&(?:amp;)?" + _PARAMETERS)),
    (b";jsessionid", re.compile(rb";jsessionid=[\w.!\-]{1,80}")),
    (b"1", re.compile(rb"1(?<![\w/.]1)[5-9]\d{8}(?:\d{3})?(?![\w.])")),  # seconds or milliseconds since 1970
)
_UTF8, _GBK = _spoken("utf-8"), _spoken("gb18030")
_DECLARES_GBK = re.compile(rb"charset=[\"']?gb", re.IGNORECASE)
_SECONDS = re.compile(rb":[0-9]{2}:[0-9]{2}")


def normal_hash(body: bytes) -> str:
    """SHA-256 (hex) of the body with what always changes taken out; equal for two looks at an unchanged page."""
    text = _without_comments(body)
    for trace, pattern in _MARKUP + (_GBK if _DECLARES_GBK.search(body[:4096]) else _UTF8):
        if trace in text:
            text = pattern.sub(b"", text)
    return sha256(b" ".join(_without_clocks(text).split())).hexdigest()


def _without_comments(body: bytes) -> bytes:
    """HTML comments out: caches and servers sign there. One that never closes stays."""
    if b"<!--" not in body:
        return body
    kept = []
    at = 0
    while (start := body.find(b"<!--", at)) >= 0:
        end = body.find(b"-->", start + 4)
        if end < 0:
            break
        kept.append(body[at:start])
        at = end + 3
    kept.append(body[at:])
    return b"".join(kept)


def _without_clocks(body: bytes) -> bytes:
    """Times of day to the second, with their hour; a pattern that began with a digit would try every digit there is."""
    parts, end = [], 0
    for found in _SECONDS.finditer(body):
        parts.append(body[end : found.start()].rstrip(b"0123456789"))
        end = found.end()
    return b"".join((*parts, body[end:])) if parts else body
