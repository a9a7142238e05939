"""Whether a column that can be read holds nothing (空白栏目).

Blank only when the list region, or a stated 暂无内容, was found and is empty; whatever cannot be read is UNKNOWN.
"""

from dataclasses import dataclass

from monitor.api import (
    BLIND_STATES,
    Cause,
    Context,
    Finding,
    Measure,
    State,
    Target,
    TargetKind,
    fail,
    ok,
    say,
    unread,
)

KINDS = frozenset({TargetKind.COLUMN})


@dataclass(frozen=True, slots=True)
class Options:
    """Nothing to set."""


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    reading = await ctx.page(target.url)
    if reading.state in BLIND_STATES:
        return [unread("column_blank", reading)]
    if reading.state is State.BLANK:
        return [fail("column_blank", Cause.BLANK, "blank", say("the column is empty"), Measure("items", 0, "count"))]
    return [_HAS_CONTENT]


_HAS_CONTENT = ok("column_blank", say("the column has content"))
