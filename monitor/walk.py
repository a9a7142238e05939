"""A walk over a site from its home page to the columns that can be found from there. Stores and changes nothing.

Looks at the home page, what it leads to, and what those pages lead to, by the same looks as the watch: same fetcher, guard
and pace at the host, the same reading, lists that come by a call followed. Like a visit it is a person's errand to a site
in their care, bounded in pages and time; robots.txt is not asked, as nowhere in the watch.
"""

import asyncio
import heapq
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from monitor.clock import civil_day
from monitor.model import (
    Claim,
    Fetched,
    Page,
    Reach,
    Reading,
    State,
    Target,
    TargetKind,
    Text,
    host_of,
    how_it_ended,
    place_of,
    why_unread,
)
from monitor.observe.look import ANSWERED, Look
from monitor.observe.tools import Tools
from monitor.proposed import Budget, Column, Found, NoHome, Progress
from monitor.read.bounds import TooMuch
from monitor.read.charset import decode
from monitor.read.columns import (
    Lead,
    Place,
    column_kind,
    find_leads,
    is_same_site,
    own_name,
    shape_of,
    site_name,
)
from monitor.read.gathered import Gathered
from monitor.read.html import parse
from monitor.read.links import Addresses, base_of
from monitor.read.menus import for_everybody
from monitor.read.onward import frames
from monitor.read.unfold import unfold
from monitor.read.verdict import charset_of

GIVE_UP = 8
"""So many pages in a row without an answer, and the site does not want to be walked now (or is gone)."""
DATED = 2
"""Items with a day from which a page that stands in no menu is a column."""
SENT_AWAY = frozenset({Reach.CHALLENGED, Reach.DNS, Reach.CONNECT, Reach.TLS, Reach.TIMEOUT, Reach.MALFORMED})
"""Endings that tell of the host, not of the page."""
NO_PAGE = frozenset({State.CHALLENGED, State.MAINTENANCE, State.SOFT_ERROR, State.HIJACKED, State.UNREADABLE})
"""States in which there is no page to walk from."""


async def set_out(tools: Tools, url: str, budget: Budget, progress: Progress) -> "Walk":
    """The walk with what the home page leads to. Raises NoHome."""
    look, page = await _look(tools, url, TargetKind.SITE)
    reading = page.reading
    if page.reach not in ANSWERED or reading is None:
        raise NoHome(how_it_ended(page.fetched, page.reach))
    if reading.state in NO_PAGE:
        raise NoHome(why_unread(reading.state))
    walk = Walk(tools, budget, progress, page.fetched.final_url, site_name(reading), shown=_items(reading))
    await walk.look_into_frames(look, page.fetched)
    await walk.add(look, reading, level=1, parent="")
    if reading.state is State.SHELL:
        walk.unread.append((url, why_unread(State.SHELL)))
    return walk


async def _look(tools: Tools, url: str, kind: TargetKind) -> tuple[Look, Page]:
    """One look as the watch takes it, without a memory."""
    now = tools.clock.now()
    target: Target[dict[str, dict[str, object]]] = Target(id=url[:120], kind=kind, name=url, url=url, options={})
    claim = Claim(target, now, sample=False, period=timedelta(days=1), lease="discover", lease_until=now)
    look = Look(claim, tools, now, None)
    return look, await look.look(url)


def _gathered(fetched: Fetched, look: Look) -> Gathered:
    """What stands on a page that came. Raises TooMuch."""
    decoded = decode(fetched.body, charset_of(fetched))
    document = parse(unfold(decoded.text))
    return Gathered(document, civil_day(look.now), Addresses(base_of(document, fetched.final_url), decoded.encoding))


def _leads(fetched: Fetched, look: Look, home: str) -> list[Lead]:
    with suppress(TooMuch):
        return find_leads(_gathered(fetched, look), home=home)
    return []


def _items(reading: Reading) -> frozenset[str]:
    return frozenset(place_of(item.url) for item in reading.items if item.url)


@dataclass(frozen=True, slots=True, order=True)
class _Step:
    """A lead on the way, likeliest columns first."""

    place: Place
    level: int  # clicks from the home page
    order: int
    lead: Lead = field(compare=False)
    parent: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Proposal:
    column: Column
    step: _Step
    items: frozenset[str]


