"""A visit's findings into runs, conditions, outages, samples and blindness.

Runs inside the settling transaction. Findings that say the same as before only move the end of their run.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.judge.blindness import BESIDE, HELD_REASONS
from monitor.judge.outage import going_on, next_outage
from monitor.judge.runs import ConditionStep, Confirmation, advance, next_condition, next_look
from monitor.model import OUTAGE_REACHES, Cause, Condition, Finding, Outcome, Reach, Run, TargetKind, Visited, say
from monitor.settle.policy import Policy
from monitor.store import findings as store
from monitor.store.brought import touch
from monitor.store.known import Host, Known


@dataclass(frozen=True, slots=True)
class Looked:
    """What recording a visit came to."""

    changed: bool  # anything that judging could care about
    look_again: timedelta | None  # confirmation step, from the start of this look
    conclusive: bool  # we saw how it is, good or bad
    blind_reason: str | None  # "" = not blind, None = leave the clock as it is
    known: Known  # runs and conditions as they are by now, the rest as it was


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


def record(
    tx: sqlite3.Connection, visited: Visited, findings: tuple[Finding, ...], policy: Policy, before: Known
) -> Looked:
    """Store what was found; says what that changes."""
    target, at = visited.claim.target, visited.started_at
    runs, conditions = dict(before.runs), dict(before.conditions)
    same: list[int] = []
    steps = []
    for finding in findings:
        name = finding.check, finding.subject
        run, rule = runs.get(name), policy.confirmation(target.kind, finding.check)
        new = advance(run, finding, at)
        if run is not None and run.id is not None and new.id == run.id and _says_the_same(run, finding, rule):
            same.append(run.id)
            runs[name] = new._replace(finding=run.finding)
            continue
        runs[name] = new._replace(id=store.save_run(tx, target.id, new, closes=run if new.id is None else None))
        steps.append(_step(tx, visited, new, rule, before.host, conditions))
    if same:
        store.touch_runs(tx, same, at)
    changed = bool(steps)
    if visited.claim.sample and target.kind is TargetKind.SITE and _count(tx, visited, findings) == "failed":
        changed = True  # the share of the 5 % has grown
    again = min((step for step in steps if step is not None), default=None)
    known = before._replace(runs=dict(sorted(runs.items())), conditions=conditions)
    return Looked(changed, again, _is_conclusive(findings), _blind_reason(findings), known)


def _says_the_same(run: Run, finding: Finding, rule: Confirmation) -> bool:
    """Good as before, long confirmed, and nothing a rule reads is different."""
    is_confirmed = finding.outcome is not Outcome.FAIL and run.looks >= max(rule.fails, rule.goods)
    return is_confirmed and run.finding.dates == finding.dates


def _step(  # noqa: PLR0917 - one finding, and all it is confirmed by
    tx: sqlite3.Connection,
    visited: Visited,
    run: Run,
    rule: Confirmation,
    host: Host | None,
    conditions: dict[tuple[str, str], Condition],
) -> timedelta | None:
    """Confirm, or end, the condition of one check (in `conditions`, too); the time until the next try when one is needed."""
    target, at = visited.claim.target, visited.started_at
    name = run.finding.check, run.finding.subject
    open_one = conditions.get(name)
    step = next_condition(run, open_one, rule, at)
    if step.opened is not None and open_one is None and not _host_was_asked(run, host):
        step = ConditionStep()
    if step.ended is not None:
        store.end_condition(tx, target.id, step.ended)
        del conditions[name]
    if step.opened is not None:
        conditions[name] = replace(step.opened, id=store.open_condition(tx, target.id, step.opened))
    if run.finding.check == "column_blank" and target.site is not None and (step.opened or step.ended):
        touch(tx, target.site, at)  # blank columns are counted
    if run.finding.check == "reachable" and target.kind is TargetKind.SITE:
        _run_outage_clock(tx, target.id, step, run, at)
    return next_look(run, conditions.get(name), rule)


def _host_was_asked(run: Run, host: Host | None) -> bool:
    """A column or link is said to fail only after the site on its host was looked at since: it may be the site."""
    if host is None or run.finding.check not in {"reachable", "links_alive"}:
        return True
    return host.asked_at is not None and host.asked_at >= run.streak_since


def _run_outage_clock(tx: sqlite3.Connection, target_id: str, step: ConditionStep, run: Run, at: datetime) -> None:
    before = store.running_outage(tx, target_id)
    after = next_outage(before, step, at, run)
    if before is None and after is not None:
        cut_off, up_since = store.cut_off_outage(tx, target_id)
        after = going_on(cut_off, after, up_since)
    if after is not None and after != before:
        store.record_outage(tx, target_id, after, at)
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
    if any(f.outcome is Outcome.FAIL for f in findings if f.check not in BESIDE):
        return ""
    unseen = [f.reason for f in findings if f.outcome is Outcome.UNKNOWN and f.check not in BESIDE]
    if not unseen:
        return ""
    own = [reason for reason in unseen if reason not in HELD_REASONS]
    return own[0] if own and len(own) == len(unseen) else None
