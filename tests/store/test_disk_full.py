"""A disk that is really full: everybody hears of it, nothing is half there, and the writer recovers by itself."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.store.database import Database, StoreError


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    made = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", place], check=False)
    if not made or made.returncode != 0:
        pytest.skip("a small file system can be made by root only; the page limit below stands in")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def put(name: str, size: int) -> Callable[[sqlite3.Connection], str]:
    def write(tx: sqlite3.Connection) -> str:
        tx.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (name, os.urandom(size // 2).hex()))
        return name

    return write


def keys(tx: sqlite3.Connection) -> set[str]:
    return {row[0] for row in tx.execute("SELECT key FROM meta")}


async def fill(database: Database, size: int = 100_000) -> set[str]:
    """Write until the disk is full; returns what was promised."""
    promised: set[str] = set()
    for number in range(100):
        try:
            promised.add(await database.write(put(f"big {number}", size)))
        except StoreError:
            assert "full" in database.figures.last_error
            return promised
    pytest.fail("the disk never filled up")


async def test_a_full_disk_is_told_to_everybody_and_recovers(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 1_000_000)
    database = Database(small_disk / "zhishou.db")
    await database.open()
    promised = await fill(database)
    assert promised
    together = await asyncio.gather(
        *(database.write(put(f"together {n}", 60_000)) for n in range(20)), return_exceptions=True
    )
    assert any(isinstance(answer, StoreError) for answer in together)
    promised |= {answer for answer in together if isinstance(answer, str)}
    assert await database.read(keys) == promised
    ballast.unlink()
    assert await database.write(put("after", 1000)) == "after"
    assert await database.read(keys) == promised | {"after"}
    await database.close()
    again = Database(small_disk / "zhishou.db")
    await again.open()
    assert await again.read(keys) == promised | {"after"}
    await again.close()


async def test_a_full_database_is_told_to_everybody_and_recovers(tmp_path: Path) -> None:
    """The same by a limit on pages, for machines where no file system can be made."""
    database = Database(tmp_path / "zhishou.db")
    await database.open()
    await database.write(lambda tx: tx.execute("PRAGMA max_page_count = 300").fetchone())
    promised = await fill(database, 50_000)
    assert await database.read(keys) == promised
    answers = await asyncio.gather(
        database.write(put("small", 10)), database.write(put("large", 400_000)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [StoreError] * 2, "they shared a transaction"
    assert database.figures.refused >= 3
    await database.write(lambda tx: tx.execute("PRAGMA max_page_count = 100000").fetchone())
    assert await database.write(put("after", 400_000)) == "after"
    assert await database.read(keys) == promised | {"after"}
    await database.close()


async def test_a_database_taken_away_is_never_replaced_by_an_empty_one(tmp_path: Path) -> None:
    database = Database(tmp_path / "zhishou.db")
    await database.open()
    await database.write(put("before", 10))
    with pytest.raises(StoreError):
        await database.write(lambda tx: tx.close())  # as after an I/O error: the next one needs a new connection
    take_away(tmp_path / "zhishou.db")
    with pytest.raises(StoreError):
        await database.write(put("meanwhile", 10))
    assert not await asyncio.to_thread((tmp_path / "zhishou.db").exists)
    await database.close()


def take_away(path: Path) -> None:
    for side in ("", "-wal", "-shm"):
        Path(f"{path}{side}").unlink(missing_ok=True)
