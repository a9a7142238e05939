"""Which elements no visitor ever gets to see, because nothing on the page looks as if it would show them again.

Reads a Document and what is hidden on it; gives the indexes of what is lost. In doubt nothing is: menus, tabs and layers go by
many names. But one link by itself is no menu: put far outside, made of no size, taken off the page or left without words and
picture, it is lost whatever it stands in.
"""

import re
from collections import Counter
from itertools import islice

from monitor.read.hidden import Veil, is_banished
from monitor.read.html import RAW, Document, Node

MAX_NAME = 200  # characters of the class of a box

_BOXES = frozenset({"div", "p", "span", "section", "font", "marquee", "a"})
"""Elements of which menus and lists are not made themselves."""
_OPENED = re.compile(
    r"nav|menu|tab|drop|sub|pop|layer|dialog|modal|mask|hover|fold|more|slide|swiper|carousel|accordion|collaps|panel|pane|toggle|show|hide|"
    r"select|search|mobile|phone|wap|con\b|cont\b|content|list|item|box\d|xiala|erji|second|child",
    re.IGNORECASE,
)
"""Names of what opens by hovering or clicking, and of what opens it."""
_IN_TURN = re.compile(
    r"slide|swiper|carousel|banner|focus|scroll|roll|tab|pane|more|fold|toggle|collaps|accordion|mobile|phone|wap",
    re.IGNORECASE,
)
"""Names of what shows its parts one by one, or some of them to some."""
_FEW = 6  # pieces of a link without words: itself, and what an editor leaves in it
_MANY = 3  # neighbours hidden alike: more than somebody took off one by one; a page shows them again
_TAKEN_OFF = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$|!)"
)
_DRAWN = re.compile(r"background|width|height|padding")
_DOT = frozenset({"0", "1", "0px", "1px"})
_PICTURES = frozenset(
    {"img", "svg", "image", "object", "embed", "video", "canvas", "input", "button", "iframe", "picture"}
)


def lost_elements(document: Document, veiled: dict[int, Veil]) -> frozenset[int]:
    """Those of the page that no visitor ever gets to see. In doubt something opens them: a menu, a tab, a layer."""
    alike: dict[int, Counter[str]] = {}  # by the index of their parent: how many children bear a class
    lost = [root for root, veil in veiled.items() if _is_lost(document, document.nodes[root], veil, alike)]
    empty = {node.index for node in document.links if _is_nothing(document, node)}
    return frozenset(index for root in lost for index in range(root, document.nodes[root].end)) | empty


def _is_lost(document: Document, node: Node, veil: Veil, alike: dict[int, Counter[str]]) -> bool:
    if veil is Veil.SHRUNK and any(one.tag in _PICTURES for one in document.inside(node)):
        return False  # letters have no size, pictures have
    return _is_one_link_off(document, node, veil) or not _opens(document, node, alike)


def _is_one_link_off(document: Document, node: Node, veil: Veil) -> bool:
    """One link and no more: far outside, or itself or its own point of a list taken off the page."""
    if not _is_one_link(document, node):
        return False
    style = node.get("style").lower()
    if veil is Veil.BANISHED and is_banished(style):
        return True
    off = veil is Veil.SHRUNK or "hidden" in node.attrs or _TAKEN_OFF.search(style) is not None
    return off and node.tag in {"a", "li"} and not _comes_round(document, node)


def _is_one_link(document: Document, node: Node) -> bool:
    return len({one.get("href") for one in document.nodes[node.index : node.end] if one.tag == "a"}) == 1


def _comes_round(document: Document, node: Node) -> bool:
    """Pictures that take turns, and what stands behind 更多."""
    if node.parent is None or any(_IN_TURN.search(_named(one)) for one in (node, *islice(node.up(), 3))):
        return True
    beside = [one for one in document.children(node.parent) if one.tag == node.tag and one is not node]
    style = node.get("style")
    if sum(one.get("style") == style for one in beside) + 1 >= _MANY:
        return True
    return _has_picture(document, node) and any(_has_picture(document, one) for one in beside)


def _has_picture(document: Document, node: Node) -> bool:
    return any(one.tag == "img" for one in document.inside(node))


def _is_nothing(document: Document, node: Node) -> bool:
    """A link without words and pictures, on which no style sheet can draw any: there is nothing to click on."""
    if node.end - node.index > _FEW or any(not _is_bare(one) for one in document.nodes[node.index : node.end]):
        return False
    return node.parent is None or not _is_drawn(document, node.parent)


def _is_drawn(document: Document, around: Node) -> bool:
    """By its own style; or by its name in a style sheet, when it holds nothing else and its like beside it no words either."""
    if _DRAWN.search(around.get("style").lower()):
        return True
    name = around.get("class") or around.get("id")
    if not name or document.line_of(around) or around.parent is None:
        return False
    beside = [one for one in document.children(around.parent) if one is not around and one.get("class") == name]
    return not any(document.line_of(one) for one in beside)


def _is_bare(node: Node) -> bool:
    if node.tag == "#text":
        return not node.text.strip()
    if node.tag in _PICTURES or node.tag in RAW:
        return node.tag == "img" and node.get("width").strip() in _DOT and node.get("height").strip() in _DOT
    return "class" not in node.attrs and "id" not in node.attrs and "style" not in node.attrs


def _opens(document: Document, node: Node, alike: dict[int, Counter[str]]) -> bool:
    """By its tag, by the names of what it stands in, or because one of its class stands beside it (tabs)."""
    if node.tag not in _BOXES or any(_OPENED.search(_named(one)) for one in (node, *islice(node.up(), 3))):
        return True
    name, parent = node.get("class"), node.parent
    if not name or parent is None:
        return False
    if parent.index not in alike:
        alike[parent.index] = Counter(one.get("class") for one in document.children(parent))
    return alike[parent.index][name] > 1


def _named(node: Node) -> str:
    return f"{node.get('class')[:MAX_NAME]} {node.get('id')[:MAX_NAME]}"
