"""How a fetch ended once its body has been read: the table of DESIGN.md §1 in one place.

Reads a Fetched and the Reading made of its body; gives the Reach everything later goes by. Challenge marks, in the body
or in the cookies, beat the status and the redirect loop; what is wrong on the wire beats what stands on the page otherwise.
What another page than the one asked for says is not said of it. Pure.
"""

import re
from dataclasses import replace

from monitor.model import Fetched, Reach, Reading, State, TargetKind, lands_home, lands_on_error

_ANSWERED = frozenset({Reach.OPEN, Reach.SLOW})
_MAY_BE_CHALLENGE = frozenset({Reach.OPEN, Reach.SLOW, Reach.HTTP_ERROR, Reach.REDIRECT_LOOP})
_BY_STATE = {
    State.MAINTENANCE: Reach.MAINTENANCE,
    State.SOFT_ERROR: Reach.SOFT_ERROR,
    State.HIJACKED: Reach.HIJACKED,
}
_GONE = frozenset({404, 410})
_WALL_COOKIE = re.compile(
    r"\s*(?:__jsl_clearance\w*|CT6TS?|acw_sc__v\d|wzws\w*|EO_Bot\w*|[A-Za-z0-9_]{9,}[0-9A-Z][ST])="
)
"""Names that gatekeepers give their cookies; those of 瑞数 are long and end in S or T."""
_INSIDE = frozenset({TargetKind.COLUMN, TargetKind.PAGE})
_SHOWN = frozenset({State.LISTED, State.READABLE, State.BLANK, State.SHELL})
_SESSION = re.compile(
    r"\s*(?:\w*sess\w*|asp\.net\w*|serverid|route|bigip[^=]*|__jsluid\w*|aliyungf_tc|acw_tc)=", re.IGNORECASE
)
"""Names that servers give to cookies for whoever comes."""
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


def as_asked(reading: Reading, fetched: Fetched, kind: TargetKind) -> Reading:
    """The reading, unless a redirect led from a column or page to a home page or an error page: that is an error page's."""
    if kind not in _INSIDE or reading.state not in _SHOWN or fetched.final_url == fetched.url:
        return reading
    if not lands_home(fetched.url, fetched.final_url) and not lands_on_error(fetched.url, fetched.final_url):
        return reading
    return replace(
        reading, state=State.SOFT_ERROR, items=(), newest_date=None, newest_precision=None, needs=(), article=None
    )


def charset_of(fetched: Fetched) -> str | None:
    """The charset label of the Content-Type header; None when it claims nothing."""
    found = _CHARSET.search(fetched.header("content-type") or "")
    return found[1] if found is not None else None


def _refuses(fetched: Fetched, reading: Reading | None, kind: TargetKind) -> bool:
    """Alive but refusing programs: by marks in the body, or by any 4xx that is not 404 or 410."""
    if reading is not None and reading.state is State.CHALLENGED and kind is not TargetKind.ACCOUNT:
        return True
    status = fetched.status
    return (status is not None and 400 <= status < 500 and status not in _GONE) or _sets_gate(fetched, reading)


def _sets_gate(fetched: Fetched, reading: Reading | None) -> bool:
    """A cookie and the same address again, round and round; or a gatekeeper's cookie and nothing to read."""
    cookies = [value for name, value in fetched.headers if name.lower() == "set-cookie"]
    if not cookies:
        return False
    known = any(_WALL_COOKIE.match(cookie) for cookie in cookies)
    if fetched.reach is Reach.REDIRECT_LOOP:
        special = any(not _SESSION.match(cookie) for cookie in cookies)
        return known or (special and len({hop.url for hop in fetched.hops}) == 1)
    blind = (
        reading is None or reading.state is State.UNREADABLE or (fetched.status == 202 and reading.state is State.SHELL)
    )
    return known and blind and fetched.reach in _ANSWERED and not fetched.not_modified
