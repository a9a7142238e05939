"""Readings as JSON, and without their bulk: what the store remembers of a page between two looks.

Reads a Reading; gives the object of DESIGN.md §4.4 (every key there), or the reading without its long lists. An object of
ours read back equals what it was made of. No file, no store.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from monitor.model import (
    Article,
    Entry,
    Familiar,
    Guest,
    Item,
    Letter,
    Link,
    Marks,
    MessageClass,
    Reading,
    State,
    Suspicion,
    TargetKind,
)

ASKED = 4  # items; as many articles as a visit may ask (DESIGN.md §4.1), and one that is a file
TITLE = 60  # characters of a title that are remembered of a link
_NOT_SHOWN = (
    "ahead",
    "entrance",
    "timeless",
    "asks",
    "guests",
    "parts",
    "familiar",
    "lands",
    "sheets",
    "doubts",
    "letters",
)


def slim(reading: Reading) -> Reading:
    """The reading without items, links and entries: what checks say of an unchanged page comes from the rest.

    Of a column whose list prints no dates a few items stay: its articles may be asked when they could not be had before.
    """
    undated = reading.kind is TargetKind.COLUMN and reading.newest_date is None
    return replace(
        reading,
        items=reading.items[:ASKED] if undated else (),
        links=(),
        entries=(),
        guests=(),
        parts=(),
        sheets=(),
        doubts="",
        letters=(),
    )


def brief(reading: Reading, host: str) -> Reading:
    """What is remembered of the page behind a link, which `host` answered: what it was, as short as its JSON is (`told_briefly`)."""
    title = (reading.title or "")[:TITLE] or None
    return Reading(kind=reading.kind, state=reading.state, title=title, lands=host, timeless=True)


def told_briefly(reading: Reading) -> list[object]:
    """A brief reading as JSON: an estate has a million links, and each byte is one too many."""
    return [reading.kind.value, reading.state.value, reading.title, reading.lands]


def to_json(reading: Reading) -> dict[str, object]:
    """Plain values only; `from_json` gives the same reading back."""
    plain: dict[str, object] = asdict(replace(reading, links=()))
    plain["links"] = [link._asdict() for link in reading.links]
    plain["kind"], plain["state"] = reading.kind.value, reading.state.value
    return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}


def shown(reading: Reading) -> dict[str, object]:
    """The object `read --json` prints: what DESIGN.md §4.4 names, no more."""
    plain = to_json(reading)
    for name in _NOT_SHOWN:
        del plain[name]
    items: Any = plain["items"]
    for item in items:
        del item["spoken"]
    links: Any = plain["links"]
    for link in links:
        del link["lost"]
    entries: Any = plain["entries"]
    for entry in entries:
        del entry["original"]
    return plain


def from_json(data: Mapping[str, Any] | list[Any]) -> Reading:
    """What `to_json` or `told_briefly` made, also after a way through JSON text.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    if isinstance(data, list):
        kind, state, title, lands = data
        return Reading(kind=TargetKind(kind), state=State(state), title=title, lands=lands, timeless=True)
    article = data["article"]
    return Reading(
        kind=TargetKind(data["kind"]),
        state=State(data["state"]),
        encoding=data["encoding"],
        title=data["title"],
        newest_date=data["newest_date"],
        newest_precision=data["newest_precision"],
        items=tuple(Item(**one) for one in data["items"]),
        links=tuple(Link(**one) for one in data["links"]),
        pseudo_links=data["pseudo_links"],
        marks=Marks(**data["marks"]),
        meta=dict(data["meta"]),
        article=Article(**article) if article is not None else None,
        entries=tuple(Entry(**one) for one in data["entries"]),
        returns_on=data["returns_on"],
        needs=tuple(data["needs"]),
        tamper=tuple(Suspicion(**one) for one in data["tamper"]),
        ahead=data.get("ahead", False),
        entrance=data.get("entrance", False),
        timeless=data.get("timeless", False),
        sheets=tuple(data.get("sheets", ())),
        doubts=data.get("doubts", ""),
        guests=tuple(Guest(**one) for one in data.get("guests", ())),
        parts=tuple(data.get("parts", ())),
        familiar=_familiar(data.get("familiar")),
        lands=data.get("lands", ""),
        asks=tuple(data.get("asks", ())),
        letters=tuple(_letter(one) for one in data.get("letters", ())),
    )


def _letter(data: Mapping[str, Any]) -> Letter:
    return Letter(**{**data, "cls": None if data["cls"] is None else MessageClass(data["cls"])})


def _familiar(data: Mapping[str, Any] | None) -> Familiar | None:
    if data is None:
        return None
    return Familiar(data["since"], data["title"], tuple(data["guests"]), tuple(data["parts"]), data["cleared"])
