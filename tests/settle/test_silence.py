"""An account falls silent under several packs: one incident of it, the strictest drives it, all are cited (DESIGN.md §4.6)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import Reach
from monitor.store import incidents
from tests.judge.made import rule
from tests.settle.desk import ACCOUNT, Estate, posted
from tests.settle.test_brought import day_of, under

DAY = timedelta(days=1)
RULES = (
    rule("posts_at_least", "account", None, id="weekly", pack="town", every="week"),
    rule("original_share", "account", "14d", id="own", pack="town", count=1, severity="remind"),
)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    await under(estate, RULES)
    yield estate
    await estate.close()


async def test_it_is_one_incident_that_cites_all(estate: Estate) -> None:
    last = day_of(estate.clock.now(), 0)
    for _ in range(17):
        await estate.look(ACCOUNT, Reach.OPEN, posted(last))
        await estate.pass_time(DAY)
    assert [one for one in await estate.incidents() if one[1] == ACCOUNT] == [("stale", ACCOUNT, "open")]
    (member,) = await estate.do(lambda tx: incidents.open_memberships(tx, ACCOUNT))
    assert set(member.rules) == {"national-2019/N-ACC", "town/weekly", "town/own"}
    assert member.severity == "veto", "the strictest drives it"
    await estate.look(ACCOUNT, Reach.OPEN, posted(day_of(estate.clock.now(), 0)))
    assert [one for one in await estate.incidents() if one[1] == ACCOUNT] == [("stale", ACCOUNT, "recovered")]
