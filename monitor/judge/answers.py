"""By when one message is to be answered: of all rules about it the strictest, and how many working days it is late.

Pure; for registers that show each message. What is judged of a site or account is answered_within's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from monitor.clock import civil_day
from monitor.judge.days import deadline
from monitor.judge.workdays import NO_OVERRIDE, CalendarUnknown, is_workday
from monitor.model import PublicMessage, Rule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """`last_day` is the last that keeps the rule. `late`: it is answered or still waits behind that; `workdays` of it, None where a year's are not known.

    `unknown_year`: another rule's limit reaches into it and may end earlier; then `last_day` is only the latest.
    """

    rule: Rule
    last_day: date
    late: bool
    workdays: int | None
    unknown_year: int | None = None


def answer(
    rules: Iterable[Rule], one: PublicMessage, today: date, override: Mapping[date, bool] = NO_OVERRIDE
) -> Answer | None:
    """By the rules of its site or account; None where none of them sets a limit.

    Raises workdays.CalendarUnknown where only limits are left that reach into a year nobody knows.
    """
    received, ends, unknown = civil_day(one.received_at), [], list[tuple[date, CalendarUnknown]]()
    for rule in rules:
        if _is_about(rule, one):
            assert rule.limit is not None
            try:
                ends.append((deadline(received, rule.limit, override), rule))
            except CalendarUnknown as error:
                unknown.append((_at_the_earliest(received, rule.limit.number, error.year), error))
    if not ends:
        if unknown:
            raise min(unknown, key=itemgetter(0))[1]
        return None
    last_day, rule = min(ends, key=itemgetter(0))
    year = next((error.year for earliest, error in unknown if earliest < last_day), None)
    until = _until(one, today)
    return Answer(rule, last_day, until > last_day, _workdays(last_day, until, override), year)


def _at_the_earliest(received: date, number: int, year: int) -> date:
    """Before which a limit in working days cannot end: it reaches into that year, were every day of it worked."""
    return max(date(year, 1, 1), received + number * _DAY)


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
