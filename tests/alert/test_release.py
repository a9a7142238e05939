"""Waiting notices become deliveries: grouping, folding, superseding, and a flood that stays a handful of messages."""

import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.alert.budget import Recipient, recipients
from monitor.alert.channels.pace import per_minute
from monitor.alert.release import release, release_at
from monitor.config.settings import AlertSettings, Channel, Person
from monitor.model import Cause, NoticeKind, Refused, Retry, Sent, Severity
from monitor.store import outbox
from tests.alert.ledger import DUTY, LEASE, new_store, notice, put, states, told
from tests.clock import START

ALERT = AlertSettings()
SECOND = timedelta(seconds=1)
WAIT = ALERT.group_wait


@pytest.fixture
def tx(tmp_path: Path) -> sqlite3.Connection:
    return new_store(tmp_path / "release.db")


def claim(tx: sqlite3.Connection, now: object = START) -> list[outbox.ClaimedDelivery]:
    return outbox.claim(tx, now, 1000, LEASE, {"duty": 60})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "cause", "recently", "links_until", "wait"),
    [
        (NoticeKind.OPENED, Cause.OUTAGE, 1, None, timedelta()),
        (NoticeKind.OPENED, Cause.OUTAGE, 5, None, timedelta()),
        (NoticeKind.OPENED, Cause.OUTAGE, 6, None, WAIT),
        (NoticeKind.OPENED, Cause.STALE, 2000, None, WAIT),
        (NoticeKind.RECOVERED, Cause.OUTAGE, 1, None, timedelta()),
        (NoticeKind.RECOVERED, Cause.OUTAGE, 6, None, WAIT),
        (NoticeKind.DAY, Cause.OUTAGE, 6, None, WAIT),
        (NoticeKind.JOINED, Cause.OUTAGE, 1, None, WAIT),
        (NoticeKind.OPENED, Cause.DEAD_LINK, 1, START + timedelta(hours=7), timedelta(hours=7)),
        (NoticeKind.JOINED, Cause.DEAD_LINK, 9, START + timedelta(hours=7), timedelta(hours=7)),
        (NoticeKind.OPENED, Cause.DEAD_LINK, 1, START - timedelta(hours=7), timedelta()),
        (NoticeKind.OPENED, Cause.DEAD_LINK, 1, None, timedelta()),
        (NoticeKind.RECOVERED, Cause.DEAD_LINK, 1, START + timedelta(hours=7), timedelta()),
    ],
)
def test_how_long_a_notice_waits(
    kind: NoticeKind, cause: Cause, recently: int, links_until: datetime | None, wait: timedelta
) -> None:
    assert release_at(kind, cause, recently, START, ALERT, links_until=links_until) == START + wait


