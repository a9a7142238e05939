"""The inventory in the store: new targets get their turn, changed ones keep it, gone ones become tombstones.

Reads and writes `targets` (links, which reading creates, only when their last page goes), ends `carriers` of pages that are gone,
drops the standings of what is no longer watched, ends its runs and conditions, and marks its outage as left unwatched.
It never deletes a row: history stays. A target that comes back is the same target, and is looked at as if for the first time.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import Target, TargetKind, host_of
from monitor.plan.due import next_sample, phase
from monitor.store import canon
from monitor.store.findings import UNWATCHED

Options = dict[str, dict[str, object]]

COLUMNS = (
    "kind",
    "name",
    "url",
    "host",
    "owner",
    "site",
    "column_kind",
    "on_home",
    "packs",
    "contacts",
    "options",
    "period",
)
_KIND, _URL, _HOST, _PERIOD = (COLUMNS.index(name) for name in ("kind", "url", "host", "period"))
_KEPT = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
_WRITE = f"""
INSERT INTO targets (id, {", ".join(COLUMNS)}, added_at, sample_due_at, next_due_at)
VALUES ({", ".join("?" * (len(COLUMNS) + 4))})
ON CONFLICT (id) DO UPDATE SET {_KEPT}, removed_at = NULL"""
_READ_ANEW = """
UPDATE targets SET etag = NULL, last_modified = NULL, body_hash = NULL, normal_hash = NULL, reading = NULL,
    lease = NULL, lease_until = NULL WHERE id = ?"""
_ORPHAN = """
UPDATE targets SET removed_at = ?, lease = NULL, lease_until = NULL, next_change_at = NULL
WHERE kind = 'link' AND removed_at IS NULL AND id IN (SELECT link_id FROM carriers WHERE page_id = ?)
AND NOT EXISTS (SELECT 1 FROM carriers WHERE link_id = targets.id AND gone_at IS NULL)
RETURNING id"""
NO_HOME_SQL = """
UPDATE targets SET on_home = 0 WHERE kind = 'link' AND on_home = 1
AND NOT EXISTS (SELECT 1 FROM carriers c JOIN targets p ON p.id = c.page_id
                WHERE c.link_id = targets.id AND c.gone_at IS NULL AND p.kind = 'site')
AND id IN """
"""Of the links that follow, those that no home page carries any more. The cost goes with the pages that carry them."""
_AT_HOME = """
UPDATE targets SET on_home = 1 WHERE kind = 'link' AND on_home = 0
AND id IN (SELECT link_id FROM carriers WHERE page_id = ? AND gone_at IS NULL)"""
_FIRST_LOOK_AGAIN = """
UPDATE targets SET last_look_at = NULL, first_look_at = NULL, blind_since = NULL, blind_reason = '', newest_seen = NULL,
    next_change_at = NULL WHERE id = ?"""
_NEW_TIMES = (
    ", sample_due_at = excluded.sample_due_at, next_due_at = excluded.next_due_at, lease = NULL, lease_until = NULL"
)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """Ids of the targets that came (or came back), changed, and went, and of the links that no watched page carries now.

    `hosts` are those on which a site came, changed or went: whose the links on them are must be asked again.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    orphaned: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


def sync(
    tx: sqlite3.Connection,
    targets: Iterable[Target[Options]],
    periods: Mapping[TargetKind, timedelta],
    now: datetime,
) -> SyncResult:
    """Make the store's targets those of the inventory. `periods` holds the cadence of each kind."""
    stored = {
        row[0]: row[1:]
        for row in tx.execute(f"SELECT id, {', '.join(COLUMNS)}, removed_at FROM targets WHERE kind <> 'link'")
    }
    added: list[tuple[object, ...]] = []
    changed: list[tuple[object, ...]] = []
    retimed: list[tuple[object, ...]] = []
    moved: list[tuple[str]] = []
    seen: set[str] = set()
    for target in targets:
        row, old = columns_of(target, periods[target.kind]), stored.get(target.id)
        seen.add(target.id)
        if old is not None and (old[-1] is not None or old[_URL] != row[_URL]):
            moved.append((target.id,))
        if old is None or old[-1] is not None:
            added.append((target.id, *row))
        elif old[:-1] != row:
            (changed if old[-2] == row[-1] else retimed).append((target.id, *row))
    removed = [name for name, row in stored.items() if name not in seen and row[-1] is None]
    values = partial(_values, newcomers=len(added) + len(retimed), now=now)
    tx.executemany(_WRITE + _NEW_TIMES, map(values, added + retimed))
    tx.executemany(_WRITE, map(values, changed))
    # Elsewhere, or away for a while: what the last look remembered, or one under way brings, is not of this page now.
    tx.executemany(_READ_ANEW, moved)
    orphaned = _bury(tx, removed, now)
    was = {name: str(stored[name][_KIND]) for name in (*removed, *_ids(changed), *_ids(retimed))}
    _move_home(tx, was, {str(row[0]): str(row[1 + _KIND]) for row in (*changed, *retimed)})
    other = [row[1:] for row in (*added, *changed, *retimed)] + [stored[name] for name in was]
    hosts = {str(row[_HOST]) for row in other if row[_KIND] == TargetKind.SITE}
    return SyncResult(
        _ids(added),
        tuple(sorted(_ids(changed) + _ids(retimed))),
        tuple(sorted(removed)),
        tuple(sorted(orphaned)),
        tuple(sorted(hosts)),
    )


