"""The one door between plan and store: what is due is claimed with a lease, and a visit is finished against it.

Reads and writes `targets`, reads `runs` for when each check last ran. The cost of a claim goes with what is due, not with how
many targets there are. It never decides when a target is due again: the pipeline does, and says so in `Settled`.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import DATES, Claim, Fetched, Last, Outcome, Seen, Target, Visited
from monitor.model.finding import Value
from monitor.plan.due import phase
from monitor.store import canon
from monitor.store.inventory import Options, SyncResult, sync
from monitor.store.targetrows import TARGET, WIDTH, Coverage, coverage, load_target, target_of

__all__ = [
    "Coverage", "Settled", "SyncResult", "changing", "claim", "coverage", "end_leases", "finish", "holds", "load_target",
    "next_due_at", "postpone", "pull_in", "release", "spread_overdue", "sync",
]  # fmt: skip

FILED_AT = """CASE WHEN kind IN ('site', 'account') THEN (
    SELECT MAX(at) FROM (SELECT target_id AS whose, filed_at AS at FROM declarations INDEXED BY declarations_target
                         WHERE superseded_at IS NULL)
    WHERE whose = id) END"""
"""When people last filed anything for it that counts."""
CLAIMED = f"""{TARGET},
    next_due_at, sample_due_at, period, visits, etag, last_modified, body_hash, normal_hash, reading, newest_seen, {FILED_AT}"""
"""What a claim carries, in the order in which `_claim` takes it apart."""
DUE_SQL = f"""
SELECT {CLAIMED}
FROM targets INDEXED BY targets_due
WHERE next_due_at <= ? AND removed_at IS NULL AND (lease IS NULL OR lease_until <= ?) ORDER BY next_due_at LIMIT ?"""
COMPANY = 16
"""Looks up to which a round that claims anything is filled up: it, its commit and its wake cost one about what they cost all
(measured: a lone look 1.2 ms of processor, one in company 0.3)."""
AHEAD = timedelta(minutes=10)
"""The longest a look comes before its turn for company's sake."""
SHARE = 15
"""The most of its period by which a look comes before its turn, as a divisor: two minutes of half an hour."""
NEAR = 4 * COMPANY
"""Targets looked over for company, however many are due soon."""
EARLY_SQL = f"""
SELECT {CLAIMED}
FROM (SELECT * FROM targets INDEXED BY targets_due
      WHERE next_due_at > ?1 AND next_due_at <= ?1 + {AHEAD // timedelta(milliseconds=1)} AND removed_at IS NULL
      ORDER BY next_due_at LIMIT {NEAR})
WHERE next_due_at = sample_due_at AND (next_due_at - ?1) * {SHARE} <= period AND visits > 0 AND lease IS NULL LIMIT ?2"""
"""Only looks whose turn on the grid it is: a confirmation never comes early, nor does the first look at anything."""
LEASE_SQL = "UPDATE targets SET lease = ?, lease_until = ? WHERE id "
"""Beside DUE_SQL in one transaction: with RETURNING both would be one, and cost twice as much where one target is due."""
SOME_SQL = "IN (SELECT value FROM json_each(?))"
LAST_RUNS_SQL = """
SELECT json_group_array(json_array(target_id, check_name, subject, runs.id, outcome, reason, measures, looks, last_at, streak_since))
FROM json_each(?) CROSS JOIN runs INDEXED BY runs_current ON target_id = json_each.value AND is_current = 1"""
"""As one value: a row at a time the loop's thread and the writer's hand each other the interpreter's lock with every one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the pipeline decided about a visited target; `finish` writes it.

    `looked_at`: the instant of this visit when it was conclusive (some check OK or FAIL), else None and the last one stays.
    `reading_json`: the slim reading as JSON text when this page is to be remembered (with its hashes and validators), else None.
    `newest_seen`: None keeps what is stored.
    """

    next_due_at: datetime
    sample_due_at: datetime
    looked_at: datetime | None
    blind_since: datetime | None
    blind_reason: str
    next_change_at: datetime | None
    reading_json: str | None = None
    newest_seen: str | None = None


