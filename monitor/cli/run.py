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
    from monitor.cli import warned
    from monitor.cli.language import language_in
    from monitor.cli.troubles import told
    from monitor.config.load import find_settings
    from monitor.config.problems import ConfigError
    from monitor.daemon import CannotStart
    from monitor.model import say
    from monitor.render import translate
    from monitor.store.database import StoreError

    log.set_up_logging()
    path = find_settings(config)
    language = language_in(path)
    try:
        run(path)
    except ConfigError as error:
        warned.show(error.problems, language)
        count = len(error.problems)
        words = (
            say("1 problem: nothing was started") if count == 1 else say("{n} problems: nothing was started", n=count)
        )
    except StoreError as error:
        words = say("the store cannot be used: {why}", why=told(error, language))
    except CannotStart as error:
        words = say("cannot start: {why}", why=told(error, language))
    else:
        return
    click.echo(translate(words, language), err=True)
    sys.exit(2)
