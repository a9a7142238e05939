"""How SQLite would answer what a function asks: the statements it really ran, each with its plan, counted never timed.

A plan may differ once there are statistics; `whole_estate` puts those of a large estate in, without its rows.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

_ASKED = ("SELECT", "WITH", "UPDATE", "DELETE", "INSERT")

WHOLE_ESTATE = (
    # as ANALYZE with analysis_limit 1000 finds them at 136,500 targets, with ten times the rows
    ("targets", "sqlite_autoindex_targets_1", "1364500 1"),
    ("targets", "targets_due", "1364500 1"),
    ("targets", "targets_changing", "14500 1"),
    ("targets", "targets_host", "14500 1"),
    ("targets", "targets_site", "1264500 90"),
    ("targets", "targets_listed", "364500 1 1 1"),
    ("carriers", "carriers", "4514900 14 1"),
    ("carriers", "carriers_link", "4514900 5"),
    ("runs", "runs_current", "1643500 2 1 1"),
    ("runs", "runs_history", "2098300 2 1"),
    ("availability", "availability", "696000 48 1"),
    ("items", "items", "2000000 8 1"),
    ("snapshots", "snapshots_target", "400000 2 1"),
    ("snapshots", "snapshots_body", "400000 1"),
    ("standings", "standings", "60000 2 1"),
)
"""Rows of sqlite_stat1: table, index, rows and how many of them share the first columns."""


def whole_estate(tx: sqlite3.Connection) -> None:
    """From now on SQLite plans as if this were a store of 14,500 sites, 350,000 pages and a million links."""
    tx.execute("ANALYZE")
    tx.execute("DELETE FROM sqlite_stat1")
    tx.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", WHOLE_ESTATE)
    tx.execute("ANALYZE sqlite_schema")  # reads them


def asked(tx: sqlite3.Connection, ask: Callable[[sqlite3.Connection], Any]) -> list[str]:
    """The statements that `ask` runs, one entry a run, values filled in."""
    found: list[str] = []
    tx.set_trace_callback(found.append)
    try:
        ask(tx)
    finally:
        tx.set_trace_callback(None)
    return [statement for statement in found if statement.lstrip().upper().startswith(_ASKED)]


def plan(tx: sqlite3.Connection, statement: str, values: tuple[object, ...] = ()) -> str:
    """One step a line."""
    return "\n".join(row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {statement}", values))


def scans(tx: sqlite3.Connection, ask: Callable[[sqlite3.Connection], Any]) -> list[str]:
    """Every step of what `ask` runs that goes through a whole table or index, rather than a list or an inner result."""
    steps = [step for one in dict.fromkeys(asked(tx, ask)) for step in plan(tx, one).splitlines()]
    return [step for step in steps if step.startswith("SCAN ") and not step.startswith(_INNER)]


_INNER = ("SCAN (", "SCAN json_each ", "SCAN CONSTANT ROW")
