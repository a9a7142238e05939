"""Whether a declared entry (办事服务、互动交流、年度工作报表、公告) stands on its site's home page, and holds something.

Addresses are compared by the page they lead to. Before an entry is called missing, what may hide it is asked, on a budget: a
redirect, a part of the page that comes by script, for services and interaction also a section of the second level. In doubt it
is UNKNOWN. That the page itself opens is `reachable`'s to tell. Pages that nobody declared an entry are left alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import unquote, urljoin, urlsplit

from monitor.api import (
    BLIND_STATES,
    Cause,
    Context,
    EntryKind,
    Fetched,
    Finding,
    Link,
    Outcome,
    Page,
    Reach,
    Reading,
    State,
    Target,
    TargetKind,
    fail,
    ok,
    place_of,
    say,
    unknown,
    unread,
)

KINDS = frozenset({TargetKind.PAGE})
NAME = "entry_present"

OPENS = frozenset({Reach.OPEN, Reach.SLOW})
_UNCLICKED = frozenset({"link", "script", "style", "meta"})
"""Elements whose address nobody clicks on."""
_MAY_BE_DEEPER = frozenset({EntryKind.SERVICE, EntryKind.INTERACTION, EntryKind.OTHER})
"""Of which a section that the home page leads to may lead on; reports and notices owe the home page itself (首页显著位置)."""
_BREAKS = re.compile(r"[·|｜—_:：/]")
_ASIDE = re.compile(r"[（(].*")
"""A declared name is often the site's with the entry's behind: 某市人民政府·互动交流（新）."""
MOST_LINKS = 5_000  # of a home page; domain.md §6 assumes 200 to 600
LONGEST = 40  # characters of a link's text that are told


@dataclass(frozen=True, slots=True)
class Options:
    """How far is looked before an entry is called missing."""

    asks: int = 4  # addresses beside home page and entry; 0 for none: then only what the home page shows counts


@dataclass(slots=True)
class _Search:
    """One entry, looked for from one home page. `places` are what its address amounts to, `left` is what may still be asked."""

    target: Target[Options]
    ctx: Context
    home: Page
    places: frozenset[str]
    left: int
    unsure: str = ""  # why nothing can be said when it is not found

    def leading(self, links: Iterable[Link]) -> Link | None:
        """The link that leads there, one in sight before others."""
        found = [one for one in links if one.tag not in _UNCLICKED and _leads(one.url, self.places)]
        return min(found, key=_out_of_sight, default=None)

    def leads_on(self, page: Page) -> bool:
        """Whether that page has such a link, in sight."""
        link = self.leading(page.reading.links) if page.reading is not None else None
        return link is not None and not link.lost

    def named_alike(self, links: Iterable[Link]) -> list[str]:
        """Where links lead that bear the entry's declared name."""
        own = _BREAKS.split(self.target.name)[-1]
        names = {_name_of(one) for one in (self.target.name, own, _ASIDE.sub("", own))} - {""}
        here = {place_of(self.target.home), place_of(self.home.fetched.final_url)}
        shown = (one for one in links if one.tag not in _UNCLICKED and not one.lost and place_of(one.url) not in here)
        return list(dict.fromkeys(one.url for one in shown if _name_of(one.text) in names))

    async def look(self, url: str) -> Page | None:
        """One address more. None when it is gone, when it did not come, or when nothing may be asked any more: then nothing is sure."""
        self.left -= 1
        page = await self.ctx.look(url) if self.left >= 0 else None
        if page is not None and page.reach in OPENS and page.reading is not None:
            return page
        if page is None or not _is_gone(page):
            self.unsure = self.unsure or "unfollowed"
        return None


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    if target.entry is None:
        return []
    reading = await ctx.page(target.home)
    if reading.state in BLIND_STATES:
        return [unread(NAME, reading)]
    if reading.state is State.BLANK:
        return [unknown(NAME, "blank", say("the home page is empty: it leads nowhere"))]
    own, home = await ctx.look(target.url), await ctx.look(target.home)
    more = "unfollowed" if len(reading.links) > MOST_LINKS else ""
    search = _Search(target, ctx, home, _places(target, own, home), target.options.asks, more)
    found = await _presence(search, replace(reading, links=reading.links[:MOST_LINKS]))
    return [found if found.outcome is not Outcome.OK or not _is_empty(own, target.entry) else _EMPTY]


