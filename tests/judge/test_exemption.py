"""What people filed takes a standing out of account, from its day on; the closing of an account from when it is deregistered."""

from dataclasses import replace
from datetime import date

from hypothesis import given, strategies as st

from monitor.clock import day_start
from monitor.judge.exemption import exempted, since_when
from monitor.model import Cause, Compliance, DeclarationKind, Facts, Standing, say
from tests.judge.filed import filed
from tests.judge.made import DAY, SECOND, at, rule

BREACHED, EXEMPT = Compliance.BREACHED, Compliance.EXEMPT
STALE = replace(rule("updated_within", "account", "14d"), exempt_by=(DeclarationKind.ACCOUNT_CLOSING,))
BROKEN = Standing(STALE.key, BREACHED, say("nothing new"), Cause.STALE)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def judged(now: str, time: str = "00:00:00", deregistered: str = "") -> Standing:
    closing = filed("account_closing", at("2026-11-02"), deregistered=deregistered)
    return exempted(STALE, BROKEN, Facts(declarations=(closing,)), at(now, time))


def test_an_account_is_watched_until_it_is_deregistered() -> None:
    assert judged("2026-11-20").value is BREACHED, "nobody told a day"
    before = judged("2026-11-19", "23:59:59", deregistered="2026-11-20")
    assert (before.value, before.changes_at) == (BREACHED, at("2026-11-20"))
    assert judged("2026-11-20", deregistered="2026-11-20").value is EXEMPT
    assert judged("2026-11-01", deregistered="2026-10-20").value is BREACHED, "not filed by then"


def test_an_account_that_is_gone_stays_gone_when_the_days_of_its_notice_are_over() -> None:
    closing = filed("account_closing", at("2026-11-02"), at("2026-11-24"), deregistered="2026-11-25")
    for now, value in (
        ("2026-11-20", BREACHED),
        ("2026-11-24", BREACHED),
        ("2026-11-25", EXEMPT),
        ("2027-06-01", EXEMPT),
    ):
        told = exempted(STALE, BROKEN, Facts(declarations=(closing,)), at(now))
        assert told.value is value, now
        assert told.until is None or value is BREACHED


@given(DAYS, DAYS, DAYS)
def test_it_holds_from_the_later_of_the_two_days(start: date, gone: date, now: date) -> None:
    closing = filed("account_closing", day_start(start), deregistered=gone.isoformat())
    told = exempted(STALE, BROKEN, Facts(declarations=(closing,)), day_start(now))
    assert (told.value is EXEMPT) == (now >= max(start, gone))
    if told.value is BREACHED:
        assert told.changes_at == day_start(max(start, gone))


def test_other_kinds_hold_from_their_start() -> None:
    one = replace(rule("updated_within", "site", "14d"), exempt_by=(DeclarationKind.PERMANENT_OFFLINE,))
    closure = filed("permanent_offline", at("2026-11-02"))
    for now, value in (
        (at("2026-11-02") - SECOND, BREACHED),
        (at("2026-11-02"), EXEMPT),
        (at("2026-11-02") + DAY, EXEMPT),
    ):
        assert exempted(one, BROKEN, Facts(declarations=(closure,)), now).value is value


def test_it_is_exempt_from_the_start_of_what_exempts_and_knows_since_when_it_would_be_broken() -> None:
    broken = BROKEN._replace(since=at("2026-11-17"), until=at("2026-11-30"))
    closing = filed("account_closing", at("2026-11-02"), deregistered="2026-11-20")
    told = exempted(STALE, broken, Facts(declarations=(closing,)), at("2026-11-25", "10:00:00"))
    assert (told.since, told.until) == (at("2026-11-20"), None)
    assert told.inputs["declaration"] == closing.id
    assert told.inputs["would_be"] == "breached"
    assert since_when(told) == at("2026-11-17")
    assert since_when(broken) == at("2026-11-17")
    undated = exempted(STALE, BROKEN, Facts(declarations=(closing,)), at("2026-11-25"))
    assert (undated.since, since_when(undated)) == (at("2026-11-20"), None)
