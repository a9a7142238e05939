"""Looking at the desk without changing anything: through the daemon when it answers, else in the store, by reading alone.

Takes no lock and leaves no file behind, so that whoever may read the store may look: also one on a read-only disk. Asks
nothing of a daemon whose socket is closed to the person.
"""

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from monitor import declare, desk
from monitor.clock import SHANGHAI, SystemClock, iso
from monitor.config.settings import Settings
from monitor.control import Refusal, ask
from monitor.dues import due
from monitor.ledgers import Asked
from monitor.model import Text, say
from monitor.registers import VIEWS
from monitor.render import translate
from monitor.settle.policy import policy_of
from monitor.store import heartbeat, schema
from monitor.store.opening import Damaged, NewerSchema, StoreError, open_reader, refusal

ONLY_WARNED = say("no daemon runs and the rules cannot be read: only what was warned of, nothing of what is still kept")
ONLY_SHIPPED = say("no daemon runs and the rule files cannot be read: the verdicts go by the rules this program brings")
STOPPED = timedelta(days=1)
"""Longer than a restart or a night's maintenance takes: what is stored is no picture of today."""
INSTANTS = ("since", "opened_at", "due", "complete_to")
"""What is an instant in an answer."""


def look(settings: Settings, command: str, args: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answer to a command that lists, instants by the time of Shanghai. Raises Refusal, StoreError or OSError."""
    return [_in_shanghai(one) for one in ask_or_read(settings, command, args)]


def ask_or_read(settings: Settings, command: str, args: Mapping[str, Any]) -> Any:
    """The answer as it is: of the daemon, or out of the store. Raises as `look`."""
    try:
        return asyncio.run(ask(settings.store.path.parent / "control.sock", command, args))
    except (FileNotFoundError, ConnectionRefusedError, PermissionError):
        found = _read(settings, command, args)
    if settings.plain_only and command == "due":
        click.echo(translate(ONLY_WARNED, str(args["language"])), err=True)
    return found


def by_the_daemon(kind: str, asked: Asked) -> list[dict[str, Any]] | None:
    """The verdict on every site, or what the desk owes, by the rules in force; None when no daemon answers, which a line on stderr says."""
    socket = asked.settings.store.path.parent / "control.sock"
    try:
        asking = {"site": asked.site or "", "language": asked.language}
        found: Any = asyncio.run(ask(socket, kind, asking))
    except (FileNotFoundError, ConnectionRefusedError, PermissionError):
        click.echo(translate(ONLY_SHIPPED, asked.language), err=True)
        return None
    return list(found)


def no_store(path: Path, language: str) -> Refusal:
    """There is nothing to look at or to change: the words for it, with the folder where a relative path leads."""
    words = say("there is no store at {path}: has `zhishou run` ever run?", path=str(path.absolute()))
    return Refusal(translate(words, language))


def _read(settings: Settings, command: str, args: Mapping[str, Any]) -> object:
    with view(settings.store.path, str(args["language"])) as tx:
        stopped = stopped_since(tx, SystemClock().now()) if command in {"due", "incidents"} else None
        if stopped is not None:
            click.echo(translate(stopped, str(args["language"])), err=True)
        if command in VIEWS:
            return VIEWS[command](tx, args)
        if command == "incidents":
            return desk.incidents(tx, str(args["language"]))
        now = SystemClock().now()
        if command in declare.LOOKS:
            return declare.LOOKS[command](tx, now, args)
        kept, policy = bool(args["kept"]), None if settings.plain_only else policy_of(settings)
        until = now + timedelta(days=args["days"]) if kept else None
        return due(tx, until, str(args["language"]), policy, now, kept=kept)


def stopped_since(tx: sqlite3.Connection, now: datetime) -> Text | None:
    """Since when nothing was looked at or judged, where that is longer ago than a day."""
    last = heartbeat.last(tx)
    if last is None or now - last <= STOPPED:
        return None
    moment = f"{last.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return say(
        "the watch has not run since {moment}, Beijing time: what was found stands as it was then", moment=moment
    )


@contextmanager
def view(path: Path, language: str) -> Iterator[sqlite3.Connection]:
    """One consistent view of the store; Refusal where there is none. Without a log nobody is writing, and then not even SQLite's own files are made."""
    if not path.exists():
        raise no_store(path, language)
    has_log = Path(f"{path}-wal").exists()
    tx = open_reader(str(path), leaves_no_trace=not has_log)
    try:
        tx.execute("BEGIN")
        _check_version(tx, path)
        yield tx
    except sqlite3.Error as error:
        if has_log and getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise StoreError(f"{path} has changes not folded in yet ({error})") from error
        raise refusal(str(path), error) from error
    finally:
        tx.close()


def _check_version(tx: sqlite3.Connection, path: Path) -> None:
    version = int(tx.execute("PRAGMA user_version").fetchone()[0])
    if version > schema.VERSION:
        raise NewerSchema(f"{path} has schema {version}, this program knows {schema.VERSION}: use the newer program")
    if version == 0:
        raise Damaged(f"{path} is no database of zhishou: it is left as it is")
    if version < schema.VERSION:
        raise StoreError(f"{path} has schema {version} of an older program, this one needs {schema.VERSION}")


def _in_shanghai(one: Mapping[str, Any]) -> dict[str, Any]:
    """The same instants with +08:00, as everywhere people and programs read them."""
    return {
        name: iso(datetime.fromisoformat(value)) if name in INSTANTS and value else value for name, value in one.items()
    }
