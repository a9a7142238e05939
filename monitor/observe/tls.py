"""Handshakes: the three contexts of the fetcher, and the certificate a server shows.

Reads the network only. A certificate is taken by a handshake of its own, since a client forgets it with the connection
(libraries.md §2) and shows none when it does not verify. 国密 (TLCP) is beyond OpenSSL: such a host ends as `tls`.
"""

import asyncio
import ssl
import warnings
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from yarl import URL

from monitor.model import Certificate, Reach, Unreachable
from monitor.observe.dial import Way, dial
from monitor.observe.dns import Resolver
from monitor.observe.errors import WIRE_ERRORS, HandshakeBroken, PhaseTimeout, certificate_trouble, classify
from monitor.observe.exchange import Tls
from monitor.observe.guard import Guard

OBSOLETE = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"})

_LEGACY_SERVER_CONNECT = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT, named in the ssl module from Python 3.12 on

_RSA_BITS, _EC_BITS = 2048, 224  # below: not for use since 2014 (NIST SP 800-131A)


def contexts(ca_file: Path | None = None) -> Mapping[Tls, ssl.SSLContext]:
    """One client context for each strictness. `ca_file` is trusted besides the machine's own authorities."""
    return _contexts(ca_file, ca_file.stat().st_mtime_ns if ca_file else 0)


async def certificate(
    url: str,
    resolver: Resolver,
    guard: Guard,
    timeout: float,  # noqa: ASYNC109 - one limit over several handshakes
    ca_file: Path | None = None,
    *,
    now: datetime,
    proxy: str | None = None,
) -> Certificate:
    """What the server of an https address shows. `timeout` in seconds for all. Raises Unreachable."""
    address = URL(url)
    if address.scheme != "https" or not address.raw_host:
        raise Unreachable(Reach.TLS, "not an https address")
    way = Way(resolver, guard, timeout / 3, URL(proxy) if proxy else None)
    try:
        async with asyncio.timeout(timeout):
            der, protocol, trouble = await _look(address, way, await asyncio.to_thread(contexts, ca_file))
        return _read(der, protocol, trouble, now)
    except TimeoutError:
        raise Unreachable(Reach.TIMEOUT, "no certificate in time") from None
    except WIRE_ERRORS as error:
        ending = classify(error)
        raise Unreachable(ending.reach, ending.detail) from None
    except ValueError:
        raise Unreachable(Reach.TLS, "certificate cannot be parsed") from None


@lru_cache(maxsize=4)
def _contexts(ca_file: Path | None, _version: int) -> Mapping[Tls, ssl.SSLContext]:
    """Made once: reading the machine's authorities takes 20 ms."""
    strict = ssl.create_default_context()
    if ca_file is not None:
        strict.load_verify_locations(cafile=ca_file)
    unverified = ssl.create_default_context()
    legacy = ssl.create_default_context()
    for context in (unverified, legacy):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.0 is meant
        legacy.minimum_version = ssl.TLSVersion.TLSv1
    legacy.set_ciphers("ALL:@SECLEVEL=0")
    legacy.options |= _LEGACY_SERVER_CONNECT
    return {Tls.STRICT: strict, Tls.UNVERIFIED: unverified, Tls.LEGACY: legacy}


def is_obsolete(secure: ssl.SSLObject, strict: ssl.SSLContext) -> bool:
    """Whether a handshake ended on a protocol or cipher that the strict context would not have taken."""
    cipher = secure.cipher()
    known = {each["name"] for each in strict.get_ciphers()}
    return secure.version() in OBSOLETE or cipher is None or cipher[0] not in known


async def _look(address: URL, way: Way, known: Mapping[Tls, ssl.SSLContext]) -> tuple[bytes, str, str | None]:
    """The certificate, the protocol, and what is wrong as far as the handshake tells."""
    try:
        return await _shown(address, way, known, Tls.STRICT)
    except ssl.SSLCertVerificationError as error:
        try:
            der, protocol, _ = await _shown(address, way, known, Tls.UNVERIFIED)
        except (ssl.SSLError, HandshakeBroken):
            der, protocol, _ = await _shown(address, way, known, Tls.LEGACY)
        return der, protocol, certificate_trouble(error)
    except ssl.SSLError:
        der, protocol, trouble = await _shown(address, way, known, Tls.LEGACY)
        return der, protocol, trouble or "weak"  # a key or a renegotiation that OpenSSL refuses
    except (HandshakeBroken, PhaseTimeout):
        return await _shown(address, way, known, Tls.LEGACY)


async def _shown(
    address: URL, way: Way, known: Mapping[Tls, ssl.SSLContext], strictness: Tls
) -> tuple[bytes, str, str | None]:
    line = await dial(address, way, known[strictness])
    try:
        secure = line.writer.get_extra_info("ssl_object")
        der = secure.getpeercert(binary_form=True)
        if der is None:
            raise ssl.SSLError("the server showed no certificate")
        trouble = "obsolete_tls" if is_obsolete(secure, known[Tls.STRICT]) else None
        return der, str(secure.version()), trouble
    finally:
        line.close()


def _read(der: bytes, protocol: str, trouble: str | None, now: datetime) -> Certificate:
    """The certificate as we speak of it; dates go before what the handshake said. Raises ValueError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cryptography grumbles at serial numbers and the like that are not our matter
        shown = x509.load_der_x509_certificate(der)
        subject, issuer = _name(shown.subject), _name(shown.issuer)
        not_before, not_after = shown.not_valid_before_utc, shown.not_valid_after_utc
        names = _names(shown)
        weak = _is_weak(shown)
    if now > not_after:
        trouble = "expired"
    elif now < not_before:
        trouble = "not_yet_valid"
    elif trouble is None and weak:
        trouble = "weak"
    return Certificate(
        subject=subject,
        issuer=issuer,
        names=names,
        not_before=not_before,
        not_after=not_after,
        trouble=trouble,
        fingerprint=shown.fingerprint(hashes.SHA256()).hex(),
        protocol=protocol,
    )


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _names(shown: x509.Certificate) -> tuple[str, ...]:
    """Host names and addresses it is for."""
    try:
        alternative = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    hosts = alternative.get_values_for_type(x509.DNSName)
    return (*hosts, *(str(address) for address in alternative.get_values_for_type(x509.IPAddress)))


def _is_weak(shown: x509.Certificate) -> bool:
    """A key or a digest that today's clients refuse or are about to."""
    key = shown.public_key()
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) and key.key_size < _RSA_BITS:
        return True
    if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < _EC_BITS:
        return True
    return isinstance(shown.signature_hash_algorithm, hashes.MD5 | hashes.SHA1)
