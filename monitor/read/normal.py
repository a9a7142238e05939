"""The hash of a page without what changes at every look: counters, clocks, tokens, random ids.

Pure, over bytes, whatever their encoding. Takes out too little rather than too much: what is left in costs one more
reading of the page, what is taken out wrongly would hide a change. Every pattern begins with a literal and is tried only
on pages that hold it: a millisecond or two for 60 KB of Chinese.
"""

import re
from hashlib import sha256

_GAP = (
    rb"(?:\s|&nbsp;|<[^>]{1,120}>|:|\xef\xbc\x9a|\xa3\xba){0,8}"  # between a word and its number; ：in both encodings
)
_COUNTED = (
    "访问量",
    "浏览量",
    "点击量",
    "阅读量",
    "浏览次数",
    "点击数",
    "访问人数",
    "访问次数",
    "在线人数",
    "总访问",
    "今日访问",
    "您是第",
)
_TODAY = ("今天是", "现在是", "当前时间", "现在时间", "北京时间", "服务器时间")
Marked = tuple[tuple[bytes, re.Pattern[bytes]], ...]


def _marked(*pairs: tuple[bytes, bytes]) -> Marked:
    return tuple((mark, re.compile(re.escape(mark) + rest, re.DOTALL)) for mark, rest in pairs)


def _words(code: str) -> Marked:
    counted = ((word.encode(code), _GAP + rb"\d[\d,]*") for word in _COUNTED)
    today = ((word.encode(code), _GAP + rb"[^<]{0,60}") for word in _TODAY)
    return _marked(*counted, *today)


_MARKUP = _marked(
    (b";jsessionid=", rb"[0-9A-Za-z.!-]+"),
    (b"nonce=", rb"[\"'][^\"']+[\"']"),
    (b"<input", rb"[^>]{0,200}?(?i:csrf|token|viewstate|eventvalidation|timestamp|nonce)[^>]{0,20000}>"),
    (b"<meta", rb"[^>]{0,80}?(?i:csrf|token)[^>]{0,400}>"),
    (b' id="', rb"[^\"<>]{0,40}?[0-9a-f]{16,64}\""),
    (b' name="', rb"[^\"<>]{0,40}?[0-9a-f]{16,64}\""),
    (b"<!--", rb"(?:(?!-->).){0,200}?\d+(?:\.\d+)?\s?(?:ms|s|sec|seconds)\b(?:(?!-->).){0,100}-->"),
    (b"?", rb"(?:_|t|ts|v|rnd|rand|random|time|timestamp|sid|sessionid)=[0-9A-Za-z.]+"),
    (b"&", rb"(?:_|t|ts|rnd|rand|random|time|timestamp|sid|sessionid)=[0-9A-Za-z.]+"),
)
_UTF8, _GBK = _words("utf-8"), _words("gb18030")
_SECONDS = re.compile(rb":[0-9]{2}:[0-9]{2}")


def normal_hash(body: bytes) -> str:
    """SHA-256 (hex) of the body with what always changes taken out; equal for two looks at an unchanged page."""
    for mark, pattern in _MARKUP + (_GBK if b"charset=gb" in body[:4096].lower() else _UTF8):
        if mark in body:
            body = pattern.sub(b"", body)
    return sha256(_without_clocks(body)).hexdigest()


def _without_clocks(body: bytes) -> bytes:
    """Times of day to the second, with their hour; a pattern that began with a digit would try every digit there is."""
    parts, end = [], 0
    for found in _SECONDS.finditer(body):
        parts.append(body[end : found.start()].rstrip(b"0123456789"))
        end = found.end()
    return b"".join((*parts, body[end:])) if parts else body
