"""Pages of which a part is missing: cut on the way, or standing in frames nobody followed. Never blank, never stale."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import Fetched, Reach, Reading, State
from monitor.observe.follow import AT_MOST, follow
from monitor.read.links import canonical
from tests.read.samples import TODAY, frame, read, rows

ROW = "<li><a href='{href}'>{title}</a><span>{date}</span></li>"
RISING = [f"2026-{month:02}-02" for month in range(1, 12)]


def cut(page: str, after: str) -> str:
    """The page up to and with the last place where `after` stands."""
    return page[: page.rindex(after) + len(after)]


def test_a_list_cut_in_the_middle_is_not_stale() -> None:
    """The newest may have stood in what is missing, unless the dates fall as lists do."""
    whole = frame(f"<ul>{rows(RISING, ROW)}</ul>")
    assert read(whole).newest_date == "2026-11-02"
    half = read(cut(whole, "2026-06-02</span></li>"))
    assert (half.state, half.newest_date) == (State.UNREADABLE, None)
    falling = frame(f"<ul>{rows(RISING[::-1], ROW)}</ul>")
    assert read(cut(falling, "2026-06-02</span></li>")).newest_date == "2026-11-02"


def test_a_page_cut_before_its_list_is_not_blank() -> None:
    empty = frame("<ul class='list'></ul>", side="")
    assert read(empty).state is State.BLANK
    assert read(cut(empty, "<ul class='list'>")).state is State.UNREADABLE


@given(st.integers(200, 3000), st.sampled_from(["column", "page"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_wherever_a_page_is_cut_it_is_not_blank(size: int, kind: str, rising: bool) -> None:
    dates = RISING if rising else RISING[::-1]
    body = frame(f"<ul class='list'>{rows(dates, ROW)}</ul>", side="").encode()
    reading = read(body[: min(size, len(body) - 14)], kind)
    assert reading.state is not State.BLANK
    assert reading.newest_date in {None, "2026-11-02"} or rising is False


@pytest.mark.parametrize("count", [1, AT_MOST, AT_MOST + 1, 9])
def test_more_frames_than_are_followed_are_never_blank(count: int) -> None:
    """Blank only when every frame was seen and every one was blank."""
    outer = read(
        "<html><body>" + "".join(f"<iframe src='f{at}.html'></iframe>" for at in range(count)) + "</body></html>"
    )
    assert outer.state is State.SHELL
    assert len(outer.needs) == count
    blank = read(frame("<ul class='list'></ul>", side=""))
    assert blank.state is State.BLANK
    assert asyncio.run(_followed(outer, blank)).state is (State.BLANK if count <= AT_MOST else State.SHELL)


async def _followed(outer: Reading, inner: Reading) -> Reading:
    async def fetch(url: str) -> Fetched:
        at = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
        return Fetched(
            url=url, final_url=url, reach=Reach.OPEN, detail="", started_at=at, seconds=0.1, status=200, body=b"x"
        )

    async def read_inner(fetched: Fetched) -> Reading:
        return replace(inner, title=fetched.url)

    return await follow(outer, fetch, read_inner)


HREF = st.lists(st.sampled_from(["../", "./", "/", "a", "b.html", "?x=1", "//", ".", "-", "&", "%41", "某", "http://x.gov.cn"]), max_size=8)  # fmt: skip


@given(HREF.map("".join), st.sampled_from([None, "http://www.shi.gov.cn/zwgk/tzgg/index.html", "https://a.cn/"]))
@settings(max_examples=500, deadline=None)
def test_the_quick_way_to_an_address_comes_to_the_same(href: str, base: str | None) -> None:
    """A blank in front sends an address the long way round."""
    assert canonical(href, base) == canonical(" " + href, base)
