"""A reading that says it is timeless reads the same on every later day; only then is an unchanged page left unread."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from monitor.model import Reading, TargetKind
from monitor.read.captured import CaptureDay
from monitor.read.feed import read_feed
from monitor.read.page import read_page

DAY = date(2026, 3, 5)
FORMS = (
    "{d:%Y-%m-%d}",
    "{d:%Y/%m/%d}",
    "[{d:%m-%d}]",
    "({d:%y-%m-%d})",
    "{d:%Y-%m}",
    "{d.month}月{d.day}日",
    "{d:%Y}年{d.month}月{d.day}日",
    "昨天",
    "3天前",
    "{d:%d/%m/%Y}",
)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def page(dates: list[str]) -> bytes:
    rows = "".join(
        f'<li><a href="/art/{n}.html">关于第{n}次会议的通知公告</a><span>{text}</span></li>'
        for n, text in enumerate(dates)
    )
    return f"<html><head><title>通知公告</title></head><body><ul>{rows}</ul></body></html>".encode()


def read(body: bytes, day: date) -> Reading:
    return read_page(body, url="http://a.example/tz/", kind=TargetKind.COLUMN, charset=None, status=200, captured=day)


@given(st.lists(st.tuples(st.sampled_from(FORMS), days), min_size=1, max_size=8), days, st.integers(1, 400))
def test_what_is_timeless_reads_the_same_later(rows: list[tuple[str, date]], first: date, later: int) -> None:
    body = page([form.format(d=day) for form, day in rows])
    before = read(body, first)
    if before.timeless:
        assert replace(read(body, first + timedelta(days=later)), timeless=True) == before


@given(
    st.lists(st.tuples(days, st.sampled_from(("%Y-%m-%d %H:%M:%S", "%a, %d %b %Y 08:00:00 +0800"))), max_size=5), days
)
def test_feeds_too(entries: list[tuple[date, str]], first: date) -> None:
    items = "".join(f"<item><title>t</title><pubDate>{day:{form}}</pubDate></item>" for day, form in entries)
    body = f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()
    before = read_feed(body, url=None, charset=None, captured=first)
    if before.timeless:
        after = read_feed(body, url=None, charset=None, captured=first + timedelta(days=300))
        assert replace(after, timeless=True) == before


@pytest.mark.parametrize("form", ["{d:%Y-%m-%d}", "{d:%Y/%m/%d}", "({d:%y-%m-%d})", "{d:%Y-%m}"])
def test_whole_dates_that_are_past_are_timeless(form: str) -> None:
    body = page([form.format(d=DAY - timedelta(days=n)) for n in range(1, 6)])
    assert read(body, DAY).timeless


@pytest.mark.parametrize("form", ["[{d:%m-%d}]", "3天前", "{d:%Y-%m-%d}"])
def test_years_left_out_words_and_days_to_come_are_not(form: str) -> None:
    body = page([form.format(d=DAY + timedelta(days=9 + n)) for n in range(5)])
    assert not read(body, DAY).timeless


def test_the_day_remembers_only_what_a_later_day_would_answer_otherwise() -> None:
    past, ahead = DAY - timedelta(days=1), DAY + timedelta(days=1)
    for asked in (lambda d: past <= d, lambda d: d >= past, lambda d: not past > d, lambda d: past < d):
        day = CaptureDay.of(DAY)
        assert asked(day)
        assert day.timeless
    for asked in (
        lambda d: ahead > d,
        lambda d: d < ahead,
        lambda d: d.year == 2026,
        lambda d: (d - past).days == 1,
        lambda d: (ahead - d).days == 1,
        lambda d: d.isoformat() == "2026-03-05",
    ):
        day = CaptureDay.of(DAY)
        assert asked(day)
        assert not day.timeless
