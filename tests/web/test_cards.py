"""What becomes a link on the desk and what stays text, and how near a limit is said to be."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given, strategies as st

from monitor.clock import civil_day, day_start
from monitor.model import Cause, Compliance, Confidence, IncidentState, Severity, TargetKind, say
from monitor.store.views import Citation, Due, Wrong
from monitor.web.cards import LONGEST, card, row, short, telephone, web_address

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 16, 4, tzinfo=UTC)


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


def test_the_strictest_rule_is_quoted_and_all_others_are_named_with_what_is_known_of_them() -> None:
    """Rules of an incident stand in the store by their keys."""

    def cited(source: str, severity: Severity, *, status: str = "", only_counts: bool = False) -> Citation:
        return Citation(source, "第九条", "每周更新", status, Confidence.VERBATIM, severity, only_counts)

    said = {
        "a/town": cited("甲", Severity.REMIND, status="有效期未核实"),
        "b/counts": cited("乙", Severity.BREACH, only_counts=True),
        "c/city": cited("丙", Severity.BREACH, status="有效期未核实"),
        "d/veto": cited("丁", Severity.VETO),
    }
    wrong = Wrong(1, Cause.STALE, "t", IncidentState.OPEN, Severity.VETO, (*said,), NOON, NOON, None, 0, ())
    shown = card(wrong, said, {}, NOON)
    assert str(shown.basis) == "Basis: 丁第九条: 每周更新"
    assert [str(one) for one in shown.also] == ["丙第九条 (有效期未核实)", "乙第九条", "甲第九条 (有效期未核实)"]


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
