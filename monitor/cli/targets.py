"""`zhishou targets import|plan|apply|template`: the inventory out of a list of the filing system, staged, looked at, put in force.

An import changes nothing that is watched. `apply` puts the file in its place, and the running daemon takes it over at once; without one
it is in force with the next start. Exit codes: 0 fine, 2 could not do it, or was not confirmed.
"""

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import config_option, json_option, language_option
from monitor.cli.desk import by_option

if TYPE_CHECKING:
    from monitor.config.settings import Settings
    from monitor.planned import Plan
    from monitor.staging import Brought, Outcome

KINDS = ("site", "column", "account")
file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group("targets")
def targets_command() -> None:
    """The inventory from a table: import, plan, apply; template writes one to fill in."""


@targets_command.command("import")
@file_argument
@click.option("--sheet", help="Which sheet of a workbook. Default: the first with anything in it.")
@click.option("--kind", type=click.Choice(KINDS), help="What the rows are, where the headings do not tell.")
@config_option
@language_option
@json_option
def import_command(  # noqa: PLR0917 - click hands every option over by name
    file: Path, sheet: str | None, kind: str | None, config: Path | None, language: str | None, as_json: bool
) -> None:
    """Read FILE (.xlsx or CSV), check every row, and stage it; nothing is in force yet."""
    from monitor import staging
    from monitor.cli import brought, planned
    from monitor.model import TargetKind

    settings, path = _settings(config)
    language = language or settings.desk.language
    data = brought.bytes_or_exit(file, language)
    given = staging.Brought(file.name, data, sheet, TargetKind(kind) if kind else None)
    done = _stage(file, given, settings, path, language, as_json=as_json)
    if not done.is_staged:
        brought.refuse(file, done.sheet, done.wrong, done.problems, language, as_json=as_json)
    staged, listing = str(staging.staged_path(_imported(settings))), done.listing
    kinds = Counter(cells["kind"] for _, cells in listing.rows)
    brought.say_lines(brought.remarks(listing, language))
    if as_json:
        left = {
            "hidden": listing.hidden,
            "examples": listing.examples,
            "over": listing.over,
            "left_out": list(listing.left_out),
            "still_staged": [{**source._asdict(), "kinds": dict(count)} for source, count in done.still.items()],
        }
        told = {"staged": staged, "rows": len(listing.rows), "kinds": dict(kinds), **left, "problems": []}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in planned.staged(kinds, staged, done.still, language):
        click.echo(line)


@targets_command.command("plan")
@config_option
@language_option
@json_option
def plan_command(config: Path | None, language: str | None, as_json: bool) -> None:
    """What the staged import would change against what is watched now."""
    from monitor.cli import planned

    settings, path = _settings(config)
    language = language or settings.desk.language
    plan = _planned(settings, path, language, as_json=as_json)
    if as_json:
        click.echo(json.dumps(planned.as_json(plan), ensure_ascii=False))
        return
    for line in planned.lines(plan, language):
        click.echo(line)


@targets_command.command("apply")
@by_option
@click.option("--yes", "is_sure", is_flag=True, help="Drop more than a tenth of a kind without asking.")
@config_option
@language_option
@json_option
def apply_command(by: str, is_sure: bool, config: Path | None, language: str | None, as_json: bool) -> None:
    """Put the staged import in force: at once with a running daemon, else with its next start."""
    from monitor import staging
    from monitor.cli import planned
    from monitor.cli.desk import or_exit
    from monitor.clock import SystemClock

    settings, path = _settings(config)
    language = language or settings.desk.language
    if not by.strip():
        click.echo(planned.nobody(language), err=True)
        sys.exit(2)
    plan = _planned(settings, path, language, as_json=as_json)
    if plan.is_grave and not is_sure:
        _ask(plan, language, as_json=as_json)
    take_back = or_exit(
        lambda: staging.put_in_force(_imported(settings), by.strip(), SystemClock().now()),
        language,
        _imported(settings),
    )
    problems = None
    try:
        problems = or_exit(lambda: _reload(settings), language, settings.store.path)
    except SystemExit:
        take_back()
        raise
    if problems:
        take_back()
        for line in (planned.refused(language), *problems):
            click.echo(line, err=True)
        sys.exit(2)
    if as_json:
        told = planned.as_json(plan) | {"by": by.strip(), "in_force": problems is not None}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(planned.applied(plan, by.strip(), language, is_running=problems is not None))


