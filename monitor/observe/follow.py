"""Following what a page only points at: frames, one refresh, the JSON call that fills its list.

At most three addresses are asked (DESIGN.md §4.1); what is found there is put into the reading of the page itself.
A page that stays empty after that remains a shell: unknown, never blank.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from monitor.model import Fetched, Reach, Reading, State

AT_MOST = 3

_SAYS = (State.SHELL, State.BLANK, State.READABLE, State.LISTED)
"""From the least to the most that can be said of a page."""


async def follow(
    reading: Reading, fetch: Callable[[str], Awaitable[Fetched]], read: Callable[[Fetched], Awaitable[Reading]]
) -> Reading:
    """The reading, filled from the addresses it needs; unchanged when nothing there could be read."""
    empty = 0
    for url in reading.needs[:AT_MOST]:
        fetched = await fetch(url)
        if fetched.reach not in {Reach.OPEN, Reach.SLOW} or not fetched.body:
            continue
        inner = await read(fetched)
        empty += inner.state is State.BLANK
        reading = _filled(reading, inner)
    if reading.state is State.BLANK and empty < len(reading.needs):
        return replace(reading, state=State.SHELL)  # what could not be seen may hold the list
    return reading


def _filled(reading: Reading, inner: Reading) -> Reading:
    """What the inner page adds; a list found inside makes a shell a list."""
    if inner.state not in _SAYS[1:] or reading.state not in _SAYS:
        return reading
    better = _SAYS.index(inner.state) > _SAYS.index(reading.state)
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
