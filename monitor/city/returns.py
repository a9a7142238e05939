"""Sites that come back without the papers it takes (中山 第九条): the filing of the return, or after an order for security three of them.

Pure. An outage is over after 24 hours of an open page, or with a return that is filed (domain.md §12): from then on it is a breach.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from monitor.city.closures import brought, entered, filings
from monitor.city.filings import Filing
from monitor.city.plan import Site
from monitor.city.sight import Sight
from monitor.city.spans import FAR, Span, later, longer, merged
from monitor.city.terms import OUTAGES
from monitor.model import DeclarationKind

RULE = "zhongshan-2020/return"
OPEN_FOR = timedelta(hours=24)
PAPERS = ("self_check", "police_check", "consents")


def unpapered(sight: Sight, target: str) -> Iterator[tuple[Span, str, bool]]:
    """When a site is back after a closure that lacks papers; sure once nobody can have missed that it is."""
    if not isinstance(sight.plan.by_name.get(target), Site):
        return
    returned = [brought(sight, one.at) for one in filings(sight, target) if one.kind is DeclarationKind.RETURN]
    for one in filings(sight, target):
        complete = _complete(sight, one, returned)
        if complete is None:
            continue
        for down, up in _outages(sight, target):
            if one.start < up < FAR and (one.end is None or down < one.end):
                over = min([up + OPEN_FOR, *(at for at in returned if at >= up)])
                begin = max(over, brought(sight, one.at))
                seen = later(begin, 2 * sight.terms.site + sight.terms.window)  # when it was back, and that it still is
                back = min((again for again, _ in _outages(sight, target) if again > up), default=FAR)
                end = min(complete, back)
                yield (begin, end), RULE, False
                yield (seen, end), RULE, True


def _complete(sight: Sight, one: Filing, returned: list[datetime]) -> datetime | None:
    """When its papers are all there; None where it takes none."""
    if one.kind is DeclarationKind.TEMPORARY_OFFLINE:
        told = [entered(sight, one, one.dated["restore_filed"])] if "restore_filed" in one.dated else []
        return min([*told, *(at for at in returned if at >= one.start)], default=FAR)
    if one.kind is DeclarationKind.ORDERED_CLOSURE and "security" in one.switches:
        return max(entered(sight, one, one.dated[name]) if name in one.dated else FAR for name in PAPERS)
    return None


def _outages(sight: Sight, target: str) -> list[Span]:
    """What is shorter than its confirmation is none; recoveries of less than 24 hours are gaps in one."""
    shown = [span for span in sight.shown(target, OUTAGES) if span[1] - span[0] >= sight.terms.tries]
    return [(begin, end - OPEN_FOR if end < FAR else FAR) for begin, end in merged(longer(shown, OPEN_FOR))]
