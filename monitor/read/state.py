"""What kind of answer a page is when it is not simply a page: challenge, parked, closed, error; or no text at all.

Reads a Glance, the raw text and the status; gives a state with the words that show it, or None for an ordinary page. The
order of all that stands here; each kind has a file of its own. Marks in words count only where little else stands on the
page and the page says them itself (spoken.py, messages.py): a headline or a news report about a maintenance is no maintenance.
"""

from datetime import date

from monitor.model import State
from monitor.read.closings import maintenance
from monitor.read.errors import soft_error
from monitor.read.glance import HARDLY_ANY, VERY_FEW, Glance, Verdict, glance
from monitor.read.parked import parked
from monitor.read.returns import return_date
from monitor.read.walls import challenge

__all__ = ["HARDLY_ANY", "VERY_FEW", "Glance", "Verdict", "answer_state", "glance", "is_binary", "return_date"]


def answer_state(raw: str, status: int | None, seen: Glance, today: date, *, home: bool = False) -> Verdict | None:
    """The state told by marks and status; None when the page looks like a page. `home`: it is asked for as a home page."""
    return (
        challenge(raw, status, seen)
        or parked(seen)
        or maintenance(seen, today, home=home)
        or _by_status(status)
        or soft_error(seen)
    )


def _by_status(status: int | None) -> Verdict | None:
    if status is not None and (status in {404, 410} or status >= 500):
        return Verdict(State.SOFT_ERROR, f"HTTP {status}")
    return None


_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x00\x00\x01\x00",
)
_CONTROL = bytes((0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20))


def is_binary(body: bytes) -> bool:
    """True for what is no text in any encoding: known file types, or many control characters."""
    if body.startswith(_MAGIC):
        return True
    head = body[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        return False
    control = len(head) - len(head.translate(None, _CONTROL))
    return control > 0.02 * len(head) + 4
