"""What is filed all the same and ought to be looked at again: a declaration may be so, and is seldom meant so.

Pure. Refused is only what cannot be: what people decided, approved or did is written down as it was, or the ledger would lie. Each
remark is told in the answer and kept in the log.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from monitor.clock import civil_day
from monitor.config.contradictions import Record
from monitor.config.declared import KINDS
from monitor.config.declaring import Draft, Problem
from monitor.config.plausible import NUMBER_YEAR, moment_of
from monitor.config.sequence import FOR_GOOD, before_launch, done_meanwhile
from monitor.model import CLOSURES, Declaration, DeclarationKind, say

LONG_AGO = timedelta(days=366)
"""What began longer ago is more often a mistyped year than a late filing."""
OLD = 2
"""Years: an approval as old as that is hardly of what begins now."""


def remarks(draft: Draft, corrects: int | None, record: Record, now: datetime) -> list[Problem]:
    """All of them, of a draft without problems. `record` is that of before it was filed."""
    if draft.start is None or draft.kind is None:
        return []
    others = record.others(corrects)
    return [
        *_of_target(draft, record),
        *_of_time(draft, draft.start, now),
        *_of_paper(draft, draft.start, corrects, record, others),
        *_of_sight(draft, draft.start, record, others),
        *_of_count(draft, draft.start, others),
    ]


def left_out(draft: Draft, earlier: Declaration, papers: Iterable[str]) -> Iterator[Problem]:
    """What `earlier` told, or bears as papers, and what comes in its place does not: gone, and seldom meant to be."""
    told = {f"set {name}": value for name, value in earlier.fields.items() if name not in draft.fields}
    if earlier.number and not draft.number:
        told["number"] = earlier.number
    if earlier.end is not None and draft.end is None:
        told["to"] = moment_of(earlier.end)
    told |= {f"attach {name}": name for name in papers if name not in {paper.name for paper in draft.papers}}
    advice = say("right where it was meant to go; amending keeps what is not told otherwise")
    for place, value in told.items():
        shown = "；".join(map(str, value)) if isinstance(value, list) else str(value)
        yield Problem(
            place, say("stands in declaration {id} ({value}) and is left out now", id=earlier.id, value=shown), advice
        )


def _of_target(draft: Draft, record: Record) -> Iterator[Problem]:
    if record.removed:
        words = say("{target} is no longer watched", target=draft.target)
        yield Problem("target", words, say("it stands in the ledger, and nothing is judged by it"))


def _of_time(draft: Draft, start: datetime, now: datetime) -> Iterator[Problem]:
    if start < now - LONG_AGO and draft.kind is not DeclarationKind.LAUNCH:
        words = say("{day} is more than a year ago", day=civil_day(start).isoformat())
        yield Problem("from", words, say("check the year"))
    if draft.kind is DeclarationKind.FORCE_MAJEURE and start > now:
        words = say("force majeure is filed ahead: nobody foresees it")
        yield Problem("from", words, say("what is planned is a temporary closure, and counts as one"))


def _of_paper(
    draft: Draft, start: datetime, corrects: int | None, record: Record, others: tuple[Declaration, ...]
) -> Iterator[Problem]:
    same = next((one for one in others if draft.number and _is_alike(one, draft)), None)
    if same is not None:
        words = say("declaration {id} bears the number “{number}” too", id=same.id, number=draft.number)
        yield Problem("number", words, say("one document may be of both; else correct one of them"))
    year = NUMBER_YEAR.search(draft.number)
    if year is not None and int(year[1]) <= civil_day(start).year - OLD:
        words = say("a document of {year} for what begins in {begun}", year=year[1], begun=civil_day(start).year)
        yield Problem("number", words, say("check the year"))
    for paper in draft.papers:
        filed, _ = record.papers.get(paper.sha256, (corrects, 0))
        if filed not in {corrects, None}:
            words = say("the very same paper is attached to declaration {id}", id=filed or 0)
            yield Problem(f"attach {paper.name}", words, say("one document may be of both; else correct one of them"))


def _is_alike(one: Declaration, draft: Draft) -> bool:
    return one.kind is draft.kind and one.number == draft.number


def _of_sight(draft: Draft, start: datetime, record: Record, others: tuple[Declaration, ...]) -> Iterator[Problem]:
    assert draft.kind is not None
    if draft.kind in CLOSURES and record.up_throughout:
        words = say("the website was seen to open in that time, and never seen down")
        yield Problem("from", words, say("check target and days; it counts as a closure all the same"))
    launch = before_launch(start, others) if draft.kind in FOR_GOOD else None
    if launch is not None:
        kind, day = KINDS[draft.kind].name.template, civil_day(launch.start).isoformat()
        words = say("{kind} before the launch of {day}, declaration {id}", kind=kind, day=day, id=launch.id)
        yield Problem("from", words, say("right where it was opened anew; else correct one of them"))


def _of_count(draft: Draft, start: datetime, others: tuple[Declaration, ...]) -> Iterator[Problem]:
    same = done_meanwhile(draft, start, others)
    if same is not None:
        words = say("declaration {id} is of this activity on the same days: together they count once", id=same.id)
        yield Problem("from", words, say("right where several offices did it; else withdraw one of them"))
