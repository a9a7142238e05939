"""Addresses: sent as they were written, joined as browsers join them, whatever bytes come."""

import pytest
from hypothesis import given, strategies as st
from yarl import URL

from monitor.observe.exchange import Reply
from monitor.observe.hops import LeadsNowhere, address_of, next_address, without_credentials

HERE = URL("http://site.example/a/b?c=1")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("http://site.example", "http://site.example"),
        ("http://Site.Example/A", "http://site.example/A"),
        ("http://site.example/%e4%b8%ad", "http://site.example/%e4%b8%ad"),
        ("http://site.example/%CA%D7.html", "http://site.example/%CA%D7.html"),
        ("http://site.example/中?q=值", "http://site.example/%E4%B8%AD?q=%E5%80%BC"),
        ("http://site.example//double//slash", "http://site.example//double//slash"),
        ("http://site.example/a/../b", "http://site.example/a/../b"),
        ("http://site.example?x=1", "http://site.example/?x=1"),
        ("http://政务.公益/", "http://xn--zfr164b.xn--55qw42g/"),
        ("http://a_b.example/", "http://a_b.example/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        (" http://site.example/ ", "http://site.example/"),
    ],
)
def test_addresses_are_sent_as_written(text: str, sent: str) -> None:
    assert str(address_of(text)) == sent


@pytest.mark.parametrize("text", ["", "site.example", "/path", "mailto:a@b", "http://", "http://x:99999/", "http://[/"])
def test_what_is_no_web_address(text: str) -> None:
    with pytest.raises(ValueError):
        address_of(text)


@given(st.binary(max_size=60))
def test_any_bytes_of_a_location_lead_to_a_web_address_or_nowhere(location: bytes) -> None:
    try:
        target = next_address(HERE, Reply(302, location=location))
    except LeadsNowhere:
        return
    assert target is None or (target.scheme in {"http", "https"} and target.raw_host and str(target).isascii())


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = address_of("http://" + text)
    except ValueError:
        return
    assert address.raw_host
    assert address.raw_path.startswith("/")


def test_only_redirects_lead_on() -> None:
    assert next_address(HERE, Reply(200, location=b"/x")) is None
    assert next_address(HERE, Reply(304, location=b"/x")) is None
    assert next_address(HERE, Reply(302)) is None
    assert next_address(HERE, Reply(302, location=b"/x")) == URL("http://site.example/x")


def test_control_characters_are_quoted_and_stay_quoted() -> None:
    target = next_address(HERE, Reply(302, location=b"\x00odd\x7f/b"))
    assert target is not None
    assert target.raw_path == "/a/%00odd%7F/b"
    target = next_address(target, Reply(302, location=b"c"))
    assert target is not None
    assert target.raw_path == "/a/%00odd%7F/c"


def test_credentials_are_taken_out() -> None:
    assert without_credentials(URL("http://u:p@site.example/x?y#z")) == "http://site.example/x?y#z"
    assert without_credentials(URL("http://u@site.example/")) == "http://site.example/"