async def _presence(search: _Search, reading: Reading) -> Finding:
    link = search.leading(reading.links)
    if link is None:
        return await _detour(search, reading)
    if link.lost:
        return fail(NAME, Cause.ENTRY_PRESENT, "hidden", _HIDDEN, home=_without_secret(search.home.fetched))
    return ok(NAME, _THERE, text=link.text[:LONGEST])


async def _detour(search: _Search, reading: Reading) -> Finding:
    """The home page has no link to it: where else may one be, and what forbids to say that there is none."""
    leads, moved = await _by_its_name(search, reading)
    if leads:
        return ok(NAME, say("the home page leads to it by a redirect"))
    for url in _parts(search.home, reading):
        page = await search.look(url)
        if page is not None and search.leads_on(page):
            return ok(NAME, _THERE)
        if page is not None and _mentions(page.fetched.body, search.target.url):
            search.unsure = "by_script"
    for url in _sections(search, reading):
        page = await search.look(url)
        if page is not None and search.leads_on(page):
            return ok(NAME, say("the home page leads to it by way of a section"), section=_without_secret(page.fetched))
    body = search.home.fetched.body
    if _mentions(body, search.target.url):
        search.unsure = "by_script"
    elif not _ENDS.search(body[-MOST_READ:]):
        search.unsure = search.unsure or "cut_short"
    home = _without_secret(search.home.fetched)
    return _in_doubt(search, reading, moved) or fail(NAME, Cause.ENTRY_PRESENT, "missing", _MISSING, home=home)


async def _by_its_name(search: _Search, reading: Reading) -> tuple[bool, str]:
    """Whether a link that bears its name ends there; else where the first of them ends, "" when that is nowhere."""
    moved, home = "", place_of(search.home.fetched.final_url)
    for url in search.named_alike(reading.links):
        page = await search.look(url)
        if page is not None and not search.places.isdisjoint(map(place_of, _ways(page.fetched))):
            return True, ""
        if page is not None and place_of(page.fetched.final_url) != home:
            moved = moved or _without_secret(page.fetched)
    return False, moved


def _in_doubt(search: _Search, reading: Reading, moved: str) -> Finding | None:
    """What is not found, and cannot be called missing."""
    if reading.entrance:
        return unknown(NAME, "entrance", say("the home page only leads on to others: the entry may stand behind it"))
    if search.unsure == "by_script":
        return unknown(NAME, "by_script", say("a script of the home page may lead to it: a person must look"))
    if moved:
        words = say("the home page leads elsewhere under that name: is the declared address still right?")
        return unknown(NAME, "moved", words, leads_to=moved)
    if search.unsure:
        return unknown(NAME, search.unsure, say("not all that may lead to it could be followed"))
    return None


def _is_gone(page: Page) -> bool:
    """Its server says that there is nothing at that address."""
    return page.reach is Reach.SOFT_ERROR or (page.reach is Reach.HTTP_ERROR and page.fetched.status in {404, 410})


def _is_empty(own: Page, entry: EntryKind) -> bool:
    """An entry that holds nothing is none; but a list of replies may be empty while the channel is open."""
    blank = own.reach in OPENS and own.reading is not None and own.reading.state is State.BLANK
    return blank and entry is not EntryKind.INTERACTION


def _places(target: Target[Options], own: Page, home: Page) -> frozenset[str]:
    """The places of the entry: what it is declared as, and what that leads to. One that is sent home leads nowhere."""
    ways = _ways(own.fetched) if own.reach in OPENS else ()
    at_home = {place_of(url) for url in (target.home, home.fetched.final_url)}
    return frozenset({place_of(target.url), *({place_of(url) for url in ways} - at_home)} - {""})


def _ways(fetched: Fetched) -> tuple[str, ...]:
    return (*(hop.url for hop in fetched.hops), fetched.final_url)


def _leads(url: str, places: frozenset[str]) -> bool:
    """By itself, or as the address that a page of the kind "you are leaving this site" is told."""
    if place_of(url) in places:
        return True
    _, mark, query = url.partition("?")
    inner = _INNER.search(unquote(query)) if mark and "http" in query else None
    return inner is not None and place_of(inner[0]) in places


