"""What people filed, as looks are told of it: a claim knows whether there is anything, and only then the store is asked."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from monitor.model import Declaration, DeclarationKind
from monitor.store import declarations, targets
from monitor.store.database import Database
from tests.store.made import DAY, LEASE, NOON, SECOND, all_due, column, site, store, with_targets
from tests.store.plans import scans


def filing(target: str, start: datetime = NOON, end: datetime | None = None) -> Declaration:
    return Declaration(
        id=0, kind=DeclarationKind.MIGRATION, target=target, start=start, end=end, by="张三", filed_at=NOON
    )


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        with_targets(connection, site("a"), site("b"), column("c"))
        yield connection


def told(tx: sqlite3.Connection) -> dict[str, bool]:
    """By target, what claims say; half a day on some come for company before their turn."""
    all_due(tx)
    claims = targets.claim(tx, NOON + SECOND, 10, LEASE)
    targets.release(tx, claims)
    return {one.target.id: one.seen.has_filed for one in claims}


def test_a_claim_knows_whether_anything_was_filed(tx: sqlite3.Connection) -> None:
    assert told(tx) == {"a": False, "b": False, "c": False}
    number = declarations.file(tx, filing("a"), NOON)
    declarations.file(tx, filing("c"), NOON)
    assert told(tx) == {"a": True, "b": False, "c": False}, "of a column no check asks"
    corrected = declarations.file(tx, filing("a"), NOON, corrects=number)
    assert told(tx)["a"]
    declarations.withdraw(tx, corrected, "张三", NOON, "…")
    assert not told(tx)["a"]


def test_a_claim_knows_when_it_was_filed_last(tx: sqlite3.Connection) -> None:
    for later in (2, 1):
        declarations.file(tx, replace(filing("a"), filed_at=NOON + later * SECOND), NOON)
    all_due(tx)
    known = {one.target.id: one.seen.filed_at for one in targets.claim(tx, NOON + SECOND, 10, LEASE)}
    assert known == {"a": NOON + 2 * SECOND, "b": None, "c": None}


def test_also_for_those_that_come_for_company(tx: sqlite3.Connection) -> None:
    declarations.file(tx, filing("b"), NOON)
    tx.execute("UPDATE targets SET visits = 1, next_due_at = 0, sample_due_at = 0 WHERE id = 'a'")
    tx.execute(
        "UPDATE targets SET visits = 1, next_due_at = ?1, sample_due_at = ?1 WHERE id = 'b'",
        (int((NOON + SECOND).timestamp() * 1000),),
    )
    claims = targets.claim(tx, NOON, 10, LEASE)
    assert {one.target.id: one.seen.has_filed for one in claims} == {"a": False, "b": True}


def test_asking_goes_through_no_table(tx: sqlite3.Connection) -> None:
    assert scans(tx, lambda inner: targets.claim(inner, NOON + DAY, 10, LEASE)) == []
    assert scans(tx, lambda inner: declarations.of_target(inner, "a", NOON)) == []


async def test_looks_are_told_what_counts(tmp_path: Path) -> None:
    database = Database(tmp_path / "zhishou.db", inline=True)
    await database.open()
    old = filing("a", NOON - 900 * DAY, NOON - 401 * DAY)
    for one in (old, filing("a", NOON + 9 * DAY), filing("a", NOON - 500 * DAY), filing("b")):
        await database.write(partial(declarations.file, one=one, now=NOON))
    found = await declarations.declared_in(database, "a", NOON)
    await database.close()
    assert [one.start for one in found] == [NOON - 500 * DAY, NOON + 9 * DAY]
