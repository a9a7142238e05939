"""The made-up estate by number: how many of each there are, their names and addresses, and which edition a page shows when.

Everything follows from the numbers, so that the server, the inventory and the prepared store agree without talking.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from zlib import crc32

SITES, COLUMNS, ACCOUNTS = 14_500, 250_000, 100_000
OWN_LINKS = 69
"""Addresses of a site that pages link to: 14,500 times 69 are 1,000,500 distinct ones."""
NEIGHBOURS = 2
"""Sites whose addresses a home page carries besides its own: 207 links each, 3.0 million uses."""
COLUMN_LINKS = 4
"""Items of a column: one million uses, 4.0 million with those of the home pages."""
HOLDS_FOR = {"home": 8 * 3600.0, "column": 48 * 3600.0, "feed": 24 * 3600.0}
"""Seconds an edition lasts: a home page has news three times a day, a column every second day, an account daily."""
CADENCE = {"site": 300, "column": 3600, "account": 3600, "link": 86_400}
"""Seconds between looks: the shipped settings, and what makes 48, 70, 28 and 12 looks a second of the whole."""


@dataclass(frozen=True, slots=True)
class Estate:
    """`began` in seconds since 1970, `day` the civil day in Shanghai of the newest items."""

    sites: int
    columns: int
    accounts: int
    port: int = 0
    began: float = 0.0
    day: str = "2026-01-01"

    @property
    def links(self) -> int:
        return self.sites * OWN_LINKS

    @property
    def uses(self) -> int:
        return self.sites * OWN_LINKS * (1 + NEIGHBOURS) + self.columns * COLUMN_LINKS

    @property
    def targets(self) -> int:
        return self.sites + self.columns + self.accounts + self.links

    def looks_a_second(self) -> float:
        """The load that keeping the cadence takes."""
        counts = {"site": self.sites, "column": self.columns, "account": self.accounts, "link": self.links}
        return sum(count / CADENCE[kind] for kind, count in counts.items())

    def url(self, site: int, path: str = "/") -> str:
        return f"http://{host(site)}:{self.port}{path}"

    def columns_of(self, site: int) -> range:
        return range(_share(self.columns, self.sites, site))

    def accounts_of(self, site: int) -> range:
        return range(_share(self.accounts, self.sites, site))

    def neighbours(self, site: int) -> tuple[int, ...]:
        return tuple((site + step) % self.sites for step in range(1, NEIGHBOURS + 1))

    def edition(self, kind: str, name: str, now: float) -> int:
        """Which edition a page shows: 0 at the beginning, the next ones spread over their time by name."""
        return int(max(now - self.began, 0.0) / HOLDS_FOR[kind] + crc32(name.encode()) % 10_000 / 10_000)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> "Estate":
        return cls(**json.loads(path.read_text()))

    def only_first(self) -> "Estate":
        """The first site alone, as inventory: what the prepared store is modelled on."""
        return replace(self, sites=1, columns=len(self.columns_of(0)), accounts=len(self.accounts_of(0)))


def of_scale(scale: float) -> Estate:
    """So much of the national estate; three sites at least, so that neighbours are others."""
    return Estate(max(3, round(SITES * scale)), max(3, round(COLUMNS * scale)), max(3, round(ACCOUNTS * scale)))


def _share(count: int, sites: int, site: int) -> int:
    return count // sites + (site < count % sites)


def token(site: int) -> str:
    """The name of a site in everything that is about it; five digits, so that one can stand for another."""
    return f"s{site:05}"


def host(site: int) -> str:
    return f"www.{token(site)}.example"


def column_id(site: int, column: int) -> str:
    return f"{token(site)}/c{column:02}"


def account_id(site: int, account: int) -> str:
    return f"{token(site)}/m{account:02}"


def column_kind(column: int) -> str:
    """60 % dynamic, 25 % policy, the rest other."""
    return "dynamic" if column % 20 < 12 else "policy" if column % 20 < 17 else "other"


def address_of(site: int) -> str:
    """Where the name points: loopback, another one each."""
    return f"127.{1 + site // 60_000}.{site // 250 % 240}.{1 + site % 250}"


def validates(site: int) -> bool:
    """Six of ten sites give an ETag and answer 304; the others send the page again every time."""
    return site % 10 < 6


def counts_visitors(site: int) -> bool:
    """One of ten shows a counter on its home page: other bytes at each look, the same page."""
    return site % 10 == 9


REFERENCES = tuple(f"ref-{number}.example" for number in range(1, 5))
"""Hosts outside the estate that tell whether our own network is down."""


def inventory_rows(estate: Estate) -> Iterator[tuple[str, ...]]:
    """Rows of the inventory in the order of INVENTORY_HEAD."""
    for site in range(estate.sites):
        name = token(site)
        yield (name, "site", "", f"网站 {name}", estate.url(site), "", f"{name} 政府办公室", "张三 0751-1234567")
        for number in estate.columns_of(site):
            url, kind = estate.url(site, f"/c/{number:02}/"), column_kind(number)
            yield (column_id(site, number), "column", kind, f"栏目 {number} {name}", url, name, "", "")
        for number in estate.accounts_of(site):
            url = estate.url(site, f"/m/{number:02}.xml")
            yield (account_id(site, number), "account", "", f"公众号 {number} {name}", url, name, "", "")


INVENTORY_HEAD = ("id", "kind", "column", "name", "url", "site", "owner", "contact")
