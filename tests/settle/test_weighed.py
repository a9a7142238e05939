"""What is filed in retrospect makes past incidents what they would have been; taken back or corrected, what they were. Never untold."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.clock import SHANGHAI
from monitor.config.declaring import Request
from monitor.consequences import told
from monitor.evidence import check
from monitor.evidence.explain import explanation
from monitor.evidence.lines import as_json, lines
from monitor.evidence.proof import proof
from monitor.evidence.verify import verify
from monitor.model import Reach
from monitor.settle.filing import Done, amend, file_declaration, withdraw
from monitor.settle.policy import Policy
from monitor.store import canon, events
from tests.settle.desk import SITE, Estate, down, opens

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    """With an outage of a site that is over and was told."""
    estate = await Estate.open(tmp_path)
    await an_outage(estate)
    yield estate
    await estate.close()


async def an_outage(estate: Estate) -> None:
    for _ in range(4):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)
    for _ in range(3):
        await estate.look(SITE, Reach.OPEN, opens())
        await estate.pass_time(MINUTE)
    await estate.pass_time(DAY + HOUR)
    await estate.look(SITE, Reach.OPEN, opens())


def local(estate: Estate, back: timedelta = timedelta()) -> str:
    return (estate.clock.now() - back).astimezone(SHANGHAI).isoformat()


def closure(estate: Estate, back: timedelta = 2 * DAY, end: timedelta = timedelta()) -> Request:
    return Request(
        kind="temporary_offline",
        target=SITE,
        start=local(estate, back),
        end=local(estate, end),
        by="张三",
        number="1号",
    )


async def file(estate: Estate, request: Request, policy: Policy | None = None) -> Done:
    policy = policy or estate.policy
    return await estate.do(lambda tx: file_declaration(tx, policy, request, estate.clock.now()))


async def take_back(estate: Estate, number: int, policy: Policy | None = None) -> Done:
    now, by = estate.clock.now(), policy or estate.policy
    return await estate.do(lambda tx: withdraw(tx, by, number, now, by="李四", note="登记有误"))


async def stands(estate: Estate) -> tuple[Any, ...]:
    sql = (
        "SELECT state, severity, (SELECT severity FROM members WHERE incident_id = i.id) FROM incidents i WHERE id = 1"
    )
    row: tuple[Any, ...] = await estate.do(lambda tx: tx.execute(sql).fetchone())
    return row


def past(done: Done) -> list[list[str]]:
    return [one.body["member"] for one in done.changed if one.what == "past_incident"]  # type: ignore[misc]


async def test_filing_it_makes_the_incident_quiet_and_withdrawing_it_loud_again(estate: Estate) -> None:
    assert await stands(estate) == ("recovered", "serious", "serious")
    notices = await estate.notices()
    done = await file(estate, closure(estate))
    assert past(done) == [["serious", "remind"]]
    assert await stands(estate) == ("recovered", "remind", "remind")
    back = await take_back(estate, done.number)
    assert past(back) == [["remind", "serious"]]
    assert await stands(estate) == ("recovered", "serious", "serious")
    assert await estate.notices() == notices, "what was told stays told, and nothing is told anew"
    sentences = [told(one, estate.policy.rules, "en", estate.clock.now())["words"] for one in back.changed]
    assert any("which is over: reminder → serious" in str(one) for one in sentences), sentences


async def test_every_turn_is_an_event_with_before_and_after_and_explain_shows_it(estate: Estate) -> None:
    done = await file(estate, closure(estate))
    await take_back(estate, done.number)
    log = [one for one in await estate.do(lambda tx: events.of_incident(tx, 1)) if one.what == "incident.judged_again"]
    assert [(one.who, one.body["member"], one.body["declaration"]) for one in log] == [
        ("张三", ["serious", "remind"], done.number),
        ("李四", ["remind", "serious"], done.number),
    ]
    found = await estate.do(lambda tx: explanation(tx, 1))
    assert found.same is True
    said = "\n".join(lines(found, "zh-CN"))
    assert "→" in said
    assert "登记有误" in said, "the one that was withdrawn is shown, with who and why"
    (filed,) = as_json(found, "en")["declarations"]
    assert (filed["superseded_by"], filed["withdrawn_because"]) == ("李四", "登记有误")
    assert filed["superseded_at"] == local(estate)


async def test_the_log_and_the_proof_know_it(estate: Estate) -> None:
    done = await file(estate, closure(estate))
    for step in range(2):
        assert (await estate.do(verify)).problems == ()
        proven = json.loads(canon.dumps(await estate.do(lambda tx: proof(tx, 1, estate.clock.now()))))
        assert check.check(proven).wrong == 0
        assert proven["incident"]["severity"] == ("remind", "serious")[step]
        proven["declarations"][0]["superseded_at"] = None if step else 1
        assert check.check(proven).wrong, "whether it counts still is sealed, too"
        if not step:
            await take_back(estate, done.number)
    await estate.do(lambda tx: tx.execute("UPDATE incidents SET severity = 'remind'"))
    assert not (await estate.do(verify)).holds


async def test_a_correction_that_takes_the_time_away_is_a_withdrawal_of_it(estate: Estate) -> None:
    first = await file(estate, closure(estate))
    note = {"restore_filed": "2026-11-20"}
    same = await estate.do(
        lambda tx: amend(tx, estate.policy, first.number, estate.clock.now(), fields=note, by="李四")
    )
    assert past(same) == [], "another field excuses nothing more and nothing less"
    later = closure(estate, HOUR, -DAY)
    moved = Request(**{**{n: getattr(later, n) for n in later.__slots__}, "corrects": same.number})
    done = await file(estate, moved)
    assert past(done) == [["remind", "serious"]]
    (filed_first, *_) = (await estate.do(lambda tx: explanation(tx, 1))).declarations
    assert (filed_first.declaration.id, filed_first.corrected_by, filed_first.by) == (first.number, same.number, "李四")


async def test_what_was_down_before_the_closure_began_stays_as_grave(estate: Estate) -> None:
    assert past(await file(estate, closure(estate, DAY + HOUR, DAY))) == []
    assert (await stands(estate))[1] == "serious"


async def test_a_closure_of_another_time_is_no_part_of_it(estate: Estate) -> None:
    await file(estate, closure(estate, HOUR, -DAY))
    assert (await estate.do(lambda tx: explanation(tx, 1))).declarations == []


async def test_a_false_alarm_and_an_earlier_judging_without_rules_are_left_alone(estate: Estate) -> None:
    await estate.do(lambda tx: tx.execute("UPDATE incidents SET state = 'false_alarm', closed_at = 1"))
    assert past(await file(estate, closure(estate))) == []


async def test_of_a_target_that_is_watched_no_more_the_past_is_judged_all_the_same(estate: Estate) -> None:
    await estate.do(lambda tx: tx.execute("UPDATE targets SET removed_at = 1 WHERE id = ?", (SITE,)))
    done = await file(estate, closure(estate))
    assert past(done) == [["serious", "remind"]]
    assert past(await take_back(estate, done.number)) == [["remind", "serious"]]


async def test_filed_ahead_and_withdrawn_afterwards_it_weighs_what_it_should_have(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    done = await file(estate, closure(estate, HOUR, -3 * DAY))
    await an_outage(estate)
    assert await stands(estate) == ("recovered", "remind", "remind")
    assert past(await take_back(estate, done.number)) == [["remind", "serious"]]
    assert await stands(estate) == ("recovered", "serious", "serious")
    await estate.close()


@given(st.lists(st.sampled_from(["file", "withdraw"]), min_size=1, max_size=8))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_is_filed_and_taken_back_it_weighs_what_stands_filed(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    estate = await Estate.open(tmp_path_factory.mktemp("weighed"))
    await an_outage(estate)
    number: int | None = None
    for step in steps:
        if step == "file" and number is None:
            number = (await file(estate, closure(estate))).number
        elif step == "withdraw" and number is not None:
            await take_back(estate, number)
            number = None
        expected = "serious" if number is None else "remind"
        assert await stands(estate) == ("recovered", expected, expected)
    assert (await estate.do(verify)).holds
    await estate.close()
