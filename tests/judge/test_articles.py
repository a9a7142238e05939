"""The regulations, article by article: facts in, standing and citation out, judged by the packs as they are shipped.

One line a rule, a table a text (articles_*.py): the articles it cites, whom it asks, how grave it is, its limit, warnings,
exemptions and numbers, and its boundaries: the standing at the last second before, and from the first second after. A rule
without a line fails, and so does an article of config/rules/README.md that no line cites.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from monitor.clock import civil_day, day_start
from monitor.config.load import load
from monitor.judge.standings import applicable, judge
from monitor.model import Cause, Compliance, Declaration, DeclarationKind, Facts, Rule, Standing, Target, fail
from tests.config.test_rule_packs import TEXTS, rows, table
from tests.judge import (
    articles_chongchuan,
    articles_foshan,
    articles_national,
    articles_shaoguan,
    articles_zhongshan,
    articles_zizhizhou,
)
from tests.judge.articles import BREACHED, DUE, MET, NOTICE, Case, at_last
from tests.judge.articles_brought import covering, filed
from tests.judge.articles_lines import EVERY_SORT, REMIND, Line
from tests.judge.articles_words import matters, may, owed, said
from tests.judge.made import DAY, SECOND, WORDS, condition, run

TABLES = (
    articles_national.LINES,
    articles_shaoguan.LINES,
    articles_zhongshan.LINES,
    articles_zizhizhou.LINES,
    articles_chongchuan.LINES,
    articles_foshan.LINES,
)
LINES = [one for lines in TABLES for one in lines]
PAIRS = ((MET, BREACHED), (DUE, BREACHED), (BREACHED, MET), (MET, DUE))
"""What a boundary parts: kept (or in its last days) from broken, owed from owed no more, nothing from what is told."""

SATURDAY = 5

ONE_BY_ONE = pytest.mark.parametrize("line", [pytest.param(one, id=one.rule) for one in LINES])
CASES = [(one, case) for one in LINES for case in one.cases]
EACH_CASE = pytest.mark.parametrize(("line", "case"), [pytest.param(*one, id=one[0].rule) for one in CASES])


@cache
def shipped_rules() -> dict[str, Rule]:
    return {rule.key: rule for pack in load(None, environ={}).packs for rule in pack.rules}


def standing_of(rule: Rule, target: Target[object], facts: Facts, now: datetime) -> Standing:
    """Out of a whole judging under all packs."""
    judged = judge(target, facts, shipped_rules().values(), now)
    return next(one for one in judged.standings if one.rule == rule.key)


def tuples(options: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}


@ONE_BY_ONE
def test_a_rule_says_what_its_document_says(line: Line) -> None:
    rule = shipped_rules()[line.rule]
    assert (rule.source, rule.status, (rule.article, *rule.also)) == (line.source, line.status, line.articles)
    assert (rule.obligation, rule.severity, rule.confidence.value) == (line.obligation, line.grade, line.sure)
    assert (str(rule.limit or ""), tuple(map(str, rule.warn))) == (line.limit, line.warn)
    assert {*rule.exempt_by} == line.exempt
    assert tuples({**rule.options}) == line.options


def unsaid(line: Line, words: str) -> tuple[set[str], list[str]]:
    """The numbers that are too many or too few in these words, and what of its matter they do not name."""
    numbers = (said(words) - may(line)) ^ (owed(line) - may(line))
    return numbers, [one for one in matters(line) if not re.search(one, words)]


@ONE_BY_ONE
def test_a_rule_is_worded_as_its_document_asks(line: Line) -> None:
    assert unsaid(line, shipped_rules()[line.rule].says) == (set(), [])


@ONE_BY_ONE
def test_no_other_number_would_pass(line: Line) -> None:
    words = shipped_rules()[line.rule].says
    for one in ("每99天更新一次", f"{words}，至少每99天一次"):
        assert "99d" in unsaid(line, one)[0]
    for found in re.finditer(r"\d+(?=个|天|周|年|月|日|次|条|小时|秒|%)", words):
        other = f"{words[: found.start()]}8{words[found.end() :]}"
        assert other == words or unsaid(line, other)[0], other


@ONE_BY_ONE
def test_the_matter_of_every_rule_is_told_in_the_table(line: Line) -> None:
    assert matters(line)
    assert unsaid(line, "")[1] == matters(line)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("动态类栏目至少每2周更新一次", {"14d", "1x"}),
        ("动态类栏目至少每8周更新一次", {"56d", "1x"}),
        ("至少每十五天更新，六个月、二十个工作日、每季度两次", {"15d", "6mo", "20wd", "quarterly", "2x"}),
        ("每年1月31日前，达到5%，15秒，一个单位一个网站，一级栏目", {"yearly", "01-31", "5%", "15s"}),
        ("满5个，两家单位，十个，1年", {"5个", "2个", "10个", "12mo"}),
    ],
)
def test_numbers_are_read_with_their_units(words: str, numbers: set[str]) -> None:
    assert said(words) == numbers


@ONE_BY_ONE
def test_a_rule_asks_those_whom_its_document_asks_and_nobody_else(line: Line) -> None:
    rule = shipped_rules()[line.rule]
    assert line.whom
    assert {one.id for one in EVERY_SORT if applicable(one, [rule])} == line.whom
    assert not [one for one in EVERY_SORT if applicable(replace(one, packs=("another",)), [rule])]


@EACH_CASE
def test_the_last_second_before_and_the_first_after(line: Line, case: Case) -> None:
    rule = shipped_rules()[line.rule]
    first, last = (standing_of(rule, case.target, case.facts(at), at) for at in (case.first, at_last(case)))
    assert (last.value, first.value) == (case.before, case.after), (str(last.why), str(first.why))
    assert str(last.why)
    assert str(first.why)
    assert (case.before, case.after) in PAIRS
    for spared in case.spared:
        told = standing_of(rule, case.target, spared(case.first), case.first)
        assert told.value is MET, str(told.why)


@ONE_BY_ONE
def test_only_what_has_no_days_is_never_broken(line: Line) -> None:
    never = line.obligation == "filed_within" and not line.limit and "what" not in line.options
    assert never is not any(BREACHED in {one.before, one.after} for one in line.cases)
    assert not never or line.grade is REMIND


def before(instant: datetime, told: str) -> datetime:
    """So many hours before, or the start of the day so long before the last one; of working days those of weeks without holidays."""
    number = int(told.rstrip("dhw"))
    if told.endswith("h"):
        return instant - timedelta(hours=number)
    day = civil_day(instant - SECOND)
    while number:
        day -= timedelta(days=1)
        number -= not (told.endswith("wd") and day.weekday() >= SATURDAY)
    return day_start(day)


def heard(line: Line, case: Case) -> list[datetime]:
    """When people are told before the boundary: of what ends with a working day also at 15:00 of it (domain.md §12)."""
    is_by_workday = line.obligation == "answered_within" and line.limit.endswith("wd")
    return [*(before(case.first, one) for one in line.warn), *[case.first - timedelta(hours=9)] * is_by_workday]


WARNED = [(one, case) for one, case in CASES if case.before is DUE and heard(one, case)]


@pytest.mark.parametrize(("line", "case"), [pytest.param(*one, id=one[0].rule) for one in WARNED])
def test_people_hear_of_it_on_the_days_of_its_warnings(line: Line, case: Case) -> None:
    rule = shipped_rules()[line.rule]

    def warned(now: datetime) -> int:
        return standing_of(rule, case.target, case.facts(now), now).warned

    days = heard(line, case)
    assert [(warned(day - SECOND), warned(day)) for day in days] == [(n, n + 1) for n in range(len(days))]


def test_every_rule_of_every_text_has_its_line() -> None:
    assert sorted(one.rule for one in LINES) == sorted(
        key for key, rule in shipped_rules().items() if rule.pack != "house"
    )
    assert all(one.cases for one in LINES)


@pytest.mark.parametrize("pack", TEXTS)
def test_every_article_with_a_rule_has_a_line(pack: str) -> None:
    """As config/rules/README.md has them: an article without a rule says there why it has none."""
    cited = {
        one.partition("条")[0] + "条" for line in LINES for one in line.articles if line.rule.startswith(f"{pack}/")
    }
    assert cited == {article for article, (named, _) in rows(pack).items() if named}


def test_every_national_row_has_a_line() -> None:
    lines = {one.rule.partition("/")[2] for one in LINES}
    told = [name for name, there, _ in table() if there == "yes"]
    assert not [name for name in told if name not in lines]


def with_it(line: Line, case: Case, now: datetime, *more: Declaration) -> Standing:
    facts = case.facts(now)
    declared = facts._replace(declarations=(*facts.declarations, *more))
    return standing_of(shipped_rules()[line.rule], case.target, declared, now)


@pytest.mark.parametrize(
    ("line", "case", "kind"),
    [
        pytest.param(*one, kind, id=f"{one[0].rule} {kind}")
        for one in CASES
        if one[1].after is BREACHED
        for kind in sorted(one[0].exempt)
    ],
)
def test_what_was_filed_exempts_while_it_is_in_force(line: Line, case: Case, kind: DeclarationKind) -> None:
    one = covering(kind, case)
    assert one.end is not None
    exempt = with_it(line, case, case.first, one)
    assert (exempt.value, exempt.inputs["declaration"]) == (Compliance.EXEMPT, one.id)
    assert with_it(line, case, one.end - SECOND, one).value is Compliance.EXEMPT
    is_for_good = kind is DeclarationKind.ACCOUNT_CLOSING  # its end is that of the notice: the account is gone after it
    assert with_it(line, case, one.end, one).value is (Compliance.EXEMPT if is_for_good else BREACHED)
    later = replace(one, start=case.first + DAY, end=case.first + 2 * DAY)
    assert with_it(line, case, case.first, later).value is BREACHED, "before its first day"


@EACH_CASE
def test_nothing_else_exempts(line: Line, case: Case) -> None:
    now = at_last(case) if case.before is BREACHED else case.first
    for kind in {*DeclarationKind} - line.exempt:
        told = with_it(line, case, now, covering(kind, case))
        assert told.value is not Compliance.EXEMPT, kind


RECORDS = [one for one in LINES if one.obligation in {"filed_within", "notice_kept"} and "of" in one.options]


@pytest.mark.parametrize("line", [pytest.param(one, id=one.rule) for one in RECORDS])
def test_only_declarations_of_the_kinds_that_are_named_owe_anything(line: Line) -> None:
    """Filed, and nothing told: a paper is owed; a notice only once its address is."""
    rule, (case, *_) = shipped_rules()[line.rule], line.cases
    owes = line.obligation == "filed_within"
    start = case.first - (60 * DAY if owes and line.limit else DAY)
    activity: dict[str, Any] = {name: line.options[name] for name in ("activity",) if name in line.options}
    for kind in DeclarationKind:
        named, bare = kind.value in line.options["of"], filed(kind.value, start, **activity)
        shown = replace(bare, fields=dict.fromkeys(("own_notice", "portal_notice", "notice", "new_url"), NOTICE))
        told = standing_of(rule, case.target, Facts(declarations=(bare,)), case.first).value
        assert (told in {DUE, BREACHED}) is (named and owes), kind
        missing = standing_of(rule, case.target, without(shown, str(line.options["field"]), case.first), case.first)
        assert owes or (missing.value is BREACHED) is named, kind


def without(declared: Declaration, field: str, now: datetime) -> Facts:
    """A look at the notice of that field finds it gone."""
    name = declared.notice(field)
    missing = fail("notice_kept", Cause.NOTICE_KEPT, "gone", WORDS)._replace(subject=name)
    since = replace(condition("notice_kept", Cause.NOTICE_KEPT, now), subject=name)
    return Facts(declarations=(declared,), runs=(run(missing, now),), conditions=(since,))
