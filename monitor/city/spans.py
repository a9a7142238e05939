"""Spans of time and what can be done with them: joined, taken away, cut.

Pure arithmetic for the truth (`sight.py`, `walls.py`, `share.py`, `lateness.py`). A span is half open, from its first
instant to the one after its last; `FAR` stands for "to the end". Lists of spans are sorted.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

Span = tuple[datetime, datetime]

FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""Later than every rehearsal; far enough from the last year of datetime to add to it."""


def merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted, without empty ones, those that touch or overlap made one."""
    found: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def minus(spans: Iterable[Span], gone: Sequence[Span]) -> list[Span]:
    """The pieces of the spans outside `gone`, which is merged."""
    ends = [end for _, end in gone]
    left: list[Span] = []
    for start, until in spans:
        begin, index = start, bisect_right(ends, start)
        while index < len(gone) and gone[index][0] < until:
            if begin < gone[index][0]:
                left.append((begin, gone[index][0]))
            begin = max(begin, gone[index][1])
            index += 1
        if begin < until:
            left.append((begin, until))
    return left


def within(spans: Iterable[Span], bounds: Sequence[Span]) -> list[Span]:
    """The pieces of the spans inside `bounds`, which is merged."""
    ends = [end for _, end in bounds]
    kept: list[Span] = []
    for start, until in spans:
        index = bisect_right(ends, start)
        while index < len(bounds) and bounds[index][0] < until:
            kept.append((max(start, bounds[index][0]), min(until, bounds[index][1])))
            index += 1
    return kept


def longer(spans: Iterable[Span], tail: timedelta) -> list[Span]:
    """Each with its end moved back by `tail`."""
    return [(begin, later(end, tail)) for begin, end in spans]


def later(instant: datetime, by: timedelta) -> datetime:
    """So much later; FAR stays FAR."""
    return instant if instant >= FAR else min(FAR, instant + by)


def or_none(end: datetime) -> datetime | None:
    """The end as units tell it: None when it does not come."""
    return None if end >= FAR else end
