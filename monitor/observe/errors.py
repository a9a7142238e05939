"""The one place where what happened on the wire gets its name.

`classify` turns an exception into an Ending (reach, a constant phrase, what second look could tell more); `of_status`
does the same for a complete answer; `second_chance` says how to look again. Pure; phrases never carry addresses,
headers or credentials. What is our own fault is no ending of theirs: it is raised as OutOfResources.
"""

import errno
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import aiohttp
from aiohttp.http import HttpProcessingError

from monitor.model import Reach
from monitor.observe.dns import NameFailure
from monitor.observe.exchange import Ask, Tls
from monitor.observe.guard import GuardRefused
from monitor.observe.packed import BrokenPacking


class Remedy(StrEnum):
    """What second look could tell more."""

    NONE = ""
    UNVERIFIED = "unverified"  # without verifying the certificate
    LEGACY = "legacy"  # with the TLS of twenty years ago
    HANDSHAKE = "handshake"  # over TLS only: was it the connection or the handshake that hung?
    AGAIN = "again"  # with the second client, which knows in which phase it happened
    IDENTITY = "identity"  # without compression
    TOLERANT = "tolerant"  # with the second client, which forgives broken HTTP


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ended. `detail` is one of model.DETAILS, "" when all is well."""

    reach: Reach
    detail: str = ""
    remedy: Remedy = Remedy.NONE


class OutOfResources(Exception):
    """We ran out of something (file descriptors, memory, ports): never a verdict on a site."""


class Malformed(Exception):
    """Bytes that not even the tolerant client can read as HTTP. The message is a constant phrase."""


class CutShort(Exception):
    """The connection was closed in good order before the answer was complete."""


class PhaseTimeout(Exception):
    """One phase of a connection took too long: 'connect', 'handshake'."""

    def __init__(self, phase: str) -> None:
        super().__init__(phase)
        self.phase = phase


class HandshakeBroken(Exception):
    """The server closed the connection in the middle of the TLS handshake."""


class ProxyRefused(Exception):
    """The outgoing proxy did not let us through; `status` is what it answered, None when it could not be reached."""

    def __init__(self, status: int | None) -> None:
        super().__init__(status)
        self.status = status


OPEN = Ending(Reach.OPEN)

WIRE_ERRORS = (
    aiohttp.ClientError,
    HttpProcessingError,
    OSError,
    EOFError,
    Malformed,
    CutShort,
    PhaseTimeout,
    HandshakeBroken,
    ProxyRefused,
    BrokenPacking,
)
"""What a client may raise; anything else is a fault of the program."""

_OURS = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS}

_DNS = {
    "nxdomain": "NXDOMAIN",
    "nodata": "no address",
    "servfail": "SERVFAIL",
    "refused": "REFUSED by the name server",
    "timeout": "no answer from the name server",
    "error": "name could not be resolved",
}

PROXY_AUTH = 407
"""The status that only a proxy may answer (RFC 9110 §15.5.8)."""

_CONNECT = {
    errno.ECONNREFUSED: "connection refused",
    errno.EHOSTUNREACH: "host unreachable",
    errno.ENETUNREACH: "network unreachable",
    errno.EADDRNOTAVAIL: "network unreachable",
    errno.ETIMEDOUT: "connect timed out",
}

_RESET = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ESHUTDOWN}

_HANDSHAKE = {
    "WRONG_VERSION_NUMBER": "wrong version number",
    "HTTP_REQUEST": "wrong version number",
    "UNSUPPORTED_PROTOCOL": "unsupported protocol",
    "TLSV1_ALERT_PROTOCOL_VERSION": "unsupported protocol",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "no common cipher",
    "NO_SHARED_CIPHER": "no common cipher",
    "NO_CIPHERS_AVAILABLE": "no common cipher",
    "DH_KEY_TOO_SMALL": "key too small",
    "EE_KEY_TOO_SMALL": "key too small",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "unsafe renegotiation",
    "TLSV1_UNRECOGNIZED_NAME": "name unknown to the server",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "client certificate wanted",
    "UNEXPECTED_EOF_WHILE_READING": "closed during the handshake",
}
"""OpenSSL's reasons (ssl.SSLError.reason) in our words; it knows hundreds, all others are "handshake broke off"."""

