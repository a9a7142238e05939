"""What settling and clearing up ask costs what it concerns, not what there is: no whole table is gone through."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, Claim, Item, Link, Membership, Severity, say
from monitor.store import (
    again,
    attesting,
    brought,
    declarations,
    excused,
    findings,
    incidents,
    retention,
    seen,
    state,
    targets,
    views,
    wrong,
)
from monitor.store.database import _tidy
from monitor.store.known import known_of, known_of_each
from monitor.web import estate
from tests.store.made import (
    DAY,
    HOUR,
    LEASE,
    NOON,
    SECOND,
    bad,
    column,
    run,
    settled,
    site,
    store,
    visited,
    with_targets,
)
from tests.store.plans import asked, plan, scans, whole_estate


@pytest.fixture(params=["no statistics", "those of the whole", "those of a small one"])
def tx(request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    with store() as connection:
        with_targets(connection, site("a"), site("b"), column("c"))
        if request.param == "those of the whole":
            whole_estate(connection)
        if request.param == "those of a small one":
            _tidy(connection)
        yield connection


def test_a_batch_of_clearing_up_goes_through_no_table(tx: sqlite3.Connection) -> None:
    assert scans(tx, lambda tx: retention.purge(tx, NOON, disk_low=False)) == ["SCAN mutes"]


LINK = [Link("http://x.example/", "", "a")]
MEMBERSHIP = Membership(Cause.DEAD_LINK, "a.example", Severity.BREACH, (), NOON, say("fine"))
ROUND: dict[str, Callable[[sqlite3.Connection], object]] = {
    "claim": lambda tx: targets.claim(tx, NOON + DAY, 100, LEASE),
    "finish": lambda tx: targets.finish(tx, visited(_claimed(tx)), settled()),
    "again": lambda tx: again.note(tx, [_as_before(_claimed(tx))]),
    "holds": lambda tx: targets.holds(tx, _claimed(tx)),
    "release": lambda tx: targets.release(tx, [_claimed(tx)]),
    "give_back": lambda tx: state.give_back(tx, [_claimed(tx)], NOON),
    "next_wake": state.next_wake,
    "next_try": state.next_try,
    "changing": lambda tx: targets.changing(tx, NOON, 100),
    "spread_overdue": lambda tx: targets.spread_overdue(tx, NOON + 9 * DAY),
    "end_leases": lambda tx: targets.end_leases(tx, NOON),
    "overdue": lambda tx: views.overdue(tx, NOON + DAY),
    "next_wake_of": lambda tx: state.next_wake_of(tx, "c", "a"),
    "known_of": lambda tx: known_of(tx, "c"),
    "known_of_each": lambda tx: list(known_of_each(tx, ["c", "a"])),
    "find_open": lambda tx: incidents.find_open(tx, Cause.DEAD_LINK, "a.example"),
    "of ours": lambda tx: incidents.is_false_alarm_of_ours(tx, MEMBERSHIP, "*"),
    "excused": lambda tx: excused.of_target(tx, "c"),
    "pages_carrying": lambda tx: state.pages_carrying(tx, "l", 3),
    "count_broken": lambda tx: state.count_broken(tx, "links"),
    "note_links": lambda tx: seen.note_links(tx, site("a"), LINK, NOON, DAY),
    "links that go and come back": lambda tx: [
        seen.note_links(tx, site("a"), links, NOON, DAY) for links in (LINK, [], LINK)
    ],
    "earlier": lambda tx: seen.earlier(tx, "a", [Item("", "http://a.example/1")]),
    "note_items": lambda tx: seen.note_items(tx, "a", [Item("", "http://a.example/1")], NOON),
    "current_runs": lambda tx: findings.current_runs(tx, "a"),
    "save_run": lambda tx: findings.save_run(tx, "a", run(bad()), findings.current_run(tx, "a", "reachable", "")),
    "samples": lambda tx: findings.samples(tx, "a", NOON),
    "sampled_days": lambda tx: findings.sampled_days(tx, "a", NOON),
    "running_outage": lambda tx: findings.running_outage(tx, "a"),
    "ended_outages": lambda tx: findings.ended_outages(tx, "a", NOON),
    "cut_off_outage": lambda tx: findings.cut_off_outage(tx, "a"),
    "declarations": lambda tx: declarations.of_target(tx, "a", NOON),
    "attested": lambda tx: attesting.held(tx, "a"),
    "waiting": lambda tx: brought.waiting(tx, "a"),
    "posts": lambda tx: brought.posts(tx, "a", NOON),
    "counts": lambda tx: brought.counts(tx, "a", NOON),
    "kin": lambda tx: brought.kin(tx, "a"),
    "failed_while_closed": lambda tx: brought.failed_while_closed(tx, "a", [(NOON, NOON + DAY)], NOON),
}


@pytest.mark.parametrize("name", ROUND)
def test_a_round_goes_through_no_table(tx: sqlite3.Connection, name: str) -> None:
    assert asked(tx, ROUND[name]), "something is asked at all"
    assert scans(tx, ROUND[name]) == []


def test_what_waits_and_what_is_leased_is_read_in_the_order_of_an_index(tx: sqlite3.Connection) -> None:
    assert scans(tx, targets.next_due_at) == ["SCAN targets USING INDEX targets_due"], "up to the first"
    assert scans(tx, state.end_all_leases) == ["SCAN targets USING INDEX targets_leased"], "which holds nothing else"


def test_what_a_check_breaks_on_is_read_alone(tx: sqlite3.Connection) -> None:
    (question,) = asked(tx, lambda tx: state.count_broken(tx, "links"))
    assert "SEARCH r USING INDEX runs_broken (check_name=?)" in plan(tx, question)


def _claimed(tx: sqlite3.Connection) -> Claim:
    tx.execute("UPDATE targets SET lease = NULL, lease_until = NULL, next_due_at = 0 WHERE id = 'a'")
    return next(claim for claim in targets.claim(tx, NOON, 100, LEASE) if claim.target.id == "a")


def _as_before(claim: Claim) -> again.Again:
    grid = claim.sample_due_at or NOON
    return again.Again(
        claim.target.id, claim.lease, grid, NOON, NOON, NOON + DAY, (1,), (), sample=True,
        etag=None, last_modified=None, body_hash=None, normal_hash=None,
    )  # fmt: skip


def test_what_is_told_of_a_link_reads_no_more_than_fifty_of_its_pages(tx: sqlite3.Connection) -> None:
    """Counted in SQLite's own steps: a footer on a thousand columns costs what one on fifty does."""
    every = [column(f"c{n:04}") for n in range(1000)]
    with_targets(tx, *every)
    footer, rare = (Link(f"http://x.example/{name}", "", "a") for name in ("footer", "rare"))
    for number, page in enumerate(every):
        seen.note_links(tx, page, [footer, rare] if number < seen.PAGES_ASKED else [footer], NOON, DAY)
    on_many, on_fifty = seen.link_id(footer.url), seen.link_id(rare.url)
    for ask in (
        lambda link: state.pages_carrying(tx, link, 3),
        lambda link: state.page_turn_over(tx, link, NOON + DAY, NOON + 2 * DAY),
        lambda link: wrong._pages(tx, [link]),
    ):
        few, many = (steps(tx, partial(ask, link)) for link in (on_fifty, on_many))
        assert many < few * 1.2
    assert [page.id for page in state.pages_carrying(tx, on_many, 3)] == ["c0000", "c0001", "c0002"]
    assert [page.name for page in wrong._pages(tx, [on_many])[on_many]] == ["c0000", "c0001"]


