"""What is unknown though it was seen once: the standings, and the last look of each check that saw.

Reads `standings`, `targets`, `runs`, `members` and `incidents` in one statement each, however many targets it is; writes nothing.
"""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from monitor.clock import from_ms
from monitor.model import Cause, Run, Text
from monitor.store import canon
from monitor.store.runrows import RUN, run_of


class Unknown(NamedTuple):
    """A standing that is unknown, of a target that is watched, and what else is there of that."""

    target: str
    rule: str
    why: Text
    cause: Cause
    first_look_at: datetime | None
    is_attested: bool
    is_declared: bool
    is_told_blind: bool  # an open incident asks people to look


class Asked(NamedTuple):
    """The check a rule goes by, and the measure its date is told as."""

    target: str
    check: str
    measure: str


UNKNOWN_SQL = """
SELECT s.target_id, s.rule, s.why, s.cause, t.first_look_at,
    EXISTS (SELECT 1 FROM attestations INDEXED BY attestations_target WHERE target_id = t.id),
    EXISTS (SELECT 1 FROM declarations INDEXED BY declarations_target WHERE target_id = t.id AND superseded_at IS NULL),
    EXISTS (SELECT 1 FROM members m INDEXED BY members_target JOIN incidents i ON i.id = m.incident_id
            WHERE m.target_id = t.id AND m.left_at IS NULL AND i.cause = 'blind')
FROM standings s JOIN targets t ON t.id = s.target_id
WHERE s.value = 'unknown' AND s.rule IN (SELECT value FROM json_each(?)) AND t.removed_at IS NULL
    AND s.inputs ->> 'reason' IS NOT 'entrance'"""
"""A home page that only leads on was seen: it has no date."""

SEEN_SQL = f"""
SELECT {RUN}, target_id FROM runs WHERE id IN (
    SELECT (SELECT r.id FROM runs r INDEXED BY runs_history
            WHERE r.target_id = w.value ->> 0 AND r.check_name = w.value ->> 1 AND r.subject = '' AND r.outcome = 'ok'
                AND EXISTS (SELECT 1 FROM json_each(r.measures) m WHERE m.value ->> 'name' = w.value ->> 2)
            ORDER BY r.first_at DESC, r.id DESC LIMIT 1)
    FROM json_each(?) w)"""
"""Back through the history of each, no further than to the first that saw."""


def unknown_of(tx: sqlite3.Connection, rules: Collection[str]) -> list[Unknown]:
    """What is unknown by one of these rules, in no order."""
    rows = tx.execute(UNKNOWN_SQL, (canon.dumps(sorted(rules)),))
    return [
        Unknown(
            target,
            rule,
            canon.load_text(why),
            Cause(cause),
            None if first is None else from_ms(first),
            *map(bool, is_there),
        )
        for target, rule, why, cause, first, *is_there in rows
    ]


def last_seen(tx: sqlite3.Connection, asked: Iterable[Asked]) -> dict[tuple[str, str], Run]:
    """The last run of each check that told that measure, by (target, check); what never did is left out."""
    rows = tx.execute(SEEN_SQL, (canon.dumps([list(one) for one in asked]),))
    return {(row[-1], row[1]): run_of(row) for row in rows}
