"""The rows of links: on which pages they stand, which targets they are, and whose.

Reads and writes `carriers`, and `targets` of kind link; of sites it reads the hosts. What is new is written once, as what it is; of
what was there before only what differs. Many rows in a statement: with each one alone, the loop's thread takes the interpreter's
lock from the writer's.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from monitor.clock import to_ms
from monitor.plan.due import first_turn, number_of
from monitor.store import canon
from monitor.store.inventory import NO_HOME_SQL

AT_ONCE = 50
"""Rows in one statement: it stays short, and there are no more statements than that to be kept ready."""

_SHOWN_SQL = """
SELECT json_group_array(link_id) FILTER (WHERE gone_at IS NULL), json_group_array(link_id) FILTER (WHERE gone_at IS NOT NULL)
FROM carriers WHERE page_id = ?"""
_SHOW = ("carriers (page_id, first_seen_at, link_id, text, tag)", "(?1, ?2, {}, {}, {})", 3)
_SHOW_AGAIN_SQL = "UPDATE carriers SET gone_at = NULL, text = ?, tag = ? WHERE page_id = ? AND link_id = ?"
_GONE_SQL = "UPDATE carriers SET gone_at = ? WHERE page_id = ? AND link_id IN (SELECT value FROM json_each(?))"
_KNOWN_SQL = """
SELECT json_group_array(json_array(id, packs, removed_at IS NULL, site, on_home))
FROM targets WHERE id IN (SELECT value FROM json_each(?))"""
_WATCH = (
    "targets (kind, on_home, packs, added_at, period, id, name, url, host, site, sample_due_at, next_due_at)",
    "('link', ?1, ?2, ?3, ?4, {0}, {1}, {1}, {2}, {3}, {4}, {4})",
    5,
)
_REVIVE_SQL = """
UPDATE targets SET removed_at = NULL, period = ?1, on_home = ?2, sample_due_at = a.turn, next_due_at = a.turn
FROM (SELECT value ->> 0 AS id, value ->> 1 AS turn FROM json_each(?3)) AS a WHERE targets.id = a.id"""
_AT_HOME_SQL = "UPDATE targets SET on_home = 1 WHERE id IN (SELECT value FROM json_each(?))"
_SITE_OF = "(SELECT s.id FROM targets s WHERE s.host = {} AND s.kind = 'site' AND s.removed_at IS NULL)"
_SITES_SQL = f"SELECT value, {_SITE_OF.format('value')} FROM json_each(?)"
_SITE = _SITE_OF.format("targets.host")
OWN_SQL = f"UPDATE targets SET site = {_SITE} WHERE kind = 'link' AND site IS NOT {_SITE} AND "
"""Whose the links are that follow: the watched site's on whose host they lie."""
_ORPHAN_SQL = """
UPDATE targets SET removed_at = ?, lease = NULL, lease_until = NULL, next_change_at = NULL
WHERE id IN (SELECT value FROM json_each(?)) AND removed_at IS NULL
AND NOT EXISTS (SELECT 1 FROM carriers WHERE link_id = targets.id AND gone_at IS NULL)
RETURNING id"""


class Coming(NamedTuple):
    """A link that comes to a page, made storable. `text` is short by now."""

    url: str
    host: str
    text: str
    tag: str


class Before(NamedTuple):
    """What is asked of a link that was a target before."""

    packs: str
    is_watched: int
    site: str | None
    on_home: int


def shown(tx: sqlite3.Connection, page_id: str) -> tuple[dict[str, None], frozenset[str]]:
    """Ids of the links that the page shows, in the order of their ids, and of those that it once showed."""
    now, once = tx.execute(_SHOWN_SQL, (page_id,)).fetchone()
    return dict.fromkeys(canon.loads(now)), frozenset(canon.loads(once))


def show(tx: sqlite3.Connection, page_id: str, came: Mapping[str, Coming], once: Collection[str], at: datetime) -> None:
    """The page shows these (by id) from now on; `once` are those it showed before."""
    back = [(one.text, one.tag, page_id, name) for name, one in came.items() if name in once]
    if back:
        tx.executemany(_SHOW_AGAIN_SQL, back)
    new = sorted((name, one.text, one.tag) for name, one in came.items() if name not in once)
    _insert(tx, _SHOW, (page_id, to_ms(at)), new)


