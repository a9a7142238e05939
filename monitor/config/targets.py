"""One target out of one table of the inventory, whether it stood in TOML or in a row of a CSV file.

Plain code, because an inventory has up to a million rows: about 40 µs each, and 10 for those like one before (quick.py). Pure;
gives the target or its faults.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from monitor.config.addresses import own_table_faults
from monitor.config.codes import coded
from monitor.config.contacts import parse_contact, read_contact
from monitor.config.explain import shown
from monitor.config.levels import level_of
from monitor.config.options import Fault, check_faults
from monitor.config.problems import did_you_mean, meant_by
from monitor.config.settings import RawTarget
from monitor.config.urls import address_trouble
from monitor.model import ColumnKind, Contact, EntryKind, Platform, Target, TargetKind, Text, say

KEYS = (
    *("id", "kind", "column", "name", "url", "site", "owner", "contact", "packs", "on_home", "entry", "platform"),
    *("level", "checks"),
)
KINDS: Mapping[object, TargetKind] = {
    kind.value: kind for kind in TargetKind if kind not in {TargetKind.LINK, TargetKind.DESK}
}
COLUMNS: Mapping[object, ColumnKind] = {kind.value: kind for kind in ColumnKind}
ENTRIES: Mapping[object, EntryKind] = {kind.value: kind for kind in EntryKind}
PLATFORMS: Mapping[object, Platform] = {one.value: one for one in Platform}
DEFAULT_PACKS = ("national-2019", "house")
LONGEST_TEXT = 500  # characters of a name, an owner, a contact
MOST_KEPT = 50_000  # ways in which rows are alike that are remembered: some 20 MB

ID = re.compile(r"\w[\w./@+-]{0,119}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SWITCH: Mapping[str, bool] = dict.fromkeys(("", "false", "0", "no", "否"), False) | dict.fromkeys(
    ("true", "1", "yes", "是"), True
)
_NO_OPTIONS: dict[str, dict[str, object]] = {}  # shared by all targets without a table of their own

Row = Mapping[str, object]
_SHAPING = ("kind", "column", "packs", "on_home", "entry", "contact", "platform", "level")
K = TypeVar("K")
V = TypeVar("V")


class Shape(NamedTuple):
    """What many rows have in common."""

    kind: TargetKind
    column: ColumnKind | None
    packs: tuple[str, ...]
    on_home: bool
    entry: EntryKind | None
    contacts: tuple[Contact, ...]
    platform: Platform | None
    level: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What many rows have in common, worked out and kept once: shapes by how they were written, texts by themselves."""

    checks: Mapping[str, type]
    shapes: dict[tuple[object, ...], Shape] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read_target(row: Row, memory: Memory) -> RawTarget | list[Fault]:
    """The target, or everything that is wrong with the row."""
    faults: list[Fault] = []
    kind, column, packs, on_home, entry, contacts, platform, level = _shape(row, faults, memory)
    target = Target(
        id=_id(row, faults),
        kind=kind,
        column=column,
        name=_text(row, "name", faults, required=True),
        url=_url(row, faults),
        site=_site(row, kind, entry, faults, memory),
        owner=_shared(row, "owner", faults, memory),
        contacts=contacts,
        packs=packs,
        on_home=on_home,
        entry=entry,
        platform=platform,
        level=level,
        options=_options(row, faults, memory),
    )
    return faults or target


def unknown_keys(row: Row) -> list[Fault]:
    """Keys of a TOML table that no target has (the columns of a CSV file are checked once, in its first line)."""
    unknown = (key for key in row if key not in KEYS)
    return [Fault((key,), say('unknown key "{key}"', key=key), did_you_mean(key, KEYS)) for key in unknown]


def _shape(row: Row, faults: list[Fault], memory: Memory) -> Shape:
    """Rows alike in these cells are worked out once; tables and lists of TOML every time."""
    get = row.get
    written = tuple(get(key, "") for key in _SHAPING)
    try:
        known = memory.shapes.get(written)
    except TypeError:  # a list or table among them
        return _new_shape(row, faults)
    if known is not None:
        return known
    shape = _new_shape(row, faults)
    if not faults:
        remember(memory.shapes, written, shape)
    return shape


