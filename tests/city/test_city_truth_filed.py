"""What comes of declarations and messages: cases worked out by hand from DESIGN.md §4.6 and domain.md §12."""

from datetime import datetime, timedelta

import pytest

from monitor.city.faults import Event
from monitor.city.plan import make_plan
from monitor.city.terms import Terms, Unit
from monitor.city.truth import truth
from monitor.model import Cause
from tests.city.truths import START, TOLD, D, H, M, S, day, only, units

NONE = timedelta()
YEAR = day(2026, 1, 1)


def filed(at: timedelta, declare: str, target: str = "site-03", **times: str) -> Event:
    options = {"declare": declare} | {name.rstrip("_"): text for name, text in times.items()}
    return Event(at, "declared", target, NONE, options)


def message(at: timedelta, cls: str, target: str = "site-03", **times: str) -> Event:
    return Event(at, "message", target, NONE, {"class": cls} | times)


def of(cause: Cause, *events: Event, terms: Terms | None = None, start: datetime = START) -> list[Unit]:
    return [unit for unit in units(*events, terms=terms, start=start) if unit.cause is cause]


@pytest.mark.parametrize(
    "declare",
    [
        *("temporary_offline", "permanent_offline", "force_majeure", "ordered_closure", "migration", "launch"),
        "sponsor_change",
    ],
)
def test_a_declaration_leads_to_nothing_by_itself(declare: str) -> None:
    assert units(filed(D, declare), filed(D, declare, "site-04", from_="-20d", to="20d")) == []


def test_an_outage_that_was_filed_is_one_all_the_same() -> None:
    down = Event(2 * D, "down", "site-03", 40 * M)
    assert only(down, filed(D, "temporary_offline", to="9d")) == only(down)


def test_the_second_closure_of_a_year_is_one_too_many_from_its_start_to_the_years_end() -> None:
    first, second = filed(D, "temporary_offline", to="3d"), filed(20 * D, "temporary_offline", from_="22d", to="25d")
    (unit,) = units(first, second)
    assert (unit.target, unit.cause, unit.rule) == ("site-03", Cause.OFFLINE_AT_MOST, "national-2019/N-OFF-ONCE")
    assert (unit.start, unit.end) == (START + 22 * D, day(2027, 1, 1))
    assert unit.due == START + 22 * D + TOLD, "the clock decides: no cadence"


def test_one_filed_for_the_past_counts_from_when_it_is_filed() -> None:
    late = filed(20 * D, "temporary_offline", from_="2d", to="5d")
    (unit,) = units(filed(10 * D, "temporary_offline", from_="12d", to="13d"), late)
    assert unit.start == START + 20 * D


def test_closures_count_by_their_start_and_by_calendar_year() -> None:
    before = filed(D, "temporary_offline", from_="-20d", to="3d")  # 16 December 2025
    this = filed(9 * D, "temporary_offline", to="12d")
    assert units(before, this) == []
    assert units(before, this, filed(10 * D, "temporary_offline", to="13d")) == [], "it overlaps: the same closure"
    assert units(before, this, filed(12 * D, "temporary_offline", to="13d")) == [], "it goes on with it"
    assert len(units(before, this, filed(13 * D, "temporary_offline", to="14d"))) == 1
    assert len(units(before, filed(D, "temporary_offline", from_="-19d", to="2d"))) == 0, "that year is over"


def test_force_majeure_and_orders_do_not_count_nor_does_another_site() -> None:
    other = [filed(D, "force_majeure", to="3d"), filed(9 * D, "ordered_closure", to="12d")]
    assert units(filed(5 * D, "temporary_offline", to="6d"), *other) == []
    assert (
        units(filed(5 * D, "temporary_offline", to="6d"), filed(8 * D, "temporary_offline", "site-04", to="9d")) == []
    )


def test_the_same_filing_twice_is_one() -> None:
    assert units(filed(5 * D, "temporary_offline", to="6d"), filed(5 * D, "temporary_offline", to="6d")) == []


def test_nobody_files_while_the_process_is_gone() -> None:
    first, second = filed(D, "temporary_offline", to="3d"), filed(20 * D, "temporary_offline", to="25d")
    (unit,) = units(first, second, Event(20 * D - H, "killed", "*", 3 * H))
    assert unit.start == START + 20 * D + 2 * H
    assert unit.due is not None
    assert unit.due <= START + 20 * D + 2 * H + 10 * M + TOLD


def share(*events: Event) -> list[Unit]:
    return of(Cause.AVAILABILITY, *events)


HIJACKED = Event(D, "hijacked", "site-03", 12 * H)
"""At five minutes more than 5 %, and no outage to cite it."""


