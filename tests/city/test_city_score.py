"""Incidents against the truth: missed, false, late, found; and the whole result of a drill."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.city.faults import Event
from monitor.city.scenario import Scenario
from monitor.city.score import Arrival, Told, not_yet_due, score, score_of
from monitor.city.terms import Terms
from tests.city.truths import PLAN, START, D, H, M, S, units

NOW = START + 30 * D
DOWN = Event(D, "down", "site-03", H)
KEYS = """expected found missed false late delay_seconds notices notices_lost notices_twice messages_per_day virtual_days
visits wall_seconds incidents"""


def incident(cause: str, *targets: str, opened: datetime, **more: object) -> dict[str, object]:
    base: dict[str, object] = {"cause": cause, "targets": list(targets), "rules": ["house/now"], "opened_at": opened}
    return base | {"recovered_at": None, "notified_at": opened + M, "severity": "serious"} | more


def judged(
    incidents: list[dict[str, object]], *events: Event, now: datetime = NOW
) -> tuple[list[object], list[object]]:
    found = score(PLAN, units(*events), incidents, now)
    return [line["target"] for line in found["missed"]], [line["target"] for line in found["false"]]


def scenario(*events: Event, days: int = 30, **more: Any) -> Scenario:
    told: dict[str, Any] = {"rules": ("national-2019", "house"), "cadence": {}, "counts": {}} | more
    return Scenario(name="play", start=START, days=days, seed=7, events=events, plan=PLAN, **told)


def result(
    incidents: list[dict[str, object]],
    *events: Event,
    told: tuple[Told, ...] = (),
    arrivals: tuple[Arrival, ...] | None = None,
    days: int = 30,
) -> Mapping[str, Any]:
    play = scenario(*events, days=days)
    return score_of(play, Terms(), incidents=incidents, told=told, arrivals=arrivals, visits=5, wall_seconds=0.5)


def test_found_is_neither_missed_nor_false() -> None:
    assert judged([incident("outage", "site-03", opened=START + D + 5 * M)], DOWN) == ([], [])


def test_instants_may_be_text() -> None:
    text = (START + D + 5 * M).astimezone(UTC).isoformat()
    found = incident("outage", "site-03", opened=START)
    assert judged([found | {"opened_at": text, "notified_at": text}], DOWN) == ([], [])


def test_nothing_found_is_missed() -> None:
    assert judged([], DOWN) == (["site-03"], [])


def test_not_told_is_missed() -> None:
    lines = score(PLAN, units(DOWN), [incident("outage", "site-03", opened=START + D, notified_at=None)], NOW)
    assert "no notice" in str(lines["missed"][0]["evidence"])
    assert lines["false"] == []


def test_not_missed_before_it_is_due() -> None:
    now = START + D + 5 * M
    assert judged([], DOWN, now=now) == ([], [])
    assert [line["target"] for line in not_yet_due(PLAN, units(DOWN), [], now)] == ["site-03"]


@pytest.mark.parametrize(
    "wrong",
    [
        incident("outage", "site-04", opened=START + D),
        incident("slow", "site-03", opened=START + D),
        incident("outage", "site-03", opened=START + 3 * D),
        incident("outage", "site-03", opened=START + D + H + 61 * S),
        incident("outage", "site-03", opened=START, recovered_at=START + H),
        incident("ours", "*", opened=START + D),
    ],
)
def test_what_nobody_planned_is_false(wrong: dict[str, object]) -> None:
    right = incident("outage", "site-03", opened=START + D + 5 * M)
    missed, false = judged([right, wrong], DOWN)
    assert (missed, len(false)) == ([], 1)


def test_a_look_may_be_under_way_when_the_fault_ends() -> None:
    assert judged([incident("outage", "site-03", opened=START + D + H + 59 * S)], DOWN) == ([], [])


def test_one_wrong_target_among_right_ones() -> None:
    both = [Event(D, "down", "site-03", H), Event(D, "down", "site-04", H)]
    shared = incident("outage", "site-03", "site-04", "site-05", opened=START + D + 5 * M)
    assert judged([shared], *both) == ([], ["site-05"])


def test_a_shared_platform_is_one_incident_and_counts_for_each_site() -> None:
    every = [site.name for site in PLAN.sites]
    found = result([incident("outage", *every, opened=START + D + 5 * M)], Event(D, "timeout", "site-*", H))
    assert (found["expected"], found["found"], found["false"]) == (10, 10, [])


def test_links_are_found_by_their_target_id() -> None:
    dead = Event(D, "dead_link", "site-03/link-05")
    known = PLAN.target_id("site-03/link-05")
    assert judged([incident("dead_link", known, opened=START + 2 * D)], dead) == ([], [])
    assert judged([incident("dead_link", "link:0123456789abcdef", opened=START + 2 * D)], dead) == (
        ["site-03/link-05"],
        ["link:0123456789abcdef"],
    )


def test_an_optional_unit_may_be_found_or_not() -> None:
    short = Event(D, "down", "site-03", 6 * M)
    assert judged([], short) == ([], [])
    assert judged([incident("outage", "site-03", opened=START + D + 3 * M)], short) == ([], [])
    late = result([incident("outage", "site-03", opened=START + D + 3 * M, notified_at=START + 2 * D)], short)
    assert (late["expected"], late["found"], late["late"]) == (0, 0, [])


def test_told_in_time_is_not_late_and_a_second_after_is() -> None:
    due = START + D + 9 * M
    opened = START + D + 5 * M
    assert result([incident("outage", "site-03", opened=opened, notified_at=due)], DOWN)["late"] == []
    (line,) = result([incident("outage", "site-03", opened=opened, notified_at=due + S)], DOWN)["late"]
    assert (line["target"], line["cause"], line["rule"]) == ("site-03", "outage", "house/outage")
    assert (line["from"], line["to"]) == ((START + D).isoformat(), (START + D + H).isoformat())
    assert line["found_at"] == (due + S).isoformat()
    assert "1 s after it was due" in line["evidence"]


def test_an_incident_already_open_and_told_makes_nothing_late() -> None:
    again = Event(D + 61 * M, "down", "site-03", H)
    one = incident("outage", "site-03", opened=START + D + 5 * M, recovered_at=START + D + 2 * H + 5 * M)
    found = result([one], DOWN, again)
    assert (found["expected"], found["found"], found["late"], found["missed"]) == (2, 2, [], [])
    assert found["delay_seconds"]["p50"] == 0.0, "told before it began"


def test_a_gap_in_which_the_incident_ended_asks_for_another() -> None:
    one = incident("outage", "site-03", opened=START + D + 5 * M, recovered_at=START + D + H + M)
    found = result([one], DOWN, Event(D + 3 * H, "down", "site-03", H))
    assert [line["from"] for line in found["missed"]] == [(START + D + 3 * H).isoformat()]


def test_the_first_confirmed_notice_of_any_incident_counts() -> None:
    late = incident("outage", "site-03", opened=START + D + 5 * M, notified_at=START + D + 50 * M)
    early = incident("outage", "site-03", "site-04", opened=START + D + 6 * M)
    assert result([late, early], DOWN)["late"] == []


def test_delays_count_from_the_fault_or_the_passing_of_its_limit() -> None:
    events = [Event(D, "down", "site-03", H), Event(9 * H, "silent", "account-05")]
    found = result(
        [
            incident("outage", "site-03", opened=START + D + 4 * M),
            incident("stale", "account-05", opened=START + 13 * D, notified_at=START + 13 * D + 40 * S),
        ],
        *events,
    )
    assert found["delay_seconds"] == {"p50": 40.0, "p99": 300.0, "max": 300.0}
    assert result([], *events)["delay_seconds"] == {"p50": None, "p99": None, "max": None}


def test_what_is_due_after_the_end_is_not_expected() -> None:
    assert result([], Event(10 * D, "down", "site-03", H), days=5)["expected"] == 0
    assert result([], Event(5 * D - 8 * M, "down", "site-03"), days=5)["expected"] == 0
    assert result([], Event(5 * D - 9 * M, "down", "site-03"), days=5)["missed"] != []


def test_the_result_has_the_keys_of_the_design_and_is_json() -> None:
    one = incident("dead_link", PLAN.target_id("site-03/link-05"), opened=START + 2 * D)
    told = (Told(1, "opened", "duty", "duty", START + D, "sent", START + D + S, 4),)
    came = (Arrival(4, START + D, confirmed=True, repeat=False),)
    found = result([one, incident("outage", "site-09", opened=START)], DOWN, told=told, arrivals=came)
    again = json.loads(json.dumps(found))
    assert again == found
    assert set(found) == set(KEYS.split())
    for line in (*found["missed"], *found["false"]):
        assert set(line) == {"target", "cause", "rule", "from", "to", "found_at", "evidence"}
    assert set(found["incidents"][0]) == set("cause targets rules opened_at recovered_at notified_at severity".split())
    assert found["incidents"][0]["targets"] == ["site-03/link-05"]
    assert (found["virtual_days"], found["visits"], found["wall_seconds"], found["notices"]) == (30, 5, 0.5, 1)


def test_others_can_score_from_the_result() -> None:
    found = result([incident("outage", "site-03", opened=START + D + 5 * M)], DOWN)
    assert score(PLAN, units(DOWN), found["incidents"], NOW) == {"missed": [], "false": []}


def test_the_packs_of_the_scenario_count() -> None:
    slow = Event(D, "slow", "site-03", H)
    play = scenario(slow, rules=("national-2019",), cadence={"site": timedelta(minutes=15)})
    from monitor.city.truth import terms_of

    terms = terms_of(play, Terms(column=2 * H))
    assert (terms.site, terms.column, terms.account) == (15 * M, 2 * H, H)
    assert terms.rules == {"national-2019"}
    found = score_of(play, terms, incidents=[], told=(), arrivals=None, visits=0, wall_seconds=0)
    assert found["expected"] == 0


def test_evidence_names_what_came_nearest() -> None:
    wrong = incident("slow", "site-03", opened=START + D + 5 * M, recovered_at=START + D + H)
    found = result([wrong], DOWN)
    assert found["missed"][0]["evidence"] == (
        "no incident (down); slow 2026-01-06T00:05:00+08:00 to 2026-01-06T01:00:00+08:00"
    )
    assert found["false"][0]["evidence"].endswith(
        "; outage (down) 2026-01-06T00:00:00+08:00 to 2026-01-06T01:00:00+08:00"
    )
