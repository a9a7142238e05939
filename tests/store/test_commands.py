"""What people do to the desk, and what the desk shows."""

import sqlite3
from collections.abc import Iterator

import pytest

from monitor.clock import to_ms
from monitor.model import Cause, Compliance, IncidentState, Membership, Severity, Standing, say
from monitor.store import commands, events, heartbeat, incidents, standings, views
from monitor.store.commands import Refused
from monitor.store.database import _tidy
from monitor.store.state import is_muted
from tests.store.made import DAY, HOUR, MINUTE, NOON, membership, site, store, with_targets
from tests.store.plans import asked


@pytest.fixture
def tx() -> Iterator[sqlite3.Connection]:
    with store() as connection:
        with_targets(connection, site("a", owner="办公室"), site("b"))
        yield connection
        assert events.verify(connection) is None


def opened(tx: sqlite3.Connection, wanted: Membership | None = None, *names: str) -> int:
    first = wanted or membership()
    number = incidents.open_incident(tx, first, key=first.key, severity=first.severity, now=NOON)
    for name in names or ("a",):
        incidents.join(tx, number, name, first, NOON)
    return number


def whats(tx: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(event.who, event.what) for event in reversed(events.newest(tx, 100))]


def state(tx: sqlite3.Connection, number: int) -> IncidentState:
    return incidents.load(tx, number).state


def test_the_life_of_an_incident(tx: sqlite3.Connection) -> None:
    number = opened(tx)
    commands.ack(tx, NOON + MINUTE, "张三", number, "已电话联系")
    commands.ack(tx, NOON + HOUR, "李四", number)
    found = incidents.load(tx, number)
    assert (found.state, found.acknowledged_by, found.acknowledged_at) == (
        IncidentState.ACKNOWLEDGED,
        "李四",
        NOON + HOUR,
    )
    with pytest.raises(Refused, match="only a recovered one"):
        commands.close(tx, NOON, "张三", number)
    incidents.leave(tx, number, "a", NOON + DAY)
    incidents.recover(tx, number, NOON + DAY)
    with pytest.raises(Refused, match="nothing to take"):
        commands.ack(tx, NOON, "张三", number)
    commands.close(tx, NOON + DAY, "张三", number, "已恢复")
    assert state(tx, number) is IncidentState.CLOSED
    assert whats(tx) == [
        ("张三", "incident.acknowledged"), ("李四", "incident.acknowledged"), ("张三", "incident.closed"),
    ]  # fmt: skip
    assert [(line["by"], line["note"]) for line in views.notes(tx, number)] == [
        ("张三", "已电话联系"),
        ("李四", ""),
        ("张三", "已恢复"),
    ]


@pytest.mark.parametrize("severity", [Severity.BREACH, Severity.REMIND])
def test_a_light_false_alarm_takes_one_person(tx: sqlite3.Connection, severity: Severity) -> None:
    number = opened(tx, membership(severity=severity))
    assert commands.false_alarm(tx, NOON, "张三", number, "测试页面")
    assert state(tx, number) is IncidentState.FALSE_ALARM
    assert incidents.open_memberships(tx, "a") == []
    assert incidents.members(tx, number) == []
    with pytest.raises(Refused, match="already"):
        commands.false_alarm(tx, NOON, "李四", number, "again")


@pytest.mark.parametrize("severity", [Severity.VETO, Severity.SERIOUS])
def test_a_grave_false_alarm_takes_two_people(tx: sqlite3.Connection, severity: Severity) -> None:
    number = opened(tx, membership(severity=severity))
    assert not commands.false_alarm(tx, NOON, "张三", number, "误判")
    assert state(tx, number) is IncidentState.OPEN
    with pytest.raises(Refused, match="second person"):
        commands.false_alarm(tx, NOON, " 张三 ", number, "我说过了")
    assert commands.false_alarm(tx, NOON + MINUTE, "李四", number, "确认")
    assert state(tx, number) is IncidentState.FALSE_ALARM
    assert whats(tx) == [("张三", "incident.false_alarm_proposed"), ("李四", "incident.false_alarm")]


