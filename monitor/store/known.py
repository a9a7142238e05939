"""What is known of one target when it is judged: one statement, and of the rest only what it says is there.

Reads targets, runs, conditions, standings, members and incidents; writes nothing.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from monitor.clock import from_ms
from monitor.model import DESK_ID, Cause, Condition, Membership, Run, TargetKind, host_of
from monitor.store import findings, incidents, standings
from monitor.store.standings import Stored
from monitor.store.state import STATE, TargetState, target_state

KNOWN_SQL = f"""
SELECT {", ".join(f"t.{column}" for column in STATE.split(", "))},
    EXISTS (SELECT 1 FROM runs INDEXED BY runs_current WHERE target_id = t.id AND is_current = 1),
    EXISTS (SELECT 1 FROM conditions INDEXED BY conditions_open WHERE target_id = t.id AND ended_at IS NULL),
    EXISTS (SELECT 1 FROM standings WHERE target_id = t.id),
    EXISTS (SELECT 1 FROM members INDEXED BY members_target WHERE target_id = t.id AND left_at IS NULL),
    EXISTS (SELECT 1 FROM runs INDEXED BY runs_current
            WHERE target_id = ?3 AND check_name = 'uplink' AND subject = '' AND is_current = 1 AND outcome = 'fail'),
    EXISTS (SELECT 1 FROM attestations INDEXED BY attestations_target WHERE target_id = t.id),
    EXISTS (SELECT 1 FROM incidents INDEXED BY incidents_open
            WHERE cause = 'ours' AND key >= 'broken:' AND key < 'broken;' AND state IN ('open', 'acknowledged')),
    site.id, site.last_visit_at,
    (SELECT cause FROM runs INDEXED BY runs_current
     WHERE target_id = site.id AND check_name = 'reachable' AND subject = '' AND is_current = 1)
FROM targets t LEFT JOIN targets site
    ON site.id = (SELECT id FROM targets INDEXED BY targets_host WHERE host = ?2 AND kind = 'site' AND removed_at IS NULL)
WHERE t.id = ?1"""

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


def known_of(
    tx: sqlite3.Connection,
    target_id: str,
    kind: TargetKind,
    url: str,
    runs: Mapping[tuple[str, str], Run] | None = None,
) -> Known:
    """As it is at this moment of the transaction; KeyError when there is no such target.

    `runs` are those it has now, where who asks for many targets has read them at once.
    """
    host = None if kind is TargetKind.SITE else host_of(url)
    row = tx.execute(KNOWN_SQL, (target_id, host, OURS)).fetchone()
    if row is None:
        raise KeyError(target_id)
    has_runs, has_conditions, has_standings, is_member, uplink_blind, attested, breaking, *host_row = row[_STATES:]
    state = target_state(row[:_STATES])
    conditions = findings.open_conditions(tx, target_id) if has_conditions else ()
    return Known(
        state=state,
        runs=_runs(tx, target_id, has_runs=has_runs) if runs is None else runs,
        conditions={(one.check, one.subject): one for one in conditions},
        stored=Stored(standings.rows_of(tx, target_id) if has_standings else {}, state.next_change_at),
        memberships=tuple(incidents.open_memberships(tx, target_id)) if is_member else (),
        host=_host(*host_row),
        uplink_blind=bool(uplink_blind),
        breaking=bool(breaking),
        attested=bool(attested),
    )


def _runs(tx: sqlite3.Connection, target_id: str, *, has_runs: int) -> Mapping[tuple[str, str], Run]:
    return findings.current_runs(tx, target_id) if has_runs else {}


_STATES = STATE.count(",") + 1


def _host(site: str | None, asked: int | None, cause: str | None) -> Host | None:
    if site is None:
        return None
    return Host(site, None if asked is None else from_ms(asked), None if cause is None else Cause(cause))
