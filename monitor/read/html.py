"""HTML text becomes a flat tree that the rest of reading walks once; the only home of selectolax and lxml.

Reads decoded text; gives a Document of Nodes in document order. lexbor builds the tree a browser would build,
but some inputs cost it quadratic time or memory, so `bounds.heavy` looks first and lxml, which cuts the tree at
depth 256, takes those. Never runs, fetches or resolves anything.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.read.bounds import MAX_BYTES, heavy, shortened

MAX_NODES = 400_000  # what one page may put in memory, about 100 MB; a 3 MB page of real text has 60,000

RAW = frozenset({"script", "style", "title", "textarea", "noscript", "noframes", "iframe", "template", "xmp"})
"""Elements whose inside is kept as one string, unread."""

_TEXT: int = LexborHTMLParser("x").body.child.tag_id  # type: ignore[union-attr]
_NO_NAME = "-"  # an instruction (<?php … ?> left in a page) has none; it is left out like a comment
_FOREIGN_RAW = frozenset({"noscript", "noframes", "iframe", "template"})


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
    """A page as nodes in document order. `abnormal` when the structure was cut or had to be parsed by the fallback.

    What several readers ask for is gathered once: nodes by kind, the words of all texts, the words of each element.
    """

    nodes: list[Node] = field(default_factory=list)
    abnormal: bool = False
    texts: list[Node] = field(default_factory=list)  # every #text
    elements: list[Node] = field(default_factory=list)  # every other node
    bearing: list[Node] = field(default_factory=list)  # those of them with attributes
    source: str = ""  # the text it was made of, for quick denials ("nowhere on the page")
    words: str = ""  # all texts, a line each: likewise
    lower: str = ""  # the same in lower case
    by_tag: dict[str, list[Node]] = field(default_factory=dict)  # the elements by their tag; all() asks for some
    _lines: dict[int, str] = field(default_factory=dict)

    @property
    def links(self) -> list[Node]:
        """Every <a>."""
        return self.by_tag.get("a", [])

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
        if node.end - node.index <= 2:
            last = self.nodes[node.end - 1]
            return last.text if last.tag == "#text" else ""
        return " ".join([one.text for one in self.nodes[node.index : node.end] if one.tag == "#text"])

    def line_of(self, node: Node) -> str:
        """Its visible text, squeezed; kept, for links are asked for theirs by several readers."""
        line = self._lines.get(node.index)
        if line is None:
            line = self._lines[node.index] = squeeze(self.text_of(node))
        return line

    def all(self, *tags: str) -> list[Node]:
        """Every element of one of these tags, in document order."""
        found = [self.by_tag[tag] for tag in tags if tag in self.by_tag]
        if len(found) <= 1:
            return found[0] if found else []
        return sorted([node for nodes in found for node in nodes], key=_place)

    def said(self) -> "Document":
        """Gathers the words; called once, when all nodes are there and sorted by kind."""
        self.words = "\n".join([node.text for node in self.texts])
        self.lower = self.words.lower()
        return self

    def sort(self) -> "Document":
        """Sorts the nodes by kind, where making them did not, and gathers the words."""
        self.texts = [node for node in self.nodes if node.tag == "#text"]
        self.elements = [node for node in self.nodes if node.tag != "#text"]
        self.bearing = [node for node in self.elements if node.attrs]
        for node in self.elements:
            self.by_tag.setdefault(node.tag, []).append(node)
        return self.said()


_place = attrgetter("index")


def parse(text: str) -> Document:
    """The document of a text; time and memory are bounded by the size. Raises TooMuch for a page beyond all bounds."""
    raw = text.encode("utf-8", "replace").replace(b"\x00", b"")
    short = shortened(raw)
    if heavy(short):
        document = _from_lxml(short[: 4 * MAX_BYTES])
    else:
        root = LexborHTMLParser(short).root
        document = _from_lexbor(root) if root is not None else Document()
    document.source = text
    document.abnormal = document.abnormal or short is not raw
    return document


def _from_lexbor(root: LexborNode) -> Document:
    """One walk in document order, a level after the other; what stands inside a RAW element is no node."""
    document = Document()
    add, add_text = document.nodes.append, document.texts.append
    add_element, add_bearing = document.elements.append, document.bearing.append
    by_tag = document.by_tag
    kinds: dict[int, tuple[str, Callable[[Node], None]]] = {}  # a tag's name is costly to ask for, its number is not
    parent = _first(document, root)
    index = 1  # of the node to come
    above: list[tuple[Iterator[LexborNode], Node]] = []
    level: Iterator[Any] | None = _children(root)  # Any: selectolax does not tell texts from elements
    while level is not None:
        for at in level:
            number = at.tag_id
            if number == _TEXT:
                text = at.text_content.strip()
                if text:
                    node = Node("#text", _NO_ATTRS, text, parent, index)
                    index += 1
                    add(node)
                    add_text(node)
                continue
            if number not in kinds:
                kinds[number] = (name := at.tag or _NO_NAME), by_tag.setdefault(name, []).append
            name, add_to_kind = kinds[number]
            if name[0] in "-!":
                continue
            attrs = at.attributes
            node = Node(name, attrs or _NO_ATTRS, "", parent, index)
            index += 1
            add(node)
            add_element(node)
            add_to_kind(node)
            if attrs:
                add_bearing(node)
            if name in RAW:
                node.text = _raw_text(at, name)
            elif at.first_child is not None:
                above.append((level, parent))
                level, parent = at.iter(include_text=True, skip_empty=True), node
                break
        else:
            parent.end = index
            level, parent = above.pop() if above else (None, parent)
    return document.said()


def _first(document: Document, root: LexborNode) -> Node:
    """The node all others stand in."""
    node = Node(root.tag or "html", root.attributes or _NO_ATTRS, "", None, 0)
    document.nodes.append(node)
    document.elements.append(node)
    document.by_tag[node.tag] = [node]
    if node.attrs:
        document.bearing.append(node)
    return node


def _children(at: LexborNode) -> Iterator[LexborNode]:
    return at.iter(include_text=True, skip_empty=True)


def _raw_text(at: LexborNode, name: str) -> str:
    """The inside of a RAW element: its own last text, else, where other elements may stand in it, all of its markup."""
    text = (at.inner_html or "") if name in _FOREIGN_RAW else ""
    for child in _children(at):
        text = (child.text_content or "").strip() or text
    return text


def _close(nodes: list[Node]) -> None:
    """Gives every node the end of its subtree."""
    for node in reversed(nodes):
        parent = node.parent
        if parent is not None and parent.end < node.end:
            parent.end = node.end


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
    _close(nodes)
    return document.sort()


def _add_text(nodes: list[Node], parent: Node | None, text: str | None) -> None:
    stripped = (text or "").strip()
    if not stripped or parent is None:
        return
    if parent.tag in RAW:
        parent.text += stripped
    else:
        nodes.append(Node("#text", _NO_ATTRS, stripped, parent, len(nodes)))


_NO_ATTRS: dict[str, str | None] = {}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_LOOSE = re.compile(rf"[\s{_INVISIBLE}]")


def squeeze(text: str) -> str:
    """Runs of blanks of any kind as one blank, none at the ends."""
    if _LOOSE.search(text) is None:
        return text
    if not text.isascii():
        for sign in _INVISIBLE:
            if sign in text:
                text = text.replace(sign, "")
    return " ".join(text.split())
