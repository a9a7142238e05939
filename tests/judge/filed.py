"""What people bring, for the tests of judging: declarations, messages, posts, with everything that does not matter filled in."""

from datetime import date, datetime, timedelta
from itertools import count

from monitor.clock import civil_day, day_start
from monitor.judge.obligations import OBLIGATIONS
from monitor.model import (
    Attestation,
    Declaration,
    DeclarationKind,
    Facts,
    MessageClass,
    Post,
    PublicMessage,
    Rule,
    Standing,
)
from tests.judge.made import DAY, at

_NUMBERS = count(1)


def filed(kind: str, start: datetime, end: datetime | None = None, number: str = "", **fields: object) -> Declaration:
    return Declaration(
        id=next(_NUMBERS),
        kind=DeclarationKind(kind),
        target="t",
        start=start,
        end=end,
        number=number,
        filed_at=start,
        fields=fields,
    )


def message(received: datetime, cls: str = "consulting", name: str = "m1", *, explained: bool = False) -> PublicMessage:
    return PublicMessage(id=name, target="t", cls=MessageClass(cls), received_at=received, explained=explained)


def posts(*days: str, told: datetime | None = None, original: bool | None = None) -> tuple[Post, ...]:
    """The newest first, as the store gives them."""
    return tuple(Post(date.fromisoformat(day), original, told) for day in sorted(days, reverse=True))


def attestation(newest: str, seen_at: datetime, days: int = 7, by: str = "张三") -> Attestation:
    return Attestation(date.fromisoformat(newest), seen_at, seen_at + timedelta(days=days), by)


def judged(one: Rule, now: datetime, **facts: object) -> Standing:
    return OBLIGATIONS[one.obligation](one, Facts(**facts), now)  # type: ignore[arg-type]


def instants(first: str, days: int) -> list[datetime]:
    """The last second and the first of every day, its noon, and the full hour at three."""
    start = day_start(civil_day(at(first)))
    steps = (timedelta(0), timedelta(hours=12), timedelta(hours=15), DAY - timedelta(seconds=1))
    return [start + n * DAY + step for n in range(days) for step in steps]


def skipped(one: Rule, facts: Facts, when: list[datetime]) -> list[datetime]:
    """Instants at which the standing differs although the one before promised by `changes_at` that it would not."""
    wrong, before = [], (when[0], OBLIGATIONS[one.obligation](one, facts, when[0]))
    for now in when[1:]:
        then, was = before
        told = OBLIGATIONS[one.obligation](one, facts, now)
        waits = [instant for instant in (was.changes_at, was.look_at) if instant is not None]
        promised = min(waits, default=None)
        if (promised is None or (then < promised and now < promised)) and told != was:
            wrong.append(now)
        before = now, told
    return wrong