@dataclass(slots=True)
class Walk:
    """One walk over a site, which can be left at any page."""

    tools: Tools
    budget: Budget
    progress: Progress
    home: str  # its address
    name: str
    shown: frozenset[str]  # what the lists of the home page lead to
    known: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)  # of the addresses of articles
    ahead: list[_Step] = field(default_factory=list)
    proposals: list[_Proposal] = field(default_factory=list)
    unread: list[tuple[str, Text]] = field(default_factory=list)
    looked: int = 1
    silent: int = 0  # pages in a row without an answer

    async def look_into_frames(self, look: Look, fetched: Fetched) -> None:
        """A menu may stand in a frame of the home page: its frames are looked at with it."""

        def named() -> tuple[str, ...]:
            with suppress(TooMuch):
                page = _gathered(fetched, look)
                found = frames(page.document, page.addresses, own=True)
                return found.targets if found is not None else ()
            return ()

        for url in await self.tools.large.run(named, len(fetched.body)):
            await look.fetch(url)

    async def add(self, look: Look, reading: Reading, *, level: int, parent: str, host: str = "") -> None:
        """Take up what a page leads to on its host, and learn from its list what articles look like."""
        dated = [item.url for item in reading.items if item.url and item.date]
        self.articles.update(map(place_of, dated))
        self.shapes.update(map(shape_of, dated))
        self.known |= {place_of(self.home), place_of(look.claim.target.url)}
        for fetched in [one for one in look.fetches.values() if one.reach in ANSWERED]:
            read = partial(_leads, fetched, look, host or host_of(self.home))
            leads = await self.tools.large.run(read, len(fetched.body))
            for lead in leads:
                if place_of(lead.url) not in self.known:
                    self.known.add(place_of(lead.url))
                    heapq.heappush(self.ahead, _Step(lead.place, level, len(self.known), lead, parent))

    async def go(self, at_once: int) -> None:
        """Look at what lies ahead, until nothing does, or the budget or the site's patience ends."""
        while self.ahead and self.looked < self.budget.pages and self.silent < GIVE_UP:
            room = min(at_once, self.budget.pages - self.looked, len(self.ahead))
            steps = [heapq.heappop(self.ahead) for _ in range(room)]
            await asyncio.gather(*(self._take(step) for step in steps if not self._is_article(step)))
            self.progress(self.looked, self.looked + len(self.ahead))

    def _is_article(self, step: _Step) -> bool:
        """Known from a list by now; where no menu vouches for it, its like is enough."""
        if place_of(step.lead.url) in self.articles:
            return True
        return step.place >= Place.GROUP and shape_of(step.lead.url) in self.shapes

    async def _take(self, step: _Step) -> None:
        self.looked += 1
        look, page = await _look(self.tools, step.lead.url, TargetKind.COLUMN)
        self.silent = self.silent + 1 if page.reach in SENT_AWAY else 0
        reading, final = page.reading, for_everybody(page.fetched.final_url)
        if page.reach not in ANSWERED or reading is None or reading.state in NO_PAGE:
            if step.place < Place.OTHER:
                read = page.reach in ANSWERED and reading is not None
                why = why_unread(reading.state) if read and reading else how_it_ended(page.fetched, page.reach)
                self.unread.append((step.lead.url, why))
            return
        moved = place_of(final) != place_of(step.lead.url)
        if moved and (place_of(final) in self.known or not is_same_site(final, host_of(self.home), by_menu=True)):
            return  # sent to the home page, to another site, to what is looked at by itself
        self.known.add(place_of(final))
        name = step.lead.name or await self._own_name(page.fetched, look, reading)
        if _is_column(step, reading):
            column = Column(
                column_kind(name), name, final if moved else step.lead.url, reading.newest_date, step.parent
            )
            self.proposals.append(_Proposal(column, step, _items(reading)))
        own = is_same_site(final, host_of(self.home), by_menu=False)
        if step.level == 1 and (own or step.lead.section):
            await self.add(look, reading, level=2, parent=name, host="" if own else host_of(final))

    async def _own_name(self, fetched: Fetched, look: Look, reading: Reading) -> str:
        def read() -> str:
            with suppress(TooMuch):
                return own_name(_gathered(fetched, look), reading, self.name)
            return ""

        found = await self.tools.large.run(read, len(fetched.body))
        return found or urlsplit(fetched.final_url).path.rstrip("/").rpartition("/")[2] or fetched.final_url

    def told(self) -> Found:
        """What there is to tell, in the order of the site's own menus."""
        found = sorted(self.proposals, key=lambda one: (one.step.level, one.step.order))
        places = {place_of(one.column.url) for one in found}
        kept = [one for one in found if not _only_leads_on(one, places)]
        first = {(one.column.name, one.items or one.column.url): one for one in reversed(kept)}
        single = [one for one in kept if first[one.column.name, one.items or one.column.url] is one]
        often = Counter(one.column.name for one in single)
        return Found(
            url=self.home,
            name=self.name,
            columns=[self._as_told(one, often[one.column.name] > 1) for one in single],
            unread=self.unread,
            looked=self.looked,
            left=len(self.ahead),
            gave_up=self.silent >= GIVE_UP,
        )

    def _as_told(self, one: _Proposal, ambiguous: bool) -> Column:
        """With the name of the page above it where two bear one name, and whether the home page shows it."""
        column = one.column
        name = f"{column.parent} › {column.name}" if ambiguous and column.parent else column.name
        return replace(column, name=name, on_home=len(one.items & self.shown) >= DATED and column.newest is not None)


def _is_column(step: _Step, reading: Reading) -> bool:
    """A list; without days, or with nothing to see, only where a menu or heading vouches for it."""
    if reading.meta.get("ArticleTitle") or _SITE_MAP.search(step.lead.name):
        return False
    if reading.state is State.LISTED:
        dated = sum(1 for item in reading.items if item.date)
        return dated >= DATED or step.place < Place.GROUP or (step.place is Place.GROUP and step.level > 1)
    vouched = step.place < Place.GROUP or (step.place is Place.GROUP and step.level > 1)
    return reading.state in {State.BLANK, State.SHELL} and vouched


def _only_leads_on(one: _Proposal, places: set[str]) -> bool:
    """A page whose list, without days, is one of other columns."""
    return one.column.newest is None and len(one.items & places) * 2 > len(one.items)


_SITE_MAP = re.compile(r"(?:网站|站点|本站)(?:地图|导航)")
