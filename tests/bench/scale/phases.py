"""What is measured of one size: the cold start of an empty store, then the load held on a prepared one."""

import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from tests.bench.scale.child import Child
from tests.bench.scale.estate import CADENCE

SAMPLED = 5.0  # seconds between looks at the daemon: its doors cost it something too
SAID = 10.0  # seconds between lines of progress in a log
READY_WITHIN = 600.0
HOMES = "SELECT COUNT(*) FROM targets WHERE kind = 'site' AND removed_at IS NULL"
LATE = """SELECT kind, MAX(0, last_visit_at - (sample_due_at - period)) FROM targets
WHERE last_visit_at >= ?1 AND last_visit_at < ?2 UNION ALL
SELECT kind, ?2 - next_due_at FROM targets WHERE next_due_at < ?2 AND removed_at IS NULL
    AND (last_visit_at IS NULL OR last_visit_at < next_due_at)"""
"""Milliseconds: of each target its last look within the time, and what still waits. Looks before their time are early by a
confirmation, none here."""


@dataclass(slots=True)
class Cold:
    """Seconds since the process began; `took` None when not every home page was looked at within `given`."""

    ready: float
    took: float | None
    given: float
    homes: int
    looked: int  # home pages
    visits: int
    processor: float
    peak: int


@dataclass(slots=True)
class Held:
    """The load held: between two instants, all of the daemon and its workers."""

    ready: float
    round_of_homes: float  # seconds until every home page was looked at once
    seconds: float
    visits: int
    processor: float
    written: int
    grown: int
    resident: list[int]
    peak: int
    longest_wait: float
    late: dict[str, list[float]] = field(default_factory=dict)  # by kind, sorted, seconds

    def quantile(self, share: float, kind: str = "") -> float:
        found = self.late.get(kind, []) if kind else sorted(one for each in self.late.values() for one in each)
        return found[min(len(found) - 1, int(len(found) * share))] if found else 0.0


def cold_start(child: Child, store: Path, given: float) -> Cold:
    """Until every home page was looked at once, at most so many seconds."""
    ready = _wait_ready(child)
    unseen, homes = HOMES + " AND visits = 0", _count(store, HOMES)
    while (passed := time.monotonic() - child.began) < given:
        left, visits = _count(store, unseen), child.health()[0]
        say(f"cold: {passed:.0f} s, {homes - left:,} of {homes:,} home pages, {visits:,} visits")
        if left == 0:
            break
        time.sleep(SAMPLED)
        child.check()
    left = _count(store, unseen)
    taken = time.monotonic() - child.began if left == 0 else None
    end = child.usage()
    return Cold(ready, taken, given, homes, homes - left, child.health()[0], end.processor, child.peak())


def hold(child: Child, store: Path, seconds: float) -> Held:
    """After every home page was looked at once: so long. Ends the daemon, before its store is asked at length."""
    since = time.time() * 1000
    ready = _wait_ready(child)
    unseen = HOMES + f" AND last_visit_at < {since:.0f}"
    limit = 4 * CADENCE["site"]
    while (left := _count(store, unseen)) and time.monotonic() - child.began < limit:
        say(f"warm: {time.monotonic() - child.began:.0f} s, {left:,} home pages still unseen")
        time.sleep(SAMPLED)
    came_round = time.monotonic() - child.began
    begun, first, before, size = time.time(), child.usage(), child.health()[0], _size(store)
    resident, longest, last = [first.resident], 0.0, first
    while last.at - first.at < seconds:
        time.sleep(SAMPLED)
        last, (visits, waited) = child.usage(), child.health()
        resident.append(last.resident)
        longest = max(longest, waited)
        say(
            f"held: {last.at - first.at:.0f} of {seconds:.0f} s, {visits - before:,} visits, longest wait {waited:.1f} s"
        )
    visits, ended, grown = child.health()[0] - before, time.time(), _size(store) - size
    held = Held(
        ready=ready,
        round_of_homes=came_round,
        seconds=last.at - first.at,
        visits=visits,
        processor=last.processor - first.processor,
        written=last.written - first.written,
        grown=grown,
        resident=resident,
        peak=child.peak(),
        longest_wait=longest,
    )
    child.end()
    held.late = _lateness(store, begun * 1000, ended * 1000)
    return held


def _wait_ready(child: Child) -> float:
    while not child.is_ready():
        if time.monotonic() - child.began > READY_WITHIN:
            raise TimeoutError("the daemon does not become ready")
        say(f"starting: {time.monotonic() - child.began:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - child.began


def _lateness(store: Path, since: float, until: float) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        for kind, late in connection.execute(LATE, (int(since), int(until))):
            found.setdefault(kind, []).append(late / 1000)
    for each in found.values():
        each.sort()
    return found


def _count(store: Path, question: str) -> int:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)) as connection:
        return int(connection.execute(question).fetchone()[0])


def _size(store: Path) -> int:
    """Of the database with its log."""
    return sum(path.stat().st_size for path in (store, Path(f"{store}-wal")) if path.exists())


_said = [0.0]


def say(text: str) -> None:
    """How far it is, on stderr: one line over the other, or where nobody watches a line now and then."""
    if sys.stderr.isatty():
        print(f"{text:<78}", end="\r", file=sys.stderr, flush=True)
    elif time.monotonic() - _said[0] > SAID:
        _said[0] = time.monotonic()
        print(text, file=sys.stderr, flush=True)


def average(values: list[int]) -> float:
    return mean(values) if values else 0.0
