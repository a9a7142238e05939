"""Dates in texts and addresses: all forms, never the future, never a guess."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.read.dates import find_dates, last_day, newest, roll_back
from monitor.read.fragments import fragment_kind, join
from monitor.read.urldates import url_date

TODAY = date(2026, 11, 20)
DAYS = st.dates(date(1990, 1, 1), TODAY)

FORMATS: dict[str, Callable[[date], str]] = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month:02d}.{d.day:02d}",
    "han": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "spaced": lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    "compact": lambda d: d.strftime("%Y%m%d"),
    "wide": lambda d: "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else "－" for char in d.isoformat()),
    "english": lambda d: f"{d:%B} {d.day}, {d.year}",
    "day first": lambda d: f"{d.day} {d:%b} {d.year}",
    "roc": lambda d: f"民國{d.year - 1911}年{d.month}月{d.day}日",
    "with time": lambda d: f"{d.isoformat()}T23:59:59Z",
    "brackets": lambda d: f"[{d.isoformat()}]",
}


@pytest.mark.parametrize("name", FORMATS)
@given(day=DAYS)
def test_every_form_reads_back(name: str, day: date) -> None:
    assert [found.date for found in find_dates(FORMATS[name](day), TODAY)] == [day.isoformat()]


@given(DAYS)
def test_numerals_read_back(day: date) -> None:
    digits = "〇一二三四五六七八九"

    def han(number: int) -> str:
        tens, ones = divmod(number, 10)
        return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")

    text = "".join(digits[int(char)] for char in str(day.year)) + f"年{han(day.month)}月{han(day.day)}日"
    assert [found.date for found in find_dates(text, TODAY)] == [day.isoformat()]


@given(st.text("0123456789-/.年月日 [](:T", max_size=40), DAYS)
def test_nothing_comes_out_that_is_in_the_future_or_impossible(text: str, today: date) -> None:
    for found in find_dates(text, today):
        assert found.date <= today.isoformat()
        day = last_day(found.date)
        assert day is not None
        assert day.year >= 1990
        assert 0 <= found.start < found.end <= len(text)


@given(st.text(max_size=60))
def test_any_text_is_borne(text: str) -> None:
    find_dates(text, TODAY)


@given(DAYS, st.integers(0, 364))
def test_a_year_less_date_is_the_last_such_day(today: date, back: int) -> None:
    day = today - timedelta(days=back)
    if day < date(1991, 1, 1) or (day.month, day.day) == (2, 29):
        return
    assert roll_back(day.month, day.day, today) == day.isoformat()


@pytest.mark.parametrize(
    "text",
    ["2026-02-00018", "粤府〔2020〕25号", "第2020132期", "010-59194018", "1.2.3.4", "13.7米", "2019-2020", "10:20", "2026-12-31", "2026-13-01",
     "2026-02-30", "1911年10月10日", "11440200/2026-00018", "5月", "2020-12-06-001", "12345678", "20201301", "3-15岁的", "03/04/2026"],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert [found.date for found in find_dates(text, TODAY) if found.form != "yearless"] == []


def test_29_february_rolls_back_to_a_leap_year() -> None:
    assert roll_back(2, 29, TODAY) == "2024-02-29"
    assert roll_back(2, 30, TODAY) is None


def test_order_of_day_and_month() -> None:
    assert [found.date for found in find_dates("03/04/2026", TODAY, day_first=True)] == ["2026-04-03"]
    assert [found.date for found in find_dates("03/04/2026", TODAY, day_first=False)] == ["2026-03-04"]
    assert [found.date for found in find_dates("25/04/2026", TODAY)] == ["2026-04-25"]


def test_a_day_is_newer_than_its_month_and_a_later_month_is_newer_than_a_day() -> None:
    assert newest(["2026-10", "2026-10-01", "2026-09-30"]) == "2026-10-01"
    assert newest(["2026-10", "2026-09-30"]) == "2026-10"
    assert newest([]) is None


@pytest.mark.parametrize(
    ("text", "day"), [("2026-02", date(2026, 2, 28)), ("2024-02", date(2024, 2, 29)), ("2026-11-20", TODAY)]
)
def test_capture_days(text: str, day: date) -> None:
    assert last_day(text) == day


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-02-30", "20 Nov", "2026-1-1"])
def test_no_capture_day(text: str) -> None:
    assert last_day(text) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/202104/t20210427_61741.html", "2021-04-27"),
        ("http://a.cn/art/2023/8/3/art_1_2.html", "2023-08-03"),
        ("/2023-08/03/content_1.htm", "2023-08-03"),
        ("/20230803/0a1b/c.html", "2023-08-03"),
        ("/202308/0123456789abcdef0123456789abcdef.shtml", "2023-08"),
        ("/2023-08-03/1.html", "2023-08-03"),
        ("/2023/0803/1.html", "2023-08-03"),
        ("/c/202308031234567.html", "2023-08-03"),
        ("/scedu/c100535/2020/1/3/c30d.shtml", "2020-01-03"),
        ("/content/post_3059590.html", None),
        ("/info/1535/123.htm", None),
        ("/2027/0101/1.html", None),
        ("/col/col1629311/index.html", None),
        ("http://2020.gov.cn/", None),
        ("", None),
    ],
)
def test_dates_in_addresses(url: str, shown: str | None) -> None:
    assert url_date(url, TODAY) == shown


@given(st.text(max_size=80))
def test_any_address_is_borne(url: str) -> None:
    shown = url_date(url, TODAY)
    assert shown is None or shown <= TODAY.isoformat()


MORE_FORMATS: dict[str, Callable[[date], str]] = {
    "of": lambda d: f"{d.day} of {d:%B}, {d.year}",
    "year first": lambda d: f"{d.year}-{d:%b}-{d:%d}",
    "java": lambda d: f"{d:%a %b %d} 10:20:30 CST {d.year}",
    "republic": lambda d: f"中華民國{d.year - 1911}年{d.month}月{d.day}日",
    "dotted wide": lambda d: f"{d.year}．{d.month:02}．{d.day:02}",
}


@pytest.mark.parametrize("name", MORE_FORMATS)
@given(day=DAYS)
def test_every_rarer_form_reads_back(name: str, day: date) -> None:
    assert [found.date for found in find_dates(MORE_FORMATS[name](day), TODAY)] == [day.isoformat()]


YEARLESS_FORMATS: dict[str, Callable[[date], str]] = {
    "dashes": lambda d: f"{d:%m-%d}",
    "han": lambda d: f"{d.month}月{d.day}日",
    "english": lambda d: f"{d:%B} {d.day}",
    "day first": lambda d: f"{d.day} {d:%b}",
    "behind a label": lambda d: f"发布:{d:%m-%d}",
}


@pytest.mark.parametrize("name", YEARLESS_FORMATS)
@given(day=st.dates(TODAY - timedelta(days=364), TODAY))
def test_year_less_forms_roll_back(name: str, day: date) -> None:
    assert [found.date for found in find_dates(YEARLESS_FORMATS[name](day), TODAY)] == [day.isoformat()]


URLS: dict[str, Callable[[date], str]] = {
    "trs": lambda d: f"./{d:%Y%m}/t{d:%Y%m%d}_6.html",
    "attachment": lambda d: f"./{d:%Y%m}/P0{d:%Y%m%d}391234567890.pdf",
    "hanweb": lambda d: f"http://a.gov.cn/art/{d.year}/{d.month}/{d.day}/art_1_2.html",
    "gov.cn": lambda d: f"/{d:%Y-%m/%d}/content_1.htm",
    "no zeros": lambda d: f"/content/{d.year}-{d.month}/{d.day}/1.shtml",
    "underscore": lambda d: f"/xw/content_{d:%Y%m%d}_1.html",
    "dashes and id": lambda d: f"/xw/{d.isoformat()}-1.html",
    "long id": lambda d: f"/a/{d:%Y%m%d}102033.html",
}


@pytest.mark.parametrize("name", URLS)
@given(day=DAYS)
def test_days_in_addresses_read_back(name: str, day: date) -> None:
    assert url_date(URLS[name](day), TODAY) == day.isoformat()


@given(st.text("0123456789/-_.tPWart?=", max_size=60), DAYS)
def test_no_address_shows_a_day_to_come(url: str, today: date) -> None:
    shown = url_date(url, today)
    assert shown is None or (shown <= today.isoformat() and last_day(shown) is not None)


@given(
    st.lists(
        st.sampled_from(["2026", "2026年", "11", "03", "11月", "3日", "Nov", "2026-11", "11-03", "Nov 2026"]),
        max_size=3,
    )
)
def test_parts_make_a_day_that_was_or_nothing(texts: list[str]) -> None:
    parts = [kind for text in texts if (kind := fragment_kind(text)) is not None]
    made = join(parts, TODAY)
    assert made is None or made[0] <= TODAY.isoformat()
