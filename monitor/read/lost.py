"""Which hidden elements no visitor ever gets to see, because nothing on the page looks as if it would show them again.

Reads a Document and what is hidden on it; gives the indexes of what is lost. In doubt nothing is: menus, tabs and layers go by many names.
"""

import re
from collections import Counter
from itertools import islice

from monitor.read.hidden import Veil
from monitor.read.html import Document, Node

MAX_NAME = 200  # characters of the class of a box

_BOXES = frozenset({"div", "p", "span", "section", "font", "marquee", "a"})
"""Elements of which menus and lists are not made themselves."""
_OPENED = re.compile(
    r"nav|menu|tab|drop|sub|pop|layer|dialog|modal|mask|hover|fold|more|slide|swiper|carousel|accordion|collaps|panel|pane|toggle|show|hide|"
    r"select|search|mobile|phone|wap|con\b|cont\b|content|list|item|box\d|xiala|erji|second|child",
    re.IGNORECASE,
)
"""Names of what opens by hovering or clicking, and of what opens it."""


def lost_elements(document: Document, veiled: dict[int, Veil]) -> frozenset[int]:
    """Of these and all in them, those that no visitor ever gets to see. In doubt something opens them: a menu, a tab, a layer."""
    alike: dict[int, Counter[str]] = {}  # by the index of their parent: how many children bear a class
    lost = [root for root in veiled if not _opens(document, document.nodes[root], alike)]
    return frozenset(index for root in lost for index in range(root, document.nodes[root].end))


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
