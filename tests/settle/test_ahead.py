"""What falls due next of what a person saw by hand, and of what the desk owes: on the right day, before anything was warned of."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.clock import civil_day, day_start
from monitor.dues import due
from monitor.model import DESK_ID, Declaration, DeclarationKind, Reach
from monitor.settle.ahead import look_ahead
from monitor.settle.attesting import Sighting, attest
from monitor.settle.desk import judge_desk
from monitor.settle.policy import policy_of
from monitor.store import declarations, targets
from tests.judge.made import rule
from tests.settle.desk import ACCOUNT, COLUMN, INVENTORY, Estate, posted, walled
from tests.settle.test_brought import under
from tests.settle.test_forecast import COLUMNS, COUNT

DAY = timedelta(days=1)
COLUMN_RULE, ACCOUNT_RULE = "national-2019/N-COL-DYN", "national-2019/N-ACC"


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def saw(estate: Estate, target: str, ago: int = 0) -> datetime:
    """Attested for the usual week; when it runs out."""
    now = estate.clock.now()
    told = Sighting(target=target, newest=(civil_day(now) - ago * DAY).isoformat(), by="李四")
    await estate.do(lambda tx: attest(tx, estate.policy, told, now))
    return now + 7 * DAY


async def watch_more(estate: Estate) -> None:
    told = estate.policy.settings.model_copy(update={"targets": (*INVENTORY, *COLUMNS)})
    estate.policy, now = policy_of(told), estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told.targets, estate.policy.periods, now))


async def ahead(estate: Estate, rule: str, target: str, days: int = 60) -> list[tuple[datetime, str]]:
    now = estate.clock.now()
    rows = await estate.do(lambda tx: due(tx, now + days * DAY, "en", estate.policy, now))
    found = [one for one in rows if (one["rule"], one["target"]) == (rule, target)]
    return [(datetime.fromisoformat(str(one["due"])), str(one["why"])) for one in found]


async def test_what_a_feed_does_not_show_yet_counts_from_the_day_a_person_saw(estate: Estate) -> None:
    now = estate.clock.now()
    await estate.look(ACCOUNT, Reach.OPEN, posted((civil_day(now) - 7 * DAY).isoformat()))
    await saw(estate, ACCOUNT)
    ((at, why),) = await ahead(estate, ACCOUNT_RULE, ACCOUNT)
    assert at == day_start(civil_day(now) + 15 * DAY)
    assert why == f"newest item of {civil_day(now)}, as 李四 saw on {civil_day(now)}"


async def test_what_only_a_person_can_see_falls_due_when_that_runs_out(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.CHALLENGED, walled())
    until = await saw(estate, COLUMN)
    ((at, why),) = await ahead(estate, COLUMN_RULE, COLUMN)
    assert (at, why) == (until, f"what 李四 saw on {civil_day(until - 7 * DAY)} holds until then: look again")
    assert await ahead(estate, COLUMN_RULE, COLUMN, days=6) == []


async def test_what_is_due_only_after_that_is_unknown_by_then(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.CHALLENGED, walled())
    until = await saw(estate, COLUMN, ago=7)
    ((at, why),) = await ahead(estate, COLUMN_RULE, COLUMN)
    assert (at, why.partition(" ")[0]) == (until, "what"), "warned of before, its last day is one too late"


async def test_its_own_limit_comes_first_where_that_is_sooner(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.CHALLENGED, walled())
    await saw(estate, COLUMN, ago=9)
    ((at, why),) = await ahead(estate, COLUMN_RULE, COLUMN)
    assert at == day_start(civil_day(estate.clock.now()) + 6 * DAY)
    assert why.startswith("newest item of")


async def test_what_nobody_will_see_is_not_forecast_as_stale(estate: Estate) -> None:
    await watch_more(estate)
    for column in COLUMNS[:5]:
        await estate.look(column.id, Reach.CHALLENGED, walled())
        await saw(estate, column.id)
    now = estate.clock.now()
    rows = await estate.do(lambda tx: due(tx, now + 14 * DAY, "en", estate.policy, now))
    assert [row for row in rows if row["rule"] == COUNT] == []
    assert len([row for row in rows if row["rule"] == COLUMN_RULE]) == 5


async def owed(estate: Estate, days: int = 400) -> list[tuple[str, str]]:
    """What is listed of the desk and still kept: by which rule, and the last day."""
    now = estate.clock.now()
    seen = await estate.do(lambda tx: look_ahead(tx, estate.policy, now, now + days * DAY))
    kept = [one for one in seen.coming if one.target == DESK_ID and one.rule.startswith("town/")]
    return [(one.rule, str(civil_day(one.due) - DAY)) for one in sorted(kept, key=lambda one: one.due)]


async def test_what_the_desk_owes_is_listed_before_anything_was_warned_of(estate: Estate) -> None:
    asked = (
        rule("done_every", "desk", "30d", "3d", pack="town", activity="reading", id="reading"),
        rule("done_every", "desk", None, pack="town", activity="check", id="quarter", every="quarter"),
        rule("done_every", "desk", None, "1d", pack="town", activity="drill", id="year", per_year=1),
    )
    await under(estate, asked)
    expected = [("town/reading", "2026-12-20"), ("town/year", "2026-12-31"), ("town/quarter", "2026-12-31")]
    assert sorted(await owed(estate)) == sorted(expected), "also before it was judged for the first time"
    await estate.do(lambda tx: judge_desk(tx, estate.policy, estate.clock.now()))
    assert sorted(await owed(estate)) == sorted(expected)
    assert await owed(estate, days=10) == []


async def test_what_the_desk_has_done_is_owed_again(estate: Estate) -> None:
    await under(estate, (rule("done_every", "desk", None, pack="town", activity="drill", id="year", per_year=1),))
    now = estate.clock.now()
    await estate.do(lambda tx: judge_desk(tx, estate.policy, now))
    done = Declaration(
        id=0, kind=DeclarationKind.ACTIVITY, target=DESK_ID, start=now, filed_at=now, fields={"activity": "drill"}
    )
    await estate.do(lambda tx: declarations.file(tx, done, now))
    assert await owed(estate, days=60) == []
    assert await owed(estate, days=410) == [("town/year", "2027-12-31")]
