"""What a page says for itself: the words outside links, menus, breadcrumb and footer; and whether it offers articles.

Reads a Document; gives text and yes or no for state.py. A headline is what somebody else's article says, a column's name
says what is listed there, a footer says who looks after the site: none of them says that this page is closed or broken.
"""

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import islice

from monitor.read.emptiness import says_nothing
from monitor.read.gathered import Gathered
from monitor.read.html import Document, Node, squeeze
from monitor.read.landmarks import aside_block
from monitor.read.links import Addresses, host_of
from monitor.read.regions import MIN_TITLE, title_weight

DATED_ROWS = 2  # rows with a link and a date that make a list
SEVERAL = 3  # links to own articles that make a list without dates
HEADLINE = 8.0  # Chinese characters; names of menu entries are shorter, or lead to a folder
CRUMB_TEXT = 160  # characters; a larger block is more than a breadcrumb
NAMES = 200  # characters of a class or id looked at
NAME = 24  # characters; a longer text is a sentence, not a column's name

_CHROME_TAGS = frozenset({"nav", "footer"})
_CHROME = re.compile(
    r"(?:^|[\s_\-])(?:(?:top|main|sub|site|left|side|head|foot)?nav(?:bar|box|list|wrap|i\w*|s)?|(?:top|main|sub|side)?menu\w*|"
    r"foot\w*|copyright\w*|crumbs?|breadcrumbs?|position(?!-(?:relative|absolute|fixed|sticky|static))|friend\w*)(?:$|[\s_\-\d])",
    re.IGNORECASE,
)
_CLICKED = frozenset({"li", "tr", "td", "dt", "dd", "span", "p", "div"})
_INLINE = frozenset(
    {"a", "b", "strong", "i", "em", "u", "font", "span", "small", "big", "label", "code", "s", "sub", "sup"}
)
_CONTROLS = frozenset({"option", "select", "button", "datalist"})
_FOLDER = re.compile(
    r"(?:^|/)(?:(?:index|default|list|home|main|channel|column|col)[\w\-]*(?:\.\w+)?)?$", re.IGNORECASE
)
_CREDIT = re.compile(
    r"(?:维护|升级|改版|检修)(?:管理)?(?:单位|部门|机构|电话|热线|人员|商|方)|"
    r"维护\s*[:：]\s*[^，。；！\s]{2,30}?(?:公司|中心|局|办|部|处|科|院|所|室|站|组|集团|政府|委|厅|会|大学)|"
    r"由(?!于|此)[^，。；！\s]{2,40}?维护|(?:负责|承担|从事)[^，。；！\n]{0,60}?(?:维护|升级|检修|调试|改版)|"
    r"浏览器[^。；！\n]{0,24}?升级|(?:升级|关闭|更新|更换|退出|停用)[^。；！\n]{0,8}?(?:浏览器|兼容|弹窗|弹出窗口|窗口拦截|拦截)[^。；！\s]{0,4}"
)
"""Who looks after a site, what to do with one's browser: said on pages that are open."""


def own_words(page: Gathered) -> tuple[str, bool]:
    """The words a page says itself, a line for each stretch nothing else stands in; and whether it has a breadcrumb.

    When all it says stands in blocks named like a menu or a footer, it is those words.
    """
    document, hidden = page.document, page.hidden
    crumb = _crumb(document, page.crumb)
    name = squeeze(document.text_of(crumb)) if crumb is not None else ""
    shown = [
        node
        for node in document.texts
        if node.index not in hidden and not says_nothing(node.text) and not _names_column(node.text, name)
    ]
    said = _said(document, shown, _left_out(document, crumb, chrome=True))
    return said or _said(document, shown, _left_out(document, crumb, chrome=False)), crumb is not None


def _said(document: Document, shown: list[Node], left_out: bytearray) -> str:
    """The texts that are not left out; those of other blocks, or with something left out between them, on lines of their own."""
    words: list[str] = []
    last: Node | None = None
    for node in shown:
        if left_out[node.index]:
            last = None
            continue
        if words and (last is None or not _runs_on(document, last, node)):
            words.append("\n")
        words.append(node.text)
        last = node
    lines = [squeeze(line) for line in " ".join(words).split(" \n")]
    return _CREDIT.sub("\n", "\n".join(lines)).strip()


