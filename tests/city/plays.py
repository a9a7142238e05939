"""A small scenario played: what the tests of whole rehearsals share."""

import contextlib
import json
import sqlite3
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from monitor import log
from monitor.app import load_settings
from monitor.city.robot import Heard
from monitor.city.scenario import Scenario, read_scenario
from monitor.config.settings import Settings
from monitor.drill import outcome, prepare
from monitor.rehearsal import Rehearsal

SMALL = """
start = "2026-01-05T00:00:00+08:00"
days = {days}
seed = 7
rules = [{rules}]
[cadence]
site = "{site}"
column = "{rest}"
account = "{rest}"
links = "{rest}"
certificate = "{rest}"
page = "{rest}"
[city]
sites = 3
columns_per_site = 2
accounts = 2
links_per_home = 3
entries_per_site = 2
"""
RULES = ("national-2019", "house")


class Play(NamedTuple):
    """How a rehearsal went: its result, every row of its store by table, all that the robot heard."""

    rehearsal: Rehearsal
    result: dict[str, Any]
    rows: dict[str, list[str]]
    heard: Sequence[Heard]


@cache
def defaults() -> Settings:
    """The built-in settings."""
    return load_settings(None)


def event(at: str, kind: str, target: str = "*", lasts: str | None = None, **options: str | int) -> str:
    """An [[event]] of a scenario file. An option whose name is a word of Python has _ behind it."""
    told_too = {name.rstrip("_"): value for name, value in options.items()}
    known = {"at": at, "kind": kind, "target": target, "for": lasts} | told_too
    told = (f"{name} = {json.dumps(value)}\n" for name, value in known.items() if value is not None)
    return "[[event]]\n" + "".join(told)


def small(
    folder: Path, *events: str, days: int = 1, site: str = "15m", rest: str = "6h", rules: Sequence[str] = RULES
) -> Path:
    """A scenario file of three sites, judged by these packs."""
    path = folder / "small.toml"
    path.write_text(
        SMALL.format(days=days, site=site, rest=rest, rules=", ".join(map(repr, rules))) + "".join(events),
        encoding="utf-8",
    )
    return path


def scenario_of(path: Path, seed: int | None = None) -> Scenario:
    """That file, read."""
    return read_scenario(path, [pack.id for pack in defaults().packs], seed)


def play(scenario: Scenario, folder: Path) -> Play:
    """Played in that folder, which is made and keeps the store."""
    folder.mkdir()
    log.set_up_logging(level="critical", out=sys.stderr)  # what planted faults log tells nobody anything
    rehearsal = prepare(scenario, defaults(), folder)
    rehearsal.play()
    return Play(rehearsal, outcome(rehearsal, 0.0), rows_of(rehearsal.store), rehearsal.robot.heard)


def rows_of(store: Path) -> dict[str, list[str]]:
    """Every row of every table, sorted."""
    with contextlib.closing(sqlite3.connect(store)) as tx:
        tables = [name for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: sorted(map(repr, tx.execute(f'SELECT * FROM "{name}"'))) for name in tables}


def wrongs(result: dict[str, Any]) -> dict[str, Any]:
    """What a drill must have none of, where there is some."""
    from monitor.city.reckoning import unexcused

    found = {name: result[name] for name in ("missed", "false", "late", "notices_lost")}
    return {name: lines for name, lines in (found | {"twice": unexcused(result["notices_twice"])}).items() if lines}
