"""A small name server over UDP for tests: real packets, and every way in which a name server can fail.

`names` maps a host to addresses, or to a word: nxdomain, servfail, refused, nodata, silent (never answers), deaf_to_v6
(answers A only), "= NAME" (it stands for that one: CNAME). Unknown names are NXDOMAIN.
"""

import asyncio
import ipaddress
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

_RCODES = {"servfail": 2, "nxdomain": 3, "refused": 5}
_A, _CNAME, _AAAA = 1, 5, 28
TTL = 300


@dataclass(slots=True)
class Zone:
    """The server's port, its names (may be changed while it runs) and what it was asked."""

    names: dict[str, str | Sequence[str]]
    port: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)


class _Server(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self.zone = zone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = answer_to(data, self.zone)
        if answer is not None:
            self.transport.sendto(answer, addr)


@asynccontextmanager
async def naming(names: Mapping[str, str | Sequence[str]]) -> AsyncIterator[Zone]:
    """A name server on loopback for the time of a test."""
    zone = Zone(dict(names))
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Server(zone), local_addr=("127.0.0.1", 0)
    )
    zone.port = transport.get_extra_info("sockname")[1]
    try:
        yield zone
    finally:
        transport.close()


def answer_to(query: bytes, zone: Zone) -> bytes | None:
    """The answer packet (RFC 1035 §4), None when the server keeps silent."""
    name, kind, question = _question(query)
    zone.asked.append((name, kind))
    known, aliases, owner = zone.names.get(name, "nxdomain"), [], b"\xc0\x0c"
    while isinstance(known, str) and known.startswith("= "):
        alias = _name(known.removeprefix("= "))
        aliases.append(owner + struct.pack(">HHIH", _CNAME, 1, TTL, len(alias)) + alias)
        owner, known = alias, zone.names.get(known.removeprefix("= "), "nxdomain")
    if known == "silent" or (known == "deaf_to_v6" and kind == _AAAA):
        return None
    code = _RCODES.get(known, 0) if isinstance(known, str) else 0
    addresses = ["127.0.0.1"] if known == "deaf_to_v6" else [] if isinstance(known, str) else known
    records = [_record(address, kind, owner) for address in addresses]
    answers = [*aliases, *(record for record in records if record)]
    header = query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(answers), 0, 0)
    return header + question + b"".join(answers)


def _question(query: bytes) -> tuple[str, int, bytes]:
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii"))
        at += length + 1
    kind = struct.unpack(">H", query[at + 1 : at + 3])[0]
    return ".".join(labels).lower(), kind, query[12 : at + 5]


def _name(host: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in host.split(".")) + b"\0"


def _record(address: str, kind: int, owner: bytes) -> bytes:
    packed = ipaddress.ip_address(address).packed
    if (kind == _A) is not (len(packed) == 4):
        return b""
    return owner + struct.pack(">HHIH", kind, 1, TTL, len(packed)) + packed
