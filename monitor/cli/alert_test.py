"""`zhishou alert-test`: one test message over one channel, and what the receiver answered. Stores nothing.

The message speaks the channel's language, what is said of it the desk's. Fine only when the receiver confirmed.
"""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import config_option, language_option

if TYPE_CHECKING:
    from monitor.config.settings import Channel, Settings
    from monitor.model import Message, Result, Text


@click.command("alert-test")
@click.argument("channel")
@config_option
@language_option
def alert_test_command(channel: str, config: Path | None, language: str | None) -> None:
    """Send one test message over CHANNEL and say what the receiver answered."""
    from monitor.alert.channels import open_channel
    from monitor.cli.desk import settings_or_exit
    from monitor.model import Sent
    from monitor.render import translate

    settings = settings_or_exit(config)
    language = language or settings.desk.language
    wanted = next((one for one in settings.channels if one.id == channel), None)
    if wanted is None:
        click.echo(_no_channel(settings, channel, language), err=True)
        sys.exit(2)
    result = asyncio.run(open_channel(wanted).send(_message(settings, wanted)))
    confirmed = isinstance(result, Sent)
    click.echo(translate(_answer(channel, result), language), err=not confirmed)
    sys.exit(0 if confirmed else 2)


def _no_channel(settings: "Settings", name: str, language: str) -> str:
    from monitor.model import say
    from monitor.render import translate

    known = ", ".join(channel.id for channel in settings.channels)
    if known:
        return translate(say("there is no channel {channel} (known: {known})", channel=name, known=known), language)
    return translate(say("there is no channel {channel}: the settings have none", channel=name), language)


def _message(settings: "Settings", channel: "Channel") -> "Message":
    from monitor.model import Message, Severity, say
    from monitor.render import translate

    title = translate(say("【Zhishou】test message"), channel.language)
    body = translate(say("This is a test of the alert channel; nothing is wrong."), channel.language)
    return Message(title, f"{body}\n{settings.desk.name} {settings.desk.address}", Severity.REMIND)


def _answer(channel: str, result: "Result") -> "Text":
    """What became of it; reasons that are words of ours are translated with the sentence (alert/phrases.py)."""
    from monitor.model import Refused, Retry, Sent, say

    match result:
        case Sent(receipt="printed" | ""):
            return say("{channel}: confirmed", channel=channel)
        case Sent(receipt):
            return say("{channel}: confirmed ({receipt})", channel=channel, receipt=receipt)
        case Retry(reason, maybe=True):
            return say(
                "{channel}: not confirmed, it may have arrived all the same: {reason}", channel=channel, reason=reason
            )
        case Retry(reason):
            return say("{channel}: not now: {reason}", channel=channel, reason=reason)
        case Refused(reason):
            return say("{channel}: refused: {reason}", channel=channel, reason=reason)
