"""`zhishou what-if`: the stored past judged by other rules or limits, and which alerts that would have changed."""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import config_option, json_option, language_option

if TYPE_CHECKING:
    from sqlite3 import Connection

    from monitor.evidence.whatif import WhatIf
    from monitor.model import Pack

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_LAST = 2999
"""The last year that can be asked for: calendars end, and a day more must still be one."""


@click.command("what-if")
@click.option(
    "--rules",
    "place",
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="A rule pack (TOML), or a folder of them; each takes the place of the pack of its name.",
)
@click.option("--from", "first", type=_DAY, help="First day, of Shanghai. Default: the first that is known.")
@click.option("--to", "last", type=_DAY, help="Last day. Default: the last that is known.")
@config_option
@language_option
@json_option
def what_if_command(  # noqa: PLR0917 - click hands every option over by name
    place: Path, first: datetime | None, last: datetime | None, config: Path | None, language: str | None, as_json: bool
) -> None:
    """Replay the past under other rules: which alerts would have come, which not, which earlier or later.

    Reads the store alone; nothing is changed, nobody is told.
    """
    from monitor.cli.asking import read
    from monitor.cli.desk import settings_or_exit
    from monitor.cli.progress import counted
    from monitor.clock import day_start
    from monitor.control import Refusal
    from monitor.evidence.whatif import Unknown, both, what_if
    from monitor.evidence.whatif_told import as_json as shown, lines
    from monitor.render import translate

    _refuse_backwards(first, last)
    settings = settings_or_exit(config, language)
    language = language or settings.desk.language
    rules = both(settings, _packs(place, language))
    start = None if first is None else day_start(first.date())
    end = None if last is None else day_start(last.date() + timedelta(days=1))

    def replayed(tx: "Connection") -> "WhatIf":
        try:
            return what_if(tx, rules, start, end, progress)
        except Unknown as error:
            raise Refusal(translate(error.words, language)) from None

    with counted() as progress:
        found = read(settings, language, replayed)
    click.echo(
        json.dumps(shown(found, language), ensure_ascii=False)
        if as_json
        else "\n".join(lines(found, settings, language))
    )


def _refuse_backwards(first: datetime | None, last: datetime | None) -> None:
    from monitor.cli.usage import Misused
    from monitor.model import say

    for day in (first, last):
        if day is not None and not 1970 <= day.year <= _LAST:
            raise Misused(
                say("the year {year} is none of these: {first} to {last}", year=day.year, first=1970, last=_LAST)
            )
    if first is not None and last is not None and last < first:
        raise Misused(
            say("--to {last} is before {first}, the day of --from", last=f"{last:%Y-%m-%d}", first=f"{first:%Y-%m-%d}")
        )


def _packs(place: Path, language: str) -> "tuple[Pack, ...]":
    """The packs of that file or folder; every problem as validate shows it, and exit 2."""
    from monitor.cli import warned
    from monitor.config.document import Report
    from monitor.config.packs import read_packs
    from monitor.model import say
    from monitor.render import translate

    files = sorted(place.glob("*.toml")) if place.is_dir() else [place]
    report = Report()
    found = read_packs([(path, str(path)) for path in files], [], report)
    if report.problems or not files:
        warned.show(report.everything(), language)
        if not files:
            click.echo(
                translate(say("{place}: there is no rule pack (*.toml) in this folder", place=str(place)), language),
                err=True,
            )
        sys.exit(2)
    return found.loaded
