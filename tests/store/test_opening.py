"""What the store refuses at start, in words, and that a refused file stays as it was."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from monitor.store import opening, schema
from monitor.store.database import Damaged, Database, NewerSchema, StoreError
from monitor.store.opening import migrate, open_reader
from tests.store.made import keys, put, store


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A sound database, closed."""
    path = tmp_path / "zhishou.db"
    with store(path) as tx:
        tx.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", [(f"key {n}", "x" * 900) for n in range(200)])
    return path


async def refused(path: Path) -> StoreError:
    before = content(path)
    database = Database(path)
    with pytest.raises(StoreError) as raised:
        await database.open()
    assert content(path) == before, "a refused file was touched"
    return raised.value


def content(path: Path) -> dict[str, bytes]:
    """Everything that is or belongs to the database but the lock; of shared memory only that it is there."""
    files = (Path(f"{path}{side}") for side in ("", "-wal", "-shm", "-journal"))
    return {file.name: b"" if file.suffix == ".db-shm" else file.read_bytes() for file in files if file.is_file()}


def damage(path: Path, place: str) -> None:
    raw = bytearray(path.read_bytes())
    if place == "half":
        raw = raw[: len(raw) // 2]
    elif place == "header":
        raw[16:60] = b"\xaa" * 44
    else:
        for page in range(20, len(raw) // 4096):
            raw[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(raw)


async def test_a_new_file_gets_the_schema(tmp_path: Path) -> None:
    database = Database(tmp_path / "new.db")
    await database.open()
    assert await database.read(lambda tx: tx.execute("PRAGMA user_version").fetchone()[0]) == schema.VERSION
    await database.close()


async def test_a_newer_schema_is_refused(made: Path) -> None:
    with sqlite3.connect(made) as tx:
        tx.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    tx.close()
    error = await refused(made)
    assert isinstance(error, NewerSchema)
    assert "newer program" in str(error)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zhishou.db"
    path.write_text("这不是数据库" * 1000)
    error = await refused(path)
    assert isinstance(error, Damaged)
    assert "no database" in str(error)


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zhishou.db"
    with sqlite3.connect(path) as tx:
        tx.execute("CREATE TABLE recipes (name TEXT)")
    tx.close()
    error = await refused(path)
    assert isinstance(error, Damaged)
    assert "another program" in str(error)


@pytest.mark.parametrize("living", [True, False], ids=["in use there", "closed"])
async def test_a_database_of_another_program_with_a_log_is_refused(tmp_path: Path, living: bool) -> None:
    """What stands only in its write-ahead log is looked at too, and stays there."""
    path = tmp_path / "zhishou.db"
    with ExitStack() as stack:
        tx = stack.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
        tx.execute("PRAGMA journal_mode = WAL")
        tx.execute("CREATE TABLE recipes (name TEXT)")
        if not living:
            stack.close()
        error = await refused(path)
    assert isinstance(error, Damaged)
    assert "another program" in str(error)


async def test_a_newer_schema_that_stands_in_the_log_only_is_refused(made: Path) -> None:
    with closing(sqlite3.connect(made, isolation_level=None)) as tx:
        tx.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
        assert Path(f"{made}-wal").stat().st_size
        assert isinstance(await refused(made), NewerSchema)


def modes(path: Path) -> dict[str, int]:
    return {side: Path(f"{path}{side}").stat().st_mode & 0o777 for side in ("", "-wal", "-shm")}


async def test_what_it_makes_is_for_the_service_and_its_group_alone(tmp_path: Path) -> None:
    path = tmp_path / "zhishou.db"
    database = Database(path)
    await database.open()
    await database.write(put("a"))
    assert modes(path) == {"": 0o640, "-wal": 0o640, "-shm": 0o640}
    await database.close()


async def test_the_mode_somebody_gave_an_existing_file_stays(made: Path) -> None:
    made.chmod(0o664)
    database = Database(made)
    await database.open()
    await database.write(put("a"))
    assert set(modes(made).values()) == {0o664}
    await database.close()


async def test_after_an_orderly_end_the_database_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "zhishou.db"
    database = Database(path)
    await database.open()
    await database.write(put("a"))
    assert await database.read(keys) == ["a"]
    await database.close()
    assert list(content(path)) == [path.name]


async def test_a_reader_elsewhere_holds_up_no_end_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "zhishou.db"
    database = Database(path)
    await database.open()
    await database.write(put("a"))
    with closing(open_reader(str(path))) as elsewhere:
        elsewhere.execute("BEGIN")
        assert keys(elsewhere) == ["a"]
        await database.write(put("b"))
        await database.close()
        assert keys(elsewhere) == ["a"]
    again = Database(path)
    await again.open()
    assert await again.read(keys) == ["a", "b"]
    await again.close()


@pytest.mark.parametrize("place", ["pages", "half", "header"])
async def test_a_damaged_file_is_refused(made: Path, place: str) -> None:
    damage(made, place)
    error = await refused(made)
    assert isinstance(error, Damaged)
    assert "damaged" in str(error)


async def test_a_folder_instead_of_a_file_is_refused(tmp_path: Path) -> None:
    database = Database(tmp_path)
    with pytest.raises(StoreError):
        await database.open()


@pytest.fixture
def read_only_place(tmp_path: Path, made: Path) -> Iterator[Path]:
    """A file system that cannot be written, with a sound database on it."""
    place = tmp_path / "mounted"
    place.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "none", place], check=False).returncode != 0:
        pytest.skip("a read-only file system can be made by root only")
    try:
        shutil.copy(made, place / made.name)
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        yield place / made.name
    finally:
        subprocess.run(["umount", place], check=True)


async def test_a_read_only_file_system_is_refused(read_only_place: Path) -> None:
    error = await refused(read_only_place)
    assert "read-only" in str(error).lower() or "cannot be written" in str(error)


@pytest.fixture
def read_only_file(made: Path) -> Iterator[Path]:
    made.chmod(0o444)
    if os.access(made, os.W_OK):
        made.chmod(0o644)
        pytest.skip("file modes do not bind root; the read-only file system stands in")
    yield made
    made.chmod(0o644)


async def test_a_read_only_file_is_refused(read_only_file: Path) -> None:
    assert "read-only" in str(await refused(read_only_file))


def test_a_failing_migration_leaves_nothing_of_itself(tmp_path: Path) -> None:
    with store(tmp_path / "zhishou.db") as tx:
        steps = (
            *schema.MIGRATIONS,
            "CREATE TABLE more (a TEXT) STRICT; INSERT INTO meta VALUES ('m', 'x');",
            "CREATE TABLE more (b)",
        )
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            migrate(tx, steps)
        assert tx.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION + 1
        assert tx.execute("SELECT COUNT(*) FROM more").fetchone()[0] == 0
        migrate(tx, (*steps[:-1], "ALTER TABLE more ADD COLUMN b TEXT"))
        assert tx.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION + 2
        with pytest.raises(NewerSchema):
            migrate(tx, schema.MIGRATIONS)


def test_a_reader_cannot_be_talked_into_writing(made: Path) -> None:
    reader = open_reader(str(made))
    reader.execute("PRAGMA query_only = OFF")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM meta")
    reader.close()


def test_the_version_counts_the_migrations() -> None:
    assert len(schema.MIGRATIONS) == schema.VERSION


def test_the_log_is_folded_back_every_sixteen_megabytes(tmp_path: Path) -> None:
    """A page that changes with every commit is written into the database once for many, not for every thousandth."""
    path, frame = tmp_path / "zhishou.db", 4096 + 24
    with store(path) as tx:
        tx.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        tx.execute("INSERT INTO meta (key, value) VALUES ('n', '')")
        in_log: dict[int, int] = {}
        for number in range(1, opening.FOLDED_AT + 1000):
            tx.execute("UPDATE meta SET value = ?", (str(number),))
            in_log[number] = Path(f"{path}-wal").stat().st_size // frame
    assert in_log[opening.FOLDED_AT - 10] > opening.FOLDED_AT - 20
    assert max(in_log.values()) < opening.FOLDED_AT + 10