def test_one_row_per_recipient_and_channel_and_again_nothing(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    both = [DUTY, Recipient("boss", "mail")]
    assert release(tx, START, both, ALERT) == 2
    assert release(tx, START, both, ALERT) == 0
    assert states(tx) == {"pending": 2}


def test_nothing_before_its_time(tx: sqlite3.Connection) -> None:
    put(tx, notice(1, wait=WAIT))
    assert release(tx, START + WAIT - SECOND, [DUTY], ALERT) == 0
    assert release(tx, START + WAIT, [DUTY], ALERT) == 1


def test_five_incidents_are_five_messages_and_six_are_one(tx: sqlite3.Connection) -> None:
    put(tx, *(notice(number) for number in range(1, 6)))
    assert release(tx, START, [DUTY], ALERT) == 5
    put(tx, *(notice(number) for number in range(6, 12)))
    assert release(tx, START, [DUTY], ALERT) == 1
    assert [each.total for each in claim(tx)] == [1, 1, 1, 1, 1, 6]


def test_those_that_wait_to_be_grouped_go_when_the_first_is_due(tx: sqlite3.Connection) -> None:
    put(tx, *(notice(number, at=START + number * SECOND, wait=WAIT) for number in range(1, 21)))
    assert release(tx, START + WAIT, [DUTY], ALERT) == 0
    assert release(tx, START + WAIT + SECOND, [DUTY], ALERT) == 1
    assert [each.total for each in claim(tx, START + WAIT + SECOND)] == [20]
    assert outbox.next_release_at(tx) is None


def test_dead_links_go_on_waiting_for_their_page(tx: sqlite3.Connection) -> None:
    put(tx, notice(1, wait=timedelta(hours=5)), notice(2, at=START + SECOND, wait=WAIT))
    further = notice(1, NoticeKind.JOINED, START + 2 * SECOND, wait=WAIT)
    put(tx, further)
    assert release(tx, START + SECOND + WAIT, [DUTY], ALERT) == 1
    assert release(tx, START + timedelta(minutes=5), [DUTY], ALERT) == 0, "a further member waits for the opening"
    assert release(tx, START + timedelta(hours=5), [DUTY], ALERT) == 1
    assert told(tx, 2) == [(1, "opened"), (1, "joined")]


def test_a_recovery_takes_along_what_still_waits(tx: sqlite3.Connection) -> None:
    put(tx, notice(1, wait=timedelta(hours=5)), notice(1, NoticeKind.RECOVERED, START + SECOND))
    assert release(tx, START + SECOND, [DUTY], ALERT) == 1
    assert told(tx, 1) == [(1, "opened"), (1, "recovered")]


def test_recovered_before_it_was_sent_is_one_message(tx: sqlite3.Connection) -> None:
    put(tx, notice(1), notice(2))
    release(tx, START, [DUTY], ALERT)
    put(tx, notice(1, NoticeKind.RECOVERED, START + SECOND))
    release(tx, START + SECOND, [DUTY], ALERT)
    assert states(tx) == {"pending": 2, "superseded": 1}
    assert tx.execute("SELECT last_error FROM deliveries WHERE id = 1").fetchone() == ("told by delivery 3",)
    assert told(tx, 3) == [(1, "opened"), (1, "recovered")]
    assert ("delivery.superseded",) in tx.execute("SELECT what FROM events").fetchall()


def test_recovered_while_the_channel_was_down_is_one_message_too(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    release(tx, START, [DUTY], ALERT)
    [first] = claim(tx)
    outbox.acknowledge(tx, first.id, 1, Retry("connection refused"), START)
    put(tx, notice(1, NoticeKind.RECOVERED, START + SECOND))
    release(tx, START + SECOND, [DUTY], ALERT)
    assert states(tx) == {"pending": 1, "superseded": 1}


@pytest.mark.parametrize("answer", [None, Sent(), Retry("no answer in time", maybe=True), Refused("HTTP 404")])
def test_what_may_have_arrived_is_not_taken_back(tx: sqlite3.Connection, answer: object) -> None:
    put(tx, notice(1))
    release(tx, START, [DUTY], ALERT)
    [first] = claim(tx)
    if answer is not None:
        outbox.acknowledge(tx, first.id, 1, answer, START)  # type: ignore[arg-type]
    put(tx, notice(1, NoticeKind.RECOVERED, START + SECOND))
    release(tx, START + SECOND, [DUTY], ALERT)
    assert "superseded" not in states(tx)
    assert told(tx, 1) == [(1, "opened")]
    assert told(tx, 2) == [(1, "recovered")]


def test_one_of_a_group_recovers_and_the_rest_is_still_told(tx: sqlite3.Connection) -> None:
    put(tx, *(notice(number) for number in range(1, 8)))
    release(tx, START, [DUTY], ALERT)
    put(tx, notice(3, NoticeKind.RECOVERED, START + SECOND))
    release(tx, START + SECOND, [DUTY], ALERT)
    assert states(tx) == {"pending": 2}
    assert [incident for incident, _ in told(tx, 1)] == [1, 2, 4, 5, 6, 7]
    assert told(tx, 2) == [(3, "opened"), (3, "recovered")]


def test_over_budget_further_notices_fold_into_the_waiting_message(tx: sqlite3.Connection) -> None:
    slow = Recipient("duty", "duty", per_minute=2)
    for number in range(1, 11):
        put(tx, notice(number, severity=Severity.VETO if number == 10 else Severity.BREACH))
        release(tx, START, [slow], ALERT)
    assert states(tx) == {"pending": 2}
    assert [len(told(tx, delivery)) for delivery in (1, 2)] == [1, 9]
    assert tx.execute("SELECT severity FROM deliveries WHERE id = 2").fetchone() == ("veto",)
    assert len(outbox.claim(tx, START, 10, LEASE, {"duty": 2})) == 2


def test_digests_stand_alone_and_are_never_folded_into(tx: sqlite3.Connection) -> None:
    slow = Recipient("duty", "duty", per_minute=1)
    put(tx, notice(None, NoticeKind.DIGEST, due=[], open=[]))
    put(tx, *(notice(number) for number in range(1, 4)))
    assert release(tx, START, [slow], ALERT) == 2
    kinds = [{kind for _, kind in told(tx, delivery)} for delivery in (1, 2)]
    assert sorted(kinds, key=sorted) == [{"digest"}, {"opened"}]


def test_severities_filter_and_trials_reach_everybody(tx: sqlite3.Connection) -> None:
    grave_only = Recipient("boss", "boss", (Severity.VETO,))
    put(tx, notice(1), notice(2, severity=Severity.VETO), notice(None, NoticeKind.TEST, severity=Severity.REMIND))
    assert release(tx, START, [grave_only], ALERT) == 2


def test_a_dead_channel_is_not_told_about_itself(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    release(tx, START, [DUTY], ALERT)
    [delivery] = claim(tx)
    outbox.acknowledge(tx, delivery.id, 1, Refused("errcode 93000"), START)
    release(tx, START, [DUTY, Recipient("mail", "mail")], ALERT)
    assert tx.execute("SELECT recipient FROM deliveries WHERE state = 'pending'").fetchall() == [("mail",)]


def test_fourteen_thousand_at_once_are_a_handful_of_messages_and_none_is_lost(tx: sqlite3.Connection) -> None:
    """As settle makes them over the five minutes of a cadence: the first five at once, the others waiting."""
    people = [DUTY, Recipient("mail", "mail", per_minute=30)]
    now, made, messages, longest = START, 0, 0, 0.0
    while now < START + timedelta(minutes=8):
        tx.execute("BEGIN")
        for number in range(made + 1, min(made + 47, 14_001)):
            made += 1
            wait = release_at(NoticeKind.OPENED, Cause.OUTAGE, min(made, 1400), now, ALERT) - now
            put(tx, notice(number, at=now, wait=wait))
        tx.execute("COMMIT")
        longest = max(longest, _release(tx, now, people))
        for delivery in outbox.claim(tx, now, 1000, LEASE, {"duty": 18, "mail": 30}):
            messages += 1
            outbox.acknowledge(tx, delivery.id, delivery.attempt, Sent(), now)
        now += SECOND
    print(f"14,000 incidents: {messages / 2} messages per recipient, longest release {longest * 1000:.0f} ms")
    assert messages / 2 <= 5 + 12
    assert _reached(tx) == 28_000


def test_fourteen_thousand_in_one_instant_too(tx: sqlite3.Connection) -> None:
    tx.execute("BEGIN")
    put(tx, *(notice(number) for number in range(1, 14_001)))
    tx.execute("COMMIT")
    took = _release(tx, START, [DUTY])
    [delivery] = claim(tx)
    outbox.acknowledge(tx, delivery.id, 1, Sent(), START)
    print(f"14,000 notices in one instant: released in {took * 1000:.0f} ms, {delivery.total} incidents in one message")
    assert (delivery.total, _reached(tx)) == (14_000, 14_000)


def _release(tx: sqlite3.Connection, now: datetime, people: list[Recipient]) -> float:
    began = time.perf_counter()
    tx.execute("BEGIN IMMEDIATE")
    release(tx, now, people, ALERT)
    tx.execute("COMMIT")
    return time.perf_counter() - began


def _reached(tx: sqlite3.Connection) -> int:
    """How many notices a receiver has, counted per recipient."""
    found = tx.execute(
        "SELECT count(*) FROM delivery_notices x JOIN deliveries d ON d.id = x.delivery_id WHERE d.state = 'sent'"
    ).fetchone()[0]
    return int(found)


def test_recipients_are_channels_or_the_one_person_a_channel_belongs_to() -> None:
    channels = [
        Channel(id="group", url=SecretStr("dingtalk://abc")),
        Channel(id="mail", url=SecretStr("mailto://a:b@c"), severities=(Severity.VETO,)),
        Channel(id="hook", url=SecretStr("json://h"), per_minute=7),
    ]
    people = [
        Person(id="zhang", name="张三", channels=("group", "mail")),
        Person(id="li", name="李四", channels=("group",)),
    ]
    assert recipients(channels, people) == (
        Recipient("group", "group", None, 18),
        Recipient("zhang", "mail", (Severity.VETO,), 30),
        Recipient("hook", "hook", None, 7),
    )
    assert per_minute(Channel(id="w", url=SecretStr("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"))) == 18
