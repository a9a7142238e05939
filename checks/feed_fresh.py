"""When a new-media account last posted, as a fact read from its feed.

A source that is down, empty, an error page, without dates or with none but future ones is a blind source (UNKNOWN), never a silent account.
"""

from dataclasses import dataclass
from typing import Literal

from monitor.api import Context, Finding, Measure, State, Target, TargetKind, ok, say, unknown

KINDS = frozenset({TargetKind.ACCOUNT})


@dataclass(frozen=True, slots=True)
class Options:
    """`zone` is that of times which print none."""

    zone: Literal["Asia/Shanghai", "UTC"] = "Asia/Shanghai"  # a zone; sources in China print local time, a few UTC


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    reading = await ctx.feed(target.url, zone=8 if target.options.zone == "Asia/Shanghai" else 0)
    if reading.state is not State.LISTED:
        return [unknown("feed_fresh", reading.state.value, say("the source gives no readable list of posts"))]
    if reading.ahead:
        return [unknown("feed_fresh", "future_dates", say("the only dates lie in the future"))]
    if reading.newest_date is None:
        return [unknown("feed_fresh", "undated", say("the posts of the source carry no date"))]
    newest = Measure("newest", reading.newest_date, "date")
    return [ok("feed_fresh", say("newest post of {day}", day=reading.newest_date), newest)]
