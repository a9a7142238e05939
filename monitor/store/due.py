"""What falls due: standings with the instant at which they break, and those that have none.

Without an instant are columns that count toward a veto, failed visits toward the 5 %, and what a text asks for without naming days.
Reads `standings`, `targets`, `mutes`, `rules` and `notices`; judges nothing.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from monitor.clock import civil_day, from_ms, to_ms
from monitor.model import DESK_ID, DESK_NAME, Cause, Compliance, Severity, TargetKind, Text
from monitor.store import canon
from monitor.store.wrong import called

ALL = -1
"""A limit that limits nothing."""


@dataclass(frozen=True, slots=True)
class Due:
    """A standing that is due. `name` is the target's with that of its site before it; `due` None: no instant by which it breaks.

    `turned_at`: when it became due, was warned of again, or got another end. `severity` is told of those without an instant.
    """

    target: str
    name: str
    rule: str
    standing: Compliance
    due: datetime | None
    why: Text
    cause: Cause
    kind: TargetKind
    owner: str = ""
    muted_until: datetime | None = None
    turned_at: datetime | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)
    severity: Severity | None = None

    @property
    def is_near_veto(self) -> bool:
        """Whether the next thing that happens may be a veto: no day tells when."""
        return self.due is None and self.severity is Severity.VETO


_COLUMNS = """s.target_id, coalesce(t.name, s.target_id), h.name, s.rule, s.value, s.until, s.why, s.cause,
    coalesce(t.kind, 'desk'), coalesce(t.owner, ''), m.until, coalesce(s.turned_at, s.decided_at), s.inputs"""
_PLACES = """FROM standings s LEFT JOIN targets t ON t.id = s.target_id LEFT JOIN targets h ON h.id = t.site
    LEFT JOIN mutes m ON m.target_id = s.target_id"""
_DATED = """(s.value = 'due' AND s.until <= ?1 OR s.value = 'breached' AND s.until IS NOT NULL AND s.until <= ?1)
    AND t.removed_at IS NULL"""  # broken by one thing, and the next is due: each has its index
_UNDATED = "s.value = 'due' AND s.until IS NULL AND t.removed_at IS NULL"
DATED_SQL = f"""SELECT {_COLUMNS}, NULL {_PLACES}
    WHERE {_DATED} ORDER BY s.until, s.target_id, s.rule LIMIT ?2"""
UNDATED_SQL = f"""SELECT {_COLUMNS}, json_extract(r.text, '$.severity') AS severity {_PLACES}
    LEFT JOIN rules r ON r.key = s.rule AND r.version = s.rule_version
    WHERE {_UNDATED} ORDER BY coalesce(severity, '') = 'veto' DESC, s.target_id, s.rule LIMIT ?"""

UNSEEN_SQL = f"""SELECT {_COLUMNS}, NULL FROM json_each(?) w
    CROSS JOIN standings s ON s.target_id = w.value ->> 0 AND s.rule = w.value ->> 1
    {_PLACES.removeprefix("FROM standings s")} WHERE s.value = 'unknown' AND t.removed_at IS NULL"""


def due_next(tx: sqlite3.Connection, limit: int = 200, until: datetime | None = None) -> list[Due]:
    """First what has no instant, what is near a veto before the rest; then what has one (up to `until`), earliest first.

    Where not all have room, at least two thirds of the places are for those with an instant.
    """
    dated = [_due(row) for row in tx.execute(DATED_SQL, (_FAR if until is None else to_ms(until), limit))]
    undated = [_due(row) for row in tx.execute(UNDATED_SQL, (limit,))]
    if limit != ALL:
        undated = undated[: max(limit - len(dated), limit // 3)]
        dated = dated[: limit - len(undated)]
    return [*undated, *dated]


def unseen_due(tx: sqlite3.Connection, days: Mapping[tuple[str, str], datetime]) -> list[Due]:
    """Of standings that are unknown, by (target, rule): what falls due on a day that is known from before, earliest first."""
    rows = tx.execute(UNSEEN_SQL, (canon.dumps([list(one) for one in sorted(days)]),))
    found = [replace(one, due=days[one.target, one.rule]) for one in map(_due, rows)]
    return sorted(found, key=lambda one: (days[one.target, one.rule], one.target, one.rule))


def count_due(tx: sqlite3.Connection) -> int:
    """How many `due_next` lists without a limit."""
    sql = f"SELECT COUNT(*) FROM standings s LEFT JOIN targets t ON t.id = s.target_id WHERE ({_DATED}) OR ({_UNDATED})"
    return int(tx.execute(sql, (_FAR,)).fetchone()[0])


def digested_at(tx: sqlite3.Connection, now: datetime) -> datetime | None:
    """When the last digest of a day before this one was made; None when there is none any more."""
    row = tx.execute(
        "SELECT created_at FROM notices WHERE dedupe_key >= 'digest:' AND dedupe_key < ? ORDER BY dedupe_key DESC LIMIT 1",
        (f"digest:{civil_day(now).isoformat()}",),
    ).fetchone()
    return None if row is None else from_ms(row[0])


def _due(row: tuple[Any, ...]) -> Due:
    target, name, site, rule, value, at, why, cause, kind, owner, muted, turned, inputs, severity = row
    return Due(
        target,
        DESK_NAME if target == DESK_ID else called(name, site),
        rule,
        Compliance(value),
        None if at is None else from_ms(at),
        canon.load_text(why),
        Cause(cause),
        TargetKind(kind),
        owner,
        None if muted is None else from_ms(muted),
        from_ms(turned),
        canon.loads(inputs),
        None if severity is None else Severity(severity),
    )


_FAR = 1 << 62
