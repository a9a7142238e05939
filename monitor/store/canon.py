"""Canonical JSON for columns and hashes: sorted keys, no blanks, UTF-8; the same value is always the same text.

Reads and writes nothing itself. What came from pages may hold lone surrogates or endless numbers: they are made storable
here, so that a strange page can never make a transaction fail. The home of orjson.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

import orjson

from monitor.model import Contact, Reading, Text
from monitor.read.slim import from_json

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def dumps(value: object) -> str:
    """Any JSON-safe value, dataclass or mapping as canonical text."""
    try:
        return orjson.dumps(value, _plain, _OPTIONS).decode()
    except TypeError:
        return orjson.dumps(_storable(value), _plain, _OPTIONS).decode()


def loads(text: str) -> Any:
    """What `dumps` wrote."""
    return orjson.loads(text)


def clean(text: str) -> str:
    """Text that SQLite can hold and find again: lone surrogates, and NULs (its JSON ends there), become question marks."""
    text = text.replace("\0", "?")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@lru_cache(maxsize=4096)
def _text_of(stored: str) -> Text:
    raw = loads(stored)
    return Text(raw["template"], raw["values"])


def load_text(stored: str) -> Text:
    """A sentence as stored."""
    return _text_of(stored)


@lru_cache(maxsize=4096)
def load_contacts(stored: str) -> tuple[Contact, ...]:
    """The people of a target; many targets share them."""
    return tuple(Contact(**raw) for raw in loads(stored))


@lru_cache(maxsize=1024)
def load_names(stored: str) -> tuple[str, ...]:
    """A list of words."""
    return tuple(loads(stored))


@lru_cache(maxsize=16_384)  # of the pages that are looked at often; those are unchanged from look to look
def load_reading(stored: str) -> Reading:
    """A reading as it was remembered."""
    return from_json(loads(stored))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return str(value)


def _storable(value: object) -> object:
    """The same value with what orjson refuses made plain; only run when it did refuse."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): _storable(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _storable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_storable(part) for part in value]
    return value
