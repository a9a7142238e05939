"""The command line (DESIGN.md §4.4). Commands are imported when they are called, so that `--help` is quick.

Exit codes: 0 fine, 1 found trouble, 2 could not do it. With --json nothing but JSON is on stdout; logs go to stderr.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("monitor.cli.demo", "demo_command"),
    "run": ("monitor.cli.run", "run_command"),
    "validate": ("monitor.cli.validate", "validate_command"),
    "visit": ("monitor.cli.visit", "visit_command"),
    "read": ("monitor.cli.read", "read_command"),
    "discover": ("monitor.cli.discover", "discover_command"),
    "targets": ("monitor.cli.targets", "targets_command"),
    "messages": ("monitor.cli.registers", "messages_command"),
    "posts": ("monitor.cli.registers", "posts_command"),
    "rules": ("monitor.cli.rules", "rules_command"),
    "due": ("monitor.cli.desk", "due_command"),
    "incidents": ("monitor.cli.desk", "incidents_command"),
    "report": ("monitor.cli.report", "report_command"),
    "ack": ("monitor.cli.desk", "ack_command"),
    "close": ("monitor.cli.desk", "close_command"),
    "false-alarm": ("monitor.cli.desk", "false_alarm_command"),
    "mute": ("monitor.cli.desk", "mute_command"),
    "log": ("monitor.cli.desk", "log_command"),
    "declare": ("monitor.cli.declare", "declare_command"),
    "attest": ("monitor.cli.attest", "attest_command"),
    "explain": ("monitor.cli.explain", "explain_command"),
    "what-if": ("monitor.cli.what_if", "what_if_command"),
    "verify": ("monitor.cli.verify", "verify_command"),
    "proof": ("monitor.cli.proof", "proof_command"),
    "alert-test": ("monitor.cli.alert_test", "alert_test_command"),
    "backup": ("monitor.cli.keep", "backup_command"),
    "restore": ("monitor.cli.keep", "restore_command"),
    "drill": ("monitor.cli.drill", "drill_command"),
}
"""Where each command lives: module and attribute."""
_TYPED = "monitor.cli.typed"


class Commands(click.Group):
    """A group that imports a command only when it is needed."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        typed = list(args)
        with _in_words(typed):
            ctx = super().make_context(info_name, args, parent, **extra)
        ctx.meta[_TYPED] = typed
        return ctx

    def invoke(self, ctx: click.Context) -> Any:
        with _in_words(ctx.meta[_TYPED]):
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self._first_line(ctx, name)) for name in COMMANDS]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _first_line(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.get_short_help_str(80) if command else ""


@contextmanager
def _in_words(typed: list[str]) -> Iterator[None]:
    """What click says of a command line it cannot understand, in the reader's language."""
    try:
        yield
    except click.UsageError as error:
        from monitor.cli.usage import InWords, language_of

        language = language_of(typed)
        if language == "en" or isinstance(error, InWords):
            raise
        raise InWords(error, language) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhishou")
def cli() -> None:
    """Zhishou 值守: watches government websites and new media, and judges them against the regulations."""


config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file. Default: config/monitor.toml, else the built-in defaults.",
)
language_option = click.option(
    "--lang", "language", type=click.Choice(["zh-CN", "en"]), help="Language for people. Default: that of the desk."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else.")


def main() -> None:
    """Run the command line; an interruption by hand is an orderly end."""
    try:
        cli(prog_name="zhishou")
    except KeyboardInterrupt:
        sys.exit(130)
