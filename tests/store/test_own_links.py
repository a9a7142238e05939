"""Whose links are, held against the plain definition: a home page carries it now; the site on whose host it lies."""

import sqlite3
from datetime import datetime
from functools import partial
from typing import Any

from hypothesis import given, strategies as st

from monitor.clock import from_ms, to_ms
from monitor.model import Link, Target, TargetKind, host_of
from monitor.plan.due import next_sample, phase
from monitor.store import canon, linkrows, seen, state, targets
from tests.store.made import DAY, HOUR, NOON, PERIODS, column, site, store, with_targets
from tests.store.plans import asked, plan

PAGES = ("a", "b", "c", "d")
PACKS = ((), ("house",), ("house", "national-2019"), ("national-2019",))
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
    seen.note_links(tx, targets.load_target(tx, name), links, NOON, DAY)


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
            at_all = asked(tx, lambda tx: read(tx, page, *LINKS))  # noqa: B023 - called at once
            assert [one for one in at_all if "carriers_link" in plan(tx, one)] == []


def test_no_host_is_no_question() -> None:
    """A site that did not change must not cost a walk through every target at every start."""
    with store() as tx:
        assert asked(tx, lambda tx: state.own_links_of_hosts(tx, ())) == []


def test_the_same_links_on_one_more_page_write_no_target() -> None:
    with store() as tx:
        with_targets(tx, site("a"), column("c"))
        read(tx, "a", *LINKS)
        before = tx.total_changes
        read(tx, "c", *LINKS)
        assert tx.total_changes - before == len(LINKS), "one row says that the page carries it"


def test_what_comes_as_new_is_written_once() -> None:
    """Every write of a row is a write of its indexes, too."""
    with store() as tx:
        with_targets(tx, site("a"))
        before = tx.total_changes
        read(tx, "a", *LINKS)
        assert tx.total_changes - before == 2 * len(LINKS)


def look_one_by_one(tx: sqlite3.Connection, page: Target[Any], urls: list[str], at: datetime) -> seen.LinkNews:
    """What a look at a page comes to, said link by link."""
    wanted = {seen.link_id(url): url for url in urls}
    carried = dict(tx.execute("SELECT link_id, gone_at IS NULL FROM carriers WHERE page_id = ?", (page.id,)).fetchall())
    came = tuple(name for name in wanted if not carried.get(name))
    gone = tuple(sorted(name for name, is_there in carried.items() if is_there and name not in wanted))
    for name in came:
        if name in carried:
            tx.execute("UPDATE carriers SET gone_at = NULL WHERE page_id = ? AND link_id = ?", (page.id, name))
        else:
            row = (page.id, name, "", "a", to_ms(at))
            tx.execute("INSERT INTO carriers (page_id, link_id, text, tag, first_seen_at) VALUES (?, ?, ?, ?, ?)", row)
    added = tuple(name for name in came if watch_one(tx, wanted[name], page.packs, at))
    for name in gone:
        tx.execute("UPDATE carriers SET gone_at = ? WHERE page_id = ? AND link_id = ?", (to_ms(at), page.id, name))
    orphaned = tuple(name for name in gone if bury_one(tx, name, at))
    for name, is_home in tx.execute(DEFINED).fetchall():
        tx.execute("UPDATE targets SET on_home = ? WHERE id = ?", (is_home, name))
    for name, its_site in tx.execute(LIES_ON).fetchall():
        tx.execute("UPDATE targets SET site = ? WHERE id = ?", (its_site, name))
    return seen.LinkNews(came, gone, added, orphaned)


def bury_one(tx: sqlite3.Connection, name: str, at: datetime) -> bool:
    """What a link that went from a page is now. True when it is a tombstone since this moment."""
    if tx.execute("SELECT 1 FROM carriers WHERE link_id = ? AND gone_at IS NULL", (name,)).fetchone() is not None:
        return False
    [removed_at] = tx.execute("SELECT removed_at FROM targets WHERE id = ?", (name,)).fetchone()
    sql = "UPDATE targets SET removed_at = ?, lease = NULL, lease_until = NULL, next_change_at = NULL WHERE id = ?"
    if removed_at is None:
        tx.execute(sql, (to_ms(at), name))
    return removed_at is None


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


looked = st.tuples(st.sampled_from(PAGES), st.sets(st.sampled_from(range(len(LINKS)))))
taken = st.dictionaries(st.sampled_from(PAGES), st.tuples(st.sampled_from(("site", "column")), st.sampled_from(PACKS)))


