"""整改台账: orders, due 24 hours after they were sent."""

from typing import Any

from monitor.model import Declaration, DeclarationKind
from monitor.report.orders import Order, orders
from tests.judge.made import DAY, HOUR, NOON


def order(now: Any = NOON, **fields: Any) -> Order:
    told = {"problem": "首页暗链", **fields}
    one = Declaration(id=1, kind=DeclarationKind.ORDER, target="s", start=NOON, filed_at=NOON, by="张三", fields=told)
    (made,) = orders([one], now)
    return made


def test_it_is_late_from_24_hours_after_it_was_sent() -> None:
    assert order(NOON + DAY).late_hours is None
    assert order(NOON + DAY + 3 * HOUR).late_hours == 3.0


def test_put_right_in_time_it_is_never_late_and_put_right_late_it_stays_so() -> None:
    assert order(NOON + 9 * DAY, fixed_at=(NOON + 2 * HOUR).isoformat()).late_hours is None
    assert order(NOON + 9 * DAY, fixed_at=(NOON + 26 * HOUR).isoformat()).late_hours == 2.0


def test_it_shows_when_it_was_found_and_of_which_incident_it_is() -> None:
    made = order(found_at="2026-11-20T10:00:00+08:00", incident=12)
    assert (made.found_at, made.incident, made.due_at) == ("2026-11-20T10:00:00+08:00", 12, NOON + DAY)
