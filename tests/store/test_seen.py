"""Items with the day they were first seen; links, the pages that carry them, and links that nobody carries any more."""

import sqlite3
from collections.abc import Iterator

import pytest

from monitor.model import Item, Link
from monitor.store import seen, state, targets
from tests.store.made import DAY, LEASE, NOON, PERIODS, site, store, with_targets


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        with_targets(connection, site("a", packs=("house",)), site("b", packs=("national-2019",)))
        yield connection


def item(number: int, date: str | None = None) -> Item:
    return Item(f"通知 {number}", f"http://a.example/{number}.html", date, "text" if date else None)


def link(path: str) -> Link:
    return Link(f"http://x.example/{path}", path, "a")


def test_new_items_are_told_once(tx: sqlite3.Connection) -> None:
    first = seen.note_items(tx, "a", [item(1, "2026-11-01"), item(2), Item("no address", None)], NOON)
    assert first.new == ("http://a.example/1.html", "http://a.example/2.html")
    again = seen.note_items(tx, "a", [item(3), item(1, "2026-11-01"), item(2)], NOON + DAY)
    assert again.new == ("http://a.example/3.html",)
    assert again.moved == ()
    assert seen.note_items(tx, "b", [item(1)], NOON).new == ("http://a.example/1.html",), "each list for itself"


def test_a_date_that_moves_is_told_with_both(tx: sqlite3.Connection) -> None:
    seen.note_items(tx, "a", [item(1, "2026-11-01"), item(2)], NOON)
    moved = seen.note_items(tx, "a", [item(1, "2026-11-19"), item(2, "2026-11-02")], NOON + DAY).moved
    assert [(change.before, change.after) for change in moved] == [("2026-11-01", "2026-11-19")]
    row = tx.execute("SELECT date, first_date FROM items WHERE url LIKE '%/1.html'").fetchone()
    assert row == ("2026-11-19", "2026-11-01"), "what was first printed is kept"


def test_links_become_targets_once_for_the_city(tx: sqlite3.Connection) -> None:
    a, b = targets.load_target(tx, "a"), targets.load_target(tx, "b")
    news = seen.note_links(
        tx, a, [link("1"), link("2"), Link("javascript:void(0)", "x", "a"), Link("ftp://x/", "x", "a")], NOON, DAY
    )
    assert len(news.added) == 2
    assert seen.note_links(tx, b, [link("1")], NOON, DAY).added == ()
    name = seen.link_id("http://x.example/1")
    made = targets.load_target(tx, name)
    assert (made.url, made.packs) == ("http://x.example/1", ("house", "national-2019"))
    assert [page.id for page in state.pages_carrying(tx, name, 3)] == ["a", "b"]
    assert len(targets.claim(tx, NOON + DAY, 100, LEASE)) == 4
    before = tx.total_changes
    seen.note_links(tx, a, [link("1"), link("2")], NOON + DAY, DAY)
    assert tx.total_changes == before, "the same links again write nothing"


def test_a_link_nobody_carries_is_not_visited_and_comes_back(tx: sqlite3.Connection) -> None:
    a, b = targets.load_target(tx, "a"), targets.load_target(tx, "b")
    name = seen.link_id("http://x.example/1")
    seen.note_links(tx, a, [link("1")], NOON, DAY)
    seen.note_links(tx, b, [link("1")], NOON, DAY)
    assert seen.note_links(tx, a, [], NOON, DAY).orphaned == ()
    assert seen.note_links(tx, b, [], NOON, DAY).orphaned == (name,)
    assert name not in [claim.target.id for claim in targets.claim(tx, NOON + 3 * DAY, 100, LEASE)]
    assert seen.note_links(tx, a, [link("1")], NOON + 3 * DAY, DAY).added == (name,)
    assert name in [claim.target.id for claim in targets.claim(tx, NOON + 5 * DAY, 100, LEASE)]


def test_links_of_a_page_that_goes_go_with_it(tx: sqlite3.Connection) -> None:
    a = targets.load_target(tx, "a")
    seen.note_links(tx, a, [link("1")], NOON, DAY)
    targets.sync(tx, [site("b", packs=("national-2019",))], PERIODS, NOON)
    row = tx.execute("SELECT removed_at FROM targets WHERE kind = 'link'").fetchone()
    assert row[0] is not None


def test_strange_text_is_stored(tx: sqlite3.Connection) -> None:
    seen.note_items(tx, "a", [Item("\ud800标题" * 100, "http://a.example/\udfff")], NOON)
    seen.note_links(tx, targets.load_target(tx, "a"), [Link("http://x.example/\ud800", "\ud800", "a")], NOON, DAY)
    assert len(tx.execute("SELECT title FROM items").fetchone()[0]) == seen.MOST_TEXT
    again = seen.note_items(tx, "a", [Item("x", "http://a.example/\udfff")], NOON)
    assert again.new == ()


def test_an_address_with_a_nul_in_it_is_found_again(tx: sqlite3.Connection) -> None:
    odd = [Item("通知", "http://a.example/1\0.html"), Item("通知", "http://a.example/1\0?.html")]
    assert len(seen.note_items(tx, "a", odd, NOON).new) == 2
    assert seen.note_items(tx, "a", odd, NOON + DAY).new == ()
    came = [Link("http://x.example/a\0b", "a", "a")]
    assert len(seen.note_links(tx, site("a"), came, NOON, DAY).came) == 1
    assert seen.note_links(tx, site("a"), came, NOON, DAY).came == ()
