"""Every obligation is played by a scenario that comes with the product: a new one that none plays fails here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest

from monitor.city.asked import PACKS, kind_of
from monitor.city.faults import Event, expand
from monitor.city.scenario import Scenario
from monitor.city.terms import Unit, terms_of
from monitor.city.truth import truth
from monitor.config.obligations import OBLIGATIONS
from monitor.drill import shipped
from monitor.model import Cause, DeclarationKind, Rule
from tests.city.plays import defaults, scenario_of
from tests.city.truths import day

PLAYED = {
    "answered_within": "filings",
    "at_most_in_breach": "filings",
    "certificate_valid": "lying-net",
    "dates_honest": "strange-hands",
    "done_every": "regulations",
    "duty_covered": "regulations",
    "entry_present": "strange-hands",
    "filed_within": "regulations",
    "fixed_within": "regulations",
    "hosted_in": "regulations",
    "inventory": "regulations",
    "links_work": "year",
    "marks_present": "strange-hands",
    "no_hidden_links": "strange-hands",
    "not_blank": "filings",
    "not_tampered": "strange-hands",
    "notice_kept": "regulations",
    "offline_at_most": "filings",
    "original_share": "regulations",
    "posts_at_least": "regulations",
    "published_by": "regulations",
    "reachable": "bad-night",
    "updated_within": "edges",
}
"""By which: there it is broken within the days of the scenario, so that a drill that does not tell it has missed something."""
BESIDE = {"inventory": "mislisted", "no_hidden_links": "hidden_link"}
"""What the truth cites no rule of: a line of the digest, no incident; told with the same incident as `not_tampered`."""
FILED = {
    DeclarationKind.TEMPORARY_OFFLINE: "filings",
    DeclarationKind.PERMANENT_OFFLINE: "regulations",
    DeclarationKind.FORCE_MAJEURE: "filings",
    DeclarationKind.ORDERED_CLOSURE: "filings",
    DeclarationKind.MIGRATION: "regulations",
    DeclarationKind.ACCOUNT_CLOSING: "regulations",
    DeclarationKind.LAUNCH: "regulations",
    DeclarationKind.SPONSOR_CHANGE: "regulations",
    DeclarationKind.CHANGE: "regulations",
    DeclarationKind.RETURN: "regulations",
    DeclarationKind.ACTIVITY: "regulations",
    DeclarationKind.ORDER: "regulations",
}
"""By which each kind is filed so that something else must be told than without it."""


@cache
def read(name: str) -> Scenario:
    return scenario_of(shipped()[name])


@cache
def rules() -> dict[str, Rule]:
    """By "pack/id"."""
    return {rule.key: rule for pack in defaults().packs for rule in pack.rules}


def asked(name: str, without: Callable[[Event], bool] = lambda _event: False) -> frozenset[Unit]:
    """What must be told before that scenario is over, had some of its events not been."""
    scenario = read(name)
    end = scenario.start + timedelta(days=scenario.days)
    events = tuple(one for one in scenario.events if not without(one))
    found = truth(scenario.plan, events, scenario.start, terms_of(scenario))
    return frozenset(one for one in found if one.due is not None and one.due < end)


@cache
def broken(name: str) -> frozenset[str]:
    """Obligations that something in that scenario must be told to break before it is over."""
    return frozenset(rules()[one.rule].obligation for one in asked(name) if one.rule is not None)


def test_every_obligation_has_a_scenario() -> None:
    assert PLAYED.keys() == OBLIGATIONS.keys()


@pytest.mark.parametrize("obligation", sorted(PLAYED.keys() - BESIDE.keys()))
def test_the_scenario_breaks_it(obligation: str) -> None:
    assert obligation in broken(PLAYED[obligation])


@pytest.mark.parametrize("obligation", sorted(BESIDE))
def test_the_scenario_has_what_a_rule_of_it_is_about(obligation: str) -> None:
    scenario = read(PLAYED[obligation])
    asked = {
        rule.applies.kind
        for key, rule in rules().items()
        if rule.obligation == obligation and key.partition("/")[0] in scenario.rules
    }
    happens = {kind_of(one.target) for one in expand(scenario.plan, scenario.events) if one.kind == BESIDE[obligation]}
    assert happens
    assert happens <= asked


@pytest.mark.parametrize("pack", sorted(PACKS))
def test_regulations_breaks_a_rule_of_each_pack_by_itself(pack: str) -> None:
    scenario = read("regulations")
    terms = replace(terms_of(scenario), rules=frozenset({pack}))
    found = truth(scenario.plan, scenario.events, scenario.start, terms)
    assert any(one.due is not None and (one.rule or "").startswith(f"{pack}/") for one in found)


def test_regulations_plays_every_pack_that_is_shipped() -> None:
    assert set(read("regulations").rules) == {pack.id for pack in defaults().packs} == PACKS


def test_every_kind_of_declaration_has_a_scenario() -> None:
    assert set(FILED) == set(DeclarationKind)


@pytest.mark.parametrize("kind", sorted(FILED))
def test_there_it_decides_what_must_be_told(kind: DeclarationKind) -> None:
    name = FILED[kind]
    assert asked(name) != asked(name, without=lambda one: one.option("declare", "") == kind)


def test_working_days_around_spring_festival_are_played() -> None:
    """Received on Saturday 14 February 2026, a worked one: Sunday 15 to Monday 23 are free, Thursday 26 is the third day."""
    late = {(one.target, one.start) for one in asked("filings") if one.cause is Cause.ANSWERED_WITHIN}
    assert ("site-6", day(2026, 2, 27)) in late
    filed = {(one.target, one.start) for one in asked("regulations") if one.cause is Cause.FILED_WITHIN}
    assert ("account-02", day(2025, 2, 6)) in filed, "Friday 24 January 2025: worked Sunday, Monday, then 5 February"
    assert "account-01" not in {target for target, _ in filed}, "the same, filed on its last day"


@pytest.mark.parametrize(("name", "since"), [("filings", day(2026, 3, 15)), ("regulations", day(2025, 8, 13))])
def test_a_second_closure_in_a_year_is_played(name: str, since: datetime) -> None:
    found = {(one.target, one.start) for one in asked(name) if (one.rule or "").endswith("/N-OFF-ONCE")}
    assert ("site-1", since) in found


@pytest.mark.parametrize(("name", "by"), [("filings", "people"), ("replies", "page")])
def test_messages_that_people_bring_and_that_a_list_tells_are_played(name: str, by: str) -> None:
    def otherwise(one: Event) -> bool:
        return one.kind == "message" and one.option("by", "people") != by

    assert any(one.cause is Cause.ANSWERED_WITHIN for one in asked(name, without=otherwise))
