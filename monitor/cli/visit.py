"""`zhishou visit`: one look now, without the daemon and without its store."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import click

from monitor.cli import config_option, json_option, language_option
from monitor.model import Compliance, Outcome, TargetKind

KINDS = [kind.value for kind in TargetKind if kind not in {TargetKind.LINK, TargetKind.DESK}]


@click.command("visit")
@click.argument("what", metavar="URL_OR_TARGET")
@click.option("--kind", type=click.Choice(KINDS), default="site", help="What a bare URL is taken for.")
@config_option
@language_option
@json_option
def visit_command(what: str, kind: str, config: Path | None, language: str | None, as_json: bool) -> None:
    """One look now at URL_OR_TARGET: verdicts and reasons. One try, nothing is confirmed, stored or sent."""
    from monitor import log
    from monitor.app import load_settings
    from monitor.cli import shown, warned
    from monitor.cli.troubles import no_address
    from monitor.config.load import find_settings
    from monitor.config.problems import ConfigError
    from monitor.model import say
    from monitor.once import NotATarget, look_once
    from monitor.render import translate

    log.set_up_logging(level="warning", out=sys.stderr)
    try:
        settings = load_settings(find_settings(config))
        language = language or settings.desk.language
        result = asyncio.run(look_once(settings, what, TargetKind(kind), language))
    except ConfigError as error:
        warned.refuse(error.problems, config, language)
    except NotATarget as error:
        language = language or "zh-CN"
        why = no_address(error.trouble, language)
        words = say("{what}: neither a target of the inventory nor an address: {why}", what=what, why=why)
        click.echo(translate(words, language), err=True)
        sys.exit(2)
    lines = [json.dumps(result, ensure_ascii=False)] if as_json else shown.visit(result, settings, language)
    click.echo("\n".join(lines))
    sys.exit(1 if _found_trouble(result) else 0)


def _found_trouble(result: dict[str, Any]) -> bool:
    failed = any(finding["outcome"] == Outcome.FAIL for finding in result["findings"])
    return failed or any(standing["standing"] == Compliance.BREACHED for standing in result["standings"])
