"""One request and one answer, as the fetcher and its clients speak of them.

A client fills a Reply as it goes, so that what was seen before a timeout or a reset is not lost. A Transport is the
seam where rehearsals in virtual time put a made-up network; nothing here touches a socket.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

from yarl import URL

Headers = tuple[tuple[str, str], ...]


class Tls(StrEnum):
    """How strict the handshake is."""

    STRICT = "strict"  # today's settings, the certificate verified
    UNVERIFIED = "unverified"  # today's settings, any certificate
    LEGACY = "legacy"  # TLS 1.0, small keys, unsafe renegotiation, any certificate


_NONE: Mapping[str, str] = MappingProxyType({})


class Ask(NamedTuple):
    """One request. `headers` go with the client's own; `max_body` is in bytes, after decompression."""

    url: URL
    method: str = "GET"
    headers: Mapping[str, str] = _NONE
    max_body: int = 3 << 20
    keep_alive: bool = False  # may use and leave an open connection
    tls: Tls = Tls.STRICT
    identity: bool = False  # ask for an uncompressed body
    tolerant: bool = False  # let the second client do it


@dataclass(slots=True)
class Reply:
    """What has come back so far."""

    status: int | None = None
    headers: Headers = ()
    location: bytes | None = None  # of a redirect, as sent
    body: bytes = b""
    whole: bool = True  # False: the body was cut at `max_body`
    address: str | None = None  # of the peer
    obsolete: bool = False  # over TLS that today's clients refuse


class Transport(Protocol):
    """Something that can carry one request."""

    async def exchange(self, ask: Ask, reply: Reply) -> None:
        """Carry the request and fill the reply; raises what errors.classify knows."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...


def texts_of(raw: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Header fields as text; nearly all are plain."""
    try:
        return tuple([(name.decode("ascii"), value.decode("ascii")) for name, value in raw])
    except UnicodeDecodeError:
        return tuple([(text_of(name), text_of(value)) for name, value in raw])


def text_of(raw: bytes) -> str:
    """A header's bytes as text that can be stored: UTF-8, else GB18030, as old middleware sends it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
