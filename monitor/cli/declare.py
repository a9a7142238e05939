"""Filing declarations from a terminal: `declare KIND TARGET`, and below it `list`, `amend`, `withdraw`, `kinds`.

Each speaks to the running daemon, or opens the store alone (cli/desk.py). Attachments are hashed here, the files stay.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from monitor.cli import config_option, json_option, language_option
from monitor.cli.desk import by_option, carry_out, plain_or_exit

set_option = click.option(
    "--set", "told", multiple=True, metavar="NAME=VALUE", help="A field of it; several texts with ; or told again."
)
attach_option = click.option(
    "--attach", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="A paper: its hash is kept."
)


@click.command("declare")
@click.argument("kind")
@click.argument("target")
@click.option("--from", "start", required=True, metavar="WHEN", help="2026-12-01 or 2026-12-01 08:00, Beijing time.")
@click.option("--to", "end", default="", metavar="WHEN", help="Its planned end; a bare day counts to its end.")
@click.option("--number", default="", metavar="NO", help="Number of the document.")
@set_option
@attach_option
@click.option("--corrects", type=int, metavar="ID", help="The declaration it comes in the place of.")
@by_option
@config_option
@language_option
@json_option
def file_command(  # noqa: PLR0917 - click hands every option over by name
    kind: str,
    target: str,
    start: str,
    end: str,
    number: str,
    told: tuple[str, ...],
    attach: tuple[Path, ...],
    corrects: int | None,
    by: str,
    config: Path | None,
    language: str | None,
    as_json: bool,
) -> None:
    """File a declaration of KIND about TARGET, the id of a target or * for the duty desk."""
    args = {"kind": kind, "target": target, "from": start, "to": end, "number": number, "corrects": corrects, "by": by}
    _change("declare", args, told, attach, config, language, as_json=as_json)


class Declare(click.Group):
    """A group in which every word that is no command of its own is a kind of declaration."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or file_command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return None, file_command, args

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "KIND TARGET --from WHEN [OPTIONS]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from monitor.config.declared import KINDS
        from monitor.render import translate

        with formatter.section("Kinds (with their fields: declare kinds)"):
            formatter.write_dl([(kind.value, translate(told.name, "zh-CN")) for kind, told in KINDS.items()])
        with formatter.section("Options of KIND TARGET"):
            options = [one for one in file_command.get_params(ctx) if isinstance(one, click.Option)]
            formatter.write_dl([row for one in options if (row := one.get_help_record(ctx)) is not None])
        super().format_commands(ctx, formatter)


@click.group("declare", cls=Declare, context_settings={"help_option_names": ["-h", "--help"]})
def declare_command() -> None:
    """File what is planned, ordered or done: closures, launches, changes, drills, orders to rectify."""


@declare_command.command("list")
@click.argument("target", default="")
@click.option("--all", "every", is_flag=True, help="Also what was corrected or withdrawn.")
@config_option
@language_option
@json_option
def list_command(target: str, every: bool, config: Path | None, language: str | None, as_json: bool) -> None:
    """What was filed and counts, the newest first; of one TARGET or of all."""
    from monitor.cli import filed_shown
    from monitor.cli.desk import or_exit
    from monitor.cli.looking import look
    from monitor.clock import SystemClock

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    asked = {"target": target, "all": every, "language": language}
    found = or_exit(lambda: look(settings, "declarations", asked), language, settings.store.path)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in filed_shown.ledger(found, settings, language, SystemClock().now()):
        click.echo(line)


@declare_command.command("amend")
@click.argument("declaration", type=int)
@click.option("--from", "start", metavar="WHEN", help="Another start.")
@click.option("--to", "end", metavar="WHEN", help="Another planned end; an empty one takes it away.")
@click.option("--number", metavar="NO", help="Another number of the document.")
@set_option
@attach_option
@by_option
@config_option
@language_option
@json_option
def amend_command(  # noqa: PLR0917 - click hands every option over by name
    declaration: int,
    start: str | None,
    end: str | None,
    number: str | None,
    told: tuple[str, ...],
    attach: tuple[Path, ...],
    by: str,
    config: Path | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Correct DECLARATION in its days, number or fields, or add papers; all else is kept. NAME= takes a field away."""
    otherwise = {"from": start, "to": end, "number": number}
    args = {"declaration": declaration, "by": by, **{name: one for name, one in otherwise.items() if one is not None}}
    _change("declare-amend", args, told, attach, config, language, as_json=as_json)


@declare_command.command("withdraw")
@click.argument("number", type=int)
@click.option("--note", required=True, metavar="WHY", help="Why; stands in the log.")
@by_option
@config_option
@language_option
@json_option
def withdraw_command(  # noqa: PLR0917 - click hands every option over by name
    number: int, note: str, by: str, config: Path | None, language: str | None, as_json: bool
) -> None:
    """Take declaration NUMBER back: it counts no more, and stays in the ledger."""
    args = {"declaration": number, "note": note, "by": by}
    _change("declare-withdraw", args, (), (), config, language, as_json=as_json)


@declare_command.command("kinds")
@language_option
@json_option
def kinds_command(language: str | None, as_json: bool) -> None:
    """Every kind of declaration, what it may be filed for, and its fields."""
    from monitor.cli import filed_shown
    from monitor.declare import kinds

    found = kinds(language or "zh-CN")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in filed_shown.kinds(found, language or "zh-CN"):
        click.echo(line)


def _change(  # noqa: PLR0917 - what three commands have in common
    command: str,
    args: Mapping[str, object],
    told: Sequence[str],
    attach: Sequence[Path],
    config: Path | None,
    language: str | None,
    *,
    as_json: bool,
) -> None:
    from monitor.cli import filed_shown
    from monitor.cli.attachments import papers

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    asked = {**args, "fields": _fields(told), "attachments": papers(attach, language), "language": language}
    done: dict[str, Any] = carry_out(settings, command, asked, language)
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False))
        return
    for line in filed_shown.done(command, done, str(args["by"]), language):
        click.echo(line)


def _fields(told: Sequence[str]) -> dict[str, object]:
    """NAME=VALUE as fields; told again, a list; without =, nothing, which is refused with everything else."""
    fields: dict[str, Any] = {}
    for one in told:
        name, equals, value = one.partition("=")
        if not equals:
            fields.setdefault(name.strip(), None)
        elif fields.get(name.strip()):
            before = fields[name.strip()]
            fields[name.strip()] = [*(before if isinstance(before, list) else [before]), value]
        else:
            fields[name.strip()] = value
    return fields
