"""A site goes down and comes back: confirmation, the one incident, its notices, its days."""

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Cause, Reach, Severity
from monitor.settle.policy import policy_of
from monitor.store import events, incidents
from monitor.web import page
from monitor.web.cards import card
from tests.settle.desk import COLUMN, SITE, Estate, down, opens, walled
from tests.settle.test_filing import file

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def go_down(estate: Estate, site: str = SITE) -> None:
    for _ in range(3):
        await estate.look(site, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)


async def test_three_failed_tries_make_one_incident_and_one_notice(estate: Estate) -> None:
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.look(SITE, Reach.CONNECT, down())
    assert await estate.due_in(SITE) == MINUTE
    await estate.pass_time(MINUTE)
    await estate.look(SITE, Reach.DNS, down("dns"), sample=False)
    assert await estate.incidents() == []
    await estate.pass_time(MINUTE)
    await estate.look(SITE, Reach.CONNECT, down(), sample=False)
    assert await estate.incidents() == [("outage", SITE, "open")]
    await estate.pass_time(MINUTE)
    await estate.look(SITE, Reach.CONNECT, down())
    assert await estate.notices() == ["opened"]


async def test_a_good_try_between_resets(estate: Estate) -> None:
    for answer in (down(), down(), opens(), down(), down()):
        await estate.look(SITE, Reach.OPEN if answer == opens() else Reach.CONNECT, answer)
        await estate.pass_time(MINUTE)
    assert await estate.incidents() == []


async def test_back_again_after_three_good_tries_with_one_message(estate: Estate) -> None:
    await go_down(estate)
    for _ in range(2):
        await estate.look(SITE, Reach.OPEN, opens())
        assert await estate.incidents() == [("outage", SITE, "open")]
        await estate.pass_time(MINUTE)
    await estate.look(SITE, Reach.OPEN, opens())
    assert await estate.incidents() == [("outage", SITE, "recovered")]
    assert await estate.notices() == ["opened", "recovered"]


async def test_what_could_not_be_looked_at_opens_and_closes_nothing(estate: Estate) -> None:
    await estate.look(SITE, Reach.CHALLENGED, walled())
    assert await estate.incidents() == []
    await go_down(estate)
    await estate.look(SITE, Reach.CHALLENGED, walled())
    await estate.pass_time(timedelta(hours=5))
    assert await estate.incidents() == [("outage", SITE, "open")]


async def test_while_our_own_network_is_down_nothing_is_said_of_sites(estate: Estate) -> None:
    for _ in range(4):
        await estate.look(SITE, Reach.CONNECT, down(), held=True)
        await estate.pass_time(MINUTE)
    assert await estate.incidents() == [("ours", "uplink", "open")]
    counted = await estate.do(lambda tx: tx.execute("SELECT good, failed, excluded FROM availability").fetchall())
    assert counted == [(0, 0, 4)]


