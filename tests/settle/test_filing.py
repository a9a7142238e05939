"""A declaration filed into a living store: refused whole, judged at once, the past with it; corrected, taken back, returned."""

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.clock import SHANGHAI, from_ms, iso, to_ms
from monitor.config.declaring import Paper, Request, Unfit
from monitor.model import CLOSURES, DESK_ID, Compliance, Outage, Reach
from monitor.settle.filing import Done, amend, file_declaration, withdraw
from monitor.settle.policy import Policy
from monitor.store import declarations, events, filed, findings, standings
from monitor.store.opening import open_writer
from tests.clock import START
from tests.judge.made import at
from tests.settle.desk import ACCOUNT, SITE, Estate, down, opens
from tests.store.made import site, with_targets

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PAPER = Paper("批复.pdf", 3, "a" * 64)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    """Its rules about outages yield to closures, as those of the shipped packs do."""
    estate = await Estate.open(tmp_path)
    estate.policy = yielding(estate.policy)
    yield estate
    await estate.close()


def yielding(policy: Policy) -> Policy:
    kinds = tuple(sorted(CLOSURES))
    rules = {
        key: replace(rule, exempt_by=kinds)
        if rule.obligation == "reachable" and rule.applies.kind == "site" and "window" not in rule.options
        else rule
        for key, rule in policy.rules.items()
    }
    return replace(policy, rules=rules, _applicable={}, _needs={})


async def go(estate: Estate, times: int, *, up: bool) -> None:
    for _ in range(times):
        await estate.look(SITE, Reach.OPEN if up else Reach.CONNECT, opens() if up else down())
        await estate.pass_time(MINUTE)


def local(estate: Estate, back: timedelta = timedelta()) -> str:
    return (estate.clock.now() - back).astimezone(SHANGHAI).isoformat()


async def file(estate: Estate, kind: str, target: str = SITE, **other: Any) -> Done:
    values: dict[str, Any] = {"start": local(estate), "by": "张三", **other}
    request = Request(kind=kind, target=target, **values)
    return await estate.do(lambda tx: file_declaration(tx, estate.policy, request, estate.clock.now()))


def what(done: Done) -> list[str]:
    return [one.what for one in done.changed]


def body(done: Done, name: str) -> Any:
    return next(one.body for one in done.changed if one.what == name)


async def refused(estate: Estate, *args: Any, **other: Any) -> Sequence[str]:
    before = await dump(estate)
    with pytest.raises(Unfit) as caught:
        await file(estate, *args, **other)
    assert await dump(estate) == before, "nothing is half applied"
    return [one.place for one in caught.value.problems]


async def dump(estate: Estate) -> list[str]:
    return await estate.do(lambda tx: list(tx.iterdump()))


async def test_filed_late_the_running_outage_weighs_less_and_says_so(estate: Estate) -> None:
    await go(estate, 4, up=False)
    number = (await estate.do(lambda tx: tx.execute("SELECT id FROM incidents").fetchone()))[0]
    await estate.pass_time(2 * HOUR)
    await estate.look(SITE, Reach.CONNECT, down())
    done = await file(
        estate, "force_majeure", start=local(estate, 3 * HOUR), fields={"reason": "停电"}, papers=(PAPER,)
    )
    told = body(done, "outage")
    assert told["seconds"] == [0, (estate.clock.now() - START).total_seconds()]
    assert told["to"] is None
    was, now = body(done, "incident")["severity"]
    assert (was, now) == ("serious", "remind")
    before, after = body(done, "samples")["failed"]
    assert before == 5
    assert after == 0
    stands = [one.body for one in done.changed if one.what == "standing"]
    assert {tuple(one["standing"]) for one in stands} >= {("breached", "exempt")}  # type: ignore[arg-type]
    stored = await estate.do(
        lambda tx: tx.execute("SELECT severity, state FROM incidents WHERE id = ?", (number,)).fetchone()
    )
    assert stored == ("remind", "open"), "it goes on, quietly"
    begun = await estate.do(lambda tx: tx.execute("SELECT since FROM members").fetchall())
    assert begun == [(to_ms(START),)], "since the site is down, however early it was filed for"
    exempt = [
        one for one in await estate.do(lambda tx: standings.of_target(tx, SITE)) if one.value is Compliance.EXEMPT
    ]
    assert {(one.since, one.inputs["declaration"]) for one in exempt} == {(estate.clock.now() - 3 * HOUR, done.number)}
    log = [(line.who, line.what) for line in await estate.do(lambda tx: events.newest(tx, 3))]
    assert log == [("张三", "target.judged_again"), ("张三", "incident.eased"), ("张三", "declaration.filed")]
    again = await withdraw_(estate, done.number)
    assert body(again, "samples")["failed"] == [0, 5]
    assert body(again, "incident")["severity"] == ["remind", "serious"]
    assert body(again, "outage")["seconds"][1] == 0


