"""Backup while the watch runs, and restore while it does not.

Reads the database through a connection that cannot write and makes a new single file, checked before it gets its name. Restore
moves what it replaces aside and never overwrites or deletes it. Neither ever waits for, or holds up, the writer.
"""

import os
import shutil
import sqlite3
from pathlib import Path

from monitor.store import schema
from monitor.store.lock import held
from monitor.store.opening import Damaged, NewerSchema, StoreError, check, make_file, open_reader, refusal

_SIDES = ("", "-wal", "-shm")
"""A database in WAL mode is up to three files."""


def backup(path: str | Path, to: str | Path) -> int:
    """Write a whole and checked copy to a new file. Returns its size in bytes; StoreError when it cannot be done."""
    goal, part = Path(to), Path(f"{to}.part")
    if goal.exists():
        raise StoreError(f"{goal} exists: a backup never overwrites")
    try:
        _copy(Path(path), part)
        _sync(part)
        os.link(part, goal)  # unlike a rename this fails when somebody was quicker
    except (sqlite3.Error, OSError) as error:
        raise refusal(str(goal), error) from error
    finally:
        for side in (*_SIDES, "-journal"):
            Path(f"{part}{side}").unlink(missing_ok=True)
    _sync(goal.parent)
    return goal.stat().st_size


def restore(copy: str | Path, path: str | Path) -> Path | None:
    """Put a backup in the place of the database. Returns where the old file went, None when there was none.

    Refused while a daemon runs on it, when the backup is damaged or of a newer program, and when the database is of a newer one.
    """
    source, goal = Path(copy), Path(path)
    _accept(source)
    try:
        with held(str(goal)):
            if _version(goal) > schema.VERSION:
                raise NewerSchema(f"{goal} was written by a newer program: it is left as it is")
            return _replace(source, goal)
    except OSError as error:
        raise refusal(str(goal), error) from error


def _copy(source: Path, part: Path) -> None:
    part.unlink(missing_ok=True)
    if not source.is_file():
        raise StoreError(f"{source} is not there")
    make_file(part)
    reader, writer = open_reader(str(source)), sqlite3.connect(part, isolation_level=None)
    try:
        reader.backup(writer)  # in one step: in steps, every commit of the watch would begin it anew
        writer.execute("PRAGMA journal_mode = DELETE").fetchone()
        check(writer, str(part))
    finally:
        writer.close()
        reader.close()


def _accept(source: Path) -> None:
    """Refuse what is no whole backup of ours."""
    if not source.is_file():
        raise StoreError(f"{source} is not there")
    version = _version(source)
    if version > schema.VERSION:
        raise NewerSchema(f"{source} has schema {version}, this program knows {schema.VERSION}: use the newer program")
    if version < 1:
        raise Damaged(f"{source} is no backup of a zhishou database")
    reader = open_reader(str(source))
    try:
        check(reader, str(source))
    except sqlite3.Error as error:
        raise refusal(str(source), error) from error
    finally:
        reader.close()


def _version(file: Path) -> int:
    """The schema of a database file; 0 when it is none, or cannot be read."""
    if not file.is_file():
        return 0
    reader = open_reader(str(file))
    try:
        return int(reader.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        reader.close()


def _replace(source: Path, goal: Path) -> Path | None:
    part = Path(f"{goal}.restoring")
    part.unlink(missing_ok=True)
    make_file(part)
    shutil.copyfile(source, part)
    _sync(part)
    aside = None
    if any(Path(f"{goal}{side}").exists() for side in _SIDES):
        aside = _free_name(goal)
        for side in reversed(_SIDES):  # the database last: until then the old one is whole
            old = Path(f"{goal}{side}")
            if old.exists():
                old.rename(f"{aside}{side}")
    part.rename(goal)
    _sync(goal.parent)
    return aside


def _free_name(goal: Path) -> Path:
    number = 1
    while (name := Path(f"{goal}.before-restore-{number}")).exists():
        number += 1
    return name


def _sync(path: Path) -> None:
    """On the disk, not only in the kernel."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
