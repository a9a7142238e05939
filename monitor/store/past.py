"""What the store still knows of a target's past: every run, condition, outage, hour, item and record, not only what goes on.

Reads; writes nothing. For replaying history under other rules (monitor/evidence/history.py). What RETENTION has cleared is gone.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitor.clock import from_ms
from monitor.model import Attestation, Cause, Condition, Declaration, Outage, Post, PublicMessage, Run
from monitor.store import attesting, brought, canon
from monitor.store.declarations import DECLARATION, declaration_of
from monitor.store.findings import WEEK_HOURS
from monitor.store.runrows import CONDITION, OUTAGE, RUN, condition_of, outage_of, run_of


class Item(NamedTuple):
    """An entry of a list: when it was first seen, and the date it bears ("2026-11-20", "2026-11", None)."""

    first_seen_at: datetime
    date: str | None


class Dated(NamedTuple):
    """From when on the looks of a run told this day."""

    since: datetime
    day: str


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
    dates: Mapping[tuple[int, str], Sequence[Dated]]  # by run and name of the measure; earlier programs kept none

    def sampled_days(self, last: int) -> list[tuple[int, int]]:
        """What `findings.sampled_days` tells, of the week that ends with that hour."""
        days: dict[int, list[int]] = {}
        for hour in range(last, last - WEEK_HOURS, -1):
            if hour in self.hours:
                days.setdefault((last - hour) // 24, []).append(sum(self.hours[hour]))
        return [(max(each), sum(each)) for each in days.values()]


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
    return of_many(tx, [target_id])[target_id]


def of_many(tx: sqlite3.Connection, ids: Collection[str]) -> dict[str, Past]:
    """The pasts of several targets, in one statement for each table."""
    rows: dict[str, dict[str, list[Any]]] = {name: {part: [] for part in _PARTS} for name in ids}
    named = canon.dumps(sorted(rows))
    for part, (statement, made) in _PARTS.items():
        for name, *row in tx.execute(statement, (named,)):
            rows[name][part].append(made(name, row))
    firsts = dict(tx.execute(f"SELECT id, first_look_at FROM targets WHERE id IN {_NAMED}", (named,)).fetchall())
    return {name: _past(parts, _at(firsts.get(name))) for name, parts in rows.items()}


def _past(parts: Mapping[str, list[Any]], first_look_at: datetime | None) -> Past:
    hours = dict(parts["hours"])
    dates: dict[tuple[int, str], list[Dated]] = {}
    for name, one in parts["dates"]:
        dates.setdefault(name, []).append(one)
    told = {part: tuple(found) for part, found in parts.items() if part not in {"hours", "dates"}}
    return Past(hours=hours, first_look_at=first_look_at, dates=dates, **told)


_NAMED = "(SELECT value FROM json_each(?1))"
_PARTS: Mapping[str, tuple[str, Callable[[str, Sequence[Any]], Any]]] = {
    "runs": (
        f"SELECT target_id, {RUN} FROM runs INDEXED BY runs_history WHERE target_id IN {_NAMED} ORDER BY first_at, id",
        lambda _name, row: run_of(row),
    ),
    "dates": (
        f"""SELECT r.target_id, d.run_id, d.name, d.since, d.day FROM runs r INDEXED BY runs_history
            JOIN run_dates d ON d.run_id = r.id WHERE r.target_id IN {_NAMED} ORDER BY d.run_id, d.name, d.since""",
        lambda _name, row: ((row[0], row[1]), Dated(from_ms(row[2]), row[3])),
    ),
    "conditions": (
        f"SELECT target_id, {CONDITION} FROM conditions WHERE target_id IN {_NAMED} ORDER BY confirmed_at, id",
        lambda _name, row: condition_of(row),
    ),
    "outages": (
        f"SELECT target_id, {OUTAGE} FROM outages WHERE target_id IN {_NAMED} ORDER BY started_at",
        lambda _name, row: outage_of(row),
    ),
    "hours": (
        f"SELECT target_id, hour, good, failed, excluded FROM availability WHERE target_id IN {_NAMED} ORDER BY hour",
        lambda _name, row: (row[0], tuple(row[1:])),
    ),
    "items": (
        f"SELECT target_id, first_seen_at, date FROM items WHERE target_id IN {_NAMED} ORDER BY first_seen_at",
        lambda _name, row: Item(from_ms(row[0]), row[1]),
    ),
    "filed": (
        f"SELECT target_id, {DECLARATION}, superseded_at FROM declarations WHERE target_id IN {_NAMED} ORDER BY id",
        lambda _name, row: Filed(declaration_of(row[:-1]), _at(row[-1])),
    ),
    "messages": (
        f"""SELECT target_id, id, class, received_at, answered_at, explained, told_at FROM messages
            WHERE target_id IN {_NAMED} ORDER BY received_at, id""",
        brought.message_ever,
    ),
    "posts": (
        f"""SELECT target_id, day, original, told_at, told_at FROM posts WHERE target_id IN {_NAMED}
            UNION ALL
            SELECT target_id, substr(date, 1, 10), NULL, first_seen_at, NULL FROM items
            WHERE target_id IN {_NAMED} AND length(date) >= 10
              AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.target_id = items.target_id AND p.id = items.url)
            ORDER BY 2 DESC""",
        lambda _name, row: brought.post_ever(row),
    ),
    "attested": (
        f"SELECT target_id, newest, at, until, who, note <> '' FROM attestations WHERE target_id IN {_NAMED} ORDER BY at, id",
        lambda _name, row: attesting.attestation_of(row),
    ),
}
"""Of each part the statement, whose first column is the target, and what is made of the others."""


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


class Came(NamedTuple):
    """A trouble that really came to a target: which incident it came into, its cause, and when first."""

    incident: int
    target: str
    cause: Cause
    at: datetime


def opened(tx: sqlite3.Connection, ids: Collection[str]) -> dict[str, list[Came]]:
    """Which troubles really came to these, ours left out."""
    rows = tx.execute(
        f"""SELECT i.id, m.target_id, i.cause, (SELECT MIN(e.at) FROM evidence e WHERE e.incident_id = i.id AND e.target_id = m.target_id)
            FROM members m INDEXED BY members_target JOIN incidents i ON i.id = m.incident_id
            WHERE m.target_id IN {_NAMED} AND i.cause <> 'ours' ORDER BY 4, 1""",
        (canon.dumps(sorted(ids)),),
    )
    found: dict[str, list[Came]] = {}
    for incident, target, cause, at in rows:
        if at is not None:
            found.setdefault(target, []).append(Came(incident, target, Cause(cause), from_ms(at)))
    return found


def outages(tx: sqlite3.Connection, target_id: str) -> tuple[Outage, ...]:
    """Every outage of a site, the oldest first."""
    rows = tx.execute(f"SELECT {OUTAGE} FROM outages WHERE target_id = ? ORDER BY started_at", (target_id,))
    return tuple(outage_of(row) for row in rows)


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
