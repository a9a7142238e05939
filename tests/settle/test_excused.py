"""A false alarm (误报) is not told again while it is as it was, whatever lies in between; when it happens anew it is told.

A state machine for every cause: the thing is bad, is well, is called a false alarm, its site does not open, our network is blind.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.clock import civil_day, to_ms
from monitor.model import (
    DESK_ID,
    Cause,
    Declaration,
    DeclarationKind,
    Finding,
    Link,
    Measure,
    MessageClass,
    Pack,
    Reach,
    TargetKind,
    fail,
    ok,
    say,
    unknown,
)
from monitor.settle.desk import judge_desk
from monitor.settle.policy import policy_of
from monitor.store import brought, commands, declarations, registers, rules as rule_rows, seen, targets
from tests.judge.made import rule
from tests.settle.desk import ACCOUNT, COLUMN, INVENTORY, SITE, Estate, down, opens, posted, walled

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LINK = Link("http://one.example/gone", "", "a")
TOWN = (
    rule("fixed_within", "desk", "1d", pack="town"),
    rule("answered_within", "site", "3d", pack="town", classes=["consulting"]),
    rule("done_every", "desk", "1y", pack="town", activity="drill"),
)
WORDS = say("something is wrong")
UNMARKED = fail("marks_present", Cause.MARKS, "missing", WORDS, missing=["site_code", "icp", "police", "conac"])
Step = Callable[[Estate], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a cause is shown to be bad and well. `ended`: an outage of the site ends its incident, for it says more."""

    target: str
    cause: Cause
    bad: Step
    well: Step
    ended: bool = False
    outages: bool = True


def seen_as(target: str, bad: Finding, well: Finding, times: int = 2, every: timedelta = HOUR) -> tuple[Step, Step]:
    """Told by so many looks in a row."""

    def looks(found: Finding) -> Step:
        async def look(estate: Estate) -> None:
            for _ in range(times):
                await come_up(estate, target)
                findings = (found,) if found.check == "reachable" else (*opens(), found)
                reach = Reach.SLOW if found.cause is Cause.SLOW else Reach.OPEN
                await estate.look(target, reach, findings)
                await estate.pass_time(every)

        return look

    return looks(bad), looks(well)


async def come_up(estate: Estate, target: str) -> None:
    """The site first, where the target hangs on it."""
    if target in {SITE, ACCOUNT, DESK_ID}:
        return
    for _ in range(3):
        await estate.look(SITE, Reach.OPEN, opens())
        await estate.pass_time(MINUTE)


def simple(target: str, check: str, cause: Cause, times: int = 2) -> Kind:
    return Kind(target, cause, *seen_as(target, fail(check, cause, "x", WORDS), ok(check, WORDS), times))


def by_reach(cause: Cause, reason: str) -> Kind:
    told = seen_as(SITE, fail("reachable", cause, reason, WORDS), ok("reachable", WORDS), 3, MINUTE)
    return Kind(SITE, cause, *told, ended=cause is not Cause.OUTAGE, outages=cause is not Cause.OUTAGE)


async def stale(estate: Estate) -> None:
    await come_up(estate, COLUMN)
    await estate.pass_time(16 * DAY)
    rows = "SELECT json_extract(measures, '$[0].value') FROM runs WHERE target_id = ? AND check_name = 'column_fresh' AND outcome = 'ok' ORDER BY id DESC"
    last = await estate.do(lambda tx: tx.execute(rows, (COLUMN,)).fetchone())
    await estate.look(COLUMN, Reach.OPEN, opens(last[0] if last and last[0] else "2026-10-01"))


async def fresh(estate: Estate) -> None:
    await come_up(estate, COLUMN)
    await estate.look(COLUMN, Reach.OPEN, opens(civil_day(estate.clock.now()).isoformat()))


async def silent(estate: Estate) -> None:
    await estate.pass_time(16 * DAY)
    days = "SELECT evidence ->> '$.day' FROM runs WHERE target_id = ? AND outcome = 'ok' ORDER BY id DESC"
    last = await estate.do(lambda tx: tx.execute(days, (ACCOUNT,)).fetchone())
    await post(estate, last[0] if last else "2026-10-01")


async def posting(estate: Estate) -> None:
    await post(estate, civil_day(estate.clock.now()).isoformat())


async def post(estate: Estate, day: str) -> None:
    (one,) = posted(day)
    await estate.look(ACCOUNT, Reach.OPEN, (one._replace(evidence={"day": day}),))


async def blind(estate: Estate) -> None:
    for _ in range(3):
        await estate.look(SITE, Reach.CHALLENGED, walled())
        await estate.pass_time(20 * HOUR)
    await estate.look(SITE, Reach.CHALLENGED, walled())


