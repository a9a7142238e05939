"""What is forgotten, table by table as RETENTION says; small batches, so that the watch never waits for it.

Walks through the targets with a cursor kept in `meta` and deletes from carriers, runs, run_dates, availability, items, posts, snapshots, bodies,
mutes and links nobody carries. It never touches incidents, outages, conditions, notices, deliveries or the event log.
When the disk is low, bodies go first: all but the newest of each target and those of incidents.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from monitor.clock import from_ms, to_ms
from monitor.store import snapshots
from monitor.store.findings import HOUR

RETENTION: dict[str, str] = {
    "meta": "kept; a fixed handful of rows",
    "targets": "kept: removal is a tombstone; links nobody carries for 90 days go",
    "carriers": "90 days after the link left the page",
    "runs": "400 days after they ended",
    "run_dates": "with their run; of one that goes on 400 days, and the date that was told then",
    "conditions": "kept: the history of every target",
    "outages": "kept: the outage ledger",
    "availability": "400 days",
    "standings": "replaced by the next judging",
    "rules": "kept: every version that ever decided something",
    "incidents": "kept",
    "members": "kept",
    "evidence": "kept",
    "mutes": "400 days after they ended",
    "events": "kept: append-only",
    "notices": "kept",
    "deliveries": "kept",
    "delivery_notices": "kept",
    "items": "800 days after first seen, unless still on the page",
    "bodies": "while a snapshot names them",
    "declarations": "kept: the ledger of what was filed; a correction supersedes, nothing is erased",
    "messages": "kept: the register of messages",
    "letters": "800 days after their list stopped showing them; what the register has of them stays",
    "attestations": "kept",
    "excused": "while what was called a false alarm goes on",
    "posts": "800 days after they were first told",
    "snapshots": "the newest of each target, those of incidents, and 400 days of the rest; fewer when the disk is low",
}
"""How long each table is kept, and why that one for ever."""

AT_ONCE = 50
"""Targets of one batch: a few milliseconds of the writer's time."""
KEPT_ITEMS = 300
"""Newest items of a list that stay however old: lists show fewer at once, and one still shown must not seem new again."""
PAGES_BACK = 1000
"""Free pages given back to the file system per batch when the disk is low (4 MiB)."""
GIBIBYTE = 1 << 30

LONG = timedelta(days=400)
ITEMS = timedelta(days=800)
LINKS = timedelta(days=90)

NIGHT = timedelta(days=2)
"""How far the limits move on in one night at the most. A clock set a year ahead, and left so, forgets two days a night and not a
year at once; after a long pause what is kept catches up by a day a night."""

_END = "\U0010ffff"
_RANGED: Mapping[str, str] = {
    "carriers": "DELETE FROM carriers WHERE page_id > :after AND page_id <= :upto AND gone_at < :links",
    "standings": """DELETE FROM standings WHERE target_id > :after AND target_id <= :upto
        AND EXISTS (SELECT 1 FROM targets t WHERE t.id = standings.target_id AND t.removed_at IS NOT NULL)""",
    "runs": "DELETE FROM runs WHERE target_id > :after AND target_id <= :upto AND is_current = 0 AND last_at < :long",
    "run_dates": """DELETE FROM run_dates WHERE run_id IN (
            SELECT id FROM runs WHERE target_id > :after AND target_id <= :upto AND is_current = 1)
        AND since < (SELECT MAX(d.since) FROM run_dates d
                     WHERE d.run_id = run_dates.run_id AND d.name = run_dates.name AND d.since < :long)""",
    "availability": "DELETE FROM availability WHERE target_id > :after AND target_id <= :upto AND hour < :hour",
    "posts": "DELETE FROM posts WHERE target_id > :after AND target_id <= :upto AND told_at < :items",
    "letters": "DELETE FROM letters WHERE page_id > :after AND page_id <= :upto AND unseen_at < :items",
    "items": f"""DELETE FROM items WHERE (target_id, url) IN (
        SELECT target_id, url FROM (
            SELECT target_id, url, first_seen_at,
                   row_number() OVER (PARTITION BY target_id ORDER BY first_seen_at DESC) AS place
            FROM items WHERE target_id > :after AND target_id <= :upto)
        WHERE place > {KEPT_ITEMS} AND first_seen_at < :items)""",
}
_LOST_LINKS = """
SELECT id FROM targets WHERE id > :after AND id <= :upto AND kind = 'link' AND removed_at < :links
AND NOT EXISTS (SELECT 1 FROM carriers WHERE link_id = targets.id)
AND NOT EXISTS (SELECT 1 FROM members WHERE target_id = targets.id AND left_at IS NULL)"""
_OLD_SNAPSHOTS = """
SELECT id, target_id, at, body_hash, lead_at FROM (
    SELECT id, target_id, at, body_hash, lead(at) OVER (PARTITION BY target_id ORDER BY at, id) AS lead_at
    FROM snapshots WHERE target_id > :after AND target_id <= :upto)
WHERE lead_at IS NOT NULL AND at < :snapshots"""


