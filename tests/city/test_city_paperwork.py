"""What people do in a rehearsal reaches the store once, at its instant or as soon as it can."""

import contextlib
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.city.faults import expand
from monitor.city.listed import inventory_of
from monitor.paperwork import Turned, acts_of
from monitor.settle.policy import policy_of
from monitor.store import events, targets
from monitor.store.opening import open_reader, open_writer
from tests.city.plays import defaults, event, play, scenario_of, small

PAPERS = (
    event("0d 06:00", "declared", "site-1", declare="temporary_offline", from_="-2d", to="1d", number="3号"),
    event("0d 07:00", "message", "site-2", class_="jiucuo", answered="0d 09:00"),
    event("0d 08:00", "message", "site-*", class_="handling"),
    event("0d 08:30", "ack", "site-1", by="李四"),
)


def test_every_act_at_its_instant_patterns_turned_into_names(tmp_path: Path) -> None:
    scenario = scenario_of(small(tmp_path, *PAPERS))
    acts = acts_of(scenario, expand(scenario.plan, scenario.events))
    hours = [act.at / timedelta(hours=1) for act in acts]
    assert hours == [6, 7, 8, 8, 8, 8.5, 9]
    assert [act.again for act in acts] == [True, True, True, True, True, False, True]


def test_done_twice_it_is_still_one(tmp_path: Path) -> None:
    """As after a kill between the commit and the next turn."""
    scenario = scenario_of(small(tmp_path, *PAPERS))
    acts = acts_of(scenario, expand(scenario.plan, scenario.events))
    tx = open_writer(str(tmp_path / "zhishou.db"), synchronous="OFF")
    with contextlib.closing(tx):
        watched = inventory_of(scenario.plan, (), scenario.rules)
        targets.sync(tx, watched, policy_of(defaults()).periods, scenario.start)
        for act in acts:
            for _ in range(2):
                act.do(tx, scenario.start + act.at, None)
        told = [(kind, number) for kind, number in tx.execute("SELECT kind, number FROM declarations")]
        assert told == [("temporary_offline", "3号")]
        classes = tx.execute("SELECT target_id, class, answered_at IS NOT NULL FROM messages ORDER BY 1, 2").fetchall()
        assert classes == [
            *(("site-1", "handling", 0), ("site-2", "handling", 0), ("site-2", "jiucuo", 1), ("site-3", "handling", 0)),
        ]
        assert len(events.newest(tx, 99)) == 1 + 4 + 1


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "trouble",
    [
        tuple(event("0d 06:00", "killed") for _ in range(8)),
        (event("0d 05:50", "killed", "*", "4h"),),
        (event("0d 05:50", "disk_full", "*", "2h"), event("0d 08:59", "disk_full", "*", "20m")),
    ],
    ids=("killed as it is filed", "nobody there", "the disk is full"),
)
def test_trouble_loses_no_paper_and_doubles_none(trouble: tuple[str, ...], tmp_path: Path) -> None:
    played = play(scenario_of(small(tmp_path, *PAPERS[:3], *trouble)), tmp_path / "state")
    assert len(played.rows["declarations"]) == 1
    assert len(played.rows["messages"]) == 4
    with contextlib.closing(open_reader(str(played.rehearsal.store))) as tx:
        filed = {"declaration.filed": 1, "declaration.remarked": 1}  # its site opens
        assert _filed(tx) == {**filed, "message.received": 4, "message.answered": 1}


def _filed(tx: sqlite3.Connection) -> dict[str, int]:
    what = "what LIKE 'declaration.%' OR what LIKE 'message.%'"
    return dict(tx.execute(f"SELECT what, count(*) FROM events WHERE {what} GROUP BY what").fetchall())


def test_what_the_record_refuses_ends_the_play_with_the_reason(tmp_path: Path) -> None:
    """Otherwise the truth would go by a filing that nobody has."""
    closed = event("0d 02:00", "declared", "site-1", declare="temporary_offline", to="3d")
    again = event("0d 05:00", "declared", "site-1", declare="force_majeure", to="2d")
    with pytest.raises(Turned) as refused:
        play(scenario_of(small(tmp_path, closed, again)), tmp_path / "state")
    (line,) = refused.value.problems
    assert line.startswith("force_majeure of site-1 at 2026-01-05 05:00: from: overlaps declaration 1")
