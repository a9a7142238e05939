"""Good rows of a CSV inventory, quickly: a million of them in seconds.

What a row shares with others (all but id, name and address) was judged when its like first came; the rest is one look
each. Whatever is not plainly good is left to rows.py and targets.py, which say what is wrong. Pure.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from monitor.config.settings import RawTarget
from monitor.config.targets import ID, LONGEST_TEXT, remember
from monitor.config.urls import PLAIN
from monitor.model import Target

OWN = ("id", "name", "url")
LONGEST = 4096  # characters of a line; longer ones are looked at the long way
SHARED = ("kind", "column", "site", "owner", "contacts", "packs", "on_home", "options")

Read = Callable[[str], RawTarget | None]
Learn = Callable[[str, RawTarget], None]


class Quick(NamedTuple):
    """`read` gives the target of a line that is like one learned, else None; `learn` takes a line judged good."""

    read: Read
    learn: Learn


NO_QUICK = Quick(lambda _text: None, lambda _text, _target: None)
"""Knows nothing: before the first good row, and where the first line is wrong."""


def quick_reader(names: Sequence[str]) -> Quick:
    """For lines with these columns; id, kind, name and url must be among them."""
    known: dict[tuple[str, ...], tuple[object, ...]] = {}
    places = [names.index(name) for name in OWN]
    ends = max(places) + 1
    # What follows the last column of its own is looked at as one text: equal texts have equal cells.
    cuts, width = (ends, ends + 1) if ends < len(names) else (-1, len(names))
    own, shared = _pick(places), _pick([place for place in range(width) if place not in places])
    seen, is_id, is_plain = known.get, ID.fullmatch, PLAIN.fullmatch

    def read(text: str) -> RawTarget | None:
        cells = text.split(",", cuts)
        if len(cells) != width or '"' in text or text[0] == "#" or len(text) > LONGEST:
            return None
        alike = seen(shared(cells))
        if alike is None:
            return None
        key, name, url = own(cells)
        if not is_id(key) or not name.isprintable() or not 0 < len(name) <= LONGEST_TEXT or " " in (name[0], name[-1]):
            return None
        return _made(key, name, url, alike) if len(url) < 253 and "-." not in url and is_plain(url) else None

    def learn(text: str, target: RawTarget) -> None:
        cells = text.split(",", cuts)
        if len(cells) == width and '"' not in text:
            remember(known, shared(cells), tuple(getattr(target, name) for name in SHARED))

    return Quick(read, learn)


def _pick(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    one: Any = itemgetter(*places)
    return one if len(places) > 1 else lambda cells: (one(cells),)


_SLOTS: Any = [vars(Target)[name].__set__ for name in (*OWN, *SHARED)]
_ID, _NAME, _URL, _KIND, _COLUMN, _SITE, _OWNER, _CONTACTS, _PACKS, _ON_HOME, _OPTIONS = _SLOTS


def _made(key: str, name: str, url: str, alike: tuple[object, ...]) -> RawTarget:
    """As Target(…) would, in a third of the time: a frozen class looks each of its fields up by name."""
    target: RawTarget = object.__new__(Target)
    kind, column, site, owner, contacts, packs, on_home, options = alike
    _ID(target, key)
    _NAME(target, name)
    _URL(target, url)
    _KIND(target, kind)
    _COLUMN(target, column)
    _SITE(target, site)
    _OWNER(target, owner)
    _CONTACTS(target, contacts)
    _PACKS(target, packs)
    _ON_HOME(target, on_home)
    _OPTIONS(target, options)
    return target
