"""Good rows of a CSV inventory, quickly: a million of them in seconds.

What a row shares with many others (kind, column, contact, packs, on_home, entry, platform, level) was judged when its like first came; id,
name, address, site and owner are one look each. Whatever is not plainly good is left to rows.py and targets.py, which say what
is wrong. Pure.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from monitor.config.settings import RawTarget
from monitor.config.targets import ID, LONGEST_TEXT, remember
from monitor.config.urls import PLAIN
from monitor.model import Target, TargetKind

OWN = ("id", "name", "url", "site", "owner")
LONGEST = 4096  # characters of a line; longer ones are looked at the long way
SHARED = ("kind", "column", "contacts", "packs", "on_home", "entry", "platform", "level", "options")

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
    texts: dict[str, str] = {}  # sites and owners, which many rows repeat: kept once
    ends = max(names.index(name) for name in OWN if name in names) + 1
    # What follows the last column of its own is looked at as one text: equal texts have equal cells.
    cuts, width = (ends, ends + 1) if ends < len(names) else (-1, len(names))
    places = [names.index(name) if name in names else width for name in OWN]  # an empty cell is put there
    own, shared = _pick(places), _pick([place for place in range(width) if place not in places])
    seen, is_id, is_plain = known.get, ID.fullmatch, PLAIN.fullmatch

    def read(text: str) -> RawTarget | None:
        cells = text.split(",", cuts)
        if len(cells) != width or '"' in text or text[0] == "#" or len(text) > LONGEST:
            return None
        if (alike := seen(shared(cells))) is None:
            return None
        cells.append("")
        key, name, url, site, owner = own(cells)
        if not is_id(key) or not name or not _is_text(name) or len(url) >= 253 or "-." in url or not is_plain(url):
            return None
        ours, whose = _kept(texts, site), _kept(texts, owner)
        if ours is None or whose is None or (alike[0] is TargetKind.SITE if ours else alike[5] is not None):
            return None
        return _made((key, name, url, ours or None, whose), alike)

    def learn(text: str, target: RawTarget) -> None:
        cells = text.split(",", cuts)
        if len(cells) == width and '"' not in text:
            remember(known, shared(cells), tuple(getattr(target, name) for name in SHARED))

    return Quick(read, learn)


def _is_text(text: str) -> bool:
    """Whether it, not being empty, is plainly a good text of a cell: without blanks around it that would be cut off."""
    return text.isprintable() and len(text) <= LONGEST_TEXT and text[0] != " " != text[-1]


def _kept(texts: dict[str, str], text: str) -> str | None:
    """The same text as it was kept when it first came; None when it is not plainly good."""
    if not text or (known := texts.get(text)) is not None:
        return text and known
    if not _is_text(text):
        return None
    remember(texts, text, text)
    return text


def _pick(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    one: Any = itemgetter(*places)
    return one if len(places) > 1 else lambda cells: (one(cells),)


_SLOTS: Any = [vars(Target)[name].__set__ for name in (*OWN, *SHARED, "home")]
_ID, _NAME, _URL, _SITE, _OWNER, _KIND, _COLUMN, _CONTACTS, _PACKS, _ON_HOME, *_LAST = _SLOTS
_ENTRY, _PLATFORM, _LEVEL, _OPTIONS, _HOME = _LAST


def _made(own: tuple[object, ...], alike: tuple[object, ...]) -> RawTarget:
    """As Target(…) would, in a third of the time: a frozen class looks each of its fields up by name."""
    target: RawTarget = object.__new__(Target)
    key, name, url, site, owner = own
    kind, column, contacts, packs, on_home, entry, platform, level, options = alike
    _ID(target, key)
    _NAME(target, name)
    _URL(target, url)
    _SITE(target, site)
    _OWNER(target, owner)
    _KIND(target, kind)
    _COLUMN(target, column)
    _CONTACTS(target, contacts)
    _PACKS(target, packs)
    _ON_HOME(target, on_home)
    _ENTRY(target, entry)
    _PLATFORM(target, platform)
    _LEVEL(target, level)
    _OPTIONS(target, options)
    _HOME(target, "")
    return target
