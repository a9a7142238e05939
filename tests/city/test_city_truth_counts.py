"""Count vetoes (5, 10, 5), worked out by hand: twenty columns a site, 12 dynamic, 5 of policy, 3 others."""

from datetime import timedelta

from monitor.city.faults import Event
from monitor.city.plan import make_plan
from monitor.city.terms import Terms, Unit
from monitor.city.truth import truth
from monitor.model import Cause
from tests.city.truths import START, TOLD, D, H, units

WIDE = make_plan(7, sites=1, columns_per_site=100, accounts=0, links_per_home=0)


def counts(*events: Event, terms: Terms | None = None) -> list[Unit]:
    return [unit for unit in units(*events, terms=terms) if unit.cause is Cause.COUNT]


def silent(numbers: range, at: timedelta = D, lasts: timedelta | None = 20 * D) -> list[Event]:
    return [Event(at, "silent", f"site-03/column-{n:02}", lasts) for n in numbers]


def test_five_stale_columns_fail_a_site_and_four_do_not() -> None:
    assert counts(*silent(range(1, 5))) == []
    (unit,) = counts(*silent(range(1, 6)))
    assert (unit.target, unit.rule) == ("site-03", "national-2019/N-COL-SUM")
    assert unit.start == START + 16 * D, "the last items are of the 6th: 15 days later"
    assert unit.end == START + 21 * D
    assert unit.due == START + 16 * D + H + TOLD, "each has its look within a cadence"


def test_the_fifth_column_brings_it_and_the_first_to_return_takes_it_away() -> None:
    first, fifth = silent(range(1, 5)), silent(range(5, 6), at=4 * D, lasts=16 * D + 12 * H)
    (unit,) = counts(*first, *fifth)
    assert (unit.start, unit.end) == (START + 19 * D, START + 20 * D + 12 * H)
    assert unit.glow >= H, "that it is over is known from the next look"
    (early,) = counts(*first, *silent(range(5, 6), at=4 * D, lasts=15 * D + 30 * H / 60))
    assert early.due is None, "half an hour: shorter than a cadence"


def test_policy_columns_count_toward_the_same_five_and_others_do_not() -> None:
    policy = silent(range(16, 17), lasts=None)
    other = silent(range(20, 21), lasts=None)
    dynamic = silent(range(1, 5), at=190 * D)
    (unit,) = counts(*policy, *dynamic)
    assert unit.start == START + 205 * D
    assert counts(*other, *dynamic) == []


def test_columns_of_two_sites_are_not_added_up() -> None:
    elsewhere = [Event(D, "silent", f"site-04/column-{n:02}", 20 * D) for n in (1, 2)]
    assert counts(*silent(range(1, 4)), *elsewhere) == []


def test_ten_other_columns_that_are_a_year_old() -> None:
    def stale(number: int) -> list[Unit]:
        events = [Event(D, "silent", f"site-1/column-{n:03}", 400 * D) for n in range(86, 86 + number)]
        return [unit for unit in truth(WIDE, events, START, Terms()) if unit.cause is Cause.COUNT]

    assert stale(9) == []
    (unit,) = stale(10)
    assert (unit.rule, unit.start) == ("national-2019/N-COL-OTHER-SUM", START + 367 * D)


def test_five_blank_columns_of_any_kind() -> None:
    blank = [Event(D, "blank", f"site-03/column-{n:02}", 2 * D) for n in (1, 2, 14, 19, 20)]
    assert counts(*blank[:4]) == []
    (unit,) = counts(*blank)
    assert (unit.rule, unit.start, unit.end) == ("national-2019/N-COL-BLANK", START + D, START + 3 * D)
    assert unit.due == START + D + 2 * H + TOLD, "two looks"
    national = counts(*blank, terms=Terms(rules=frozenset({"national-2019"})))
    assert national == [unit], "also where no house rule minds a single one"


def test_two_counts_at_once_are_one_incident() -> None:
    blank = [Event(18 * D, "blank", f"site-03/column-{n:02}", 6 * D) for n in range(6, 11)]
    (unit,) = counts(*silent(range(1, 6)), *blank)
    assert (unit.start, unit.end) == (START + 16 * D, START + 24 * D)


def test_what_nobody_can_see_is_not_asked_for() -> None:
    five = silent(range(1, 6))
    assert counts(*five, Event(15 * D, "down", "site-03", 9 * D)) == []
    (late,) = counts(*five, Event(15 * D, "down", "site-03", 3 * D))
    assert late.due is not None
    assert late.due > START + 18 * D
    assert counts(*five, terms=Terms(rules=frozenset({"house"}))) == []


def test_a_silent_column_that_is_blank_counts_as_blank() -> None:
    blank = [Event(14 * D, "blank", "site-03/column-01", 9 * D)]
    assert counts(*silent(range(1, 6)), *blank) == []
