"""Bodies: small when little changes, proven when loaded, and never cut off from what they build on."""

import random
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st

from monitor.store import snapshots
from monitor.store.database import Damaged
from tests.store.made import MINUTE, NOON, fetched, sha, store


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        yield connection


def page(seed: int = 1, rows: int = 500) -> bytes:
    chance = random.Random(seed)
    return "".join(
        f"<li><a href='/art/{chance.randrange(10**9)}.html'>关于{chance.randrange(10**6)}的通知</a><span>2026-11-{chance.randrange(1, 30)}</span></li>\n"
        for _ in range(rows)
    ).encode()


def save(tx: sqlite3.Connection, body: bytes, step: int = 0, target: str = "a") -> int | None:
    return snapshots.save(tx, target, NOON + step * MINUTE, fetched(body), body, sha(body), sha(body))


def stored_size(tx: sqlite3.Connection, body: bytes) -> int:
    return int(tx.execute("SELECT length(stored) FROM bodies WHERE hash = ?", (sha(body),)).fetchone()[0])


def test_a_changed_line_costs_some_hundred_bytes(tx: sqlite3.Connection) -> None:
    before = page()
    after = before.replace(b"2026-11-", b"2026-12-", 1) + b"<!-- more -->"
    save(tx, before)
    save(tx, after, 1)
    assert stored_size(tx, before) > 5000
    assert stored_size(tx, after) < 200
    assert snapshots.load_body(tx, sha(after)) == after
    assert snapshots.load_body(tx, sha(before)) == before


def test_the_same_body_is_stored_once_and_the_same_meaning_not_at_all(tx: sqlite3.Connection) -> None:
    body = page()
    assert save(tx, body) is not None
    assert save(tx, body, 1) is None, "nothing changed"
    assert save(tx, body, 2, target="b") is not None
    assert tx.execute("SELECT COUNT(*) FROM bodies").fetchone() == (1,)
    other = body + b"<i>1024</i>"
    assert snapshots.save(tx, "a", NOON, fetched(other), other, sha(other), sha(body)) is None


def test_chains_are_bounded(tx: sqlite3.Connection) -> None:
    body = page()
    bodies = [body := body + f"<p>{step}</p>".encode() for step in range(50)]
    for step, each in enumerate(bodies):
        save(tx, each, step)
    depths = [row[0] for row in tx.execute("SELECT depth FROM bodies ORDER BY rowid")]
    assert max(depths) == snapshots.DEEPEST
    assert depths.count(0) == 3
    assert all(snapshots.load_body(tx, sha(each)) == each for each in bodies)


def test_another_page_is_stored_whole(tx: sqlite3.Connection) -> None:
    save(tx, page(1))
    save(tx, page(2), 1)
    assert [row[0] for row in tx.execute("SELECT depth FROM bodies")] == [0, 0]


@pytest.mark.parametrize("body", [b"", b"x", b"\x00" * 10, b"\xff\xfe" * 40_000, page(3, 20_000)])
def test_every_kind_of_body_comes_back(tx: sqlite3.Connection, body: bytes) -> None:
    save(tx, body)
    save(tx, body + b"y", 1)
    save(tx, body + b"yz", 2)
    for each in (body, body + b"y", body + b"yz"):
        assert snapshots.load_body(tx, sha(each)) == each


def test_a_body_that_is_not_what_it_was_is_refused(tx: sqlite3.Connection) -> None:
    first, second = page(), page() + b"<p>"
    save(tx, first)
    save(tx, second, 1)
    raw = bytearray(tx.execute("SELECT stored FROM bodies WHERE depth = 0").fetchone()[0])
    raw[len(raw) // 2] ^= 0xFF
    tx.execute("UPDATE bodies SET stored = ? WHERE depth = 0", (bytes(raw),))
    for each in (first, second):
        with pytest.raises(Damaged):
            snapshots.load_body(tx, sha(each))
    with pytest.raises(KeyError):
        snapshots.load_body(tx, sha(b"never seen"))
    third = second + b"<p>"
    assert save(tx, third, 2) is not None, "a damaged body is no reason not to keep the next"
    assert snapshots.load_body(tx, sha(third)) == third


def test_what_others_build_on_outlives_its_snapshot(tx: sqlite3.Connection) -> None:
    first, second, third = page(), page() + b"<p>1</p>", page() + b"<p>1</p><p>2</p>"
    for step, each in enumerate((first, second, third)):
        save(tx, each, step)
    tx.execute("DELETE FROM snapshots WHERE body_hash <> ?", (sha(third),))
    assert snapshots.drop_unused(tx, [sha(first), sha(second)]) == 0
    assert snapshots.load_body(tx, sha(third)) == third
    tx.execute("DELETE FROM snapshots")
    assert snapshots.drop_unused(tx, [sha(third)]) == 3, "the last one takes its whole chain with it"


@settings(max_examples=40, deadline=None)
@given(
    edits=st.lists(st.tuples(st.integers(0, 2**31), st.binary(max_size=40)), min_size=1, max_size=30),
    gone=st.lists(st.integers(0, 29), max_size=20),
)
def test_deleting_any_snapshots_leaves_the_others_readable(edits: list[tuple[int, bytes]], gone: list[int]) -> None:
    with store() as tx:
        body, bodies = page(4, 60), []
        for step, (place, text) in enumerate(edits):
            cut = place % len(body)
            body = body[:cut] + text + body[cut:]
            save(tx, body, step)
            bodies.append(body)
        for index in gone:
            if index < len(bodies):
                tx.execute("DELETE FROM snapshots WHERE body_hash = ?", (sha(bodies[index]),))
                snapshots.drop_unused(tx, [sha(bodies[index])])
        kept = {row[0] for row in tx.execute("SELECT body_hash FROM snapshots")}
        for each in bodies:
            if sha(each) in kept:
                assert snapshots.load_body(tx, sha(each)) == each


def test_endless_headers_are_cut(tx: sqlite3.Connection) -> None:
    heads = tuple((f"X-{n}", "v" * 1000) for n in range(100))
    got = fetched(b"x", headers=heads)
    snapshots.save(tx, "a", NOON, got, b"x", sha(b"x"), "n")
    assert len(tx.execute("SELECT headers FROM snapshots").fetchone()[0]) < 2 * snapshots.MOST_HEADERS
