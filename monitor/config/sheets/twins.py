"""Rows of a list that are the same target, or claim what another has: refused where only one can be right, else remarked on.

Pure; over rows by our keys. Addresses are the same however they are spelt: scheme, www, letter case, index page and closing slash do
not tell them apart. One owner with two sites is for the rules to judge (一个单位一个网站原则上): a list may say so.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from monitor.config.sheets.grid import Wrong
from monitor.config.sheets.headings import Header
from monitor.config.sheets.ids import Cells
from monitor.model import Text, place_of, say

Rows = Sequence[tuple[int, Cells]]
NAMED = 5
"""Rows, names or owners told of many."""
ALONE = frozenset({"site", "account"})
"""Kinds of which no two have one address: a home page is one site's, a feed one account's."""


class Known(NamedTuple):
    """What others of the inventory have already: ids, and by 网站标识码 and address the id of the site."""

    ids: Collection[str] = ()
    codes: Mapping[str, str] = {}
    places: Mapping[str, str] = {}


def twins(rows: Rows, header: Header, known: Known) -> Iterator[Wrong]:
    """Everything that stands twice and cannot."""
    yield from _same_targets(rows, header)
    yield from _same_codes(rows, header, known)
    yield from _same_places(rows, header, known)
    yield from _same_ids(rows, header, known)


def remarks(rows: Rows, header: Header) -> Iterator[Text]:
    """What may be so: one name for two sites, several sites of an owner, sites without a code, columns at one address."""
    sites = [(row, cells) for row, cells in rows if cells.get("kind") == "site"]
    if named := _several(sites, "name"):
        yield say("several sites of one name, which no column can tell apart by it: {what}", what=named)
    if owners := _several(sites, "owner"):
        yield say("owners of more than one site: {what}", what=owners)
    bare = [row for row, cells in sites if not cells.get("site_code")]
    if bare and "site_code" in header.columns:
        yield say("sites without 网站标识码, whose footers cannot be compared: rows {what}", what=_some(map(str, bare)))
    places: dict[tuple[str, str], list[int]] = {}
    for row, cells in rows:
        if cells.get("kind") == "column" and (place := place_of(cells.get("url", ""))):
            places.setdefault((cells.get("site", ""), place), []).append(row)
    same = ["/".join(map(str, found)) for found in places.values() if len(found) > 1]
    if same:
        yield say("columns of one site at one address: rows {what}", what=_some(same))


def _same_targets(rows: Rows, header: Header) -> Iterator[Wrong]:
    first: dict[tuple[str, ...], int] = {}
    for row, cells in rows:
        whole = (cells.get("kind", ""), cells.get("site", ""), cells.get("name", ""), place_of(cells.get("url", "")))
        earlier = first.setdefault((*whole, cells.get("platform", "")), row)
        if earlier != row and all(whole[2:]):
            words = say("the same target stands in row {n} already", n=earlier)
            yield header.wrong(row, "name", words, say("take one of the two out"))


def _same_codes(rows: Rows, header: Header, known: Known) -> Iterator[Wrong]:
    first: dict[str, int] = {}
    for row, cells in rows:
        code = cells.get("site_code", "")
        if not code or cells.get("kind") != "site":
            continue
        earlier, other = first.setdefault(code, row), known.codes.get(code)
        if earlier != row:
            words = say("the 网站标识码 {code} stands in row {n} already", code=code, n=earlier)
            yield header.wrong(row, "site_code", words, say("a code is one site's: look it up in the filing system"))
        elif other is not None and other != cells.get("id"):
            words = say('the 网站标识码 {code} is that of "{id}" in another file of the inventory', code=code, id=other)
            yield header.wrong(row, "site_code", words, say("take it out there, or write the code that is right"))


def _same_places(rows: Rows, header: Header, known: Known) -> Iterator[Wrong]:
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for row, cells in rows:
        kind, place = cells.get("kind", ""), place_of(cells.get("url", ""))
        if kind not in ALONE or not place:
            continue
        mine = (row, f"{cells.get('name', '')}/{cells.get('platform', '')}")
        earlier, name = first.setdefault((kind, place), mine)
        other = known.places.get(place) if kind == "site" else None
        if earlier != row and name != mine[1]:  # of one name: told as the same target
            words = say("the same address stands in row {n} already, spelt alike or not", n=earlier)
            yield header.wrong(row, "url", words, say("write the address of each, or take one of the two out"))
        elif other is not None and other != cells.get("id") and cells.get("id") not in known.ids:
            words = say('the address is that of "{id}" in another file of the inventory', id=other)
            yield header.wrong(row, "url", words, say("take it out there, or write the address that is right"))


def _same_ids(rows: Rows, header: Header, known: Known) -> Iterator[Wrong]:
    """Ids that somebody else has: another inventory file, or a row before."""
    first: dict[str, int] = {}
    for row, cells in rows:
        earlier = first.setdefault(cells["id"], row)
        if cells["id"] in known.ids:
            words = say('"{id}" stands in another file of the inventory', id=cells["id"])
            yield header.wrong(row, "id", words, say("take it out there, or write another id here"))
        elif earlier != row and "id" in header.columns:
            yield header.wrong(row, "id", say('the id "{id}" stands in row {n} already', id=cells["id"], n=earlier))


def _several(sites: Rows, key: str) -> str:
    """What several sites have in common under that key, with their rows."""
    found: dict[str, list[int]] = {}
    for row, cells in sites:
        if cells.get(key):
            found.setdefault(cells[key], []).append(row)
    many = [f"{word} ({_some(map(str, rows))})" for word, rows in found.items() if len(rows) > 1]
    return _some(many)


def _some(words: Iterable[str]) -> str:
    told = list(words)
    more = f" … +{len(told) - NAMED}" if len(told) > NAMED else ""
    return ", ".join(told[:NAMED]) + more
