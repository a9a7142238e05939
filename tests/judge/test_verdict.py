"""合格, 不合格, 无法判定: every national veto met, broken, unseen and young, and what that makes of the site."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.config.load import load
from monitor.judge.indicators import Column, Known, Line, State, Week, indicator
from monitor.judge.verdict import OF_A_SITE, Judged, Verdict, verdict
from monitor.model import Compliance, Declaration, DeclarationKind, Rule, Severity, TargetKind, say
from tests.judge.made import DAY, HOUR, NOON

NATIONAL = "national-2019"
RULES: dict[str, Rule] = {
    rule.key: rule for pack in load(None, environ={}).packs for rule in pack.rules if pack.id == NATIONAL
}
VETOES = [one for one in RULES.values() if one.severity is Severity.VETO and one.applies.kind in OF_A_SITE]
KINDS = ["dynamic", "policy", "notice", "other"]
LONG_AGO = NOON - 500 * DAY
FULL = Week(good=2000, failed=10, planned=2016)


def line(rule: str, value: str = "breached", target: str = "s", kind: str = "site", **more: Any) -> Line:
    return Line(target, TargetKind(kind), f"{NATIONAL}/{rule}", Compliance(value), say("…"), NOON, **more)


def column(n: int, kind: str = "dynamic", **more: Any) -> Column:
    given = {"first_look": LONG_AGO, "is_known": True, "is_full_told": True, **more}
    return Column(f"c{n}", kind, **given)


ALL = tuple(column(n, KINDS[n % 4]) for n in range(60))  # fifteen of each kind


def known(**more: Any) -> Known:
    """A site that is well in every respect and has been watched for long; and what is different."""
    registers = {"consulting": date(2020, 1, 1)}
    well: dict[str, Any] = {"first_look": LONG_AGO, "columns": ALL, "week": FULL, "registers": registers}
    return Known(site="s", **{**well, **more})


def judged(**more: Any) -> Judged:
    return verdict(RULES, (NATIONAL, "house"), known(**more), NOON)


def of(rule: str, **more: Any) -> State:
    return indicator(RULES[f"{NATIONAL}/{rule}"], RULES, known(**more), NOON).state


def stale(n: int, kind: str = "dynamic", pack: str = NATIONAL) -> list[tuple[str, str]]:
    return [(f"stale:{pack}:{kind}", f"c{KINDS.index(kind) + 4 * i}") for i in range(n)]


def blank(n: int) -> list[tuple[str, str]]:
    return [("blank:dynamic", f"c{4 * i}") for i in range(n)]


def blind(rule: str, n: int, kind: str) -> list[Line]:
    return [line(rule, "unknown", f"c{KINDS.index(kind) + 4 * i}", "column") for i in range(n)]


def new(kind: str, n: int, **more: Any) -> tuple[Column, ...]:
    """All columns, the first of that kind looked at for the first time three days ago."""
    young = {f"c{KINDS.index(kind) + 4 * i}" for i in range(n)}
    told = {"first_look": NOON - 3 * DAY, **more}
    return tuple(column(i, one.kind, **told) if one.id in young else one for i, one in enumerate(ALL))


TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "N-AVAIL": {
        "broken": {"lines": [line("N-AVAIL")]},
        "unseen": {"week": Week(good=1900, failed=10, excluded=106, planned=2016)},
        "young": {"first_look": NOON - 6 * DAY},
        "exempt": {"lines": [line("N-AVAIL", "exempt")]},
    },
    "N-HOME": {
        "broken": {"lines": [line("N-HOME")]},
        "unseen": {"lines": [line("N-HOME", "unknown")]},
        "young": {"first_look": NOON - 13 * DAY},
        "exempt": {"lines": [line("N-HOME", "exempt")]},
    },
    "N-COL-SUM": {
        "broken": {"breaches": stale(3) + stale(2, "policy")},
        "unseen": {"breaches": stale(3), "lines": blind("N-COL-POL", 2, "policy")},
        "young": {"breaches": stale(3), "columns": new("policy", 2), "lines": blind("N-COL-POL", 2, "policy")},
    },
    "N-COL-OTHER-SUM": {
        "broken": {"breaches": stale(10, "other")},
        "unseen": {"breaches": stale(4, "other"), "lines": blind("N-COL-OTHER", 10, "other")},
        "young": {"columns": new("other", 10), "lines": blind("N-COL-OTHER", 10, "other")},
    },
    "N-COL-BLANK": {
        "broken": {"breaches": blank(5)},
        "unseen": {"columns": new("other", 5, is_full_told=False), "breaches": blank(1)},
        "young": {"columns": new("other", 5, first_look=None, is_known=False, is_full_told=False)},
    },
    "N-MSG": {
        "broken": {"lines": [line("N-MSG")]},
        "unseen": {"lines": [line("N-MSG", "unknown")]},
        "young": {"registers": {"consulting": date(2026, 8, 21)}},
        "unwatched": {"registers": {"jiucuo": date(2020, 1, 1)}},
    },
    "N-FRAUD": {
        "suspected": {"lines": [line("N-FRAUD", target="c1", kind="column")]},
        "unseen": {"lines": [line("N-FRAUD", "unknown", "c1", "column")]},
    },
    **{
        rule: {
            "suspected": {"lines": [line(rule, target=target, kind=kind)]},
            "unseen": {"lines": [line(rule, "unknown", target, kind)]},
        }
        for rule, target, kind in (
            ("N-BADLINK", "s", "site"), ("N-BADLINK-COL", "c1", "column"), ("N-BADLINK-PAGE", "p", "page"), ("N-BADLINK-LINK", "l", "link"),
        )
    },
}  # fmt: skip
ROWS = [(rule, state, told) for rule, states in TABLE.items() for state, told in states.items()]
DECIDING = {"broken": Verdict.FAILED, "exempt": Verdict.PASSED, "unwatched": Verdict.PASSED}


def test_the_table_has_every_national_veto_of_a_site() -> None:
    assert {f"{NATIONAL}/{rule}" for rule in TABLE} == {one.key for one in VETOES}


@pytest.mark.parametrize("rule", TABLE)
def test_a_site_that_was_well_for_long_meets_it(rule: str) -> None:
    assert of(rule) is State.MET
    assert judged().verdict is Verdict.PASSED
    assert judged().why == ()


@pytest.mark.parametrize(("rule", "state", "told"), ROWS, ids=[f"{rule}-{state}" for rule, state, _ in ROWS])
def test_each_state_of_each_veto_and_what_it_makes_of_the_site(rule: str, state: str, told: dict[str, Any]) -> None:
    assert of(rule, **told) == state
    made = judged(**told)
    is_guess = state == "unseen" and rule.startswith(("N-FRAUD", "N-BADLINK"))
    assert made.verdict is (Verdict.PASSED if is_guess else DECIDING.get(state, Verdict.UNDECIDED))
    assert bool(made.why) is (made.verdict is not Verdict.PASSED)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("N-AVAIL", {"lines": [line("N-AVAIL")]}),
        ("N-HOME", {"lines": [line("N-HOME")]}),
        ("N-COL-SUM", {"breaches": stale(5), "columns": new("dynamic", 15)}),
        ("N-COL-OTHER-SUM", {"breaches": stale(10, "other"), "columns": new("other", 15)}),
        ("N-COL-BLANK", {"breaches": blank(5), "columns": new("dynamic", 15)}),
        ("N-MSG", {"lines": [line("N-MSG")], "registers": {"consulting": NOON.date()}}),
    ],
)
def test_what_is_broken_already_is_broken_however_young(rule: str, told: dict[str, Any]) -> None:
    assert of(rule, **{"first_look": NOON - HOUR, **told}) is State.BROKEN


@pytest.mark.parametrize("rule", ["N-AVAIL", "N-HOME", "N-COL-SUM", "N-COL-OTHER-SUM", "N-COL-BLANK"])
def test_of_a_site_nobody_has_looked_at_nothing_is_told(rule: str) -> None:
    unread = [column(n, KINDS[n % 4], first_look=None, is_known=False, is_full_told=False) for n in range(60)]
    assert of(rule, first_look=None, columns=unread, week=Week(planned=2016)) in {State.UNSEEN, State.YOUNG}


def test_the_week_and_the_two_weeks_are_over_to_the_day() -> None:
    assert of("N-AVAIL", first_look=NOON - 7 * DAY) is State.MET
    assert of("N-AVAIL", first_look=NOON - 7 * DAY + timedelta(seconds=1)) is State.YOUNG
    assert of("N-HOME", first_look=NOON - 14 * DAY) is State.MET
    assert of("N-HOME", first_look=NOON - 14 * DAY + 11 * HOUR) is State.MET  # civil days: the start day is day 0
    assert of("N-MSG", registers={"handling": date(2026, 8, 20)}) is State.MET


def test_missing_visits_leave_it_open_only_when_they_could_reach_five_percent() -> None:
    assert of("N-AVAIL", week=Week(good=1925, failed=50, excluded=41, planned=2016)) is State.MET  # 91 of 101
    assert of("N-AVAIL", week=Week(good=1915, failed=50, excluded=51, planned=2016)) is State.UNSEEN  # 101
    assert of("N-AVAIL", week=Week(good=1915, failed=50, filed=51, planned=2016)) is State.MET, (
        "filed ones count for nobody"
    )
    assert of("N-AVAIL", week=Week(good=139, planned=139)) is State.UNSEEN, "a cadence below 20 visits a day"
    assert of("N-AVAIL", week=Week(good=140, planned=140)) is State.MET


def test_unseen_columns_leave_it_open_only_when_they_could_make_up_the_veto() -> None:
    assert of("N-COL-SUM", breaches=stale(2), lines=blind("N-COL-POL", 2, "policy")) is State.MET
    assert of("N-COL-SUM", lines=blind("N-COL-POL", 5, "policy")) is State.UNSEEN
    told = known(breaches=stale(4), lines=blind("N-COL-DYN", 4, "dynamic"))
    assert of("N-COL-SUM", breaches=told.breaches, lines=told.lines) is State.MET, (
        "counted though unseen now: not twice"
    )


def test_policy_columns_told_to_be_deeper_count_toward_the_ten_alone() -> None:
    deep = [(f"stale:{NATIONAL}:deeper/policy", f"c{1 + 4 * n}") for n in range(10)]
    assert of("N-COL-SUM", breaches=deep) is State.MET
    assert of("N-COL-OTHER-SUM", breaches=deep[:9]) is State.MET
    assert of("N-COL-OTHER-SUM", breaches=deep) is State.BROKEN
    deeper = tuple(replace(one, kind="deeper/policy") if one.kind == "policy" else one for one in ALL)
    unseen = [line("N-COL-OTHER-DEEP", "unknown", one.id, "column") for one in deeper if one.kind == "deeper/policy"]
    assert of("N-COL-SUM", columns=deeper, lines=unseen) is State.MET, "what does not count cannot make it up"
    assert of("N-COL-OTHER-SUM", columns=deeper, lines=unseen) is State.UNSEEN


def test_stale_by_another_pack_counts_in_that_pack_alone() -> None:
    assert of("N-COL-SUM", breaches=stale(5, pack="zizhizhou-2020")) is State.MET
    assert judged(breaches=stale(5, pack="zizhizhou-2020")).counts == {"stale": 0, "long_stale": 0, "blank": 0}


def test_it_names_what_fails_it_and_counts_as_each_rule_does() -> None:
    made = judged(breaches=stale(3) + stale(2, "notice") + stale(1, "other") + blank(1))
    assert made.counts == {"stale": 5, "long_stale": 1, "blank": 1}
    (failing,) = made.in_state(State.BROKEN)
    assert (failing.rule, failing.targets) == (f"{NATIONAL}/N-COL-SUM", ("c0", "c2", "c4", "c6", "c8"))
    assert str(made.why[0][1]) == "5 columns are stale, 5 are a veto"


def test_what_a_person_called_a_false_alarm_fails_no_site() -> None:
    told = judged(lines=[line("N-HOME", is_false=True), line("N-BADLINK", is_false=True)])
    assert told.verdict is Verdict.PASSED
    assert judged(breaches=stale(5), lines=[line("N-COL-SUM", is_false=True)]).verdict is Verdict.PASSED


def test_a_site_closed_for_good_as_was_filed_owes_no_columns() -> None:
    closed = Declaration(
        id=1, kind=DeclarationKind.PERMANENT_OFFLINE, target="s", start=NOON - DAY, filed_at=NOON, by="张三"
    )
    assert of("N-COL-SUM", breaches=stale(5), declarations=(closed,)) is State.EXEMPT
    few: dict[str, Any] = {"week": Week(good=44, planned=2016), "columns": (), "declarations": (closed,)}
    for rule in ("N-AVAIL", "N-HOME", "N-COL-SUM", "N-COL-OTHER-SUM", "N-COL-BLANK"):
        assert of(rule, **few) is State.EXEMPT, "whatever was not seen of it"
    made = judged(**few, first_look=NOON - DAY)
    assert (made.verdict, [str(why) for _, why in made.why]) == (
        Verdict.CLOSED,
        [f"closed for good since {(NOON - DAY).date()}, as was filed"],
    )
    over = replace(closed, end=NOON)
    assert judged(**{**few, "declarations": (over,)}).verdict is Verdict.UNDECIDED, "launched anew"
    assert judged(**{**few, "declarations": (replace(closed, start=NOON + DAY),)}).verdict is Verdict.UNDECIDED


def test_what_a_closure_excuses_not_goes_on_to_count() -> None:
    closed = Declaration(
        id=1, kind=DeclarationKind.PERMANENT_OFFLINE, target="s", start=NOON - DAY, filed_at=NOON, by="张三"
    )
    assert judged(lines=[line("N-MSG")], declarations=(closed,)).verdict is Verdict.FAILED
    assert judged(lines=[line("N-BADLINK")], declarations=(closed,)).verdict is Verdict.UNDECIDED
    assert judged(lines=[line("N-MSG", "unknown")], declarations=(closed,)).verdict is Verdict.CLOSED


@pytest.mark.parametrize("kind", [DeclarationKind.TEMPORARY_OFFLINE, DeclarationKind.ORDERED_CLOSURE])
def test_while_another_closure_is_in_force_only_the_visits_are_exempt(kind: DeclarationKind) -> None:
    closed = Declaration(id=1, kind=kind, target="s", start=NOON - DAY, end=NOON + DAY, filed_at=NOON, by="张三")
    few = Week(good=44, filed=1700, planned=2016)
    assert of("N-AVAIL", week=few, declarations=(closed,)) is State.EXEMPT
    assert of("N-HOME", week=few, declarations=(closed,)) is State.MET
    assert of("N-AVAIL", week=few, declarations=(replace(closed, end=NOON),)) is State.UNSEEN


def test_without_columns_or_without_the_national_pack_nothing_is_said() -> None:
    assert judged(columns=()).verdict is Verdict.UNDECIDED
    assert [str(why) for _, why in verdict(RULES, ("house",), known(), NOON).why] == [
        "the national indicators are not applied to it here"
    ]


LINES = st.lists(
    st.builds(
        line, st.sampled_from(["N-HOME", "N-AVAIL", "N-MSG", "N-BADLINK"]), st.sampled_from(["breached", "unknown"])
    )
)
BREACHES = st.builds(lambda a, b, c: stale(a) + stale(b, "other") + blank(c), *[st.integers(0, 14)] * 3)
ORDER = [Verdict.PASSED, Verdict.UNDECIDED, Verdict.FAILED]


@given(LINES, LINES, BREACHES, BREACHES)
def test_more_trouble_never_makes_a_failed_site_pass(
    some: list[Line], more: list[Line], few: list[tuple[str, str]], others: list[tuple[str, str]]
) -> None:
    before, after = judged(lines=some, breaches=few), judged(lines=some + more, breaches=few + others)
    assert ORDER.index(before.verdict) <= ORDER.index(after.verdict)


@given(st.integers(0, 60), st.integers(0, 2016), st.integers(0, 2016))
def test_a_site_passes_only_where_nothing_that_is_missing_could_break_it(days: int, good: int, failed: int) -> None:
    week = Week(good=good, failed=min(failed, 2016 - good), planned=2016)
    made = judged(first_look=NOON - days * DAY, week=week)
    if made.verdict is Verdict.PASSED:
        assert days >= 14
        assert 20 * (2016 - good) < 2016
