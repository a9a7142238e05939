"""What happened on the wire gets its name in one place: exceptions, statuses, second chances, as tables."""

import errno
import os
import ssl
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http import HttpProcessingError
from hypothesis import given, strategies as st
from yarl import URL

from monitor.model import Reach
from monitor.observe.dns import NameFailure
from monitor.observe.errors import (
    CutShort,
    Ending,
    HandshakeBroken,
    Malformed,
    OutOfResources,
    PhaseTimeout,
    ProxyRefused,
    Remedy,
    classify,
    of_status,
    second_chance,
)
from monitor.observe.exchange import Ask, Tls
from monitor.observe.guard import GuardRefused
from monitor.observe.packed import BrokenPacking

KEY = ConnectionKey("site.example", 443, True, True, None, None, None)
INFO: Any = None


def failed(code: int) -> OSError:
    return OSError(code, os.strerror(code))


def verification(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


def handshake(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


def because(outer: Exception, cause: Exception) -> Exception:
    outer.__cause__ = cause
    return outer


def connector(cause: OSError) -> Exception:
    return because(aiohttp.ClientConnectorError(KEY, cause), cause)


def parse_error() -> Exception:
    return aiohttp.ClientResponseError(INFO, (), status=400, message="Duplicate Content-Length")


EXCEPTIONS: list[tuple[BaseException, Reach, str, Remedy]] = [
    *(
        (because(aiohttp.ClientConnectorDNSError(KEY, cause), cause), Reach.DNS, detail, Remedy.NONE)
        for cause, detail in (
            (NameFailure("nxdomain"), "NXDOMAIN"),
            (NameFailure("nodata"), "no address"),
            (NameFailure("servfail"), "SERVFAIL"),
            (NameFailure("refused"), "REFUSED by the name server"),
            (NameFailure("timeout"), "no answer from the name server"),
            (NameFailure("error"), "name could not be resolved"),
        )
    ),
    (NameFailure("nxdomain"), Reach.DNS, "NXDOMAIN", Remedy.NONE),
    (connector(GuardRefused("private")), Reach.REFUSED_BY_GUARD, "private", Remedy.NONE),
    (GuardRefused("loopback"), Reach.REFUSED_BY_GUARD, "loopback", Remedy.NONE),
    (
        because(aiohttp.ClientConnectorDNSError(KEY, GuardRefused("NAT64")), GuardRefused("NAT64")),
        Reach.REFUSED_BY_GUARD,
        "NAT64",
        Remedy.NONE,
    ),
    (
        aiohttp.InvalidURL("127.1", "is not a canonical IPv4 address"),
        Reach.REFUSED_BY_GUARD,
        "not a canonical address",
        Remedy.NONE,
    ),
    (HttpProcessingError(message="bad"), Reach.MALFORMED, "not HTTP as the standard has it", Remedy.TOLERANT),
    (aiohttp.InvalidURL("http://"), Reach.DNS, "not an address", Remedy.NONE),
    (connector(failed(errno.ECONNREFUSED)), Reach.CONNECT, "connection refused", Remedy.NONE),
    (failed(errno.ECONNREFUSED), Reach.CONNECT, "connection refused", Remedy.NONE),
    (connector(failed(errno.EHOSTUNREACH)), Reach.CONNECT, "host unreachable", Remedy.NONE),
    (connector(failed(errno.ENETUNREACH)), Reach.CONNECT, "network unreachable", Remedy.NONE),
    (connector(failed(errno.ETIMEDOUT)), Reach.CONNECT, "connect timed out", Remedy.NONE),
    (connector(OSError("Multiple exceptions: a, b")), Reach.CONNECT, "no address could be reached", Remedy.NONE),
    (aiohttp.ConnectionTimeoutError("http://x"), Reach.CONNECT, "connect timed out", Remedy.HANDSHAKE),
    (PhaseTimeout("connect"), Reach.CONNECT, "connect timed out", Remedy.HANDSHAKE),
    (PhaseTimeout("handshake"), Reach.TLS, "handshake timed out", Remedy.LEGACY),
    (HandshakeBroken(), Reach.TLS, "closed during the handshake", Remedy.LEGACY),
    (connector(failed(errno.ECONNRESET)), Reach.CONNECT, "connection reset", Remedy.AGAIN),
    (aiohttp.ClientOSError(errno.EPIPE, "Broken pipe"), Reach.CONNECT, "connection reset", Remedy.AGAIN),
    (aiohttp.ClientConnectionResetError("Cannot write"), Reach.CONNECT, "connection reset", Remedy.AGAIN),
    (aiohttp.ServerDisconnectedError(), Reach.CONNECT, "closed without an answer", Remedy.AGAIN),
    (EOFError(), Reach.CONNECT, "closed without an answer", Remedy.AGAIN),
    (CutShort(), Reach.CONNECT, "closed before the answer was complete", Remedy.TOLERANT),
    (
        because(aiohttp.ClientConnectorCertificateError(KEY, verification(10)), verification(10)),
        Reach.TLS,
        "certificate expired",
        Remedy.UNVERIFIED,
    ),
    (verification(9), Reach.TLS, "certificate not yet valid", Remedy.UNVERIFIED),
    (verification(62), Reach.TLS, "certificate wrong name", Remedy.UNVERIFIED),
    (verification(18), Reach.TLS, "certificate untrusted", Remedy.UNVERIFIED),
    (verification(66), Reach.TLS, "certificate weak", Remedy.UNVERIFIED),
    (
        because(
            aiohttp.ClientConnectorSSLError(KEY, handshake("UNSUPPORTED_PROTOCOL")), handshake("UNSUPPORTED_PROTOCOL")
        ),
        Reach.TLS,
        "unsupported protocol",
        Remedy.LEGACY,
    ),
    (handshake("WRONG_VERSION_NUMBER"), Reach.TLS, "wrong version number", Remedy.LEGACY),
    (ssl.SSLError(), Reach.TLS, "handshake broke off", Remedy.LEGACY),
    (parse_error(), Reach.MALFORMED, "not HTTP as the standard has it", Remedy.TOLERANT),
    (Malformed("broken chunks"), Reach.MALFORMED, "broken chunks", Remedy.NONE),
    (BrokenPacking(), Reach.MALFORMED, "broken compression", Remedy.IDENTITY),
    (because(aiohttp.ClientPayloadError(), ConnectionResetError()), Reach.CONNECT, "connection reset", Remedy.IDENTITY),
    (aiohttp.ClientHttpProxyError(INFO, (), status=407), Reach.CONNECT, "outgoing proxy answered 407", Remedy.NONE),
    (
        because(aiohttp.ClientProxyConnectionError(KEY, failed(errno.ECONNREFUSED)), failed(errno.ECONNREFUSED)),
        Reach.CONNECT,
        "outgoing proxy unreachable",
        Remedy.NONE,
    ),
    (ProxyRefused(None), Reach.CONNECT, "outgoing proxy unreachable", Remedy.NONE),
    (ProxyRefused(502), Reach.CONNECT, "outgoing proxy answered 502", Remedy.NONE),
]


@pytest.mark.parametrize(("error", "reach", "detail", "remedy"), EXCEPTIONS)
def test_exceptions(error: BaseException, reach: Reach, detail: str, remedy: Remedy) -> None:
    assert classify(error) == Ending(reach, detail, remedy)


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS])
def test_our_own_want_is_never_a_verdict(code: int) -> None:
    with pytest.raises(OutOfResources, match=errno.errorcode[code]):
        classify(connector(failed(code)))


