"""All candidate lists of a page, weighed: by date cells, by dates at title edges, by a lone row, by titles alone, without links.

Reads a Document with its links and Stamps; gives Regions with mode, score and reasons. Strong evidence does not shut out
weak: a long list without date cells outweighs a short dated one beside it, so that a side list never makes it look fresh.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from itertools import islice

from monitor.read.folder import Folder, lighten_others
from monitor.read.html import Document, Node, squeeze
from monitor.read.landmarks import NAMES, announces_aside, aside_block, chain, heading_of
from monitor.read.likeness import ARTICLE, COLUMN, likeness
from monitor.read.linkless import linkless
from monitor.read.rows import MAX_ANCHORS, Anchor, Region, Row, find_regions, row_of
from monitor.read.stamps import LABELLED, LEAD, PURE, TAIL, Stamp

SURE_ROWS = 8  # dated rows that leave no doubt which list is meant
MIN_TITLE = 6  # characters; a lone dated row with a shorter title is a menu entry beside a clock
NAV_TITLE = 7.5  # mean characters; lists of shorter titles without dates are navigation
SHORT_TITLE = 6  # characters; a link beside a title that has no more is an attachment, a category
RIVAL_ROWS = 8  # rows, and
RIVAL_TITLE = 9.0  # mean characters, that undated titles need to outweigh a dated list
EDGE_SHARE = 0.6  # of the rows that must carry a date at the same edge of the title to believe it
MAX_STRAYS = 100  # dates outside lists looked at; a page has a handful
_NARROW = re.compile("[\0-\u2e80]+")
_DAY = re.compile(
    r"\W{0,2}(?:[\u4e00-\u9fff]{2,4}[:：]\s?)?(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:\s\d\d?:\d\d(?::\d\d)?)?\W{0,2}"
)
_TURNING = re.compile(
    r"(?:^|[\s_\-])(?:swiper|carousel|slide[rs]?|banner|focus|flash|jiaodian|lunbo)(?:$|[\s_\-\d])", re.IGNORECASE
)
_NEVER_LONE = frozenset({"relative", "compact"})  # a tab that says 今天, a counter of visitors
_ROW_TAGS = frozenset({"li", "tr", "dd", "dl"})


def candidates(
    document: Document, anchors: list[Anchor], stamps: list[Stamp], crumb: int, *, folder: Folder | None, whole: bool
) -> list[Region]:
    """Regions, heaviest first; `crumb` is the index of the breadcrumb, `folder` where the page's own articles are kept.

    A home page (`whole`) is read for date cells, and for titles only without any.
    """
    cells = _cells(stamps)
    found = find_regions(document, anchors, cells, dated=True) if len(cells) > 1 else []
    if whole and found:
        found += _strays(document, anchors, cells, found)
    _weigh(document, found)
    if all(one.announced_aside for one in found):
        plain = [one for one in linkless(document, cells) if _apart(one, found)]
        _weigh(document, plain)
        found += plain
    sure = [one for one in found if not one.announced_aside and one.dated >= SURE_ROWS]
    if not whole and not sure:
        found += _others(document, anchors, stamps, crumb, found)
    elif folder and all(map(folder.is_elsewhere, sure)) and folder.has_more(anchors, found, MIN_TITLE):
        found += [one for one in _others(document, anchors, stamps, crumb, found) if folder.is_own(one)]
    elif whole and not found:
        found = _undated(document, anchors, crumb, [])
    if folder and len(found) > 1:
        lighten_others(folder, found)
    return sorted(found, key=lambda region: -region.score)


def _cells(stamps: list[Stamp]) -> list[Stamp]:
    """Dates that stand alone or behind a label."""
    return [stamp for stamp in stamps if stamp.place in {PURE, LABELLED} and stamp.label != "other"]


def _others(
    document: Document, anchors: list[Anchor], stamps: list[Stamp], crumb: int, dated: list[Region]
) -> list[Region]:
    """The candidates by weaker evidence, outside the dated ones."""
    found: list[Region] = []
    for edge in (TAIL, LEAD):
        edges = [stamp for stamp in stamps if stamp.place == edge]
        if len(edges) > 1:
            regions = find_regions(document, anchors, edges, dated=True)
            found += [one for one in regions if one.dated >= EDGE_SHARE * len(one.rows) and _apart(one, dated + found)]
    for region in found:
        region.mode = "edges"
    strays = [one for one in _strays(document, anchors, _cells(stamps), dated) if _apart(one, found)]
    _weigh(document, found + strays)
    honest = [one for one in dated + found + strays if not one.announced_aside]
    undated = _undated(document, anchors, crumb, dated + found + strays)
    return found + strays + [one for one in undated if not honest or _is_rival(one)]


def _undated(document: Document, anchors: list[Anchor], start: int, known: list[Region]) -> list[Region]:
    """Lists of article titles without dates, after the breadcrumb (`start`)."""
    found = _folded(document, find_regions(document, anchors, [], dated=False), anchors)
    kept = [one for one in found if one.container.end > start and _mean(one) >= NAV_TITLE and _apart(one, known)]
    for region in kept:
        region.mode = "undated"
        region.rows = [row for row in region.rows if row.start > start]
    kept = [one for one in kept if len(one.rows) > 1]
    _weigh(document, kept)
    for region in kept:
        _weigh_addresses(document, region)
    return kept


def _folded(document: Document, regions: list[Region], anchors: list[Anchor]) -> list[Region]:
    """Neighbours of one make that hold a title each, and beside it an attachment or a category: rows of one list."""
    groups: defaultdict[tuple[int, str, str], list[Region]] = defaultdict(list)
    for region in regions:
        if len(region.rows) < MAX_ANCHORS and region.container.parent is not None:
            groups[region.container.parent.index, *region.signature[:2]].append(region)
    folded: list[Region] = []
    gone: set[int] = set()
    for group in groups.values():
        if len(group) > 1 and _one_title_each(group):
            places = {region.container.index for region in group}
            parent = document.nodes[group[0].container.parent.index]  # type: ignore[union-attr]
            blocks = [one for one in document.children(parent) if one.tag == group[0].container.tag]
            most = [
                len(anchors) if block.index in places else MAX_ANCHORS for block in blocks
            ]  # those are rows for sure
            rows = [row_of(block, anchors, links) for block, links in zip(blocks, most, strict=True)]
            folded.append(Region(parent, [row for row in rows if row is not None]))
            gone |= places | {parent.index}
    return [one for one in regions if one.container.index not in gone] + folded


def _one_title_each(group: list[Region]) -> bool:
    """True when all but one link of each block is short, or said in other blocks too, or leads to the same place."""
    others = [anchor for region in group for anchor in _beside([row.anchor for row in region.rows])]
    titles = {anchor.title for anchor in others}
    return not others or 2 * len(titles) <= len(others) or all(title_weight(one) <= SHORT_TITLE for one in titles)


def _one_title(anchors: list[Anchor]) -> bool:
    """True when the other links of a block are short, or lead to the same place."""
    return all(title_weight(anchor.title) <= SHORT_TITLE for anchor in _beside(anchors))


def _beside(anchors: list[Anchor]) -> list[Anchor]:
    """The links beside the one with the longest title that lead elsewhere."""
    main = max(anchors, key=lambda one: len(one.title))
    return [one for one in anchors if one is not main and one.href != main.href]


def _weigh_addresses(document: Document, region: Region) -> None:
    """Without dates the addresses tell articles from columns and friendly links, and pictures tell a carousel."""
    kinds = Counter(likeness(row.anchor.href) for row in region.rows)
    rows = len(region.rows)
    if 2 * kinds[COLUMN] > rows:
        region.score *= 0.1
        region.doubted = region.aside = True
        region.why.append(f"{kinds[COLUMN]} of {rows} addresses are those of columns or other sites")
    elif 2 * kinds[ARTICLE] <= rows:
        region.score *= 0.5
        region.why.append(f"only {kinds[ARTICLE]} of {rows} addresses look like those of articles")
    turning = next((node for node in chain(region.container) if _TURNING.search(node.get("class")[:NAMES])), None)
    if turning is not None:
        region.score *= 0.3
        region.doubted = region.aside = True
        region.why.append(f"turns in class={turning.get('class')!r}")
    elif 2 * sum(1 for row in region.rows if _is_picture(document, row.anchor)) > rows:
        region.score *= 0.6
        region.why.append("mostly pictures")


def _is_picture(document: Document, anchor: Anchor) -> bool:
    return any(node.tag == "img" for node in document.inside(anchor.node))


def _is_rival(region: Region) -> bool:
    enough = len(region.rows) >= RIVAL_ROWS and _mean(region) >= RIVAL_TITLE
    return enough and not region.aside and not region.doubted


def _apart(region: Region, known: list[Region]) -> bool:
    """True when the region shares no node with a known one."""
    start, end = region.rows[0].start, region.rows[-1].end
    return not any(start < one.rows[-1].end and one.rows[0].start < end for one in known)


def _strays(document: Document, anchors: list[Anchor], cells: list[Stamp], regions: list[Region]) -> list[Region]:
    """Lists of one row: a title and its date cells close together, outside every region; a title goes to the nearest date."""
    taken = {stamp.index for region in regions for row in region.rows for stamp in row.stamps}
    free = [one for one in cells if one.index not in taken and one.form not in _NEVER_LONE][:MAX_STRAYS]
    places = [anchor.index for anchor in anchors]
    pairs = [(found, stamp) for stamp in free if (found := _title_near(document, anchors, places, stamp)) is not None]
    rows: dict[int, Row] = {}
    for (block, anchor), stamp in sorted(pairs, key=lambda pair: pair[0][0].end - pair[0][0].index):
        row = rows.setdefault(anchor.index, Row(block.index, block.end, anchor, []))
        if row.start == block.index:
            row.stamps.append(stamp)
    return _grown(document, anchors, list(rows.values()), {stamp.index for stamp in cells})


def _grown(document: Document, anchors: list[Anchor], rows: list[Row], dated: set[int]) -> list[Region]:
    """Each row as a list of one, or with those of its make beside it that print days nobody can believe."""
    makes: defaultdict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        block = document.nodes[row.start]
        makes[(block.parent or block).index, block.tag, block.get("class")].append(row)
    found: list[Region] = []
    for (parent, tag, name), known in makes.items():
        container = document.nodes[parent]
        blocks = [one for one in document.children(container) if (one.tag, one.get("class")) == (tag, name)]
        starts = {row.start for row in known}
        beside = [one for one in blocks if one.index not in starts]
        others = _disbelieved(document, anchors, beside, dated)
        if others:
            together = sorted(known + others, key=lambda row: row.start)
            found.append(Region(container, together, why=[f"{len(others)} rows print days that cannot be believed"]))
        else:
            found += [Region(container, [row], mode="single") for row in known]
    return found


def _disbelieved(document: Document, anchors: list[Anchor], beside: list[Node], dated: set[int]) -> list[Row]:
    """Those of the blocks as rows that print an impossible day, or one to come; none when fewer than half do."""
    printed = [
        block
        for block in beside
        if any(map(_prints_day, inside := document.inside(block))) and all(one.index not in dated for one in inside)
    ]
    made = (row_of(block, anchors) for block in printed)
    return [row for row in made if row is not None] if 2 * len(printed) >= len(beside) else []


def _prints_day(node: Node) -> bool:
    """True for a text that is nothing but a day with its year, whatever the numbers."""
    return node.tag == "#text" and _DAY.fullmatch(node.text) is not None


def _title_near(
    document: Document, anchors: list[Anchor], places: list[int], stamp: Stamp
) -> tuple[Node, Anchor] | None:
    """The smallest block around a date with links in it, and its title; None when there are several, or it is a menu's."""
    for block in islice(document.nodes[stamp.index].up(), 4):
        first, last = bisect_left(places, block.index), bisect_left(places, block.end)
        if first == last:
            continue
        if last - first > 3 or block.tag in {"body", "html"} or not _one_title(anchors[first:last]):
            return None
        anchor = max(anchors[first:last], key=lambda one: len(one.title))
        long = len(anchor.title) >= (2 if block.tag in _ROW_TAGS else MIN_TITLE)
        return (block, anchor) if long and likeness(anchor.href) != COLUMN else None  # a clock beside a menu
    return None


