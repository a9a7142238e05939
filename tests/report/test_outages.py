"""下线台账: one line of it, from an outage, what was filed, and what judging makes of them."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, strategies as st

from monitor.model import Cause, Declaration, DeclarationKind, Measure, Outage, Run, fail, say, unknown
from monitor.report.notices import UNTOLD, Looks
from monitor.report.outages import Entry, Judged, Records, Stretch, day_lines, entry
from monitor.store.ledger import OutageLine
from tests.judge.made import DAY, HOUR, NOON, WORDS, at, run

CLOSED = DeclarationKind.TEMPORARY_OFFLINE
BOTH = frozenset({(CLOSED, "own_notice"), (CLOSED, "portal_notice")})


def line(**outage: Any) -> OutageLine:
    outage.setdefault("started_at", NOON)
    return OutageLine("s", "某局网站", "某局", Outage(id=4, **outage), 9, "serious", "connect", 3)


def filed(which: int = 1, kind: DeclarationKind = CLOSED, **more: Any) -> Declaration:
    more.setdefault("start", NOON - HOUR)
    more.setdefault("filed_at", NOON - DAY)
    return Declaration(id=which, kind=kind, target="s", by="张三", **more)


def records(looks: Looks | None = None, **more: Any) -> Records:
    return Records(**{"planned": {}, "first_told": {}, "looks": looks or {}, **more})


def told_of(*closures: Declaration, since: Any = NOON, **more: Any) -> Entry:
    judged = Judged(closures=closures, **{"unfiled": () if closures else (Stretch(since, None),), **more})
    return entry(line(), judged, records(), NOON + 2 * DAY)


def words(told: Any) -> list[str]:
    return [str(one) for one in told]


def test_an_outage_nobody_filed_says_so() -> None:
    made = told_of()
    assert (made.kind, made.filed, made.declaration, made.day, made.lacks) == (None, False, None, 2, ())
    assert [(one.start, one.end) for one in made.unfiled] == [(NOON, None)]


def test_what_is_filed_for_a_part_only_is_not_filed() -> None:
    made = told_of(filed(end=NOON + DAY), unfiled=(Stretch(NOON + DAY, None),))
    assert (made.kind, made.filed) == (CLOSED, False)
    assert told_of(filed(end=NOON + 9 * DAY)).filed


def test_what_was_filed_stands_beside_it_with_its_notices() -> None:
    one = filed(
        end=NOON + 9 * DAY, number="粤府办〔2026〕3号", fields={"approved_by": ["省府办"], "own_notice": "http://s/n"}
    )
    gone = run(fail("notice_kept", Cause.NOTICE_KEPT, "gone", WORDS, subject="own_notice:1"), NOON)
    made = entry(line(), Judged(closures=(one,), places={1: 1}), records({(1, "own_notice"): [gone]}), NOON + DAY)
    assert (made.kind, made.number, made.approved_by, made.in_year) == (CLOSED, "粤府办〔2026〕3号", ("省府办",), 1)
    assert [(told.field, told.outcome, told.reason) for told in made.notices] == [("own_notice", "fail", "gone")]


def test_a_notice_read_before_the_site_went_off_says_when_it_was_read() -> None:
    says = say("the site is off as was filed: its own notice was read on {day}", day="2026-09-01")
    off = unknown("notice_kept", "closed", says, Measure("read", "2026-09-01", "date"))
    looks: dict[tuple[int, str], list[Run]] = {(1, "own_notice"): [run(off, NOON)]}
    one = filed(fields={"own_notice": "http://s/n"})
    (told,) = entry(line(), Judged(closures=(one,)), records(looks), NOON + DAY).notices
    assert (told.outcome, told.read_on, told.says) == ("unknown", "2026-09-01", says)


def test_a_notice_whose_address_nobody_told_is_told_as_such_where_it_is_asked_for() -> None:
    one = filed(fields={"portal_notice": "http://p/n"})
    made = entry(line(), Judged(closures=(one,), asked=BOTH), records(), NOON + DAY)
    assert [(told.field, told.reason) for told in made.notices] == [("own_notice", UNTOLD), ("portal_notice", "")]
    assert str(made.notices[0].says) == "filed without the address of its notice"
    assert not entry(line(), Judged(closures=(filed(),)), records(), NOON + DAY).notices, "no pack asks for any"


def test_of_several_closures_the_one_that_covers_most_is_told_and_all_are_listed() -> None:
    short, long = filed(1, start=NOON - DAY, end=NOON + HOUR), filed(2, DeclarationKind.FORCE_MAJEURE, start=NOON)
    made = told_of(short, long)
    assert (made.declaration, [one.declaration for one in made.closures]) == (2, [1, 2])


def test_who_filed_when_and_what_was_told_only_afterwards() -> None:
    before, after = filed(1, filed_at=NOON - DAY), filed(2, filed_at=NOON + DAY)
    ahead = filed(3, start=NOON + 9 * DAY, filed_at=NOON + DAY)  # of a later part, told before that part began
    made = told_of(before, after, ahead)
    assert [(one.by, one.is_late) for one in made.closures] == [("张三", False), ("张三", True), ("张三", False)]
    corrected = entry(line(), Judged(closures=(after,)), records(first_told={2: NOON - DAY}), NOON + DAY)
    assert not corrected.closures[0].is_late, "a correction of what was told in time"


def test_the_end_is_the_one_that_was_declared_and_the_one_it_came_to() -> None:
    one = filed(end=NOON + DAY)  # a return ended it
    made = entry(line(), Judged(closures=(one,)), records(planned={1: NOON + 20 * DAY}), NOON + 2 * DAY)
    assert made.planned_end == NOON + 20 * DAY
    assert (made.closures[0].end, made.closures[0].planned_end) == (NOON + DAY, NOON + 20 * DAY)


def test_papers_of_a_return_are_told_with_their_days() -> None:
    fields = {"security": True, "self_check": "2026-11-21", "police_check": "2026-11-22", "consents": ["市府办"]}
    one = filed(kind=DeclarationKind.ORDERED_CLOSURE, fields={**fields, "ordered_by": "网信办", "reason": "漏洞"})
    back = filed(7, DeclarationKind.RETURN, number="恢复1", start=NOON + DAY, fields={"filed_on": "2026-11-21"})
    made = entry(line(), Judged(closures=(one,)), records(returned=back), NOON + 2 * DAY)
    (told,) = made.closures
    assert (told.self_check, told.police_check, told.consents) == ("2026-11-21", "2026-11-22", ("市府办",))
    assert told.ordered_by == "网信办"
    assert made.returned is not None
    assert (made.returned.number, made.returned.filed_on, made.returned.by) == ("恢复1", "2026-11-21", "张三")


def test_the_count_of_days_explains_itself_in_the_order_of_the_days() -> None:
    gap = (NOON + 3 * DAY, NOON + 3 * DAY + HOUR)
    unlooked = ((date(2026, 11, 25), date(2026, 11, 25)), (date(2026, 12, 1), date(2026, 12, 4)))
    told = words(day_lines(Outage(NOON, gaps=(gap,)), Judged(closures=(filed(),)), NOON + 45 * DAY, unlooked))
    assert told == [
        "2026-11-20: it began, this is day 0",
        "2026-11-21: day 1, every civil day in Beijing time counts, holidays too",
        "2026-11-23 12:00 to 2026-11-23 13:00: it opened for less than 24 hours, the count goes on",
        "2026-11-25: nobody looked on this day, it counts all the same",
        "2026-12-01 to 2026-12-04: nobody looked on these 4 days, they count all the same",
        "2026-12-20: day 30, the last one of 30 days; 2026-12-21 begins day 31",
        "2027-01-04: today is day 45",
    ]


def test_a_limit_that_does_not_count_is_not_told_as_one() -> None:
    shown = words(day_lines(Outage(NOON), Judged(closures=(filed(),), is_exempt=True), NOON + 45 * DAY))
    assert [one for one in shown if "2026-12-20" in one] == [
        "2026-12-20: day 30; as it is filed its days are shown, and no limit of days counts"
    ]
    assert not [one for one in shown if "last one" in one]
    bare = words(day_lines(Outage(NOON), Judged(), NOON + 45 * DAY))
    assert "2026-12-20: day 30, by the measure of a closure the last one; 2026-12-21 begins day 31" in bare


def test_an_outage_that_was_over_before_the_limit_tells_none() -> None:
    over = Outage(NOON, up_since=NOON + 9 * DAY, ended_at=NOON + 9 * DAY)
    assert words(day_lines(over, Judged(closures=(filed(),)), NOON + 99 * DAY)) == [
        "2026-11-20: it began, this is day 0",
        "2026-11-21: day 1, every civil day in Beijing time counts, holidays too",
        "2026-11-29 12:00: it opens again and stayed open, 9 days",
    ]


@given(st.integers(0, 400), st.integers(0, 86_399), st.integers(1, 60), st.booleans())
def test_the_lines_of_a_count_agree_with_the_day_and_stand_in_order(
    days: int, seconds: int, gap: int, exempt: bool
) -> None:
    now = NOON + days * DAY + timedelta(seconds=seconds)
    opened = NOON + gap * DAY
    outage = line(gaps=((opened, opened + HOUR),) if opened + HOUR < now else ())
    made = entry(outage, Judged(is_exempt=exempt), records(), now)
    said = [told.values["n"] for told in made.days if "n" in told.values]
    assert said in ([], [made.day])
    assert bool(said) is (made.day > 1)
    dates = [str(told)[:10] for told in made.days]
    assert dates == sorted(dates)
    assert at(dates[0]) <= NOON
