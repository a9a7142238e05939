"""What looks alone decide: broken while a failure is confirmed, kept while the last look is good, undecided else; the clock adds nothing."""

import ast
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from monitor.clock import civil_day
from monitor.judge.days import length
from monitor.judge.obligations import OBLIGATIONS
from monitor.judge.runs import Confirmation, advance, next_condition
from monitor.model import (
    Cause,
    Compliance,
    Condition,
    Facts,
    Finding,
    Measure,
    Outcome,
    Rule,
    Run,
    Standing,
    TargetKind,
    fail,
    ok,
    unknown,
)
from tests.judge.made import DAY, HOUR, NOON, SECOND, WORDS, limit, rule

MET, DUE, BREACHED, UNKNOWN = Compliance.MET, Compliance.DUE, Compliance.BREACHED, Compliance.UNKNOWN

SHAPES = [
    (rule("reachable", "site", only=["outage"]), "reachable", Cause.OUTAGE, "dns", ""),
    (rule("not_blank", "column"), "column_blank", Cause.BLANK, "blank", ""),
    (rule("dates_honest", "column"), "dates_honest", Cause.FORGED_DATE, "moved", ""),
    (rule("marks_present", "site", marks=["icp"]), "marks_present", Cause.MARKS, "missing", ""),
    (rule("entry_present", "page"), "entry_present", Cause.ENTRY_PRESENT, "missing", ""),
    (rule("links_work", "link"), "links_alive", Cause.DEAD_LINK, "gone", ""),
    (rule("not_tampered", "site"), "tampered", Cause.TAMPER, "script", ""),
    (rule("no_hidden_links", "site"), "tampered", Cause.TAMPER, "hidden_links", ""),
    (rule("hosted_in", "site"), "hosted_in", Cause.HOSTED_IN, "outside", ""),
    (rule("hosted_in", "site", area=True, id="area"), "hosted_in", Cause.HOSTED_IN, "outside_area", "area"),
    (rule("certificate_valid", "site", "21d"), "certificate", Cause.CERTIFICATE, "expired", ""),
]
"""A rule, the check it goes by, what that finds, and on what of the target."""


def finding(letter: str, check: str, cause: Cause, reason: str, subject: str) -> Finding:
    made = {
        ".": ok(check, WORDS),
        "F": fail(check, cause, reason, WORDS, missing=["icp"]),
        "?": unknown(check, "challenged", WORDS),
        "!": Finding(check, Outcome.BROKEN, WORDS, reason="bug"),
    }[letter]
    return made._replace(subject=subject)


def judged(one: Rule, run: Run | None, opened: Condition | None, now: datetime, *before: Standing) -> Standing:
    """`before` is what was said last; a failure of something else of the same target is always there."""
    facts = Facts(runs=(ELSEWHERE, *([run] if run else [])), conditions=(opened,) if opened else (), standings=before)
    return OBLIGATIONS[one.obligation](one, facts, now)


ELSEWHERE = Run(
    fail("reachable", Cause.OUTAGE, "dns", WORDS)._replace(subject="elsewhere"), NOON, NOON, 9, 9, NOON, id=9
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape[0].id)
@given(st.text(".F?!", max_size=12), st.integers(1, 3), st.integers(1, 2), st.integers(0, 400))
def test_broken_while_confirmed_kept_while_good_else_undecided(
    shape: tuple[Rule, str, Cause, str, str], looks: str, fails: int, goods: int, days: int
) -> None:
    one, check, cause, reason, subject = shape
    confirm = Confirmation(fails=fails, goods=goods, fail_every=timedelta(minutes=1))
    run: Run | None = None
    opened: Condition | None = None
    now = NOON
    before: tuple[Standing, ...] = ()
    for letter in looks:
        run = advance(run, finding(letter, check, cause, reason, subject), now)
        step = next_condition(run, opened, confirm, now)
        opened = step.opened or (None if step.ended else opened)
        want = BREACHED if opened else MET if letter == "." else UNKNOWN
        before = (judged(one, run, opened, now, *before),)
        assert before[0].value is want
        later = judged(one, run, opened, now + days * DAY, *before)
        assert later.value is want, "the clock alone changes nothing"
        now += HOUR
    if not looks:
        assert judged(one, None, None, now).value is UNKNOWN