def _runs_on(document: Document, last: Node, node: Node) -> bool:
    """True when two texts stand in the same lines of one element."""
    if any(one.tag in {"br", "hr"} for one in document.nodes[last.index + 1 : node.index]):
        return False
    return _block_of(last) == _block_of(node)


def _block_of(node: Node) -> int:
    """The index of the element in whose lines a text runs on."""
    return next((up.index for up in node.up() if up.tag not in _INLINE), 0)


def _names_column(text: str, name: str) -> bool:
    """True for the column's name repeated as a heading or in a menu."""
    return bool(name) and len(text) <= NAME and squeeze(text) in name


def _crumb(document: Document, index: int) -> Node | None:
    """The block of the breadcrumb: what holds its label, its links and the name it ends with."""
    if not index:
        return None
    node, block = document.nodes[index], None
    for up in islice(node.up(), 3):
        if up.tag in {"body", "html"} or len(document.text_of(up)) > CRUMB_TEXT:
            break
        block = up
        if any(one.tag == "a" for one in document.inside(up)):
            break
    return block or node


def _left_out(document: Document, crumb: Node | None, *, chrome: bool) -> bytearray:
    """For each node, whether it stands in a link, a control, the breadcrumb; with `chrome` also in a menu or footer."""
    marked = bytearray(len(document.nodes))
    heads = [node.index for node in document.all("h1")]
    for node in document.elements:
        if marked[node.index]:
            continue
        other = node is crumb or _is_pressed(node) or (chrome and _is_chrome(node))
        if other and not (node.tag != "a" and bisect_left(heads, node.index) != bisect_left(heads, node.end)):
            marked[node.index : node.end] = b"\x01" * (node.end - node.index)
    return marked


def _is_pressed(node: Node) -> bool:
    """True for what is there to be clicked."""
    if node.tag == "a":
        return bool(node.attrs.get("href") or node.attrs.get("onclick"))
    return node.tag in _CONTROLS or ("onclick" in node.attrs and node.tag in _CLICKED)


def _is_chrome(node: Node) -> bool:
    """True for a menu or a footer by its tag or name."""
    if node.tag in {"body", "html"}:
        return False
    return node.tag in _CHROME_TAGS or _is_named_chrome(f"{node.get('class')[:NAMES]} {node.get('id')[:NAMES]}")


@lru_cache(maxsize=4096)
def _is_named_chrome(names: str) -> bool:
    """By class and id; sites use the same few names."""
    return _CHROME.search(names) is not None


def offers(page: Gathered) -> tuple[int, int]:
    """How many dated rows with a link a page offers, and, when they make no list, how many links to articles of its own site.

    Hot lists and related links are left out: error pages carry them, too. Articles are counted up to SEVERAL.
    """
    if not page.anchors:
        return 0, 0
    regions = page.regions(whole=False)
    aside = [one.container for one in regions if one.announced_aside]
    honest = [one for one in regions if not one.announced_aside and one.mode != "undated"]
    dated = {row.anchor.index for one in honest for row in one.rows if row.stamps}
    articles: set[str] = set()
    for anchor in page.anchors if len(dated) < DATED_ROWS else ():
        if title_weight(anchor.title) < (MIN_TITLE if anchor.index in dated else HEADLINE):
            continue
        if any(block.index < anchor.index < block.end for block in aside):
            continue
        if _is_article(anchor.href, page.addresses) and aside_block(anchor.node) is None:
            articles.add(anchor.title)
            if len(articles) >= SEVERAL:
                break
    return len(dated), len(articles)


def _is_article(href: str, addresses: Addresses) -> bool:
    """True when a link leads into its own site to something with a number; a script may lead anywhere."""
    if href.lower().startswith("javascript:") or href in {"", "#"}:
        return True
    url, home = addresses.of(href), host_of(addresses.base)
    if url is None or (host_of(url) or home) != home:
        return False
    path = url.partition("://")[2].partition("/")[2] if "://" in url else url
    return any(char.isdigit() for char in path) and _FOLDER.search(path) is None
