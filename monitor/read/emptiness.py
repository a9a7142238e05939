"""Whether a page without a list is empty, or only looks so because a program fills it.

Reads a Document whose list was not found; gives blank, shell or nothing to say. Blank needs proof: a stated 暂无内容,
or a list region that the server rendered empty and that no script fills. Everything in doubt is shell: unknown.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from monitor.model import State
from monitor.read.calls import filled_table
from monitor.read.filling import (
    LISTLIKE,
    SERVER_PAGER,
    Hint,
    hint_around,
    hint_within,
    left_over,
    named_script,
    on_condition,
)
from monitor.read.gathered import Gathered
from monitor.read.html import Document, Node

_PLACE = "(?:本|该|此|当前)?(?:栏目|页面|频道|板块|版块|目录|分类|类别|部门|列表)?"
_WAIT = r"(?:\W{0,4}(?:敬请期待|敬请关注|敬请等待|请稍[后候等]|请您?耐心等待))?"
_BUILT = rf"{_PLACE}的?(?:内容|信息)?(?:正在|还在|尚在)?(?:紧张)?(?:建设|更新|完善|整理|筹备|准备|编辑|制作|充实)之?中"
_NONE_YET = rf"{_PLACE}(?:目前|还)?(?:尚无|暂无|暂时没有|没有)(?:相关|任何)?(?:的)?(?:内容|信息|数据|资料|文章|新闻)"
_STATED = re.compile(
    rf"^\W{{0,4}}(?:很?(?:抱歉|对不起)\W{{0,2}})?{_PLACE}[下内中]?(?:目前|还)?(?:尚无|暂无|暂时没有|目前没有|没有(?:找到)?(?:任何|相关)?|无相关|未找到(?:任何|相关)?|未查询到)"
    r"(?:相关|任何|符合条件的?)?(?:的)?(?:内容|信息|数据|记录|资料|文章|新闻|结果|公告|通知|文件|列表|条目)?"
    rf"{_WAIT}\W{{0,4}}$|"
    rf"^\W{{0,4}}(?:敬请期待|{_BUILT}(?:\W{{1,4}}{_NONE_YET})?{_WAIT}|{_NONE_YET}\W{{1,4}}{_BUILT}{_WAIT}|"
    r"no (?:data|records?|results?|articles?)(?: found)?)\W{0,6}$",
    re.IGNORECASE,
)
_ZERO = re.compile(
    r"共\s*(?:有|计)?\s*[:：]?\s*0\s*(?:条|篇|个|项|页?记录)|总数\s*[:：]?\s*0(?!\d)|total\s*[:：]?\s*0\s+(?:records?|items?)"
)
_CALLS = re.compile(  # in lower case, as a search that ignores case is ten times slower
    r"\$\.(?:ajax|get|post|getjson|getscript)\s*\(|\.load\s*\(\s*['\"]|xmlhttprequest|\bfetch\s*\(|axios|new vue|createapp|"
    r"reactdom|angular\.module|layui\.use|laytpl|template\s*\(|mustache|handlebars|webuploader|jsonp\s*[:=]|loadlist|getlist|"
    r"querylist|initlist|showlist|ajaxlist|datatable\s*\(|bootstraptable\s*\(|datagrid\s*\(|window\._config|__nuxt__|__next_data__"
)
MAX_SCRIPT = 100_000  # characters; a longer one is a library
MAX_DOUBTS = 20  # words that may be shown or not; with more nothing is stated
_CLOSE = 60  # characters between the name of an element and what is done to it
_FILLS = re.compile(r"\.(?:append|prepend|html|innerHTML|insertAdjacentHTML)\b")
_MORE = re.compile(r"function\s+(?i:next|more|loadmore|getmore|nextpage)\w*\s*\(\s*\)\s*\{")
_NOT_LIST = re.compile(
    r"nav|menu|foot|head|top\b|banner|slide|swiper|search|share|page|pager|link|crumb|position|logo|tool|float|login|"
    r"clear|weixin|qr|code|ewm|tab|btn|hot|calendar|dialog|modal|mask|popup|bg\b|line\b|arrow|dots?\b",
    re.IGNORECASE,
)
_REMARKS = re.compile(r"comment|pinglun|reply|search|cart|message-box", re.IGNORECASE)
_HOLDERS = frozenset({"ul", "ol", "dl", "tbody", "div", "section", "table"})


@dataclass(frozen=True, slots=True)
class Emptiness:
    """blank or shell, and why; `asks` what would fill the place, as a person reads it."""

    state: State
    why: str
    asks: tuple[str, ...] = ()


def emptiness(page: Gathered, *, titled_links: int) -> Emptiness | None:
    """What an absent list means; None when the page is simply a page without one.

    `titled_links` counts the undated title links of the page's best undated list.
    """
    document = page.document
    left = left_over(document, page.crumb)
    if left is not None:
        return Emptiness(State.SHELL, left)
    stated, doubt = _said(page)
    scripts = "\n".join([node.text for node in document.all("script") if len(node.text) < MAX_SCRIPT])
    if stated is not None and _awaits(stated, scripts):
        return Emptiness(State.SHELL, f"says {stated.text!r} until a script has filled the place")
    if stated is not None:
        return Emptiness(State.BLANK, f"says {stated.text!r}")
    if not titled_links and (table := filled_table(document)) is not None:
        return Emptiness(
            State.SHELL, f"<table class={table.get('class')!r} id={table.get('id')!r}> names the call that fills it"
        )
    filled = _filled_before(document)
    holder = _empty_holder(document, page.crumb, filled)
    if holder is not None:
        return _of_holder(page, holder, scripts, doubt, filled)
    if titled_links:
        return None
    calls = _CALLS.search(_without_more(scripts).lower()) if _bound(document) else None
    if calls is not None:
        return Emptiness(State.SHELL, f"template filled by {calls[0]!r}")
    return Emptiness(State.SHELL, doubt) if doubt else None


def _of_holder(page: Gathered, holder: Node, scripts: str, doubt: str, filled: list[int]) -> Emptiness:
    """What an empty place of a list means: blank only when no pager needs it filled and nothing hints at a program."""
    document = page.document
    name = f"<{holder.tag} class={holder.get('class')!r} id={holder.get('id')!r}>"
    hint = hint_within(document, holder, filled)
    if hint is not None:
        return _hinted(page, name, hint)
    calls = _CALLS.search(_without_more(scripts).lower())
    pager = SERVER_PAGER.search(scripts) or SERVER_PAGER.search(document.words)
    if pager is not None and (calls is None or not _filled(holder, scripts)):
        return Emptiness(State.BLANK, f"{name} is empty and the pager counts nothing: {pager[0].strip()!r}")
    hint = hint_around(holder)
    if hint is not None:
        return _hinted(page, name, hint)
    if calls is not None or _filled(holder, _without_more(scripts)):
        return Emptiness(State.SHELL, f"{name} is filled by script" + (f": {calls[0]!r}" if calls is not None else ""))
    if any(node.tag in _HOLDERS and node.get("id") for node in document.nodes[holder.index : holder.end]):
        return Emptiness(State.SHELL, f"{name} is empty and has a handle for a script")
    if doubt:
        return Emptiness(State.SHELL, f"{name} is empty; {doubt}")
    hint = named_script(document)
    if hint is not None:
        return _hinted(page, name, hint)
    return Emptiness(State.BLANK, f"{name} is empty and nothing fills it")


def _hinted(page: Gathered, name: str, hint: Hint) -> Emptiness:
    """Unknown for such a hint; a call in it is told, not asked: what it answers is rarely a page."""
    address = page.addresses.of(hint.address) or hint.address if hint.address else ""
    return Emptiness(State.SHELL, f"{name} is empty and {hint.why}", (f"GET {address}",) if address else ())


def says_nothing(text: str) -> bool:
    """True when a text is nothing but such words."""
    return len(text) <= 40 and _STATED.match(text) is not None


def states_nothing(page: Gathered) -> str | None:
    """The words by which a page says that it has nothing, if it does."""
    node = _said(page)[0]
    return node.text if node is not None else None


def _said(page: Gathered) -> tuple[Node | None, str]:
    """The text that says so, out in the open; else the doubt that words leave which a program may show or not, "" for none."""
    doubt, doubts = "", 0
    for node in page.document.texts:
        if doubts >= MAX_DOUBTS:
            break
        if len(node.text) > 40 or not (_STATED.match(node.text) or _ZERO.search(node.text)):
            continue
        if node.parent is None or node.parent.tag == "option":
            continue
        if _REMARKS.search(" ".join(f"{up.get('class')} {up.get('id')}" for up in islice(node.up(), 3))):
            continue
        shown = "out of sight" if node.index in page.hidden else on_condition(page.document, node)
        if shown is None:
            return node, ""
        doubts += 1
        doubt = doubt or f"{node.text!r} stands {shown}"
    return None, doubt


def _awaits(stated: Node, scripts: str) -> bool:
    """True when a script asks for data and puts it where the words stand."""
    if _CALLS.search(_without_more(scripts).lower()) is None:
        return False
    return any(
        up.tag in _HOLDERS or up.tag in {"li", "td", "p"} for up in islice(stated.up(), 3) if _filled(up, scripts)
    )


def _empty_holder(document: Document, start: int, filled: list[int]) -> Node | None:
    """The element a list would stand in: after the breadcrumb (`start`), named like a list, holding no text and no link."""
    best: Node | None = None
    for node in document.elements[bisect_left(document.elements, start, key=attrgetter("index")) :]:
        if node.tag not in _HOLDERS or filled[node.end] != filled[node.index]:
            continue
        better = best is None or _rank(node) > _rank(best)
        if better and _could_hold(document, node, after_crumb=start > 0):
            best = node
    return best


def _could_hold(document: Document, node: Node, *, after_crumb: bool) -> bool:
    """True when the element is named, or stands, like the place of a list."""
    names = f"{node.get('class')} {node.get('id')}"
    if _NOT_LIST.search(names) or _inside_nav(node):
        return False
    if node.tag == "tbody":
        return node.parent is not None and any(child.tag == "thead" for child in document.children(node.parent))
    if node.tag == "table" and node.get("id"):
        return True  # the place of a grid
    if not names.strip():
        return after_crumb and node.tag in {"ul", "ol"}
    return bool(LISTLIKE.search(names)) or node.tag in {"ul", "ol"}


def _rank(node: Node) -> int:
    """Lists before tables before boxes; named before unnamed."""
    return {"ul": 4, "ol": 4, "tbody": 4, "dl": 3, "table": 3}.get(node.tag, 1) + (
        2 if LISTLIKE.search(node.get("class")) else 0
    )


def _filled_before(document: Document) -> list[int]:
    """How many texts, links, pictures and fields stand before each node."""
    counts = [0] * (len(document.nodes) + 1)
    total = 0
    for node in document.nodes:
        counts[node.index] = total
        if node.tag in {"#text", "a", "img", "input", "iframe", "object", "embed", "video"}:
            total += 1
    counts[len(document.nodes)] = total
    return counts


def _inside_nav(node: Node) -> bool:
    for up in list(node.up())[:6]:
        if up.tag in {"nav", "footer", "header", "li", "a"} or _NAV.search(f"{up.get('class')} {up.get('id')}"):
            return True
    return False


_NAV = re.compile(
    r"(?:^|[\s_\-])(?:nav\w*|menu\w*|foot\w*|header|banner|slide\w*|swiper\w*|search\w*|share|link\w*)(?:$|[\s_\-\d])",
    re.IGNORECASE,
)


def _filled(holder: Node, scripts: str) -> bool:
    """True when a script names the holder and, close behind, puts something into it."""
    named = [holder, *list(holder.up())[:2]] if holder.tag == "tbody" else [holder]
    names = [name for node in named for name in [node.get("id"), *node.get("class").split()] if len(name) > 1]
    return any(
        _FILLS.search(scripts, match.end(), match.end() + _CLOSE) is not None
        for name in names
        for match in re.finditer(rf"['\"#.\s]{re.escape(name)}\b", scripts)
    )


def _without_more(scripts: str) -> str:
    """Scripts without the functions that fetch further pages on demand; the first page does not need them."""
    match = _MORE.search(scripts)
    return scripts[: match.start()] if match is not None else scripts


def _bound(document: Document) -> bool:
    """True when the page carries the marks of a client-side template."""
    if "{{" in document.words:
        return True
    return any(name.startswith(("v-", "ng-", ":", "@")) for node in document.elements for name in node.attrs)