async def test_a_column_on_a_host_that_is_down_says_nothing(estate: Estate) -> None:
    await go_down(estate)
    for _ in range(4):
        await estate.look(COLUMN, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    await estate.pass_time(timedelta(days=4))
    assert [cause for cause, _, _ in await estate.incidents()] == ["outage"]


async def test_every_day_that_has_a_notice_has_one(estate: Estate) -> None:
    await go_down(estate)
    told = {}
    for day in range(1, 33):
        await estate.pass_time(timedelta(days=1))
        before = len(await estate.notices())
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
        if (after := await estate.notices())[before:]:
            told[day] = after[before:]
    assert [day for day in told if day <= 30] == [1, 7, 15, 20, 25, 28, 30]
    assert told[31] == ["worsened"]
    assert set(told) == {1, 7, 15, 20, 25, 28, 30, 31}
    assert await estate.incidents() == [("outage", SITE, "open")]


async def quoted_by_day(estate: Estate) -> dict[int, tuple[list[str], dict[str, Any]]]:
    """The ids of the rules under the notice of each day, and all that notice tells."""
    told = {}
    for day in range(1, 32):
        await estate.pass_time(timedelta(days=1))
        await estate.look(SITE, Reach.CONNECT, down())
        facts = json.loads(await estate.do(_newest_notice))
        if facts.get("day") == day:
            told[day] = [one["rule"].partition("/")[2] for one in facts["citations"]], facts
    return told


def _newest_notice(tx: sqlite3.Connection) -> str:
    return str(tx.execute("SELECT facts FROM notices ORDER BY id DESC LIMIT 1").fetchone()[0])


async def test_the_days_of_a_filed_closure_quote_the_limit_they_run_to(estate: Estate) -> None:
    end = (estate.clock.now() + timedelta(days=40)).isoformat()
    await file(estate, "temporary_offline", start=estate.clock.now().isoformat(), end=end, number="〔2026〕1号")
    await go_down(estate)
    told = await quoted_by_day(estate)
    assert [*told] == [1, 7, 15, 20, 25, 28, 30, 31]
    assert {tuple(rules) for rules, _ in told.values()} == {("N-OFF-30", "outage")}
    for day, (_, facts) in told.items():
        assert ("filed" in facts) is (day < 31), "till its limit is over it is only shown"
    found = await estate.do(lambda tx: incidents.open_memberships(tx, SITE))
    assert [(one.severity, one.rules) for one in found if one.cause is Cause.OUTAGE] == [
        (Severity.SERIOUS, ("national-2019/N-OFF-30", "house/outage"))
    ]


async def test_till_its_limit_is_broken_a_filed_closure_weighs_no_more(estate: Estate) -> None:
    end = (estate.clock.now() + timedelta(days=40)).isoformat()
    await file(estate, "temporary_offline", start=estate.clock.now().isoformat(), end=end, number="〔2026〕1号")
    await go_down(estate)
    await estate.pass_time(timedelta(days=28))
    await estate.look(SITE, Reach.CONNECT, down())
    (one,) = await estate.do(lambda tx: incidents.open_memberships(tx, SITE))
    assert (one.severity, one.rules) == (Severity.REMIND, ("house/outage",))
    assert await estate.notices() == ["opened", "day"]
    shown = await estate.do(page.look)
    told = card(shown.wrong[0], shown.citations, shown.seen, estate.clock.now())
    assert told.basis is not None
    assert "临时下线每次不超过30天" in str(told.basis), "the desk quotes what the notice does"


async def test_what_is_broken_is_quoted_before_the_limit_the_days_run_to(estate: Estate) -> None:
    await go_down(estate)
    told = await quoted_by_day(estate)
    assert {tuple(rules) for day, (rules, _) in told.items() if day < 31} == {("outage", "N-OFF-UNFILED", "N-OFF-30")}


async def test_a_shared_platform_is_one_incident(estate: Estate) -> None:
    for _ in range(3):
        for number in range(1, 10):
            await estate.look(f"site-{number}", Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    found = await estate.incidents()
    assert len(found) == 1
    assert found[0][1].startswith("platform:")
    members = await estate.do(lambda tx: tx.execute("SELECT COUNT(*) FROM members").fetchone()[0])
    assert members == 9
    for _ in range(3):
        for number in range(1, 10):
            await estate.look(f"site-{number}", Reach.OPEN, opens())
        await estate.pass_time(MINUTE)
    assert [state for _, _, state in await estate.incidents()] == ["recovered"]


async def all_down(estate: Estate, sites: range) -> None:
    """Three tries at each, a minute and some apart."""
    for _ in range(3):
        for number in sites:
            await estate.look(f"site-{number}", Reach.CONNECT, down())
            await estate.pass_time(timedelta(seconds=5))
        await estate.pass_time(MINUTE)


async def test_who_was_told_alone_belongs_to_the_platform_once_it_is_known(estate: Estate) -> None:
    """Sites of one platform are looked at minutes apart: the first five are told alone."""
    await all_down(estate, range(1, 6))
    await all_down(estate, range(6, 10))
    found = await estate.incidents()
    (platform,) = [key for _, key, state in found if state == "open"]
    assert platform.startswith("platform:")
    assert {state for _, key, state in found if key != platform} == {"closed"}, "folded, not recovered"
    sql = "SELECT m.target_id FROM members m JOIN incidents i ON i.id = m.incident_id WHERE m.left_at IS NULL"
    inside = await estate.do(lambda tx: sorted(name for (name,) in tx.execute(sql)))
    assert inside == [f"site-{n}" for n in range(1, 10)], "each in one incident"
    assert "recovered" not in await estate.notices()
    severity = await estate.do(lambda tx: tx.execute("SELECT severity FROM incidents WHERE state = 'open'").fetchall())
    assert severity == [("veto",)]
    folded = await estate.do(lambda tx: [e.body["into"] for e in events.newest(tx, 99) if e.what == "incident.folded"])
    assert len(folded) == 5
    for _ in range(3):
        for number in range(1, 10):
            await estate.look(f"site-{number}", Reach.OPEN, opens())
        await estate.pass_time(MINUTE)
    assert {state for _, _, state in await estate.incidents()} == {"closed", "recovered"}
    assert (await estate.notices()).count("recovered") == 1


async def test_a_site_down_for_another_reason_or_since_long_stays_alone(estate: Estate) -> None:
    for reason, site in (("dns", "site-10"), ("connect", "site-11")):
        for _ in range(3):
            await estate.look(site, Reach.CONNECT, down(reason))
            await estate.pass_time(MINUTE)
        await estate.pass_time(timedelta(minutes=0 if reason == "dns" else 20))
    await all_down(estate, range(1, 9))
    still_open = [key for _, key, state in await estate.incidents() if state == "open"]
    assert still_open[:2] == ["site-10", "site-11"]
    assert len(still_open) == 3


async def test_looks_between_the_tries_do_not_hurry_a_verdict(estate: Estate) -> None:
    """A failing column pulls its site in, and the grid has its own turn: three looks within 20 s are no three tries."""
    for seconds in (0, 12, 8, 60, 20):
        await estate.pass_time(timedelta(seconds=seconds))
        await estate.look(SITE, Reach.CONNECT, down())
        assert await estate.incidents() == []
    await estate.pass_time(timedelta(seconds=30))
    await estate.look(SITE, Reach.CONNECT, down())
    assert [state for _, _, state in await estate.incidents()] == ["open"]


async def test_a_column_fails_only_after_its_site_was_asked(estate: Estate) -> None:
    """Found by the crash test: restarts kept the site from being settled while its column was."""
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.pass_time(timedelta(minutes=2))
    for _ in range(5):
        await estate.look(COLUMN, Reach.CONNECT, down())
        assert await estate.due_in(COLUMN) <= MINUTE
        await estate.pass_time(MINUTE)
    assert await estate.incidents() == []
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.look(COLUMN, Reach.CONNECT, down())
    assert await estate.incidents() == [("outage", COLUMN, "open")]


@pytest.mark.parametrize(("seconds", "asked"), [(5, False), (29, False), (31, True), (200, True)])
async def test_a_failing_column_has_its_site_looked_at_at_once_unless_that_was_just_seen(
    estate: Estate, seconds: int, asked: bool
) -> None:
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.pass_time(timedelta(seconds=seconds))
    before = await estate.due_in(SITE)
    await estate.look(COLUMN, Reach.CONNECT, down())
    assert (await estate.due_in(SITE) == timedelta(0)) is asked
    assert before > timedelta(0)
    await estate.pass_time(MINUTE)
    await estate.look(COLUMN, Reach.CONNECT, down())
    assert await estate.due_in(SITE) <= timedelta(0), "its second failure does"


async def test_a_failure_soon_looked_at_again_has_its_site_looked_at_before(estate: Estate) -> None:
    hasty = estate.policy.settings.confirm.model_copy(update={"every": timedelta(seconds=5)})
    estate.policy = policy_of(estate.policy.settings.model_copy(update={"confirm": hasty}))
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.pass_time(timedelta(seconds=4))
    await estate.look(COLUMN, Reach.CONNECT, down())
    assert await estate.due_in(SITE) > timedelta(0)
    await estate.pass_time(timedelta(seconds=5))
    await estate.look(COLUMN, Reach.CONNECT, down())
    assert await estate.due_in(SITE) == timedelta(0)
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.pass_time(timedelta(seconds=5))
    await estate.look(COLUMN, Reach.CONNECT, down())
    assert await estate.incidents() == [("outage", COLUMN, "open")]
