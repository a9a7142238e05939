"""The short way of settling leaves the store as the long way would, look by look, whatever was seen before."""

import asyncio
import sqlite3
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import Claim, Fetched, Finding, Page, Reach, Reading, State, TargetKind, Visited
from monitor.pipeline import settle
from monitor.settle.again import Together, unchanged
from monitor.store import again, targets
from monitor.store.database import StoreError
from tests.settle.desk import COLUMN, SITE, Estate, down, opens, walled

DAYS = ("2026-11-18", "2026-11-19")
KNOWN = Reading(kind=TargetKind.SITE, state=State.LISTED, newest_date=DAYS[0], newest_precision="day")
TABLES = ("targets", "runs", "availability", "conditions", "outages", "standings", "incidents", "members", "notices")


@dataclass(frozen=True, slots=True)
class Seen:
    """One look, and how long after the one before it is made."""

    findings: tuple[Finding, ...]
    reach: Reach
    page: str  # same | other | none
    minutes: int
    turn: str  # whose turn it is on the sampling grid: now | early (a look for company's sake) | no
    etag: str | None


TURNS = st.sampled_from(("now", "early", "no"))


def goods(newest: str | None) -> st.SearchStrategy[Seen]:
    return st.builds(
        Seen,
        st.just(opens(newest)),
        st.just(Reach.OPEN),
        st.sampled_from(("same", "same", "same", "other", "none")),
        st.sampled_from((1, 5, 60, 60 * 24)),
        TURNS,
        st.sampled_from((None, '"1"', '"2"')),
    )


TROUBLE = st.one_of(
    st.builds(Seen, st.just(down()), st.just(Reach.CONNECT), st.just("none"), st.just(1), TURNS, st.none()),
    st.builds(Seen, st.just(walled()), st.just(Reach.CHALLENGED), st.just("none"), st.just(1), TURNS, st.none()),
)
LOOKS = st.lists(
    st.one_of(goods(DAYS[0]), goods(DAYS[0]), goods(DAYS[0]), goods(DAYS[1]), TROUBLE), min_size=4, max_size=14
)


def visited_of(claim: Claim, seen: Seen, estate: Estate) -> Visited:
    now = estate.clock.now()
    headers = () if seen.etag is None else (("ETag", seen.etag),)
    url = claim.target.url
    fetched = Fetched(url=url, final_url=url, reach=seen.reach, detail="", started_at=now, seconds=0.2, headers=headers)
    reading = KNOWN if seen.page == "same" else None
    return Visited(
        claim=claim,
        started_at=now,
        ended_at=now,
        reach=seen.reach,
        tries=(),
        findings=seen.findings,
        page=None if seen.page == "none" else Page(fetched, seen.reach, reading, unchanged=seen.page == "same"),
        body_hash="b" * 64,
        normal_hash="n" * 64,
    )


async def play(folder: Path, looks: list[Seen], *, target: str, shortly: bool) -> tuple[int, dict[str, list[object]]]:
    """How many looks took the short way, and what the store holds after all of them."""
    estate, short = await Estate.open(folder), 0
    try:
        for seen in looks:
            await estate.pass_time(timedelta(minutes=seen.minutes))
            claim = await estate.do(partial(_lease_again, target=target, estate=estate, turn=seen.turn))
            visited, now = visited_of(claim, seen, estate), estate.clock.now()
            look = unchanged(visited, estate.policy, now) if shortly else None
            if look is not None and target in await estate.do(lambda tx, one=look: again.note(tx, [one])):  # type: ignore[misc]
                short += 1
                continue
            await estate.do(partial(settle, visited=visited, policy=estate.policy, held=False, now=now))
        return short, await estate.do(_dump)
    finally:
        await estate.close()


def _lease_again(tx: sqlite3.Connection, *, target: str, estate: Estate, turn: str) -> Claim:
    """Claim just that one; on the sampling grid, before its turn, or between two places of the grid."""
    far, now = 4_000_000_000_000, estate.clock.now()
    tx.execute("UPDATE targets SET next_due_at = ?", (far,))
    grid = now if turn == "now" else now + timedelta(minutes=2)
    tx.execute(
        "UPDATE targets SET next_due_at = 0, sample_due_at = ? WHERE id = ?", (int(grid.timestamp() * 1000), target)
    )
    (claim,) = targets.claim(tx, now, 1, timedelta(minutes=5))
    return claim._replace(sample=turn != "no")


