"""What other settings change of what is stored: targets that go and come back, rules and limits that are others now."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.config.settings import BlindSettings, RawTarget
from monitor.model import Reach
from monitor.settle.intake import take_in
from monitor.settle.ours import set_aside
from monitor.settle.policy import policy_of
from monitor.store import events
from tests.settle.desk import ACCOUNT, COLUMN, INVENTORY, SITE, Estate, down, opens, posted, walled

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def reload(estate: Estate, *targets: RawTarget, **changes: object) -> None:
    """Go on with these targets and other tables."""
    update = {"targets": targets or INVENTORY, **changes}
    estate.policy = policy_of(estate.policy.settings.model_copy(update=update))
    await estate.do(partial(take_in, policy=estate.policy, now=estate.clock.now()))


async def without(estate: Estate, name: str) -> None:
    await reload(estate, *(target for target in INVENTORY if target.id != name))


async def go_down(estate: Estate, times: int) -> None:
    for _ in range(times):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)


async def test_a_target_that_comes_back_begins_anew(estate: Estate) -> None:
    await go_down(estate, 3)
    assert await estate.incidents() == [("outage", SITE, "open")]
    await without(estate, SITE)
    assert await estate.incidents() == [("outage", SITE, "recovered")]
    log = await estate.do(lambda tx: len(events.newest(tx, 100)))
    await estate.pass_time(2 * DAY)
    await reload(estate)
    await estate.pass_time(MINUTE)
    await go_down(estate, 2)
    assert await estate.incidents() == [("outage", SITE, "recovered")], "two tries confirm nothing"
    await go_down(estate, 1)
    assert await estate.incidents() == [("outage", SITE, "recovered"), ("outage", SITE, "open")]
    outages = await estate.do(lambda tx: tx.execute("SELECT ended_at IS NULL FROM outages ORDER BY id").fetchall())
    assert outages == [(0,), (1,)], "and its days are counted from now"
    assert await estate.do(lambda tx: len(events.newest(tx, 100))) > log, "what was stays in the log"
    assert await estate.do(events.verify) is None


async def test_two_tries_before_and_one_after_confirm_nothing(estate: Estate) -> None:
    await go_down(estate, 2)
    await without(estate, SITE)
    await reload(estate)
    await go_down(estate, 1)
    assert await estate.incidents() == []


async def test_blindness_of_before_is_not_counted_on(estate: Estate) -> None:
    await estate.look(SITE, Reach.CHALLENGED, walled())
    await without(estate, SITE)
    await estate.pass_time(3 * DAY)
    await reload(estate)
    await estate.look(SITE, Reach.CHALLENGED, walled())
    await estate.pass_time(MINUTE)
    assert await estate.incidents() == []
    await estate.pass_time(DAY)
    await estate.look(SITE, Reach.CHALLENGED, walled())
    assert [cause for cause, _, _ in await estate.incidents()] == ["blind"]


async def test_a_shorter_patience_holds_at_once(estate: Estate) -> None:
    await reload(estate)
    await estate.look(SITE, Reach.CHALLENGED, walled())
    await estate.pass_time(timedelta(hours=2))
    assert await estate.incidents() == []
    await reload(estate, blind=BlindSettings(site=timedelta(hours=1)))
    await estate.pass_time(MINUTE)
    assert [cause for cause, _, _ in await estate.incidents()] == ["blind"]


async def test_other_rules_are_judged_by_at_once(estate: Estate) -> None:
    await reload(estate)
    newest = (estate.clock.now() - 30 * DAY).date().isoformat()
    await estate.look(ACCOUNT, Reach.OPEN, posted(newest))
    assert [cause for cause, _, _ in await estate.incidents()] == ["stale"]
    packs = estate.policy.settings.packs
    await reload(estate, packs=())
    await estate.pass_time(MINUTE)
    assert [state for _, _, state in await estate.incidents()] == ["recovered"]
    await reload(estate, packs=packs)
    await estate.pass_time(MINUTE)
    assert [state for _, _, state in await estate.incidents()] == ["recovered", "open"]


async def test_the_same_settings_again_judge_nothing_again(estate: Estate) -> None:
    await reload(estate)
    await estate.look(SITE, Reach.OPEN, opens())
    await estate.look(COLUMN, Reach.OPEN, opens(estate.clock.now().date().isoformat()))
    await reload(estate)
    now = int(estate.clock.now().timestamp() * 1000)
    awaiting = await estate.do(
        lambda tx: tx.execute("SELECT COUNT(*) FROM targets WHERE next_change_at <= ?", (now,)).fetchone()[0]
    )
    assert awaiting == 0


async def test_a_check_that_broke_only_on_what_is_gone_breaks_nowhere(estate: Estate) -> None:
    now = estate.clock.now()
    await estate.do(partial(set_aside, target_id=SITE, policy=estate.policy, now=now))
    assert await estate.incidents() == [("ours", "broken:visit", "open")]
    await without(estate, SITE)
    assert await estate.incidents() == [("ours", "broken:visit", "recovered")]
