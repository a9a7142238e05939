"""下线台账: every outage of a site with what was filed for it, its days, its notices, and what its return still lacks.

Reads lines of the store that are handed in; pure. A day count explains itself line by line (民法典 art. 201).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import SHANGHAI, civil_day
from monitor.model import CLOSURES, Declaration, DeclarationKind, Outage, Text, say
from monitor.store.ledger import OutageLine

CEILING = 30
"""Days a temporary closure may last (国办发〔2017〕47号); for one that nobody filed they are a measure to go by."""
Seen = Mapping[tuple[str, str], tuple[str, str, datetime]]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that was declared: which one, where, and what was seen of it last ("": not looked at yet)."""

    field: str
    address: str
    outcome: str = ""
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. `kind` None: nobody filed it. `in_year`: the how-manieth filed temporary closure of its year."""

    outage: int
    site: str
    name: str
    owner: str
    started_at: datetime
    ended_at: datetime | None
    day: int
    days: tuple[Text, ...]  # how the count comes about
    reason: str
    looks: int
    incident: int | None
    kind: DeclarationKind | None
    declaration: int | None
    number: str
    approved_by: tuple[str, ...]
    planned_end: datetime | None
    in_year: int | None
    notices: tuple[Notice, ...]
    lacks: tuple[Text, ...]  # what the return still needs


def entry(line: OutageLine, filed: Sequence[Declaration], seen: Seen, now: datetime) -> Entry:
    """The ledger's line of one outage; `filed` are all closures and returns of its site."""
    outage = line.outage
    until = outage.ended_at or now
    closure = _closure(outage, filed, until)
    return Entry(
        outage=outage.id or 0,
        site=line.site,
        name=line.name,
        owner=line.owner,
        started_at=outage.started_at,
        ended_at=outage.ended_at,
        day=(civil_day(until) - civil_day(outage.started_at)).days,
        days=tuple(day_lines(outage, now)),
        reason=line.reason,
        looks=line.looks,
        incident=line.incident,
        kind=None if closure is None else closure.kind,
        declaration=None if closure is None else closure.id,
        number="" if closure is None else closure.number,
        approved_by=() if closure is None else _texts(closure, "approved_by"),
        planned_end=None if closure is None else closure.end,
        in_year=_in_year(closure, filed),
        notices=() if closure is None else tuple(_notices(closure, seen)),
        lacks=() if closure is None or not _is_back(outage) else tuple(lacking(closure)),
    )


def day_lines(outage: Outage, now: datetime) -> Iterable[Text]:
    """The count of days, step by step."""
    start, until = civil_day(outage.started_at), civil_day(outage.ended_at or now)
    n = (until - start).days
    yield say("{day}: it began, this is day 0", day=str(start))
    if n >= 1:
        yield say(
            "{day}: day 1, every civil day in Beijing time counts, holidays too", day=str(start + timedelta(days=1))
        )
    for begin, end in outage.gaps:
        yield say(
            "{start} to {end}: it opened for less than 24 hours, the count goes on",
            start=_minute(begin),
            end=_minute(end),
        )
    for begin, stop in outage.unwatched:
        till = until if stop is None else civil_day(stop)
        yield say("{start} to {end}: not watched, the days count", start=str(civil_day(begin)), end=str(till))
    if outage.ended_at is not None:
        yield say("{moment}: it opens again and stayed open, {days} days", moment=_minute(outage.ended_at), days=n)
    elif n > 1:
        yield say("{day}: today is day {n}", day=str(until), n=n)
    last = start + timedelta(days=CEILING)
    yield say("{day}: day {limit}, the last one of {limit} days; {over} begins day {next}", day=str(last), limit=CEILING,
              over=str(last + timedelta(days=1)), next=CEILING + 1)  # fmt: skip


def lacking(closure: Declaration) -> Iterable[Text]:
    """What a return after that closure needs and nobody has recorded."""
    if closure.kind is DeclarationKind.TEMPORARY_OFFLINE and not closure.text("restore_filed"):
        yield say("the return was not filed")
    if closure.kind is DeclarationKind.ORDERED_CLOSURE and closure.fields.get("security"):
        if not closure.text("self_check"):
            yield say("the own check is missing")
        if not closure.text("police_check"):
            yield say("the check by the police is missing")
        if not _texts(closure, "consents"):
            yield say("the consent of the supervising offices is missing")


def _closure(outage: Outage, filed: Sequence[Declaration], until: datetime) -> Declaration | None:
    """The closure that covers most of it; of equals the one filed first."""
    covering = [
        one for one in filed if one.kind in CLOSURES and one.start < until and _end(one, until) > outage.started_at
    ]
    return max(covering, key=lambda one: (_shared(one, outage, until), -one.id), default=None)


def _shared(one: Declaration, outage: Outage, until: datetime) -> timedelta:
    return min(_end(one, until), until) - max(one.start, outage.started_at)


def _end(one: Declaration, until: datetime) -> datetime:
    return until if one.end is None else one.end


def _in_year(closure: Declaration | None, filed: Sequence[Declaration]) -> int | None:
    if closure is None or closure.kind is not DeclarationKind.TEMPORARY_OFFLINE:
        return None
    year = civil_day(closure.start).year
    same = [one for one in filed if one.kind is closure.kind and civil_day(one.start).year == year]
    return sum(1 for one in same if (one.start, one.id) <= (closure.start, closure.id))


def _notices(closure: Declaration, seen: Seen) -> Iterable[Notice]:
    for name in ("own_notice", "portal_notice"):
        if address := closure.text(name):
            outcome, reason, at = seen.get((closure.target, f"{name}:{closure.id}"), ("", "", None))
            yield Notice(name, address, outcome, reason, at)


def _is_back(outage: Outage) -> bool:
    return outage.ended_at is not None or outage.up_since is not None


def _texts(one: Declaration, name: str) -> tuple[str, ...]:
    told = one.fields.get(name, ())
    return tuple(map(str, told)) if isinstance(told, list | tuple) else (str(told),)


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
