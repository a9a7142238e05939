"""Opening the database file: refused when it is not ours, damaged, of a newer program, or read-only; else brought up to date.

Reads the file and its schema version; writes nothing before every refusal has been ruled out, and then only what migrations say.
The first look goes through a read-only connection, so that a refused file stays as it was, byte for byte.
"""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database as Inspector

from monitor.store import schema, whole

MAGIC = b"SQLite format 3\0"
WHOLE_CHECK = 512 * 1024 * 1024
"""Bytes up to which every page is checked at start (about a second); above, bodies are left to the hash every load verifies."""
PATIENCE = 5000
"""Milliseconds to wait for somebody else who holds the file."""
FOLDED_AT = 4000
"""Pages (16 MB) of the write-ahead log before it is folded back: a page that changes again meanwhile is written there once only.

Measured, 20,000 targets, 5,000 unchanged looks, bytes written a look: 57,600 → 53,800 when each is a commit of its own,
37,600 → 33,200 by twenties (16,000 pages: 48,900 and 28,200). The longest commit stays what it is, 75 ms.
"""
WAL_LIMIT = 64 * 1024 * 1024
"""Bytes the write-ahead log shrinks back to after a burst."""


class StoreError(Exception):
    """The store could not do it; a trouble of ours, never a verdict on a site. Nothing of the transaction was kept."""


class NewerSchema(StoreError):
    """The database was written by a newer program."""


class Damaged(StoreError):
    """The file is no database of ours, or its content is not whole."""


def open_writer(path: str, *, synchronous: str = "FULL") -> sqlite3.Connection:
    """The one connection that writes, up to date with this program. ":memory:" is allowed. Raises StoreError kinds."""
    try:
        _inspect(path)
        if path != ":memory:":
            make_file(path)
        connection = connect(path, synchronous=synchronous, create=True)
        try:
            _can_write(connection, path)
            migrate(connection, schema.MIGRATIONS)
        except BaseException:
            connection.close()
            raise
        if path != ":memory:":
            whole.begin(path)
    except (sqlite3.Error, OSError) as error:
        raise refusal(path, error) from error
    return connection


MODE = 0o640
"""Of every file we make here: what was seen, said and by whom is for the service and its group."""


def make_file(path: str | Path) -> None:
    """An empty file of that mode where there is none; SQLite gives -wal and -shm the mode of the database."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, MODE))


_SYNCED = 2
"""PRAGMA synchronous of a file whose content is on the disk when we think so: FULL."""


def fold(connection: sqlite3.Connection) -> None:
    """The write-ahead log back into the file and emptied, as far as the disk and other readers let it: nothing is lost if not."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA busy_timeout = 1000")  # who reads for longer elsewhere does not hold up an end
        is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        if not is_busy and connection.execute("PRAGMA synchronous").fetchone()[0] >= _SYNCED:
            whole.vouch(connection.execute("PRAGMA database_list").fetchone()[2])


ROOM = 1024 * 1024
"""Bytes that stay free on the disk when the log is folded back: a start needs some for its shared memory."""


def hold_log(path: str) -> sqlite3.Connection | None:
    """A reader that keeps the log in its place while the writer closes, when the disk has no room to fold it back; else None.

    A checkpoint that fails for want of space takes what was left of it, and then not even a start succeeds.
    """
    try:
        if shutil.disk_usage(Path(path).absolute().parent).free > Path(f"{path}-wal").stat().st_size + ROOM:
            return None
        reader = open_reader(path)
        reader.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()  # only now it has a part in the log
    except (sqlite3.Error, StoreError, OSError):
        return None
    return reader


