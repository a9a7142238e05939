"""A column, account or page that no program can read, seen by hand: told from a terminal, and what is known of it shown."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from monitor.cli import config_option, json_option, language_option
from monitor.cli.desk import carry_out, or_exit, plain_or_exit


@click.command("attest")
@click.argument("target")
@click.option("--newest", metavar="DATE", help="Day of the newest thing published there, 2026-12-01.")
@click.option("--by", metavar="NAME", help="Who looked; stands in the log.")
@click.option("--screenshot", type=click.Path(path_type=Path), metavar="FILE", help="What was seen: its hash is kept.")
@click.option("--note", default="", help="What to remember about it.")
@click.option(
    "--for", "days", type=int, default=7, show_default=True, metavar="DAYS", help="How long it holds, at most 7."
)
@click.option("--show", is_flag=True, help="Attest nothing: show what is known of TARGET and was attested.")
@config_option
@language_option
@json_option
def attest_command(  # noqa: PLR0917 - click hands every option over by name
    target: str,
    newest: str | None,
    by: str | None,
    screenshot: Path | None,
    note: str,
    days: int,
    show: bool,
    config: Path | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Attest what you saw on TARGET with your own eyes; good for 7 days at most."""
    from monitor.cli import filed_shown
    from monitor.cli.attachments import papers
    from monitor.cli.looking import ask_or_read

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    if not show and (newest is None or by is None):
        click.echo(filed_shown.attest_needs(language), err=True)
        sys.exit(2)
    found: dict[str, Any]
    if show:
        asked: dict[str, object] = {"target": target, "language": language}
        found = or_exit(lambda: ask_or_read(settings, "attested", asked), language, settings.store.path)
    else:
        asked = {"target": target, "newest": newest, "by": by, "days": days, "note": note, "language": language}
        if screenshot is not None:
            (asked["screenshot"],) = papers([screenshot], language)
        found = carry_out(settings, "attest", asked, language)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in filed_shown.attested(target, found, by or "", language):
        click.echo(line)
