"""The inventory in the store: new targets get their turn, changed ones keep it, gone ones become tombstones.

Reads and writes `targets` (links, which reading creates, only when their last page goes), ends `carriers` of pages that are gone,
drops the standings of what is no longer watched, ends its runs and conditions, and marks its outage as left unwatched.
It never deletes a row: history stays. A target that comes back is the same target, and is looked at as if for the first time.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from monitor.clock import to_ms
from monitor.model import Target, TargetKind, host_of
from monitor.plan.due import first_turn, number_of
from monitor.store import findings
from monitor.store.findings import UNWATCHED
from monitor.store.listed import COLUMNS, Differing, Listed, Row, Rows, compare

Options = dict[str, dict[str, object]]

_WRITTEN = (*COLUMNS, "told")
_KEPT = ", ".join(f"{name} = excluded.{name}" for name in _WRITTEN)
_NEW = f"""
INSERT INTO targets (id, {", ".join(_WRITTEN)}, added_at, sample_due_at, next_due_at)
VALUES ({", ".join("?" * (len(_WRITTEN) + 4))})
ON CONFLICT (id) DO UPDATE SET {_KEPT}, removed_at = NULL,
    sample_due_at = excluded.sample_due_at, next_due_at = excluded.next_due_at, lease = NULL, lease_until = NULL"""
_CHANGED = f"UPDATE targets SET {', '.join(f'{name} = ?' for name in _WRITTEN)} WHERE id = ?"
_WAS = "SELECT kind, host, url, period, owner FROM targets WHERE id = ?"
_TOLD = "UPDATE targets SET told = ? WHERE id = ?"
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


@dataclass(frozen=True, slots=True)
class SyncResult:
    """Ids of the targets that came (or came back), changed, and went, and of the links that no watched page carries now.

    `hosts` are those to which a site came or from which one went: whose the links on them are must be asked again.
    `owners` are those of whom anything came, changed or went, the owners they had before among them.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    orphaned: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    owners: frozenset[str] = frozenset()


def sync(
    tx: sqlite3.Connection,
    targets: Iterable[Target[Options]],
    periods: Mapping[TargetKind, timedelta],
    now: datetime,
) -> SyncResult:
    """Make the store's targets those of the inventory. `periods` holds the cadence of each kind.

    All of it or nothing, as the transaction; what did not change is not written, and nothing is read of it but a number.
    """
    rows = Rows(periods)
    found = compare(tx, {target.id: target for target in targets}, rows)
    moves = _moves(tx, found, rows)
    tx.executemany(_NEW, _in_turn({**found.added, **moves.retimed}, rows, now))
    kept = ((name, one) for name, one in found.changed.items() if name not in moves.retimed)
    tx.executemany(_CHANGED, ((*rows.row(one), rows.told(one), name) for name, one in kept))
    tx.executemany(_TOLD, ((rows.told(one), name) for name, one in found.same.items()))
    # Elsewhere, or away for a while: what the last look remembered, or one under way brings, is not of this page now.
    tx.executemany(_READ_ANEW, ((name,) for name in (*found.back, *moves.elsewhere)))
    orphaned = _bury(tx, found.removed, now)
    tx.executemany(_AT_HOME, moves.to_home)
    tx.executemany(NO_HOME_SQL + "(SELECT link_id FROM carriers WHERE page_id = ?)", moves.from_home)
    return SyncResult(
        tuple(sorted(found.added)),
        tuple(sorted(found.changed)),
        tuple(sorted(found.removed)),
        tuple(sorted(orphaned)),
        tuple(sorted(moves.hosts)),
        frozenset(moves.owners - {""}),
    )


def _in_turn(coming: Mapping[str, Listed], rows: Rows, now: datetime) -> Iterator[Row]:
    """Rows of what is new or has another cadence, with what a new target begins with."""
    at, many = to_ms(now), len(coming)
    sites = sum(target.kind is TargetKind.SITE for target in coming.values())
    kinds = {
        kind: (rows.period(kind), _behind(kind, sites), _soon(kind, rows.period(kind), many)) for kind in rows.periods
    }
    for name, target in coming.items():
        yield (name, *rows.row(target), rows.told(target), at, *_first_turns(name, *kinds[target.kind], at))


@dataclass(slots=True)
class _Moves:
    """Targets with another cadence or address, pages that became a home page or are none now, hosts where a site came or went."""

    retimed: dict[str, Listed] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    to_home: list[tuple[str]] = field(default_factory=list)
    from_home: list[tuple[str]] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    owners: set[str] = field(default_factory=set)


