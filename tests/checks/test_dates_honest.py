"""What a list showed at earlier looks and shows now → what `dates_honest` suspects; and one that is asked over the wire."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from checks.dates_honest import Suspected, words_of
from monitor.model import Cause, Earlier, Item, Outcome, Remembered, TargetKind
from tests.checks import pages
from tests.checks.eyes import NOON, Viewer, finding, remembered, said_again, watching
from tests.checks.lists import START, Watched, day, item, title
from tests.observe.raw_server import serving
from tests.store.made import store

COLUMN = TargetKind.COLUMN
BASE = [item(n, -2 - 3 * n) for n in range(10)]  # every three days, the newest two days before the first look
LONG = "城南污水处理厂提标改造后首次面向周边居民开放参观并听取群众建议"
ROUTINE = "全市召开安全生产专项检查工作会议"
MONTHLY = "3月份全县规模以上企业用电量统计"


@pytest.fixture
def watched() -> Iterator[Watched]:
    with store() as tx:
        yield Watched(tx)


def redated(number: int, on: int | str, items: Sequence[Item] = BASE) -> list[Item]:
    """The list with one item under another date, sorted as lists are."""
    printed = day(on) if isinstance(on, int) else on
    changed = [replace(one, date=printed) if n == number else one for n, one in enumerate(items)]
    return sorted(changed, key=lambda one: one.date or "", reverse=True)


def at_another_place(number: int, on: int, name: str = "", items: Sequence[Item] = BASE) -> list[Item]:
    """The list with one item taken out, and its text under a new address and that date."""
    left = [one for n, one in enumerate(items) if n != number]
    return [item(100 + number, on, name=name or items[number].title), *left]


# A known item dated forward


def test_a_known_date_that_moved_forward_is_told_with_all_that_was_seen(watched: Watched) -> None:
    assert watched.look(0, BASE) == []
    [found] = watched.look(12, redated(5, 12))
    assert found == ("moved", title(5), "http://www.a.example/gzdt/5.html", day(-17), day(12), START, 1)


def test_it_stays_told_while_the_list_shows_it(watched: Watched) -> None:
    forged = redated(5, 12)
    assert watched.last((0, BASE), (12, forged), (13, [item(20, 13), *forged])) == ["moved"]
    assert watched.last((14, [item(21, 14), *BASE])) == [], "put right"
    assert watched.last((15, forged)) == ["moved"]
    assert watched.last((40, [item(n, 40 - n + 22) for n in range(22, 40)])) == [], "gone from the list"


def test_it_is_known_under_another_host_and_scheme(watched: Watched) -> None:
    moved = [replace(one, url=str(one.url).replace("http://www.a", "https://a")) for one in redated(3, 9)]
    assert watched.last((0, BASE), (9, moved)) == ["moved"]


HONEST_MOVES: dict[str, tuple[Sequence[Item], Sequence[Item]]] = {
    "backwards: a slip put right": (BASE, redated(0, -40)),
    "another text at that address": (BASE, [replace(one, title=f"{n}号公告") for n, one in enumerate(redated(4, 3))]),
    "told otherwise now: in the text, then in the address": (
        BASE,
        [replace(one, date_from="url") for one in redated(4, 3)],
    ),
    "only the month, of the same month": ([item(1, "2026-02")], [item(1, "2026-02-27")]),
    "a page that is kept up": (
        [item(1, -90, name="市水利局政府信息公开指南")],
        [item(1, 3, name="市水利局政府信息公开指南")],
    ),
    "an address without a number": (
        [item(1, -90, at="http://a.example/zfxxgk/jgzn/index.html")],
        [item(1, 3, at="http://a.example/zfxxgk/jgzn/index.html")],
    ),
    "undated before": ([replace(item(1, 0), date=None, date_from=None)], [item(1, 3)]),
    "undated now": (BASE, [replace(one, date=None) for one in BASE]),
    "pinned, its date once printed and once not": (BASE, [replace(BASE[4], date=None), *BASE]),
    "printed twice with two dates, of which one is known": (BASE, [replace(BASE[4], date=day(3)), *BASE]),
    "two texts at one address": (BASE, [replace(BASE[4], title="更多"), *redated(4, 3)]),
    "no addresses": ([replace(one, url=None) for one in BASE], [replace(one, url=None) for one in redated(4, 3)]),
}


@pytest.mark.parametrize("name", HONEST_MOVES)
def test_what_is_no_forward_move(name: str, watched: Watched) -> None:
    before, after = HONEST_MOVES[name]
    assert watched.last((0, before), (5, after), (6, after)) == []


def test_what_came_may_be_dated_up_to_the_day_it_came(watched: Watched) -> None:
    slip = [item(20, -364), *BASE]
    assert watched.last((0, BASE), (1, slip), (2, redated(0, 1, slip))) == []
    assert watched.last((3, redated(0, 3, slip))) == ["moved"], "but no further"


def test_a_day_told_from_today_slides_on_a_page_nobody_makes_anew(watched: Watched) -> None:
    told = [item(1, -3, spoken=True), *BASE[2:]]
    slid = [item(1, 4, spoken=True), *BASE[2:]]
    assert watched.last((0, told), (7, slid)) == []
    assert watched.last((8, [item(1, 8, spoken=True), *BASE[2:]])) == ["moved"], "more than the time that went by"


def test_a_date_without_a_year_is_this_year_s_next_year(watched: Watched) -> None:
    watched.timeless = False
    aged = [replace(one, date=f"2027{str(one.date)[4:]}") for one in BASE if str(one.date) > "2026"]
    assert watched.last((0, BASE), (365, aged)) == []
    assert watched.last((366, redated(2, 366, aged))) == ["moved"]


# An old text under a new address


def test_an_old_text_taken_out_and_put_in_anew(watched: Watched) -> None:
    new = at_another_place(5, 12)
    assert watched.last((0, BASE), (12, new)) == ["again"]
    assert watched.last((13, [item(30, 13), *new])) == ["again"], "and it stays so"
    assert watched.last((14, BASE)) == []


def test_a_long_text_of_its_own_is_not_published_twice(watched: Watched) -> None:
    old = [item(40, -9, name=LONG), *BASE]
    assert watched.last((0, old), (20, [item(41, 20, name=LONG), *old])) == ["again"]


SPELLINGS = {
    "a picture was put to it": LONG + "【组图】",
    "a mark before it": "[转载]" + LONG,
    "quotation marks": LONG.replace("首次", "“首次”"),
    "a blank": LONG.replace("首次", " 首次"),
    "other brackets": LONG.replace("周边", "（周边）"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_old_text_spelt_a_little_otherwise(spelling: str, watched: Watched) -> None:
    old = [item(40, -9, name=LONG), *BASE]
    assert watched.last((0, old), (20, [item(41, 20, name=SPELLINGS[spelling]), *old])) == ["again"]


@pytest.mark.parametrize("other", [LONG + "（续）", LONG.replace("首次", "再次"), LONG[:18] + "…", f"{LONG}（2）"])
def test_another_text_that_begins_alike(other: str, watched: Watched) -> None:
    old = [item(40, -9, name=LONG), *BASE]
    assert watched.last((0, old), (20, [item(41, 20, name=other), *old])) == []


HONEST_RETURNS: dict[str, tuple[Sequence[Item], Sequence[Item]]] = {
    "corrected within a week": (BASE, at_another_place(0, 3)),
    "the same day at another address": (BASE, at_another_place(5, -17)),
    "routine: news with the same headline": ([item(40, -9, name=ROUTINE), *BASE],
                                             [item(41, 5, name=ROUTINE), item(40, -9, name=ROUTINE), *BASE]),
    "a series": ([item(40, -9, name=MONTHLY), *BASE], at_another_place(0, 5, MONTHLY, [item(40, -9, name=MONTHLY), *BASE])),
    "generic": ([item(40, -9, name="任前公示"), *BASE], at_another_place(0, 5, "任前公示", [item(40, -9, name="任前公示"), *BASE])),
    "it came back before": (
        [item(40, -9, name=LONG), item(41, -20, name=LONG), *BASE],
        [item(42, 5, name=LONG), item(40, -9, name=LONG), item(41, -20, name=LONG), *BASE],
    ),
    "a new system: all addresses are others, and the day is that of the move": (
        BASE,
        [item(200 + n, 5, name=one.title) for n, one in enumerate(BASE)],
    ),
    "left at the end of the list, headline of middle length": (
        BASE,
        [item(60, 5, name=BASE[9].title), *[item(50 + n, n - 4) for n in range(8)]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST_RETURNS)
def test_what_is_no_old_text_as_new(name: str, watched: Watched) -> None:
    before, after = HONEST_RETURNS[name]
    assert watched.last((0, before), (5, after), (6, after)) == []


def test_next_year_s_notice_bears_the_same_name(watched: Watched) -> None:
    old = [item(40, -9, name=LONG), *BASE]
    assert watched.last((0, old), (350, [item(41, 350, name=LONG), *old])) == []


def test_both_stood_there_when_first_looked(watched: Watched) -> None:
    both = [item(41, -1, name=LONG), item(40, -20, name=LONG), *BASE]
    assert watched.last((0, both), (1, both)) == []


# A burst into a gap

GAP = [(on, BASE) for on in range(0, 29, 2)]  # read every other day, and nothing new for four weeks
FILLED = [item(70 + n, 4 + 4 * n) for n in range(5)]  # days 4, 8 … 20


def test_items_dated_evenly_into_a_gap_that_came_together(watched: Watched) -> None:
    assert watched.last(*GAP, (30, [*reversed(FILLED), *BASE])) == ["burst"]
    assert watched.last((31, [item(90, 31), *reversed(FILLED), *BASE])) == ["burst"], "and it stays so"
    assert watched.last((32, [item(90, 31), *BASE])) == []


def test_a_gap_between_two_known_items(watched: Watched) -> None:
    newer = [item(90, 27), *BASE]
    looks = [*GAP[:14], (28, newer), (30, newer)]
    assert watched.last(*looks, (32, [item(90, 27), *reversed(FILLED), *BASE])) == ["burst"]


GROWN = [item(80 + n, on) for n, on in enumerate((7, 6, 6, 2, -2, -6, -10))]


def honest_bursts() -> dict[str, Sequence[tuple[int, Sequence[Item]]]]:
    uneven = [item(70 + n, on) for n, on in enumerate((3, 4, 5, 9, 10, 18))]
    merged = [item(70 + n, -3 - 2 * n) for n in range(12)]
    older = [item(70 + n, -40 - 4 * n) for n in range(10)]
    holiday = [item(70 + n, 20 + n) for n in range(8)]
    return {
        "nobody could read the list meanwhile": [(0, BASE), (30, [*reversed(FILLED), *BASE])],
        "the column is looked at for the first time": [(30, [*reversed(FILLED), *BASE])],
        "two are few": [*GAP, (30, [*FILLED[:2], *BASE])],
        "as they happened": [*GAP, (30, [*uneven, *BASE])],
        "another column was taken in": [*GAP, (30, [*merged, *BASE])],
        "a longer page": [*GAP, (30, [*BASE, *older])],
        "a longer page, below a pinned item": [(9, [BASE[5], *GROWN[:3]]), (10, [BASE[5], *GROWN])],
        "after a holiday": [*GAP, (28, [*holiday, *BASE])],
        "one after the other": [*GAP, *((29 + n, [*FILLED[: n + 1], *BASE]) for n in range(5))],
        "known texts under new addresses": [
            (-3, [replace(one, url=f"http://www.a.example/alt/{n}.html") for n, one in enumerate(FILLED)]),
            *GAP,
            (30, [*FILLED, *BASE]),
        ],
    }


@pytest.mark.parametrize("name", honest_bursts())
def test_what_is_no_filling_in(name: str, watched: Watched) -> None:
    assert watched.last(*honest_bursts()[name]) == []


def test_documents_bear_the_day_they_were_signed(watched: Watched) -> None:
    watched.dynamic = False
    assert watched.last(*GAP, (30, [*FILLED, *BASE])) == []


# Whatever happens

COUNTS = st.lists(st.integers(0, 3), min_size=5, max_size=60)  # items published a day
LOOKS = st.lists(st.integers(0, 59), min_size=2, max_size=25, unique=True).map(sorted)


def published(counts: Sequence[int]) -> list[Item]:
    """A column that prints the day of publishing, the newest first."""
    days = [number for number, count in enumerate(counts) for _ in range(count)]
    return [item(n, on) for n, on in reversed(list(enumerate([-9, -6, -2, *days])))]


def as_shown(items: Sequence[Item], on: int, size: int) -> list[Item]:
    """Its list on a day, one item pinned on top."""
    there = [one for one in items if str(one.date) <= day(on)]
    return [there[-1], *there[:size]]


@given(counts=COUNTS, looks=LOOKS, sizes=st.lists(st.integers(3, 30), min_size=25, max_size=25))
@settings(max_examples=150, deadline=None)
def test_an_honest_list_that_grows_is_never_suspected(counts: list[int], looks: list[int], sizes: list[int]) -> None:
    """Whenever it is looked at, and however much of it is shown."""
    with store() as tx:
        watched, items = Watched(tx), published(counts)
        for on, size in zip(looks, sizes, strict=False):
            assert watched.look(on, as_shown(items, on, size)) == []


@given(counts=COUNTS, looks=LOOKS, data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_known_date_that_moves_past_the_day_it_was_seen_is_found(
    counts: list[int], looks: list[int], data: st.DataObject
) -> None:
    with store() as tx:
        watched, items = Watched(tx), published(counts)
        for on in looks:
            watched.look(on, as_shown(items, on, 20))
        shown = as_shown(items, looks[-1], 20)
        later = looks[-1] + data.draw(st.integers(1, 400))
        known = data.draw(st.sampled_from(shown))
        forged = replace(known, date=day(data.draw(st.integers(looks[-1] + 1, later))))
        found = watched.look(later, [forged, *(one for one in shown if one.url != forged.url)])
        assert [(one.why, one.url) for one in found if one.why == "moved"] == [("moved", forged.url)]


# Over the wire

CHANGED = pages.html(pages.page(pages.items(("2026-11-20", *pages.DAYS[1:]))))
KNOWN = Remembered(
    pages.TITLES[0], "http://127.0.0.1/gzdt/t0.html", "2026-11-18", "text", "2026-11-18", NOON - timedelta(days=1), None
)
KNOWN_LIST = Earlier((KNOWN,), NOON - timedelta(hours=1))


@dataclass
class Memory:
    """What the store would know, and what was asked of it."""

    known: Earlier = KNOWN_LIST
    asked: list[str] = field(default_factory=list)

    async def earlier(self, target: str, items: Sequence[Item]) -> Earlier:
        self.asked.append(f"{target}: {len(items)} items")
        return self.known


@asynccontextmanager
async def remembering(*answers: bytes) -> AsyncIterator[tuple[Viewer, Memory, str]]:
    memory = Memory()
    async with serving(answers) as server, watching() as viewer:
        viewer.tools = replace(viewer.tools, earlier=memory.earlier)
        yield viewer, memory, server.url("/gzdt/")


async def test_a_page_that_changed_is_compared_with_what_is_remembered() -> None:
    async with remembering(CHANGED) as (viewer, memory, url):
        visited = await viewer.visit(url, COLUMN)
    said = finding(visited, "dates_honest")
    assert (said.outcome, said.cause, said.reason) == (Outcome.FAIL, Cause.FORGED_DATE, "moved")
    assert said.evidence["items"] == [
        {
            "why": "moved",
            "title": pages.TITLES[0],
            "url": url + "t0.html",
            "then": "2026-11-18",
            "now": "2026-11-20",
            "seen": "2026-11-19",
            "many": 1,
        }
    ]
    for part in (pages.TITLES[0], url + "t0.html", "2026-11-18", "2026-11-20", "2026-11-19"):
        assert part in str(said.summary)
    assert memory.asked == ["column-1: 6 items"]
    assert visited.read_before == NOON - timedelta(hours=1), "settle remembers what came as unseen until then"


async def test_of_a_page_that_did_not_change_nothing_is_asked_or_said() -> None:
    async with remembering(CHANGED) as (viewer, memory, url):
        first = await viewer.visit(url, COLUMN)
        again = await viewer.visit(url, COLUMN, seen=remembered(first))
    assert again.page is not None
    assert again.page.unchanged
    assert [said for said in again.findings if said.check == "dates_honest"] == [], "what was said stands"
    assert len(memory.asked) == 1


async def test_after_a_look_that_could_not_see_the_same_page_is_judged_again() -> None:
    """What was suspected before is suspected still, and what was honest is no longer unknown."""
    async with remembering(CHANGED, pages.WALL_412, CHANGED) as (viewer, memory, url):
        first = await viewer.visit(url, COLUMN)
        walled = await viewer.visit(url, COLUMN, seen=remembered(first))
        known = remembered(first, said={(one.check, one.subject): said_again(one, walled) for one in walled.findings})
        again = await viewer.visit(url, COLUMN, seen=known)
    assert finding(walled, "dates_honest").outcome is Outcome.UNKNOWN
    assert finding(again, "dates_honest").reason == "moved"
    assert len(memory.asked) == 2


@pytest.mark.parametrize("answer", [pages.UNDATED, pages.BLANK], ids=["undated", "blank"])
async def test_where_no_date_is_printed_none_is_forged_and_nothing_is_asked(answer: bytes) -> None:
    async with remembering(answer) as (viewer, memory, url):
        visited = await viewer.visit(url, COLUMN)
    said = finding(visited, "dates_honest")
    assert (said.outcome, str(said.summary)) == (Outcome.OK, "no dates to compare")
    assert memory.asked == []


async def test_a_first_look_has_nothing_to_compare_and_a_later_one_says_what_it_compared() -> None:
    async with remembering(CHANGED) as (viewer, memory, url):
        memory.known = Earlier((), None)
        first = finding(await viewer.visit(url, COLUMN), "dates_honest")
        memory.known = Earlier((KNOWN._replace(first_date="2026-11-20", date="2026-11-20"),), NOON - timedelta(hours=1))
        later = finding(await viewer.visit(url, COLUMN), "dates_honest")
    assert (first.outcome, str(first.summary)) == (Outcome.OK, "first look: no earlier one to compare dates with")
    assert (later.outcome, str(later.summary)) == (Outcome.OK, "compared with earlier looks, no date seems forged")


@pytest.mark.parametrize(
    "answer", [pages.SHELL, pages.WALL_200, pages.html(pages.CLOSED)], ids=["shell", "wall", "closed"]
)
async def test_what_cannot_be_read_is_unknown(answer: bytes) -> None:
    async with remembering(answer) as (viewer, memory, url):
        visited = await viewer.visit(url, COLUMN)
    assert finding(visited, "dates_honest").outcome is Outcome.UNKNOWN
    assert memory.asked == []


def test_the_words_stay_short_and_hold_no_secret() -> None:
    told = Suspected("again", "标题\n" * 99, f"http://user:hunter2@a.example/{'x' * 999}", day(0), day(9), START)
    for why in ("moved", "again", "burst"):
        words = str(words_of(told._replace(why=why)))
        assert len(words) <= 300
        assert "hunter2" not in words
        assert words.isprintable()
