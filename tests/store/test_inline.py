"""The store of a rehearsal: everything on the caller, in order, the same every time."""

import sqlite3
from pathlib import Path

import pytest

from monitor.store.database import Database, StoreError
from tests.store.made import keys, put


async def test_inline_runs_on_the_caller_in_order(tmp_path: Path) -> None:
    database = Database(tmp_path / "inline.db", inline=True)
    await database.open()
    assert await database.write(put("a")) == "a"
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(put("a"))
    with pytest.raises(StoreError, match="read-only"):
        await database.read(put("b"))
    assert await database.write(put("c")) == "c"
    assert await database.read(keys) == ["a", "c"]
    await database.tidy()
    await database.close()
    with pytest.raises(StoreError, match="closed"):
        await database.read(keys)
