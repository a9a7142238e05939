"""What is filed and can hardly be meant: an activity in words no rule counts, an order about another site's incident."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clock import SHANGHAI
from monitor.config.declaring import Request, Unfit
from monitor.model import DESK_ID, Reach
from monitor.settle.filing import Done, file_declaration
from monitor.store import declarations, incidents
from tests.judge.made import rule
from tests.settle.desk import COLUMN, SITE, Estate, down


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    """Its desk is under the regulations of 佛山."""
    estate = await Estate.open(tmp_path)
    desk = replace(estate.policy.desk, packs=("house", "national-2019", "foshan-2015"))
    estate.policy = replace(estate.policy, desk=desk, _applicable={}, _needs={})
    yield estate
    await estate.close()


async def file(estate: Estate, kind: str, target: str, **fields: str) -> Done:
    start = estate.clock.now().astimezone(SHANGHAI).isoformat()
    request = Request(kind=kind, target=target, start=start, by="张三", fields=fields)
    return await estate.do(lambda tx: file_declaration(tx, estate.policy, request, estate.clock.now()))


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("应急演练", None),
        ("自查", None),
        ("self_check", None),
        ("季度检查", None),
        ("应急演炼", 'did you mean "应急演练"?'),
        ("网络安全应急演练和培训", 'did you mean "应急演练"?'),
        ("未开展自查", 'did you mean "自查"?'),
        ("植树", "known: "),
    ],
)
async def test_an_activity_no_rule_counts_is_remarked_on(estate: Estate, told: str, meant: str | None) -> None:
    done = await file(estate, "activity", DESK_ID, activity=told)
    assert [str(one.words) for one in done.remarks] == ([] if meant is None else [f"no rule counts “{told}”"])
    assert all(str(one.advice).startswith(meant or "") for one in done.remarks)
    assert await estate.do(lambda tx: len(declarations.of_target(tx, DESK_ID))) == 1, "it is on record all the same"


@pytest.mark.parametrize("target", [SITE, COLUMN])
async def test_what_only_the_desk_counts_is_remarked_on_where_it_is_filed_elsewhere(
    estate: Estate, target: str
) -> None:
    done = await file(estate, "activity", target, activity="自查")
    (remark,) = done.remarks
    assert (remark.place, str(remark.words)) == ("target", f"no rule of {target} counts “自查”")
    assert str(remark.advice) == "it is counted at the duty desk: file it on desk, and withdraw this one"
    assert (await file(estate, "activity", DESK_ID, activity="自查")).remarks == ()


async def test_what_a_rule_of_the_target_itself_counts_is_not_remarked_on(estate: Estate) -> None:
    ours = rule("done_every", "site", "30d", activity="drill")
    estate.policy = replace(estate.policy, rules={**estate.policy.rules, ours.key: ours}, _applicable={}, _needs={})
    assert (await file(estate, "activity", SITE, activity="应急演练")).remarks == ()
    (remark,) = (await file(estate, "activity", SITE, activity="自查")).remarks
    assert remark.place == "target"
    told = (await file(estate, "activity", SITE, activity="植树")).remarks
    assert [str(one.words) for one in told] == ["no rule counts “植树”"]


async def test_an_order_names_an_incident_of_its_own_site(estate: Estate) -> None:
    for _ in range(4):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(timedelta(minutes=1))
    (one,) = await estate.do(lambda tx: incidents.open_memberships(tx, SITE))
    number = str(one.incident)
    with pytest.raises(Unfit) as refused:
        await file(estate, "order", "site-2", problem="打不开", incident=number)
    (problem,) = refused.value.problems
    assert problem.place == "set incident"
    assert str(problem.words).startswith(f"incident {number} is about ")
    await file(estate, "order", COLUMN, problem="打不开", incident=number)
    await file(estate, "order", SITE, problem="打不开", incident=number)