async def withdraw_(estate: Estate, number: int, **other: str) -> Done:
    values = {"by": "李四", "note": "登记有误", **other}
    return await estate.do(lambda tx: withdraw(tx, estate.policy, number, estate.clock.now(), **values))


async def test_an_outage_that_is_over_would_have_been_told_quietly(estate: Estate) -> None:
    await go(estate, 4, up=False)
    await go(estate, 3, up=True)
    await estate.pass_time(DAY + HOUR)
    await estate.look(SITE, Reach.OPEN, opens())
    end = (estate.clock.now()).astimezone(SHANGHAI).isoformat()
    done = await file(estate, "temporary_offline", start=local(estate, 2 * DAY), end=end, number="〔2026〕1号")
    (past,) = [one.body for one in done.changed if one.what == "past_incident"]
    assert past["incident"] == 1
    assert past["severity"] == ["serious", "remind"]
    assert past["quiet"] == ["house/outage"]
    assert body(done, "outage")["seconds"][1] > 0
    assert await estate.incidents() == [("outage", SITE, "recovered")], "it stays over"
    same = await estate.do(
        lambda tx: amend(
            tx, estate.policy, done.number, estate.clock.now(), fields={"restore_filed": "2026-11-20"}, by="李四"
        )
    )
    assert same.changed == ()


async def test_a_closure_filed_ahead_changes_nothing_yet_and_its_notice_is_looked_at(estate: Estate) -> None:
    await estate.look(SITE, Reach.OPEN, opens())
    assert await estate.due_in(SITE) > timedelta()
    fields = {"own_notice": "http://one.example/notice"}
    done = await file(estate, "temporary_offline", start="2026-12-01", end="2026-12-20", fields=fields)
    assert what(done) == ["look"]
    assert await estate.due_in(SITE) == timedelta()
    (one,) = await estate.do(lambda tx: declarations.of_target(tx, SITE))
    assert one.fields == fields


async def test_a_return_ends_the_outage_at_once_when_the_site_opens(estate: Estate) -> None:
    await go(estate, 4, up=False)
    assert await refused(estate, "return") == ["target"]
    await go(estate, 1, up=True)
    assert await refused(estate, "return") == ["target"], "seen open once, not confirmed"
    await go(estate, 2, up=True)
    up_since = (await running(estate)).up_since
    done = await file(estate, "return")
    assert "outage_ended" in what(done)
    (over,) = await estate.do(lambda tx: filed.outages_of(tx, SITE, estate.clock.now()))
    assert over.up_since == up_since
    assert over.ended_at == estate.clock.now()
    await go(estate, 4, up=False)
    again = await running(estate)
    assert (again.started_at, again.gaps) == (over.ended_at, ()), "down again: an outage of its own"


async def running(estate: Estate) -> Outage:
    found = await estate.do(lambda tx: findings.running_outage(tx, SITE))
    assert found is not None
    return found


