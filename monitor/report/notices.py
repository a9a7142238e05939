"""Notices that declarations name (公告), as ledgers tell them: which one, where, and what looks said of it last.

Pure. One that a rule of the target's packs asks for, and nobody told the address of, is told as such.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model import Declaration, DeclarationKind, Run, Text, say

FIELDS = ("own_notice", "portal_notice", "notice")
"""The addresses of notices that a declaration may tell (monitor/config/declared.py)."""
UNTOLD = "untold"
"""The reason of a notice whose address nobody told."""
READ = "read"
"""The measure with the day on which a notice was read before its site went off (checks/notice_kept.py)."""
Looks = Mapping[tuple[int, str], Sequence[Run]]
"""By declaration and field every run of looks at its address, the earliest first."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that was declared: which one, where, and what was seen of it last ("": not looked at yet).

    `says` is what the last look told, `read_on` the day on which it was read before its site went off.
    """

    field: str
    address: str
    outcome: str = ""
    reason: str = ""
    at: datetime | None = None
    says: Text | None = None
    read_on: str = ""
    declaration: int = 0


def notices(one: Declaration, asked: Collection[tuple[DeclarationKind, str]], looks: Looks) -> Iterable[Notice]:
    """Those it names, and those that rules ask of its kind."""
    for field in FIELDS:
        address = one.text(field)
        if not address and (one.kind, field) in asked:
            words = say("filed without the address of its notice")
            yield Notice(field, "", reason=UNTOLD, says=words, declaration=one.id)
        if not address:
            continue
        runs = looks.get((one.id, field), ())
        if not runs:
            yield Notice(field, address, declaration=one.id)
            continue
        found, at = runs[-1].finding, runs[-1].last_at
        read = str(found.measure(READ) or "")
        yield Notice(field, address, found.outcome.value, found.reason, at, found.summary, read, one.id)
