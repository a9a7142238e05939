"""The desk from a terminal, spoken over the socket of a daemon that watches a town of troubles."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import run
from tests.daemon.conftest import EXPECTED
from tests.daemon.process import Running, eventually, rows

INCIDENT = {
    "incident",
    "cause",
    "severity",
    "state",
    "since",
    "opened_at",
    "acknowledged_by",
    "rules",
    "members",
    "targets",
}
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def by_target(daemon: Running) -> dict[str, dict[str, Any]]:
    """The incidents of phase 0 by their target, once all are there."""
    eventually(lambda: len(daemon.incidents()) >= len(EXPECTED), shown=daemon.log)
    return {one["targets"][0]: one for one in daemon.incidents()}


def now(daemon: Running, target: str) -> dict[str, Any]:
    """The incident of a target as the store has it now."""
    (found,) = [one for one in daemon.incidents() if one["targets"] == [target]]
    return found


def test_incidents_are_printed_with_all_their_keys(daemon: Running, by_target: dict[str, Any]) -> None:
    printed = daemon.command("incidents", "--json")
    assert printed.code == 0
    assert printed.err == ""
    shown = printed.json()
    assert {one["targets"][0]["id"] for one in shown} <= set(by_target)
    for one in shown:
        assert one.keys() == INCIDENT
        assert one["targets"][0].keys() == {"id", "name", "url", "why"}
    words = daemon.command("incidents")
    assert words.code == 0
    assert f"#{by_target['site-2']['id']} " in words.out


def test_what_falls_due_is_printed_earliest_first(daemon: Running, by_target: dict[str, Any]) -> None:
    eventually(lambda: daemon.ask("SELECT 1 FROM standings WHERE value = 'due'"), shown=daemon.log)
    printed = daemon.command("due", "--json")
    assert printed.code == 0
    shown = printed.json()
    assert [one["target"] for one in shown] == ["site-4/column-1"]
    assert shown[0].keys() == {"target", "rule", "standing", "due", "why"}
    assert shown[0]["standing"] == "due"
    assert "/" in shown[0]["rule"]
    assert daemon.command("due", "--days", "1", "--json").json() == []
    assert "site-4/column-1" in daemon.command("due").out


def test_taken_handed_over_and_not_closed_while_it_goes_on(daemon: Running, by_target: dict[str, Any]) -> None:
    number = str(by_target["site-2"]["id"])
    taken = daemon.command("ack", number, "--by", "张三", "--note", "已联系机房")
    assert (taken.code, taken.err) == (0, "")
    assert "张三" in taken.out
    assert now(daemon, "site-2")["state"] == "acknowledged"
    shown = {str(one["incident"]): one for one in daemon.command("incidents", "--json").json()}
    assert shown[number]["acknowledged_by"] == "张三"
    refused = daemon.command("close", number, "--by", "张三")
    assert refused.code == 2
    assert refused.out == ""
    assert "已认领" in refused.err
    who = daemon.ask("SELECT who FROM events WHERE what = 'incident.acknowledged'")
    assert ("张三",) in who


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("ack", "9999", "--by", "张三"), "9999"),
        (("ack", "1", "--by", " "), ""),
        (("close", "9999", "--by", "张三"), "9999"),
        (("false-alarm", "9999", "--by", "张三", "--note", "x"), "9999"),
        (("mute", "nowhere", "--for", "2h", "--reason", "x", "--by", "张三"), "nowhere"),
        (("mute", "site-1", "--for", "soon", "--reason", "x", "--by", "张三"), "soon"),
        (("mute", "site-1", "--for", "365d", "--reason", "x", "--by", "张三"), "30"),
        (("log", " ", "--by", "张三"), ""),
        (("ack", "1"), "--by"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_says_why_and_exits_with_2(daemon: Running, args: tuple[str, ...], words: str) -> None:
    refused = daemon.command(*args)
    assert refused.code == 2
    assert refused.out == ""
    assert words in refused.err
    assert refused.err.strip()
    assert "Traceback" not in refused.err


def test_a_grave_false_alarm_takes_two_and_the_same_trouble_does_not_come_back(
    daemon: Running, by_target: dict[str, Any]
) -> None:
    number = str(by_target["site-3"]["id"])
    assert by_target["site-3"]["severity"] == "serious"
    without_reason = daemon.command("false-alarm", number, "--by", "张三")
    assert without_reason.code == 2
    first = daemon.command("false-alarm", number, "--by", "张三", "--note", "机房演练")
    assert first.code == 0
    assert "另一人" in first.out
    assert now(daemon, "site-3")["state"] in {"open", "acknowledged"}
    again = daemon.command("false-alarm", number, "--by", "张三", "--note", "机房演练")
    assert again.code == 2
    assert "张三" in again.err
    second = daemon.command("false-alarm", number, "--by", "李四", "--note", "属实")
    assert second.code == 0
    assert "李四" in second.out
    assert now(daemon, "site-3")["state"] == "false_alarm"
    looks = daemon.ask("SELECT visits FROM targets WHERE id = 'site-3'")[0][0]
    eventually(lambda: daemon.ask("SELECT visits FROM targets WHERE id = 'site-3'")[0][0] >= looks + 5)
    assert now(daemon, "site-3")["state"] == "false_alarm", "the site still fails, and that is known to be none"
    third = daemon.command("false-alarm", number, "--by", "王五", "--note", "还是")
    assert third.code == 2


def test_a_line_of_the_duty_log_stands_in_the_event_log(daemon: Running) -> None:
    assert daemon.command("log", "交班：一切正常", "--by", "李四").code == 0
    said = daemon.ask("SELECT who, body FROM events WHERE what = 'duty.logged' ORDER BY seq DESC LIMIT 1")
    assert said[0][0] == "李四"
    assert "交班：一切正常" in said[0][1]


def test_a_muted_target_is_written_down_with_who_and_why(daemon: Running) -> None:
    assert daemon.command("mute", "account-2", "--for", "2h", "--reason", "换平台", "--by", "李四").code == 0
    assert daemon.ask("SELECT who, reason FROM mutes WHERE target_id = 'account-2'") == [("李四", "换平台")]


def test_a_backup_is_made_while_it_watches_and_never_over_something(daemon: Running, tmp_path: Path) -> None:
    to = tmp_path / "copy.db"
    made = daemon.command("backup", str(to))
    assert made.code == 0, made.err
    assert rows(to, "PRAGMA integrity_check") == [("ok",)]
    assert rows(to, "SELECT COUNT(*) FROM targets WHERE kind <> 'link'") == [(17,)]
    assert list(tmp_path.iterdir()) == [to], "one file, nothing beside it"
    before = to.read_bytes()
    again = daemon.command("backup", str(to))
    assert again.code == 2
    assert "exists" in again.err
    assert to.read_bytes() == before
    nowhere = daemon.command("backup", str(tmp_path / "no" / "such" / "folder.db"))
    assert nowhere.code == 2
    assert "Traceback" not in nowhere.err


def test_a_backup_is_not_put_back_while_it_watches(daemon: Running, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert daemon.command("backup", str(copy)).code == 0
    refused = daemon.command("restore", str(copy))
    assert refused.code == 2
    assert "in use" in refused.err
    assert daemon.get("/healthz").status == 200
    assert not list(daemon.store.parent.glob("*before-restore*"))
    assert not list(daemon.store.parent.glob("*restoring*")), "nothing is left lying about"


def test_who_asks_in_the_wrong_place_hears_that_there_is_no_store(tmp_path: Path) -> None:
    """Not an empty list, and nothing is created."""
    other = run("incidents", "--json", cwd=tmp_path)
    assert other.code == 2
    assert other.out == ""
    assert "zhishou.db" in other.err
    assert not list(tmp_path.iterdir())


def test_nobody_else_can_write_to_the_store_meanwhile(daemon: Running) -> None:
    with sqlite3.connect(f"file:{daemon.store}?mode=ro", uri=True) as tx, pytest.raises(sqlite3.OperationalError):
        tx.execute("DELETE FROM incidents")
    tx.close()
