"""Small questions settling asks of the store, each answered by one indexed statement.

Reads targets, runs, incidents, notices, mutes and carriers; writes only to end leases, and whose the links of a host are.
"""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitor.clock import from_ms, to_ms
from monitor.model import Cause, Claim, NoticeKind, Outcome, Target
from monitor.store import canon
from monitor.store.inventory import Options
from monitor.store.linkrows import OWN_SQL
from monitor.store.seen import PAGES_ASKED
from monitor.store.targetrows import TARGET, target_of


class TargetState(NamedTuple):
    """What changes about a target with every visit."""

    lease: str | None
    sample_due_at: datetime
    last_visit_at: datetime | None
    last_look_at: datetime | None
    first_look_at: datetime | None
    blind_since: datetime | None
    blind_reason: str
    next_change_at: datetime | None


STATE = "lease, sample_due_at, last_visit_at, last_look_at, first_look_at, blind_since, blind_reason, next_change_at"


def state_of(tx: sqlite3.Connection, target_id: str) -> TargetState:
    """The present state; KeyError when there is no such target."""
    row = tx.execute(f"SELECT {STATE} FROM targets WHERE id = ?", (target_id,)).fetchone()
    if row is None:
        raise KeyError(target_id)
    return target_state(row)


def target_state(row: Sequence[Any]) -> TargetState:
    """A row of the columns of STATE."""
    lease, sample, visited, last, first, blind, reason, change = row
    return TargetState(lease, from_ms(sample), _at(visited), _at(last), _at(first), _at(blind), reason, _at(change))


def next_wake(tx: sqlite3.Connection) -> datetime | None:
    """The earliest instant at which a round has something to do; None when nothing is planned at all."""
    row = tx.execute(
        """SELECT MIN(x) FROM (
               SELECT MIN(next_due_at) AS x FROM targets INDEXED BY targets_due WHERE removed_at IS NULL AND lease IS NULL
               UNION ALL SELECT MIN(lease_until) FROM targets INDEXED BY targets_leased WHERE lease IS NOT NULL
               UNION ALL SELECT MIN(next_change_at) FROM targets INDEXED BY targets_changing
                         WHERE next_change_at IS NOT NULL AND removed_at IS NULL
               UNION ALL SELECT MIN(release_at) FROM notices WHERE released_at IS NULL)"""
    ).fetchone()
    return _at(row[0])


def next_wake_of(tx: sqlite3.Connection, target_id: str, host: str | None) -> datetime | None:
    """The same of the notices, one target and the site on its host alone: `next_wake` steps over everything in the air."""
    row = tx.execute(
        """SELECT MIN(x) FROM (
               SELECT min(next_due_at, coalesce(next_change_at, next_due_at)) AS x FROM targets
               WHERE id IN (?, ?) AND removed_at IS NULL AND lease IS NULL
               UNION ALL SELECT MIN(release_at) FROM notices WHERE released_at IS NULL)""",
        (target_id, host),
    ).fetchone()
    return _at(row[0])


def next_try(tx: sqlite3.Connection) -> datetime | None:
    """When a delivery is to be tried next, or one that is being sent comes back; None when none waits."""
    row = tx.execute(
        """SELECT MIN(x) FROM (
               SELECT MIN(next_attempt_at) AS x FROM deliveries WHERE state = 'pending'
               UNION ALL SELECT MIN(lease_until) FROM deliveries WHERE state = 'sending')"""
    ).fetchone()
    return _at(row[0])


def give_back(tx: sqlite3.Connection, claims: Iterable[Claim], until: datetime) -> None:
    """End the leases unvisited; the targets are due again at `until`, or when their turn is if that is later."""
    tx.executemany(
        """UPDATE targets SET lease = NULL, lease_until = NULL, next_due_at = max(next_due_at, ?)
           WHERE id = ? AND lease = ?""",
        [(to_ms(until), claim.target.id, claim.lease) for claim in claims],
    )


def end_all_leases(tx: sqlite3.Connection) -> None:
    """On an orderly end, by the one process that holds the store: whatever was claimed is due again at once."""
    tx.execute("UPDATE targets INDEXED BY targets_leased SET lease = NULL, lease_until = NULL WHERE lease IS NOT NULL")


def end_delivery_leases(tx: sqlite3.Connection, now: datetime) -> int:
    """At the start of a process that alone holds the store: what an earlier one was sending comes back. How many."""
    sql = "UPDATE deliveries SET lease_until = ?1 WHERE state = 'sending' AND lease_until > ?1"
    return tx.execute(sql, (to_ms(now),)).rowcount


def told_now(tx: sqlite3.Connection, target_id: str, check: str) -> tuple[Outcome | None, Cause | None]:
    """Outcome and cause of what a check says of the target itself now, without its words: asked with every failing look."""
    row = tx.execute(
        """SELECT outcome, cause FROM runs INDEXED BY runs_current
           WHERE target_id = ? AND check_name = ? AND subject = '' AND is_current = 1""",
        (target_id, check),
    ).fetchone()
    return (None, None) if row is None else (Outcome(row[0]), None if row[1] is None else Cause(row[1]))


