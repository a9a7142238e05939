"""Items with the day they were first seen; links, the pages that carry them, and links that nobody carries any more."""

import sqlite3
from collections.abc import Iterator

import pytest

from monitor.model import Item, Link, say, unknown
from monitor.store import findings, seen, state, targets
from tests.store.made import DAY, LEASE, NOON, PERIODS, good, run, site, store, with_targets


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


def remembered(tx: sqlite3.Connection, *items: Item) -> dict[str, tuple[str | None, str | None, str]]:
    """By title: the date, what it first was, and (as day or "always") since when it was not there."""
    known = seen.earlier(tx, "a", items).items
    return {one.title: (one.date, one.first_date, str(one.unseen_at or "always")[:10]) for one in known}


def test_what_is_shown_again_is_known_by_address_and_by_title(tx: sqlite3.Connection) -> None:
    seen.note_items(tx, "a", [item(1, "2026-11-01"), item(2), item(3)], NOON)
    seen.note_items(tx, "b", [item(1, "2026-10-01")], NOON)
    known = seen.earlier(tx, "a", [item(1), Item("通知 2", "http://a.example/new.html"), Item("x", None)])
    assert [one.url for one in known.items] == ["http://a.example/1.html", "http://a.example/2.html"]
    assert known.items[0].first_seen_at == NOON
    assert known.read_at is None


def test_what_came_is_known_to_have_been_unseen(tx: sqlite3.Connection) -> None:
    seen.note_items(tx, "a", [item(1, "2026-11-01")], NOON)
    seen.note_items(tx, "a", [item(1, "2026-11-01"), item(2, "2026-11-20")], NOON + DAY, NOON)
    wanted = {"通知 1": ("2026-11-01", "2026-11-01", "always"), "通知 2": ("2026-11-20", "2026-11-20", "2026-11-20")}
    assert remembered(tx, item(1), item(2)) == wanted


def test_another_title_at_the_same_address_is_another_item(tx: sqlite3.Connection) -> None:
    seen.note_items(tx, "a", [Item("3月5日天气", "http://a.example/1", "2026-03-05", "text")], NOON)
    told = seen.note_items(tx, "a", [Item("3月6日天气", "http://a.example/1", "2026-03-06", "text")], NOON + DAY, NOON)
    assert (told.new, told.moved) == ((), ())
    assert remembered(tx, Item("", "http://a.example/1")) == {"3月6日天气": ("2026-03-06", "2026-03-06", "2026-11-20")}


def test_a_date_told_otherwise_begins_anew(tx: sqlite3.Connection) -> None:
    seen.note_items(tx, "a", [item(1, "2026-11-01"), item(2)], NOON)
    by_address = Item("通知 1", "http://a.example/1.html", "2026-10-30", "url")
    seen.note_items(tx, "a", [by_address, item(2, "2026-11-02")], NOON + DAY, NOON)
    assert remembered(tx, item(1), item(2)) == {
        "通知 1": ("2026-10-30", "2026-10-30", "always"),
        "通知 2": ("2026-11-02", "2026-11-02", "always"),
    }


def test_of_two_at_one_address_the_later_date_is_remembered(tx: sqlite3.Connection) -> None:
    seen.note_items(tx, "a", [item(1, "2026-11-05"), item(1, "2026-11-01"), item(1)], NOON)
    assert remembered(tx, item(1)) == {"通知 1": ("2026-11-05", "2026-11-05", "always")}


def test_a_list_was_last_read_when_its_newest_item_was_told(tx: sqlite3.Connection) -> None:
    """Also when the last look could not see; what other checks say does not count."""
    told = findings.save_run(tx, "a", run(good("column_fresh")), None)
    findings.touch_runs(tx, [told], NOON + DAY)
    findings.save_run(tx, "a", run(good("reachable"), NOON + 3 * DAY), None)
    assert seen.earlier(tx, "a", []).read_at == NOON + DAY
    blind = unknown("column_fresh", "timeout", say("fine"))
    findings.save_run(tx, "a", run(blind, NOON + 2 * DAY), closes=run(good("column_fresh"), id=told))
    assert seen.earlier(tx, "a", []).read_at == NOON + DAY
