"""From findings to incidents: runs, conditions, outages, standings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from monitor.model.finding import Finding, Text
from monitor.model.records import Attestation, Declaration, Kin, Post, PublicMessage, Shift
from monitor.model.words import Cause, Compliance, Severity


class Run(NamedTuple):
    """Equal findings in a row (same outcome, cause and reason), for one check and subject of a target.

    `finding` is the last one. `streak` counts looks in a row with the same outcome, whatever the cause,
    since `streak_since`: what confirmation goes by. `cause_streak` counts those of them with the same cause,
    whatever the reason, since `cause_since`: what a change of cause goes by.
    """

    finding: Finding
    first_at: datetime
    last_at: datetime
    looks: int
    streak: int
    streak_since: datetime
    id: int | None = None
    cause_streak: int = 1
    cause_since: datetime | None = None  # None: since `first_at`


@dataclass(frozen=True, slots=True)
class Condition:
    """A run that is confirmed. `since` is the first failed look; `ended_at` the first good look of the confirmed end."""

    check: str
    subject: str
    cause: Cause
    reason: str
    since: datetime
    confirmed_at: datetime
    ended_at: datetime | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage with its gaps (recoveries shorter than 24 h, DESIGN.md §5, domain.md §12). `up_since` while in a gap.

    `unwatched`: while its target was off the inventory; without an end it was taken off and not seen down again since.
    """

    started_at: datetime
    up_since: datetime | None = None
    ended_at: datetime | None = None
    gaps: tuple[tuple[datetime, datetime], ...] = ()
    id: int | None = None
    unwatched: tuple[tuple[datetime, datetime | None], ...] = ()


class Standing(NamedTuple):
    """A rule applied to a target. `until` is the instant the value would get worse by time alone.

    Of what is broken by one of several things it is when the next of them that is due breaks it too.
    `warned` counts the warnings of the rule that have passed. `last_warning` is true from the last one on.
    `changes_at` is the next instant anything of it changes by time alone, words included; `look_at` the instant a
    look is needed for it to become breached. Both are summed up in the Judgement and not stored. `late` names what is past
    its limit where several things wait (messages, orders), `news` grows when one more is: the number of the day people are to hear
    of it; not stored either.
    """

    rule: str
    value: Compliance
    why: Text
    cause: Cause
    since: datetime | None = None
    until: datetime | None = None
    warned: int = 0
    last_warning: bool = False
    inputs: Mapping[str, object] = MappingProxyType({})
    changes_at: datetime | None = None
    look_at: datetime | None = None
    late: frozenset[str] = frozenset()
    news: int = 0


class Facts(NamedTuple):
    """What the store knows of one target when it is judged; judging reads nothing else."""

    runs: tuple[Run, ...] = ()
    conditions: tuple[Condition, ...] = ()  # confirmed and not ended
    outage: Outage | None = None  # the running one
    standings: tuple[Standing, ...] = ()  # of the last judging, as stored: what was already said of the 5 %
    last_look_at: datetime | None = None  # last conclusive look (OK or FAIL) of any check
    first_seen_at: datetime | None = None
    blind_since: datetime | None = None  # could not look since; our own and the host's trouble left out
    blind_reason: str = ""
    good: int = 0  # samples of the last 168 hours
    failed: int = 0
    excluded: int = 0
    expected: int = 0  # samples a full week has at the site's cadence
    muted_by: str | None = None  # the site target whose outage hides this one
    held: bool = False  # verdicts held: our own uplink is blind
    # What people brought. Loaded only for a target one of whose rules asks for it (settle/records.py).
    declarations: tuple[Declaration, ...] = ()  # of this target, past ones of this and last year included
    attested: Attestation | None = None  # all that hold, as one; it may have run out (store/attesting.py)
    messages: tuple[PublicMessage, ...] = ()  # not answered yet
    posts: tuple[Post, ...] = ()  # of the last 62 days, newest first
    ended: tuple[Outage, ...] = ()  # outages that are over, as far back as declarations count (settle/records.py)
    counts: Mapping[str, int] = MappingProxyType(
        {}
    )  # of a site: "blank:policy" -> columns breached so (store/brought.py)
    shifts: tuple[Shift, ...] | None = None  # None: there is no roster
    workdays: Mapping[date, bool] = MappingProxyType({})  # days that override the calendar of working days
    kin: Kin | None = None
    adopted: Mapping[str, datetime] = MappingProxyType({})  # rules that came after `first_seen_at`, by key


@dataclass(frozen=True, slots=True)
class Judgement:
    """All standings of a target, when they would change by time alone, and when a look is needed for that."""

    standings: tuple[Standing, ...]
    next_change_at: datetime | None
    look_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A target's part in an incident, open or wanted. `key` with `cause` names the incident while it is open.

    `warned` grows with each further notice of an open incident (outage days, days on which one more thing is late); `severity` is the gravest of its rules.
    """

    cause: Cause
    key: str
    severity: Severity
    rules: tuple[str, ...]
    since: datetime
    why: Text
    warned: int = 0
    incident: int | None = None
