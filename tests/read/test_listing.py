"""Lists in every dialect: the newest date, where it came from, and what must be left out."""

import pytest

from monitor.model import State
from tests.read.samples import TITLES, URL, frame, read, rows

LI = "<li><a href='{href}'>{title}</a><span>{date}</span></li>"


def ul(dates: list[str], row: str = LI, **more: list[str]) -> str:
    return f"<ul class='list'>{rows(dates, row, **more)}</ul>"


PRINTED = {
    "iso": (["2026-11-12", "2026-11-03", "2026-10-30"], "2026-11-12"),
    "slashes": (["2026/11/2", "2026/10/30", "2026/9/8"], "2026-11-02"),
    "dots": (["2026.11.02", "2026.10.30", "2026.9.8"], "2026-11-02"),
    "han": (["2026年11月2日", "2026年10月30日", "2026年9月8日"], "2026-11-02"),
    "square brackets": (["[2026-11-02]", "[2026-10-30]", "[2026-09-08]"], "2026-11-02"),
    "round brackets": (["（2026-11-02）", "（2026-10-30）", "（2026-09-08）"], "2026-11-02"),
    "with time": (["2026-11-02 16:20:33", "2026-10-30 09:00", "2026-09-08 8:01"], "2026-11-02"),
    "labelled": (["发布时间：2026-11-02", "发布时间：2026-10-30", "发布时间：2026-09-08"], "2026-11-02"),
    "year-less": (["11-12", "11-03", "10-30"], "2026-11-12"),
    "year-less in brackets": (["[11-12]", "[11-03]", "[10-30]"], "2026-11-12"),
    "year-less of last year": (["12-28", "12-21", "11-25"], "2025-12-28"),
    "year-less han": (["11月12日", "11月3日", "10月30日"], "2026-11-12"),
    "relative": (["昨天", "3天前", "2026-11-03"], "2026-11-19"),
    "just now": (["刚刚", "今天", "前天"], "2026-11-20"),
    "numerals": (["二〇二六年十一月二日", "二○二六年十月三十日", "二零二六年九月八日"], "2026-11-02"),
    "two digits": (["26-11-02", "26-10-30", "25-09-08"], "2026-11-02"),
    "roc": (["民國115年11月2日", "民國115年10月30日", "民國114年9月8日"], "2026-11-02"),
    "roc bare": (["115-11-02", "115-10-30", "114-09-08"], "2026-11-02"),
    "full width": (["２０２６－１１－０２", "２０２６－１０－３０", "２０２６－０９－０８"], "2026-11-02"),
    "english": (["Nov 2, 2026", "Oct 30, 2026", "Sep 8, 2026"], "2026-11-02"),
    "english day first": (["2 November 2026", "30 October 2026", "8 September 2026"], "2026-11-02"),
    "american": (["11/02/2026", "10/30/2026", "09/08/2026"], "2026-11-02"),
    "pinned first": (["2024-01-05", "2026-11-02", "2026-10-30"], "2026-11-02"),
    "future is rejected": (["2026-12-31", "2026-11-02", "2026-10-30"], "2026-11-02"),
    "impossible is rejected": (["2026-02-30", "2026-01-02", "2025-12-30"], "2026-01-02"),
    "with views": (["2026-11-02 浏览：123", "2026-10-30 浏览：45", "2026-09-08 浏览：6"], "2026-11-02"),
}


@pytest.mark.parametrize("name", PRINTED)
def test_printed_forms(name: str) -> None:
    dates, newest = PRINTED[name]
    reading = read(frame(ul(dates)))
    assert (reading.state, reading.newest_date, reading.newest_precision) == (State.LISTED, newest, "day")
    assert [item.title for item in reading.items] == list(TITLES[:3])
    assert {item.date_from for item in reading.items if item.date} == {"text"}


def test_a_month_alone_is_a_month() -> None:
    reading = read(frame(ul(["2026年10月", "2026年9月", "2026年8月"])))
    assert (reading.newest_date, reading.newest_precision) == ("2026-10", "month")


def test_an_ambiguous_order_of_day_and_month_is_no_date() -> None:
    reading = read(frame(ul(["03/04/2026", "02/05/2026", "01/02/2026"])))
    assert (reading.state, reading.newest_date) == (State.LISTED, None)


