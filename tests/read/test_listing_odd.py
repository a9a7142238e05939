"""Lists as careless and as clever people write them: years above, deadlines beside, clocks, tabs, blocks, other tongues."""

import pytest

from monitor.model import State
from tests.read.samples import TITLES, frame, read, rows
from tests.read.test_listing import ul

BARE = ["11-02", "10-30", "03-04"]


YEARS = {
    "h3": "<div><h3>{year}年</h3>{list}</div>",
    "h2 with a span": "<div class='y'><h2><span>{year}年度</span></h2>{list}</div>",
    "in brackets": "<div><div class='t'>【{year}】</div>{list}</div>",
    "a bare year": "<section><h4>{year}</h4>{list}</section>",
    "numerals": "<div><h3>二〇二{last}年</h3>{list}</div>",
    "a year and a word": "<div><h3>{year}年通知公告</h3>{list}</div>",
    "english": "<div><h3>Year {year}</h3>{list}</div>",
}


@pytest.mark.parametrize("name", YEARS)
def test_a_year_above_a_list_is_that_of_its_dates(name: str) -> None:
    digits = "〇一二三四五六七八九"
    page = "".join(YEARS[name].format(year=year, last=digits[year % 10], list=ul(BARE)) for year in (2024, 2023))
    reading = read(frame(page, side=""))
    assert reading.newest_date == "2024-11-02"
    assert [item.date for item in reading.items] == [f"{year}-{day}" for year in (2024, 2023) for day in BARE]


MONTHS = {
    "h3": ("<h3>{year}年{month}月</h3>{list}", "{}日"),
    "h3 and dashes": ("<h3>{year}-{month:02}</h3>{list}", "{:02}"),
    "a block each": ("<div class='m'><div class='t'>{year}年{month}月份</div>{list}</div>", "{}"),
    "brackets": ("<dt>{year}年{month}月</dt>{list}", "[{}]"),
    "points": ("<h4>【{year}.{month}】</h4>{list}", "（{}日）"),
}


@pytest.mark.parametrize("name", MONTHS)
@pytest.mark.parametrize(
    "row",
    [
        "<li><a href='{href}'>{title}</a><span>{date}</span></li>",
        "<li><em>{date}</em><a href='{href}'>{title}</a></li>",
    ],
)
def test_a_month_above_a_list_is_that_of_its_days(name: str, row: str) -> None:
    block, printed = MONTHS[name]
    months = {11: (13, 12, 2), 10: (30, 8, 3), 9: (21, 4)}
    page = "".join(
        block.format(year=2026, month=month, list=ul([printed.format(day) for day in days], row))
        for month, days in months.items()
    )
    reading = read(frame(f"<div class='list'>{page}</div>", side=""))
    assert [item.date for item in reading.items] == [
        f"2026-{month:02}-{day:02}" for month, days in months.items() for day in days
    ]
    assert reading.newest_date == "2026-11-13"


NO_DAYS = {
    "row numbers": ("<div><h3>2026年11月</h3>{}</div>", ["1", "2", "3", "4"]),
    "counters": ("<div><h3>2026年11月</h3>{}</div>", ["12", "7", "45", "3"]),
    "no heading of theirs": ("<div><div><div><div><h3>2026年11月</h3></div></div></div></div>{}", ["9", "8", "7", "6"]),
}


@pytest.mark.parametrize("name", NO_DAYS)
def test_numbers_below_a_month_that_are_no_days(name: str) -> None:
    page, numbers = NO_DAYS[name]
    assert not any(item.date for item in read(frame(page.format(ul(numbers)), side="")).items)


def test_a_calendar_below_a_month_is_none() -> None:
    cells = "".join(f"<td>{day}</td>" for day in range(30, 0, -1))
    links = "".join(f"<li><a href='{at}1.html'>{title}</a></li>" for at, title in enumerate(TITLES))
    page = f"<div><h4>2026年11月</h4><table><tr>{cells}</tr></table><ul>{links}</ul></div>"
    assert read(frame(page, side="")).newest_date is None


