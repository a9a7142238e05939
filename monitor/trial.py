"""Trying a channel: one test message, and what the receiver answered. Stores nothing."""

from monitor.alert.channels import open_channels
from monitor.config.settings import Settings
from monitor.model import Message, Refused, Retry, Sent, Severity, say
from monitor.render import translate


async def try_channel(settings: Settings, name: str) -> tuple[str, bool]:
    """Words for the person, and whether the receiver confirmed."""
    wanted = tuple(channel for channel in settings.channels if channel.id == name)
    if not wanted:
        known = ", ".join(channel.id for channel in settings.channels) or "none"
        return f"there is no channel {name} (known: {known})", False
    language = wanted[0].language
    title = translate(say("【Zhishou】test message"), language)
    body = translate(say("This is a test of the alert channel; nothing is wrong."), language)
    message = Message(title, f"{body}\n{settings.desk.name} {settings.desk.address}", Severity.REMIND)
    channel = open_channels(wanted)[name]
    match await channel.send(message):
        case Sent(receipt):
            return f"{name}: confirmed {receipt}".rstrip(), True
        case Retry(reason):
            return f"{name}: not now: {reason}", False
        case Refused(reason):
            return f"{name}: refused: {reason}", False
