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
ALERT = AlertSettings()
ANSWERS = st.sampled_from(
    [Sent(), Sent(), Retry("HTTP 503"), Retry("cut", maybe=True), Retry("limit", after=120), Refused("HTTP 404")]
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

    @rule(limit=st.integers(1, 20))
    def work(self, limit: int) -> None:
        """A turn of the daemon: release, claim."""
        release(self.tx, self.now, RECIPIENTS, ALERT)
        for delivery in outbox.claim(self.tx, self.now, limit, LEASE, BUDGETS):
            self.tries[delivery.channel].append(self.now)
            self.hands.append(delivery)

    @rule(answers=st.lists(ANSWERS, min_size=1, max_size=6), arrives=st.booleans())
    def answer(self, answers: list[Result], arrives: bool) -> None:
        """Receivers answer; only an answer of doubt may hide that the message arrived."""
        for answer in answers[: len(self.hands)]:
            delivery = self.hands.pop(0)
            if isinstance(answer, Sent) or (arrives and isinstance(answer, Retry) and answer.maybe):
                self._receive(delivery)
            outbox.acknowledge(self.tx, delivery.id, delivery.attempt, answer, self.now, jitter=0.5)

    @rule(arrived=st.booleans())
    def die(self, arrived: bool) -> None:
        """kill -9: what was in our hands is forgotten, whether it had arrived or not."""
        for delivery in self.hands:
            if arrived:
                self._receive(delivery)
        self.hands = []
        self.tx.close()
        self.tx = open_store(self.path)

    @rule(arrived=st.booleans())
    def stop_cleanly(self, arrived: bool) -> None:
        for delivery in self.hands:
            if arrived:
                self._receive(delivery)
        self.hands = []
        outbox.release_all(self.tx)

    @rule(seconds=st.sampled_from([1, 12, 30, 49, 60, 130]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

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
TestOutboxMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