def claim(tx: sqlite3.Connection, now: datetime, limit: int, lease: timedelta) -> list[Claim]:
    """Lease up to `limit` targets that are due, longest overdue first; nobody else gets them before the lease ends.

    A few come with some that are due soon, for company (COMPANY); their `sample` is that turn's.
    """
    at, serial = to_ms(now), _serial(tx)
    token, until = f"{serial}@{at}", now + lease
    rows = tx.execute(DUE_SQL, (at, at, limit)).fetchall()
    if not rows:
        return []
    if (more := min(limit, COMPANY) - len(rows)) > 0:
        rows += tx.execute(EARLY_SQL, (at, more)).fetchall()
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ('claims', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (str(serial),),
    )
    rows.sort(key=lambda row: (row[WIDTH], row[0]))
    ids = canon.dumps([row[0] for row in rows])
    if len(rows) == 1:  # as nearly always where few are watched: a list would take twice as long
        tx.execute(LEASE_SQL + "= ?", (token, to_ms(until), rows[0][0]))
    else:
        tx.execute(LEASE_SQL + SOME_SQL, (token, to_ms(until), ids))
    said = _last_runs(tx, ids)
    return [_claim(row, said.get(row[0], {}), at, token, until) for row in rows]


def holds(tx: sqlite3.Connection, claim: Claim) -> bool:
    """Whether the lease is still ours; settle asks first, so that a late visit changes nothing."""
    found = tx.execute("SELECT 1 FROM targets WHERE id = ? AND lease = ?", (claim.target.id, claim.lease)).fetchone()
    return found is not None


def release(tx: sqlite3.Connection, claims: Iterable[Claim]) -> None:
    """Give claims back unvisited: due again at once, as if never claimed."""
    tx.executemany(
        "UPDATE targets SET lease = NULL, lease_until = NULL WHERE id = ? AND lease = ?",
        [(claim.target.id, claim.lease) for claim in claims],
    )


def end_leases(tx: sqlite3.Connection, now: datetime) -> int:
    """At the start of a process that alone holds the store: what an earlier one had claimed is due again. How many."""
    sql = "UPDATE targets INDEXED BY targets_leased SET lease_until = ?1 WHERE lease IS NOT NULL AND lease_until > ?1"
    return tx.execute(sql, (to_ms(now),)).rowcount


def finish(tx: sqlite3.Connection, visited: Visited, settled: Settled) -> bool:
    """Write what a visit brought home and end its lease, in one update. False, and nothing written, when the lease is not ours."""
    claim, page = visited.claim, visited.page
    fresh = page is not None and (
        settled.reading_json is not None or (page.unchanged and not page.fetched.not_modified)
    )
    answered = page.fetched if fresh and page is not None else None
    looked, blind = _ms(settled.looked_at), _ms(settled.blind_since)
    done = tx.execute(
        """UPDATE targets SET lease = NULL, lease_until = NULL, visits = visits + 1, last_visit_at = :visited,
               next_due_at = :due, sample_due_at = :sample, next_change_at = :change,
               last_look_at = coalesce(:looked, last_look_at), first_look_at = coalesce(first_look_at, :looked),
               blind_since = :blind, blind_reason = :why, newest_seen = coalesce(:newest, newest_seen),
               etag = CASE WHEN :fresh THEN :etag ELSE etag END,
               last_modified = CASE WHEN :fresh THEN :modified ELSE last_modified END,
               body_hash = CASE WHEN :fresh THEN coalesce(:body, body_hash) ELSE body_hash END,
               normal_hash = CASE WHEN :fresh THEN coalesce(:normal, normal_hash) ELSE normal_hash END,
               reading = coalesce(:reading, reading)
           WHERE id = :id AND lease = :lease""",
        {
            "visited": to_ms(visited.started_at),
            "due": to_ms(settled.next_due_at),
            "sample": to_ms(settled.sample_due_at),
            "change": _ms(settled.next_change_at),
            "looked": looked,
            "blind": blind,
            "why": "" if blind is None else settled.blind_reason or "unknown",
            "newest": settled.newest_seen,
            "fresh": fresh,
            "etag": _header(answered, "etag"),
            "modified": _header(answered, "last-modified"),
            "body": visited.body_hash,
            "normal": visited.normal_hash,
            "reading": settled.reading_json,
            "id": claim.target.id,
            "lease": claim.lease,
        },
    )
    return done.rowcount == 1


def pull_in(tx: sqlite3.Connection, target_id: str, at: datetime) -> None:
    """Look not later than `at`; the sampling grid stays."""
    tx.execute(
        "UPDATE targets SET next_due_at = ?1 WHERE id = ?2 AND next_due_at > ?1 AND removed_at IS NULL",
        (to_ms(at), target_id),
    )


def postpone(tx: sqlite3.Connection, target_id: str, until: datetime) -> None:
    """Set a target aside until then, whatever it is doing; its lease ends."""
    tx.execute(
        "UPDATE targets SET next_due_at = ?1, lease = NULL, lease_until = NULL WHERE id = ?2", (to_ms(until), target_id)
    )


