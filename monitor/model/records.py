"""What people bring: declarations, messages of the public, posts, attestations, shifts.

Frozen facts as the store holds them; what was corrected or taken back never reaches judging.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from monitor.model.words import DeclarationKind, MessageClass, Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """报备登记 of one target ("*": of the desk). In force from `start` to before `end`; None: until something ends it.

    `fields` by kind: monitor/config/declared.py says which there are. Dates are "YYYY-MM-DD", instants ISO texts with zone.
    """

    id: int
    kind: DeclarationKind
    target: str
    start: datetime
    end: datetime | None = None
    number: str = ""
    by: str = ""
    filed_at: datetime
    fields: Mapping[str, object] = field(default_factory=dict)

    def covers(self, instant: datetime) -> bool:
        """Whether it is in force then."""
        return self.start <= instant and (self.end is None or instant < self.end)

    def text(self, name: str) -> str:
        """A field as text, "" when it is not told."""
        return str(self.fields.get(name, ""))

    def notice(self, name: str) -> str:
        """Under which subject looks at the notice of that field are kept: by its address, whichever declaration tells it.

        A correction, or a declaration filed anew, keeps what was seen. `new_url`: that the own notice names it.
        An address may carry a secret, and subjects are told: so it is a hash of it.
        """
        shown = f"{self.text('own_notice')} " if name == "new_url" else ""
        return f"{name}:{hashlib.sha256((shown + self.text(name)).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicMessage:
    """留言 to a site or account, unanswered while `answered_at` is None. `received_at` is the national system's time for 找错."""

    id: str
    target: str
    cls: MessageClass
    received_at: datetime
    answered_at: datetime | None = None
    explained: bool = False  # people were told why it takes longer (自治州 第十三条)


@dataclass(frozen=True, slots=True)
class Post:
    """One thing an account published. `original` None: nobody said. `told_at`: when people brought it; None: its feed showed it."""

    day: date
    original: bool | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """人工核验: somebody looked at what no program can read, and saw something published on `newest`.

    That there was nothing newer is good till `until`, 7 days at most; that this was published stays true. One told with a note
    (`noted`) takes back those of newer days: what they saw was taken down.
    """

    newest: date
    at: datetime
    until: datetime
    by: str
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """班次: who is on duty from when to before when."""

    start: datetime
    end: datetime
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeating:
    """A shift of every week, by the wall clock of Shanghai: it begins at `start` on these `days` (0 is Monday).

    It ends at `end`, on the next day when that is not later; the same time means 24 hours. `since` and `until` are first and last day.
    """

    days: frozenset[int]
    start: time
    end: time
    people: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


Roster = tuple[Repeating | Shift, ...]
"""值班表: all that was written down of who is on duty when."""


@dataclass(frozen=True, slots=True)
class Kin:
    """What the inventory says of a target, and of those beside it: with the same owner, and of accounts on the same platform.

    Without an owner it has no kin; columns are not looked up, for an owner has thousands.
    """

    same_owner: tuple[str, ...] = ()  # ids of the same kind, this one left out
    same_platform: tuple[str, ...] = ()  # of those, the ones on the same platform
    same_sort: tuple[str, ...] = ()  # of an account: those that are video accounts like it, or none like it
    names: tuple[str, ...] = ()  # the different names of the owner's accounts or sites, this one's included
    owner: str = ""  # 主办单位
    host: str = ""  # of its address
    contacts: int = 0  # people to call
    platform: Platform | None = None  # of an account, where it is told
