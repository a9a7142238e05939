"""What a command asks of the store by itself: one consistent view, beside the daemon or without it, nothing changed.

Exit 2 with the reason in the reader's language when it cannot be asked, or when there is no such incident.
"""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from monitor.cli.desk import or_exit
from monitor.cli.looking import view
from monitor.config.settings import Settings
from monitor.control import Refusal
from monitor.model import say
from monitor.render import translate

T = TypeVar("T")


def read(settings: Settings, language: str, question: Callable[[sqlite3.Connection], T]) -> T:
    """The answer out of one consistent view of the store, beside the daemon or without it; or the reason, and exit 2."""

    def asked() -> T:
        with view(settings.store.path, language) as tx:
            return question(tx)

    return or_exit(asked, language, settings.store.path)


def of_incident(
    settings: Settings, incident: int, language: str, question: Callable[[sqlite3.Connection, int], T]
) -> T:
    """The same about one incident; exit 2 when there is none of that number."""

    def asked(tx: sqlite3.Connection) -> T:
        try:
            return question(tx, incident)
        except (KeyError, OverflowError):
            raise Refusal(translate(say("there is no incident {id}", id=incident), language)) from None

    return read(settings, language, asked)
