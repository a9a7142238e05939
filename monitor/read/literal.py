"""Data written out in script: JSON, and the looser literals of JavaScript, as plain Python values.

Reads text from a place on; gives the value there with the place behind it. Nothing is run: a literal with a call or a
name in it is no literal. What is looked at is bounded, so that text made to fail at every start costs no more than its size.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

LOOSE = 400_000  # characters of one literal that is not plain JSON; those are read by the piece, forty times slower
STARTS = 60  # places of one script where an array of objects may begin
SPENT = 4_000_000  # characters looked at in vain before a script is given up
MAX_TAIL = 1_000  # characters behind the JSON of an answer: a bracket, blanks
DEEP = 64  # levels of a loose literal

_PIECE = re.compile(
    r"""\s++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/|(?P<string>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|`[^`\\$]*+`)|"""
    r"""(?P<number>-?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)(?![\w$])|(?P<name>[A-Za-z_$][\w$]*+)|(?P<bare>![01])|(?P<sign>[\[\]{}:,])""",
    re.DOTALL,
)
_STRING = re.compile(r"""\s*+("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|`[^`\\$]*+`)""", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|x([0-9a-fA-F]{2})|(.))|([\"\x00-\x1f])", re.DOTALL)
_KEPT = frozenset('"\\/bfnrt')
_OPENS, _CLOSES = frozenset("[{"), frozenset("]}")
_NAMES = {
    "true": "true",
    "false": "false",
    "null": "null",
    "undefined": "null",
    "NaN": "null",
    "!0": "true",
    "!1": "false",
}
_ANSWER = re.compile(r"[\s\ufeff]{0,200}(?:/\*\*/)?(?:[\w$.]{1,100}\s?\(\s{0,20})?(?=[\[{])")
_ARRAY = re.compile(r"\[\s{0,40}\{")
_PARSED = re.compile(r"JSON\.parse\(\s*(?P<coded>(?:window\.)?decodeURIComponent\(\s*)?(?=['\"`])")
_DECODER = json.JSONDecoder(strict=False)


def value_at(text: str, at: int) -> tuple[object, int] | None:
    """The literal that begins there (no blanks before it) and where it ends; None when there is none that can be read."""
    return _value_at(text, at)[0]


def string_at(text: str, at: int) -> tuple[str, int] | None:
    """The string literal that begins there, blanks before it aside, and where it ends."""
    match = _STRING.match(text, at)
    if match is None:
        return None
    value = _loads(_quoted(match[1]))
    return (value, match.end()) if isinstance(value, str) else None


def arrays_in(text: str) -> Iterator[object]:
    """Every array of objects written out in a script, outermost first; those packed in JSON.parse('…') too."""
    yield from _arrays_in(text)
    for match in _PARSED.finditer(text):
        packed = string_at(text, match.end())
        if packed is not None:
            yield from _arrays_in(unquote(packed[0]) if match["coded"] else packed[0])


def answer_in(text: str) -> object:
    """The value of a text that is nothing but JSON, or a call with JSON (JSONP); None for anything else."""
    start = _ANSWER.match(text)
    if start is None:
        return None
    try:
        value, end = _DECODER.raw_decode(text, start.end())
    except (ValueError, RecursionError):
        return None
    rest = text[end : end + 40].strip() if end < len(text) else ""
    whole = not rest.strip(");") and len(text) - end < MAX_TAIL
    return value if whole and isinstance(value, (dict, list)) else None


def _arrays_in(text: str) -> Iterator[object]:
    at = spent = 0
    for _ in range(STARTS):
        match = _ARRAY.search(text, at)
        if match is None or spent > SPENT:
            return
        found, cost = _value_at(text, match.start())
        if found is None:
            at, spent = match.end(), spent + cost
        else:
            yield found[0]
            at = found[1]


def _value_at(text: str, at: int) -> tuple[tuple[object, int] | None, int]:
    """The value with its end, and how many characters were looked at for it."""
    try:
        return _DECODER.raw_decode(text, at), 0
    except json.JSONDecodeError as error:
        strict = error.pos - at
    except (ValueError, RecursionError):  # a number of thousands of digits; nested without end
        return None, len(text) - at
    loose, end = _as_json(text, at)
    value = _loads(loose)
    return (None if value is None else (value, end)), strict + end - at


def _loads(text: str | None) -> object:
    try:
        return None if text is None else _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _as_json(text: str, at: int) -> tuple[str | None, int]:
    """A JavaScript literal written again as JSON, and where it ends; None with the place where it stops being one."""
    out: list[str] = []
    open_now, last = 0, min(len(text), at + LOOSE)
    while at < last:
        match = _PIECE.match(text, at, last)
        if match is None:
            break
        at = match.end()
        piece = _piece(match) if match.lastgroup is not None else None
        if piece is None:  # blanks and comments
            continue
        open_now += (piece in _OPENS) - (piece in _CLOSES)
        if not piece or open_now > DEEP:
            break
        if piece in _CLOSES and out and out[-1] == ",":
            out.pop()
        out.append(piece)
        if open_now <= 0:
            return "".join(out), at
    return None, at


def _piece(match: re.Match[str]) -> str:
    """One piece in JSON's spelling, "" for the name of something that would have to be run."""
    kind, piece = match.lastgroup, match[0]
    if kind == "string":
        return _quoted(piece)
    if kind in {"name", "bare"}:
        is_key = match.string[match.end() : match.end() + 40].lstrip().startswith(":")
        return f'"{piece}"' if is_key else _NAMES.get(piece, "")
    return piece


def _quoted(literal: str) -> str:
    """A string literal of any quotes as JSON writes it."""
    return '"' + _ESCAPE.sub(_escaped, literal[1:-1]) + '"'


def _escaped(match: re.Match[str]) -> str:
    code, sign, bare = match.groups()
    if bare is not None:
        return '\\"' if bare == '"' else f"\\u{ord(bare):04x}"
    if code is not None:
        return f"\\u00{code}"
    if sign is None:
        return match[0]
    return match[0] if sign in _KEPT else "" if sign == "\n" else sign
