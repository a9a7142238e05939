"""A list from which much left at once: it is taken as written, and said aloud. One incident of ours, a line in the digest, one in the log.

A file that was emptied or cut by mistake looks exactly like one that was meant. Who applied an import was asked already
(`targets apply`). It ends when the targets are back, or at night after a day: by then somebody has read the digest.
"""

import sqlite3
from datetime import datetime, timedelta

import structlog

from monitor.model import Cause, Measure, Outcome, Run, Text, fail, ok, say
from monitor.settle.ours import settle_ours
from monitor.settle.policy import Policy
from monitor.store import findings, targets
from monitor.store.inventory import SyncResult
from monitor.store.known import OURS

CHECK = "list"
SHARE = 10
"""More than one in so many, as `targets apply` asks (planned.py)."""
LEAST = 3
"""Fewer are named by their own incidents; of a small town one site is more than a tenth."""
NAMED = 5
READ = timedelta(hours=20)
"""A digest lies between; what left in the morning is over at night of the day after."""


def note_shrinking(
    tx: sqlite3.Connection, synced: SyncResult, policy: Policy, now: datetime, *, was_asked: bool
) -> None:
    """After the list is in the store; `was_asked`: a person was shown the numbers and said yes."""
    left, watched = len(synced.removed), len(policy.settings.targets)
    before = watched - len(synced.added) + left
    if left >= LEAST and left * SHARE > before and not was_asked:
        names = [targets.load_target(tx, one).name for one in synced.removed[:NAMED]]
        listed = "、".join(names) + ("…" if left > NAMED else "")
        # Should this transaction fail, the next start finds the same: better told twice than not.
        structlog.get_logger("daemon").warning("targets.left", left=left, of=before, first=names)
        words = say("{n} of {all} targets are no longer on the list: {names}", n=left, all=before, names=listed)
        settle_ours(tx, fail(CHECK, Cause.OURS, CHECK, words, Measure("before", before, "count")), policy, now)
    elif (run := _told(tx)) is not None and _are_back(run, watched):
        settle_ours(tx, ok(CHECK, say("the targets are on the list again")), policy, now)


def was_read(tx: sqlite3.Connection, policy: Policy, now: datetime) -> None:
    """At night: nobody put them back for a day, so it was meant."""
    run = _told(tx)
    if run is not None and now - run.last_at >= READ:
        settle_ours(tx, ok(CHECK, say("the list has stayed as it is for a day")), policy, now)


def left_lately(tx: sqlite3.Connection) -> Text | None:
    """What the digest says of it."""
    run = _told(tx)
    return None if run is None else run.finding.summary


def _told(tx: sqlite3.Connection) -> Run | None:
    run = findings.current_run(tx, OURS, CHECK, "")
    return run if run is not None and run.finding.outcome is Outcome.FAIL else None


def _are_back(run: Run, watched: int) -> bool:
    before = run.finding.measure("before")
    return isinstance(before, int | float) and (before - watched) * SHARE <= before
