"""Which elements a visitor cannot see: by inline style, by the page's own style sheets, by size or position.

Reads a Document; gives the indexes of all hidden elements, their descendants included. A menu that opens on hover is
hidden too: being hidden is a fact, whether it is tampering is judged elsewhere. External style sheets are not read.
"""

import re

from monitor.read.html import Document, Node

MAX_SHEET = 200_000  # characters of one style sheet read
MAX_SELECTORS = 2_000  # characters of selectors before one block

_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?([.#][\w\-]+)", re.IGNORECASE)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)|"
    r"font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)|(?:left|top|right|margin-left|margin-top|text-indent)\s*:\s*-\d{3,}"
)
_FLAT = re.compile(r"(?:^|;|\s)(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$|!)")


def hides(style: str) -> bool:
    """True when the declarations take an element out of sight."""
    lower = style.lower()
    if not ("none" in lower or "hidden" in lower or "opacity" in lower or "-" in lower or "collapse" in lower):
        return False
    return bool(_HIDING.search(lower)) or bool(_FLAT.search(lower) and "overflow" in lower and "hidden" in lower)


def hidden_elements(document: Document) -> frozenset[int]:
    """Indexes of all elements that are hidden, by themselves or by an ancestor."""
    sheets = _hiding_selectors(document)
    found: set[int] = set()
    end = 0
    for node in document.nodes:
        if node.attrs and node.index >= end and _is_hidden(node, sheets):
            found.update(range(node.index, node.end))
            end = node.end
    return frozenset(found)


def _is_hidden(node: Node, sheets: frozenset[str]) -> bool:
    attrs = node.attrs
    style = attrs.get("style")
    if (style and hides(style)) or "hidden" in attrs:
        return True
    if node.tag == "marquee" and _tiny(node.get("width")) and _tiny(node.get("height")):
        return True
    if not sheets or not ("class" in attrs or "id" in attrs):
        return False
    return f"#{node.get('id')}" in sheets or any("." + name in sheets for name in node.get("class").split())


def _tiny(size: str) -> bool:
    return size.strip().rstrip("px") in {"0", "1", "2", "3"}


def _hiding_selectors(document: Document) -> frozenset[str]:
    """`.class` and `#id` selectors, standing alone, that the page's own style sheets hide."""
    found: set[str] = set()
    for node in document.nodes:
        if node.tag != "style" or len(node.text) > MAX_SHEET:
            continue
        for rule in node.text.split("}"):
            selectors, _, declarations = rule.rpartition("{")
            if len(selectors) < MAX_SELECTORS and hides(declarations):
                parts = (_SIMPLE.fullmatch(part.strip()) for part in selectors.split(","))
                found.update(match[1] for match in parts if match is not None)
    return frozenset(found)
