"""What records owe: things that wait, each with a limit of its own, of which the one that breaks first speaks for all.

Reads schedules and the instant; returns one standing. Records decide, so the clock alone breaks it and no look is asked for. What is
late already hides nothing that falls due beside it: the standing names that too, and its `until` is when that breaks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from monitor.clock import SHANGHAI, civil_day
from monitor.judge.days import Schedule, next_midnight, next_of
from monitor.judge.looks import by_schedule
from monitor.judge.workdays import CalendarUnknown
from monitor.model import Cause, Compliance, Declaration, PublicMessage, Rule, Standing, Text

T = TypeVar("T", bound=PublicMessage | Declaration)


@dataclass(frozen=True, slots=True)
class Owed(Generic[T]):
    """One thing that waits, and until when. `start`: its day 0, where the limit counts civil days."""

    what: T
    plan: Schedule
    start: date | None = None

    @property
    def by(self) -> str:
        """The last day inside the limit, as YYYY-MM-DD."""
        return str(civil_day(self.plan.breach - timedelta(microseconds=1)))


def known_of(things: Iterable[T], owe: Callable[[T], Owed[T]], now: datetime) -> list[Owed[T]]:
    """Those whose days are known. A year whose working days are not hides nothing that is late or due; else CalendarUnknown."""
    owed, unknown = [], None
    for one in things:
        try:
            owed.append(owe(one))
        except CalendarUnknown as error:
            unknown = error
    if unknown is not None and not any(one.plan.due <= now for one in owed):
        raise unknown
    return owed


def by_earliest(
    rule: Rule,
    cause: Cause,
    owed: Sequence[Owed[T]],
    now: datetime,
    why: Callable[[Owed[T], Compliance, int, Owed[T] | None], Text],
) -> Standing:
    """Of at least one. `why` is told the one that breaks first, what it comes to, how many are past their limit, and the next of the rest."""
    first = min(owed, key=lambda one: one.plan.breach)
    late = frozenset(str(one.what.id) for one in owed if one.plan.breach <= now)
    then = min((one for one in owed if one.plan.breach > now), key=lambda one: one.plan.breach, default=None)
    told = by_clock(rule, cause, first.plan, now, lambda value: why(first, value, len(late), then))
    inputs: dict[str, object] = {"waiting": len(owed), "overdue": len(late), "limit": str(rule.limit), "due": first.by}
    if first.start is not None:
        inputs["started_on"] = str(first.start)
    turns = (one.plan.next_after(now) for one in owed)
    changes_at = next_of(now, told.changes_at, *turns, next_midnight(now) if late else None)
    if late and then is not None:
        inputs |= {"next": str(then.what.id), "next_due": then.by, "next_at": then.plan.breach.isoformat()}
        told = told._replace(until=then.plan.breach if then.plan.due <= now else None)
    news = news_of((one.plan.breach for one in owed), now)
    return told._replace(inputs=inputs, late=late, news=news, changes_at=changes_at)


def news_of(breaches: Iterable[datetime], now: datetime) -> int:
    """The last day on which something more was late, as its number. What follows later on a day counts for the next: one a day at most."""
    passed: dict[date, set[datetime]] = {}
    for one in breaches:
        if one <= now:
            passed.setdefault(civil_day(one), set()).add(one)
    today = civil_day(now)
    days = (day if len(at) == 1 or day == today else day + timedelta(days=1) for day, at in passed.items())
    return max((day.toordinal() for day in days), default=0)


def by_clock(rule: Rule, cause: Cause, plan: Schedule, now: datetime, why: Callable[[Compliance], Text]) -> Standing:
    """As a schedule has it: what nobody recorded in time was not done in time."""
    return by_schedule(rule, cause, plan, looked_at=now, now=now, why=why)._replace(look_at=None)


def called(one: Declaration) -> str:
    """The document number of a declaration, else its own."""
    return one.number or f"#{one.id}"


def moment_of(instant: datetime) -> str:
    """An instant on a wall in Shanghai, as YYYY-MM-DD HH:MM."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