def connect(path: str, *, synchronous: str = "FULL", create: bool = False) -> sqlite3.Connection:
    """A writing connection with our settings; transactions are ours alone (isolation_level None)."""
    address = path if path == ":memory:" else _uri(path, "rwc" if create else "rw")
    connection = sqlite3.connect(
        address, uri=path != ":memory:", isolation_level=None, check_same_thread=False, cached_statements=512
    )
    try:
        _set_up(connection, synchronous)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, synchronous: str) -> None:
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # only a new file takes it; a low disk gets its pages back
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    for setting in (
        f"synchronous = {synchronous}",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # REPLACE must not get round the triggers of the event log
        f"wal_autocheckpoint = {FOLDED_AT}",
        f"journal_size_limit = {WAL_LIMIT}",
        "cache_size = -65536",  # 64 MiB: the due index and the hot rows of 100,000 targets
    ):
        connection.execute(f"PRAGMA {setting}")


def open_reader(path: str, *, leaves_no_trace: bool = False) -> sqlite3.Connection:
    """A connection that cannot write, for one thread at a time.

    SQLite makes -wal and -shm even to read; with `leaves_no_trace` it does not, where there is no log to be read.
    """
    address = _uri(path, "ro")
    if leaves_no_trace and not _has_log(path):
        address += "&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    except sqlite3.Error as error:
        raise refusal(path, error) from error
    return connection


def migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    """Run what this database has not had yet, each step in its own transaction."""
    version = _version(connection)
    if version > len(migrations):
        raise NewerSchema(
            f"the database has schema {version}, this program knows {len(migrations)}: use the newer program"
        )
    for step in range(version, len(migrations)):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{migrations[step]}\n;PRAGMA user_version = {step + 1};\nCOMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def check(connection: sqlite3.Connection, path: str) -> None:
    """Raise Damaged unless the content is whole."""
    large = Path(path).stat().st_size > WHOLE_CHECK
    tables = [""] if not large else [f"('{name}')" for name in table_names(connection) if name != "bodies"]
    for table in tables:
        first = connection.execute(f"PRAGMA quick_check{table or '(1)'}").fetchone()
        if first is not None and first[0] != "ok":
            raise Damaged(f"{path} is damaged ({first[0]}): restore a backup, the file is left as it is")


def table_names(connection: sqlite3.Connection) -> list[str]:
    """The tables of a database, in the order they were made."""
    names: list[str] = Inspector(connection, execute_plugins=False).table_names()
    return names


_NO_DOUBT = ("SQLITE_FULL", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")


def refusal(path: str, error: BaseException) -> StoreError:
    """What an error of a library or the system means for the person who reads it; what may be damage is noted for the next start."""
    if isinstance(error, StoreError):
        return error
    name = getattr(error, "sqlite_errorname", None) or ""
    if isinstance(error, sqlite3.Error) and not name.startswith(_NO_DOUBT):
        whole.doubt(path)
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return Damaged(f"{path} is damaged or no database ({error}): restore a backup, the file is left as it is")
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return StoreError(f"{path} is read-only: the daemon must be able to write it")
    return StoreError(f"{path}: {error} {name}".rstrip())


def _inspect(path: str) -> None:
    """Look at what is there without touching it."""
    file = Path(path)
    if path == ":memory:" or not file.exists() or file.stat().st_size == 0:
        return
    with file.open("rb") as raw:
        if raw.read(len(MAGIC)) != MAGIC:
            raise Damaged(f"{path} is no database: it is left as it is")
    connection = open_reader(path, leaves_no_trace=True)
    try:
        version = _version(connection)
        if version > schema.VERSION:
            raise NewerSchema(
                f"{path} has schema {version}, this program knows {schema.VERSION}: use the newer program"
            )
        if version == 0 and table_names(connection):
            raise Damaged(f"{path} is a database of another program: it is left as it is")
        if not whole.is_vouched(path):
            check(connection, path)
    finally:
        connection.close()


def _has_log(path: str) -> bool:
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _can_write(connection: sqlite3.Connection, path: str) -> None:
    if path != ":memory:" and Path(path).exists() and not os.access(path, os.W_OK):
        raise StoreError(f"{path} is read-only: the daemon must be able to write it")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _uri(path: str, mode: str) -> str:
    return f"{Path(path).absolute().as_uri()}?mode={mode}"
