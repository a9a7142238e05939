"""可用性清单: samples, what is left out, and the week of the veto."""

from datetime import date, timedelta

from monitor.model import Declaration, DeclarationKind
from monitor.report.availability import Sheet, sheet
from monitor.store.ledger import DayLine
from tests.judge.made import DAY, HOUR, MINUTE, NOON

FIVE = 5 * MINUTE  # 2,016 samples a week, 101 of them are 5 %


def of(
    *days: DayLine, failures: list[tuple[timedelta, int]] | None = None, filed: tuple[Declaration, ...] = ()
) -> Sheet:
    told = [(NOON - ago, count) for ago, count in failures or []]
    return sheet("s", days, told, filed, period=FIVE, now=NOON)


def closed(ago: timedelta, length: timedelta) -> Declaration:
    kind, start = DeclarationKind.TEMPORARY_OFFLINE, NOON - ago
    return Declaration(id=3, kind=kind, target="s", start=start, end=start + length, filed_at=NOON, by="张三")


def test_a_hundred_failures_of_a_week_are_near_and_the_next_is_the_veto() -> None:
    made = of(failures=[(HOUR * n, 10) for n in range(1, 11)])
    assert (made.failed, made.of, made.more, made.percent, made.minutes) == (100, 2016, 1, 4.96, 500.0)
    assert of(failures=[(HOUR, 101)]).more == 0


def test_what_failed_more_than_a_week_ago_does_not_count() -> None:
    assert of(failures=[(8 * DAY, 50), (6 * DAY, 2)]).failed == 2


def test_failures_inside_a_closure_that_was_filed_are_left_out_and_shown() -> None:
    day = date(2026, 11, 19)
    made = of(DayLine(day, 200, 12, 3), failures=[(DAY, 12), (HOUR, 4)], filed=(closed(DAY, 2 * HOUR),))
    assert (made.failed, made.declarations) == (4, (3,))
    assert [(row.good, row.failed, row.filed, row.unseen, row.too_few) for row in made.days] == [(200, 0, 12, 3, False)]


def test_a_day_with_fewer_than_twenty_visits_is_marked_and_today_is_not_yet() -> None:
    made = of(
        DayLine(date(2026, 11, 18), 15, 4, 90),
        DayLine(date(2026, 11, 19), 16, 4, 0),
        DayLine(date(2026, 11, 20), 3, 0, 0),
    )
    assert [row.too_few for row in made.days] == [True, False, False]
