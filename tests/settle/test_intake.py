"""What other settings change of what is stored: targets that go and come back, rules and limits that are others now."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.config.settings import BlindSettings, RawTarget
from monitor.model import Outage, Reach
from monitor.render import translate
from monitor.settle.intake import take_in
from monitor.settle.ours import set_aside
from monitor.settle.policy import policy_of
from monitor.store import canon, events, findings
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


async def come_back(estate: Estate) -> None:
    for _ in range(3):
        await estate.look(SITE, Reach.OPEN, opens())
        await estate.pass_time(MINUTE)


async def outages(estate: Estate) -> list[Outage]:
    """Of the site, oldest first, the one that goes on last."""
    rows = await estate.do(lambda tx: tx.execute("SELECT ended_at IS NULL FROM outages ORDER BY id").fetchall())
    running = await estate.do(partial(findings.running_outage, target_id=SITE))
    assert [open_ for (open_,) in rows].count(1) == (running is not None)
    return [running] if running is not None and len(rows) == 1 else []


async def reasons(estate: Estate) -> list[str]:
    """What is said of the outage now."""
    sql = "SELECT why FROM members m JOIN incidents i ON i.id = m.incident_id WHERE i.state = 'open'"
    return await estate.do(lambda tx: [translate(canon.load_text(why), "zh-CN") for (why,) in tx.execute(sql)])


async def test_a_target_that_comes_back_begins_anew(estate: Estate) -> None:
    await go_down(estate, 3)
    assert await estate.incidents() == [("outage", SITE, "open")]
    await without(estate, SITE)
    assert await estate.incidents() == [("outage", SITE, "closed")]
    log = await estate.do(lambda tx: len(events.newest(tx, 100)))
    await estate.pass_time(2 * DAY)
    await reload(estate)
    await estate.pass_time(MINUTE)
    await go_down(estate, 2)
    assert await estate.incidents() == [("outage", SITE, "closed")], "two tries confirm nothing"
    await go_down(estate, 1)
    assert await estate.incidents() == [("outage", SITE, "closed"), ("outage", SITE, "open")]
    assert await estate.do(lambda tx: len(events.newest(tx, 100))) > log, "what was stays in the log"
    assert await estate.do(events.verify) is None


async def test_nobody_has_recovered_by_being_taken_off_the_list(estate: Estate) -> None:
    await go_down(estate, 3)
    await without(estate, SITE)
    log = await estate.do(lambda tx: {event.what for event in events.newest(tx, 100)})
    assert "incident.unwatched" in log
    assert "incident.recovered" not in log
    sql = "SELECT recovered_at, closed_at IS NULL FROM incidents"
    assert await estate.do(lambda tx: tx.execute(sql).fetchall()) == [(None, 0)]
    assert await estate.notices() == ["opened", "recovered"]
    (facts,) = await estate.do(lambda tx: tx.execute("SELECT facts FROM notices WHERE kind = 'recovered'").fetchone())
    assert canon.loads(facts)["removed"] is True


async def test_the_days_of_an_outage_go_on_over_time_without_watching(estate: Estate) -> None:
    """Only a look that finds it up ends an outage (domain.md §12), and there was none: at least since the first failure."""
    began = estate.clock.now()
    await go_down(estate, 3)
    await estate.pass_time(29 * DAY)
    await without(estate, SITE)
    removed = estate.clock.now()
    await estate.pass_time(4 * DAY)
    await reload(estate)
    back = estate.clock.now()
    await go_down(estate, 3)
    (outage,) = await outages(estate)
    assert outage.started_at == began
    assert outage.unwatched == ((removed, back),)
    assert outage.gaps == ()
    (why,) = await reasons(estate)
    assert "第33天" in why
    assert "4天未监测" in why
    await without(estate, SITE)
    await reload(estate)
    await go_down(estate, 3)
    (outage,) = await outages(estate)
    assert (outage.started_at, len(outage.unwatched)) == (began, 2), "taken off by mistake and put back at once"


async def test_up_for_a_day_after_it_came_back_ends_the_outage(estate: Estate) -> None:
    began = estate.clock.now()
    await go_down(estate, 3)
    await without(estate, SITE)
    await estate.pass_time(2 * DAY)
    await reload(estate)
    up = estate.clock.now()
    await come_back(estate)
    await estate.pass_time(timedelta(hours=2))
    down_again = estate.clock.now()
    await go_down(estate, 3)
    (outage,) = await outages(estate)
    assert outage.started_at == began, "a return shorter than 24 hours is a gap"
    assert outage.gaps == ((up, down_again),)
    await without(estate, SITE)
    await reload(estate)
    await come_back(estate)
    await estate.pass_time(DAY)
    await come_back(estate)
    await go_down(estate, 3)
    assert await outages(estate) == [], "a second outage"
    rows = await estate.do(lambda tx: tx.execute("SELECT started_at, ended_at IS NULL FROM outages").fetchall())
    assert [open_ for _, open_ in rows] == [0, 1]


async def test_up_when_it_was_taken_off_the_list_and_down_within_a_day(estate: Estate) -> None:
    began = estate.clock.now()
    await go_down(estate, 3)
    await come_back(estate)
    await without(estate, SITE)
    await reload(estate)
    await go_down(estate, 3)
    (outage,) = await outages(estate)
    assert outage.started_at == began
    await come_back(estate)
    await without(estate, SITE)
    await estate.pass_time(DAY)
    await reload(estate)
    await go_down(estate, 3)
    assert await outages(estate) == [], "it was up when last seen, and not seen down within a day"


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
    assert await estate.due_in(SITE) <= timedelta(), "it is looked at for that"
    await estate.look(SITE, Reach.CHALLENGED, walled())
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
    await estate.pass_time(timedelta(seconds=1))  # its site counts it among those that were seen
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