async def test_a_return_taken_back_lets_the_outage_go_on(estate: Estate) -> None:
    await go(estate, 4, up=False)
    await go(estate, 3, up=True)
    before = await running(estate)
    done = await file(estate, "return")
    back = await withdraw_(estate, done.number)
    assert what(back) == ["outage_goes_on", "standing"], "nobody had filed the outage that goes on"
    assert await running(estate) == before
    await go(estate, 4, up=False)
    after = await running(estate)
    assert (after.started_at, len(after.gaps)) == (before.started_at, 1), "one outage with a gap, as if never returned"


async def test_a_return_ends_a_closure_that_had_no_end(estate: Estate) -> None:
    await file(estate, "ordered_closure", start=local(estate, DAY), fields={"ordered_by": "网信办", "reason": "漏洞"})
    await file(estate, "return")
    await estate.pass_time(DAY)
    await go(estate, 4, up=False)
    severity = await estate.do(lambda tx: tx.execute("SELECT severity FROM incidents").fetchall())
    assert severity == [("serious",)], "closed until the return, not for ever"


async def test_the_hours_before_it_opened_on_the_day_of_its_return_stay_filed(estate: Estate) -> None:
    await file(estate, "temporary_offline", start=local(estate, DAY), end=local(estate, -9 * DAY))
    await go(estate, 4, up=False)
    await go(estate, 3, up=True)
    done = await file(estate, "return", start="2026-11-20")
    assert body(done, "outage_ended")["to"].startswith("2026-11-20T09:04")
    assert not [one for one in done.changed if one.what in {"samples", "outage"}]
    assert await refused(estate, "return", start="2026-11-19") == ["from"]


async def test_the_desk_s_own_records_are_judged_with_the_desk(estate: Estate) -> None:
    done = await file(estate, "activity", DESK_ID, fields={"activity": "应急演练"})
    assert done.number == 1
    (one,) = await estate.do(lambda tx: declarations.of_target(tx, DESK_ID))
    assert one.fields == {"activity": "应急演练"}


async def test_what_cannot_be_is_refused_whole(estate: Estate) -> None:
    await file(estate, "temporary_offline", start="2026-12-01", end="2026-12-20")
    assert await refused(estate, "force_majeure", start="2026-12-20", fields={"reason": "x"}) == ["from"]
    assert await refused(estate, "return", "site-12") == ["target", "from"]
    assert await refused(estate, "order", fields={"problem": "x", "incident": 5}) == ["set incident"]
    assert await refused(estate, "account_closing", corrects=1) == ["target", "corrects"]
    assert await refused(estate, "account_closing", ACCOUNT, end="x", by="", corrects=7) == ["corrects", "to", "by"]
    with pytest.raises(Unfit):
        await withdraw_(estate, 1, note=" ")
    with pytest.raises(Unfit):
        await withdraw_(estate, 9)


async def test_a_closure_longer_than_the_rules_allow_is_remarked_on_at_once_and_noted(estate: Estate) -> None:
    done = await file(estate, "temporary_offline", start="2026-12-01", end="2027-02-05")
    said = [str(one.words) for one in done.remarks]
    assert any(line.startswith("planned until day 66: ") and line.endswith("allows 30d") for line in said), said
    assert {str(one.advice) for one in done.remarks} == {"check the end; from 2027-01-01 on the limit is broken"}
    (noted,) = [
        line for line in await estate.do(lambda tx: events.newest(tx, 9)) if line.what == "declaration.remarked"
    ]
    assert json.loads(json.dumps(noted.body))["declaration"] == done.number
    assert noted.who == "张三"
    await withdraw_(estate, done.number)
    for end, remarked in (("2026-12-31", False), ("2027-01-01", True)):
        again = await file(estate, "temporary_offline", start="2026-12-01", end=end)
        assert bool(again.remarks) is remarked, "day 30 is the last, day 31 is one too many"
        await withdraw_(estate, again.number)
    order = {"ordered_by": "网信办", "reason": "漏洞"}
    long = await file(estate, "ordered_closure", start="2026-12-01", end="2027-02-05", fields=order)
    assert long.remarks == (), "no rule limits the days of a closure by order"
    unsure = {key: replace(one, status="有效期未核实") for key, one in estate.policy.rules.items()}
    estate.policy = replace(estate.policy, rules=unsure, _applicable={}, _needs={})
    told = await file(estate, "temporary_offline", start="2027-03-01", end="2027-05-05")
    said = [str(one.words) for one in told.remarks]
    assert any(line.endswith("（有效期未核实） allows 30d") for line in said), said


