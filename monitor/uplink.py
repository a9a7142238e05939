"""Our own network, looked after beside the rounds: whether the reference hosts can tell of it, and whether it is back.

Asks them soon after the start and seldom afterwards, remembers in the store who answered, says plainly when too few ever
did, and ends the incident of a blind uplink. Whether verdicts are held is asked by every visit that fails (pipeline.py).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitor.clock import Clock
from monitor.observe.reference import Uplink
from monitor.pipeline import Watch
from monitor.settle.judging import uplink_is_blind
from monitor.settle.ours import proxy, proxy_is_shut, settle_ours, uplink
from monitor.settle.untold import uplink_untold
from monitor.store.references import remember
from monitor.web.status import Status

STALE = timedelta(minutes=30)
"""By how much what the store remembers of a host may lag behind: while sites fail the hosts are asked every ten seconds."""


@dataclass(slots=True)
class OwnNetwork:
    """`remembered` is what the store holds of the hosts' answers."""

    watch: Watch
    status: Status
    clock: Clock
    remembered: dict[str, datetime]
    log: structlog.stdlib.BoundLogger = field(default_factory=partial(structlog.get_logger, "uplink"))

    async def turn(self) -> None:
        """Every few seconds. Raises StoreError; what was not stored is stored the next time."""
        await self.watch.reference.refresh(self.clock.now())
        await self._remember()
        self._tell_whether_it_can_be_told()
        if self.watch.policy.settings.fetch.proxy is None and await self.watch.database.read(proxy_is_shut):
            await self._end_without_proxy()
        self.status.uplink_blind = await self.watch.database.read(uplink_is_blind)
        if self.status.uplink_blind:
            await self._end_if_over()

    async def _remember(self) -> None:
        answered, now = dict(self.watch.reference.answered), self.clock.now()
        known = self.remembered
        if any(url not in known or abs(at - known[url]) >= STALE for url, at in answered.items()):
            await self.watch.database.write(partial(remember, answered=answered, now=now))
            self.remembered = answered

    def _tell_whether_it_can_be_told(self) -> None:
        """In the log once, on the health page and the desk as long as it lasts."""
        reference, status, now = self.watch.reference, self.status, self.clock.now()
        before, trouble = status.untold_why, reference.trouble(now)
        if trouble == before:
            return
        status.untold_why = trouble
        if trouble is None:
            status.untold_since = None
            self.log.info("reference.can_tell")
            return
        status.untold_since = status.untold_since or now
        self.log.warning("reference.cannot_tell", why=str(trouble), silent=reference.silent(now))

    async def _end_without_proxy(self) -> None:
        """The settings name no proxy any more: what was said of the one before is over."""
        policy, now = self.watch.policy, self.clock.now()
        await self.watch.database.write(partial(settle_ours, finding=proxy("", ""), policy=policy, now=now))

    async def _end_if_over(self) -> None:
        reference = self.watch.reference
        told = await reference.judge(self.clock.now())
        if told is Uplink.BLIND or reference is not self.watch.reference:  # a reload meanwhile: others are asked now
            return
        now, policy = self.clock.now(), self.watch.policy
        if told is Uplink.UP:
            await self.watch.database.write(partial(settle_ours, finding=uplink(blind=False), policy=policy, now=now))
        else:
            await self.watch.database.write(partial(uplink_untold, now=now))
        self.status.uplink_blind = False
