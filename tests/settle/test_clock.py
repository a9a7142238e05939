"""The machine's clock is set: what waits waits as long as it would have, and nothing is said that only the hands say."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.clock import to_ms
from monitor.model import Cause, Notice, NoticeKind, Reach, Retry, Severity
from monitor.settle.clock import catch_up, goes_steadily, is_doubted, was_set
from monitor.store import commands, heartbeat, outbox, targets
from tests.settle.desk import ACCOUNT, COLUMN, SITE, Estate, down, opens, posted, walled

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BACK, FORWARD = -2 * HOUR, 3 * HOUR
JUMPS = [BACK, FORWARD, 3 * DAY, 400 * DAY, -400 * DAY]


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def jump(estate: Estate, by: timedelta) -> None:
    """Somebody sets the clock, and it is noticed."""
    estate.clock.jump(estate.clock.now() + by)
    await estate.do(partial(was_set, by=by, policy=estate.policy, now=estate.clock.now()))
    await estate.pass_time(timedelta())


async def rows(estate: Estate, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return await estate.do(lambda tx: tx.execute(sql, values).fetchall())


async def causes(estate: Estate) -> list[tuple[str, str, str]]:
    """The incidents that are not about the clock."""
    return [one for one in await estate.incidents() if one[1] != "clock"]


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (BACK, ("back by {n} hours", "2", "2026-11-20 09:00", "2026-11-20 07:00")),
        (FORWARD + 30 * MINUTE, ("forward by {n} hours", "3.5", "2026-11-20 09:00", "2026-11-20 12:30")),
        (400 * DAY, ("forward by {n} days", "400", "2026-11-20 09:00", "2027-12-25 09:00")),
        (-2 * MINUTE, ("back by {n} minutes", "2", "2026-11-20 09:00", "2026-11-20 08:58")),
    ],
)
async def test_people_are_told_once_and_when_it_is_over(
    estate: Estate, by: timedelta, words: tuple[str, str, str, str]
) -> None:
    await jump(estate, by)
    assert await estate.incidents() == [("ours", "clock", "open")]
    why = (await rows(estate, "SELECT why FROM members"))[0][0]
    assert all(part in why for part in words), why
    await estate.pass_time(HOUR)
    await estate.do(lambda tx: goes_steadily(tx, estate.policy, estate.clock.now()))
    assert await estate.incidents() == [("ours", "clock", "recovered")]
    assert await estate.notices() == ["opened", "recovered"]


def due_within(tx: Any, at: int) -> set[str]:
    return {row[0] for row in tx.execute("SELECT id FROM targets WHERE next_due_at <= ?", (at,))}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    by=st.one_of(
        st.timedeltas(min_value=-400 * DAY, max_value=-MINUTE), st.timedeltas(min_value=MINUTE, max_value=400 * DAY)
    ),
    ahead=st.timedeltas(min_value=timedelta(), max_value=2 * DAY),
)
async def test_the_same_targets_are_due_within_any_time_after_it(
    estate: Estate, by: timedelta, ahead: timedelta
) -> None:
    by = timedelta(milliseconds=by // timedelta(milliseconds=1))
    before = estate.clock.now()
    due = await estate.do(lambda tx: due_within(tx, to_ms(before + ahead)))
    await jump(estate, by)
    assert await estate.do(lambda tx: due_within(tx, to_ms(estate.clock.now() + ahead))) == due
    estate.clock.jump(before)
    await estate.do(lambda tx: was_set(tx, by=-by, policy=estate.policy, now=before))


@pytest.mark.parametrize("by", JUMPS)
@pytest.mark.parametrize("tries", [1, 2])
async def test_an_outage_that_was_being_confirmed_is_told_with_its_third_try(
    estate: Estate, by: timedelta, tries: int
) -> None:
    await estate.look(SITE, Reach.OPEN, opens())
    for _ in range(tries):
        await estate.pass_time(MINUTE)
        await estate.look(SITE, Reach.CONNECT, down())
    await jump(estate, by)
    begun = estate.clock.now() - (tries - 1) * MINUTE
    for _ in range(3 - tries):
        assert await causes(estate) == []
        assert await estate.due_in(SITE) == MINUTE
        await estate.pass_time(MINUTE)
        await estate.look(SITE, Reach.CONNECT, down())
    assert await causes(estate) == [("outage", SITE, "open")]
    assert await rows(estate, "SELECT started_at FROM outages") == [(to_ms(begun),)]
    [[facts]] = await rows(
        estate, "SELECT facts FROM notices WHERE incident_id = (SELECT id FROM incidents WHERE cause = 'outage')"
    )
    assert '"day":0' in facts


@pytest.mark.parametrize("by", JUMPS)
async def test_the_end_of_an_outage_is_told_with_its_third_good_try(estate: Estate, by: timedelta) -> None:
    for _ in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    await estate.look(SITE, Reach.OPEN, opens())
    await jump(estate, by)
    first_good = to_ms(estate.clock.now())
    for _ in range(2):
        await estate.pass_time(MINUTE)
        await estate.look(SITE, Reach.OPEN, opens())
    assert ("outage", SITE, "recovered") in await estate.incidents()
    [[started, up]] = await rows(estate, "SELECT started_at, up_since FROM outages")
    assert started < up == first_good


@pytest.mark.parametrize("by", [BACK, -400 * DAY])
async def test_set_back_an_outage_goes_on_with_its_days_and_never_began_in_the_future(
    estate: Estate, by: timedelta
) -> None:
    for _ in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    await jump(estate, by)
    await estate.look(SITE, Reach.CONNECT, down())
    now = to_ms(estate.clock.now())
    for table, column in (("outages", "started_at"), ("conditions", "since"), ("members", "since")):
        assert all(at <= now for (at,) in await rows(estate, f"SELECT {column} FROM {table}")), table
    assert all(at <= now for (at,) in await rows(estate, "SELECT last_at FROM runs WHERE is_current = 1"))
    await estate.pass_time(5 * DAY)
    await estate.look(SITE, Reach.CONNECT, down())
    assert "day" in await estate.notices(), "its days are told as ever"


@pytest.mark.parametrize("by", [FORWARD, 3 * DAY, 400 * DAY])
async def test_time_that_did_not_pass_is_not_blindness(estate: Estate, by: timedelta) -> None:
    await estate.look(SITE, Reach.CHALLENGED, walled())
    await estate.pass_time(23 * HOUR)
    await jump(estate, by)
    assert await causes(estate) == []
    await estate.pass_time(50 * MINUTE)
    assert await causes(estate) == []
    await estate.look(SITE, Reach.CHALLENGED, walled())
    await estate.pass_time(11 * MINUTE)
    assert await causes(estate) == []
    assert await estate.due_in(SITE) <= timedelta(), "it is looked at for that"
    await estate.look(SITE, Reach.CHALLENGED, walled())
    assert [cause for cause, *_ in await causes(estate)] == ["blind"], "a day of it has really passed"


@pytest.mark.parametrize("by", [BACK, -400 * DAY])
async def test_set_back_lasting_blindness_is_told_when_it_lasted(estate: Estate, by: timedelta) -> None:
    await estate.look(SITE, Reach.CHALLENGED, walled())
    await estate.pass_time(23 * HOUR)
    await jump(estate, by)
    await estate.pass_time(61 * MINUTE)
    await estate.look(SITE, Reach.CHALLENGED, walled())
    assert [cause for cause, *_ in await causes(estate)] == ["blind"]


async def test_set_forward_past_a_limit_nothing_is_broken_until_a_look_says_so(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-19"))
    await estate.look(ACCOUNT, Reach.OPEN, posted("2026-11-19"))
    await jump(estate, 60 * DAY)
    assert await causes(estate) == []
    assert await estate.due_in(COLUMN) <= timedelta()
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-19"))
    assert await causes(estate) == [("stale", COLUMN, "open")]


async def test_set_back_a_limit_ahead_is_not_broken_by_a_look_from_before(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-01"))
    broken = await causes(estate)
    assert broken == [("stale", COLUMN, "open")]
    await jump(estate, -10 * DAY)
    assert await causes(estate) == [("stale", COLUMN, "recovered")], "by the date shown now it is kept"
    await estate.pass_time(9 * DAY)
    assert await causes(estate) == [("stale", COLUMN, "recovered")], "no look since the limit"
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-01"))
    assert await causes(estate) == [("stale", COLUMN, "recovered"), ("stale", COLUMN, "open")]


async def test_set_back_behind_its_last_look_a_column_is_not_broken_by_that_look(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-10"))
    await estate.pass_time(6 * DAY)
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-10"))  # the same run: it began long before
    assert await causes(estate) == [("stale", COLUMN, "open")]
    await jump(estate, -3 * DAY)
    await estate.pass_time(2.5 * DAY)
    assert await causes(estate) == [("stale", COLUMN, "recovered")], "past the limit, and no look since"


@pytest.mark.parametrize("by", JUMPS)
async def test_a_delivery_that_waits_for_its_next_try_goes_out_in_minutes(estate: Estate, by: timedelta) -> None:
    now = estate.clock.now()
    told = Notice(
        id=None,
        kind=NoticeKind.TEST,
        incident=None,
        severity=Severity.SERIOUS,
        created_at=now,
        release_at=now,
        dedupe_key="one",
        facts={"cause": Cause.OURS.value},
    )
    await estate.do(lambda tx: outbox.enqueue(tx, told))
    await estate.pass_time(timedelta())
    (mine,) = await claim(estate)
    for wait in (timedelta(), 2 * MINUTE, 2 * MINUTE):
        await estate.pass_time(wait)
        mine = (await claim(estate) or [mine])[0]
        refused = partial(outbox.acknowledge, delivery=mine.id, attempt=mine.attempt, now=estate.clock.now())
        assert await estate.do(partial(refused, result=Retry("no answer")))
    await estate.pass_time(MINUTE)  # a minute before its fourth try
    await jump(estate, by)
    assert mine.id not in await claimed(estate)
    await estate.pass_time(59 * SECOND)
    assert mine.id not in await claimed(estate)
    await estate.pass_time(SECOND)
    assert mine.id in await claimed(estate)
    assert await rows(estate, "SELECT 1 FROM deliveries WHERE state = 'dead'") == []


async def claimed(estate: Estate) -> set[int]:
    """Deliveries taken up as the daemon takes them, the old ones buried."""
    found = {one.id for one in await claim(estate)}
    await estate.do(lambda tx: outbox.bury_old(tx, estate.clock.now(), outbox.GIVE_UP_AFTER, ["duty"]))
    return found


async def claim(estate: Estate) -> list[outbox.ClaimedDelivery]:
    now = estate.clock.now()
    return await estate.do(lambda tx: outbox.claim(tx, now, 10, 5 * MINUTE, {"duty": 60}))


async def test_what_was_called_a_false_alarm_silences_nothing_that_comes_after_it(estate: Estate) -> None:
    for _ in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    for who in ("张三", "李四"):
        await estate.do(lambda tx, who=who: commands.false_alarm(tx, estate.clock.now(), who, 1, "演练"))  # type: ignore[misc]
    await jump(estate, -400 * DAY)
    for answer in (opens(), opens(), opens(), down(), down(), down()):
        await estate.pass_time(MINUTE)
        await estate.look(SITE, Reach.OPEN if answer == opens() else Reach.CONNECT, answer)
    assert await causes(estate) == [("outage", SITE, "false_alarm"), ("outage", SITE, "open")]


@pytest.mark.parametrize("by", JUMPS)
async def test_a_silence_lasts_as_long_as_it_was_asked_for(estate: Estate, by: timedelta) -> None:
    until = estate.clock.now() + 8 * HOUR
    await estate.do(lambda tx: commands.mute(tx, estate.clock.now(), "张三", SITE, until=until, reason="施工"))
    await jump(estate, by)
    [[left]] = await rows(estate, "SELECT until - ? FROM mutes", to_ms(estate.clock.now()))
    assert timedelta(milliseconds=left) == 8 * HOUR


@pytest.mark.parametrize("by", JUMPS)
async def test_leases_end_when_they_would_have_ended(estate: Estate, by: timedelta) -> None:
    now = estate.clock.now() + HOUR
    estate.clock.jump(now)
    claims = await estate.do(lambda tx: targets.claim(tx, now, 100, 10 * MINUTE))
    assert claims
    await jump(estate, by)
    assert await estate.do(lambda tx: targets.claim(tx, estate.clock.now(), 100, 10 * MINUTE)) == []
    estate.clock.advance(10 * MINUTE)
    again = await estate.do(lambda tx: targets.claim(tx, estate.clock.now(), 100, 10 * MINUTE))
    assert {one.target.id for one in claims} <= {one.target.id for one in again}


async def test_a_start_whose_last_beat_lies_in_the_future_was_set_back(estate: Estate) -> None:
    await estate.do(lambda tx: heartbeat.beat(tx, estate.clock.now()))
    due = await estate.due_in(SITE)
    estate.clock.jump(estate.clock.now() - 2 * HOUR)
    for _ in range(2):  # and a second start finds nothing more
        await estate.do(lambda tx: catch_up(tx, estate.policy, estate.clock.now()))
    assert await estate.due_in(SITE) == due
    assert await estate.incidents() == [("ours", "clock", "open")]
    assert await estate.do(is_doubted)
    estate.clock.advance(-30)
    await estate.do(lambda tx: catch_up(tx, estate.policy, estate.clock.now()))
    assert await rows(estate, "SELECT COUNT(*) FROM events WHERE what = 'clock.set'") == [(1,)]
