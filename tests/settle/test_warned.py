"""The warnings of a rule reach the digest on their days, however long before the limit they come."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from monitor.clock import civil_day
from monitor.dues import due
from monitor.jobs import digest_of, write_digest
from monitor.judge.days import add_months
from monitor.model import ColumnKind, Reach, TargetKind
from monitor.settle.policy import policy_of
from monitor.store import rules, targets
from tests.settle.desk import INVENTORY, SITE, Estate, a_target, opens

DAY = timedelta(days=1)
POLICY = a_target(f"{SITE}/policy", TargetKind.COLUMN, "http://one.example/p/", site=SITE, column=ColumnKind.POLICY)


async def estate_of(folder: Path) -> Estate:
    estate = await Estate.open(folder)
    told = estate.policy.settings.model_copy(update={"targets": (*INVENTORY, POLICY)})
    estate.policy, now = policy_of(told), estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told.targets, estate.policy.periods, now))
    await estate.do(lambda tx: rules.remember(tx, estate.policy.rules.values(), now))
    return estate


async def digest(estate: Estate, now: datetime) -> Iterable[str]:
    """Whom the digest of today names as due."""
    facts = await estate.do(lambda tx: digest_of(tx, now))
    if facts is None:
        return ()
    await estate.do(lambda tx: write_digest(tx, facts, now))
    rows = facts["due"]
    assert isinstance(rows, list)
    return [name for row in rows for name in row["targets"]]


async def test_a_policy_column_is_named_thirty_days_before_and_daily_in_the_last_fourteen(tmp_path: Path) -> None:
    estate = await estate_of(tmp_path)
    newest = civil_day(estate.clock.now()) - timedelta(days=120)
    await estate.look(POLICY.id, Reach.OPEN, opens(newest.isoformat()))
    limit = add_months(newest, 6)
    named = []
    listed: list[int] = []
    while civil_day(estate.clock.now()) < limit:
        left = (limit - civil_day(estate.clock.now())).days
        now = estate.clock.now()
        if any("policy" in name for name in await digest(estate, now)):
            named.append(left)
        rows = await estate.do(partial(due, until=None, language="en", policy=estate.policy, now=now, kept=False))
        listed += [left] if any(row["target"] == POLICY.id for row in rows) else []
        await estate.pass_time(DAY)
    assert named == [30, *range(13, 0, -1)]
    assert listed == list(range(30, 0, -1)), "it stands among what was warned of all the while"
    await estate.close()
