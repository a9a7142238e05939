"""Content codings: a body out of its gzip, deflate, brotli or zstandard, never more of it than the cap, and whether it was all.

aiohttp takes a packed body that stops before its end without a word, so its unpacking is switched off and done here. Pure but
for the thread in which large bodies are unpacked.
"""

import asyncio
import sys
import zlib
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
AT_ONCE = 32_768
"""Packed bytes up to which the loop waits: a few milliseconds at most."""
MEMBERS = 100
"""Streams one after another in one body that are taken; each costs a copy of what follows it."""

_CONTROLS = bytes({*range(32)} - {*b"\t\n\f\r\x1b"})  # in no text; packed bytes are full of them
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class BrokenPacking(Exception):
    """These bytes are not what they are said to be packed as, or they stop before their end."""


class Unpacked(NamedTuple):
    """The body up to the cap; whether that was all that came; whether the packed stream came to its end."""

    body: bytes
    fits: bool
    ended: bool


class _Engine(Protocol):
    """Unpacks one stream."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


async def unpacked(raw: bytes, coding: str, limit: int) -> Unpacked:
    """`unpack`, in a thread when there is much of it."""
    if len(raw) <= AT_ONCE:
        return unpack(raw, coding, limit)
    return await asyncio.to_thread(unpack, raw, coding, limit)


def unpack(raw: bytes, coding: str, limit: int) -> Unpacked:
    """A body out of its content coding, at most `limit` bytes of it. Raises BrokenPacking. Unknown codings stay as they are."""
    if coding not in CODINGS or not raw:
        return Unpacked(raw[:limit], len(raw) <= limit, ended=True)
    for unpacking in _WAYS[coding]:
        try:
            return unpacking(raw, limit)
        except (zlib.error, ZstdError, brotli.error):
            continue
    raise BrokenPacking


def is_labelled_only(raw: bytes, coding: str) -> bool:
    """Said to be packed and plainly text: old proxies label what they have already unpacked."""
    if coding in {"gzip", "x-gzip"}:
        return not raw.startswith(_GZIP)
    return len(raw.translate(None, _CONTROLS)) == len(raw)


def _streams(engine: Callable[[], _Engine], mark: bytes, raw: bytes, limit: int) -> Unpacked:
    """Streams one after another; what follows the last and is none is padding, which browsers pass over."""
    parts, size, rest = [], 0, raw
    for _ in range(MEMBERS):
        one = engine()
        parts.append(one.decompress(rest, limit + 1 - size))
        size += len(parts[-1])
        if size > limit:
            return Unpacked(b"".join(parts)[:limit], fits=False, ended=False)
        rest = one.unused_data
        if not one.eof or not mark or not rest.startswith(mark):
            return Unpacked(b"".join(parts), fits=True, ended=one.eof)
    raise BrokenPacking


def _brotli(raw: bytes, limit: int) -> Unpacked:
    engine = brotli.Decompressor()
    body = engine.process(raw, output_buffer_limit=limit + 1)
    while len(body) <= limit and not engine.can_accept_more_data() and not engine.is_finished():
        body += engine.process(b"", output_buffer_limit=limit + 1 - len(body))
    if len(body) > limit:
        return Unpacked(body[:limit], fits=False, ended=False)
    return Unpacked(body, fits=True, ended=engine.is_finished())


_gzip = partial(_streams, partial(zlib.decompressobj, 47), _GZIP)  # 47: gzip or zlib, by its header
_WAYS: dict[str, tuple[Callable[[bytes, int], Unpacked], ...]] = {
    "gzip": (_gzip,),
    "x-gzip": (_gzip,),
    "deflate": (_gzip, partial(_streams, partial(zlib.decompressobj, -15), b"")),  # some send it without its header
    "br": (_brotli,),
    "zstd": (partial(_streams, ZstdDecompressor, _ZSTD),),
}
