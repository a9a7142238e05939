"""What is known of one target when it is judged: one statement, and of the rest only what it says is there; of many at once likewise.

Reads targets, runs, conditions, standings, members and incidents; writes nothing.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitor.clock import from_ms
from monitor.model import DESK_ID, Cause, Condition, Membership, Run
from monitor.store import canon, findings, incidents, standings
from monitor.store.standings import Stored
from monitor.store.state import STATE, TargetState, target_state

_KNOWN = f"""
SELECT {", ".join(f"t.{column}" for column in STATE.split(", "))},
    EXISTS (SELECT 1 FROM runs INDEXED BY runs_current WHERE target_id = t.id AND is_current = 1),
    EXISTS (SELECT 1 FROM conditions INDEXED BY conditions_open WHERE target_id = t.id AND ended_at IS NULL),
    EXISTS (SELECT 1 FROM standings WHERE target_id = t.id),
    EXISTS (SELECT 1 FROM members INDEXED BY members_target WHERE target_id = t.id AND left_at IS NULL),
    EXISTS (SELECT 1 FROM runs INDEXED BY runs_current
            WHERE target_id = ?2 AND check_name = 'uplink' AND subject = '' AND is_current = 1 AND outcome = 'fail'),
    EXISTS (SELECT 1 FROM attestations INDEXED BY attestations_target WHERE target_id = t.id),
    EXISTS (SELECT 1 FROM declarations INDEXED BY declarations_target WHERE target_id = t.id AND superseded_at IS NULL),
    EXISTS (SELECT 1 FROM incidents INDEXED BY incidents_open
            WHERE cause = 'ours' AND key >= 'broken:' AND key < 'broken;' AND state IN ('open', 'acknowledged')),
    EXISTS (SELECT 1 FROM excused WHERE target_id = t.id),
    site.id, site.last_visit_at,
    (SELECT cause FROM runs INDEXED BY runs_current
     WHERE target_id = site.id AND check_name = 'reachable' AND subject = '' AND is_current = 1), t.id
FROM targets t LEFT JOIN targets site
    ON site.id = (SELECT id FROM targets INDEXED BY targets_host WHERE host = (CASE t.kind WHEN 'site' THEN NULL ELSE t.host END)
                 AND kind = 'site' AND removed_at IS NULL)"""
KNOWN_SQL = f"{_KNOWN} WHERE t.id = ?1"
KNOWN_OF_SQL = f"{_KNOWN} WHERE t.id IN (SELECT value FROM json_each(?1))"
"""Of many: what is the same for all of them is asked once, which is half of the cost."""

OURS = DESK_ID
"""The pseudo target of what is found of ourselves."""


class Host(NamedTuple):
    """The watched site on whose host a target lies."""

    site: str
    asked_at: datetime | None  # its last visit
    cause: Cause | None  # why it does not open, None when it does


class Known(NamedTuple):
    """One target and what its judging depends on, as the store has them."""

    state: TargetState
    runs: Mapping[tuple[str, str], Run]  # running, by (check, subject)
    conditions: Mapping[tuple[str, str], Condition]  # open, by (check, subject)
    stored: Stored
    memberships: tuple[Membership, ...]  # of open incidents
    host: Host | None  # None for a site, and where none is watched
    uplink_blind: bool  # our own network was last seen down
    breaking: bool  # an incident of ours is open because a check breaks somewhere
    attested: bool = True  # somebody attested something of it, or nobody asked
    declared: bool = True  # something is filed of it that counts, or nobody asked
    excused: bool = True  # somebody called something of it a false alarm that holds on, or nobody asked


def known_of(tx: sqlite3.Connection, target_id: str) -> Known:
    """As it is at this moment of the transaction; KeyError when there is no such target."""
    row = tx.execute(KNOWN_SQL, (target_id, OURS)).fetchone()
    if row is None:
        raise KeyError(target_id)
    return _known(tx, row, findings.current_runs(tx, target_id) if row[_STATES] else {})


def known_of_each(tx: sqlite3.Connection, target_ids: Sequence[str]) -> Iterator[Known]:
    """The same of many that exist, in their order, in two statements and what those say is there.

    What one of them may change for the next (incidents, standings) is read when its turn comes.
    """
    rows = {row[-1]: row for row in tx.execute(KNOWN_OF_SQL, (canon.dumps(target_ids), OURS))}
    runs = findings.current_runs_of(tx, target_ids)
    for target_id in target_ids:
        yield _known(tx, rows[target_id], runs.get(target_id, {}))


def _known(tx: sqlite3.Connection, row: Sequence[Any], runs: Mapping[tuple[str, str], Run]) -> Known:
    (
        _,
        has_conditions,
        has_standings,
        is_member,
        uplink_blind,
        attested,
        declared,
        breaking,
        excused,
        *host_row,
        target_id,
    ) = row[_STATES:]
    state = target_state(row[:_STATES])
    conditions = findings.open_conditions(tx, target_id) if has_conditions else ()
    return Known(
        state=state,
        runs=runs,
        conditions={(one.check, one.subject): one for one in conditions},
        stored=Stored(standings.rows_of(tx, target_id) if has_standings else {}, state.next_change_at),
        memberships=tuple(incidents.open_memberships(tx, target_id)) if is_member else (),
        host=_host(*host_row),
        uplink_blind=bool(uplink_blind),
        breaking=bool(breaking),
        attested=bool(attested),
        declared=bool(declared),
        excused=bool(excused),
    )


_STATES = STATE.count(",") + 1


def _host(site: str | None, asked: int | None, cause: str | None) -> Host | None:
    if site is None:
        return None
    return Host(site, None if asked is None else from_ms(asked), None if cause is None else Cause(cause))
