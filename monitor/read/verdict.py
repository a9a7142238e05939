"""How a look ended, by the wire and by the page together (the table of DESIGN.md §1). Pure."""

import re

from monitor.model import Fetched, Reach, Reading, State, TargetKind

_BY_STATE = {
    State.MAINTENANCE: Reach.MAINTENANCE,
    State.SOFT_ERROR: Reach.SOFT_ERROR,
    State.HIJACKED: Reach.HIJACKED,
}
_ANSWERED = frozenset({Reach.OPEN, Reach.SLOW})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)


def reach_of(fetched: Fetched, reading: Reading | None, kind: TargetKind) -> Reach:
    """The verdict of both. Challenge marks beat status and loop; a page under 404, 410 or 5xx stays an error.

    A page that says it is closed for maintenance is that under any server error, too. Feeds are judged by the wire.
    """
    if reading is None or kind is TargetKind.ACCOUNT:
        return fetched.reach
    if reading.state is State.CHALLENGED:
        return Reach.CHALLENGED
    if fetched.reach is Reach.HTTP_ERROR and reading.state is State.MAINTENANCE:
        return Reach.MAINTENANCE
    if fetched.reach in _ANSWERED:
        return _BY_STATE.get(reading.state, fetched.reach)
    return fetched.reach


def charset_of(fetched: Fetched) -> str | None:
    """What the HTTP header claims; None when it claims nothing."""
    found = _CHARSET.search(fetched.header("content-type") or "")
    return found.group(1) if found else None
