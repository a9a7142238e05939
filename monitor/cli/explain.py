"""`zhishou explain`: why an incident was opened, judged again from what was kept then."""

import json
import sys
from pathlib import Path

import click

from monitor.cli import config_option, json_option, language_option


@click.command("explain")
@click.argument("incident", type=click.IntRange(1))
@config_option
@language_option
@json_option
def explain_command(incident: int, config: Path | None, language: str | None, as_json: bool) -> None:
    """Why INCIDENT was opened: what was seen, by which rule, day by day; judged again, it must come to the same.

    Exit 1 when it does not come to the same.
    """
    from monitor.cli.asking import of_incident
    from monitor.cli.desk import plain_or_exit
    from monitor.evidence.explain import explanation
    from monitor.evidence.lines import as_json as shown, lines

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    told = of_incident(settings, incident, language, explanation)
    if as_json:
        click.echo(json.dumps(shown(told, language), ensure_ascii=False))
    else:
        click.echo("\n".join(lines(told, language)))
    sys.exit(1 if told.same is False else 0)
