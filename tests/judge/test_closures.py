"""What ledgers tell of outages and notices is what judging says of them."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from monitor.judge.closures import (
    Floor,
    asks_return,
    ceiling,
    explaining,
    floors,
    is_exempt,
    place_in_year,
    return_lacks,
    unfiled,
)
from monitor.judge.standings import judge_by
from monitor.model import Cause, Compliance, Declaration, DeclarationKind, Facts, Outage, Outcome, Rule, Run, fail, ok
from tests.judge.made import DAY, HOUR, NOON, WORDS, at, rule, run

CLOSED, ORDERED, FORCED = (
    DeclarationKind.TEMPORARY_OFFLINE,
    DeclarationKind.ORDERED_CLOSURE,
    DeclarationKind.FORCE_MAJEURE,
)
UNFILED = rule("filed_within", "site", what="outage")
RETURN = rule("filed_within", "site", what="return", id="return")
TWO = rule("filed_within", "site", what="return", id="two", names=2)
DAYS = rule("offline_at_most", "site", "30d")


def filed(which: int, start: Any, end: Any = None, kind: DeclarationKind = CLOSED, **fields: Any) -> Declaration:
    return Declaration(id=which, kind=kind, target="s", start=start, end=end, filed_at=start, fields=fields)


def exempting(*kinds: DeclarationKind) -> Rule:
    return Rule(**{one: getattr(DAYS, one) for one in Rule.__dataclass_fields__ if one != "key"} | {"exempt_by": kinds})


def test_a_filing_of_four_days_leaves_the_rest_of_125_unfiled() -> None:
    outage = Outage(at("2026-09-01"), up_since=at("2027-01-04"), ended_at=at("2027-01-04"))
    told = explaining(outage, [filed(1, at("2026-09-09"), at("2026-09-13"))], [UNFILED], at("2027-02-01"))
    assert unfiled(outage, told, at("2027-02-01")) == [
        (at("2026-09-01"), at("2026-09-09")),
        (at("2026-09-13"), at("2027-01-04")),
    ]


def test_force_majeure_that_ran_out_leaves_the_rest_unfiled_while_it_goes_on() -> None:
    outage = Outage(at("2026-09-01"))
    told = [filed(1, at("2026-09-01"), at("2026-09-09", "12:00:00"), FORCED)]
    assert unfiled(outage, told, at("2026-09-20")) == [(at("2026-09-09", "12:00:00"), None)]


def test_a_pack_that_takes_certain_kinds_takes_no_others() -> None:
    only = rule("filed_within", "site", what="outage", of=["force_majeure"])
    one = filed(1, NOON - DAY)
    assert explaining(Outage(NOON), [one], [UNFILED], NOON + DAY) == [one]
    assert explaining(Outage(NOON), [one], [UNFILED, only], NOON + DAY) == []


spans = st.lists(st.tuples(st.integers(-40, 60), st.none() | st.integers(1, 40)), max_size=5)


@settings(max_examples=200, deadline=None)
@given(spans, st.integers(1, 50))
def test_the_ledger_calls_an_outage_filed_when_the_judge_does(told: list[tuple[int, int | None]], age: int) -> None:
    now = NOON + age * DAY + HOUR
    closures = [
        filed(n, NOON + start * DAY, None if length is None else NOON + (start + length) * DAY)
        for n, (start, length) in enumerate(told, 1)
    ]
    outage = Outage(NOON)
    facts = Facts(
        outage=outage, declarations=tuple(closures), runs=(run(fail("reachable", Cause.OUTAGE, "x", WORDS), now),)
    )
    (standing,) = judge_by([UNFILED], facts, now).standings
    bare = unfiled(outage, explaining(outage, closures, [UNFILED], now), now)
    assert (standing.value is Compliance.MET) is (not bare)
    if bare and standing.since is not None:
        assert bare[0][0] == standing.since, "since when nobody filed it"
    assert sum(((end or now) - start for start, end in bare), timedelta()) <= now - NOON
    for (_, end), (start, _) in pairwise(bare):
        assert end is not None
        assert end < start


def test_what_the_return_lacks_is_told_before_it_and_as_the_judge_tells_it_after() -> None:
    one = filed(
        1,
        NOON - HOUR,
        None,
        ORDERED,
        security=True,
        self_check="2026-11-21",
        police_check="2026-11-22",
        consents=["市府办"],
    )
    outage = Outage(NOON, up_since=NOON + DAY, ended_at=NOON + DAY)
    down, back = Facts(outage=Outage(NOON), declarations=(one,)), Facts(ended=(outage,), declarations=(one,))
    for facts in (down, back):
        assert [str(text) for text in return_lacks([one], [RETURN, TWO], facts)] == ["the consents"], (
            "two have to agree"
        )
        assert return_lacks([one], [RETURN], facts) == []
        assert return_lacks([one], [UNFILED], facts) == [], "no pack of the site asks"
    (standing,) = judge_by([TWO], back, NOON + 9 * DAY).standings
    assert (standing.value, standing.inputs["lacks"]) == (Compliance.BREACHED, "the consents")
    assert (asks_return([UNFILED]), asks_return([UNFILED, TWO])) == (False, True)


def test_nothing_filed_of_an_ordered_closure_lacks_everything_while_it_is_down() -> None:
    one = filed(1, NOON - HOUR, None, ORDERED, security=True)
    (text,) = return_lacks([one], [RETURN, TWO], Facts(outage=Outage(NOON), declarations=(one,)))
    assert str(text) == "its own check, the check by the police and the consents"


def test_a_return_that_was_declared_is_a_filing_of_the_return() -> None:
    one = filed(1, NOON - HOUR, NOON + DAY)
    back = Declaration(id=2, kind=DeclarationKind.RETURN, target="s", start=NOON + DAY, number="恢复1", filed_at=NOON + DAY, fields={"filed_on": "2026-11-21"})  # fmt: skip
    over = Outage(NOON, up_since=NOON + DAY, ended_at=NOON + DAY)
    assert return_lacks([one], [RETURN], Facts(ended=(over,), declarations=(one, back))) == []
    assert [str(text) for text in return_lacks([one], [RETURN], Facts(ended=(over,), declarations=(one,)))] == [
        "the filing of its return"
    ]


def test_what_goes_on_with_another_is_one_closure_of_the_year() -> None:
    first, more, second = (
        filed(1, at("2026-02-01"), at("2026-02-05")),
        filed(2, at("2026-02-05"), at("2026-02-09")),
        filed(3, at("2026-06-01"), at("2026-06-02")),
    )
    every = [first, more, second, filed(4, at("2025-12-01"), at("2025-12-02"))]
    assert [place_in_year(one, every) for one in (first, more, second)] == [1, 1, 2]
    assert place_in_year(filed(5, NOON, None, FORCED), every) is None


def test_the_fewest_days_are_the_ceiling_and_what_it_yields_to_is_exempt() -> None:
    ten = rule("offline_at_most", "site", "10d", id="ten")
    assert ceiling([DAYS, ten, rule("offline_at_most", "site", per_year=1)]) is ten
    assert ceiling([UNFILED]) is None
    yields = exempting(FORCED, ORDERED)
    long = filed(1, NOON - HOUR, None, ORDERED)
    assert is_exempt(Outage(NOON), [long], yields, NOON + DAY)
    assert is_exempt(Outage(NOON), [long], yields, NOON + 99 * DAY)
    ran_out = filed(1, NOON - HOUR, NOON + 8 * DAY, FORCED)
    assert not is_exempt(Outage(NOON), [ran_out], yields, NOON + 99 * DAY)
    assert not is_exempt(Outage(NOON), [filed(1, NOON - HOUR)], yields, NOON + DAY)


def numbers(told: Floor) -> tuple[int, int, int]:
    """Days seen, missing, not told."""
    return told.on(Outcome.OK), told.on(Outcome.FAIL), told.on(Outcome.UNKNOWN)


def stays(length: str, kind: str = "permanent_offline", field: str = "own_notice") -> Rule:
    return rule("notice_kept", "site", length, of=[kind], field=field)


def test_the_days_of_a_notice_that_was_seen_missing_and_not_seen() -> None:
    one = filed(9, at("2026-09-01"), None, DeclarationKind.PERMANENT_OFFLINE, own_notice="http://d/n")
    seen = run(
        ok("notice_kept", WORDS, subject=one.notice("own_notice")),
        at("2026-09-06", "09:00:00"),
        at("2026-09-01", "09:00:00"),
    )
    gone = run(
        fail("notice_kept", Cause.NOTICE_KEPT, "gone", WORDS, subject=one.notice("own_notice")),
        at("2026-09-08", "09:00:00"), at("2026-09-07", "09:00:00"),
    )._replace(looks=2, streak=2)  # fmt: skip
    now = at("2026-09-11", "10:00:00")
    (told,) = floors(one, [stays("30d"), UNFILED], Facts(runs=(gone,)), {"own_notice": [seen, gone]}, now)
    assert (told.day, told.of, *numbers(told)) == (10, 30, 5, 2, 3)
    assert told.last_day == date(2026, 10, 1)


def test_working_days_of_a_notice_pass_over_days_off_and_count_worked_weekends() -> None:
    one = filed(5, at("2026-09-01"), None, DeclarationKind.ACCOUNT_CLOSING, notice="http://w/n")
    (told,) = floors(one, [stays("15wd", "account_closing", "notice")], Facts(), {}, at("2026-12-01"))
    assert (told.day, told.last_day, numbers(told)[2]) == (15, date(2026, 9, 21), 15), "9-20 is a Sunday that is worked"


def test_of_a_year_whose_working_days_nobody_knows_no_day_is_told() -> None:
    one = filed(5, at("2031-03-01"), None, DeclarationKind.ACCOUNT_CLOSING, notice="http://w/n")
    (told,) = floors(one, [stays("15wd", "account_closing", "notice")], Facts(), {}, at("2031-03-05"))
    assert (told.last_day, told.day, told.standing.value) == (None, None, Compliance.UNKNOWN)


@pytest.mark.parametrize(
    "options", [stays("30d", "account_closing"), rule("notice_kept", "site", of=["permanent_offline"])]
)
def test_rules_of_other_kinds_and_without_days_ask_for_none(options: Rule) -> None:
    assert floors(filed(9, NOON, None, DeclarationKind.PERMANENT_OFFLINE), [options], Facts(), {}, NOON) == []


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 60),
    st.integers(0, 90),
    st.lists(st.tuples(st.booleans(), st.integers(0, 90), st.integers(0, 30)), max_size=4),
)
def test_the_days_of_a_notice_add_up(length: int, age: int, looks: list[tuple[bool, int, int]]) -> None:
    one = filed(9, NOON, None, DeclarationKind.PERMANENT_OFFLINE, own_notice="http://d/n")
    good, bad = ok("notice_kept", WORDS), fail("notice_kept", Cause.NOTICE_KEPT, "gone", WORDS)
    runs = [run(good if fine else bad, NOON + (begun + more) * DAY, NOON + begun * DAY) for fine, begun, more in looks]
    (told,) = floors(one, [stays(f"{length}d")], Facts(), {"own_notice": runs}, NOON + age * DAY)
    assert told.day == min(age, length)
    assert sum(numbers(told)) == told.day


GOOD, BAD = ok("notice_kept", WORDS), fail("notice_kept", Cause.NOTICE_KEPT, "gone", WORDS)
OVER = at("2026-10-02", "09:00:00")  # day 31


def looks(*told: tuple[bool, str, str], confirmed: bool = True) -> list[Run]:
    """Runs of looks at nine in the morning, from and to which day of 2026."""
    made = [(fine, at(f"2026-{first}", "09:00:00"), at(f"2026-{last}", "09:00:00")) for fine, first, last in told]
    streak = 3 if confirmed else 1
    return [Run(GOOD if fine else BAD, first, last, streak, streak, first) for fine, first, last in made]


@pytest.mark.parametrize(
    ("seen", "value", "words"),
    [
        (looks((True, "09-01", "10-02")), Compliance.MET, "kept for 30d"),
        (
            looks((True, "09-01", "09-10"), (False, "09-11", "09-13"), (True, "09-14", "10-02")),
            Compliance.BREACHED,
            "its days are over: on 3 of 30 days it was missing",
        ),
        ([], Compliance.UNKNOWN, "its days are over: it was never seen"),
        (looks((True, "10-02", "10-02")), Compliance.UNKNOWN, "its days are over: it was never seen"),
        (
            looks((True, "09-03", "10-02")),
            Compliance.UNKNOWN,
            "its days are over: on 1 of 30 days nobody could tell",
        ),
    ],
)
def test_when_its_days_are_over_they_say_whether_it_was_kept(seen: list[Run], value: Compliance, words: str) -> None:
    one = filed(9, at("2026-09-01"), None, DeclarationKind.PERMANENT_OFFLINE, own_notice="http://d/n")
    run_now = tuple(one_run._replace(finding=one_run.finding._replace(subject=one.notice("own_notice"))) for one_run in seen[-1:])  # fmt: skip
    (told,) = floors(one, [stays("30d")], Facts(runs=run_now), {"own_notice": seen}, OVER)
    assert told.standing.value is Compliance.MET, "nothing is owed any more: no incident, nothing due"
    assert told.value is value
    assert words in str(told.why)


def test_a_gap_is_told_while_its_days_run_and_a_failure_nobody_confirmed_is_none() -> None:
    one = filed(9, at("2026-09-01"), None, DeclarationKind.PERMANENT_OFFLINE, own_notice="http://d/n")
    gap = [(True, "09-01", "09-04"), (False, "09-05", "09-05"), (True, "09-06", "09-10")]
    now = at("2026-09-10", "12:00:00")
    shown = GOOD._replace(subject=one.notice("own_notice"))
    facts = Facts(runs=(run(shown, now),))
    (told,) = floors(one, [stays("30d")], facts, {"own_notice": looks(*gap)}, now)
    assert (told.value, told.since, numbers(told)) == (Compliance.BREACHED, at("2026-09-05"), (8, 1, 0))
    assert str(told.why) == "on 1 of 9 days so far it was missing"
    (told,) = floors(one, [stays("30d")], facts, {"own_notice": looks(*gap, confirmed=False)}, now)
    assert (told.value, numbers(told)) == (Compliance.MET, (8, 0, 1))


def test_an_address_never_told_is_unknown_when_its_days_are_over_and_broken_where_that_is_the_breach() -> None:
    one = filed(9, at("2026-09-01"), None, DeclarationKind.PERMANENT_OFFLINE)
    owed = rule("notice_kept", "site", "30d", of=["permanent_offline"], field="own_notice", owed=True)
    (asked, demanded) = floors(one, [stays("30d"), owed], Facts(), {}, OVER)
    assert (asked.value, demanded.value) == (Compliance.UNKNOWN, Compliance.BREACHED)
    assert demanded.since == one.start


def test_after_a_return_no_day_of_the_notice_counts() -> None:
    one = filed(9, at("2026-09-01"), at("2026-09-06", "10:00:00"), DeclarationKind.PERMANENT_OFFLINE, own_notice="http://d/n")  # fmt: skip
    seen = looks((True, "09-01", "09-06"), (False, "09-07", "09-20"))
    (told,) = floors(one, [stays("30d")], Facts(), {"own_notice": seen}, OVER)
    assert (told.day, numbers(told), told.value) == (4, (4, 0, 0), Compliance.MET)


def test_the_days_of_the_year_that_is_known_are_counted() -> None:
    known = {date(2030, 12, 1) + timedelta(days=n): n % 7 < 5 for n in range(31)}
    one = filed(5, at("2030-12-20"), None, DeclarationKind.ACCOUNT_CLOSING, notice="http://w/n", deregistered="2030-12-31")  # fmt: skip
    early = [stays("15wd", "account_closing", "notice")]
    for now, day, counted in ((at("2030-12-24"), 3, 3), (at("2031-01-05"), None, 8)):
        (told,) = floors(one, early, Facts(workdays=known), {}, now)
        assert (told.day, len(told.days), told.last_day) == (day, counted, None)
        assert told.value is (Compliance.DUE if day else Compliance.BREACHED), (
            "eight working days are too few whatever the next year's are"
        )
