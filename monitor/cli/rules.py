"""`zhishou rules`: every loaded rule, with its source and how many targets fall under it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import config_option, json_option, language_option

if TYPE_CHECKING:
    from monitor.config.settings import Settings
    from monitor.model import Rule, Text


@click.command("rules")
@config_option
@language_option
@json_option
def rules_command(config: Path | None, language: str | None, as_json: bool) -> None:
    """List every loaded rule: pack, article, what it says, and how many targets it is about.

    Counted are the targets of the inventory: links are found as pages are read, so a rule about links counts none here. What the desk
    itself owes counts one, where anything is watched under that pack.
    """
    from monitor.cli.desk import settings_or_exit
    from monitor.questions import rule_rows, targets_under

    settings = settings_or_exit(config, language)
    if as_json:
        click.echo(json.dumps(rule_rows(settings), ensure_ascii=False))
    else:
        click.echo("\n".join(_words(settings, targets_under(settings), language or settings.desk.language)))


def _words(settings: "Settings", counts: Counter[str], language: str) -> Iterator[str]:
    from monitor.alert.phrases import GRAVE
    from monitor.cli.labels import CONFIDENCE, OBLIGATIONS
    from monitor.model import say
    from monitor.render import day, translate

    def words(text: "Text") -> str:
        return translate(text, language)

    for pack in settings.packs:
        issued = "  " + day(pack.issued, language, with_year=True) if pack.issued else ""
        status = f"  [{pack.status}]" if pack.status else ""
        yield f"{pack.id}  {pack.title}{issued}{status}"
        for rule in pack.rules:
            limit = [words(say("limit {limit}", limit=str(rule.limit)))] if rule.limit else []
            told = [
                words(GRAVE[rule.severity]),
                words(CONFIDENCE[rule.confidence]),
                words(OBLIGATIONS[rule.obligation]),
            ]
            yield f"  {rule.id}  {words(say(', ')).join(told + limit)}"
            about = words(_about(rule, counts[rule.key]))
            basis = words(say("{articles}: {says}", articles="、".join((rule.article, *rule.also)), says=rule.says))
            yield "    " + words(say("{message} ({hint})", message=basis, hint=about))


def _about(rule: "Rule", count: int) -> "Text":
    from monitor.model import TargetKind, say

    if rule.applies.kind is TargetKind.LINK:
        return say("links, found as pages are read")
    if rule.applies.kind is TargetKind.DESK:
        return say("the desk itself") if count else say("the desk itself, once anything is watched under this pack")
    return say("1 target") if count == 1 else say("{n} targets", n=f"{count:,}")
