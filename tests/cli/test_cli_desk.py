"""The desk from a terminal without a daemon: the command opens the store itself, alone, and lets go of it."""

import re
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.clock import SystemClock, civil_day, from_ms, to_ms
from monitor.model import Cause, IncidentState, Severity, say as text
from monitor.render import day, moment
from monitor.store import incidents, lock
from tests.cli.stored import NOW, write
from tests.cli.terminal import Done, call, run
from tests.daemon.process import rows
from tests.web.filled import HOUR, target, watch, wrong


@pytest.fixture
def say(config: Path, store: Path) -> Callable[..., Done]:
    return lambda *args: call(*args, "--config", config)


Say = Callable[..., Done]
WALL = r"[A-Z][a-z]{2} \d{1,2} \d\d:\d\d"


def in_the_store(instant: datetime) -> datetime:
    """As the store keeps it: to the millisecond."""
    return from_ms(to_ms(instant))


def state_of(store: Path, number: int) -> str:
    return str(rows(store, "SELECT state FROM incidents WHERE id = ?", number)[0][0])


def test_what_is_wrong_gravest_first(say: Say) -> None:
    shown = say("incidents", "--json")
    assert (shown.code, shown.err) == (0, "")
    assert [one["cause"] for one in shown.json()] == ["outage", "stale"]
    assert [one.keys() for one in shown.json()[0]["targets"]] == [{"id", "name", "url", "why"}]
    for one in shown.json():
        assert one["since"].endswith("+08:00")
        assert one["opened_at"].endswith("+08:00")
    assert datetime.fromisoformat(shown.json()[0]["since"]) == in_the_store(NOW - 2 * HOUR), "the instant is the same"
    head, *lines = say("incidents").out.splitlines()
    assert head.endswith("Beijing time, incidents going on: 2")
    assert lines[0].startswith("#1 [serious] website cannot be opened  ")
    assert "nobody on it yet" in lines[0]
    assert lines[1] == "    某市人民政府  no complete answer within 30 s"
    assert lines[2] == "      http://site-1.example/"


def test_the_officer_reads_chinese_and_the_time_on_the_wall(say: Say) -> None:
    assert say("ack", "1", "--by", "张三").code == 0
    head, *lines = say("incidents", "--lang", "zh-CN").out.splitlines()
    wall = moment(NOW - 2 * HOUR, "zh-CN")
    assert head.endswith("（北京时间），未恢复事件2起")
    assert lines[0].startswith(f"#1 [严重问题] 网站打不开  {wall}起，已2小时")
    assert lines[0].endswith("  张三处理中")
    assert lines[1] == "    某市人民政府  30秒内未能打开"
    assert lines[3].startswith(f"#2 [一般问题] 栏目超期未更新  {wall}起，已2小时")
    assert lines[3].endswith("  尚无人认领")
    assert lines[4] == "    某市人民政府 › 工作动态  自 2026-11-01 起未更新，已超过14天时限"
    due = say("due", "--lang", "zh-CN").out.splitlines()
    days = [day(civil_day(NOW) + timedelta(days=n), "zh-CN") for n in (3, 10)]
    gone = (civil_day(SystemClock().now()) - civil_day(NOW)).days  # a run may cross midnight
    assert due[0] == f"{days[0]} 还有{3 - gone}天  某市人民政府 › 工作动态  自 2026-11-01 起未更新，已超过14天时限"
    assert due[2].startswith(f"{days[1]} 还有{10 - gone}天  某市人民政府  ")
    assert due[1] == "    c  house/fresh", "a rule without an article is named once"


def test_ours_and_what_is_not_named_are_told_too(say: Say, store: Path) -> None:
    names = [f"s{n}" for n in range(25)]
    write(
        store,
        lambda tx: wrong(tx, Cause.OURS, "*", key="uplink", why=text("the reference hosts answer"), at=NOW),
        lambda tx: watch(tx, *[target(name) for name in names], at=NOW),
        lambda tx: wrong(tx, Cause.OUTAGE, *names, key="platform:1", severity=Severity.VETO, at=NOW),
    )
    out = say("incidents", "--lang", "zh-CN").out
    assert "监测端网络中断" in out
    assert "    监测端  参照站点有应答" in out
    assert "    另有5个" in out


def test_what_falls_due_earliest_first(say: Say) -> None:
    shown = say("due", "--json").json()
    assert [one["target"] for one in shown] == ["c", "site-1"]
    assert [sorted(one) for one in shown] == [["due", "rule", "standing", "target", "why"]] * 2
    assert [one["due"][-6:] for one in shown] == ["+08:00"] * 2
    assert datetime.fromisoformat(shown[0]["due"]) == in_the_store(NOW + timedelta(days=3))
    assert [one["target"] for one in say("due", "--days", "5", "--json").json()] == ["c"]
    assert say("due", "--days", "0", "--json").json() == []


def test_an_incident_from_taken_to_put_away(say: Say, store: Path) -> None:
    done = say("ack", "1", "--by", "张三", "--note", "已联系机房")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(rf"incident #1: taken by 张三, {WALL}, Beijing time\n", done.out)
    assert state_of(store, 1) == "acknowledged"
    assert "taken by 李四" in say("ack", "1", "--by", "李四").out, "handed over"
    refused = say("close", "1", "--by", "李四")
    assert (refused.code, refused.out) == (2, "")
    assert "only a recovered one can be closed" in refused.err
    write(store, lambda tx: incidents.leave(tx, 1, "site-1", NOW), lambda tx: incidents.recover(tx, 1, NOW))
    done = say("close", "1", "--by", "李四", "--note", "机房断电", "--lang", "zh-CN")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"事件#1已由李四办结，\d+月\d+日 \d\d:\d\d（北京时间）\n", done.out)
    assert state_of(store, 1) == IncidentState.CLOSED
    who = rows(store, "SELECT who, what FROM events ORDER BY seq")
    assert who == [("张三", "incident.acknowledged"), ("李四", "incident.acknowledged"), ("李四", "incident.closed")]


