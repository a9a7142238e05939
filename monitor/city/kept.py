"""Notices that are to stay up: thirty days of a site that closes for good, that of a move or a closure until it ends, an account's 15 working days.

Pure. The days are those of domain.md §10, written here a second time: a floor of 30 days is kept at the end of day 30 (民法典 art. 201).
A notice is looked at once a day, and again after an hour. An account that is deregistered before its days are over breaks it for good.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from monitor.city.closures import brought, entered, filings
from monitor.city.days import DAY, midnight, workdays_later
from monitor.city.filings import Filing
from monitor.city.notices import field_of
from monitor.city.plan import Account, Site
from monitor.city.sight import Case, Sight
from monitor.city.spans import FAR, Span, merged, minus, within
from monitor.city.terms import OUTAGES, Unit, allowed, cadence, window
from monitor.clock import civil_day, day_start
from monitor.model import Cause, DeclarationKind

_FOR_GOOD = (DeclarationKind.PERMANENT_OFFLINE,)
_MOVES = (DeclarationKind.MIGRATION,)
_A_WHILE = (DeclarationKind.TEMPORARY_OFFLINE,)


class Notice(NamedTuple):
    """Which notice of which declarations: for so many days, working days, or (neither) until the declaration ends."""

    rule: str
    of: tuple[DeclarationKind, ...]
    field: str
    days: int = 0
    working_days: int = 0


NOTICES = (
    Notice("national-2019/N-MOVE-30", _FOR_GOOD, "own_notice", days=30),
    Notice("national-2019/N-MOVE-DOMAIN", _MOVES, "own_notice"),
    Notice("national-2019/N-OFF-OWN", _A_WHILE, "own_notice"),
    Notice("national-2019/N-OFF-PORTAL", _A_WHILE, "portal_notice"),
    Notice("shaoguan-2023/migration-notice", _FOR_GOOD, "own_notice", days=30),
    Notice("zhongshan-2020/migration-notice", _FOR_GOOD, "own_notice", days=30),
    Notice("shaoguan-2023/offline-own-notice", _A_WHILE, "own_notice"),
    Notice("zhongshan-2020/offline-own-notice", _A_WHILE, "own_notice"),
    Notice("shaoguan-2023/offline-portal-notice", _A_WHILE, "portal_notice"),
    Notice("zhongshan-2020/offline-portal-notice", _A_WHILE, "portal_notice"),
    Notice("shaoguan-2023/domain-change-notice", _MOVES, "own_notice"),
    Notice("zhongshan-2020/closing-notice", (DeclarationKind.ACCOUNT_CLOSING,), "notice", working_days=15),
)

_UNSURE = frozenset({"maintenance", "soft_error", "challenged", "hijacked"})
"""Pages that may bear the site's name, or tell nothing of the notice."""


class _Broken(NamedTuple):
    """A notice that is not there: in `spans`, unsure in `dim`; `by_clock`: the record says so, no look is needed."""

    spans: list[Span]
    dim: list[Span]
    rule: str
    by_clock: bool = False


def notices(sight: Sight) -> Iterator[Unit]:
    """Every unit of notices that are not kept; of several at a target one incident tells."""
    for target in sight.targets:
        if isinstance(sight.plan.by_name.get(target), Site | Account):
            broken = [one for filed in filings(sight, target) for one in _broken(sight, target, filed)]
            for whole in merged(span for one in broken for span in one.spans):
                yield _unit(sight, target, whole, [one for one in broken if within(one.spans, [whole])])


def _unit(sight: Sight, target: str, whole: Span, broken: list[_Broken]) -> Unit:
    made = [_made(sight, target, one, within(one.spans, [whole])) for one in broken]
    due = min((one for one in made if one.due is not None), key=_due, default=made[0])
    return replace(due, start=whole[0], end=None if whole[1] >= FAR else whole[1])


def _due(unit: Unit) -> datetime:
    assert unit.due is not None
    return unit.due


def _made(sight: Sight, target: str, one: _Broken, spans: list[Span]) -> Unit:
    case = Case(target, Cause.NOTICE_KEPT, "notice_gone", one.rule, spans, one.dim)
    terms = sight.terms
    needed = cadence(terms, "notice_gone", target) + window(terms, "notice_gone")
    wait = allowed(terms, "notice_gone", target)
    if one.by_clock:
        needed, wait = terms.page * 0, terms.group + terms.allowance
    unit = sight.unit(case, needed, wait)
    assert unit is not None
    return unit


def _broken(sight: Sight, target: str, filed: Filing) -> Iterator[_Broken]:
    for asked in NOTICES:
        if filed.kind not in asked.of or asked.rule.partition("/")[0] not in sight.terms.rules:
            continue
        yield from _early(sight, filed, asked)
        if asked.field in filed.notices:
            owed = max(filed.start, brought(sight, filed.at)), _until(filed, asked)
            one = _gone(sight, target, filed, asked, owed)
            if one.spans:
                yield one


def _until(filed: Filing, asked: Notice) -> datetime:
    """Until before when it is owed; a closure for a while ends it, whatever its days."""
    if asked.days:
        return midnight(civil_day(filed.start) + (asked.days + 1) * DAY)
    last = workdays_later(civil_day(filed.start), asked.working_days) if asked.working_days else None
    return midnight(last + DAY) if last is not None else filed.end or FAR


def _gone(sight: Sight, target: str, filed: Filing, asked: Notice, owed: Span) -> _Broken:
    """Taken off, or where the own page does not open; of a site closed for a while its own notice cannot be read."""
    missing = [sight.span(one) for one in sight.on(target, "notice_gone") if field_of(one) == asked.field]
    dim: list[Span] = []
    if asked.field == "own_notice":
        off = sight.shown(target, OUTAGES)
        if filed.kind in _A_WHILE:
            missing = minus(missing, off)
        else:
            missing = [*missing, *off]
        dim = sight.shown(target, _UNSURE)
    begun = [span for span in merged(missing) if span[0] < owed[1] and span[1] > owed[0]]
    # Once the days of a floor are over it cannot be made good: what was missing stays so until it is back.
    whole = begun if asked.days or asked.working_days else within(begun, [owed])
    return _Broken([(max(begin, owed[0]), end) for begin, end in whole], dim, asked.rule)


def _early(sight: Sight, filed: Filing, asked: Notice) -> Iterator[_Broken]:
    if not asked.working_days or "deregistered" not in filed.dated:
        return
    told = filed.dated["deregistered"]
    day = day_start(civil_day(told))
    if day < _until(filed, asked):
        known = max(day, entered(sight, filed, told), sight.start)
        yield _Broken([(known, FAR)], [], asked.rule, by_clock=True)
