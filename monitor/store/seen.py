"""What pages were seen to carry: list items with the day we first saw them, and links with the pages that show them.

Reads and writes `items`, `carriers`, and `targets` of kind link. A link is one target for the whole city; when no page carries it
any more it becomes a tombstone, and comes back with the next page that does.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import Earlier, Item, Link, Remembered, Target, TargetKind, host_of, is_same_title, plain_title
from monitor.store import canon, linkrows
from monitor.store.database import Database
from monitor.store.inventory import Options

LONGEST = 2048
"""Characters of an address worth following; longer ones are data, scripts or mistakes."""
MOST_TEXT = 200
"""Characters of a title or link text that are kept."""
PAGES_ASKED = 50
"""Pages that are asked about a link: a footer stands on 250,000, and who answers for it must not read them all."""


EARLIER_SQL = """
SELECT title, url, date, date_from, first_date, first_seen_at, unseen_at FROM items
WHERE target_id = ?1 AND url IN (SELECT value FROM json_each(?2)) ORDER BY first_seen_at"""
KNOWN_SQL = "SELECT url, title FROM items WHERE target_id = ?"
"""Of a column that publishes three items a day 2,400 rows are kept: 2 ms, 14 where every title has signs in it, and only when it changed. Titles are compared here, since one is
spelt in several ways; an index on them would cost every write."""
READ_SQL = """
SELECT max(last_at) FROM runs INDEXED BY runs_history
WHERE target_id = ? AND check_name = 'column_fresh' AND subject = '' AND outcome = 'ok'"""
"""When a list was last read, whether or not it had changed: column_fresh says so at every look."""


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
    known: int  # of its addresses
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


def note_items(
    tx: sqlite3.Connection, target_id: str, items: Iterable[Item], at: datetime, unseen_at: datetime | None = None
) -> ItemNews:
    """Remember the items of a list; those without an address are not told apart and are left out.

    `unseen_at`: the last look before that read the list, None when none is known. What stands at a known address under
    another title is another item, and remembered as one.
    """
    wanted = _by_address(items)
    stored = {
        row[0]: row[1:]
        for row in tx.execute(
            """SELECT url, title, date, date_from, first_seen_at FROM items
               WHERE target_id = ? AND url IN (SELECT value FROM json_each(?))""",
            (target_id, canon.dumps(list(wanted))),
        )
    }
    new = tuple(url for url in wanted if url not in stored)
    others = {url for url, row in stored.items() if not is_same_title(row[0], _short(wanted[url].title))}
    changed = {
        url: wanted[url]
        for url, (_, *told, _) in stored.items()
        if url not in others and wanted[url].date and told != [wanted[url].date, wanted[url].date_from]
    }
    before = None if unseen_at is None else to_ms(unseen_at)
    tx.executemany(
        """INSERT OR REPLACE INTO items (target_id, url, title, date, date_from, first_seen_at, first_date, unseen_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        [(*_item_row(target_id, url, wanted[url], at), before) for url in (*new, *others)],
    )
    tx.executemany(
        """UPDATE items SET title = ?1, date = ?2, date_from = ?3,
               first_date = CASE WHEN first_date IS NULL OR date_from IS NOT ?3 THEN ?2 ELSE first_date END
           WHERE target_id = ?4 AND url = ?5""",
        [(_short(item.title), item.date, item.date_from, target_id, url) for url, item in changed.items()],
    )
    moved = ((url, stored[url][1], item.date or "", stored[url][3]) for url, item in changed.items())
    return ItemNews(new, len(stored), tuple(Moved(*one) for one in moved if one[1] and one[1] != one[2]))


async def earlier_in(database: Database, target: str, items: Iterable[Item]) -> Earlier:
    """`earlier`, asked from outside of a transaction."""
    return await database.read(partial(earlier, target_id=target, items=tuple(items)))


def earlier(tx: sqlite3.Connection, target_id: str, items: Iterable[Item]) -> Earlier:
    """What is remembered under the addresses or the titles of these items, one pass over the items of the target; oldest first."""
    shown = [item for item in items if item.url]
    urls = {canon.clean(item.url or "") for item in shown}
    titles = {plain_title(_short(item.title)) for item in shown}
    known = tx.execute(KNOWN_SQL, (target_id,)).fetchall()
    alike = [url for url, title in known if url in urls or plain_title(title) in titles]
    rows = tx.execute(EARLIER_SQL, (target_id, canon.dumps(alike))).fetchall()
    read_at = tx.execute(READ_SQL, (target_id,)).fetchone()[0]
    return Earlier(tuple(_remembered(*row) for row in rows), None if read_at is None else from_ms(read_at))


def note_links(
    tx: sqlite3.Connection, page: Target[Options], links: Iterable[Link], at: datetime, period: timedelta
) -> LinkNews:
    """Remember which links a page carries now (http and https only), and whose they are. `period` is the cadence of links.

    Whose: on which site's host they lie, and whether a home page carries them. Errors of our own hosts count as dead, those of
    other people's do not; rules weigh home-page links more. What comes to a home page is on one, what comes to a column stays
    as it was: only what goes from a home page is asked for the others.
    """
    wanted = {known[0]: (link, known[1]) for link in links if (known := _followed(link.url)) is not None}
    carried, before = linkrows.shown(tx, page.id)
    came = {name: _coming(*one) for name, one in wanted.items() if name not in carried}
    gone = tuple(name for name in carried if name not in wanted)
    if not came and not gone:
        return LinkNews((), (), (), ())
    row = tx.execute(
        "SELECT kind FROM targets WHERE id = ?", (page.id,)
    ).fetchone()  # an inventory may have come meanwhile
    is_home = row == (TargetKind.SITE,)
    linkrows.show(tx, page.id, came, before, at)
    added = linkrows.watch(tx, came, page.packs, at, period, is_home=is_home)
    return LinkNews(tuple(came), gone, added, linkrows.let_go(tx, page.id, gone, at, is_home=is_home))


def _remembered(*row: Any) -> Remembered:
    title, url, day, source, first_day, first, unseen = row
    return Remembered(title, url, day, source, first_day, from_ms(first), None if unseen is None else from_ms(unseen))


def _by_address(items: Iterable[Item]) -> dict[str, Item]:
    """Of several with one address the latest: what was first printed is never remembered as too early."""
    wanted: dict[str, Item] = {}
    for item in items:
        if item.url and len(item.url) <= LONGEST:
            known = wanted.setdefault(canon.clean(item.url), item)
            if (item.date or "") > (known.date or ""):
                wanted[canon.clean(item.url)] = item
    return wanted


def _item_row(target_id: str, url: str, item: Item, at: datetime) -> tuple[object, ...]:
    return (target_id, url, _short(item.title), item.date, item.date_from, to_ms(at), item.date)


@lru_cache(maxsize=65_536)  # a page that changed carries mostly the links it carried before
def _followed(url: str) -> tuple[str, str] | None:
    """The target id and host of an address that is followed, None of one that is not."""
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST or host_of(url) == "":
        return None
    return link_id(url), host_of(canon.clean(url))


def _coming(link: Link, host: str) -> linkrows.Coming:
    return linkrows.Coming(canon.clean(link.url), host, _short(link.text), link.tag)


def _short(text: str | None) -> str:
    return canon.clean(text or "")[:MOST_TEXT]
