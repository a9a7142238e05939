"""Runs, conditions, outages and availability samples: what was found of a target, in the store.

Reads and writes `runs`, `run_dates`, `conditions`, `outages` and `availability`. A finding equal to the one before only moves the
end of its run, so the tables grow with what happened, not with how often we looked. It decides nothing: `judge/` does.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.clock import from_ms, to_ms
from monitor.model import Condition, Finding, Outage, Run
from monitor.store import canon, events
from monitor.store.runrows import CONDITION, OUTAGE, RUN, condition_of, outage_of, run_of

HOUR = 3_600_000
"""Milliseconds of one availability bucket."""
WEEK_HOURS = 168
"""The rolling window of the 5 % (DESIGN.md §5.7)."""

SAMPLES = ("good", "failed", "excluded")

CURRENT_RUNS_SQL = f"SELECT {RUN} FROM runs INDEXED BY runs_current WHERE target_id = ? AND is_current = 1"
CURRENT_RUNS_OF_SQL = f"""SELECT {RUN}, target_id FROM runs INDEXED BY runs_current
    WHERE target_id IN (SELECT value FROM json_each(?)) AND is_current = 1"""
"""By name, since SQLite would take the index of the history, whose rows grow with the years."""
UNWATCHED = "unwatched"
"""The third part of a gap that is none: while the target was off the inventory."""


def current_runs(tx: sqlite3.Connection, target_id: str) -> dict[tuple[str, str], Run]:
    """The running runs of a target, by (check, subject)."""
    rows = tx.execute(CURRENT_RUNS_SQL, (target_id,))
    return {(row[1], row[2]): run_of(row) for row in rows}


def current_runs_of(tx: sqlite3.Connection, target_ids: Sequence[str]) -> dict[str, dict[tuple[str, str], Run]]:
    """The same of many targets, in one statement; those without runs are left out."""
    found: dict[str, dict[tuple[str, str], Run]] = {}
    for row in tx.execute(CURRENT_RUNS_OF_SQL, (canon.dumps(target_ids),)):
        found.setdefault(row[-1], {})[row[1], row[2]] = run_of(row)
    return found


def current_run(tx: sqlite3.Connection, target_id: str, check: str, subject: str) -> Run | None:
    """One running run; None when that check never ran."""
    row = tx.execute(
        f"SELECT {RUN} FROM runs WHERE target_id = ? AND check_name = ? AND subject = ? AND is_current = 1",
        (target_id, check, subject),
    ).fetchone()
    return None if row is None else run_of(row)


def save_run(tx: sqlite3.Connection, target_id: str, run: Run, closes: Run | None) -> int:
    """Write a run: a new one (id None) begins and ends `closes`, a known one is updated. Returns its id."""
    if closes is not None and closes.id is not None:
        tx.execute("UPDATE runs SET is_current = 0 WHERE id = ?", (closes.id,))
    if run.id is not None:
        tx.execute(
            """UPDATE runs SET last_at = ?, looks = ?, streak = ?, streak_since = ?, cause_streak = ?, cause_since = ?,
                   summary = ?, measures = ?, evidence = ? WHERE id = ?""",
            (*_length(run), run.id),
        )
        number = run.id
    else:
        number = int(tx.execute(BEGIN_SQL, _whole(target_id, run)).lastrowid or 0)
    _note_dates(tx, number, run)
    return number


def _note_dates(tx: sqlite3.Connection, number: int, run: Run) -> None:
    """Measures do not break a run, but rules read its dates: what each was, from which look on (evidence/history.py)."""
    dates = ((one.name, one.value) for one in run.finding.measures if one.unit == "date")
    for name, day in dates:
        if isinstance(day, str):
            tx.execute(DATED_SQL, (number, name, to_ms(run.last_at), day))


DATED_SQL = """
INSERT OR REPLACE INTO run_dates (run_id, name, since, day) SELECT ?1, ?2, ?3, ?4
WHERE ?4 IS NOT (SELECT day FROM run_dates WHERE run_id = ?1 AND name = ?2 ORDER BY since DESC LIMIT 1)"""


BEGIN_SQL = """
INSERT INTO runs (target_id, check_name, subject, outcome, cause, reason, first_at,
                  last_at, looks, streak, streak_since, cause_streak, cause_since, summary, measures, evidence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def begin_runs(tx: sqlite3.Connection, runs: Iterable[tuple[str, Run]]) -> None:
    """The first runs of links nothing was known of: (target id, run). No rule reads a date of theirs."""
    if rows := [_whole(target_id, run) for target_id, run in runs]:
        tx.executemany(BEGIN_SQL, rows)


def _whole(target_id: str, run: Run) -> tuple[object, ...]:
    found = run.finding
    named = (target_id, found.check, canon.clean(found.subject), found.outcome, found.cause, found.reason)
    return (*named, to_ms(run.first_at), *_length(run))


def _length(run: Run) -> tuple[object, ...]:
    """What grows with every look, and the words of the last."""
    return (
        to_ms(run.last_at),
        run.looks,
        run.streak,
        to_ms(run.streak_since),
        *_cause(run),
        *_words(run.finding),
    )


def touch_runs(tx: sqlite3.Connection, ids: Iterable[int], at: datetime) -> None:
    """One more look that found the same as before."""
    tx.executemany(
        """UPDATE runs SET last_at = max(last_at, ?), looks = looks + 1, streak = streak + 1,
               cause_streak = cause_streak + 1 WHERE id = ?""",
        [(to_ms(at), run_id) for run_id in ids],
    )


def open_conditions(tx: sqlite3.Connection, target_id: str) -> list[Condition]:
    """Conditions of a target that are confirmed and not ended."""
    rows = tx.execute(f"SELECT {CONDITION} FROM conditions WHERE target_id = ? AND ended_at IS NULL", (target_id,))
    return [condition_of(row) for row in rows]


def open_condition(tx: sqlite3.Connection, target_id: str, condition: Condition) -> int:
    """Write a condition that has just been confirmed. Returns its id."""
    done = tx.execute(
        """INSERT INTO conditions (target_id, check_name, subject, cause, reason, since, confirmed_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            target_id,
            condition.check,
            canon.clean(condition.subject),
            condition.cause,
            condition.reason,
            to_ms(condition.since),
            to_ms(condition.confirmed_at),
        ),
    )
    return int(done.lastrowid or 0)


def end_condition(tx: sqlite3.Connection, target_id: str, condition: Condition) -> None:
    """End the open condition of the same check and subject at `condition.ended_at`, which must be set."""
    if condition.ended_at is None:
        raise ValueError("a condition ends at an instant")
    tx.execute(
        """UPDATE conditions SET ended_at = ?
           WHERE target_id = ? AND check_name = ? AND subject = ? AND ended_at IS NULL""",
        (to_ms(condition.ended_at), target_id, condition.check, canon.clean(condition.subject)),
    )


def count_sample(tx: sqlite3.Connection, target_id: str, at: datetime, kind: str) -> None:
    """One availability sample ("good", "failed" or "excluded"), counted in its hour."""
    if kind not in SAMPLES:
        raise ValueError(kind)
    tx.execute(
        f"""INSERT INTO availability (target_id, hour, {kind}) VALUES (?, ?, 1)
            ON CONFLICT (target_id, hour) DO UPDATE SET {kind} = {kind} + 1""",
        (target_id, to_ms(at) // HOUR),
    )


def samples(tx: sqlite3.Connection, target_id: str, now: datetime) -> tuple[int, int, int]:
    """Good, failed and excluded samples of the last 168 hours, the running hour included."""
    hour = to_ms(now) // HOUR
    row = tx.execute(
        """SELECT coalesce(SUM(good), 0), coalesce(SUM(failed), 0), coalesce(SUM(excluded), 0)
           FROM availability WHERE target_id = ? AND hour > ? AND hour <= ?""",
        (target_id, hour - WEEK_HOURS, hour),
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])


def sampled_days(tx: sqlite3.Connection, target_id: str, now: datetime) -> list[tuple[int, int]]:
    """Of each 24 hours of the same that had any: the samples of the fullest hour, and all."""
    hour = to_ms(now) // HOUR
    rows = tx.execute(
        """SELECT MAX(good + failed + excluded), SUM(good + failed + excluded)
           FROM availability WHERE target_id = ?1 AND hour > ?2 AND hour <= ?3 GROUP BY (?3 - hour) / 24""",
        (target_id, hour - WEEK_HOURS, hour),
    )
    return rows.fetchall()


def running_outage(tx: sqlite3.Connection, target_id: str) -> Outage | None:
    """The outage that is not over, a gap shorter than 24 h included."""
    row = tx.execute(f"SELECT {OUTAGE} FROM outages WHERE target_id = ? AND ended_at IS NULL", (target_id,)).fetchone()
    return None if row is None else outage_of(row)


def ended_outages(tx: sqlite3.Connection, target_id: str, since: datetime) -> tuple[Outage, ...]:
    """Outages that are over and began at or after that instant, the first first."""
    rows = tx.execute(
        f"""SELECT {OUTAGE} FROM outages WHERE target_id = ? AND ended_at IS NOT NULL AND started_at >= ?
            ORDER BY started_at""",
        (target_id, to_ms(since)),
    )
    return tuple(outage_of(row) for row in rows)


def cut_off_outage(tx: sqlite3.Connection, target_id: str) -> tuple[Outage | None, datetime | None]:
    """The last outage, if it went on when its target was taken off the inventory; and the first look after that which found it up."""
    row = tx.execute(
        f"SELECT {OUTAGE} FROM outages WHERE target_id = ? ORDER BY id DESC LIMIT 1", (target_id,)
    ).fetchone()
    outage = None if row is None else outage_of(row)
    if outage is None or not outage.unwatched or outage.unwatched[-1][1] is not None:
        return None, None
    up = tx.execute(
        """SELECT MIN(first_at) FROM runs WHERE target_id = ? AND check_name = 'reachable' AND subject = '' AND first_at >= ?
             AND (outcome = 'ok' OR (outcome = 'fail' AND cause <> 'outage'))""",
        (target_id, to_ms(outage.unwatched[-1][0])),
    ).fetchone()[0]
    return outage, None if up is None else from_ms(up)


def save_outage(tx: sqlite3.Connection, target_id: str, outage: Outage) -> int:
    """Write an outage as judged: a new one (id None), or what became of the running one. Returns its id."""
    values = (
        to_ms(outage.started_at),
        None if outage.up_since is None else to_ms(outage.up_since),
        None if outage.ended_at is None else to_ms(outage.ended_at),
        canon.dumps([*_spans(outage.gaps), *([*span, UNWATCHED] for span in _spans(outage.unwatched))]),
    )
    if outage.id is not None:
        tx.execute(
            "UPDATE outages SET started_at = ?, up_since = ?, ended_at = ?, gaps = ? WHERE id = ?", (*values, outage.id)
        )
        return outage.id
    done = tx.execute(
        "INSERT INTO outages (target_id, started_at, up_since, ended_at, gaps) VALUES (?, ?, ?, ?, ?)",
        (target_id, *values),
    )
    return int(done.lastrowid or 0)


def record_outage(tx: sqlite3.Connection, target_id: str, outage: Outage, now: datetime) -> int:
    """The same with its line in the event log: the ledger of outages is proven by it."""
    number = save_outage(tx, target_id, outage)
    log_outages(tx, (number,), now)
    return number


def log_outages(tx: sqlite3.Connection, numbers: Iterable[int], now: datetime) -> None:
    """A line of the event log for each of them, as it stands now."""
    for number in numbers:
        sql = "SELECT target_id, started_at, up_since, ended_at, gaps FROM outages WHERE id = ?"
        target, started, up, ended, gaps = tx.execute(sql, (number,)).fetchone()
        body = {"outage": number, "target": target, "started_at": started, "up_since": up, "ended_at": ended}
        events.append(tx, now, "zhishou", "outage.recorded", {**body, "gaps": canon.loads(gaps)})


def start_outage(tx: sqlite3.Connection, target_id: str, at: datetime) -> int:
    """An outage begins; IntegrityError when one is running."""
    return save_outage(tx, target_id, Outage(at))


def _spans(spans: Iterable[tuple[datetime, datetime | None]]) -> list[list[int | None]]:
    return [[to_ms(start), None if end is None else to_ms(end)] for start, end in spans]


def _words(found: Finding) -> tuple[str, str, str]:
    return canon.dumps(found.summary), canon.dumps(found.measures), canon.dumps(dict(found.evidence))


def _cause(run: Run) -> tuple[int, int | None]:
    return run.cause_streak, None if run.cause_since is None else to_ms(run.cause_since)
