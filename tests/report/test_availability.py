"""可用性清单: what is asked, what was sampled, what is left out and why, and the week of the veto."""

from datetime import date, timedelta

from monitor.model import Declaration, DeclarationKind, say
from monitor.report.availability import Observed, Sheet, Week, sheet
from monitor.store.ledger import DayLine, SiteLine, UnseenLine
from tests.judge.made import DAY, HOUR, MINUTE, NOON

FIVE = 5 * MINUTE  # 2,016 samples a week, 101 of them are 5 %
FULL = Week(good=1915, failed=100, unseen=1, filed=0, of=2016, limit=101)


def of(
    *days: DayLine,
    failures: list[tuple[timedelta, int]] | None = None,
    filed: tuple[Declaration, ...] = (),
    unseen: tuple[UnseenLine, ...] = (),
    week: Week = FULL,
    back: timedelta = 2 * DAY,
    watched: timedelta = 9 * DAY,
) -> Sheet:
    told = [(NOON - ago, count) for ago, count in failures or []]
    line = SiteLine("s", "某局", "某局", ("national-2019",), NOON - watched, NOON - watched, 12)
    return sheet(line, days, told, unseen, filed, week, asked=(NOON - back, NOON), period=FIVE, now=NOON)


def closed(ago: timedelta, length: timedelta) -> Declaration:
    kind, start = DeclarationKind.TEMPORARY_OFFLINE, NOON - ago
    return Declaration(id=3, kind=kind, target="s", start=start, end=start + length, filed_at=NOON, by="张三")


def test_a_hundred_failures_of_a_week_are_near_and_the_next_is_the_veto() -> None:
    made = of()
    assert (made.wanted, made.taken, made.failed, made.of) == (140, 2015, 100, 2016)
    assert (made.more, made.percent, made.minutes) == (1, 4.96, 500.0)
    assert of(week=Week(1915, 101, 0, 0, 2016, 101)).more == 0


def test_failures_inside_a_closure_that_was_filed_are_left_out_and_shown() -> None:
    day = date(2026, 11, 19)
    made = of(DayLine(day, 200, 12, 3), failures=[(DAY, 12), (HOUR, 4)], filed=(closed(DAY, 2 * HOUR),))
    row = next(one for one in made.days if one.day == day)
    assert (row.good, row.failed, row.filed, row.unseen, row.taken, row.too_few) == (200, 0, 12, 3, 200, False)
    assert str(row.reasons[0]) == "12 failed inside the filed closure #3"
    assert made.declarations == (3,)


def test_a_day_with_fewer_than_twenty_visits_is_marked_and_today_is_not_yet() -> None:
    made = of(
        DayLine(date(2026, 11, 18), 15, 4, 90),
        DayLine(date(2026, 11, 19), 16, 4, 0),
        DayLine(date(2026, 11, 20), 3, 0, 0),
    )
    assert [(row.too_few, row.observed) for row in made.days] == [
        (True, Observed.TOO_FEW),
        (False, Observed.ENOUGH),
        (False, Observed.RUNNING),
    ]


def test_a_day_nobody_looked_is_no_day_without_failures() -> None:
    made = of(DayLine(date(2026, 11, 18), 288, 0, 0))
    assert [(str(row.day), row.observed, row.failed, row.taken) for row in made.days] == [
        ("2026-11-18", Observed.ENOUGH, 0, 288),
        ("2026-11-19", Observed.UNOBSERVED, None, None),
        ("2026-11-20", Observed.RUNNING, None, None),
    ]


def test_days_before_it_was_on_the_inventory_are_not_listed_and_days_before_what_is_kept_neither() -> None:
    assert [str(row.day) for row in of(back=90 * DAY, watched=DAY).days] == ["2026-11-19", "2026-11-20"]
    assert len(of(back=2000 * DAY, watched=3000 * DAY).days) == 400


def test_what_could_not_be_told_says_why_day_by_day_and_each_reason_once() -> None:
    walled = say("the server refuses programs")
    runs = (
        UnseenLine(NOON - 2 * DAY, NOON - DAY, 300, walled),
        UnseenLine(NOON - DAY + HOUR, NOON - DAY + 2 * HOUR, 9, walled),
    )
    days = [DayLine(date(2026, 11, day), 10, 0, 200) for day in (18, 19, 20)]
    told = [[str(one) for one in row.reasons] for row in of(*days, unseen=runs).days]
    assert told == [[str(walled)], [str(walled)], ["could not be told; why is no longer known"]]
