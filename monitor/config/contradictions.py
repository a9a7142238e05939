"""What the record says to a declaration: what there is nothing of, what it overlaps, what was seen to be otherwise.

Pure; who files gathers the `Record` from the store. Every problem says what to do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from monitor.clock import civil_day, civil_days
from monitor.config.declared import KINDS
from monitor.config.declaring import Draft, Problem, did_you_mean
from monitor.config.plausible import DONE, moment_of, not_yet, of_dates, of_number, of_papers
from monitor.config.sequence import (
    LIVING,
    before_launch,
    closed_for_good,
    comes_from,
    of_launch,
    orphans,
    returned_already,
    twin,
    until_of,
)
from monitor.model import CLOSURES, DESK_ID, Declaration, DeclarationKind, Outage, TargetKind, Text, say

FAR = timedelta(days=366)
"""Nothing is filed further ahead: a year is mistyped more easily than a closure planned so early."""

KIND_OF_TARGET = {
    TargetKind.SITE: say("websites"),
    TargetKind.COLUMN: say("columns"),
    TargetKind.ACCOUNT: say("accounts"),
    TargetKind.PAGE: say("pages"),
    TargetKind.LINK: say("links"),
    TargetKind.DESK: say("the duty desk"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of the target. `filed` counts and holds as long as it came to; `outages` running and over, oldest first."""

    kind: TargetKind | None  # None: there is no such target
    called: tuple[str, ...] = ()  # ids of targets that people call so
    near: tuple[str, ...] = ()  # ids that look like it
    filed: tuple[Declaration, ...] = ()
    outages: tuple[Outage, ...] = ()
    opens: bool | None = None  # the last look at the site; None: it could not look
    corrected: Declaration | None = None  # what `corrects` names; None: there is none
    corrected_by: int | None = None  # what corrected it already
    corrected_counts: bool = True
    incident_known: bool = True
    incident_of: tuple[str, ...] = ()  # names of what the incident of an order is about, where that is something else
    removed: bool = False  # it is no longer watched
    papers: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # by sha256: a declaration of it, its bytes
    up_throughout: bool = False  # over the span of the draft it was seen open, and never down

    def others(self, corrects: int | None) -> tuple[Declaration, ...]:
        """What counts besides what is corrected."""
        return tuple(one for one in self.filed if one.id != corrects)


def contradictions(draft: Draft, corrects: int | None, record: Record, now: datetime) -> list[Problem]:
    """Every problem there is with what could be read."""
    found = [*_of_target(draft, record)]
    if corrects is not None:
        found += _of_correction(draft, corrects, record)
    found += of_number(draft.number, now)
    found += of_papers(draft, record.papers)
    if draft.start is None or draft.kind is None:
        return found
    counts = record.corrected_counts or corrects is None
    others = record.others(corrects)
    found += of_dates(draft, draft.start, now)
    found += _of_span(draft, draft.start, others if counts else (), now)
    if counts:
        found += _of_record(draft, draft.start, record, others)
    of_kind = _OF_KIND.get(draft.kind)
    if of_kind is not None:
        found += of_kind(draft, draft.start, record, others, now)
    return found


def unknown_target(word: str, called: tuple[str, ...], near: tuple[str, ...]) -> Problem:
    """There is no target of that id; perhaps one that is called so, or one whose id looks like it."""
    meant = say('did you mean "{text}"?', text=called[0]) if called else did_you_mean(word, near)
    usual = say("write the id of a target as the inventory has it, or desk for the duty desk")
    return Problem("target", say("there is no target {target}", target=word), meant or usual)


def _of_target(draft: Draft, record: Record) -> Iterator[Problem]:
    if record.kind is None:
        yield unknown_target(draft.target, record.called, record.near)
    elif draft.kind is not None and record.kind not in KINDS[draft.kind].on:
        called, what = KINDS[draft.kind].name.template, KIND_OF_TARGET[record.kind].template
        on = ", ".join(sorted(one.value for one in KINDS[draft.kind].on))
        words = say("{kind} is not filed for {what}", kind=called, what=what)
        yield Problem("target", words, say("it is filed for targets of kind {kinds}", kinds=on))


