"""What records decide, at the second where it matters: answers, orders, filings, activities, closures in a year."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from monitor.clock import civil_day, day_start
from monitor.judge.days import add_months
from monitor.judge.standings import judge
from monitor.judge.workdays import CalendarUnknown, is_workday
from monitor.model import Cause, Compliance, Facts, Outage, Rule, Standing, fail, ok
from tests.judge.filed import filed, instants, judged, message, skipped
from tests.judge.made import DAY, HOUR, LETTERS, NOON, SECOND, WORDS, at, rule, run, target

MET, DUE, BREACHED, UNKNOWN = Compliance.MET, Compliance.DUE, Compliance.BREACHED, Compliance.UNKNOWN

# answered_within

ZHAOCUO = rule("answered_within", "site", "1wd", classes=["jiucuo"])
THREE = rule("answered_within", "site", "3wd", "1wd", classes=["jiucuo"])
MONTHS = rule("answered_within", "site", "3mo", "30d", "7d", within_months=12, severity="veto")


@pytest.mark.parametrize(
    ("received", "now", "value", "warned"),
    [
        (at("2026-11-20", "09:00:00"), at("2026-11-20", "23:59:59"), MET, 0),  # a Friday: day 0
        (at("2026-11-20", "09:00:00"), at("2026-11-22", "23:59:59"), MET, 0),
        (at("2026-11-20", "09:00:00"), at("2026-11-23"), DUE, 0),  # Monday, the last day
        (at("2026-11-20", "09:00:00"), at("2026-11-23", "14:59:59"), DUE, 0),
        (at("2026-11-20", "09:00:00"), at("2026-11-23", "15:00:00"), DUE, 1),  # the last reminder
        (at("2026-11-20", "09:00:00"), at("2026-11-23", "23:59:59"), DUE, 1),
        (at("2026-11-20", "09:00:00"), at("2026-11-24"), BREACHED, 1),
        (at("2026-11-20", "23:59:59"), at("2026-11-23", "23:59:59"), DUE, 1),
        (at("2026-11-21"), at("2026-11-24"), BREACHED, 1),  # received on a Saturday: Monday is the first working day
        (at("2026-02-13", "10:00:00"), at("2026-02-14"), DUE, 0),  # a Saturday that is worked before Spring Festival
        (at("2026-02-14", "10:00:00"), at("2026-02-23", "23:59:59"), MET, 0),  # the holiday lasts till the 23rd
        (at("2026-02-14", "10:00:00"), at("2026-02-24", "15:00:00"), DUE, 1),
        (at("2026-02-14", "10:00:00"), at("2026-02-25"), BREACHED, 1),
    ],
)
def test_one_working_day(received: datetime, now: datetime, value: Compliance, warned: int) -> None:
    told = judged(ZHAOCUO, now, messages=(message(received, "jiucuo"),))
    assert (told.value, told.warned, told.cause, told.look_at) == (value, warned, Cause.ANSWERED_WITHIN, None)


def test_it_tells_the_message_that_breaks_first_and_how_many_are_overdue() -> None:
    waiting = (
        message(at("2026-11-16", "08:00:00"), "jiucuo", "a-1"),
        message(at("2026-11-17", "08:00:00"), "jiucuo", "a-2"),
        message(at("2026-11-19", "08:00:00"), "jiucuo", "a-3"),
    )
    due = judged(THREE, at("2026-11-18", "12:00:00"), messages=waiting[:2])
    assert str(due.why) == "message a-1 (error report) of 2026-11-16 is to be answered by 2026-11-19"
    assert (due.value, due.since, due.until) == (DUE, at("2026-11-18"), at("2026-11-20"))
    late = judged(THREE, NOON, messages=waiting)
    assert str(late.why) == (
        "message a-1 (error report) of 2026-11-16 was to be answered by 2026-11-19; 1 overdue; next a-2 by 2026-11-20"
    )
    assert (late.since, late.inputs["waiting"]) == (at("2026-11-20"), 3)
    assert (late.until, late.inputs["next"], late.inputs["next_due"]) == (at("2026-11-21"), "a-2", "2026-11-20")
    later = judged(THREE, at("2026-11-21"), messages=waiting)
    assert str(later.why).endswith("; 2 overdue; next a-3 by 2026-11-24")
    assert later.until is None, "a-3 is warned of one working day before"
    assert later.changes_at is not None
    assert judged(THREE, at("2026-11-23"), messages=waiting).until == at("2026-11-25")
    assert str(judged(THREE, at("2026-11-25"), messages=waiting).why).endswith("; 3 overdue")


def test_each_day_on_which_one_more_is_late_is_news_once() -> None:
    waiting = tuple(message(at(f"2026-11-{day}", "08:00:00"), "jiucuo", f"a-{day}") for day in (12, 13, 16, 17))
    told = [judged(ZHAOCUO, at(f"2026-11-{day}", "12:00:00"), messages=waiting).news for day in range(14, 21)]
    first = date(2026, 11, 14).toordinal()
    assert [one - first for one in told] == [0, 0, 0, 3, 4, 5, 5]
    orders = tuple(filed("order", at("2026-11-18", clock)) for clock in ("09:00:00", "09:30:00", "15:00:00"))
    heard = [judged(DAY_ORDER, at("2026-11-19", clock), declarations=orders).news for clock in ("09:00:00", "16:00:00")]
    over = judged(DAY_ORDER, at("2026-11-20"), declarations=orders)
    assert [one - first for one in (*heard, over.news)] == [5, 5, 6], "what follows on a day is told on the next"
    assert judged(DAY_ORDER, at("2026-11-19", "16:00:00"), declarations=orders).changes_at == at("2026-11-20")
    assert judged(DAY_ORDER, NOON + 5 * DAY, declarations=orders).news == over.news


def test_an_explained_message_keeps_its_limit_and_says_so() -> None:
    one = message(at("2026-11-16"), "jiucuo", explained=True)
    assert str(judged(THREE, at("2026-11-19"), messages=(one,)).why).endswith("people were told why it takes longer")
    late = judged(THREE, NOON, messages=(one,))
    assert late.value is BREACHED
    assert "people were told why not; 1 overdue" in str(late.why)


def test_classes_narrow_and_nothing_waiting_is_kept() -> None:
    other = message(at("2026-01-05"), "handling")
    for messages in ((), (other,)):
        told = judged(THREE, NOON, messages=messages)
        assert (told.value, str(told.why), told.changes_at) == (MET, "no message waits for an answer", None)
    assert judged(rule("answered_within", "site", "15wd"), NOON, messages=(other,)).value is BREACHED


def test_three_months_count_within_the_last_year_only() -> None:
    old = message(at("2026-08-31", "10:00:00"))
    last = day_start(add_months(date(2026, 8, 31), 3))
    assert civil_day(last) == date(2026, 11, 30)
    near = judged(MONTHS, last - 7 * DAY, messages=(old,))
    assert (near.value, near.last_warning, near.until) == (DUE, True, last + DAY)
    assert judged(MONTHS, last + DAY - SECOND, messages=(old,)).value is DUE
    assert judged(MONTHS, last + DAY, messages=(old,)).value is BREACHED
    gone = at("2027-08-31") + DAY  # 365 days later is counted, 366 is not
    assert judged(MONTHS, gone - SECOND, messages=(old,)).value is BREACHED
    assert judged(MONTHS, gone - SECOND, messages=(old,)).changes_at == gone
    assert judged(MONTHS, gone, messages=(old,)).value is MET


def test_a_year_without_a_calendar_is_unknown_and_hides_nothing_that_is_known() -> None:
    ahead = message(at("2035-03-05"), "jiucuo", "b")
    with pytest.raises(CalendarUnknown):
        judged(THREE, NOON, messages=(ahead,))
    (told,) = judge(target("site"), Facts(messages=(ahead,)), [THREE], NOON).standings
    assert (told.value, told.since, str(told.why)) == (UNKNOWN, None, "the working days of 2035 are not known")
    late = judged(THREE, NOON, messages=(message(at("2026-11-02"), "jiucuo"), ahead))
    assert late.value is BREACHED


def test_a_year_of_messages_is_one_of_the_calendar() -> None:
    """2024 has a leap day: the message of 1 September 2023 counts throughout 1 September 2024, and after that is told of."""
    waits = (message(at("2023-09-01", "10:00:00"), "consulting"),)
    over = at("2024-09-02")
    last = judged(MONTHS, over - SECOND, messages=waits)
    assert (last.value, last.changes_at) == (BREACHED, over)
    after = judged(MONTHS, over, messages=waits)
    assert (after.value, str(after.why)) == (
        MET,
        "no message of the last 12 months waits for an answer; 1 older ones do",
    )
    assert str(judged(MONTHS, over).why) == "no message waits for an answer"


MOMENTS = st.integers(0, 330 * 24 * 60).map(lambda minutes: at("2026-01-01") + timedelta(minutes=minutes))


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(1, 15))
def test_working_days_by_counting_them(received: datetime, n: int) -> None:
    one = rule("answered_within", "site", f"{n}wd")
    day, left = civil_day(received), n
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    over = day_start(day + timedelta(days=1))
    assert judged(one, over - SECOND, messages=(message(received),)).value is DUE
    assert judged(one, over, messages=(message(received),)).value is BREACHED


@settings(max_examples=25, deadline=None)
@given(
    st.lists(MOMENTS.filter(lambda when: when < at("2026-03-01")), max_size=4),
    st.sampled_from([ZHAOCUO, THREE, rule("answered_within", "site", "3mo", "30d", within_months=2)]),
)
def test_no_change_of_waiting_messages_is_skipped(received: list[datetime], one: Rule) -> None:
    waiting = tuple(message(when, "jiucuo", f"m{n}") for n, when in enumerate(received))
    assert skipped(one, Facts(messages=waiting), instants("2026-01-01", 190)) == []


# fixed_within

DAY_ORDER = rule("fixed_within", "site", "1d", "4h")


def ordered(start: datetime, **fields: object) -> Standing:
    return judged(DAY_ORDER, NOON, declarations=(filed("order", start, None, "整改〔2026〕3号", **fields),))


def test_one_day_is_24_hours_from_dispatch() -> None:
    for since, value, warned in (
        (HOUR, DUE, 0),
        (20 * HOUR - SECOND, DUE, 0),
        (20 * HOUR, DUE, 1),
        (24 * HOUR - SECOND, DUE, 1),
        (24 * HOUR, BREACHED, 1),
    ):
        told = ordered(NOON - since)
        assert (told.value, told.warned, told.cause) == (value, warned, Cause.FIXED_WITHIN)
        assert told.look_at is None


def test_the_words_show_dispatch_discovery_and_limit() -> None:
    due = ordered(NOON - HOUR, found_at="2026-11-19T08:30:00+08:00")
    assert str(due.why) == (
        "order 整改〔2026〕3号 of 2026-11-20 11:00 (found 2026-11-19 08:30) is to be carried out by 2026-11-21 11:00"
    )
    late = ordered(NOON - 30 * HOUR)
    assert str(late.why) == (
        "order 整改〔2026〕3号 of 2026-11-19 06:00 was to be carried out by 2026-11-20 06:00; 1 overdue"
    )
    assert late.since == NOON - 6 * HOUR


def test_what_was_put_right_is_kept_also_when_late() -> None:
    told = ordered(NOON - 30 * DAY, fixed_at="2026-11-19T08:30:00+08:00")
    assert (told.value, told.changes_at) == (MET, None)


def test_a_minor_order_has_no_day_where_the_text_gives_none() -> None:
    minor = (filed("order", NOON - 3 * DAY, minor=True),)
    assert judged(rule("fixed_within", "site", "1d", serious=True), NOON, declarations=minor).value is MET
    assert judged(rule("fixed_within", "site", "1d"), NOON, declarations=minor).value is BREACHED


def test_an_order_of_tomorrow_is_not_open_yet() -> None:
    told = ordered(NOON + HOUR)
    assert (told.value, told.changes_at) == (MET, NOON + HOUR)


def test_orders_in_working_days_go_by_civil_days() -> None:
    one, sent = rule("fixed_within", "desk", "3wd", "1wd"), filed("order", NOON)  # a Friday
    assert judged(one, at("2026-11-24"), declarations=(sent,)).warned == 1
    assert judged(one, at("2026-11-25", "23:59:59"), declarations=(sent,)).value is DUE
    assert judged(one, at("2026-11-26"), declarations=(sent,)).value is BREACHED


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 20 * 24), max_size=4), st.sampled_from([DAY_ORDER, rule("fixed_within", "site", "5d")]))
def test_no_change_of_orders_is_skipped(hours: list[int], one: Rule) -> None:
    orders = tuple(filed("order", at("2026-11-01") + n * HOUR) for n in hours)
    assert skipped(one, Facts(declarations=orders), instants("2026-11-01", 30)) == []


# filed_within: an outage

UNFILED = rule("filed_within", "site", what="outage", severity="serious")
BEGAN = at("2026-11-18", "03:00:00")
DOWN = (run(LETTERS["F"], NOON, BEGAN),)


def closure(start: datetime, end: datetime | None = None, kind: str = "temporary_offline") -> Standing:
    return judged(UNFILED, NOON, runs=DOWN, outage=Outage(BEGAN), declarations=(filed(kind, start, end, "粤1号"),))


def test_an_outage_nobody_filed_is_broken_since_it_began() -> None:
    told = judged(UNFILED, NOON, runs=DOWN, outage=Outage(BEGAN))
    assert (told.value, told.since, told.cause) == (BREACHED, BEGAN, Cause.OUTAGE)
    assert str(told.why) == "no closure is filed for the outage since 2026-11-18 03:00"


@pytest.mark.parametrize("kind", ["temporary_offline", "permanent_offline", "force_majeure", "ordered_closure"])
def test_any_closure_that_covers_it_keeps_it(kind: str) -> None:
    told = closure(BEGAN, NOON + DAY, kind)
    assert (told.value, str(told.why), told.changes_at) == (MET, "the outage is filed (粤1号)", NOON + DAY)
    assert judged(UNFILED, NOON, runs=DOWN, outage=Outage(BEGAN), declarations=(filed("migration", BEGAN),)).value is (
        BREACHED
    )


def test_a_closure_that_ended_or_began_too_late_says_so() -> None:
    over = closure(BEGAN - DAY, NOON - HOUR)
    assert (over.value, over.since) == (BREACHED, NOON - HOUR)
    assert str(over.why) == (
        "the filed closure (粤1号) ended 2026-11-20 11:00, the outage since 2026-11-18 03:00 goes on"
    )
    late = closure(BEGAN + HOUR)
    assert (late.value, late.since) == (BREACHED, BEGAN)
    assert str(late.why) == (
        "the closure (粤1号) is filed from 2026-11-18 04:00 on only, the outage began 2026-11-18 03:00"
    )
    ahead = closure(NOON + HOUR)
    assert (ahead.value, ahead.changes_at) == (BREACHED, NOON + HOUR)
    past = closure(BEGAN - 9 * DAY, BEGAN - DAY)
    assert str(past.why) == "no closure is filed for the outage since 2026-11-18 03:00"


def test_closures_in_a_row_cover_it_together() -> None:
    row = (filed("temporary_offline", BEGAN, NOON - DAY), filed("force_majeure", NOON - DAY, NOON + HOUR))
    assert judged(UNFILED, NOON, runs=DOWN, outage=Outage(BEGAN), declarations=row).value is MET
    holed = (row[0], replace(row[1], start=NOON - DAY + SECOND))
    told = judged(UNFILED, NOON, runs=DOWN, outage=Outage(BEGAN), declarations=holed)
    assert (told.value, told.since) == (BREACHED, NOON - DAY)


def test_in_a_gap_nothing_is_broken_and_without_an_outage_it_is_kept() -> None:
    gap = judged(UNFILED, NOON, runs=(run(LETTERS["."]),), outage=Outage(BEGAN, up_since=NOON - HOUR))
    assert (gap.value, gap.since) == (DUE, BEGAN)
    assert judged(UNFILED, NOON, runs=(run(LETTERS["."]),)).value is MET
    assert judged(UNFILED, NOON, runs=(run(LETTERS["?"]),), blind_since=NOON).value is UNKNOWN
    assert judged(UNFILED, NOON).value is UNKNOWN


def test_what_was_said_before_a_gap_is_over_after_it() -> None:
    again = Outage(BEGAN, gaps=((BEGAN + HOUR, NOON - HOUR),))
    assert judged(UNFILED, NOON, runs=DOWN, outage=again).since == NOON - HOUR


# filed_within: a record

RECORD = rule("filed_within", "account", "3wd", "1wd", what="record", of=["launch", "account_closing"])


@pytest.mark.parametrize(
    ("fields", "number", "value"),
    [
        ({}, "", BREACHED),
        ({"filed_on": "2026-11-20"}, "", MET),  # late, and yet filed: the ledger tells
        ({}, "崇备12号", MET),
        ({"filed_on": ""}, "", BREACHED),
        ({"site_code": "4400000001"}, "", BREACHED),
    ],
)
def test_a_record_is_filed_by_its_day_or_its_number(fields: dict[str, object], number: str, value: Compliance) -> None:
    one = filed("launch", at("2026-11-16", "09:00:00"), None, number, **fields)
    told = judged(RECORD, NOON, declarations=(one,))
    assert (told.value, told.cause) == (value, Cause.FILED_WITHIN)


def test_the_filing_falls_due_and_breaks_by_the_clock() -> None:
    one = filed("account_closing", at("2026-11-20", "09:00:00"))  # a Friday
    for now, value in (
        (at("2026-11-20", "08:59:59"), MET),
        (at("2026-11-23", "23:59:59"), MET),
        (at("2026-11-24"), DUE),
        (at("2026-11-25", "23:59:59"), DUE),
        (at("2026-11-26"), BREACHED),
    ):
        assert judged(RECORD, now, declarations=(one,)).value is value
    due = judged(RECORD, at("2026-11-24"), declarations=(one,))
    assert str(due.why) == f"#{one.id} of 2026-11-20 is to be filed by 2026-11-25"


def test_an_old_launch_is_not_late_when_it_is_recorded() -> None:
    old = replace(filed("launch", at("2024-03-01")), filed_at=at("2026-11-20", "09:00:00"))  # a Friday
    for now, value in ((NOON, MET), (at("2026-11-24"), DUE), (at("2026-11-26"), BREACHED)):
        assert judged(RECORD, now, declarations=(old,)).value is value
    ahead = filed("launch", at("2026-11-20"))
    early = replace(ahead, filed_at=at("2026-10-01"))
    assert judged(RECORD, at("2026-11-26"), declarations=(early,)) == judged(
        RECORD, at("2026-11-26"), declarations=(ahead,)
    )


def test_the_days_count_from_the_day_the_papers_were_handed_in() -> None:
    old = filed("launch", at("2026-11-02"), handed_in="2026-11-20")
    for now, value in ((at("2026-11-24"), DUE), (at("2026-11-25", "23:59:59"), DUE), (at("2026-11-26"), BREACHED)):
        assert judged(RECORD, now, declarations=(old,)).value is value
    before = replace(filed("launch", at("2026-11-20"), handed_in="2026-11-02"), filed_at=NOON)
    assert judged(RECORD, NOON, declarations=(before,)).value is BREACHED, "handed in earlier, as was told"


SELF_CHECK = rule("filed_within", "desk", "15wd", of=["activity"], activity="self_check", field="reported")


@pytest.mark.parametrize(
    ("fields", "number", "value"),
    [
        ({"activity": "self_check"}, "", BREACHED),
        ({"activity": "自查"}, "", BREACHED),
        ({"activity": "自查"}, "自查通知1号", BREACHED),  # the number of the self-check is no report
        ({"activity": "自查", "reported": "2026-11-19"}, "", MET),
        ({"activity": "drill"}, "", MET),
    ],
)
def test_a_report_is_owed_by_the_activity_it_is_about(
    fields: dict[str, object], number: str, value: Compliance
) -> None:
    one = filed("activity", at("2026-10-12"), at("2026-10-30"), number, **fields)
    assert judged(SELF_CHECK, at("2026-11-19", "23:59:59"), declarations=(one,)).value is not BREACHED
    assert judged(SELF_CHECK, at("2026-11-20"), declarations=(one,)).value is value, "15 working days from its last day"
    assert judged(SELF_CHECK, at("2026-10-20"), declarations=(one,)).value is MET, "it is still going on"


def test_without_a_limit_it_is_only_due() -> None:
    one, change = rule("filed_within", "site", of=["change"]), filed("change", at("2026-01-05"), what="负责人")
    told = judged(one, NOON, declarations=(change,))
    assert (told.value, told.since, told.until) == (DUE, at("2026-01-05"), None)
    other = rule("filed_within", "site", of=["change"], field="announced")
    assert judged(other, NOON, declarations=(replace(change, fields={"announced": "2026-02-01"}),)).value is MET


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=4))
def test_no_change_of_filings_is_skipped(told: list[tuple[int, bool]]) -> None:
    made = tuple(filed("launch", at("2026-10-01") + n * DAY, None, "1号" if done else "") for n, done in told)
    assert skipped(RECORD, Facts(declarations=made), instants("2026-09-28", 70)) == []


def test_a_year_without_a_calendar_hides_no_filing_that_is_late_or_due() -> None:
    late, ahead = filed("launch", at("2026-11-02"), None), filed("launch", at("2034-12-29"), None)
    asked = rule("filed_within", "site", "15wd", of=["launch"])
    now = at("2034-12-30")
    with pytest.raises(CalendarUnknown):
        judged(asked, now, declarations=(replace(ahead, filed_at=ahead.start),))
    both = judged(asked, now, declarations=(late, replace(ahead, filed_at=ahead.start)))
    assert (both.value, both.inputs["overdue"]) == (BREACHED, 1)
    ordered = rule("fixed_within", "site", "3wd")
    known, unknown = filed("order", at("2026-11-02")), filed("order", at("2034-12-29"))
    assert judged(ordered, now, declarations=(known, unknown)).value is BREACHED


def test_a_record_that_names_too_few_is_not_told_it_names_none() -> None:
    one = rule("filed_within", "site", of=["temporary_offline"], field="approved_by", names=2)
    closure = filed("temporary_offline", at("2026-11-10"), None, "〔2026〕1号", approved_by=["市府办"])
    told = judged(one, NOON, declarations=(closure,))
    assert told.value is DUE
    assert (
        str(told.why)
        == "the record 〔2026〕1号 of 2026-11-10 names 1 (市府办) where 2 are to be named: who approved it"
    )
    none = judged(one, NOON, declarations=(replace(closure, fields={}),))
    assert str(none.why) == "the record 〔2026〕1号 of 2026-11-10 does not say who approved it"
    both = replace(closure, fields={"approved_by": ["市府办", "网信办"]})
    assert judged(one, NOON, declarations=(both,)).value is MET


def test_an_activity_is_named_and_counted_by_its_last_day() -> None:
    days = filed("activity", at("2026-11-10"), at("2026-11-12"), activity="自查")
    five = rule("filed_within", "desk", "5d", of=["activity"], activity="self_check", field="reported")
    told = judged(five, at("2026-11-16"), declarations=(days,))
    assert str(told.why) == f"#{days.id} of 2026-11-11 is to be filed by 2026-11-16"
    assert told.inputs["started_on"] == "2026-11-11"
    assert judged(five, at("2026-11-17"), declarations=(days,)).value is BREACHED
    ever = rule("filed_within", "desk", of=["activity"], activity="self_check", field="reported")
    told = judged(ever, NOON, declarations=(days,))
    assert str(told.why) == f"the record #{days.id} of 2026-11-11 does not say when it was reported"


# filed_within: a return

RETURN = rule("filed_within", "site", what="return")
UP = (run(LETTERS["."]),)
AWAY, BACK = at("2026-11-02"), at("2026-11-10", "09:00:00")
OVER = Outage(AWAY + HOUR, up_since=None, ended_at=BACK)


def returned(**facts: object) -> Standing:
    return judged(RETURN, NOON, **{"runs": UP, "ended": (OVER,), **facts})


def test_back_without_the_filing_of_the_return() -> None:
    away = filed("temporary_offline", AWAY, AWAY + 20 * DAY, "粤5号")
    told = returned(declarations=(away,))
    assert (told.value, told.since, told.cause) == (BREACHED, BACK, Cause.FILED_WITHIN)
    assert str(told.why) == (
        "back online since 2026-11-10 09:00 without being filed: closure 粤5号 lacks the filing of its return"
    )
    gap = returned(declarations=(away,), ended=(), outage=Outage(AWAY, up_since=BACK))
    assert (gap.value, gap.since, gap.until) == (BREACHED, BACK, None), "at once, as the text has it"
    earlier = replace(away, id=away.id + 1000, start=AWAY - 20 * DAY, end=AWAY - 10 * DAY)
    before = Outage(AWAY - 20 * DAY + HOUR, ended_at=AWAY - 12 * DAY)
    both = returned(declarations=(earlier, away), ended=(before,), outage=Outage(AWAY, up_since=BACK))
    assert (both.value, both.since) == (BREACHED, AWAY - 12 * DAY), "what is over is not hidden by a gap"
    papers = replace(away, fields={"restore_filed": "2026-11-19"})
    assert returned(declarations=(papers,)).value is MET
    own = filed("return", NOON - HOUR, None, "粤6号")
    assert returned(declarations=(away, own)).value is MET
    assert returned(declarations=(away, replace(own, number=""))).value is BREACHED


def test_going_down_again_mends_no_return_without_papers() -> None:
    away = filed("temporary_offline", AWAY, AWAY + 20 * DAY, "粤5号")
    order = filed("ordered_closure", AWAY, None, "公3号", security=True)
    for closure, says in (
        (away, "without being filed: closure 粤5号 lacks the filing of its return"),
        (order, "without consent: closure 公3号 lacks its own check, the check by the police and the consents"),
    ):
        down = returned(declarations=(closure,), outage=Outage(BACK + 3 * DAY))
        assert (down.value, down.since) == (BREACHED, BACK)
        assert str(down.why) == f"was back online 2026-11-10 09:00 to 2026-11-13 09:00 {says}"
        up = returned(declarations=(closure,), outage=Outage(BACK + 3 * DAY, up_since=BACK + 4 * DAY))
        assert (up.value, up.since) == (BREACHED, BACK), "the same fact, no other"
        assert str(up.why) == f"back online since 2026-11-14 09:00 {says}"
        short = Outage(AWAY, gaps=((BACK, BACK + HOUR),))
        gap = returned(declarations=(closure,), ended=(), outage=short)
        assert (gap.value, gap.since) == (BREACHED, BACK), "an hour open is open"
        early = Outage(AWAY - DAY, gaps=((AWAY - 3 * HOUR, AWAY - HOUR),))
        assert returned(declarations=(closure,), ended=(), outage=early).value is MET, "open before it was closed"
    papers = replace(away, fields={"restore_filed": "2026-11-14"})
    assert returned(declarations=(papers,), outage=Outage(BACK + 3 * DAY)).value is MET


def test_a_site_that_is_closed_still_tells_what_its_return_takes() -> None:
    order = filed("ordered_closure", AWAY, None, "公3号", security=True, police_check="2026-11-09")
    away = filed("temporary_offline", AWAY, AWAY + 5 * DAY, "粤5号")
    says = "not back yet; the return from closure {} still takes {}"
    for closure, lacks in ((order, "its own check and the consents"), (away, "the filing of its return")):
        told = returned(declarations=(closure,), ended=(), outage=Outage(AWAY + HOUR))
        assert (told.value, str(told.why)) == (MET, says.format(closure.number, lacks))
    assert str(returned(declarations=(order,), ended=()).why) == says.format("公3号", "its own check and the consents")
    for done in (replace(away, fields={"restore_filed": "2026-11-19"}), filed("permanent_offline", AWAY)):
        told = returned(declarations=(done,), ended=(), outage=Outage(AWAY + HOUR))
        assert (told.value, str(told.why)) == (MET, "nothing came back without the papers it takes")
    unseen = returned(declarations=(away,), ended=())
    assert str(unseen.why) == "nothing came back without the papers it takes", "its days are over and it never was down"


def test_what_was_never_down_or_still_is_owes_no_return() -> None:
    away = filed("temporary_offline", AWAY, AWAY + 5 * DAY)
    assert returned(declarations=(away,), ended=()).value is MET  # declared, and never seen down
    later = Outage(AWAY + 6 * DAY, ended_at=AWAY + 7 * DAY)
    earlier = Outage(AWAY - 2 * DAY, ended_at=AWAY - DAY)
    assert returned(declarations=(away,), ended=(later, earlier)).value is MET
    assert returned(declarations=(away,), ended=(), outage=Outage(AWAY + DAY)).value is MET
    assert returned(declarations=()).value is MET
    assert returned(declarations=(filed("force_majeure", AWAY, reason="x"),)).value is MET


@pytest.mark.parametrize(
    ("papers", "lacks"),
    [
        ({}, "its own check, the check by the police and the consents"),
        ({"self_check": "2026-11-08"}, "the check by the police and the consents"),
        ({"self_check": "2026-11-08", "police_check": "2026-11-09"}, "the consents"),
        ({"consents": ["市府办", "网信办"], "police_check": "2026-11-09"}, "its own check"),
        ({"consents": ["市府办"], "police_check": "2026-11-09", "self_check": "2026-11-08"}, None),
    ],
)
def test_after_a_closure_for_security(papers: dict[str, object], lacks: str | None) -> None:
    told = returned(declarations=(filed("ordered_closure", AWAY, None, "公3号", security=True, **papers),))
    assert told.value is (MET if lacks is None else BREACHED)
    if lacks is not None:
        assert str(told.why) == f"back online since 2026-11-10 09:00 without consent: closure 公3号 lacks {lacks}"
    plain = filed("ordered_closure", AWAY, None, "公3号", **papers)
    assert returned(declarations=(plain,)).value is MET


# done_every

DRILL = rule("done_every", "desk", "6mo", "30d", activity="应急演练")
YEARLY = rule("done_every", "desk", activity="网站工作会议", per_year=1)
TWICE = rule("done_every", "desk", None, "60d", activity="自查", per_year=2)
SINCE = at("2026-01-10", "08:00:00")


def done(one: Rule, now: datetime, *days: str, since: datetime | None = SINCE) -> Standing:
    name = str(one.options["activity"])
    records = tuple(filed("activity", at(day, "10:00:00"), activity=name) for day in days)
    other = filed("activity", at("2026-06-01"), activity="别的")
    return judged(one, now, declarations=(*records, other), first_seen_at=since)


@pytest.mark.parametrize(
    ("days", "now", "value"),
    [
        ((), at("2026-06-09", "23:59:59"), MET),  # counted from the day this desk began
        ((), at("2026-06-10"), DUE),
        ((), at("2026-07-10", "23:59:59"), DUE),
        ((), at("2026-07-11"), BREACHED),
        (("2026-03-01", "2026-05-31"), at("2026-10-31"), DUE),
        (("2026-03-01", "2026-05-31"), at("2026-12-01"), BREACHED),  # 31 May + 6 months = 30 November
        (("2026-03-01", "2026-05-31"), at("2026-11-30", "23:59:59"), DUE),
        (("2026-03-01", "2026-12-05"), at("2026-12-04"), BREACHED),  # not held yet
        (("2026-03-01", "2026-12-05"), at("2026-12-05", "10:00:00"), MET),
    ],
)
def test_at_least_once_in_every_stretch(days: tuple[str, ...], now: datetime, value: Compliance) -> None:
    told = done(DRILL, now, *days)
    assert (told.value, told.cause, told.look_at) == (value, Cause.DONE_EVERY, None)


def test_what_was_not_asked_yet_was_not_left_undone() -> None:
    later, now = at("2026-08-15", "09:00:00"), at("2026-11-20")
    quarterly = rule("done_every", "desk", activity="自查", every="quarter")
    assert judged(quarterly, now, first_seen_at=SINCE).value is BREACHED
    assert judged(quarterly, now, first_seen_at=SINCE, adopted={quarterly.key: later}).value is MET
    fresh = judged(DRILL, later + DAY, first_seen_at=SINCE, adopted={DRILL.key: later})
    old = judged(DRILL, later + DAY, first_seen_at=SINCE, adopted={"house/other": later})
    assert (fresh.value, fresh.inputs["due"], old.value) == (MET, "2027-02-15", BREACHED)
    year = judged(YEARLY, at("2027-01-05"), first_seen_at=SINCE, adopted={YEARLY.key: later})
    assert year.value is MET, "no January of 2026 was under it"


SPANS = st.tuples(st.integers(0, 90), st.integers(0, 12))


@given(st.lists(SPANS, max_size=8))
def test_what_was_done_on_the_same_days_counts_once(spans: list[tuple[int, int]]) -> None:
    """As often as can be chosen of them with no day in two: tried out over every choice, under every name of it."""
    first, words = date(2026, 3, 1), ("自查", "self_check", "自查自纠")
    records = tuple(
        filed(
            "activity",
            day_start(first + start * DAY),
            day_start(first + (start + days + 1) * DAY) if days else None,
            activity=words[number % 3],
        )
        for number, (start, days) in enumerate(spans)
    )
    told = judged(TWICE, at("2026-11-20"), declarations=records, first_seen_at=SINCE)
    most = max(
        len(chosen)
        for n in range(len(spans) + 1)
        for chosen in combinations(sorted(spans), n)
        if all(one[0] + one[1] < then[0] for one, then in pairwise(chosen))
    )
    have = int(str(told.inputs["done"])) if told.value is DUE else int(re.findall(r"\d+", str(told.why))[0])
    assert (told.value, have) == (DUE if most < 2 else MET, most)


@pytest.mark.parametrize(
    ("one", "days", "now", "value"),
    [
        (YEARLY, (), at("2026-09-30", "23:59:59"), MET),
        (YEARLY, (), at("2026-10-01"), DUE),
        (YEARLY, (), at("2026-12-31", "23:59:59"), DUE),
        (YEARLY, (), at("2027-01-01"), BREACHED),
        (YEARLY, ("2026-12-31",), at("2027-01-01"), MET),
        (YEARLY, ("2027-02-03",), at("2027-02-03", "09:00:00"), BREACHED),
        (YEARLY, ("2027-02-03",), at("2027-02-03", "10:00:00"), MET),  # made up for, and this year's
        (TWICE, ("2026-05-01",), at("2026-10-31", "23:59:59"), MET),  # 60 days before 31 December
        (TWICE, ("2026-05-01",), at("2026-11-01"), DUE),
        (TWICE, ("2026-05-01", "2026-11-20"), at("2027-01-01"), MET),
        (TWICE, ("2026-05-01",), at("2027-01-01"), BREACHED),
    ],
)
def test_so_often_in_a_calendar_year(one: Rule, days: tuple[str, ...], now: datetime, value: Compliance) -> None:
    assert done(one, now, *days).value is value


@pytest.mark.parametrize(
    ("since", "value"), [("2026-01-31", BREACHED), ("2026-02-01", MET), ("2026-11-30", MET), ("2027-01-01", MET)]
)
def test_a_year_counts_whose_january_we_saw(since: str, value: Compliance) -> None:
    assert done(YEARLY, at("2027-01-02"), since=at(since)).value is value
    assert done(YEARLY, at("2027-12-02"), since=at(since)).value is (value if value is BREACHED else DUE)


def test_the_year_in_which_the_desk_began_asks_and_breaks_nothing() -> None:
    for one, months in ((YEARLY, 10), (TWICE, 11)):
        asked = at(f"2026-{months}-01")
        for now, value in (
            (asked - SECOND, MET),
            (asked, DUE),
            (at("2026-12-31", "23:59:59"), DUE),
            (at("2027-01-01"), MET),
        ):
            assert done(one, now, since=at("2026-05-20")).value is value
    assert done(YEARLY, at("2026-10-01"), "2026-06-01", since=at("2026-05-20")).value is MET


READING = rule("done_every", "desk", "7d", activity="reading")


@pytest.mark.parametrize("other", [(), ("2026-11-18",)], ids=["alone", "one of its days on record too"])
def test_what_was_done_over_days_counts_from_its_last(other: tuple[str, ...]) -> None:
    days = filed("activity", at("2026-11-02"), at("2026-11-23"), activity="读网")  # its end is not within it
    more = tuple(filed("activity", at(day), at(day) + DAY, activity="读网") for day in other)

    def told(now: datetime) -> tuple[Compliance, object]:
        standing = judged(READING, now, first_seen_at=SINCE, declarations=(days, *more))
        return standing.value, standing.inputs["last"]

    assert told(at("2026-11-29", "23:59:59")) == (DUE, "2026-11-22")
    assert told(at("2026-11-30")) == (BREACHED, "2026-11-22")
    assert told(at("2026-11-12")) == (MET, "2026-11-12"), "while it goes on, as of then"


def test_the_last_day_is_that_of_what_ended_last_not_of_what_began_last() -> None:
    whole, within = ("2026-11-02", "2026-11-23"), ("2026-11-10", "2026-11-11")
    made = tuple(filed("activity", at(begin), at(end), activity="读网") for begin, end in (whole, within))
    told = judged(READING, at("2026-11-25"), first_seen_at=SINCE, declarations=made)
    assert (told.value, told.inputs["last"], told.inputs["due"]) == (MET, "2026-11-22", "2026-11-29")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=3))
def test_no_change_is_skipped_while_something_is_done_over_days(told: list[tuple[int, int]]) -> None:
    begun = at("2026-10-01")
    made = tuple(filed("activity", begun + n * DAY, begun + (n + m) * DAY, activity="读网") for n, m in told)
    assert skipped(READING, Facts(declarations=made, first_seen_at=begun), instants("2026-09-28", 70)) == []


QUARTERLY = rule("done_every", "desk", activity="季度检查", every="quarter")


@pytest.mark.parametrize(
    ("days", "now", "value"),
    [
        ((), at("2026-03-16", "23:59:59"), MET),
        ((), at("2026-03-17"), DUE),  # 14 days before 31 March
        ((), at("2026-03-31", "23:59:59"), DUE),
        ((), at("2026-04-01"), BREACHED),
        (("2026-03-31",), at("2026-04-01"), MET),
        (("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"), at("2026-06-17"), DUE),  # four in one are one
        (("2026-01-05",), at("2026-07-01"), BREACHED),
        (("2026-01-05", "2026-07-01"), at("2026-07-01", "09:00:00"), BREACHED),
        (("2026-01-05", "2026-07-01"), at("2026-07-01", "10:00:00"), MET),
        (("2026-11-20",), at("2027-01-01"), MET),
    ],
)
def test_once_in_every_natural_quarter(days: tuple[str, ...], now: datetime, value: Compliance) -> None:
    assert done(QUARTERLY, now, *days, since=at("2026-01-01")).value is value


def test_a_quarter_that_was_not_wholly_watched_is_asked_for_and_never_broken() -> None:
    for now, value in (
        (at("2026-03-17"), DUE),
        (at("2026-04-01"), MET),
        (at("2026-06-17"), DUE),
        (at("2026-07-01"), BREACHED),
    ):
        assert done(QUARTERLY, now, since=at("2026-01-02")).value is value
    assert done(QUARTERLY, NOON, since=None).value is UNKNOWN
    told = done(QUARTERLY, at("2026-07-01"), since=at("2026-01-02"))
    assert (told.since, str(told.why)) == (
        at("2026-07-01"),
        "季度检查: not done in quarter 2 of 2026, which is over",
    )


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=8), st.dates(date(2026, 1, 1), date(2027, 12, 31))
)
def test_quarters_by_counting_them(days: list[date], today: date) -> None:
    def quarter(day: date) -> int:
        return day.year * 4 + (day.month - 1) // 3

    told = done(QUARTERLY, at(str(today), "23:59:59"), *map(str, days), since=at("2026-01-01"))
    had = {quarter(day) for day in days if day <= today}
    ended = quarter(today + 15 * DAY) > quarter(today)
    lacks_last = quarter(today) > quarter(date(2026, 1, 1)) and quarter(today) - 1 not in had
    expected = MET if quarter(today) in had else BREACHED if lacks_last else DUE if ended else MET
    assert told.value is expected


@pytest.mark.parametrize("name", ["drill", "应急演练", " 演练 "])
def test_a_record_counts_under_each_name_of_it(name: str) -> None:
    one = rule("done_every", "desk", "1y", activity="drill")
    told = judged(
        one, NOON, first_seen_at=at("2025-01-01"), declarations=(filed("activity", NOON - DAY, activity=name),)
    )
    assert told.value is MET
    assert str(told.why).startswith("emergency drill: last on")


def test_the_words_of_what_is_done_regularly() -> None:
    assert str(done(DRILL, at("2026-11-10"), "2026-05-31").why) == (
        "应急演练: last on 2026-05-31, asked by 2026-11-30 (every 6mo)"
    )
    assert str(done(TWICE, at("2027-01-01"), "2026-05-01").why) == "自查: 1 of 2 in 2026, the year is over"
    assert done(DRILL, NOON, since=None).value is UNKNOWN
    assert done(YEARLY, NOON, since=None).value is UNKNOWN


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(str)


@settings(max_examples=8, deadline=None)
@given(
    st.sampled_from([DRILL, YEARLY, TWICE, QUARTERLY]),
    st.lists(DAYS, max_size=5),
    st.dates(date(2026, 1, 1), date(2026, 3, 9)),
)
def test_no_change_of_activities_is_skipped(one: Rule, days: list[str], since: date) -> None:
    name = str(one.options["activity"])
    records = tuple(filed("activity", at(day, "10:00:00"), activity=name) for day in days)
    facts = Facts(declarations=records, first_seen_at=at(since))
    assert skipped(one, facts, instants(str(since), 760)) == []


@given(st.sampled_from([DRILL, YEARLY, TWICE, QUARTERLY]), st.lists(DAYS, max_size=5), DAYS, DAYS)
def test_one_more_record_never_makes_it_worse(one: Rule, days: list[str], more: str, now: str) -> None:
    rank = {MET: 0, DUE: 1, BREACHED: 2}
    assert rank[done(one, at(now), *days, more).value] <= rank[done(one, at(now), *days).value]


# offline_at_most, by the year

ONCE = rule("offline_at_most", "site", per_year=1)


def closed(now: datetime, *starts: str, kind: str = "temporary_offline") -> Standing:
    made = tuple(filed(kind, at(day), at(day) + 3 * DAY, f"第{n}号") for n, day in enumerate(starts, 1))
    return judged(ONCE, now, declarations=made)


def test_the_second_closure_of_a_year() -> None:
    for starts, now, value in (
        (("2026-03-01",), at("2026-12-01"), MET),
        (("2025-12-31", "2026-03-01"), at("2026-12-01"), MET),
        (("2026-03-01", "2026-09-01"), at("2026-08-31", "23:59:59"), DUE),
        (("2026-03-01", "2026-09-01"), at("2026-09-01"), BREACHED),
        (("2026-03-01", "2026-09-01"), at("2026-12-31", "23:59:59"), BREACHED),
        (("2026-03-01", "2026-09-01"), at("2027-01-01"), MET),
        (("2026-03-01", "2026-09-01", "2026-10-01"), at("2026-12-01"), BREACHED),
    ):
        assert closed(now, *starts).value is value
    told = closed(at("2026-12-01"), "2026-03-01", "2026-09-01", "2026-10-01")
    assert (told.since, told.cause, told.changes_at) == (at("2026-09-01"), Cause.OFFLINE_AT_MOST, at("2027-01-01"))
    assert str(told.why) == "3 temporary closures in 2026, 1 allowed: 第2号 is too many"
    ahead = closed(at("2026-08-01"), "2026-03-01", "2026-09-01")
    assert (ahead.until, ahead.changes_at) == (at("2026-09-01"), at("2026-09-01"))


def spans(*days: tuple[str, str]) -> Standing:
    made = tuple(filed("temporary_offline", at(start), at(end), f"第{n}号") for n, (start, end) in enumerate(days, 1))
    return judged(ONCE, at("2026-12-01"), declarations=made)


def test_closures_that_touch_or_overlap_are_one() -> None:
    for days, value in (
        ((("2026-03-01", "2026-03-10"), ("2026-03-10", "2026-03-20")), MET),
        ((("2026-03-01", "2026-03-20"), ("2026-03-10", "2026-03-12"), ("2026-03-15", "2026-03-25")), MET),
        ((("2026-03-01", "2026-03-10"), ("2026-03-11", "2026-03-20")), BREACHED),
        ((("2025-12-20", "2026-01-05"), ("2026-01-05", "2026-01-15")), MET),  # last year's goes on
        ((("2025-12-20", "2026-01-05"), ("2026-01-05", "2026-01-15"), ("2026-03-01", "2026-03-02")), MET),
    ):
        assert spans(*days).value is value
    told = spans(("2026-03-01", "2026-03-10"), ("2026-03-10", "2026-03-20"), ("2026-06-01", "2026-06-02"))
    assert (told.value, told.since) == (BREACHED, at("2026-06-01"))
    assert str(told.why) == "2 temporary closures in 2026, 1 allowed: 第3号 is too many"


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40)), min_size=1, max_size=6))
def test_closures_by_counting_the_days_that_are_closed(told: list[tuple[int, int]]) -> None:
    new_year = at("2026-01-01")
    made = tuple(filed("temporary_offline", new_year + n * DAY, new_year + (n + many) * DAY) for n, many in told)
    days = {day for n, many in told for day in range(n, n + many)}
    stretches = sum(day - 1 not in days for day in days)
    assert judged(ONCE, at("2026-12-31"), declarations=made).inputs["closures"] == stretches


@pytest.mark.parametrize("kind", ["force_majeure", "ordered_closure", "permanent_offline", "migration"])
def test_other_closures_do_not_count(kind: str) -> None:
    assert closed(at("2026-12-01"), "2026-03-01", "2026-09-01", kind=kind).value is MET


@settings(max_examples=25, deadline=None)
@given(st.lists(DAYS, max_size=5))
def test_no_change_of_the_yearly_count_is_skipped(starts: list[str]) -> None:
    made = tuple(filed("temporary_offline", at(day), at(day) + DAY) for day in starts)
    assert skipped(ONCE, Facts(declarations=made), instants("2026-01-01", 740)) == []


def test_a_filed_closure_makes_the_thirty_days_its_own() -> None:
    one, outage = rule("offline_at_most", "site", "30d", "5d"), Outage(BEGAN)
    bare = judged(one, NOON, runs=DOWN, outage=outage)
    assert str(bare.why) == "offline: day 2, by the measure of a closure 30d"
    for kind in ("temporary_offline", "force_majeure"):
        told = judged(one, NOON, runs=DOWN, outage=outage, declarations=(filed(kind, BEGAN),))
        assert str(told.why) == "offline: day 2, limit 30d"
    other = (filed("temporary_offline", NOON + DAY, NOON + 2 * DAY), filed("launch", BEGAN))
    assert str(judged(one, NOON, runs=DOWN, outage=outage, declarations=other).why) == str(bare.why)


def test_a_finding_of_another_check_says_nothing_of_an_outage() -> None:
    other = (run(fail("tampered", Cause.TAMPER, "links", WORDS)), run(ok("column_fresh", WORDS)))
    assert judged(UNFILED, NOON, runs=other).value is UNKNOWN


def test_working_days_that_a_person_told_override_the_calendar() -> None:
    """Every obligation with a limit in working days goes by them: a Monday off, a Saturday worked."""
    told = {date(2026, 11, 21): True, date(2026, 11, 23): False}
    received = at("2026-11-20", "09:00:00")
    for one, facts in (
        (ZHAOCUO, {"messages": (message(received, "jiucuo"),)}),
        (rule("fixed_within", "site", "1wd"), {"declarations": (filed("order", received),)}),
        (rule("filed_within", "account", "1wd", of=["launch"]), {"declarations": (filed("launch", received),)}),
        (
            rule("done_every", "desk", "1wd", activity="a"),
            {"declarations": (filed("activity", received, activity="a"),)},
        ),
    ):
        assert judged(one, at("2026-11-22"), **facts).value is not BREACHED
        assert judged(one, at("2026-11-22"), workdays=told, **facts).value is BREACHED
        off = {date(2026, 11, 23): False}
        assert judged(one, at("2026-11-24"), workdays=off, **facts).value is not BREACHED
        assert judged(one, at("2026-11-25"), workdays=off, **facts).value is BREACHED


# the day by which


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["answered", "filed", "fixed", "by limit", "by year", "by quarter"]), MOMENTS, st.integers(0, 500)
)
def test_whatever_is_owed_says_by_which_day(what: str, start: datetime, days: int) -> None:
    """In words and in its inputs: not only that it is owed."""
    records: dict[str, tuple[Rule, dict[str, object]]] = {
        "answered": (rule("answered_within", "site", "3wd", "1wd"), {"messages": (message(start),)}),
        "filed": (rule("filed_within", "site", "3wd", of=["launch"]), {"declarations": (filed("launch", start),)}),
        "fixed": (rule("fixed_within", "site", "1d"), {"declarations": (filed("order", start),)}),
        "by limit": (rule("done_every", "desk", "30d", "5d", activity="drill"), {"first_seen_at": start}),
        "by year": (rule("done_every", "desk", activity="drill", per_year=1), {"first_seen_at": start}),
        "by quarter": (rule("done_every", "desk", activity="drill", every="quarter"), {"first_seen_at": start}),
    }
    one, facts = records[what]
    told = judged(one, start + timedelta(days=days % 300), **facts)
    assert told.value in {MET, DUE, BREACHED}
    if told.value is DUE:
        assert told.until is not None
        assert told.until >= start
    if told.value is not MET:
        due = date.fromisoformat(str(told.inputs["due"]))
        assert due >= civil_day(start) or what == "by year"
        assert what != "fixed" or due == civil_day(start + DAY - timedelta(microseconds=1))
        assert told.value is not DUE or what == "fixed" or str(due) in str(told.why)


def test_what_has_no_days_says_so() -> None:
    """及时: due from its first moment on, by no day."""
    one = rule("filed_within", "account", of=["sponsor_change"], field="announced")
    told = judged(one, NOON, declarations=(filed("sponsor_change", NOON, number="7号"),))
    assert (told.value, told.until, told.inputs["due"]) == (DUE, None, "")
    assert str(told.why) == "the record 7号 of 2026-11-20 does not say where it was announced"


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({}, DUE),
        ({"approved_by": []}, DUE),
        ({"approved_by": ["市府办"]}, DUE),
        ({"approved_by": ["市府办", "网信办"]}, MET),
        ({"approved_by": ["市府办", "网信办", "省府办"]}, MET),
    ],
)
def test_a_list_has_to_name_as_many_as_are_asked(fields: dict[str, Any], value: Compliance) -> None:
    one = rule("filed_within", "site", of=["temporary_offline"], field="approved_by", names=2)
    assert (
        judged(one, NOON, declarations=(filed("temporary_offline", NOON - DAY, NOON + DAY, **fields),)).value is value
    )
