"""Whether the reading of the last look still holds when the same bytes come again, so that nothing need be read anew. Pure."""

from datetime import datetime

from monitor.clock import civil_day
from monitor.model import BLIND_STATES, Last, Outcome, Reach, Reading, Seen


def still_holds(seen: Seen, now: datetime) -> Reading | None:
    """The reading of the last look, if it still holds: not filled in from elsewhere, and no other day for it.

    Most pages read the same on any later day: their dates are whole and past (`timeless`). After a look that could not see,
    a page that can be read is read anew, for checks that have nothing to say of the slim rest of one.
    """
    known = seen.reading
    if known is None or known.needs:
        return None
    looked = max((last.at for last in seen.said.values()), default=now)
    if known.state not in BLIND_STATES and any(_saw_nothing(last) for last in seen.said.values() if last.at == looked):
        return None
    if known.timeless and looked <= now:
        return known
    return known if civil_day(looked) == civil_day(now) else None


_UNSEEING = frozenset({*(reach.value for reach in Reach), "uplink", "host_down", "proxy"})


def _saw_nothing(last: Last) -> bool:
    """Whether that check was kept from looking at all; what could be read, and had no answer, is another matter."""
    return last.outcome is Outcome.BROKEN or (last.outcome is Outcome.UNKNOWN and last.reason in _UNSEEING)