def sites_failing_alike(tx: sqlite3.Connection, reason: str, after: datetime, before: datetime, at_most: int) -> int:
    """Sites that do not open now for the same reason, and began not to between those instants; counted up to `at_most`.

    Site by site, so that neither pages nor links are read, and no further than needed when many fail at once.
    """
    row = tx.execute(
        """SELECT COUNT(*) FROM (
               SELECT 1 FROM targets t INDEXED BY targets_host CROSS JOIN runs r INDEXED BY runs_current
               ON r.target_id = t.id AND r.check_name = 'reachable' AND r.subject = '' AND r.is_current = 1
               WHERE t.kind = 'site' AND t.removed_at IS NULL AND r.outcome = 'fail' AND r.cause = 'outage'
                 AND r.reason = ? AND r.streak_since BETWEEN ? AND ? LIMIT ?)""",
        (reason, to_ms(after), to_ms(before), at_most),
    ).fetchone()
    return int(row[0])


def open_platform(tx: sqlite3.Connection, opened_since: datetime) -> str | None:
    """The key of a shared-platform incident still open and opened since then."""
    row = tx.execute(
        """SELECT key FROM incidents WHERE cause = 'outage' AND state IN ('open', 'acknowledged')
             AND key GLOB 'platform:*' AND opened_at >= ? ORDER BY opened_at DESC LIMIT 1""",
        (to_ms(opened_since),),
    ).fetchone()
    return None if row is None else str(row[0])


def notices_since(tx: sqlite3.Connection, kind: NoticeKind, instant: datetime) -> int:
    """How many notices of that kind were made at or after that instant and still wait or just went."""
    row = tx.execute(
        "SELECT COUNT(*) FROM (SELECT kind, created_at FROM notices ORDER BY id DESC LIMIT 100) WHERE kind = ? AND created_at >= ?",
        (kind, to_ms(instant)),
    ).fetchone()
    return int(row[0])


def pages_carrying(tx: sqlite3.Connection, link_id: str, at_most: int) -> list[Target[Options]]:
    """The pages that show a link now, those seen first before others; of a link on more than PAGES_ASKED, the first by id."""
    rows = tx.execute(
        f"""SELECT {TARGET} FROM (SELECT page_id, first_seen_at FROM carriers INDEXED BY carriers_link
                                 WHERE link_id = ? AND gone_at IS NULL ORDER BY page_id LIMIT ?)
           CROSS JOIN targets ON id = page_id ORDER BY first_seen_at, page_id LIMIT ?""",
        (link_id, PAGES_ASKED, at_most),
    )
    return [target_of(row) for row in rows]


def own_links_of_hosts(tx: sqlite3.Connection, hosts: Collection[str]) -> None:
    """On which site every link on these hosts lies now: a site came or went there. Reads every target when there are any."""
    if hosts:
        tx.execute(OWN_SQL + "host IN (SELECT value FROM json_each(?))", (canon.dumps(list(hosts)),))


def members_ever(tx: sqlite3.Connection, incident: int) -> int:
    """How many targets an incident has had, those that left included."""
    return int(tx.execute("SELECT COUNT(*) FROM members WHERE incident_id = ?", (incident,)).fetchone()[0])


def is_muted(tx: sqlite3.Connection, target_id: str, now: datetime) -> bool:
    """Whether somebody asked for silence about the target."""
    row = tx.execute("SELECT 1 FROM mutes WHERE target_id = ? AND until > ?", (target_id, to_ms(now))).fetchone()
    return row is not None


def page_turn_over(tx: sqlite3.Connection, link_id: str, since: datetime, at_most: datetime) -> datetime:
    """When every link of the pages that carry this one has been looked at since then (never later than `at_most`).

    Of a link on more than PAGES_ASKED pages, the first by id are asked.
    """
    row = tx.execute(
        """SELECT MAX(t.next_due_at)
           FROM (SELECT page_id FROM carriers INDEXED BY carriers_link
                 WHERE link_id = ? AND gone_at IS NULL ORDER BY page_id LIMIT ?) mine
           CROSS JOIN carriers theirs ON theirs.page_id = mine.page_id AND theirs.gone_at IS NULL
           CROSS JOIN targets t ON t.id = theirs.link_id
           WHERE t.removed_at IS NULL AND (t.last_visit_at IS NULL OR t.last_visit_at < ?)""",
        (link_id, PAGES_ASKED, to_ms(since)),
    ).fetchone()
    return since if row[0] is None else min(from_ms(row[0]), at_most)


def count_broken(tx: sqlite3.Connection, check: str) -> int:
    """On how many watched targets the check breaks now."""
    row = tx.execute(
        """SELECT COUNT(*) FROM runs r JOIN targets t ON t.id = r.target_id
           WHERE r.check_name = ? AND r.is_current = 1 AND r.outcome = 'broken' AND t.removed_at IS NULL""",
        (check,),
    ).fetchone()
    return int(row[0])


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
