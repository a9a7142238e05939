"""The main list of a page and the newest date it shows, chosen by structure, never by per-site rules.

Reads a Document; gives a Listing: regions with scores, items with the date of each and where it came from. Navigation,
hot lists and related links are outweighed or left out. The newest date is the largest credible one of the main list,
never later than the capture day, and None when the list shows none.
"""

from dataclasses import dataclass, field
from datetime import date

from monitor.model import Item, TargetKind
from monitor.read.dates import SURE, newest
from monitor.read.gathered import Gathered
from monitor.read.html import Document, Node
from monitor.read.landmarks import aside_block, chain
from monitor.read.likeness import COLUMN, likeness
from monitor.read.pick import Picked, doubtful_years, is_spoken, pick_date, script_date
from monitor.read.regions import MIN_TITLE, NAV_TITLE, title_weight
from monitor.read.rows import Region, Row, lone_row
from monitor.read.stamps import PURE, Stamp, find_stamps
from monitor.read.titles import without_dates
from monitor.read.urldates import credible, url_date

_LEADS = frozenset({"div", "dl", "section", "table", "h2", "h3", "p"})
WITH_YEAR = SURE | {"compact", "month", "hanmonth"}


@dataclass(slots=True)
class Listing:
    """What the page lists. `regions` are all candidates, chosen ones first; `mode` says what the rows were found by."""

    items: tuple[Item, ...] = ()
    newest: str | None = None
    mode: str = "none"  # dated | edges | single | addresses | undated | none
    chosen: list[Region] = field(default_factory=list)
    others: list[Region] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)
    raws: list[str | None] = field(default_factory=list)  # source text of each item's date
    rows: list[Row] = field(default_factory=list)  # where each item stands

    @property
    def found(self) -> bool:
        """True when there is a list at all."""
        return bool(self.items)

    @property
    def dated(self) -> int:
        """Items with a date."""
        return sum(1 for item in self.items if item.date)


def read_listing(page: Gathered, kind: TargetKind) -> Listing:
    """The list of a column or page; for a site the union of its dated blocks."""
    stamps = page.stamps
    whole = kind is TargetKind.SITE
    regions = page.regions(whole=whole)
    honest = [region for region in regions if not region.announced_aside]
    if not whole and all(region.doubted for region in honest):
        honest = _lone_by_address(page, regions) or honest
    if not honest:
        return Listing(others=regions, stamps=stamps)
    chosen = _in_order(honest) if whole else _main(page, honest)
    others = [one for one in regions if one not in chosen]
    listing = Listing(mode=honest[0].mode, chosen=chosen, others=others, stamps=stamps)
    _fill(listing, page)
    return listing


def _lone_by_address(page: Gathered, regions: list[Region]) -> list[Region]:
    """The only title behind the breadcrumb whose address shows a day: a list of one without a printed date."""
    places = [(region.container.index, region.container.end) for region in regions]
    found = [
        anchor
        for anchor in page.anchors
        if 0 < page.crumb < anchor.index
        and title_weight(anchor.title) >= MIN_TITLE
        and len(url_date(anchor.href, page.today) or "") == 10
        and not any(start <= anchor.index < end for start, end in places)
        and aside_block(anchor.node) is None
    ]
    if not found or any(anchor.href != found[0].href for anchor in found):
        return []
    best = max(found, key=lambda anchor: len(anchor.title))
    row = Row(best.index, best.node.end, best, [])
    return [Region(best.node.parent or best.node, [row], mode="addresses", why=["the only address that shows a day"])]


def _main(page: Gathered, regions: list[Region]) -> list[Region]:
    """The heaviest region, its sisters (same template, same block: a column shown in sections), the story set above it."""
    document, anchors, stamps = page.document, page.anchors, page.stamps
    first = regions[0]
    chosen = [first]
    alike = [one for one in regions[1:] if one.signature == first.signature and one.mode == first.mode]
    chosen.extend(one for one in alike if _sisters(first, one) and one.doubted <= first.doubted)
    taken = {region.container.index for region in chosen}
    if first.container.parent is not None and (not first.flat or first.container.tag == "tr"):
        for node in document.children(first.container.parent):
            if (node.tag, node.get("class"), first.flat) == first.signature and node.index not in taken:
                lone = lone_row(document, node, anchors, stamps if first.dated else None)
                chosen.extend([lone] if lone is not None else [])
    if first.mode == "dated" and first.container.index not in page.hidden:
        chosen.extend(_lead(page, first.container))
    return _in_order(chosen)


