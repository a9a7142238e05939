"""A site that is back without its papers, and the second thing that is late beside a first: told at once, once, and until they are there."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.clock import to_ms
from monitor.model import Declaration, DeclarationKind, Reach
from monitor.settle.ahead import look_ahead
from monitor.store import brought, declarations, views
from tests.judge.made import rule
from tests.settle.desk import SITE, Estate, down, opens
from tests.settle.test_brought import judge_the_desk, told, under

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOWN = (
    rule("filed_within", "site", id="return", pack="town", what="return", severity="serious"),
    rule("answered_within", "site", "3wd", "1wd", pack="town"),
)
MESSAGE = (
    "INSERT INTO messages (target_id, id, class, received_at, source, told_at) VALUES (?, ?, 'jiucuo', ?, 'import', ?)"
)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    await under(estate, TOWN)
    yield estate
    await estate.close()


async def go(estate: Estate, *, up: bool) -> None:
    for _ in range(3):
        await estate.look(SITE, Reach.OPEN if up else Reach.CONNECT, opens() if up else down())
        await estate.pass_time(MINUTE)


async def file(estate: Estate, corrects: int | None = None, **fields: object) -> int:
    now = estate.clock.now()
    one = Declaration(
        id=0, kind=DeclarationKind.ORDERED_CLOSURE, target=SITE, start=now, number="公3号", filed_at=now,
        fields={"security": True, **fields},
    )  # fmt: skip

    def write(tx: sqlite3.Connection) -> int:
        number = declarations.file(tx, one, now, corrects=corrects)
        brought.touch(tx, SITE, now)
        return number

    return await estate.do(write)


async def owed(estate: Estate, cause: str = "filed_within") -> list[str]:
    return [state for one, _, state in await estate.incidents() if one == cause]


async def test_back_without_consent_is_told_at_once_and_going_down_again_mends_nothing(estate: Estate) -> None:
    number = await file(estate)
    await go(estate, up=False)
    await estate.pass_time(4 * HOUR)
    assert await owed(estate) == []
    await go(estate, up=True)
    assert await owed(estate) == ["open"], "at once"
    await estate.pass_time(2 * HOUR)
    await go(estate, up=False)
    assert await owed(estate) == ["open"]
    await go(estate, up=True)
    for _ in range(9):  # the outage is over, and its end is judged
        await estate.pass_time(6 * HOUR)
        await estate.look(SITE, Reach.OPEN, opens())
        assert await owed(estate) == ["open"]
    await go(estate, up=False)
    assert await owed(estate) == ["open"], "another outage, the same fact"
    ended = "SELECT COUNT(*) FROM outages WHERE target_id = ? AND ended_at IS NOT NULL"
    assert await estate.do(lambda tx: tx.execute(ended, (SITE,)).fetchone()[0]) == 1
    await file(estate, number, self_check="2026-11-01", police_check="2026-11-01", consents=["市府办"])
    await estate.pass_time(timedelta(seconds=1))
    assert await owed(estate) == ["recovered"]


async def test_a_message_that_is_late_hides_no_other(estate: Estate) -> None:
    """One every working day for a fortnight: the first opens the incident, each later day is told once, and what is due is listed."""
    heard: list[int] = []
    for day in range(14):
        now = estate.clock.now()
        for n in range(2):
            await told(estate, SITE, MESSAGE, SITE, f"m{day}-{n}", to_ms(now), to_ms(now))
        for _ in range(4):
            await estate.pass_time(6 * HOUR)
        kinds = await estate.notices()
        heard.append(sum(kind in {"opened", "day"} for kind in kinds))
    assert await owed(estate, "answered_within") == ["open"]
    steps = [later - sooner for sooner, later in pairwise(heard)]
    assert set(steps) <= {0, 1}, "one a day at most"
    assert heard[-1] >= 4
    listed = await estate.do(views.due_next)
    (row,) = (one for one in listed if one.rule == "town/answered_within")
    assert (row.target, row.standing) == (SITE, "breached")
    assert row.due is not None
    assert row.due > estate.clock.now()
    next_one = str(row.why.values["next"])
    assert next_one.startswith("m")
    assert (await estate.do(views.totals)).due >= 1


async def test_what_is_not_warned_of_yet_is_ahead_though_something_is_late(estate: Estate) -> None:
    now = estate.clock.now()
    await told(estate, SITE, MESSAGE, SITE, "old", to_ms(now), to_ms(now))
    for _ in range(12):
        await estate.pass_time(DAY)
    now = estate.clock.now()
    await told(estate, SITE, MESSAGE, SITE, "new", to_ms(now), to_ms(now))
    assert await owed(estate, "answered_within") == ["open"]
    find = partial(look_ahead, policy=estate.policy, now=estate.clock.now(), until=estate.clock.now() + 30 * DAY)
    seen = await estate.do(find)
    assert [one.rule for one in seen.coming if one.target == SITE and "answered" in one.rule] == [
        "town/answered_within"
    ]


async def test_a_pack_adopted_later_asks_for_nothing_of_before(estate: Estate) -> None:
    await judge_the_desk(estate)
    await estate.pass_time(40 * DAY)
    await under(estate, (rule("done_every", "desk", "2d", pack="town", activity="reading"),))
    for days, found in ((0, []), (2, []), (1, ["open"])):
        await estate.pass_time(days * DAY)
        await judge_the_desk(estate)
        assert await owed(estate, "done_every") == found, days
