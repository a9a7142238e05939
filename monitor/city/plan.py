"""The plan of the rehearsed city: from a seed and counts to sites, columns, accounts and links, with their addresses.

Pure: the same seed and counts give the same city, byte for byte. Reads the lexicon, writes nothing, opens nothing.
Names are those of a scenario (DESIGN.md §4.6): site-03, site-03/column-05, account-17, site-03/link-120. Ports are 80 and
443 until a served city says otherwise (`Plan.at_ports`). It never looks at the clock or at faults.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

from monitor.city import lexicon
from monitor.city.entries import DeclaredEntry, entries_of
from monitor.city.friends import friend_host, friend_name, is_friend
from monitor.model import ColumnKind

ZONE = "yunchuan.example"
CMS = ("trs", "jcms", "boda", "gkmlpt", "table")
"""拓尔思, 大汉, 博达, the Guangdong shared platform, and hand-made tables (domain.md §8)."""

_EVERY_DAYS = {ColumnKind.DYNAMIC: (3, 9), ColumnKind.POLICY: (14, 45), ColumnKind.OTHER: (40, 120)}
"""Days between two items, least and most: well inside 14 days, 6 months and a year."""


@dataclass(frozen=True, slots=True)
class Column:
    """One list of a site. `number` 0 is the site's own headlines: on the home page, and no target."""

    name: str
    number: int
    title: str
    slug: str
    kind: ColumnKind
    every: int  # days between two items
    phase: int  # shifts days and hours, so that columns differ
    on_home: bool


