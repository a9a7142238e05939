"""What counts and shares come to: the day the fifth column would be stale, the hour the 5 % would be reached."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.clock import civil_day, day_start
from monitor.dues import due
from monitor.model import Cause, ColumnKind, Compliance, Reach, TargetKind, fail, ok, say, unknown
from monitor.settle.forecast import forecasts
from monitor.settle.policy import policy_of
from monitor.store import rules, targets
from tests.settle.desk import INVENTORY, SITE, Estate, a_target, down, opens

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
COLUMNS = tuple(
    a_target(f"{SITE}/more-{n}", TargetKind.COLUMN, f"http://one.example/{n}/", site=SITE, column=ColumnKind.DYNAMIC)
    for n in range(1, 7)
)
COUNT, SHARE = "national-2019/N-COL-SUM", "national-2019/N-AVAIL"


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    told = estate.policy.settings.model_copy(update={"targets": (*INVENTORY, *COLUMNS)})
    estate.policy = policy_of(told)
    now = estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told.targets, estate.policy.periods, now))
    await estate.do(lambda tx: rules.remember(tx, estate.policy.rules.values(), now))
    await estate.look(SITE, Reach.OPEN, opens(civil_day(now).isoformat()))
    yield estate
    await estate.close()


async def fed(estate: Estate, *ages: int) -> None:
    for column, age in zip(COLUMNS, ages, strict=False):
        newest = (civil_day(estate.clock.now()) - timedelta(days=age)).isoformat()
        await estate.look(column.id, Reach.OPEN, opens(newest))
    await estate.pass_time(MINUTE)


async def asked(estate: Estate, days: int, rule: str, *, kept: bool = True) -> list[dict[str, object]]:
    now = estate.clock.now()
    rows = await estate.do(lambda tx: due(tx, now + days * DAY, "en", estate.policy, now, kept=kept))
    return [row for row in rows if row["rule"] == rule]


def over(estate: Estate, age: int) -> str:
    """When a column of that age has passed its 14 days."""
    return day_start(civil_day(estate.clock.now()) - timedelta(days=age) + 15 * DAY).isoformat()


async def test_the_day_of_the_fifth_column_is_told_before_any_is_stale(estate: Estate) -> None:
    await fed(estate, 13, 12, 11, 10, 9, 3)
    (row,) = await asked(estate, 14, COUNT)
    assert (row["target"], row["standing"], row["due"]) == (SITE, "met", over(estate, 9))
    assert str(row["why"]).startswith("0 columns are stale, 5 more will be unless something new appears by then")
    assert await asked(estate, 5, COUNT) == [], "beyond what was asked"


async def test_stale_ones_count_and_the_standing_is_due(estate: Estate) -> None:
    await fed(estate, 20, 20, 20, 13, 12, 0)
    (row,) = await asked(estate, 14, COUNT, kept=False)
    assert (row["standing"], row["due"]) == ("due", over(estate, 12))
    await fed(estate, 0)
    assert await asked(estate, 2, COUNT, kept=False) == [], "one was fed: only two are stale, two more run out"


async def test_a_count_that_rests_on_columns_nobody_can_see_now_says_so(estate: Estate) -> None:
    await fed(estate, 13, 12, 11, 10, 9, 3)
    for column in COLUMNS[1:3]:
        findings = (*opens(), unknown("column_fresh", "script", say("the list is made by script")))
        await estate.look(column.id, Reach.OPEN, findings)
    (row,) = await asked(estate, 14, COUNT)
    assert (row["target"], row["standing"], row["due"]) == (SITE, "unknown", over(estate, 9))
    assert "5 more may be by then, 2 of which cannot be seen now" in str(row["why"])


async def test_once_it_is_broken_nothing_is_forecast(estate: Estate) -> None:
    await fed(estate, 20, 20, 20, 20, 20, 13)
    assert await asked(estate, 14, COUNT) == []


async def test_a_share_that_rises_says_how_many_failures_are_left_and_when_they_would_be_reached(
    estate: Estate,
) -> None:
    for _ in range(61):  # of 2,016 visits a week 61 are 3 %, 101 are 5 %
        await estate.look(SITE, Reach.CONNECT, down())
    (row,) = await asked(estate, 1, SHARE)
    assert row["standing"] == "due"
    left = datetime.fromisoformat(str(row["due"])) - estate.clock.now()
    assert 39 * 5 * MINUTE <= left <= 40 * 5 * MINUTE, "forty more looks, five minutes apart"
    assert "40 more reach 5 %" in str(row["why"])


async def test_what_is_not_watched_is_not_forecast(estate: Estate) -> None:
    for _ in range(61):
        await estate.look(SITE, Reach.CONNECT, down())
    now = estate.clock.now()
    left = [target for target in (*INVENTORY, *COLUMNS) if target.id != SITE]
    await estate.do(lambda tx: targets.sync(tx, left, estate.policy.periods, now))
    found = await estate.do(lambda tx: forecasts(tx, estate.policy, now, now + DAY, ()))
    assert [one for one in found if one.standing is Compliance.DUE] == []


async def test_columns_one_step_before_a_veto_have_their_row_with_numbers_also_without_a_day(estate: Estate) -> None:
    await fed(estate, 20, 20, 20, 20, 0, 0)
    (row,) = await asked(estate, 14, COUNT, kept=False)
    assert (row["no_day"], row["standing"], row["have"], row["more"], row["broken_at"]) == (True, "due", 4, 1, 5)
    (ahead,) = await asked(estate, 30, COUNT)
    assert (ahead["due"], ahead["have"], ahead["more"]) == (over(estate, 0), 4, 1), "with a day where one is foreseen"


async def test_blank_columns_near_a_veto_are_due_without_a_day(estate: Estate) -> None:
    blank = fail("column_blank", Cause.BLANK, "blank", say("the list holds nothing"))
    for column in COLUMNS[:4]:
        for _ in range(2):
            await estate.look(column.id, Reach.OPEN, (ok("reachable", say("opens")), blank))
            await estate.pass_time(DAY)
    for days in (1, 14):
        (row,) = await asked(estate, days, "national-2019/N-COL-BLANK")
        assert (row["no_day"], row["standing"], row["have"], row["more"], row["broken_at"]) == (True, "due", 4, 1, 5)
        assert row["why"] == "4 columns are blank, 1 more are a veto"


async def test_a_share_beyond_the_days_asked_for_has_its_row_all_the_same(estate: Estate) -> None:
    for _ in range(61):
        await estate.look(SITE, Reach.CONNECT, down())
    (row,) = await asked(estate, 0, SHARE)
    assert (row["no_day"], row["have"], row["more"], row["broken_at"], row["of"]) == (True, 61, 40, 101, 2016)
    (dated,) = await asked(estate, 1, SHARE)
    assert (dated["have"], dated["more"], dated["broken_at"], dated["of"]) == (61, 40, 101, 2016)