STRUCTURES = {
    "date before the title": "<li><span>{date}</span><a href='{href}'>{title}</a></li>",
    "date inside the link": "<li><a href='{href}'><em>{date}</em><p>{title}</p></a></li>",
    "date at the tail of the link": "<li><a href='{href}'>{title} ({date})</a></li>",
    "date at the head of the link": "<li><a href='{href}'>[{date}] {title}</a></li>",
    "date as bare text": "<li><a href='{href}'>{title}</a> {date}</li>",
    "cards with a summary": (
        "<div class='item'><h4><a href='{href}'>{title}</a></h4><p>11月18日，全市召开会议，2026年12月31日前完成整改。会议要求各部门"
        "认真落实，确保各项工作按时完成，切实维护群众利益。</p><div class='info'>来源：市政府 发布时间：{date} 点击：12</div></div>"
    ),
    "picture, category and title": (
        "<li><a href='{href}'><img src='a.jpg'></a><a href='/zwgk/'>[公告]</a> <a href='{href}'>{title}</a><span>{date}</span></li>"
    ),
    "time element": "<li><a href='{href}'>{title}</a><time datetime='{date}'></time></li>",
    "label in the link's title": "<li><a href='{href}' title='标题：{title}&#10;发布时间：{date}'>{title}</a></li>",
    "date by a script": "<li><a href='{href}'>{title}</a><script>document.write(\"{date}\")</script></li>",
    "date in an attribute": "<li data-date='{date}'><a href='{href}'>{title}</a></li>",
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_structures_of_a_row(name: str) -> None:
    reading = read(frame(ul(["2026-11-02", "2026-10-30", "2026-09-08", "2026-09-01"], STRUCTURES[name])))
    assert (reading.state, reading.newest_date) == (State.LISTED, "2026-11-02")
    assert [item.date for item in reading.items] == ["2026-11-02", "2026-10-30", "2026-09-08", "2026-09-01"]
    assert reading.items[0].url == "http://www.shi.gov.cn/zwgk/tzgg/content/post_10000.html"


WRAPPERS = {
    "table": (
        "<table><tbody>{}</tbody></table>",
        "<tr><td>·</td><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>",
    ),
    "definition list": ("<dl>{}</dl>", "<dt><a href='{href}'>{title}</a></dt><dd>{date}</dd>"),
    "line breaks": ("<div>{}</div>", "<a href='{href}'>{title}</a> {date}<br>"),
    "line breaks, date first": ("<div>{}</div>", "{date} <a href='{href}'>{title}</a><br>"),
    "blocks": (
        "<div class='box'>{}</div>",
        "<div class='row'><div><a href='{href}'>{title}</a></div><div>{date}</div></div>",
    ),
    "a table for each row": (
        "<div>{}</div>",
        "<table><tr><td><a href='{href}'>{title}</a></td><td>{date}</td></tr></table>",
    ),
    "unclosed items": ("<ul>{}</ul>", "<li><a href={href}>{title}</a><font color=red>{date}</font>"),
}


@pytest.mark.parametrize("name", WRAPPERS)
def test_structures_of_a_list(name: str) -> None:
    wrapper, row = WRAPPERS[name]
    reading = read(frame(wrapper.format(rows(["2026-11-02", "2026-10-30", "2026-09-08", "2026-09-01"], row))))
    assert [(item.title, item.date) for item in reading.items] == list(
        zip(TITLES, ["2026-11-02", "2026-10-30", "2026-09-08", "2026-09-01"], strict=False)
    )


SPLIT = {
    "day and month": "<b>{day}</b><i>2026-{month}</i>",
    "month and year": "<p>{month}/{day}</p><span>2026</span>",
    "day, month and year": "<b>{day}</b><i>{month}月</i><u>2026年</u>",
    "day and month without a year": "<b>{day}日</b><i>{month}月</i>",
    "dotted month": "<span>{day}</span><em>2026.{month}</em>",
}


@pytest.mark.parametrize("name", SPLIT)
def test_dates_in_two_tags(name: str) -> None:
    parts = [SPLIT[name].format(day=day, month=month) for day, month in (("02", "11"), ("30", "10"), ("08", "09"))]
    reading = read(frame(ul(parts, "<li><div>{date}</div><h5><a href='{href}'>{title}</a></h5></li>")))
    assert [item.date for item in reading.items] == ["2026-11-02", "2026-10-30", "2026-09-08"]


ADDRESSES = {
    "trs": ["202611/t20261102_61741.html", "202610/t20261030_61700.html", "202609/t20260908_6.html"],
    "hanweb": ["/art/2026/11/2/art_12_3.html", "/art/2026/10/30/art_12_2.html", "/art/2026/9/8/art_1_1.html"],
    "gov.cn": ["/2026-11/02/content_3.htm", "/2026-10/30/content_2.htm", "/2026-09/08/content_1.htm"],
    "day folder": ["/20261102/ab12/c.html", "/20261030/ab11/c.html", "/20260908/ab10/c.html"],
    "dashes": ["/2026-11-02/3.html", "/2026-10-30/2.html", "/2026-09-08/1.html"],
    "month and day": ["/2026/1102/3.html", "/2026/1030/2.html", "/2026/0908/1.html"],
    "long ids": ["/a/202611021234567.html", "/a/202610301234567.html", "/a/202609081234567.html"],
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_dates_only_in_addresses(name: str) -> None:
    reading = read(
        frame(ul(["", "", ""], "<li><a href='{href}'>{title}</a>{date}</li>", hrefs=ADDRESSES[name]), side="")
    )
    assert (reading.state, reading.newest_date) == (State.LISTED, "2026-11-02")
    assert {item.date_from for item in reading.items} == {"url"}


def test_an_address_that_shows_the_month_only_gives_a_month() -> None:
    hrefs = [f"/202611/{at:032x}.shtml" for at in range(3)]
    reading = read(frame(ul(["", "", ""], "<li><a href='{href}'>{title}</a></li>", hrefs=hrefs), side=""))
    assert (reading.newest_date, reading.newest_precision) == ("2026-11", "month")


def test_addresses_that_all_show_one_day_tell_of_a_migration() -> None:
    hrefs = [f"/2020/1/3/{at:032x}.html" for at in range(6)]
    reading = read(frame(ul([""] * 6, "<li><a href='{href}'>{title}</a></li>", hrefs=hrefs), side=""))
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, None, 6)


def test_a_printed_date_beats_the_address() -> None:
    reading = read(
        frame(ul(["2026-01-02", "2026-01-01"], hrefs=["/art/2026/11/2/a_1.html", "/art/2026/11/1/a_2.html"]))
    )
    assert reading.newest_date == "2026-01-02"


def test_an_address_gives_a_year_less_date_its_year() -> None:
    hrefs = ["/201911/t20191102_2.html", "/201910/t20191030_1.html"]
    assert read(frame(ul(["11-02", "10-30"], hrefs=hrefs))).newest_date == "2019-11-02"


def test_a_year_heading_gives_its_dates_the_year() -> None:
    years = "".join(f"<div><h3>{year}年</h3>{ul(['11-02', '03-04'])}</div>" for year in (2024, 2023))
    assert read(frame(years, side="")).newest_date == "2024-11-02"


def test_titles_that_speak_of_older_years_make_a_year_less_list_unknown() -> None:
    items = "".join(
        f"<li><a href='{at}.htm'>关于2016年第{at}批课题立项的通知</a><span>0{at}-1{at}</span></li>"
        for at in range(1, 6)
    )
    reading = read(frame(f"<ul>{items}</ul>", side=""))
    assert (reading.state, reading.newest_date) == (State.LISTED, None)


TABLE = "<table><tr><th>标题</th><th>{first}</th><th>{second}</th></tr>{body}</table>"
TWO = "<tr><td><a href='{href}'>{title}</a></td>{date}</tr>"


@pytest.mark.parametrize(
    ("first", "second", "newest"),
    [
        ("发布日期", "截止日期", "2026-10-02"),
        ("截止日期", "发布日期", "2026-11-12"),
        ("成文日期", "发布日期", "2026-11-12"),
        ("发布日期", "实施日期", "2026-10-02"),
    ],
)
def test_the_table_header_tells_the_publish_date(first: str, second: str, newest: str) -> None:
    pairs = [
        "<td>2026-10-02</td><td>2026-11-12</td>",
        "<td>2026-09-03</td><td>2026-10-30</td>",
        "<td>2026-08-01</td><td>2026-10-01</td>",
    ]
    assert read(frame(TABLE.format(first=first, second=second, body=rows(pairs, TWO)))).newest_date == newest


def test_of_two_unnamed_dates_the_sorted_one_is_the_list_s() -> None:
    pairs = [
        "<td>2026-10-02</td><td>2026-11-12</td>",
        "<td>2026-09-03</td><td>2026-11-18</td>",
        "<td>2026-08-01</td><td>2026-11-15</td>",
    ]
    assert read(frame(f"<table>{rows(pairs, TWO)}</table>")).newest_date == "2026-10-02"


def test_index_numbers_are_no_dates() -> None:
    row = "<tr><td>11440200/2026-11-00018</td><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>"
    assert (
        read(frame(f"<table>{rows(['2026-10-02', '2026-09-03', '2026-08-01'], row)}</table>")).newest_date
        == "2026-10-02"
    )


def test_event_dates_in_titles_do_not_count() -> None:
    items = "".join(
        f"<li><a href='{at}.html'>关于2026年11月{at}日停电检修的公告</a><span>2026-10-0{at}</span></li>"
        for at in range(1, 6)
    )
    assert read(frame(f"<ul>{items}</ul>")).newest_date == "2026-10-05"


def test_the_hot_list_beside_is_not_the_list() -> None:
    reading = read(frame(ul(["2025-03-02", "2025-02-27", "2025-01-08"])))
    assert reading.newest_date == "2025-03-02"
    assert all("热点" not in item.title for item in reading.items)


def test_sections_of_one_template_are_one_list() -> None:
    sections = "".join(
        f"<div class='sec'><h3>栏目{at}</h3>{ul([f'2026-0{at}-02', f'2026-0{at}-01'])}</div>" for at in (3, 5, 4)
    )
    reading = read(frame(sections))
    assert (reading.newest_date, len(reading.items)) == ("2026-05-02", 6)


def test_a_list_printed_twice_for_telephones_counts_once() -> None:
    phone = f"<div class='m-list'>{rows(['2026-11-02', '2026-10-30'], '<div><p>{date}</p><a href={href}>{title}</a></div>')}</div>"
    reading = read(frame(ul(["2026-11-02", "2026-10-30"]) + phone))
    assert (reading.newest_date, len(reading.items)) == ("2026-11-02", 2)


def test_a_list_of_one() -> None:
    reading = read(frame(ul(["2026-11-02"]), side=""))
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2026-11-02", 1)


def test_two_columns_of_items_in_a_table() -> None:
    cells = [f"<td><a href='{at}.html'>{TITLES[at]}</a> 2026-10-0{at + 1}</td>" for at in range(6)]
    body = "".join(f"<tr>{cells[at]}{cells[at + 1]}</tr>" for at in (0, 2, 4))
    reading = read(frame(f"<table>{body}</table>"))
    assert (reading.newest_date, len(reading.items)) == ("2026-10-06", 6)


def test_records_in_a_hanweb_datastore() -> None:
    records = rows(
        ["2026-11-02", "2026-10-30", "2026-09-08"],
        "<record><![CDATA[<li><a href='{href}'>{title}</a><span>{date}</span></li>]]></record>",
    )
    page = frame(
        f"<div id='382'><script type='text/xml'><datastore><totalrecord>90</totalrecord><recordset>{records}</recordset></datastore></script></div>"
    )
    reading = read(page)
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2026-11-02", 3)


def test_a_home_page_takes_all_its_dated_blocks() -> None:
    blocks = "".join(
        f"<div class='b{at}'><h2>栏目</h2>{ul([f'2026-11-0{at}', f'2026-10-0{at}'])}</div>" for at in (2, 9, 5)
    )
    reading = read(frame(blocks), "site", url="http://www.shi.gov.cn/")
    assert (reading.state, reading.newest_date, len(reading.items)) == (State.LISTED, "2026-11-09", 6)


def test_a_home_page_of_navigation_only_is_readable() -> None:
    reading = read(
        frame("<p>欢迎访问某某市人民政府门户网站，请选择要进入的栏目。</p>", side=""),
        "site",
        url="http://www.shi.gov.cn/",
    )
    assert (reading.state, reading.newest_date) == (State.READABLE, None)


def test_without_an_address_items_keep_what_is_printed() -> None:
    reading = read(frame(ul(["2026-11-02", "2026-10-30"])), url=None)
    assert [item.url for item in reading.items] == ["content/post_10000.html", "content/post_9999.html"]
    assert URL.startswith("http")
