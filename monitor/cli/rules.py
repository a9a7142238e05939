"""`zhishou rules`: every loaded rule, with its source and how many targets fall under it."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import config_option, json_option

if TYPE_CHECKING:
    from monitor.config.settings import Settings
    from monitor.model import Rule


@click.command("rules")
@config_option
@json_option
def rules_command(config: Path | None, as_json: bool) -> None:
    """List every loaded rule: pack, article, what it says, and how many targets it is about.

    Counted are the targets of the inventory: links are found as pages are read, so a rule about links counts none here. What the desk
    itself owes counts one, where anything is watched under that pack.
    """
    from monitor.app import load_settings
    from monitor.config.load import find_settings
    from monitor.config.problems import ConfigError
    from monitor.questions import rule_rows, targets_under

    try:
        settings = load_settings(find_settings(config))
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(rule_rows(settings), ensure_ascii=False))
    else:
        click.echo("\n".join(_words(settings, targets_under(settings))))


def _about(rule: "Rule", count: int) -> str:
    from monitor.model import TargetKind

    if rule.applies.kind is TargetKind.LINK:
        return "links, found as pages are read"
    if rule.applies.kind is TargetKind.DESK:
        return "the desk itself" if count else "the desk itself, once anything is watched under this pack"
    return "1 target" if count == 1 else f"{count:,} targets"


def _words(settings: "Settings", counts: Counter[str]) -> list[str]:
    lines: list[str] = []
    for pack in settings.packs:
        issued = f", {pack.issued}" if pack.issued else ""
        status = f" [{pack.status}]" if pack.status else ""
        lines.append(f"{pack.id}: {pack.title}{issued}{status}")
        for rule in pack.rules:
            limit = f" {rule.limit}" if rule.limit else ""
            lines.append(f"  {rule.id}  {rule.severity}, {rule.confidence}; {rule.obligation}{limit}")
            lines.append(
                f"    {'、'.join((rule.article, *rule.also))}: {rule.says}  ({_about(rule, counts[rule.key])})"
            )
    return lines
