"""The writer: functions of a connection, each undone alone when it fails, many in one transaction.

Runs in whatever thread calls `transact`. A function that fails is undone alone; when the disk fails, everything of the
transaction is undone, everybody in it gets StoreError, and the next transaction tries anew. It knows no table.
"""

import asyncio
import queue
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from monitor.store.opening import Damaged, StoreError, connect, open_writer, refusal

T = TypeVar("T")

ADMITTED = 0.02
"""Seconds in which further jobs join a transaction: with the last of them and the commit it stays under the 50 ms of
DESIGN.md §5.2, what a caller may have to wait for others."""
OF_ONE = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_RANGE,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_ABORT,
    }
)
"""Primary result codes that are the fault of one function; every other one is trouble of the whole store."""


@dataclass(slots=True)
class Job:
    """A function on its way through the writer, and who waits for it (nobody when it runs on the caller)."""

    run: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any] | None
    outside: bool = False  # of any transaction: checkpoints and the like
    result: Any = None
    error: BaseException | None = None

    def is_wanted(self) -> bool:
        """Whether somebody still waits for it."""
        return self.future is None or not self.future.cancelled()

    def resolve(self) -> None:
        """Tell who waits; on the loop's own thread."""
        if self.future is None or self.future.cancelled():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


@dataclass(slots=True)
class WriterFigures:
    """For /metrics: how the writer has been doing since it was opened. Seconds are of whole transactions."""

    transactions: int = 0
    functions: int = 0
    refused: int = 0  # functions that got StoreError
    longest_seconds: float = 0.0
    waiting: int = 0
    last_error: str = ""


class Writer:
    """The one connection that writes, and the queue in front of it."""

    def __init__(self, path: str, *, synchronous: str, before_commit: Callable[[], None] = lambda: None) -> None:
        """`before_commit` may raise StoreError: a rehearsal's full disk."""
        self.path = path
        self.synchronous = synchronous
        self._before_commit = before_commit
        self.figures = WriterFigures()
        self.jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._kept: Job | None = None
        self._stopping = False
        self._connection: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open, check and migrate the file; raises StoreError kinds."""
        self._connection = open_writer(self.path, synchronous=self.synchronous)

    def close(self) -> None:
        """Let go of the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def next_job(self) -> Job | None:
        """Wait for the first job of a transaction; None when everything queued before the stop is done."""
        kept, self._kept = self._kept, None
        if kept is not None:
            return kept
        return None if self._stopping else self.jobs.get()

    def transact(self, first: Job, *, alone: bool = False) -> list[Job]:
        """One transaction of `first` and, unless `alone`, what is queued behind it. Returns the jobs with their outcome."""
        begun, jobs = time.perf_counter(), [first]
        try:
            connection = self.connected()
            if first.outside:
                _attempt(connection, first)
            else:
                connection.execute("BEGIN IMMEDIATE")
                if alone:
                    _attempt(connection, first)
                else:
                    _begin(connection, first)
                while not alone and time.perf_counter() - begun < ADMITTED and (job := self._one_more()) is not None:
                    jobs.append(job)
                    _savepoint(connection, job)
                self._before_commit()
                connection.execute("ROLLBACK" if alone and first.error is not None else "COMMIT")
        except BaseException as error:  # whoever waits must hear of it, whatever it was
            self._refuse(jobs, error)
        self._count(jobs, time.perf_counter() - begun)
        return jobs

    def connected(self) -> sqlite3.Connection:
        """The connection; a new one to the same file after trouble, never to a new file."""
        if self._connection is None:
            self._connection = connect(self.path, synchronous=self.synchronous)
        return self._connection

    def _one_more(self) -> Job | None:
        """The next job of this transaction; None when there is none, or the next cannot be part of one."""
        if self._stopping:
            return None
        try:
            job = self.jobs.get_nowait()
        except queue.Empty:
            return None
        if job is None:
            self._stopping = True
        elif job.outside:
            self._kept = job
            return None
        return job

    def left_over(self) -> list[Job]:
        """What is still queued when the thread has ended, refused: nobody waits for ever."""
        jobs: list[Job] = [] if self._kept is None else [self._kept]
        while not self.jobs.empty():
            job = self.jobs.get()
            jobs += [] if job is None else [job]
        for job in jobs:
            job.error = StoreError("the store is closed")
        return jobs

    def _refuse(self, jobs: list[Job], error: BaseException) -> None:
        """Undo the transaction and tell everyone in it. Unless only space lacks, the next one gets a new connection."""
        told = refusal(self.path, error)
        kind = Damaged if isinstance(told, Damaged) else StoreError
        for job in jobs:
            job.result, job.error = None, kind(str(told))
        self.figures.last_error = str(told)
        lacks_space = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        if not self._undone() or not (lacks_space or self.path == ":memory:"):
            self.close()

    def _undone(self) -> bool:
        """Roll back what is open; False when the connection cannot even do that."""
        try:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            return False
        return True

    def _count(self, jobs: list[Job], seconds: float) -> None:
        figures = self.figures
        figures.transactions += 1
        figures.functions += len(jobs)
        figures.refused += sum(isinstance(job.error, StoreError) for job in jobs)
        figures.longest_seconds = max(figures.longest_seconds, seconds)
        figures.waiting = self.jobs.qsize()


def is_fault_of_one(error: sqlite3.Error) -> bool:
    """Whether the statement was wrong, rather than the store in trouble."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is None or code & 0xFF in OF_ONE


def _begin(connection: sqlite3.Connection, job: Job) -> None:
    """Run the first job of a transaction so that it can fail alone: with it fails all there is, and the rest begins anew.

    A savepoint would cost as much as the writing: SQLite copies every page first that is changed after it.
    """
    if not job.is_wanted():
        return
    _attempt(connection, job)
    if job.error is not None:
        connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
    elif not connection.in_transaction:
        raise sqlite3.OperationalError("a function has lost the transaction it was called in")


def _savepoint(connection: sqlite3.Connection, job: Job) -> None:
    """Run one job so that it can fail alone."""
    if not job.is_wanted():
        return
    connection.execute("SAVEPOINT job")
    _attempt(connection, job)
    if job.error is not None:
        connection.execute("ROLLBACK TO job")
    connection.execute("RELEASE job")


def _attempt(connection: sqlite3.Connection, job: Job) -> None:
    """Run one job; its own failure is kept for its caller, trouble of the store is raised."""
    try:
        job.result = job.run(connection)
    except sqlite3.Error as error:
        if not is_fault_of_one(error):
            raise
        job.error = error
    except BaseException as error:  # handed to whoever waits, as concurrent.futures does
        job.error = error
