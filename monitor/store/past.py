"""What the store still knows of a target's past: every run, condition, outage, hour, item and record, not only what goes on.

Reads; writes nothing. For replaying history under other rules (monitor/evidence/history.py). What RETENTION has cleared is gone.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from monitor.clock import from_ms
from monitor.model import Attestation, Condition, Declaration, Outage, Post, PublicMessage, Run
from monitor.store import brought, declarations
from monitor.store.runrows import CONDITION, OUTAGE, RUN, condition_of, outage_of, run_of


class Item(NamedTuple):
    """An entry of a list: when it was first seen, and the date it bears ("2026-11-20", "2026-11", None)."""

    first_seen_at: datetime
    date: str | None


class Filed(NamedTuple):
    """A declaration, and until when it counted."""

    declaration: Declaration
    superseded_at: datetime | None


class Past(NamedTuple):
    """Everything of one target, the oldest first. Hours by number since 1970: (good, failed, excluded)."""

    runs: tuple[Run, ...]
    conditions: tuple[Condition, ...]
    outages: tuple[Outage, ...]
    hours: Mapping[int, tuple[int, int, int]]
    items: tuple[Item, ...]
    filed: tuple[Filed, ...]
    messages: tuple[tuple[PublicMessage, datetime], ...]  # with when we were told
    posts: tuple[tuple[Post, datetime], ...]  # likewise
    attested: tuple[Attestation, ...]
    first_look_at: datetime | None


def runs(tx: sqlite3.Connection, target_id: str, check: str | None = None) -> tuple[Run, ...]:
    """Every run of a target, of all checks or one."""
    rows = tx.execute(
        f"""SELECT {RUN} FROM runs INDEXED BY runs_history WHERE target_id = ?1 AND (?2 IS NULL OR check_name = ?2)
            ORDER BY first_at, id""",
        (target_id, check),
    )
    return tuple(run_of(row) for row in rows)


def past_of(tx: sqlite3.Connection, target_id: str) -> Past:
    """All of it."""
    return Past(
        runs=runs(tx, target_id),
        conditions=_conditions(tx, target_id),
        outages=outages(tx, target_id),
        hours={
            hour: (good, failed, excluded)
            for hour, good, failed, excluded in tx.execute(
                "SELECT hour, good, failed, excluded FROM availability WHERE target_id = ? ORDER BY hour", (target_id,)
            )
        },
        items=tuple(
            Item(from_ms(seen), date)
            for seen, date in tx.execute(
                "SELECT first_seen_at, date FROM items WHERE target_id = ? ORDER BY first_seen_at", (target_id,)
            )
        ),
        filed=tuple(Filed(*one) for one in declarations.ever_of(tx, target_id)),
        messages=brought.messages_ever(tx, target_id),
        posts=brought.posts_ever(tx, target_id),
        attested=brought.attested_ever(tx, target_id),
        first_look_at=_first_look(tx, target_id),
    )


def sites_of_hosts(tx: sqlite3.Connection) -> dict[str, str]:
    """The watched site on each host."""
    return dict(tx.execute("SELECT host, id FROM targets WHERE kind = 'site' AND removed_at IS NULL").fetchall())


def failed_links(tx: sqlite3.Connection) -> Iterator[str]:
    """Links that ever failed: of the others no rule says anything."""
    rows = tx.execute(
        """SELECT DISTINCT c.target_id FROM conditions c JOIN targets t ON t.id = c.target_id
           WHERE t.kind = 'link' ORDER BY c.target_id"""
    )
    return (row[0] for row in rows.fetchall())


def begins(tx: sqlite3.Connection) -> datetime | None:
    """The first look that is still known."""
    row = tx.execute("SELECT MIN(first_at) FROM runs").fetchone()
    return None if row[0] is None else from_ms(row[0])


def ends(tx: sqlite3.Connection) -> datetime | None:
    """The last look."""
    row = tx.execute("SELECT MAX(last_at) FROM runs").fetchone()
    return None if row[0] is None else from_ms(row[0])


def opened(tx: sqlite3.Connection, target_id: str) -> list[tuple[str, datetime]]:
    """Which troubles really came, ours left out: the cause of each incident it was in, and when it came into it first."""
    rows = tx.execute(
        """SELECT i.cause, MIN(e.at) FROM evidence e JOIN incidents i ON i.id = e.incident_id
           WHERE e.target_id = ? AND i.cause <> 'ours' GROUP BY i.id ORDER BY 2""",
        (target_id,),
    )
    return [(cause, from_ms(at)) for cause, at in rows]


def _first_look(tx: sqlite3.Connection, target_id: str) -> datetime | None:
    row = tx.execute("SELECT first_look_at FROM targets WHERE id = ?", (target_id,)).fetchone()
    return None if row is None or row[0] is None else from_ms(row[0])


def _conditions(tx: sqlite3.Connection, target_id: str) -> tuple[Condition, ...]:
    rows = tx.execute(f"SELECT {CONDITION} FROM conditions WHERE target_id = ? ORDER BY confirmed_at, id", (target_id,))
    return tuple(condition_of(row) for row in rows)


def outages(tx: sqlite3.Connection, target_id: str) -> tuple[Outage, ...]:
    """Every outage of a site, the oldest first."""
    rows = tx.execute(f"SELECT {OUTAGE} FROM outages WHERE target_id = ? ORDER BY started_at", (target_id,))
    return tuple(outage_of(row) for row in rows)
