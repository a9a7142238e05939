"""The outbox on a real file: claim, send, acknowledge, and what every kind of death in between leaves behind."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.alert.release import release
from monitor.clock import to_ms
from monitor.config.settings import AlertSettings
from monitor.model import NoticeKind, Refused, Result, Retry, Sent, Severity
from monitor.store import handed, outbox
from tests.alert.ledger import DUTY, LEASE, new_store, notice, open_store, put, states
from tests.clock import START

ALERT = AlertSettings()
DAY = timedelta(hours=24)


@pytest.fixture
def tx(tmp_path: Path) -> sqlite3.Connection:
    return new_store(tmp_path / "outbox.db")


def ready(tx: sqlite3.Connection, count: int = 1, at: datetime = START) -> None:
    """`count` deliveries, one per incident."""
    for number in range(1, count + 1):
        put(tx, notice(number, at=at))
        release(tx, at, [DUTY], ALERT)


def claim(tx: sqlite3.Connection, now: datetime, budget: int = 60) -> list[outbox.ClaimedDelivery]:
    return outbox.claim(tx, now, 1000, LEASE, {"duty": budget})


def test_a_notice_is_kept_once(tx: sqlite3.Connection) -> None:
    put(tx, notice(1))
    assert outbox.enqueue(tx, notice(1)) is None
    assert [each.dedupe_key for each in outbox.waiting(tx, START)] == [f"1:opened:{to_ms(START)}"]
    assert outbox.waiting(tx, START - timedelta(seconds=1)) == []


def test_facts_come_back_as_they_were(tx: sqlite3.Connection) -> None:
    put(tx, notice(1, why={"template": "{x} 秒", "values": {"x": 15.5}}))
    assert outbox.waiting(tx, START)[0].facts["why"] == {"template": "{x} 秒", "values": {"x": 15.5}}


def test_sent_is_final(tx: sqlite3.Connection) -> None:
    ready(tx)
    [delivery] = claim(tx, START)
    assert (delivery.attempt, delivery.maybe, delivery.notices[0].incident) == (1, False, 1)
    assert outbox.acknowledge(tx, delivery.id, 1, Sent("ok"), START)
    assert states(tx) == {"sent": 1}
    assert claim(tx, START + timedelta(days=1)) == []
    assert tx.execute("SELECT what FROM events").fetchall() == [("delivery.sent",)]


def test_retry_waits_longer_each_time_and_at_most_ten_minutes() -> None:
    assert [outbox.delay(n, 0.0).total_seconds() for n in range(1, 9)] == [10, 60, 120, 240, 480, 600, 600, 600]
    assert all(outbox.delay(n, 0.999).total_seconds() <= 600 for n in range(1, 2000))
    assert outbox.delay(1, 0.999) > outbox.delay(1, 0.0)


def test_retry_comes_back_when_its_time_has_come(tx: sqlite3.Connection) -> None:
    ready(tx)
    [first] = claim(tx, START)
    outbox.acknowledge(tx, first.id, first.attempt, Retry("HTTP 503"), START)
    assert claim(tx, START + timedelta(seconds=9)) == []
    [again] = claim(tx, START + timedelta(seconds=10))
    assert (again.id, again.attempt, again.maybe) == (first.id, 2, False)


def test_a_doubtful_try_is_marked_as_a_repeat(tx: sqlite3.Connection) -> None:
    ready(tx)
    [first] = claim(tx, START)
    outbox.acknowledge(tx, first.id, first.attempt, Retry("no answer in time", maybe=True), START)
    [second] = claim(tx, START + timedelta(minutes=1))
    assert second.maybe
    outbox.acknowledge(tx, second.id, second.attempt, Retry("HTTP 503"), START + timedelta(minutes=1))
    [third] = claim(tx, START + timedelta(minutes=3))
    assert third.maybe, "once in doubt, always in doubt"


def test_a_named_wait_silences_the_whole_channel(tx: sqlite3.Connection) -> None:
    ready(tx, 2)
    first, second = claim(tx, START)
    outbox.acknowledge(tx, first.id, 1, Retry("errcode 130101", after=600), START)
    outbox.acknowledge(tx, second.id, 1, Retry("HTTP 502"), START)
    put(tx, notice(3))
    release(tx, START, [DUTY], ALERT)
    assert claim(tx, START + timedelta(seconds=599)) == []
    assert len(claim(tx, START + timedelta(seconds=600))) == 3


@pytest.mark.parametrize("result", [Sent(), Retry("x"), Refused("x")])
def test_an_answer_after_the_lease_changes_nothing_once_somebody_else_has_it(
    tx: sqlite3.Connection, result: Result
) -> None:
    ready(tx)
    [late] = claim(tx, START)
    later = START + timedelta(minutes=2)
    [current] = claim(tx, later)
    assert current.maybe
    assert not outbox.acknowledge(tx, late.id, late.attempt, result, later)
    assert states(tx) == {"sending": 1}
    assert outbox.acknowledge(tx, current.id, current.attempt, Sent(), later)


def test_a_late_sent_counts_while_nobody_has_taken_it_up_again(tx: sqlite3.Connection) -> None:
    ready(tx)
    [late] = claim(tx, START)
    assert outbox.rescue(tx, START + LEASE) == 1
    assert not outbox.acknowledge(tx, late.id, late.attempt, Retry("x"), START + LEASE)
    assert outbox.acknowledge(tx, late.id, late.attempt, Sent(), START + LEASE)
    assert states(tx) == {"sent": 1}


def test_giving_up_is_by_age_and_is_told_on_the_other_channels(tx: sqlite3.Connection) -> None:
    ready(tx, 3)
    now, late = START, START + timedelta(hours=24)
    while now < late and states(tx).get("dead", 0) == 0:
        for delivery in claim(tx, now):
            outbox.acknowledge(tx, delivery.id, delivery.attempt, Retry("connection refused"), now)
        now += timedelta(minutes=10)
    assert states(tx) == {"pending": 3}, "not before a day has passed"
    for delivery in claim(tx, late):
        outbox.acknowledge(tx, delivery.id, delivery.attempt, Retry("connection refused"), late)
    assert states(tx) == {"dead": 3}
    assert outbox.dead_since(tx, late) == 3
    [announced] = outbox.waiting(tx, late)
    assert (announced.facts["except_channel"], announced.facts["cause"]) == ("duty", "ours")


def test_a_refusal_is_dead_at_once_and_told_once_until_the_channel_works_again(tx: sqlite3.Connection) -> None:
    ready(tx, 2)
    for delivery in claim(tx, START):
        outbox.acknowledge(tx, delivery.id, delivery.attempt, Refused("errcode 93000"), START)
    assert states(tx) == {"dead": 2}
    assert len(outbox.waiting(tx, START)) == 1
    for number, result in ((3, Sent()), (4, Refused("errcode 93000"))):
        put(tx, notice(number))
        release(tx, START, [DUTY], ALERT)
        [delivery] = claim(tx, START)
        outbox.acknowledge(tx, delivery.id, delivery.attempt, result, START)
    assert tx.execute("SELECT count(*) FROM notices WHERE dedupe_key LIKE 'channel:%'").fetchone() == (2,)


def test_what_belongs_to_no_channel_dies_by_age(tx: sqlite3.Connection) -> None:
    ready(tx)
    assert outbox.claim(tx, START, 10, LEASE, {"other": 60}) == []
    assert outbox.bury_old(tx, START + timedelta(hours=23), DAY, ["other"]) == 0
    assert outbox.bury_old(tx, START + DAY, DAY, ["other"]) == 1
    assert states(tx) == {"dead": 1}


def test_what_was_never_tried_because_we_were_off_is_tried_first(tx: sqlite3.Connection) -> None:
    ready(tx)
    monday = START + timedelta(hours=40)
    assert outbox.bury_old(tx, monday, DAY, ["duty"]) == 0
    [delivery] = claim(tx, monday)
    outbox.acknowledge(tx, delivery.id, delivery.attempt, Retry("HTTP 503"), monday)
    assert states(tx) == {"dead": 1}


def test_a_clean_stop_gives_back_what_is_under_way_without_counting_the_try(tx: sqlite3.Connection) -> None:
    ready(tx)
    claim(tx, START)
    assert outbox.release_all(tx) == 1
    assert tx.execute("SELECT state, attempt, maybe FROM deliveries").fetchone() == ("pending", 0, 1)
    [again] = claim(tx, START + timedelta(minutes=1))
    assert (again.attempt, again.maybe) == (1, True)


def test_a_second_try_given_back_by_a_stop_still_counts_in_the_budget(tx: sqlite3.Connection) -> None:
    """Found by the state machine: the restored attempt made the earlier try of the same minute invisible."""
    ready(tx, 5)
    [first] = claim(tx, START, budget=1)
    outbox.acknowledge(tx, first.id, 1, Retry("HTTP 503"), START)
    soon = START + timedelta(seconds=12)
    assert [each.attempt for each in claim(tx, soon, budget=2)] == [2]
    outbox.release_all(tx)
    assert len(claim(tx, soon + timedelta(seconds=1), budget=5)) == 3, "two tries of this minute and three more"


def test_the_gravest_goes_first(tx: sqlite3.Connection) -> None:
    for number, severity in enumerate((Severity.REMIND, Severity.BREACH, Severity.VETO, Severity.SERIOUS), 1):
        put(tx, notice(number, severity=severity))
        release(tx, START, [DUTY], ALERT)
    order = []
    for minute in range(4):
        now = START + timedelta(minutes=minute)
        [delivery] = claim(tx, now, budget=1)
        outbox.acknowledge(tx, delivery.id, delivery.attempt, Sent(), now)
        order.append(delivery.severity)
    assert order == [Severity.VETO, Severity.SERIOUS, Severity.BREACH, Severity.REMIND]


@pytest.mark.parametrize("death", ["claimed", "sent", "never"])
def test_killed_between_claim_send_and_acknowledge_loses_nothing(tmp_path: Path, death: str) -> None:
    """New connections as after a restart; the message counts as received where `sent` was reached."""
    path = tmp_path / "killed.db"
    first = new_store(path)
    ready(first, 3)
    received: list[tuple[int, bool]] = []
    for delivery in claim(first, START):
        if death == "claimed" and delivery.id == 2:
            continue
        received.append((delivery.id, delivery.maybe))
        if death == "sent" and delivery.id == 2:
            continue
        outbox.acknowledge(first, delivery.id, delivery.attempt, Sent(), START)
    first.close()
    second = open_store(path)
    assert claim(second, START + LEASE - timedelta(seconds=1)) == [], "not before the lease has ended"
    for delivery in claim(second, START + LEASE):
        received.append((delivery.id, delivery.maybe))
        outbox.acknowledge(second, delivery.id, delivery.attempt, Sent(), START + LEASE)
    assert states(second) == {"sent": 3}
    expected = {"claimed": [(1, False), (3, False), (2, True)], "sent": [(1, False), (2, False), (3, False), (2, True)]}
    assert received == expected.get(death, [(1, False), (2, False), (3, False)])


def test_an_uncommitted_claim_never_was(tmp_path: Path) -> None:
    path = tmp_path / "torn.db"
    first = new_store(path)
    ready(first)
    first.execute("BEGIN IMMEDIATE")
    assert len(claim(first, START)) == 1
    first.close()  # dies inside the transaction
    [delivery] = claim(open_store(path), START)
    assert (delivery.attempt, delivery.maybe) == (1, False)


def test_only_some_notices_of_a_large_delivery_are_loaded_and_all_are_counted(tx: sqlite3.Connection) -> None:
    put(tx, *(notice(number) for number in range(1, 301)))
    put(tx, *(notice(number, NoticeKind.RECOVERED, START + timedelta(seconds=1)) for number in range(1, 31)))
    release(tx, START + timedelta(seconds=1), [DUTY], ALERT)
    [delivery] = claim(tx, START + timedelta(seconds=1))
    assert (delivery.total, delivery.recovered) == (300, 30)
    assert len({each.incident for each in delivery.notices}) == handed.INCIDENTS_LOADED
    assert len(delivery.notices) <= handed.NOTICES_LOADED


def test_a_clock_that_was_set_back_holds_up_no_message(tx: sqlite3.Connection) -> None:
    """What was tried and put off "in two hours" by the clock of before would block the channel until then."""
    later = START + timedelta(hours=2)
    ready(tx, 20, at=later)
    for delivery in claim(tx, later):
        outbox.acknowledge(tx, delivery.id, delivery.attempt, Retry("busy", after=30.0), later)
    assert len(claim(tx, START, budget=18)) == 18


def test_a_shorter_pause_does_not_end_a_longer_one(tx: sqlite3.Connection) -> None:
    ready(tx, 3)
    first, second, _ = outbox.claim(tx, START, 3, LEASE, {"duty": 60})
    outbox.acknowledge(tx, first.id, 1, Retry("ban", after=600.0), START)
    outbox.acknowledge(tx, second.id, 1, Retry("busy", after=5.0), START)
    put(tx, notice(9))
    release(tx, START, [DUTY], ALERT)
    assert claim(tx, START + timedelta(seconds=599)) == []
    assert claim(tx, START + timedelta(seconds=600)) != []


def test_a_channel_that_worked_again_is_announced_again_whatever_was_sent_first(tx: sqlite3.Connection) -> None:
    ready(tx, 4)
    for number, result in ((4, Sent()), (3, Refused("key")), (2, Sent()), (1, Refused("key"))):
        at = START + timedelta(seconds=10 - number)
        tx.execute("UPDATE deliveries SET state = 'sending', attempt = 1, lease_until = 1 WHERE id = ?", (number,))
        assert outbox.acknowledge(tx, number, 1, result, at)
    told_of = tx.execute("SELECT count(*) FROM notices WHERE dedupe_key LIKE 'channel:%'").fetchone()
    assert told_of == (2,), "it failed, worked, and failed again"
