"""The second client: asked only when the first could not read an answer, and forgiving what browsers forgive.

Reads one answer over one connection. It takes repeated equal Content-Lengths, a Content-Length beside chunks, blanks
in header names, headers up to 256 KiB, chunk lines ended by a bare LF, `HTTP/1.1 200OK`, a body where none may be,
and a wrong length when the document is whole. It refuses what no browser takes. It asks for no compression.
"""

import asyncio
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress

from yarl import URL

from monitor.observe.body import looks_finished
from monitor.observe.dial import LINE_LIMIT, Line, Way, authorization, dial
from monitor.observe.errors import PROXY_AUTH, CutShort, Malformed, ProxyRefused
from monitor.observe.exchange import Ask, Reply, Tls, text_of
from monitor.observe.packed import BrokenPacking, Unpacked, is_labelled_only, unpacked
from monitor.observe.tls import is_obsolete

MAX_HEADERS = 5000
"""Header lines taken of one answer."""

_STATUS = re.compile(rb"\s*HTTP/?[\d.]*\s*(\d{3})", re.IGNORECASE)
_CHUNK = re.compile(rb"\s*([0-9a-f]{1,12})\s*(?:;.*)?\s*\Z", re.IGNORECASE)

Fields = list[tuple[bytes, bytes]]


