"""The 5 % of a rolling week: who tells it, and when it is an incident of its own. At 5 minutes 101 samples reach it."""

import pytest
from hypothesis import given, strategies as st

from monitor.city.faults import Event
from monitor.city.share import enough
from monitor.city.terms import Terms, Unit
from monitor.model import Cause
from tests.city.truths import START, TOLD, D, H, M, S, units

CYCLE = 5 * M


def share(*events: Event, terms: Terms | None = None) -> list[Unit]:
    return [unit for unit in units(*events, terms=terms) if unit.cause is Cause.AVAILABILITY]


@pytest.mark.parametrize(("minutes", "samples"), [(5, 101), (15, 34), (30, 17), (60, 9)])
def test_how_many_samples_are_five_percent_of_a_week(minutes: int, samples: int) -> None:
    assert enough(minutes * M) == samples


def test_one_long_outage_cites_the_veto() -> None:
    for kind in ("down", "slow", "maintenance"):
        assert share(Event(D, kind, "site-03", 12 * H)) == []


def test_below_five_percent_is_nothing() -> None:
    assert share(Event(D, "hijacked", "site-03", 8 * H)) == []  # 96 or 97 samples


def test_a_hijacked_home_page_fails_samples_and_has_no_outage_to_cite_them() -> None:
    (unit,) = share(Event(D, "hijacked", "site-03", 12 * H))
    assert unit.start == START + D + 100 * CYCLE, "the 101st sample at the earliest"
    assert unit.since == START + D + 101 * CYCLE, "and at the latest"
    assert unit.due == START + D + 101 * CYCLE + CYCLE + TOLD
    assert unit.end == START + D + 12 * H + 7 * D - 100 * CYCLE, "the latest instant at which 101 of a week are left"
    assert unit.rule == "national-2019/N-AVAIL"


def test_a_share_reached_or_not_by_the_phase_of_the_samples_is_optional() -> None:
    (unit,) = share(Event(D, "hijacked", "site-03", 100 * CYCLE + M))
    assert unit.due is None


def test_walls_and_blindness_are_no_failed_samples() -> None:
    assert share(Event(D, "challenged", "site-03", 3 * D), Event(D, "shell", "site-04", 3 * D)) == []
    assert share(Event(D, "hijacked", "site-03", 12 * H), Event(D, "uplink_down", "*", 6 * H)) == []


def test_the_outage_that_reaches_it_tells_it() -> None:
    """Eight hours on Monday, half an hour on Tuesday: reached in the second, which is confirmed."""
    assert share(Event(D, "down", "site-03", 8 * H), Event(2 * D, "down", "site-03", 30 * M)) == []


def test_after_a_week_nothing_is_left_of_it() -> None:
    assert share(Event(D, "hijacked", "site-03", 5 * H), Event(9 * D, "hijacked", "site-03", 5 * H)) == []
    (unit,) = share(Event(D, "hijacked", "site-03", 5 * H), Event(7 * D, "hijacked", "site-03", 5 * H))
    assert unit.due is not None
    assert unit.start == START + 7 * D + (101 - 61 - 1) * CYCLE, "61 of the first at most, then the 40th of the second"


def test_once_told_with_an_outage_it_is_no_incident_later() -> None:
    assert share(Event(D, "down", "site-03", 12 * H), Event(2 * D, "hijacked", "site-03", 2 * H)) == []


def test_an_outage_too_short_to_be_confirmed_leaves_its_samples() -> None:
    """At one minute a week has 10,080 samples: 504 of them in eight hours and a half, the last in a blip."""
    terms = Terms(site=M)
    long, blip = Event(D, "hijacked", "site-03", 504 * M - 2 * M), Event(2 * D, "down", "site-03", 119 * S)
    (unit,) = share(long, blip, terms=terms)
    assert unit.due is None, "502 or 503 and one or two"
    (surely,) = share(long, *(Event(2 * D + n * H, "down", "site-03", 119 * S) for n in range(4)), terms=terms)
    assert surely.due is not None


def test_a_blip_that_may_be_confirmed_makes_it_optional() -> None:
    blip = Event(2 * D, "down", "site-03", 5 * M)
    (unit,) = share(Event(D, "hijacked", "site-03", 500 * M), blip)
    assert unit.due is None


def test_right_after_an_outage_its_incident_may_still_be_open() -> None:
    (unit,) = share(Event(D, "down", "site-03", 8 * H), Event(D + 8 * H + 2 * M, "hijacked", "site-03", 2 * H))
    assert unit.due is None


def test_without_national_rules_there_is_no_share() -> None:
    assert share(Event(D, "hijacked", "site-03", 3 * D), terms=Terms(rules=frozenset({"house"}))) == []


def test_columns_have_no_samples() -> None:
    assert share(Event(D, "http_500", "site-03/column-05", 9 * D)) == []


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 700)), min_size=1, max_size=8),
    st.sampled_from([5, 15, 30]),
    st.integers(0, 29),
)
def test_it_is_reached_where_counting_samples_says_so(faults: list[tuple[int, int]], cycle: int, phase: int) -> None:
    """Against a count of every sample of one phase, minute by minute: asked for only when it is so in any phase."""
    events = [Event(begin * M, "hijacked", "site-03", length * M) for begin, length in faults]
    failing = {minute for begin, length in faults for minute in range(begin, begin + length)}
    samples = [minute for minute in range(phase % cycle, 3000 + 700 + 1, cycle) if minute in failing]
    need = enough(cycle * M)
    reached = [at for at in samples if sum(at - 7 * 1440 < one <= at for one in samples) >= need]
    units_of = share(*events, terms=Terms(site=cycle * M))
    for at in reached:
        assert any(
            unit.start <= START + at * M and (unit.end is None or START + at * M <= unit.end) for unit in units_of
        )
    if not reached:
        assert all(unit.due is None for unit in units_of)
