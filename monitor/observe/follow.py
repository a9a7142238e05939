"""Following what a page only points at: frames, one refresh, the JSON call that fills its list.

At most three addresses are asked (DESIGN.md §4.1); what is found there is put into the reading of the page itself.
A page that stays empty after that remains a shell: unknown, never blank.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from monitor.model import Fetched, Reach, Reading, State

AT_MOST = 3


async def follow(
    reading: Reading, fetch: Callable[[str], Awaitable[Fetched]], read: Callable[[Fetched], Awaitable[Reading]]
) -> Reading:
    """The reading, filled from the addresses it needs; unchanged when nothing there could be read."""
    for url in reading.needs[:AT_MOST]:
        fetched = await fetch(url)
        if fetched.reach not in {Reach.OPEN, Reach.SLOW} or not fetched.body:
            continue
        reading = _filled(reading, await read(fetched))
    return reading


def _filled(reading: Reading, inner: Reading) -> Reading:
    """What the inner page adds; a list found inside makes a shell a list."""
    if inner.state not in {State.LISTED, State.READABLE, State.BLANK}:
        return reading
    better = reading.state is State.SHELL or (inner.state is State.LISTED and reading.state is not State.LISTED)
    newest = max(filter(None, (reading.newest_date, inner.newest_date)), default=None)
    source = inner if newest == inner.newest_date else reading
    return replace(
        reading,
        state=inner.state if better else reading.state,
        items=reading.items + inner.items,
        links=reading.links + inner.links,
        newest_date=newest,
        newest_precision=source.newest_precision,
        title=reading.title or inner.title,
    )
