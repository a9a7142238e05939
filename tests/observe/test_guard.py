"""Which addresses a visit may connect to."""

import ipaddress

import pytest
from hypothesis import given, strategies as st

from monitor.observe.guard import Guard, GuardRefused, literal


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("::1", "loopback"),
        ("[::1]", "loopback"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("fd12:3456::1", "private"),
        ("169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.127.255.255", "carrier-grade NAT"),
        ("64:ff9b::7f00:1", "NAT64"),
        ("64:ff9b:1::a00:1", "NAT64"),
        ("2002:7f00:1::", "6to4"),
        ("2001:0:1::1", "Teredo"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:10.0.0.1", "private"),
        ("::127.0.0.1", "IPv4-compatible"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("::", "unspecified"),
        ("192.0.2.1", "not the public internet"),
        ("198.18.0.1", "not the public internet"),
        ("255.255.255.255", "not the public internet"),
        ("240.0.0.1", "not the public internet"),
        ("2001:db8::1", "not the public internet"),
        ("fec0::1", "site-local"),
        ("127.1", "not an address"),
        ("0x7f.1", "not an address"),
        ("2130706433", "not an address"),
        ("", "not an address"),
    ],
)
def test_what_is_not_the_public_internet_is_refused(address: str, reason: str) -> None:
    assert Guard().refuses(address) == reason


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "100.63.255.255", "172.32.0.1", "2400:3200::1"])
def test_the_public_internet_is_open(address: str) -> None:
    assert Guard().refuses(address) is None


def test_settings_open_networks_and_nothing_else() -> None:
    guard = Guard(["10.20.0.0/16", "fd00:1::/32", ipaddress.ip_network("127.0.0.0/8")])
    assert guard.refuses("10.20.3.4") is None
    assert guard.refuses("::ffff:10.20.3.4") is None
    assert guard.refuses("fd00:1::5") is None
    assert guard.refuses("127.0.0.2") is None
    assert guard.refuses("10.21.0.1") == "private"
    assert guard.refuses("fd00:2::5") == "private"


def test_check_raises_the_reason() -> None:
    with pytest.raises(GuardRefused, match="loopback") as refused:
        Guard().check("127.0.0.1")
    assert refused.value.reason == "loopback"


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_in_its_mapped_form(address: ipaddress.IPv4Address) -> None:
    guard = Guard(["10.0.0.0/8"])
    assert guard.refuses(f"::ffff:{address}") == guard.refuses(str(address))


@given(st.ip_addresses())
def test_nothing_open_is_known_to_be_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if Guard().refuses(str(address)) is None:
        assert address.is_global
        assert not any((address.is_private, address.is_loopback, address.is_multicast, address.is_link_local))


@pytest.mark.parametrize(
    ("host", "address"),
    [("10.0.0.1", "10.0.0.1"), ("[::1]", "::1"), ("::1", "::1"), ("site.example", None), ("127.1", None)],
)
def test_hosts_written_as_addresses(host: str, address: str | None) -> None:
    assert literal(host) == address