@given(st.text(".F?!", min_size=1, max_size=8), st.sampled_from(["outage", "slow", "tamper"]))
def test_a_failure_of_another_cause_breaks_no_rule_that_asks_for_one(looks: str, asked: str) -> None:
    one = rule("reachable", "site", only=[asked])
    for cause in (Cause.OUTAGE, Cause.SLOW, Cause.TAMPER):
        opened = Condition("reachable", "", cause, str(cause), NOON, NOON, id=1)
        run = Run(finding("F", "reachable", cause, str(cause), ""), NOON, NOON, len(looks), len(looks), NOON, id=1)
        assert (judged(one, run, opened, NOON).value is BREACHED) is (cause.value == asked)


MARKS = ["conac", "jiucuo", "site_code", "icp", "police", "sponsor", "contact"]


@given(st.lists(st.sampled_from(MARKS), unique=True), st.lists(st.sampled_from(MARKS), unique=True, min_size=1))
def test_a_text_is_broken_by_the_marks_it_names_alone(asked: list[str], missing: list[str]) -> None:
    one = rule("marks_present", "site", marks=asked)
    bad = fail("marks_present", Cause.MARKS, "missing", WORDS, missing=missing)
    opened = Condition("marks_present", "", Cause.MARKS, "missing", NOON, NOON, id=1)
    broken = not asked or bool({*asked} & {*missing})
    assert judged(one, Run(bad, NOON, NOON, 2, 2, NOON, id=1), opened, NOON).value is (BREACHED if broken else MET)


@given(st.integers(-30, 500), st.integers(1, 90), st.lists(st.integers(0, 30), max_size=3, unique=True), st.booleans())
def test_a_certificate_is_due_when_less_than_the_limit_is_left_and_never_broken_by_the_clock(
    left: int, days: int, warn: list[int], by_days: bool
) -> None:
    warnings = tuple(f"{one}d" for one in sorted({one for one in warn if one < days}, reverse=True))
    one = rule("certificate_valid", "site", f"{days}d", *warnings)
    measure = Measure("left", left, "days") if by_days else Measure("left", left * 86400, "seconds")
    good = Run(ok("certificate", WORDS, measure), NOON, NOON, 1, 1, NOON, id=1)
    ends = NOON + timedelta(days=left)
    due = min(ends - length(limit(f"{days}d")), ends)
    for now in (due - SECOND, due, ends, ends + 400 * DAY):
        standing = OBLIGATIONS["certificate_valid"](one, Facts(runs=(good,)), now)
        assert standing.value is (DUE if now >= due else MET)
        if standing.value is DUE:
            assert (standing.until, standing.inputs["ends_on"]) == (ends, str(civil_day(ends)))
    broken = good._replace(finding=fail("certificate", Cause.CERTIFICATE, "expired", WORDS))
    opened = Condition("certificate", "", Cause.CERTIFICATE, "expired", NOON, NOON, id=1)
    assert judged(one, broken, opened, NOON).value is BREACHED


def named_in_properties() -> set[str]:
    """Words in files of this folder that hold property tests."""
    found: set[str] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        if any(isinstance(node, ast.Name) and node.id == "given" for node in ast.walk(tree)):
            found |= {
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return found


@pytest.mark.parametrize("obligation", sorted(OBLIGATIONS))
def test_every_obligation_has_a_property_test(obligation: str) -> None:
    assert obligation in named_in_properties()


def test_every_shape_is_of_a_kind_it_is_judged_for() -> None:
    assert {one.applies.kind for one, *_ in SHAPES} == {*TargetKind} - {TargetKind.ACCOUNT, TargetKind.DESK}