async def sighted(estate: Estate) -> None:
    for _ in range(3):
        await estate.look(SITE, Reach.OPEN, opens())
        await estate.pass_time(MINUTE)


async def shell(estate: Estate) -> None:
    await come_up(estate, COLUMN)
    for _ in range(5):
        findings = (unknown("reachable", "challenged", WORDS), unknown("column_fresh", "shell", WORDS))
        await estate.look(COLUMN, Reach.CHALLENGED, findings)
        await estate.pass_time(DAY)


async def read(estate: Estate) -> None:
    await fresh(estate)


async def share(estate: Estate, failed: int) -> None:
    def write(tx: object) -> None:
        tx.execute("DELETE FROM availability WHERE target_id = ?", (SITE,))  # type: ignore[attr-defined]
        hour = to_ms(estate.clock.now()) // 3_600_000
        tx.execute("INSERT INTO availability VALUES (?, ?, 9, ?, 0)", (SITE, hour, failed))  # type: ignore[attr-defined]
        brought.touch(tx, SITE, estate.clock.now())  # type: ignore[arg-type]

    for _ in range(3):
        await estate.look(SITE, Reach.OPEN, opens(), sample=False)
        await estate.pass_time(MINUTE)
    await estate.do(write)
    await estate.look(SITE, Reach.OPEN, opens(), sample=False)
    await estate.pass_time(MINUTE)


async def late(estate: Estate) -> None:
    """A message nobody answers; the same one, while there is one."""
    for _ in range(3):
        await estate.look(SITE, Reach.OPEN, opens())
    open_ = await estate.do(lambda tx: brought.waiting(tx, SITE))
    now = estate.clock.now()
    if not open_:
        row = registers.MessageRow(SITE, f"m{to_ms(now)}", MessageClass.CONSULTING, now)
        await estate.do(lambda tx: registers.add_message(tx, row, "张三", now))
    await estate.pass_time(20 * DAY)
    await estate.pass_time(MINUTE)


async def answered(estate: Estate) -> None:
    now = estate.clock.now()
    for one in await estate.do(lambda tx: brought.waiting(tx, SITE)):
        await estate.do(lambda tx, one=one: registers.answer_message(tx, (SITE, one.id), now, "李四", now))  # type: ignore[misc]
    for _ in range(3):
        await estate.look(SITE, Reach.OPEN, opens())
        await estate.pass_time(MINUTE)


async def unfixed(estate: Estate) -> None:
    """An order nobody carried out; the same one, while there is one."""
    now = estate.clock.now()
    one = Declaration(
        id=0, kind=DeclarationKind.ORDER, target=DESK_ID, start=now, by="张三", filed_at=now, fields={"problem": "x"}
    )
    if not await estate.do(lambda tx: declarations.of_target(tx, DESK_ID)):
        await estate.do(lambda tx: declarations.file(tx, one, now))
    await estate.pass_time(5 * DAY)
    await judged(estate)


async def fixed(estate: Estate) -> None:
    now = estate.clock.now()
    for one in await estate.do(lambda tx: declarations.of_target(tx, DESK_ID)):
        await estate.do(lambda tx, one=one: declarations.withdraw(tx, one.id, "李四", now, "已整改"))  # type: ignore[misc]
    await judged(estate)


async def undone(estate: Estate) -> None:
    await estate.pass_time(370 * DAY)
    await judged(estate)


async def done(estate: Estate) -> None:
    now = estate.clock.now()
    one = Declaration(
        id=0,
        kind=DeclarationKind.ACTIVITY,
        target=DESK_ID,
        start=now,
        by="张三",
        filed_at=now,
        fields={"activity": "drill"},
    )
    await estate.do(lambda tx: declarations.file(tx, one, now))
    await judged(estate)


async def judged(estate: Estate) -> None:
    now = estate.clock.now()
    await estate.do(lambda tx: judge_desk(tx, estate.policy, now))


async def runs_out(estate: Estate) -> None:
    left = fail("certificate", Cause.CERTIFICATE, "expired", WORDS, Measure("left", -1, "days"))
    await estate.look(SITE, Reach.OPEN, (*opens(), left))
    await estate.pass_time(HOUR)


async def renewed(estate: Estate) -> None:
    good = ok("certificate", WORDS, Measure("left", 200, "days"))
    await estate.look(SITE, Reach.OPEN, (*opens(), good))
    await estate.pass_time(HOUR)


