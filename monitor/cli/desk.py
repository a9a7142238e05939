"""The desk from a terminal: what goes on, what falls due, and the commands that change something.

Each speaks to the running daemon over its socket. Without a daemon, what only looks reads the store (looking.py), and what
changes something opens it, alone; it then says in one line what was done.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from monitor.cli import config_option, json_option, language_option

if TYPE_CHECKING:
    from monitor.config.settings import Settings

T = TypeVar("T")
by_option = click.option("--by", required=True, metavar="NAME", help="Who does it; stands in the log.")
note_option = click.option("--note", default="", help="What to remember about it.")
why_option = click.option("--note", required=True, help="Why it is none; stands in the log.")


def carry_out(settings: "Settings", command: str, args: Mapping[str, object], language: str) -> Any:
    """Ask the daemon, or do it here when there is none. Exits with 2 and the reason when it cannot be done."""
    return or_exit(lambda: asyncio.run(_carry_out(settings, command, args, language)), language, settings.store.path)


def or_exit(do: Callable[[], T], language: str, *places: Path) -> T:
    """What it gives; or the reason on stderr, in that language, and exit 2. `places` are the files it works on."""
    from monitor.cli.troubles import is_known, told
    from monitor.control import Refusal
    from monitor.store.opening import StoreError

    try:
        return do()
    except Refusal as refusal:  # the desk's own words, but for what its store said
        words = str(refusal)
        click.echo(told(words, language, *places) if is_known(words) else words, err=True)
    except (StoreError, OSError) as error:
        click.echo(told(error, language, *places), err=True)
    sys.exit(2)


def settings_or_exit(config: Path | None, language: str | None = None) -> "Settings":
    """The settings, or every problem on stderr and exit 2."""
    from monitor.app import load_settings
    from monitor.cli import warned
    from monitor.config.load import find_settings
    from monitor.config.problems import ConfigError

    try:
        return load_settings(find_settings(config))
    except ConfigError as error:
        warned.refuse(error.problems, config, language)


def plain_or_exit(config: Path | None, language: str | None = None) -> "Settings":
    """The settings for what needs no targets and no rules: other files' problems are one line on stderr, and it goes on.

    The daemon does likewise: it runs on by the settings before. Exit 2 when the settings file itself is wrong.
    """
    from monitor.app import load_settings
    from monitor.cli import shown, warned
    from monitor.config.load import find_settings, load_plain
    from monitor.config.problems import ConfigError

    try:
        return load_settings(find_settings(config))
    except ConfigError as error:
        found = error
    try:
        settings = load_plain(find_settings(config))
    except ConfigError:
        warned.refuse(found.problems, config, language)
    click.echo(shown.problems_elsewhere(len(found.problems), language or settings.desk.language), err=True)
    return settings


async def _carry_out(settings: "Settings", command: str, args: Mapping[str, object], language: str) -> object:
    from monitor.cli.looking import no_store
    from monitor.clock import SystemClock
    from monitor.control import ask
    from monitor.desk import handlers
    from monitor.settle.policy import policy_of
    from monitor.store.database import Database

    try:
        return await ask(settings.store.path.parent / "control.sock", command, args)
    except (FileNotFoundError, ConnectionRefusedError):
        pass
    if not settings.store.path.exists():
        raise no_store(settings.store.path, language)
    database = Database(settings.store.path)
    await database.open()
    try:
        policy = None if settings.plain_only else lambda: policy_of(settings)
        return await handlers(database, SystemClock(), language, policy)[command](args)
    finally:
        await database.close()


@click.command("incidents")
@config_option
@language_option
@json_option
def incidents_command(config: Path | None, language: str | None, as_json: bool) -> None:
    """What is wrong now, gravest first."""
    from monitor.cli import shown
    from monitor.cli.looking import look
    from monitor.clock import SystemClock

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    asked = {"language": language}
    found = or_exit(lambda: look(settings, "incidents", asked), language, settings.store.path)
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
@click.option(
    "--days", type=click.IntRange(0, 3660), help="List all that falls due within so many days, warned of or not."
)
@config_option
@language_option
@json_option
def due_command(days: int | None, config: Path | None, language: str | None, as_json: bool) -> None:
    """What falls due next, earliest first: all that was warned of, with --days also what is still kept."""
    from monitor.cli import shown
    from monitor.cli.looking import look
    from monitor.clock import SystemClock
    from monitor.dues import cut_at
    from monitor.render import translate

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    # a column that is fed daily is always due within its 14 days: what is kept only when asked for
    asked = {"kept": days is not None, "language": language} | ({} if days is None else {"days": days})
    told = or_exit(lambda: look(settings, "due", asked), language, settings.store.path)
    found = [{name: value for name, value in one.items() if name != "complete_to"} for one in told]
    if told and "complete_to" in told[0]:
        click.echo(translate(cut_at(datetime.fromisoformat(told[0]["complete_to"])), language), err=True)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in shown.due(found, settings, language, SystemClock().now(), days):
        click.echo(line)


@click.command("ack")
@click.argument("incident", type=int)
@by_option
@note_option
@config_option
@language_option
def ack_command(incident: int, by: str, note: str, config: Path | None, language: str | None) -> None:
    """Take INCIDENT on: you are looking after it."""
    from monitor.cli import shown

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    carry_out(settings, "ack", {"incident": incident, "by": by, "note": note}, language)
    click.echo(shown.taken(incident, by, language))


@click.command("close")
@click.argument("incident", type=int)
@by_option
@note_option
@config_option
@language_option
def close_command(incident: int, by: str, note: str, config: Path | None, language: str | None) -> None:
    """Put a recovered INCIDENT away."""
    from monitor.cli import shown

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    carry_out(settings, "close", {"incident": incident, "by": by, "note": note}, language)
    click.echo(shown.closed(incident, by, language))


@click.command("false-alarm")
@click.argument("incident", type=int)
@by_option
@why_option
@config_option
@language_option
def false_alarm_command(incident: int, by: str, note: str, config: Path | None, language: str | None) -> None:
    """Mark INCIDENT as 误报; for a veto or serious one a second person confirms with the same command."""
    from monitor.cli import shown

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    done = carry_out(settings, "false-alarm", {"incident": incident, "by": by, "note": note}, language)
    click.echo(shown.false_alarm(incident, by, language, marked=done["marked"]))


@click.command("mute")
@click.argument("target")
@click.option("--for", "length", required=True, metavar="TIME", help="How long: 2h, 1d.")
@click.option("--reason", required=True, help="Why; stands in the log.")
@by_option
@config_option
@language_option
def mute_command(  # noqa: PLR0917 - click hands every option over by name
    target: str, length: str, reason: str, by: str, config: Path | None, language: str | None
) -> None:
    """Send no notices about TARGET for a while; it is watched all the same."""
    from monitor.cli import shown
    from monitor.config.durations import parse_duration

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    try:
        lasts = parse_duration(length)
    except (ValueError, OverflowError):
        click.echo(shown.no_length(length, language), err=True)
        sys.exit(2)
    carry_out(settings, "mute", {"target": target, "for": length, "reason": reason, "by": by}, language)
    click.echo(shown.muted(target, by, lasts, language))


@click.command("log")
@click.argument("text")
@by_option
@config_option
@language_option
def log_command(text: str, by: str, config: Path | None, language: str | None) -> None:
    """Write TEXT into the duty log."""
    from monitor.cli import shown

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    done = carry_out(settings, "log", {"text": text, "by": by}, language)
    click.echo(shown.logged(done["line"], by, language))
