"""Large pages: a few at a time, beside the loop; and those cut at the cap, of which nothing is said that stands on the page."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from monitor.clock import civil_day
from monitor.config.settings import Settings
from monitor.model import Outcome, Page, Reach, Reading, TargetKind
from monitor.observe.large import LARGE, LargeReads
from monitor.read.page import read_page
from monitor.settle.policy import policy_of
from monitor.settle.remember import remember, remembered_json
from monitor.store import inventory
from monitor.store.database import Database
from tests.checks import pages
from tests.checks.eyes import NOON, a_target, remembered, watching
from tests.observe.raw_server import serving

pytestmark = pytest.mark.usefixtures("blockbuster")

PATIENCE = 20.0
"""Seconds a test waits for what must come at once."""


@dataclass(slots=True)
class Readers:
    """Work that stays until it is let go; how many were at it together at the most."""

    now: int = 0
    most: int = 0
    begun: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    go: threading.Event = field(default_factory=threading.Event)

    def read(self) -> str:
        with self.lock:
            self.now, self.begun = self.now + 1, self.begun + 1
            self.most = max(self.most, self.now)
        self.go.wait(PATIENCE)
        with self.lock:
            self.now -= 1
        return threading.current_thread().name

    @contextmanager
    def held(self, _target_id: str) -> Iterator[None]:
        """Around a parse: in a thread it takes as long as we hold it."""
        if threading.current_thread() is not threading.main_thread():
            self.read()
        yield


@pytest.fixture
async def readers() -> AsyncIterator[Readers]:
    readers = Readers()
    yield readers
    readers.go.set()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await asyncio.sleep(0.005)


def large_page(days: int = 6) -> bytes:
    """A page of more than 300 KB with a list of that many days over and over, no blanks to pad it."""
    return pages.page(pages.items(pages.DAYS[:days] * 500)).encode()


def reading_of(body: bytes) -> Reading:
    return read_page(
        body,
        url="http://a.example/",
        kind=TargetKind.SITE,
        charset="utf-8",
        status=200,
        captured=civil_day(NOON),
    )


async def test_a_page_below_the_bound_is_read_at_once_and_from_it_on_in_a_thread() -> None:
    large, here = LargeReads(), threading.get_ident()
    assert await large.run(threading.get_ident, LARGE - 1) == here
    assert await large.run(threading.get_ident, LARGE) != here


async def test_real_large_pages_are_read_as_small_ones_are() -> None:
    body, large = large_page(), LargeReads()
    assert len(body) > 2 * LARGE
    read = await asyncio.gather(*(large.run(lambda: reading_of(body), len(body)) for _ in range(3)))
    assert read == [reading_of(body)] * 3
    assert read[0].links


async def test_two_at_once_and_the_third_in_its_turn(readers: Readers) -> None:
    large = LargeReads()
    reads = [asyncio.create_task(large.run(readers.read, LARGE)) for _ in range(5)]
    await until(lambda: readers.begun == 2)
    assert await large.run(lambda: "small", 10) == "small", "small ones wait for nobody"
    await asyncio.sleep(0.02)
    assert readers.begun == 2
    readers.go.set()
    assert len(await asyncio.gather(*reads)) == 5
    assert (readers.most, readers.begun, readers.now) == (2, 5, 0)


async def test_who_leaves_early_leaves_the_room_taken_until_the_thread_is_done(readers: Readers) -> None:
    large = LargeReads()
    left = [asyncio.create_task(large.run(readers.read, LARGE)) for _ in range(2)]
    await until(lambda: readers.begun == 2)
    for task in left:
        task.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*left, return_exceptions=True))
    waits = asyncio.create_task(large.run(lambda: "read", LARGE))
    gave_up = asyncio.create_task(large.run(readers.read, LARGE))
    await asyncio.sleep(0.02)
    assert not waits.done(), "two threads are still at it, whoever waits for them"
    gave_up.cancel()
    readers.go.set()
    assert await asyncio.wait_for(waits, PATIENCE) == "read"
    assert readers.begun == 2, "who left the queue is not read"


async def test_what_goes_wrong_is_told_and_frees_the_room() -> None:
    def broken() -> str:
        raise ValueError("of the page")

    large = LargeReads(at_once=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="of the page"):
            await large.run(broken, LARGE)
    assert await large.run(lambda: "read", LARGE) == "read"


async def test_a_page_that_takes_long_holds_up_no_other_visit(readers: Readers) -> None:
    """Over real sockets: the parse of large pages hangs, small pages are judged meanwhile."""
    big, small = pages.html(large_page().decode()), pages.LISTED
    async with serving(big) as slow_server, serving(small) as server, watching() as viewer:
        viewer.tools = replace(viewer.tools, suspect=readers.held)
        held = [asyncio.create_task(viewer.visit(slow_server.url(f"/{n}/"))) for n in range(3)]
        await until(lambda: readers.begun == 2)
        visited = await asyncio.wait_for(viewer.visit(server.url()), PATIENCE)
        assert visited.reach is Reach.OPEN
        assert not any(task.done() for task in held)
        readers.go.set()
        assert [one.reach for one in await asyncio.gather(*held)] == [Reach.OPEN] * 3
    assert readers.most == 2


CUT = {
    "a list, the newest beyond the cap": pages.page("<p>说明</p>" * 20_000 + pages.items()),
    "old items before, new ones beyond": pages.page(pages.items(["2020-01-02"] * 3000) + pages.items()),
    "nothing but a notice that it is blank": pages.page("<p>暂无内容</p>" + "<!-- -->" * 40_000 + pages.items()),
    "links and hidden words": pages.page("<a href='/a/'>甲</a>" * 10_000 + "<div style='display:none'><a href='http://x.example'>x</a></div>"),
    "no end": "<html><body>" + "<p>" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("text", CUT.values(), ids=CUT)
@pytest.mark.parametrize("kind", [TargetKind.SITE, TargetKind.COLUMN, TargetKind.PAGE])
async def test_what_was_cut_at_the_cap_is_judged_by_nobody(text: str, kind: TargetKind) -> None:
    async with serving(pages.html(text)) as server, watching(max_body=100_000) as viewer:
        visited = await viewer.visit(server.url(), kind)
    assert visited.reach is Reach.TOO_LARGE
    assert isinstance(visited.page, Page)
    assert visited.page.reading is None, "nothing is read out of it"
    assert visited.findings
    of_page = [one for one in visited.findings if one.check != "hosted_in"]  # which tells of the address alone
    assert {(one.outcome, one.reason) for one in of_page} == {(Outcome.UNKNOWN, "too_large")}


async def test_what_was_cut_leaves_nothing_behind_and_ends_nothing(tmp_path: Path) -> None:
    """The page that was whole before keeps its items, its links and its body; the next look has those to compare with."""
    settings = Settings()
    policy = policy_of(settings)
    database = Database(tmp_path / "zhishou.db")
    await database.open()
    whole, cut = pages.html(pages.page(pages.items())), pages.html(pages.page("<p>文</p>" * 20_000))
    tables = ("items", "carriers", "snapshots", "bodies", "targets")
    async with serving([whole, cut]) as server, watching(max_body=100_000) as viewer:
        target = a_target(server.url(), TargetKind.COLUMN)
        await database.write(lambda tx: inventory.sync(tx, [target], policy.periods, NOON))
        before = await viewer.visit(server.url(), TargetKind.COLUMN)
        await database.write(lambda tx: remember(tx, before, policy, keep_body=True))
        kept = [await database.write(lambda tx, t=t: tx.execute(f"SELECT * FROM {t}").fetchall()) for t in tables]  # type: ignore[misc]
        assert all(kept)
        after = await viewer.visit(server.url(), TargetKind.COLUMN, seen=remembered(before))
        await database.write(lambda tx: remember(tx, after, policy, keep_body=True))
        now = [await database.write(lambda tx, t=t: tx.execute(f"SELECT * FROM {t}").fetchall()) for t in tables]  # type: ignore[misc]
    await database.close()
    assert after.reach is Reach.TOO_LARGE
    assert remembered_json(after) is None
    assert now == kept