def test_what_fails_while_a_site_is_closed_as_filed_is_no_failed_sample() -> None:
    assert share(HIJACKED)
    for declare in ("temporary_offline", "force_majeure", "ordered_closure", "permanent_offline"):
        assert share(HIJACKED, filed(H, declare, from_="20h", to="2d")) == []
    assert share(HIJACKED, filed(H, "migration", from_="20h", to="2d")), "a migration closes nothing"


def test_what_fails_outside_of_it_still_counts() -> None:
    (unit,) = share(HIJACKED, filed(H, "force_majeure", from_="24h", to="26h"))
    assert unit.start == START + D + 2 * H + 100 * 5 * M
    assert share(HIJACKED, filed(H, "force_majeure", from_="24h", to="28h")) == [], "eight hours: 96 or 97"


def test_filed_afterwards_it_is_taken_back_and_may_have_been_told_before() -> None:
    (unit,) = share(HIJACKED, filed(2 * D, "force_majeure", from_="1d", to="2d"))
    assert unit.start == START + D + 500 * M
    assert unit.due is not None
    assert unit.end == START + 2 * D + 60 * S, "the verdict was right when it was given, and is given up now"


def test_the_hours_at_its_edges_may_count_or_not() -> None:
    """From 24:30 on: 30 minutes before it in an hour that it touches."""
    long = Event(D, "hijacked", "site-03", 24 * H)
    (unit,) = share(long, filed(H, "force_majeure", from_="32h", to="46h"))
    assert unit.due is not None
    early = Event(
        D - 8 * H, "hijacked", "site-03", 8 * H + 45 * M
    )  # 105 samples, 9 of them in the hour that begins with 24
    unsure = share(early, filed(H, "force_majeure", from_="1d 00:30", to="46h"))
    assert {unit.due for unit in unsure} == {None}


def test_a_closure_alarms_nobody_while_it_lasts() -> None:
    """The share was reached before; after it nobody need be told a second time, and may be."""
    told, again = share(HIJACKED, filed(36 * H, "temporary_offline", from_="37h", to="3d"))
    assert (told.due is not None, told.end) == (True, START + 37 * H)
    assert (again.due, again.start) == (None, START + 3 * D)


def zhaocuo(received: str, **answered: str) -> list[Unit]:
    """A 找错 message received at that time of 2026-02."""
    at = datetime.fromisoformat(f"2026-{received}:00+08:00") - START
    return units(message(at, "jiucuo", **answered))


@pytest.mark.parametrize(
    ("received", "overdue"),
    [
        ("02-05T16:00", (2, 11)),  # Thursday: over on Tuesday at 24:00
        ("02-14T09:00", (2, 27)),  # Saturday, worked: the three days after the holiday
        ("02-13T23:59", (2, 26)),
        ("02-28T10:00", (3, 5)),
    ],
)
def test_an_unanswered_zhaocuo_is_overdue_after_three_working_days(received: str, overdue: tuple[int, int]) -> None:
    (unit,) = zhaocuo(received)
    assert (unit.cause, unit.rule) == (Cause.ANSWERED_WITHIN, "national-2019/N-ZHAOCUO")
    assert unit.start == day(2026, *overdue)
    assert unit.due == unit.start + TOLD
    assert unit.end is None


def test_the_answer_ends_it_and_in_time_there_is_nothing() -> None:
    (unit,) = zhaocuo("02-05T16:00", answered="40d 10:00")
    assert unit.end == START + 40 * D + 10 * H
    assert zhaocuo("02-05T16:00", answered="36d 23:59") == [], "10 February"
    assert zhaocuo("02-05T16:00", answered="37d 00:00") == []
    (brief,) = zhaocuo("02-05T16:00", answered="37d 00:01")
    assert brief.due is None, "gone before anybody need have judged"


def test_every_message_is_owed_an_answer_within_three_months() -> None:
    """Received on 15 January: the last day is 15 April; a veto opens at its last warning, seven days before."""
    for cls in ("consulting", "handling"):
        assert units(message(10 * D, cls, answered="93d")) == []
        (unit,) = units(message(10 * D, cls, answered="109d"))
        assert (unit.rule, unit.start, unit.end) == ("national-2019/N-MSG", day(2026, 4, 8), START + 109 * D)
    (forgotten,) = units(message(10 * D, "consulting"))
    assert forgotten.end == day(2027, 1, 16), "those of the last 365 days"
    terms = Terms(rules=frozenset({"zizhizhou-2020"}))
    (outer,) = of(Cause.ANSWERED_WITHIN, message(10 * D, "handling"), terms=terms)
    assert outer.end is None


