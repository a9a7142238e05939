"""When a notice is late: time allowed, without the time nobody could have told anything (DESIGN.md §4.6).

Pure. What is excused: our uplink cut, the disk full, the process gone, the channel down, and after each of them up to ten
minutes of waiting for the next try; ten minutes likewise after the machine's clock was set.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.city.faults import CHANNEL, Event
from monitor.city.spans import FAR, Span, later, longer, merged
from monitor.city.terms import Terms


class Patience:
    """The spans that do not count, and deadlines that leave them out."""

    def __init__(self, events: Iterable[Event], start: datetime, terms: Terms) -> None:
        spans = (span_of(event, start) for event in events if _excuses(event, terms))
        self.excused = merged(longer(spans, terms.retry))
        self._ends = [end for _, end in self.excused]

    def deadline(self, since: datetime, allowed: timedelta) -> datetime:
        """The instant at which `allowed` has passed since `since`, excused time left out; FAR when it never has."""
        at, left = since, allowed
        for begin, end in self.excused[bisect_right(self._ends, since) :]:
            if begin >= at + left:
                break
            left -= max(begin - at, timedelta(0))
            at = max(at, end)
            if at >= FAR:
                return FAR
        return at + left


def span_of(event: Event, start: datetime) -> Span:
    """When an event holds. A kill without a length is over at once, as is a clock that was set."""
    begin = start + event.at
    if event.kind == "clock_jump" or (event.kind == "killed" and event.lasts is None):
        return begin, begin
    return begin, FAR if event.lasts is None else later(begin, event.lasts)


def _excuses(event: Event, terms: Terms) -> bool:
    if event.kind == "channel_down":
        return event.target == CHANNEL
    return event.kind in {"disk_full", "killed", "clock_jump"} or (event.kind == "uplink_down" and terms.told_by_uplink)