@given(st.lists(looked | taken, max_size=12))
def test_links_that_come_together_are_what_they_are_one_by_one(steps: list[Any]) -> None:
    """Rows of all links and carriers, and what is told: against a plain look that writes everything one by one."""
    kinds = {name: "site" if name < "c" else "column" for name in PAGES}
    with store() as tx:
        take(tx, kinds)
        watched = set(PAGES)
        for number, step in enumerate(steps):
            at = NOON + number * HOUR
            if isinstance(step, dict):
                pages = [site(name, kind=TargetKind(kind), packs=packs) for name, (kind, packs) in step.items()]
                state.own_links_of_hosts(tx, targets.sync(tx, pages, PERIODS, at).hosts)
                watched = set(step)
            elif step[0] in watched:
                page, links = targets.load_target(tx, step[0]), [LINKS[n] for n in sorted(step[1])]
                lease_all(tx, at)
                tx.execute("SAVEPOINT one_by_one")
                plain = (look_one_by_one(tx, page, [link.url for link in links], at), *rows(tx))
                tx.execute("ROLLBACK TO one_by_one")
                assert (seen.note_links(tx, page, links, at, DAY), *rows(tx)) == plain


def lease_all(tx: sqlite3.Connection, at: datetime) -> None:
    """Somebody looks at every link that is watched, and expects a change: a tombstone keeps neither."""
    sql = "UPDATE targets SET lease = 'x', lease_until = ?1, next_change_at = ?1 WHERE kind = 'link' AND removed_at IS NULL"
    tx.execute(sql, (to_ms(at),))


def rows(tx: sqlite3.Connection) -> tuple[list[Any], list[Any]]:
    targets_now = tx.execute("SELECT * FROM targets ORDER BY id").fetchall()
    return targets_now, tx.execute("SELECT * FROM carriers ORDER BY page_id, link_id").fetchall()


def test_many_links_are_written_as_few_are() -> None:
    """More than go into one statement, and not a multiple of them."""
    links = [Link(f"http://{host}.example/{n}", f"{n}", "a") for host in ("a", "x") for n in range(linkrows.AT_ONCE)]
    with store() as tx:
        with_targets(tx, site("a"), column("c"))
        for some in (links[:3], links[:-1], links):
            page = targets.load_target(tx, "a")
            tx.execute("SAVEPOINT one_by_one")
            plain = (look_one_by_one(tx, page, [link.url for link in some], NOON), rows(tx)[0])
            tx.execute("ROLLBACK TO one_by_one")
            assert (seen.note_links(tx, page, some, NOON, DAY), rows(tx)[0]) == plain
        texts = tx.execute("SELECT text, tag FROM carriers").fetchall()
        assert sorted(texts) == sorted((link.text, link.tag) for link in links)


def test_whose_a_link_is_that_was_there_before_is_put_right_with_the_next_page_that_shows_it() -> None:
    with store() as tx:
        with_targets(tx, column("c"))
        read(tx, "c", *LINKS)
        with_targets(tx, column("c"), site("a"), site("b"))  # and nobody asked the links on their hosts
        read(tx, "a", *LINKS)
        assert (
            tx.execute("SELECT id, site FROM targets WHERE kind = 'link'").fetchall() == tx.execute(LIES_ON).fetchall()
        )


def test_what_comes_back_is_written_once() -> None:
    with store() as tx:
        with_targets(tx, site("a"))
        for links in (LINKS, ()):
            read(tx, "a", *links)
        before = tx.total_changes
        read(tx, "a", *LINKS)
        assert tx.total_changes - before == 2 * len(LINKS)


def test_a_page_that_became_a_column_while_it_was_looked_at_is_no_home_page() -> None:
    with store() as tx:
        with_targets(tx, site("a"))
        claimed = targets.load_target(tx, "a")
        with_targets(tx, column("a", url="http://a.example/"))
        seen.note_links(tx, claimed, LINKS, NOON, DAY)
        assert tx.execute("SELECT DISTINCT on_home FROM targets WHERE kind = 'link'").fetchall() == [(0,)]


def test_what_links_there_are_is_asked_once_for_all_of_a_page() -> None:
    links = [Link(f"http://x.example/{n}", "", "a") for n in range(100)]
    with store() as tx:
        with_targets(tx, site("a"), site("b"))
        for page in ("a", "b"):
            every = asked(
                tx, partial(seen.note_links, page=targets.load_target(tx, page), links=links, at=NOON, period=DAY)
            )
            assert len([one for one in every if one.lstrip().startswith("SELECT")]) == 4, "shown, kind, known, sites"
