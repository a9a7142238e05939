"""What a page needs is asked, three addresses at most, and what was found there is put into its reading. Pure but for awaits."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.model import Fetched, Item, Link, Reach, Reading, State, TargetKind
from monitor.observe.follow import AT_MOST, follow

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SHELL = Reading(kind=TargetKind.COLUMN, state=State.SHELL, needs=("http://a.example/1", "http://a.example/2"))
ITEMS = (Item("关于开展检查的通知", "http://a.example/t1", "2026-11-18", "text"),)
LINKS = (Link("http://a.example/t1", "关于开展检查的通知", "a"),)


def listed(newest: str | None = "2026-11-18", **more: object) -> Reading:
    precision = None if newest is None else "day" if len(newest) == 10 else "month"
    return Reading(
        kind=TargetKind.COLUMN,
        state=State.LISTED,
        items=ITEMS,
        links=LINKS,
        newest_date=newest,
        newest_precision=precision,
        **more,  # type: ignore[arg-type]
    )


class Web:
    """Addresses and what stands there; None is an address that does not answer."""

    def __init__(self, *answers: Reading | None, reach: Reach = Reach.OPEN) -> None:
        self.answers = answers
        self.reach = reach
        self.asked: list[str] = []
        self.read_urls: list[str] = []

    async def fetch(self, url: str) -> Fetched:
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(url)
        reach = self.reach if answer is not None else Reach.HTTP_ERROR
        body = b"x" if answer is not None else b""
        return Fetched(url=url, final_url=url, reach=reach, detail="", started_at=NOW, seconds=0.1, body=body)

    async def read(self, fetched: Fetched) -> Reading:
        self.read_urls.append(fetched.url)
        answer = self.answers[min(len(self.read_urls), len(self.answers)) - 1 + self._failed()]
        assert answer is not None
        return answer

    def _failed(self) -> int:
        return sum(1 for answer in self.answers[: len(self.asked)] if answer is None)


async def test_a_shell_becomes_the_list_that_fills_it() -> None:
    web = Web(listed(), listed(None))
    reading = await follow(replace(SHELL, title="公告"), web.fetch, web.read)
    assert (reading.state, reading.newest_date, reading.newest_precision) == (State.LISTED, "2026-11-18", "day")
    assert reading.title == "公告"
    assert reading.needs == SHELL.needs, "so that the next look follows again"
    assert web.asked == list(SHELL.needs)


async def test_three_addresses_at_most() -> None:
    assert AT_MOST == 3
    web = Web(Reading(kind=TargetKind.COLUMN, state=State.SHELL, needs=("http://a.example/deeper",)))
    many = replace(SHELL, needs=tuple(f"http://a.example/{n}" for n in range(9)))
    reading = await follow(many, web.fetch, web.read)
    assert web.asked == [f"http://a.example/{n}" for n in range(3)], "and none that these need in turn"
    assert reading.state is State.SHELL


@pytest.mark.parametrize(
    "state", [State.SHELL, State.CHALLENGED, State.MAINTENANCE, State.SOFT_ERROR, State.HIJACKED, State.UNREADABLE]
)
async def test_what_cannot_be_read_there_leaves_the_page_as_it_was(state: State) -> None:
    web = Web(Reading(kind=TargetKind.COLUMN, state=state, items=ITEMS, newest_date="2026-11-18"))
    assert await follow(SHELL, web.fetch, web.read) == SHELL


async def test_an_address_that_does_not_answer_is_passed_over() -> None:
    web = Web(None, listed())
    reading = await follow(SHELL, web.fetch, web.read)
    assert (reading.state, web.read_urls) == (State.LISTED, ["http://a.example/2"])


@pytest.mark.parametrize("reach", [Reach.CHALLENGED, Reach.TOO_LARGE, Reach.REFUSED_BY_GUARD, Reach.TIMEOUT])
async def test_what_did_not_come_whole_is_not_read(reach: Reach) -> None:
    web = Web(listed(), reach=reach)
    assert await follow(SHELL, web.fetch, web.read) == SHELL
    assert web.read_urls == []


async def test_a_blank_frame_in_a_page_with_a_list_changes_nothing_of_it() -> None:
    page = replace(listed(), needs=("http://a.example/1",))
    web = Web(Reading(kind=TargetKind.COLUMN, state=State.BLANK))
    reading = await follow(page, web.fetch, web.read)
    assert (reading.state, reading.newest_date, reading.items) == (State.LISTED, "2026-11-18", ITEMS)


@pytest.mark.parametrize(
    ("own", "inner", "newest", "precision"),
    [
        ("2026-11-18", "2026-11-02", "2026-11-18", "day"),
        ("2026-11-02", "2026-11-18", "2026-11-18", "day"),
        (None, "2026-10", "2026-10", "month"),
        ("2026-10", None, "2026-10", "month"),
        ("2026-10", "2026-10-09", "2026-10-09", "day"),
        (None, None, None, None),
    ],
)
async def test_the_newest_of_both_with_its_precision(
    own: str | None, inner: str | None, newest: str | None, precision: str | None
) -> None:
    page = replace(listed(own), needs=("http://a.example/1",))
    web = Web(listed(inner))
    reading = await follow(page, web.fetch, web.read)
    assert (reading.newest_date, reading.newest_precision) == (newest, precision)


def frame(state: State) -> Reading:
    return Reading(kind=TargetKind.COLUMN, state=state)


B, R, L, S = State.BLANK, State.READABLE, State.LISTED, State.SHELL


@pytest.mark.parametrize(
    ("frames", "state"),
    [
        ((B, B), B),
        ((B, R), R),
        ((R, B), R),
        ((B, L), L),
        ((L, B), L),
        ((R, L), L),
        ((B, None), S),
        ((None, B), S),
        ((B, S), S),
        ((S, B), S),
        ((B, State.CHALLENGED), S),
        ((R, None), R),
    ],
)
async def test_blank_only_when_all_of_it_was_seen_to_be(
    frames: tuple[State | None, State | None], state: State
) -> None:
    """An empty banner beside a frame that could not be read says nothing of the column."""
    web = Web(*(None if one is None else listed() if one is L else frame(one) for one in frames))
    reading = await follow(SHELL, web.fetch, web.read)
    assert reading.state is state


async def test_what_a_page_found_there_needs_is_asked_in_its_turn() -> None:
    """A refresh leads to a frame; what is asked at last is the list."""
    onward = Reading(kind=TargetKind.COLUMN, state=S, needs=("http://a.example/frame", "http://a.example/1"))
    web = Web(onward, listed())
    reading = await follow(replace(SHELL, needs=("http://a.example/1",)), web.fetch, web.read)
    assert web.asked == ["http://a.example/1", "http://a.example/frame"]
    assert (reading.state, reading.newest_date, reading.needs) == (L, "2026-11-18", ("http://a.example/1",))


async def test_blank_behind_a_refresh_is_blank() -> None:
    onward = Reading(kind=TargetKind.COLUMN, state=S, needs=("http://a.example/2",))
    web = Web(onward, frame(B))
    assert (await follow(replace(SHELL, needs=("http://a.example/1",)), web.fetch, web.read)).state is B
    far = Web(onward, replace(onward, needs=("http://a.example/3",)), replace(onward, needs=("http://a.example/4",)))
    assert (await follow(replace(SHELL, needs=("http://a.example/1",)), far.fetch, far.read)).state is S


async def test_the_same_item_from_two_calls_is_one() -> None:
    other = Item("另一条", "http://a.example/2", "2026-11-18", "text")
    reading = await follow(SHELL, (web := Web(listed(), replace(listed(), items=(*ITEMS, other)))).fetch, web.read)
    assert reading.items == (*ITEMS, other)


async def test_a_dated_list_counts_before_one_without_dates() -> None:
    menu = replace(listed(None), items=(Item("机构设置", "http://a.example/m"),))
    reading = await follow(SHELL, (web := Web(menu, listed())).fetch, web.read)
    assert (reading.items, len(reading.links)) == (ITEMS, 2)


async def test_dates_still_to_come_are_told() -> None:
    web = Web(replace(listed(None), ahead=True), frame(R))
    assert (await follow(SHELL, web.fetch, web.read)).ahead
    assert not (await follow(SHELL, (both := Web(replace(listed(None), ahead=True), listed())).fetch, both.read)).ahead


@pytest.mark.parametrize(("count", "state"), [(3, L), (4, S)])
async def test_of_a_home_page_all_blocks_are_seen_or_nothing_is_said(count: int, state: State) -> None:
    """The block that was not asked may be the one with today's news."""
    needs = tuple(f"http://a.example/{at}" for at in range(count))
    home = Reading(kind=TargetKind.SITE, state=S, needs=needs)
    web = Web(listed())
    assert (await follow(home, web.fetch, web.read)).state is state
    column = replace(home, kind=TargetKind.COLUMN)
    assert (await follow(column, (again := Web(listed())).fetch, again.read)).state is L
