"""合格, 不合格, 无法判定."""

import pytest
from hypothesis import given, strategies as st

from monitor.judge.verdict import Judged, Line, Verdict, verdict
from monitor.model import Compliance, TargetKind
from tests.judge.made import rule

RULES = {
    one.key: one
    for one in (
        rule("updated_within", "site", "14d", id="home", severity="veto"),
        rule("updated_within", "column", "14d", id="column", severity="breach", counts_toward=5),
        rule("at_most_in_breach", "site", id="sum", severity="veto", count=5),
        rule("not_tampered", "site", id="tamper", severity="veto"),
        rule("not_blank", "column", id="blank"),
        rule("marks_present", "site", id="marks"),
    )
}


def line(name: str, value: str = "breached", target: str = "s", column: str | None = None) -> Line:
    kind = TargetKind.COLUMN if column else TargetKind.SITE
    return Line(target, kind, column, f"house/{name}", Compliance(value))


def judged(*lines: Line, columns: int = 50) -> Judged:
    return verdict(lines, columns, RULES)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ((), Verdict.PASSED),
        ((line("marks"),), Verdict.PASSED),
        ((line("column", column="dynamic", target="c"),), Verdict.PASSED),
        ((line("home"),), Verdict.FAILED),
        ((line("sum"), line("home", "unknown")), Verdict.FAILED),
        ((line("home", "unknown"),), Verdict.UNDECIDED),
        ((line("tamper"),), Verdict.UNDECIDED),
        ((line("tamper", "unknown"),), Verdict.PASSED),
    ],
)
def test_a_veto_fails_a_suspicion_and_an_unseen_home_page_leave_it_open(
    lines: tuple[Line, ...], wanted: Verdict
) -> None:
    assert judged(*lines).verdict is wanted


def test_too_many_unseen_columns_leave_it_open() -> None:
    unseen = [line("column", "unknown", f"c{n}", "dynamic") for n in range(6)]
    assert judged(*unseen[:5]).verdict is Verdict.PASSED
    assert judged(*unseen).verdict is Verdict.UNDECIDED
    assert judged(*unseen).unseen == tuple(f"c{n}" for n in range(6))


def test_it_names_what_fails_it_and_counts_columns_by_what_they_count_toward() -> None:
    stale = [line("column", target=f"c{n}", column="policy") for n in range(3)]
    made = judged(
        *stale, line("column", target="o", column="other"), line("blank", target="b", column="other"), line("sum")
    )
    assert made.failing == (("house/sum", "s"),)
    assert made.counts == {"stale": 3, "long_stale": 1, "blank": 1}


LINES = st.lists(
    st.builds(
        line,
        st.sampled_from(["home", "sum", "tamper", "marks"]),
        st.sampled_from(["breached", "unknown"]),
        st.just("s"),
    )
)


@given(LINES, LINES)
def test_more_trouble_never_makes_a_failed_site_pass(some: list[Line], more: list[Line]) -> None:
    order = [Verdict.PASSED, Verdict.UNDECIDED, Verdict.FAILED]
    assert order.index(judged(*some).verdict) <= order.index(judged(*some, *more).verdict)
