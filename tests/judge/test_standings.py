"""All rules at once: which apply, and that next_change_at never skips a change. Brute force by minute and day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from monitor.clock import civil_day, day_start
from monitor.judge.incidents import memberships
from monitor.judge.standings import applicable, judge
from monitor.model import (
    Applies,
    Cause,
    ColumnKind,
    Compliance,
    EntryKind,
    Facts,
    Finding,
    Judgement,
    Membership,
    Outage,
    Rule,
    TargetKind,
    unknown,
)
from tests.judge.made import DAY, HOUR, LETTERS, MINUTE, NOON, SECOND, WORDS, at, condition, fresh, rule, run, target

RANK = {Compliance.MET: 0, Compliance.DUE: 1, Compliance.BREACHED: 2}
DYNAMIC = Applies(TargetKind.COLUMN, (ColumnKind.DYNAMIC,))


@pytest.mark.parametrize(
    ("about", "applies"),
    [
        (Applies(TargetKind.COLUMN), True),
        (DYNAMIC, True),
        (Applies(TargetKind.COLUMN, (ColumnKind.POLICY, ColumnKind.NOTICE)), False),
        (Applies(TargetKind.COLUMN, on_home=True), True),
        (Applies(TargetKind.COLUMN, on_home=False), False),
        (Applies(TargetKind.SITE), False),
    ],
)
def test_which_rules_apply(about: Applies, applies: bool) -> None:
    one = target("column", column=ColumnKind.DYNAMIC, on_home=True)
    assert bool(applicable(one, [rule("not_blank", applies=about)])) is applies


@pytest.mark.parametrize(("level", "by_rules"), [(0, [None, 1]), (1, [None, 1]), (2, [None, 2]), (4, [None, 2])])
def test_a_column_nobody_gave_a_level_counts_as_of_the_first(level: int, by_rules: list[int | None]) -> None:
    one = target("column", column=ColumnKind.POLICY, level=level)
    known = [rule("not_blank", applies=Applies(TargetKind.COLUMN, level=asked)) for asked in (None, 1, 2)]
    assert [each.applies.level for each in applicable(one, known)] == by_rules


@pytest.mark.parametrize("declared", [None, *EntryKind])
def test_an_entry_falls_under_the_rules_of_its_kind(declared: EntryKind | None) -> None:
    page = target("page", entry=declared)
    applies = {
        entry: bool(applicable(page, [rule("entry_present", applies=Applies(TargetKind.PAGE, entry=(entry,)))]))
        for entry in EntryKind
    }
    assert applies == {entry: entry is declared for entry in EntryKind}
    assert len(applicable(page, [rule("reachable", applies=Applies(TargetKind.PAGE))])) == 1
    every = rule("entry_present", applies=Applies(TargetKind.PAGE, entry=tuple(EntryKind)))
    assert bool(applicable(page, [every])) is (declared is not None)


def test_packs_narrow_and_what_cannot_be_judged_is_left_out() -> None:
    one = target("column", packs=("house",))
    assert applicable(one, [rule("not_blank", pack="foshan-2015"), rule("judged_by_nobody")]) == []
    assert judge(one, Facts(), [rule("judged_by_nobody")], NOON) == Judgement((), None)


def facts_of(finding: Finding, looked_at: datetime, **other: object) -> Facts:
    return Facts(runs=(run(finding, looked_at),), **other)  # type: ignore[arg-type]


def test_next_change_and_look_are_the_earliest_of_all() -> None:
    rules = [rule("updated_within", "column", "14d", "4d", id="a"), rule("updated_within", "column", "1y", id="b")]
    now = at("2026-11-12")
    told = judge(target(), facts_of(fresh("2026-11-01"), now), rules, now)
    assert (told.next_change_at, told.look_at) == (at("2026-11-15"), at("2026-11-16"))


def test_while_a_look_is_awaited_the_next_change_is_past() -> None:
    one, breach = rule("updated_within", "column", "14d"), at("2026-11-16")
    told = judge(target(), facts_of(fresh("2026-11-01"), breach - HOUR), [one], breach + HOUR)
    assert (told.next_change_at, told.look_at) == (breach, breach)


def test_none_when_time_alone_changes_nothing() -> None:
    told = judge(target(), facts_of(fresh("2026-11-01"), NOON), [rule("updated_within", "column", "14d")], NOON)
    assert told.standings[0].value is Compliance.BREACHED
    assert (told.next_change_at, told.look_at) == (None, None)


def test_24_hours_up_are_a_change_and_then_a_look_is_due() -> None:
    """Whatever rules the site falls under: the end of its outage is no matter of one of them."""
    up = NOON + 3 * HOUR
    outage, one = Outage(NOON - 9 * DAY, up_since=up), rule("reachable", "site")
    seen = Facts(runs=(run(LETTERS["."], up),), outage=outage)
    told = judge(target("site"), seen, [one], up + HOUR)
    assert (told.next_change_at, told.look_at) == (up + DAY, None)
    told = judge(target("site"), seen, [one], up + 9 * DAY)
    assert (told.next_change_at, told.look_at) == (up + DAY, up + DAY)
    blind = seen._replace(runs=(run(LETTERS["?"], up + DAY),))
    told = judge(target("site"), blind, [one], up + 9 * DAY)
    assert told.look_at is None, "it was looked at, and the look that can tell again changes its run"


def test_the_blind_limit_is_a_change_that_is_due() -> None:
    one = rule("updated_within", "column", "14d")
    dark = facts_of(unknown("column_fresh", "shell", WORDS), NOON, blind_since=NOON - DAY, blind_reason="shell")
    assert judge(target(), dark, [one], NOON, 3 * DAY).next_change_at == NOON + 2 * DAY
    assert judge(target(), dark, [one], NOON + 2 * DAY, 3 * DAY).look_at == NOON + 2 * DAY
    seen = facts_of(dark.runs[0].finding, NOON + 2 * DAY, blind_since=NOON - DAY, blind_reason="shell")
    assert judge(target(), seen, [one], NOON + 2 * DAY, 3 * DAY).next_change_at is None
    for withheld in (dark._replace(muted_by="site"), dark._replace(held=True)):
        assert judge(target(), withheld, [one], NOON + 2 * DAY, 3 * DAY).look_at is None
    assert judge(target(), dark, [one], NOON, None).next_change_at is None
    down = Facts(runs=dark.runs, conditions=(condition("reachable", Cause.OUTAGE),), blind_since=NOON)
    assert judge(target(), down, [one], NOON, 3 * DAY).next_change_at is None


# Properties: one fixed set of facts, all instants.

NEWEST = st.dates(date(2024, 1, 1), date(2026, 12, 31))
LIMITS = st.sampled_from(["0d", "1d", "7d", "14d", "1mo", "6mo", "1y", "36h"])
WARNS = st.lists(st.sampled_from(["0d", "1d", "4d", "10d", "1mo", "5h"]), max_size=3)
SEVERITIES = st.sampled_from(["veto", "breach"])


@given(NEWEST, LIMITS, WARNS, st.lists(st.integers(0, 800 * 24 * 60), min_size=2, max_size=12))
def test_a_fixed_newest_date_only_ever_gets_worse(newest: date, long: str, warn: list[str], minutes: list[int]) -> None:
    one = rule("updated_within", "column", long, *warn)
    told = []
    for minute in sorted(minutes):
        now = at(newest) + timedelta(minutes=minute)
        (standing,) = judge(target(), facts_of(fresh(newest.isoformat()), now), [one], now).standings
        told.append((RANK[standing.value], standing.warned))
    assert told == sorted(told)


def everything(one: Rule, facts: Facts, now: datetime, limit: timedelta) -> tuple[Judgement, list[Membership]]:
    about = target(one.applies.kind.value)
    told = judge(about, facts, [one], now, limit)
    return told, memberships(about, told.standings, facts, [one], (), limit, now)


def skipped(one: Rule, facts: Facts, instants: list[datetime], limit: timedelta = 3 * DAY) -> list[datetime]:
    """Instants at which something differs although the judgement just before promised that nothing would."""
    wrong, then, before = [], instants[0], everything(one, facts, instants[0], limit)
    for now in instants[1:]:
        promised, told = before[0].next_change_at, everything(one, facts, now, limit)
        is_promised = promised is None or (then < promised and now < promised)
        if is_promised and told != before:
            wrong.append(now)
        then, before = now, told
    return wrong


@settings(max_examples=40, deadline=None)
@given(NEWEST, LIMITS, WARNS, SEVERITIES, st.sampled_from([0, 5, 13, 14, 15, 40]))
def test_no_change_of_freshness_is_skipped(newest: date, long: str, warn: list[str], severity: str, seen: int) -> None:
    one = rule("updated_within", "column", long, *warn, severity=severity)
    facts = facts_of(fresh(newest.isoformat()), at(newest) + seen * DAY)
    assert skipped(one, facts, around(at(newest), 420)) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 24 * 60 - 1), WARNS, st.sampled_from([0, 20, 30, 31, 40]), st.booleans())
def test_no_day_of_an_outage_is_skipped(minute: int, warn: list[str], seen: int, in_gap: bool) -> None:
    start = at("2026-11-01") + minute * MINUTE
    outage = Outage(start, up_since=start + HOUR if in_gap else None)
    down = () if in_gap else (condition("reachable", Cause.OUTAGE, start),)
    one = rule("offline_at_most", "site", "30d", *warn, severity="veto")
    facts = Facts(runs=(run(LETTERS["." if in_gap else "F"], start + seen * DAY),), conditions=down, outage=outage)
    assert skipped(one, facts, around(start, 40)) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 24 * 60 - 1), st.sampled_from([DAY, 3 * DAY, 90 * MINUTE]))
def test_no_blindness_is_skipped(minute: int, limit: timedelta) -> None:
    since = at("2026-11-01") + minute * MINUTE
    facts = facts_of(unknown("column_fresh", "shell", WORDS), since, blind_since=since, blind_reason="shell")
    one = rule("updated_within", "column", "14d")
    assert skipped(one, facts, around(since, 5), limit) == []
    for step, tells in ((-SECOND, False), (0 * SECOND, True), (SECOND, True)):
        looked = facts_of(facts.runs[0].finding, since + limit + step, blind_since=since, blind_reason="shell")
        assert bool(everything(one, looked, since + limit + step, limit)[1]) is tells
        assert not everything(one, facts, since + limit + step, limit)[1]  # the clock alone tells of no blindness


def around(start: datetime, days: int) -> list[datetime]:
    """The last second and the first of every day, noons, and every hour or so of the first three days."""
    midnight = day_start(civil_day(start))
    edges = [midnight + n * DAY + step for n in range(days) for step in (-SECOND, 0 * SECOND, 12 * HOUR)]
    dense = [start + n * 61 * MINUTE for n in range(70)]
    return sorted(one for one in {start, *edges, *dense} if one >= start)
