"""The yearly report by 31 January: due, 今日到期, broken, kept as soon as it is seen."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings, strategies as st

from monitor.config.obligations import PublishedBy
from monitor.model import Cause, Compliance, Facts, Finding, Measure, Rule, Standing, ok, unknown
from tests.judge.filed import instants, judged, skipped
from tests.judge.made import DAY, NOON, SECOND, WORDS, at, rule, run

MET, DUE, BREACHED, UNKNOWN = Compliance.MET, Compliance.DUE, Compliance.BREACHED, Compliance.UNKNOWN
REPORT = rule("published_by", "page")
WARNED = rule("published_by", "page", None, "16d", "6d", "2d")
SINCE = at("2025-03-01")


def shows(year: int | None, title: str = "") -> Finding:
    evidence = {"title": title} if title else {}
    measures = () if year is None else (Measure("covers", f"{year}-12", "date"),)
    return ok("published", WORDS, *measures, **evidence)


def seen(
    year: int | None, now: datetime, looked: datetime | None = None, one: Rule = REPORT, since: datetime = SINCE
) -> Standing:
    return judged(one, now, runs=(run(shows(year), looked or now, since),), first_seen_at=since)


@pytest.mark.parametrize(
    ("now", "value"),
    [
        (at("2026-01-01"), MET),
        (at("2026-01-14", "23:59:59"), MET),
        (at("2026-01-15"), DUE),
        (at("2026-01-31", "23:59:59"), DUE),
        (at("2026-02-01"), BREACHED),
        (at("2026-12-31", "23:59:59"), BREACHED),
        (at("2027-01-01"), MET),  # that year's is another
        (at("2027-02-01"), BREACHED),
    ],
)
def test_by_the_end_of_january(now: datetime, value: Compliance) -> None:
    for covers in (None, 2024):
        told = seen(covers, now)
        assert (told.value, told.cause) == (value, Cause.PUBLISHED_BY)


def test_the_dates_and_the_words() -> None:
    due = seen(2024, at("2026-01-15"))
    assert (due.since, due.until, due.look_at) == (at("2026-01-15"), at("2026-02-01"), at("2026-02-01"))
    assert str(due.why) == "the report of 2025 is not there yet, it is owed by 2026-01-31"
    for now in (at("2026-01-30"), at("2026-01-31", "23:59:59")):
        assert str(seen(2024, now).why).startswith("the report of 2025 is not there, today is the day")
    assert seen(2024, at("2026-01-29", "23:59:59")).changes_at == at("2026-01-30")
    broken = seen(2024, at("2026-02-01"))
    assert (broken.since, str(broken.why)) == (
        at("2026-02-01"),
        "the report of 2025 is not there, it was owed by 2026-01-31",
    )


def test_it_breaks_only_by_a_look_after_the_day() -> None:
    waits = seen(2024, at("2026-02-03"), at("2026-02-01") - SECOND)
    assert (waits.value, waits.look_at) == (DUE, at("2026-02-01"))
    assert str(waits.why).endswith("was not there at the last look, it was owed by 2026-01-31")
    assert seen(2024, at("2026-02-03"), at("2026-02-01")).value is BREACHED


def test_it_is_kept_as_soon_as_it_is_seen() -> None:
    for now in (at("2026-01-03"), at("2026-01-31"), at("2026-02-07"), at("2026-12-31", "23:59:59")):
        told = seen(2025, now)
        assert (told.value, str(told.why)) == (MET, "the report of 2025 is there")
        assert told.until == at("2027-01-15")
    assert seen(2025, at("2026-06-01")).changes_at == at("2027-01-01")
    assert seen(2025, at("2027-01-15")).value is DUE


def test_warnings_take_the_place_of_the_fifteenth() -> None:
    for now, warned in ((at("2026-01-15"), 1), (at("2026-01-25"), 2), (at("2026-01-29"), 3)):
        told = seen(None, now, one=WARNED)
        assert (told.value, told.warned) == (DUE, warned)
    late = rule("published_by", "page", None, "6d")
    assert seen(None, at("2026-01-24", "23:59:59"), one=late).value is MET


@pytest.mark.parametrize(
    ("since", "value"), [("2026-01-31", BREACHED), ("2026-02-01", MET), ("2026-06-01", MET), ("2025-02-01", BREACHED)]
)
def test_nothing_is_owed_for_a_year_before_the_first_look(since: str, value: Compliance) -> None:
    assert seen(None, at("2026-07-01"), since=at(since)).value is value
    assert seen(None, at("2027-02-02"), since=at(since)).value is BREACHED


def test_what_cannot_be_read_is_undecided() -> None:
    dark = run(unknown("published", "shell", WORDS), NOON)
    told = judged(REPORT, NOON, runs=(dark,), blind_since=NOON - DAY, first_seen_at=SINCE)
    assert (told.value, told.since) == (UNKNOWN, NOON - DAY)
    assert judged(REPORT, NOON).value is UNKNOWN


def test_another_yearly_report_is_not_the_one_asked_for() -> None:
    now, named = at("2026-03-01"), PublishedBy().title
    one = rule("published_by", "page", title=list(named))
    for title, value in (("2025年政府信息公开年报", BREACHED), ("2025年某局政府网站年报", MET)):
        assert judged(one, now, runs=(run(shows(2025, title), now, SINCE),), first_seen_at=SINCE).value is value


@pytest.mark.parametrize(
    ("title", "value"), [("2025年政府网站工作年度报表", MET), ("2025年网站自评表", BREACHED), ("", MET)]
)
def test_the_rule_may_ask_for_words(title: str, value: Compliance) -> None:
    one, now = rule("published_by", "page", title=["年度报表"]), at("2026-03-01")
    assert judged(one, now, runs=(run(shows(2025, title), now, SINCE),), first_seen_at=SINCE).value is value


@pytest.mark.parametrize(("by", "last"), [("02-29", "2026-02-28"), ("03-31", "2026-03-31"), ("12-31", "2026-12-31")])
def test_another_day(by: str, last: str) -> None:
    one = rule("published_by", "page", by=by)
    over = at(last) + DAY
    assert seen(2024, over - SECOND, one=one).value is DUE
    assert seen(2024, at(last) - 16 * DAY - SECOND, one=one).value is MET
    if over.year == 2026 and by != "12-31":
        assert seen(2024, over, one=one).value is BREACHED


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([None, 2024, 2025, 2026]),
    st.sampled_from([REPORT, WARNED, rule("published_by", "page", by="06-30")]),
    st.dates(date(2025, 12, 20), date(2026, 3, 1)),
    st.dates(date(2025, 12, 20), date(2027, 3, 1)),
)
def test_no_change_of_the_report_is_skipped(covers: int | None, one: Rule, first: date, looked: date) -> None:
    since = at(first)
    facts = Facts(runs=(run(shows(covers), max(at(looked), since), since),), first_seen_at=since)
    assert skipped(one, facts, instants(str(first), 450)) == []
