"""A site that closed for good, as was filed: what hangs on it joins no incident of its own, but for the notice of the closure."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.clock import civil_day
from monitor.dues import due as dues
from monitor.model import Cause, Declaration, DeclarationKind, EntryKind, Reach, TargetKind, fail, ok, say
from monitor.settle.filing import follow
from monitor.settle.policy import policy_of
from monitor.store import declarations, rules, targets, views
from tests.settle.desk import COLUMN, INVENTORY, SITE, Estate, a_target, opens
from tests.web.filled import Tx

DAY, HOURS, MINUTE = timedelta(days=1), timedelta(hours=8), timedelta(minutes=1)
NOTICE, SERVICE = (
    a_target(f"{SITE}/{one}", TargetKind.PAGE, f"http://one.example/{one}/", site=SITE, entry=one)
    for one in (EntryKind.NOTICE, EntryKind.SERVICE)
)
BLANK = fail("column_blank", Cause.BLANK, "blank", say("the list holds nothing"))
FINE = ok("reachable", say("opens in {seconds} s", seconds="0.2"))
UNLINKED = fail("entry_present", Cause.ENTRY_PRESENT, "gone", say("not on the home page"))


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    told = estate.policy.settings.model_copy(update={"targets": (*INVENTORY, NOTICE, SERVICE)})
    estate.policy = policy_of(told)
    now = estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told.targets, estate.policy.periods, now))
    await estate.do(lambda tx: rules.remember(tx, estate.policy.rules.values(), now))
    await estate.look(SITE, Reach.OPEN, opens(civil_day(now).isoformat()))
    yield estate
    await estate.close()


async def close_for_good(estate: Estate, kind: DeclarationKind = DeclarationKind.PERMANENT_OFFLINE) -> None:
    now = estate.clock.now()
    one = Declaration(id=0, kind=kind, target=SITE, start=now, by="张三", filed_at=now)
    await estate.do(partial(declarations.file, one=one, now=now))


async def trouble(estate: Estate) -> list[tuple[str, str]]:
    """A column stale and blank, entries that are linked from nowhere."""
    newest = (civil_day(estate.clock.now()) - 20 * DAY).isoformat()
    for _ in range(3):
        await estate.look(COLUMN, Reach.OPEN, (*opens(newest), BLANK))
        for page in (NOTICE, SERVICE):
            await estate.look(page.id, Reach.OPEN, (FINE, UNLINKED))
        await estate.pass_time(HOURS)
    found = [(cause, key) for cause, key, state in await estate.incidents() if state == "open"]
    return sorted(found)


async def test_columns_and_pages_of_a_closed_site_are_quiet_and_its_notice_is_not(estate: Estate) -> None:
    await close_for_good(estate)
    assert await trouble(estate) == [("entry_present", NOTICE.id)]


async def test_another_closure_hides_none_of_it(estate: Estate) -> None:
    await close_for_good(estate, DeclarationKind.MIGRATION)
    told = await trouble(estate)
    assert {("blank", COLUMN), ("stale", COLUMN), ("entry_present", SERVICE.id)} <= set(told)


async def test_what_was_open_ends_with_the_closure_and_comes_back_with_the_return(estate: Estate) -> None:
    assert ("stale", COLUMN) in await trouble(estate)
    await close_for_good(estate)
    assert await trouble(estate) == [("entry_present", NOTICE.id)]
    now = estate.clock.now()
    back = Declaration(id=0, kind=DeclarationKind.RETURN, target=SITE, start=now, by="张三", filed_at=now)
    await estate.do(partial(declarations.file, one=back, now=now))
    await estate.pass_time(MINUTE)
    assert ("stale", COLUMN) in await trouble(estate)


async def due(estate: Estate, days: int = 20) -> set[tuple[str, bool]]:
    """What hangs on the site and is listed to fall due, and whether it was warned of."""
    now = estate.clock.now()

    def listed(tx: Tx) -> set[tuple[str, bool]]:
        warned = {one.target for one in views.due_next(tx, views.ALL)}
        rows = dues(tx, now + days * DAY, "en", estate.policy, now)
        return {
            (str(one["target"]), one["target"] in warned) for one in rows if str(one["target"]).startswith(f"{SITE}/")
        }

    return await estate.do(listed)


async def filed(estate: Estate, kind: DeclarationKind, start: datetime) -> int:
    """As people file it, with all that follows."""
    now = estate.clock.now()
    one = Declaration(id=0, kind=kind, target=SITE, start=start, by="张三", filed_at=now)

    def write(tx: Tx) -> int:
        return follow(tx, estate.policy, SITE, "张三", now, partial(declarations.file, tx, one, now)).number

    return await estate.do(write)


@pytest.mark.parametrize("days", [11, 2])
async def test_columns_of_a_closed_site_fall_due_no_more(estate: Estate, days: int) -> None:
    """Warned of already (11 days old), and what is still kept."""
    newest = (civil_day(estate.clock.now()) - days * DAY).isoformat()
    await estate.look(COLUMN, Reach.OPEN, opens(newest))
    assert await due(estate) == {(COLUMN, days == 11)}
    number = await filed(estate, DeclarationKind.PERMANENT_OFFLINE, estate.clock.now())
    await estate.pass_time(timedelta(seconds=1))
    assert await due(estate) == set()
    now = estate.clock.now()

    def take_back(tx: Tx) -> None:
        def write() -> int:
            assert declarations.withdraw(tx, number, "张三", now, "误报")
            return number

        follow(tx, estate.policy, SITE, "张三", now, write)

    await estate.do(take_back)
    await estate.pass_time(timedelta(seconds=1))
    assert await due(estate) == {(COLUMN, days == 11)}, "taken back"


async def test_a_closure_that_begins_later_takes_them_along_on_its_day(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens((civil_day(estate.clock.now()) - 11 * DAY).isoformat()))
    await filed(estate, DeclarationKind.PERMANENT_OFFLINE, estate.clock.now() + timedelta(hours=5))
    await estate.pass_time(timedelta(hours=4))
    assert await due(estate) == {(COLUMN, True)}
    await estate.pass_time(timedelta(hours=1))
    await estate.pass_time(timedelta(seconds=1))
    assert await due(estate) == set()
    await filed(estate, DeclarationKind.LAUNCH, estate.clock.now())
    await estate.pass_time(timedelta(seconds=1))
    assert await due(estate) == {(COLUMN, True)}, "launched anew"
