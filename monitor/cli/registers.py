"""`zhishou messages import|list|add|answer|template` and `zhishou posts import|template`: the registers people keep.

An import is all or nothing: what is wrong in the table, or contradicts the register, is listed, and nothing is written. Exit codes: 0 fine, 2
could not do it.
"""

import json
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import config_option, json_option, language_option
from monitor.cli.desk import by_option, carry_out, or_exit, plain_or_exit

if TYPE_CHECKING:
    from monitor.config.settings import Settings
    from monitor.config.sheets.grid import Grid
    from monitor.config.sheets.registers import Named, Register

CLASSES = ("找错", "咨询", "建议", "投诉", "求助", "办理", "jiucuo", "consulting", "handling")
file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
sheet_option = click.option("--sheet", help="Which sheet of a workbook. Default: the first with anything in it.")
replace_option = click.option("--replace", is_flag=True, help="What contradicts the register takes its place.")
Read = Callable[["Grid", list["Named"], str], "Register"]


@click.group("messages")
def messages_command() -> None:
    """The register of messages of the public: import, list, add, answer, template."""


@click.group("posts")
def posts_command() -> None:
    """Posts of accounts whose feeds cannot be read: import, template."""


@messages_command.command("import")
@file_argument
@by_option
@click.option("--class", "cls", type=click.Choice(CLASSES), help="The class of all, where no column says it.")
@sheet_option
@replace_option
@config_option
@language_option
@json_option
def messages_import_command(cls: str | None, **given: Any) -> None:
    """Take over FILE (.xlsx or CSV): new messages, and answers to those that are there."""
    from monitor.config.sheets.registers import CLASSES as WORDS, read_messages

    word = None if cls is None else WORDS[cls].value
    _import("messages-import", lambda grid, names, today: read_messages(grid, names, today, word), **given)


@posts_command.command("import")
@file_argument
@by_option
@sheet_option
@replace_option
@config_option
@language_option
@json_option
def posts_import_command(**given: Any) -> None:
    """Take over FILE (.xlsx or CSV): what accounts have published."""
    from monitor.config.sheets.registers import read_posts

    _import("posts-import", read_posts, **given)


@messages_command.command("template")
@file_argument
@config_option
@language_option
def messages_template_command(file: Path, config: Path | None, language: str | None) -> None:
    """Write a register of messages to fill in to FILE (.xlsx or .csv)."""
    from monitor.cli.brought import write_form
    from monitor.config.sheets.forms import MESSAGES_FORM

    write_form(MESSAGES_FORM, file, config, language)


@posts_command.command("template")
@file_argument
@config_option
@language_option
def posts_template_command(file: Path, config: Path | None, language: str | None) -> None:
    """Write a register of posts to fill in to FILE (.xlsx or .csv)."""
    from monitor.cli.brought import write_form
    from monitor.config.sheets.forms import POSTS_FORM

    write_form(POSTS_FORM, file, config, language)


@messages_command.command("list")
@click.option("--waiting", is_flag=True, help="Only those without an answer, the oldest first.")
@config_option
@language_option
@json_option
def list_command(waiting: bool, config: Path | None, language: str | None, as_json: bool) -> None:
    """The newest messages of the register: class, receipt, by when an answer is owed and by which article, answered or overdue."""
    from monitor.cli import registered
    from monitor.cli.looking import look
    from monitor.clock import SystemClock
    from monitor.registers import with_due

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    asked = {"waiting": waiting, "language": language}
    found = or_exit(lambda: look(settings, "messages", asked), language, settings.store.path)
    now = SystemClock().now()
    rows = with_due(found, settings, now)
    if as_json:
        click.echo(json.dumps(registered.named(rows, language), ensure_ascii=False))
        return
    for line in registered.messages(rows, now, language, waiting=waiting):
        click.echo(line)