@pytest.mark.parametrize(
    ("cls", "rules", "overdue"),
    [
        ("jiucuo", {"shaoguan-2023"}, (2, 25)),
        ("jiucuo", {"zhongshan-2020", "national-2019"}, (2, 25)),
        ("jiucuo", {"zizhizhou-2020"}, (2, 27)),
        ("consulting", {"zizhizhou-2020"}, (3, 4)),
        ("handling", {"zizhizhou-2020"}, (3, 14)),
    ],
)
def test_towns_have_their_own_limits(cls: str, rules: set[str], overdue: tuple[int, int]) -> None:
    at = datetime.fromisoformat("2026-02-14T17:00:00+08:00") - START
    first, *_ = of(Cause.ANSWERED_WITHIN, message(at, cls), terms=Terms(rules=frozenset(rules)))
    assert first.start == day(2026, *overdue)
    shaoguan = Terms(rules=frozenset({"shaoguan-2023"}))
    assert of(Cause.ANSWERED_WITHIN, message(at, "handling"), terms=shaoguan) == []


def test_of_several_messages_one_unit_tells_while_any_is_overdue() -> None:
    first = message(D, "jiucuo", answered="10d")  # Tuesday 6 January: overdue from Saturday 10
    second = message(3 * D, "jiucuo", answered="14d")  # Thursday 8: overdue from Wednesday 14
    third = message(20 * D, "jiucuo", answered="40d")
    found = units(first, second, third)
    assert [(unit.start - START, unit.end and unit.end - START) for unit in found] == [
        (5 * D, 14 * D),
        (24 * D, 40 * D),
    ]
    elsewhere = units(first, message(3 * D, "jiucuo", "site-04", answered="14d"), message(D, "jiucuo", "account-03"))
    assert [unit.target for unit in elsewhere] == ["site-03", "site-04"], "no pack says it of accounts"


def test_in_a_year_whose_holidays_are_not_known_it_is_neither_asked_nor_wrong() -> None:
    at = day(2026, 12, 30) - START
    (unit,) = units(message(at, "jiucuo", answered=f"{(at + 30 * D).days}d"))
    assert unit.due is None
    assert unit.start == day(2027, 1, 3), "not sooner, however the holidays lie"


def test_nobody_judges_while_the_process_is_gone() -> None:
    (unit,) = units(message(D, "jiucuo", answered="7d"), Event(5 * D - H, "killed", "*", 3 * H))
    assert unit.due == START + 5 * D + 2 * H + 10 * M + TOLD
    (never,) = units(message(D, "jiucuo", answered="5d 01:00"), Event(5 * D - H, "killed", "*", 3 * H))
    assert never.due is None


WITH_LISTS = make_plan(7, sites=3, columns_per_site=1, accounts=1, links_per_home=1, entries_per_site=5)
"""Sites that have a reply list; it is looked at every six hours."""
DAILY = Terms(page=6 * H)


def by_page(received: datetime, answered: datetime | None, *more: Event) -> list[Unit]:
    """A 找错 message on the list of site-3: three working days."""
    told = {} if answered is None else {"answered": f"{(answered - START) // M}m"}
    event = message(received - START, "jiucuo", "site-3", by="page", **told)
    found = truth(WITH_LISTS, (event, *more), START, DAILY)
    return [unit for unit in found if unit.cause is Cause.ANSWERED_WITHIN]


MONDAY = day(2026, 1, 12)
FRIDAY = day(2026, 1, 16)
"""When the three days of a message of that Monday are over."""


def test_a_message_on_a_page_is_late_like_any_other_once_it_was_read() -> None:
    (unit,) = by_page(MONDAY + 10 * H, FRIDAY + 2 * D)
    assert (unit.start, unit.end, unit.due) == (FRIDAY, FRIDAY + 2 * D, FRIDAY + TOLD)
    assert unit.glow > 6 * H, "its answer is read a look later"


def test_one_whose_page_cannot_be_read_is_told_once_it_can() -> None:
    gone = Event(MONDAY - START, "http_404", "site-3/entry-5", 6 * D)
    (unit,) = by_page(MONDAY + 10 * H, FRIDAY + 9 * D, gone)
    assert (unit.start, unit.due) == (FRIDAY, MONDAY + 6 * D + 6 * H + TOLD)


def test_an_answer_just_before_the_limit_may_be_read_too_late_and_an_early_one_not() -> None:
    (unsure,) = by_page(MONDAY + 10 * H, FRIDAY - H)
    assert (unsure.due, unsure.start, unsure.end) == (None, FRIDAY, FRIDAY + 5 * H)
    assert by_page(MONDAY + 10 * H, FRIDAY - 7 * H) == []


def test_one_that_was_answered_before_anybody_need_have_read_it_is_not_asked_for() -> None:
    gone = Event(MONDAY - START, "http_404", "site-3/entry-5", 5 * D)
    (unit,) = by_page(MONDAY + 10 * H, FRIDAY + D + 2 * H, gone)
    assert unit.due is None
