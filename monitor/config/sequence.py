"""What of a target may follow what: a return comes after a closure or an outage, a launch before them, and nothing is filed twice.

Pure; over what counts of a target, each closure with the end it came to. Every problem says what to do.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from monitor.clock import civil_day, civil_days, day_start
from monitor.config.declared import KINDS
from monitor.config.declaring import Draft, Problem
from monitor.model import CLOSURES, Declaration, DeclarationKind, Outage, say
from monitor.model.activities import is_activity

FOR_GOOD = frozenset({DeclarationKind.PERMANENT_OFFLINE, DeclarationKind.ACCOUNT_CLOSING})
"""What ends a site or an account: after it there may be another launch."""
LIVING = frozenset(CLOSURES - FOR_GOOD | {DeclarationKind.RETURN, DeclarationKind.SPONSOR_CHANGE})
"""What only something launched can have. What is closed for good may have lived before any launch on record."""

_DAY = timedelta(days=1)
_MOMENT = timedelta(milliseconds=1)


def until_of(instant: datetime) -> datetime:
    """The end of what an instant may mean: often only the day is told, and midnight stands for it."""
    return instant + _DAY if instant == day_start(civil_day(instant)) else instant


def comes_from(at: datetime, filed: Iterable[Declaration], outages: Iterable[Outage]) -> bool:
    """Whether there is anything a return of that instant can be from."""
    closed = any(one.kind in CLOSURES and one.start < at for one in filed)
    return closed or any(one.started_at < until_of(at) for one in outages)


def closed_for_good(at: datetime, filed: Iterable[Declaration]) -> Declaration | None:
    """The permanent closure that holds at that instant."""
    kind = DeclarationKind.PERMANENT_OFFLINE
    return next((one for one in filed if one.kind is kind and one.start < at and one.covers(at)), None)


def returned_already(
    at: datetime, known: datetime, others: Sequence[Declaration], outages: Sequence[Outage]
) -> Declaration | None:
    """Another return from the very closure or outage that a return of that instant, written `known`, is from."""
    begun = sorted({
        *(one.start for one in others if one.kind in CLOSURES),
        *(one.started_at for one in outages),
    })  # fmt: skip

    def last_before(instant: datetime, written: datetime) -> datetime | None:
        return max((one for one in begun if one < until_of(instant) and one <= written), default=None)

    mine = last_before(at, known)
    same = (
        one
        for one in others
        if one.kind is DeclarationKind.RETURN and last_before(one.start, one.filed_at) == mine is not None
    )
    return next(same, None)


def orphans(
    gone: Declaration, start: datetime | None, filed: Iterable[Declaration], outages: Sequence[Outage]
) -> list[Declaration]:
    """Returns that nothing would be left for, were this closure taken back (`start` None) or to begin at `start`."""
    if gone.kind not in CLOSURES:
        return []
    rest = [one for one in filed if one.id != gone.id]
    returns = [one for one in rest if one.kind is DeclarationKind.RETURN and gone.start < one.start]
    return [
        one for one in returns if (start is None or start >= one.start) and not comes_from(one.start, rest, outages)
    ]


def of_launch(start: datetime, others: Sequence[Declaration]) -> Iterator[Problem]:
    """A second launch with no end between the two; what was filed of it before it was launched."""
    day = civil_day(start)
    ends = [civil_day(one.start) for one in others if one.kind in FOR_GOOD]
    launches = [one for one in others if one.kind is DeclarationKind.LAUNCH]
    for one in launches:
        first, last = sorted((civil_day(one.start), day))
        if not any(first <= end <= last for end in ends):
            words = say("it was launched already: declaration {id}, {day}", id=one.id, day=_day(one.start))
            advice = say("amend declaration {id}, its days too where they are wrong, or withdraw it", id=one.id)
            yield Problem("from", words, advice, conflict=True)
            return
    if any(civil_day(one.start) < day for one in (*launches, *others) if one in launches or one.kind in FOR_GOOD):
        return
    early = next((one for one in others if one.kind in LIVING and civil_day(one.start) < day), None)
    if early is not None:
        said: dict[str, str | int] = {"id": early.id, "kind": KINDS[early.kind].name.template, "day": _day(early.start)}
        words = say("declaration {id} ({kind}, {day}) is of a time before this launch", **said)
        yield Problem("from", words, say("check both days"), conflict=True)


def before_launch(start: datetime, others: Sequence[Declaration]) -> Declaration | None:
    """The first launch on record, when this begins before it."""
    launches = sorted((one for one in others if one.kind is DeclarationKind.LAUNCH), key=lambda one: one.start)
    return launches[0] if launches and civil_day(start) < civil_day(launches[0].start) else None


def twin(draft: Draft, start: datetime, others: Iterable[Declaration]) -> Declaration | None:
    """What was filed already: of the same kind and span, and nothing that both of them tell differs.

    What was done is the same under any of its names, and while the other was going on; not where it went on for longer.
    """
    for one in others:
        numbers = not one.number or not draft.number or one.number == draft.number
        if one.kind is draft.kind and numbers and _same_span(draft, start, one) and _same_fields(draft, one):
            return one
    return None


def done_meanwhile(draft: Draft, start: datetime, others: Iterable[Declaration]) -> Declaration | None:
    """Another record of this activity of the same days: rules count the two as one (done_every)."""
    if draft.kind is not DeclarationKind.ACTIVITY:
        return None
    first, last = civil_days(start, draft.end)
    for one in others:
        began, over = civil_days(one.start, one.end)
        if one.kind is draft.kind and first <= over and began <= last and _same_activity(draft, one):
            return one
    return None


def _same_span(draft: Draft, start: datetime, one: Declaration) -> bool:
    if draft.kind is not DeclarationKind.ACTIVITY:
        return (one.start, one.end) == (start, draft.end)
    if civil_days(start, draft.end)[1] > civil_days(one.start, one.end)[1]:
        return False  # it tells of days the other does not
    return start < (one.end or one.start + _MOMENT) and one.start < (draft.end or start + _MOMENT)


def _same_fields(draft: Draft, one: Declaration) -> bool:
    names = set(draft.fields)
    if draft.kind is DeclarationKind.ACTIVITY:
        names &= {"units"}  # another report of it, or one told later, makes no other of it
        if not _same_activity(draft, one):
            return False
    return all(one.fields.get(name, draft.fields[name]) == draft.fields[name] for name in names)


def _same_activity(draft: Draft, one: Declaration) -> bool:
    return is_activity(one.text("activity"), str(draft.fields.get("activity", "")))


def _day(instant: datetime) -> str:
    return civil_day(instant).isoformat()
