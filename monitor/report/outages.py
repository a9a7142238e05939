"""下线台账: every outage of a site with what was filed for it, its days, its notices, its return, and what that still lacks.

Reads lines of the store that are handed in, and what judging makes of them (`Judged`); pure. A day count explains itself line by
line (民法典 art. 201).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from monitor.clock import SHANGHAI, civil_day
from monitor.model import Declaration, DeclarationKind, Outage, Text, say
from monitor.report.notices import Looks, Notice, notices
from monitor.store.ledger import OutageLine

CEILING = 30
"""Days a temporary closure may last (国办发〔2017〕47号); for one that nobody filed they are a measure to go by."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to before when; None: it goes on."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What judging makes of an outage: the closures that explain any of it, what none explains, their places in the year."""

    closures: tuple[Declaration, ...] = ()
    unfiled: tuple[Stretch, ...] = ()
    places: Mapping[int, int] = field(default_factory=dict)  # of a temporary closure: the how-manieth of its year
    asks_return: bool = True
    lacks: tuple[Text, ...] = ()
    ceiling: int = CEILING
    is_exempt: bool = False
    asked: frozenset[tuple[DeclarationKind, str]] = frozenset()  # whose notices, in which field, a rule asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What else the store has: closures as they were declared and first told, the return, looks at notices, days without one."""

    planned: Mapping[int, datetime | None]
    first_told: Mapping[int, datetime]
    returned: Declaration | None = None
    looks: Looks
    unlooked: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A closure as filed. `end` as it came, `planned_end` as declared; `is_late`: told only when what it explains had begun."""

    declaration: int
    kind: DeclarationKind
    start: datetime
    end: datetime | None
    planned_end: datetime | None
    number: str
    by: str
    filed_at: datetime
    is_late: bool
    in_year: int | None
    approved_by: tuple[str, ...]
    application: str
    ordered_by: str
    reason: str
    security: bool  # closed for a security problem
    reported: str
    self_check: str
    police_check: str
    consents: tuple[str, ...]
    restore_filed: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A return as filed."""

    declaration: int
    start: datetime
    number: str
    filed_on: str
    by: str
    filed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger. `kind` None: nobody filed any of it. `in_year`: which temporary closure of its year, of several the last.

    `up_since`: it opens again, and was not seen open for 24 hours yet; it is not over.
    """

    outage: int
    site: str
    name: str
    owner: str
    started_at: datetime
    up_since: datetime | None
    ended_at: datetime | None
    day: int
    days: tuple[Text, ...]  # how the count comes about
    reason: str
    looks: int
    incident: int | None
    kind: DeclarationKind | None
    filed: bool  # from its start to its end
    unfiled: tuple[Stretch, ...]
    declaration: int | None
    number: str
    approved_by: tuple[str, ...]
    planned_end: datetime | None
    in_year: int | None
    closures: tuple[Closure, ...]
    notices: tuple[Notice, ...]
    returned: Returned | None
    asks_return: bool  # whether a pack of the site asks for papers of the return
    lacks: tuple[Text, ...]  # what the return still needs


def entry(line: OutageLine, judged: Judged, records: Records, now: datetime) -> Entry:
    """The ledger's line of one outage."""
    outage = line.outage
    until = outage.ended_at or now
    main = _covering_most(outage, judged.closures, until)
    return Entry(
        outage=outage.id or 0,
        site=line.site,
        name=line.name,
        owner=line.owner,
        started_at=outage.started_at,
        up_since=None if outage.ended_at is not None else outage.up_since,
        ended_at=outage.ended_at,
        day=(civil_day(until) - civil_day(outage.started_at)).days,
        days=tuple(day_lines(outage, judged, now, records.unlooked)),
        reason=line.reason,
        looks=line.looks,
        incident=line.incident,
        kind=None if main is None else main.kind,
        filed=main is not None and not judged.unfiled,
        unfiled=judged.unfiled,
        declaration=None if main is None else main.id,
        number="" if main is None else main.number,
        approved_by=() if main is None else texts(main, "approved_by"),
        planned_end=None if main is None else records.planned.get(main.id, main.end),
        in_year=max(judged.places.values(), default=None),
        closures=tuple(_closure(one, outage, judged, records) for one in judged.closures),
        notices=tuple(told for one in judged.closures for told in notices(one, judged.asked, records.looks)),
        returned=None if records.returned is None else _returned(records.returned),
        asks_return=judged.asks_return,
        lacks=judged.lacks,
    )


def day_lines(
    outage: Outage, judged: Judged, now: datetime, unlooked: Sequence[tuple[date, date]] = ()
) -> Iterable[Text]:
    """The count of days, step by step, in order of the days. `unlooked`: first and last days on which nobody looked."""
    told = [*_marks(outage, now), *_gaps(outage, now), *_limit(outage, judged), *map(_nobody_looked, unlooked)]
    return [words for _, words in sorted(told, key=lambda one: one[0])]


