"""Which elements a visitor cannot see: by inline style, by the page's own style sheets, by size, position or colour.

Reads a Document; gives the hidden elements with how, and the indexes of all they hold. A menu that opens on hover is
hidden too: being hidden is a fact, whether it is tampering is judged elsewhere. What holds for some windows only (@media) hides
nothing. Of style sheets beside the page (`banished_by`) only what nothing ever shows again is told: there each menu is folded.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from monitor.read.html import Document, Node

MAX_SHEET = 200_000  # characters of one style sheet read
MAX_SELECTORS = 2_000  # characters of selectors before one block
MAX_SAME = 60  # selectors that end in one name
MAX_ABOVE = 12  # ancestors asked for the first part of a selector, or for a background


class Veil(StrEnum):
    """How an element is hidden: as menus, tabs and layers are, or in a way that nothing ever shows again."""

    FOLDED = "folded"
    BANISHED = "banished"
    SHRUNK = "shrunk"  # letters of no size: what stands in it may have a size of its own


_FOLDED = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)")
_BANISHED = re.compile(
    r"text-indent\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|transform\s*:\s*scale\(\s*0\s*\)"
)
_SHRUNK = re.compile(r"font-size\s*:\s*(?:0(?:px|pt|em|%)?|1px)\s*(?:;|$|!)")
_AWAY = re.compile(r"(?:left|top|right|bottom|margin(?:-left|-top)?)\s*:\s*-\d{3,}")
_PLACED = re.compile(r"position\s*:\s*(?:absolute|fixed)")
_FAR_OFF = re.compile(r"(?:left|top)\s*:\s*\d{4,}px")
_FLAT = re.compile(r"(?:^|;|\s)(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$|!)")
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*(#[0-9a-f]{3,6}|[a-z]+|rgb\([^)]{5,20}\))")
_GROUND = re.compile(r"background(?:-color)?\s*:\s*(#[0-9a-f]{3,6}|[a-z]+|rgb\([^)]{5,20}\))\s*(?:;|$|!)")
_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "blue": "#0000ff", "green": "#008000"}
_PART = re.compile(r"(?:[a-z][a-z0-9]*)?((?:[.#][\w\-]+)+)", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w\-]+")
_FAR = re.compile(r"(?:left|top|right|bottom|margin(?:-left|-top)?)\s*:\s*-(?:[3-9]\d{3}|\d{5,})px|:\s*-\d{3,}r?em")
"""Out of every window; a carousel goes by the width of its pictures."""
_OPENED = re.compile(
    r":(?:hover|focus|target|checked)|\.(?:on|open|opened|active|show|shown|cur|current|hover|selected|in|sfhover)\b",
    re.IGNORECASE,
)
_PLACES = re.compile(r"(?:left|top|right|bottom|margin|text-indent|position|clip|transform|display)\s*:")
_SHOWN = re.compile(r"display\s*:\s*(?!none)[a-z]")


def veil_of(style: str) -> Veil | None:
    """How the declarations take an element out of sight, None when they do not."""
    lower = style.lower()
    placed = "position" in lower and _PLACED.search(lower) is not None
    if "-" in lower and _AWAY.search(lower):
        return Veil.BANISHED if placed else Veil.FOLDED  # a carousel pushes what it does not show
    if _BANISHED.search(lower) or (placed and _FAR_OFF.search(lower)):
        return Veil.BANISHED
    if "font-size" in lower and _SHRUNK.search(lower):
        return Veil.SHRUNK
    if "none" in lower or "hidden" in lower or "opacity" in lower or "collapse" in lower:
        if _FOLDED.search(lower):
            return Veil.FOLDED
        if "overflow" in lower and "hidden" in lower and (flat := _FLAT.search(lower)):
            return Veil.FOLDED if "0" in flat[0] else Veil.BANISHED
    if "background" in lower and (colour := _COLOUR.search(lower)) and (ground := _GROUND.search(lower)):
        return Veil.BANISHED if _plain(colour[1]) == _plain(ground[1]) else None
    return None


@lru_cache(maxsize=4096)
def _known(style: str) -> Veil | None:
    """As `veil_of`, remembered: pages repeat their styles, and those of their neighbours."""
    return veil_of(style)


def hides(style: str) -> bool:
    """True when the declarations take an element out of sight."""
    return veil_of(style) is not None


def veiled_elements(document: Document) -> dict[int, Veil]:
    """The outermost hidden elements: their indexes, and how each is hidden."""
    sheets = _hiding_rules(document)
    found: dict[int, Veil] = {}
    end = 0
    for node in document.bearing:
        if node.index < end:
            continue
        attrs = node.attrs
        veil = Veil.FOLDED if "hidden" in attrs else None
        if node.tag in {"marquee", "font"}:
            veil = veil or _by_attributes(node)
        style = attrs.get("style")
        if style and veil is None:
            veil = _known(style) or _on_its_ground(node, style)
        if sheets and veil is None and ("class" in attrs or "id" in attrs):
            veil = _by_sheet(node, sheets)
            if veil is not None and style and _SHOWN.search(style.lower()):
                veil = None
        if veil is not None and not (veil is Veil.SHRUNK and _grows_again(document, node)):
            found[node.index] = veil
            end = node.end
    return found


def all_within(document: Document, veiled: dict[int, Veil]) -> frozenset[int]:
    """Indexes of these elements and of everything in them."""
    return frozenset(index for root in veiled for index in range(root, document.nodes[root].end))


def _grows_again(document: Document, node: Node) -> bool:
    """No size is also how the gaps between boxes are closed: what stands in them has a style of its own then."""
    return any("class" in one.attrs or "style" in one.attrs for one in document.inside(node))


def _by_attributes(node: Node) -> Veil | None:
    """A marquee of no height; a font in the colour of what it stands on."""
    if node.tag == "marquee":
        style = node.get("style").lower()
        flat = _tiny(node.get("height")) or _FLAT.search(style) is not None
        return Veil.BANISHED if flat else None
    colour = node.get("color")
    return Veil.BANISHED if colour and _plain(colour) == _ground(node) else None


def _on_its_ground(node: Node, style: str) -> Veil | None:
    """Text in the colour that an element around it has for its ground."""
    lower = style.lower()
    colour = _COLOUR.search(lower) if "color" in lower else None
    if colour is None or "background" in lower:
        return None
    return Veil.BANISHED if _plain(colour[1]) == _ground(node) else None


def _ground(node: Node) -> str | None:
    """The background an ancestor states, unless one nearer may have another by its class."""
    for above, _ in zip(node.up(), range(MAX_ABOVE), strict=False):
        stated = _GROUND.search(above.get("style").lower()) if "style" in above.attrs else None
        if stated is not None or above.get("bgcolor"):
            return _plain(stated[1] if stated is not None else above.get("bgcolor"))
        if "class" in above.attrs or "id" in above.attrs or "background" in above.attrs or "style" in above.attrs:
            return None
    return None


def _plain(colour: str) -> str:
    """A colour as #rrggbb where it can be told."""
    lower = colour.strip().lower()
    if lower.startswith("rgb("):
        parts = re.findall(r"\d{1,3}", lower)
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in parts[:3])
    if lower.startswith("#") and len(lower) == 4:
        return "#" + "".join(2 * letter for letter in lower[1:])
    return _NAMED.get(lower, lower)