def remember(known: dict[K, V], key: K, value: V) -> None:
    """Keep it, in bounded space: where a million rows have little in common there is nothing to be saved."""
    if len(known) >= MOST_KEPT:
        known.clear()
    known[key] = value


def _new_shape(row: Row, faults: list[Fault]) -> Shape:
    kind = _kind(row, faults)
    column = _column(row, kind, faults)
    contacts, packs, on_home = _contacts(row, faults), _packs(row, faults), _on_home(row, kind, faults)
    entry, platform = _entry(row, kind, faults), _platform(row, kind, faults)
    level = level_of(row.get("level", ""), kind, faults)
    return Shape(kind or TargetKind.SITE, column, packs, on_home, entry, contacts, platform, level)


def _kind(row: Row, faults: list[Fault]) -> TargetKind | None:
    written = row.get("kind", "")
    kind = KINDS.get(written) if isinstance(written, str) else None
    if kind is None:
        _choice("kind", written, KINDS, faults)
    return kind


def _column(row: Row, kind: TargetKind | None, faults: list[Fault]) -> ColumnKind | None:
    written = row.get("column", "")
    column = COLUMNS.get(written) if isinstance(written, str) else None
    if kind is TargetKind.COLUMN and column is None:
        _choice("column", written, COLUMNS, faults)
    elif kind is not None and kind is not TargetKind.COLUMN and written != "":
        _note(faults, "column", say('a target of kind "{kind}" has no column', kind=kind), say("leave it empty"))
    return column


def _entry(row: Row, kind: TargetKind | None, faults: list[Fault]) -> EntryKind | None:
    known = _word(row, "entry", ENTRIES, faults)
    if row.get("entry", "") != "" and kind is not None and kind is not TargetKind.PAGE:
        words = say('a target of kind "{kind}" is no entry of a home page', kind=kind)
        _note(faults, "entry", words, say("only a page is one"))
    return known


def _platform(row: Row, kind: TargetKind | None, faults: list[Fault]) -> Platform | None:
    known = _word(row, "platform", PLATFORMS, faults)
    if row.get("platform", "") != "" and kind is not None and kind is not TargetKind.ACCOUNT:
        words = say('a target of kind "{kind}" is on no platform', kind=kind)
        _note(faults, "platform", words, say("only an account is"))
    return known


def _word(row: Row, key: str, words: Mapping[object, V], faults: list[Fault]) -> V | None:
    written = row.get(key, "")
    known = words.get(written) if isinstance(written, str) else None
    if known is None and written != "":
        _choice(key, written, words, faults)
    return known


def _note(faults: list[Fault], key: str, words: Text, hint: Text | None = None) -> None:
    faults.append(Fault((key,), words, hint))


def _choice(key: str, written: object, known: Mapping[object, object], faults: list[Fault]) -> None:
    words = [str(word) for word in known]
    if written == "":
        _note(faults, key, say('"{key}" is missing', key=key), say("one of {words}", words=", ".join(words)))
    else:
        hint = meant_by(str(written).strip().lower(), words)
        _note(faults, key, say("{value} is not one of {words}", value=shown(written), words=", ".join(words)), hint)


def _id(row: Row, faults: list[Fault]) -> str:
    written = row.get("id", "")
    if isinstance(written, str) and ID.fullmatch(written):
        return written
    if written == "":
        _note(faults, "id", say('"id" is missing'))
    elif not isinstance(written, str):
        _note(faults, "id", say("{value} is not a text", value=shown(written)), say("put it into double quotes"))
    else:
        hint = say("letters, digits and . / @ + - _, at most 120, beginning with a letter or digit")
        _note(faults, "id", say("{value} is not an id", value=shown(written)), hint)
    return ""