CERTIFICATE_TROUBLE = {
    9: "not_yet_valid",  # X509_V_ERR_CERT_NOT_YET_VALID, openssl x509_vfy.h
    10: "expired",
    62: "wrong_name",
    64: "wrong_name",  # an IP address
    66: "weak",  # key too small
    67: "weak",
    68: "weak",  # digest too weak
}
"""OpenSSL's verify codes as Certificate.trouble; all others are 'untrusted'."""


def classify(exc: BaseException) -> Ending:
    """Name what an exception of a client means. Raises OutOfResources when it is our own trouble."""
    for cause in _chain(exc):
        if isinstance(cause, OSError) and cause.errno in _OURS:
            raise OutOfResources(errno.errorcode[cause.errno or 0]) from exc
    for cause in _chain(exc):
        if (ending := _named(cause)) is not None:
            return ending
    return _connection(exc)


def of_status(status: int, *, has_body: bool = True) -> Ending:
    """Name what a complete answer means that is no redirect to follow (DESIGN.md §1)."""
    detail = f"HTTP {status}"
    if status in {404, 410} or 500 <= status < 600:
        return Ending(Reach.HTTP_ERROR, detail)
    if status >= 400:  # also 600 and above: walls answer 999
        return Ending(Reach.CHALLENGED, detail)
    if status < 200:
        return Ending(Reach.MALFORMED, detail)
    if 300 <= status < 400 and status != 304 and not has_body:
        return Ending(Reach.REDIRECT_LOOP, "redirect that leads nowhere")
    return OPEN


def second_chance(ask: Ask, ending: Ending) -> tuple[Ask, str] | None:
    """How to look again before believing it, and the note to leave when that answers; None when it is final.

    Every step goes one way (strict → forgiving), so that the looks are few and end.
    """
    secure = ask.url.scheme == "https"
    match ending.remedy:
        case Remedy.UNVERIFIED if secure and ask.tls is Tls.STRICT:
            return ask._replace(tls=Tls.UNVERIFIED), "untrusted_certificate"
        case Remedy.LEGACY if secure and ask.tls is not Tls.LEGACY:
            return _tolerant(ask, Tls.LEGACY), "obsolete_tls"
        case Remedy.HANDSHAKE if secure and not ask.tolerant:
            return _tolerant(ask, Tls.LEGACY), ""
        case Remedy.AGAIN if not ask.tolerant:
            return _tolerant(ask, Tls.LEGACY if secure else ask.tls), ""
        case Remedy.IDENTITY if not (ask.identity or ask.tolerant):
            return ask._replace(identity=True), "gzip_refused"
        case Remedy.IDENTITY | Remedy.TOLERANT if not ask.tolerant:
            return _tolerant(ask, ask.tls), "malformed_http"
        case _:
            return None


def certificate_trouble(error: ssl.SSLCertVerificationError) -> str:
    """OpenSSL's reason as one of the words of Certificate.trouble."""
    return CERTIFICATE_TROUBLE.get(error.verify_code, "untrusted")


def _tolerant(ask: Ask, tls: Tls) -> Ask:
    return ask._replace(tls=tls, identity=True, tolerant=True, keep_alive=False)


def _chain(exc: BaseException) -> Iterator[BaseException]:
    """The exception and what it wraps, outermost first."""
    seen: set[int] = set()
    cause: BaseException | None = exc
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = getattr(cause, "os_error", None) or cause.__cause__


