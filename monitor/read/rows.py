"""The repeated blocks of a page: which siblings are rows of one list, and what anchor and dates each row holds.

Reads a Document and its Stamps; gives Regions. Works by structure alone: a list is an element several of whose
children each hold a title link (and mostly a date), or where links and dates alternate. Does not choose between lists.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, combinations
from operator import attrgetter

from monitor.read.html import Document, Node
from monitor.read.stamps import Stamp
from monitor.read.titles import title_of

MAX_ANCHORS = 6  # links in one row: title, picture, category, attachments; more is a block of its own
MAX_STAMPS = 3  # dates in one row: written, published, in force
SURELY_ALIKE = 6  # dated children that need no further likeness to be rows of one list

_BLOCKS = frozenset(
    {"div", "section", "table", "tbody", "center", "form", "ul", "ol", "dl", "header", "footer", "nav", "td"}
)
_place = attrgetter("index")
_WEAK = frozenset(
    [
        "更多",
        "more",
        "首页",
        "主页",
        "第一页",
        "最后一页",
        "上一页",
        "下一页",
        "上页",
        "下页",
        "尾页",
        "末页",
        "前页",
        "后页",
        "查看",
        "详情",
        "查看详情",
        "阅读全文",
        "全文",
        "详细",
        "进入",
        "点击进入",
        "点击查看",
        "home",
        "next",
        "prev",
        "previous",
        "last",
        "first",
        "index",
        "go",
        "返回",
        "关闭",
        "登录",
        "注册",
        "搜索",
        "下载",
        "打印",
    ]
)
_BULLETS = " •·●○■□◆◇▪▶►>-–—*★☆"


@dataclass(slots=True)
class Anchor:
    """A link with something to read, at `index`."""

    index: int
    node: Node
    href: str
    title: str


@dataclass(slots=True)
class Row:
    """One row: nodes [start:end], its title link, its dates."""

    start: int
    end: int
    anchor: Anchor
    stamps: list[Stamp]


@dataclass(slots=True)
class Region:
    """A candidate list inside `container`. `score` and `why` are filled in when the main list is chosen."""

    container: Node
    rows: list[Row]
    flat: bool = False
    mode: str = "dated"  # dated | edges | single | undated: what its rows were found by
    score: float = 0.0
    aside: bool = False  # stands in navigation, a footer, a hot list
    announced_aside: bool = False  # its heading says so: 热点, 相关 …
    doubted: bool = False  # its addresses are those of columns, of other sites; its items turn
    elsewhere: bool = False  # its addresses lie outside the page's own folder, where another list's do
    why: list[str] = field(default_factory=list)

    @property
    def dated(self) -> int:
        """Rows that print a date."""
        return sum(1 for row in self.rows if row.stamps)

    @property
    def signature(self) -> tuple[str, str, bool]:
        """What lists made by one template share."""
        return self.container.tag, self.container.get("class"), self.flat


def find_anchors(document: Document) -> list[Anchor]:
    """Links that could be titles: with text (or a title attribute), and not 更多, 下一页 or a bare number."""
    anchors = []
    for node in document.links:
        attrs = node.attrs
        if "href" not in attrs and "onclick" not in attrs:
            continue
        title = title_of(document, node)
        if title and title[0] in _BULLETS:
            title = title.lstrip(_BULLETS)
        if len(title) >= 2 and not _is_weak(title):
            anchors.append(Anchor(node.index, node, attrs.get("href") or "", title))
    return anchors


def _is_weak(title: str) -> bool:
    """True for 更多, 下一页, a bare number; none of these words has more than eight letters, signs aside."""
    end = len(title)
    if end > 8 and title[-1].isalnum():
        return False
    while end and not title[end - 1].isalnum():
        end -= 1
    stem = title[:end].lower()
    return not stem or stem in _WEAK or (end <= 4 and stem.isdecimal())


def find_regions(
    document: Document, anchors: Sequence[Anchor], stamps: Sequence[Stamp], *, dated: bool
) -> list[Region]:
    """All candidate lists, innermost first claimed. With `dated` a row needs a date, else a title is enough."""
    counts = _Counts(len(document.nodes), anchors, stamps)
    holds_list = bytearray(len(document.nodes) + 1)
    regions: list[Region] = []
    links, dates = counts.before_anchor, counts.before_stamp
    for node in reversed(document.elements):
        index, end = node.index, node.end
        if links[end] - links[index] < 2 or (dated and dates[end] - dates[index] < 2) or node.tag == "a":
            continue
        children = list(document.children(node))
        if any(holds_list[child.index] for child in children):
            holds_list[index] = 1
            children = [child for child in children if not holds_list[child.index]]
        if len(children) < 2:
            continue
        region = _by_children(node, children, counts, dated) or (
            _alternating(node, children, counts) if dated else None
        )
        if region is not None:
            holds_list[node.index] = 1
            regions.append(region)
    regions.reverse()
    return regions


@dataclass(slots=True)
class _Counts:
    """How many title links and dates stand before each node, so that any subtree is counted in one step."""

    anchors: list[Anchor]
    stamps: list[Stamp]
    before_anchor: list[int]
    before_stamp: list[int]

    def __init__(self, size: int, anchors: Sequence[Anchor], stamps: Sequence[Stamp]) -> None:
        self.anchors, self.stamps = list(anchors), list(stamps)
        self.before_anchor = _running(size, [anchor.index for anchor in anchors])
        self.before_stamp = _running(size, [stamp.index for stamp in stamps])

    def of(self, node: Node) -> tuple[int, int]:
        """Links and dates inside."""
        a, s = self.before_anchor, self.before_stamp
        return a[node.end] - a[node.index], s[node.end] - s[node.index]

    def row(self, start: int, end: int) -> Row:
        """The row of nodes [start:end]; its title is the longest link text."""
        links = self.anchors[self.before_anchor[start] : self.before_anchor[end]]
        dates = self.stamps[self.before_stamp[start] : self.before_stamp[end]]
        return Row(start, end, links[0] if len(links) == 1 else max(links, key=lambda one: len(one.title)), dates)


def _running(size: int, indexes: list[int]) -> list[int]:
    marks = [0] * (size + 2)
    for index in indexes:
        marks[index + 1] += 1
    return list(accumulate(marks))


def _by_children(node: Node, children: list[Node], counts: _Counts, dated: bool) -> Region | None:
    """Children that each are a row: a list item, a table row, a block."""
    full: list[Node] = []
    bare: list[Node] = []
    for child in children:
        links, dates = counts.of(child)
        if not 1 <= links <= MAX_ANCHORS or dates > MAX_STAMPS:
            continue
        (full if dates else bare).append(child)
    rows = full if dated else full + bare
    if len(rows) < 2 or (dated and (len(full) < 2 or 2 * len(full) < len(bare))):
        return None
    if dated and len(full) < SURELY_ALIKE and not _alike(full):
        return None
    tally: dict[str, int] = {}
    for child in rows:
        tally[child.tag] = tally.get(child.tag, 0) + 1
    tag = max(tally, key=tally.__getitem__)  # on a tie the first
    alike = [child for child in bare if child.tag == tag]
    kept = full + (_of_make(alike, full) if dated else alike)
    kept.sort(key=lambda child: child.index)
    found = [counts.row(child.index, child.end) for child in kept]
    return Region(node, found) if len({row.anchor.title for row in found}) > 1 else None


def _alike(rows: list[Node]) -> bool:
    """True for items, or for two blocks that share a name; a clock, a weather line and a list are no rows of one list."""
    blocks = [(node.tag, _names(node)) for node in rows if node.tag in _BLOCKS]
    if len(rows) - len(blocks) > 1:
        return True
    pairs = combinations(blocks, 2)
    return any(tag == other and (one == two or one & two) for (tag, one), (other, two) in pairs)


def _of_make(bare: list[Node], rows: list[Node]) -> list[Node]:
    """Items, and blocks that share a name with the dated rows; a menu above blocks of news is none of them."""
    names = [_names(row) for row in rows]
    known, nameless = frozenset().union(*names), not all(names)
    return [one for one in bare if one.tag not in _BLOCKS or known & (own := _names(one)) or (nameless and not own)]


def _names(node: Node) -> frozenset[str]:
    """The element's names without their numbers."""
    return frozenset(name.rstrip("0123456789-_") for name in node.get("class").split())


