"""How long what people filed holds, what it explains of an outage, and what a recorded return does to one."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st

from monitor.judge.effect import covered, goes_by_outages, in_effect
from monitor.judge.outage import OVER, ended_by_return, taken_up_again
from monitor.model import CLOSURES, Declaration, DeclarationKind, Outage
from tests.judge.made import DAY, HOUR, NOON, at


def filed(kind: DeclarationKind, start: datetime, end: datetime | None = None, number: int = 1) -> Declaration:
    return Declaration(id=number, kind=kind, target="site-1", start=start, end=end, filed_at=NOON)


def test_a_return_ends_every_closure_before_it_and_no_other() -> None:
    back = filed(DeclarationKind.RETURN, NOON + 3 * DAY)
    before = filed(DeclarationKind.ORDERED_CLOSURE, NOON)
    planned = filed(DeclarationKind.TEMPORARY_OFFLINE, NOON, NOON + 9 * DAY)
    short = filed(DeclarationKind.TEMPORARY_OFFLINE, NOON, NOON + DAY)
    later = filed(DeclarationKind.PERMANENT_OFFLINE, NOON + 4 * DAY)
    moved = filed(DeclarationKind.MIGRATION, NOON)
    ends = [one.end for one in in_effect((before, planned, short, later, moved, back))]
    assert ends == [back.start, back.start, NOON + DAY, None, None, None]


def test_closed_for_good_holds_until_it_is_launched_anew() -> None:
    gone, order = filed(DeclarationKind.PERMANENT_OFFLINE, NOON), filed(DeclarationKind.ORDERED_CLOSURE, NOON)
    first, anew = filed(DeclarationKind.LAUNCH, NOON - DAY), filed(DeclarationKind.LAUNCH, NOON + 40 * DAY)
    assert [one.end for one in in_effect((gone, order, first))] == [None, None, None]
    assert [one.end for one in in_effect((gone, order, first, anew))] == [anew.start, None, None, None]


def test_what_names_no_end_is_over_with_its_outage_closed_for_good_is_not() -> None:
    over = Outage(NOON + HOUR, up_since=NOON + DAY, ended_at=NOON + DAY)
    storm, order = filed(DeclarationKind.FORCE_MAJEURE, NOON), filed(DeclarationKind.ORDERED_CLOSURE, NOON)
    gone, dated = filed(DeclarationKind.PERMANENT_OFFLINE, NOON), replace(order, end=NOON + 9 * DAY)
    ends = [one.end for one in in_effect((storm, order, gone, dated), (over,))]
    assert ends == [NOON + DAY, NOON + DAY, None, NOON + 9 * DAY]
    assert goes_by_outages((order,))
    assert not goes_by_outages((gone, dated))
    before = Outage(NOON - 2 * DAY, ended_at=NOON - DAY)
    assert in_effect((storm, order), (before,)) == (storm, order), "an earlier outage"


def test_a_return_of_a_day_comes_about_when_the_site_did_open_on_it() -> None:
    midnight = at("2026-12-10")
    up = midnight + 9 * HOUR
    closed, back = (
        filed(DeclarationKind.TEMPORARY_OFFLINE, at("2026-12-01"), at("2026-12-21")),
        filed(DeclarationKind.RETURN, midnight),
    )
    long, short = Outage(at("2026-12-01"), up, up), Outage(midnight + 5 * HOUR, up, up)
    for outage in (long, short):
        assert in_effect((closed, back), (outage,))[0].end == up, "not closed any shorter than it was"
    later = Outage(up + HOUR, up + 2 * HOUR, up + 2 * HOUR)
    hour = filed(DeclarationKind.RETURN, up)
    assert in_effect((closed, hour), (long, later))[0].end == up, "what came after is no part of it"
    assert in_effect((closed, back))[0].end == midnight


INSTANTS = st.integers(0, 400).map(lambda hours: NOON + hours * HOUR)
CLOSED = st.builds(
    lambda kind, start, length: filed(kind, start, None if length is None else start + length * HOUR),
    st.sampled_from(sorted(CLOSURES)),
    INSTANTS,
    st.one_of(st.none(), st.integers(1, 100)),
)


@given(INSTANTS, st.integers(1, 200), st.lists(CLOSED, max_size=5))
def test_what_is_covered_is_inside_the_outage_in_order_and_as_each_hour_says(
    start: datetime, hours: int, closures: list[Declaration]
) -> None:
    outage = Outage(start, up_since=start + hours * HOUR, ended_at=start + hours * HOUR)
    spans = covered(outage, closures, NOON + 900 * HOUR)
    assert all(start <= one < other <= start + hours * HOUR for one, other in spans)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(spans))
    for hour in range(hours):
        instant = start + hour * HOUR
        assert any(one.covers(instant) for one in closures) == any(one <= instant < other for one, other in spans)


@given(st.integers(-48, 48), st.integers(1, 400), st.integers(0, 40))
def test_a_return_ends_what_is_up_at_once_and_taken_back_it_goes_on(back: int, down: int, after: int) -> None:
    up = NOON + down * HOUR
    running, now = Outage(NOON, up_since=up), up + after * HOUR
    over = ended_by_return(running, min(up + back * HOUR, now))
    assert over.ended_at is not None
    assert up <= over.ended_at <= now
    again = taken_up_again(over, min(up + back * HOUR, now), now)
    assert again == (running if now - up < OVER else over), "after 24 hours it is over by itself"
    assert ended_by_return(over, now) == over


def test_a_return_changes_nothing_of_what_is_down_or_was_over_before() -> None:
    down = Outage(NOON)
    assert ended_by_return(down, NOON + DAY) == down
    over = Outage(NOON, up_since=NOON + HOUR, ended_at=NOON + HOUR)
    assert taken_up_again(over, NOON + 2 * HOUR, NOON + timedelta(hours=3)) == over
