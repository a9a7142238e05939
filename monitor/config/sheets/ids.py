"""Ids for rows that have none: the one the same target had in the import before, else made of its site code, host or name.

Pure. The same file imported twice gives the same ids, in whatever order its rows stand: an id names a target for ever.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b

from monitor.config.urls import address_trouble, host_of

Cells = dict[str, str]
Trait = Callable[[Mapping[str, str]], tuple[str, ...] | None]

LONGEST = 110
_STRANGE = re.compile(r"[^\w./@+-]+")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


def give_ids(rows: Sequence[Cells], earlier: Sequence[Mapping[str, str]]) -> None:
    """Fill in `id` where it is missing. `earlier` are rows of the import before, of the same kinds."""
    used = {row["id"] for row in rows if row.get("id")}
    for trait in (_code, _address, _called):
        _take_over(rows, earlier, trait, used)
    rest = [(row, made(row)) for row in rows if not row.get("id")]
    count = Counter(name for _, name in rest)
    for row, name in rest:
        row["id"] = f"{name}-{_mark(row)}" if count[name] > 1 or name in used else name
        used.add(row["id"])


def made(row: Mapping[str, str]) -> str:
    """An id out of what a row says."""
    kind, name, url = row.get("kind"), row.get("name", ""), row.get("url", "")
    if kind == "site":
        return _sound(row.get("site_code") or address(url), row)
    if kind == "account":
        return _sound(f"{row.get('platform') or 'account'}-{_STRANGE.sub('-', name).strip('-')}", row)
    whose = row.get("site") or ("" if address_trouble(url) else host_of(url))
    return _sound(f"{whose}/{_STRANGE.sub('-', name).strip('-')}", row)


def address(url: str) -> str:
    """An address without what differs between spellings of the same: scheme, www, closing slash."""
    return _SCHEME.sub("", url.strip()).rstrip("/")


def _take_over(rows: Sequence[Cells], earlier: Sequence[Mapping[str, str]], trait: Trait, used: set[str]) -> None:
    """The ids of earlier rows that this trait tells apart, among the earlier and among the new."""
    before = _unique([(trait(one), one["id"]) for one in earlier if one["id"] not in used])
    now = Counter(trait(row) for row in rows)
    for row in rows:
        key = trait(row)
        if not row.get("id") and key is not None and now[key] == 1 and key in before:
            row["id"] = before[key]
            used.add(before[key])


def _unique(pairs: Sequence[tuple[tuple[str, ...] | None, str]]) -> dict[tuple[str, ...], str]:
    count = Counter(key for key, _ in pairs)
    return {key: name for key, name in pairs if key is not None and count[key] == 1}


def _code(row: Mapping[str, str]) -> tuple[str, ...] | None:
    code = row.get("site_code", "")
    return (row.get("kind", ""), code) if code else None


def _address(row: Mapping[str, str]) -> tuple[str, ...] | None:
    return row.get("kind", ""), row.get("site", ""), address(row.get("url", ""))


def _called(row: Mapping[str, str]) -> tuple[str, ...] | None:
    return row.get("kind", ""), row.get("site", ""), row.get("platform", ""), row.get("name", "")


def _sound(text: str, row: Mapping[str, str]) -> str:
    """As an id may be written: it begins with a letter or digit and is not too long."""
    name = re.sub(r"^\W+", "", _STRANGE.sub("-", text)).strip("-./")
    if not name:
        return f"{row.get('kind', 'target')}-{_mark(row)}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 7]}-{_mark(row)}"


def _mark(row: Mapping[str, str]) -> str:
    """Six signs that differ from row to row."""
    text = "\0".join(row.get(key, "") for key in ("kind", "site", "name", "url", "platform"))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()
