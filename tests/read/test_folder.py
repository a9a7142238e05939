"""A column's own list against heavier ones beside it: the list under the page's own folder is the column's."""

import pytest

from monitor.model import Reading, State
from tests.read.samples import TITLES, frame, read, rows
from tests.read.test_listing import LI

STALE = ["2022-08-03", "2022-07-03", "2022-06-01", "2022-05-05", "2022-04-01"]
FRESH = [f"2026-11-{day}" for day in range(19, 9, -1)]
BARE = "<li><a href='{href}'>{title}</a>{date}</li>"


def under(folder: str, count: int) -> list[str]:
    return [f"{folder}{at}.html" for at in range(count)]


def ul(dates: list[str], folder: str, row: str = LI) -> str:
    return f"<ul>{rows(dates, row, hrefs=under(folder, len(dates)))}</ul>"


def beside(main: str, side: str, *, first: bool = True) -> str:
    main = f"<div class='list'>{main}</div>"
    return frame(side + main if first else main + side, side="")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("others", [5, 8, 10])
@pytest.mark.parametrize(
    ("heading", "name"), [("最新动态", "left"), ("要闻", "right"), ("", "fl"), ("最新公开", "sidebar")]
)
def test_a_longer_list_beside_makes_no_stale_column_fresh(
    heading: str, name: str, others: int, count: int, first: bool
) -> None:
    side = f"<div class='{name}'><h3>{heading}</h3>{ul(FRESH[:others], '/zx/')}</div>"
    reading = read(beside(ul(STALE[:count], "content/"), side, first=first))
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2022-08-03", count)


@pytest.mark.parametrize("others", [4, 9])
def test_nor_does_it_date_an_undated_column(others: int) -> None:
    side = f"<div class='side'><h3>要闻</h3>{ul(FRESH[:others], '/zx/')}</div>"
    reading = read(beside(ul([""] * 8, "content/post_1", BARE), side))
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, None, 8)


def test_nor_with_dates_at_the_edge_of_titles() -> None:
    side = f"<div class='left'>{ul(FRESH, '/zx/')}</div>"
    row = "<li><a href='{href}'>{title} ({date})</a></li>"
    assert read(beside(ul(STALE[:3], "content/", row), side)).newest_date == "2022-08-03"


def test_nor_one_of_the_same_make() -> None:
    main = "<div class='main'>{}</div><div class='left'><h3>要闻</h3>{}</div>"
    assert read(frame(main.format(ul(STALE, "content/"), ul(FRESH, "/zx/")), side="")).newest_date == "2022-08-03"


PLACES = {
    "its address": ("http://www.shi.gov.cn/gzdt/index_2.html", ""),
    "a query": ("http://www.shi.gov.cn/gzdt/list.aspx?page=2", ""),
    "no slash": ("http://www.shi.gov.cn/gzdt", ""),
    "a name at the root": ("http://www.shi.gov.cn/gzdt.html", ""),
    "its canonical link": (
        "http://www.shi.gov.cn/list.aspx?id=3",
        "<link rel='canonical' href='http://www.shi.gov.cn/gzdt/'>",
    ),
    "its breadcrumb": (
        "http://www.shi.gov.cn/list.aspx?id=3",
        "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/gzdt/'>工作动态</a></div>",
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_what_tells_the_folder(name: str) -> None:
    url, pointer = PLACES[name]
    body = f"<div class='left'>{ul(FRESH[:6], '/zx/')}</div><div class='list'>{ul(STALE[:3], '/gzdt/')}</div></body></html>"
    assert read(f"<html><head><title>工作动态</title></head><body>{pointer}{body}", url=url).newest_date == "2022-08-03"


def fresh(page: str) -> Reading:
    """The page reads as before: fresh, by its longer list."""
    reading = read(page)
    assert (reading.newest_date, len(reading.items)) == (FRESH[0], 8)
    return reading


def test_articles_kept_elsewhere_leave_all_as_it_was() -> None:
    """The column's own list is long and lies under /art/; so does the one beside it."""
    side = ul(STALE[:3], "/art/2022/8/3/").replace("<ul>", "<ul class='short'>")
    fresh(beside(ul(FRESH[:8], "/art/2026/11/3/"), f"<div class='left'>{side}</div>"))


@pytest.mark.parametrize("beside_it", ["热点排行", "相关链接"])
def test_a_hot_list_of_the_column_itself_is_none(beside_it: str) -> None:
    hot = f"<div class='left'><h3>{beside_it}</h3>{ul(STALE[:4], 'content/9')}</div>"
    fresh(beside(ul(FRESH[:8], "/art/2026/11/3/"), hot))
    fresh(beside(ul(FRESH[:8], "content/"), hot))


def test_a_menu_under_the_folder_is_no_list() -> None:
    menu = "".join(f"<li><a href='{'abcdefghi'[at]}.html'>{TITLES[at % 6][:12]}{at}号</a></li>" for at in range(9))
    fresh(beside(ul(FRESH[:8], "/art/2026/11/3/"), f"<div class='left'><ul>{menu}</ul></div>"))


def test_a_lone_title_under_the_folder_is_no_list() -> None:
    fresh(beside(ul(FRESH[:8], "/art/2026/11/3/"), f"<div class='left'>{ul(STALE[:1], 'content/')}</div>"))


def test_sections_of_one_template_stay_together() -> None:
    one = "<div class='sec'><h3>{}</h3>{}</div>"
    page = one.format("政策", ul(STALE, "content/")) + one.format("动态", ul(FRESH[:5], "/zx/"))
    reading = read(frame(page, side=""))
    assert (reading.newest_date, len(reading.items)) == (FRESH[0], 10)
