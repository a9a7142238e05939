"""Every address an element carries: where a click leads, what the browser fetches to show it.

Reads a Document; gives elements with their references as written, in document order: links, menus, image maps, pictures (also
those loaded late, and sets of sizes), style sheets, scripts, frames, plug-ins, backgrounds by attribute, by inline style and by
the page's own sheets, and clicks on anything whose script names its address in full. Resolves nothing, runs nothing.
"""

import re

from monitor.read.html import Document, Node

MAX_CODE = 2_000  # characters of a click's script; a longer one is a program
MAX_SHEET = 500_000  # characters of a style sheet in the page

_LATE = ("data-src", "data-original", "data-lazy", "data-lazy-src", "data-url", "lazy-src", "original", "_src", "file")
_SETS = frozenset({"srcset", "data-srcset"})
_ODD = "jJ \n\t"  # what an address that is a script, or has blanks around it, begins with
_USUAL = frozenset({"href", "src"})
_PLAIN = frozenset({"a", "area", "img", "script", "iframe", "frame", "embed", "input"})
_NOTHING: frozenset[str] = frozenset()
_NAMED = {
    "a": ("href", "xlink:href"),
    "area": ("href",),
    "link": ("href",),
    "img": ("src", *_LATE, *_SETS),
    "image": ("href", "xlink:href"),
    "script": ("src",),
    "iframe": ("src", "data-src"),
    "frame": ("src",),
    "embed": ("src",),
    "source": ("src", *_SETS),
    "track": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "bgsound": ("src",),
    "object": ("data",),
    "applet": ("archive",),
    "input": ("src",),
    "option": ("value",),
    "param": ("value",),
    **dict.fromkeys(("table", "tr", "td", "th", "body"), ("background",)),
}
_SOURCES = {tag: frozenset(names) for tag, names in _NAMED.items()}
_BY_RESEMBLANCE = frozenset({"option", "param", "data-url", "original", "file"})
"""Elements and attributes that may hold anything: an address only when it looks like one."""
_ADDRESS_LIKE = re.compile(
    r"\s*(?:(?:https?:)?//|\.{0,2}/[^/\s]|[\w.\-/]+\.(?:s?html?|jsp|aspx?|php|do|jpe?g|png|gif|webp|bmp|svg|pdf|docx?|xlsx?|zip|rar)\b)",
    re.IGNORECASE,
)
_UNFETCHED = frozenset({"dns-prefetch", "preconnect"})  # rel of a <link> that names a host, not a thing
_URL = re.compile(r"url\(\s*(?:\"([^\"\n]{1,2048})\"|'([^'\n]{1,2048})'|([^'\"()\s]{1,2048}))\s*\)", re.IGNORECASE)
_IMPORT = re.compile(r"@import\s+(?:\"([^\"\n]{1,2048})\"|'([^'\n]{1,2048})')", re.IGNORECASE)
_LITERAL = r"(?:'([^'\"\\\s]{1,1000})'|\"([^'\"\\\s]{1,1000})\")(?!\s*\+)"
_CLICKS = (
    re.compile(rf"(?:window\s*\.\s*|^|[^\w.])(?:open|navigate)\s*\(\s*{_LITERAL}"),
    re.compile(rf"\blocation(?:\s*\.\s*href)?\s*=\s*{_LITERAL}"),
    re.compile(rf"\blocation\s*\.\s*(?:replace|assign)\s*\(\s*{_LITERAL}"),
)
_MOVIE = frozenset({"movie", "src", "url", "filename"})  # names of a <param> that holds an address


def carried(document: Document) -> list[tuple[Node, str]]:
    """Elements and their references as written; a pseudo link whose click leads somewhere is that click."""
    found: list[tuple[Node, str]] = []
    for node in document.bearing:
        attrs, tag = node.attrs, node.tag
        if "onclick" in attrs or "style" in attrs:
            found += [(node, href) for href in _of_element(node)]
        elif tag == "a" and "xlink:href" not in attrs:
            value = attrs.get("href")  # nearly all of them
            if value and value[0] not in _ODD:
                found.append((node, value))
            elif value is not None or "href" in attrs:
                found += [(node, href) for href in _of_attribute(node, "href", value or "", None)]
        elif tag in _SOURCES and not _SOURCES[tag].isdisjoint(attrs):
            found += [(node, href) for href in _of_element(node)]
    sheets = [(node, href) for node in document.all("style") for href in sheet(node.text)]
    return sorted(found + sheets, key=_place) if sheets else found


def _of_element(node: Node) -> list[str]:
    """All references of an element by its attributes."""
    found: list[str] = []
    attrs, tag = node.attrs, node.tag
    wanted = _SOURCES.get(tag, _NOTHING)
    clicked = click(attrs["onclick"] or "") if "onclick" in attrs else None
    for name, value in attrs.items():
        if name not in wanted:
            continue
        if value and clicked is None and name in _USUAL and tag in _PLAIN and value[0] not in _ODD:
            found.append(value)
        else:
            found += _of_attribute(node, name, value or "", clicked)
    if clicked is not None:
        found.append(clicked)
    if "style" in attrs and "url(" in (style := attrs["style"] or ""):
        found += urls(style)
    return found


def _of_attribute(node: Node, name: str, value: str, clicked: str | None) -> tuple[str, ...]:
    """The references one attribute holds; `clicked` is where a click on the element leads, whatever is written here."""
    if name in _SETS:
        return tuple(words[0] for one in re.split(r",\s+", value) if (words := one.split()))
    if (node.tag in _BY_RESEMBLANCE or name in _BY_RESEMBLANCE) and not _ADDRESS_LIKE.match(value):
        return ()
    if node.tag == "param" and node.get("name").strip().lower() not in _MOVIE:
        return ()
    if node.tag == "link" and not _UNFETCHED.isdisjoint(node.get("rel").lower().split()):
        return ()
    inside = click(value) if value[:11].lower() == "javascript:" else None
    if inside is not None:
        return (inside,)
    return () if clicked is not None and _leads_nowhere(value) else (value,)


def click(code: str) -> str | None:
    """The address a click's script goes to, when it is written out in full."""
    if len(code) > MAX_CODE or ("open" not in code and "location" not in code and "navigate" not in code):
        return None
    for pattern in _CLICKS:
        match = pattern.search(code)
        if match is not None:
            return match[1] or match[2]
    return None


def urls(style: str) -> list[str]:
    """What the declarations of a style fetch."""
    return [a or b or c for a, b, c in _URL.findall(style)]


def sheet(text: str) -> list[str]:
    """What a style sheet of the page fetches, outside its comments."""
    if ("url(" not in text and "@import" not in text) or len(text) > MAX_SHEET:
        return []
    parts, at = [], 0
    while (start := text.find("/*", at)) >= 0 and (end := text.find("*/", start + 2)) >= 0:
        parts.append(text[at:start])
        at = end + 2
    plain = "".join([*parts, text[at:]])
    return [a or b for a, b in _IMPORT.findall(plain)] + urls(plain)


def _place(one: tuple[Node, str]) -> int:
    return one[0].index


def _leads_nowhere(value: str) -> bool:
    stripped = value.strip().lower()
    return not stripped or stripped.startswith(("#", "javascript:", "about:"))