def _tiny(size: str) -> bool:
    return size.strip().lower().removesuffix("px") in {"0", "1", "2", "3"}


Rules = dict[str, list[tuple[frozenset[str], tuple[str, ...], Veil]]]
"""By one of its names: all names of the last part of a selector, those of the parts before it, what it does."""


def _by_sheet(node: Node, rules: Rules) -> Veil | None:
    names = names_of(node)
    for name in names:
        for own, above, veil in rules.get(name, ()):
            if own <= names and (not above or _stands_in(node, above)):
                return veil
    return None


def names_of(node: Node) -> set[str]:
    """Its classes and its id, as selectors."""
    names = {"." + part for part in node.get("class").split()}
    if node.get("id"):
        names.add("#" + node.get("id"))
    return names


def _stands_in(node: Node, above: tuple[str, ...]) -> bool:
    around: set[str] = set()
    for one, _ in zip(node.up(), range(MAX_ABOVE), strict=False):
        around |= names_of(one)
    return around.issuperset(above)


def _hiding_rules(document: Document) -> Rules:
    """What the page's own style sheets hide, for selectors that end in a class or an id; a later rule that shows it again wins."""
    found: dict[tuple[frozenset[str], tuple[str, ...]], Veil] = {}
    for node in document.all("style"):
        if len(node.text) > MAX_SHEET or node.get("media").lower() not in {"", "all", "screen"}:
            continue
        for selectors, declarations in _rules_of(node.text):
            veil = veil_of(declarations)
            if veil is None and not (found and _SHOWN.search(declarations.lower())):
                continue
            for selector in selectors.split(","):
                key = _key_of(selector)
                if key is not None and veil is not None:
                    found[key] = veil
                elif key is not None:
                    found.pop(key, None)
    rules: Rules = {}
    for (own, above), veil in found.items():
        same = rules.setdefault(min(own), [])
        if len(same) < MAX_SAME:
            same.append((own, above, veil))
    return rules


