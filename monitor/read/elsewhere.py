"""A page whose list is not in its HTML: what the adapters find in its scripts, or name to be asked.

Reads a Gathered page and what was made of its HTML; gives that, or better: the list that stood elsewhere, or a shell that
needs addresses. A list with dates in the HTML stays as it is. What is found nowhere leaves the page as it was.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from monitor.model import Item, State, TargetKind
from monitor.read.adapters import ADAPTERS
from monitor.read.content import Content, read_content
from monitor.read.dates import newest
from monitor.read.gathered import Gathered
from monitor.read.html import parse
from monitor.read.links import Addresses
from monitor.read.listing import Listing
from monitor.read.records import Found, best_items
from monitor.read.state import Glance

FEW = 2  # dated rows that markup from a script must show to be the list
MAX_LEVELS = 4  # of an answer in which its markup may stand
_LISTS = (TargetKind.COLUMN, TargetKind.SITE)
_SURE = tuple(one for one in ADAPTERS if one.find is not None and one.sure)
_OTHERS = tuple(one for one in ADAPTERS if one.find is not None and not one.sure)


def look_elsewhere(page: Gathered, content: Content, kind: TargetKind) -> Content:
    """The content with the list that stood elsewhere, the same when there is none to be had."""
    if not _open_to_more(content, kind) or (content.listing.dated and "#" not in page.url):
        return content
    text = page.document.source
    unread = content.state is State.SHELL or (kind is TargetKind.COLUMN and not content.listing.dated)
    sure = [found for one in _SURE if one.selects(text) and (found := one.find(page)) is not None]  # type: ignore[misc]
    if (named := next((found for found in sure if found.instead and found.needs), None)) is not None:
        return _needing(content, named)
    if content.listing.dated or not (unread or content.state is State.READABLE):
        return content
    weak = content.state is State.SHELL or (content.state is not State.LISTED and kind in _LISTS)
    asked = [one for one in _OTHERS if one.selects(text)] if weak else []
    others = [found for one in asked if (found := one.find(page)) is not None]  # type: ignore[misc]
    for found in [*sure, *others]:
        listed = _listed(found, page, kind)
        if listed is not None:
            return listed
    return _shell(content, sure, others, column=kind is TargetKind.COLUMN)


def _open_to_more(content: Content, kind: TargetKind) -> bool:
    """False for what is no page of its own, and for an article or a plain page that is no list."""
    if content.state not in {State.LISTED, State.READABLE, State.BLANK, State.SHELL}:
        return False
    return kind in _LISTS or (kind is TargetKind.PAGE and content.state is State.SHELL)


def _listed(found: Found, page: Gathered, kind: TargetKind) -> Content | None:
    """The list found in the page itself."""
    if found.items:
        return listed(found)
    if not found.html:
        return None
    inside = Gathered(parse(f"<div class='list'>{found.html}</div>"), page.today, page.addresses, page.url)
    content = read_content(inside, kind, Glance(words=len(inside.document.words), links=len(inside.document.links)))
    enough = content.state is State.LISTED and content.newest is not None and content.listing.dated >= FEW
    return replace(content, why=f"{found.why}: {content.why}") if enough else None


def listed(found: Found) -> Content:
    """Items that stood in data as content."""
    days = [item.date for item in found.items if item.date]
    listing = Listing(found.items, newest(days), mode="script", raws=[item.date for item in found.items])
    return Content(State.LISTED, found.why, listing.newest, found.items, listing=listing)


def _shell(content: Content, sure: list[Found], others: list[Found], *, column: bool) -> Content:
    """What is to be asked: by a sure adapter whatever the page (of a column) looks like, by another only of a shell."""
    shell = content.state is State.SHELL
    hopeless = {call for found in sure for call in found.asks}  # known, and not to be asked without the program
    for found in [*sure, *(others if shell else ())]:
        if found.needs and not hopeless.issuperset(found.needs):
            return _needing(content, found)
    told = [found.why for found in [*sure, *others] if not found.html]
    asks = tuple(dict.fromkeys([*content.asks, *(call for found in [*sure, *others] for call in found.asks)]))
    if told and sure and (content.state is State.BLANK or (column and content.state is State.READABLE)):
        return replace(content, state=State.SHELL, why=told[0], asks=asks)
    return replace(content, why="; ".join([content.why, *told]), asks=asks) if shell and told else content


def _needing(content: Content, found: Found) -> Content:
    needs = tuple(dict.fromkeys([*found.needs, *(content.needs if content.state is State.SHELL else ())]))
    return Content(State.SHELL, found.why, needs=needs, asks=found.asks, listing=Listing(others=content.listing.chosen))


def answered(data: object, addresses: Addresses, today: date) -> Found | None:
    """What the answer of a call holds: by the adapter that knows it, else its largest dated list, else markup inside."""
    for one in ADAPTERS:
        if one.answer is not None and (found := one.answer(data, addresses, today)) is not None:
            return found
    items: tuple[Item, ...] = best_items(data, addresses, today)
    if items:
        return Found(why=f"{len(items)} items in the answer of a call", items=items)
    markup = "".join(text for text in _texts(data) if "<a" in text.lower() or "</" in text)
    return Found(why="markup in the answer of a call", html=markup) if markup.strip() else None


def _texts(data: object) -> Iterator[str]:
    """The texts of the outer levels, in order; those of rows are not the page's own."""
    level: list[object] = [data]
    for _ in range(MAX_LEVELS):
        below: list[object] = []
        for value in level:
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict):
                below += value.values()
        level = below
