"""`zhishou report`: ledgers and sheets, as text, CSV, XLSX, HTML or JSON.

Outages, closures for good and of accounts, availability, rectifications, what the vetoes make of every site, and what the duty desk owes. Reads the store alone, so
that it needs no daemon and no right to change anything.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import config_option, language_option

if TYPE_CHECKING:
    import sqlite3

    from monitor.ledgers import Asked
    from monitor.report.table import Report

KINDS = ("outages", "closings", "availability", "rectifications", "sites", "desk")
BESIDE: Mapping[str, tuple[str, ...]] = {"outages": ("closings",)}
"""Ledgers whose tables people find in another, too: the notices of closures for good stand beside the outages."""
FORMATS = ("text", "html", "xlsx", "csv", "json")
Row = Mapping[str, Any]
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("report")
@click.argument("kind", type=click.Choice(KINDS))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="How it is written. Default: as --out ends, else text."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file, which must not exist."
)
@click.option("--site", help="Of this site (with closings also an account) alone.")
@click.option("--from", "since", type=_DAY, help="From this day on. Default: the year so far.")
@click.option("--to", "until", type=_DAY, help="Through this day. Default: today.")
@config_option
@language_option
def report_command(  # noqa: PLR0917 - click hands every option over by name
    kind: str,
    form: str | None,
    out: Path | None,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    config: Path | None,
    language: str | None,
) -> None:
    """Print a ledger or sheet: 下线台账, closures for good and of accounts with their notices, 可用性清单, 整改台账, the verdict on every site by the national vetoes, what the desk owes."""
    from monitor.cli.desk import or_exit, plain_or_exit
    from monitor.clock import SystemClock, civil_day, day_start
    from monitor.ledgers import Asked
    from monitor.model import say
    from monitor.render import translate

    settings = plain_or_exit(config, language)
    language, now = language or settings.desk.language, SystemClock().now()
    begin = day_start(date(civil_day(now).year, 1, 1) if since is None else since.date())
    end = now if until is None else min(now, day_start(until.date() + timedelta(days=1)))
    form = form or _by_name(out)
    if begin >= end:
        _refuse(translate(say("--from lies after --to, or in the future"), language))
    if form == "xlsx" and out is None and sys.stdout.isatty():
        _refuse(translate(say("XLSX is nothing for a terminal: name a file with --out"), language))
    asked = Asked(settings, begin, end, now, language, site)
    kinds = (kind,) if form == "json" else (kind, *BESIDE.get(kind, ()))
    found, stopped = or_exit(lambda: _rows(kinds, asked), language, settings.store.path)
    if form in {"json", "csv"} and stopped:
        click.echo(stopped, err=True)
    content = _written(form, found, stopped, asked)
    if out is None:
        click.echo(content, nl=False)  # bytes as they are
        return
    size = or_exit(lambda: _write(out, content, asked.language), language, out)
    click.echo(translate(say("{to}: {size} bytes", to=str(out), size=f"{size:,}"), language))


def _by_name(out: Path | None) -> str:
    ending = "" if out is None else out.suffix.removeprefix(".").lower()
    return ending if ending in FORMATS else "text"


def _refuse(words: str) -> None:
    click.echo(words, err=True)
    sys.exit(2)


def _rows(kinds: Sequence[str], asked: "Asked") -> tuple[Mapping[str, Sequence[Row]], str]:
    """Of each of these ledgers, out of one view of the store; and since when the watch has not run, "" where it did lately."""
    from monitor.cli.looking import by_the_daemon, stopped_since, view
    from monitor.control import Refusal
    from monitor.ledgers import BY_PACKS, BY_RULES, LEDGERS
    from monitor.render import translate

    first, is_plain = kinds[0], asked.settings.plain_only
    if first in BY_RULES and is_plain and (told := by_the_daemon(first, asked)) is not None:
        return {first: told}, ""
    if first in BY_PACKS and is_plain:
        _say_by_which_rules(asked.language)
    with view(asked.settings.store.path, asked.language) as tx:
        if refused := _no_such_site(tx, asked.site, asked.language):
            raise Refusal(refused)
        stopped = stopped_since(tx, asked.now)
        found = {kind: list(LEDGERS[kind](tx, asked)) for kind in kinds}
        return found, "" if stopped is None else translate(stopped, asked.language)


def _say_by_which_rules(language: str) -> None:
    from monitor.model import say
    from monitor.render import translate

    words = say(
        "the rule files cannot be read: what lacks and how long notices stay goes by the rules this program brings"
    )
    click.echo(translate(words, language), err=True)


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


def _written(form: str, found: Mapping[str, Sequence[Row]], stopped: str, asked: "Asked") -> bytes:
    """The same rows in that format; for people the tables of every ledger of these, the first giving the title."""
    if form == "json":
        return json.dumps(next(iter(found.values())), ensure_ascii=False).encode() + b"\n"
    from monitor.config.declared import KINDS as DECLARED
    from monitor.report.reader import Reader
    from monitor.report.sheets import report

    kinds = {one.value: told.name for one, told in DECLARED.items()}
    reader = Reader(asked.language, asked.now, kinds)
    made, *more = [report(kind, rows, (asked.begin, asked.end), reader) for kind, rows in found.items()]
    for one in more:
        made = replace(made, tables=(*made.tables, *one.tables), notes=(*made.notes, *one.notes))
    if stopped:
        made = replace(made, about=(*made.about, stopped))
    return _writer(form)(made)


def _writer(form: str) -> "Callable[[Report], bytes]":
    if form == "html":
        from monitor.report.page import page

        return page
    if form == "xlsx":
        from monitor.report.xlsx import xlsx

        return xlsx
    if form == "csv":
        from monitor.report.csvfile import csv_file

        return csv_file
    from monitor.report.plain import text

    return text


def _write(path: Path, content: bytes, language: str) -> int:
    """Whole or not at all, and never over what is there: a report that was handed in stays what it was."""
    from monitor.control import Refusal
    from monitor.model import say
    from monitor.render import translate

    part = Path(f"{path}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # unlike a rename this fails when it is there
    except FileExistsError:
        raise Refusal(translate(say("{path} exists: a report never overwrites", path=str(path)), language)) from None
    finally:
        part.unlink(missing_ok=True)
    return len(content)
