"""When a column or a home page was last updated, as a fact: the rules decide whether that is too long ago.

Takes the newest credible publish date of the main list; in a list that prints no dates, the day on which an address
first appeared after our first visit (DESIGN.md §5.6). Never fails: a date that cannot be told is UNKNOWN, never "stale".
A home page that only leads on to others has nothing to update: that is said, and its columns are judged by their own rules.
"""

from dataclasses import dataclass
from functools import lru_cache

from monitor.api import (
    BLIND_STATES,
    Context,
    Finding,
    Measure,
    Outcome,
    Reading,
    Seen,
    State,
    Target,
    TargetKind,
    ok,
    say,
    unknown,
    unread,
)

KINDS = frozenset({TargetKind.SITE, TargetKind.COLUMN})


@dataclass(frozen=True, slots=True)
class Options:
    """What a person knows better; windows are rules, not options."""

    entrance: bool = False  # true: this home page only leads on to others (domain.md §12: declared or detected)


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    reading = await ctx.page(target.url)
    declared = target.options.entrance and target.kind is TargetKind.SITE
    return [_finding(reading, ctx.seen, declared=declared)]


def _finding(reading: Reading, seen: Seen, *, declared: bool) -> Finding:
    if reading.state in BLIND_STATES:
        return unread("column_fresh", reading)
    if reading.state is State.BLANK:
        return unknown("column_fresh", "blank", say("the list is empty: there is no date to read"))
    if declared or reading.entrance:
        return _LEADS_ON
    if reading.newest_date is not None:
        return _newest(reading.newest_date, "page")
    if reading.ahead:
        return unknown("column_fresh", "future_dates", say("the only dates lie in the future"))
    if seen.newest_seen is not None:
        return _newest(seen.newest_seen, "first_seen")
    return unknown("column_fresh", "undated", say("no publish date can be found on the page"))


_LEADS_ON = Finding(
    "column_fresh",
    Outcome.OK,
    say("the home page only leads on to others: its columns are judged in its place"),
    reason="entrance",
)


@lru_cache(maxsize=4096)  # said at every look, and the same for as long as nothing is published
def _newest(day: str, source: str) -> Finding:
    words = say("newest item of {day}", day=day)
    return ok("column_fresh", words, Measure("newest", day, "date"), date_from=source)
