"""Notices that declarations name: how long each is owed, to the second, and what looks at them come to."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.clock import civil_day
from monitor.judge.days import add_months
from monitor.judge.obligations.notice_kept import judge
from monitor.judge.workdays import add_workdays
from monitor.model import (
    Cause,
    Compliance,
    Condition,
    Declaration,
    DeclarationKind,
    Facts,
    Finding,
    Measure,
    Rule,
    Run,
    Standing,
    fail,
    ok,
    unknown,
)
from tests.judge.made import DAY, HOUR, SECOND, WORDS, at, rule

MET, DUE, BREACHED, UNKNOWN = Compliance.MET, Compliance.DUE, Compliance.BREACHED, Compliance.UNKNOWN
START = at("2026-03-02", "10:00:00")
MOVED = rule("notice_kept", "site", "30d", of=("permanent_offline", "migration"), field="own_notice")
CLOSED = rule("notice_kept", "site", None, of=("temporary_offline",), field="portal_notice")
ACCOUNT = rule("notice_kept", "account", "15wd", of=("account_closing",), field="notice")
SHOWN = ok("notice_kept", WORDS)
GONE = fail("notice_kept", Cause.NOTICE_KEPT, "gone", WORDS)
BLIND = unknown("notice_kept", "challenged", WORDS)


def filed(kind: str = "migration", number: int = 7, **other: Any) -> Declaration:
    start, end = other.pop("start", START), other.pop("end", None)
    fields = {"own_notice": "http://a.example/n", "portal_notice": "http://p.example/n", "notice": "http://n.example/"}
    told = {"id": number, "kind": DeclarationKind(kind), "target": "t", "filed_at": start}
    return Declaration(**told, start=start, end=end, fields={**fields, **other})


OWN, PORTAL, PUBLIC = (filed().notice(field) for field in ("own_notice", "portal_notice", "notice"))


def looked(finding: Finding, last: datetime, first: datetime = START, subject: str = OWN) -> Run:
    return Run(finding._replace(subject=subject), first, last, 3, 3, first, id=1)


def down(since: datetime, subject: str = OWN) -> Condition:
    return Condition("notice_kept", subject, Cause.NOTICE_KEPT, "gone", since, since + HOUR, id=1)


def judged(one: Rule, now: datetime, *declared: Declaration, **facts: Any) -> Standing:
    return judge(one, Facts(declarations=declared, **facts), now)


def test_without_a_declaration_no_notice_is_owed() -> None:
    standing = judged(MOVED, START)
    assert (standing.value, str(standing.why)) == (MET, "no notice is owed")
    assert judged(MOVED, START, filed("temporary_offline")).value is MET, "of another kind"


def test_one_that_is_yet_to_come_is_no_notice_yet() -> None:
    standing = judged(MOVED, START - SECOND, filed())
    assert (standing.value, standing.changes_at) == (MET, START)


@pytest.mark.parametrize(
    ("now", "run", "condition", "value", "words"),
    [
        (START, None, None, UNKNOWN, "the notice was not looked at yet"),
        (START + DAY, SHOWN, None, MET, "the notice is shown; owed for 30d from 2026-03-02, to the end of 2026-04-01"),
        (START + DAY, GONE, None, UNKNOWN, "failed, not confirmed yet"),
        (START + DAY, BLIND, None, UNKNOWN, "words"),
        (START + DAY, GONE, START + DAY, BREACHED, "words"),
        (START + DAY, BLIND, START + HOUR, BREACHED, "confirmed earlier; the last look did not tell"),
        (
            at("2026-04-01", "23:59:59"),
            SHOWN,
            None,
            MET,
            "the notice is shown; owed for 30d from 2026-03-02, to the end of 2026-04-01",
        ),
        (at("2026-04-02"), SHOWN, None, MET, "the notice was kept for 30d from 2026-03-02"),
        (at("2026-04-02"), BLIND, None, MET, "the notice was owed for 30d from 2026-03-02: these days are over"),
        (at("2026-04-01", "23:59:59"), GONE, at("2026-04-01", "22:00:00"), BREACHED, "words"),
        (at("2026-04-09"), GONE, at("2026-04-01", "23:59:59"), BREACHED, "words"),  # on day 30
        (
            at("2026-04-09"),
            GONE,
            at("2026-04-02"),
            MET,
            "the notice was owed for 30d from 2026-03-02: these days are over",
        ),
    ],
)
def test_a_floor_of_thirty_days(
    now: datetime, run: Finding | None, condition: datetime | None, value: Compliance, words: str
) -> None:
    runs = (looked(run, now, condition or START),) if run is not None else ()
    conditions = (down(condition),) if condition is not None else ()
    standing = judged(MOVED, now, filed(), runs=runs, conditions=conditions)
    assert (standing.value, str(standing.why)) == (value, words)
    assert standing.since == (condition if value is BREACHED else None), "and unknown is no blindness"


def test_a_failure_of_the_last_day_is_awaited() -> None:
    standing = judged(
        MOVED, at("2026-04-02", "00:10:00"), filed(), runs=(looked(GONE, START, at("2026-04-01", "23:30:00")),)
    )
    assert (standing.value, str(standing.why)) == (UNKNOWN, "failed, not confirmed yet")


@pytest.mark.parametrize(
    ("owed", "value", "words"),
    [
        (False, UNKNOWN, "filed without the address of its notice, owed to the end of 2026-04-01"),
        (True, BREACHED, "filed without the address of its notice, which is owed to the end of 2026-04-01"),
    ],
)
def test_an_address_that_nobody_told(owed: bool, value: Compliance, words: str) -> None:
    asked = rule("notice_kept", "site", "30d", of=("migration",), field="own_notice", owed=owed)
    standing = judged(asked, START + DAY, filed(own_notice=""))
    assert (standing.value, str(standing.why)) == (value, words)
    assert standing.since == (START if owed else None)
    assert judged(asked, at("2026-04-02"), filed(own_notice="")).value is MET


@given(
    st.sampled_from(["own_notice", "portal_notice", "notice", "new_url"]),
    st.sampled_from([None, "30d", "15wd", "1mo"]),
    st.sampled_from([None, SHOWN, GONE, BLIND]),
    st.booleans(),
    st.sampled_from([True, False]),
    st.sampled_from([None, *(START + n * DAY for n in (5, 20, 60))]),
)
def test_whatever_is_owed_says_to_the_end_of_which_day(  # noqa: PLR0917
    field: str, length: str | None, found: Finding | None, confirmed: bool, told: bool, end: datetime | None
) -> None:
    one = rule("notice_kept", "site", length, of=("migration",), field=field)
    fields: dict[str, Any] = {"new_url": "http://new.example/"} if told else {field: ""}
    declared = filed(end=end, **fields)
    name = declared.notice(field)
    facts = {
        "runs": (looked(found, START + DAY, subject=name),) if found is not None else (),
        "conditions": (down(START, name),) if confirmed and found is GONE else (),
    }
    standing = judged(one, START + DAY, declared, **facts)
    last = {None: "" if end is None else str(civil_day(end)), "30d": "2026-04-01", "15wd": "2026-03-23"}
    assert standing.inputs["until"] == (last | {"1mo": "2026-04-02"})[length]
    if not told and standing.inputs["until"] and field != "new_url":
        assert str(standing.inputs["until"]) in str(standing.why)


def test_where_the_content_went_is_named_by_the_own_notice() -> None:
    tells = rule("notice_kept", "site", "30d", of=("permanent_offline",), field="new_url")
    silent = fail("notice_kept", Cause.NOTICE_KEPT, "no_new_address", WORDS)
    moved = filed("permanent_offline", new_url="http://new.example/")
    named = moved.notice("new_url")
    last = at("2026-04-01", "23:59:59")
    for found, condition, now, value in (
        (SHOWN, None, last, MET),
        (silent, None, START + DAY, UNKNOWN),
        (silent, START + DAY, last, BREACHED),
        (SHOWN, None, last + SECOND, MET),
    ):
        conditions = (down(condition, named),) if condition is not None else ()
        runs = (looked(found, START + DAY, subject=named), looked(GONE, START, subject=OWN))
        assert judged(tells, now, moved, runs=runs, conditions=conditions).value is value
    untold = judged(tells, START + DAY, filed("permanent_offline"))
    assert (untold.value, str(untold.why)) == (
        UNKNOWN,
        "filed without the new address, which the notice has to name",
    )
    nowhere = judged(tells, START + DAY, filed("permanent_offline", new_url="http://new.example/", own_notice=""))
    assert str(nowhere.why) == "filed without the address of its notice, owed to the end of 2026-04-01"


def test_without_a_limit_it_is_owed_until_the_declaration_ends() -> None:
    end = at("2026-03-20", "18:00:00")
    one = filed("temporary_offline", end=end)
    run = looked(SHOWN, START, subject=PORTAL)
    before = judged(CLOSED, end - SECOND, one, runs=(run,))
    assert (before.value, before.changes_at) == (MET, end)
    assert str(before.why) == "the notice is shown; owed until 2026-03-20 18:00"
    broken = {
        "runs": (looked(GONE, START, subject=PORTAL),),
        "conditions": (down(START, PORTAL),),
    }
    assert judged(CLOSED, end - SECOND, one, **broken).value is BREACHED
    assert judged(CLOSED, end, one, **broken).value is MET
    assert judged(CLOSED, end, filed("temporary_offline"), **broken).value is BREACHED, "nothing has ended it"


def test_a_closure_that_was_taken_back_owes_no_notice() -> None:
    """As a return ends it; a migration that people end keeps its floor."""
    back, broken = START + 9 * DAY, {"runs": (looked(GONE, START),), "conditions": (down(START),)}
    assert judged(MOVED, back - SECOND, filed("permanent_offline", end=back), **broken).value is BREACHED
    assert judged(MOVED, back, filed("permanent_offline", end=back), **broken).value is MET
    assert judged(MOVED, back, filed("migration", end=back), **broken).value is BREACHED


@pytest.mark.parametrize(("ago", "value"), [(30 * DAY, BREACHED), (30 * DAY + SECOND, UNKNOWN)])
def test_what_was_seen_of_that_address_long_before_is_of_another_declaration(ago: timedelta, value: Compliance) -> None:
    old = {"runs": (looked(GONE, START - ago, START - 90 * DAY),), "conditions": (down(START - 90 * DAY),)}
    assert judged(MOVED, START, filed(), **old).value is value


def test_a_site_that_is_off_was_read_before() -> None:
    one = rule("notice_kept", "site", None, of=("temporary_offline",), field="own_notice")
    closed = unknown("notice_kept", "closed", WORDS)
    read = closed._replace(measures=(Measure("read", "2026-03-01", "date"),))
    assert judged(one, START + DAY, filed("temporary_offline"), runs=(looked(read, START),)).value is MET
    assert judged(one, START + DAY, filed("temporary_offline"), runs=(looked(closed, START),)).value is UNKNOWN


def test_the_gravest_of_several_is_told() -> None:
    two = (filed(), filed(number=8, start=START + DAY, own_notice="http://b.example/n"))
    runs = (looked(SHOWN, START), looked(GONE, START, subject=two[1].notice("own_notice")))
    standing = judged(
        MOVED, START + 3 * DAY, *two, runs=runs, conditions=(down(START + 2 * DAY, two[1].notice("own_notice")),)
    )
    assert (standing.value, standing.inputs["declaration"]) == (BREACHED, 8)
    assert standing.changes_at == at("2026-04-02"), "when the days of the other one are over"


@pytest.mark.parametrize(
    ("day", "now", "value", "since", "until"),
    [
        # 15 working days from Monday 2 March 2026 end with Monday the 23rd
        ("2026-03-20", at("2026-03-19"), DUE, START, at("2026-03-20")),
        ("2026-03-20", at("2026-03-20"), BREACHED, at("2026-03-20"), None),
        ("2026-03-23", at("2026-03-25"), BREACHED, at("2026-03-23"), None),
        ("2026-03-24", at("2026-03-25"), MET, None, None),
        ("", at("2026-03-25"), MET, None, None),
    ],
)
def test_deregistered_before_its_days_were_over(
    day: str, now: datetime, value: Compliance, since: datetime | None, until: datetime | None
) -> None:
    run = looked(SHOWN, now, subject=PUBLIC)
    standing = judged(ACCOUNT, now, filed("account_closing", deregistered=day), runs=(run,))
    assert (standing.value, standing.since, standing.until) == (value, since, until)


days = st.dates(date(2026, 1, 1), date(2026, 11, 1))


@given(days, st.integers(0, 40), st.integers(0, 23))
def test_working_days_of_a_notice_go_by_the_calendar(start: date, later: int, hour: int) -> None:
    """Said a second time: it is owed on the n-th working day till midnight, and not on the day after."""
    begins = at(start, f"{hour:02}:30:00")
    now = begins + later * DAY
    last = add_workdays(start, 15)
    gone = {
        "runs": (looked(GONE, now, now, subject=PUBLIC),),
        "conditions": (down(now, PUBLIC),),
    }
    standing = judged(ACCOUNT, now, filed("account_closing", start=begins), **gone)
    assert (standing.value is BREACHED) is (start + timedelta(days=later) <= last)


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from(["", "x"]), st.sampled_from([SHOWN, GONE, BLIND])), max_size=3
    ),
    st.integers(0, 24 * 100),
)
def test_nothing_changes_before_it_says(told: list[tuple[int, str, Finding]], hours: int) -> None:
    """With the same facts: by the clock alone, up to the instant it names."""
    filings = [
        filed(number=n, start=START + begin * DAY, own_notice=url and f"{url}{n}")
        for n, (begin, url, _) in enumerate(told)
    ]
    runs = tuple(
        looked(found, START, subject=one.notice("own_notice")) for one, (_, _, found) in zip(filings, told, strict=True)
    )
    now = START + hours * HOUR
    standing = judged(MOVED, now, *filings, runs=runs)
    until = min(standing.changes_at or now + 90 * DAY, now + 90 * DAY)
    assert until > now
    for step in (SECOND, (until - now) / 2, until - now - SECOND):
        again = judged(MOVED, now + step, *filings, runs=runs)
        if now + step < until:
            assert (again.value, str(again.why)) == (standing.value, str(standing.why))


def test_a_calendar_of_people_s_own_counts() -> None:
    """The 24th would be the day after its days; with one day off more it is the last of them."""
    now, gone = at("2026-03-25"), at("2026-03-24")
    facts = {"runs": (looked(GONE, now, gone, PUBLIC),), "conditions": (down(gone, PUBLIC),)}
    assert judged(ACCOUNT, now, filed("account_closing"), **facts).value is MET
    off = {date(2026, 3, 4): False}
    assert judged(ACCOUNT, now, filed("account_closing"), workdays=off, **facts).value is BREACHED


@pytest.mark.parametrize(
    ("day", "now", "value"),
    [
        # of the days after 20 December eight are worked; seven days of the next year are the least it takes
        ("2030-12-31", at("2030-12-30"), DUE),
        ("2030-12-31", at("2031-03-01"), BREACHED),
        ("2031-01-07", at("2031-03-01"), BREACHED),
        ("2031-01-08", at("2031-03-01"), None),
        ("2031-01-20", at("2031-01-05"), None),
        ("", at("2030-12-30"), None),
    ],
)
def test_of_a_calendar_nobody_knows_what_is_certain_is_told(day: str, now: datetime, value: Compliance | None) -> None:
    known = {date(2030, 12, 1) + timedelta(days=n): n % 7 < 5 for n in range(31)}
    one = filed("account_closing", start=at("2030-12-20"), deregistered=day)
    if value is None:
        with pytest.raises(ValueError, match="no working-day calendar for 2031"):
            judged(ACCOUNT, now, one, workdays=known)
    else:
        assert judged(ACCOUNT, now, one, workdays=known).value is value


@pytest.mark.parametrize(("gone", "is_certain"), [(at("2031-01-07", "23:59:59"), True), (at("2031-01-08"), False)])
def test_what_is_missing_while_it_is_owed_by_any_calendar_is_broken(gone: datetime, is_certain: bool) -> None:
    known = {date(2030, 12, 1) + timedelta(days=n): n % 7 < 5 for n in range(31)}
    facts = {"runs": (looked(GONE, gone, gone, PUBLIC),), "conditions": (down(gone, PUBLIC),), "workdays": known}
    one = filed("account_closing", start=at("2030-12-20"))
    if is_certain:
        standing = judged(ACCOUNT, gone + HOUR, one, **facts)
        assert (standing.value, standing.since, standing.inputs["until"]) == (BREACHED, gone, "")
    else:
        with pytest.raises(ValueError, match="no working-day calendar"):
            judged(ACCOUNT, gone + HOUR, one, **facts)


@pytest.mark.parametrize(
    ("first", "last", "is_kept"),
    [
        (START, at("2026-04-01", "00:00:01"), True),
        (at("2026-03-03", "23:59:59"), at("2026-04-01", "09:00:00"), True),
        (at("2026-03-04"), at("2026-04-01", "09:00:00"), False),
        (START, at("2026-03-31", "23:59:59"), False),
    ],
)
def test_kept_is_what_was_seen_on_every_one_of_its_days(first: datetime, last: datetime, is_kept: bool) -> None:
    standing = judged(MOVED, at("2026-04-02"), filed(), runs=(looked(SHOWN, last, first),))
    assert (standing.value, "was kept" in str(standing.why)) == (MET, is_kept)


def test_an_unpublished_calendar_is_not_guessed() -> None:
    far = at(add_months(date(2026, 11, 20), 60))
    with pytest.raises(ValueError, match="no working-day calendar"):
        judged(ACCOUNT, far + DAY, filed("account_closing", start=far))