def test_the_pages_seen_first_are_named_first(tx: sqlite3.Connection) -> None:
    one = Link("http://x.example/", "", "a")
    for late, name in enumerate(("c", "b", "a")):
        seen.note_links(tx, targets.load_target(tx, name), [one], NOON + late * HOUR, DAY)
    name = seen.link_id(one.url)
    assert [page.id for page in state.pages_carrying(tx, name, 2)] == ["c", "b"]
    assert [page.name for page in wrong._pages(tx, [name, name])[name]] == ["c", "b"]
    tx.execute("UPDATE targets SET blind_since = 1, blind_reason = 'x' WHERE id = ?", (name,))
    assert [one.page for one in views.untold(tx, 9)] == ["c"]


def test_what_reads_every_target_reads_them_as_they_lie(tx: sqlite3.Connection) -> None:
    """Through targets_due each row is looked up by itself: five times the time, of seconds at a million."""
    read = scans(tx, partial(estate.look, now=NOON))
    assert read.count("SCAN targets") == 4, "coverage, blind, untold, ages: once each"
    assert not [step for step in read if step.startswith("SCAN targets USING")]


def test_a_page_has_had_its_turn_when_its_last_link_had(tx: sqlite3.Connection) -> None:
    links = [Link(f"http://x.example/{n}", "", "a") for n in range(5)]
    seen.note_links(tx, targets.load_target(tx, "a"), links, NOON, DAY)
    last = max(at for (at,) in tx.execute("SELECT next_due_at FROM targets WHERE kind = 'link'"))
    name = seen.link_id(links[0].url)
    assert state.page_turn_over(tx, name, NOON, NOON + 9 * DAY) == from_ms(last)
    assert state.page_turn_over(tx, name, NOON, NOON + SECOND) == NOON + SECOND
    tx.execute("UPDATE targets SET last_visit_at = ?", (to_ms(NOON + HOUR),))
    assert state.page_turn_over(tx, name, NOON, NOON + DAY) == NOON


def test_whether_many_sites_fail_alike_is_asked_of_sites_alone_and_no_further_than_needed(
    tx: sqlite3.Connection,
) -> None:
    with_targets(tx, *(site(f"s{n:03}") for n in range(200)), *(column(f"c{n}") for n in range(9)))
    ask = partial(state.sites_failing_alike, tx, "timeout", NOON - HOUR, NOON + HOUR)
    assert scans(tx, lambda _: ask(at_most=6)) == ["SCAN t USING INDEX targets_host"]
    for name in ("s000", "s001", "s002", "c1"):
        findings.save_run(tx, name, run(bad(reason="timeout")), None)
    findings.save_run(tx, "s003", run(bad(reason="connect")), None)
    findings.save_run(tx, "s004", run(bad(reason="timeout"), NOON - 2 * HOUR), None)
    assert [ask(at_most=most) for most in (2, 3, 6)] == [2, 3, 3]
    for number in range(5, 200):
        findings.save_run(tx, f"s{number:03}", run(bad(reason="timeout")), None)
    assert steps(tx, partial(ask, at_most=6)) < steps(tx, partial(ask, at_most=1000)) / 8


def steps(tx: sqlite3.Connection, ask: Callable[[], object]) -> int:
    counted: list[int] = []
    tx.set_progress_handler(partial(counted.append, 1), 10)
    ask()
    tx.set_progress_handler(None, 0)
    return len(counted)
