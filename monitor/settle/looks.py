"""A visit's findings into runs, conditions, outages, samples and blindness.

Runs inside the settling transaction. Findings that say the same as before only move the end of their run.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.judge.outage import going_on, next_outage
from monitor.judge.runs import ConditionStep, advance, next_condition, next_look
from monitor.model import OUTAGE_REACHES, Cause, Finding, Outcome, Reach, Run, TargetKind, Visited, say
from monitor.settle.policy import Policy
from monitor.store import findings as store, state

HELD_REASONS = frozenset({"uplink", "host_down"})
"""UNKNOWN for reasons that are not the target's: they start no blindness clock and end none."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What recording a visit came to."""

    changed: bool  # anything that judging could care about
    look_again: timedelta | None  # confirmation step, from the start of this look
    conclusive: bool  # we saw how it is, good or bad
    blind_reason: str | None  # "" = not blind, None = leave the clock as it is


def held_back(findings: Iterable[Finding], reason: str) -> tuple[Finding, ...]:
    """The same findings with every verdict withheld: FAIL, and what could not be looked at, become UNKNOWN."""
    return tuple(_withheld(f, reason) if f.outcome in {Outcome.FAIL, Outcome.UNKNOWN} else f for f in findings)


def _withheld(finding: Finding, reason: str) -> Finding:
    words = _WITHHELD[reason]
    return finding._replace(outcome=Outcome.UNKNOWN, cause=None, reason=reason, summary=words)


_WITHHELD = {
    "uplink": say("our own network was down: nothing is said about the target"),
    "host_down": say("the site it belongs to does not open: nothing is said about the target"),
}


def record(tx: sqlite3.Connection, visited: Visited, findings: tuple[Finding, ...], policy: Policy) -> Looked:
    """Store what was found; says what that changes."""
    target, at = visited.claim.target, visited.started_at
    runs = store.current_runs(tx, target.id)
    same: list[int] = []
    changed, steps = False, []
    for finding in findings:
        run = runs.get((finding.check, finding.subject))
        new = advance(run, finding, at)
        rule = policy.confirmation(target.kind, finding.check)
        if (
            run is not None
            and run.id is not None
            and new.id == run.id
            and finding.outcome is not Outcome.FAIL
            and run.looks >= max(rule.fails, rule.goods)
            and run.finding.dates == finding.dates
        ):
            same.append(run.id)
            continue
        store.save_run(tx, target.id, new, closes=run if new.id is None else None)
        changed = True
        steps.append(_step(tx, visited, new, policy))
    store.touch_runs(tx, same, at)
    if visited.claim.sample and target.kind is TargetKind.SITE and _count(tx, visited, findings) == "failed":
        changed = True  # the share of the 5 % has grown
    again = min((step for step in steps if step is not None), default=None)
    return Looked(changed, again, _is_conclusive(findings), _blind_reason(findings))


def _step(tx: sqlite3.Connection, visited: Visited, run: Run, policy: Policy) -> timedelta | None:
    """Confirm, or end, the condition of one check; the time until the next try when one is needed."""
    target, at = visited.claim.target, visited.started_at
    check, subject = run.finding.check, run.finding.subject
    rule = policy.confirmation(target.kind, check)
    open_one = store.open_condition_of(tx, target.id, check, subject)
    step = next_condition(run, open_one, rule, at)
    if step.opened is not None and open_one is None and not _host_was_asked(tx, visited, run):
        step = ConditionStep()
    if step.ended is not None:
        store.end_condition(tx, target.id, step.ended)
    if step.opened is not None:
        store.open_condition(tx, target.id, step.opened)
    if check == "reachable" and target.kind is TargetKind.SITE:
        _run_outage_clock(tx, target.id, step, run, at)
    now_open = step.opened if step.opened is not None else None if step.ended is not None else open_one
    return next_look(run, now_open, rule)


def _host_was_asked(tx: sqlite3.Connection, visited: Visited, run: Run) -> bool:
    """A column or link is said to fail only after the site on its host was looked at since: it may be the site."""
    target = visited.claim.target
    if target.kind is TargetKind.SITE or run.finding.check not in {"reachable", "links_alive"}:
        return True
    site = state.site_of_host(tx, target.url)
    if site is None:
        return True
    asked = state.state_of(tx, site).last_visit_at
    return asked is not None and asked >= run.streak_since


def _run_outage_clock(tx: sqlite3.Connection, target_id: str, step: ConditionStep, run: Run, at: datetime) -> None:
    before = store.running_outage(tx, target_id)
    after = next_outage(before, step, at, run)
    if before is None and after is not None:
        cut_off, up_since = store.cut_off_outage(tx, target_id)
        after = going_on(cut_off, after, up_since)
    if after is not None and after != before:
        store.save_outage(tx, target_id, after)
        if after.ended_at is not None and step.opened is not None and step.opened.cause is Cause.OUTAGE:
            _run_outage_clock(tx, target_id, step, run, at)


def _count(tx: sqlite3.Connection, visited: Visited, findings: tuple[Finding, ...]) -> str:
    """One sample of the 5 %, and which: only looks on the fixed grid count (DESIGN.md §5.7)."""
    reachable = next((f for f in findings if f.check == "reachable"), None)
    sample: Literal["good", "failed", "excluded"] = "excluded"
    if reachable is not None and reachable.outcome in {Outcome.OK, Outcome.FAIL}:
        if visited.reach is Reach.OPEN:
            sample = "good"
        elif visited.reach in OUTAGE_REACHES | {Reach.SLOW, Reach.HIJACKED}:
            sample = "failed"
    store.count_sample(tx, visited.claim.target.id, visited.started_at, sample)
    return sample


def _is_conclusive(findings: tuple[Finding, ...]) -> bool:
    return any(f.outcome in {Outcome.OK, Outcome.FAIL} for f in findings) and _blind_reason(findings) == ""


def _blind_reason(findings: tuple[Finding, ...]) -> str | None:
    """Nothing ("") when seen, None when withheld (leave the clock), else why we cannot see what we came for."""
    if any(f.outcome is Outcome.FAIL for f in findings if f.cause is not Cause.CERTIFICATE):
        return ""
    unseen = [f.reason for f in findings if f.outcome is Outcome.UNKNOWN and f.check != "certificate"]
    if not unseen:
        return ""
    own = [reason for reason in unseen if reason not in HELD_REASONS]
    return own[0] if own and len(own) == len(unseen) else None