@dataclass(frozen=True, slots=True)
class Site:
    """One government site with its own loopback address. `encoding` is what its bytes are, `declared` what it says."""

    name: str
    number: int
    title: str
    host: str
    address: str
    https: bool
    cms: str
    encoding: str
    declared: str  # in <meta>
    header_charset: str | None
    code: str  # 网站标识码
    columns: tuple[Column, ...]
    headlines: Column
    links: int
    entries: tuple[DeclaredEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """One new-media account, seen through a feed of the bridge host."""

    name: str
    number: int
    title: str
    owner: str
    platform: str
    path: str
    format: str  # rss | atom | json
    every: int
    phase: int


@dataclass(frozen=True)
class Plan:
    """The whole city. Two plans are equal when made from the same seed and counts."""

    seed: int
    sites: tuple[Site, ...]
    accounts: tuple[Account, ...]
    references: tuple[str, ...]
    cross_links: bool
    http_port: int = 80
    https_port: int = 443

    def at_ports(self, http: int, https: int) -> "Plan":
        """The same city, served at these ports."""
        return replace(self, http_port=http, https_port=https)

    @cached_property
    def by_host(self) -> Mapping[str, Site]:
        """Sites by their host name."""
        return {site.host: site for site in self.sites}

    @cached_property
    def by_name(self) -> Mapping[str, Site | Column | DeclaredEntry | Account]:
        """Everything that is watched by itself, by its scenario name."""
        columns = {column.name: column for site in self.sites for column in site.columns}
        entries = {entry.name: entry for site in self.sites for entry in site.entries}
        return {s.name: s for s in self.sites} | columns | entries | {a.name: a for a in self.accounts}

    @cached_property
    def hosts(self) -> Mapping[str, str]:
        """Every host name of the city, its reference hosts included, with its address."""
        shared = {PORTAL: "127.84.0.1", FEEDS: "127.84.0.2", PARKED: "127.84.0.3"}
        references = {host: f"127.85.0.{number}" for number, host in enumerate(self.references, 1)}
        friends = {friend_host(s.number): s.address.replace("127.83.", "127.86.") for s in self.sites}
        return {site.host: site.address for site in self.sites} | shared | references | friends

    @cached_property
    def link_ids(self) -> Mapping[str, str]:
        """The target id of every named link → its scenario name."""
        names = [link_name(site, n) for site in self.sites for n in range(1, site.links + 1)]
        names += [friend_name(site.name) for site in self.sites]
        return {link_id(self.link_url(name)): name for name in names}

    def origin(self, host: str, https: bool = False) -> str:
        """Scheme, host and port, without a slash at the end."""
        port, usual = (self.https_port, 443) if https else (self.http_port, 80)
        return f"{'https' if https else 'http'}://{host}" + ("" if port == usual else f":{port}")

    def site_url(self, site: Site) -> str:
        """The home page."""
        return self.origin(site.host, site.https) + "/"

    def feed_url(self, account: Account) -> str:
        """The feed that stands for an account."""
        return self.origin(FEEDS) + account.path

    def site_of(self, name: str) -> Site:
        """The site of a site, column or link name; KeyError when there is none."""
        found = self.by_name[name.partition("/")[0]]
        if not isinstance(found, Site):
            raise KeyError(name)
        return found

    def link_url(self, name: str) -> str:
        """The address of 'site-03/link-120' or 'site-03/friend'; KeyError when there is no such link."""
        site = self.site_of(name)
        if name == friend_name(site.name):
            return self.origin(friend_host(site.number)) + "/"
        number = link_number(name)
        if number is None or not 1 <= number <= site.links:
            raise KeyError(name)
        return self.origin(site.host, site.https) + link_path(number)

    def target_id(self, name: str) -> str:
        """The target id the daemon knows a scenario name by: links have ids of their own, all others keep the name."""
        return link_id(self.link_url(name)) if "/link-" in name or is_friend(name) else name

    def target_name(self, target: str) -> str:
        """The scenario name of a target id; an id without a name in the city (an article's link) stays as it is."""
        return self.link_ids.get(target, target)


PORTAL = f"www.{ZONE}"
"""Friendly links lead here; it is watched by nobody and never fails by itself."""
FEEDS = f"feeds.{ZONE}"
"""The bridge that turns accounts into feeds."""
PARKED = "parked-188.example"
"""Where hidden links and a hijacked page lead."""


def make_plan(
    seed: int = 7,
    *,
    sites: int = 12,
    columns_per_site: int = 5,
    accounts: int = 20,
    links_per_home: int = 20,
    entries_per_site: int = 0,
    columns_of: Mapping[str, int] | None = None,
    https: frozenset[str] = frozenset(),
    cms: tuple[str, ...] = CMS,
    cross_links: bool = True,
) -> Plan:
    """A city. `columns_of` overrides the count of single sites, `https` names sites that must speak TLS (a third does)."""
    few, width = columns_of or {}, len(str(sites))
    names = [f"site-{number:0{width}}" for number in range(1, sites + 1)]
    made = (
        _site(
            seed, n, name, columns=few.get(name, columns_per_site), links=links_per_home, https=name in https, cms=cms
        )
        for n, name in enumerate(names, 1)
    )
    return Plan(
        seed=seed,
        sites=tuple(replace(site, entries=entries_of(site.name, entries_per_site)) for site in made),
        accounts=tuple(_account(seed, number, accounts) for number in range(1, accounts + 1)),
        references=("reference-1.example", "reference-2.example", "reference-3.example"),
        cross_links=cross_links,
    )


def draw(*parts: str | int) -> int:
    """A number that depends on the parts alone: the city's only randomness."""
    text = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest(), "big")


def link_id(url: str) -> str:
    """The id of a link target (contract: the first 16 hex digits of sha256 over the address)."""
    return "link:" + hashlib.sha256(url.encode()).hexdigest()[:16]


@cache
def link_path(number: int) -> str:
    """Where the n-th named link of every home page leads: guides, attachments, pictures, topics."""
    shape = ("/bsfw/guide_{}.html", "/attach/file_{}.pdf", "/pic/banner_{}.jpg", "/ztzl/zt_{}.html")
    more = ("/bsfw/guide_{}.html", "/attach/file_{}.doc", "/pic/banner_{}.png", "/attach/file_{}.xls")
    return (shape + more)[(number - 1) % 8].format(number)


