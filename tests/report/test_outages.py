"""下线台账: one line of it, from an outage and what was filed."""

from datetime import timedelta
from typing import Any

from hypothesis import given, strategies as st

from monitor.model import Declaration, DeclarationKind, Outage
from monitor.report.outages import day_lines, entry, lacking
from monitor.store.ledger import OutageLine
from tests.judge.made import DAY, HOUR, NOON, at

CLOSED = DeclarationKind.TEMPORARY_OFFLINE


def line(**outage: Any) -> OutageLine:
    outage.setdefault("started_at", NOON)
    return OutageLine("s", "某局网站", "某局", Outage(id=4, **outage), 9, "serious", "connect", 3)


def filed(which: int = 1, kind: DeclarationKind = CLOSED, **more: Any) -> Declaration:
    more.setdefault("start", NOON - HOUR)
    return Declaration(id=which, kind=kind, target="s", filed_at=NOON, by="张三", **more)


def words(told: Any) -> list[str]:
    return [str(one) for one in told]


def test_an_outage_nobody_filed_says_so() -> None:
    made = entry(line(), [], {}, NOON + 2 * DAY)
    assert (made.kind, made.declaration, made.day, made.in_year, made.lacks) == (None, None, 2, None, ())


def test_what_was_filed_stands_beside_it_with_its_notices() -> None:
    one = filed(
        end=NOON + 9 * DAY, number="粤府办〔2026〕3号", fields={"approved_by": ["省府办"], "own_notice": "http://s/n"}
    )
    made = entry(line(), [one], {("s", "own_notice:1"): ("fail", "gone", NOON)}, NOON + DAY)
    assert (made.kind, made.number, made.approved_by, made.in_year) == (CLOSED, "粤府办〔2026〕3号", ("省府办",), 1)
    assert [(told.field, told.outcome, told.reason) for told in made.notices] == [("own_notice", "fail", "gone")]


def test_of_several_closures_the_one_that_covers_most_is_told() -> None:
    short, long = filed(1, start=NOON - DAY, end=NOON + HOUR), filed(2, DeclarationKind.FORCE_MAJEURE, start=NOON)
    assert entry(line(), [short, long], {}, NOON + DAY).declaration == 2


def test_the_second_closure_of_a_year_is_counted_by_its_start() -> None:
    first = [filed(n, start=at(day), end=at(day) + DAY) for n, day in ((1, "2025-12-30"), (2, "2026-02-01"))]
    years = [*first, filed(3)]
    assert entry(line(), years, {}, NOON + DAY).in_year == 2


def test_a_return_lacks_what_nobody_recorded_and_only_once_it_is_back() -> None:
    one = filed(kind=DeclarationKind.ORDERED_CLOSURE, fields={"security": True, "self_check": "2026-11-21"})
    assert entry(line(), [one], {}, NOON + DAY).lacks == ()
    back = line(up_since=NOON + DAY)
    assert words(entry(back, [one], {}, NOON + 2 * DAY).lacks) == [
        "the check by the police is missing",
        "the consent of the supervising offices is missing",
    ]
    assert words(lacking(filed(fields={"restore_filed": "2026-11-30"}))) == []


def test_the_count_of_days_explains_itself() -> None:
    gap = (NOON + 3 * DAY, NOON + 3 * DAY + HOUR)
    told = words(day_lines(Outage(NOON, gaps=(gap,)), NOON + 31 * DAY))
    assert told == [
        "2026-11-20: it began, this is day 0",
        "2026-11-21: day 1, every civil day in Beijing time counts, holidays too",
        "2026-11-23 12:00 to 2026-11-23 13:00: it opened for less than 24 hours, the count goes on",
        "2026-12-21: today is day 31",
        "2026-12-20: day 30, the last one of 30 days; 2026-12-21 begins day 31",
    ]


@given(st.integers(0, 400), st.integers(0, 86_399))
def test_the_last_line_of_a_count_agrees_with_the_day(days: int, seconds: int) -> None:
    now = NOON + days * DAY + timedelta(seconds=seconds)
    made = entry(line(), [], {}, now)
    said = [told.values["n"] for told in made.days if "n" in told.values]
    assert said in ([], [made.day])
    assert bool(said) is (made.day > 1)
