"""Who receives what: recipients out of the settings, each with the budget of its channel. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.alert.channels.pace import OTHERS_PER_MINUTE, ChannelSettings, per_minute
from monitor.model import NoticeKind, Severity


class PersonSettings(Protocol):
    """What the settings say of a person."""

    @property
    def id(self) -> str: ...
    @property
    def channels(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets messages, over which channel (by id). `severities` None: all of them."""

    id: str
    channel: str
    severities: tuple[Severity, ...] | None = None
    per_minute: int = OTHERS_PER_MINUTE

    def wants(self, kind: NoticeKind, severity: Severity) -> bool:
        """A trial message is for everybody, all else by severity."""
        return kind is NoticeKind.TEST or self.severities is None or severity in self.severities


def recipients(channels: Sequence[ChannelSettings], people: Sequence[PersonSettings]) -> tuple[Recipient, ...]:
    """One recipient per channel: the person it belongs to, or the channel itself when several or none share it."""
    shared = Counter(channel for person in people for channel in person.channels)
    owner = {channel: person.id for person in people for channel in person.channels if shared[channel] == 1}
    return tuple(
        Recipient(owner.get(channel.id, channel.id), channel.id, channel.severities, per_minute(channel))
        for channel in channels
    )
