"""Targets of the inventory as rows of `targets`, and which of them the store does not know as they are.

Reads; writes nothing. Every row holds a number for all that the inventory says of it (`told`), so that a reload in which nothing
changed reads one narrow index and no row.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from monitor.model import Target, TargetKind, host_of
from monitor.store import canon

Listed = Target[dict[str, dict[str, object]]]
Row = tuple[object, ...]

COLUMNS = (
    "kind",
    "name",
    "url",
    "host",
    "owner",
    "site",
    "column_kind",
    "on_home",
    "level",
    "entry",
    "platform",
    "packs",
    "contacts",
    "options",
    "period",
)
_KNOWN = "SELECT id, told, removed_at FROM targets INDEXED BY targets_listed WHERE kind <> 'link'"
_ROW = f"SELECT {', '.join(COLUMNS)} FROM targets WHERE id = ?"
_UNIT = timedelta(milliseconds=1)
_MADE = 3
"""To be raised when rows are made otherwise of the same inventory, as by another `host_of`: then all are written anew."""
MOST_ALIKE = 20_000
"""Ways in which targets are alike that are kept at a time: 15 MB."""


class _Alike(NamedTuple):
    """What many targets share: the kind, the last values of COLUMNS, and all of it in one text. `first` keeps what it was found by alive."""

    first: Listed
    kind: str
    values: Row
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """What makes rows of targets. What many of them share is written out once, and found again by identity."""

    periods: Mapping[TargetKind, timedelta]
    alike: dict[tuple[int, ...], _Alike] = field(default_factory=dict)

    def row(self, one: Listed) -> Row:
        """The values of COLUMNS."""
        known = self._alike(one)
        return (known.kind, one.name, one.url, _host(one.url), one.owner, one.site, *known.values)

    def period(self, kind: TargetKind) -> int:
        """In milliseconds."""
        return max(1, self.periods[kind] // _UNIT)

    def told(self, one: Listed) -> int:
        """The number of its row, without making the row."""
        return _number(one.name, one.url, one.owner, one.site, self._alike(one).text)

    def _alike(self, one: Listed) -> _Alike:
        parts = (one.kind, one.column, one.entry, one.platform, one.packs, one.contacts, one.options)
        shared = (*map(id, parts), one.on_home, one.level)
        known = self.alike.get(shared)
        if known is None:
            narrowed = (_word(one.column), int(one.on_home), one.level, _word(one.entry), _word(one.platform))
            texts = (one.packs, one.contacts, one.options)
            values = (*narrowed, *map(canon.dumps, texts), self.period(one.kind))
            if len(self.alike) >= MOST_ALIKE:
                self.alike.clear()
            known = self.alike[shared] = _Alike(one, one.kind.value, values, _text((one.kind.value, *values)))
        return known


@dataclass(frozen=True, slots=True)
class Differing:
    """What the store must take over; `back` are the tombstones among `added`, `same` are as they were but have no number yet."""

    added: Mapping[str, Listed]
    back: frozenset[str]
    changed: Mapping[str, Listed]
    same: Mapping[str, Listed]
    removed: tuple[str, ...]


def told(row: Row) -> int:
    """A number for the values of COLUMNS: the same for the same, and for others another one, but once in 2^64 times."""
    kind, name, url, _, owner, site, *shared = row
    return _number(name, url, owner, site, _text((kind, *shared)))


def compare(tx: sqlite3.Connection, targets: dict[str, Listed], rows: Rows) -> Differing:
    """What of these the store does not know, or otherwise. Takes from `targets` what it knows."""
    back: dict[str, Listed] = {}
    changed: dict[str, Listed] = {}
    unsure: dict[str, Listed] = {}
    removed: list[str] = []
    number_of, take = rows.told, targets.pop
    for name, number, removed_at in tx.execute(_KNOWN):
        target = take(name, None)
        if target is None:
            if removed_at is None:
                removed.append(name)
        elif removed_at is not None:
            back[name] = target
        elif number is None:
            unsure[name] = target
        elif number != number_of(target):
            changed[name] = target
    same = {name: target for name, target in unsure.items() if _stored(tx, name) == rows.row(target)}
    changed |= {name: target for name, target in unsure.items() if name not in same}
    return Differing(targets | back, frozenset(back), changed, same, tuple(removed))


def _stored(tx: sqlite3.Connection, name: str) -> Row:
    row: Row = tx.execute(_ROW, (name,)).fetchone()
    return row


def _word(one: StrEnum | None) -> str | None:
    return None if one is None else one.value


def _host(url: str) -> str:
    """Of all addresses of a site the same text is taken apart, once."""
    end = url.find("/", len("https://"))
    return host_of(url if end < 0 else url[:end])


def _text(shared: Row) -> str:
    return canon.dumps((_MADE, *shared))


def _number(name: object, url: object, owner: object, site: object, shared: str) -> int:
    """A zero byte can stand in none of them: the settings refuse it, JSON writes it in letters."""
    text = f"{name}\0{url}\0{owner}\0{'' if site is None else '.'}{site}\0{shared}"
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
