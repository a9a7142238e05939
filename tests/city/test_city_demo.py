"""The demo plants what can be confirmed in time, and everything it plants is expected."""

from datetime import timedelta

import pytest

from monitor.city.demo import NEEDS, PLANTS, UPLINK_SECONDS, demo_plan, demo_terms
from monitor.city.faults import Event, Faults
from monitor.city.truth import truth
from monitor.city.watching import QUICK, inventory
from monitor.model import Cause
from tests.city.conftest import NOON


def seconds_of(text: object) -> float:
    return float(str(text).removesuffix("s"))


def test_the_city_of_the_demo_is_large_enough() -> None:
    plan, events = demo_plan(180)
    kinds = [target.kind.value for target in inventory(plan)]
    assert kinds.count("site") >= 12
    assert kinds.count("column") >= 60
    assert kinds.count("account") >= 20
    Faults(plan, events, NOON)  # every event fits


def test_three_minutes_hold_every_fault_the_issue_asks_for() -> None:
    _, events = demo_plan(180)
    wanted = """down dns timeout slow http_500 tls_expired challenged maintenance soft_error dead_link blank silent shell
    bridge_down uplink_down"""
    assert {event.kind for event in events} == set(wanted.split())
    assert {e.option("status", "") for e in events if e.kind == "challenged"} == {"412", "200"}
    assert {e.target.partition("-")[0] for e in events if e.kind == "silent"} == {"site", "account"}


@pytest.mark.parametrize("seconds", [0, 20, 30, 45, 60, 90, 120, 180, 600])
def test_all_that_is_planted_is_due_before_the_end(seconds: float) -> None:
    plan, events = demo_plan(seconds)
    units = truth(plan, events, NOON, demo_terms())
    asked = [unit for unit in units if unit.due is not None]
    assert all(unit.due and unit.due <= NOON + timedelta(seconds=seconds) for unit in asked)
    assert {(unit.target, unit.kind) for unit in asked} == {(event.target, event.kind) for event in events}


def test_less_time_plants_less() -> None:
    planted = [len(demo_plan(seconds)[1]) for seconds in (0, 30, 60, 120, 180)]
    assert planted == sorted(planted)
    assert planted[0] == 0
    assert planted[-1] == len(PLANTS) + 1


def test_nothing_is_unconfirmed_when_the_uplink_goes() -> None:
    plan, events = demo_plan(180)
    uplink = next(event for event in events if event.kind == "uplink_down")
    units = truth(plan, [event for event in events if event is not uplink], NOON, demo_terms())
    assert all(unit.due is None or unit.due <= NOON + uplink.at for unit in units)
    assert uplink.lasts == timedelta(seconds=UPLINK_SECONDS)
    assert uplink.until <= timedelta(seconds=180)


def test_one_incident_is_ours_and_hidden_columns_are_not_asked_for() -> None:
    plan, events = demo_plan(180)
    units = truth(plan, events, NOON, demo_terms())
    assert [unit.target for unit in units if unit.cause is Cause.OURS] == ["*"]
    assert {unit.target for unit in units if unit.due is None} == {
        f"{site}/column-{n}" for site in ("site-08", "site-09") for n in (1, 2)
    }


def test_the_arithmetic_is_that_of_the_settings() -> None:
    cadence, confirm, blind = QUICK["cadence"], QUICK["confirm"], QUICK["blind"]
    site, every = seconds_of(cadence["site"]), seconds_of(confirm["every"])
    assert NEEDS["down"] == site + 2 * every
    assert NEEDS["timeout"] == site + 3 * 30
    assert NEEDS["dead_link"] == site + 2 * seconds_of(cadence["links"]) + seconds_of(confirm["link_second_look"])
    assert NEEDS["challenged"] == site + seconds_of(blind["site"]) + site
    assert NEEDS["shell"] == 2 * seconds_of(cadence["column"]) + seconds_of(blind["column"])
    terms = demo_terms()
    assert (terms.site.total_seconds(), terms.column.total_seconds()) == (site, seconds_of(cadence["column"]))
    assert terms.account.total_seconds() == seconds_of(cadence["account"])
    assert terms.certificate.total_seconds() == seconds_of(cadence["certificate"])
    assert terms.group.total_seconds() == seconds_of(QUICK["alert"]["group_wait"])
    # three tries, and two looks at a link, outlast the ten seconds the reference hosts' answer is remembered
    assert 2 * every >= 10
    assert seconds_of(confirm["link_second_look"]) > 10


def test_the_same_demo_twice() -> None:
    assert demo_plan(180) == demo_plan(180)
    assert isinstance(demo_plan(180)[1][0], Event)