def test_what_cannot_be_is_refused_in_words(tx: sqlite3.Connection) -> None:
    number = opened(tx)
    for attempt in (
        lambda: commands.ack(tx, NOON, "张三", 99),
        lambda: commands.ack(tx, NOON, "  ", number),
        lambda: commands.false_alarm(tx, NOON, "张三", number, " "),
        lambda: commands.mute(tx, NOON, "张三", "none", until=NOON + DAY, reason="x"),
        lambda: commands.mute(tx, NOON, "张三", "a", until=NOON, reason="x"),
        lambda: commands.mute(tx, NOON, "张三", "a", until=NOON + 31 * DAY, reason="x"),
        lambda: commands.mute(tx, NOON, "张三", "a", until=NOON + DAY, reason=""),
        lambda: commands.unmute(tx, NOON, "张三", "a"),
        lambda: commands.log(tx, NOON, "张三", "\n"),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert str(refusal.value)
    assert whats(tx) == []


def test_muting_and_the_duty_log(tx: sqlite3.Connection) -> None:
    commands.mute(tx, NOON, "张三", "a", until=NOON + DAY, reason="机房检修")
    assert is_muted(tx, "a", NOON + HOUR)
    assert not is_muted(tx, "a", NOON + DAY)
    assert not is_muted(tx, "b", NOON)
    commands.mute(tx, NOON, "李四", "a", until=NOON + 2 * DAY, reason="延长")
    commands.unmute(tx, NOON + HOUR, "李四", "a")
    assert not is_muted(tx, "a", NOON + HOUR)
    number = commands.log(tx, NOON, "张三", " 接班,一切正常 ")
    line = views.last_events(tx, 1)[0]
    assert (line.seq, line.who, line.what, line.body) == (number, "张三", "duty.logged", {"text": "接班,一切正常"})


def test_the_desk_shows_what_is_wrong_gravest_first(tx: sqlite3.Connection) -> None:
    light = opened(tx, membership(severity=Severity.REMIND, key="light"), "a")
    grave = opened(tx, membership(severity=Severity.VETO, key="grave", since=NOON - DAY), "a", "b")
    gone = opened(tx, membership(key="gone"), "a")
    incidents.leave(tx, gone, "a", NOON)
    incidents.recover(tx, gone, NOON)
    ours = opened(tx, membership(cause=Cause.OURS, key="uplink"), "*")
    shown = views.wrong_now(tx)
    assert [line.id for line in shown] == [grave, ours, light]
    assert (shown[0].members, shown[0].since) == (2, NOON - DAY)
    assert [target.name for target in shown[0].targets] == ["a", "b"]
    assert shown[0].targets[0].owner == "办公室"
    assert str(shown[0].targets[0].why) == "does not open"
    assert shown[1].targets[0].kind is None
    assert [line.id for line in views.wrong_now(tx, limit=1)] == [grave]


def test_the_desk_shows_what_falls_due(tx: sqlite3.Connection) -> None:
    def due(day: int) -> Standing:
        return Standing("house/x", Compliance.DUE, say("{n} days left", n=day), Cause.STALE, until=NOON + day * DAY)

    standings.replace(tx, "a", [due(3)], None, NOON)
    standings.replace(tx, "b", [due(1)], None, NOON)
    assert [(line.target, line.due, str(line.why)) for line in views.due_next(tx)] == [
        ("b", NOON + DAY, "1 days left"), ("a", NOON + 3 * DAY, "3 days left"),
    ]  # fmt: skip
    assert [line.target for line in views.due_next(tx, until=NOON + 2 * DAY)] == ["b"]


def test_ages_say_never_when_it_never_was(tx: sqlite3.Connection) -> None:
    assert {age.at for age in views.ages(tx)} == {None}
    heartbeat.beat(tx, NOON)
    heartbeat.beat(tx, NOON + MINUTE)
    tx.execute("UPDATE targets SET last_visit_at = ? WHERE id = 'a'", (to_ms(NOON),))
    commands.log(tx, NOON + HOUR, "张三", "x")
    known = {age.name: age.at for age in views.ages(tx)}
    assert known == {"heartbeat": NOON + MINUTE, "visit": NOON, "look": None, "delivery": None, "event": NOON + HOUR}
    assert heartbeat.last(tx) == NOON + MINUTE


def test_deliveries_are_counted_by_state(tx: sqlite3.Connection) -> None:
    insert = """INSERT INTO deliveries (recipient, channel, state, severity, created_at, attempt, next_attempt_at, finished_at)
                VALUES ('张三', 'mail', ?, 'breach', 0, 1, 0, ?)"""
    tx.executemany(insert, [("pending", None), ("sent", 5), ("sent", 9), ("dead", 7)])
    assert views.deliveries(tx) == {"dead": 1, "pending": 1, "sent": 2}


def test_sizes_name_every_table_exactly_or_by_estimate(tx: sqlite3.Connection) -> None:
    for number in range(2000):
        events.append(tx, NOON, "张三", "duty.logged", {"text": "x" * 300, "n": number})
    sizes = views.table_sizes(tx)
    tables = {row[0] for row in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(sizes) == {name for name in tables if not name.startswith("sqlite_")} | (
        set(sizes) & {"sqlite_sequence"}
    )
    assert sizes["events"] > 2000 * 300
    estimate = views._estimate(tx, "events", None)
    assert 0.5 < estimate / sizes["events"] < 1.5
    _tidy(tx)
    known = views._counted(tx)
    assert set(known) == {"events"}, "the others are small, and quickly counted"
    counting = [one for one in asked(tx, lambda tx: views._estimate(tx, "events", known["events"])) if "COUNT" in one]
    assert counting == []
    assert 0.5 < views._estimate(tx, "events", known["events"]) / sizes["events"] < 1.5


def test_reading_the_desk_writes_nothing(tx: sqlite3.Connection) -> None:
    opened(tx)
    tx.execute("PRAGMA query_only = ON")
    views.wrong_now(tx)
    views.due_next(tx)
    views.coverage(tx, NOON)
    views.ages(tx)
    views.deliveries(tx)
    views.last_events(tx)
    views.table_sizes(tx)
    tx.execute("PRAGMA query_only = OFF")
