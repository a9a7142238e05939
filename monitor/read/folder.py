"""Which lists of a page lie under its own folder, and what that says against heavier ones that do not.

Reads the page's address (else its canonical link, else its breadcrumb) and the addresses of rows; lightens Regions and gives
the reason. Columns whose articles are kept elsewhere have no list under their folder: then it says nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from monitor.read.html import Document
from monitor.read.likeness import COLUMN, likeness
from monitor.read.links import Addresses
from monitor.read.rows import Anchor, Region

MOSTLY = 2 / 3  # of its rows under the folder: a list of the column; at most the rest: none
OUTSIDE = 0.1  # what such a list weighs beside one of the column, as much as one that its heading calls a side list
FEWEST = 2  # rows; a lone title may be anything
CRUMBS = 8  # links of a breadcrumb looked at
_CRUMB_NODES = 60  # of the block a breadcrumb stands in; a larger one is the page
_NUMBERED = re.compile(r"\d[^/]*$")
_EXTENSION = re.compile(r"\.[A-Za-z]{3,5}$")


class Folder:
    """Host and path under which a column keeps its own pages, "" when nothing tells."""

    __slots__ = ("addresses", "prefix")

    def __init__(self, document: Document, url: str, addresses: Addresses, crumb: int) -> None:
        self.addresses = addresses
        self.prefix = next(_prefixes(url, _pointers(document, addresses, crumb)), "")

    def __bool__(self) -> bool:
        return bool(self.prefix)

    def holds(self, href: str) -> bool:
        """True for the address of a page below the folder."""
        url = self.addresses.of(href) or ""
        return len(url) > len(self.prefix) and url.partition("://")[2].startswith(self.prefix)

    def held(self, region: Region) -> int:
        """How many rows lead there."""
        return sum(1 for row in region.rows if self.holds(row.anchor.href))

    def is_own(self, region: Region) -> bool:
        """True for a list most of whose rows lead there and are no menu."""
        rows = region.rows
        if region.aside or region.doubted or len(rows) < FEWEST or self.held(region) < MOSTLY * len(rows):
            return False
        return bool(region.dated) or 2 * sum(1 for row in rows if _is_numbered(row.anchor.href)) > len(rows)

    def is_elsewhere(self, region: Region) -> bool:
        """True for a list few of whose rows lead there."""
        return self.held(region) <= (1 - MOSTLY) * len(region.rows)

    def has_more(self, anchors: Sequence[Anchor], known: Sequence[Region], shortest: int) -> bool:
        """True when titles outside the known lists lead there: there may be a list of the column among them."""
        places = [(one.container.index, one.container.end) for one in known]
        likely = (one for one in anchors if len(one.title) >= shortest and self.holds(one.href))
        free = (
            one
            for one in likely
            if likeness(one.href) != COLUMN and not any(start <= one.index < end for start, end in places)
        )
        return len(list(islice(free, FEWEST))) == FEWEST


def lighten_others(folder: Folder, regions: list[Region]) -> None:
    """When a list lies under the page's own folder, those that lie elsewhere are beside it, however long they are."""
    elsewhere = [one for one in regions if not one.announced_aside and folder.is_elsewhere(one)]
    own = [one for one in regions if not one.announced_aside and folder.is_own(one)] if elsewhere else []
    if not own:
        return
    name = folder.prefix[folder.prefix.find("/") :]
    for one in own:
        one.why.append(f"{folder.held(one)} of {len(one.rows)} addresses lie under the page's own folder {name}")
    for one in elsewhere:
        one.score *= OUTSIDE
        one.elsewhere = True
        one.why.append(f"{folder.held(one)} of {len(one.rows)} addresses lie under the page's own folder {name}")


def _prefixes(url: str, others: Iterable[str]) -> Iterator[str]:
    """Host and folder of the first address that has one below the root, else the name of a page that stands at the root."""
    for address in (url, *others):
        host, folder, _ = _parts(address)
        if host and folder != "/" and host == _parts(url)[0]:
            yield host + folder
    host, _, name = _parts(url)
    if host and name:
        yield f"{host}/{name}/"


def _parts(url: str) -> tuple[str, str, str]:
    """Host, folder and name without its extension; a last name without an extension is a folder as well."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "/", ""
    folder, _, name = parts.path.rpartition("/")
    stem = _EXTENSION.sub("", name)
    if name and stem == name and not parts.query:
        return parts.netloc, f"{folder}/{name}/", ""
    return parts.netloc, folder + "/", stem


def _pointers(document: Document, addresses: Addresses, crumb: int) -> Iterator[str]:
    """What else tells the page's place: its canonical link, the last link of its breadcrumb."""
    for node in document.all("link"):
        if node.get("rel").strip().lower() == "canonical":
            yield addresses.of(node.get("href")) or ""
    block = next((up for up in document.nodes[crumb].up() if up.end - up.index > FEWEST), None) if crumb else None
    if block is not None and block.end - block.index <= _CRUMB_NODES:
        links = [one for one in document.inside(block) if one.tag == "a" and one.index > crumb]
        yield from (addresses.of(one.get("href")) or "" for one in reversed(links[:CRUMBS]))


def _is_numbered(href: str) -> bool:
    """True for a name with a number in it; menus lead to words."""
    return likeness(href) != COLUMN and _NUMBERED.search(href) is not None
