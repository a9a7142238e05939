"""What the tests of truth and score share: a Monday, a city, and the units of a handful of events."""

from datetime import datetime, timedelta

from monitor.city.faults import Event
from monitor.city.plan import make_plan
from monitor.city.terms import Terms, Unit
from monitor.city.truth import truth
from monitor.clock import SHANGHAI

START = datetime(2026, 1, 5, tzinfo=SHANGHAI)
PLAN = make_plan(
    7, sites=10, columns_per_site=20, accounts=20, links_per_home=30, entries_per_site=4, https=frozenset({"site-03"})
)
S, M, H, D = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOLD = 90 * S
"""Grouping (30 s) and what §4.6 allows beside (60 s)."""


def units(*events: Event, terms: Terms | None = None, start: datetime = START) -> list[Unit]:
    """The truth of these events in the tests' city."""
    return truth(PLAN, events, start, terms or Terms())


def only(*events: Event, terms: Terms | None = None, start: datetime = START) -> Unit:
    """The one unit of these events."""
    (unit,) = units(*events, terms=terms, start=start)
    return unit


def told(*events: Event, terms: Terms | None = None, start: datetime = START) -> list[tuple[str, str, object, object]]:
    """(target, cause, from, due) of the units asked for, in time since the start."""
    found = (unit for unit in units(*events, terms=terms, start=start) if unit.due is not None)
    return [(unit.target, str(unit.cause), unit.start - start, unit.due - start) for unit in found if unit.due]


def optional(*events: Event, terms: Terms | None = None) -> list[tuple[str, str]]:
    """(target, cause) of the units that may be told or not."""
    return [(unit.target, str(unit.cause)) for unit in units(*events, terms=terms) if unit.due is None]


def day(year: int, month: int, number: int) -> datetime:
    """00:00 of a civil day of Shanghai."""
    return datetime(year, month, number, tzinfo=SHANGHAI)
