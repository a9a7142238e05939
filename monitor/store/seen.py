"""What pages were seen to carry: list items with the day we first saw them, and links with the pages that show them.

Reads and writes `items`, `carriers`, and `targets` of kind link. A link is one target for the whole city; when no page carries it
any more it becomes a tombstone, and comes back with the next page that does.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from monitor.clock import to_ms
from monitor.model import Item, Link, Target, host_of
from monitor.plan.due import first_turn, number_of
from monitor.store import canon
from monitor.store.inventory import Options

LONGEST = 2048
"""Characters of an address worth following; longer ones are data, scripts or mistakes."""
MOST_TEXT = 200
"""Characters of a title or link text that are kept."""
PAGES_ASKED = 50
"""Pages that are asked about a link: a footer stands on 250,000, and who answers for it must not read them all."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A known address whose printed date changed: perhaps a forged one (DESIGN.md §5.6)."""

    url: str
    before: str
    after: str
    first_seen_at: int  # ms


@dataclass(frozen=True, slots=True)
class ItemNews:
    """What a list shows that it did not show before."""

    new: tuple[str, ...]  # addresses
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class LinkNews:
    """What changed of the links of one page."""

    came: tuple[str, ...]  # target ids, to this page
    gone: tuple[str, ...]  # target ids, from this page
    added: tuple[str, ...]  # of those that came: no page carried them before
    orphaned: tuple[str, ...]  # of those that went: tombstones now


def link_id(url: str) -> str:
    """The target id of an address."""
    return "link:" + hashlib.sha256(canon.clean(url).encode()).hexdigest()[:16]


def note_items(tx: sqlite3.Connection, target_id: str, items: Iterable[Item], at: datetime) -> ItemNews:
    """Remember the items of a list; those without an address are not told apart and are left out."""
    wanted = {canon.clean(item.url): item for item in items if item.url and len(item.url) <= LONGEST}
    stored = {
        row[0]: row[1:]
        for row in tx.execute(
            """SELECT url, date, first_seen_at FROM items
               WHERE target_id = ? AND url IN (SELECT value FROM json_each(?))""",
            (target_id, canon.dumps(list(wanted))),
        )
    }
    new = tuple(url for url in wanted if url not in stored)
    changed = {url: item for url, item in wanted.items() if url in stored and item.date and item.date != stored[url][0]}
    tx.executemany(
        """INSERT INTO items (target_id, url, title, date, date_from, first_seen_at, first_date)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [_item_row(target_id, url, wanted[url], at) for url in new],
    )
    tx.executemany(
        "UPDATE items SET title = ?, date = ?, date_from = ? WHERE target_id = ? AND url = ?",
        [(_short(item.title), item.date, item.date_from, target_id, url) for url, item in changed.items()],
    )
    moved = tuple(
        Moved(url, stored[url][0], item.date or "", stored[url][1]) for url, item in changed.items() if stored[url][0]
    )
    return ItemNews(new, moved)


def note_links(
    tx: sqlite3.Connection, page: Target[Options], links: Iterable[Link], at: datetime, period: timedelta
) -> LinkNews:
    """Remember which links a page carries now (http and https only). `period` is the cadence of links."""
    wanted = {name: link for link in links if (name := _followed(link.url)) is not None}
    carried = {
        row[0]: row[1] is None
        for row in tx.execute("SELECT link_id, gone_at FROM carriers WHERE page_id = ?", (page.id,))
    }
    came = [(name, link) for name, link in wanted.items() if not carried.get(name, False)]
    gone = [name for name, present in carried.items() if present and name not in wanted]
    tx.executemany(
        """INSERT INTO carriers (page_id, link_id, text, tag, first_seen_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (page_id, link_id) DO UPDATE SET gone_at = NULL, text = excluded.text, tag = excluded.tag""",
        [(page.id, name, _short(link.text), link.tag, to_ms(at)) for name, link in came],
    )
    added = _watch(tx, {name: link.url for name, link in came}, page.packs, at, period)
    tx.executemany(
        "UPDATE carriers SET gone_at = ? WHERE page_id = ? AND link_id = ?",
        [(to_ms(at), page.id, name) for name in gone],
    )
    orphaned = tuple(name for name in gone if _orphan(tx, name, at))
    return LinkNews(tuple(name for name, _ in came), tuple(gone), added, orphaned)


def _watch(
    tx: sqlite3.Connection, came: Mapping[str, str], packs: tuple[str, ...], at: datetime, period: timedelta
) -> tuple[str, ...]:
    """Make these links (address by id) targets under the rules of their page, or revive them. Those that were none before."""
    if not came:
        return ()
    rows = tx.execute(
        "SELECT id, packs, removed_at IS NULL FROM targets WHERE id IN (SELECT value FROM json_each(?))",
        (canon.dumps(list(came)),),
    ).fetchall()
    ruled = [(name, set(canon.load_names(theirs))) for name, theirs, _ in rows]
    more = [(canon.dumps(sorted(theirs.union(packs))), name) for name, theirs in ruled if not theirs.issuperset(packs)]
    tx.executemany("UPDATE targets SET packs = ? WHERE id = ?", more)
    watched = {name for name, _, is_watched in rows if is_watched}
    new = {name: canon.clean(url) for name, url in came.items() if name not in watched}
    began, every = to_ms(at), max(1, period // timedelta(milliseconds=1))
    ours = (canon.dumps(packs), began, every)
    tx.executemany(
        """INSERT INTO targets (id, kind, name, url, host, packs, added_at, period, sample_due_at, next_due_at)
           VALUES (?1, 'link', ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
           ON CONFLICT (id) DO UPDATE SET removed_at = NULL, period = ?6, sample_due_at = ?7, next_due_at = ?7""",
        [(name, url, host_of(url), *ours, first_turn(number_of(name), every, began)) for name, url in new.items()],
    )
    return tuple(new)


def _orphan(tx: sqlite3.Connection, name: str, at: datetime) -> bool:
    done = tx.execute(
        """UPDATE targets SET removed_at = ?, lease = NULL, lease_until = NULL, next_change_at = NULL
           WHERE id = ? AND removed_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM carriers WHERE link_id = targets.id AND gone_at IS NULL)""",
        (to_ms(at), name),
    )
    return done.rowcount == 1


def _item_row(target_id: str, url: str, item: Item, at: datetime) -> tuple[object, ...]:
    return (target_id, url, _short(item.title), item.date, item.date_from, to_ms(at), item.date)


@lru_cache(maxsize=65_536)  # a page that changed carries mostly the links it carried before
def _followed(url: str) -> str | None:
    """The target id of an address that is followed, None of one that is not."""
    is_followed = url.startswith(("http://", "https://")) and len(url) <= LONGEST and host_of(url) != ""
    return link_id(url) if is_followed else None


def _short(text: str | None) -> str:
    return canon.clean(text or "")[:MOST_TEXT]
