"""What records owe: things that wait, each with a limit of its own, of which the one that breaks first speaks for all.

Reads schedules and the instant; returns one standing. Records decide, so the clock alone breaks it and no look is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from monitor.clock import SHANGHAI, civil_day
from monitor.judge.days import Schedule, next_of
from monitor.judge.looks import by_schedule
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


def by_earliest(
    rule: Rule, cause: Cause, owed: Sequence[Owed[T]], now: datetime, why: Callable[[Owed[T], Compliance, int], Text]
) -> Standing:
    """Of at least one. `why` is told the one that breaks first, what it comes to, and how many are past their limit."""
    first = min(owed, key=lambda one: one.plan.breach)
    late = frozenset(str(one.what.id) for one in owed if one.plan.breach <= now)
    told = by_clock(rule, cause, first.plan, now, lambda value: why(first, value, len(late)))
    inputs: dict[str, object] = {"waiting": len(owed), "overdue": len(late), "limit": str(rule.limit), "due": first.by}
    if first.start is not None:
        inputs["started_on"] = str(first.start)
    changes_at = next_of(now, told.changes_at, *(one.plan.breach for one in owed))
    return told._replace(inputs=inputs, late=late, changes_at=changes_at)


def by_clock(rule: Rule, cause: Cause, plan: Schedule, now: datetime, why: Callable[[Compliance], Text]) -> Standing:
    """As a schedule has it: what nobody recorded in time was not done in time."""
    return by_schedule(rule, cause, plan, looked_at=now, now=now, why=why)._replace(look_at=None)


def called(one: Declaration) -> str:
    """The document number of a declaration, else its own."""
    return one.number or f"#{one.id}"


def moment_of(instant: datetime) -> str:
    """An instant on a wall in Shanghai, as YYYY-MM-DD HH:MM."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
