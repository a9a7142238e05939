"""Messages of the public (留言) that nobody answered in time: when their site owes an answer that is overdue.

Pure. The limits are those of the packs, written here a second time: working days by class, counted from the day after receipt,
and three calendar months (domain.md §12). Of several messages one incident tells. No pack says it of accounts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from monitor.city.closures import brought, by_the_clock
from monitor.city.days import DAY, midnight, months_later, workdays_later
from monitor.city.filings import Letter, letter_of
from monitor.city.plan import Site
from monitor.city.sight import Case, Sight
from monitor.city.spans import FAR, merged, minus
from monitor.city.terms import AFTERGLOW, Unit
from monitor.clock import civil_day
from monitor.model import Cause, EntryKind, MessageClass

WORKING_DAYS: Mapping[str, tuple[MessageClass, int]] = {
    "national-2019/N-ZHAOCUO": (MessageClass.JIUCUO, 3),
    "shaoguan-2023/jiucuo": (MessageClass.JIUCUO, 1),
    "zhongshan-2020/jiucuo": (MessageClass.JIUCUO, 1),
    "zizhizhou-2020/jiucuo": (MessageClass.JIUCUO, 3),
    "zizhizhou-2020/consulting": (MessageClass.CONSULTING, 7),
    "zizhizhou-2020/handling": (MessageClass.HANDLING, 15),
}
MONTHS = 3
VETO, OUTER = "national-2019/N-MSG", "zizhizhou-2020/any-message"
"""Three months for every message; the national one is no rule of 找错, and a veto: its incident opens at the last warning."""
LAST_WARNING, WITHIN = 7 * DAY, 12  # months


class _Late(NamedTuple):
    """A message overdue by one rule, in the register at `known` at the latest. `sure`: the days are known by which its limit was counted."""

    begin: datetime
    end: datetime
    rule: str
    known: datetime
    sure: bool = True
    by_page: bool = False


def overdue(sight: Sight) -> Iterator[Unit]:
    """A unit for each stretch in which at least one message of a target is overdue."""
    for target in sight.targets:
        if not isinstance(sight.plan.by_name.get(target), Site):
            continue
        letters = [letter_of(event, sight.start) for event in sight.on(target, "message")]
        late = sorted(piece for one in letters for piece in _late(sight, one))
        sure = [one for one in late if one.sure]
        for begin, end in merged((one.begin, one.end) for one in sure):
            yield _overdue(sight, target, [one for one in sure if begin <= one.begin < end], end)
        for one in late:
            if not one.sure and one.begin < one.end:
                case = Case(target, Cause.ANSWERED_WITHIN, "message", one.rule, [(one.begin, one.end)])
                yield replace(by_the_clock(sight, case), due=None)


def _overdue(sight: Sight, target: str, pieces: list[_Late], end: datetime) -> Unit:
    """Due once a message is over its limit and in the register; what a page shows is known a look later, its answer too."""
    first = pieces[0]
    told = [max(one.begin, one.known) for one in pieces if one.known < one.end]
    case = Case(target, Cause.ANSWERED_WITHIN, "message", first.rule, [(min(told, default=first.begin), end)])
    unit = by_the_clock(sight, case)
    if not any(one.by_page for one in pieces):
        return unit
    glow = sight.glow(end, _looked(sight) + AFTERGLOW)
    return replace(unit, start=min(first.begin, unit.start), due=unit.due if told else None, glow=glow)


def _late(sight: Sight, one: Letter) -> Iterator[_Late]:
    """By each rule: from the first instant after its limit to the answer, or to when the rule asks no more."""
    if one.by_page:
        yield from _late_by_page(sight, one)
        return
    answered = FAR if one.answered is None else brought(sight, one.answered)
    yield from _limits(sight, one, answered, one.at)


def _late_by_page(sight: Sight, one: Letter) -> Iterator[_Late]:
    """As the list of the site tells it: known a look later, its answer too; so one answered shortly before its limit may be called late."""
    page = next(entry.name for entry in sight.plan.site_of(one.target).entries if entry.kind is EntryKind.REPLIES)
    answered = one.answered or FAR
    read = answered if answered == FAR else _known(sight, page, answered)
    for piece in _limits(sight, one, answered, _known(sight, page, one.at)):
        if piece.begin < piece.end:
            yield piece._replace(by_page=True)
        elif piece.sure and piece.begin < read:
            yield piece._replace(end=read, sure=False)


def _known(sight: Sight, page: str, at: datetime) -> datetime:
    """When what stands on that page since then was read at the latest: it could be for the length of a cadence."""
    hidden = merged([*sight.covered(page), *sight.muted(page), *sight.ours])
    looked = _looked(sight)
    return next((begin + looked for begin, end in minus([(at, FAR)], hidden) if end - begin >= looked), FAR)


def _looked(sight: Sight) -> timedelta:
    return sight.terms.page


def _limits(sight: Sight, one: Letter, answered: datetime, known: datetime) -> Iterator[_Late]:
    received = civil_day(one.at)
    for rule, (cls, days) in WORKING_DAYS.items():
        if one.cls is cls and is_loaded(sight, rule):
            last = workdays_later(received, days)
            earliest = received + days * DAY  # in a year whose holidays nobody knows yet
            yield _Late(_after(last or earliest), answered, rule, known, last is not None)
    last = months_later(received, MONTHS)
    if is_loaded(sight, OUTER):
        yield _Late(_after(last), answered, OUTER, known)
    if one.cls is not MessageClass.JIUCUO and is_loaded(sight, VETO):
        yield _Late(midnight(last - LAST_WARNING), min(answered, _after(months_later(received, WITHIN))), VETO, known)


def is_loaded(sight: Sight, rule: str) -> bool:
    """Whether the pack of that rule is among those of the scenario."""
    return rule.partition("/")[0] in sight.terms.rules


def _after(last: date) -> datetime:
    return midnight(last + DAY)
