"""Working days nobody knows yet are told months ahead: in the digest, at /healthz; never guessed."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from monitor.app import load_settings
from monitor.clock import SHANGHAI
from monitor.jobs import missing_calendar, unknown_soon, watch_calendar
from monitor.life import warn_of_years
from monitor.settle.policy import Policy, policy_of
from monitor.web import health
from monitor.web.status import Status
from monitor.workyears import years_wanted
from tests.judge.made import rule, target

KNOWN = {date(2040, 1, 1) + timedelta(days=n): n % 7 < 5 for n in range(366)}
WORKING = rule("answered_within", "site", "3wd")


def policy(*, asks: bool = True) -> Policy:
    known = policy_of(load_settings(None).model_copy(update={"workdays": KNOWN}))
    rules = {key: one for key, one in known.rules.items() if one.limit is None or one.limit.unit != "wd"}
    return Policy(**{
        name: getattr(known, name) for name in ("settings", "periods", "cadences", "recipients", "desk")
    } | {"rules": rules | ({WORKING.key: WORKING} if asks else {})})  # fmt: skip


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T08:30:00").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "years"),
    [
        ("2040-10-29", ()),  # a Monday before November
        ("2040-11-05", (2041,)),
        ("2041-03-04", (2041, )),
        ("2041-11-04", (2041, 2042)),
    ],
)  # fmt: skip
def test_next_year_is_asked_for_from_november_on_and_this_one_always(day: str, years: tuple[int, ...]) -> None:
    assert unknown_soon(policy(), at(day)) == years
    assert len(missing_calendar(policy(), at(day))) == len(years)


def test_the_digest_tells_on_mondays_and_every_day_in_december() -> None:
    told = [day for day in range(1, 31) if missing_calendar(policy(), at(f"2040-11-{day:02}"))]
    assert told == [5, 12, 19, 26]
    assert all(missing_calendar(policy(), at(f"2040-12-{day:02}")) for day in range(1, 32))


def test_where_no_rule_counts_working_days_nobody_is_told() -> None:
    assert missing_calendar(policy(asks=False), at("2040-12-03")) == []


@pytest.mark.parametrize(
    ("day", "years"),
    [("2040-09-02", ()), ("2040-09-03", (2041,)), ("2041-01-01", (2041,)), ("2041-09-03", (2041, 2042))],
)
def test_whoever_looks_is_told_four_months_ahead(day: str, years: tuple[int, ...]) -> None:
    watched = target("site", packs=("national-2019",))
    settings = load_settings(None).model_copy(update={"workdays": KNOWN, "targets": (watched,)})
    assert years_wanted(settings, date.fromisoformat(day)) == years
    unasked = target("site", packs=("chongchuan-2023-without",))
    assert years_wanted(settings.model_copy(update={"targets": (unasked,)}), date.fromisoformat(day)) == ()


def test_the_start_says_so_in_the_log_with_what_to_do() -> None:
    settings = load_settings(None).model_copy(
        update={"workdays": KNOWN, "targets": (target("site", packs=("national-2019",)),)}
    )
    with capture_logs() as logged:
        warn_of_years(settings, at("2040-08-31"))
        warn_of_years(settings, at("2040-11-20"))
    (line,) = logged
    assert (line["event"], line["log_level"], line["year"]) == ("calendar.year_missing", "warning", 2041)
    assert line["what"] == "2041 年工作日历尚未提供：跨入该年度、以工作日计的时限无法判定"
    assert "[calendar] file" in line["todo"]


def test_healthz_notes_it_and_stays_well() -> None:
    now = at("2040-12-03")
    status = Status(started_at=now, no_calendar=(2041,))
    (fact,) = [one for one in health.facts(status, None, {}, now) if one.name == "calendar"]
    assert (fact.ok, fact.note) == (True, True)
    assert "2041" in str(fact.detail)


def test_the_calendar_looks_every_hour() -> None:
    status = Status(started_at=at("2040-12-03"))
    asyncio.run(watch_calendar(at("2040-12-03"), policy, status))
    assert status.no_calendar == (2041,)
