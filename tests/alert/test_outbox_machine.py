"""The outbox under every order of events hypothesis can think of: nothing is lost, nothing is doubled without a mark,
no minute has more tries than its budget.
"""

import sqlite3
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitor.alert.budget import Recipient
from monitor.alert.release import release
from monitor.config.settings import AlertSettings
from monitor.model import NoticeKind, Refused, Result, Retry, Sent
from monitor.store import outbox
from tests.alert.ledger import LEASE, new_store, notice, open_store, put
from tests.clock import START

BUDGETS = {"robot": 3, "mail": 5}
RECIPIENTS = [Recipient("duty", "robot", per_minute=3), Recipient("boss", "mail", per_minute=5)]
ALERT = AlertSettings(group_after=1000)  # grouping is tried elsewhere: here many single deliveries
ANSWERS = st.sampled_from(
    [
        Sent(),
        Retry("HTTP 503"),
        Retry("HTTP 502"),
        Retry("cut", maybe=True),
        Retry("limit", after=90),
        Refused("HTTP 404"),
    ]
)


class OutboxMachine(RuleBasedStateMachine):
    """The world beside the outbox: what receivers have, what was tried when, what is in whose hands."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "machine.db"
        self.tx: sqlite3.Connection = new_store(self.path)
        self.now: datetime = START
        self.incidents = 0
        self.open: list[int] = []
        self.hands: list[outbox.ClaimedDelivery] = []
        self.tries: dict[str, list[datetime]] = {channel: [] for channel in BUDGETS}
        self.received: Counter[tuple[int, str]] = Counter()  # (notice, recipient) → unmarked messages
        self.doubted = False

    def teardown(self) -> None:
        self._in_the_end_everything_arrives()
        self.tx.close()
        self.folder.cleanup()

    @rule(count=st.integers(1, 8), wait=st.sampled_from([0, 30]))
    def something_happens(self, count: int, wait: int) -> None:
        for _ in range(count):
            self.incidents += 1
            self.open.append(self.incidents)
            put(self.tx, notice(self.incidents, at=self.now, wait=timedelta(seconds=wait)))

    @rule(data=st.data())
    def something_recovers(self, data: st.DataObject) -> None:
        if self.open:
            incident = data.draw(st.sampled_from(self.open))
            self.open.remove(incident)
            put(self.tx, notice(incident, NoticeKind.RECOVERED, self.now))

    @rule(limit=st.integers(1, 20), seconds=st.sampled_from([0, 0, 1, 12, 49, 60, 130]))
    def work(self, limit: int, seconds: int) -> None:
        """A turn of the daemon, some time after the last one: release, claim."""
        self._work(limit, seconds)

    def _work(self, limit: int, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        release(self.tx, self.now, RECIPIENTS, ALERT)
        for delivery in outbox.claim(self.tx, self.now, limit, LEASE, BUDGETS):
            self.tries[delivery.channel].append(self.now)
            self.hands.append(delivery)

    @rule(answers=st.lists(ANSWERS, min_size=2, max_size=8), arrives=st.booleans())
    def answer(self, answers: list[Result], arrives: bool) -> None:
        """Receivers answer; only an answer of doubt may hide that the message arrived."""
        self._answer(answers, arrives=arrives)

    def _answer(self, answers: list[Result], *, arrives: bool) -> None:
        for answer in answers[: len(self.hands)]:
            delivery = self.hands.pop(0)
            if isinstance(answer, Sent) or (arrives and isinstance(answer, Retry) and answer.maybe):
                self._receive(delivery)
            outbox.acknowledge(self.tx, delivery.id, delivery.attempt, answer, self.now, jitter=0.5)

    @rule(rounds=st.integers(2, 8), seconds=st.sampled_from([5, 12, 30]), answer=ANSWERS)
    def some_turns_alike(self, rounds: int, seconds: int, answer: Result) -> None:
        """A receiver that answers the same for a while: what random single steps seldom make."""
        for _ in range(rounds):
            self._work(20, seconds)
            self._answer([answer] * len(self.hands), arrives=True)

    @rule(arrived=st.booleans(), back=st.sampled_from([None, 1, 130]))
    def die(self, arrived: bool, back: int | None) -> None:
        """kill -9: what was in our hands is forgotten, whether it had arrived or not; `back` seconds later we go on."""
        self._forget(arrived=arrived)
        self.tx.close()
        self.tx = open_store(self.path)
        self._go_on(back)

    @rule(arrived=st.booleans(), back=st.sampled_from([None, 1, 130]))
    def stop_cleanly(self, arrived: bool, back: int | None) -> None:
        self._forget(arrived=arrived)
        outbox.release_all(self.tx)
        self._go_on(back)

    def _forget(self, *, arrived: bool) -> None:
        for delivery in self.hands:
            if arrived:
                self._receive(delivery)
        self.hands = []

    def _go_on(self, back: int | None) -> None:
        if back is not None:
            self._work(20, back)
            self._answer([Sent()] * len(self.hands), arrives=True)

    def _receive(self, delivery: outbox.ClaimedDelivery) -> None:
        if not delivery.maybe:
            self.received.update((each.id or 0, delivery.recipient) for each in delivery.notices)

    @invariant()
    def nothing_is_doubled_without_a_mark(self) -> None:
        assert all(count == 1 for count in self.received.values()), self.received

    @invariant()
    def no_minute_has_more_tries_than_its_budget(self) -> None:
        for channel, times in self.tries.items():
            for i, first in enumerate(times):
                within = [at for at in times[i:] if at < first + outbox.MINUTE]
                assert len(within) <= BUDGETS[channel], (channel, within)

    @invariant()
    def every_released_notice_is_in_a_delivery_of_every_recipient(self) -> None:
        lost = self.tx.execute(
            'SELECT n.id, r.value FROM notices n, json_each(\'["duty", "boss"]\') r WHERE n.released_at IS NOT NULL'
            " AND n.dedupe_key NOT LIKE 'channel:%' AND NOT EXISTS (SELECT 1 FROM delivery_notices x JOIN deliveries d"
            " ON d.id = x.delivery_id WHERE x.notice_id = n.id AND x.recipient = r.value AND d.state <> 'superseded')"
        ).fetchall()
        assert lost == []

    def _in_the_end_everything_arrives(self) -> None:
        """From here on with receivers that work: nothing stays behind but what was given up."""
        copy, now = self.tx, self.now
        for _ in range(200):
            now += timedelta(seconds=61)
            release(copy, now, RECIPIENTS, ALERT)
            for delivery in outbox.claim(copy, now, 100, LEASE, BUDGETS):
                outbox.acknowledge(copy, delivery.id, delivery.attempt, Sent(), now)
            left = copy.execute("SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')").fetchone()[0]
            if not left and outbox.next_release_at(copy) is None:
                break
        else:
            raise AssertionError("something stays behind for ever")


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
