"""The database: one thread writes, a few read; a caller hears "done" only when it is on the disk.

`write` hands a function to the writer thread (store/writer.py: each undone alone, group commit) and returns after the commit; `read`
runs one on a consistent view through a connection that cannot write. With `inline=True` both run on the caller, in order and
deterministic, for rehearsals. It knows no table.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from monitor.store import lock
from monitor.store.opening import Damaged, NewerSchema, StoreError, fold, hold_log, open_reader, refusal
from monitor.store.writer import Job, Writer, WriterFigures, is_fault_of_one

__all__ = ["Damaged", "Database", "NewerSchema", "StoreError", "WriterFigures"]

T = TypeVar("T")

READERS = 4
"""Threads and connections for reading: a desk and its metrics."""
FEW = 1000
"""Rows below which a table or index has no statistics."""


class Database:
    """One SQLite file. Inline, commits are not waited for (synchronous OFF): a rehearsal's machine does not lose power."""

    def __init__(
        self, path: str | Path, *, inline: bool = False, before_commit: Callable[[], None] = lambda: None
    ) -> None:
        self.path = str(path)
        self.inline = inline
        self._writer = Writer(self.path, synchronous="OFF" if inline else "FULL", before_commit=before_commit)
        self._thread: threading.Thread | None = None
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._readers: ThreadPoolExecutor | None = None
        self._lock: int | None = None
        self._is_open = False

    @property
    def figures(self) -> WriterFigures:
        """How the writer has been doing."""
        return self._writer.figures

    async def open(self) -> None:
        """Open or create the file, for this process alone. Raises StoreError kinds, and then the file is as it was."""
        self._lock = lock.hold(self.path)
        try:
            if self.inline:
                self._writer.open()
            else:
                await self._start()
        except BaseException:
            self._let_go()
            raise
        self._is_open = True

    async def write(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run it in a transaction; returns after the commit. Raises what it raised, or StoreError."""
        return await self._hand_over(function, outside=False)

    async def read(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run it on one consistent view of what is committed; it cannot write."""
        if not self._is_open:
            raise StoreError("the store is closed")
        if self._readers is None:
            return self._read(function)
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, function)

    async def tidy(self) -> None:
        """Fold the write-ahead log back into the file and refresh the statistics; for a nightly job."""
        await self._hand_over(_tidy, outside=True)

    async def close(self) -> None:
        """Finish what is queued, then let go of the file. Does nothing the second time."""
        self._is_open = False
        if self._thread is not None:
            await self._stop_readers()  # first: only who is alone on the file can put its write-ahead log away
            held = await asyncio.to_thread(hold_log, self.path)
            if held is None:
                self._writer.jobs.put(Job(fold, None, outside=True))
            self._writer.jobs.put(None)
            await self._stop_writer()
            if held is not None:
                held.close()
        self._let_go_of_all()

    def abandon(self) -> None:
        """Let go of the file as a killed process does, without finishing anything. Inline only."""
        self._is_open = False
        self._let_go_of_all()

    def _let_go_of_all(self) -> None:
        self._close_idle()
        self._writer.close()
        self._let_go()

    def _let_go(self) -> None:
        descriptor, self._lock = self._lock, None
        lock.let_go(descriptor)

    async def _hand_over(self, function: Callable[[sqlite3.Connection], T], *, outside: bool) -> T:
        if not self._is_open:
            raise StoreError("the store is closed")
        if self.inline:
            return self._write_inline(function, outside=outside)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.jobs.put(Job(function, future, outside))
        return await future

    def _write_inline(self, function: Callable[[sqlite3.Connection], T], *, outside: bool) -> T:
        job = Job(function, None, outside)
        self._writer.transact(job, alone=True)
        if job.error is not None:
            raise job.error
        result: T = job.result
        return result

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = loop.create_future()
        self._thread = threading.Thread(target=self._work, args=(loop, opened), name="store-writer", daemon=True)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._thread.start()
        try:
            await opened
        except BaseException:
            self._writer.jobs.put(None)
            await self._stop_readers()
            await self._stop_writer()
            raise

    async def _stop_writer(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.join)

    async def _stop_readers(self) -> None:
        readers, self._readers = self._readers, None
        if readers is not None:
            await asyncio.to_thread(readers.shutdown)
        self._close_idle()

    def _close_idle(self) -> None:
        while not self._idle.empty():
            self._idle.get().close()

    def _work(self, loop: asyncio.AbstractEventLoop, opened: asyncio.Future[None]) -> None:
        """The writer thread: open, then one transaction after the other until told to stop."""
        opening = Job(lambda _connection: None, opened)
        try:
            self._writer.open()
        except StoreError as error:
            opening.error = error
            _tell(loop, [opening])
            return
        _tell(loop, [opening])
        try:
            while (job := self._writer.next_job()) is not None:
                _tell(loop, self._writer.transact(job))
        finally:
            self._writer.close()
            self._is_open = False
            _tell(loop, self._writer.left_over())

    def _read(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """In a reader thread; inline on the caller.

        Over a connection of its own then, too: one that now may write and now may not has every statement prepared anew.
        """
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = open_reader(self.path)
        try:
            return _look(connection, function, self.path)
        finally:
            self._idle.put(connection)


def _tell(loop: asyncio.AbstractEventLoop, jobs: list[Job]) -> None:
    """Wake who waits; when the loop is gone nobody waits any more."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(partial(_resolve, jobs))


def _resolve(jobs: list[Job]) -> None:
    for job in jobs:
        job.resolve()


def _look(connection: sqlite3.Connection, function: Callable[[sqlite3.Connection], T], path: str) -> T:
    try:
        connection.execute("BEGIN")
        try:
            return function(connection)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        if is_fault_of_one(error):
            raise
        raise refusal(path, error) from error


def _tidy(connection: sqlite3.Connection) -> None:
    """Statistics by looking at a sample of each index (3 ms at 136,500 targets); without them a plan is a guess.

    Those of a table that is still small are left out: an inventory may come to it during the day, and a scan that is right for
    ten rows is wrong for a million. `PRAGMA optimize` only renews what was once analysed, so it would never begin.
    """
    connection.execute("PRAGMA analysis_limit = 1000")
    connection.execute("ANALYZE")
    connection.execute("DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < ?", (FEW,))
    connection.execute("ANALYZE sqlite_schema")  # reads them anew; the readers do so by themselves
    fold(connection)