@pytest.mark.parametrize(
    ("status", "reach"),
    [
        (200, Reach.OPEN),
        (202, Reach.OPEN),
        (204, Reach.OPEN),
        (304, Reach.OPEN),
        (400, Reach.CHALLENGED),
        (401, Reach.CHALLENGED),
        (403, Reach.CHALLENGED),
        (404, Reach.HTTP_ERROR),
        (405, Reach.CHALLENGED),
        (410, Reach.HTTP_ERROR),
        (412, Reach.CHALLENGED),
        (429, Reach.CHALLENGED),
        (451, Reach.CHALLENGED),
        (500, Reach.HTTP_ERROR),
        (502, Reach.HTTP_ERROR),
        (521, Reach.HTTP_ERROR),
        (599, Reach.HTTP_ERROR),
        (999, Reach.CHALLENGED),
        (101, Reach.MALFORMED),
    ],
)
def test_statuses(status: int, reach: Reach) -> None:
    assert of_status(status).reach is reach


def test_a_redirect_without_an_address_counts_by_its_body() -> None:
    assert of_status(302, has_body=True).reach is Reach.OPEN
    assert of_status(302, has_body=False).reach is Reach.REDIRECT_LOOP


HTTP, HTTPS = Ask(URL("http://site.example/")), Ask(URL("https://site.example/"))


@pytest.mark.parametrize(
    ("ask", "remedy", "expected"),
    [
        (HTTPS, Remedy.UNVERIFIED, (Tls.UNVERIFIED, False, False, "untrusted_certificate")),
        (HTTPS, Remedy.LEGACY, (Tls.LEGACY, True, True, "obsolete_tls")),
        (HTTPS, Remedy.HANDSHAKE, (Tls.LEGACY, True, True, "")),
        (HTTP, Remedy.HANDSHAKE, None),
        (HTTPS, Remedy.AGAIN, (Tls.LEGACY, True, True, "")),
        (HTTP, Remedy.AGAIN, (Tls.STRICT, True, True, "")),
        (HTTP, Remedy.IDENTITY, (Tls.STRICT, True, False, "gzip_refused")),
        (HTTP, Remedy.TOLERANT, (Tls.STRICT, True, True, "malformed_http")),
        (HTTPS, Remedy.TOLERANT, (Tls.STRICT, True, True, "malformed_http")),
        (HTTP, Remedy.LEGACY, None),
        (HTTP, Remedy.NONE, None),
    ],
)
def test_second_chances(ask: Ask, remedy: Remedy, expected: tuple[Tls, bool, bool, str] | None) -> None:
    chance = second_chance(ask, Ending(Reach.CONNECT, "", remedy))
    assert expected == (chance and (chance[0].tls, chance[0].identity, chance[0].tolerant, chance[1]))


@given(st.sampled_from([HTTP, HTTPS]), st.lists(st.sampled_from(list(Remedy)), max_size=20))
def test_looking_again_always_ends(ask: Ask, remedies: list[Remedy]) -> None:
    chances = 0
    for remedy in remedies:
        chance = second_chance(ask, Ending(Reach.CONNECT, "", remedy))
        if chance is not None:
            ask, chances = chance[0], chances + 1
    assert chances <= 4
