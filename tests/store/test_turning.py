"""Turning pages: any size of page gives the whole list once, and no question goes through a whole table for one page."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import given, settings, strategies as st

from monitor.clock import to_ms
from monitor.model import Cause, Compliance, DeclarationKind, DeliveryState, IncidentState, Severity, TargetKind
from monitor.store import books, casebook, incidents, roll
from monitor.store.database import _tidy
from tests.store.made import DAY, NOON, column, membership, site, store, with_targets
from tests.store.plans import asked, scans, whole_estate

WANTED = casebook.Wanted((IncidentState.OPEN,), (Cause.OUTAGE,), (Severity.BREACH,), target="a", since=NOON - DAY)
PAGES: dict[str, Callable[[sqlite3.Connection], object]] = {
    "incidents": lambda tx: casebook.cases(tx, casebook.Wanted(), 10),
    "incidents asked for": lambda tx: casebook.cases(tx, WANTED, 10, 50),
    "an incident": lambda tx: casebook.cases(tx, casebook.Wanted(), 1, number=1),
    "members": lambda tx: casebook.parts(tx, 1, 10, "a"),
    "evidence": lambda tx: casebook.evidence(tx, 1, 10),
    "targets": lambda tx: roll.entries(tx, 10, "a"),
    "targets of a kind": lambda tx: roll.entries(tx, 10, kind=TargetKind.ACCOUNT, removed=True),
    "targets of a site": lambda tx: roll.entries(tx, 10, site="a"),
    "links": lambda tx: roll.entries(tx, 10, kind=TargetKind.LINK),
    "a target": lambda tx: roll.entry(tx, "a"),
    "its findings": lambda tx: roll.found(tx, "a", 10),
    "standings": lambda tx: roll.held(tx, 10, ("a", "x")),
    "standings asked for": lambda tx: roll.held(tx, 10, target="a", rule="x", value=Compliance.DUE),
    "events": lambda tx: books.events(tx, 10, 5),
    "deliveries": lambda tx: books.deliveries(tx, 10, state=DeliveryState.DEAD, channel="x"),
    "deliveries of an incident": lambda tx: books.deliveries_of(tx, 1, 10),
    "declarations": lambda tx: books.declarations(tx, 10, target="a", kind=DeclarationKind.LAUNCH, superseded=False),
    "messages": lambda tx: books.messages(tx, 10, ("a", 1, "m")),
    "messages of a target": lambda tx: books.messages(tx, 10, target="a"),
    "messages that wait": lambda tx: books.messages(tx, 10, waiting=True),
}


@pytest.fixture(params=["no statistics", "those of the whole", "those of a small one"])
def tx(request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    with store() as connection:
        with_targets(connection, site("a"), site("b"), column("c"))
        if request.param == "those of the whole":
            whole_estate(connection)
        if request.param == "those of a small one":
            _tidy(connection)
        yield connection


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_found_by_an_index(tx: sqlite3.Connection, name: str) -> None:
    asked_for = asked(tx, PAGES[name])
    assert len(asked_for) == (2 if "incident" in name and "deliveries" not in name else 1)
    assert scans(tx, PAGES[name]) == []
    for statement in asked_for:
        outer = [row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {statement}") if row[1] == 0]
        assert "USE TEMP B-TREE FOR ORDER BY" not in outer or name in SORTED, f"{name}\n{outer}"


SORTED = {"declarations", "incidents", "incidents asked for", "an incident", "targets of a site", "messages that wait", "messages", "messages of a target"}  # fmt: skip
"""What is sorted after it was found: the few targets named with a page of incidents, and what stands under one site or target."""


def test_turning_over_costs_what_is_turned_over(tx: sqlite3.Connection) -> None:
    """Counted in SQLite's own steps: the first page of five hundred incidents or targets costs what that of a hundred does."""

    def steps(ask: Callable[[], object]) -> int:
        counted: list[int] = []
        tx.set_progress_handler(partial(counted.append, 1), 10)
        ask()
        tx.set_progress_handler(None, 0)
        return len(counted)

    def more(first: int, last: int) -> None:
        with_targets(tx, *(site(f"s{n:04}") for n in range(last)))
        for number in range(first, last):
            one = membership(key=f"k{number}")
            opened = incidents.open_incident(tx, one, key=one.key, severity=one.severity, now=NOON)
            incidents.join(tx, opened, f"s{number:04}", one, NOON)

    questions = (lambda: casebook.cases(tx, casebook.Wanted(), 20), lambda: roll.entries(tx, 20))
    more(0, 100)
    few = [steps(ask) for ask in questions]
    more(100, 500)
    many = [steps(ask) for ask in questions]
    assert all(later < before * 1.3 for before, later in zip(few, many, strict=True))


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=14),
    st.integers(1, 5),
    st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_messages_come_once_whatever_the_size_of_a_page(
    told: list[tuple[str, int, bool]], limit: int, waiting: bool
) -> None:
    with store() as tx:
        for number, (target, day, answered) in enumerate(told):
            at = to_ms(NOON + day * DAY)
            row = (target, f"m{number}", "jiucuo", at, at if answered else None, "import", at)
            tx.execute(
                "INSERT INTO messages (target_id, id, class, received_at, answered_at, source, told_at) VALUES (?,?,?,?,?,?,?)",
                row,
            )
        found: list[tuple[str, int, str]] = []
        after = ("", -1, "")
        while page := books.messages(tx, limit, after, waiting=waiting):
            assert len(page) <= limit
            found += [(one.message.target, to_ms(one.message.received_at), one.message.id) for one in page]
            after = found[-1]
    wanted = [
        (target, to_ms(NOON + day * DAY), f"m{number}")
        for number, (target, day, answered) in enumerate(told)
        if not (waiting and answered)
    ]
    assert found == sorted(wanted)
