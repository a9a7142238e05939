"""`zhishou demo`: the rehearsed city, the daemon against it, and whether every planted fault was found."""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import json_option, language_option

if TYPE_CHECKING:
    from monitor.demo import Played


@click.command("demo")
@click.option(
    "--for", "seconds", type=click.FloatRange(5, 3600), help="Stop after so many seconds and say how it went."
)
@language_option
@json_option
def demo_command(seconds: float | None, language: str | None, as_json: bool) -> None:
    """Watch a made-up city on this machine: no set-up, no network. Alerts are printed as they go out."""
    from monitor import log
    from monitor.app import loop_factory
    from monitor.cli.troubles import told
    from monitor.config.settings import DeskSettings
    from monitor.daemon import CannotStart
    from monitor.demo import Show, run_demo
    from monitor.model import say
    from monitor.render import translate

    log.set_up_logging(level="warning", out=sys.stderr)
    language = language or DeskSettings().language
    show = Show(
        seconds=seconds,
        channel="console://stderr" if as_json else "console://",
        tell=lambda text: click.echo(text, err=as_json),
        language=language,
    )
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            played = runner.run(run_demo(show))
    except (CannotStart, OSError) as error:
        click.echo(translate(say("the demo cannot start: {why}", why=told(error, language)), language), err=True)
        sys.exit(2)
    result = played.result
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(summary(played, language)))
    sys.exit(1 if result["missed"] or result["false"] else 0)


def summary(played: "Played", language: str) -> Iterator[str]:
    """How it went, for people: the counts, and a line for each fault that was not found or not yet due."""
    from monitor.model import say
    from monitor.render import translate

    result: Mapping[str, Any] = played.result
    lists = {"missed": result["missed"], "false": result["false"], "waiting": played.not_yet_due}
    counts = {name: len(lines) for name, lines in lists.items()}
    said = say(
        "{seconds} s: {planted} faults planted, {incidents} incidents, {deliveries} messages confirmed,"
        " {missed} missed, {false} false",
        seconds=result["seconds"],
        planted=len(result["planted"]),
        incidents=len(result["incidents"]),
        deliveries=result["deliveries"],
        missed=counts["missed"],
        false=counts["false"],
    )
    waiting = say("{n} not yet due", n=counts["waiting"])
    line = translate(said, language)
    yield (
        translate(say("{line}, {more}", line=line, more=translate(waiting, language)), language)
        if played.not_yet_due
        else line
    )
    for name, lines in lists.items():
        for one in lines:
            yield "  " + _line(name, one, language)


def _line(name: str, one: Mapping[str, Any], language: str) -> str:
    from monitor.alert.phrases import WHAT
    from monitor.model import Cause, say
    from monitor.render import translate

    what = translate(WHAT[Cause(one["cause"])], language)
    subject = what if one["target"] == "*" else f"{one['target']} {what}"
    if name == "waiting":
        return translate(say("not yet due: {what}", what=subject), language)
    why = str(one["evidence"])
    if why.startswith("no incident ("):
        why = translate(say("no incident ({kind})", kind=why.removeprefix("no incident (").removesuffix(")")), language)
    said = {"what": subject, "why": why}
    text = say("missed: {what} ({why})", **said) if name == "missed" else say("false: {what} ({why})", **said)
    return translate(text, language)