def _of_correction(draft: Draft, corrects: int, record: Record) -> Iterator[Problem]:
    place, earlier = "corrects", record.corrected
    if earlier is None:
        words = say("there is no declaration {id}", id=corrects)
        yield Problem(place, words, say("the list of declarations shows the numbers"))
        return
    if record.corrected_by is not None:
        words = say("declaration {id} was corrected by {by}", id=corrects, by=record.corrected_by)
        yield Problem(place, words, say("amend declaration {by}", by=record.corrected_by))
    elif not record.corrected_counts:
        yield Problem(place, say("declaration {id} was withdrawn", id=corrects), say("file it anew"))
    if earlier.target != draft.target:
        words = say("declaration {id} is of {target}", id=corrects, target=_name(earlier.target))
        yield Problem(place, words, say("withdraw it and file a new one"))
    if draft.kind is not None and earlier.kind is not draft.kind:
        words = say("declaration {id} is of kind {kind}", id=corrects, kind=KINDS[earlier.kind].name.template)
        yield Problem(place, words, say("withdraw it and file a new one"))


def _of_span(draft: Draft, start: datetime, others: Sequence[Declaration], now: datetime) -> Iterator[Problem]:
    if start > now + FAR:
        words = say("{day} is more than a year ahead", day=civil_day(start).isoformat())
        yield Problem("from", words, say("check the year"))
    elif draft.kind in DONE:
        yield from not_yet(draft, start, now)
    if draft.kind is DeclarationKind.ACCOUNT_CLOSING:
        rivals = {DeclarationKind.ACCOUNT_CLOSING}
    else:
        rivals = set(CLOSURES) if draft.kind in CLOSURES else set()
    for other in others:
        if other.kind in rivals and _overlap(start, draft.end, other):
            words = say(
                "overlaps declaration {id} ({kind}, {start} to {end})",
                id=other.id,
                kind=KINDS[other.kind].name.template,
                start=civil_day(other.start).isoformat(),
                end="…" if other.end is None else civil_days(other.start, other.end)[1].isoformat(),
            )
            yield Problem("from", words, _correct(other), conflict=True)


def _overlap(start: datetime, end: datetime | None, other: Declaration) -> bool:
    return (end is None or other.start < end) and (other.end is None or start < other.end)


def _of_record(draft: Draft, start: datetime, record: Record, others: Sequence[Declaration]) -> Iterator[Problem]:
    """What was filed already, or is of a time before the launch; returns a correction would leave without a closure."""
    if draft.kind not in CLOSURES and (same := twin(draft, start, others)) is not None:
        words = say("is filed already: declaration {id}, by {who}", id=same.id, who=same.by)
        advice = say("nothing is to be done; to add to it, amend declaration {id}", id=same.id)
        yield Problem("from", words, advice, conflict=True)
    elif draft.kind is DeclarationKind.LAUNCH:
        yield from of_launch(start, others)
    if draft.kind in LIVING and (launch := before_launch(start, others)) is not None:
        day = civil_day(launch.start).isoformat()
        words = say("lies before the launch of {day}, declaration {id}", day=day, id=launch.id)
        yield Problem("from", words, _correct(launch), conflict=True)
    if record.corrected is not None:
        yield from left_alone("from", orphans(record.corrected, start, record.filed, record.outages))


def left_alone(place: str, returns: Sequence[Declaration]) -> Iterator[Problem]:
    """Returns that would be from nothing any more."""
    for one in returns:
        day = civil_day(one.start).isoformat()
        words = say("declaration {id}, the return of {day}, would be left without a closure", id=one.id, day=day)
        yield Problem(place, words, say("withdraw declaration {by}", by=one.id), conflict=True)


def _correct(other: Declaration) -> Text:
    return say("amend declaration {id}, its days too where they are wrong, or withdraw it", id=other.id)


