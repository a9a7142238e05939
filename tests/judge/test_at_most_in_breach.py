"""The vetoes that count columns: five stale, ten long stale, five blank."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import given, strategies as st

from monitor.judge.obligations.at_most_in_breach import judge
from monitor.model import Cause, Compliance, Facts, Rule, counted_as
from tests.judge.made import DAY, NOON, rule

STALE = rule(
    "at_most_in_breach", "site", pack="national-2019", of="stale", column=["dynamic", "policy"], count=5, forecast=3
)
BLANK = rule("at_most_in_breach", "site", pack="national-2019", of="blank", count=5, forecast=3)
ORDER = [Compliance.MET, Compliance.DUE, Compliance.BREACHED]

names = st.sampled_from(
    ["stale:national-2019:dynamic", "stale:national-2019:other", "stale:house:dynamic", "blank:dynamic", "blank:other"]
)
counted = st.dictionaries(names, st.integers(1, 12))


def value_of(one: Any, counts: Mapping[str, int]) -> Compliance:
    return judge(one, Facts(counts=counts), NOON).value


def test_two_are_nothing_three_are_near_five_are_the_veto() -> None:
    values = [
        value_of(STALE, {"stale:national-2019:dynamic": n, "stale:national-2019:policy": 1}) for n in (1, 2, 3, 4, 9)
    ]
    assert values == [Compliance.MET, Compliance.DUE, Compliance.DUE, Compliance.BREACHED, Compliance.BREACHED]


KINDS = ("dynamic", "policy", "notice", "other")
SUMS = st.builds(
    lambda column, deeper: rule("at_most_in_breach", "site", count=5, forecast=3, column=column, deeper=deeper),
    st.lists(st.sampled_from(KINDS), unique=True),
    st.lists(st.sampled_from(KINDS), unique=True),
)


@given(SUMS, st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 4)), max_size=12))
def test_a_sum_counts_kinds_and_of_deeper_columns_those_it_names(one: Rule, columns: list[tuple[str, int]]) -> None:
    names = Counter(f"stale:{one.pack}:{counted_as(kind, level)}" for kind, level in columns)
    of = one.options
    assert isinstance(of["column"], list)
    assert isinstance(of["deeper"], list)
    shallow = of["column"] or KINDS
    have = sum(kind in ((of["deeper"] or shallow) if level > 1 else shallow) for kind, level in columns)
    value = ORDER[(have >= 3) + (have >= 5)]
    assert value_of(one, dict(names)) is value


def test_only_columns_of_its_kind_that_break_rules_of_its_own_pack_count() -> None:
    others = {"stale:house:dynamic": 9, "stale:national-2019:other": 9, "blank:dynamic": 9}
    assert value_of(STALE, others) is Compliance.MET
    assert (
        value_of(BLANK, {"blank:dynamic": 2, "blank:other": 3, "stale:national-2019:dynamic": 9}) is Compliance.BREACHED
    )


def test_it_says_how_many_more_are_a_veto() -> None:
    standing = judge(STALE, Facts(counts={"stale:national-2019:dynamic": 4}), NOON)
    assert standing.inputs == {"have": 4, "count": 5, "more": 1}
    assert standing.cause is Cause.COUNT
    assert str(standing.why) == "4 columns are stale, 1 more are a veto"


def test_since_is_when_it_was_first_so() -> None:
    five = Facts(counts={"blank:other": 5})
    first = judge(BLANK, five, NOON)
    again = judge(BLANK, five._replace(standings=(first,), counts={"blank:other": 6}), NOON + DAY)
    assert (first.since, again.since) == (NOON, NOON)


@given(counted, counted, st.sampled_from([STALE, BLANK]))
def test_more_columns_never_make_it_better(some: dict[str, int], more: dict[str, int], one: Any) -> None:
    both = {name: some.get(name, 0) + more.get(name, 0) for name in {*some, *more}}
    assert ORDER.index(value_of(one, some)) <= ORDER.index(value_of(one, both))


@given(counted, st.sampled_from([STALE, BLANK]))
def test_judged_twice_it_says_the_same(counts: dict[str, int], one: Any) -> None:
    first = judge(one, Facts(counts=counts), NOON)
    assert judge(one, Facts(counts=counts, standings=(first,)), NOON + DAY) == first


UNSEEN = ("unseen-stale:national-2019:dynamic", "unseen-stale:national-2019:other", "unseen-blank:dynamic")


@given(counted, st.dictionaries(st.sampled_from(UNSEEN), st.integers(0, 12)), st.sampled_from([STALE, BLANK]))
def test_what_nothing_is_known_of_leaves_it_undecided_where_it_could_make_up_the_rest(
    known: dict[str, int], unseen: dict[str, int], one: Rule
) -> None:
    without, told = judge(one, Facts(counts=known), NOON), judge(one, Facts(counts={**known, **unseen}), NOON)
    might = unseen.get(UNSEEN[0] if one is STALE else UNSEEN[2], 0)
    have = sum(n for name, n in known.items() if value_of(one, {name: 5}) is Compliance.BREACHED)
    undecided = without.value is Compliance.MET and have + might >= 5
    assert told.value is (Compliance.UNKNOWN if undecided else without.value), "it breaks nothing, and mends nothing"
    if undecided:
        assert (told.since, told.inputs["unseen"]) == (NOON, might)
        assert str(told.why) == f"{have} columns count, {might} more could not be judged: 5 are a veto"
    else:
        assert told == without