def watch(
    tx: sqlite3.Connection,
    came: Mapping[str, Coming],
    packs: tuple[str, ...],
    at: datetime,
    period: timedelta,
    *,
    is_home: bool,
) -> tuple[str, ...]:
    """Make these links (by id) targets under the rules of their page, or revive them. Those that were none before."""
    if not came:
        return ()
    known, sites = _known(tx, came), _sites(tx, {one.host for one in came.values()})
    began, every = to_ms(at), max(1, period // timedelta(milliseconds=1))
    turns = {
        name: first_turn(number_of(name), every, began)
        for name in came
        if name not in known or not known[name].is_watched
    }
    new = sorted(
        (name, one.url, one.host, sites[one.host], turns[name]) for name, one in came.items() if name not in known
    )
    _insert(tx, _WATCH, (int(is_home), canon.dumps(packs), began, every), new)
    if back := [(name, turn) for name, turn in turns.items() if name in known]:
        tx.execute(_REVIVE_SQL, (every, int(is_home), canon.dumps(back)))
    _rule(tx, known, packs)
    _own(tx, known, {name: sites[came[name].host] for name in known}, is_home=is_home)
    return tuple(turns)


def let_go(
    tx: sqlite3.Connection, page_id: str, gone: Sequence[str], at: datetime, *, is_home: bool
) -> tuple[str, ...]:
    """The page shows these no more. Those that no page shows become tombstones, and are returned."""
    if not gone:
        return ()
    names = canon.dumps(gone)
    tx.execute(_GONE_SQL, (to_ms(at), page_id, names))
    orphaned = {name for (name,) in tx.execute(_ORPHAN_SQL, (to_ms(at), names)).fetchall()}
    tx.execute(OWN_SQL + "id IN (SELECT value FROM json_each(?))", (names,))
    if is_home:
        tx.execute(NO_HOME_SQL + "(SELECT value FROM json_each(?))", (names,))
    return tuple(name for name in gone if name in orphaned)


def _known(tx: sqlite3.Connection, names: Iterable[str]) -> dict[str, Before]:
    [rows] = tx.execute(_KNOWN_SQL, (canon.dumps(list(names)),)).fetchone()
    return {name: Before(*row) for name, *row in canon.loads(rows)}


def _sites(tx: sqlite3.Connection, hosts: Collection[str]) -> dict[str, str | None]:
    """The watched site on each of these hosts."""
    found = dict(tx.execute(_SITES_SQL, (canon.dumps(list(hosts)),)).fetchall())
    return {host: found.get(host) for host in hosts}


def _rule(tx: sqlite3.Connection, known: Mapping[str, Before], packs: tuple[str, ...]) -> None:
    """These fall under the rules of one more page."""
    ruled = [(name, set(canon.load_names(one.packs))) for name, one in known.items()]
    more = [(canon.dumps(sorted(theirs.union(packs))), name) for name, theirs in ruled if not theirs.issuperset(packs)]
    if more:
        tx.executemany("UPDATE targets SET packs = ? WHERE id = ?", more)


def _own(
    tx: sqlite3.Connection, known: Mapping[str, Before], sites: Mapping[str, str | None], *, is_home: bool
) -> None:
    """What came to a home page is on one; whose it is may have changed while nobody looked."""
    if elsewhere := [(sites[name], name) for name, one in known.items() if one.site != sites[name]]:
        tx.executemany("UPDATE targets SET site = ? WHERE id = ?", elsewhere)
    if is_home and (deeper := [name for name, one in known.items() if one.is_watched and not one.on_home]):
        tx.execute(_AT_HOME_SQL, (canon.dumps(deeper),))


def _insert(
    tx: sqlite3.Connection,
    into: tuple[str, str, int],
    shared: tuple[object, ...],
    rows: Sequence[tuple[object, ...]],
) -> None:
    """Rows that are known to be new. `into`: table and columns, how a row reads, how many values are its own."""
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        tx.execute(_inserting(*into, len(shared), len(some)), (*shared, *chain.from_iterable(some)))


@lru_cache(maxsize=2 * AT_ONCE)
def _inserting(table: str, row: str, own: int, shared: int, count: int) -> str:
    """OR FAIL: what fails is undone with all that its visit wrote, so SQLite need not keep the pages as they were for it alone."""
    numbers = range(shared + 1, shared + own * count + 1)
    rows = (row.format(*(f"?{n}" for n in numbers[k : k + own])) for k in range(0, own * count, own))
    return f"INSERT OR FAIL INTO {table} VALUES {', '.join(rows)}"
