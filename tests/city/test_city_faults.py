"""Which fault holds when."""

from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from monitor.city.faults import KINDS, Event, Faults, ScenarioError, expand
from monitor.city.plan import make_plan
from tests.city.conftest import NOON

PLAN = make_plan(7, sites=10, https=frozenset({"site-03"}))


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def test_an_event_holds_from_its_first_instant_to_its_last() -> None:
    faults = Faults(PLAN, [Event(minutes(5), "down", "site-02", minutes(10))], NOON)
    held = [m for m in range(20) if faults.reach("site-02", NOON + minutes(m))]
    assert held == list(range(5, 15))
    assert faults.reach("site-03", NOON + minutes(6)) is None


def test_without_an_end_it_holds_to_the_end() -> None:
    faults = Faults(PLAN, [Event(minutes(-60), "silent", "account-17")], NOON)
    assert faults.find("account-17", "silent", NOON + timedelta(days=400))
    assert faults.next_change(NOON) is None


def test_patterns_name_every_target_of_their_depth() -> None:
    assert len(expand(PLAN, [Event(minutes(0), "down", "site-*")])) == 10
    assert len(expand(PLAN, [Event(minutes(0), "blank", "site-0?/column-1")])) == 9
    assert len(expand(PLAN, [Event(minutes(0), "silent", "account-*")])) == 20
    assert len(expand(PLAN, [Event(minutes(0), "dead_link", "site-03/link-*")])) == 20


def test_all_problems_are_told_at_once() -> None:
    events = [
        Event(minutes(0), "down", "site-99"),
        Event(minutes(0), "blank", "site-02"),
        Event(minutes(0), "eaten", "site-02"),
        Event(minutes(0), "dead_link", "site-02/link-999"),
        Event(minutes(0), "tls_expired", "site-01"),
    ]
    with pytest.raises(ScenarioError) as caught:
        Faults(PLAN, events, NOON)
    assert len(caught.value.problems) == 5
    assert "the city has no 'site-99'" in str(caught.value)


def test_every_kind_of_the_design_is_known_and_those_that_obligations_brought() -> None:
    words = """down dns timeout slow http_500 http_404 tls_expired challenged maintenance soft_error hijacked dead_link
    hidden_link blank silent shell backdated marks_missing bridge_down uplink_down killed clock_jump channel_down disk_full
    declared message ack entry_missing notice_gone unmanned hosted_abroad mislisted posts"""
    assert set(words.split()) == KINDS


def test_the_daemons_and_the_desks_events_load() -> None:
    events = [Event(minutes(0), kind, "*") for kind in ("killed", "clock_jump", "disk_full", "uplink_down")]
    events += [Event(minutes(0), "channel_down", "channel-duty"), Event(minutes(0), "declared", "site-03")]
    faults = Faults(PLAN, events, NOON)
    assert faults.cut_off(NOON)
    assert faults.find("channel-duty", "channel_down", NOON)


spans = st.tuples(st.integers(-100, 100), st.one_of(st.none(), st.integers(1, 60)))


@settings(deadline=None)
@given(st.lists(spans, max_size=6), st.integers(-120, 200))
def test_nothing_changes_before_the_next_change(cases: list[tuple[int, int | None]], at: int) -> None:
    events = [Event(minutes(a), "down", "site-02", None if b is None else minutes(b)) for a, b in cases]
    faults = Faults(PLAN, events, NOON)
    now = NOON + minutes(at)
    change = faults.next_change(now)
    for step in range(0, 300, 7):
        later = now + minutes(step)
        if change is None or later < change:
            assert faults.at("site-02", later) == faults.at("site-02", now)
    if change is not None:
        assert (
            faults.at("site-02", change) != faults.at("site-02", change - timedelta(microseconds=1)) or len(cases) > 1
        )
