"""What becomes a link on the desk and what stays text, and how near a limit is said to be."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given, strategies as st

from monitor.clock import civil_day, day_start
from monitor.model import Cause, Compliance, TargetKind, say
from monitor.store.views import Due
from monitor.web.cards import LONGEST, row, short, telephone, web_address

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("http://www.example.gov.cn/", True),
        ("HTTPS://www.example.gov.cn/a?b=c&d=%20#e", True),
        ("https://政府.中国/栏目", True),
        ("http://[::1]:8080/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("\x01javascript:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("vbscript:x", False),
        ("http:javascript:alert(1)", False),
        ("http:/\\evil.example", False),
        ("http://a b", False),
        ('http://a"onmouseover="alert(1)', False),
        ("http://a'b", False),
        ("http://a\u202eb.example/ c", False),
        ("//evil.example/", False),
        ("", False),
        ("ftp://files.example/", False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, is_link: bool) -> None:
    assert (web_address(url) == url) is is_link


@given(st.text())
def test_whatever_becomes_a_link_is_http_for_a_browser_too(text: str) -> None:
    for url in (text, f"http://{text}"):
        shown = web_address(url)
        if shown is not None:
            assert shown.lower().startswith(("http://", "https://"))
            assert not set(shown) & set(" \t\r\n<>\"'\\`")


@pytest.mark.parametrize(
    ("phone", "tel"),
    [
        ("0751-1234567", "07511234567"),
        ("（0751）1234567", "07511234567"),
        ("+86 138 0000 0000", "+8613800000000"),
        ("0999-8800000转8012", "09998800000,8012"),
        ("12345", "12345"),
        ("", ""),
        ("值班室", ""),
        ("0751-1234567;javascript:alert(1)", ""),
        ("见通讯录", ""),
    ],
)
def test_only_numbers_are_dialled(phone: str, tel: str) -> None:
    assert telephone(phone) == tel


@given(st.text(max_size=300))
def test_a_long_address_keeps_both_ends(text: str) -> None:
    name = f"http://{text}"
    shown = short(name)
    assert len(shown) <= max(LONGEST + 1, 0)
    if shown != name:
        assert name.startswith(shown.split("…")[0][: LONGEST // 2])
        assert name.endswith(shown[-(LONGEST // 2) :])
    assert short("栏" * 300) == "栏" * 300


@given(
    st.dates(date(2020, 1, 2), date(2030, 1, 1)),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
)
def test_the_last_day_is_the_one_before_the_limit_is_broken(broken_from: date, now: datetime) -> None:
    due = Due("a", "栏目", "x/y", Compliance.DUE, day_start(broken_from), say("…"), Cause.STALE, TargetKind.COLUMN)
    shown = row(due, now)
    assert shown.last_day == broken_from - DAY
    left = (shown.last_day - civil_day(now)).days
    words = {True: "over, a look is awaited", False: f"{left} days left"}[left < 0]
    assert str(shown.left) == {0: "last day today", 1: "last day tomorrow"}.get(left, words)
    assert shown.urgent == (left <= 1)


def test_an_address_that_is_a_link_has_a_host() -> None:
    assert urlsplit(web_address("http://www.example.gov.cn/x") or "").hostname == "www.example.gov.cn"
