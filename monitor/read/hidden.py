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
_AWAY = re.compile(r":\s*-\d{3}")
_NO_SIZE = re.compile(r"font-size\s*:\s*0")
_FLAT = re.compile(r"(?:^|;|\s)(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$|!)")


def hides(style: str) -> bool:
    """True when the declarations take an element out of sight."""
    lower = style.lower()
    spoken = "none" in lower or "hidden" in lower or "opacity" in lower or "collapse" in lower
    if not spoken and not ("-" in lower and (_AWAY.search(lower) or _NO_SIZE.search(lower))):
        return False
    return bool(_HIDING.search(lower)) or bool(_FLAT.search(lower) and "overflow" in lower and "hidden" in lower)


def hidden_elements(document: Document) -> frozenset[int]:
    """Indexes of all elements that are hidden, by themselves or by an ancestor."""
    sheets = _hiding_selectors(document)
    styles: dict[str, bool] = {}  # whether it hides, for pages repeat their styles
    classes: dict[str, bool] = {}
    found: set[int] = set()
    end = 0
    for node in document.bearing:
        attrs = node.attrs
        if node.index < end:
            continue
        hidden = "hidden" in attrs or (node.tag == "marquee" and _is_tiny(node))
        if style := attrs.get("style"):
            if style not in styles:
                styles[style] = hides(style)
            hidden = hidden or styles[style]
        if sheets and not hidden:
            if name := attrs.get("class"):
                if name not in classes:
                    classes[name] = any("." + part in sheets for part in name.split())
                hidden = classes[name]
            hidden = hidden or ("id" in attrs and f"#{node.get('id')}" in sheets)
        if hidden:
            found.update(range(node.index, node.end))
            end = node.end
    return frozenset(found)


def _is_tiny(node: Node) -> bool:
    return _tiny(node.get("width")) and _tiny(node.get("height"))


def _tiny(size: str) -> bool:
    return size.strip().rstrip("px") in {"0", "1", "2", "3"}


def _hiding_selectors(document: Document) -> frozenset[str]:
    """`.class` and `#id` selectors, standing alone, that the page's own style sheets hide."""
    found: set[str] = set()
    for node in document.all("style"):
        if len(node.text) > MAX_SHEET:
            continue
        for rule in node.text.split("}"):
            selectors, _, declarations = rule.rpartition("{")
            if len(selectors) < MAX_SELECTORS and hides(declarations):
                parts = (_SIMPLE.fullmatch(part.strip()) for part in selectors.split(","))
                found.update(match[1] for match in parts if match is not None)
    return frozenset(found)
