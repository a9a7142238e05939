"""How a fetch ended once its body has been read: the table of DESIGN.md §1 in one place.

Reads a Fetched and the Reading made of its body; gives the Reach everything later goes by. Challenge marks beat the
status and the redirect loop; what is wrong on the wire beats what stands on the page otherwise. Pure.
"""

import re

from monitor.model import Fetched, Reach, Reading, State, TargetKind

_ANSWERED = frozenset({Reach.OPEN, Reach.SLOW})
_MAY_BE_CHALLENGE = frozenset({Reach.OPEN, Reach.SLOW, Reach.HTTP_ERROR, Reach.REDIRECT_LOOP})
_BY_STATE = {
    State.MAINTENANCE: Reach.MAINTENANCE,
    State.SOFT_ERROR: Reach.SOFT_ERROR,
    State.HIJACKED: Reach.HIJACKED,
}
_GONE = frozenset({404, 410})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+\-]{1,40})", re.IGNORECASE)


def reach_of(fetched: Fetched, reading: Reading | None, kind: TargetKind) -> Reach:
    """The verdict of both; `reading` is None when nothing came that could be read. Feeds are judged by the wire.

    A page that says it is closed for maintenance is that under any server error, too; else an error stays one.
    """
    if fetched.reach in _MAY_BE_CHALLENGE and _refuses(fetched, reading, kind):
        return Reach.CHALLENGED
    if reading is None or kind is TargetKind.ACCOUNT:
        return fetched.reach
    if fetched.reach in _ANSWERED:
        return _BY_STATE.get(reading.state, fetched.reach)
    if fetched.reach is Reach.HTTP_ERROR and reading.state is State.MAINTENANCE:
        return Reach.MAINTENANCE
    return fetched.reach


def charset_of(fetched: Fetched) -> str | None:
    """The charset label of the Content-Type header; None when it claims nothing."""
    found = _CHARSET.search(fetched.header("content-type") or "")
    return found[1] if found is not None else None


def _refuses(fetched: Fetched, reading: Reading | None, kind: TargetKind) -> bool:
    """Alive but refusing programs: by marks in the body, or by any 4xx that is not 404 or 410."""
    if reading is not None and reading.state is State.CHALLENGED and kind is not TargetKind.ACCOUNT:
        return True
    status = fetched.status
    return status is not None and 400 <= status < 500 and status not in _GONE
