"""`zhishou discover`: the columns of a site as lines for the inventory, so that nobody types 238 of them by hand."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import config_option, json_option, language_option

if TYPE_CHECKING:
    from monitor.discover import Found, Progress

AT_MOST = 20
"""Pages that could not be read, shown one by one."""


@click.command("discover")
@click.argument("url", metavar="URL")
@click.option("--pages", type=click.IntRange(1, 5000), default=300, show_default=True, help="Look at so many at most.")
@click.option(
    "--for",
    "seconds",
    type=click.FloatRange(1, 36000),
    default=900,
    show_default=True,
    help="Stop after so many seconds.",
)
@config_option
@language_option
@json_option
def discover_command(
    url: str, *, pages: int, seconds: float, config: Path | None, language: str | None, as_json: bool
) -> None:
    """Propose the columns of the site whose home page is URL, as lines for config/targets/*.csv.

    Looks at the home page and two clicks around it, at the pace of the watch. Nothing is stored. Exit 1 when no column was
    found, 2 when the home page cannot be looked at.
    """
    from monitor import log
    from monitor.cli.desk import settings_or_exit
    from monitor.cli.troubles import no_address
    from monitor.config.urls import address_trouble
    from monitor.discover import Budget, NoHome, as_json_list, discover, inventory
    from monitor.model import say
    from monitor.render import translate

    log.set_up_logging(level="warning", out=sys.stderr)
    settings = settings_or_exit(config)
    language = language or settings.desk.language
    trouble = address_trouble(url)
    if trouble is not None:
        why = no_address(trouble, language)
        click.echo(translate(say("{what}: not an address: {why}", what=url, why=why), language), err=True)
        sys.exit(2)
    try:
        with _shown_progress(language) as progress:
            found = asyncio.run(discover(settings, url, Budget(pages, seconds), progress))
    except NoHome as error:
        why = translate(error.why, language)
        click.echo(translate(say("the home page cannot be looked at: {why}", why=why), language), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(as_json_list(found), ensure_ascii=False))
    elif found.columns:
        click.echo("\n".join(inventory(found, settings.targets)))
    click.echo("\n".join(summary(found, language)), err=True)
    sys.exit(0 if found.columns else 1)


def summary(found: "Found", language: str) -> Iterator[str]:
    """How it went: counts, what could not be read and why, what was not looked at."""
    from monitor.model import say
    from monitor.render import translate

    undated = sum(1 for one in found.columns if one.newest is None)
    counted = say(
        "{looked} pages looked at: {columns} columns proposed, {undated} of them without a date",
        looked=found.looked,
        columns=len(found.columns),
        undated=undated,
    )
    yield translate(counted, language)
    if found.looked == 1 and not found.left:
        yield translate(say("no link on the home page may lead to a column: a program may make its menu"), language)
    if found.unread:
        yield translate(say("could not be read: {n}", n=len(found.unread)), language)
    for url, why in found.unread[:AT_MOST]:
        yield f"  {url}  {translate(why, language)}"
    if len(found.unread) > AT_MOST:
        yield "  " + translate(say("… and {n} more", n=len(found.unread) - AT_MOST), language)
    if found.gave_up:
        yield translate(say("the site stopped answering: given up, try again later"), language)
    if found.left:
        yield translate(
            say("{n} links were not looked at any more: raise --pages or --for", n=found.left)
            if not found.gave_up
            else say("{n} links were not looked at any more", n=found.left),
            language,
        )


@contextmanager
def _shown_progress(language: str) -> Iterator["Progress"]:
    """A bar on stderr where somebody is there to see it."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from monitor.model import say
    from monitor.render import translate

    words = TextColumn(translate(say("pages looked at"), language))
    console = Console(stderr=True)
    with Progress(
        words, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