def _lead(page: Gathered, container: Node) -> list[Region]:
    """A story that a column sets large right above its list: one title, one date, nothing else that leads on."""
    siblings = page.document.children(container.parent) if container.parent is not None else ()
    before = [node for node in siblings if page.crumb < node.index < container.index and node.end - node.index > 1]
    if not page.crumb or not before or before[-1].tag not in _LEADS or aside_block(before[-1]) is not None:
        return []
    lone = lone_row(page.document, before[-1], page.anchors, [one for one in page.stamps if one.place == PURE])
    row = lone.rows[0] if lone is not None else None
    if lone is None or row is None or len(row.stamps) > 1 or row.stamps[0].label == "other":
        return []
    told = title_weight(row.anchor.title) >= NAV_TITLE and likeness(row.anchor.href) != COLUMN
    return [lone] if told else []


def _sisters(one: Region, other: Region) -> bool:
    """Containers that hang at the same depth, at most three levels, under one block; right below the body only side by side.

    A list that lies elsewhere is a section of the column only in a block of the same make: .left is none of .main.
    """
    inner = one.container, other.container
    for _ in range(3):
        a, b = inner[0].parent, inner[1].parent
        if a is None or b is None:
            return False
        if a is b:
            if other.elsewhere > one.elsewhere and inner[0].get("class") != inner[1].get("class"):
                return False
            return a.tag not in {"body", "html"} or _side_by_side(*inner)
        inner = a, b
    return False


def _side_by_side(one: Node, other: Node) -> bool:
    """True for two blocks of one name with nothing between them."""
    first, second = sorted((one, other), key=lambda node: node.index)
    return bool(one.get("class")) and one.get("class") == other.get("class") and first.end == second.index


def _in_order(regions: list[Region]) -> list[Region]:
    return sorted(regions, key=lambda region: region.container.index)


def _fill(listing: Listing, page: Gathered) -> None:
    """Makes items of the chosen rows and finds the newest date."""
    document, today = page.document, page.today
    makers: dict[tuple[str, str | None, str | None], tuple[int, str]] = {}
    items: list[Item] = []
    picked = [pick_date(document, region.rows, today) for region in listing.chosen]
    rows = [row for region in listing.chosen for row in region.rows]
    if doubtful_years(rows, [one for dates in picked for one in dates], today):
        picked = [[None] * len(dates) for dates in picked]
    for number, region in enumerate(listing.chosen):
        urls = [page.addresses.of(row.anchor.href) for row in region.rows]
        for row, item, raw in _items(document, region, picked[number], urls, today):
            node = document.nodes[row.start]
            key, maker = (item.title, item.url, item.date), (number, node.tag + node.get("class"))
            if makers.setdefault(key, maker) == maker:  # a list printed twice (for telephones) counts once
                items.append(item)
                listing.raws.append(raw)
                listing.rows.append(row)
    listing.items = tuple(items)
    if listing.mode == "undated" and 2 * listing.dated >= len(items):
        listing.mode = "addresses"
    listing.newest = newest([item.date for item in items if item.date])


def _items(
    document: Document, region: Region, picked: list[Picked | None], urls: list[str | None], today: date
) -> list[tuple[Row, Item, str | None]]:
    """The items of one region, each with the text its date came from."""
    shown = [None] * len(urls) if any(picked) else [url_date(url, today) for url in urls]
    usable = any(shown) and credible(shown) and sum(1 for one in shown if one) * 2 >= len(shown)
    found = []
    for row, url, printed, from_url in zip(region.rows, urls, picked, shown, strict=True):
        value, source, raw = printed or script_date(document, row, today) or (None, None, None)
        if value is None and usable and from_url:
            value, source, raw = from_url, "url", url
        title = without_dates(document, row.anchor.node, row.anchor.title, row.stamps)
        found.append((row, Item(title, url, value, source, is_spoken(raw)), raw))
    return found


def only_ahead(document: Document, listing: Listing, today: date) -> bool:
    """True when a list has no date to believe because those it prints (for half its rows at least) are still to come."""
    if listing.newest is not None or not listing.chosen:
        return False
    places = [(region.container.index, region.container.end) for region in listing.chosen]
    printed = [
        stamp
        for stamp in find_stamps(document, date.max)
        if stamp.form in WITH_YEAR and stamp.label != "other" and any(a <= stamp.index < b for a, b in places)
    ]
    ahead = [stamp for stamp in printed if stamp.date > today.isoformat()]
    return len(ahead) == len(printed) and 2 * len(ahead) >= max(2, len(listing.items))


def describe(region: Region) -> str:
    """The place of a region as a short CSS-like path."""
    return " > ".join(reversed([_name(node) for node in chain(region.container)[:4]]))


def _name(node: Node) -> str:
    classes = "".join("." + name for name in node.get("class").split()[:2])
    return node.tag + (f"#{node.get('id')}" if node.get("id") else "") + classes
