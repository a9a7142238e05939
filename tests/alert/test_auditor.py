"""The auditor finds what was not told, and accuses nobody of what was."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.alert.auditor import Listener, audit
from monitor.alert.release import release
from monitor.clock import to_ms
from monitor.config.settings import AlertSettings
from monitor.model import NoticeKind, Refused, Result, Retry, Sent, Severity
from monitor.store import events, outbox
from tests.alert.ledger import DUTY, LEASE, add_incident, new_store, notice, put
from tests.clock import START

ALERT = AlertSettings()
EVERYBODY: list[Listener] = [("duty", "duty", None)]
HOUR = timedelta(hours=1)
LATER = START + 2 * HOUR


@pytest.fixture
def tx(tmp_path: Path) -> sqlite3.Connection:
    return new_store(tmp_path / "audit.db")


def member(tx: sqlite3.Connection, incident: int, target: str, joined: datetime = START) -> None:
    tx.execute(
        "INSERT INTO members (incident_id, target_id, since, joined_at, severity, rules, why)"
        " VALUES (?, ?, ?, ?, 'serious', '[]', '{}')",
        (incident, target, to_ms(joined), to_ms(joined)),
    )


def recover(tx: sqlite3.Connection, incident: int, at: datetime) -> None:
    tx.execute("UPDATE incidents SET state = 'recovered', recovered_at = ? WHERE id = ?", (to_ms(at), incident))
    tx.execute("UPDATE members SET left_at = ? WHERE incident_id = ?", (to_ms(at), incident))


def deliver(tx: sqlite3.Connection, now: datetime, *answers: Result) -> None:
    release(tx, now, [DUTY], ALERT)
    for delivery in outbox.claim(tx, now, 100, LEASE, {"duty": 60}):
        for answer in answers or (Sent(),):
            outbox.acknowledge(tx, delivery.id, delivery.attempt, answer, now)


def found(
    tx: sqlite3.Connection, now: datetime = LATER, listeners: list[Listener] = EVERYBODY
) -> list[tuple[int, str, str]]:
    return [(each.incident, each.kind, each.why) for each in audit(tx, listeners, START - HOUR, now)]


def test_all_told_is_nothing_missing(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    member(tx, 1, "site-1")
    deliver(tx, START)
    recover(tx, 1, START + HOUR)
    put(tx, notice(1, NoticeKind.RECOVERED, START + HOUR))
    deliver(tx, START + HOUR)
    assert found(tx) == []


def test_an_incident_without_a_notice(tx: sqlite3.Connection) -> None:
    add_incident(tx, 1)
    member(tx, 1, "site-1")
    assert found(tx) == [(1, "opened", "no_notice")]
    assert found(tx, START + timedelta(minutes=4)) == [], "it may be under way"


def test_a_recovery_that_was_forgotten(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    member(tx, 1, "site-1")
    deliver(tx, START)
    recover(tx, 1, START + HOUR)
    assert found(tx) == [(1, "recovered", "no_notice")]


def test_a_notice_that_never_became_a_delivery(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    member(tx, 1, "site-1")
    assert found(tx) == [(1, "opened", "no_delivery")]


def test_a_notice_that_rightly_waits_for_its_page(tx: sqlite3.Connection) -> None:
    put(tx, notice(1, wait=5 * HOUR))
    member(tx, 1, "site-1")
    assert found(tx) == []
    assert found(tx, START + 6 * HOUR) == [(1, "opened", "no_delivery")]


def test_one_of_two_people_was_left_out(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    member(tx, 1, "site-1")
    deliver(tx, START)
    grave_only: Listener = ("chief", "sms", (Severity.VETO,))
    assert found(tx, listeners=[*EVERYBODY, ("boss", "mail", None), grave_only]) == [(1, "opened", "no_delivery")]


@pytest.mark.parametrize("answer", [Sent(), Refused("HTTP 404")])
def test_an_end_that_people_see_is_an_end(tx: sqlite3.Connection, answer: Result) -> None:
    put(tx, notice(1))
    member(tx, 1, "site-1")
    deliver(tx, START, answer)
    assert found(tx, START + timedelta(days=3)) == []


def test_a_delivery_that_hangs_for_ever(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    member(tx, 1, "site-1")
    deliver(tx, START, Retry("HTTP 503"))
    assert found(tx) == []
    assert found(tx, START + timedelta(days=2)) == [(1, "opened", "never_ended")]


def test_further_news_of_an_open_incident(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    member(tx, 1, "site-1")
    deliver(tx, START)
    for what in ("incident.joined", "incident.day", "incident.worsened"):
        events.append(tx, START + HOUR, "zhishou", what, {"incident": 1, "target": "site-1", "severity": "veto"})
    assert found(tx) == [(1, "worsened", "no_notice"), (1, "day", "no_notice")], "the opening told who joined"
    put(tx, notice(1, NoticeKind.DAY, START + HOUR), notice(1, NoticeKind.WORSENED, START + HOUR))
    deliver(tx, START + HOUR)
    assert found(tx) == []


def test_what_somebody_muted_is_not_missing(tx: sqlite3.Connection) -> None:
    add_incident(tx, 1)
    member(tx, 1, "site-1")
    tx.execute(
        "INSERT INTO mutes (target_id, until, who, reason, at) VALUES ('site-1', ?, '张三', '检修', ?)",
        (to_ms(START + HOUR), to_ms(START - HOUR)),
    )
    assert found(tx) == []
    tx.execute("UPDATE incidents SET key = 'platform:1'")
    assert found(tx) == [(1, "opened", "no_notice")], "a shared platform is never muted"
