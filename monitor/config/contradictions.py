"""What the record says to a declaration: what there is nothing of, what it overlaps, what was seen to be otherwise.

Pure; who files gathers the `Record` from the store. Every problem says what to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.clock import SHANGHAI, civil_day, day_start
from monitor.config.declared import KINDS
from monitor.config.declaring import Draft, Problem, did_you_mean
from monitor.model import CLOSURES, DESK_ID, Declaration, DeclarationKind, Outage, TargetKind, say

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


def contradictions(draft: Draft, corrects: int | None, record: Record, now: datetime) -> list[Problem]:
    """Every problem there is with what could be read."""
    found = [*_of_target(draft, record)]
    if corrects is not None:
        found += _of_correction(draft, corrects, record)
    if draft.start is None or draft.kind is None:
        return found
    found += _of_span(draft, draft.start, corrects, record, now)
    of_kind = _OF_KIND.get(draft.kind)
    if of_kind is not None:
        found += of_kind(draft, draft.start, record, now)
    return found


def unknown_target(word: str, called: tuple[str, ...], near: tuple[str, ...]) -> Problem:
    """There is no target of that id; perhaps one that is called so, or one whose id looks like it."""
    meant = say('did you mean "{text}"?', text=called[0]) if called else did_you_mean(word, near)
    usual = say("write the id of a target as the inventory has it, or * for the duty desk")
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
        yield Problem(place, words, say("`zhishou declare list` shows the numbers"))
        return
    if record.corrected_by is not None:
        words = say("declaration {id} was corrected by {by}", id=corrects, by=record.corrected_by)
        yield Problem(place, words, say("correct declaration {by}", by=record.corrected_by))
    elif not record.corrected_counts:
        yield Problem(place, say("declaration {id} was withdrawn", id=corrects), say("file it anew"))
    if earlier.target != draft.target:
        words = say("declaration {id} is of {target}", id=corrects, target=_name(earlier.target))
        yield Problem(place, words, say("withdraw it and file a new one"))
    if draft.kind is not None and earlier.kind is not draft.kind:
        words = say("declaration {id} is of kind {kind}", id=corrects, kind=KINDS[earlier.kind].name.template)
        yield Problem(place, words, say("withdraw it and file a new one"))


def _of_span(draft: Draft, start: datetime, corrects: int | None, record: Record, now: datetime) -> Iterator[Problem]:
    if start > now + FAR:
        words = say("{day} is more than a year ahead", day=civil_day(start).isoformat())
        yield Problem("from", words, say("check the year"))
    if draft.kind is DeclarationKind.ACCOUNT_CLOSING:
        rivals = {DeclarationKind.ACCOUNT_CLOSING}
    else:
        rivals = set(CLOSURES) if draft.kind in CLOSURES else set()
    for other in record.filed if corrects is None or record.corrected_counts else ():
        if other.kind in rivals and other.id != corrects and _overlap(start, draft.end, other):
            words = say(
                "overlaps declaration {id} ({kind}, {start} to {end})",
                id=other.id,
                kind=KINDS[other.kind].name.template,
                start=civil_day(other.start).isoformat(),
                end="…" if other.end is None else civil_day(other.end - timedelta(milliseconds=1)).isoformat(),
            )
            yield Problem("from", words, say("correct that one with --corrects {id}, or withdraw it", id=other.id))


def _overlap(start: datetime, end: datetime | None, other: Declaration) -> bool:
    return (end is None or other.start < end) and (other.end is None or start < other.end)


def _of_return(draft: Draft, start: datetime, record: Record, now: datetime) -> Iterator[Problem]:
    assert draft.kind is not None
    if start > now:
        yield Problem("from", say("a return is filed when it has happened"), say("file it on the day"))
        return
    closed = any(one.kind in CLOSURES and one.start < start for one in record.filed)
    until = start + timedelta(days=1) if start == day_start(civil_day(start)) else start  # often only the day is told
    out = [one for one in record.outages if one.started_at < until]
    if not closed and not out:
        words = say("no outage and no closure of it is on record before {moment}", moment=_at(start))
        yield Problem("from", words, say("check target, day and time of day"))
        return
    running = next((one for one in out if one.ended_at is None), None)
    if running is None:
        return
    if running.up_since is None and record.opens:
        words = say("the website opens again, but that is not confirmed yet")
        yield Problem("target", words, say("file it once three looks in a row have found it open, in a few minutes"))
    elif running.up_since is None or record.opens is False:
        words = say("the website does not open: it was seen to fail when last looked at")
        yield Problem("target", words, say("file the return when it opens"))


def _of_order(draft: Draft, start: datetime, record: Record, now: datetime) -> Iterator[Problem]:
    fixed = draft.fields.get("fixed_at")
    if isinstance(fixed, str):
        instant = datetime.fromisoformat(fixed)
        if instant < start:
            words = say(
                "put right ({fixed}) before the order was given ({start})", fixed=_at(instant), start=_at(start)
            )
            yield Problem("set fixed_at", words, say("check both; a problem put right needs no order"))
        if instant > now:
            words = say("{moment} lies in the future", moment=_at(instant))
            yield Problem("set fixed_at", words, say("tell it once it is done"))
    if not record.incident_known:
        number = draft.fields.get("incident", 0)
        words = say("there is no incident {id}", id=number if isinstance(number, int) else str(number))
        yield Problem("set incident", words, say("`zhishou incidents` shows the numbers"))


def _of_closing(draft: Draft, start: datetime, record: Record, now: datetime) -> Iterator[Problem]:  # noqa: ARG001
    gone = draft.fields.get("deregistered")
    if isinstance(gone, str) and date.fromisoformat(gone) < civil_day(start):
        words = say("deregistered ({day}) before it was announced ({start})", day=gone, start=_at(start))
        yield Problem("set deregistered", words, say("check both: the notice comes first"))


_OF_KIND: dict[DeclarationKind, Callable[[Draft, datetime, Record, datetime], Iterator[Problem]]] = {
    DeclarationKind.RETURN: _of_return,
    DeclarationKind.ORDER: _of_order,
    DeclarationKind.ACCOUNT_CLOSING: _of_closing,
}


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _name(target: str) -> str:
    return say("the duty desk").template if target == DESK_ID else target
