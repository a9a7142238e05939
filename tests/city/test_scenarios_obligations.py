"""Every obligation is played by a scenario that comes with the product: a new one that none plays fails here."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from monitor.city.asked import PACKS, kind_of
from monitor.city.faults import expand
from monitor.city.scenario import Scenario
from monitor.city.terms import terms_of
from monitor.city.truth import truth
from monitor.config.obligations import OBLIGATIONS
from monitor.drill import shipped
from monitor.model import Rule
from tests.city.plays import defaults, scenario_of

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


@cache
def read(name: str) -> Scenario:
    return scenario_of(shipped()[name])


@cache
def rules() -> dict[str, Rule]:
    """By "pack/id"."""
    return {rule.key: rule for pack in defaults().packs for rule in pack.rules}


@cache
def broken(name: str) -> frozenset[str]:
    """Obligations that something in that scenario must be told to break before it is over."""
    scenario = read(name)
    end = scenario.start + timedelta(days=scenario.days)
    found = truth(scenario.plan, scenario.events, scenario.start, terms_of(scenario))
    cited = {one.rule for one in found if one.rule is not None and one.due is not None and one.due < end}
    return frozenset(rules()[key].obligation for key in cited)


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
