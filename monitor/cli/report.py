"""`zhishou report`: ledgers and sheets: outages, availability, rectifications, and what the vetoes make of every site.

Reads the store alone, so that it needs no daemon and no right to change anything.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import config_option, language_option

if TYPE_CHECKING:
    import sqlite3

KINDS = ("outages", "availability", "rectifications", "sites")
Row = Mapping[str, Any]
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("report")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="How it is written.")
@click.option("--site", help="Of this site alone.")
@click.option("--from", "since", type=_DAY, help="From this day on. Default: the year so far.")
@click.option("--to", "until", type=_DAY, help="Through this day. Default: today.")
@config_option
@language_option
def report_command(  # noqa: PLR0917 - click hands every option over by name
    kind: str,
    form: str,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    config: Path | None,
    language: str | None,
) -> None:
    """Print a ledger or sheet: 下线台账, 可用性清单, 整改台账, or the verdict on every site by the national vetoes."""
    from monitor.cli.desk import or_exit, plain_or_exit
    from monitor.cli.looking import by_the_daemon, view
    from monitor.clock import SystemClock, civil_day, day_start
    from monitor.control import Refusal
    from monitor.ledgers import LEDGERS, Asked
    from monitor.model import say
    from monitor.render import translate

    settings = plain_or_exit(config, language)
    language, now = language or settings.desk.language, SystemClock().now()
    begin = day_start(date(civil_day(now).year, 1, 1) if since is None else since.date())
    end = now if until is None else min(now, day_start(until.date() + timedelta(days=1)))
    if begin >= end:
        click.echo(translate(say("--from lies after --to, or in the future"), language), err=True)
        sys.exit(2)
    asked = Asked(settings, begin, end, now, language, site)

    def read() -> Sequence[Row]:
        if kind == "sites" and settings.plain_only and (told := by_the_daemon(asked)) is not None:
            return told
        with view(settings.store.path, language) as tx:
            if refused := _no_such_site(tx, site, language):
                raise Refusal(refused)
            return list(LEDGERS[kind](tx, asked))

    sys.stdout.write(WRITTEN[form](or_exit(read, language, settings.store.path), language))


def _no_such_site(tx: "sqlite3.Connection", site: str | None, language: str) -> str:
    """The refusal of a site the store does not have, with the one that was probably meant; "" when all is well."""
    from monitor.config.problems import near
    from monitor.model import DESK_ID, say
    from monitor.render import translate
    from monitor.store import registered

    if site is None or site == DESK_ID or not registered.unknown(tx, {site}):
        return ""
    meant = near(site, [one.id for one in registered.called(tx)])
    text = say('there is no site "{name}": did you mean "{near}"?', name=site, near=meant)
    return translate(text if meant else say('there is no site "{name}"', name=site), language)


def _json(rows: Sequence[Row], _language: str) -> str:
    return json.dumps(rows, ensure_ascii=False) + "\n"


def _csv(rows: Sequence[Row], language: str) -> str:
    """One line each; what is a list or table itself stands as JSON. With a BOM, for spreadsheets on Windows."""
    from monitor.cli.labels import label

    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    if rows:
        writer.writerow([label(name, language) for name in rows[0]])
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else value
    is_formula = isinstance(text, str) and text[:1] in {"=", "+", "-", "@"}
    return f"'{text}" if is_formula else text  # what begins so is carried out by spreadsheets


def _text(rows: Sequence[Row], language: str) -> str:
    from monitor.cli.labels import label, word

    blocks = [
        "\n".join(f"{label(name, language)}: {_shown(word(name, value, language))}" for name, value in row.items())
        for row in rows
    ]
    return "\n\n".join(blocks) + "\n" if blocks else "–\n"


def _shown(value: object) -> str:
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "\n    " + "\n    ".join(value)
    return "–" if value in (None, "", [], {}) else str(_cell(value))


WRITTEN: Mapping[str, Callable[[Sequence[Row], str], str]] = {"json": _json, "csv": _csv, "text": _text}
