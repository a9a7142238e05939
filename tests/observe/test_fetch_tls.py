"""TLS: a page that answers behind a bad certificate or an old protocol is open, with a note; the probe says what is wrong."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import Certificate, Reach, Unreachable
from monitor.observe.dns import Resolver
from monitor.observe.guard import Guard
from monitor.observe.tls import certificate
from tests.observe import tls_server as tls
from tests.observe.dns_server import Zone, naming
from tests.observe.raw_server import LIMITS, PAGE, looking, reply, serving, stop

PATIENCE = 30.0
"""Seconds: that a handshake takes long on a busy machine is no answer to what is asked here."""
OLD = [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1]


async def probe(port: int, zone: Zone, ca: Path | None, **changes: object) -> Certificate:
    resolver = Resolver([f"127.0.0.1:{zone.port}"], 1.0)
    try:
        url = f"https://{changes.get('host', tls.HOST)}:{port}/"
        guard = Guard(["127.0.0.0/8"])
        return await certificate(url, resolver, guard, PATIENCE, ca, now=changes.get("now", tls.NOW))  # type: ignore[arg-type]
    finally:
        await resolver.close()


CASES: list[tuple[Callable[[], ssl.SSLContext], str, bool, str | None]] = [
    (tls.good, "", True, None),
    (tls.expired, "untrusted_certificate", False, "expired"),
    (tls.not_yet_valid, "untrusted_certificate", False, "not_yet_valid"),
    (tls.wrong_name, "untrusted_certificate", False, "wrong_name"),
    (tls.untrusted, "untrusted_certificate", False, "untrusted"),
    (tls.old_cipher, "obsolete_tls", False, "obsolete_tls"),
    *((lambda version=version: tls.old_protocol(version), "obsolete_tls", False, "obsolete_tls") for version in OLD),
]


@pytest.mark.parametrize(("context", "note", "trusted", "trouble"), CASES)
async def test_a_page_that_answers_is_open(
    context: Callable[[], ssl.SSLContext], note: str, trusted: bool, trouble: str | None, tmp_path: Path
) -> None:
    ca = tls.ca_file(tmp_path)
    async with (
        naming({tls.HOST: ["127.0.0.1"]}) as zone,
        serving(reply(), context()) as server,
        looking(nameserver=zone.port, ca_file=ca) as fetcher,
    ):
        fetched = await fetcher.fetch(server.url(host=tls.HOST, scheme="https"))
        shown = await probe(server.port, zone, ca)
    assert (fetched.reach, fetched.status, fetched.body) == (Reach.OPEN, 200, PAGE)
    assert (fetched.notes, fetched.trusted) == ((note,) if note else (), trusted)
    assert shown.trouble == trouble
    assert shown.names == (("other.example",) if trouble == "wrong_name" else (tls.HOST,))
    assert len(shown.fingerprint) == 64
    assert shown.not_before < shown.not_after


async def test_a_small_key_is_weak_or_untrusted_and_the_page_open(tmp_path: Path) -> None:
    async with (
        naming({tls.HOST: ["127.0.0.1"]}) as zone,
        serving(reply(), tls.small_key(tmp_path)) as server,
        looking(nameserver=zone.port) as fetcher,
    ):
        fetched = await fetcher.fetch(server.url(host=tls.HOST, scheme="https"))
        shown = await probe(server.port, zone, None)
    assert (fetched.reach, fetched.trusted) == (Reach.OPEN, False)
    assert shown.trouble in {"weak", "untrusted"}
    assert (shown.subject, shown.issuer, shown.names) == (tls.HOST, tls.HOST, ())


async def test_expiry_goes_by_the_clock_we_are_handed(tmp_path: Path) -> None:
    ca = tls.ca_file(tmp_path)
    async with naming({tls.HOST: ["127.0.0.1"]}) as zone, serving(reply(), tls.wrong_name()) as server:
        later = await probe(server.port, zone, ca, now=tls.NOW + timedelta(days=400_000))
    assert later.trouble == "expired"


@asynccontextmanager
async def talking(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]) -> AsyncIterator[int]:
    """A server that does not even speak TLS."""
    writers: list[asyncio.StreamWriter] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        talk(reader, writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await stop(server, writers)


@pytest.mark.parametrize(
    ("talk", "detail"),
    [
        (lambda _reader, writer: writer.close(), "closed during the handshake"),
        (lambda _reader, writer: writer.transport.abort(), "closed during the handshake"),
        (lambda _reader, writer: writer.write(reply()), "wrong version number"),
        (lambda _reader, _writer: None, "handshake timed out"),
    ],
)
async def test_tls_is_said_only_when_the_tolerant_handshake_failed_too(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object], detail: str
) -> None:
    async with (
        talking(talk) as port,
        looking(replace(LIMITS, connect_timeout=0.5)) as fetcher,
        naming({tls.HOST: ["127.0.0.1"]}) as zone,
    ):
        fetched = await fetcher.fetch(f"https://127.0.0.1:{port}/")
        with pytest.raises(Unreachable) as refused:
            await probe(port, zone, None)
    assert (fetched.reach, fetched.detail) == (Reach.TLS, detail)
    assert len(fetched.hops) == 2
    assert (refused.value.reach, refused.value.detail) == (Reach.TLS, detail)


@pytest.mark.parametrize(
    ("host", "reach"), [("gone.example", Reach.DNS), ("10.0.0.1", Reach.REFUSED_BY_GUARD), (tls.HOST, Reach.CONNECT)]
)
async def test_a_certificate_that_cannot_be_had(host: str, reach: Reach) -> None:
    async with serving(b"") as gone:
        pass
    async with naming({tls.HOST: ["127.0.0.1"]}) as zone:
        with pytest.raises(Unreachable) as refused:
            await probe(gone.port, zone, None, host=host)
    assert refused.value.reach is reach


async def test_malformed_http_over_tls_is_read_with_the_certificate_verified(tmp_path: Path) -> None:
    answer = reply(PAGE, "200OK")
    async with (
        naming({tls.HOST: ["127.0.0.1"]}) as zone,
        serving(answer, tls.good()) as server,
        looking(nameserver=zone.port, ca_file=tls.ca_file(tmp_path)) as fetcher,
    ):
        fetched = await fetcher.fetch(server.url(host=tls.HOST, scheme="https"))
    assert (fetched.reach, fetched.notes, fetched.trusted) == (Reach.OPEN, ("malformed_http",), True)