def _mean(region: Region) -> float:
    return sum(title_weight(row.anchor.title) for row in region.rows) / len(region.rows)


def title_weight(title: str) -> float:
    """Length in Chinese characters; Latin letters count a third."""
    wide = len(_NARROW.sub("", title)) if not title.isascii() else 0
    return wide + (len(title) - wide) / 3


def _weigh(document: Document, regions: list[Region]) -> None:
    """Scores: the mass of dated titles, made light for what stands aside."""
    own_name = next((squeeze(node.text) for node in document.all("title")), "")
    for region in regions:
        mass = sum((8 + min(title_weight(row.anchor.title), 30)) * (1 if row.stamps else 0.5) for row in region.rows)
        region.score = mass
        region.why.append(f"{len(region.rows)} rows, {region.dated} dated, title mass {mass:.0f}")
        heads = (heading_of(document, region.container.index), heading_of(document, region.rows[0].start))
        heading = next((one for one in heads if announces_aside(one, own_name)), None)
        if heading is not None:
            region.score *= 0.1
            region.aside = region.announced_aside = True
            region.why.append(f"heading {heading!r} stands for a side list")
        block = aside_block(region.container)
        if block is not None:
            region.score *= 0.3
            region.aside = True
            region.why.append(f"stands in <{block.tag} class={block.get('class')!r} id={block.get('id')!r}>")