def _of_return(
    draft: Draft, start: datetime, record: Record, others: Sequence[Declaration], now: datetime
) -> Iterator[Problem]:
    if start > now:
        yield Problem("from", say("a return is filed when it has happened"), say("file it on the day"))
        return
    if not comes_from(start, others, record.outages):
        words = say("no outage and no closure of it is on record before {moment}", moment=moment_of(start))
        yield Problem("from", words, say("check target, day and time of day"))
        return
    if (gone := closed_for_good(start, others)) is not None:
        words = say("closed for good since {day}: declaration {id}", day=civil_day(gone.start).isoformat(), id=gone.id)
        advice = say("it opens anew with a launch; was the closure wrong, withdraw it")
        yield Problem("from", words, advice, conflict=True)
        return
    same = returned_already(start, now, others, record.outages)
    if same is not None and twin(draft, start, (same,)) is None:
        words = say(
            "that return is on record: declaration {id}, {day}", id=same.id, day=civil_day(same.start).isoformat()
        )
        yield Problem("from", words, _correct(same), conflict=True)
        return
    yield from _is_open(start, record)


def _is_open(start: datetime, record: Record) -> Iterator[Problem]:
    out = [one for one in record.outages if one.started_at < until_of(start)]
    running = next((one for one in out if one.ended_at is None), None)
    if running is None:
        return
    if running.up_since is None and record.opens:
        words = say("the website opens again, but that is not confirmed yet")
        yield Problem("target", words, say("file it once three looks in a row have found it open, in a few minutes"))
    elif running.up_since is None or record.opens is False:
        words = say("the website does not open: it was seen to fail when last looked at")
        yield Problem("target", words, say("file the return when it opens"))


def _of_order(
    draft: Draft, start: datetime, record: Record, _others: Sequence[Declaration], now: datetime
) -> Iterator[Problem]:
    found = draft.fields.get("found_at")
    if isinstance(found, str) and _instant(found) > start:
        words = say(
            "found ({found}) after the order was given ({start})",
            found=moment_of(_instant(found)),
            start=moment_of(start),
        )
        yield Problem("set found_at", words, say("check both"))
    fixed = draft.fields.get("fixed_at")
    if isinstance(fixed, str):
        instant = _instant(fixed)
        if instant < start:
            words = say(
                "put right ({fixed}) before the order was given ({start})",
                fixed=moment_of(instant),
                start=moment_of(start),
            )
            yield Problem("set fixed_at", words, say("check both; a problem put right needs no order"))
        if instant > now:
            words = say("{moment} lies in the future", moment=moment_of(instant))
            yield Problem("set fixed_at", words, say("tell it once it is done"))
    if not record.incident_known:
        number = draft.fields.get("incident", 0)
        words = say("there is no incident {id}", id=number if isinstance(number, int) else str(number))
        yield Problem("set incident", words, say("the list of incidents shows the numbers"))
    if record.incident_of:
        words = say(
            "incident {id} is about {targets}", id=str(draft.fields["incident"]), targets=", ".join(record.incident_of)
        )
        yield Problem(
            "set incident", words, say("an order names an incident of its own site; the list of incidents shows them")
        )


def _of_closing(
    draft: Draft, start: datetime, _record: Record, _others: Sequence[Declaration], _now: datetime
) -> Iterator[Problem]:
    gone = draft.fields.get("deregistered")
    if isinstance(gone, str) and date.fromisoformat(gone) < civil_day(start):
        words = say("deregistered ({day}) before it was announced ({start})", day=gone, start=moment_of(start))
        yield Problem("set deregistered", words, say("check both: the notice comes first"))


_OF_KIND: dict[
    DeclarationKind, Callable[[Draft, datetime, Record, Sequence[Declaration], datetime], Iterator[Problem]]
] = {
    DeclarationKind.RETURN: _of_return,
    DeclarationKind.ORDER: _of_order,
    DeclarationKind.ACCOUNT_CLOSING: _of_closing,
}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _name(target: str) -> str:
    return say("the duty desk").template if target == DESK_ID else target
