"""Findings become runs, runs become conditions: what counts as confirmed, and when to look again.

Reads one finding and what stood before it; returns what stands after it. Writes nothing.
Never closes or opens anything on UNKNOWN or BROKEN: they only break the streaks.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import Condition, Finding, Outcome, Run, TargetKind

NEARLY = 0.9
"""Of the time that the tries of a confirmation take: clocks are set, and a look may begin a little early."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How many looks in a row confirm. `…_every` is from start to start of looks; None means at the cadence."""

    fails: int = 1
    fail_every: timedelta | None = None
    goods: int = 1
    good_every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ConditionStep:
    """What one look did: `ended` is the old condition with its `ended_at`; both are set when the cause changed."""

    opened: Condition | None = None
    ended: Condition | None = None


def confirmation(
    kind: TargetKind,
    check: str,
    *,
    tries: int = 3,
    every: timedelta = timedelta(seconds=60),
    link_second_look: timedelta = timedelta(hours=1),
) -> Confirmation:
    """The policy of DESIGN.md §5.19 for one check on one kind of target; the numbers are settings."""
    match kind, check:
        case _, "reachable":
            return Confirmation(tries, every, tries, every)
        # Home pages are rebuilt while people publish; name servers answer in turn.
        case (TargetKind.LINK, "links_alive") | (_, "entry_present" | "notice_kept" | "hosted_in"):
            return Confirmation(fails=2, fail_every=link_second_look)
        case _, "column_blank":
            return Confirmation(fails=2)  # domain.md §12: blank at two looks, else not readable
        case _:
            return Confirmation()


def advance(run: Run | None, finding: Finding, at: datetime) -> Run:
    """The run this finding belongs to: the same one, a look longer, or a new one (id None).

    `at` is when the look began. A clock that stepped back never makes a run end before it began.
    """
    if run is None or run.finding.outcome is not finding.outcome:
        return Run(finding, at, at, looks=1, streak=1, streak_since=at, cause_streak=1, cause_since=at)
    same_cause = run.finding.cause is finding.cause
    grown = run._replace(
        finding=finding,
        last_at=max(run.last_at, at),
        streak=run.streak + 1,
        cause_streak=_cause_streak(run) + 1 if same_cause else 1,
        cause_since=_cause_since(run) if same_cause else at,
    )
    if same_cause and run.finding.reason == finding.reason:
        return grown._replace(looks=run.looks + 1)
    return grown._replace(id=None, first_at=at, last_at=at, looks=1)


def next_condition(run: Run, condition: Condition | None, confirm: Confirmation, at: datetime) -> ConditionStep:
    """What this look (already in `run`) does to the open condition of the same check and subject."""
    if run.finding.outcome is Outcome.OK:
        if condition is None or run.streak < confirm.goods:
            return ConditionStep()
        return ConditionStep(ended=replace(condition, ended_at=max(run.streak_since, condition.since)))
    if run.finding.outcome is not Outcome.FAIL:
        return ConditionStep()
    if condition is None:
        if run.streak < confirm.fails or _too_close(run.streak_since, at, confirm):
            return ConditionStep()
        return ConditionStep(opened=_opened(run, run.streak_since, at))
    if not _changes_cause(run, condition) or _cause_streak(run) < confirm.fails:
        return ConditionStep()
    if _too_close(_cause_since(run), at, confirm):
        return ConditionStep()
    since = max(_cause_since(run), condition.since)
    return ConditionStep(opened=_opened(run, since, at), ended=replace(condition, ended_at=since))


def next_look(run: Run, condition: Condition | None, confirm: Confirmation) -> timedelta | None:
    """How long after the start of this look the next one is needed; None when the cadence will do.

    `condition` is the open one after this look's step.
    """
    if run.finding.outcome is Outcome.OK:
        return confirm.good_every if condition is not None else None
    if run.finding.outcome is not Outcome.FAIL:
        return None
    unconfirmed = condition is None or _changes_cause(run, condition)
    return confirm.fail_every if unconfirmed else None


def _opened(run: Run, since: datetime, at: datetime) -> Condition:
    cause = run.finding.cause
    assert cause is not None  # a FAIL always has one (model.Finding)
    return Condition(run.finding.check, run.finding.subject, cause, run.finding.reason, since, max(at, since))


def _too_close(since: datetime, at: datetime, confirm: Confirmation) -> bool:
    """Looks made between the tries, on the grid or because a column failed, do not hurry a verdict: it takes the time of its tries."""
    return confirm.fail_every is not None and at - since < NEARLY * (confirm.fails - 1) * confirm.fail_every


def _changes_cause(run: Run, condition: Condition) -> bool:
    return run.finding.cause is not condition.cause


def _cause_streak(run: Run) -> int:
    return max(run.cause_streak, run.looks)


def _cause_since(run: Run) -> datetime:
    return run.cause_since or run.first_at
