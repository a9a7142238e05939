"""Looks that found everything as it was, many in one statement: the common case, and most of what a quiet city costs.

Reads and writes `targets`, moves the ends of `runs`, counts in `availability`. A look whose target changed since it was
claimed is left alone and named, so that it is settled like any other.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from monitor.clock import to_ms
from monitor.model import Run
from monitor.store import canon
from monitor.store.findings import HOUR, begin_runs, touch_runs

FINISH_SQL = """
UPDATE targets SET lease = NULL, lease_until = NULL, visits = visits + 1, last_visit_at = ?1, last_look_at = ?1,
    first_look_at = coalesce(first_look_at, ?1), next_due_at = ?2, sample_due_at = ?2, etag = ?3, last_modified = ?4,
    body_hash = ?5, normal_hash = ?6, reading = coalesce(?11, reading)
WHERE id = ?7 AND lease = ?8 AND sample_due_at = ?9 AND blind_since IS NULL
    AND (next_change_at IS NULL OR next_change_at > ?10)"""
TOUCH_SQL = """
UPDATE runs SET last_at = max(last_at, a.at), looks = looks + 1, streak = streak + 1, cause_streak = cause_streak + 1
FROM (SELECT value ->> 0 AS id, value ->> 1 AS at FROM json_each(?)) AS a WHERE runs.id = a.id"""
FEW = 8
"""Runs up to which TOUCH_SQL costs more than one statement each; beyond, the loop's thread and the writer's would hand each
other the interpreter's lock too often."""
COUNT_SQL = """
INSERT INTO availability (target_id, hour, good) SELECT value ->> 0, value ->> 1, 1 FROM json_each(?) WHERE true
ON CONFLICT (target_id, hour) DO UPDATE SET good = good + 1"""


class Again(NamedTuple):
    """One look that changed nothing. `grid` is where the sampling grid stood when the target was claimed."""

    target: str
    lease: str
    grid: datetime
    at: datetime
    judged_until: datetime  # judged again by time alone before this: then settling has more to do
    due: datetime
    runs: tuple[int, ...]
    fresh: tuple[Run, ...]  # what is said for the first time, of a link nothing was known of
    sample: bool  # one good sample of the 5 %
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    normal_hash: str | None
    reading: str | None = None  # what is kept of a page that changed; None: as it was


def note(tx: sqlite3.Connection, looks: Sequence[Again]) -> set[str]:
    """Write them all. Returns the targets that were written; the others are as they were."""
    timed = [(look, to_ms(look.at)) for look in looks]
    written = tx.executemany(FINISH_SQL, [_row(look, at) for look, at in timed]).rowcount
    told = timed if written == len(looks) else [(look, at) for look, at in timed if _is_written(tx, look, at)]
    begin_runs(tx, ((look.target, run) for look, _ in told for run in look.fresh))
    _touch(tx, told)
    if samples := [(look.target, at // HOUR) for look, at in told if look.sample]:
        tx.execute(COUNT_SQL, (canon.dumps(samples),))
    return {look.target for look, _ in told}


def _touch(tx: sqlite3.Connection, told: Sequence[tuple[Again, int]]) -> None:
    """The runs of these looks (with their milliseconds) are one look longer."""
    runs = [(run, at) for look, at in told for run in look.runs]
    if len(runs) > FEW:
        tx.execute(TOUCH_SQL, (canon.dumps(runs),))
        return
    for look, _ in told:
        touch_runs(tx, look.runs, look.at)


def _row(look: Again, at: int) -> tuple[object, ...]:
    validators = _clean(look.etag), _clean(look.last_modified)
    claimed = look.target, look.lease, to_ms(look.grid), to_ms(look.judged_until)
    return (at, to_ms(look.due), *validators, look.body_hash, look.normal_hash, *claimed, look.reading)


def _is_written(tx: sqlite3.Connection, look: Again, at: int) -> bool:
    """Whether this look is the one the target remembers: leases and visits of one target never overlap."""
    row = tx.execute("SELECT lease, last_visit_at FROM targets WHERE id = ?", (look.target,)).fetchone()
    return row is not None and row[0] is None and row[1] == at


def _clean(text: str | None) -> str | None:
    return None if text is None else canon.clean(text)
