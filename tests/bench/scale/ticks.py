"""What the store is asked over and over, in isolation on prepared stores: does it cost what is due, or what exists?

Reads and writes the store through the daemon's own functions and its own kind of connection, in transactions that are measured
without their commit.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from monitor.alert.release import release
from monitor.clock import from_ms
from monitor.jobs import digest_of
from monitor.pipeline import sweep
from monitor.settle.policy import Policy
from monitor.store import heartbeat, retention, targets
from monitor.store.opening import connect, open_reader
from monitor.store.state import end_all_leases, next_wake
from monitor.web import estate, health, metrics, page

DUE = 100
"""Targets due in each tick, whatever the size of the estate."""
TICKS = 9
LEASE = timedelta(days=30)
"""Longer than all the ticks stand for: a hundred targets of a small estate fall due in minutes."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds of processor: of a round with DUE targets due, of one with none, and of each question."""

    round: float
    idle: float
    questions: dict[str, float]


def costs(store: Path, policy: Policy) -> Costs:
    """Claims, and gives back at the end. The rounds are of days to come: their heartbeat is taken back, or the next daemon
    would find that its clock was set back.
    """
    with closing(open_reader(str(store))) as reader:
        asked = _questions(reader, store)
    with closing(connect(str(store))) as connection:
        end_all_leases(connection)  # what a killed daemon had claimed
        beat = heartbeat.last(connection)
        first = _nth_due(connection, 0)
        idle = [_round(connection, policy, first - timedelta(milliseconds=1), 0) for _ in range(TICKS)]
        full = [_round(connection, policy, _nth_due(connection, DUE - 1), DUE) for _ in range(TICKS)]
        now = _nth_due(connection, 0)
        batch = _timed(lambda: _write(connection, partial(retention.purge, now=now, disk_low=False)))
        end_all_leases(connection)
        connection.execute("DELETE FROM meta WHERE key = 'heartbeat'")
        if beat is not None:
            heartbeat.beat(connection, beat)
    return Costs(median(full), median(idle), asked | {"retention.purge, one batch": batch})


def _questions(reader: sqlite3.Connection, store: Path) -> dict[str, float]:
    """By those who look on, while nothing is overdue."""
    now = _nth_due(reader, 0)
    questions: dict[str, Callable[[], object]] = {
        "next_wake": partial(next_wake, reader),
        "health.look (/healthz)": partial(health.look, reader, now),
        "page.look (desk)": partial(page.look, reader),
        "estate.look (desk, /metrics)": partial(estate.look, reader, now),
        "metrics.count (/metrics)": partial(metrics.count, reader, str(store)),
        "jobs.digest_of (daily)": partial(digest_of, reader, now),
    }
    return {name: _timed(ask) for name, ask in questions.items()}


def _round(connection: sqlite3.Connection, policy: Policy, now: datetime, due: int) -> float:
    """One as pipeline.run_round opens it, then what the rounds ask before they rest."""
    claimed: list[int] = []

    def turn(tx: sqlite3.Connection) -> None:
        sweep(tx, policy, now)
        release(tx, now, policy.recipients, policy.settings.alert)
        heartbeat.beat(tx, now)
        claimed.append(len(targets.claim(tx, now, 200, LEASE)))
        next_wake(tx)

    taken = _write(connection, turn)
    assert due <= claimed[0] <= due + 20, claimed  # some are due in the same millisecond
    return taken


def _write(connection: sqlite3.Connection, function: Callable[[sqlite3.Connection], object]) -> float:
    connection.execute("BEGIN IMMEDIATE")
    began = time.thread_time()
    function(connection)
    taken = (time.thread_time() - began) * 1000
    connection.execute("COMMIT")
    return taken


def _timed(ask: Callable[[], object]) -> float:
    """The second time, when what it reads is at hand."""
    ask()
    began = time.thread_time()
    ask()
    return (time.thread_time() - began) * 1000


def _nth_due(connection: sqlite3.Connection, number: int) -> datetime:
    row = connection.execute(
        """SELECT next_due_at FROM targets WHERE removed_at IS NULL AND (lease IS NULL)
           ORDER BY next_due_at LIMIT 1 OFFSET ?""",
        (number,),
    ).fetchone()
    return from_ms(row[0])
