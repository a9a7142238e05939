"""The address guard: which addresses a visit may connect to.

Addresses come from other people's pages and name servers, so a visit could be led into our own network. Everything
that is not the public internet is refused unless the settings allow its network (政务外网 targets are private
addresses). It judges the final address, at connect time: names, redirects and rebinding cannot get round it.
"""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_CLOSED = tuple(
    (ipaddress.ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "unspecified"),  # RFC 1122 §3.2.1.3
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),  # RFC 3927; holds the metadata services of clouds
        ("10.0.0.0/8", "private"),  # RFC 1918
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),  # RFC 6598
        ("224.0.0.0/4", "multicast"),
        ("192.88.99.0/24", "6to4 relay"),  # RFC 7526
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),  # RFC 3879
        ("fc00::/7", "private"),  # RFC 4193
        ("ff00::/8", "multicast"),
        # Prefixes that carry an IPv4 address and may be routed to it; `is_global` calls the first two global.
        ("64:ff9b::/96", "NAT64"),  # RFC 6052
        ("64:ff9b:1::/48", "NAT64"),  # RFC 8215
        ("2002::/16", "6to4"),  # RFC 3056
        ("2001::/32", "Teredo"),  # RFC 4380
        ("::/96", "IPv4-compatible"),  # RFC 4291 §2.5.5.1
        ("::ffff:0:0:0/96", "IPv4-translated"),  # RFC 2765
    )
)


class GuardRefused(OSError):
    """The guard will not let a connection go there. An OSError, because it is raised where sockets are made."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"refused by the address guard: {reason}")
        self.reason = reason


class Guard:
    """Judges addresses. `allow` are networks opened by the settings, as texts or ipaddress networks."""

    def __init__(self, allow: Iterable[str | Network] = ()) -> None:
        self._allow = tuple(ipaddress.ip_network(network) for network in allow)
        # Bounded: the same few thousand addresses come back with every visit.
        self._judged = lru_cache(maxsize=8192)(self._judge)

    def refuses(self, address: str) -> str | None:
        """Why nothing may connect to this literal address ('loopback', 'private' …); None when it may."""
        return self._judged(address)

    def check(self, address: str) -> None:
        """Raises GuardRefused when nothing may connect to this literal address."""
        reason = self._judged(address)
        if reason is not None:
            raise GuardRefused(reason)

    def _judge(self, text: str) -> str | None:
        try:
            address: Address = ipaddress.ip_address(text.partition("%")[0].strip("[]"))
        except ValueError:
            return "not an address"
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        address = mapped or address
        if any(address in network for network in self._allow if network.version == address.version):
            return None
        return _closed(address)


@lru_cache(maxsize=16_384)  # the same hosts are asked over and over
def literal(host: str) -> str | None:
    """The address when a host is written as one ('[::1]', '10.0.0.1'); None when it is a name."""
    bare = host.strip("[]")
    try:
        ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return bare


def _closed(address: Address) -> str | None:
    """The reason an address is not the public internet, None when it is."""
    for network, reason in _CLOSED:
        if network.version == address.version and address in network:
            return reason
    # 192.0.0.0/24, documentation, benchmark and reserved ranges, as ipaddress keeps them from the IANA registries.
    return None if address.is_global else "not the public internet"