@messages_command.command("add")
@click.argument("message")
@click.option("--site", required=True, help="Id, 网站标识码 or name of the site or account.")
@click.option(
    "--class", "cls", type=click.Choice(CLASSES), required=True, help="What it is: decides how long an answer may take."
)
@click.option("--received", required=True, metavar="TIME", help='When it came: "2026-11-01 09:30".')
@click.option("--answered", metavar="TIME", help="When it was answered, if it was.")
@click.option("--explained", is_flag=True, help="People were told why it takes longer.")
@by_option
@config_option
@language_option
def add_command(message: str, cls: str, received: str, answered: str | None, **given: Any) -> None:
    """Put MESSAGE (its number) into the register by hand."""
    from monitor.cli import registered
    from monitor.config.sheets.registers import CLASSES as WORDS

    settings = plain_or_exit(given["config"], given["language"])
    language = given["language"] or settings.desk.language
    args = {
        "id": message,
        "site": given["site"],
        "class": WORDS[cls].value,
        "received": _moment(received, language),
        "answered": None if answered is None else _moment(answered, language),
        "explained": given["explained"] or None,
        "by": given["by"],
    }
    done = carry_out(settings, "messages-add", args, language)
    click.echo(registered.added(message, done["target"], language))


@messages_command.command("answer")
@click.argument("message")
@click.option("--at", "answered", required=True, metavar="TIME", help='When it was answered: "2026-11-02 16:00".')
@click.option("--site", default="", help="Whose message it is, where several sites have one of that number.")
@by_option
@config_option
@language_option
def answer_command(  # noqa: PLR0917 - click hands every option over by name
    message: str, answered: str, site: str, by: str, config: Path | None, language: str | None
) -> None:
    """MESSAGE (its number) was answered."""
    from monitor.cli import registered

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    args = {"id": message, "site": site, "at": _moment(answered, language), "by": by}
    done = carry_out(settings, "messages-answer", args, language)
    click.echo(registered.answered(message, done["target"], language))


def _import(command: str, read: Read, **given: Any) -> None:
    from monitor.cli import brought, registered

    settings = plain_or_exit(given["config"], given["language"])
    file, as_json = given["file"], given["as_json"]
    language = given["language"] or settings.desk.language
    data = brought.bytes_or_exit(file, language)
    register = _read(settings, file, data, given["sheet"], read, language, as_json=as_json)
    args = {
        "rows": register.rows,
        "by": given["by"],
        "file": file.name,
        "sha256": sha256(data).hexdigest(),
        "replace": given["replace"],
    }
    done: Mapping[str, Any] = carry_out(settings, command, args, language)
    if as_json:
        click.echo(json.dumps({**done, "problems": []}, ensure_ascii=False))
    elif done["written"]:
        click.echo(registered.taken_over(done, language))
    if not done["written"]:
        for line in registered.contradictions(done, language):
            click.echo(line, err=True)
        sys.exit(2)


def _read(  # noqa: PLR0917 - what a table is read with
    settings: "Settings", file: Path, data: bytes, sheet: str | None, read: Read, language: str, *, as_json: bool
) -> "Register":
    """The rows; or every problem, and exit 2."""
    from monitor.cli import brought, registered
    from monitor.cli.looking import look
    from monitor.cli.validate import Progress
    from monitor.clock import SHANGHAI, SystemClock
    from monitor.config.sheets.grid import Unusable
    from monitor.config.sheets.reading import read_grid
    from monitor.config.sheets.registers import Named
    from monitor.registerrows import AHEAD
    from monitor.render import translate

    called = or_exit(lambda: look(settings, "called", {"language": language}), language, settings.store.path)
    progress, now = Progress(language), SystemClock().now() + AHEAD
    try:
        grid = read_grid(data, sheet, lambda rows: progress.read(file.name, rows))
        register = read(grid, [Named(**one) for one in called], f"{now.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}")
    except Unusable as error:
        progress.close()
        brought.refuse_whole(file, sheet or "", error, language, as_json=as_json)
    progress.close()
    if register.wrong:
        brought.refuse(file, grid.sheet, register.wrong, (), language, as_json=as_json)
    for words in register.unread:
        click.echo(translate(words, language), err=True)
    if register.hidden:
        click.echo(registered.hidden(register.hidden, language), err=True)
    return register


def _moment(written: str, language: str) -> str:
    from monitor.cli import registered
    from monitor.config.sheets.moments import moment

    try:
        return moment(written)
    except ValueError:
        click.echo(registered.no_moment(written, language), err=True)
        sys.exit(2)