async def planned(estate: Estate, kind: str, start: str, end: str, **other: Any) -> list[str]:
    """What is remarked on its length, and since when the limit would be broken."""
    done = await file(estate, kind, start=start, end=end, **other)
    return sorted({f"{one.words} / {one.advice}" for one in done.remarks if "planned until" in str(one.words)})


async def test_closures_that_touch_are_as_long_as_all_of_them(estate: Estate) -> None:
    """Each is within 30 days; the site would be off for 59."""
    assert await planned(estate, "temporary_offline", "2026-12-01", "2026-12-30") == []
    told = await planned(estate, "temporary_offline", "2026-12-31", "2027-01-29")
    assert [line for line in told if "国办发" in line], told
    for line in told:
        assert line.startswith("with what touches it off since 2026-12-01, planned until day 59: ")
        assert line.endswith("from 2027-01-01 on the limit is broken")
    assert await planned(estate, "temporary_offline", "2026-12-31", "2026-12-31", corrects=2) == []
    assert await planned(estate, "temporary_offline", "2027-01-02", "2027-01-20") == [], "a day between"
    assert await planned(estate, "temporary_offline", "2027-01-01", "2027-01-01"), "it fills the day between"


async def test_what_no_limit_of_days_holds_for_makes_a_closure_after_it_longer(estate: Estate) -> None:
    assert await planned(estate, "force_majeure", "2026-12-01", "2027-01-20", fields={"reason": "洪水"}) == []
    (told, *_) = await planned(estate, "temporary_offline", "2027-01-21", "2027-01-25")
    assert "off since 2026-12-01, planned until day 55" in told


async def test_a_closure_of_a_site_that_was_seen_open_throughout_is_remarked_on(estate: Estate) -> None:
    await go(estate, 3, up=True)
    await estate.pass_time(2 * HOUR)
    past = {"start": local(estate, 3 * HOUR), "end": local(estate, HOUR)}
    seen = await file(estate, "temporary_offline", **past)
    assert [str(one.words) for one in seen.remarks] == [
        "the website was seen to open in that time, and never seen down"
    ]
    unwatched = await file(estate, "temporary_offline", "site-5", **past)
    assert unwatched.remarks == (), "nobody looked: neither up nor down"
    await withdraw_(estate, seen.number)
    await go(estate, 4, up=False)
    down_ = await file(estate, "temporary_offline", start=local(estate, 3 * HOUR), end=local(estate))
    assert down_.remarks == ()


async def test_a_closure_is_not_withdrawn_from_under_its_return(estate: Estate) -> None:
    closed = await file(estate, "temporary_offline", start=local(estate, DAY), end=local(estate, -DAY))
    back = await file(estate, "return")
    with pytest.raises(Unfit, match=f"declaration {back.number}, the return of 2026-11-20"):
        await withdraw_(estate, closed.number)
    await withdraw_(estate, back.number)
    await withdraw_(estate, closed.number)


async def test_closed_for_good_it_comes_back_by_a_launch_and_not_by_a_return(estate: Estate) -> None:
    await file(estate, "permanent_offline", start=local(estate, 9 * DAY))
    assert await refused(estate, "return") == ["from"]
    await file(estate, "launch", start=local(estate, DAY))
    await file(estate, "temporary_offline", start=local(estate), end=local(estate, -DAY))
    assert await refused(estate, "launch", start=local(estate)) == ["from"]