def _dump(tx: sqlite3.Connection) -> dict[str, list[object]]:
    return {table: [tuple(row) for row in tx.execute(f"SELECT * FROM {table} ORDER BY 1, 2")] for table in TABLES}


@given(LOOKS, st.sampled_from((SITE, COLUMN)))
@settings(max_examples=60, deadline=None)
def test_both_ways_end_alike(looks: list[Seen], target: str) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        _, told = asyncio.run(play(Path(one), looks, target=target, shortly=False))
        _, short = asyncio.run(play(Path(other), looks, target=target, shortly=True))
    assert short == told


def quiet(number: int) -> list[Seen]:
    return [Seen(opens(DAYS[0]), Reach.OPEN, "same", 5, "now", '"1"')] * number


def test_a_quiet_site_takes_the_short_way_once_it_is_known(tmp_path: Path) -> None:
    short, held = asyncio.run(play(tmp_path, quiet(10), target=SITE, shortly=True))
    assert short == 9, "nothing was ever said but good: there is nothing to end"
    (sampled,) = held["availability"]
    assert sampled[2] == 10  # type: ignore[index]


@pytest.mark.parametrize("shortly", [True, False])
async def test_a_look_before_its_turn_is_the_one_of_that_turn(tmp_path: Path, shortly: bool) -> None:
    """Else the same target would be due again two minutes later."""
    estate = await Estate.open(tmp_path)
    for seen in quiet(2):
        await estate.look(SITE, Reach.OPEN, seen.findings)
        estate.clock.advance(timedelta(minutes=5))
    claim = await estate.do(partial(_lease_again, target=SITE, estate=estate, turn="early"))
    visited, now = visited_of(claim, quiet(1)[0], estate), estate.clock.now()
    look = unchanged(visited, estate.policy, now)
    assert look is not None
    if shortly:
        assert await estate.do(lambda tx: again.note(tx, [look])) == {SITE}
    else:
        await estate.do(partial(settle, visited=visited, policy=estate.policy, held=False, now=now))
    assert await estate.due_in(SITE) == timedelta(minutes=2) + claim.period
    await estate.close()


@pytest.mark.parametrize("change", ["UPDATE targets SET lease = 'x' WHERE id = ?", "UPDATE targets SET sample_due_at = 7 WHERE id = ?",
                                    "UPDATE targets SET next_change_at = 1 WHERE id = ?"])  # fmt: skip
async def test_what_changed_since_it_was_claimed_is_left_alone(tmp_path: Path, change: str) -> None:
    estate = await Estate.open(tmp_path)
    for seen in quiet(4):
        assert await estate.look(SITE, Reach.OPEN, seen.findings)
        estate.clock.advance(timedelta(minutes=5))
    claim = await estate.do(partial(_lease_again, target=SITE, estate=estate, turn="now"))
    look = unchanged(visited_of(claim, quiet(1)[0], estate), estate.policy, estate.clock.now())
    assert look is not None
    await estate.do(lambda tx: tx.execute(change, (SITE,)))
    before = await estate.do(_dump)
    assert await estate.do(lambda tx: again.note(tx, [look])) == set()
    assert await estate.do(_dump) == before
    await estate.close()


async def test_trouble_of_the_store_is_heard_by_everyone_who_waits(tmp_path: Path) -> None:
    estate = await Estate.open(tmp_path)
    for seen in quiet(4):
        await estate.look(SITE, Reach.OPEN, seen.findings)
        estate.clock.advance(timedelta(minutes=5))
    claim = await estate.do(partial(_lease_again, target=SITE, estate=estate, turn="now"))
    look = unchanged(visited_of(claim, quiet(1)[0], estate), estate.policy, estate.clock.now())
    assert look is not None
    together = Together(estate.database, lambda: None)
    await estate.close()
    told = await asyncio.gather(*(together.settle(look) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in told] == [StoreError] * 3
