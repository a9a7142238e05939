"""From what is stored about a target to its standings and incidents.

Gathers the facts, asks the pure functions of `judge/`, stores what they decide and tells what changed. Used by settle
after a look that changed something, and by the sweep for what changes by time alone.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.config.settings import RawTarget
from monitor.judge.availability import of_a_week
from monitor.judge.excused import sifted
from monitor.judge.incidents import Changes, compare, memberships
from monitor.judge.outage import next_outage
from monitor.judge.standings import judge_by
from monitor.model import (
    CLOSURES,
    Cause,
    Compliance,
    Declaration,
    Facts,
    Membership,
    Outage,
    Outcome,
    Run,
    Standing,
    TargetKind,
)
from monitor.settle.clock import ASKED_AGAIN, not_by_the_clock
from monitor.settle.closed import GONE_WITH_SITE, closed_with_site, gone_with_site, touch_with_site
from monitor.settle.policy import Policy
from monitor.settle.records import on_record
from monitor.settle.telling import TOGETHER, Case, tell
from monitor.store import brought, excused, findings as store, incidents, inventory, standings, state, targets
from monitor.store.known import OURS, Known, known_of

HOST_TAKEN = frozenset({Cause.OUTAGE, Cause.TAMPER})
"""What befalls a whole host: what hangs on a site that is down, or parked and sold, says nothing of itself."""

COUNTED = frozenset({Cause.STALE, Cause.BLANK})
"""What columns of a site are counted by."""

AWAITED = timedelta(minutes=1)
"""How soon a target is judged again whose change only waits for a look."""


def rejudge(
    tx: sqlite3.Connection, target: RawTarget, policy: Policy, now: datetime, known: Known | None = None
) -> datetime | None:
    """Judge one target from the store, store and announce what changed. Returns when it changes by time alone.

    `known` is what the store holds of it by now, where who asks has it at hand.
    """
    known = known_of(tx, target.id) if known is None else known
    facts, rules = facts_of(tx, target, policy, now, known), policy.rules_of(target)
    limit = policy.blind_limit(target.kind)
    judgement = judge_by(rules, facts, now, limit)
    change = judgement.next_change_at
    if change is not None and change <= now:
        change = now + AWAITED
    shown = gone_with_site(tx, target, judgement.standings, now)
    standings.replace(tx, target.id, shown, change, now, known.stored)
    touch_with_site(tx, target, facts, known.stored.next_change_at, now)
    if target.kind is TargetKind.COLUMN and _is_seen_otherwise(known.stored, judgement.standings):
        brought.touch_site_of(tx, target.id, now)
    wanted = memberships(target, judgement.standings, facts, rules, known.memberships, limit, now)
    if known.excused:
        wanted = without_excused(tx, target.id, wanted, judgement.standings, facts)
    if wanted and closed_with_site(tx, target, now) is not None:
        wanted = [one for one in wanted if one.cause not in GONE_WITH_SITE]
    wanted, waits = not_by_the_clock(tx, wanted)
    if waits:
        brought.touch(tx, target.id, now + ASKED_AGAIN)
    if wanted or known.memberships:
        changes = compare(known.memberships, wanted)
        tell(tx, Case(target, facts, policy, now, judgement.standings, known.memberships), changes)
        _count_again(tx, target, changes, now)
        if target.kind is TargetKind.SITE and any(one.cause is Cause.OUTAGE for one in changes.joins):
            _fold(tx, target.id, policy, now)
    _look_now(tx, target.id, judgement.look_at, known.state.last_visit_at, now)
    return change


def without_excused(
    tx: sqlite3.Connection, target_id: str, wanted: list[Membership], judged: Sequence[Standing], facts: Facts
) -> list[Membership]:
    """What is wanted without what people called a false alarm and is as it was; what is over is not held any more."""
    before = excused.of_target(tx, target_id)
    told, holding = sifted(before, wanted, judged, facts) if before else (wanted, {})
    excused.hold(tx, target_id, before, holding)
    return told


def _count_again(tx: sqlite3.Connection, target: RawTarget, changes: Changes, now: datetime) -> None:
    """A column that is told to be stale, or no longer, may make up or undo a count of its site: that is judged anew."""
    if target.kind is not TargetKind.COLUMN or target.site is None:
        return
    if any(one.cause is Cause.STALE for one in (*changes.joins, *changes.worsens, *changes.leaves)):
        brought.touch(tx, target.site, now)


def _is_seen_otherwise(stored: standings.Stored, judged: Sequence[Standing]) -> bool:
    """Whether something else of a column is unknown than before, or it is judged for the first time: its site counts that, too."""
    unknown = {one.rule for one in judged if one.value is Compliance.UNKNOWN and one.cause in COUNTED}
    if not stored.rows:
        return bool(unknown) or stored.next_change_at is None
    was = {rule for rule, (_, value, _, cause, *_) in stored.rows.items() if value == "unknown" and cause in COUNTED}
    return unknown != was


def _fold(tx: sqlite3.Connection, target_id: str, policy: Policy, now: datetime) -> None:
    """Once a platform is known to be shared, sites that were told alone before belong to it (DESIGN.md §5.9: one incident)."""
    joined = _of_platform(tx, target_id)
    run = store.current_run(tx, target_id, "reachable", "")
    if joined is None or run is None:
        return
    for name, alone in incidents.alone_alike(tx, run.finding.reason, joined.since - TOGETHER, joined.since + TOGETHER):
        site = targets.load_target(tx, name)
        moved = next(one for one in incidents.open_memberships(tx, name) if one.incident == alone)
        facts, before = facts_of(tx, site, policy, now), tuple(incidents.open_memberships(tx, name))
        tell(
            tx, Case(site, facts, policy, now, facts.standings, before), Changes(joins=(replace(moved, incident=None),))
        )
        into = _of_platform(tx, name)
        if into is not None and into.incident is not None:
            incidents.fold(tx, alone, into.incident, now)


def _of_platform(tx: sqlite3.Connection, target_id: str) -> Membership | None:
    open_now = incidents.open_memberships(tx, target_id)
    return next((one for one in open_now if one.key.startswith("platform:")), None)


def _look_now(
    tx: sqlite3.Connection, target_id: str, look_at: datetime | None, last: datetime | None, now: datetime
) -> None:
    """A breach needs a look at or after the limit: one is made at once, and not again when the last could not see."""
    if look_at is not None and look_at <= now and (last is None or last < look_at):
        targets.pull_in(tx, target_id, now)


def facts_of(
    tx: sqlite3.Connection, target: RawTarget, policy: Policy, now: datetime, known: Known | None = None
) -> Facts:
    """All that judging may know of the target at this moment; `known` as for `rejudge`."""
    known = known_of(tx, target.id) if known is None else known
    good = failed = excluded = expected = 0
    outage = None
    if target.kind is TargetKind.SITE:  # first of all: an outage that ends by it is among those on record
        outage = _outage_by_now(tx, target.id, known.runs.get(("reachable", "")), now)
    records = on_record(tx, target.id, _needs(target, policy, known), policy.settings, now)
    if target.kind is TargetKind.SITE:
        good, failed, excluded = store.samples(tx, target.id, now)
        closed = closed_times(records.get("declarations", ()), now)
        filed = brought.failed_while_closed(tx, target.id, closed, now) if closed else 0
        failed, excluded = failed - filed, excluded + filed
        expected = of_a_week(policy.periods[TargetKind.SITE], store.sampled_days(tx, target.id, now))
    return Facts(
        runs=tuple(known.runs.values()),
        conditions=tuple(known.conditions.values()),
        outage=outage,
        standings=known.stored.standings(),
        last_look_at=known.state.last_look_at,
        first_seen_at=known.state.first_look_at,
        blind_since=known.state.blind_since,
        blind_reason=known.state.blind_reason,
        good=good,
        failed=failed,
        excluded=excluded,
        expected=expected,
        muted_by=host_down(target, known),
        held=known.uplink_blind,
        workdays=policy.settings.workdays,
        **records,
    )


def _needs(target: RawTarget, policy: Policy, known: Known) -> frozenset[str]:
    """What a person attested also ends blindness, whatever the rules ask for. What nobody filed is not asked for."""
    wanted = policy.needs_of(target)
    wanted = wanted | {"attested"} if known.attested else wanted - {"attested"}
    return wanted if known.declared else wanted - {"declarations"}


def closed_times(declarations: Iterable[Declaration], now: datetime) -> list[tuple[datetime, datetime]]:
    """When people had filed that it would not open: what fails then is no sample of the 5 %."""
    return [(one.start, one.end or now) for one in declarations if one.kind in CLOSURES and one.start <= now]


def _outage_by_now(tx: sqlite3.Connection, target_id: str, run: Run | None, now: datetime) -> Outage | None:
    """The running outage; 24 hours of confirmed open end it, whoever looks first."""
    before = store.running_outage(tx, target_id)
    after = next_outage(before, None, now, run)
    if before is not None and after is not None and after != before:
        store.record_outage(tx, target_id, after, now)
    return after if after is not None and after.ended_at is None else None


def host_down(target: RawTarget, known: Known) -> str | None:
    """The site on the same host that did not open when last looked at; nothing is said about what hangs on it."""
    if known.host is None or target.kind is TargetKind.ACCOUNT:
        return None
    return known.host.site if known.host.cause in HOST_TAKEN else None


def uplink_is_blind(tx: sqlite3.Connection) -> bool:
    """Whether our own network was last seen down."""
    outcome, _ = state.told_now(tx, OURS, "uplink")
    return outcome is Outcome.FAIL


def retire(tx: sqlite3.Connection, target_ids: Iterable[str], policy: Policy, now: datetime) -> None:
    """What is no longer watched leaves its incidents; those left empty are over, and that is told.

    What was going on there ends with it: should the target come back, nothing is held against it that nobody looked at since.
    """
    for target_id in target_ids:
        already = incidents.open_memberships(tx, target_id)
        if already:
            judged = tuple(standings.of_target(tx, target_id))
            case = Case(targets.load_target(tx, target_id), Facts(), policy, now, judged)
            tell(tx, case, Changes(leaves=tuple(already)))
        inventory.rest(tx, (target_id,), now)
