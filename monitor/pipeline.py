"""The spine: read this first.

    claim what is due ─► visit (fetch, read, checks) ─► settle (runs, standings, incidents, notices) ─► release, deliver

`run_round` is one turn of the watch; `settle` is everything one visit changes, in one transaction. Each step lives in the
folder of its name; here is only their order.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from monitor.alert.release import release
from monitor.clock import from_ms, to_ms
from monitor.hands import Hands, hands, set_by
from monitor.model import Cause, Claim, Finding, Outcome, Reach, Visited
from monitor.observe.proxy import FAILED, Door, is_shut, shown
from monitor.observe.reference import Reference
from monitor.observe.tools import Check, Tools
from monitor.observe.visit import visit
from monitor.plan.bell import Bell
from monitor.plan.due import next_due
from monitor.plan.tick import Flights
from monitor.settle.again import Together, unchanged
from monitor.settle.desk import desk_change, desk_is_due, judge_desk
from monitor.settle.judging import AWAITED, host_down, rejudge
from monitor.settle.letters import take_down
from monitor.settle.looks import Looked, held_back, record
from monitor.settle.ours import PROXY, broken, proxy, proxy_is_shut, settle_ours, uplink, welcome_back
from monitor.settle.policy import Policy
from monitor.settle.remember import carries, remember, remembered_json
from monitor.store import heartbeat, incidents, state, targets
from monitor.store.database import Database
from monitor.store.known import Host, Known, known_of, known_of_each
from monitor.store.state import TargetState
from monitor.store.targets import Settled

NETWORK_REACHES = frozenset({Reach.DNS, Reach.CONNECT, Reach.TLS, Reach.TIMEOUT})
"""Endings that our own network could have caused: the reference hosts are asked before they count."""

SWEEP_AT_ONCE = 150
"""Targets judged again by time alone in one round (about 0.1 ms each); more wait for the next, which comes at once."""


JUST_SEEN = timedelta(seconds=30)
"""A look at a site so short before one of its pages failed tells whether it is down."""


@dataclass(slots=True)
class Watch:
    """Everything the watch works with; app.py puts it together, a reload replaces `policy`."""

    database: Database
    tools: Tools
    checks: Mapping[str, Check]
    policy: Policy
    reference: Reference
    checkpoint: Callable[[str], None] = lambda _place: None  # named places where a crash is tried out
    keep_bodies: bool = True  # False while the disk is low: bodies go first, ledger and alerts stay
    door: Door = field(default_factory=Door)  # what looks told of the outgoing proxy
    rounds: Bell = field(default_factory=Bell)  # rung when something is due sooner than the rounds know
    deliveries: Bell = field(default_factory=Bell)  # rung when there is something to send
    network: Bell = field(default_factory=Bell)  # rung when our own network seems down
    # Before the time is asked for claiming, judging or settling: both clocks, once everything goes by the time now shown.
    mind_the_clock: Callable[[], Awaitable[Hands]] = field(init=False)
    together: Together = field(init=False)

    def __post_init__(self) -> None:
        """Where looks that changed nothing are gathered; until somebody minds the clock, it is trusted."""
        self.mind_the_clock = self._trust_the_clock
        self.together = Together(self.database, partial(self.checkpoint, "settling"))

    async def _trust_the_clock(self) -> Hands:
        return hands(self.tools.clock)


@dataclass(frozen=True, slots=True)
class Opened:
    """One turn: when it was, what was claimed, how many deliveries were made, and when there is something to do next."""

    at: datetime
    claims: list[Claim]
    released: int
    wake: datetime | None


async def run_round(watch: Watch, flights: Flights) -> Opened:
    """One turn: claim what is due and send it out, judge what time alone changed, release what people must hear."""
    now = (await watch.mind_the_clock()).shown
    opening = partial(_open_round, watch=watch, room=flights.room(), lease=flights.lease, now=now)
    opened = await watch.database.write(opening)
    watch.checkpoint("claimed")
    if opened.released:
        watch.deliveries.ring()
    await flights.send_out(opened.claims, partial(look_and_settle, watch))
    return opened


def _open_round(tx: sqlite3.Connection, *, watch: Watch, room: int, lease: timedelta, now: datetime) -> Opened:
    sweep(tx, watch.policy, now)
    released = release(tx, now, watch.policy.recipients, watch.policy.settings.alert)
    watch.checkpoint("released")
    heartbeat.beat(tx, now)
    claims = targets.claim(tx, now, room, lease) if room > 0 else []
    return Opened(now, claims, released, min(filter(None, (state.next_wake(tx), desk_change(tx))), default=None))


async def look_and_settle(watch: Watch, claim: Claim) -> None:
    """Visit one target and settle what was seen."""
    policy = watch.policy  # a reload meanwhile is for the visits after this one
    before = hands(watch.tools.clock)
    visited = await visit(claim, watch.tools, watch.checks, policy.cadences)
    watch.checkpoint("visited")
    address = policy.settings.fetch.proxy
    ours = address is not None and await _through_proxy(watch, policy, visited, address)
    blind = not ours and visited.reach in NETWORK_REACHES and await watch.reference.blind(visited.ended_at)
    visited, told = await _as_shown(watch, visited, before)
    look = None if blind else unchanged(visited, policy, told.shown)
    if look is not None and await watch.together.settle(look):
        watch.rounds.ring_for(look.due)
    else:
        visited, told = await _as_shown(watch, visited, told)
        wake = await watch.database.write(partial(_settle_all, watch, policy, visited, held=blind, now=told.shown))
        watch.rounds.ring_for(wake or told.shown)  # it may be due sooner again, and people may have to hear of it
    if blind:
        watch.network.ring()
    watch.checkpoint("settled")


async def _as_shown(watch: Watch, visited: Visited, before: Hands) -> tuple[Visited, Hands]:
    """When the look was made in the time that is shown now, which may have been set since `before`; and what is shown."""
    now = await watch.mind_the_clock()
    by = set_by(before, now)
    if not by:
        return visited, now
    started = min(visited.started_at + by, now.shown)
    return visited._replace(started_at=started, ended_at=min(max(visited.ended_at, started), now.shown)), now


async def _through_proxy(watch: Watch, policy: Policy, visited: Visited, address: str) -> bool:
    """Store what the look told of our own outgoing proxy. True when the look ended there: no reference host needs asking."""
    detail = _at_the_proxy(visited)
    if watch.door.told(visited, address) is not None:
        finding = proxy(shown(address), detail)
        try:
            now = watch.tools.clock.now()
            await watch.database.write(partial(settle_ours, finding=finding, policy=policy, now=now))
        except BaseException:
            watch.door.forget()
            raise
    return bool(detail)


def _at_the_proxy(visited: Visited) -> str:
    """What stopped the look at our own outgoing proxy; "" when nothing did."""
    fetched = visited.page.fetched if visited.page is not None else None
    return fetched.detail if fetched is not None and FAILED in fetched.notes else ""


def _settle_all(
    watch: Watch, policy: Policy, visited: Visited, tx: sqlite3.Connection, *, held: bool, now: datetime
) -> datetime | None:
    """Settle; returns when a round has something to do because of it."""
    wake = settle(tx, visited=visited, policy=policy, held=held, now=now, keep_body=watch.keep_bodies)
    watch.checkpoint("settling")
    return wake


def settle(
    tx: sqlite3.Connection, *, visited: Visited, policy: Policy, held: bool, now: datetime, keep_body: bool = True
) -> datetime | None:
    """Everything one visit changes, in one transaction; returns when a round has something to do because of it.

    None when somebody else has it by now: nothing is written.
    """
    visited = visited._replace(started_at=from_ms(to_ms(visited.started_at)))  # as the store will have it
    target, lease = visited.claim.target, visited.claim.lease
    known = known_of(tx, target.id)
    before = known.state
    if before.lease != lease:
        return None
    found = _withhold(visited, known, held)
    looked = record(tx, visited, found, policy, known)
    if looked.blind_reason == PROXY and (is_shut(_at_the_proxy(visited)) or proxy_is_shut(tx)):
        looked = replace(looked, blind_reason=None)  # our blindness, told as ours: the target's clock stays as it is
    if held:
        settle_ours(tx, uplink(blind=True), policy, now)
    newest_seen = remember(tx, visited, policy, keep_body=keep_body)
    take_down(tx, visited)
    settled = _settled(visited, before, looked, newest_seen, now)
    targets.finish(tx, visited, settled)
    awaited = before.next_change_at is not None and before.next_change_at <= visited.started_at + AWAITED
    if looked.changed or awaited or bool(looked.blind_reason) is (before.blind_since is None):
        rejudge(tx, target, policy, now, _by_now(looked.known, visited, settled, held))
    _ask_the_host(tx, visited, found, known.host, looked.look_again or JUST_SEEN, now)
    if looked.changed:
        _own_up(tx, target.id, found, known, policy, now)
    if carries(visited):
        return state.next_wake(tx)  # links it has now are due, too
    return state.next_wake_of(tx, target.id, None if known.host is None else known.host.site)


def _by_now(known: Known, visited: Visited, settled: Settled, held: bool) -> Known:
    """What the store holds of the target once the visit is written: what `known_of` would read anew."""
    before = known.state
    state_now = before._replace(
        lease=None,
        sample_due_at=settled.sample_due_at,
        last_visit_at=visited.started_at,
        last_look_at=settled.looked_at or before.last_look_at,
        first_look_at=before.first_look_at or settled.looked_at,
        blind_since=settled.blind_since,
        blind_reason="" if settled.blind_since is None else settled.blind_reason or "unknown",
    )
    return known._replace(state=state_now, uplink_blind=known.uplink_blind or held)


def _withhold(visited: Visited, known: Known, held: bool) -> tuple[Finding, ...]:
    """Verdicts are withheld while our own network, or the host the target hangs on, is down."""
    found = visited.findings
    if all(finding.outcome is Outcome.OK for finding in found):
        return found
    if held:
        return held_back(found, "uplink")
    return held_back(found, "host_down") if host_down(visited.claim.target, known) else found


def _settled(visited: Visited, before: TargetState, looked: Looked, newest_seen: str | None, now: datetime) -> Settled:
    claim = visited.claim
    due = next_due(
        started_at=visited.started_at,
        sample_due_at=before.sample_due_at,
        period=claim.period,
        look_again=looked.look_again,
        now=now,
        taken=claim.sample and claim.sample_due_at == before.sample_due_at,
    )
    blind_since, blind_reason = before.blind_since, before.blind_reason
    if looked.blind_reason == "":
        blind_since, blind_reason = None, ""
    elif looked.blind_reason is not None:
        blind_since, blind_reason = blind_since or visited.started_at, looked.blind_reason
    return Settled(
        next_due_at=due.next_due_at,
        sample_due_at=due.sample_due_at,
        looked_at=visited.started_at if looked.conclusive else None,
        blind_since=blind_since,
        blind_reason=blind_reason,
        next_change_at=before.next_change_at,
        reading_json=remembered_json(visited),
        newest_seen=newest_seen,
    )


def _ask_the_host(  # noqa: PLR0917 - the look, and who may answer for it
    tx: sqlite3.Connection,
    visited: Visited,
    found: tuple[Finding, ...],
    host: Host | None,
    again: timedelta,
    now: datetime,
) -> None:
    """A column or link that fails first may only be the first to see its site down: the site is looked at at once.

    Not again for each of its dead links: a look a moment before tells as much. But before its next look, `again` later, it is.
    """
    if host is None or not any(finding.outcome is Outcome.FAIL for finding in found):
        return
    if host.asked_at is None or host.asked_at < visited.started_at - min(JUST_SEEN, again):
        targets.pull_in(tx, host.site, now)


def _own_up(  # noqa: PLR0917 - as above
    tx: sqlite3.Connection, target_id: str, found: tuple[Finding, ...], known: Known, policy: Policy, now: datetime
) -> None:
    """A check that broke is our incident, and ends when it breaks nowhere any more."""
    for finding in found if known.breaking else [one for one in found if one.outcome is Outcome.BROKEN]:
        count = state.count_broken(tx, finding.check) if finding.outcome is Outcome.BROKEN else 0
        if count or incidents.find_open(tx, Cause.OURS, f"broken:{finding.check}") is not None:
            count = count or state.count_broken(tx, finding.check)
            settle_ours(tx, broken(finding.check, count), policy, now)
    if ("visit", "") in known.runs:
        welcome_back(tx, target_id, policy, now)


def sweep(tx: sqlite3.Connection, policy: Policy, now: datetime) -> int:
    """Judge again what changes by time alone: warnings, limits, outage days, lasting blindness."""
    if desk_is_due(tx, now):
        judge_desk(tx, policy, now)
    found = targets.changing_targets(tx, now, SWEEP_AT_ONCE)
    for target, known in zip(found, known_of_each(tx, [target.id for target in found]), strict=True):
        rejudge(tx, target, policy, now, known)
    return len(found)