@dataclass(frozen=True, slots=True)
class Purged:
    """Rows deleted per table in one batch; `more` while the walk has not come round."""

    rows: Mapping[str, int] = field(default_factory=dict)
    more: bool = False


def purge(tx: sqlite3.Connection, now: datetime, disk_low: bool) -> Purged:
    """One batch. Call again in further transactions while `more`; a batch after the last begins anew."""
    after = _cursor(tx)
    upto = _upto(tx, after)
    limits = {
        "after": after,
        "upto": upto,
        "links": to_ms(now - LINKS),
        "long": to_ms(now - LONG),
        "hour": to_ms(now - LONG) // HOUR,
        "items": to_ms(now - ITEMS),
        "snapshots": to_ms(now if disk_low else now - LONG),
    }
    rows = Counter({table: tx.execute(statement, limits).rowcount for table, statement in _RANGED.items()})
    rows["targets"] = _forget_links(tx, limits)
    rows["snapshots"], rows["bodies"] = _forget_snapshots(tx, limits, to_ms(now))
    if upto == _END:
        rows["mutes"] = tx.execute("DELETE FROM mutes WHERE until < ?", (to_ms(now - LONG),)).rowcount
    if disk_low:
        _give_back(tx)
    _remember(tx, "" if upto == _END else upto)
    return Purged({table: count for table, count in rows.items() if count}, upto != _END)


def reckoned(tx: sqlite3.Connection, now: datetime, disk_low: bool) -> datetime:
    """The time to clear up by: `now`, but never more than NIGHT after that of the night before. With a low disk no night is counted."""
    row = tx.execute("SELECT value FROM meta WHERE key = 'cleared_up'").fetchone()
    by = now if row is None else min(now, from_ms(int(row[0])) + NIGHT)
    if not disk_low:
        tx.execute(
            "INSERT INTO meta (key, value) VALUES ('cleared_up', ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (str(to_ms(by)),),
        )
    return by


def _give_back(tx: sqlite3.Connection) -> None:
    """Free pages to the file system; one by one, since Python steps this pragma only once."""
    free = tx.execute("PRAGMA freelist_count").fetchone()[0]
    for _ in range(min(free, PAGES_BACK)):
        tx.execute("PRAGMA incremental_vacuum(1)")


def disk_low(path: str | Path, below: int = GIBIBYTE) -> bool:
    """Whether fewer than `below` bytes are free where the database lies."""
    return shutil.disk_usage(Path(path).absolute().parent).free < below


def _forget_links(tx: sqlite3.Connection, limits: Mapping[str, object]) -> int:
    """Links that no page has carried for long go; their running runs end with them and age like the others."""
    lost = tx.execute(_LOST_LINKS, limits).fetchall()
    tx.executemany("UPDATE runs SET is_current = 0 WHERE target_id = ? AND is_current = 1", lost)
    tx.executemany("DELETE FROM targets WHERE id = ?", lost)
    return len(lost)


def _forget_snapshots(tx: sqlite3.Connection, limits: Mapping[str, object], now: int) -> tuple[int, int]:
    old = tx.execute(_OLD_SNAPSHOTS, limits).fetchall()
    troubled = _troubled(tx, limits, now) if old else {}
    gone = [
        (number, body)
        for number, target, at, body, until in old
        if not any(at <= end and until > since for since, end in troubled.get(target, ()))
    ]
    tx.executemany("DELETE FROM snapshots WHERE id = ?", [(number,) for number, _ in gone])
    return len(gone), snapshots.drop_unused(tx, [body for _, body in gone])


def _troubled(tx: sqlite3.Connection, limits: Mapping[str, object], now: int) -> dict[str, list[tuple[int, int]]]:
    """When each target of the batch was part of an incident, from the first time it joined: what was shown then is evidence."""
    found: dict[str, list[tuple[int, int]]] = {}
    for target, since, left in tx.execute(
        "SELECT target_id, min(since, joined_at), left_at FROM members WHERE target_id > :after AND target_id <= :upto",
        limits,
    ):
        found.setdefault(target, []).append((since, now if left is None else left))
    return found


def _upto(tx: sqlite3.Connection, after: str) -> str:
    row = tx.execute(
        "SELECT id FROM targets WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", (after, AT_ONCE - 1)
    ).fetchone()
    return _END if row is None else str(row[0])


def _cursor(tx: sqlite3.Connection) -> str:
    row = tx.execute("SELECT value FROM meta WHERE key = 'purged'").fetchone()
    return "" if row is None else str(row[0])


def _remember(tx: sqlite3.Connection, place: str) -> None:
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ('purged', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (place,),
    )