KINDS = {
    "outage": by_reach(Cause.OUTAGE, "connect"),
    "slow": by_reach(Cause.SLOW, "slow"),
    "hijacked": by_reach(Cause.TAMPER, "hijacked"),
    "tampered": simple(SITE, "tampered", Cause.TAMPER),
    "marks": Kind(SITE, Cause.MARKS, *seen_as(SITE, UNMARKED, ok("marks_present", WORDS))),
    "certificate": Kind(SITE, Cause.CERTIFICATE, runs_out, renewed),
    "availability": Kind(SITE, Cause.AVAILABILITY, lambda e: share(e, 600), lambda e: share(e, 0)),
    "blank": simple(COLUMN, "column_blank", Cause.BLANK),
    "forged": simple(COLUMN, "dates_honest", Cause.FORGED_DATE),
    "dead link": simple(seen.link_id(LINK.url), "links_alive", Cause.DEAD_LINK, 3),
    "stale": Kind(COLUMN, Cause.STALE, stale, fresh),
    "silent account": Kind(ACCOUNT, Cause.STALE, silent, posting),
    "blind": Kind(SITE, Cause.BLIND, blind, sighted, outages=False),  # what does not open has its own incident
    "blind column": Kind(COLUMN, Cause.BLIND, shell, read),
    "message": Kind(SITE, Cause.ANSWERED_WITHIN, late, answered),
    "order": Kind(DESK_ID, Cause.FIXED_WITHIN, unfixed, fixed),
    "activity": Kind(DESK_ID, Cause.DONE_EVERY, undone, done),
}


async def opened(folder: Path) -> Estate:
    estate = await Estate.open(folder)
    town = Pack("town", "某市办法", None, "", TOWN)
    told = tuple(replace(one, packs=("national-2019", "house", "town")) for one in INVENTORY)
    with_town = {"targets": told, "packs": (*estate.policy.settings.packs, town)}
    estate.policy = policy_of(estate.policy.settings.model_copy(update=with_town))
    now, period = estate.clock.now(), estate.policy.periods[TargetKind.LINK]
    await estate.do(lambda tx: targets.sync(tx, told, estate.policy.periods, now))
    await estate.do(lambda tx: rule_rows.remember(tx, estate.policy.rules.values(), now))
    await estate.do(lambda tx: seen.note_links(tx, targets.load_target(tx, SITE), [LINK], now, period))
    await judged(estate)
    return estate


async def outage(estate: Estate, kind: Kind) -> None:
    """The site does not open; what hangs on it, or shows itself only on its page, cannot be seen meanwhile."""
    for _ in range(3):
        hidden = () if kind.target != SITE else (unknown("tampered", "unreadable", WORDS),)
        await estate.look(SITE, Reach.CONNECT, (*down(), *hidden), sample=False)
        await estate.pass_time(MINUTE)
    if kind.target not in {SITE, DESK_ID, ACCOUNT}:
        await estate.look(kind.target, Reach.CONNECT, down())
        await estate.pass_time(MINUTE)


async def uplink(estate: Estate, kind: Kind) -> None:
    if kind.target != DESK_ID:
        await estate.look(kind.target, Reach.CONNECT, down(), held=True, sample=False)
    from monitor.settle.ours import settle_ours, uplink as told

    now = estate.clock.now()
    await estate.do(lambda tx: settle_ours(tx, told(blind=False), estate.policy, now))


async def mark(estate: Estate, kind: Kind) -> None:
    sql = """SELECT i.id FROM incidents i JOIN members m ON m.incident_id = i.id
             WHERE i.cause = ? AND m.target_id = ? AND m.left_at IS NULL AND i.state IN ('open', 'acknowledged')"""
    (number,) = await estate.do(lambda tx: tx.execute(sql, (kind.cause, kind.target)).fetchone())
    now = estate.clock.now()
    for who in ("张三", "李四"):
        if await estate.do(lambda tx, who=who: commands.false_alarm(tx, now, who, number, "误报")):  # type: ignore[misc]
            break
    await estate.pass_time(timedelta(seconds=20))


async def counted(estate: Estate, kind: Kind) -> tuple[int, int]:
    sql = """SELECT COUNT(*), coalesce(SUM(i.state IN ('open', 'acknowledged') AND m.left_at IS NULL), 0)
             FROM incidents i JOIN members m ON m.incident_id = i.id WHERE i.cause = ? AND m.target_id = ?"""
    row: tuple[int, int] = await estate.do(lambda tx: tx.execute(sql, (kind.cause, kind.target)).fetchone())
    return row


