"""What people bring, from the tables to incidents: messages, filings, imports and attestations, with the product's own settling."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.clock import civil_day, day_start, from_ms, to_ms
from monitor.config.settings import RawTarget
from monitor.judge.workdays import add_workdays
from monitor.model import DESK_ID, Declaration, DeclarationKind, Pack, Reach, Rule, say, unknown
from monitor.settle.clock import ASKED_AGAIN, goes_steadily, was_set
from monitor.settle.desk import judge_desk
from monitor.settle.policy import policy_of
from monitor.store import brought, canon, declarations, rules as rule_rows, targets
from tests.judge.made import rule
from tests.settle.desk import ACCOUNT, INVENTORY, SITE, Estate, down, opens, posted

DAY = timedelta(days=1)
TOWN = (
    rule("answered_within", "site", "3wd", "1wd", pack="town"),
    rule("filed_within", "site", pack="town", what="outage", severity="serious"),
    rule("posts_at_least", "account", None, pack="town", every="week"),
    rule("fixed_within", "desk", "1d", pack="town"),
)
DARK = (unknown("feed_fresh", "http_error", say("the source gives no readable list of posts")),)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    await under(estate, TOWN)
    yield estate
    await estate.close()


async def under(estate: Estate, rules: tuple[Rule, ...]) -> None:
    """The same estate, also under a pack of a town."""
    town = Pack("town", "某市办法", None, "", rules)
    told: list[RawTarget] = [replace(one, packs=(*one.packs, "town")) for one in INVENTORY]
    settings = estate.policy.settings
    estate.policy = policy_of(settings.model_copy(update={"targets": tuple(told), "packs": (*settings.packs, town)}))
    now = estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told, estate.policy.periods, now))
    await estate.do(lambda tx: rule_rows.remember(tx, estate.policy.rules.values(), now))


async def told(estate: Estate, target: str, sql: str, *values: object) -> None:
    """Written as a command writes it, and the target is judged again with the next round."""
    now = estate.clock.now()

    def write(tx: sqlite3.Connection) -> None:
        tx.execute(sql, values)
        brought.touch(tx, target, now)

    await estate.do(write)
    await estate.pass_time(timedelta(seconds=1))


async def attested(estate: Estate, newest: str) -> None:
    now = estate.clock.now()
    sql = "INSERT INTO attestations (target_id, newest, at, until, who) VALUES (?, ?, ?, ?, '张三')"
    await told(estate, ACCOUNT, sql, ACCOUNT, newest, to_ms(now), to_ms(now + 7 * DAY))


def day_of(now: datetime, ago: int) -> str:
    return (civil_day(now) - timedelta(days=ago)).isoformat()


async def dark_for(estate: Estate, days: int) -> None:
    for _ in range(days):
        await estate.pass_time(DAY)
        await estate.look(ACCOUNT, Reach.HTTP_ERROR, DARK)


async def test_an_attestation_ends_a_blind_incident_until_it_runs_out(estate: Estate) -> None:
    await estate.look(ACCOUNT, Reach.OPEN, posted(day_of(estate.clock.now(), 0)))
    await dark_for(estate, 4)
    assert await estate.incidents() == [("blind", ACCOUNT, "open")]
    await attested(estate, day_of(estate.clock.now(), 0))
    assert await estate.incidents() == [("blind", ACCOUNT, "recovered")]
    await dark_for(estate, 9)  # seven days it is good, and three more nobody is blind
    assert await estate.incidents() == [("blind", ACCOUNT, "recovered")]
    await dark_for(estate, 2)
    assert await estate.incidents() == [("blind", ACCOUNT, "recovered"), ("blind", ACCOUNT, "open")]


async def test_an_attested_day_breaks_the_limit_of_a_blind_account(estate: Estate) -> None:
    await estate.look(ACCOUNT, Reach.HTTP_ERROR, DARK)
    await attested(estate, day_of(estate.clock.now(), 20))
    causes = [cause for cause, _, _ in await estate.incidents()]
    assert causes == ["stale"], "no week was watched yet, the 14 days are over"


async def test_posts_people_bring_keep_a_week_of_a_blind_account(estate: Estate) -> None:
    start = estate.clock.now()
    await estate.look(ACCOUNT, Reach.OPEN, posted(day_of(start, 0)))
    await dark_for(estate, 15)
    now = estate.clock.now()
    sql = "INSERT INTO posts (target_id, id, day, source, told_at) VALUES (?, 'p1', ?, 'import', ?)"
    await told(estate, ACCOUNT, sql, ACCOUNT, day_of(now, 14), to_ms(now))
    assert ("stale", ACCOUNT, "open") in await estate.incidents()
    await told(estate, ACCOUNT, sql.replace("p1", "p2"), ACCOUNT, day_of(now, 1), to_ms(now))
    assert ("stale", ACCOUNT, "recovered") in await estate.incidents()


async def test_a_message_is_overdue_by_the_clock_and_over_once_it_is_answered(estate: Estate) -> None:
    await estate.look(SITE, Reach.OPEN, opens(day_of(estate.clock.now(), 0)))
    received = estate.clock.now()
    sql = "INSERT INTO messages (target_id, id, class, received_at, source, told_at) VALUES (?, 'm1', 'jiucuo', ?, 'import', ?)"
    await told(estate, SITE, sql, SITE, to_ms(received), to_ms(received))
    assert await estate.incidents() == []
    for _ in range(12):
        await estate.pass_time(DAY)
    assert ("answered_within", SITE, "open") in await estate.incidents()
    done = "UPDATE messages SET answered_at = ? WHERE id = 'm1'"
    await told(estate, SITE, done, to_ms(estate.clock.now()))
    assert ("answered_within", SITE, "recovered") in await estate.incidents()


async def test_an_open_incident_says_how_many_messages_are_overdue_by_now(estate: Estate) -> None:
    await estate.look(SITE, Reach.OPEN, opens(day_of(estate.clock.now(), 0)))
    sql = "INSERT INTO messages (target_id, id, class, received_at, source, told_at) VALUES (?, ?, 'jiucuo', ?, 'import', ?)"
    for name in ("m1", "m2", "m3"):
        now = to_ms(estate.clock.now())
        await told(estate, SITE, sql, SITE, name, now, now)
        await estate.pass_time(3 * DAY)
    late = []
    for _ in range(12):
        await estate.pass_time(DAY)
        (found,) = await estate.do(_overdue) or [0]
        late.append(found)
    assert late[-1] == 3
    assert await estate.notices() == ["opened", "day", "day"], "each that became late besides is told"


def _overdue(tx: sqlite3.Connection) -> list[object]:
    rows = tx.execute(
        """SELECT m.why FROM members m JOIN incidents i ON i.id = m.incident_id
           WHERE i.cause = 'answered_within' AND m.left_at IS NULL"""
    )
    return [canon.load_text(why).values["late"] for (why,) in rows]


async def test_an_incident_is_as_old_as_the_oldest_that_a_register_brings(estate: Estate) -> None:
    """A later import brings a message that was late long before the one that opened it, and its answer then."""
    await estate.look(SITE, Reach.OPEN, opens(day_of(estate.clock.now(), 0)))
    sql = "INSERT INTO messages (target_id, id, class, received_at, source, told_at) VALUES (?, ?, 'jiucuo', ?, 'import', ?)"
    received = estate.clock.now()
    await told(estate, SITE, sql, SITE, "m1", to_ms(received), to_ms(received))
    await estate.pass_time(12 * DAY)
    since = "SELECT m.since FROM members m JOIN incidents i ON i.id = m.incident_id WHERE i.cause = 'answered_within'"

    async def begun() -> datetime:
        ((at,),) = await estate.do(lambda tx: tx.execute(since).fetchall())
        return from_ms(at)

    first, notices = await begun(), await estate.notices()
    older = received - 60 * DAY
    await told(estate, SITE, sql, SITE, "m0", to_ms(older), to_ms(estate.clock.now()))
    oldest = day_start(add_workdays(civil_day(older), 3) + DAY)
    assert (await begun(), first > oldest + 30 * DAY) == (oldest, True)
    await told(estate, SITE, "UPDATE messages SET answered_at = ? WHERE id = 'm0'", to_ms(estate.clock.now()))
    assert await begun() == oldest, "it was so long that messages were late"
    assert await estate.notices() == notices, "nobody is told for that alone"


async def test_an_unfiled_outage_is_cited_by_its_own_incident(estate: Estate) -> None:
    for _ in range(3):
        await estate.look(SITE, Reach.CONNECT, down())
        await estate.pass_time(timedelta(minutes=1))
    assert await estate.incidents() == [("outage", SITE, "open")]
    sql = "SELECT rule FROM standings WHERE target_id = ? AND value = 'breached' AND cause = 'outage' ORDER BY rule"
    broken = await estate.do(lambda tx: [row[0] for row in tx.execute(sql, (SITE,))])
    assert "town/filed_within" in broken
    now = estate.clock.now()
    closure = Declaration(
        id=0,
        kind=DeclarationKind.TEMPORARY_OFFLINE,
        target=SITE,
        start=now - DAY,
        end=now + DAY,
        number="粤1号",
        by="张三",
        filed_at=now,
    )
    await estate.do(lambda tx: declarations.file(tx, closure, now))
    await estate.do(lambda tx: brought.touch(tx, SITE, now))
    await estate.pass_time(timedelta(seconds=1))
    broken = await estate.do(lambda tx: [row[0] for row in tx.execute(sql, (SITE,))])
    assert "town/filed_within" not in broken


async def test_an_order_to_the_desk_is_overdue_after_24_hours(estate: Estate) -> None:
    sent = estate.clock.now()
    order = Declaration(id=0, kind=DeclarationKind.ORDER, target=DESK_ID, start=sent, by="李四", filed_at=sent)
    number = await estate.do(lambda tx: declarations.file(tx, order, sent))
    for length, found in ((DAY - timedelta(seconds=1), []), (timedelta(seconds=1), [("fixed_within", "*", "open")])):
        estate.clock.advance(length)
        await judge_the_desk(estate)
        assert await estate.incidents() == found
    late = replace(order, fields={"fixed_at": estate.clock.now().isoformat()})
    await estate.do(lambda tx: declarations.file(tx, late, estate.clock.now(), corrects=number))
    await judge_the_desk(estate)
    assert await estate.incidents() == [("fixed_within", "*", "recovered")]


async def judge_the_desk(estate: Estate) -> None:
    now = estate.clock.now()
    await estate.do(lambda tx: judge_desk(tx, estate.policy, now))


async def test_a_message_is_not_overdue_by_hands_that_were_set(estate: Estate) -> None:
    received = to_ms(estate.clock.now())
    sql = "INSERT INTO messages (target_id, id, class, received_at, source, told_at) VALUES (?, 'm1', 'jiucuo', ?, 'import', ?)"
    await told(estate, SITE, sql, SITE, received, received)
    before, ahead = await estate.incidents(), timedelta(days=30)
    estate.clock.jump(estate.clock.now() + ahead)
    await estate.do(partial(was_set, by=ahead, policy=estate.policy, now=estate.clock.now()))
    await estate.pass_time(timedelta(minutes=30))
    assert await estate.incidents() == [*before, ("ours", "clock", "open")]
    await estate.do(lambda tx: goes_steadily(tx, estate.policy, estate.clock.now()))
    await estate.pass_time(ASKED_AGAIN)
    assert ("answered_within", SITE, "open") in await estate.incidents(), "now it is the truth"
