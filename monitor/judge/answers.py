"""By when one message is to be answered: of all rules about it the strictest, and how many working days it is late.

Pure; for registers that show each message. What is judged of a site or account is answered_within's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.clock import civil_day
from monitor.judge.days import deadline
from monitor.judge.workdays import NO_OVERRIDE, CalendarUnknown, is_workday
from monitor.model import PublicMessage, Rule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """`last_day` is the last that keeps the rule. `late`: it is answered or still waits behind that; `workdays` of it, None where a year's are not known."""

    rule: Rule
    last_day: date
    late: bool
    workdays: int | None


def answer(
    rules: Iterable[Rule], one: PublicMessage, today: date, override: Mapping[date, bool] = NO_OVERRIDE
) -> Answer | None:
    """By the rules of its site or account; None where none of them sets a limit.

    Raises workdays.CalendarUnknown where a limit reaches into a year nobody knows: it may be the strictest, unless it is late by another.
    """
    ends, unknown = [], None
    for rule in rules:
        if _is_about(rule, one):
            assert rule.limit is not None
            try:
                ends.append((deadline(civil_day(one.received_at), rule.limit, override), rule))
            except CalendarUnknown as error:
                unknown = error
    if unknown is not None and not any(end < _until(one, today) for end, _ in ends):
        raise unknown
    if not ends:
        return None
    last_day, rule = min(ends, key=lambda told: told[0])
    until = _until(one, today)
    return Answer(rule, last_day, until > last_day, _workdays(last_day, until, override))


def _is_about(rule: Rule, one: PublicMessage) -> bool:
    classes = rule.options.get("classes", ())
    assert isinstance(classes, list | tuple)  # a pack with anything else does not load
    return rule.obligation == "answered_within" and rule.limit is not None and (not classes or one.cls in classes)


def _until(one: PublicMessage, today: date) -> date:
    """Up to when it waited."""
    return today if one.answered_at is None else civil_day(one.answered_at)


def _workdays(last_day: date, until: date, override: Mapping[date, bool]) -> int | None:
    """Working days behind the last day, that of the answer (or today) counted."""
    days = (last_day + n * _DAY for n in range(1, (until - last_day).days + 1))
    try:
        return sum(is_workday(day, override) for day in days)
    except CalendarUnknown:
        return None
