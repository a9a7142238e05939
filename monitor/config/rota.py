"""What is allowed of a roster and hardly meant: one person at two places, a shift written twice, one that never comes or never ends.

Pure; over the shifts as read, each with the number of its table. Notes warnings in the document. Whether somebody is on duty at every
hour depends on the day: monitor/onduty.py. The wall clock of Shanghai has no summer time: a week is 7 × 24 hours.
"""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

from monitor.config.document import Document
from monitor.model import Repeating, Shift, say

LONGEST = timedelta(hours=72)
"""A shift of its own that is longer is a mistyped day sooner than a long weekend of one person."""
_DAY, _WEEK = 24 * 60, 7 * 24 * 60  # minutes

Numbered = Sequence[tuple[int, Repeating | Shift]]


def warn_roster(document: Document, roster: Numbered) -> None:
    """All of it, each at the table that comes later."""
    for number, one in roster:
        place = ("shift", number)
        if isinstance(one, Repeating) and _never(one):
            said = say("never comes: none of its days lies from since to until")
            document.warn(place, said, say("check days, since and until"))
        elif isinstance(one, Shift) and one.end - one.start > LONGEST:
            hours = int((one.end - one.start) / timedelta(hours=1))
            document.warn((*place, "end"), say("lasts {n} hours", n=hours), say("check the day of its end"))
    for at, (number, one) in enumerate(roster):
        for earlier, other in roster[:at]:
            _compare(document, (number, one), (earlier, other))


def _compare(document: Document, mine: tuple[int, Repeating | Shift], first: tuple[int, Repeating | Shift]) -> None:
    (number, one), (earlier, other) = mine, first
    place = ("shift", number)
    if one == other:
        same = say("is the same as {shift}", shift=f"shift[{earlier + 1}]")
        document.warn(place, same, say("take one of the two out"))
        return
    both = [name for name in one.people if name in other.people]
    if both and _meet(one, other):
        said = say("{people} is on {shift} at the same time", people=", ".join(both), shift=f"shift[{earlier + 1}]")
        document.warn((*place, "people"), said, say("two shifts of one person are one: check days and times"))


def _meet(one: Repeating | Shift, other: Repeating | Shift) -> bool:
    """Whether some minute belongs to both. One of a week and one of its own may: somebody stands in."""
    if isinstance(one, Shift) and isinstance(other, Shift):
        return one.start < other.end and other.start < one.end
    if not isinstance(one, Repeating) or not isinstance(other, Repeating):
        return False
    apart = _from(one) > _until(other) or _from(other) > _until(one)
    return not apart and any(
        (later - earlier) % _WEEK < long for earlier, long, later in (*_pairs(one, other), *_pairs(other, one))
    )


def _pairs(one: Repeating, other: Repeating) -> Iterator[tuple[int, int, int]]:
    """Beginning and length of each of one, beside the beginning of each of the other, in minutes of the week."""
    for day in one.days:
        for their in other.days:
            yield day * _DAY + _minute(one.start), _length(one), their * _DAY + _minute(other.start)


def _length(one: Repeating) -> int:
    return (_minute(one.end) - _minute(one.start)) % _DAY or _DAY


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _from(one: Repeating) -> date:
    return one.since or date.min


def _until(one: Repeating) -> date:
    return one.until or date.max


def _never(one: Repeating) -> bool:
    if one.since is None or one.until is None or (one.until - one.since).days >= 6:
        return False
    span = range((one.until - one.since).days + 1)
    return not any((one.since + timedelta(days=n)).weekday() in one.days for n in span)