def test_a_grave_false_alarm_takes_two_a_small_one_does_not(say: Say, store: Path) -> None:
    done = say("false-alarm", "2", "--by", "张三", "--note", "已更新")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(rf"incident #2: marked as a false alarm by 张三, {WALL}, Beijing time\n", done.out)
    assert state_of(store, 2) == "false_alarm"
    assert "second person" in say("false-alarm", "1", "--by", "张三", "--note", "演练").out
    assert state_of(store, 1) == "open"
    assert say("false-alarm", "1", "--by", "张三", "--note", "演练").code == 2
    assert say("false-alarm", "1", "--by", "李四", "--note", "属实").out.startswith(
        "incident #1: marked as a false alarm"
    )
    assert state_of(store, 1) == "false_alarm"


def test_muted_and_written_down(say: Say, store: Path) -> None:
    done = say("mute", "site-1", "--for", "2h", "--reason", "换服务器", "--by", "张三")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(
        rf"site-1: no notices until {WALL}, Beijing time, by 张三; it is watched all the same\n", done.out
    )
    assert rows(store, "SELECT target_id, who, reason FROM mutes") == [("site-1", "张三", "换服务器")]
    lines = say("incidents", "--lang", "zh-CN").out.splitlines()
    assert re.fullmatch(r"      已静默，\d+月\d+日 \d\d:\d\d 前不发通知", lines[4]), "under the target"
    assert not [line for line in lines[5:] if "静默" in line]
    assert "muted_until" not in say("incidents", "--json").out
    refused = say("mute", "site-1", "--for", "soon", "--reason", "x", "--by", "张三", "--lang", "zh-CN")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("“soon”不是时长")
    done = say("log", "交班", "--by", "张三")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(rf"written into the log as line \d+ by 张三, {WALL}, Beijing time\n", done.out)
    assert rows(store, "SELECT who FROM events WHERE what = 'duty.logged'") == [("张三",)]


def test_the_store_is_let_go_of_and_a_socket_left_behind_is_no_daemon(say: Say, store: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as dead:
        dead.bind(str(store.parent / "control.sock"))
    assert say("log", "一", "--by", "张三").code == 0
    assert say("log", "二", "--by", "张三").code == 0
    assert (store.parent / "control.sock").exists(), "whose it is, a command does not decide"


def test_a_false_alarm_wants_a_reason_and_says_so(say: Say) -> None:
    assert re.search(r"--note TEXT .*\[required\]", " ".join(say("false-alarm", "--help").out.split()))
    refused = say("false-alarm", "2", "--by", "张三")
    assert (refused.code, refused.out) == (2, "")
    assert "--note" in refused.err


def test_what_has_just_begun_is_not_said_to_last(say: Say, store: Path) -> None:
    write(
        store,
        lambda tx: watch(tx, target("s2"), at=NOW),
        lambda tx: wrong(tx, Cause.OUTAGE, "s2", at=NOW, since=SystemClock().now()),
    )
    out = say("incidents", "--lang", "zh-CN").out
    assert "起，不到1分钟  尚无人认领" in out
    assert "已 不到" not in out


def test_a_store_somebody_else_holds_is_not_touched(say: Say, store: Path) -> None:
    with lock.held(str(store)):
        refused = say("ack", "1", "--by", "张三")
    assert refused.code == 2
    assert "in use by another zhishou process" in refused.err
    assert state_of(store, 1) == "open"


def test_who_only_looks_does_not_need_the_store_for_himself(say: Say, store: Path) -> None:
    with lock.held(str(store)):
        assert len(say("incidents", "--json").json()) == 2
        assert len(say("due", "--json").json()) == 2


def test_nothing_going_on_is_said_too(config: Path) -> None:
    write(config.parent / "state" / "zhishou.db")

    def say(*args: str) -> Done:
        return call(*args, "--config", config)

    assert say("incidents", "--json").json() == say("due", "--json").json() == []
    assert re.fullmatch(rf"as of {WALL}, Beijing time: no incident goes on\n", say("incidents").out)
    said = rf"as of {WALL}, Beijing time: nothing falls due within 14 days\n"
    assert re.fullmatch(said, say("due", "--days", "14").out)
    assert re.fullmatch(rf"as of {WALL}, Beijing time: nothing that was warned of falls due\n", say("due").out)
    assert say("incidents", "--lang", "zh-CN").out.endswith("（北京时间），没有未恢复的事件\n")
    assert say("due", "--lang", "zh-CN").out.endswith("（北京时间），没有已提醒的到期事项\n")


def test_without_a_store_nothing_is_invented_and_nothing_created(config: Path) -> None:
    for args in (
        ("incidents", "--json"),
        ("due", "--json"),
        ("ack", "1", "--by", "张三"),
        ("log", "x", "--by", "张三"),
    ):
        refused = call(*args, "--config", config)
        assert (refused.code, refused.out) == (2, "")
        assert "no store" in refused.err
    assert sorted(config.parent.iterdir()) == [config]


def test_json_is_all_that_stands_on_stdout_of_a_real_process(config: Path, store: Path) -> None:
    done = run("incidents", "--json", "--config", config)
    assert (done.code, done.err) == (0, "")
    assert len(done.json()) == 2
    assert done.out.count("\n") == 1
