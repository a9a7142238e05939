"""A declaration against today and against itself: what lies ahead, stands in the wrong order, or is of a paper that cannot be.

Pure; asks nothing of the record but the papers on it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from monitor.clock import SHANGHAI, civil_day, civil_days
from monitor.config.declared import KINDS
from monitor.config.declaring import Draft, Problem
from monitor.model import DeclarationKind, say

DONE = frozenset({DeclarationKind.ACTIVITY, DeclarationKind.ORDER})
"""What is on record once it has happened."""
IN_ORDER = (("handed_in", "filed_on"),)
"""Days of a declaration of which the first comes first."""
NOT_BEFORE = ("restore_filed", "self_check", "police_check")
"""Days of a closure that lie within it."""
NUMBER_YEAR = re.compile(r"[〔\[（(【]\s*((?:19|20)\d\d)\s*[〕\]）)】]")
"""The year of a document number: 韶府办〔2026〕5号."""


def of_number(number: str, now: datetime) -> Iterator[Problem]:
    """A document of a year that has not begun."""
    year, present = NUMBER_YEAR.search(number), civil_day(now).year
    if year is not None and int(year[1]) > present:
        words = say("a document of {year} cannot be there yet: “{number}”", year=year[1], number=number)
        yield Problem("number", words, say("check the year"))


def of_papers(draft: Draft, known: Mapping[str, tuple[int, int]]) -> Iterator[Problem]:
    """One content has one size, here and in what was filed before."""
    sizes = {sha: size for sha, (_, size) in known.items()}
    for paper in draft.papers:
        size = sizes.setdefault(paper.sha256, paper.bytes)
        if size != paper.bytes and paper.sha256 and not paper.trouble:
            said = {"n": paper.bytes, "was": size}
            words = say("has {n} bytes, and the paper of the same sha256 on record has {was}", **said)
            yield Problem(f"attach {paper.name}", words, say("attach the file anew"))


def of_dates(draft: Draft, start: datetime, now: datetime) -> Iterator[Problem]:
    """Days on which something was done lie neither ahead nor in the wrong order."""
    assert draft.kind is not None
    known = KINDS[draft.kind].fields
    days = {name: str(day) for name, day in draft.fields.items() if name in known and known[name].form == "date"}
    for name, day in days.items():
        if date.fromisoformat(day) > civil_day(now):
            yield Problem(f"set {name}", say("{moment} lies in the future", moment=day), say("tell it once it is done"))
    for first, then in IN_ORDER:
        if first in days and then in days and days[then] < days[first]:
            said = {"day": days[then], "field": first, "before": days[first]}
            yield Problem(f"set {then}", say("{day} is before {field} ({before})", **said), say("check both days"))
    begun = civil_day(start).isoformat()
    for name in NOT_BEFORE:
        if name in days and days[name] < begun:
            words = say("{day} is before the closure begins ({start})", day=days[name], start=begun)
            yield Problem(f"set {name}", words, say("check both days"))
    over = civil_days(start, draft.end)[1].isoformat()
    if draft.kind is DeclarationKind.ACTIVITY and days.get("reported", over) < over:
        words = say("{day} is before it was over ({end})", day=days["reported"], end=over)
        yield Problem("set reported", words, say("check both days"))


def not_yet(draft: Draft, start: datetime, now: datetime) -> Iterator[Problem]:
    """What was done cannot lie ahead, neither its beginning nor its last day."""
    if start > now:
        is_order = draft.kind is DeclarationKind.ORDER
        advice = say("file it once it is sent") if is_order else say("file it once it is done")
        yield Problem("from", say("{moment} lies in the future", moment=moment_of(start)), advice)
    elif draft.end is not None and civil_days(start, draft.end)[1] > civil_day(now):
        words = say("{moment} lies in the future", moment=moment_of(draft.end))
        yield Problem("to", words, say("file it once it is done"))


def moment_of(instant: datetime) -> str:
    """As people write it, by the clock of Beijing."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
