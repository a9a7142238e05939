"""`zhishou backup` and `zhishou restore`: a whole copy of the store, and back."""

import sys
from pathlib import Path

import click

from monitor.cli import config_option


@click.command("backup")
@click.argument("to", type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup_command(to: Path, config: Path | None) -> None:
    """Write a checked copy of the store to TO, while the daemon runs or not."""
    from monitor.cli.desk import settings_or_exit
    from monitor.store.backup import backup
    from monitor.store.database import StoreError

    try:
        size = backup(settings_or_exit(config).store.path, to)
    except StoreError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo(f"{to}: {size:,} bytes, checked")


@click.command("restore")
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@config_option
def restore_command(copy: Path, config: Path | None) -> None:
    """Put the backup COPY in the place of the store; the present file is kept beside it. Stop the daemon first."""
    from monitor.cli.desk import settings_or_exit
    from monitor.store.backup import restore
    from monitor.store.database import StoreError

    path = settings_or_exit(config).store.path
    try:
        aside = restore(copy, path)
    except StoreError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo(f"{path} restored" + (f"; the file before is {aside}" if aside else ""))