class TolerantClient:
    """A Transport that forgives. `agent` are the headers every request carries."""

    def __init__(self, way: Way, contexts: Mapping[Tls, ssl.SSLContext], agent: Mapping[str, str]) -> None:
        self._way = way
        self._contexts = contexts
        self._agent = agent

    async def exchange(self, ask: Ask, reply: Reply) -> None:
        """Carry one request. Raises what `dial` raises, Malformed, CutShort, EOFError, OSError, ProxyRefused."""
        line = await dial(ask.url, self._way, self._contexts[ask.tls] if ask.url.scheme == "https" else None)
        try:
            reply.address = line.address
            secure = line.writer.get_extra_info("ssl_object")
            reply.obsolete = secure is not None and is_obsolete(secure, self._contexts[Tls.STRICT])
            line.writer.write(self._request(ask))
            await _read(line, ask, reply)
            if reply.status == PROXY_AUTH and self._asks_proxy(ask):
                reply.status = None
                raise ProxyRefused(PROXY_AUTH)
        except asyncio.LimitOverrunError:
            raise Malformed("header larger than 256 KiB") from None
        finally:
            line.close()

    async def close(self) -> None:
        """Nothing stays open between two requests."""

    def _asks_proxy(self, ask: Ask) -> bool:
        """Whether the proxy is asked for the page itself, in place of a tunnel."""
        return self._way.proxy is not None and ask.url.scheme == "http"

    def _request(self, ask: Ask) -> bytes:
        url, proxy = ask.url, self._way.proxy
        absolute = self._asks_proxy(ask)
        headers = {"Host": _authority(url), **self._agent, **ask.headers}
        headers |= {"Accept-Encoding": "identity", "Connection": "close"}
        if (credentials := authorization(url)) is not None:
            headers["Authorization"] = credentials
        if absolute and proxy is not None and (credentials := authorization(proxy)) is not None:
            headers["Proxy-Authorization"] = credentials
        target = str(url.with_user(None).with_fragment(None)) if absolute else url.raw_path_qs
        lines = [f"{ask.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


async def _read(line: Line, ask: Ask, reply: Reply) -> None:
    """The answer, past any interim ones."""
    while True:
        status, fields = await _head(line.reader)
        if status >= 200:
            break
    reply.status = status
    reply.headers = tuple((text_of(name), text_of(value)) for name, value in fields)
    reply.location = _first(fields, b"location")
    if ask.method == "HEAD" or status in {204, 304} or (reply.location is not None and 300 <= status < 400):
        return
    raw, finished, whole = await _body(line.reader, fields, ask.max_body)
    coding = (_first(fields, b"content-encoding") or b"").decode("latin-1").strip().lower()
    reply.body, fits, ended = await _unpacked(raw, coding, ask.max_body)
    reply.whole = whole and fits
    if finished and (ended or not reply.whole):
        return
    if not looks_finished(reply.body):
        raise Malformed("broken compression") if finished else CutShort


async def _unpacked(raw: bytes, coding: str, limit: int) -> Unpacked:
    """A body that was unpacked before and is still labelled as packed is taken as it is."""
    found: Unpacked | None = None
    with suppress(BrokenPacking):
        found = await unpacked(raw, coding, limit)
    if found is not None and (found.ended or not found.fits):
        return found
    if is_labelled_only(raw, coding):
        return await unpacked(raw, "", limit)
    if found is None:
        raise Malformed("broken compression")
    return found


async def _head(reader: asyncio.StreamReader) -> tuple[int, Fields]:
    """Status and header fields. Raises EOFError when nothing came at all."""
    first = b"\n"
    while first in {b"\r\n", b"\n"}:
        first = await _line(reader)
    status = _STATUS.match(first)
    if status is None:
        raise Malformed("no HTTP status line")
    try:
        return int(status[1]), await _fields(reader)
    except EOFError:
        raise CutShort from None


async def _fields(reader: asyncio.StreamReader) -> Fields:
    fields: Fields = []
    size = 0
    while (text := await _line(reader)) not in {b"\r\n", b"\n"}:
        size += len(text)
        if size > LINE_LIMIT or len(fields) > MAX_HEADERS:
            raise Malformed("header larger than 256 KiB")
        name, colon, value = text.partition(b":")
        if text[:1] in b" \t" and fields:  # a folded line goes on with the one before
            fields[-1] = (fields[-1][0], fields[-1][1] + b" " + text.strip())
        elif colon:
            fields.append((name.strip(), value.strip()))
    return fields


async def _line(reader: asyncio.StreamReader) -> bytes:
    """One line with its end. Raises EOFError at the end of the stream, LimitOverrunError when it is too long."""
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        if end.partial:
            return end.partial
        raise EOFError from None


async def _body(reader: asyncio.StreamReader, fields: Fields, limit: int) -> tuple[bytes, bool, bool]:
    """The bytes; whether the answer ended as announced; whether they are all (else the cap was reached)."""
    codings = b",".join(value for name, value in fields if name.lower() == b"transfer-encoding").lower()
    if b"chunked" in codings:
        return await _chunks(reader, limit)
    length = _length(fields)
    body = await _exactly(reader, min(limit + 1, length) if length is not None else limit + 1)
    if len(body) > limit:
        return body[:limit], True, False
    return body, length is None or len(body) >= length, True


def _length(fields: Fields) -> int | None:
    """The announced length; None when there is none to go by. Raises Malformed when there are two."""
    values = {part.strip() for name, value in fields if name.lower() == b"content-length" for part in value.split(b",")}
    lengths = {int(value) for value in values if value.isdigit()}
    if len(lengths) > 1:
        raise Malformed("two different Content-Lengths")  # browsers refuse that too: it splits requests
    return lengths.pop() if lengths else None


async def _chunks(reader: asyncio.StreamReader, limit: int) -> tuple[bytes, bool, bool]:
    parts: list[bytes] = []
    size = 0
    with suppress(EOFError):
        while length := await _chunk_size(reader):
            part = await _exactly(reader, min(length, limit + 1 - size))
            parts.append(part)
            size += len(part)
            if size > limit:
                return b"".join(parts)[:limit], True, False
            if len(part) < length:
                return b"".join(parts), False, True
            await _line(reader)
        return b"".join(parts), True, True
    return b"".join(parts), False, True


async def _chunk_size(reader: asyncio.StreamReader) -> int:
    size = _CHUNK.match(await _line(reader))
    if size is None:
        raise Malformed("broken chunks")
    return int(size[1], 16)


async def _exactly(reader: asyncio.StreamReader, length: int) -> bytes:
    """So many bytes, fewer when the stream ends before."""
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as short:
        return short.partial


def _authority(url: URL) -> str:
    host = f"[{url.raw_host}]" if ":" in (url.raw_host or "") else url.raw_host or ""
    return host if url.is_default_port() else f"{host}:{url.port}"


def _first(fields: Fields, name: bytes) -> bytes | None:
    return next((value for key, value in fields if key.lower() == name), None)
