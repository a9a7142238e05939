"""The roll of what is watched, page by page, and what is stored of each target: where it stands, what was last seen of it.

Read-only; every question is one statement. Nothing is judged: standings that are met are no rows.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.clock import from_ms
from monitor.model import Cause, Compliance, Outcome, Target, TargetKind, Text
from monitor.store import canon
from monitor.store.inventory import Options
from monitor.store.standings import SINCE
from monitor.store.targetrows import TARGET, WIDTH, target_of


class Sight(StrEnum):
    """The first of these that holds, by what is stored: good is said only of what was seen and fell short of nothing."""

    REMOVED = "removed"  # off the inventory
    NEVER_SEEN = "never_seen"  # no look has come to anything yet
    BLIND = "blind"  # could not be judged
    FAILING = "failing"  # a check failed, confirmed or not
    BREACHED = "breached"  # a rule is broken
    DUE = "due"  # a rule soon would be
    UNKNOWN = "unknown"  # a rule cannot be judged
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Entry:
    """A target as it stands. `standings` counts those that are not met, by value; `blind_why` why it could not be judged."""

    target: Target[Options]
    sight: Sight
    added_at: datetime
    removed_at: datetime | None
    period_seconds: float
    next_due_at: datetime
    visits: int
    last_visit_at: datetime | None
    last_look_at: datetime | None
    first_look_at: datetime | None
    blind_since: datetime | None
    blind_why: Text | None
    muted_until: datetime | None
    standings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check says of a target now, since when, and after how many looks."""

    check: str
    subject: str
    outcome: Outcome
    cause: Cause | None
    reason: str
    since: datetime
    last_at: datetime
    looks: int
    summary: Text


@dataclass(frozen=True, slots=True)
class Held:
    """A standing that is not met, as it was decided."""

    target: str
    rule: str
    rule_version: str
    value: Compliance
    cause: Cause
    since: datetime | None
    until: datetime | None
    why: Text
    decided_at: datetime
    declaration: int | None  # what exempts it, or what lacks something


_ENTRY = f"""{TARGET},
    added_at, removed_at, period, next_due_at, visits, last_visit_at, last_look_at, first_look_at, blind_since, blind_reason,
    (SELECT r.summary FROM runs r INDEXED BY runs_current WHERE r.target_id = targets.id AND r.is_current = 1 AND r.outcome = 'unknown'
       AND r.reason = targets.blind_reason ORDER BY r.id LIMIT 1),
    EXISTS (SELECT 1 FROM runs r INDEXED BY runs_current WHERE r.target_id = targets.id AND r.is_current = 1 AND r.outcome = 'fail'),
    (SELECT m.until FROM mutes m WHERE m.target_id = targets.id),
    (SELECT json_group_object(value, n) FROM
       (SELECT s.value, COUNT(*) AS n FROM standings s WHERE s.target_id = targets.id GROUP BY s.value))"""
_LISTED = "targets INDEXED BY targets_listed WHERE kind <> 'link' AND id > :after"
_OF_SITE = "targets INDEXED BY targets_site WHERE site = :site AND kind <> 'link' AND id > :after"
_LINKS = "targets WHERE id > max(:after, 'link:') AND id < 'link;' AND kind = 'link'"


def entries(
    tx: sqlite3.Connection,
    limit: int,
    after: str = "",
    *,
    kind: TargetKind | None = None,
    site: str | None = None,
    removed: bool = False,
) -> list[Entry]:
    """Targets by id from behind `after` on; links only when they are asked for, removed ones only with `removed`."""
    place = _LINKS if kind is TargetKind.LINK else _LISTED if site is None else _OF_SITE
    kinds = " AND kind = :kind" if kind not in {None, TargetKind.LINK} else ""
    gone = "" if removed else " AND removed_at IS NULL"
    values = {"after": after, "site": site, "kind": kind, "limit": limit}
    rows = tx.execute(f"SELECT {_ENTRY} FROM {place}{kinds}{gone} ORDER BY id LIMIT :limit", values)
    return [_entry(row) for row in rows]


def entry(tx: sqlite3.Connection, target: str) -> Entry | None:
    """One target, removed or not; None when there never was one."""
    row = tx.execute(f"SELECT {_ENTRY} FROM targets WHERE id = ?", (target,)).fetchone()
    return None if row is None else _entry(row)


def found(tx: sqlite3.Connection, target: str, limit: int) -> list[Found]:
    """What each check says of it now, by name of the check."""
    rows = tx.execute(
        """SELECT check_name, subject, outcome, cause, reason, streak_since, last_at, looks, summary
           FROM runs INDEXED BY runs_current WHERE target_id = ? AND is_current = 1 ORDER BY check_name, subject LIMIT ?""",
        (target, limit),
    )
    return [
        Found(check, subject, Outcome(outcome), None if cause is None else Cause(cause), reason, from_ms(since),
              from_ms(last), looks, canon.load_text(summary))
        for check, subject, outcome, cause, reason, since, last, looks, summary in rows
    ]  # fmt: skip


def held(
    tx: sqlite3.Connection,
    limit: int,
    after: tuple[str, str] = ("", ""),
    *,
    target: str | None = None,
    rule: str | None = None,
    value: Compliance | None = None,
) -> list[Held]:
    """Standings that are not met, by target and rule from behind `after` on."""
    asked = {"target_id": target, "rule": rule, "value": value}
    told = {name: wanted for name, wanted in asked.items() if wanted is not None}
    conditions = "".join(f" AND {name} = :{name}" for name in told)
    rows = tx.execute(
        f"""SELECT target_id, rule, rule_version, value, cause, {SINCE}, until, why, decided_at,
                   json_extract(inputs, '$.declaration') FROM standings
            WHERE (target_id, rule) > (:last_target, :last_rule){conditions} ORDER BY target_id, rule LIMIT :limit""",
        told | {"last_target": after[0], "last_rule": after[1], "limit": limit},
    )
    return [
        Held(of, key, version, Compliance(worth), Cause(cause), _at(since), _at(until), canon.load_text(why), from_ms(at), filed)
        for of, key, version, worth, cause, since, until, why, at, filed in rows
    ]  # fmt: skip


def _entry(row: Sequence[Any]) -> Entry:
    added, removed, period, due, visits, visit, look, first, blind, reason, said, fails, muted, counted = row[WIDTH:]
    standings: Mapping[str, int] = canon.loads(counted)
    why = None if blind is None else canon.load_text(said) if said else Text(reason, {})
    return Entry(
        target=target_of(row),
        sight=_sight(
            {
                Sight.REMOVED: removed is not None,
                Sight.BLIND: blind is not None,
                Sight.NEVER_SEEN: look is None,
                Sight.FAILING: bool(fails),
            },
            standings,
        ),
        added_at=from_ms(added),
        removed_at=_at(removed),
        period_seconds=period / 1000,
        next_due_at=from_ms(due),
        visits=visits,
        last_visit_at=_at(visit),
        last_look_at=_at(look),
        first_look_at=_at(first),
        blind_since=_at(blind),
        blind_why=why,
        muted_until=_at(muted),
        standings=standings,
    )


def _sight(seen: Mapping[Sight, bool], standings: Mapping[str, int]) -> Sight:
    by_rules = (one for one in (Sight.BREACHED, Sight.DUE, Sight.UNKNOWN) if standings.get(one))
    return next((one for one, holds in seen.items() if holds), None) or next(by_rules, Sight.GOOD)


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
