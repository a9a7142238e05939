"""A site that closed for good, as was filed: what hangs on it joins no incident of its own, but for the notice of the closure."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.clock import civil_day
from monitor.model import Cause, Declaration, DeclarationKind, EntryKind, Reach, TargetKind, fail, ok, say
from monitor.settle.policy import policy_of
from monitor.store import declarations, rules, targets
from tests.settle.desk import COLUMN, INVENTORY, SITE, Estate, a_target, opens

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
