"""Runs, conditions, outages and availability samples: what was found of a target, in the store.

Reads and writes `runs`, `conditions`, `outages` and `availability`. A finding equal to the one before only moves the end of its
run, so the tables grow with what happened, not with how often we looked. It decides nothing: `judge/` does.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, Condition, Finding, Measure, Outage, Outcome, Run
from monitor.store import canon

HOUR = 3_600_000
"""Milliseconds of one availability bucket."""
WEEK_HOURS = 168
"""The rolling window of the 5 % (DESIGN.md §5.7)."""

SAMPLES = ("good", "failed", "excluded")

_RUN = """id, check_name, subject, outcome, cause, reason, first_at, last_at, looks, streak, streak_since, cause_streak,
          cause_since, summary, measures, evidence"""
CURRENT_RUNS_SQL = f"SELECT {_RUN} FROM runs INDEXED BY runs_current WHERE target_id = ? AND is_current = 1"
"""By name, since SQLite would take the index of the history, whose rows grow with the years."""
UNWATCHED = "unwatched"
"""The third part of a gap that is none: while the target was off the inventory."""
_OUTAGE = "id, started_at, up_since, ended_at, gaps"
_CONDITION = "id, check_name, subject, cause, reason, since, confirmed_at, ended_at"


def current_runs(tx: sqlite3.Connection, target_id: str) -> dict[tuple[str, str], Run]:
    """The running runs of a target, by (check, subject)."""
    rows = tx.execute(CURRENT_RUNS_SQL, (target_id,))
    return {(row[1], row[2]): _run(row) for row in rows}


def current_run(tx: sqlite3.Connection, target_id: str, check: str, subject: str) -> Run | None:
    """One running run; None when that check never ran."""
    row = tx.execute(
        f"SELECT {_RUN} FROM runs WHERE target_id = ? AND check_name = ? AND subject = ? AND is_current = 1",
        (target_id, check, subject),
    ).fetchone()
    return None if row is None else _run(row)


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
        return run.id
    return int(tx.execute(BEGIN_SQL, _whole(target_id, run)).lastrowid or 0)


BEGIN_SQL = """
INSERT INTO runs (target_id, check_name, subject, outcome, cause, reason, first_at,
                  last_at, looks, streak, streak_since, cause_streak, cause_since, summary, measures, evidence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def begin_runs(tx: sqlite3.Connection, runs: Iterable[tuple[str, Run]]) -> None:
    """The first runs of targets nothing was known of: (target id, run)."""
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
    rows = tx.execute(f"SELECT {_CONDITION} FROM conditions WHERE target_id = ? AND ended_at IS NULL", (target_id,))
    return [_condition(row) for row in rows]


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


def running_outage(tx: sqlite3.Connection, target_id: str) -> Outage | None:
    """The outage that is not over, a gap shorter than 24 h included."""
    row = tx.execute(f"SELECT {_OUTAGE} FROM outages WHERE target_id = ? AND ended_at IS NULL", (target_id,)).fetchone()
    return None if row is None else _outage(row)


def ended_outages(tx: sqlite3.Connection, target_id: str, since: datetime) -> tuple[Outage, ...]:
    """Outages that are over and began at or after that instant, the first first."""
    rows = tx.execute(
        f"""SELECT {_OUTAGE} FROM outages WHERE target_id = ? AND ended_at IS NOT NULL AND started_at >= ?
            ORDER BY started_at""",
        (target_id, to_ms(since)),
    )
    return tuple(_outage(row) for row in rows)


def cut_off_outage(tx: sqlite3.Connection, target_id: str) -> tuple[Outage | None, datetime | None]:
    """The last outage, if it went on when its target was taken off the inventory; and the first look after that which found it up."""
    row = tx.execute(
        f"SELECT {_OUTAGE} FROM outages WHERE target_id = ? ORDER BY id DESC LIMIT 1", (target_id,)
    ).fetchone()
    outage = None if row is None else _outage(row)
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


def start_outage(tx: sqlite3.Connection, target_id: str, at: datetime) -> int:
    """An outage begins; IntegrityError when one is running."""
    return save_outage(tx, target_id, Outage(at))


def outage_up(tx: sqlite3.Connection, target_id: str, at: datetime) -> None:
    """The site opens again: a gap begins."""
    outage = _running(tx, target_id)
    save_outage(tx, target_id, replace(outage, up_since=at))


def outage_down_again(tx: sqlite3.Connection, target_id: str, at: datetime) -> None:
    """The gap was shorter than 24 h: the outage goes on."""
    outage = _running(tx, target_id)
    gaps = outage.gaps if outage.up_since is None else (*outage.gaps, (outage.up_since, at))
    save_outage(tx, target_id, replace(outage, up_since=None, gaps=gaps))


def end_outage(tx: sqlite3.Connection, target_id: str, ended_at: datetime) -> None:
    """The outage is over; it must be in a gap, which becomes its end."""
    outage = _running(tx, target_id)
    save_outage(tx, target_id, replace(outage, ended_at=ended_at))


def _running(tx: sqlite3.Connection, target_id: str) -> Outage:
    outage = running_outage(tx, target_id)
    if outage is None:
        raise KeyError(target_id)
    return outage


def _outage(row: Sequence[Any]) -> Outage:
    outage_id, started, up, ended, stored = row
    spans = canon.loads(stored)
    return Outage(
        from_ms(started),
        _at(up),
        _at(ended),
        tuple((from_ms(span[0]), from_ms(span[1])) for span in spans if len(span) == 2),
        outage_id,
        tuple((from_ms(span[0]), _at(span[1])) for span in spans if len(span) == 3),
    )


def _spans(spans: Iterable[tuple[datetime, datetime | None]]) -> list[list[int | None]]:
    return [[to_ms(start), None if end is None else to_ms(end)] for start, end in spans]


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)


def _words(found: Finding) -> tuple[str, str, str]:
    return canon.dumps(found.summary), canon.dumps(found.measures), canon.dumps(dict(found.evidence))


def _cause(run: Run) -> tuple[int, int | None]:
    return run.cause_streak, None if run.cause_since is None else to_ms(run.cause_since)


def _run(row: Sequence[Any]) -> Run:
    run_id, check, subject, outcome, cause, reason, first, last, looks, streak, since, same, same_since, *words = row
    summary, measures, evidence = words
    finding = Finding(
        check=check,
        outcome=Outcome(outcome),
        summary=canon.load_text(summary),
        subject=subject,
        cause=None if cause is None else Cause(cause),
        reason=reason,
        measures=tuple(Measure(**raw) for raw in canon.loads(measures)),
        evidence=canon.loads(evidence),
    )
    begun = None if same_since is None else from_ms(same_since)
    return Run(finding, from_ms(first), from_ms(last), looks, streak, from_ms(since), run_id, same, begun)


def _condition(row: Sequence[Any]) -> Condition:
    condition_id, check, subject, cause, reason, since, confirmed, ended = row
    end = None if ended is None else from_ms(ended)
    return Condition(check, subject, Cause(cause), reason, from_ms(since), from_ms(confirmed), end, condition_id)
