"""A reading as JSON, back again, and slim: what the store remembers of a page to tell whether it is still the same.

Pure. The keys are those of DESIGN.md §4.4; every key is always there.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from monitor.model import Article, Entry, Item, Link, Marks, Reading, State, Suspicion, TargetKind

_PARTS: Mapping[str, Any] = {"items": Item, "links": Link, "entries": Entry, "tamper": Suspicion}


def slim(reading: Reading) -> Reading:
    """The facts that decide, without the long lists: a few hundred bytes however long the page."""
    return replace(reading, items=(), links=(), entries=(), meta={}, tamper=())


def to_json(reading: Reading) -> dict[str, object]:
    """JSON-safe; `from_json` gives the same reading back."""
    return asdict(reading)


def from_json(raw: Mapping[str, Any]) -> Reading:
    """What `to_json` made, also after a way through JSON text. Raises TypeError or ValueError for anything else."""
    told = dict(raw)
    for key, kind in _PARTS.items():
        told[key] = tuple(kind(**part) for part in told.get(key) or ())
    told["kind"], told["state"] = TargetKind(told["kind"]), State(told["state"])
    told["marks"] = Marks(**told.get("marks") or {})
    told["article"] = Article(**told["article"]) if told.get("article") else None
    told["needs"] = tuple(told.get("needs") or ())
    told["meta"] = dict(told.get("meta") or {})
    return Reading(**told)
