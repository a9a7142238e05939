"""Two walks through the same past beside each other: what would have come, what would not, what earlier or later.

Pure. Alerts of one cause that overlap in time are the same trouble; what is left over came under one set of rules alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.evidence.walk import Alert
from monitor.model import Cause, Severity

What = Literal["would come", "would not come", "earlier", "later", "graver", "milder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One alert that differs. `present` and `other`: when it comes under each; None: not at all.

    `by` is how much later it comes under the other rules, negative for earlier; zero where only the weight differs.
    """

    target: str
    cause: Cause
    what: What
    present: datetime | None
    other: datetime | None
    by: timedelta
    severities: tuple[Severity | None, Severity | None]
    rules: tuple[str, ...]

    @property
    def first(self) -> datetime:
        """When it would come first, under whichever rules."""
        return min(one for one in (self.present, self.other) if one is not None)


def differences(
    present: Sequence[Alert], other: Sequence[Alert], start: datetime, end: datetime
) -> Iterator[Difference]:
    """Of one target, where either comes from `start` to before `end`."""
    for old, new in _pairs(present, other):
        told = [one.at for one in (old, new) if one is not None]
        if any(start <= at < end for at in told) and (what := _what(old, new)) is not None:
            yield _difference(old, new, what)


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


def _what(old: Alert | None, new: Alert | None) -> What | None:
    if old is None or new is None:
        return "would come" if old is None else "would not come"
    if old.at != new.at:
        return "earlier" if new.at < old.at else "later"
    if old.severity is not new.severity:
        return "graver" if new.severity.rank < old.severity.rank else "milder"
    return None


def _difference(old: Alert | None, new: Alert | None, what: What) -> Difference:
    one = new or old
    assert one is not None  # a pair has at least one
    return Difference(
        target=one.target,
        cause=one.cause,
        what=what,
        present=old.at if old is not None else None,
        other=new.at if new is not None else None,
        by=new.at - old.at if old is not None and new is not None else timedelta(),
        severities=(old.severity if old is not None else None, new.severity if new is not None else None),
        rules=tuple(dict.fromkeys((*(old.rules if old is not None else ()), *(new.rules if new is not None else ())))),
    )
