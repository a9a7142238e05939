"""Backup while somebody writes, restore while nobody does."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.store import backup as backups, schema
from monitor.store.database import Damaged, Database, NewerSchema, StoreError
from tests.store.made import keys, put, store


def names(path: Path) -> list[str]:
    with sqlite3.connect(path) as tx:
        found = keys(tx)
    tx.close()
    return found


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "zhishou.db"
    with store(path) as tx:
        put("old")(tx)
    return path


async def test_a_backup_while_the_watch_writes_is_one_moment(tmp_path: Path) -> None:
    database = Database(tmp_path / "zhishou.db")
    await database.open()

    def pair(number: int) -> Callable[[sqlite3.Connection], None]:
        def write(tx: sqlite3.Connection) -> None:
            put(f"a{number}")(tx)
            put(f"b{number}")(tx)

        return write

    await asyncio.gather(*(database.write(pair(number)) for number in range(200)))
    copying = asyncio.ensure_future(asyncio.to_thread(backups.backup, database.path, tmp_path / "copy.db"))
    for number in range(200, 600):
        await database.write(pair(number))
    size = await copying
    await database.close()
    copied = await asyncio.to_thread(names, tmp_path / "copy.db")
    assert size > 4096
    assert len(copied) >= 400
    assert {key[1:] for key in copied if key[0] == "a"} == {key[1:] for key in copied if key[0] == "b"}


def test_a_backup_is_one_file_and_never_overwrites(made: Path, tmp_path: Path) -> None:
    goal = tmp_path / "out" / "copy.db"
    goal.parent.mkdir()
    backups.backup(made, goal)
    assert [file.name for file in goal.parent.iterdir()] == ["copy.db"]
    assert names(goal) == ["old"]
    with pytest.raises(StoreError, match="never overwrites"):
        backups.backup(made, goal)
    with pytest.raises(StoreError, match="not there"):
        backups.backup(tmp_path / "none.db", tmp_path / "other.db")
    with pytest.raises(StoreError):
        backups.backup(made, tmp_path / "no such folder" / "copy.db")
    assert not (tmp_path / "other.db").exists()


def test_restore_moves_the_old_file_aside(made: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backups.backup(made, copy)
    with store(made) as tx:
        put("new")(tx)
    aside = backups.restore(copy, made)
    assert names(made) == ["old"]
    assert aside is not None
    assert names(aside) == ["new", "old"]
    assert backups.restore(copy, made) != aside, "and never takes a name that is taken"
    assert backups.restore(copy, tmp_path / "fresh.db") is None
    assert names(tmp_path / "fresh.db") == ["old"]


async def test_restore_is_refused_while_the_daemon_runs(tmp_path: Path, made: Path) -> None:
    copy = tmp_path / "copy.db"
    await asyncio.to_thread(backups.backup, made, copy)
    database = Database(made)
    await database.open()
    with pytest.raises(StoreError, match="in use"):
        await asyncio.to_thread(backups.restore, copy, made)
    assert await database.read(keys) == ["old"]
    await database.close()
    assert await asyncio.to_thread(backups.restore, copy, made) is not None


def test_a_damaged_database_can_be_replaced_and_is_kept(made: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backups.backup(made, copy)
    made.write_bytes(b"rubbish" * 1000)
    aside = backups.restore(copy, made)
    assert aside is not None
    assert aside.read_bytes() == b"rubbish" * 1000
    assert names(made) == ["old"]


def test_what_is_no_sound_backup_is_refused(made: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with pytest.raises(StoreError, match="not there"):
        backups.restore(copy, made)
    copy.write_bytes(b"rubbish" * 1000)
    with pytest.raises(Damaged):
        backups.restore(copy, made)
    copy.unlink()
    backups.backup(made, copy)
    raw = bytearray(copy.read_bytes())
    for page in range(10, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    copy.write_bytes(raw)
    with pytest.raises(Damaged):
        backups.restore(copy, made)
    assert names(made) == ["old"]


@pytest.mark.parametrize("which", ["backup", "database"])
def test_newer_schemas_are_refused(made: Path, tmp_path: Path, which: str) -> None:
    copy = tmp_path / "copy.db"
    backups.backup(made, copy)
    with sqlite3.connect(copy if which == "backup" else made) as tx:
        tx.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    tx.close()
    with pytest.raises(NewerSchema):
        backups.restore(copy, made)
    assert names(made) == ["old"]


def test_copies_are_for_the_service_and_its_group_alone(made: Path, tmp_path: Path) -> None:
    backups.backup(made, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o640
    backups.restore(tmp_path / "copy.db", tmp_path / "back.db")
    assert (tmp_path / "back.db").stat().st_mode & 0o777 == 0o640