def test_a_caption_with_a_year() -> None:
    row = "<tr><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>"
    page = f"<table><caption>2023年政府公告</caption>{rows(BARE, row)}</table>"
    assert read(frame(page, side="")).newest_date == "2023-11-02"


def test_headings_among_the_rows() -> None:
    row = "<dd><a href='{href}'>{title}</a><span>{date}</span></dd>"
    page = f"<dl><dt>2024年</dt>{rows(BARE[:2], row)}<dt>2023年</dt>{rows(BARE[2:] * 2, row, hrefs=['a1.html', 'a2.html'])}</dl>"
    assert [item.date for item in read(frame(page, side="")).items] == [
        "2024-11-02",
        "2024-10-30",
        "2023-03-04",
        "2023-03-04",
    ]


def test_a_row_of_years_to_choose_from_is_no_heading() -> None:
    tabs = "".join(f"<li><a href='?y={year}'>{year}年</a></li>" for year in range(2026, 2018, -1))
    assert read(frame(f"<div><ul class='tab'>{tabs}</ul>{ul(BARE)}</div>", side="")).newest_date == "2026-11-02"


def test_a_title_that_begins_with_a_year_is_no_heading() -> None:
    row = "<div class='i'><h3><a href='{href}'>2023年{title}</a></h3><span>{date}</span></div>"
    assert read(frame(f"<div>{rows(BARE, row)}</div>", side="")).newest_date == "2026-11-02"


BESIDE = {
    "deadline behind": ("发布时间：{}", "报名截止时间：2026-11-19"),
    "deadline in words": ("发布日期：{}", "截止：2026-11-18 17:00"),
    "hearing": ("{}", "听证会时间：2026年11月19日"),
    "opening of bids": ("{}", "开标时间：2026-11-19 09:30"),
    "in force": ("公布日期：{}", "施行日期：2026-11-15"),
    "interview": ("{}", "面试时间：2026-11-17"),
    "registration": ("发布时间：{}", "报名时间：2026-11-01至2026-11-18"),
    "english deadline": ("Published: {}", "Deadline: 2026-11-19"),
    "written": ("发布日期：{}", "成文日期：2019-01-05"),
    "to come": ("{}", "2027-01-05"),
}


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("swap", [False, True])
def test_dates_of_other_things_beside_the_publish_date(name: str, swap: bool) -> None:
    printed, other = BESIDE[name]
    cells = (other, printed) if swap else (printed, other)
    row = (
        "<li><a href='{href}'>{title}</a>"
        + "".join(f"<span>{cell}</span>" for cell in cells).replace("{}", "{date}")
        + "</li>"
    )
    reading = read(frame(ul(["2026-10-02", "2026-09-30", "2026-09-08"], row)))
    assert [item.date for item in reading.items] == ["2026-10-02", "2026-09-30", "2026-09-08"]
    assert reading.newest_date == "2026-10-02"


HEADED = {
    ("发布时间", "报名截止"): 0,
    ("听证会时间", "发布时间"): 1,
    ("成文日期", "公开日期"): 1,
    ("开标时间", "公告日期"): 1,
    ("Date", "Deadline"): 0,
    ("Closing date", "Posted"): 1,
}


@pytest.mark.parametrize("names", HEADED)
def test_table_headers(names: tuple[str, str]) -> None:
    dates = [["2026-10-02", "2026-09-30", "2026-09-08"], ["2026-10-12", "2026-10-11", "2026-10-10"]]
    pairs = [f"<td>{one}</td><td>{two}</td>" for one, two in zip(*dates, strict=True)]
    body = rows(pairs, "<tr><td><a href='{href}'>{title}</a></td>{date}</tr>")
    page = f"<table><tr><th>标题</th><th>{names[0]}</th><th>{names[1]}</th></tr>{body}</table>"
    assert [item.date for item in read(frame(page)).items] == dates[HEADED[names]]


