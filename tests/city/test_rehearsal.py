"""A rehearsal as a whole: twice the same, nothing lost by kills, nothing touched outside its folder."""

import hashlib
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from monitor.city.reckoning import EXCUSED
from monitor.drill import run_drill
from tests.city.plays import Play, defaults, event, play, scenario_of, small, wrongs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
]

TROUBLES = (
    event("0d 02:00", "http_500", "site-2", "2h"),
    event("0d 02:05", "channel_down", "channel-duty", "20m", answer="timeout"),
    event("0d 02:20", "killed"),
    event("0d 03:00", "killed", "*", "7m"),
    event("0d 05:00", "disk_full", "*", "10m"),
    event("0d 08:00", "clock_jump", by="3h"),
    event("0d 10:00", "blank", "site-1/column-1", "13h"),
    event("0d 12:00", "uplink_down", "*", "15m"),
    event("0d 14:00", "down", "site-3", "1h"),
    event("0d 14:05", "channel_down", "channel-duty", "10m", answer="errcode"),
    event("0d 15:00", "ack", "site-3", by="李四"),
)
"""Everything that makes two runs differ where chance is not the scenario's own."""

_sockets: list[str] | None = None  # None: nobody is watching


def _see(happening: str, args: tuple[Any, ...]) -> None:
    """Every socket and every look-up of a name (PEP 578); the loop's own pair of pipes is no way out."""
    if _sockets is not None and happening in {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"}:
        _sockets.append(f"{happening} {args[1:]}")


sys.addaudithook(_see)


def troubled(folder: Path, seed: int | None = None) -> Play:
    """In another folder each time, as at every drill."""
    return play(scenario_of(small(folder, *TROUBLES), seed), Path(tempfile.mkdtemp(dir=folder)) / "state")


def told(played: Play) -> list[tuple[object, ...]]:
    """What the robot heard, when, in whose words."""
    return [(one.at, one.message, one.confirmed) for one in played.heard]


def test_the_same_seed_leaves_the_same_store_and_says_the_same(tmp_path: Path) -> None:
    first, again = troubled(tmp_path), troubled(tmp_path)
    assert first.heard, "something was told"
    assert sum(map(len, first.rows.values())) > 500, "something was kept"
    assert first.rows.keys() == again.rows.keys()
    assert {name: rows for name, rows in first.rows.items() if rows != again.rows[name]} == {}
    assert told(first) == told(again)
    assert first.result == again.result
    assert first.rehearsal.lives == again.rehearsal.lives == 3
    assert not wrongs(first.result), wrongs(first.result)


def test_another_seed_gives_another_city_and_is_told_as_well(tmp_path: Path) -> None:
    first, other = troubled(tmp_path), troubled(tmp_path, seed=8)
    assert first.rehearsal.scenario.plan != other.rehearsal.scenario.plan
    assert first.rows != other.rows
    assert not wrongs(other.result), wrongs(other.result)


def test_an_outage_while_the_process_dies_every_few_minutes_is_told_once_or_marked(tmp_path: Path) -> None:
    minutes = range(2, 120, 3)
    kills = [event(f"0d {2 + minute // 60:02}:{minute % 60:02}", "killed") for minute in minutes]
    scenario = scenario_of(small(tmp_path, event("0d 02:10", "down", "site-2", "1h"), *kills, site="5m"))
    played = play(scenario, tmp_path / "state")
    assert played.rehearsal.lives == len(minutes) + 1
    (outage,) = played.result["incidents"]
    assert (outage["cause"], outage["targets"]) == ("outage", ["site-2"])
    assert outage["notified_at"] is not None
    assert outage["recovered_at"] is not None
    assert not wrongs(played.result), wrongs(played.result)
    assert all(str(line["evidence"]).startswith(EXCUSED) for line in played.result["notices_twice"])


def test_a_message_whose_answer_is_lost_comes_again_and_says_so(tmp_path: Path) -> None:
    hanging = event("0d 02:00", "channel_down", "channel-duty", "30m", answer="timeout")
    scenario = scenario_of(small(tmp_path, event("0d 02:00", "down", "site-2", "4h"), hanging))
    played = play(scenario, tmp_path / "state")
    unsure = [one for one in played.heard if not one.confirmed]
    assert unsure, "it reached the robot, which did not say so"
    again = [one for one in played.heard if one.message.delivery == unsure[0].message.delivery][1:]
    assert again
    assert all(one.message.repeat for one in again)
    assert not unsure[0].message.repeat
    assert not wrongs(played.result), wrongs(played.result)


def prints(folder: Path) -> dict[str, str]:
    """Every file below a folder by its content."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_drill_touches_nothing_outside_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Played from the very directory in which a daemon keeps its state where the settings say."""
    global _sockets  # an audit hook cannot be taken away again, only be told to look
    kept = (tmp_path / defaults().store.path).parent
    kept = kept if kept.is_relative_to(tmp_path) else tmp_path / "state"
    play(scenario_of(small(tmp_path, site="6h")), kept)
    drills = tmp_path / "drills"
    drills.mkdir()
    scenario = scenario_of(small(tmp_path, event("0d 02:10", "down", "site-2", "1h"), event("0d 02:20", "killed")))
    before = prints(tmp_path)
    seen: list[str] = []
    stores: set[Path] = set()
    monkeypatch.chdir(tmp_path)
    _sockets = seen
    try:
        result = run_drill(scenario, defaults(), lambda rehearsal: stores.add(rehearsal.store), inside=drills)
    finally:
        _sockets = None
    assert result["found"] == 1
    assert seen == []
    assert prints(tmp_path) == before, "neither the daemon's folder nor any other has changed"
    assert [store.is_relative_to(drills) for store in stores] == [True]
    assert list(drills.iterdir()) == [], "its own folder is cleared away"


def test_a_start_that_fails_skips_no_time_before_the_next_kill(tmp_path: Path) -> None:
    troubles = (
        event("0d 05:00", "disk_full", "*", "30m"),
        event("0d 05:10", "killed"),
        event("0d 09:00", "killed", "*", "2h"),
    )
    played = play(scenario_of(small(tmp_path, *troubles)), tmp_path / "state")
    (ours,) = played.result["incidents"]
    assert "T05:00" <= ours["opened_at"][10:16] <= "T05:15"
    assert "T05:30" <= ours["recovered_at"][10:16] <= "T05:45"
    assert not wrongs(played.result), wrongs(played.result)
