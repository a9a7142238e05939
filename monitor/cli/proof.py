"""`zhishou proof`: one file that proves an incident, with a checker in it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import config_option, language_option

if TYPE_CHECKING:
    import sqlite3


@click.command("proof")
@click.argument("incident", type=click.IntRange(1))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: incident-N.zip in this folder.")
@config_option
@language_option
def proof_command(incident: int, out: Path | None, config: Path | None, language: str | None) -> None:
    """Write one file that proves INCIDENT: what was seen, the rules, why, who was told, sealed by the event log.

    Whoever gets it checks it with `python3 FILE.zip`: plain Python 3.8 or newer, nothing else.
    """
    from monitor.cli.asking import of_incident
    from monitor.cli.desk import or_exit, plain_or_exit
    from monitor.clock import SystemClock
    from monitor.evidence.proof import packed, proof
    from monitor.model import say
    from monitor.render import translate

    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    now: datetime = SystemClock().now()

    def ask(tx: "sqlite3.Connection", number: int) -> bytes:
        return packed(proof(tx, number, now))

    content = of_incident(settings, incident, language, ask)
    path = out or Path(f"incident-{incident}.zip")
    size = or_exit(lambda: _write(path, content), language, path)
    words = say(
        "{path}: {size} bytes; whoever gets it checks it with: python3 {name}",
        path=str(path),
        size=f"{size:,}",
        name=path.name,
    )
    click.echo(translate(words, language))


def _write(path: Path, content: bytes) -> int:
    """Never over what is there: a proof that was given away stays what it was."""
    with path.open("xb") as file:
        return file.write(content)
