"""Where words of spam stand on a page: title, keywords and description, links, headings, text, and what is hidden.

Reads a Document; gives Suspicions with the excerpt. What advertises is told in words.py; here is decided which piece of
the page is asked, and what it is about. On most pages no such word stands at all, which one walk over its text tells.
"""

from bisect import bisect_right
from collections.abc import Iterator
from html import unescape

from monitor.model import Sign, Suspicion
from monitor.read.html import Document, Node, squeeze
from monitor.read.words import MAX_UNIT, Hit, advertises, coded, find_words, is_office

MAX_HITS = 400  # words of one page looked at
WINDOW = 80  # characters around a word in running text
ENOUGH = 3  # suspicions of one sign
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "th", "dt", "caption"})
_TAGS = frozenset({"keywords", "description", "og:title", "og:description", "subject", "abstract"})


def read_spam(document: Document, hidden: frozenset[int]) -> Iterator[Suspicion]:
    """What advertises on the page; `hidden` are the elements out of sight."""
    title = next((squeeze(node.text) for node in document.all("title") if node.text), "")
    about = f"{title}\n{' '.join(document.line_of(node) for node in document.all('h1'))}".lower()[:MAX_UNIT]
    if shown := _plainly(title):
        yield Suspicion(Sign.TITLE, shown)
    for node in document.all("meta"):
        tag = (node.get("name") or node.get("property")).lower()
        if tag in _TAGS and (shown := _plainly(node.get("content"), about)):
            yield Suspicion(Sign.TAGS, shown)
    hits = find_words(document.lower)[:MAX_HITS]
    if hits:
        yield from _in_body(document, hits, hidden, about)


def _plainly(text: str, about: str = "") -> str | None:
    """A short text as it is, else with letters coded twice read, and the dots taken out that break words up."""
    if not text:
        return None
    if "&" in text:
        text = unescape(text)
    return advertises(text, about=about) or advertises(coded(text), about=about)


def _in_body(document: Document, hits: list[Hit], hidden: frozenset[int], about: str) -> Iterator[Suspicion]:
    """Every piece with such a word, asked once; of each sign the first few."""
    begins, at = [], 0
    for node in document.texts:
        begins.append(at)
        at += len(node.text) + 1
    told: dict[Sign, int] = {}
    asked: set[int] = set()
    reported, offered = 0, []
    for hit in hits:
        node = document.texts[bisect_right(begins, hit.place) - 1]
        piece, sign = _piece_of(node)
        if piece is None:
            shown = _in_prose(document, hit, about)
            sign = Sign.HIDDEN_WORDS if node.index in hidden else Sign.TEXT
            reported += hit.sure and shown is None
            if shown:
                offered.append(Suspicion(sign, shown))
        elif piece.index not in asked:
            asked.add(piece.index)
            shown = advertises(document.line_of(piece), about=about if is_office(about) else "")
            if shown and told.get(sign, 0) < ENOUGH:
                told[sign] = told.get(sign, 0) + 1
                yield Suspicion(Sign.HIDDEN_WORDS if node.index in hidden else sign, shown)
    if len(offered) > reported:  # a report names in one place what it fights in another
        yield from offered[:ENOUGH]


def _piece_of(node: Node) -> tuple[Node | None, Sign]:
    """The link or heading a text stands in; None for running text."""
    for above, _ in zip(node.up(), range(6), strict=False):
        if above.tag in {"a", "option", "button"}:
            return above, Sign.LINKS
        if above.tag in _HEADS:
            return above, Sign.TEXT
    return None, Sign.TEXT


def _in_prose(document: Document, hit: Hit, about: str) -> str | None:
    """What running text advertises there, with what stands around the word."""
    begin = max(0, hit.place - WINDOW)
    return advertises(document.words[begin : hit.place + WINDOW], prose=True, about=about)
