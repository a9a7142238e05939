"""What stands on an ordinary page: a list, an article, nothing at all, or an empty shell.

Reads a Document that is no challenge, error or jump; gives the state with the list and its newest date. A column
without a list is blank only on proof (emptiness.py); whatever is in doubt is shell, never blank.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from monitor.model import Article, Item, State, TargetKind
from monitor.read.article import read_article, told_at
from monitor.read.emptiness import emptiness, states_nothing
from monitor.read.entrance import entrance
from monitor.read.gathered import Gathered
from monitor.read.html import Document
from monitor.read.listing import Listing, read_listing
from monitor.read.marks import read_meta
from monitor.read.onward import frame_by_script, frames
from monitor.read.pieces import day_in_pieces
from monitor.read.state import HARDLY_ANY, Glance

LISTED_PAGE = 3  # dated rows that make a page of kind `page` a list; an article has a dated neighbour or two
FEW_TITLES = 5  # undated titles; fewer may be a menu beside a list that a program fills
PROSE = 300  # characters in long texts outside links that make it an article all the same
SENTENCE = 40
_OPENING = re.compile(r"<(?:html|body)[\s>]", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:html|body)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """The state of a page, why, and what it lists."""

    state: State
    why: str
    newest: str | None = None
    items: tuple[Item, ...] = ()
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    returns_on: str | None = None
    listing: Listing = field(default_factory=Listing)
    article: Article | None = None
    entrance: bool = False


def read_content(page: Gathered, kind: TargetKind, seen: Glance) -> Content:
    """The content of a page that is one."""
    if seen.words < HARDLY_ANY and seen.links <= 2 and not seen.fields:
        hollow = _hollow(page, seen)
        if hollow is not None:
            return hollow
    document = page.document
    listing = read_listing(page, kind)
    if kind is TargetKind.SITE:
        return _listed(listing) if listing.found else _of_home(page, listing)
    if kind is TargetKind.PAGE:
        article = read_article(document, seen.title or None, read_meta(document), page.today)
        if article is not None and article.published is None:
            article = replace(article, published=day_in_pieces(page, article.title))
        return _of_page(page, listing, article)
    return _of_column(page, listing)


def _listed(listing: Listing) -> Content:
    why = f"{len(listing.items)} items, {listing.dated} dated, found by {listing.mode}"
    return Content(State.LISTED, why, listing.newest, listing.items, listing=listing)


def _hollow(page: Gathered, seen: Glance) -> Content | None:
    """A page with next to no text: frames, a plug-in, a program, or nothing."""
    document = page.document
    inner = frames(document, page.addresses)
    if inner is not None:
        return Content(State.SHELL, "content comes in frames", needs=inner.targets)
    if document.all("object", "embed", "applet"):
        return Content(State.SHELL, "content comes by a plug-in")
    stated = states_nothing(page)
    if stated is not None:
        return Content(State.BLANK, f"says {stated!r}")
    if document.all("script") and not seen.pictures:
        return Content(State.SHELL, "a program makes the content")
    if not seen.words and not seen.links and not seen.pictures:
        return Content(State.UNREADABLE, "an empty page")
    return None


def _of_home(page: Gathered, listing: Listing) -> Content:
    """Without a list: does it only lead on to others."""
    leads_on = entrance(page) if _prose(page.document) < PROSE and not _cut_short(page.document) else None
    if leads_on is None:
        return Content(State.READABLE, "a home page without a list", listing=listing)
    return Content(State.READABLE, f"a home page that only leads on: {leads_on}", listing=listing, entrance=True)


def _of_page(page: Gathered, listing: Listing, article: Article | None) -> Content:
    """A list when it is dated and little else stands there; an article has neighbours with dates, too."""
    document = page.document
    prose = _prose(document)
    is_list = listing.mode == "dated" and listing.dated >= LISTED_PAGE and prose < PROSE
    if is_list and not (prose >= SENTENCE and article is not None and _short_article(page, listing)):
        if _runs_out(document, listing) and _cut_short(document):
            return Content(State.UNREADABLE, "the page stops before its list does", listing=listing)
        return _listed(listing)
    dated_article = article is not None and article.published is not None
    empty = None
    if not listing.found and not dated_article and prose < PROSE:
        empty = emptiness(page, titled_links=0)
    if empty is not None and empty.state is State.BLANK and _cut_short(document):
        return Content(State.UNREADABLE, "the page stops before its end")
    if empty is not None:
        return Content(empty.state, empty.why, asks=empty.asks)
    return Content(State.READABLE, "a page without a main list", listing=listing, article=article)


def _short_article(page: Gathered, listing: Listing) -> bool:
    """True when a line outside the list says when the page was published, and running text follows in the same block."""
    line = told_at(page.document, page.today)
    places = [(one.container.index, one.container.end) for one in listing.chosen]
    if line is None or any(start < line.index < end for start, end in places):
        return False
    block = [line, *islice(line.up(), 3)][-1]
    behind = (one for one in page.document.nodes[line.index : block.end] if len(one.text) >= SENTENCE)
    return any(one.tag == "#text" and not any(start < one.index < end for start, end in places) for one in behind)


def _of_column(page: Gathered, listing: Listing) -> Content:
    document = page.document
    aside = bool(listing.chosen) and all(region.aside for region in listing.chosen)
    sure = listing.mode != "undated" or (len(listing.items) >= FEW_TITLES and states_nothing(page) is None)
    if (not listing.found or _runs_out(document, listing)) and _cut_short(document):
        return Content(State.UNREADABLE, "the page stops before its list does", listing=listing)
    if listing.found and not aside and sure:
        return _or_framed(page, listing)
    empty = emptiness(page, titled_links=len([item for item in listing.items if "{{" not in item.title]))
    if empty is not None:
        return Content(empty.state, empty.why, asks=empty.asks, listing=listing)
    if listing.found:
        return _or_framed(page, listing)
    brought = _brought(page) if _prose(document) < PROSE else None
    if brought is not None:
        return brought
    return Content(State.READABLE, "a page without a list", listing=listing)


def _brought(page: Gathered) -> Content | None:
    """The content of a page without a list that a frame or a plug-in brings."""
    inner = frames(page.document, page.addresses)
    if inner is not None:
        return Content(State.SHELL, "content comes in frames", needs=inner.targets)
    inner = frame_by_script(page.document, page.addresses, page.crumb)
    if inner is not None:
        return Content(State.SHELL, "content comes in a frame that a script sets", needs=inner.targets)
    if any(node.index > page.crumb for node in page.document.all("object", "embed", "applet")):
        return Content(State.SHELL, "content comes by a plug-in")
    return None


def _or_framed(page: Gathered, listing: Listing) -> Content:
    """The list; without dates it may be a menu, and the list stand in a frame of the site."""
    inner = None if listing.dated else frames(page.document, page.addresses, own=True)
    return replace(_listed(listing), needs=() if inner is None else inner.targets)


def _cut_short(document: Document) -> bool:
    """True when the page ends inside a comment or a tag, or opens a body that nothing closes: the rest cannot be seen."""
    source = document.source
    if source.rfind("<!--") > source.rfind("-->") or source.rfind("<") > source.rfind(">"):
        return True
    return bool(_OPENING.search(source)) and not _CLOSING.search(source)


def _runs_out(document: Document, listing: Listing) -> bool:
    """True when nothing stands behind the list and its newest date may still have been to come."""
    if document.texts[-1].index >= max(region.container.end for region in listing.chosen):
        return False
    dates = [item.date for item in listing.items if item.date]
    falling = sum(1 for one, two in pairwise(dates) if one >= two)
    return len(dates) < LISTED_PAGE or dates[0] != listing.newest or falling < 0.9 * (len(dates) - 1)


def _prose(document: Document) -> int:
    """Characters of running text outside links."""
    long = (node for node in document.texts if len(node.text) >= SENTENCE)
    return sum(len(node.text) for node in long if not any(up.tag == "a" for up in islice(node.up(), 3)))
