"""The shipped scenarios, shortened, score without fault for fixed seeds; at full length for many seeds: `make drill`.

All together take well under five minutes of one core: some 85,000 visits at 500 a second and more. A scenario's visits are its
targets by their cadences, times days; most are played with rarer looks at home pages than at full length.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from monitor.city.scenario import Scenario
from monitor.drill import shipped
from tests.city.plays import Play, play, scenario_of, wrongs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
]


class Short(NamedTuple):
    """So many first days of a scenario, at most so many visits, home pages every so many minutes (None: as at full length), seeds
    (None: its own).
    """

    days: int
    visits: int
    site: int | None = None
    seeds: tuple[int | None, ...] = (None,)


SHORT = {
    "bad-night": Short(2, 15_000, site=30),
    "lying-net": Short(5, 15_000, site=30),
    "quiet-month": Short(2, 15_000, site=60),
    "thirty-days": Short(35, 15_000, site=360),
    "crash-week": Short(1, 15_000),
    "edges": Short(45, 10_000),
    "year": Short(3, 15_000),
    "strange-hands": Short(6, 15_000),
    "filings": Short(86, 14_000, site=360),
    "towns": Short(45, 6_000, site=360),
    "replies": Short(45, 6_000, site=360),
    "regulations": Short(195, 9_000),
    "returns": Short(12, 9_000),
}
"""What is not here is played for `OTHER`."""
OTHER = Short(2, 50_000)

BUDGET, WINDOW = 18, timedelta(seconds=60)
"""Messages a channel takes in any such window (企业微信 takes 20 a minute; DESIGN.md §5.9 leaves a reserve)."""

PLAYS = [(name, seed) for name in shipped() for seed in SHORT.get(name, OTHER).seeds]


def shortened(path: Path, short: Short, seed: int | None = None) -> Scenario:
    """Its first days, with the events that begin in them."""
    whole = scenario_of(path, seed)
    days = min(short.days, whole.days)
    events = tuple(one for one in whole.events if one.at < timedelta(days=days))
    rarer = {} if short.site is None else {"site": timedelta(minutes=short.site)}
    return replace(whole, days=days, events=events, cadence={**whole.cadence, **rarer})


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_scenario_loads_with_any_seed(name: str) -> None:
    path = shipped()[name]
    own, other = scenario_of(path), scenario_of(path, 99)
    assert own.name == name
    assert own.events == other.events
    assert own.plan != other.plan
    assert {"national-2019", "house"} <= set(own.rules)
    assert len(own.rules) == {"towns": 4, "replies": 3, "returns": 3, "regulations": 7}.get(name, 2)
    assert shortened(path, SHORT.get(name, OTHER)).events, "something happens in the part that is played here"


def test_the_table_names_nothing_that_is_long_gone() -> None:
    ordered = {"quiet-month", "bad-night", "year", "thirty-days", "edges", "lying-net", "crash-week", "strange-hands"}
    ordered |= {"filings", "towns", "regulations", "returns"}
    assert SHORT.keys() <= ordered | shipped().keys()


@pytest.mark.parametrize(("name", "seed"), PLAYS)
def test_nothing_is_missed_false_late_lost_or_told_twice(
    name: str, seed: int | None, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    short = SHORT.get(name, OTHER)
    played = play(shortened(shipped()[name], short, seed), tmp_path / "state")
    result = played.result
    record_property("show", f"{name}: {result['visits']} visits, {result['found']} of {result['expected']} found")
    assert not wrongs(result), wrongs(result)
    assert result["found"] == result["expected"]
    assert result["visits"] <= short.visits, "more than this test has time for: fewer days in the table"
    assert crowded(played) == [], "no channel over its budget"
    assert dropped(played) == [], "nothing dropped"
    if name == "quiet-month":
        assert result["messages_per_day"]["max"] <= 1, result["messages_per_day"]


def crowded(played: Play) -> list[str]:
    """Windows in which the robot heard more than it takes."""
    came = sorted(one.at for one in played.heard)
    late = zip(came, came[BUDGET:], strict=False)
    return [f"{first} to {last}" for first, last in late if last - first < WINDOW]


def dropped(played: Play) -> list[str]:
    """Deliveries that were given up."""
    states = (one for one in played.rows["deliveries"] if "'dead'" in one)
    return list(states)