async def test_the_very_same_twice_is_refused_and_corrected_is_not(estate: Estate) -> None:
    drill = {"fields": {"activity": "应急演练"}}
    one = await file(estate, "activity", DESK_ID, start="2026-11-19", **drill)
    assert await refused(estate, "activity", DESK_ID, start="2026-11-19", **drill) == ["from"]
    told = {"fields": {"activity": "应急演练", "units": "甲局"}}
    await file(estate, "activity", DESK_ID, start="2026-11-19", corrects=one.number, **told)
    assert await refused(estate, "activity", DESK_ID, start="2026-11-25", **drill) == ["from"]


async def test_a_paper_is_kept_by_its_hash_through_corrections(estate: Estate) -> None:
    first = await file(estate, "change", fields={"what": "栏目调整"}, papers=(PAPER,))
    more = Paper("回执.pdf", 4, "b" * 64)
    done = await estate.do(
        lambda tx: amend(
            tx,
            estate.policy,
            first.number,
            estate.clock.now(),
            fields={"filed_on": "2026-11-20"},
            papers=(more,),
            by="李四",
        )
    )
    line = await estate.do(lambda tx: filed.of_number(tx, done.number))
    assert line is not None
    assert [(paper.name, paper.sha256) for paper in line.attachments] == [PAPER[::2], more[::2]]
    assert line.declaration.fields == {"what": "栏目调整", "filed_on": "2026-11-20"}
    assert line.corrects == first.number
    taken = await estate.do(
        lambda tx: amend(tx, estate.policy, done.number, estate.clock.now(), fields={"filed_on": ""}, by="李四")
    )
    line = await estate.do(lambda tx: filed.of_number(tx, taken.number))
    assert line is not None
    assert line.declaration.fields == {"what": "栏目调整"}


async def test_an_amendment_that_changes_nothing_is_none(estate: Estate) -> None:
    given: dict[str, Any] = {"number": "〔2026〕1号", "fields": {"approved_by": ["市府办"]}, "papers": (PAPER,)}
    told = {"start": "2026-12-01", "end": "2026-12-10", **given}
    first = await file(estate, "temporary_offline", **told)

    def again(tx: sqlite3.Connection, told: dict[str, Any]) -> Done:
        return amend(tx, estate.policy, first.number, estate.clock.now(), by="李四", **told)

    nothing: list[dict[str, Any]] = [
        {},
        {"told": {"from": "2026-12-01", "to": "2026-12-10", "number": " 〔2026〕1号 "}},
        {"fields": {"approved_by": ["市府办"], "restore_filed": ""}, "papers": (PAPER,)},
    ]
    for one in nothing:
        with pytest.raises(Unfit) as unfit:
            await estate.do(partial(again, told=one))
        (problem,) = unfit.value.problems
        assert (problem.place, problem.conflict) == ("declaration", True)
        assert str(problem.words) == f"nothing is told otherwise than declaration {first.number} has it"
    assert await refused(estate, "temporary_offline", corrects=first.number, **told) == ["corrects"]
    assert len(await estate.do(lambda tx: filed.ledger(tx, every=True))) == 1
    done = await estate.do(partial(again, told={"told": {"to": "2026-12-09"}}))
    with pytest.raises(Unfit) as unfit:  # the second click
        await estate.do(partial(again, told={"told": {"to": "2026-12-09"}}))
    assert str(unfit.value.problems[0].words) == f"declaration {first.number} was corrected by {done.number}"


