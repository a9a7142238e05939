"""What settling hands along is what the store holds: read anew it is the same, and judged anew nothing changes."""

import asyncio
import sqlite3
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from monitor import pipeline
from monitor.model import (
    Cause,
    Claim,
    Fetched,
    Finding,
    Link,
    Outcome,
    Page,
    Reach,
    TargetKind,
    Visited,
    fail,
    ok,
    say,
    unknown,
)
from monitor.pipeline import settle
from monitor.settle.judging import rejudge
from monitor.settle.looks import record
from monitor.settle.ours import settle_ours, uplink
from monitor.store import seen, targets
from monitor.store.known import known_of, known_of_each
from tests.settle.desk import COLUMN, INVENTORY, SITE, Estate, down, opens, walled

LINKS = [Link(f"http://{host}.example/a", "文字", "a") for host in ("one", "elsewhere")]
OWN, FOREIGN = (seen.link_id(link.url) for link in LINKS)
TABLES = (
    "targets",
    "runs",
    "conditions",
    "outages",
    "standings",
    "incidents",
    "members",
    "evidence",
    "notices",
    "events",
)

DEAD = fail(
    "links_alive", Cause.DEAD_LINK, "http_404", say("the link answers {status}", status="404"), tried=[1, {"a": None}]
)
OF_LINKS = (
    (DEAD, Reach.HTTP_ERROR),
    (fail("links_alive", Cause.DEAD_LINK, "connect", say("nobody listens")), Reach.CONNECT),
    (ok("links_alive", say("the link opens")), Reach.OPEN),
    (unknown("links_alive", "challenged", say("alive, but refuses programs: cannot be judged")), Reach.CHALLENGED),
    (Finding("links_alive", Outcome.BROKEN, say("the check {check} failed in the program itself", check="links_alive"), reason="ValueError"), Reach.OPEN),
)  # fmt: skip
OF_PAGES = (
    (opens("2026-11-18"), Reach.OPEN),
    (opens("2026-10-18"), Reach.OPEN),
    (down(), Reach.CONNECT),
    (down("timeout"), Reach.TIMEOUT),
    (walled(), Reach.CHALLENGED),
)

Look = tuple[str, tuple[Finding, ...], Reach, int, bool]
LOOKS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from((OWN, OWN, FOREIGN)), st.sampled_from(OF_LINKS)).map(lambda one: (one[0], (one[1][0],), one[1][1])),
        st.tuples(st.sampled_from((SITE, COLUMN)), st.sampled_from(OF_PAGES)).map(lambda one: (one[0], *one[1])),
    ).flatmap(lambda one: st.tuples(*map(st.just, one), st.sampled_from((1, 1, 20, 61, 60 * 26)), st.integers(0, 9).map(lambda n: n == 0))),
    min_size=4,
    max_size=24,
)  # fmt: skip


async def play(folder: Path, looks: list[Look]) -> list[str]:
    """The looks one after the other, compared after each; the kinds of notices that came of them."""
    estate = await Estate.open(folder)
    try:
        page, period = INVENTORY[0], estate.policy.periods[TargetKind.LINK]
        await estate.do(lambda tx: seen.note_links(tx, page, LINKS, estate.clock.now(), period))
        for target, findings, reach, minutes, held in looks:
            await estate.pass_time(timedelta(minutes=minutes) + timedelta(microseconds=1234))
            claim = await estate.do(partial(_lease, target=target, estate=estate))
            now = estate.clock.now()
            fetched = Fetched(url="", final_url="", reach=reach, detail="", started_at=now, seconds=0.2)
            visited = Visited(claim, now, now, reach, (), findings, Page(fetched, reach, None))
            await estate.do(partial(_compare, visited=visited, estate=estate, held=held))
        return await estate.notices()
    finally:
        await estate.close()


def _lease(tx: sqlite3.Connection, *, target: str, estate: Estate) -> Claim:
    tx.execute("UPDATE targets SET next_due_at = 4000000000000, lease = NULL, lease_until = NULL")
    tx.execute("UPDATE targets SET next_due_at = 0, sample_due_at = 0 WHERE id = ?", (target,))
    (claim,) = targets.claim(tx, estate.clock.now(), 1, timedelta(minutes=5))
    return claim


def _compare(tx: sqlite3.Connection, *, visited: Visited, estate: Estate, held: bool) -> None:
    target, now = visited.claim.target, estate.clock.now()
    read = partial(known_of, tx, target.id)
    tx.execute("SAVEPOINT trial")
    started = visited.started_at.replace(microsecond=visited.started_at.microsecond // 1000 * 1000)
    seen_at = visited._replace(started_at=started)
    before = read()
    looked = record(tx, seen_at, visited.findings, estate.policy, before)
    assert looked.known == read()
    assert list(looked.known.runs) == list(read().runs), "in the order of the store, too"
    settled = pipeline._settled(seen_at, before.state, looked, None, now)
    assert targets.finish(tx, seen_at, settled)
    if held:
        settle_ours(tx, uplink(blind=True), estate.policy, now)
    assert pipeline._by_now(looked.known, seen_at, settled, held) == read()
    tx.execute("ROLLBACK TO trial")
    assert settle(tx, visited=visited, policy=estate.policy, held=held, now=now) is not None
    if looked.changed:
        after = _dump(tx)
        rejudge(tx, target, estate.policy, now)
        assert _dump(tx) == after


def _dump(tx: sqlite3.Connection) -> dict[str, list[object]]:
    return {table: [tuple(row) for row in tx.execute(f"SELECT * FROM {table} ORDER BY 1, 2")] for table in TABLES}


@given(LOOKS)
@settings(max_examples=80, deadline=None)
def test_what_is_handed_along_is_what_the_store_holds(looks: list[Look]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder), looks))


async def test_a_dead_link_is_told_on_the_way(tmp_path: Path) -> None:
    """What the property above plays does come to incidents."""
    dead: Look = FOREIGN, (DEAD,), Reach.HTTP_ERROR, 61, False
    fine: Look = FOREIGN, (OF_LINKS[2][0],), Reach.OPEN, 61, False
    assert await play(tmp_path, [dead, dead, fine, dead, dead]) == ["opened", "recovered", "opened"]


async def test_nobody_is_known_who_is_no_target(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    with pytest.raises(KeyError):
        await estate.do(lambda tx: known_of(tx, "nobody"))
    known = await estate.do(lambda tx: known_of(tx, COLUMN))
    assert known.host is not None
    assert (known.host.site, known.host.asked_at, known.host.cause) == (SITE, None, None)
    await estate.close()


async def test_many_at_once_are_known_as_each_by_itself(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    await estate.look(SITE, Reach.CONNECT, down())
    await estate.look(COLUMN, Reach.OPEN, opens("2026-10-18"))
    ids = [SITE, "site-2", COLUMN]
    together = await estate.do(lambda tx: list(known_of_each(tx, ids)))
    assert together == await estate.do(lambda tx: [known_of(tx, one) for one in ids])
    assert [one.host.site if one.host is not None else None for one in together] == [None, None, SITE]
    assert [bool(one.runs) for one in together] == [True, False, True]
    await estate.close()
