"""`drill`: a scenario played and scored, for people and for programs; how it ends; what it refuses before anything is played."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.drill import AT_MOST, summary
from monitor.drill import is_faultless, shipped
from tests.city.plays import event, small
from tests.cli.terminal import call, run
from tests.tree import ROOT

KEYS = {
    "expected", "found", "missed", "false", "late", "delay_seconds", "notices", "notices_lost", "notices_twice",
    "messages_per_day", "virtual_days", "visits", "wall_seconds", "incidents",
}  # fmt: skip
"""DESIGN.md §4.6, --json."""
INCIDENT = {"cause", "targets", "rules", "opened_at", "recovered_at", "notified_at", "severity"}
FAULT = {
    "target": "site-1",
    "cause": "outage",
    "rule": "house/outage",
    "from": "2026-01-05T02:10:00+08:00",
    "to": None,
    "found_at": None,
    "evidence": "no incident (down)",
}
POST = {
    "notice": 4,
    "recipient": "duty",
    "channel": "duty",
    "at": "2026-01-05T02:10:00+08:00",
    "evidence": "came before",
}


@pytest.fixture
def outage(tmp_path: Path) -> Path:
    """A day with one outage."""
    return small(tmp_path, event("0d 02:10", "down", "site-1", "3h"), site="1h")


def made(**wrong: list[dict[str, Any]]) -> dict[str, Any]:
    """A result without fault, but for what is told."""
    lines: dict[str, Any] = {"missed": [], "false": [], "late": [], "notices_lost": [], "notices_twice": []}
    counts = {"expected": 3, "found": 3, "virtual_days": 2, "visits": 900, "wall_seconds": 1.5}
    return lines | counts | wrong


def test_for_programs_it_prints_json_alone_with_the_keys_of_the_design(outage: Path) -> None:
    played = run("drill", outage, "--json", timeout=110)
    result = played.json()
    assert played.code == 0, played.err
    assert set(result) == KEYS
    assert (result["expected"], result["found"], result["virtual_days"]) == (1, 1, 1)
    assert result["visits"] > 50
    assert set(result["delay_seconds"]) == {"p50", "p99", "max"}
    assert set(result["messages_per_day"]) == {"p50", "max"}
    (incident,) = result["incidents"]
    assert set(incident) == INCIDENT
    assert (incident["cause"], incident["targets"]) == ("outage", ["site-1"])
    assert incident["rules"] == ["house/outage", "national-2019/N-OFF-UNFILED"]


def test_for_people_it_says_so_in_a_sentence_and_progress_goes_to_stderr(outage: Path) -> None:
    english, chinese = call("drill", outage, "--lang", "en"), call("drill", outage, "--lang", "zh-CN")
    assert english.code == chinese.code == 0
    (line,) = english.out.splitlines()
    assert line.startswith("1 days, ")
    assert "1 faults to be told, 1 found; 0 missed, 0 false, 0 late, 0 messages lost" in line
    (said,) = chinese.out.splitlines()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)
    for played in (english, chinese):
        assert all(line.startswith("small: ") for line in played.err.splitlines()), played.err


def test_of_the_settings_the_language_and_the_packs_count(outage: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.toml"
    told.write_text('[desk]\nlanguage = "en"\n[store]\npath = "nowhere/else.db"\n', encoding="utf-8")
    played = call("drill", outage, "--config", told)
    assert played.code == 0
    assert "1 faults to be told, 1 found" in played.out
    assert not (tmp_path / "nowhere").exists()
    assert not Path("nowhere").exists()
    told.write_text("[rules]\nfolders = 7\n[desk]\nlanguage = 3\n", encoding="utf-8")
    refused = call("drill", outage, "--config", told)
    assert refused.code == 2
    assert refused.out == ""
    assert "desk.language" in refused.err
    assert "rules" in refused.err


def test_nothing_but_progress_stands_on_stderr_when_the_daemon_is_killed(tmp_path: Path) -> None:
    kills = [event(f"0d 02:{minute:02}", "killed") for minute in range(2, 40, 3)]
    played = run("drill", small(tmp_path, *kills, site="1h"), timeout=110)
    assert played.code == 0
    assert all(line.startswith("small: ") for line in played.err.splitlines()), played.err


def test_another_seed_plays_another_city_and_the_file_s_own_the_same_one(outage: Path) -> None:
    own, same, other = (
        call("drill", outage, "--json", *seed).json() for seed in ((), ("--seed", "7"), ("--seed", "8"))
    )
    for result in (own, same, other):
        result.pop("wall_seconds")
        assert not result["missed"]
    assert own == same
    assert own["delay_seconds"] != other["delay_seconds"]


def test_nothing_is_left_behind_where_it_was_played(outage: Path) -> None:
    folder = outage.parent
    played = run("drill", outage, "--json", timeout=110, cwd=Path(__file__).parents[2], TMPDIR=str(folder))
    assert played.code == 0
    assert list(folder.iterdir()) == [outage]


@pytest.mark.parametrize("kind", ["missed", "false", "late"])
def test_a_fault_of_ours_is_no_success_and_is_told(kind: str) -> None:
    result = made(**{kind: [FAULT]})
    assert is_faultless(made())
    assert not is_faultless(result)
    first, line = summary(result, "en")
    assert f"1 {kind}" in first
    assert line.startswith(f"  {kind.upper()} site-1 ")
    assert line.endswith("no incident (down)")


def test_a_message_lost_or_come_twice_without_a_reason_is_no_success() -> None:
    assert not is_faultless(made(notices_lost=[POST]))
    assert not is_faultless(made(notices_twice=[POST]))
    assert is_faultless(made(notices_twice=[POST | {"evidence": "excused: came before"}]))
    assert "  LOST " in "\n".join(summary(made(notices_lost=[POST]), "en"))
    assert "  TWICE " in "\n".join(summary(made(notices_twice=[POST]), "en"))


def test_people_are_shown_twenty_of_a_kind_and_how_many_more_there_are() -> None:
    lines = list(summary(made(missed=[FAULT] * (AT_MOST + 3)), "en"))
    assert len(lines) == 1 + AT_MOST + 1
    assert lines[-1] == "  … and 3 more"


BAD = """
start = "2026-01-05T00:00:00+08:00"
days = 2
rules = ["national-2019", "some-town-2020"]
[city]
sites = 3
[[event]]
at = "1d"
kind = "earthquake"
target = "site-1"
[[event]]
at = "5d"
kind = "down"
target = "site-1"
[[event]]
at = "1d 27:00"
for = "soon"
kind = "down"
target = "site-1"
[[event]]
at = "1d"
kind = "down"
target = "site-9"
[[event]]
at = "1d"
kind = "blank"
target = "account-01"
"""


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_bad_scenario_is_told_with_all_its_problems_and_nothing_is_played(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(BAD, encoding="utf-8")
    refused = run("drill", path, *more, TMPDIR=str(tmp_path))
    assert refused.code == 2
    assert refused.out == ""
    for words in (
        "no pack 'some-town-2020'", ":7: event 1: unknown kind 'earthquake'", ":11: event 2: at: expected",
        ":15: event 3: at: expected", ":15: event 3: for: expected", "no 'site-9'", "'blank' befalls column, not 'account-",
    ):  # fmt: skip
        assert words in refused.err, words
    assert all(line.startswith(f"{path}:") for line in refused.err.splitlines())
    assert list(tmp_path.iterdir()) == [path]


def test_what_the_city_does_not_have_is_told_with_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(BAD, encoding="utf-8")
    refused = call("drill", path)
    assert ":20: event 4: " in refused.err
    assert ":24: event 5: " in refused.err


def test_what_the_record_refuses_on_the_day_is_told_with_the_reason_and_nothing_is_scored(tmp_path: Path) -> None:
    closed = event("0d 02:00", "declared", "site-1", declare="temporary_offline", to="3d")
    again = event("0d 05:00", "declared", "site-1", declare="force_majeure", to="2d")
    path = small(tmp_path, closed, again)
    refused = run("drill", path, "--json", TMPDIR=str(tmp_path), timeout=110)
    assert (refused.code, refused.out) == (2, "")
    last = refused.err.splitlines()[-1]
    assert last.startswith("force_majeure of site-1 at 2026-01-05 05:00: from: overlaps declaration 1")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["no-such-scenario", "no-such.toml"])
def test_what_is_not_there_is_said_and_is_2(name: str) -> None:
    refused = call("drill", name)
    assert refused.code == 2
    assert refused.out == ""
    assert name in refused.err


@pytest.mark.parametrize("seed", ["-1", "seven", ""])
def test_a_seed_that_is_none_is_2(seed: str, outage: Path) -> None:
    refused = call("drill", outage, "--seed", seed)
    assert refused.code == 2
    assert refused.out == ""


def test_the_product_brings_scenarios_that_are_called_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"quiet-month", "bad-night"} <= set(shipped())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quiet-month").write_text("days = 0", encoding="utf-8")
    refused = call("drill", "quiet-month")
    assert refused.code == 2, "a file of that name here goes before the product's own"
    assert "quiet-month: days: expected" in refused.err


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    refused = call("drill", "quiet-mont", "--lang", "en")
    assert refused.code == 2
    assert refused.out == ""
    assert all(name in refused.err for name in ("quiet-mont", *shipped()))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in call("drill", "quiet-mont", "--lang", "zh-CN").err)
    folder = call("drill", tmp_path, "--lang", "en")
    assert folder.code == 2


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_leaves_nothing_and_says_so(number: signal.Signals, code: int, tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    command = [sys.executable, "-m", "monitor", "drill", "year", "--json"]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"TMPDIR": str(place)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as played:
        while not list(place.rglob("zhishou.db")):
            assert played.poll() is None
            time.sleep(0.05)
        played.send_signal(number)
        out, told = played.communicate()
    assert played.returncode == code
    assert out == b""
    assert told.decode().endswith("未到终点即停止：没有评分\n")
    assert list(place.iterdir()) == []


def test_evidence_is_told_in_the_language_of_who_reads_it() -> None:
    missed, lost = FAULT | {"rule": None}, POST | {"evidence": "came before"}
    (_, told, *_), (_, said, *_) = (
        list(summary(made(missed=[missed], notices_lost=[lost]), language)) for language in ("zh-CN", "en")
    )
    assert "no incident" not in told
    assert "no incident (down)" in said