def _text(row: Row, key: str, faults: list[Fault], *, required: bool = False) -> str:
    written = row.get(key, "")
    if not isinstance(written, str):
        _note(faults, key, say("{value} is not a text", value=shown(written)), say("put it into double quotes"))
        return ""
    if not written.isprintable() and _CONTROL.search(written):
        _note(faults, key, say('"{key}" has a line break or control character in it', key=key))
    if len(written) > LONGEST_TEXT:
        _note(faults, key, say('"{key}" is longer than {n} characters', key=key, n=LONGEST_TEXT))
    if required and not written:
        _note(faults, key, say('"{key}" is missing', key=key))
    return written


def _url(row: Row, faults: list[Fault]) -> str:
    written = row.get("url", "")
    if not isinstance(written, str):
        _note(faults, "url", say("{value} is not a text", value=shown(written)), say("put it into double quotes"))
        return ""
    trouble = address_trouble(written)
    if trouble is not None:
        _note(faults, "url", trouble.words, trouble.advice)
    return written


def _site(row: Row, kind: TargetKind, entry: EntryKind | None, faults: list[Fault], memory: Memory) -> str | None:
    written = _shared(row, "site", faults, memory)
    if entry is not None and kind is TargetKind.PAGE and row.get("site", "") == "":
        _note(
            faults, "site", say("an entry needs the site whose home page leads to it"), say("write the id of that site")
        )
    if written and kind is TargetKind.SITE and row.get("kind") == "site":
        _note(faults, "site", say("a site belongs to no other site"), say("leave it empty"))
    return written or None


def _shared(row: Row, key: str, faults: list[Fault], memory: Memory) -> str:
    """A text that many rows repeat: looked at once, kept once."""
    written = row.get(key, "")
    if isinstance(written, str) and (known := memory.texts.get(written)) is not None:
        return known
    before = len(faults)
    text = _text(row, key, faults)
    if len(faults) > before:
        return ""
    remember(memory.texts, text, text)
    return text


def _contacts(row: Row, faults: list[Fault]) -> tuple[Contact, ...]:
    written = row.get("contact", "")
    if isinstance(written, str):
        text = _text(row, "contact", faults)
        return tuple(parse_contact(part) for part in re.split(r"[;；]", text) if part.strip())
    entries = written if isinstance(written, list) else [written]
    return tuple(contact for entry in entries if (contact := read_contact(entry, faults)) is not None)


def packs_of(row: Row) -> tuple[str, ...]:
    """The rule packs a row names, as far as they can be told."""
    return _packs(row, [])


def _packs(row: Row, faults: list[Fault]) -> tuple[str, ...]:
    written = row.get("packs", "")
    if written == "":
        return DEFAULT_PACKS
    if isinstance(written, str):
        return tuple(dict.fromkeys(re.split(r"[;；,，\s]+", written.strip(";；,， "))))
    if not isinstance(written, list) or not all(isinstance(name, str) for name in written):
        words = say("{value} is not a list of rule packs", value=shown(written))
        _note(faults, "packs", words, say('write ["national-2019"]'))
        return ()
    if not written:
        _note(faults, "packs", say("the target falls under no rule pack"), say("leave the key out for the usual ones"))
    return tuple(dict.fromkeys(str(name) for name in written))


def _on_home(row: Row, kind: TargetKind | None, faults: list[Fault]) -> bool:
    written = row.get("on_home", False)
    value = _SWITCH.get(written.lower()) if isinstance(written, str) else written
    if not isinstance(value, bool):
        _note(faults, "on_home", say("{value} is neither true nor false", value=shown(written)))
        return False
    if value and kind is not TargetKind.COLUMN and kind is not None:
        _note(faults, "on_home", say('a target of kind "{kind}" is no column of a home page', kind=kind))
    return value


def _options(row: Row, faults: list[Fault], memory: Memory) -> dict[str, dict[str, object]]:
    written = row.get("checks")
    if written is None:
        return coded(row["site_code"], row.get("kind"), faults) if row.get("site_code") else _NO_OPTIONS
    found = check_faults(written, memory.checks) + own_table_faults(written, memory.checks)
    faults += [Fault(("checks", *fault.path), fault.message, fault.hint) for fault in found]
    return {} if found or not isinstance(written, dict) else written
