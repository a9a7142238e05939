"""`zhishou run`: the daemon."""

import sys
from pathlib import Path

import click

from monitor.cli import config_option


@click.command("run")
@config_option
def run_command(config: Path | None) -> None:
    """Watch, until told to stop (SIGTERM); SIGHUP takes over changed settings."""
    from monitor import log
    from monitor.app import run
    from monitor.config.load import find_settings
    from monitor.config.problems import ConfigError
    from monitor.daemon import CannotStart
    from monitor.store.database import StoreError

    log.set_up_logging()
    try:
        run(find_settings(config))
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        click.echo(f"{len(error.problems)} problem(s): nothing was started", err=True)
        sys.exit(2)
    except StoreError as error:
        click.echo(f"the store cannot be used: {error}", err=True)
        sys.exit(2)
    except CannotStart as error:
        click.echo(f"cannot start: {error}", err=True)
        sys.exit(2)
