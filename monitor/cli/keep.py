"""`zhishou backup` and `zhishou restore`: a whole copy of the store, and back."""

from pathlib import Path

import click

from monitor.cli import config_option, language_option


@click.command("backup")
@click.argument("to", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@language_option
def backup_command(to: Path, config: Path | None, language: str | None) -> None:
    """Write a checked copy of the store to TO, while the daemon runs or not."""
    from monitor.cli.desk import or_exit, settings_or_exit
    from monitor.model import say
    from monitor.render import translate
    from monitor.store.backup import backup

    settings = settings_or_exit(config)
    language, path = language or settings.desk.language, settings.store.path
    size = or_exit(lambda: backup(path, to), language, path, to)
    click.echo(translate(say("{to}: {size} bytes, checked", to=str(to), size=f"{size:,}"), language))


@click.command("restore")
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@language_option
def restore_command(copy: Path, config: Path | None, language: str | None) -> None:
    """Put the backup COPY in the place of the store; the present file is kept beside it. Stop the daemon first."""
    from monitor.cli.desk import or_exit, settings_or_exit
    from monitor.model import say
    from monitor.render import translate
    from monitor.store.backup import restore

    settings = settings_or_exit(config)
    language, path = language or settings.desk.language, settings.store.path
    aside = or_exit(lambda: restore(copy, path), language, path, copy)
    path = path.absolute()
    words = say("{path} restored", path=str(path))
    if aside is not None:
        words = say("{path} restored; the file before is {aside}", path=str(path), aside=str(aside))
    click.echo(translate(words, language))