def _rules_of(sheet: str) -> list[tuple[str, str]]:
    """(selectors, declarations) of a sheet, without what stands in an @media or @keyframes block."""
    text = _without_remarks(sheet) if "/*" in sheet else sheet
    found: list[tuple[str, str]] = []
    depth = 0  # of the blocks around
    for rule in text.split("}"):
        *around, declarations = rule.split("{")
        if not around:
            depth = max(0, depth - 1)
            continue
        depth += len(around) - 1
        selectors = around[-1].rpartition(";")[2]
        if not depth and len(selectors) < MAX_SELECTORS and "@" not in selectors:
            found.append((selectors, declarations))
    return found


def _without_remarks(sheet: str) -> str:
    """Remarks out, in one walk; one that never closes swallows the rest, as in a browser."""
    first, *rest = sheet.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _key_of(selector: str) -> tuple[frozenset[str], tuple[str, ...]] | None:
    """The names of its last part and of those before; None when it asks for more than names."""
    *before, last = selector.replace(">", " ").split() or [""]
    match = _PART.fullmatch(last)
    if match is None or len(before) > 4:
        return None
    above: list[str] = []
    for part in before:
        named = _PART.fullmatch(part)
        if named is None and not part.isalnum():
            return None
        above += _NAME.findall(named[1]) if named is not None else []
    return frozenset(_NAME.findall(match[1])), tuple(above)


def banished_by(document: Document, sheets: Iterable[str]) -> dict[int, Veil]:
    """The outermost elements that style sheets beside the page put where nobody ever sees them."""
    rules = _banishing_rules(sheets)
    found: dict[int, Veil] = {}
    end = 0
    for node in document.bearing if rules else ():
        if node.index >= end and ("class" in node.attrs or "id" in node.attrs) and "style" not in node.attrs:
            veil = _by_sheet(node, rules)
            if veil is not None:
                found[node.index], end = veil, node.end
    return found


def _banishing_rules(sheets: Iterable[str]) -> Rules:
    """A name that some rule opens again (a menu under the mouse), or places otherwise later on, is not banished."""
    found: dict[tuple[frozenset[str], tuple[str, ...]], Veil] = {}
    opened: set[str] = set()
    for sheet in sheets:
        for selectors, declarations in _rules_of(sheet) if len(sheet) <= MAX_SHEET else ():
            banishes = is_banished(declarations.lower())
            for selector in selectors.split(","):
                if _OPENED.search(selector):
                    opened.update(_NAME.findall(selector))
                elif (key := _key_of(selector)) is not None and banishes:
                    found[key] = Veil.BANISHED
                elif key is not None and key in found and _PLACES.search(declarations.lower()):
                    del found[key]
    rules: Rules = {}
    for (own, above), veil in found.items():
        same = rules.setdefault(min(own), [])
        if len(same) < MAX_SAME and opened.isdisjoint(own) and opened.isdisjoint(above):
            same.append((own, above, veil))
    return rules


def is_banished(lower: str) -> bool:
    """Far off, or clipped to nothing; a picture in place of its words is neither."""
    if "url(" in lower:
        return False
    return _BANISHED.search(lower) is not None or (_PLACED.search(lower) is not None and _FAR.search(lower) is not None)
