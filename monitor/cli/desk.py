"""The desk from a terminal: what goes on, what falls due, and the commands that change something.

Each speaks to the running daemon over its socket; without a daemon it opens the store itself, alone.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import config_option, json_option, language_option

if TYPE_CHECKING:
    from monitor.config.settings import Settings

by_option = click.option("--by", required=True, metavar="NAME", help="Who does it; stands in the log.")
note_option = click.option("--note", default="", help="What to remember about it.")


def carry_out(settings: "Settings", command: str, args: Mapping[str, object]) -> Any:
    """Ask the daemon, or do it here when there is none. Exits with 2 and the reason when it cannot be done."""
    from monitor.control import Refusal
    from monitor.store.database import StoreError

    try:
        return asyncio.run(_carry_out(settings, command, args))
    except (Refusal, StoreError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def settings_or_exit(config: Path | None) -> "Settings":
    """The settings, or every problem on stderr and exit 2."""
    from monitor.app import load_settings
    from monitor.config.load import find_settings
    from monitor.config.problems import ConfigError

    try:
        return load_settings(find_settings(config))
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)


async def _carry_out(settings: "Settings", command: str, args: Mapping[str, object]) -> object:
    from monitor.clock import SystemClock
    from monitor.control import ask
    from monitor.desk import handlers
    from monitor.model import say
    from monitor.render import translate
    from monitor.store.database import Database

    try:
        return await ask(settings.store.path.parent / "control.sock", command, args)
    except (FileNotFoundError, ConnectionRefusedError):
        pass
    if not settings.store.path.exists():
        words = say("there is no store at {path}: has `zhishou run` ever run?", path=str(settings.store.path))
        raise FileNotFoundError(translate(words, settings.desk.language))
    database = Database(settings.store.path)
    await database.open()
    try:
        return await handlers(database, SystemClock(), settings.desk.language)[command](args)
    finally:
        await database.close()


@click.command("incidents")
@config_option
@language_option
@json_option
def incidents_command(config: Path | None, language: str | None, as_json: bool) -> None:
    """What is wrong now, gravest first."""
    from monitor.cli import shown
    from monitor.clock import SystemClock

    settings = settings_or_exit(config)
    language = language or settings.desk.language
    found = carry_out(settings, "incidents", {"language": language})
    if as_json:
        click.echo(json.dumps([_without_words(one) for one in found], ensure_ascii=False))
        return
    for line in shown.incidents(found, language, SystemClock().now()):
        click.echo(line)


def _without_words(one: Mapping[str, Any]) -> dict[str, object]:
    """What --json has always shown of an incident."""
    targets = [{name: target[name] for name in ("id", "name", "url", "why")} for target in one["targets"]]
    return {name: value for name, value in one.items() if name != "what"} | {"targets": targets}


@click.command("due")
@click.option("--days", default=14, show_default=True, type=click.IntRange(0, 3660), help="How far to look ahead.")
@config_option
@language_option
@json_option
def due_command(days: int, config: Path | None, language: str | None, as_json: bool) -> None:
    """What falls due next, earliest first."""
    from monitor.cli import shown
    from monitor.clock import SystemClock

    settings = settings_or_exit(config)
    language = language or settings.desk.language
    found = carry_out(settings, "due", {"days": days, "language": language})
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in shown.due(found, settings, language, SystemClock().now()):
        click.echo(line)


@click.command("ack")
@click.argument("incident", type=int)
@by_option
@note_option
@config_option
def ack_command(incident: int, by: str, note: str, config: Path | None) -> None:
    """Take INCIDENT on: you are looking after it."""
    carry_out(settings_or_exit(config), "ack", {"incident": incident, "by": by, "note": note})


@click.command("close")
@click.argument("incident", type=int)
@by_option
@note_option
@config_option
def close_command(incident: int, by: str, note: str, config: Path | None) -> None:
    """Put a recovered INCIDENT away."""
    carry_out(settings_or_exit(config), "close", {"incident": incident, "by": by, "note": note})


@click.command("false-alarm")
@click.argument("incident", type=int)
@by_option
@note_option
@config_option
def false_alarm_command(incident: int, by: str, note: str, config: Path | None) -> None:
    """Mark INCIDENT as 误报; for a veto or serious one a second person confirms with the same command."""
    from monitor.model import say
    from monitor.render import translate

    settings = settings_or_exit(config)
    done = carry_out(settings, "false-alarm", {"incident": incident, "by": by, "note": note})
    if not done["marked"]:
        click.echo(translate(say("noted; a second person has to confirm"), settings.desk.language))


@click.command("mute")
@click.argument("target")
@click.option("--for", "length", required=True, metavar="TIME", help="How long: 2h, 1d.")
@click.option("--reason", required=True, help="Why; stands in the log.")
@by_option
@config_option
def mute_command(target: str, length: str, reason: str, by: str, config: Path | None) -> None:
    """Send no notices about TARGET for a while; it is watched all the same."""
    carry_out(settings_or_exit(config), "mute", {"target": target, "for": length, "reason": reason, "by": by})


@click.command("log")
@click.argument("text")
@by_option
@config_option
def log_command(text: str, by: str, config: Path | None) -> None:
    """Write TEXT into the duty log."""
    carry_out(settings_or_exit(config), "log", {"text": text, "by": by})


@click.command("alert-test")
@click.argument("channel")
@config_option
def alert_test_command(channel: str, config: Path | None) -> None:
    """Send one test message over CHANNEL and say what the receiver answered."""
    from monitor.trial import try_channel

    settings = settings_or_exit(config)
    said, fine = asyncio.run(try_channel(settings, channel))
    click.echo(said, err=not fine)
    sys.exit(0 if fine else 2)
