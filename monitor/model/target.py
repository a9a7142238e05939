"""What is watched, and who answers for it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from monitor.model.words import ColumnKind, EntryKind, Platform, TargetKind

O = TypeVar("O")
O_co = TypeVar("O_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to call about a target."""

    name: str
    phone: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Generic[O_co]):
    """监测对象. `options` is what one check was told about it, already validated; in the inventory the raw tables.

    `home` is the address of its site, known for a page that is declared an `entry` of that home page. `level` of a column: 1 is
    一级栏目, more is deeper, 0: nobody said.
    """

    id: str
    kind: TargetKind
    name: str
    url: str
    options: O_co
    owner: str = ""
    site: str | None = None
    column: ColumnKind | None = None
    contacts: tuple[Contact, ...] = ()
    packs: tuple[str, ...] = ("national-2019", "house")
    on_home: bool = False
    entry: EntryKind | None = None
    home: str = ""
    platform: Platform | None = None
    level: int = 0


def with_options(target: Target[object], options: O) -> Target[O]:
    """The target as one check is told of it. Written out: every check of every visit asks for one."""
    return Target(
        id=target.id,
        kind=target.kind,
        name=target.name,
        url=target.url,
        options=options,
        owner=target.owner,
        site=target.site,
        column=target.column,
        contacts=target.contacts,
        packs=target.packs,
        on_home=target.on_home,
        entry=target.entry,
        home=target.home,
        platform=target.platform,
        level=target.level,
    )


_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]*)?(?:[/?#]|\Z)")  # nearly all addresses; the rest takes longer


@lru_cache(maxsize=65_536)  # asked several times in every visit; an estate has some ten thousand addresses
def host_of(url: str) -> str:
    """The host name of an address in lower case; "" when it has none."""
    if (plain := _PLAIN.match(url)) is not None:
        return plain[1]
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
