"""Every version of every rule that was ever in force, and which versions are in force now.

Writes and reads `rules` and one row of `meta`. A standing names the version that decided it, so that it can be judged again
with the text of that day. Nothing is ever removed.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import lru_cache

from monitor.clock import from_ms, to_ms
from monitor.model import Rule
from monitor.store import canon


def remember(tx: sqlite3.Connection, rules: Iterable[Rule], now: datetime) -> None:
    """These rules are in force from now on; new versions are kept with their whole text."""
    rules = tuple(rules)
    tx.executemany(
        "INSERT INTO rules (key, version, text, first_loaded_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(rule.key, rule.version, _text(rule), to_ms(now)) for rule in rules],
    )
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ('rules', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (canon.dumps({rule.key: rule.version for rule in rules}),),
    )


def _text(rule: Rule) -> str:
    """All it says, and nothing that is made of that: its version is the hash of this (config/packs.py, evidence/check.py)."""
    return canon.dumps({one.name: getattr(rule, one.name) for one in fields(rule) if one.init})


def versions(tx: sqlite3.Connection) -> Mapping[str, str]:
    """The version in force of each rule key; empty before the first `remember`."""
    row = tx.execute("SELECT value FROM meta WHERE key = 'rules'").fetchone()
    return {} if row is None else _decoded(row[0])


def adopted(tx: sqlite3.Connection, after: datetime) -> dict[str, datetime]:
    """When each rule was in force for the first time, in whatever version, by key: those that came after that instant."""
    rows = tx.execute("SELECT key, MIN(first_loaded_at) AS at FROM rules GROUP BY key HAVING at > ?", (to_ms(after),))
    return {key: from_ms(at) for key, at in rows}


def text_of(tx: sqlite3.Connection, key: str, version: str) -> str | None:
    """The whole rule as it was in that version, as canonical JSON; None when it never was in force."""
    row = tx.execute("SELECT text FROM rules WHERE key = ? AND version = ?", (key, version)).fetchone()
    return None if row is None else str(row[0])


@lru_cache(maxsize=2)
def _decoded(stored: str) -> dict[str, str]:
    raw: dict[str, str] = canon.loads(stored)
    return raw
