"""Channels: `open_channel` makes one out of its settings, `accepts` says why an address is refused.

A channel tries once and answers Sent, Retry or Refused (DESIGN.md §4.3); retry lives in the outbox alone. Nothing that
leaves this package holds a secret: no result, no log line, no repr. The home of apprise (and of requests under it).
"""

import logging
import sys
from collections.abc import Callable, Iterable
from typing import Protocol, TextIO

from apprise import Apprise, AppriseAsset, AppriseResult, NotifyFormat, NotifyType

from monitor.alert.channels import strict
from monitor.alert.channels.address import Address, BadAddress, address
from monitor.alert.channels.answers import mask, masked
from monitor.alert.channels.lenient import mail_result_of, result_of
from monitor.alert.channels.pace import ChannelSettings, per_minute
from monitor.alert.channels.thread import Threads
from monitor.model import Message, Refused, Result, Retry, Sent, Severity, Text, say
from monitor.render import catalogue

LIMITS = {"wecom": 2048, "dingtalk": 6000, "feishu": 6000}
"""Bytes of UTF-8 of title and text together: 企业微信's own limit; the others bear 20,000, which nobody reads."""

OTHERS_LIMIT = 6000
_WITHOUT_TITLE = ("wecom", "dingtalk", "feishu")

SECONDS = 20.0
"""A send that takes longer is given up on (it may have arrived). Below the lease of a delivery."""

_TYPES = {
    Severity.VETO: NotifyType.FAILURE,
    Severity.SERIOUS: NotifyType.FAILURE,
    Severity.BREACH: NotifyType.WARNING,
    Severity.REMIND: NotifyType.INFO,
}


class Channel(Protocol):
    """A way to people. `limit` is the bytes of UTF-8 a message may have."""

    @property
    def id(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def per_minute(self) -> int: ...
    @property
    def limit(self) -> int: ...

    async def send(self, message: Message) -> Result:
        """Try once."""
        ...


class Settings(ChannelSettings, Protocol):
    """What the settings say of a channel, with its language."""

    @property
    def language(self) -> str: ...


class ConsoleChannel:
    """Prints messages to a stream, for demos and first steps."""

    def __init__(self, settings: Settings, stream: TextIO) -> None:
        self.id, self.language, self.per_minute = settings.id, settings.language, per_minute(settings)
        self.limit = OTHERS_LIMIT
        self._stream = stream

    async def send(self, message: Message) -> Result:
        try:
            print(f"{message.title}\n{message.body}\n", file=self._stream, flush=True)
        except (OSError, ValueError) as error:
            return Retry(f"cannot print: {type(error).__name__}")
        return Sent("printed")


class AppriseChannel:
    """One apprise object with one service, in threads of its own."""

    def __init__(self, settings: Settings, place: Address, service: Apprise) -> None:
        self.id, self.language, self.per_minute = settings.id, settings.language, per_minute(settings)
        self.limit = LIMITS.get(place.kind, OTHERS_LIMIT)
        self._kind, self._secrets, self._service = place.kind, place.secrets, service
        self._threads = Threads(settings.id)
        self._read: Callable[[AppriseResult], Result] = mail_result_of if place.kind == "mail" else result_of

    def __repr__(self) -> str:
        return f"<{self._kind} channel {self.id}>"

    async def send(self, message: Message) -> Result:
        result = await self._threads.run(lambda: self._send(message), SECONDS)
        return masked(result, self._secrets)

    def _send(self, message: Message) -> Result:
        answers: list[Result] = []
        strict.verdict.set(answers)
        outcome = self._service.notify(
            body=f"{message.title}\n{message.body}" if self._kind in _WITHOUT_TITLE else message.body,
            title="" if self._kind in _WITHOUT_TITLE else message.title,
            notify_type=_TYPES[message.severity],
            body_format=NotifyFormat.TEXT,
            log_level=logging.DEBUG,
        )
        return answers[-1] if answers else self._read(outcome)


def open_channel(settings: Settings, stream: TextIO | None = None) -> Channel:
    """A channel ready to send; raises BadAddress (without the secret). `stream` is where console:// prints."""
    place = address(settings.url.get_secret_value())
    catalogue(settings.language)  # read now, not in the midst of sending
    if place.kind == "console":
        return ConsoleChannel(settings, stream or (sys.stderr if place.given == "stderr" else sys.stdout))
    return AppriseChannel(settings, place, _service(place))


def open_channels(settings: Iterable[Settings], stream: TextIO | None = None) -> dict[str, Channel]:
    """All channels by id."""
    return {each.id: open_channel(each, stream) for each in settings}


def accepts(url: str) -> Text | None:
    """Why an address is refused, in words without its secrets; None when it is fine. Loads apprise (1.5 s) once."""
    try:
        place = address(url)
        if place.kind != "console":
            _service(place)
    except BadAddress as error:
        return error.words
    return None


def _service(place: Address) -> Apprise:
    _keep_quiet()
    strict.register()
    asset = AppriseAsset(
        async_mode=False, service_timeout=0, http_redirects=False, app_id="Zhishou", app_desc="Zhishou 值守"
    )
    service = Apprise(asset=asset)
    given = place.given if isinstance(place.given, str) else dict(place.given)
    if not service.add(given) or len(service) != 1:
        raise BadAddress(say("apprise knows no such service, or the address lacks a part; see its list of services"))
    plugin = service[0]
    if type(plugin).__name__ in _BELIEVED_TOO_MUCH:
        raise BadAddress(say("write this robot as wecom://, dingtalk://, feishu://, lark:// or schan://"))
    plugin.request_rate_per_sec = 0  # the outbox keeps the pace; apprise would sleep 5.5 s in the thread
    return service


_BELIEVED_TOO_MUCH = ("NotifyWeComBot", "NotifyDingTalk", "NotifyFeishu", "NotifyLark", "NotifyServerChan")
"""Plugins that report success on HTTP 200 whatever the answer says (libraries.md §6.1)."""


def _keep_quiet() -> None:
    """Apprise and its HTTP client log addresses with keys in them: their lines reach us by result, nobody else."""
    for name, level in (("apprise", logging.DEBUG), ("urllib3", logging.ERROR), ("requests", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


__all__ = [
    "BadAddress",
    "Channel",
    "ConsoleChannel",
    "Refused",
    "Settings",
    "accepts",
    "mask",
    "open_channel",
    "open_channels",
]
