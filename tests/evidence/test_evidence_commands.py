"""`explain`, `what-if`, `verify` and `proof` as typed: their words, their JSON, their exit codes, and what they refuse."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.clock import from_ms
from monitor.config.shipped import shipped
from monitor.store import canon, events
from tests.cli.terminal import call
from tests.evidence.copies import copy_of, first

SETTINGS = """
[store]
path = "{folder}/zhishou.db"
[desk]
language = "en"
[cadence]
site = "1h"
column = "6h"
account = "6h"
links = "6h"
"""


@pytest.fixture
def config(month: Path, tmp_path: Path) -> Path:
    """Settings whose store is a copy of the month; no daemon runs."""
    shutil.copyfile(month, tmp_path / "zhishou.db")
    path = tmp_path / "monitor.toml"
    path.write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    return path


@pytest.fixture
def stale(month: Path) -> int:
    """The number of the incident of a silent column."""
    with sqlite3.connect(month) as tx:
        return first(tx, "stale")


def pack(folder: Path, old: str, new: str) -> Path:
    """The shipped national rules with one change."""
    text = (shipped("config", "rules") / "national-2019.toml").read_text("utf-8")
    assert old in text
    path = folder / "national-2019.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_explain_tells_people_and_programs(config: Path, stale: int) -> None:
    told = call("explain", str(stale), "--config", config)
    assert told.code == 0
    assert "day 14, 2026-01-19: the last day of the limit" in told.out
    assert told.out.rstrip().endswith("the same every time")
    assert call("explain", str(stale), "--config", config, "--lang", "zh-CN").out.rstrip().endswith("每次结果相同")
    found = call("explain", str(stale), "--config", config, "--json").json()
    assert (found["incident"], found["same"], found["cause"]) == (stale, True, "stale")


def test_explain_ends_with_1_when_it_does_not_come_to_the_same(config: Path, stale: int) -> None:
    with sqlite3.connect(config.parent / "zhishou.db") as tx:
        tx.execute("DELETE FROM rules WHERE key = 'national-2019/N-COL-DYN'")
    told = call("explain", str(stale), "--config", config)
    assert told.code == 1
    assert "NOT the same" in told.out


@pytest.mark.parametrize("command", ["explain", "proof"])
@pytest.mark.parametrize("number", ["4711", str(2**70)])
def test_there_is_no_such_incident(config: Path, command: str, number: str) -> None:
    refused = call(command, number, "--config", config)
    assert (refused.code, refused.out) == (2, "")
    assert f"there is no incident {number}" in refused.err


@pytest.mark.parametrize("command", [("explain", "1"), ("verify",), ("proof", "1")])
def test_without_a_store_there_is_nothing_to_ask(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    refused = call(*command, "--config", path)
    assert refused.code == 2
    assert "there is no store" in refused.err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["monitor.toml"]


@pytest.mark.parametrize("command", [("explain", "1"), ("verify",), ("incidents",), ("report", "outages")])
def test_a_relative_path_is_told_with_the_folder_it_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    (tmp_path / "monitor.toml").write_text('[store]\npath = "zhishou.db"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    refused = call(*command, "--config", "monitor.toml", "--lang", "en")
    assert refused.code == 2
    assert f"there is no store at {tmp_path / 'zhishou.db'}:" in refused.err


def test_verify_prints_the_head_to_be_noted(config: Path) -> None:
    told = call("verify", "--config", config)
    assert told.code == 0
    found = call("verify", "--config", config, "--json").json()
    assert found["holds"] is True
    assert found["problems"] == []
    assert f"head: {found['head']}" in told.out
    noted = call("verify", "--config", config, "--head", found["head"].upper())
    assert noted.code == 0
    assert f"that of line {found['lines']}" in noted.out


def test_verify_says_no_more_than_it_can_know(config: Path) -> None:
    """Without a head a log rewritten in its middle, and sealed anew, shows as little as missing lines."""
    told = call("verify", "--config", config).out.splitlines()[-1]
    assert "agrees with itself" in told
    assert "--head" in told
    assert "everything holds" not in told
    chinese = call("verify", "--config", config, "--lang", "zh-CN").out.splitlines()[-1]
    assert "全部成立" not in chinese
    assert "--head" in chinese


@pytest.mark.parametrize("place", [0, 5])
def test_verify_takes_the_head_as_the_digest_tells_it(config: Path, place: int) -> None:
    with sqlite3.connect(config.parent / "zhishou.db") as tx:
        lines = tx.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 6").fetchall()
        assert events.head(tx) == f"{lines[0][0]}:{lines[0][1][:16]}"
    seq, seal = lines[place]
    told = call("verify", "--config", config, "--head", f"{seq}:{seal[:16]}")
    assert told.code == 0
    assert f"that of line {seq}" in told.out
    last = told.out.splitlines()[-1]
    assert last.startswith("everything holds")
    assert ("up to line" in last) is (place > 0)
    other = call("verify", "--config", config, "--head", f"{seq - 1}:{seal[:16]}")
    assert other.code == 1
    assert "no line of the log bears the head" in other.out


@pytest.mark.parametrize("noted", ["", " ", "abc", "12:", "12:abc", "x" * 16, "0" * 65, "1:2:" + "0" * 16])
def test_what_is_no_head_is_refused_before_anything_is_read(config: Path, noted: str) -> None:
    refused = call("verify", "--config", config, "--head", noted)
    assert (refused.code, refused.out) == (2, "")
    assert "NUMBER:HASH" in refused.err


def test_a_log_rewritten_in_its_middle_shows_against_the_head_of_a_digest(config: Path, month: Path) -> None:
    """Somebody has taken an incident on in time, afterwards, and the chain is sealed anew: it agrees with itself."""
    tx = copy_of(month, config.parent / "zhishou.db")
    head = events.head(tx)
    rows = tx.execute("SELECT at, who, what, body FROM events ORDER BY seq").fetchall()
    tx.execute("DELETE FROM events")
    for at, who, what, body in rows:
        events.append(tx, from_ms(at), who, what, json.loads(body))
        if what == "incident.joined" and json.loads(body)["incident"] == 1:
            events.append(tx, from_ms(at + 1), "张三", "incident.acknowledged", {"incident": 1, "note": ""})
            taken = "UPDATE incidents SET acknowledged_by = '张三', acknowledged_at = ?, note = ? WHERE id = 1"
            note = [{"at": at + 1, "by": "张三", "what": "incident.acknowledged", "note": ""}]
            tx.execute(taken, (at + 1, canon.dumps(note)))
    tx.close()
    assert call("verify", "--config", config).code == 0
    told = call("verify", "--config", config, "--head", head)
    assert told.code == 1
    assert head in told.out


def test_verify_names_what_it_compared_and_what_it_does_not_and_why(config: Path) -> None:
    found = call("verify", "--config", config, "--json").json()
    assert found["registers"]["deliveries"] == found["deliveries"] > 0
    assert found["registers"]["outages"] > 0
    assert "what looks found" in found["not_checked"]["runs"]
    assert found["columns_not_checked"]["members"] == "since, why"
    assert found["first_at"].endswith("+08:00")
    chinese = call("verify", "--config", config, "--lang", "zh-CN").out
    assert "未核对：\n" in chinese
    assert "\n  对网站、页面、列表和链接的巡检所见" in chinese
    assert "\n  尚未发完的消息：日志里还没有任何记录" in chinese
    unchecked = chinese.partition("未核对：")[2].partition("前后相符")[0]
    names = {*found["not_checked"], *", ".join(found["columns_not_checked"].values()).split(", ")}
    assert not [name for name in names if f"{name}" in unchecked and len(name) > 4], (
        "for people, not tables and columns"
    )


def test_verify_names_table_row_and_what_differs(config: Path) -> None:
    with sqlite3.connect(config.parent / "zhishou.db") as tx:
        tx.execute("UPDATE outages SET started_at = 5 WHERE id = 1")
    told = call("verify", "--config", config)
    assert told.code == 1
    assert "outages 1: started_at is 5, by the log it is 17" in told.out


def test_verify_ends_with_1_when_a_line_was_changed(config: Path, month: Path) -> None:
    store = config.parent / "zhishou.db"
    tx = copy_of(month, store)
    tx.execute("UPDATE events SET who = '张三' WHERE seq = 7")
    tx.close()
    told = call("verify", "--config", config)
    assert told.code == 1
    assert "line 7 of the event log is missing, or not as it was written" in told.out
    assert call("verify", "--config", config, "--json").json()["broken"] == 7
    assert call("verify", "--config", config, "--head", "0" * 64).code == 1
    refused = call("proof", "1", "--config", config, "--out", store.with_name("p.zip"))
    assert refused.code == 2
    assert "zhishou verify" in refused.err


def test_proof_writes_a_file_that_checks_itself_and_never_over_another(config: Path, stale: int) -> None:
    out = config.parent / "proof.zip"
    told = call("proof", str(stale), "--out", out, "--config", config)
    assert told.code == 0
    assert "python3 proof.zip" in told.out
    head = call("verify", "--config", config, "--json").json()["head"]
    command = [sys.executable, "-I", "-S", str(out), "--head", head]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    again = call("proof", str(stale), "--out", out, "--config", config)
    assert again.code == 2
    assert "there is a file of that name" in again.err or "File exists" in again.err


def test_what_if_with_the_same_file_says_nothing_differs(config: Path, tmp_path: Path) -> None:
    same = pack(tmp_path, "动态、要闻类栏目2周内应有更新", "动态、要闻类栏目两周内应有更新")
    told = call("what-if", "--rules", same, "--config", config)
    assert told.code == 0, told.err
    assert "nothing differs" in told.out
    assert call("what-if", "--rules", same, "--config", config, "--json").json()["differs"] == []


def test_what_if_with_another_limit_tells_what_moves(config: Path, tmp_path: Path) -> None:
    place = pack(tmp_path, 'limit = "14d"\nwarn = ["4d", "1d"]\noptions', 'limit = "10d"\nwarn = ["4d", "1d"]\noptions')
    told = call("what-if", "--rules", place, "--config", config)
    assert "4 days earlier: 2026-01-16 00:00 in place of 2026-01-20 00:00" in told.out
    folder = tmp_path / "tried"
    folder.mkdir()
    place.rename(folder / place.name)
    found = call(
        "what-if", "--rules", folder, "--from", "2026-01-06", "--to", "2026-01-16", "--config", config, "--json"
    )
    (one,) = found.json()["differs"]
    assert (one["target"], one["what"], one["by_seconds"]) == ("site-2/column-1", "earlier", -4 * 86_400)
    early = call("what-if", "--rules", folder, "--to", "2026-01-15", "--config", config, "--json")
    assert early.json()["differs"] == []


def test_what_if_says_every_problem_of_the_rules(config: Path, tmp_path: Path) -> None:
    place = pack(tmp_path, 'obligation = "updated_within"', 'obligation = "updated_withn"')
    refused = call("what-if", "--rules", place, "--config", config)
    assert (refused.code, refused.out) == (2, "")
    assert "did you mean" in refused.err
    assert str(place) in refused.err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no rule pack" in call("what-if", "--rules", empty, "--config", config).err
    assert call("what-if", "--rules", tmp_path / "nowhere.toml", "--config", config).code == 2


def test_what_if_of_a_time_nobody_looked_in_is_refused(config: Path, tmp_path: Path) -> None:
    place = pack(tmp_path, "14d", "13d")
    for days in (("--from", "2030-04-01", "--to", "2030-05-01"), ("--to", "2020-05-01")):
        refused = call("what-if", "--rules", place, *days, "--config", config, "--lang", "zh-CN")
        assert (refused.code, refused.out) == (2, "")
        assert "这段时间没有任何记录" in refused.err


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (("--from", "2026-02-01", "--to", "2026-01-01"), "2026-01-01 is before 2026-02-01"),
        (("--from", "yesterday"), "--from"),
        (("--from", "9999-12-31", "--to", "9999-12-31"), "9999"),
    ],
)
def test_what_if_refuses_days_that_are_none(config: Path, tmp_path: Path, days: tuple[str, ...], says: str) -> None:
    refused = call("what-if", "--rules", pack(tmp_path, "14d", "13d"), *days, "--config", config)
    assert (refused.code, refused.out) == (2, "")
    assert says in refused.err