async def test_another_end_keeps_all_the_rest(estate: Estate) -> None:
    given: dict[str, Any] = {"number": "〔2026〕1号", "fields": {"approved_by": ["市府办"]}, "papers": (PAPER,)}
    first = await file(estate, "temporary_offline", start="2026-12-01", end="2026-12-10", **given)

    async def told(earlier: int, words: dict[str, str]) -> tuple[int, str, datetime | None, str]:
        done = await estate.do(lambda tx: amend(tx, estate.policy, earlier, estate.clock.now(), told=words, by="李四"))
        line = await estate.do(lambda tx: filed.of_number(tx, done.number))
        assert line is not None
        one = line.declaration
        assert (one.fields, line.attachments[0].name, done.remarks) == ({"approved_by": ["市府办"]}, PAPER.name, ())
        return done.number, iso(one.start)[:10], one.end, one.number

    second, *kept = await told(first.number, {"to": "2026-12-05"})
    assert kept == ["2026-12-01", at("2026-12-06"), "〔2026〕1号"]
    third, *kept = await told(second, {"from": "2026-12-02", "number": "〔2026〕2号"})
    assert kept == ["2026-12-02", at("2026-12-06"), "〔2026〕2号"]
    with pytest.raises(Unfit) as unfit:
        await told(third, {"to": "", "from": "morgen"})
    assert [one.place for one in unfit.value.problems] == ["from", "to"]


async def test_what_a_correction_leaves_out_is_said(estate: Estate) -> None:
    fields = {"reason": "停电", "reported": "2026-11-20"}
    given: dict[str, Any] = {"number": "1号", "fields": fields, "papers": (PAPER,), "end": "2026-11-19"}
    first = await file(estate, "force_majeure", start="2026-11-19", **given)
    second = await file(estate, "force_majeure", start="2026-11-19", fields={"reason": "停电"}, corrects=first.number)
    said = [(one.place, one.words.values["value"]) for one in second.remarks]
    assert said == [
        ("set reported", "2026-11-20"),
        ("number", "1号"),
        ("to", "2026-11-20 00:00"),
        (f"attach {PAPER.name}", PAPER.name),
    ]
    third = await file(estate, "force_majeure", start="2026-11-18", fields={"reason": "雷击"}, corrects=second.number)
    assert third.remarks == ()


async def test_the_log_names_the_person_and_holds_the_whole_of_it(estate: Estate) -> None:
    await file(estate, "change", number="〔2026〕7号", fields={"what": "域名"}, papers=(PAPER,))
    (line,) = await estate.do(lambda tx: [one for one in events.newest(tx, 9) if one.what == "declaration.filed"])
    assert line.who == "张三"
    told = json.loads(json.dumps(line.body))
    assert (told["kind"], told["target"], told["number"], told["fields"]) == (
        "change",
        SITE,
        "〔2026〕7号",
        {"what": "域名"},
    )
    assert from_ms(told["start"]) == estate.clock.now()
    assert told["attachments"] == [{"name": "批复.pdf", "bytes": 3, "sha256": "a" * 64}]


STEPS = st.lists(st.tuples(st.sampled_from(["correct", "amend", "withdraw"]), st.integers(1, 6)), max_size=12)


@given(STEPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_of_a_chain_of_corrections_exactly_one_counts_until_it_is_withdrawn(steps: list[tuple[str, int]]) -> None:
    tx = open_writer(":memory:", synchronous="OFF")
    tx.execute("BEGIN")
    with_targets(tx, site(SITE))
    file_declaration(tx, None, change("0"), START)
    withdrawn, head, highest = False, 1, 1
    for step, (name, number) in enumerate(steps, 1):
        may = not withdrawn and number == head
        try:
            if name == "correct":
                done = file_declaration(tx, None, replace(change(str(step)), corrects=number), START)
            elif name == "amend":
                done = amend(tx, None, number, START, fields={"what": str(step)}, by="李四")
            else:
                done = withdraw(tx, None, number, START, by="李四", note="x")
        except Unfit:
            assert not may
            continue
        assert may
        withdrawn, head = name == "withdraw", done.number
        highest = max(highest, head)
        counting = [one.id for one in declarations.of_target(tx, SITE)]
        assert counting == ([] if withdrawn else [head])
        assert len(filed.ledger(tx, SITE, every=True)) == highest, "nothing is erased"
    assert events.verify(tx) is None
    tx.close()


def change(word: str) -> Request:
    return Request(kind="change", target=SITE, start="2026-11-20", by="张三", fields={"what": word})
