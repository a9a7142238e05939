"""整改台账: what was to be put right, who was told and when, by when, and when it was done.

Reads declarations of kind order that are handed in; pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Declaration

DAY = timedelta(hours=24)
"""严重问题 are put right within one day of dispatch: 24 hours (韶关 第三十五条, 中山 第三十六条; domain.md §12)."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `late_hours`: after 24 hours from dispatch; None while it is in time. `found_at` shows our own delay."""

    declaration: int
    target: str
    problem: str
    number: str
    found_at: str
    sent_at: datetime
    due_at: datetime
    fixed_at: datetime | None
    late_hours: float | None
    incident: int | None


def orders(filed: Iterable[Declaration], now: datetime) -> Iterator[Order]:
    """The ledger's lines, as they were filed."""
    for one in filed:
        told, incident = one.text("fixed_at"), one.text("incident")
        fixed = datetime.fromisoformat(told) if told else None
        late = (fixed or now) - one.start - DAY
        yield Order(
            declaration=one.id,
            target=one.target,
            problem=one.text("problem"),
            number=one.number,
            found_at=one.text("found_at"),
            sent_at=one.start,
            due_at=one.start + DAY,
            fixed_at=fixed,
            late_hours=round(late / timedelta(hours=1), 1) if late > timedelta() else None,
            incident=int(incident) if incident.isdecimal() else None,
        )
