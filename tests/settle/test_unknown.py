"""Since when something is unknown: of what nobody is blind to, since it was first judged so, as long as it stays so."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.model import DESK_ID, Compliance, Measure, Reach, ok, say, unknown
from monitor.questions import judged
from monitor.settle.desk import judge_desk, owed
from monitor.store import ledger, roll, standings
from tests.judge.made import rule
from tests.settle.desk import COLUMN, SITE, Estate, opens, walled
from tests.settle.test_brought import under

DAY = timedelta(days=1)
CERTIFICATE = "house/certificate"
FINE = ok("certificate", say("x"), Measure("left", 90, "days"))
DARK = unknown("column_fresh", "challenged", say("x"))


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def since(estate: Estate, target: str = SITE, rule: str = CERTIFICATE) -> datetime | None:
    """As it is listed, which the answer about one target says, too."""
    held = await estate.do(lambda tx: roll.held(tx, 9, target=target, rule=rule, value=Compliance.UNKNOWN))
    now = estate.clock.now()
    told = await estate.do(lambda tx: judged(tx, target, estate.policy, now, "en"))
    assert isinstance(told["standings"], list)
    ((value, listed),) = {(one["standing"], one["since"]) for one in told["standings"] if one["rule"] == rule}
    assert (value == "unknown") is bool(held)
    assert (listed and datetime.fromisoformat(listed)) == (held[0].since if held else None)
    return held[0].since if held else None


async def test_what_was_never_looked_at_is_unknown_since_it_was_first_judged(estate: Estate) -> None:
    first = estate.clock.now()
    await estate.look(SITE, Reach.OPEN, opens())
    assert await since(estate) == first
    await estate.pass_time(DAY)
    await estate.look(SITE, Reach.OPEN, opens())
    assert await since(estate) == first
    (line,) = (one for one in await estate.do(ledger.bad) if (one.target, one.rule) == (SITE, CERTIFICATE))
    assert line.since == first
    await estate.look(SITE, Reach.OPEN, (*opens(), FINE))
    assert await since(estate) is None, "it is kept"
    (stored,) = {one.since for one in await estate.do(lambda tx: standings.of_target(tx, SITE))} or {None}
    assert stored is None


async def test_what_nobody_could_see_is_unknown_since_it_went_blind(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-19"))
    await estate.pass_time(DAY)
    blind = estate.clock.now()
    await estate.look(COLUMN, Reach.CHALLENGED, (*walled(), DARK))
    await estate.pass_time(DAY)
    assert await since(estate, COLUMN, "national-2019/N-COL-DYN") == blind


async def test_the_desk_says_since_when_it_keeps_no_roster(estate: Estate) -> None:
    await under(estate, (rule("duty_covered", "desk", None, pack="town"),))
    first = estate.clock.now()
    await estate.do(lambda tx: judge_desk(tx, estate.policy, first))
    await estate.pass_time(3 * DAY)
    found = await estate.do(lambda tx: owed(tx, estate.policy, estate.clock.now()))
    assert [one.standing.since for one in found if one.rule.key == "town/duty_covered"] == [first]
    judged_by = await estate.do(lambda tx: standings.of_target(tx, DESK_ID))
    assert [one.since for one in judged_by if one.rule == "town/duty_covered"] == [None], "judging goes by its own"