_INNER = re.compile(r"https?://[^&#]+")


def _out_of_sight(link: Link) -> bool:
    return link.lost


def _name_of(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _parts(home: Page, reading: Reading) -> list[str]:
    """Parts of the home page that come by themselves: blocks and frames it needs, what scripts load, scripts that write menus."""
    base, body = home.fetched.final_url, home.fetched.body
    loaded = [found.decode("utf-8", "replace") for found in _LOADED.findall(body[:MOST_READ])]
    written = [link.url for link in reading.links if link.tag == "script" and _MENU.search(urlsplit(link.url).path)]
    return list(dict.fromkeys([*reading.needs, *(_joined(base, one) for one in loaded), *written]))


def _joined(base: str, written: str) -> str:
    try:
        return urljoin(base, written)
    except ValueError:
        return base


_LOADED = re.compile(rb"(?:\.load\(|include-html=|\$\.get\()\s?['\"]([^'\"\s<>]{1,300})")
_MENU = re.compile(r"(?:nav|menu|head(?:er)?|top|foot(?:er)?|bottom|daohang)[\w.\-]{0,20}\.js$", re.IGNORECASE)
_ENDS = re.compile(rb"</(?:body|html|frameset)\b", re.IGNORECASE)
"""What stands at the end of a page that came whole."""
MOST_READ = 1 << 20  # bytes of a page in which scripts are looked through


def _sections(search: _Search, reading: Reading) -> list[str]:
    """Links of the home page to folders above the entry's, the nearest first."""
    if search.target.entry not in _MAY_BE_DEEPER:
        return []
    place = place_of(search.target.url)
    above = {
        where: link.url
        for link in reading.links
        if link.tag not in _UNCLICKED and "/" in (where := place_of(link.url)) and place.startswith(f"{where}/")
    }
    return [above[where] for where in sorted(above, key=len, reverse=True)]


def _mentions(body: bytes, url: str) -> bool:
    """Whether the address stands anywhere in the page but in a remark, in a style or in its own head: a script may use it."""
    try:
        parts = urlsplit(url.lower())
        path = re.sub(r"/(?:index|default)?(?:\.\w{2,6})?/?$", "", parts.path) if "?" not in url else parts.path
        host = parts.netloc.rpartition("@")[2].removeprefix("www.").encode("idna")
    except ValueError:
        return False
    plain = _UNSAID.sub(b" ", _without_remarks(body[:MOST_READ].lower().replace(b"\\/", b"/")))
    query = f"?{parts.query}" if parts.query else ""
    path_bytes = re.escape(f"{path}{query}".encode())
    start = rb"//(?:www\.)?" + re.escape(host) + (rb"" if path in {"", "/"} else rb"|['\"(=\s]\.{0,2}")
    return (
        re.search(rb"(?:" + start + rb")" + path_bytes + rb"/?(?:(?:index|default)\.\w{2,6})?[^\w/.\-]", plain)
        is not None
    )


_UNSAID = re.compile(rb"<(?:link|meta|base)\b[^<>]{0,2000}>")


def _without_remarks(body: bytes) -> bytes:
    """Remarks that hold links are what somebody took off the page; others may be code of old scripts."""
    kept, at = [], 0
    while (start := body.find(b"<!--", at)) >= 0 and (end := body.find(b"-->", start)) >= 0:
        kept.append(body[at:start] if b"<a" in body[start:end] else body[at:end])
        at = end
    return b"".join([*kept, body[at:]])


def _without_secret(fetched: Fetched) -> str:
    """Where it led, without a password that the address may carry."""
    scheme, mark, rest = fetched.final_url.partition("://")
    where, slash, path = rest.partition("/")
    return f"{scheme}{mark}{where.rpartition('@')[2]}{slash}{path}"[:_SHOWN]


_SHOWN = 300  # characters of an address
_THERE = say("the home page leads to it")
_HIDDEN = say("the home page leads to it only where no visitor can see it")
_MISSING = say("the home page does not lead to it")
_EMPTY = fail(NAME, Cause.ENTRY_PRESENT, "blank", say("the home page leads to it, but the page holds nothing"))