NO_DATES = {
    "index number": "索引号：11440200/2026-11-00018",
    "bare index number": "2026-11-00018",
    "document number": "某府办〔2026〕11号",
    "document number with a dash": "2026-11号",
    "telephone": "010-20261118",
    "sum": "2026.11万元",
    "version": "V20.11.18",
    "counter": "浏览：20261118",
    "score": "3-11",
    "range of years": "2025-2026",
    "term": "2026年1-11月",
    "half a year": "2026年上半年",
}


@pytest.mark.parametrize("name", NO_DATES)
def test_numbers_that_look_like_dates(name: str) -> None:
    row = f"<li><a href='{{href}}'>{{title}}</a><em>{NO_DATES[name]}</em><span>{{date}}</span></li>"
    reading = read(frame(ul(["2025-10-02", "2025-09-30", "2025-09-08"], row)))
    assert [item.date for item in reading.items] == ["2025-10-02", "2025-09-30", "2025-09-08"]


@pytest.mark.parametrize("name", sorted(set(NO_DATES) - {"score"}))
def test_numbers_alone_give_no_date(name: str) -> None:
    row = f"<li><a href='{{href}}'>{{title}}</a><em>{NO_DATES[name]}</em>{{date}}</li>"
    assert read(frame(ul([""] * 3, row), side="")).newest_date is None


CLOCKS = {
    "words": "<div>今天是2026年11月20日 星期五</div>",
    "cell": "<div class='time'><span>2026-11-20</span><a href='/en/'>English Version</a></div>",
    "weather": "<div class='tq'><ul><li><span>今天</span><a href='/tq/1.html'>多云转晴5~12℃</a></li><li><span>明天</span>"
    "<a href='/tq/2.html'>小雨转多云6~13℃</a></li></ul></div>",
    "calendar": "<div class='cal'><h4>2026年11月</h4><a href='?d=20261119'>19</a><a href='?d=20261120' title='2026-11-20'>20</a></div>",
    "counter": "<div>访问量<b>20261119</b><a href='/tj/index.html'>网站访问统计报告</a></div>",
    "made": "<p>页面生成时间：2026-11-20 10:00:00 <a href='/about/'>关于我们网站</a></p>",
    "footer": "<div>版权所有 2010-2026 <a href='/about/'>某某市人民政府办公室</a> 更新日期：2026-11-20</div>",
}


@pytest.mark.parametrize("kind", ["column", "site"])
@pytest.mark.parametrize("name", CLOCKS)
def test_clocks_and_counters_make_no_list_look_fresh(name: str, kind: str) -> None:
    for count in (1, 2, 5) if kind == "column" else (2, 5):
        dates = [f"2025-0{9 - at}-02" for at in range(count)]
        for page in (CLOCKS[name] + ul(dates), ul(dates) + CLOCKS[name]):
            assert read(frame(page, side=""), kind).newest_date == "2025-09-02", (count, page)


def test_rows_without_links_are_borne() -> None:
    plain = "<li>关于调整办公时间的说明<span>2026-09-05</span></li>"
    reading = read(
        frame(
            f"<ul>{rows(['2026-10-02', '2026-09-30', '2026-09-08'], '<li><a href={href}>{title}</a><span>{date}</span></li>')}{plain}</ul>"
        )
    )
    assert (reading.newest_date, len(reading.items)) == ("2026-10-02", 3)


def test_pinned_items_without_a_date() -> None:
    pinned = "<li><a href='/zd/1.html'>[置顶]关于进一步规范网站管理工作的通知</a></li>"
    body = rows(["2026-10-02", "2026-09-30", "2026-09-08"], "<li><a href='{href}'>{title}</a><span>{date}</span></li>")
    reading = read(frame(f"<ul>{pinned}{body}</ul>"))
    assert (reading.newest_date, len(reading.items)) == ("2026-10-02", 4)


