"""The desk itself under its rules: drills, meetings, rosters, filings. It is never looked at; records and the clock decide.

The desk has no row among the targets: since when it watches, and when its standings change next, stand in `meta`.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import from_ms, to_ms
from monitor.judge.incidents import Changes, compare, memberships
from monitor.judge.standings import judge
from monitor.model import DESK_ID, Cause, Compliance, Facts, Membership, Rule, Standing
from monitor.settle.clock import ASKED_AGAIN, not_by_the_clock
from monitor.settle.judging import without_excused
from monitor.settle.policy import Policy
from monitor.settle.records import on_record
from monitor.settle.telling import Case, tell
from monitor.store import incidents, rules as rule_rows, standings

_SINCE, _CHANGE = "desk_since", "desk_change"
_LATEST = 32_503_651_200_000  # 3000-01-01: what never changes is asked again then
AGAIN = timedelta(minutes=1)
"""How soon the desk is judged again at the soonest: nothing of it counts seconds."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What the desk owes by a rule, where it stands, and when it would be broken if nothing is done or recorded."""

    rule: Rule
    standing: Standing
    broken_from: datetime | None

    @property
    def since_broken(self) -> datetime | None:
        """Since when it is broken, where it is."""
        return self.standing.since if self.standing.value is Compliance.BREACHED else None


def judge_desk(tx: sqlite3.Connection, policy: Policy, now: datetime) -> None:
    """Judge the desk, store and tell what changed."""
    desk, rules = policy.desk, policy.rules_of(policy.desk)
    _begin(tx, now)
    facts = facts_of_desk(tx, policy, now)
    judgement = judge(desk, facts, rules, now)
    standings.replace(tx, DESK_ID, judgement.standings, None, now)
    change = judgement.next_change_at
    open_now = open_of_desk(tx)
    wanted = memberships(desk, judgement.standings, facts, rules, open_now, None, now)
    wanted = without_excused(tx, DESK_ID, wanted, judgement.standings, facts)
    wanted, waits = not_by_the_clock(tx, wanted)
    asked = [*([change] if change is not None else []), *([now + ASKED_AGAIN] if waits else [])]
    _put(tx, _CHANGE, to_ms(max(min(asked), now + AGAIN)) if asked else _LATEST)
    changes = compare(open_now, wanted) if wanted or open_now else Changes()
    tell(tx, Case(desk, facts, policy, now, judgement.standings, open_now), changes)


def facts_of_desk(tx: sqlite3.Connection, policy: Policy, now: datetime) -> Facts:
    """All that judging may know of the desk. Only reads: a desk that was never judged begins now."""
    stored = tuple(standings.of_target(tx, DESK_ID))
    rules = policy.rules_of(policy.desk)
    records = on_record(tx, DESK_ID, policy.needs_of(policy.desk), policy.settings, now, rules)
    since = watched_since(tx) or now
    later = rule_rows.adopted(tx, since)
    adopted = {rule.key: later[rule.key] for rule in rules if rule.obligation == "done_every" and rule.key in later}
    told = Facts(standings=stored, first_seen_at=since, workdays=policy.settings.workdays, **records)
    return told._replace(adopted=adopted) if adopted else told


def desk_is_due(tx: sqlite3.Connection, now: datetime) -> bool:
    """Whether time alone has changed something of the desk, or it was never judged."""
    at = desk_change(tx)
    return at is None or at <= now


def desk_change(tx: sqlite3.Connection) -> datetime | None:
    """When the desk is to be judged next; None when it never was."""
    row = tx.execute("SELECT value FROM meta WHERE key = ?", (_CHANGE,)).fetchone()
    return None if row is None else from_ms(int(row[0]))


def judge_desk_again(tx: sqlite3.Connection) -> None:
    """With the next round: other rules, or something was filed."""
    _put(tx, _CHANGE, 0)


def owed(tx: sqlite3.Connection, policy: Policy, now: datetime) -> list[Owed]:
    """Every standing of the desk as it is at this moment, the met ones too, by rule. Only reads."""
    facts, rules = facts_of_desk(tx, policy, now), policy.rules_of(policy.desk)
    found = []
    for rule in sorted(rules, key=lambda one: one.key):
        (standing,) = standings.with_since(tx, DESK_ID, judge(policy.desk, facts, (rule,), now).standings)
        found.append(Owed(rule, standing, _broken_from(policy, facts, rule, standing)))
    return found


def _broken_from(policy: Policy, facts: Facts, rule: Rule, standing: Standing) -> datetime | None:
    """When the clock alone would break it: what is met today is judged as of when it falls due."""
    if standing.value is Compliance.DUE:
        return standing.until
    if standing.value is not Compliance.MET:
        return None
    if standing.until is None:  # done for this year or quarter: the next one begins then
        return standing.changes_at if standing.cause is Cause.DONE_EVERY else None
    (later,) = judge(policy.desk, facts, (rule,), standing.until).standings
    return later.until if later.value is Compliance.DUE else None


def _begin(tx: sqlite3.Connection, now: datetime) -> None:
    """From now on this desk watches, if it did not before: what it owes every year is not owed for years before."""
    if watched_since(tx) is None:
        _put(tx, _SINCE, to_ms(now))


def watched_since(tx: sqlite3.Connection) -> datetime | None:
    """Since when this desk watches; None before the first judging."""
    row = tx.execute("SELECT value FROM meta WHERE key = ?", (_SINCE,)).fetchone()
    return None if row is None else from_ms(int(row[0]))


def open_of_desk(tx: sqlite3.Connection) -> tuple[Membership, ...]:
    """Its own open incidents: trouble of the monitor is settled elsewhere (ours.py)."""
    return tuple(one for one in incidents.open_memberships(tx, DESK_ID) if one.cause is not Cause.OURS)


def _put(tx: sqlite3.Connection, key: str, value: int) -> None:
    tx.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, str(value)),
    )
