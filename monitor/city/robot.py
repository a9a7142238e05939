"""The channel of a rehearsal: a 企业微信 group robot without a network, answering as the scenario says.

Keeps everything it was sent, with the instant and whether it was confirmed: what arrived is known here even when the
daemon was killed before it could write it down. Verdicts are those of the real channel, from the service's own answers.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.alert.channels import LIMITS, SECONDS
from monitor.alert.channels.answers import of_status, wecom
from monitor.city.faults import Faults
from monitor.model import Message, Result, Retry, Sent

PER_MINUTE = 18
"""Messages: 企业微信 takes 20 a minute."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message that reached the robot. `confirmed`: it said so; a message that was not may have been read all the same."""

    at: datetime
    message: Message
    confirmed: bool


@dataclass(slots=True)
class Robot:
    """A channel (alert/channels) by the name `id`; a scenario's "channel-ID" is about it."""

    id: str
    faults: Faults
    true: Callable[[], datetime]
    language: str = "zh-CN"
    per_minute: int = PER_MINUTE
    limit: int = LIMITS["wecom"]
    latency: float = 0.2  # seconds
    heard: list[Heard] = field(default_factory=list)

    async def send(self, message: Message) -> Result:
        """Try once."""
        event = self.faults.find(f"channel-{self.id}", "channel_down", self.true())
        answer = event.option("answer", "refused") if event is not None else "ok"
        if answer == "refused" or self.faults.cut_off(self.true()):
            return Retry("connection refused")
        at = self.true()
        await asyncio.sleep(self.latency)
        if answer == "timeout":
            self.heard.append(Heard(at, message, confirmed=False))
            await asyncio.sleep(SECONDS - self.latency)
            return Retry("no answer in time", maybe=True)
        self.heard.append(Heard(at, message, confirmed=answer == "ok"))
        return _answered(answer)


def _answered(answer: str) -> Result:
    """What the service says, understood as the real channel understands it."""
    if answer == "ok":
        return wecom({"errcode": 0, "errmsg": "ok"})
    if answer.isdecimal():
        return of_status(int(answer)) or Sent()
    return wecom({"errcode": 45009, "errmsg": "api freq out of limit"})
