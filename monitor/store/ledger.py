"""What the ledgers are made of: outages with what was filed for them, samples by the day, vetoes and blindness by site.

Read-only functions of a connection, one statement each however much there is; nothing is judged here.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.clock import from_ms, to_ms
from monitor.model import Declaration, DeclarationKind, Outage
from monitor.store import canon
from monitor.store.declarations import DECLARATION, declaration_of
from monitor.store.findings import HOUR
from monitor.store.runrows import OUTAGE, outage_of


@dataclass(frozen=True, slots=True)
class OutageLine:
    """One outage of a site, and the incident that told it (None: told by none, or too short ago)."""

    site: str
    name: str
    owner: str
    outage: Outage
    incident: int | None
    severity: str | None
    reason: str
    looks: int


@dataclass(frozen=True, slots=True)
class DayLine:
    """The samples of a site on one civil day."""

    day: date
    good: int
    failed: int
    excluded: int


@dataclass(frozen=True, slots=True)
class BadLine:
    """A standing of a site or of something of it that is broken or cannot be told."""

    site: str
    target: str
    kind: str
    column: str | None
    rule: str
    value: str
    cause: str
    why: str


_OUTAGES = f"""
SELECT {", ".join(f"o.{column.strip()}" for column in OUTAGE.split(","))}, t.id, t.name, t.owner, i.id, i.severity, e.body
FROM outages o JOIN targets t ON t.id = o.target_id
LEFT JOIN members m ON m.target_id = o.target_id AND m.incident_id = (
    SELECT MAX(m2.incident_id) FROM members m2 INDEXED BY members_target JOIN incidents i2 ON i2.id = m2.incident_id
    WHERE m2.target_id = o.target_id AND i2.cause = 'outage' AND m2.joined_at >= o.started_at
      AND m2.joined_at <= coalesce(o.ended_at, 9223372036854775807))
LEFT JOIN incidents i ON i.id = m.incident_id
LEFT JOIN evidence e ON e.id = (
    SELECT MIN(id) FROM evidence WHERE incident_id = i.id AND target_id = o.target_id)
WHERE o.started_at < ?2 AND (o.ended_at IS NULL OR o.ended_at >= ?1) AND (?3 IS NULL OR o.target_id = ?3)
ORDER BY o.started_at DESC, o.id DESC"""


def outages(tx: sqlite3.Connection, since: datetime, until: datetime, site: str | None = None) -> list[OutageLine]:
    """Outages that touch the time from `since` to before `until`, the latest first."""
    rows = tx.execute(_OUTAGES, (to_ms(since), to_ms(until), site)).fetchall()
    found = []
    for *outage, target, name, owner, incident, severity, body in rows:
        seen = _reachable(canon.loads(body)) if body else {}
        reason, looks = str(seen.get("reason", "")), int(str(seen.get("looks", 0)))
        found.append(OutageLine(target, name, owner, outage_of(outage), incident, severity, reason, looks))
    return found


def filed(tx: sqlite3.Connection, kinds: Sequence[DeclarationKind], site: str | None = None) -> list[Declaration]:
    """Declarations of these kinds that count, by target and start."""
    rows = tx.execute(
        f"""SELECT {DECLARATION} FROM declarations WHERE superseded_at IS NULL
              AND kind IN (SELECT value FROM json_each(?1)) AND (?2 IS NULL OR target_id = ?2) ORDER BY target_id, start, id""",
        (canon.dumps([kind.value for kind in kinds]), site),
    )
    return [declaration_of(row) for row in rows]


def notices_seen(tx: sqlite3.Connection) -> Mapping[tuple[str, str], tuple[str, str, datetime]]:
    """What looks at declared notices found last: by (target, subject) the outcome, why, and when."""
    rows = tx.execute(
        """SELECT target_id, subject, outcome, reason, last_at FROM runs
           WHERE check_name = 'notice_kept' AND is_current = 1 AND subject <> ''"""
    )
    return {(target, subject): (outcome, reason, from_ms(at)) for target, subject, outcome, reason, at in rows}


def days(tx: sqlite3.Connection, site: str, since: datetime, until: datetime) -> list[DayLine]:
    """Samples of every civil day in Shanghai that has any; eight hours are whole buckets."""
    rows = tx.execute(
        """SELECT (hour + 8) / 24 AS day, SUM(good), SUM(failed), SUM(excluded) FROM availability
           WHERE target_id = ? AND hour >= ? AND hour < ? GROUP BY day ORDER BY day""",
        (site, to_ms(since) // HOUR, -(-to_ms(until) // HOUR)),
    )
    return [DayLine(_EPOCH + timedelta(days=day), *counts) for day, *counts in rows]


def failed_hours(tx: sqlite3.Connection, site: str, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """Hours with failed samples, and how many."""
    rows = tx.execute(
        "SELECT hour, failed FROM availability WHERE target_id = ? AND hour >= ? AND hour < ? AND failed > 0 ORDER BY hour",
        (site, to_ms(since) // HOUR, -(-to_ms(until) // HOUR)),
    )
    return [(from_ms(hour * HOUR), failed) for hour, failed in rows]


def sites(tx: sqlite3.Connection) -> list[tuple[str, str, str, int]]:
    """The sites that are watched: id, name, owner, and how many columns each has."""
    return tx.execute(
        """SELECT s.id, s.name, s.owner, COUNT(c.id) FROM targets s
           LEFT JOIN targets c ON c.site = s.id AND c.kind = 'column' AND c.removed_at IS NULL
           WHERE s.kind = 'site' AND s.removed_at IS NULL GROUP BY s.id ORDER BY s.id"""
    ).fetchall()


def bad(tx: sqlite3.Connection) -> list[BadLine]:
    """What is broken or cannot be told of sites, their columns and pages, by site."""
    rows = tx.execute(
        """SELECT coalesce(t.site, t.id) AS home, t.id, t.kind, t.column_kind, s.rule, s.value, s.cause, s.why
           FROM standings s JOIN targets t ON t.id = s.target_id
           WHERE t.removed_at IS NULL AND t.kind IN ('site', 'column', 'page') AND s.value IN ('breached', 'unknown')
           ORDER BY home, t.id, s.rule"""
    )
    return [BadLine(*row) for row in rows]


def _reachable(body: Mapping[str, Any]) -> Mapping[str, object]:
    """What looks at the site said when it was told; of earlier programs a run is flat (monitor/evidence/kept.py)."""
    runs = body["basis"]["facts"].get("runs", []) if "basis" in body else body.get("runs", [])
    flat = ({**run, **run.get("finding", {})} for run in runs)
    return next((run for run in flat if run.get("check") == "reachable"), {})


_EPOCH = date(1970, 1, 1)
