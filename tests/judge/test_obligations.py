"""Each obligation: what facts come to, at the second where it matters."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from monitor.config.obligations import OBLIGATIONS as KNOWN_TO_PACKS
from monitor.judge import obligations
from monitor.judge.obligations import OBLIGATIONS
from monitor.judge.standings import judge
from monitor.model import (
    Cause,
    Compliance,
    Facts,
    Finding,
    Measure,
    Outage,
    Outcome,
    Rule,
    Run,
    Standing,
    fail,
    ok,
    unknown,
)
from tests.judge.made import DAY, HOUR, LETTERS, NOON, SECOND, WORDS, at, condition, fresh, rule, run, target

MET, DUE, BREACHED, UNKNOWN = Compliance.MET, Compliance.DUE, Compliance.BREACHED, Compliance.UNKNOWN


def judged(one: Rule, now: datetime = NOON, **facts: object) -> Standing:
    return OBLIGATIONS[one.obligation](one, Facts(**facts), now)  # type: ignore[arg-type]


def test_the_folder_is_the_vocabulary() -> None:
    folder = Path(str(obligations.__file__)).parent
    assert set(OBLIGATIONS) == {file.stem for file in folder.glob("[a-z]*.py")} == set(KNOWN_TO_PACKS)


# updated_within

TWO_WEEKS = rule("updated_within", "column", "14d", "4d", "1d")


def column(newest: str, now: datetime, looked_at: datetime | None = None, one: Rule = TWO_WEEKS) -> Standing:
    return judged(one, now, runs=(run(fresh(newest), looked_at or now),))


@pytest.mark.parametrize(
    ("now", "value", "warned", "last"),
    [
        (at("2026-11-01", "23:59:59"), MET, 0, False),
        (at("2026-11-10", "23:59:59"), MET, 0, False),
        (at("2026-11-11", "00:00:00"), DUE, 1, False),  # age 10
        (at("2026-11-13", "23:59:59"), DUE, 1, False),
        (at("2026-11-14", "00:00:00"), DUE, 2, True),  # age 13
        (at("2026-11-15", "00:00:00"), DUE, 2, True),  # age 14, the last day
        (at("2026-11-15", "23:59:59"), DUE, 2, True),
        (at("2026-11-16", "00:00:00"), BREACHED, 2, True),  # age 15
        (at("2027-11-16", "00:00:00"), BREACHED, 2, True),
    ],
)
def test_fourteen_days(now: datetime, value: Compliance, warned: int, last: bool) -> None:
    standing = column("2026-11-01", now)
    assert (standing.value, standing.warned, standing.last_warning) == (value, warned, last)
    assert standing.cause is Cause.STALE


def test_since_until_and_the_next_change() -> None:
    breach = at("2026-11-16")
    kept, due = column("2026-11-01", at("2026-11-02")), column("2026-11-01", at("2026-11-12"))
    late, broken = column("2026-11-01", at("2026-11-15", "12:00:00")), column("2026-11-01", at("2026-11-20"))
    assert (kept.since, kept.until, kept.changes_at, kept.look_at) == (None, due.since, due.since, None)
    assert (due.since, due.until, due.changes_at, due.look_at) == (at("2026-11-11"), breach, at("2026-11-14"), breach)
    assert (late.until, late.changes_at) == (breach, breach)
    assert (broken.since, broken.until, broken.changes_at, broken.look_at) == (breach, None, None, None)
    assert broken.inputs == {"newest": "2026-11-01", "limit": "14d"}


def test_the_clock_alone_never_breaks_it() -> None:
    breach = at("2026-11-16")
    waiting = column("2026-11-01", breach + DAY, breach - SECOND)
    assert (waiting.value, waiting.look_at, waiting.changes_at) == (DUE, breach, None)
    assert str(waiting.why) == "nothing new since 2026-11-01 at the last look, limit 14d is over"
    assert column("2026-11-01", breach + DAY, breach).value is BREACHED


def test_the_last_warning_of_a_veto_needs_a_look() -> None:
    last, breach = at("2026-11-14"), at("2026-11-16")
    veto = rule("updated_within", "column", "14d", "4d", "1d", severity="veto")
    for one, looked_at, awaited in (
        (veto, last - SECOND, last),
        (veto, last, breach),
        (TWO_WEEKS, last - SECOND, breach),
    ):
        due = column("2026-11-01", last + HOUR, looked_at, one)
        assert (due.value, due.warned, due.look_at) == (DUE, 2, awaited)
        assert due.last_warning is (looked_at == last)


def test_the_words_say_the_last_day() -> None:
    today = column("2026-11-01", at("2026-11-15", "08:00:00"))
    assert str(today.why) == "nothing new since 2026-11-01, today is the last day of the limit 14d"


def test_a_month_is_a_range_and_breaks_only_when_all_of_it_has() -> None:
    assert column("2026-10", at("2026-11-09", "23:59:59")).value is MET  # 31 October + 10
    assert column("2026-10", at("2026-11-10")).value is DUE
    assert column("2026-10", at("2026-11-14", "23:59:59")).value is DUE
    assert column("2026-10", at("2026-11-15")).value is BREACHED
    assert column("2026-11", at("2026-11-02")).value is MET


@pytest.mark.parametrize(
    ("newest", "long", "breach"),
    [
        ("2026-08-31", "6mo", "2027-03-01"),
        ("2027-08-31", "6mo", "2028-03-01"),
        ("2028-02-29", "1y", "2029-03-01"),
        ("2028-02-15", "14d", "2028-03-01"),
        ("2026-11-20", "24h", "2026-11-22"),
    ],
)
def test_calendar_limits_to_the_second(newest: str, long: str, breach: str) -> None:
    one = rule("updated_within", "column", long)
    assert column(newest, at(breach) - SECOND, one=one).value is not BREACHED
    assert column(newest, at(breach), one=one).value is BREACHED


def test_accounts_go_by_their_feed_and_an_option_by_another_check() -> None:
    account = rule("updated_within", "account", "14d")
    assert judged(account, runs=(run(fresh("2026-11-19", "feed_fresh")),)).value is MET
    assert judged(account, runs=(run(fresh("2026-11-19")),)).value is UNKNOWN
    other = rule("updated_within", "account", "14d", check="column_fresh")
    assert judged(other, runs=(run(fresh("2026-11-19")),)).value is MET


@pytest.mark.parametrize(
    ("finding", "why", "since"),
    [
        (None, "not looked at yet", None),
        (unknown("column_fresh", "shell", WORDS), "words", NOON),
        (Finding("column_fresh", Outcome.BROKEN, WORDS), "our own check failed: nothing is said", None),
        (ok("column_fresh", WORDS), "looked at, but without a usable date", NOON),
        (fresh("soon"), "looked at, but without a usable date", NOON),
    ],
)
def test_could_not_look_is_unknown_since_blindness(finding: Finding | None, why: str, since: datetime | None) -> None:
    runs = () if finding is None else (run(finding, NOON + DAY),)
    standing = judged(TWO_WEEKS, NOON + DAY, runs=runs, blind_since=NOON)
    assert (standing.value, str(standing.why), standing.since) == (UNKNOWN, why, since)


def test_a_subject_is_not_the_target() -> None:
    other = run(fresh("2026-11-19")._replace(subject="part"))
    assert judged(TWO_WEEKS, runs=(other,)).value is UNKNOWN


def test_a_limit_that_is_missing_is_said() -> None:
    with pytest.raises(ValueError, match="house/updated_within: updated_within needs a limit"):
        column("2026-11-01", NOON, one=rule("updated_within"))


def test_working_days_of_an_unpublished_year_are_unknown() -> None:
    one = rule("updated_within", "column", "3wd")
    facts = Facts(runs=(run(fresh("2035-03-05")),))
    (standing,) = judge(target(), facts, [one], NOON).standings
    assert (standing.value, str(standing.why)) == (UNKNOWN, "the working days of 2035 are not known")


def test_a_home_page_that_only_leads_on_is_neither_kept_nor_broken() -> None:
    leads_on = Finding("column_fresh", Outcome.OK, WORDS, reason="entrance")
    standing = judged(rule("updated_within", "site", "14d"), runs=(run(leads_on),), blind_since=None)
    assert (standing.value, standing.since, str(standing.why)) == (UNKNOWN, NOON, "words")
    dateless = judged(rule("updated_within", "site", "14d"), runs=(run(ok("column_fresh", WORDS)),))
    assert (dateless.value, str(dateless.why)) == (UNKNOWN, "looked at, but without a usable date")


# not_blank, dates_honest, links_work, not_tampered, no_hidden_links


@pytest.mark.parametrize(
    ("one", "check", "cause"),
    [
        (rule("not_blank"), "column_blank", Cause.BLANK),
        (rule("dates_honest"), "dates_honest", Cause.FORGED_DATE),
        (rule("links_work", "link"), "links_alive", Cause.DEAD_LINK),
        (rule("marks_present", "site"), "marks_present", Cause.MARKS),
        (rule("entry_present", "page"), "entry_present", Cause.ENTRY_PRESENT),
        (rule("reachable"), "reachable", Cause.OUTAGE),
        (rule("not_tampered"), "tampered", Cause.TAMPER),
        (rule("certificate_valid", "site", "21d"), "certificate", Cause.CERTIFICATE),
    ],
)
def test_broken_since_the_condition(one: Rule, check: str, cause: Cause) -> None:
    bad, good = run(fail(check, cause, "bad", WORDS)), run(ok(check, WORDS))
    dark = run(unknown(check, "shell", WORDS))
    stands = condition(check, cause, NOON - HOUR)
    standing = judged(one, runs=(bad,), conditions=(stands,))
    assert (standing.value, standing.since, standing.cause, str(standing.why)) == (
        BREACHED,
        NOON - HOUR,
        cause,
        "words",
    )
    for run_now in (dark, good):  # blindness and a first good look end nothing
        kept = judged(one, runs=(run_now,), conditions=(stands,))
        assert (kept.value, str(kept.why)) == (BREACHED, "confirmed earlier; the last look did not tell")
    assert judged(one, runs=(good,)).value is MET
    unconfirmed = judged(one, runs=(bad,), blind_since=NOON)
    assert (unconfirmed.value, unconfirmed.since, str(unconfirmed.why)) == (UNKNOWN, None, "failed, not confirmed yet")
    assert judged(one, runs=(dark,), blind_since=NOON).since == NOON
    assert judged(one).value is UNKNOWN


@pytest.mark.parametrize(
    ("reason", "value"), [("hidden_links", BREACHED), ("links", BREACHED), ("script", MET), ("title", MET)]
)
def test_hidden_links_are_told_from_other_signs(reason: str, value: Compliance) -> None:
    bad, dark = run(fail("tampered", Cause.TAMPER, reason, WORDS)), run(unknown("tampered", "shell", WORDS))
    stands = replace(condition("tampered", Cause.TAMPER, NOON - HOUR), reason=reason)
    one = rule("no_hidden_links")
    assert judged(one, runs=(bad,), conditions=(stands,)).value is value
    assert judged(one, runs=(dark,), conditions=(stands,)).value is value
    assert judged(one, runs=(dark,)).value is UNKNOWN
    assert judged(one, runs=(run(ok("tampered", WORDS)),)).value is MET


@pytest.mark.parametrize(
    ("reason", "missing", "value"),
    [
        ("missing", ["sitemap"], MET),
        ("missing", ["sitemap", "icp"], BREACHED),
        ("other_code", [], BREACHED),
        ("other_code", ["contact"], BREACHED),
    ],
)
def test_a_rule_on_marks_is_broken_by_those_it_names(reason: str, missing: list[str], value: Compliance) -> None:
    one = rule("marks_present", "site", marks=["icp", "site_code"])
    bad, dark = (
        run(fail("marks_present", Cause.MARKS, reason, WORDS, missing=missing)),
        run(unknown("marks_present", "shell", WORDS)),
    )
    stands = (condition("marks_present", Cause.MARKS, NOON - HOUR),)
    said = judged(one, runs=(bad,), conditions=stands)
    assert said.value is value
    stored = (said,) if value is BREACHED else ()  # what is met is no row
    later = judged(one, runs=(dark,), conditions=stands, standings=stored)
    assert later.value is (BREACHED if value is BREACHED else UNKNOWN)
    assert judged(rule("marks_present", "site"), runs=(bad,), conditions=stands).value is BREACHED


# reachable


def test_only_narrows_by_cause() -> None:
    slow = (condition("reachable", Cause.SLOW),)
    runs = (run(LETTERS["S"]),)
    for only in ("slow", ["slow"], ("slow", "tamper")):
        assert judged(rule("reachable", only=only), runs=runs, conditions=slow).value is BREACHED
    other = judged(rule("reachable", only="outage"), runs=runs, conditions=slow)
    assert (other.value, other.cause) == (MET, Cause.OUTAGE)
    assert judged(rule("reachable", only="slow"), runs=(run(LETTERS["."]),)).cause is Cause.SLOW


SHARE = rule("reachable", "site", window="168h", share=5, forecast=3, severity="veto")


@pytest.mark.parametrize(
    ("good", "failed", "expected", "value", "why"),
    [
        (1916, 100, 2016, DUE, "100 of 2016 visits of the last 7 days failed, 1 more reach 5 %"),
        (1915, 101, 2016, BREACHED, "101 of 2016 visits of the last 7 days failed, the limit is 5 %"),
        (1955, 61, 2016, DUE, "61 of 2016 visits of the last 7 days failed, 40 more reach 5 %"),
        (1956, 60, 2016, MET, "few visits of the last 7 days failed"),
        (0, 100, 2016, DUE, "100 of 2016 visits of the last 7 days failed, 1 more reach 5 %"),  # new: no full week yet
        (0, 101, 2016, BREACHED, "101 of 2016 visits of the last 7 days failed, the limit is 5 %"),
        (3900, 132, 2016, DUE, "132 of 4032 visits of the last 7 days failed, 70 more reach 5 %"),  # looked more often
        (133, 7, 140, BREACHED, "7 of 140 visits of the last 7 days failed, the limit is 5 %"),
        (0, 0, 0, MET, "few visits of the last 7 days failed"),
        (0, 1, 0, BREACHED, "1 of 1 visits of the last 7 days failed, the limit is 5 %"),
    ],
)
def test_the_share_of_a_week(good: int, failed: int, expected: int, value: Compliance, why: str) -> None:
    standing = judged(SHARE, runs=(run(LETTERS["."]),), good=good, failed=failed, expected=expected)
    assert (standing.value, str(standing.why), standing.cause) == (value, why, Cause.AVAILABILITY)
    assert standing.changes_at == (NOON + HOUR if failed else None)


def test_a_share_nobody_could_sample_is_unknown() -> None:
    dark = run(LETTERS["?"])
    standing = judged(SHARE, runs=(dark,), excluded=2016, expected=2016, blind_since=NOON - DAY)
    assert (standing.value, standing.since) == (UNKNOWN, NOON - DAY)
    assert judged(SHARE, expected=2016).value is UNKNOWN
    assert judged(SHARE, runs=(dark,), failed=101, expected=2016).value is BREACHED


def test_the_share_remembers_since_when_and_who_told_it() -> None:
    first = judged(SHARE, runs=(run(LETTERS["F"]),), failed=101, expected=2016)
    assert (first.since, first.inputs["told"]) == (NOON, False)
    down = (condition("reachable", Cause.OUTAGE),)
    second = judged(SHARE, runs=(run(LETTERS["F"]),), conditions=down, failed=102, expected=2016, standings=(first,))
    assert (second.since, second.inputs["told"]) == (NOON, True)
    after = judged(SHARE, NOON + DAY, runs=(run(LETTERS["."]),), failed=102, expected=2016, standings=(second,))
    assert (after.since, after.inputs["told"]) == (NOON, True)
    again = judged(SHARE, failed=101, expected=2016, standings=(after._replace(value=DUE),))
    assert (again.since, again.inputs["told"]) == (NOON, False)


# certificate_valid

CERTIFICATE = rule("certificate_valid", "site", "21d", "7d", "1d")


def shown(left: float, unit: str = "days") -> tuple[Run, ...]:
    return (run(ok("certificate", WORDS, Measure("left", left, unit))),)


@pytest.mark.parametrize(
    ("left", "value", "warned", "last"),
    [(22, MET, 0, False), (21, DUE, 0, False), (8, DUE, 0, False), (7, DUE, 1, False), (1, DUE, 2, True)],
)
def test_days_left_on_the_certificate(left: int, value: Compliance, warned: int, last: bool) -> None:
    for runs in (shown(left), shown(left * 86400, "seconds")):
        standing = judged(CERTIFICATE, runs=runs)
        assert (standing.value, standing.warned, standing.last_warning) == (value, warned, last)


def test_the_clock_alone_makes_a_certificate_due_and_never_broken() -> None:
    assert judged(CERTIFICATE, NOON + 8 * DAY, runs=shown(30)).value is MET
    due = judged(CERTIFICATE, NOON + 9 * DAY, runs=shown(30))
    assert (due.value, due.since, due.until, due.changes_at) == (DUE, NOON + 9 * DAY, NOON + 30 * DAY, NOON + 23 * DAY)
    assert str(due.why) == "the certificate ends on 2026-12-20, less than 21d ahead"
    over = judged(CERTIFICATE, NOON + 99 * DAY, runs=shown(30))
    assert (over.value, over.changes_at) == (DUE, None)


def test_a_certificate_without_measure_or_limit_is_just_valid() -> None:
    assert judged(CERTIFICATE, runs=(run(ok("certificate", WORDS)),)).value is MET
    assert judged(CERTIFICATE, runs=(run(ok("certificate", WORDS, Measure("left", "long", "days"))),)).value is MET
    assert judged(rule("certificate_valid", "site"), runs=shown(1)).value is MET


# offline_at_most

OFFLINE = rule("offline_at_most", "site", "30d", "29d", "23d", "15d", "10d", "5d", "2d", "0d", severity="serious")
START = at("2026-11-01", "23:59:30")


def offline(now: datetime, looked_at: datetime | None = None, **outage: object) -> Standing:
    down = run(LETTERS["F"], looked_at or now)
    return judged(OFFLINE, now, runs=(down,), outage=Outage(START, **outage))  # type: ignore[arg-type]


def test_the_days_of_an_outage_that_people_hear_of() -> None:
    told = [offline(at("2026-11-01", "23:59:45") + n * DAY) for n in range(40)]
    days = [n for n in range(1, 40) if told[n].warned > told[n - 1].warned]
    assert days == [1, 7, 15, 20, 25, 28, 30]
    assert [one.value for one in told] == [MET] + 30 * [DUE] + 9 * [BREACHED]


def test_day_31_begins_at_midnight() -> None:
    before, after = offline(at("2026-12-01", "23:59:59")), offline(at("2026-12-02"))
    assert (before.value, before.until, before.look_at) == (DUE, at("2026-12-02"), at("2026-12-02"))
    assert str(before.why) == "offline: day 30, by the measure of a closure 30d"
    assert (after.value, after.since, str(after.why)) == (
        BREACHED,
        at("2026-12-02"),
        "offline: day 31, past 30d, the measure of a closure",
    )
    assert after.changes_at == at("2026-12-03")  # the day in the words


def test_a_day_is_told_only_after_a_look_on_it() -> None:
    day_7 = at("2026-11-08")
    late = offline(day_7, day_7 - SECOND)
    assert (late.warned, late.look_at, str(late.why)) == (1, day_7, "offline: day 7, by the measure of a closure 30d")
    assert (offline(day_7).warned, offline(day_7).look_at) == (2, at("2026-11-16"))
    assert judged(OFFLINE, day_7, runs=(run(LETTERS["?"], day_7),), outage=Outage(START)).warned == 0


def test_day_31_needs_a_look() -> None:
    waiting = offline(at("2026-12-03"), at("2026-12-01", "23:59:59"))
    assert (waiting.value, waiting.look_at) == (DUE, at("2026-12-02"))
    assert str(waiting.why) == "offline: day 32, 30d, the measure of a closure, is over, a look is awaited"


@pytest.mark.parametrize("letter", ["?", ".", "S"])
def test_a_look_that_does_not_find_it_down_neither_breaks_nor_mends(letter: str) -> None:
    now, outage = at("2026-12-03"), Outage(START)
    runs = (run(LETTERS[letter], now),)
    due = judged(OFFLINE, now, runs=runs, outage=outage)
    assert (due.value, due.warned, due.look_at) == (DUE, 0, None)
    broken = judged(OFFLINE, now, runs=runs, outage=outage, standings=(offline(now - HOUR),))
    assert (broken.value, broken.warned, broken.since) == (BREACHED, 7, at("2026-12-02"))


def test_in_a_gap_the_count_goes_on_but_nothing_is_broken() -> None:
    gap = offline(at("2026-12-05"), up_since=at("2026-12-04", "20:00:00"))
    assert (gap.value, gap.until, gap.look_at, gap.last_warning, gap.warned) == (DUE, None, None, False, 7)
    assert str(gap.why) == "opens again for less than 24 hours: day 34 of the outage, by the measure of a closure 30d"
    assert offline(at("2026-12-05")).value is BREACHED


def test_without_an_outage() -> None:
    assert judged(OFFLINE, runs=(run(LETTERS["."]),)).value is MET
    assert judged(OFFLINE, runs=(run(LETTERS["S"]),)).value is MET
    assert judged(OFFLINE, runs=(run(LETTERS["?"]),), blind_since=NOON).since == NOON
    assert judged(OFFLINE).value is UNKNOWN
