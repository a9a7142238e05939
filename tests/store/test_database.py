"""The writer and the readers: real files, real threads."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.store.database import Database, StoreError
from tests.store.made import keys, put

pytestmark = pytest.mark.usefixtures("blockbuster")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(tmp_path / "zhishou.db")
    await opened.open()
    yield opened
    await opened.close()


async def test_a_write_is_there_for_every_reader_when_it_returns(database: Database) -> None:
    assert await database.write(put("a")) == "a"
    assert await database.read(keys) == ["a"]


async def test_many_writes_share_a_commit(database: Database) -> None:
    await asyncio.gather(*(database.write(put(f"{n:04}")) for n in range(500)))
    assert len(await database.read(keys)) == 500
    assert database.figures.functions == 500
    assert database.figures.transactions < 100


async def test_what_fails_is_undone_alone_and_its_caller_hears_why(database: Database) -> None:
    def half(tx: sqlite3.Connection) -> None:
        tx.execute("INSERT INTO meta (key, value) VALUES ('half', '')")
        raise ValueError("on purpose")

    answers = await asyncio.gather(
        database.write(put("a")), database.write(half), database.write(put("a")), database.write(put("b")),
        return_exceptions=True,
    )  # fmt: skip
    assert answers[0] == "a"
    assert isinstance(answers[1], ValueError)
    assert isinstance(answers[2], sqlite3.IntegrityError)
    assert answers[3] == "b"
    assert await database.read(keys) == ["a", "b"]


async def test_the_first_of_a_transaction_is_undone_alone_too(database: Database) -> None:
    def half(tx: sqlite3.Connection) -> None:
        tx.execute("INSERT INTO meta (key, value) VALUES ('half', '')")
        raise ValueError("on purpose")

    busy = asyncio.ensure_future(database.write(_hold_for_a_moment))  # the three behind it share a transaction
    await asyncio.sleep(0)
    answers = await asyncio.gather(
        database.write(half), database.write(put("a")), database.write(put("b")), return_exceptions=True
    )
    await busy
    assert isinstance(answers[0], ValueError)
    assert answers[1] == "a"
    assert answers[2] == "b"
    assert await database.read(keys) == ["a", "b"]


async def test_a_write_nobody_waits_for_any_more_is_not_begun(database: Database) -> None:
    slow = asyncio.ensure_future(database.write(_hold_for_a_moment))
    await asyncio.sleep(0)
    unwanted = asyncio.ensure_future(database.write(put("unwanted")))
    await asyncio.sleep(0)
    unwanted.cancel()
    await slow
    assert await database.read(keys) == []


def _hold_for_a_moment(tx: sqlite3.Connection) -> int:
    """Work, not sleep: some tens of milliseconds of SQL."""
    query = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT SUM(i) FROM n"
    return int(tx.execute(query).fetchone()[0])


async def test_a_long_function_ends_its_transaction(database: Database) -> None:
    began = time.monotonic()
    await asyncio.gather(*(database.write(_hold_for_a_moment) for _ in range(12)))
    assert database.figures.transactions >= 3
    assert database.figures.longest_seconds < (time.monotonic() - began) * 0.75, "not all of them in one"


async def test_a_reader_cannot_write_and_sees_one_moment(database: Database) -> None:
    with pytest.raises(StoreError, match="read-only"):
        await database.read(put("x"))
    assert await database.read(lambda tx: tx.execute("SELECT COUNT(*) FROM meta").fetchone()[0]) == 0


async def test_a_wrong_statement_is_no_trouble_of_the_store(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.write(lambda tx: tx.execute("SELECT * FROM no_such"))
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.read(lambda tx: tx.execute("SELECT * FROM no_such"))
    assert database.figures.refused == 0


async def test_a_function_that_hides_a_lost_transaction_is_found_out(database: Database) -> None:
    def lose_it(tx: sqlite3.Connection) -> None:
        tx.execute("ROLLBACK")  # what SQLite itself does when the disk is full, seen from the functions around

    busy = asyncio.ensure_future(database.write(_hold_for_a_moment))  # the three behind it share a transaction
    await asyncio.sleep(0)
    answers = await asyncio.gather(
        database.write(put("a")), database.write(lose_it), database.write(put("b")), return_exceptions=True
    )
    await busy
    assert [type(answer) for answer in answers[:2]] == [StoreError] * 2
    assert await database.write(put("c")) == "c"
    assert await database.read(keys) == ["b", "c"], "what came after the loss was a transaction of its own"


async def test_the_first_of_a_transaction_cannot_hide_that_it_lost_it(database: Database) -> None:
    busy = asyncio.ensure_future(database.write(_hold_for_a_moment))
    await asyncio.sleep(0)
    answers = await asyncio.gather(
        database.write(lambda tx: tx.execute("ROLLBACK").rowcount), database.write(put("a")), return_exceptions=True
    )
    await busy
    assert isinstance(answers[0], StoreError)
    assert answers[1] == "a"
    assert await database.read(keys) == ["a"]


async def test_close_finishes_what_is_queued_and_then_refuses(tmp_path: Path) -> None:
    database = Database(tmp_path / "zhishou.db")
    await database.open()
    writes = [asyncio.ensure_future(database.write(put(f"{n:03}"))) for n in range(50)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*writes) == [f"{n:03}" for n in range(50)]
    await database.close()
    with pytest.raises(StoreError, match="closed"):
        await database.write(put("late"))
    with pytest.raises(StoreError, match="closed"):
        await database.read(keys)
    again = Database(tmp_path / "zhishou.db")
    await again.open()
    assert len(await again.read(keys)) == 50
    await again.close()


def size_of(path: str) -> int:
    return Path(path).stat().st_size


async def test_tidy_makes_statistics_of_what_is_large(database: Database) -> None:
    """Those of few rows would plan scans, and during the day an inventory may come to them."""
    many = [(str(number), "") for number in range(5000)]
    await database.write(lambda tx: tx.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", many))
    await database.write(lambda tx: tx.execute("INSERT INTO mutes VALUES ('a', 1, 'x', 'x', 1)"))
    await database.tidy()
    found = await database.read(lambda tx: tx.execute("SELECT tbl FROM sqlite_stat1").fetchall())
    assert found == [("meta",)]


async def test_tidy_folds_the_log_back(database: Database) -> None:
    writes = [database.write(put(f"{n:03}" + "x" * 1000)) for n in range(100)]
    done = asyncio.gather(*writes, database.tidy(), database.write(put("after")))
    await done
    await database.tidy()
    assert size_of(f"{database.path}-wal") == 0
    assert len(await database.read(keys)) == 101


async def test_a_second_process_is_kept_out(database: Database) -> None:
    second = Database(database.path)
    with pytest.raises(StoreError, match="in use"):
        await second.open()


async def test_the_settings_are_what_the_design_says(database: Database) -> None:
    def settings(tx: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "auto_vacuum")
        return {name: tx.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    assert await database.write(settings) == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "auto_vacuum": 2,
    }  # fmt: skip
