"""What a page may cost before a parser sees it: which pages the fast parser could not bear, and which none should.

Reads the UTF-8 bytes of a page; says `fast`, `fallback` or raises TooMuch with the reason. lexbor needs quadratic time
for some nestings and multiplies formatting left open; both parsers compare the attributes of a tag each with each; and
a page of nothing but tags costs both two hundred bytes each. Every look here is linear. Parses nothing itself.
"""

import re
from collections import Counter

MAX_BYTES = 3 << 20  # UTF-8 bytes; beyond it lexbor may hold a thread too long (libraries.md §3)
MAX_DEPTH = 2000  # nested elements; 4,000 cost 26 ms, 16,000 cost 0.44 s, 200,000 never end
MAX_OPTIONS = 4000  # 4,000 cost 0.09 s, 20,000 cost 3.8 s: lexbor searches its stack for each (measured)
MAX_FORMATTING = (
    150  # unclosed <b>, <font> …: every block repeats them all, 4,000 × 4,000 made 8 million nodes (measured)
)
MAX_REPEATED = 600_000  # unclosed formatting times tags: as many nodes lexbor might make of them
MAX_TAG = 20_000  # bytes of one tag; its attributes are compared each with each, 20,000 of them cost 1.5 s (measured)
MAX_COMPARED = 60_000_000  # attributes of long tags squared, summed: 0.2 s
MAX_TAGS = 120_000  # opening and closing; 3 MB of the densest real page hold 50,000
MAX_ATTRIBUTES = 300_000  # of all tags together; 3 MB of a real page hold 60,000, a hundred bytes each

MAX_DATED = 20_000  # texts with digits in them; 3 MB of a real list hold half of that, each costs up to 60 µs

LONG_TAG = 1000  # bytes; only longer tags can hold so many attributes that comparing them takes long
LARGE = 400_000  # bytes of a page whose attributes are counted: smaller ones cannot hold too many
_CHUNK = 65_536  # bytes between two looks at the nesting depth
_TAGS = re.compile(rb"<(/?)([a-z][a-z0-9]*)")
_INSIDE = re.compile(rb"<[a-zA-Z][^<>]*")
_FORMATTING = re.compile(rb"</?(?:[abisu]|big|code|em|font|nobr|small|strike|strong|tt)[\s>]")
_FLAT = frozenset(  # void, or closed by the next of its kind: these do not nest by themselves
    b"area base br col embed hr img input link meta param source track wbr li p td th tr dt dd option tbody".split()
)


class TooMuch(ValueError):
    """A page that no parser here is asked to read; says why."""


def heavy(raw: bytes) -> bool:
    """True when lexbor could need more than linear time or memory. Costs about 0.3 ms per 60 KB. Raises TooMuch."""
    opens = raw.count(b"<")
    if opens > MAX_TAGS:
        raise TooMuch(f"more than {MAX_TAGS} tags")
    if len(raw) > LARGE and _attributes(raw) > MAX_ATTRIBUTES:
        raise TooMuch(f"more than {MAX_ATTRIBUTES} attributes")
    if len(raw) > MAX_BYTES:
        return True
    opened = opens - raw.count(b"</")
    if opened <= MAX_FORMATTING:
        return False
    lower = raw.lower()
    unclosed = _unclosed(Counter(_FORMATTING.findall(lower)))
    if unclosed > MAX_FORMATTING or unclosed * opens > MAX_REPEATED:
        return True
    return opened > MAX_DEPTH and _too_deep(lower)


def shortened(raw: bytes) -> bytes:
    """The same bytes, or with tags of thousands of attributes cut down: both parsers compare each with each."""
    pieces = _long_pieces(raw, LONG_TAG)
    compared = sum(_attributes_in(piece) ** 2 for piece in pieces)
    if compared > MAX_COMPARED:
        return _cut_tags(raw, LONG_TAG)
    return _cut_tags(raw, MAX_TAG) if any(len(piece) > MAX_TAG for piece in pieces) else raw


def _long_pieces(raw: bytes, size: int) -> list[bytes]:
    """What stands between two `>` when it is longer than that; a page of short tags is looked at once in so many bytes."""
    found = []
    at = 0
    while len(raw) - at > size:
        stop = raw.rfind(b">", at, at + size + 1)
        if stop < 0:
            stop = raw.find(b">", at + size)
            stop = stop if stop >= 0 else len(raw)
            found.append(raw[at:stop])
        at = stop + 1
    return found


def _tag_at(piece: bytes) -> int:
    """Where in a piece that ends at `>` its tag begins; its end when it has none."""
    start = piece.rfind(b"<")
    return start if start >= 0 and piece[start + 1 : start + 2].isalpha() else len(piece)


def _attributes_in(piece: bytes) -> int:
    start = _tag_at(piece)
    return len(piece[start:].replace(b"/", b" ").split()) if len(piece) - start > LONG_TAG else 0


def _cut_tags(raw: bytes, size: int) -> bytes:
    """The same bytes with every tag that is too long cut."""
    pieces = raw.split(b">")
    return b">".join([_cut_tag(piece, size, size // 10) if len(piece) > size else piece for piece in pieces])


def _cut_tag(piece: bytes, size: int, attributes: int) -> bytes:
    start = _tag_at(piece)
    if len(piece) - start <= size or len(piece[start:].split(None, attributes)) <= attributes:
        return piece
    return piece[: start + size]


def _attributes(raw: bytes) -> int:
    """At most so many attributes stand in all tags."""
    inside = b"".join(_INSIDE.findall(raw))
    return len(inside) - len(inside.translate(None, b" \t\r\n\f/"))


def _unclosed(counts: Counter[bytes]) -> int:
    """Elements opened and not closed; closing tags of other names close nothing."""
    opened: Counter[bytes] = Counter()
    for tag, count in counts.items():
        name = tag[1:-1].lstrip(b"/")
        opened[name] += -count if tag[1:2] == b"/" else count
    return sum(count for count in opened.values() if count > 0)


def _too_deep(lower: bytes) -> bool:
    """Follows nesting chunk by chunk, name by name; inside one chunk at most 13,000 levels go unseen (0.3 s)."""
    open_now: Counter[bytes] = Counter()
    options = 0
    for start in range(0, len(lower), _CHUNK):
        counts = Counter(_TAGS.findall(lower, start, start + _CHUNK))
        options += counts[b"", b"option"]
        for (slash, name), count in counts.items():
            if name not in _FLAT:
                open_now[name] += -count if slash else count
        open_now = +open_now  # what was never opened cannot be closed
        if options > MAX_OPTIONS or open_now.total() > MAX_DEPTH:
            return True
    return False