async def play(folder: Path, name: str, steps: list[str]) -> None:
    """Against a model of three lines: bad opens what is neither open nor excused, well ends both, a mark excuses."""
    estate, kind = await opened(folder), KINDS[name]
    came, is_open, excused = 0, False, False
    await kind.well(estate)
    for number, step in enumerate(steps):
        if step == "bad":
            await kind.bad(estate)
            came, is_open = (came, is_open) if is_open or excused else (came + 1, True)
        elif step == "well":
            await kind.well(estate)
            is_open = excused = False
        elif step == "outage" and kind.outages:
            await outage(estate, kind)
            is_open = is_open and not kind.ended
        elif step == "uplink":
            await uplink(estate, kind)
        elif step == "mark" and is_open:
            await mark(estate, kind)
            is_open, excused = False, True
        assert await counted(estate, kind) == (came, int(is_open)), (name, steps[: number + 1])
    await estate.close()


STEPS = st.lists(st.sampled_from(["bad", "bad", "well", "outage", "uplink", "mark"]), min_size=3, max_size=9)


@pytest.mark.parametrize("name", KINDS)
def test_as_it_was_after_an_outage_in_between_it_is_not_told_again(tmp_path: Path, name: str) -> None:
    asyncio.run(play(tmp_path, name, ["bad", "mark", "outage", "bad", "uplink", "bad", "outage", "outage", "bad"]))


@pytest.mark.parametrize("name", KINDS)
def test_seen_well_and_bad_anew_it_is_told(tmp_path: Path, name: str) -> None:
    asyncio.run(play(tmp_path, name, ["bad", "mark", "well", "bad", "mark", "bad", "outage", "well", "bad"]))


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_comes_in_between(tmp_path_factory: pytest.TempPathFactory, name: str, steps: list[str]) -> None:
    asyncio.run(play(tmp_path_factory.mktemp("excused"), name, steps))


async def test_a_further_thing_of_the_same_cause_is_told_and_only_for_as_long_as_it_is_there(tmp_path: Path) -> None:
    """One message overdue is called false; another one that is overdue later is none of that."""
    estate, kind = await opened(tmp_path), KINDS["message"]
    await late(estate)
    await mark(estate, kind)
    now = estate.clock.now()
    row = registers.MessageRow(SITE, "another", MessageClass.CONSULTING, now)
    await estate.do(lambda tx: registers.add_message(tx, row, "张三", now))
    await estate.pass_time(8 * DAY)
    assert await counted(estate, kind) == (2, 1)
    await estate.do(lambda tx: registers.answer_message(tx, (SITE, "another"), now, "李四", now))
    await estate.pass_time(MINUTE)
    assert await counted(estate, kind) == (2, 0), "what is left is what was called false"
    await estate.close()


async def test_another_suspicion_is_another_matter(tmp_path: Path) -> None:
    estate, kind = await opened(tmp_path), KINDS["tampered"]
    await kind.bad(estate)
    await mark(estate, kind)
    gambling = fail("tampered", Cause.TAMPER, "words", WORDS)
    await estate.look(SITE, Reach.OPEN, (*opens(), gambling))
    assert await counted(estate, kind) == (2, 1)
    await kind.bad(estate)
    assert await counted(estate, kind) == (2, 0)
    await estate.close()


async def test_a_last_warning_called_false_is_not_told_as_a_breach_either(tmp_path: Path) -> None:
    """The same silence a day later: 栏目 and accounts whose warning is an incident already."""
    estate = await opened(tmp_path)
    await post(estate, civil_day(estate.clock.now()).isoformat())
    day = civil_day(estate.clock.now()).isoformat()
    await estate.pass_time(13 * DAY + 12 * HOUR)
    await post(estate, day)
    kind = KINDS["silent account"]
    assert await counted(estate, kind) == (1, 1)
    await mark(estate, kind)
    await estate.pass_time(3 * DAY)
    await post(estate, day)
    assert await counted(estate, kind) == (1, 0)
    await estate.close()


async def test_what_was_called_false_before_there_was_a_table_of_it_holds_on(tmp_path: Path) -> None:
    """A store of an earlier program: false alarms of what goes on are taken over, those of what ended are not."""
    from monitor.store.schema_records import RECORDS

    estate, kind = await opened(tmp_path), KINDS["tampered"]
    await kind.bad(estate)
    await mark(estate, kind)
    move = RECORDS[RECORDS.index("INSERT INTO excused") :].partition("CREATE TABLE")[0]

    def earlier(tx: sqlite3.Connection) -> None:
        tx.execute("DELETE FROM excused")
        for statement in filter(str.strip, move.split(";")):
            tx.execute(statement)

    await estate.do(earlier)
    await estate.pass_time(MINUTE)
    await kind.bad(estate)
    assert await counted(estate, kind) == (1, 0)
    await kind.well(estate)
    await kind.bad(estate)
    await estate.do(earlier)
    await estate.pass_time(MINUTE)
    assert await counted(estate, kind) == (2, 1), "told since then: it is no false alarm any more"
    await estate.close()