def _alternating(node: Node, children: list[Node], counts: _Counts) -> Region | None:
    """Links and dates taking turns among the children: <dt>/<dd>, <a>…</a> 2023-08-03 <br>."""
    kinds: list[tuple[str, Node]] = []
    for child in children:
        links, dates = counts.of(child)
        if 1 <= links <= 2 and not dates:
            kinds.append(("link", child))
        elif dates and not links:
            kinds.append(("date", child))
        elif links > 2 or dates > MAX_STAMPS:
            return None
    letters = "".join(kind[0] for kind, _ in kinds)
    if letters.count("ld") < 2 and letters.count("dl") < 2:
        return None
    date_first = letters.startswith("d") and letters.endswith("l")
    rows, start = [], None
    for kind, child in kinds:
        opens = kind == ("date" if date_first else "link")
        if opens and start is not None:
            rows.append((start, child.index))
        if opens:
            start = child.index
    if start is not None:
        rows.append((start, node.end))
    found = [counts.row(a, b) for a, b in rows if counts.before_anchor[b] > counts.before_anchor[a]]
    return Region(node, found, flat=True) if sum(1 for row in found if row.stamps) >= 2 else None


def row_of(block: Node, anchors: Sequence[Anchor], at_most: int = MAX_ANCHORS) -> Row | None:
    """A block as one row without dates; its title is the longest link text. None when it holds no link, or more than that."""
    first, last = (bisect_left(anchors, at, key=_place) for at in (block.index, block.end))
    found = anchors[first:last]
    if not 1 <= len(found) <= at_most:
        return None
    return Row(block.index, block.end, max(found, key=lambda one: len(one.title)), [])


def lone_row(
    document: Document, container: Node, anchors: Sequence[Anchor], stamps: Sequence[Stamp] | None
) -> Region | None:
    """A container with one row, seen beside a list of the same make; without `stamps` a title is enough."""
    row = row_of(container, anchors)
    dates = [one for one in stamps or () if container.index < one.index < container.end]
    if row is None or (stamps is not None and not 1 <= len(dates) <= MAX_STAMPS):
        return None
    first = next(document.children(container))
    return Region(container, [Row(first.index, container.end, row.anchor, dates)])
