"""Told past the store: while it cannot be written, no notice can be, so its own trouble goes straight to the channels.

Remembers in memory only: since when, what was told to whom; what a start that fails must know of the one before is handed in
and out as a Past (alert/series.py). One try at a time and channel, again after a while where it did not arrive, and seldom
where it did. The ledger learns of the trouble when it is over (settle/ours.py).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from monitor.alert.budget import Recipient
from monitor.alert.channels import Channel
from monitor.alert.compose import compose
from monitor.clock import Clock, to_ms
from monitor.config.settings import Settings
from monitor.model import Cause, Message, Notice, NoticeKind, Result, Retry, Sent, Severity, Text, say

DOUBT = 30.0
"""Seconds a trouble lasts before people are called: a disk may stumble."""
CALM = 5.0
"""Seconds without an error after which it is over: small writes still pass on a disk that is full for large ones."""
RETRY = 60.0
"""Seconds until the next try where a message did not arrive."""
ONCE_IN = 1800.0
"""Seconds between two calls on one channel, however often the trouble comes and goes."""
REMIND = 6 * 3600.0
"""Seconds after which an unbroken trouble is told once more: by then others are on duty."""


class Trouble(StrEnum):
    """What is told past the store, by the key its incident has."""

    STORE = "store"  # it cannot be written
    START = "start"  # the watch does not even begin


@dataclass(frozen=True, slots=True)
class Past:
    """A trouble that outlives the process: since when, who was told, and until when each channel is left alone."""

    error: str
    since: datetime
    quiet_until: Mapping[str, datetime]
    told: frozenset[str]


class Distress:
    """One trouble at a time. `error` is None while there is none."""

    def __init__(self, clock: Clock) -> None:
        self.trouble = Trouble.STORE
        self.error: str | None = None
        self.since: datetime | None = None
        self._clock = clock
        self._channels: Mapping[str, Channel] = {}
        self._recipients: Sequence[Recipient] = ()
        self._desk = self._duty = ""
        self._began = self._last = 0.0
        self._not_before: dict[str, float] = {}  # channel → when it may be tried next
        self._told: dict[str, float] = {}  # channel → the beginning of the trouble it was told of
        self._log = structlog.get_logger("distress")

    def go_by(self, settings: Settings, channels: Mapping[str, Channel], recipients: Sequence[Recipient]) -> None:
        """Whom to call from now on, over what."""
        self._channels, self._recipients, self._desk = channels, recipients, settings.desk.address
        self._duty = next((f"{person.name} {person.phone}" for person in settings.people if person.phone), "")

    def recall(self, past: Past) -> None:
        """Go on with a trouble that an earlier process had."""
        now, seconds = self._clock.now(), self._clock.monotonic()
        lasts = max((now - past.since).total_seconds(), 0.0)
        self.trouble, self.error, self.since = Trouble.START, past.error, past.since
        self._began = self._last = seconds - lasts
        for channel, until in past.quiet_until.items():  # a clock that was set back silences nobody for long
            self._not_before[channel] = seconds + min((until - now).total_seconds(), ONCE_IN)
        self._told = dict.fromkeys(past.told, self._began)

    @property
    def past(self) -> Past | None:
        """What the next process must know."""
        if self.error is None or self.since is None:
            return None
        now, seconds = self._clock.now(), self._clock.monotonic()
        quiet = {name: now + timedelta(seconds=at - seconds) for name, at in self._not_before.items()}
        told = frozenset(name for name, began in self._told.items() if began == self._began)
        return Past(self.error, self.since, quiet, told)

    def failed(self, error: str, trouble: Trouble = Trouble.STORE) -> bool:
        """It could not be done. Whether this begins a trouble."""
        begins, self.error, self._last = self.error is None, error, self._clock.monotonic()
        self.trouble = trouble
        if begins:
            self.since, self._began = self._clock.now(), self._last
        return begins

    @property
    def is_over(self) -> bool:
        """Whether there was one, and it has been calm since."""
        return self.error is not None and self._clock.monotonic() - self._last >= CALM

    @property
    def is_grave(self) -> bool:
        """Whether it lasts, or lasted, so long that people are called, or one of them was."""
        return self.error is not None and (self._last - self._began >= DOUBT or self._began in self._told.values())

    def end(self) -> None:
        """All is well again."""
        self.error = self.since = None

    async def call(self) -> int:
        """Tell everybody whose time has come, once it is beyond doubt; how many were told."""
        if self._clock.monotonic() - self._began < DOUBT:
            return 0
        return await self.call_now()

    async def call_now(self) -> int:
        """The same of what is beyond doubt at once."""
        if self.error is None or self.since is None:
            return 0
        due = [one for one in self._recipients if self._may_call(one)]
        for one in due:
            self._not_before[one.channel] = self._clock.monotonic() + RETRY
        notice = _notice(self.trouble, self.error, self.since, self._clock.now())
        return sum(await asyncio.gather(*(self._call(one.channel, notice) for one in due)))

    def _may_call(self, one: Recipient) -> bool:
        wants = one.channel in self._channels and one.wants(NoticeKind.OPENED, Severity.SERIOUS)
        return wants and self._clock.monotonic() >= self._waits_until(one.channel)

    def _waits_until(self, channel: str) -> float:
        """Sooner for a new trouble than to repeat the same."""
        again = self._not_before.get(channel, 0.0)
        return again + REMIND - ONCE_IN if self._told.get(channel) == self._began else again

    async def _call(self, name: str, notice: Notice) -> bool:
        channel = self._channels[name]
        now, limit = self._clock.now(), channel.limit
        message = compose([notice], channel.language, self._desk, now, limit=limit, duty=self._duty)
        result = await self._try(channel, message)
        self._log.warning("distress.called", channel=name, answer=type(result).__name__.lower())
        if isinstance(result, Retry) and not result.maybe:
            after = max(RETRY, result.after or 0.0)
            self._not_before[name] = self._clock.monotonic() + after
            return False
        self._not_before[name] = self._clock.monotonic() + ONCE_IN
        self._told[name] = self._began
        return isinstance(result, Sent)

    async def _try(self, channel: Channel, message: Message) -> Result:
        (result,) = await asyncio.gather(channel.send(message), return_exceptions=True)
        if isinstance(result, asyncio.CancelledError):
            raise result
        return Retry(type(result).__name__) if isinstance(result, BaseException) else result


def words_of(trouble: Trouble, error: str) -> Text:
    """Here and in the incident."""
    if trouble is Trouble.START:
        return say("the watch does not start, so nothing is looked at or recorded: {error}", error=error)
    return say("the store cannot be written, so nothing can be looked at or recorded: {error}", error=error)


def _notice(trouble: Trouble, error: str, since: datetime, now: datetime) -> Notice:
    why = words_of(trouble, error)
    facts: dict[str, object] = {
        "cause": Cause.OURS.value,
        "key": trouble.value,
        "targets": [],
        "since": to_ms(since),
        "why": {"template": why.template, "values": dict(why.values)},
    }
    return Notice(
        id=None,
        kind=NoticeKind.OPENED,
        incident=None,
        severity=Severity.SERIOUS,
        created_at=now,
        release_at=now,
        dedupe_key="",
        facts=facts,
    )
