"""HTML text becomes a flat tree that the rest of reading walks once; the only home of selectolax and lxml.

Reads decoded text; gives a Document of Nodes in document order. lexbor builds the tree a browser would build,
but some inputs cost it quadratic time or memory, so `_dangerous` looks first and lxml, which cuts the tree at depth
256, takes those. Never runs, fetches or resolves anything.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_BYTES = 3 << 20  # UTF-8 bytes; beyond it lexbor may hold a thread too long (libraries.md §3)
MAX_DEPTH = 2000  # nested elements; 4,000 cost 26 ms, 16,000 cost 0.44 s, 200,000 never end
MAX_OPTIONS = 4000  # 4,000 cost 0.09 s, 20,000 cost 3.8 s: lexbor searches its stack for each (measured)
MAX_FORMATTING = (
    150  # unclosed <b>, <font> …: every block repeats them all, 4,000 × 4,000 made 8 million nodes (measured)
)
MAX_TAG = 20_000  # bytes of one tag; its attributes are compared each with each, 20,000 of them cost 1.5 s (measured)
MAX_NODES = 400_000  # what one page may put in memory, about 100 MB; a 3 MB page of real text has 60,000

RAW = frozenset({"script", "style", "title", "textarea", "noscript", "noframes", "iframe", "template", "xmp"})
"""Elements whose inside is kept as one string, unread."""

_FOREIGN_RAW = frozenset({"noscript", "noframes", "iframe", "template"})

_CHUNK = 65_536  # bytes between two looks at the nesting depth
_TAGS = re.compile(rb"<(/?)([a-z][a-z0-9]*)")
_FORMATTING = re.compile(rb"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s>]")
_FLAT = frozenset(  # void, or closed by the next of its kind: these do not nest by themselves
    b"area base br col embed hr img input link meta param source track wbr li p td th tr dt dd option tbody".split()
)


class Node:
    """An element, or a piece of text (tag "#text"). Its subtree is `document.nodes[index:end]`.

    `text` is that of a #text, stripped; of a RAW element its inside; "" otherwise. A plain class: a page makes thousands.
    """

    __slots__ = ("attrs", "end", "index", "parent", "tag", "text")

    def __init__(self, tag: str, attrs: dict[str, str | None], text: str, parent: "Node | None", index: int) -> None:
        self.tag = tag
        self.attrs = attrs
        self.text = text
        self.parent = parent
        self.index = index
        self.end = index + 1

    def get(self, name: str) -> str:
        """The attribute, "" when absent."""
        return self.attrs.get(name) or ""

    def up(self) -> Iterator["Node"]:
        """Its ancestors, nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


@dataclass(slots=True)
class Document:
    """A page as nodes in document order. `abnormal` when the structure was cut or had to be parsed by the fallback."""

    nodes: list[Node] = field(default_factory=list)
    abnormal: bool = False
    texts: list[Node] = field(default_factory=list)  # every #text
    links: list[Node] = field(default_factory=list)  # every <a>
    source: str = ""  # the text it was made of, for quick denials ("nowhere on the page")

    def inside(self, node: Node) -> list[Node]:
        """The subtree without the node itself, in document order."""
        return self.nodes[node.index + 1 : node.end]

    def children(self, node: Node) -> Iterator[Node]:
        """Direct children, text included."""
        index = node.index + 1
        while index < node.end:
            child = self.nodes[index]
            yield child
            index = child.end

    def text_of(self, node: Node) -> str:
        """Its visible text, pieces joined by one blank."""
        if node.tag == "#text":
            return node.text
        return " ".join(one.text for one in self.nodes[node.index : node.end] if one.tag == "#text")

    def all(self, *tags: str) -> list[Node]:
        """Every element of one of these tags."""
        wanted = frozenset(tags)
        return [node for node in self.nodes if node.tag in wanted]


def parse(text: str) -> Document:
    """The document of any text whatever; time and memory are bounded by the size."""
    raw = text.encode("utf-8", "replace").replace(b"\x00", b"")
    short = _shortened(raw)
    if _dangerous(short):
        document = _from_lxml(short[: 4 * MAX_BYTES])
    else:
        root = LexborHTMLParser(short).root
        document = _from_lexbor(root) if root is not None else Document()
    document.source = text
    document.abnormal = document.abnormal or short is not raw
    return document


