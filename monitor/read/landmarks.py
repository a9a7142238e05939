"""What stands around a list and tells what it is: breadcrumb, heading, navigation, side boxes, footer.

Reads a Document and nodes of it; gives places and yes or no. By words and names only; scores are made elsewhere.
"""

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import islice
from operator import attrgetter

from monitor.read.html import Document, Node, squeeze

_CRUMB = re.compile(
    r"(?:当前|您的|所在|现在的?|目前)\s*(?:的)?\s*位置|您在这里|你现在的位置|^位置|location\s*[:：]|you are here",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"(?:location\s*[:：]|you are here)")  # in lower case
_ASIDE = re.compile(
    r"(?:^|[\s_\-])(?:hot|rank\w*|recommend\w*|related|relate|aside|sidebar|footer?|copyright|nav\w*|menu\w*|friend\w*|"
    r"link-?box|calendar|rili|crumb\w*|breadcrumb|position|pagination|pager?|share|login|weather)(?:$|[\s_\-\d])",
    re.IGNORECASE,
)
_ASIDE_HEADING = re.compile(
    r"热点|热门|排行|推荐|相关|点击|关注榜|友情链接|日历|天气|猜你|大家都在|浏览记录|上一篇|下一篇|延伸阅读|最新评论|置顶推荐"
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside", "header"})
_MORE = frozenset({"更多", "more", "更多>>", "more>>", ">>", "更多+", "+more"})
_BLOCKS = frozenset(
    {"div", "p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "center"}
)
_CELLS = frozenset({"td", "th"})
COLUMNS = 2  # named side by side; a heading may have a word beside it
HEADING_LENGTH = 24  # characters of the line a heading stands in, 更多 included
HEADING_NODES = 24  # of the block it stands in; a larger one is the list's own
NAMES = 400  # characters of class and id looked at
_place = attrgetter("index")
CRUMB_LENGTH = 40  # characters; a sentence with 位置 in it is no breadcrumb


def crumb_index(document: Document) -> int:
    """The node index of the breadcrumb, 0 when there is none: what stands before it is never the list."""
    words = [word for word in ("位置", "您在这里") if word in document.words]
    english = _ENGLISH.search(document.lower) is not None
    if not words and not english:
        return 0
    short = (node for node in reversed(document.texts) if len(node.text) <= CRUMB_LENGTH)
    likely = (node for node in short if english or any(word in node.text for word in words))
    return next((node.index for node in likely if _CRUMB.search(node.text)), 0)


def heading_of(document: Document, index: int) -> str:
    """The short text printed last before a list that begins at `index`, "" when a long one stands there."""
    at = bisect_left(document.texts, index, key=_place)
    for node in reversed(document.texts[max(0, at - 2) : at]):
        text = squeeze(node.text)
        if 2 <= len(text) <= 12 and text.lower() not in _MORE:
            return text if _stands_alone(document, node) else ""
    return ""


def _stands_alone(document: Document, node: Node) -> bool:
    """False for a word at the end of a line: the weather, a row of links."""
    block = next((up for up in node.up() if up.tag in _BLOCKS), None)
    if block is None or block.end - block.index > HEADING_NODES:
        return True
    return len(document.text_of(block)) <= HEADING_LENGTH and not _names_columns(document, block)


def _names_columns(document: Document, block: Node) -> bool:
    """True for the head of a table: cells, or pieces of one line, that say what stands below each (标题, 发布时间, 点击数)."""
    if block.tag not in _CELLS or block.parent is None:
        return (
            sum(1 for one in document.inside(block) if one.tag == "#text" and one.text.lower() not in _MORE) > COLUMNS
        )
    row = [one for one in document.children(block.parent) if one.tag in _CELLS and document.text_of(one)]
    return len(row) > (1 if block.tag == "th" else COLUMNS)


def announces_aside(heading: str, own_name: str) -> bool:
    """True when the heading is that of a hot list, of related links; not when it is the page's own name."""
    return bool(_ASIDE_HEADING.search(heading)) and heading not in own_name


def chain(container: Node) -> list[Node]:
    """The element and its four nearest ancestors."""
    return [container, *islice(container.up(), 4)]


def aside_block(container: Node) -> Node | None:
    """The nearest of them that is navigation, a footer or a side box by its tag or name."""
    for node in chain(container):
        if node.tag in {"body", "html"}:
            return None
        if node.tag in _ASIDE_TAGS or _is_aside(f"{node.get('class')} {node.get('id')}"[:NAMES]):
            return node
    return None


@lru_cache(maxsize=4096)
def _is_aside(names: str) -> bool:
    """By class and id; sites use the same few names."""
    return _ASIDE.search(names) is not None
