"""What fell due stays listed with its day when nobody can see any more: unknown, never a breach by it."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.clock import civil_day, day_start, to_ms
from monitor.dues import due
from monitor.jobs import digest_of
from monitor.model import Declaration, DeclarationKind, Finding, Measure, Reach, ok, say, unknown
from monitor.settle.attesting import Sighting, attest
from monitor.store import commands, declarations
from monitor.store.unseen import SEEN_SQL
from tests.judge.made import rule
from tests.settle.desk import ACCOUNT, COLUMN, SITE, Estate, opens, posted
from tests.settle.test_brought import under

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
COLUMN_RULE, ACCOUNT_RULE = "national-2019/N-COL-DYN", "national-2019/N-ACC"
BY_SCRIPT = say("the list is made by script")


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


def scripted(check: str = "column_fresh", reason: str = "script") -> tuple[Finding, ...]:
    """A page that answers, whose list or date no program can read."""
    return (ok("reachable", say("opens in {seconds} s", seconds="0.2")), unknown(check, reason, BY_SCRIPT))


def ago(estate: Estate, days: int) -> date:
    return civil_day(estate.clock.now()) - days * DAY


async def listed(estate: Estate, target: str, days: int | None = 14) -> list[dict[str, object]]:
    now = estate.clock.now()
    until = None if days is None else now + days * DAY
    ask = partial(due, until=until, language="en", policy=estate.policy, now=now, kept=days is not None)
    return [one for one in await estate.do(ask) if one["target"] == target]


async def test_what_was_warned_of_stays_on_its_day_when_the_list_cannot_be_read_any_more(estate: Estate) -> None:
    newest = ago(estate, 13)
    await estate.look(COLUMN, Reach.OPEN, opens(str(newest)))
    (before,) = await listed(estate, COLUMN, None)
    await estate.pass_time(HOUR)
    await estate.look(COLUMN, Reach.OPEN, scripted())
    for days in (None, 14):
        (row,) = await listed(estate, COLUMN, days)
        assert (row["rule"], row["standing"], row["due"]) == (COLUMN_RULE, "unknown", before["due"])
        assert row["why"] == (
            f"nothing new since {newest}, limit 14d (seen on {ago(estate, 0)}); cannot be seen since: the list is made by script"
        )
    assert await estate.incidents() == []


async def test_what_was_kept_stays_where_days_are_asked_for_and_not_among_what_was_warned_of(estate: Estate) -> None:
    newest = ago(estate, 3)
    await estate.look(COLUMN, Reach.OPEN, opens(str(newest)))
    await estate.look(COLUMN, Reach.OPEN, scripted())
    assert [row["due"] for row in await listed(estate, COLUMN)] == [day_start(newest + 15 * DAY).isoformat()]
    assert await listed(estate, COLUMN, 11) == [], "not by then"
    assert await listed(estate, COLUMN, None) == []


async def test_what_nobody_ever_saw_has_no_day(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, scripted())
    assert await listed(estate, COLUMN, 3660) == []


async def test_it_is_listed_once_and_as_it_is_when_it_can_be_seen_again(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens(str(ago(estate, 12))))
    await estate.look(COLUMN, Reach.OPEN, scripted())
    await estate.look(COLUMN, Reach.OPEN, opens(str(ago(estate, 11))))
    (row,) = await listed(estate, COLUMN)
    assert (row["standing"], row["due"]) == ("due", day_start(ago(estate, 11) + 15 * DAY).isoformat())


async def test_once_its_limit_has_passed_it_is_listed_till_an_incident_asks_people_to_look(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens(str(ago(estate, 13))))
    await estate.pass_time(HOUR)
    await estate.look(COLUMN, Reach.OPEN, scripted())
    await estate.pass_time(2 * DAY)
    await estate.look(COLUMN, Reach.OPEN, scripted())
    (row,) = await listed(estate, COLUMN)
    assert row["standing"] == "unknown"
    assert str(row["due"]) < estate.clock.now().isoformat()
    assert await estate.incidents() == []
    await estate.pass_time(7 * DAY)
    await estate.look(COLUMN, Reach.OPEN, scripted())
    await estate.pass_time(HOUR)
    assert [cause for cause, *_ in await estate.incidents()] == ["blind"]
    assert await listed(estate, COLUMN) == []


async def test_what_a_person_saw_and_has_run_out_tells_the_day_too(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, scripted())
    now = estate.clock.now()
    told = Sighting(target=COLUMN, newest=str(civil_day(now)), by="李四")
    await estate.do(lambda tx: attest(tx, estate.policy, told, now))
    await estate.pass_time(8 * DAY)
    (row,) = await listed(estate, COLUMN)
    assert (row["standing"], row["due"]) == ("unknown", day_start(civil_day(now) + 15 * DAY).isoformat())


async def test_an_account_and_a_certificate_keep_their_day_too(estate: Estate) -> None:
    often = rule("posts_at_least", "account", "30d", "3d", pack="town", count=1, id="often")
    valid = rule("certificate_valid", "site", "14d", pack="town", id="valid")
    await under(estate, (often, valid))
    newest = ago(estate, 2)
    await estate.look(ACCOUNT, Reach.OPEN, posted(str(newest)))
    await estate.look(SITE, Reach.OPEN, (ok("certificate", say("x"), Measure("left", 20, "days")),))
    ends_at = estate.clock.now() + 20 * DAY
    await estate.look(ACCOUNT, Reach.OPEN, scripted("feed_fresh"))
    await estate.look(SITE, Reach.OPEN, scripted("certificate", "uplink"))
    rows = {str(row["rule"]): row for row in [*await listed(estate, ACCOUNT, 60), *await listed(estate, SITE, 60)]}
    assert rows["town/often"]["due"] == day_start(newest + 31 * DAY).isoformat()
    assert rows["town/valid"]["due"] == ends_at.isoformat()
    assert {row["standing"] for row in rows.values()} == {"unknown"}


async def test_what_closed_with_its_site_falls_due_no_more(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens(str(ago(estate, 3))))
    await estate.look(COLUMN, Reach.OPEN, scripted())
    now = estate.clock.now()
    gone = Declaration(id=0, kind=DeclarationKind.PERMANENT_OFFLINE, target=SITE, start=now, filed_at=now, fields={})
    await estate.do(lambda tx: declarations.file(tx, gone, now))
    assert await listed(estate, COLUMN) == []


async def test_our_own_outage_empties_no_list(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens(str(ago(estate, 3))))
    await estate.look(ACCOUNT, Reach.OPEN, posted(str(ago(estate, 2))))
    before = [*await listed(estate, COLUMN), *await listed(estate, ACCOUNT)]
    await estate.look(COLUMN, Reach.OPEN, scripted(reason="uplink"), held=True)
    await estate.look(ACCOUNT, Reach.OPEN, scripted("feed_fresh", "uplink"), held=True)
    after = [*await listed(estate, COLUMN), *await listed(estate, ACCOUNT)]
    assert len(before) == 2
    assert [(one["rule"], one["due"]) for one in after] == [(one["rule"], one["due"]) for one in before]
    assert {one["standing"] for one in after} == {"unknown"}


async def test_of_the_history_only_what_is_needed_is_read(estate: Estate) -> None:
    def plan(tx: sqlite3.Connection) -> str:
        return " ".join(str(row[3]) for row in tx.execute(f"EXPLAIN QUERY PLAN {SEEN_SQL}", ("[]",)))

    told = await estate.do(plan)
    assert "runs_history (target_id=?)" in told
    assert "SCAN runs" not in told


async def test_the_digest_says_it_every_day_on_its_day(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens(str(ago(estate, 14))))
    ends = day_start(ago(estate, 14) + 15 * DAY)
    await estate.look(COLUMN, Reach.OPEN, scripted())
    for length in (timedelta(0), DAY):
        await estate.pass_time(length)
        now = estate.clock.now()
        facts = await estate.do(partial(digest_of, now=now, policy=estate.policy))
        assert facts is not None
        rows = facts["due"]
        assert isinstance(rows, list)
        assert [(row["rule"], row["until"]) for row in rows] == [(COLUMN_RULE, to_ms(ends) - 1)]
        assert rows[0]["why"]["template"] == "by what was seen on {day}; nobody can see since: a person must look"
    now = estate.clock.now()
    await estate.do(lambda tx: commands.mute(tx, now, "李四", COLUMN, until=now + DAY, reason="改版"))
    assert await estate.do(partial(digest_of, now=now, policy=estate.policy)) is None, "what is muted is left out"
