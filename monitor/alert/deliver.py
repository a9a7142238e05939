"""Claim, send, acknowledge: what the outbox holds goes out, one try each, every channel for itself.

Reads and writes the store only through `store/outbox.py`, and composes the words at the moment of sending. Killed at
any point it loses nothing: an unacknowledged delivery comes back when its lease ends, marked as maybe delivered.
"""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from monitor.alert.channels import Channel
from monitor.alert.compose import compose
from monitor.clock import Clock
from monitor.config.settings import Person, Settings
from monitor.model import Refused, Result, Retry, Sent
from monitor.store import outbox
from monitor.store.outbox import ClaimedDelivery

T = TypeVar("T")

BATCH = 200
"""Deliveries claimed in one transaction."""

PATIENCE = 0.3
"""Seconds a round waits for its answers before it goes on without them."""

AT_ONCE = 4
"""Sends under way per channel: a hanging service holds no more than these."""


class Database(Protocol):
    """The one writer (store/database.py)."""

    async def write(self, fn: Callable[[sqlite3.Connection], T], /) -> T: ...


class Log(Protocol):
    """Where deliveries are told to the operator; never with an address or a key."""

    def info(self, event: str, **data: object) -> None: ...
    def warning(self, event: str, **data: object) -> None: ...


class Deliverer:
    """Sends what is due. `channels` by id; what belongs to no channel waits and dies by age, which people see.

    `checkpoint` is called with "claimed", "sending", "sent" and "acknowledged", for tests that kill the process there.
    `jitter` gives numbers in [0, 1).
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        clock: Clock,
        settings: Settings,
        *,
        jitter: Callable[[], float] = random.random,
        checkpoint: Callable[[str], None] = lambda _name: None,
        log: Log | None = None,
    ) -> None:
        self._database, self._channels, self._clock, self._settings = database, dict(channels), clock, settings
        self._jitter, self._checkpoint, self._log = jitter, checkpoint, log
        self._sending: dict[asyncio.Task[None], str] = {}

    def reconfigure(self, channels: Mapping[str, Channel], settings: Settings) -> None:
        """Go on with other channels; what is under way ends on the channel it began on."""
        self._channels, self._settings = dict(channels), settings

    async def run_once(self, now: datetime) -> int:
        """Claim what is due within the budgets and send it, all at once; how many were begun.

        Waits for the answers, but at most PATIENCE: what hangs goes on by itself and delays no other channel.
        """
        busy = Counter(self._sending.values())
        room = {id_: max(AT_ONCE - busy[id_], 0) for id_ in self._channels}
        budgets = {id_: channel.per_minute for id_, channel in self._channels.items()}
        claimed = await self._database.write(partial(self._claim, now, budgets, room))
        if not claimed:
            return 0
        self._checkpoint("claimed")
        begun = {asyncio.create_task(self._deliver(delivery)): delivery.channel for delivery in claimed}
        self._sending |= begun
        for task in begun:
            task.add_done_callback(self._finished)
        await asyncio.wait(begun, timeout=PATIENCE)
        return len(claimed)

    async def drain(self, seconds: float = 10.0) -> int:
        """Let what is under way end within the bound, then give back the rest; how many were given back."""
        if self._sending:
            await asyncio.wait(set(self._sending), timeout=seconds)
        late = set(self._sending)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return await self._database.write(outbox.release_all)

    def _claim(
        self, now: datetime, budgets: Mapping[str, int], room: Mapping[str, int], tx: sqlite3.Connection
    ) -> list[ClaimedDelivery]:
        alert = self._settings.alert
        claimed = outbox.claim(tx, now, BATCH, alert.lease, budgets, room=room)
        buried = outbox.bury_old(tx, now, alert.give_up_after, self._channels)
        if buried and self._log is not None:
            self._log.warning("delivery.dead", count=buried)
        return claimed

    async def _deliver(self, delivery: ClaimedDelivery) -> None:
        result = await self._send(delivery)
        self._checkpoint("sent")
        now = self._clock.now()
        ours = await self._database.write(
            lambda tx: outbox.acknowledge(
                tx,
                delivery.id,
                delivery.attempt,
                result,
                now,
                give_up_after=self._settings.alert.give_up_after,
                jitter=self._jitter(),
            )
        )
        self._checkpoint("acknowledged")
        self._tell(delivery, result, ours=ours)

    async def _send(self, delivery: ClaimedDelivery) -> Result:
        channel = self._channels.get(delivery.channel)
        if channel is None:
            return Retry("this channel is no longer in the settings")
        message = compose(
            delivery.notices,
            channel.language,
            self._settings.desk.address,
            self._clock.now(),
            limit=channel.limit,
            total=delivery.total,
            recovered=delivery.recovered,
            joined=delivery.joined,
            repeat=delivery.maybe,
            duty=_on_duty(self._settings.people),
        )
        message = replace(message, delivery=delivery.id)
        self._checkpoint("sending")
        try:
            # an answer after the lease would meet a delivery somebody else may have taken up
            lease = self._settings.alert.lease.total_seconds()
            return await asyncio.wait_for(channel.send(message), lease * 0.75)
        except TimeoutError:
            return Retry("no answer in time", maybe=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._sending.pop(task, None)
        if not task.cancelled() and task.exception() is not None and self._log is not None:
            # the delivery stays leased and comes back by itself
            self._log.warning("delivery.broken", error=type(task.exception()).__name__)

    def _tell(self, delivery: ClaimedDelivery, result: Result, *, ours: bool) -> None:
        if self._log is None:
            return
        data = {"delivery": delivery.id, "channel": delivery.channel, "attempt": delivery.attempt, "ours": ours}
        match result:
            case Sent():
                self._log.info("delivery.sent", **data)
            case Retry() if self._clock.now() - delivery.created_at < self._settings.alert.give_up_after:
                self._log.info("delivery.retry", **data)
            case Retry():
                self._log.warning("delivery.dead", **data)  # given up by age: somebody did not hear
            case Refused():
                self._log.warning("delivery.refused", **data)


def _on_duty(people: Sequence[Person]) -> str:
    """The first person of ours with a telephone: whom to call when it is the monitor that fails."""
    return next((f"{person.name} {person.phone}" for person in people if person.phone), "")
