"""A list that stops printing dates: what of it is new, and what was only rebuilt."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.model import Fetched, Item, Page, Reach, Reading, State, TargetKind, Try, Visited
from monitor.pipeline import settle
from tests.settle.desk import COLUMN, Estate, _lease, opens

DAY = timedelta(days=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


def a_list(*names: str, newest: str | None = None) -> Reading:
    items = tuple(Item(f"关于{name}的通知", f"http://one.example/news/{name}.html", newest) for name in names)
    precision = None if newest is None else "day"
    return Reading(
        kind=TargetKind.COLUMN, state=State.LISTED, items=items, newest_date=newest, newest_precision=precision
    )


async def shows(estate: Estate, reading: Reading) -> str | None:
    """One look a day after the last; the day on which something new came into an undated list, as it is stored then."""
    estate.clock.advance(DAY)
    now = estate.clock.now()
    claim = await estate.do(partial(_lease, target=COLUMN, now=now, sample=True))
    url = claim.target.url
    fetched = Fetched(
        url=url, final_url=url, reach=Reach.OPEN, detail="", started_at=now, seconds=0.2, status=200, body=b"x"
    )
    visited = Visited(
        claim=claim,
        started_at=now,
        ended_at=now,
        reach=Reach.OPEN,
        tries=(Try(now, Reach.OPEN, 200, 0.2),),
        findings=opens(reading.newest_date),
        page=Page(fetched, Reach.OPEN, replace(reading)),
        normal_hash=f"{now:%d}",
    )
    await estate.do(partial(settle, visited=visited, policy=estate.policy, held=False, now=now))
    row = await estate.do(lambda tx: tx.execute("SELECT newest_seen FROM targets WHERE id = ?", (COLUMN,)).fetchone())
    return None if row[0] is None else str(row[0])


async def test_known_addresses_are_not_new_for_printing_no_dates(estate: Estate) -> None:
    assert await shows(estate, a_list("a", "b", newest="2026-11-18")) is None
    assert await shows(estate, a_list("a", "b")) is None
    assert await shows(estate, a_list("c", "a", "b")) == "2026-11-23"


async def test_one_new_beside_known_ones_is_new(estate: Estate) -> None:
    await shows(estate, a_list("a", "b", newest="2026-11-18"))
    assert await shows(estate, a_list("c", "a")) == "2026-11-22"


async def test_all_addresses_new_at_once_tell_nothing_until_one_more_comes(estate: Estate) -> None:
    await shows(estate, a_list("a", "b", newest="2026-11-18"))
    assert await shows(estate, a_list("x", "y")) is None, "rebuilt: what is new to us may be old"
    assert await shows(estate, a_list("z", "x", "y")) == "2026-11-23"


async def test_an_undated_list_that_turns_over_wholly_has_news(estate: Estate) -> None:
    await shows(estate, a_list("a", "b"))
    assert await shows(estate, a_list("c", "d")) == "2026-11-22"
    await shows(estate, a_list("e", "f", newest="2026-11-23"))
    assert await shows(estate, a_list("g", "h")) == "2026-11-24", "the day told before would be too old"
