"""The 5 %: when a site's failed samples of a rolling week reach the share that is a veto, and who tells it.

Pure. The phase of the samples is unknown, so a fault has between so many and one more; between the instant at which the
share may be reached and the one at which it must be, only what holds either way is asked for. An outage or a slow page
that is open, or is confirmed later, cites the veto; an incident (`availability`) it is only when none does (DESIGN.md §4.6).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from monitor.city.closures import Closure, closures, filed_spans
from monitor.city.sight import Shown, Sight
from monitor.city.spans import FAR, Span, later, minus, or_none, within
from monitor.city.terms import AFTERGLOW, OUTAGES, Unit, allowed
from monitor.model import Cause

WEEK = timedelta(hours=168)
PERCENT = 5
FAILED = OUTAGES | {"slow", "hijacked"}
"""What makes a sample failed; walls are left out of the count, and the count is never smaller than a full week has."""
RULE = "national-2019/N-AVAIL"
SETTLING = timedelta(seconds=60)
"""How long after it was filed that a site would not open its samples may still count."""


class _Counted(NamedTuple):
    """A time in which samples fail and count, until `gone`: then it is known that a closure was filed. Not `sure`: perhaps."""

    begin: datetime
    end: datetime
    gone: datetime
    sure: bool


@dataclass(frozen=True, slots=True)
class _Reach:
    """A time in which the share may be at 5 %: `may` to `end`; `must` is when it is whatever the phase, None: never.

    `unsure` are the stretches in it in which it may be reached, or reached again.
    """

    may: datetime
    must: datetime | None
    end: datetime
    unsure: list[Span]


def shares(sight: Sight) -> Iterator[Unit]:
    """Every availability unit."""
    for target in sight.targets:
        if "/" in target or target not in sight.plan.by_name or not sight.reach(target):
            continue
        failed = [
            Shown(*piece, one.kind)
            for one in sight.reach(target)
            if one.kind in FAILED
            for piece in minus([one[:2]], sight.ours)
        ]
        for reached in _reached(_counted(sight, target, failed), sight.terms.site):
            yield from _units(sight, target, failed, reached)


def enough(cycle: timedelta) -> int:
    """How many failed samples of a week are 5 % of those it has at that cadence."""
    return math.ceil((WEEK // cycle) * PERCENT / 100)


def _counted(sight: Sight, target: str, failed: Sequence[Shown]) -> list[_Counted]:
    """Without what was filed, from when that is known; samples are kept by the hour, so an hour it touches may count or not."""
    filed = closures(sight, target)
    edges = sorted({edge for one in filed for edge in (one.begin, one.end, _hour(one.begin), _hour_after(one.end))})
    return [
        _Counted(*span, gone, sure)
        for begin, end, _ in failed
        for piece in _cut((begin, end), edges)
        for span, gone, sure in _in_force(piece, filed)
    ]


def _in_force(piece: Span, filed: Sequence[Closure]) -> Iterator[tuple[Span, datetime, bool]]:
    """A piece on which the same closures hold: what of it counts, until when, and whether that is sure."""
    begin, end = piece
    known = min((one.known for one in filed if one.begin <= begin < one.end), default=FAR)
    near = any(_hour(one.begin) <= begin < _hour_after(one.end) for one in filed)
    if begin < known:
        yield (begin, min(end, known)), known, known < FAR or not near


def _cut(span: Span, edges: Sequence[datetime]) -> list[Span]:
    inside = [span[0], *(edge for edge in edges if span[0] < edge < span[1]), span[1]]
    return list(pairwise(inside))


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


def _hour_after(instant: datetime) -> datetime:
    full = _hour(instant)
    return instant if instant in {full, FAR} else later(full, timedelta(hours=1))


def _reached(failed: Sequence[_Counted], cycle: timedelta) -> Iterator[_Reach]:
    """Walk the instants at which the least and the most possible count of failed samples change."""
    need, least, most = enough(cycle), 0, 0
    may: datetime | None = None
    must: datetime | None = None
    unsure: list[Span] = []
    since: datetime | None = None  # of the unsure stretch
    for at, low, high in _steps(failed, cycle):
        least, most = least + low, most + high
        if may is None and most >= need:
            may, must, unsure, since = at, None, [], at
        if may is None:
            continue
        if since is not None and (least >= need or most < need):
            unsure.append((since, at))
            since = None
        if least >= need:
            must = must or at
        elif most < need:
            yield _Reach(may, must, at, unsure)
            may = None
        elif since is None:
            since = at
    if may is not None:
        yield _Reach(may, must, FAR, unsure if since is None else [*unsure, (since, FAR)])


def _steps(failed: Sequence[_Counted], cycle: timedelta) -> list[tuple[datetime, int, int]]:
    """(instant, change of the least, change of the most) count of failed samples in the week before it."""
    steps: dict[datetime, list[int]] = {}
    most = enough(cycle)  # more than enough from one fault is enough

    def step(at: datetime, low: int, high: int) -> None:
        if at < FAR:
            known = steps.setdefault(at, [0, 0])
            known[0] += low
            known[1] += high

    for begin, end, gone, sure in failed:
        forgotten = later(gone, SETTLING)
        step(begin, 0, 1)
        step(min(later(end, WEEK), forgotten), 0, -1)
        for number in range(1, min(most, min(end - begin, WEEK) // cycle) + 1):
            left = later(end, WEEK - number * cycle)
            step(begin + number * cycle, int(sure), 1)
            step(min(left, gone), -int(sure), 0)
            step(min(left, forgotten), 0, -1)
    return [(at, low, high) for at, (low, high) in sorted(steps.items())]


def _units(sight: Sight, target: str, failed: Sequence[Shown], reached: _Reach) -> Iterator[Unit]:
    """A closure that is filed alarms nobody while it lasts; whether the share is told again after it is left open."""
    for begin, end in minus([(reached.may, reached.end)], filed_spans(sight, target)):
        must = reached.must if reached.must is not None and reached.must < end else None
        piece = _Reach(begin, must, end, within(reached.unsure, [(begin, end)]))
        unit = _unit(sight, target, failed, piece) if begin == reached.may else _made(sight, target, piece, None)
        if unit is not None:
            yield unit


def _unit(sight: Sight, target: str, failed: Sequence[Shown], reached: _Reach) -> Unit | None:
    """Due when certainly nobody else tells it, none when certainly somebody does, optional between the two."""
    first, *again = reached.unsure or [(reached.may, reached.may)]
    told = _tellers(sight, failed, first)
    if reached.must is not None and told == {False}:
        return _made(sight, target, reached, reached.must)
    if told != {True}:
        return _made(sight, target, reached, None)
    if any(_tellers(sight, failed, stretch) - {True} for stretch in again):
        return _made(sight, target, reached, None)
    return None


def _made(sight: Sight, target: str, reached: _Reach, must: datetime | None) -> Unit:
    terms = sight.terms
    due = None if must is None else sight.patience.deadline(must, allowed(terms, "availability", target))
    since = must or reached.may
    glow = sight.glow(reached.end, terms.site + AFTERGLOW)
    return Unit(target, Cause.AVAILABILITY, "share", reached.may, or_none(reached.end), due, RULE, since, glow)


def _tellers(sight: Sight, failed: Sequence[Shown], stretch: Span) -> set[bool | None]:
    """Does an outage or slow incident cite the veto, for every fault that may reach it: yes, no, or perhaps (None)."""
    begin, end = stretch
    return {
        _is_told(sight, failed, number) for number, one in enumerate(failed) if one.begin <= end and begin <= one.end
    }


def _is_told(sight: Sight, failed: Sequence[Shown], number: int) -> bool | None:
    """Will this fault have an outage or slow incident, or meet one still open."""
    if "house" not in sight.terms.rules and failed[number].kind not in OUTAGES:
        return False  # of outages the national pack tells, too: nobody filed them
    begin, end = _run(failed, number)
    terms, length = sight.terms, end - begin
    confirmed = terms.window + terms.site
    if failed[number].kind != "hijacked":
        if length >= confirmed:
            return True
        if length >= terms.tries:
            return None
    # The incident of a fault before it stays open until three good looks; whether it ever opened is not asked here.
    before = (one.end for one in failed[:number] if one.kind != "hijacked" and one.end - one.begin >= terms.tries)
    return None if any(begin - gone < confirmed + terms.allowance for gone in before) else False


def _run(failed: Sequence[Shown], number: int) -> Span:
    """The fault with those of its cause that touch it."""
    cause = _cause(failed[number].kind)
    first = last = number
    while first and failed[first - 1].end == failed[first].begin and _cause(failed[first - 1].kind) == cause:
        first -= 1
    while (
        last + 1 < len(failed) and failed[last + 1].begin == failed[last].end and _cause(failed[last + 1].kind) == cause
    ):
        last += 1
    return failed[first].begin, failed[last].end


def _cause(kind: str) -> str:
    return "outage" if kind in OUTAGES else kind
