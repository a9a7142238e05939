"""Whose links are, held against the plain definition: a home page carries it now; the site on whose host it lies."""

import sqlite3
from datetime import datetime
from functools import partial
from typing import Any

from hypothesis import given, strategies as st

from monitor.clock import from_ms, to_ms
from monitor.model import Link, TargetKind, host_of
from monitor.plan.due import next_sample, phase
from monitor.store import canon, seen, state, targets
from tests.store.made import DAY, HOUR, NOON, PERIODS, column, site, store, with_targets
from tests.store.plans import asked, plan

PAGES = ("a", "b", "c", "d")
LINKS = tuple(Link(f"http://{host}.example/{n}", "", "a") for host in ("a", "b", "x") for n in range(2))
DEFINED = """
SELECT id, EXISTS (SELECT 1 FROM carriers c JOIN targets p ON p.id = c.page_id
                   WHERE c.link_id = targets.id AND c.gone_at IS NULL AND p.kind = 'site') FROM targets WHERE kind = 'link'"""
LIES_ON = """
SELECT id, (SELECT s.id FROM targets s WHERE s.host = targets.host AND s.kind = 'site' AND s.removed_at IS NULL)
FROM targets WHERE kind = 'link'"""

looks = st.tuples(st.just("look"), st.sampled_from(PAGES), st.sets(st.sampled_from(range(len(LINKS)))))
inventories = st.tuples(
    st.just("inventory"), st.dictionaries(st.sampled_from(PAGES), st.sampled_from(("site", "column"))), st.none()
)


def read(tx: sqlite3.Connection, name: str, *links: Link) -> None:
    """A look at a page that shows these links."""
    state.own_links(tx, name, seen.note_links(tx, targets.load_target(tx, name), links, NOON, DAY))


def take(tx: sqlite3.Connection, kinds: dict[str, str]) -> None:
    """An inventory of these pages."""
    pages = [site(name, kind=TargetKind(kind)) for name, kind in kinds.items()]
    state.own_links_of_hosts(tx, targets.sync(tx, pages, PERIODS, NOON).hosts)


@given(st.dictionaries(st.sampled_from(PAGES), st.sampled_from(("site", "column"))), st.lists(looks | inventories))
def test_a_link_is_on_home_while_a_home_page_carries_it(
    first: dict[str, str], steps: list[tuple[str, Any, Any]]
) -> None:
    with store() as tx:
        take(tx, first)
        watched = set(first)
        for what, which, shown in steps:
            if what == "inventory":
                take(tx, which)
                watched = set(which)
            elif which in watched:
                read(tx, which, *(LINKS[number] for number in sorted(shown)))
            assert (
                tx.execute("SELECT id, on_home FROM targets WHERE kind = 'link'").fetchall()
                == tx.execute(DEFINED).fetchall()
            )
            assert (
                tx.execute("SELECT id, site FROM targets WHERE kind = 'link'").fetchall()
                == tx.execute(LIES_ON).fetchall()
            )


def test_what_comes_to_a_page_is_not_asked_of_all_its_carriers() -> None:
    """A footer stands on every column: asking who carries it, for every column that gets it, is quadratic."""
    with store() as tx:
        with_targets(tx, site("a"), column("c"))
        for page in ("a", "c"):
            news = seen.note_links(tx, targets.load_target(tx, page), LINKS, NOON, DAY)
            at_all = asked(tx, lambda tx: state.own_links(tx, page, news))  # noqa: B023 - called at once
            carried = [one for one in at_all if "carriers" in plan(tx, one)]
            assert [one for one in carried if "json_each('[]')" not in one] == []


def test_no_host_is_no_question() -> None:
    """A site that did not change must not cost a walk through every target at every start."""
    with store() as tx:
        assert asked(tx, lambda tx: state.own_links_of_hosts(tx, ())) == []


def test_the_same_links_on_one_more_page_write_no_target() -> None:
    with store() as tx:
        with_targets(tx, site("a"), column("c"))
        read(tx, "a", *LINKS)
        news = seen.note_links(tx, targets.load_target(tx, "c"), LINKS, NOON, DAY)
        before = tx.total_changes
        state.own_links(tx, "c", news)
        assert tx.total_changes == before


def watch_one(tx: sqlite3.Connection, url: str, packs: tuple[str, ...], at: datetime) -> bool:
    """What a link that comes to a page is, said link by link. True unless it was watched already."""
    name = seen.link_id(url)
    turn = to_ms(next_sample(from_ms(0) + phase(name, DAY), DAY, at))
    row = tx.execute("SELECT packs, removed_at FROM targets WHERE id = ?", (name,)).fetchone()
    if row is None:
        tx.execute(
            """INSERT INTO targets (id, kind, name, url, host, packs, added_at, period, sample_due_at, next_due_at)
               VALUES (?, 'link', ?, ?, ?, ?, ?, 86400000, ?, ?)""",
            (name, url, url, host_of(url), canon.dumps(packs), to_ms(at), turn, turn),
        )
        return True
    if not set(packs) <= set(canon.load_names(row[0])):
        both = sorted({*packs, *canon.load_names(row[0])})
        tx.execute("UPDATE targets SET packs = ? WHERE id = ?", (canon.dumps(both), name))
    if row[1] is not None:
        sql = "UPDATE targets SET removed_at = NULL, period = 86400000, sample_due_at = ?1, next_due_at = ?1 WHERE id = ?2"
        tx.execute(sql, (turn, name))
    return row[1] is not None


shown = st.lists(st.tuples(st.sampled_from(PAGES), st.sets(st.sampled_from(range(len(LINKS))))), max_size=12)


@given(st.dictionaries(st.sampled_from(PAGES), st.sets(st.sampled_from(("house", "national-2019")))), shown)
def test_links_that_come_together_are_what_they_are_one_by_one(
    packs: dict[str, set[str]], looks: list[tuple[str, set[int]]]
) -> None:
    with store() as tx:
        with_targets(tx, *(site(name, packs=tuple(sorted(packs.get(name, ())))) for name in PAGES))
        for number, (name, numbers) in enumerate(looks):
            at, page = NOON + number * HOUR, targets.load_target(tx, name)
            before = {
                row[0]
                for row in tx.execute("SELECT link_id FROM carriers WHERE page_id = ? AND gone_at IS NULL", (name,))
            }
            came = [LINKS[n].url for n in sorted(numbers) if seen.link_id(LINKS[n].url) not in before]
            tx.execute("SAVEPOINT one_by_one")
            alone = tuple(seen.link_id(url) for url in came if watch_one(tx, url, page.packs, at))
            wanted = rows(tx, came)
            tx.execute("ROLLBACK TO one_by_one")
            news = seen.note_links(tx, page, [LINKS[n] for n in sorted(numbers)], at, DAY)
            assert (news.added, rows(tx, came)) == (alone, wanted)


def rows(tx: sqlite3.Connection, urls: list[str]) -> list[tuple[object, ...]]:
    names = canon.dumps([seen.link_id(url) for url in urls])
    return tx.execute(
        "SELECT * FROM targets WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (names,)
    ).fetchall()


def test_what_links_there_are_is_asked_once_for_all_of_a_page() -> None:
    links = [Link(f"http://x.example/{n}", "", "a") for n in range(100)]
    with store() as tx:
        with_targets(tx, site("a"), site("b"))
        for page in ("a", "b"):
            every = asked(
                tx, partial(seen.note_links, page=targets.load_target(tx, page), links=links, at=NOON, period=DAY)
            )
            assert len([one for one in every if one.startswith("SELECT")]) == 2