def rest(tx: sqlite3.Connection, target_ids: Iterable[str], at: datetime) -> None:
    """What was going on at targets that are no longer watched rests: should they come back, they are confirmed anew.

    An outage is marked as left unwatched: whether it had ended, only looks after the return can tell (judge/outage.py).
    """
    ended, names = to_ms(at), [(name,) for name in target_ids]
    tx.executemany("UPDATE runs SET is_current = 0 WHERE target_id = ? AND is_current = 1", names)
    tx.executemany(
        "UPDATE conditions SET ended_at = max(confirmed_at, ?) WHERE target_id = ? AND ended_at IS NULL",
        [(ended, name) for (name,) in names],
    )
    tx.executemany(
        f"""UPDATE outages SET up_since = coalesce(up_since, ?1), ended_at = coalesce(up_since, ?1),
                gaps = json_insert(gaps, '$[#]', json_array(?1, NULL, '{UNWATCHED}'))
            WHERE target_id = ?2 AND ended_at IS NULL""",
        [(ended, name) for (name,) in names],
    )
    tx.executemany(_FIRST_LOOK_AGAIN, names)


def judge_again(tx: sqlite3.Connection, target_ids: Iterable[str], now: datetime) -> None:
    """These are judged with the next rounds, though nothing was seen: they fall under other rules now."""
    tx.executemany(
        "UPDATE targets SET next_change_at = ? WHERE id = ? AND visits > 0 AND removed_at IS NULL",
        [(to_ms(now), name) for name in target_ids],
    )


def judge_all_again(tx: sqlite3.Connection, measure: str, now: datetime) -> bool:
    """Everything is judged again with the next rounds when it was judged by another measure. Whether it was."""
    row = tx.execute("SELECT value FROM meta WHERE key = 'measure'").fetchone()
    if row is not None and row[0] == measure:
        return False
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ('measure', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (measure,),
    )
    tx.execute("UPDATE targets SET next_change_at = ? WHERE visits > 0 AND removed_at IS NULL", (to_ms(now),))
    return True


def columns_of(target: Target[Options], period: timedelta) -> tuple[object, ...]:
    """A target as the values of COLUMNS."""
    return (
        target.kind.value,
        target.name,
        target.url,
        host_of(target.url),
        target.owner,
        target.site,
        target.column.value if target.column else None,
        int(target.on_home),
        canon.dumps(target.packs),
        canon.dumps(target.contacts),
        canon.dumps(target.options),
        max(1, period // timedelta(milliseconds=1)),
    )


FIRST_LOOK = timedelta(minutes=5)
"""Within so long everything new is looked at once, in line with all else that is due: 14,500 home pages are what one core reads in it."""
EACH_OF_MANY = timedelta(milliseconds=30)
"""Columns and accounts take longer when they are many, so much each (a first look takes a core half of it): else the home
pages, which come round every five minutes, would stand in line behind them for an hour and more."""
FIRST_LOOK_AT_MOST = timedelta(hours=1)


def first_turn(target_id: str, period: timedelta, now: datetime) -> datetime:
    """The next place on the target's own grid: its phase by hash, so that many new targets spread over one period."""
    return next_sample(from_ms(0) + phase(target_id, period), period, now)


def _first_turn(target_id: str, kind: TargetKind, period: timedelta, newcomers: int, now: datetime) -> tuple[int, int]:
    """The first place on the grid, and a first look sooner than that: a new desk must not wait a day to see."""
    many = min(EACH_OF_MANY * newcomers, FIRST_LOOK_AT_MOST)
    within = FIRST_LOOK if kind is TargetKind.SITE else max(FIRST_LOOK, many)
    turn, soon = first_turn(target_id, period, now), now + phase(target_id, min(period, within))
    return to_ms(turn), to_ms(min(turn, soon))


def _values(row: tuple[Any, ...], newcomers: int, now: datetime) -> tuple[object, ...]:
    """A row of id and COLUMNS with what a new target begins with. `newcomers`: how many get their first turn with it."""
    kind, period = TargetKind(row[1 + _KIND]), timedelta(milliseconds=row[1 + _PERIOD])
    return (*row, to_ms(now), *_first_turn(row[0], kind, period, newcomers, now))


def _bury(tx: sqlite3.Connection, removed: list[str], now: datetime) -> list[str]:
    """Tombstones for these, and for the links they alone carried: those ids are returned."""
    at = to_ms(now)
    tx.executemany(
        "UPDATE targets SET removed_at = ?, lease = NULL, lease_until = NULL, next_change_at = NULL WHERE id = ?",
        [(at, name) for name in removed],
    )
    tx.executemany("DELETE FROM standings WHERE target_id = ?", [(name,) for name in removed])
    tx.executemany(
        "UPDATE carriers SET gone_at = ? WHERE page_id = ? AND gone_at IS NULL", [(at, name) for name in removed]
    )
    orphaned = [link for name in removed for (link,) in tx.execute(_ORPHAN, (at, name)).fetchall()]
    tx.executemany("DELETE FROM standings WHERE target_id = ?", [(link,) for link in orphaned])
    return orphaned


def _move_home(tx: sqlite3.Connection, was: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Links of pages that were a home page or have become one, by page and kind; those that were removed are not in `now`."""
    tx.executemany(_AT_HOME, [(name,) for name, kind in now.items() if kind == TargetKind.SITE != was[name]])
    left = [(name,) for name, kind in was.items() if kind == TargetKind.SITE != now.get(name)]
    tx.executemany(NO_HOME_SQL + "(SELECT link_id FROM carriers WHERE page_id = ?)", left)


def _ids(rows: list[tuple[object, ...]]) -> tuple[str, ...]:
    return tuple(sorted(str(row[0]) for row in rows))