@targets_command.command("template")
@click.option("--kind", type=click.Choice(KINDS), default="site", show_default=True, help="What is to be listed.")
@file_argument
@config_option
@language_option
def template_command(kind: str, file: Path, config: Path | None, language: str | None) -> None:
    """Write a list to fill in to FILE (.xlsx or .csv), in the columns of the national filing systems."""
    from monitor.cli.brought import write_form
    from monitor.config.sheets.forms import FORMS
    from monitor.model import TargetKind

    write_form(FORMS[TargetKind(kind)], file, config, language)


def _settings(config: Path | None) -> tuple["Settings", Path]:
    """The settings and their file: an import stands beside it, so there must be one."""
    from monitor.cli import planned
    from monitor.cli.desk import settings_or_exit
    from monitor.config.load import find_settings

    path = find_settings(config)
    settings = settings_or_exit(config)
    if path is None or settings.imported is None:
        click.echo(planned.no_settings(settings.desk.language), err=True)
        sys.exit(2)
    return settings, path


def _stage(
    file: Path, given: "Brought", settings: "Settings", path: Path, language: str, *, as_json: bool
) -> "Outcome":
    """What came of it; exit 2 in words when nothing of the file can be read."""
    from monitor.cli import brought
    from monitor.cli.desk import or_exit
    from monitor.cli.validate import Progress
    from monitor.clock import SystemClock
    from monitor.config.sheets.grid import Unusable
    from monitor.staging import stage

    progress, now = Progress(language), SystemClock().now()

    def read(rows: int) -> None:
        progress.read(file.name, rows)

    try:
        return or_exit(lambda: stage(given, settings, lambda trial: _load(path, trial), now, read), language, file)
    except Unusable as error:
        progress.close()
        brought.refuse_whole(file, given.sheet or "", error, language, as_json=as_json)
    finally:
        progress.close()


def _imported(settings: "Settings") -> Path:
    assert settings.imported is not None
    return settings.imported.path


def _load(path: Path, staged: Path) -> "Settings":
    from monitor.app import load_settings

    return load_settings(path, staged)


def _planned(settings: "Settings", path: Path, language: str, *, as_json: bool) -> "Plan":
    """What the staged file would change; exit 2 when there is none, or it would no longer do."""
    from monitor import staging
    from monitor.cli import brought, planned
    from monitor.cli.desk import or_exit
    from monitor.cli.looking import view
    from monitor.config.problems import ConfigError
    from monitor.planned import plan

    staged = staging.staged_path(_imported(settings))
    if not staged.exists():
        click.echo(planned.nothing_staged(language), err=True)
        sys.exit(2)
    try:
        coming = _load(path, staged)
    except ConfigError as error:
        brought.refuse(staged, "", (), error.problems, language, as_json=as_json)
        raise AssertionError from error  # refuse ends the process

    def compare() -> "Plan":
        if not settings.store.path.exists():
            return plan(None, coming, settings)
        with view(settings.store.path, language) as tx:
            return plan(tx, coming, settings)

    return or_exit(compare, language, settings.store.path)


def _ask(plan: "Plan", language: str, *, as_json: bool) -> None:
    """Whoever drops so many types how many they are; without a terminal nobody can."""
    from monitor.cli import planned

    for line in planned.grave(plan, language):
        click.echo(line, err=True)
    if as_json or not sys.stdin.isatty():
        if as_json:
            click.echo(json.dumps(planned.as_json(plan) | {"in_force": False}, ensure_ascii=False))
        click.echo(planned.how_to_confirm(language), err=True)
        sys.exit(2)
    typed = click.prompt(planned.type_the_number(language), err=True, default="", show_default=False)
    if typed.strip() != str(len(plan.removed)):
        click.echo(planned.not_confirmed(language), err=True)
        sys.exit(2)


def _reload(settings: "Settings") -> list[str] | None:
    """What the running daemon refuses; None when there is no daemon."""
    from monitor.control import ask

    try:
        answer: Any = asyncio.run(ask(settings.store.path.parent / "control.sock", "reload", {}))
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    return list(answer["problems"])
