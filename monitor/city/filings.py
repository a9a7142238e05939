"""What people bring in a scenario: declarations and messages, out of its events; and what is wrong with one.

Pure. `declared` and `message` are events of one instant, `at`; their other times count from the start of the scenario like it,
and may lie before it. Nothing here says what comes of them (`closures.py`, `replies.py`), or how they are filed (monitor/paperwork.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from monitor.city.asked import kind_of
from monitor.city.faults import Event
from monitor.city.options import DATED, NOTICES, SWITCHES, since_start
from monitor.city.plan import Plan
from monitor.config.declared import KINDS
from monitor.model import DeclarationKind, EntryKind, MessageClass, TargetKind


@dataclass(frozen=True, slots=True)
class Filing:
    """A declaration: in force from `start` to before `end`, filed at `at`. Scenario names.

    `notices`: of these fields the address is told. `dated`: what is entered when; before `at` it is told with the filing.
    """

    target: str
    kind: DeclarationKind
    at: datetime
    start: datetime
    end: datetime | None
    number: str
    activity: str = ""
    switches: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
    dated: Mapping[str, datetime] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of the public, received at `at`; `answered` None: never. `by_page`: told by the site's reply list, else brought by people."""

    target: str
    cls: MessageClass
    at: datetime
    answered: datetime | None
    by_page: bool = False


def filing_of(event: Event, start: datetime) -> Filing:
    """What a `declared` files."""
    begin, end = since_start(event.options.get("from")), since_start(event.options.get("to"))
    return Filing(
        event.target,
        DeclarationKind(event.option("declare", "")),
        start + event.at,
        start + (event.at if begin is None else begin),
        None if end is None else start + end,
        event.option("number", ""),
        event.option("activity", ""),
        frozenset(name for name in SWITCHES if event.options.get(name) is True),
        frozenset(name for name in NOTICES if event.options.get(name) is True),
        {name: start + told for name in DATED if (told := since_start(event.options.get(name))) is not None},
    )


def filings_of(event: Event, start: datetime) -> Iterator[Filing]:
    """What a `declared` files, on its day and (`daily`) at the same hour of so many days after it."""
    first = filing_of(event, start)
    for day in range(int(event.number("daily", 0)) + 1):
        yield replace(first, at=first.at + timedelta(days=day), start=first.start + timedelta(days=day))


def letter_of(event: Event, start: datetime) -> Letter:
    """What a `message` brings."""
    answered = since_start(event.options.get("answered"))
    at = start + event.at
    return Letter(
        event.target,
        MessageClass(event.option("class", "")),
        at,
        None if answered is None else start + answered,
        event.option("by", "people") == "page",
    )


def contradictions(kind: str, target: str, at: timedelta, told: Mapping[str, object]) -> Iterator[str]:
    """What does not go together in a `declared` or `message` whose values are good one by one."""
    if kind == "message":
        answered = since_start(told.get("answered"))
        if answered is not None and answered < at:
            yield "answered: before the message came"
    if kind == "declared":
        yield from _misfiled(DeclarationKind(str(told["declare"])), target, at, told)


def unlisted(plan: Plan, told: Mapping[str, object]) -> list[str]:
    """That a message is to stand on a reply list, and its site has none."""
    if told.get("kind") != "message" or told.get("by") != "page":
        return []
    named = (site for site in plan.sites if fnmatchcase(site.name, str(told.get("target"))))
    bare = [site.name for site in named if all(entry.kind is not EntryKind.REPLIES for entry in site.entries)]
    if bare or str(told.get("target")).startswith("account"):
        return ["by: only sites with a reply list have messages by page (entries_per_site = 5)"]
    return []


def _misfiled(kind: DeclarationKind, target: str, at: timedelta, told: Mapping[str, object]) -> Iterator[str]:
    begin, end = since_start(told.get("from")), since_start(told.get("to"))
    if end is not None and end <= (at if begin is None else begin):
        yield "to: not after it begins"
    if end is None and KINDS[kind].end == "must":
        yield f"to: a {kind.value} says when it ends"
    if end is not None and KINDS[kind].end == "never":
        yield f"to: a {kind.value} has no end, leave this out"
    on = _ON[kind_of(target)]
    if on not in KINDS[kind].on:
        yield f"declare: on {on.value} no {kind.value} is filed"
    for name in sorted({*NOTICES, *SWITCHES, *DATED, "activity"}.intersection(told)):
        if name not in KINDS[kind].fields:
            yield f"{name}: a {kind.value} does not say this"
    if kind is DeclarationKind.ACTIVITY and "activity" not in told:
        yield "activity: what was done?"
    if "daily" in told and (kind is not DeclarationKind.ACTIVITY or {"to", *DATED}.intersection(told)):
        yield "daily: of an activity that is over at once, without dates of its own"


_ON = {
    "site": TargetKind.SITE,
    "column": TargetKind.COLUMN,
    "entry": TargetKind.PAGE,
    "account": TargetKind.ACCOUNT,
    "desk": TargetKind.DESK,
}
