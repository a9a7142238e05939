"""The desk under its roster: from [[shift]] to an incident that ends when somebody comes on duty."""

from collections.abc import AsyncIterator
from datetime import time, timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.clock import SHANGHAI
from monitor.model import DESK_ID, Compliance, Pack, Repeating, Roster
from monitor.pipeline import sweep
from monitor.settle.intake import take_in
from monitor.settle.policy import policy_of
from monitor.store import standings
from tests.judge.made import rule
from tests.settle.desk import Estate

HOUR = timedelta(hours=1)
COVERED = rule("duty_covered", "desk", None, "1h", ahead=0)
EVERY_DAY = frozenset(range(7))


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def reload(estate: Estate, roster: Roster | None) -> None:
    packs = (Pack("house", "内部要求", None, "", (COVERED,)),)
    settings = estate.policy.settings.model_copy(update={"packs": packs, "shifts": roster})
    estate.policy = policy_of(settings)
    await estate.do(partial(take_in, policy=estate.policy, now=estate.clock.now()))


async def told(estate: Estate) -> list[tuple[Compliance, str]]:
    """What the desk's standing is after a round now."""
    now = estate.clock.now()
    await estate.do(lambda tx: sweep(tx, estate.policy, now))
    stored = await estate.do(partial(standings.of_target, target_id=DESK_ID))
    return [(one.value, str(one.why)) for one in stored]


async def test_without_a_roster_nothing_opens(estate: Estate) -> None:
    await reload(estate, None)
    assert await told(estate) == [(Compliance.UNKNOWN, "no roster is kept here")]
    assert await estate.incidents() == []


async def test_a_gap_is_an_incident_till_somebody_comes(estate: Estate) -> None:
    local = estate.clock.now().astimezone(SHANGHAI)
    begins = (local + 3 * HOUR).replace(minute=0, second=0, microsecond=0)
    await reload(estate, (Repeating(EVERY_DAY, begins.time(), time(local.hour), ("zhang",)),))
    assert [value for value, _ in await told(estate)] == [Compliance.BREACHED]
    assert [(cause, state) for cause, _, state in await estate.incidents()] == [("duty_covered", "open")]
    estate.clock.advance(begins - local)
    assert await told(estate) == []  # kept: no row
    assert [state for _, _, state in await estate.incidents()] == ["recovered"]


async def test_another_roster_is_judged_at_once(estate: Estate) -> None:
    await reload(estate, ())
    assert [value for value, _ in await told(estate)] == [Compliance.BREACHED]
    await reload(estate, (Repeating(EVERY_DAY, time(8), time(8), ("zhang",)),))
    assert await told(estate) == []
