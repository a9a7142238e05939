"""The main list of a page and the newest date it shows, chosen by structure, never by per-site rules.

Reads a Document; gives a Listing: regions with scores, items with the date of each and where it came from. Navigation,
hot lists and related links are outweighed or left out. The newest date is the largest credible one of the main list,
never later than the capture day, and None when the list shows none.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from monitor.model import Item, TargetKind
from monitor.read.dates import newest
from monitor.read.html import Document, Node, squeeze
from monitor.read.links import canonical
from monitor.read.pick import Picked, doubtful_years, pick_date, script_date
from monitor.read.rows import Anchor, Region, Row, find_anchors, find_regions, lone_row
from monitor.read.stamps import LABELLED, LEAD, PURE, TAIL, Stamp, find_stamps
from monitor.read.urldates import credible, url_date

MIN_TITLE = 6  # characters; a lone dated row with a shorter title is a menu entry beside a clock
NAV_TITLE = 7.5  # mean characters; lists of shorter titles without dates are navigation
EDGE_SHARE = 0.6  # of the rows that must carry a date at the same edge of the title to believe it

_ASIDE = re.compile(
    r"(?:^|[\s_\-])(?:hot|rank\w*|recommend\w*|related|relate|aside|sidebar|footer?|copyright|nav\w*|menu\w*|friend\w*|"
    r"link-?box|calendar|rili|crumb\w*|breadcrumb|position|pagination|pager?|share|login|weather)(?:$|[\s_\-\d])",
    re.IGNORECASE,
)
_ASIDE_HEADING = re.compile(
    r"热点|热门|排行|推荐|相关|点击|关注榜|友情链接|日历|天气|猜你|大家都在|浏览记录|上一篇|下一篇|延伸阅读|最新评论"
)
_ROW_TAGS = frozenset({"li", "tr", "dd", "dl"})
_ASIDE_TAGS = frozenset({"nav", "footer", "aside", "header"})


@dataclass(slots=True)
class Listing:
    """What the page lists. `regions` are all candidates, chosen ones first; `mode` says what the rows were found by."""

    items: tuple[Item, ...] = ()
    newest: str | None = None
    mode: str = "none"  # dated | edges | single | undated | none
    chosen: list[Region] = field(default_factory=list)
    others: list[Region] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)
    raws: list[str | None] = field(default_factory=list)  # source text of each item's date

    @property
    def found(self) -> bool:
        """True when there is a list at all."""
        return bool(self.items)

    @property
    def dated(self) -> int:
        """Items with a date."""
        return sum(1 for item in self.items if item.date)


def read_listing(document: Document, kind: TargetKind, base: str | None, today: date, encoding: str) -> Listing:
    """The list of a column or page; for a site the union of its dated blocks."""
    stamps = find_stamps(document, today)
    anchors = find_anchors(document)
    whole = kind is TargetKind.SITE
    mode, regions = _candidates(document, anchors, stamps, whole=whole)
    if not regions:
        return Listing(stamps=stamps)
    _weigh(document, regions)
    regions.sort(key=lambda region: -region.score)
    chosen = _all_blocks(regions) if whole else _main(document, regions, anchors, stamps)
    listing = Listing(mode=mode, chosen=chosen, others=[one for one in regions if one not in chosen], stamps=stamps)
    _fill(listing, document, base, today, encoding)
    return listing


def _candidates(
    document: Document, anchors: list[Anchor], stamps: list[Stamp], *, whole: bool
) -> tuple[str, list[Region]]:
    """Regions by the best evidence there is: date cells, dates at title edges, one lone row, titles alone.

    A home page (`whole`) adds dated headlines outside lists, and without date cells takes all its title lists.
    """
    cells = [stamp for stamp in stamps if stamp.place in {PURE, LABELLED} and stamp.label != "other"]
    regions = find_regions(document, anchors, cells, dated=True) if len(cells) > 1 else []
    if regions:
        return "dated", regions + (_strays(document, anchors, cells, regions) if whole else [])
    for edge in () if whole else (TAIL, LEAD):
        edges = [stamp for stamp in stamps if stamp.place == edge]
        if len(edges) > 1:
            found = find_regions(document, anchors, edges, dated=True)
            regions = [one for one in found if one.dated >= EDGE_SHARE * len(one.rows)]
            if regions:
                return "edges", regions
    strays = _strays(document, anchors, cells, [])
    if strays and not whole:
        return "single", [max(strays, key=lambda one: len(one.rows[0].anchor.title))]
    undated = [one for one in find_regions(document, anchors, [], dated=False) if _reads_like_articles(one)]
    return "undated", undated


def _strays(document: Document, anchors: list[Anchor], cells: list[Stamp], regions: list[Region]) -> list[Region]:
    """Lists of one row: a title and a date cell close together, outside every region."""
    taken = {stamp.index for region in regions for row in region.rows for stamp in row.stamps}
    found = []
    for stamp in cells:
        if stamp.index in taken:
            continue
        for block in list(document.nodes[stamp.index].up())[:4]:
            inside = [one for one in anchors if block.index <= one.index < block.end]
            if inside:
                anchor = max(inside, key=lambda one: len(one.title))
                enough = 2 if block.tag in _ROW_TAGS else MIN_TITLE
                if len(inside) <= 3 and len(anchor.title) >= enough and block.tag not in {"body", "html"}:
                    found.append(Region(block.parent or block, [Row(block.index, block.end, anchor, [stamp])]))
                break
    return found


def _reads_like_articles(region: Region) -> bool:
    """Titles long enough, or addresses dated enough, to be a list and not a menu."""
    titles = [row.anchor.title for row in region.rows]
    mean = sum(_weight(title) for title in titles) / len(titles)
    return len(titles) >= 2 and mean >= NAV_TITLE


def _weight(title: str) -> float:
    """Length in Chinese characters; Latin letters count a third."""
    wide = sum(1 for char in title if char > "\u2e80")
    return wide + (len(title) - wide) / 3


def _weigh(document: Document, regions: list[Region]) -> None:
    """Scores: the mass of dated titles, made light for what stands aside."""
    places = [node.index for node in document.texts]
    for region in regions:
        mass = sum((8 + min(_weight(row.anchor.title), 30)) * (1 if row.stamps else 0.5) for row in region.rows)
        heading = _heading(document.texts, bisect_left(places, region.container.index))
        factor = 1.0
        if heading and _ASIDE_HEADING.search(heading):
            factor = 0.1
            region.aside = region.announced_aside = True
            region.why.append(f"heading {heading!r} stands for a side list")
        block = next((one for one in _chain(region.container) if _is_aside(one)), None)
        if block is not None:
            factor *= 0.3
            region.aside = True
            region.why.append(f"stands in <{block.tag} class={block.get('class')!r} id={block.get('id')!r}>")
        region.score = mass * factor
        region.why.insert(0, f"{len(region.rows)} rows, {region.dated} dated, title mass {mass:.0f}")


def _heading(texts: list[Node], at: int) -> str:
    """The short text printed last before a list."""
    for node in reversed(texts[max(0, at - 2) : at]):
        text = squeeze(node.text)
        if 2 <= len(text) <= 12 and text.lower() not in {"更多", "more", "更多>>", "more>>", ">>"}:
            return text
    return ""


def _chain(container: Node) -> list[Node]:
    return [container, *list(container.up())[:4]]


def _is_aside(node: Node) -> bool:
    if node.tag in {"body", "html"}:
        return False
    return node.tag in _ASIDE_TAGS or bool(_ASIDE.search(f"{node.get('class')} {node.get('id')}"))


def _main(document: Document, regions: list[Region], anchors: list[Anchor], stamps: list[Stamp]) -> list[Region]:
    """The heaviest region and its sisters: same template, same block (a column shown in sections)."""
    first = regions[0]
    chosen = [first]
    alike = [one for one in regions[1:] if one.signature == first.signature]
    chosen.extend(one for one in alike if _sisters(first, one) and not one.announced_aside)
    taken = {region.container.index for region in regions}
    if first.container.parent is not None and first.dated and not first.flat:
        for node in document.children(first.container.parent):
            if (node.tag, node.get("class"), False) == first.signature and node.index not in taken:
                lone = lone_row(document, node, anchors, stamps)
                chosen.extend([lone] if lone is not None else [])
    chosen.sort(key=lambda region: region.container.index)
    return chosen


def _sisters(one: Region, other: Region) -> bool:
    """Containers that hang at the same depth, at most three levels, under one block."""
    a, b = one.container.parent, other.container.parent
    for _ in range(3):
        if a is None or b is None:
            return False
        if a is b:
            return a.tag not in {"body", "html"}
        a, b = a.parent, b.parent
    return False


def _all_blocks(regions: list[Region]) -> list[Region]:
    """The blocks of a home page but those that are announced as side lists."""
    return sorted((one for one in regions if not one.announced_aside), key=lambda region: region.container.index)


def _fill(listing: Listing, document: Document, base: str | None, today: date, encoding: str) -> None:
    """Makes items of the chosen rows and finds the newest date."""
    makers: dict[tuple[str, str | None, str | None], tuple[int, str]] = {}
    items: list[Item] = []
    picked = [pick_date(document, region.rows, today) for region in listing.chosen]
    rows = [row for region in listing.chosen for row in region.rows]
    if doubtful_years(rows, [one for dates in picked for one in dates], today):
        picked = [[None] * len(dates) for dates in picked]
    for number, region in enumerate(listing.chosen):
        urls = [canonical(row.anchor.href, base, encoding) for row in region.rows]
        for row, item, raw in _items(document, region, picked[number], urls, today):
            node = document.nodes[row.start]
            key, maker = (item.title, item.url, item.date), (number, node.tag + node.get("class"))
            if makers.setdefault(key, maker) == maker:  # a list printed twice (for telephones) counts once
                items.append(item)
                listing.raws.append(raw)
    listing.items = tuple(items)
    listing.newest = newest([item.date for item in items if item.date])


def _items(
    document: Document, region: Region, picked: list[Picked | None], urls: list[str | None], today: date
) -> list[tuple[Row, Item, str | None]]:
    """The items of one region, each with the text its date came from."""
    shown = [url_date(url, today) for url in urls]
    usable = not any(picked) and credible(shown) and sum(1 for one in shown if one) * 2 >= len(shown)
    found = []
    for row, url, printed, from_url in zip(region.rows, urls, picked, shown, strict=True):
        value, source, raw = printed or script_date(document, row, today) or (None, None, None)
        if value is None and usable and from_url:
            value, source, raw = from_url, "url", url
        found.append((row, Item(row.anchor.title, url, value, source), raw))
    return found


def describe(region: Region) -> str:
    """The place of a region as a short CSS-like path."""
    return " > ".join(reversed([_name(node) for node in _chain(region.container)[:4]]))


def _name(node: Node) -> str:
    classes = "".join("." + name for name in node.get("class").split()[:2])
    return node.tag + (f"#{node.get('id')}" if node.get("id") else "") + classes


def titles(items: Sequence[Item]) -> list[str]:
    """The titles of items, for tests and explanations."""
    return [item.title for item in items]