def link_number(name: str) -> int | None:
    """120 of 'site-03/link-120'."""
    _, found, number = name.partition("/link-")
    return int(number) if found and number.isdecimal() else None


def link_name(site: Site, number: int) -> str:
    """'site-03/link-120' (padded to the width of the count)."""
    return f"{site.name}/link-{number:0{len(str(site.links))}}"


def column_kind(number: int, count: int) -> ColumnKind:
    """By number: 60 % dynamic, the next 25 % policy, the rest other (DESIGN.md §4.6); a single column is dynamic."""
    if number == 1 or number * 100 <= count * 60:
        return ColumnKind.DYNAMIC
    return ColumnKind.POLICY if number * 100 <= count * 85 else ColumnKind.OTHER


def _site(seed: int, number: int, name: str, *, columns: int, links: int, https: bool, cms: tuple[str, ...]) -> Site:
    style = cms[(number - 1) % len(cms)]
    encoding, declared, header = _charset(style, draw(seed, name, "charset"))
    kinds = [column_kind(n, columns) for n in range(1, columns + 1)]
    return Site(
        name=name,
        number=number,
        title=lexicon.site_name(number),
        host=f"{name}.{ZONE}",
        address=f"127.83.{number // 250}.{number % 250 + 1}",
        https=https or draw(seed, name, "https") % 3 == 0,
        cms=style,
        encoding=encoding,
        declared=declared,
        header_charset=header,
        code=f"99{number:08}",
        columns=tuple(_column(seed, name, n, kinds, columns) for n in range(1, columns + 1)),
        headlines=Column(
            f"{name}/headlines", 0, "头条要闻", "ttyw", ColumnKind.DYNAMIC, 1, draw(seed, name), on_home=True
        ),
        links=links,
    )


def _charset(cms: str, number: int) -> tuple[str, str, str | None]:
    """Bytes, declaration, header. Old tables are GBK; 博达 may declare gb2312 over UTF-8; headers are often silent."""
    if cms == "table":
        return "gb18030", "gb2312", (None, "GBK")[number % 2]
    if cms == "boda" and number % 4 == 0:
        return "utf-8", "gb2312", "utf-8"
    return "utf-8", "utf-8", (None, "utf-8")[number % 2]


def _column(seed: int, site: str, number: int, kinds: list[ColumnKind], count: int) -> Column:
    name = f"{site}/column-{number:0{len(str(count))}}"
    kind = kinds[number - 1]
    nth = kinds[: number - 1].count(kind)
    titles = {
        ColumnKind.DYNAMIC: lexicon.DYNAMIC_COLUMNS,
        ColumnKind.POLICY: lexicon.POLICY_COLUMNS,
    }.get(kind, lexicon.OTHER_COLUMNS)
    again, place = divmod(nth, len(titles))
    title, slug = titles[place]
    (least, most), phase = _EVERY_DAYS[kind], draw(seed, name)
    return Column(
        name=name,
        number=number,
        title=title + (f"（{again + 1}）" if again else ""),
        slug=slug + (str(again + 1) if again else ""),
        kind=kind,
        every=least + phase % (most - least + 1),
        phase=phase,
        on_home=nth == 0 and kind is not ColumnKind.OTHER,
    )


def _account(seed: int, number: int, count: int) -> Account:
    name = f"account-{number:0{len(str(count))}}"
    platform, slug = lexicon.PLATFORMS[number % len(lexicon.PLATFORMS)]
    owner = lexicon.site_name((number - 1) % len(lexicon.BUREAUS) + 1)
    form = ("rss", "atom", "json")[number % 3]
    ending = {"rss": "xml", "atom": "atom", "json": "json"}[form]
    phase = draw(seed, name)
    return Account(
        name, number, f"{owner}{platform}", owner, platform, f"/{slug}/{name}.{ending}", form, 2 + phase % 7, phase
    )
