"""Following what a page only points at: frames, one refresh, the JSON call that fills its list.

At most three addresses are asked (DESIGN.md §4.1), counting those that the pages found there need in turn: a refresh may lead to
a frame. What is found is put into the reading of the page itself. A page that stays empty after that remains a shell: unknown,
never blank.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from monitor.model import Fetched, Reach, Reading, State, TargetKind

AT_MOST = 3

_SAYS = (State.SHELL, State.BLANK, State.READABLE, State.LISTED)
"""From the least to the most that can be said of a page."""


async def follow(
    reading: Reading, fetch: Callable[[str], Awaitable[Fetched]], read: Callable[[Fetched], Awaitable[Reading]]
) -> Reading:
    """The reading, filled from the addresses it needs; unchanged when nothing there could be read."""
    needed, found, led = list(reading.needs), list[Reading](), 0
    if _in_part(reading, needed):
        return reading
    for at in range(AT_MOST):
        if at >= len(needed):
            break
        fetched = await fetch(needed[at])
        if fetched.reach not in {Reach.OPEN, Reach.SLOW} or not fetched.body:
            continue
        inner = await read(fetched)
        if inner.state is State.SHELL and inner.needs:
            led += 1
            needed += [url for url in inner.needs if url not in needed and url != fetched.url]
        found.append(inner)
    if _in_part(reading, needed):
        return reading
    if reading.state is State.SHELL and reading.kind is TargetKind.PAGE and _is_taken(found):
        taken = next(inner for inner in found if inner.state is State.HIJACKED)
        return replace(reading, state=taken.state, title=taken.title, tamper=taken.tamper)
    filled = _filled(reading, [inner for inner in found if inner.state in _SAYS[1:]])
    empty = sum(1 for inner in found if inner.state is State.BLANK)
    if filled.state is State.BLANK and empty + led < len(needed):
        return replace(filled, state=State.SHELL)  # what could not be seen may hold the list
    return filled


def _in_part(reading: Reading, needed: list[str]) -> bool:
    """True for a home page with more blocks than are asked: the newest date may stand in any, a part would make it look stale."""
    return reading.kind is TargetKind.SITE and reading.state is State.SHELL and len(needed) > AT_MOST


def _is_taken(found: list[Reading]) -> bool:
    """True when all that a page only leads to is parked, sold or replaced. Of a list, that may be a call that fills it."""
    states = {inner.state for inner in found}
    return State.HIJACKED in states and states <= {State.HIJACKED, State.SHELL}


def _filled(reading: Reading, inside: list[Reading]) -> Reading:
    """What the inner pages add; a list found inside makes a shell a list, a dated one counts before others."""
    if not inside or reading.state not in _SAYS:
        return reading
    every = [reading, *inside]
    dated = [one for one in every if one.newest_date is not None]
    source = max(dated, key=lambda one: one.newest_date or "", default=reading)
    return replace(
        reading,
        state=max((one.state for one in every), key=_SAYS.index),
        items=tuple(
            dict.fromkeys(item for one in dated or every for item in one.items)
        ),  # two calls may give the same list
        links=sum([one.links for one in every], ()),
        letters=tuple(dict.fromkeys(letter for one in every for letter in one.letters)),
        newest_date=source.newest_date,
        newest_precision=source.newest_precision,
        ahead=not dated and any(one.ahead for one in every),
        title=next((one.title for one in every if one.title), reading.title),
    )