def _named(exc: BaseException) -> Ending | None:
    """What an exception of a known kind means by itself."""
    match exc:
        case aiohttp.ClientSSLError():
            return None  # only the shell of what the handshake said, which is its cause
        case GuardRefused():
            return Ending(Reach.REFUSED_BY_GUARD, exc.reason)
        case NameFailure():
            return Ending(Reach.DNS, _DNS[exc.failure])
        case ProxyRefused() | aiohttp.ClientHttpProxyError() | aiohttp.ClientProxyConnectionError():
            return _proxy(exc)
        case ssl.SSLError() | HandshakeBroken() | PhaseTimeout(phase="handshake"):
            return _handshake(exc)
        case PhaseTimeout() | aiohttp.ConnectionTimeoutError():
            return Ending(Reach.CONNECT, "connect timed out", Remedy.HANDSHAKE)
        case _:
            return _http(exc)


def _handshake(exc: BaseException) -> Ending:
    """What went wrong between the connection and the first byte of HTTP."""
    match exc:
        case ssl.SSLCertVerificationError():
            words = certificate_trouble(exc).replace("_", " ")
            return Ending(Reach.TLS, f"certificate {words}", Remedy.UNVERIFIED)
        case ssl.SSLError():
            reason = getattr(exc, "reason", None) or ""  # without one when it is not OpenSSL's own
            return Ending(Reach.TLS, _HANDSHAKE.get(reason, "handshake broke off"), Remedy.LEGACY)
        case HandshakeBroken():
            return Ending(Reach.TLS, "closed during the handshake", Remedy.LEGACY)
        case _:
            return Ending(Reach.TLS, "handshake timed out", Remedy.LEGACY)


def _http(exc: BaseException) -> Ending | None:
    """What an exception about the answer itself means."""
    match exc:
        case Malformed():
            return Ending(Reach.MALFORMED, str(exc))
        case CutShort():
            return Ending(Reach.CONNECT, "closed before the answer was complete", Remedy.TOLERANT)
        case BrokenPacking():
            return Ending(Reach.MALFORMED, "broken compression", Remedy.IDENTITY)
        case aiohttp.ClientPayloadError():
            broken = isinstance(exc.__cause__, ConnectionResetError | aiohttp.ClientOSError)
            detail = "connection reset" if broken else "closed before the answer was complete"
            return Ending(Reach.CONNECT, detail, Remedy.IDENTITY)
        case aiohttp.InvalidURL() if "canonical" in str(exc):
            return Ending(Reach.REFUSED_BY_GUARD, "not a canonical address")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return Ending(Reach.DNS, "not an address")
        case aiohttp.ClientResponseError() | HttpProcessingError():
            # aiohttp gives broken framing the status 400 (libraries.md §2): never an answer of the server.
            return Ending(Reach.MALFORMED, "not HTTP as the standard has it", Remedy.TOLERANT)
        case aiohttp.ServerDisconnectedError() | EOFError():
            return Ending(Reach.CONNECT, "closed without an answer", Remedy.AGAIN)
        case _:
            return None


def _connection(exc: BaseException) -> Ending:
    """What is left is the connection itself."""
    numbers = [cause.errno for cause in _chain(exc) if isinstance(cause, OSError)]
    if any(number in _RESET for number in numbers) or any(isinstance(c, ConnectionError) for c in _chain(exc)):
        refused = any(isinstance(cause, ConnectionRefusedError) for cause in _chain(exc))
        if not refused:
            return Ending(Reach.CONNECT, "connection reset", Remedy.AGAIN)
    detail = next((_CONNECT[number] for number in numbers if number in _CONNECT), "no address could be reached")
    return Ending(Reach.CONNECT, detail)


def _proxy(exc: BaseException) -> Ending:
    status = getattr(exc, "status", None)
    if status is None:
        return Ending(Reach.CONNECT, "outgoing proxy unreachable")
    return Ending(Reach.CONNECT, f"outgoing proxy answered {status}")