def next_due_at(tx: sqlite3.Connection) -> datetime | None:
    """When something can be claimed next (past when something can now); None without targets."""
    free = tx.execute(
        """SELECT next_due_at FROM targets INDEXED BY targets_due WHERE removed_at IS NULL AND lease IS NULL
           ORDER BY next_due_at LIMIT 1"""
    ).fetchone()
    leased = tx.execute(
        "SELECT MIN(lease_until) FROM targets INDEXED BY targets_leased WHERE lease IS NOT NULL"
    ).fetchone()
    times = [row[0] for row in (free, leased) if row and row[0] is not None]
    return from_ms(min(times)) if times else None


def changing(tx: sqlite3.Connection, now: datetime, limit: int) -> list[str]:
    """Targets whose standings change by time alone at or before now, earliest first."""
    rows = tx.execute(
        """SELECT id FROM targets INDEXED BY targets_changing WHERE next_change_at IS NOT NULL AND removed_at IS NULL AND next_change_at <= ?
           ORDER BY next_change_at LIMIT ?""",
        (to_ms(now), limit),
    )
    return [row[0] for row in rows]


def changing_targets(tx: sqlite3.Connection, now: datetime, limit: int) -> list[Target[Options]]:
    """The same as targets, in one statement."""
    rows = tx.execute(
        f"""SELECT {TARGET} FROM targets INDEXED BY targets_changing
            WHERE next_change_at IS NOT NULL AND removed_at IS NULL AND next_change_at <= ? ORDER BY next_change_at LIMIT ?""",
        (to_ms(now), limit),
    )
    return [target_of(row) for row in rows]


def spread_overdue(tx: sqlite3.Connection, now: datetime) -> int:
    """After downtime: what is overdue by more than its period is spread over one period from now; the rest keeps its turn."""
    at = to_ms(now)
    late = tx.execute(
        """SELECT id, period FROM targets INDEXED BY targets_due
           WHERE next_due_at < ?1 AND removed_at IS NULL AND next_due_at + period < ?1""",
        (at,),
    ).fetchall()
    turns = [
        (at + phase(name, timedelta(milliseconds=period)) // timedelta(milliseconds=1), name) for name, period in late
    ]
    tx.executemany("UPDATE targets SET next_due_at = ? WHERE id = ?", turns)
    return len(turns)


def _claim(row: Sequence[Any], said: dict[tuple[str, str], Last], now_ms: int, token: str, until: datetime) -> Claim:
    due, sample, period, visits, etag, modified, body, normal, reading, newest, filed = row[WIDTH:]
    known = None if reading is None else canon.load_reading(reading)
    seen = Seen(visits, etag, modified, body, normal, known, newest, said, None if filed is None else from_ms(filed))
    due_at = from_ms(due)
    on_grid = due_at if sample == due else from_ms(sample)
    return Claim(
        target_of(row), due_at, now_ms >= sample or due == sample, _period(period), token, until, seen, on_grid
    )


@lru_cache(maxsize=256)
def _period(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)


def _last_runs(tx: sqlite3.Connection, ids: str) -> dict[str, dict[tuple[str, str], Last]]:
    """For each target (a JSON list of ids), what each check last said of each subject."""
    said: dict[str, dict[tuple[str, str], Last]] = {}
    [rows] = tx.execute(LAST_RUNS_SQL, (ids,)).fetchone()
    for target_id, check, subject, *row in canon.loads(rows):
        said.setdefault(target_id, {})[check, subject] = _last(row)
    return said


def _last(row: Sequence[Any]) -> Last:
    run, outcome, reason, measures, looks, at, since = row
    return Last(run, _OUTCOMES[outcome], reason, _dates(measures), looks, from_ms(at), from_ms(since))


_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@lru_cache(maxsize=16_384)  # those of one run are the same from look to look
def _dates(measures: str) -> tuple[tuple[str, Value], ...]:
    return tuple((raw["name"], raw["value"]) for raw in canon.loads(measures) if raw["unit"] in DATES)


def _serial(tx: sqlite3.Connection) -> int:
    """Counts the batches ever claimed, so that no two leases are alike, without chance."""
    row = tx.execute("SELECT value FROM meta WHERE key = 'claims'").fetchone()
    return 1 if row is None else int(row[0]) + 1


def _header(fetched: Fetched | None, name: str) -> str | None:
    value = None if fetched is None else fetched.header(name)
    return None if value is None else canon.clean(value)


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)
