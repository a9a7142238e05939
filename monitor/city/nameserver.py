"""A small real name server on loopback, UDP and TCP on one port: A records, NODATA for all else, failures on demand.

Reads a lookup function at each question, so that a fault in force decides the answer; writes nothing. TTLs are zero:
nobody may remember an answer past a fault. It forwards nothing: a name it does not know is NXDOMAIN. Any test that
needs names can use it with `from_table`.
"""

import asyncio
import contextlib
import errno
import ipaddress
import struct
from collections.abc import Callable, Mapping

Lookup = Callable[[str], tuple[str, ...] | str]
"""Host name, lower case, no dot at the end → IPv4 addresses, or how it fails: nxdomain, nodata, servfail, refused, timeout."""

_RCODES = {"nodata": 0, "servfail": 2, "nxdomain": 3, "refused": 5}
_A, _IN = 1, 1
_RESPONSE, _AUTHORITATIVE, _RECURSION = 0x8000, 0x0400, 0x0080


def from_table(table: Mapping[str, tuple[str, ...] | str]) -> Lookup:
    """Names not in the table do not exist."""
    return lambda name: table.get(name, "nxdomain")


class Nameserver:
    """A running name server; `address` is "127.0.0.1:PORT" as resolvers take it."""

    def __init__(self, lookup: Lookup, address: str = "127.0.0.1") -> None:
        self._lookup = lookup
        self._host = address
        self._port = 0
        self._udp: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.questions = 0

    @property
    def address(self) -> str:
        """Where it listens. Only once started."""
        return f"{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen on a free port, the same one for UDP and TCP."""
        loop = asyncio.get_running_loop()
        for _ in range(50):
            server = await asyncio.start_server(self._serve, self._host, 0)
            port = int(server.sockets[0].getsockname()[1])
            try:
                transport, _protocol = await loop.create_datagram_endpoint(
                    lambda: _Datagrams(self.answer), local_addr=(self._host, port)
                )
            except OSError as error:
                server.close()
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            self._tcp, self._udp, self._port = server, transport, port
            return
        raise OSError(errno.EADDRINUSE, "no port free for both UDP and TCP")

    async def close(self) -> None:
        """Stop answering."""
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            self._tcp.close()
        for writer in list(self._open):
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        if self._tcp is not None:
            await self._tcp.wait_closed()

    def answer(self, question: bytes) -> bytes | None:
        """The reply to one message; None for garbage and for names that time out."""
        self.questions += 1
        try:
            name, kind, asked = _question(question)
        except (IndexError, struct.error, UnicodeDecodeError):
            return None
        found = self._lookup(name)
        if found == "timeout":
            return None
        if isinstance(found, str):
            return _reply(question, asked, _RCODES[found], ())
        return _reply(question, asked, 0, found if kind == _A else ())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                size = struct.unpack(">H", await reader.readexactly(2))[0]
                reply = self.answer(await reader.readexactly(size))
                if reply is not None:
                    writer.write(struct.pack(">H", len(reply)) + reply)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    """UDP: one datagram, one answer."""

    def __init__(self, answer: Callable[[bytes], bytes | None]) -> None:
        self._answer = answer
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # asyncio's stub
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._answer(data)
        if reply is not None and self._transport is not None:
            self._transport.sendto(reply, addr)


def _question(message: bytes) -> tuple[str, int, bytes]:
    """Name (lower case), record type and the question section as sent: its letters' case must be echoed (DNS 0x20)."""
    labels, at = [], 12
    while message[at]:
        size = message[at]
        labels.append(message[at + 1 : at + 1 + size].decode("ascii"))
        at += 1 + size
    kind = struct.unpack(">H", message[at + 1 : at + 3])[0]
    return ".".join(labels).lower(), kind, message[12 : at + 5]


def _reply(message: bytes, asked: bytes, rcode: int, addresses: tuple[str, ...]) -> bytes:
    wanted = struct.unpack(">H", message[2:4])[0] & 0x0110  # recursion desired, checking disabled: as asked
    flags = _RESPONSE | _AUTHORITATIVE | _RECURSION | wanted | rcode
    header = message[:2] + struct.pack(">HHHHH", flags, 1, len(addresses), 0, 0)
    records = b"".join(
        struct.pack(">HHHIH", 0xC00C, _A, _IN, 0, 4) + ipaddress.IPv4Address(address).packed for address in addresses
    )
    return header + asked + records