def test_an_english_column() -> None:
    row = "<div class='item'><h3><a href='{href}'>{title}</a></h3><p class='date'>{date}</p><p>The city held a meeting today.</p></div>"
    page = frame(f"<div>{rows(['Nov 2, 2026', 'Oct 30, 2026', 'Sep 8, 2026'], row)}</div>", title="News")
    assert [item.date for item in read(page).items] == ["2026-11-02", "2026-10-30", "2026-09-08"]


def test_titles_that_end_in_today_are_no_dates() -> None:
    items = "".join(
        f"<li><a href='n{at}.html'>Number {at} of what the city council decided today</a></li>" for at in range(8)
    )
    assert read(frame(f"<ul>{items}</ul>", side="")).newest_date is None


HOME = {
    "tabs": "<div class='tab'><ul class='hd'><li>要闻</li><li>公告</li></ul><div class='bd'><ul>{a}</ul><ul style='display:none'>{b}</ul></div></div>",
    "tables": "<table><tr><td><table>{a}</table></td><td><table>{b}</table></td></tr></table>",
    "boxes": "<div class='l'><div class='tt'>要闻</div>{a}</div><div class='r'><div class='tt'>公告</div>{b}</div>",
}


@pytest.mark.parametrize("name", HOME)
def test_home_pages_of_several_blocks(name: str) -> None:
    row = "<tr><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>" if name == "tables" else (
        "<li><a href='{href}'>{title}</a><span>{date}</span></li>" if name == "tabs" else
        "<div class='n'><a href='{href}'>{title}</a><em>{date}</em></div>"
    )  # fmt: skip
    one = rows(["11-02", "10-30", "10-08"], row)
    two = rows(["2026-11-12", "2026-10-13", "2026-07-08"], row, hrefs=[f"/gg/{at}.html" for at in range(3)])
    reading = read(frame(HOME[name].format(a=one, b=two)), "site", url="http://www.shi.gov.cn/")
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2026-11-12", 6)


def test_a_time_in_utc_is_that_of_shanghai() -> None:
    row = "<li><a href='{href}'>{title}</a><time datetime='{date}'>…</time></li>"
    reading = read(frame(ul(["2026-11-01T16:00:00.000Z", "2026-10-29T15:59:59Z", "2026-10-01T03:00:00Z"], row)))
    assert [item.date for item in reading.items] == ["2026-11-02", "2026-10-29", "2026-10-01"]


def test_numbers_of_rows_and_months_make_no_days() -> None:
    row = "<div><span>{at}</span><a href='{href}'>{title}</a><span>2026.11</span></div>"
    made = "".join(row.format(at=at, href=f"{at}.html", title=title) for at, title in enumerate(TITLES, 1))
    assert {item.date for item in read(frame(f"<div>{made}</div>")).items} == {"2026-11"}


def test_bare_numbers_before_a_year_need_proof_of_their_order() -> None:
    row = "<li><b>{}</b><i>{}</i><u>2026</u><a href='{}.html'>{}</a></li>"

    def page(pairs: list[tuple[str, str]]) -> str:
        return frame(
            "<ul>" + "".join(row.format(*pair, at, TITLES[at]) for at, pair in enumerate(pairs)) + "</ul>", side=""
        )

    assert read(page([("04", "10"), ("03", "10"), ("02", "09")])).newest_date is None
    assert read(page([("04", "10"), ("23", "09"), ("02", "09")])).newest_date == "2026-10-04"
    assert read(page([("10", "04"), ("09", "23"), ("09", "02")])).newest_date == "2026-10-04"


def test_friendly_links_outweigh_no_short_list() -> None:
    friends = "".join(f"<a href='http://www.s{at}.gov.cn/'>某某省人民政府门户网站{at}</a>" for at in range(20))
    for count in (1, 2, 3):
        dates = [f"2026-0{9 - at}-02" for at in range(count)]
        reading = read(frame(ul(dates) + f"<div><h3>友情链接</h3>{friends}</div>", side=""))
        assert (reading.newest_date, len(reading.items)) == ("2026-09-02", count)
