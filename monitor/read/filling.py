"""Signs that a program fills a place that looks empty, or decides whether words like 暂无数据 are shown.

Reads a Document; gives Hints, with the address that would fill the place where one is written there. A hint proves nothing but
doubt: a place with one is unknown, never blank. Runs and fetches nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from monitor.read.html import Document, Node

MAX_ABOVE = 4  # ancestors that may carry the number of a column, or the name of a call
MAX_CONDITION = 6  # ancestors that may be shown on a condition
MAX_BESIDE = 3  # ancestors in which the template stands to which such words are the other case
MAX_WAITING = 30  # characters of words like 正在加载
SHOWN = 60  # characters of a script in a reason

SERVER_PAGER = re.compile(
    r"createPage(?:HTML|Html)\w*\s*\(\s*(?:['\"][\w\-]+['\"]\s*,\s*)?['\"]?[01]['\"]?\s*,|"
    r"(?:countPage|pageCount|totalPage|page_count|totalpage)\s*=\s*['\"]?[01]['\"]?\s*[;,\n]|共\s*[01]\s*页|"
    r"\.jpage\s*\(\s*\{[^)]{0,400}?totalRecords?['\"]?\s*:\s*['\"]?0\b"
)
_BINDS = ("v-", "ng-", "x-", "hx-", "data-ng-", "data-hx-", "data-v-", ":", "@", "*ng", "[ng", "wx:")
_ROWS = frozenset({"v-for", "ng-repeat", "data-ng-repeat", "x-for", "*ngfor", "wx:for"})
_ADDRESSED = (
    *("url", "data-url", "data-api", "data-src", "data-href", "data-source", "data-action", "data-path"),
    *("hx-get", "data-hx-get", "hx-post", "lay-url"),
)
_HANDED = frozenset(
    {"url", "querydata", "parsetype", "lay-data", "lay-options", "lay-url", "column", "columnid", "channelid", "catid"}
)
_DECOR = re.compile(
    r"data-(?:aos|wow|bs|animat|delay|duration|spm|toggle|target|role|theme|colou?r|align|placement|parallax|offset|scroll|anchor|height|width|title|date|time)"
)
_MOUNTS = frozenset({"app", "root", "vue", "vm", "vueapp", "__nuxt", "__next"})
_LISTS = re.compile(r"list|news|column|channel|lanmu|article|content|getdata|ajax", re.IGNORECASE)
_LOADER = re.compile(r"(?:^|/)(?:ajax[-_]?)?load(?:ing|er)[\w\-]{0,40}\.(?:gif|png|svg)", re.IGNORECASE)
_CALLED = re.compile(r"[\w$\])]\s*\(|\bnew\s")
_PAGER_FILE = re.compile(r"/page(?:r|ination)?\d*\.js$", re.IGNORECASE)
LISTLIKE = re.compile(
    r"list|news|lb\b|liebiao|content|article|art[-_]|main|right|con\b|cont\b|info|data|item|ul\b", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"nav|menu|foot|banner|search|share|login|weather|tianqi|comment|pinglun|visit|cart|dialog|modal|popup|crumb",
    re.IGNORECASE,
)
_WAITS = re.compile(r"加载|载入|读取|获取|loading")
_WAITING = re.compile(
    r"^\W{0,4}(?=.*(?:正在|努力|拼命|中|稍|\.\.|…|loading))(?:数据|内容|列表|信息|页面)?(?:正在|努力|拼命|玩命){0,2}(?:加载|载入|读取|获取|loading)"
    r"(?:数据|内容|列表|信息)?之?中?(?:\W{0,4}(?:请您?)?(?:稍[候后等]|耐心等待))?\W{0,8}$"
)
_BRACE = re.compile(r"([{}])")
_DECLARED = re.compile(r"\bfunction\s+[\w$]+\s*\([^()]{0,200}\)")
_COUNTERS = re.compile(
    r"jquery|swiper|slide|layer|bootstrap|stat|count|tongji|analy|track|visit|click|share|foot|bottom|header|nav|menu|search|jiucuo|conac|wza|"
    r"webdig|hm\.js|baidu|print|font|gotopage|createpage|/page(?:r|ination)?\d*\.js|clock|weather|tianqi",
    re.IGNORECASE,
)
"""What stands beside a list and is about something else: counters, sharing, menus, pagers."""
_UNSHOWN = frozenset(
    [
        "hide",
        "hidden",
        "none",
        "dn",
        "hid",
        "undis",
        "invisible",
        "d-none",
        "dis-none",
        "dis_none",
        "disnone",
        "disn",
        "display-none",
        "displaynone",
        "nodisplay",
    ]
)
_UNSHOWN_ENDS = ("-hide", "-hidden", "_hide", "_hidden")
_NOTHING_BOX = re.compile(r"(?:^|\s)(?:no[-_]?(?:data|result|list|news|content|more)|empty|blank)", re.IGNORECASE)
_PLACES = frozenset({"ul", "ol", "dl", "tbody", "table", "div", "section"})


@dataclass(frozen=True, slots=True)
class Hint:
    """What was seen, and the address as written that would fill the place, "" where none is seen."""

    why: str
    address: str = ""


def hint_within(document: Document, place: Node, filled: list[int]) -> Hint | None:
    """A program in an empty place, in the empty region around it, or right beside. `filled`: how much is seen before each node."""
    inside = document.nodes[place.index : place.end]
    paged = any(node.tag == "script" and SERVER_PAGER.search(node.text) for node in inside)
    for node in inside:
        if (found := _at(node)) is not None and not (paged and _PAGER_FILE.search(node.get("src"))):
            return found
    for node in _around(document, place, filled):
        other = node.tag == "script" and _COUNTERS.search(node.get("src") or node.text) is not None
        if not other and (found := _at(node)) is not None:
            return Hint(f"beside it stands {found.why}", found.address)
    return None


def hint_around(place: Node) -> Hint | None:
    """What an element or its near ancestors tell a program: a number of a column, an address, a binding."""
    for up in [place, *islice(place.up(), MAX_ABOVE)]:
        if up.tag in {"body", "html"}:
            break
        found = _by_attributes(up, loose=True)
        if found is not None:
            return found
        if up.get("id").lower() in _MOUNTS:
            return Hint(f"<{up.tag} id={up.get('id')!r}> is where a program puts a page")
    return None


def named_script(document: Document) -> Hint | None:
    """A script of the page that is named after lists and may look for its place by a class."""
    for node in document.all("script"):
        source = node.get("src").strip()
        if source and _LISTS.search(source.partition("?")[0].rpartition("/")[2]):
            return Hint(f"<script src={source[:SHOWN]!r}> may fill it")
    return None


def on_condition(document: Document, words: Node) -> str | None:
    """Why these words may not be what a visitor sees: a program or a style sheet beside the page decides; None when they stand."""
    above = [up for up in islice(words.up(), MAX_CONDITION) if up.tag not in {"body", "html"}]
    for up in above:
        if "-" in up.tag:
            return f"inside <{up.tag}>, which a program fills"
        binding = next((name for name in up.attrs if name.startswith(_BINDS)), None)
        if binding is not None:
            return f"under {binding}"
    for up in above[:MAX_BESIDE]:
        for name in up.get("class").lower().split():
            if name in _UNSHOWN or name.endswith(_UNSHOWN_ENDS):
                return f"in a block of class {name!r}"
    around = document.inside(above[:MAX_BESIDE][-1]) if above else []
    if any(not _ROWS.isdisjoint(node.attrs) and not _is_elsewhere(node) for node in around):
        return "beside a template for rows"
    box = document.inside(above[:2][-1]) if above else []
    found = next((found for node in box if (found := _filler(node)) is not None), None)
    if found is not None:
        return f"beside {found.why}"
    boxed = any(_NOTHING_BOX.search(up.get("class")) for up in above[:2])
    if boxed and document.all("script") and _beside_handle(document, above[:MAX_BESIDE]):
        return "beside an empty place with a handle for a script"
    return None


def left_over(document: Document, start: int) -> str | None:
    """What a program would have replaced in the place of a list, behind the breadcrumb (`start`): a template of rows, 正在加载."""
    templates, waiting = "{{" in document.words, _WAITS.search(document.lower) is not None
    for node in document.texts if templates or waiting else ():
        template = templates and "{{" in node.text
        waits = waiting and len(node.text) <= MAX_WAITING and _WAITING.match(node.text.lower()) is not None
        if (template or waits) and node.index > start and _in_list(node):
            shown = f"a template {node.text[:SHOWN]!r} stands" if template else f"{node.text!r} stands"
            return f"{shown} where the list would"
    for node in document.all("img"):
        late = any(name.startswith("data-") for name in node.attrs)
        if not late and node.index > start and _LOADER.search(node.get("src")) and _in_list(node):
            return "a picture of waiting stands where the list would"
    if not any(name in document.source for name in _ROWS):
        return None
    rows = (one for one in document.bearing if one.index > start and not _ROWS.isdisjoint(one.attrs) and _in_list(one))
    row = next(rows, None)
    return f"a template <{row.tag}> of rows stands where the list would" if row is not None else None


def _in_list(node: Node) -> bool:
    """True in an element named like a list, and in nothing that is something else."""
    names = (f"{up.get('class')} {up.get('id')}" for up in islice(node.up(), MAX_BESIDE))
    return not _is_elsewhere(node) and any(LISTLIKE.search(one) for one in names)


def _is_elsewhere(node: Node) -> bool:
    """True in a menu, a search box, a footer and what else stands around a list."""
    for up in islice(node.up(), MAX_CONDITION):
        if up.tag in {"nav", "footer", "header", "button", "label", "select"}:
            return True
        if up.tag != "body" and _ELSEWHERE.search(f"{up.get('class')} {up.get('id')}"):
            return True
    return False


def _filler(node: Node) -> Hint | None:
    """An element in the box of such words that may fill it all the same."""
    if node.tag == "script":
        return None if _COUNTERS.search(node.get("src") or node.text) else _by_script(node)
    if node.tag == "iframe":
        return Hint("a frame")
    return _at(node) if "-" in node.tag else None


def _beside_handle(document: Document, above: list[Node]) -> bool:
    """True when an element with an id stands empty beside the block of such words."""
    for up in above[1:]:
        for child in document.children(up):
            if child.tag in _PLACES and child.get("id") and child.end == child.index + 1:
                return True
    return False


def _region(place: Node, filled: list[int]) -> Node:
    """The outermost element around the place that shows nothing either."""
    region = place
    for up in place.up():
        if up.tag in {"body", "html"} or filled[up.end] != filled[up.index]:
            break
        region = up
    return region


def _around(document: Document, place: Node, filled: list[int]) -> Iterator[Node]:
    """The rest of the empty region, and the scripts beside it up to the next thing seen; between boxes of the page none."""
    region = _region(place, filled)
    for node in document.nodes[region.index : region.end]:
        if not place.index <= node.index < place.end:
            yield node
    if region.parent is None or (region is not place and region.parent.tag == "body"):
        return
    for child in document.children(region.parent):
        first, last = min(child.index, region.index), max(child.end, region.end)
        if child.tag == "script" and filled[last] == filled[first]:
            yield child


def _at(node: Node) -> Hint | None:
    """What one element of an empty region tells."""
    if node.tag == "script":
        return _by_script(node)
    if "-" in node.tag or node.tag in {"template", "slot", "noscript", "textarea"}:
        told = "".join(f" {name}={value!r}" for name, value in islice(node.attrs.items(), 2))
        return Hint(f"<{node.tag}{told}> is there for a program", _address(node))
    return _by_attributes(node, loose=False)


def _by_script(node: Node) -> Hint | None:
    """A script that may write there; one that only counts pages is none."""
    source = node.get("src").strip()
    if source:
        return Hint(f"<script src={source[:SHOWN]!r}>", node.get("url").strip() or source)
    if "<datastore" in node.text[:200].lower():
        return None  # its adapter knows what an empty one means
    if not node.get("url") and (SERVER_PAGER.search(node.text) or not _acts(node.text)):
        return None
    return Hint(f"<script> {' '.join(node.text[:SHOWN].split())!r}", node.get("url").strip())


def _acts(code: str) -> bool:
    """True for markup, and for code that calls something at once: not within a function that waits for a click."""
    if "function" not in code:
        return "<" in code or _CALLED.search(code) is not None
    outside, depth = [], 0
    for piece in _BRACE.split(code):
        if piece in {"{", "}"}:
            depth = max(0, depth + (1 if piece == "{" else -1))
        elif not depth:
            outside.append(piece)
    return _CALLED.search(_DECLARED.sub(" ", " ".join(outside))) is not None


def _by_attributes(node: Node, *, loose: bool) -> Hint | None:
    """What binds an element to a program; `loose` counts any number or name handed to one (data-*) as well."""
    for name, value in node.attrs.items():
        handed = name in _HANDED or (loose and name.startswith("data-") and _DECOR.match(name) is None)
        if handed or name.startswith(_BINDS):
            told = f"<{node.tag} {name}={(value or '')[:SHOWN]!r}>"
            return Hint(f"{told} is meant for a program", _address(node))
    return None


def _address(node: Node) -> str:
    """The address in its attributes, as written."""
    values = (node.get(name).strip() for name in _ADDRESSED)
    return next((value for value in values if "/" in value or "?" in value), "")
