"""What one incident and one obligation say on the desk: headline, whom to call, on what basis, how much time is left.

Pure: rows of the store views in, rows for the template out. What came from pages and people is shown as text; only plain
web addresses and telephone numbers become links.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.alert.phrases import GRAVE, how_sure, own, to_do, what
from monitor.alert.quoting import also, basis, not_judged, ordered, strictest_first
from monitor.clock import civil_day
from monitor.model import Cause, Contact, Reach, Severity, TargetKind, Text, say
from monitor.store import views

LINES = 5
"""Targets named with one incident."""
PEOPLE = 3
"""People named with one incident."""
PAGES = 3
"""Pages named that carry dead links."""
LONGEST = 66
"""Characters of an address that are shown; what is left out is in the middle, the end tells addresses apart."""


NO_DAY = say("no day")
"""What falls due by what happens next, or was asked for without days."""
Seen = Mapping[tuple[str, Cause], views.Sure]
"""What the last looks at targets came to, by target and cause."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call; `tel` is empty when the number is none."""

    name: str
    phone: str
    tel: str


@dataclass(frozen=True, slots=True)
class Card:
    """An incident. `why` is what all targets have in common, else each has its own; `further` counts those not named.

    `means` is what is not watched meanwhile when the trouble is our own; `sure` how many looks say so of each target at
    least. What cannot be looked at has no basis, but articles that are not judged meanwhile.
    """

    wrong: views.Wrong
    headline: Text
    grave: Text
    do: Text
    means: Text | None
    why: Text | None
    pages: tuple[views.PageLine, ...]
    people: Mapping[str, tuple[Person, ...]]  # by owner
    sure: Text | None
    basis: Text | None
    also: tuple[Text, ...]
    not_judged: tuple[Text, ...]
    further: int
    muted: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An obligation. `last_day` is the last day on which it is kept, None: no day; `left` says how far off that is."""

    due: views.Due
    last_day: date | None
    left: Text
    urgent: bool
    muted: bool


def card(wrong: views.Wrong, said: Mapping[str, views.Citation], seen: Seen, now: datetime) -> Card:
    """An incident as it is shown."""
    ours = own(wrong.key) if wrong.cause is Cause.OURS else None
    broken = strictest_first([said[key] for key in wrong.rules if key in said])
    rules = ordered([*broken, *(said[key] for key in wrong.counting if key in said and key not in wrong.rules)])
    blind = wrong.cause is Cause.BLIND
    looks = [seen[line.id, wrong.cause] for line in wrong.targets if (line.id, wrong.cause) in seen]
    return Card(
        wrong=wrong,
        headline=headline(wrong),
        grave=GRAVE[wrong.severity],
        do=to_do(wrong.cause, _reach(looks), _kind(wrong)) if ours is None else ours.do,
        means=None if ours is None else ours.means,
        why=_in_common(wrong),
        pages=tuple(dict.fromkeys(page for line in wrong.targets for page in line.pages))[:PAGES],
        people=_people(wrong),
        sure=how_sure(wrong.cause, min((one.looks for one in looks), default=0)),
        basis=basis(rules[0]) if rules and not blind else None,
        also=() if blind else also(rules),
        not_judged=not_judged(rules) if blind else (),
        further=max(wrong.members - len(wrong.targets), 0),
        muted=bool(wrong.targets) and all(_is_muted(line.muted_until, now) for line in wrong.targets),
    )


def headline(wrong: views.Wrong) -> Text:
    """What is wrong, by cause and kind of target, of ourselves by what is broken; what is only near as near."""
    if wrong.cause is Cause.OURS:
        return own(wrong.key).what
    near = bool(wrong.targets) and all(line.near for line in wrong.targets)
    return what(wrong.cause, _kind(wrong), near=near, key=wrong.key)


def _kind(wrong: views.Wrong) -> TargetKind | None:
    """The kind of all its targets, where it is one."""
    kinds = {line.kind for line in wrong.targets}
    return kinds.pop() if len(kinds) == 1 else None


def row(due: views.Due, now: datetime) -> Row:
    """An obligation as it is shown: `due.due` is the first instant at which it is broken."""
    is_muted = _is_muted(due.muted_until, now)
    if due.due is None:
        return Row(due, None, NO_DAY, due.is_near_veto, is_muted)
    last = last_day(due.due)
    days = (last - civil_day(now)).days
    return Row(due, last, left(days), days <= 1, is_muted)


def last_day(broken_from: datetime) -> date:
    """The last day on which an obligation is kept that is broken from that instant on."""
    return civil_day(broken_from - timedelta(milliseconds=1))


def going_on(moment: str, length: str, lasts: timedelta) -> Text:
    """Since when something goes on, and for how long; `moment` and `length` as they are printed."""
    if lasts < timedelta(minutes=1):
        return say("{moment} on, for less than a minute", moment=moment)
    return say("{moment} on, for {length}", moment=moment, length=length)


def left(days: int) -> Text:
    """How far off the last day is."""
    if days < 0:
        return say("over, a look is awaited")
    if days == 0:
        return say("last day today")
    return say("last day tomorrow") if days == 1 else say("{count} days left", count=days)


def web_address(url: str) -> str | None:
    """The address when it is a plain http or https one, else None: it is shown, but never a link."""
    return url if _ADDRESS.fullmatch(url) else None


def short(name: str) -> str:
    """A name as it is, a long address without its middle."""
    if len(name) <= LONGEST or not name.startswith(("http://", "https://")):
        return name
    return f"{name[: LONGEST // 2]}…{name[-LONGEST // 2 :]}"


def telephone(phone: str) -> str:
    """What goes behind `tel:`, an extension after a pause; empty when it is not only a number."""
    found = _PHONE.fullmatch(phone)
    if found is None:
        return ""
    number = re.sub(r"[^+\d]", "", found["number"])
    return f"{number},{found['extension']}" if found["extension"] else number


def is_grave(severity: Severity) -> bool:
    """Whether it goes before everything else."""
    return severity in {Severity.VETO, Severity.SERIOUS}


_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f\\<>\"'`]+", re.IGNORECASE)
_PHONE = re.compile(r"(?P<number>\+?[(（]?\d[\d ()（）-]{2,24})(?:(?:转|分机|ext\.?|x) ?(?P<extension>\d{1,6}))?")


def _reach(looks: Sequence[views.Sure]) -> Reach | None:
    """How the last looks ended, when all ended alike."""
    found = {one.reach for one in looks}
    return found.pop() if len(found) == 1 else None


def _in_common(wrong: views.Wrong) -> Text | None:
    first = wrong.targets[0].why if wrong.targets else None
    return first if all(line.why == first for line in wrong.targets) else None


def _people(wrong: views.Wrong) -> dict[str, tuple[Person, ...]]:
    """Whom to call about the named targets, for a link about the pages that carry it; each once."""
    found: dict[tuple[str, str, str], None] = {}
    for line in wrong.targets:
        answer: tuple[views.TargetLine | views.PageLine, ...] = (line, *line.pages)
        for one in answer:
            for contact in one.contacts or ((Contact(""),) if one.owner else ()):
                found[one.owner, contact.name, contact.phone] = None
    people: dict[str, tuple[Person, ...]] = {}
    for owner, name, phone in list(found)[:PEOPLE]:
        people[owner] = (*people.get(owner, ()), Person(name, phone, telephone(phone)))
    return people


def _is_muted(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
