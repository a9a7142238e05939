"""Two walks through the same past beside each other: what would have come, what would not, what earlier or later.

Pure. Alerts of one cause that overlap in time are the same trouble; what is left over came under one set of rules alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.evidence.walk import Alert
from monitor.model import Cause, Severity

What = Literal["would come", "would not come", "earlier", "later", "graver", "milder", "graver earlier", "graver later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One alert that differs. `present` and `other`: when it comes under each; None: not at all.

    With a `severity` it is of that weight: `present` and `other` are when it first weighs as much. `by` is how much later it
    comes under the other rules, negative for earlier; zero where it comes under one alone. `severities`: its gravest under each.
    """

    target: str
    cause: Cause
    what: What
    present: datetime | None
    other: datetime | None
    by: timedelta
    severities: tuple[Severity | None, Severity | None]
    rules: tuple[str, ...]
    severity: Severity | None = None

    @property
    def first(self) -> datetime:
        """When it would come first, under whichever rules."""
        return min(one for one in (self.present, self.other) if one is not None)


def differences(
    present: Sequence[Alert], other: Sequence[Alert], start: datetime, end: datetime
) -> Iterator[Difference]:
    """Of one target, where either comes, or becomes as grave, from `start` to before `end`."""
    for old, new in _pairs(present, other):
        for one in _of_pair(old, new):
            if any(at is not None and start <= at < end for at in (one.present, one.other)):
                yield one


def _pairs(present: Sequence[Alert], other: Sequence[Alert]) -> Iterator[tuple[Alert | None, Alert | None]]:
    left = list(other)
    for old in present:
        same = next((new for new in left if new.cause is old.cause and _overlap(old, new)), None)
        if same is not None:
            left.remove(same)
        yield old, same
    yield from ((None, new) for new in left)


def _overlap(one: Alert, other: Alert) -> bool:
    return (one.until is None or other.at < one.until) and (other.until is None or one.at < other.until)


def _of_pair(old: Alert | None, new: Alert | None) -> Iterator[Difference]:
    """Its coming, and each weight that comes at another time than its coming tells; of weights that come together the gravest."""
    if old is None or new is None:
        yield _difference(old, new, "would come" if old is None else "would not come")
        return
    if old.at != new.at:
        yield _difference(old, new, "earlier" if new.at < old.at else "later")
    told: set[tuple[datetime | None, datetime | None]] = {(old.at, new.at)}
    for severity in sorted({weighed for _, weighed in (*old.weights, *new.weights)}, key=lambda each: each.rank):
        both = old.since(severity), new.since(severity)
        if both[0] != both[1] and both not in told:
            yield _difference(old, new, _weighs(*both), severity)
        told.add(both)


def _weighs(present: datetime | None, other: datetime | None) -> What:
    if present is None or other is None:
        return "graver" if present is None else "milder"
    return "graver earlier" if other < present else "graver later"


def _difference(old: Alert | None, new: Alert | None, what: What, severity: Severity | None = None) -> Difference:
    one = new or old
    assert one is not None  # a pair has at least one
    present, other = (_comes(each, severity) for each in (old, new))
    return Difference(
        target=one.target,
        cause=one.cause,
        what=what,
        present=present,
        other=other,
        by=other - present if present is not None and other is not None else timedelta(),
        severities=(old.worst if old is not None else None, new.worst if new is not None else None),
        rules=tuple(dict.fromkeys((*(old.rules if old is not None else ()), *(new.rules if new is not None else ())))),
        severity=severity,
    )


def _comes(one: Alert | None, severity: Severity | None) -> datetime | None:
    if one is None:
        return None
    return one.at if severity is None else one.since(severity)
