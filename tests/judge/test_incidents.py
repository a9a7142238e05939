"""Standings into memberships, and what changes between open and wanted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.judge.incidents import BY_RECORDS, Changes, compare, memberships
from monitor.judge.looks import EARLIER
from monitor.judge.standings import judge
from monitor.model import (
    Cause,
    Compliance,
    Facts,
    Membership,
    Outage,
    Rule,
    Severity,
    Standing,
    Target,
    fail,
    ok,
    say,
    unknown,
)
from tests.judge.filed import message
from tests.judge.made import DAY, HOUR, LETTERS, MINUTE, NOON, WORDS, at, condition, fresh, member, rule, run, target

OUTAGE_NOW = rule("reachable", "site", id="outage", only="outage", severity="serious")
SLOW_NOW = rule("reachable", "site", id="slow", only="slow")
SHARE = rule("reachable", "site", id="share", window="168h", severity="veto")
OFFLINE = rule("offline_at_most", "site", "30d", "29d", "23d", "0d", id="offline", severity="serious")
SITE_RULES = (OUTAGE_NOW, SLOW_NOW, SHARE, OFFLINE)
STALE = rule("updated_within", "column", "14d", "4d", "1d", id="stale")
VETO = rule("updated_within", "column", "14d", "4d", "1d", id="veto", severity="veto")
BLANK = rule("not_blank", "column", id="blank")
COLUMN_OUTAGE = rule("reachable", "column", id="column-outage", only="outage")
LIMIT = 3 * DAY


def wanted(
    about: Target[object],
    facts: Facts,
    rules: Sequence[Rule],
    now: datetime = NOON,
    open_now: Sequence[Membership] = (),
) -> list[Membership]:
    standings = judge(about, facts, rules, now, LIMIT).standings
    return memberships(about, standings, facts, rules, open_now, LIMIT, now)


def step(
    about: Target[object], facts: Facts, rules: Sequence[Rule], now: datetime, open_now: Sequence[Membership]
) -> tuple[list[Membership], Changes]:
    """One settle: what is open afterwards (opened ones get an id), and what changed."""
    want = wanted(about, facts, rules, now, open_now)
    return [one if one.incident else replace(one, incident=9) for one in want], compare(open_now, want)


def down(since: datetime = NOON, cause: Cause = Cause.OUTAGE, **other: object) -> Facts:
    letter = {Cause.OUTAGE: "F", Cause.SLOW: "S", Cause.TAMPER: "H"}[cause]
    facts = Facts(
        runs=(run(LETTERS[letter], since),),
        conditions=(condition("reachable", cause, since),),
        outage=Outage(since) if cause is Cause.OUTAGE else None,
        expected=2016,
    )
    return facts._replace(**other)  # type: ignore[arg-type]


def up(**other: object) -> Facts:
    return Facts(runs=(run(LETTERS["."]),), expected=2016)._replace(**other)  # type: ignore[arg-type]


def column(newest: str, now: datetime, **other: object) -> Facts:
    return Facts(runs=(run(fresh(newest), now),), **other)  # type: ignore[arg-type]


# forming


def test_nothing_wrong_opens_nothing() -> None:
    assert wanted(target("site"), up(), SITE_RULES) == []


def test_several_rules_of_one_cause_are_one_incident_of_the_gravest() -> None:
    now = at("2026-11-16")
    (one,) = wanted(target(), column("2026-11-01", now), [STALE, VETO], now)
    assert (one.cause, one.key, one.severity) == (Cause.STALE, "t", Severity.VETO)
    assert one.rules == ("house/veto", "house/stale"), "the strictest drives it, and is quoted first"
    assert (one.since, one.warned, one.incident) == (now, 0, None)
    assert str(one.why) == "nothing new since 2026-11-01, past the limit 14d"


def test_what_is_itself_broken_is_quoted_before_what_only_counts_toward_a_veto() -> None:
    now = at("2026-11-16")
    counts = rule("updated_within", "column", "14d", id="counts", counts_toward=5)
    week = rule("updated_within", "column", "7d", id="week")
    (one,) = wanted(target(), column("2026-11-01", now), [counts, week], now)
    assert one.rules == ("house/week", "house/counts")
    assert str(one.why) == "nothing new since 2026-11-01, past the limit 7d", "and what is told is of what is quoted"


@pytest.mark.parametrize(("clock", "severity"), [("23:59:59", None), ("00:00:00", Severity.SERIOUS)])
def test_the_last_warning_of_a_veto_opens_one_step_lower(clock: str, severity: Severity | None) -> None:
    now = at("2026-11-13" if severity is None else "2026-11-14", clock)
    told = wanted(target(), column("2026-11-01", now), [STALE, VETO], now)
    assert [(one.severity, one.rules) for one in told] == ([] if severity is None else [(severity, ("house/veto",))])


def test_the_breach_worsens_what_the_last_warning_opened() -> None:
    warned = at("2026-11-14")
    assert wanted(target(), column("2026-11-01", warned - MINUTE), [VETO], warned + DAY) == []  # nobody looked since
    opened, first = step(target(), column("2026-11-01", warned), [VETO], warned, ())
    assert [one.cause for one in first.joins] == [Cause.STALE]
    breach = at("2026-11-16")
    _, second = step(target(), column("2026-11-01", breach), [VETO], breach, opened)
    assert [(one.incident, one.severity) for one in second.worsens] == [(9, Severity.VETO)]
    assert second == Changes(worsens=second.worsens)


def test_a_rule_more_worsens_and_a_rule_less_does_not() -> None:
    both, one = member(Cause.STALE, "a", "b"), member(Cause.STALE, "a")
    assert compare([one], [both]).worsens == (both,)
    assert compare([both], [one]) == Changes()
    assert compare([replace(one, severity=Severity.VETO)], [one]) == Changes()


def test_dead_links_share_the_incident_of_their_host() -> None:
    link = target("link", url="http://Dead.example:8080/a.html", id="link:1")
    facts = Facts(
        runs=(run(fail("links_alive", Cause.DEAD_LINK, "http_error", WORDS)),),
        conditions=(condition("links_alive", Cause.DEAD_LINK),),
    )
    (one,) = wanted(link, facts, [rule("links_work", "link")])
    assert (one.cause, one.key) == (Cause.DEAD_LINK, "dead.example")
    (odd,) = wanted(replace(link, url="nowhere"), facts, [rule("links_work", "link")])
    assert odd.key == "link:1"


def test_a_target_stays_in_the_wider_incident_it_joined() -> None:
    shared = member(Cause.OUTAGE, "house/outage", key="platform:1", severity="veto")
    (one,) = wanted(target("site"), down(), SITE_RULES, NOON, [shared])
    assert (one.key, one.incident) == ("platform:1", 7)
    assert compare([shared], [one]) == Changes()


# outages and their days


def test_a_further_notice_for_each_day_that_people_hear_of() -> None:
    site, told = target("site"), list[tuple[int, str]]()
    opened: list[Membership] = []
    start = at("2026-11-01", "12:00:00")
    for n in range(33):
        now = start + n * DAY
        facts = down(start, runs=(run(LETTERS["F"], now, start),))
        opened, changes = step(site, facts, SITE_RULES, now, opened)
        told += [(n, name) for name in ("joins", "worsens", "further", "leaves") for _ in getattr(changes, name)]
    assert told == [(0, "joins"), (1, "further"), (7, "further"), (30, "further"), (31, "worsens")]
    (one,) = opened
    assert (one.since, one.warned, one.rules) == (start, 3, ("house/outage", "house/offline"))
    assert str(one.why) == "offline: day 32, past 30d, the measure of a closure"


def test_days_that_passed_unseen_are_one_notice() -> None:
    assert compare([member(Cause.OUTAGE, "a", warned=1)], [member(Cause.OUTAGE, "a", warned=3)]).further
    graver = compare([member(Cause.OUTAGE, "a", warned=1)], [member(Cause.OUTAGE, "a", "b", warned=3)])
    assert (len(graver.worsens), graver.further) == (1, ())


def test_in_a_gap_nothing_is_open_and_the_next_failure_is_an_incident_of_its_own() -> None:
    site, start = target("site"), at("2026-11-01", "12:00:00")
    now = start + 40 * DAY
    opened = [member(Cause.OUTAGE, "house/outage", "house/offline", severity="serious", warned=3)]
    gap = up(outage=Outage(start, up_since=now - HOUR))
    assert step(site, gap, SITE_RULES, now, opened) == ([], Changes(leaves=tuple(opened)))
    assert step(site, gap, SITE_RULES, now + 2 * HOUR, []) == ([], Changes())
    again, changes = step(site, down(start, runs=(run(LETTERS["F"], now),)), SITE_RULES, now, [])
    assert [one.warned for one in changes.joins] == [3]
    assert again[0].rules == ("house/outage", "house/offline")


def test_slow_that_becomes_an_outage_is_another_incident() -> None:
    opened, _ = step(target("site"), down(cause=Cause.SLOW), SITE_RULES, NOON, [])
    _, changes = step(target("site"), down(), SITE_RULES, NOON, opened)
    assert [one.cause for one in changes.joins] == [Cause.OUTAGE]
    assert [one.cause for one in changes.leaves] == [Cause.SLOW]


# the 5 %


def shares(facts: Facts, before: Sequence[Standing]) -> tuple[Facts, tuple[Standing, ...]]:
    facts = facts._replace(standings=tuple(before))
    return facts, judge(target("site"), facts, SITE_RULES, NOON).standings


@pytest.mark.parametrize("cause", [Cause.OUTAGE, Cause.SLOW])
def test_the_share_is_cited_by_the_incident_open_when_it_is_reached(cause: Cause) -> None:
    opened, _ = step(target("site"), down(cause=cause, failed=100), SITE_RULES, NOON, [])
    facts, standings = shares(down(cause=cause, failed=101), ())
    opened, changes = step(target("site"), facts, SITE_RULES, NOON, opened)
    (one,) = changes.worsens
    assert (one.cause, one.severity) == (cause, Severity.VETO)
    assert "house/share" in one.rules
    facts, standings = shares(up(failed=101), standings)  # over: told once, no incident of its own for a week
    opened, changes = step(target("site"), facts, SITE_RULES, NOON, opened)
    assert (opened, [one.cause for one in changes.leaves], changes.joins) == ([], [cause], ())
    facts, standings = shares(up(failed=101), standings)
    assert step(target("site"), facts, SITE_RULES, NOON + DAY, opened) == ([], Changes())


def test_the_share_reached_without_an_incident_is_one_of_its_own() -> None:
    facts, standings = shares(up(failed=101), ())
    opened, changes = step(target("site"), facts, SITE_RULES, NOON, [])
    assert [(one.cause, one.severity) for one in changes.joins] == [(Cause.AVAILABILITY, Severity.VETO)]
    facts, standings = shares(down(failed=102), standings)  # an outage later on does not take it over
    opened, changes = step(target("site"), facts, SITE_RULES, NOON, opened)
    assert [one.cause for one in changes.joins] == [Cause.OUTAGE]
    assert (changes.leaves, changes.worsens) == ((), ())
    facts, _ = shares(up(failed=102), standings)
    opened, changes = step(target("site"), facts, SITE_RULES, NOON, opened)
    assert [one.cause for one in changes.leaves] == [Cause.OUTAGE]
    _, changes = step(target("site"), up(failed=60), SITE_RULES, NOON, opened)
    assert [one.cause for one in changes.leaves] == [Cause.AVAILABILITY]


def test_the_share_reached_by_a_failure_not_confirmed_waits_for_it() -> None:
    first = Facts(runs=(run(LETTERS["F"]),), failed=101, expected=2016)
    facts, standings = shares(first, ())
    assert wanted(target("site"), facts, SITE_RULES) == []
    facts, _ = shares(up(failed=101), standings)
    assert [one.cause for one in wanted(target("site"), facts, SITE_RULES)] == [Cause.AVAILABILITY]
    facts, _ = shares(down(failed=101), standings)
    assert [one.cause for one in wanted(target("site"), facts, SITE_RULES)] == [Cause.OUTAGE]


def test_without_rules_that_tell_outages_the_share_always_stands_for_itself() -> None:
    assert [one.cause for one in wanted(target("site"), down(failed=101), [SHARE])] == [Cause.AVAILABILITY]


# unknown, held, muted, blind


def test_unknown_closes_nothing() -> None:
    stale = member(Cause.STALE, "house/stale")
    dark = Facts(runs=(run(unknown("column_fresh", "shell", WORDS)),), blind_since=NOON)
    assert step(target(), dark, [STALE], NOON, [stale]) == ([stale], Changes())
    gone = step(target(), dark, [BLANK], NOON, [stale])[1]  # a rule no longer applied keeps nothing open
    assert gone.leaves == (stale,)
    new = column("2026-11-19", NOON)
    assert step(target(), new, [STALE], NOON, [stale])[1].leaves == (stale,)


def test_held_opens_nothing_and_changes_nothing_but_can_close() -> None:
    held = down(NOON - 7 * DAY, held=True)
    assert wanted(target("site"), held, SITE_RULES) == []
    outage = member(Cause.OUTAGE, "house/outage", severity="serious")
    assert step(target("site"), held, SITE_RULES, NOON, [outage]) == ([outage], Changes())
    assert step(target("site"), up(held=True), SITE_RULES, NOON, [outage])[1].leaves == (outage,)


@pytest.mark.parametrize("cause", sorted(BY_RECORDS))
def test_what_no_look_decides_is_not_held(cause: Cause) -> None:
    told = rule("reachable", "site", severity="serious")
    broken = Standing(told.key, Compliance.BREACHED, say("a message waits"), cause, since=NOON - DAY)
    (opened,) = memberships(target("site"), [broken], up(held=True), [told], [], None, NOON)
    assert opened.cause is cause
    kept = replace(opened, incident=7)
    assert memberships(target("site"), [], up(held=True), [told], [kept], None, NOON) == []


@pytest.mark.parametrize("cause", [Cause.OUTAGE, Cause.BLANK, Cause.BLIND])
def test_a_host_that_is_down_mutes_what_hangs_on_it(cause: Cause) -> None:
    bad = {
        Cause.OUTAGE: (COLUMN_OUTAGE, down(muted_by="site", outage=None)),
        Cause.BLANK: (
            BLANK,
            Facts(
                runs=(run(fail("column_blank", Cause.BLANK, "blank", WORDS)),),
                conditions=(condition("column_blank", Cause.BLANK),),
                muted_by="site",
            ),
        ),
        Cause.BLIND: (
            STALE,
            Facts(runs=(run(unknown("column_fresh", "shell", WORDS)),), blind_since=NOON - 3 * DAY, muted_by="site"),
        ),
    }
    one, facts = bad[cause]
    assert wanted(target(), facts, [one]) == []
    already = member(cause, one.key, severity="remind")
    assert [kept.cause for kept in wanted(target(), facts, [one], NOON, [already])] == [cause]
    assert [kept.cause for kept in wanted(target(), facts._replace(muted_by=None), [one])] == [cause]


def test_a_date_that_passes_is_not_muted() -> None:
    now = at("2026-11-16")
    assert wanted(target(), column("2026-11-01", now, muted_by="site"), [STALE], now)


@pytest.mark.parametrize(("late", "opens"), [(-timedelta(milliseconds=1), False), (timedelta(0), True)])
def test_lasting_blindness_is_an_incident_of_its_own(late: timedelta, opens: bool) -> None:
    looked = NOON + LIMIT + late
    dark = Facts(
        runs=(run(unknown("column_fresh", "challenged", WORDS), looked), run(ok("column_blank", WORDS))),
        blind_since=NOON,
        blind_reason="challenged",
    )
    told = wanted(target(), dark, [STALE, VETO, BLANK], NOON + LIMIT + late)
    assert bool(told) is opens
    if opens:
        (one,) = told
        assert (one.cause, one.severity, one.since) == (Cause.BLIND, Severity.REMIND, NOON)
        assert one.rules == ("house/stale", "house/veto")
        assert str(one.why) == "words"


@pytest.mark.parametrize("reason", ["shell", "host_down", "uplink"])
def test_blindness_is_told_after_a_look_that_still_cannot_see(reason: str) -> None:
    """Seen in a rehearsed year: the host was back long before the limit, and the look that showed it came 40 s after."""
    seen, after = NOON + LIMIT - HOUR, NOON + LIMIT + MINUTE
    facts = Facts(runs=(run(unknown("column_fresh", "shell", WORDS), seen),), blind_since=NOON, blind_reason="shell")
    assert wanted(target(), facts, [STALE], after) == []
    already = member(Cause.BLIND, "house/stale", severity="remind")
    assert [one.cause for one in wanted(target(), facts, [STALE], after, [already])] == [Cause.BLIND]
    looked = facts._replace(runs=(run(unknown("column_fresh", reason, WORDS), after),))
    assert bool(wanted(target(), looked, [STALE], after)) is (reason == "shell")


def test_blindness_ends_with_a_look_and_not_with_the_clock_of_it() -> None:
    blind = member(Cause.BLIND, "house/stale", severity="remind")
    hidden = Facts(runs=(run(unknown("column_fresh", "host_down", WORDS)),), muted_by="site")  # its clock was stopped
    assert step(target(), hidden, [STALE], NOON, [blind]) == ([blind], Changes())
    assert step(target(), column("2026-11-19", NOON), [STALE], NOON, [blind])[1].leaves == (blind,)


def test_citing_one_rule_more_is_no_news_of_blindness() -> None:
    was, now = member(Cause.BLIND, "a", severity="remind"), member(Cause.BLIND, "a", "b", severity="remind")
    assert compare([was], [now]) == Changes()


def test_a_target_that_does_not_open_is_not_blind() -> None:
    runs = (run(LETTERS["F"]), run(unknown("column_fresh", "http_error", WORDS)))
    for cause, blind in ((Cause.OUTAGE, []), (Cause.SLOW, [Cause.BLIND])):
        facts = Facts(runs=runs, conditions=(condition("reachable", cause),), blind_since=NOON - LIMIT)
        assert [one.cause for one in wanted(target(), facts, [STALE])] == blind


# comparing, in general

MEMBERS = st.dictionaries(
    st.sampled_from(list(Cause)),
    st.tuples(st.sampled_from(list(Severity)), st.sets(st.sampled_from("abc"), min_size=1), st.integers(0, 3)),
    max_size=4,
)


def made(drawn: dict[Cause, tuple[Severity, set[str], int]]) -> list[Membership]:
    return [
        Membership(cause, "t", severity, tuple(sorted(rules)), NOON, WORDS, warned, incident=1)
        for cause, (severity, rules, warned) in drawn.items()
    ]


@given(MEMBERS, MEMBERS)
def test_comparing_is_whole_and_says_nothing_twice(was: dict, will: dict) -> None:  # type: ignore[type-arg]
    old, new = made(was), made(will)
    changes = compare(old, new)
    assert {one.cause for one in changes.joins} == set(will) - set(was)
    assert {one.cause for one in changes.leaves} == set(was) - set(will)
    told = [one.cause for one in (*changes.worsens, *changes.further)]
    assert len(told) == len(set(told))
    assert set(told) <= set(was) & set(will)
    assert compare(new, new) == Changes()


def test_minutes_of_the_day_change_nothing() -> None:
    facts = down(NOON - DAY)
    opened, _ = step(target("site"), facts, SITE_RULES, NOON, [])
    for n in range(0, 600, 7):
        assert step(target("site"), facts, SITE_RULES, NOON + n * MINUTE, opened)[1] == Changes()


@pytest.mark.parametrize(("severity", "opens"), [("veto", 1), ("serious", 1), ("breach", 0), ("remind", 0)])
def test_a_lesser_gap_of_the_inventory_opens_nothing(severity: str, opens: int) -> None:
    told = rule("inventory", "site", severity=severity)
    broken = Standing(told.key, Compliance.BREACHED, say("no owner"), Cause.INVENTORY, since=NOON - DAY)
    assert len(memberships(target("site"), [broken], up(), [told], [], None, NOON)) == opens


def test_of_several_limits_the_words_and_the_time_are_those_of_one_and_all_that_is_overdue_is_counted() -> None:
    question = rule("answered_within", "site", "15wd", id="question", severity="breach", classes=["consulting"])
    mistake = rule("answered_within", "site", "1wd", id="mistake", severity="breach", classes=["jiucuo"])
    month = rule("answered_within", "site", "1mo", id="month", severity="breach")
    messages = (
        message(at("2026-09-01"), "consulting", "m-4"),
        message(at("2026-11-16"), "jiucuo", "m-5"),
        message(at("2026-11-17"), "jiucuo", "m-6"),
    )
    facts = Facts(messages=messages)
    (one,) = wanted(target("site"), facts, (mistake, question, month))
    assert one.rules == (question.key, mistake.key, month.key), "whose words are told, is quoted first"
    assert one.since == at("2026-09-22"), "Sunday the 20th is worked: the fifteenth working day is the 21st"
    assert str(one.why).startswith("message m-4 (question or advice) of 2026-09-01 was to be answered by 2026-09-21")
    assert str(one.why).endswith("; 3 overdue"), "m-4 is late by two rules, and one message"
    (grave,) = wanted(target("site"), facts, (replace(mistake, severity=Severity.VETO), question, month))
    assert (grave.since, grave.severity) == (at("2026-11-18"), Severity.VETO), "of those that weigh most"
    assert str(grave.why).startswith("message m-5 (error report)")
    assert str(grave.why).endswith("; 3 overdue")


def test_what_is_broken_speaks_before_what_is_only_due_and_weighs_no_more() -> None:
    veto = rule("answered_within", "site", "1wd", id="veto", severity="veto", classes=["jiucuo"])
    slow = rule("answered_within", "site", "1wd", id="slow", severity="breach", classes=["handling"])
    facts = Facts(messages=(message(at("2026-11-19"), "jiucuo", "m-1"), message(at("2026-11-10"), "handling", "m-2")))
    (one,) = wanted(target("site"), facts, (veto, slow), at("2026-11-20", "16:00:00"))
    assert (one.severity, one.since) == (Severity.SERIOUS, at("2026-11-12"))
    assert str(one.why).startswith("message m-2")
    assert str(one.why).endswith("; 1 overdue")


def test_what_is_true_by_now_is_stored_and_is_no_news() -> None:
    was = member(Cause.COUNT, "a", severity="veto")
    more = replace(was, why=say("{have} columns are stale", have=7))
    assert compare([was], [more]) == Changes(reworded=(more,))
    assert compare([was], [replace(was, why=EARLIER)]) == Changes(), "a look that could not tell says less"
    graver = replace(more, rules=("a", "b"))
    assert compare([was], [graver]) == Changes(worsens=(graver,)), "stored once"
    day = replace(more, warned=3)
    assert compare([was], [day]) == Changes(further=(day,))