def _moves(tx: sqlite3.Connection, found: Differing, rows: Rows) -> _Moves:
    """What changes besides rows, to be asked before they are written."""
    moves = _Moves(hosts={host_of(one.url) for one in found.added.values() if one.kind is TargetKind.SITE})
    moves.owners.update(one.owner for one in chain(found.added.values(), found.changed.values()))
    for name, target in chain(found.changed.items(), ((name, None) for name in found.removed)):
        kind, host, url, period, owner = tx.execute(_WAS, (name,)).fetchone()
        moves.owners.add(owner)
        was = host if kind == TargetKind.SITE else None
        now = host_of(target.url) if target is not None and target.kind is TargetKind.SITE else None
        if was != now:
            moves.hosts.update(one for one in (was, now) if one is not None)
        if was is None and now is not None:
            moves.to_home.append((name,))
        if was is not None and now is None:
            moves.from_home.append((name,))
        if target is not None and target.url != url:
            moves.elsewhere.append(name)
        if target is not None and rows.period(target.kind) != period:
            moves.retimed[name] = target
    return moves


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
    running = "SELECT id FROM outages WHERE target_id = ? AND ended_at IS NULL"
    left = [number for (name,) in names for (number,) in tx.execute(running, (name,))]
    tx.executemany(
        f"""UPDATE outages SET up_since = coalesce(up_since, ?1), ended_at = coalesce(up_since, ?1),
                gaps = json_insert(gaps, '$[#]', json_array(?1, NULL, '{UNWATCHED}'))
            WHERE target_id = ?2 AND ended_at IS NULL""",
        [(ended, name) for (name,) in names],
    )
    findings.log_outages(tx, left, at)
    tx.executemany(_FIRST_LOOK_AGAIN, names)


def judge_again(tx: sqlite3.Connection, target_ids: Iterable[str], now: datetime) -> None:
    """These are judged with the next rounds, though nothing was seen: they fall under other rules now."""
    tx.executemany(
        "UPDATE targets SET next_change_at = ? WHERE id = ? AND visits > 0 AND removed_at IS NULL",
        [(to_ms(now), name) for name in target_ids],
    )


def judge_unseen(tx: sqlite3.Connection, target_ids: Sequence[str], now: datetime) -> None:
    """These are judged again whether or not anybody ever looked: by what the inventory says.

    Those never seen wait for their first look where they are very many: it judges them anyway.
    """
    wait = "max(?1, next_due_at)" if len(target_ids) > MANY else "?1"
    tx.executemany(
        f"""UPDATE targets SET next_change_at = min(coalesce(next_change_at, {_LATEST}),
                CASE WHEN visits > 0 THEN ?1 ELSE {wait} END) WHERE id = ?2 AND removed_at IS NULL""",
        [(to_ms(now), name) for name in target_ids],
    )


MANY = 5_000
"""Targets judged in some seconds (0.7 ms each)."""
_LATEST = 1 << 62


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


FIRST_LOOK = timedelta(minutes=4)
"""Within so long every new home page is looked at once, and with the start before it that is one round of five minutes."""
EACH_OF_MANY = timedelta(milliseconds=30)
"""Columns and accounts take longer when they are many, so much each (a first look takes a core half of it), and begin when the
new home pages had as much: else those would stand in line behind them for an hour and more."""
FIRST_LOOK_AT_MOST = timedelta(hours=1)
_UNIT = timedelta(milliseconds=1)


def _soon(kind: TargetKind, period: int, newcomers: int) -> int:
    """Within how many milliseconds a new target is looked at first: a new desk must not wait a day to see."""
    many = min(EACH_OF_MANY * newcomers, FIRST_LOOK_AT_MOST)
    within = FIRST_LOOK if kind is TargetKind.SITE else max(FIRST_LOOK, many)
    return min(period, within // _UNIT)


def _behind(kind: TargetKind, sites: int) -> int:
    """For how many milliseconds new targets of that kind leave the field to so many new home pages."""
    return 0 if kind is TargetKind.SITE else min(EACH_OF_MANY * sites, FIRST_LOOK) // _UNIT


def _first_turns(target_id: str, period: int, behind: int, soon: int, at: int) -> tuple[int, int]:
    """The first place on the grid, and the first look, evenly spread. All in milliseconds."""
    number = number_of(target_id)
    return first_turn(number, period, at), at + behind + number % soon


def _bury(tx: sqlite3.Connection, removed: Sequence[str], now: datetime) -> list[str]:
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