Dated = tuple[date, Text]


def _marks(outage: Outage, now: datetime) -> Iterable[Dated]:
    """Its first days and its last."""
    start, until = civil_day(outage.started_at), civil_day(outage.ended_at or now)
    n = (until - start).days
    yield start, say("{day}: it began, this is day 0", day=str(start))
    if n >= 1:
        first = start + timedelta(days=1)
        yield first, say("{day}: day 1, every civil day in Beijing time counts, holidays too", day=str(first))
    if outage.ended_at is not None:
        moment = _minute(outage.ended_at)
        yield until, say("{moment}: it opens again and stayed open, {days} days", moment=moment, days=n)
    elif n > 1:
        yield until, say("{day}: today is day {n}", day=str(until), n=n)


def _gaps(outage: Outage, now: datetime) -> Iterable[Dated]:
    """While it was open for less than 24 hours, and while it was off the inventory."""
    for begin, end in outage.gaps:
        told = {"start": _minute(begin), "end": _minute(end)}
        yield civil_day(begin), say("{start} to {end}: it opened for less than 24 hours, the count goes on", **told)
    if outage.up_since is not None and outage.ended_at is None:
        yield (
            civil_day(outage.up_since),
            say(
                "{moment}: it opens again, not seen open for 24 hours yet: the count goes on",
                moment=_minute(outage.up_since),
            ),
        )
    for begin, stop in outage.unwatched:
        first, last = civil_day(begin), civil_day(stop or outage.ended_at or now)
        yield first, say("{start} to {end}: not watched, the days count", start=str(first), end=str(last))


def _limit(outage: Outage, judged: Judged) -> Iterable[Dated]:
    """The last day inside the limit; of an outage that was over before, nothing."""
    start, n = civil_day(outage.started_at), judged.ceiling
    last = start + timedelta(days=n)
    if outage.ended_at is not None and civil_day(outage.ended_at) < last:
        return
    told: dict[str, str | int] = {"day": str(last), "limit": n}
    if judged.is_exempt:
        yield last, say("{day}: day {limit}; as it is filed its days are shown, and no limit of days counts", **told)
        return
    told |= {"over": str(last + timedelta(days=1)), "next": n + 1}
    if judged.closures:
        yield last, say("{day}: day {limit}, the last one of {limit} days; {over} begins day {next}", **told)
    else:
        yield (
            last,
            say("{day}: day {limit}, by the measure of a closure the last one; {over} begins day {next}", **told),
        )


def _nobody_looked(days: tuple[date, date]) -> Dated:
    first, last = days
    if first == last:
        return first, say("{day}: nobody looked on this day, it counts all the same", day=str(first))
    count = (last - first).days + 1
    told: dict[str, str | int] = {"start": str(first), "end": str(last), "count": count}
    return first, say("{start} to {end}: nobody looked on these {count} days, they count all the same", **told)


def _covering_most(outage: Outage, closures: Iterable[Declaration], until: datetime) -> Declaration | None:
    """Of equals the one filed first."""
    return max(closures, key=lambda one: (_shared(one, outage, until), -one.id), default=None)


def _shared(one: Declaration, outage: Outage, until: datetime) -> timedelta:
    return min(one.end or until, until) - max(one.start, outage.started_at)


def _closure(one: Declaration, outage: Outage, judged: Judged, records: Records) -> Closure:
    return Closure(
        declaration=one.id,
        kind=one.kind,
        start=one.start,
        end=one.end,
        planned_end=records.planned.get(one.id, one.end),
        number=one.number,
        by=one.by,
        filed_at=one.filed_at,
        is_late=records.first_told.get(one.id, one.filed_at) > max(one.start, outage.started_at),
        in_year=judged.places.get(one.id),
        approved_by=texts(one, "approved_by"),
        application=one.text("application"),
        ordered_by=one.text("ordered_by"),
        reason=one.text("reason"),
        security=one.fields.get("security") is True,
        reported=one.text("reported"),
        self_check=one.text("self_check"),
        police_check=one.text("police_check"),
        consents=texts(one, "consents"),
        restore_filed=one.text("restore_filed"),
    )


def _returned(one: Declaration) -> Returned:
    return Returned(one.id, one.start, one.number, one.text("filed_on"), one.by, one.filed_at)


def texts(one: Declaration, name: str) -> tuple[str, ...]:
    """A field that is a list, or a single text as one."""
    told = one.fields.get(name, ())
    return tuple(map(str, told)) if isinstance(told, list | tuple) else (str(told),)


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
