"""A store as the watch leaves it, for commands that work without a daemon."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor.clock import SystemClock
from monitor.model import Cause, Severity, TargetKind
from monitor.store.database import Database
from tests.web.filled import STALE, Tx, falls_due, remember, rule, target, watch, wrong

NOW = SystemClock().now()


def write(store: Path, *changes: Callable[[Tx], Any]) -> None:
    """Change it as the watch would."""

    async def fill() -> None:
        store.parent.mkdir(exist_ok=True)
        database = Database(store)
        await database.open()
        for change in changes:
            await database.write(change)
        await database.close()

    asyncio.run(fill())


def write_troubles(store: Path) -> None:
    """Two targets; a grave incident, a small one, and something that falls due in three days and in ten."""
    watched = target("site-1", name="某市人民政府"), target("c", TargetKind.COLUMN, name="工作动态", site="site-1")
    write(
        store,
        lambda tx: watch(tx, *watched, at=NOW),
        lambda tx: remember(tx, rule("house/fresh")),
        lambda tx: wrong(tx, Cause.OUTAGE, "site-1", severity=Severity.SERIOUS, at=NOW),
        lambda tx: wrong(tx, Cause.STALE, "c", severity=Severity.BREACH, at=NOW, why=STALE),
        lambda tx: falls_due(tx, "site-1", NOW + timedelta(days=10)),
        lambda tx: falls_due(tx, "c", NOW + timedelta(days=3)),
    )
