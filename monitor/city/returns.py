"""Sites that come back without the papers it takes (中山 第九条): the filing of the return, or after an order for security three of them.

Pure. "Site answers again while its record lacks these" (domain.md §10, 001-9): from the first opening that looks confirmed, however
short, until the papers are there; going down again mends nothing.
"""

from collections.abc import Iterator
from datetime import datetime

from monitor.city.closures import brought, confirmed, entered, filings, outages, over_at
from monitor.city.faults import HOST_KINDS
from monitor.city.filings import Filing
from monitor.city.plan import Site
from monitor.city.sight import Sight
from monitor.city.spans import FAR, Span, merged, minus
from monitor.model import DeclarationKind

RULE = "zhongshan-2020/return"
PAPERS = ("self_check", "police_check", "consents")
UNSEEN = HOST_KINDS | {"challenged", "hijacked", "slow"}
"""While one of these holds, nobody can be sure to see that a site is open."""


def unpapered(sight: Sight, target: str) -> Iterator[tuple[Span, str, bool]]:
    """From when a site is back after a closure that lacks papers; sure once nobody can have missed that it is."""
    if not isinstance(sight.plan.by_name.get(target), Site):
        return
    returned = [brought(sight, one.at) for one in filings(sight, target) if one.kind is DeclarationKind.RETURN]
    for one in filings(sight, target):
        complete = _complete(sight, one, returned)
        if complete is None:
            continue
        known, closed = brought(sight, one.at), over_at(sight, target, one)
        for opens, again in _openings(sight, target, one.start, closed):
            yield (max(opens, known), complete), RULE, False
            if (seen := _seen(sight, target, (opens, again))) is not None:
                yield (max(seen, known), complete), RULE, True


def _openings(sight: Sight, target: str, start: datetime, closed: datetime) -> Iterator[Span]:
    """When the site opens, after each failure in an outage that began before the closure was over."""
    within = [outage for outage in outages(sight, target) if outage[0] < closed]
    failures = [one for one in confirmed(sight, target) if any(begin <= one[0] < end for begin, end in within)]
    for _, up in failures:
        if start < up < FAR:
            yield up, min((down for down, _ in sight.shown(target) if down >= up), default=FAR)


def _seen(sight: Sight, target: str, opening: Span) -> datetime | None:
    """When it must have been seen that it is open, and confirmed; None where that may have been missed.

    Whether the failure before it was seen at all, may be missed too: then nothing came back.
    """
    needed = sight.terms.site + sight.terms.window
    before = [span for span in confirmed(sight, target) if span[1] == opening[0]]
    if not any(end - begin >= needed for begin, end in minus(before, sight.ours)):
        return None
    hidden = merged([*sight.ours, *sight.shown(target), *sight.spans(target, *UNSEEN)])
    pieces = [piece for piece in minus([opening], hidden) if piece[1] - piece[0] >= needed]
    return pieces[0][0] + needed if pieces else None


def _complete(sight: Sight, one: Filing, returned: list[datetime]) -> datetime | None:
    """When its papers are all there; None where it takes none."""
    if one.kind is DeclarationKind.TEMPORARY_OFFLINE:
        told = [entered(sight, one, one.dated["restore_filed"])] if "restore_filed" in one.dated else []
        return min([*told, *(at for at in returned if at >= one.start)], default=FAR)
    if one.kind is DeclarationKind.ORDERED_CLOSURE and "security" in one.switches:
        return max(entered(sight, one, one.dated[name]) if name in one.dated else FAR for name in PAPERS)
    return None