def _dangerous(raw: bytes) -> bool:
    """True when lexbor could need more than linear time or memory. Costs about 0.3 ms per 60 KB."""
    if len(raw) > MAX_BYTES:
        return True
    opens = raw.count(b"<")
    if opens <= MAX_FORMATTING:
        return False
    lower = raw.lower()
    if _unclosed(Counter(_FORMATTING.findall(lower))) > MAX_FORMATTING:
        return True
    return opens > MAX_DEPTH and _too_deep(lower)


def _shortened(raw: bytes) -> bytes:
    """Cuts a tag with thousands of attributes down to MAX_TAG bytes: both parsers compare each with each."""
    step = MAX_TAG // 2  # a vast tag covers at least one whole step without `>`
    if all(raw.find(b">", start, start + step) >= 0 for start in range(0, len(raw) - step, step)):
        return raw
    return b">".join(_cut_tag(piece) for piece in raw.split(b">"))


def _cut_tag(piece: bytes) -> bytes:
    start = piece.rfind(b"<")
    is_tag = start >= 0 and len(piece) - start > MAX_TAG and piece[start + 1 : start + 2].isalpha()
    return piece[: start + MAX_TAG] if is_tag and len(piece[start:].split(None, 2000)) > 2000 else piece


def _unclosed(counts: Counter[tuple[bytes, bytes]]) -> int:
    """Elements opened and not closed; closing tags of other names close nothing."""
    return sum(max(0, count - counts[b"/", name]) for (slash, name), count in counts.items() if not slash)


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


def _from_lexbor(root: LexborNode) -> Document:
    """One pass in document order; what stands inside a RAW element has no parent here and falls out."""
    document = Document()
    nodes = document.nodes
    by_id: dict[int, Node] = {}
    names: dict[int, str] = {}  # a tag's name is costly to ask for, its number is not
    parent: Node | None
    at: Any  # typed loosely by selectolax: neither tag nor parent is ever None here
    for at in root.traverse(include_text=True):
        number: int = at.tag_id
        name = names.get(number) or names.setdefault(number, at.tag)
        if name == "-text":
            text = at.text_content.strip()
            if not text:
                continue
            parent = by_id.get(at.parent.mem_id)
            if parent is None:
                continue
            if parent.tag in RAW:
                parent.text = text
            else:
                nodes.append(Node("#text", _NO_ATTRS, text, parent, len(nodes)))
        elif name[0] not in "-!":
            parent = by_id.get(at.parent.mem_id)
            if nodes and (parent is None or parent.tag in RAW):
                continue
            node = Node(name, at.attributes, "", parent, len(nodes))
            nodes.append(node)
            by_id[at.mem_id] = node
            if name in _FOREIGN_RAW:
                node.text = at.inner_html or ""
        if len(nodes) >= MAX_NODES:
            document.abnormal = True
            break
    return _finish(document)


def _finish(document: Document) -> Document:
    """Gives every node the end of its subtree, and lists texts and links."""
    for node in reversed(document.nodes):
        parent = node.parent
        if parent is not None and parent.end < node.end:
            parent.end = node.end
    document.texts = [node for node in document.nodes if node.tag == "#text"]
    document.links = [node for node in document.nodes if node.tag == "a"]
    return document


def _from_lxml(raw: bytes) -> Document:
    """The fallback: libxml2's tree, cut at depth 256 by its own guard."""
    document = Document(abnormal=True)
    nodes = document.nodes
    try:
        root = etree.fromstring(raw, etree.HTMLParser(encoding="utf-8", recover=True, remove_comments=True))
    except etree.XMLSyntaxError:
        return document
    if root is None:
        return document
    parent: Node | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start" and len(nodes) < MAX_NODES:
            attrs: dict[str, str | None] = {str(key): str(value) for key, value in element.attrib.items()}
            parent = Node(element.tag.lower(), attrs, "", parent, len(nodes))
            nodes.append(parent)
            _add_text(nodes, parent, element.text)
        elif event == "end" and parent is not None:
            parent = parent.parent
            _add_text(nodes, parent, element.tail)
    return _finish(document)


def _add_text(nodes: list[Node], parent: Node | None, text: str | None) -> None:
    stripped = (text or "").strip()
    if not stripped or parent is None:
        return
    if parent.tag in RAW:
        parent.text += stripped
    else:
        nodes.append(Node("#text", _NO_ATTRS, stripped, parent, len(nodes)))


_NO_ATTRS: dict[str, str | None] = {}
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")


def squeeze(text: str) -> str:
    """Runs of blanks of any kind as one blank, none at the ends."""
    if not text.isascii() and _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())
