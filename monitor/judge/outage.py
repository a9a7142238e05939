"""The outage of a site with its gaps, and its day count.

Reads what a look did to the condition of `reachable` (judge/runs.py); returns the outage that stands after it.
Only conditions of cause outage run the clock: slow and tampered sites answer.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.judge.days import days_between
from monitor.judge.runs import ConditionStep
from monitor.model import Cause, Condition, Outage, Outcome, Run

OVER = timedelta(hours=24)
"""So long up ends an outage; a shorter recovery is a gap in it (domain.md §12, "day n of 30")."""


def next_outage(
    outage: Outage | None, step: ConditionStep | None, now: datetime, run: Run | None = None
) -> Outage | None:
    """The outage after a step, or after time has passed (step None). None: there is none.

    With `ended_at` set it is over; when `step` opened an outage all the same, call again with None for the new one.
    `run` is the current run of `reachable`; with it an outage is over only when a look saw the site up after 24 hours.
    """
    opened = step.opened if step is not None and _is_outage(step.opened) else None
    ended = step.ended if step is not None and _is_outage(step.ended) else None
    if outage is None:
        return Outage(started_at=opened.since) if opened else None
    if outage.up_since is None:
        return replace(outage, up_since=ended.ended_at) if ended and not opened else outage
    if opened:
        return _down_again(outage, outage.up_since, opened.since)
    if now - outage.up_since >= OVER and (run is None or _seen_up(run, outage.up_since + OVER)):
        return replace(outage, ended_at=outage.up_since)
    return outage


def over_from(outage: Outage) -> datetime | None:
    """From when on a look that finds the site up ends it; None while it is down."""
    return None if outage.up_since is None else outage.up_since + OVER


def going_on(cut_off: Outage | None, begun: Outage, up_since: datetime | None) -> Outage:
    """The outage `begun` now, or the one that went on when its target was taken off the inventory, if nothing has ended it.

    `up_since` is the first look that found the site up after that. Time without watching ends nothing: only a look that
    finds it up does, 24 hours on; else the days go on from the first failure, at least since when it does not open.
    """
    if cut_off is None:
        return begun
    taken_off = cut_off.unwatched[-1][0]
    up_at = cut_off.up_since if cut_off.up_since is not None and cut_off.up_since < taken_off else up_since
    if up_at is not None and begun.started_at - up_at >= OVER:
        return begun
    seen = begun.started_at if up_since is None else up_since
    return replace(
        cut_off,
        up_since=None,
        ended_at=None,
        gaps=cut_off.gaps if up_at is None else (*cut_off.gaps, (up_at, begun.started_at)),
        unwatched=(*cut_off.unwatched[:-1], (taken_off, seen)),
    )


def ended_by_return(outage: Outage, at: datetime) -> Outage:
    """The outage after a recorded return of that instant: over at once when it was up again (domain.md §12), else as it was."""
    if outage.up_since is None or outage.ended_at is not None:
        return outage
    return replace(outage, ended_at=max(outage.up_since, at))


def taken_up_again(outage: Outage, returned: datetime, filed_at: datetime) -> Outage:
    """The outage as it was before the return that ended it was taken back; unchanged when something else ended it."""
    if (
        outage.up_since is None
        or outage.ended_at != max(outage.up_since, returned)
        or filed_at - outage.up_since >= OVER
    ):
        return outage
    return replace(outage, ended_at=None)


def days_unwatched(outage: Outage) -> int:
    """Civil days of it on which nobody could look, because its target was off the inventory."""
    return sum(days_between(start, end) for start, end in outage.unwatched if end is not None)


def day(outage: Outage, now: datetime) -> int:
    """Day n of the outage: civil days in Shanghai since its start, the start day is day 0."""
    return days_between(outage.started_at, now)


def _down_again(outage: Outage, up_since: datetime, since: datetime) -> Outage:
    if since - up_since >= OVER:
        return replace(outage, ended_at=up_since)
    return replace(outage, up_since=None, gaps=(*outage.gaps, (up_since, since)))


def _is_outage(condition: Condition | None) -> bool:
    return condition is not None and condition.cause is Cause.OUTAGE


def _seen_up(run: Run, after: datetime) -> bool:
    if run.last_at < after:
        return False
    finding = run.finding
    return finding.outcome is Outcome.OK or (finding.outcome is Outcome.FAIL and finding.cause is not Cause.OUTAGE)
