"""What one incident and one obligation say on the desk: headline, whom to call, on what basis, how much time is left.

Pure: rows of the store views in, rows for the template out. What came from pages and people is shown as text; only plain
web addresses and telephone numbers become links.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.alert.phrases import DO, GRAVE, own, what
from monitor.clock import civil_day
from monitor.model import Cause, Confidence, Contact, Severity, Text, say
from monitor.store import views

LINES = 5
"""Targets named with one incident."""
PEOPLE = 3
"""People named with one incident."""
PAGES = 3
"""Pages named that carry dead links."""
LONGEST = 66
"""Characters of an address that are shown; what is left out is in the middle, the end tells addresses apart."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call; `tel` is empty when the number is none."""

    name: str
    phone: str
    tel: str


@dataclass(frozen=True, slots=True)
class Card:
    """An incident. `why` is what all targets have in common, else each has its own; `further` counts those not named.

    `means` is what is not watched meanwhile when the trouble is our own.
    """

    wrong: views.Wrong
    headline: Text
    grave: Text
    do: Text
    means: Text | None
    why: Text | None
    pages: tuple[views.PageLine, ...]
    people: Mapping[str, tuple[Person, ...]]  # by owner
    basis: Text | None
    also: tuple[str, ...]
    further: int
    muted: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An obligation. `last_day` is the last day on which it is kept; `left` says how far off that is."""

    due: views.Due
    last_day: date
    left: Text
    urgent: bool
    muted: bool


def card(wrong: views.Wrong, said: Mapping[str, views.Citation], now: datetime) -> Card:
    """An incident as it is shown."""
    ours = own(wrong.key) if wrong.cause is Cause.OURS else None
    rules = sorted((said[key] for key in wrong.rules if key in said), key=lambda rule: rule.confidence not in QUOTABLE)
    return Card(
        wrong=wrong,
        headline=headline(wrong),
        grave=GRAVE[wrong.severity],
        do=DO[wrong.cause] if ours is None else ours.do,
        means=None if ours is None else ours.means,
        why=_in_common(wrong),
        pages=tuple(dict.fromkeys(page for line in wrong.targets for page in line.pages))[:PAGES],
        people=_people(wrong),
        basis=_basis(rules[0]) if rules else None,
        also=tuple(f"{rule.source}{rule.article}" for rule in rules[1:] if rule.confidence in QUOTABLE),
        further=max(wrong.members - len(wrong.targets), 0),
        muted=bool(wrong.targets) and all(_is_muted(line.muted_until, now) for line in wrong.targets),
    )


def headline(wrong: views.Wrong) -> Text:
    """What is wrong, by cause and kind of target, of ourselves by what is broken; what is only near as near."""
    if wrong.cause is Cause.OURS:
        return own(wrong.key).what
    near = bool(wrong.targets) and all(line.near for line in wrong.targets)
    kinds = {line.kind for line in wrong.targets}
    return what(wrong.cause, kinds.pop() if len(kinds) == 1 else None, near=near, key=wrong.key)


def row(due: views.Due, now: datetime) -> Row:
    """An obligation as it is shown: `due.due` is the first instant at which it is broken."""
    last = last_day(due.due)
    days = (last - civil_day(now)).days
    return Row(due, last, left(days), days <= 1, _is_muted(due.muted_until, now))


def last_day(broken_from: datetime) -> date:
    """The last day on which an obligation is kept that is broken from that instant on."""
    return civil_day(broken_from - timedelta(milliseconds=1))


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


QUOTABLE = (Confidence.VERBATIM, Confidence.SECONDARY)
"""Rules whose wording is known well enough to be quoted as the basis."""

_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f\\<>\"'`]+", re.IGNORECASE)
_PHONE = re.compile(r"(?P<number>\+?[(（]?\d[\d ()（）-]{2,24})(?:(?:转|分机|ext\.?|x) ?(?P<extension>\d{1,6}))?")


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


def _basis(rule: views.Citation) -> Text:
    """Worded as alerts word it (alert/compose.py): what is unconfirmed or of our own making is never worded as law."""
    values = {"rule": f"{rule.source}{rule.article}", "says": rule.says}
    if rule.confidence is Confidence.HOUSE:
        return say("Own requirement: {says}", says=rule.says)
    if rule.confidence not in QUOTABLE:
        return say("Not verified, for reference only: {says}", says=rule.says)
    if rule.status:
        return say("Basis: {rule} ({status}): {says}", **values, status=rule.status)
    return say("Basis: {rule}: {says}", **values)


def _is_muted(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
