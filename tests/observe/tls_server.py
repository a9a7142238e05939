"""TLS contexts for tests: a certificate authority, and servers with every trouble a certificate or handshake can have."""

import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HOST = "site.example"
NOW = datetime.now(UTC)  # OpenSSL verifies by the machine's clock and cannot be told another


@cache
def authority(name: str = "ours") -> trustme.CA:
    """The authority of that name."""
    return trustme.CA(organization_name=name)


def ca_file(folder: Path) -> Path:
    """Our authority's certificate as a file."""
    path = folder / "ca.pem"
    authority().cert_pem.write_to_path(str(path))
    return path


def good() -> ssl.SSLContext:
    return _context(authority().issue_cert(HOST))


def expired() -> ssl.SSLContext:
    days = timedelta(days=1)
    return _context(authority().issue_cert(HOST, not_before=NOW - 90 * days, not_after=NOW - 2 * days))


def not_yet_valid() -> ssl.SSLContext:
    day = timedelta(days=1)
    return _context(authority().issue_cert(HOST, not_before=NOW + day, not_after=NOW + 9 * day))


def wrong_name() -> ssl.SSLContext:
    return _context(authority().issue_cert("other.example"))


def untrusted() -> ssl.SSLContext:
    return _context(authority("somebody").issue_cert(HOST))


def old_protocol(version: ssl.TLSVersion) -> ssl.SSLContext:
    """Speaks nothing newer than that, as IIS 6 and old appliances do."""
    context = _context(authority().issue_cert(HOST, key_type=trustme.KeyType.RSA))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = version
    return context


def old_cipher() -> ssl.SSLContext:
    """TLS 1.2 with a cipher that OpenSSL's defaults no longer offer."""
    context = _context(authority().issue_cert(HOST, key_type=trustme.KeyType.RSA))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    return context


def small_key(folder: Path) -> ssl.SSLContext:
    """A self-signed certificate over 1024 bits."""
    made = _small(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(made.certificate, made.key)
    return context


@dataclass(frozen=True)
class _Files:
    certificate: Path
    key: Path


def _small(folder: Path) -> _Files:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    files = _Files(folder / "small.pem", folder / "small.key")
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    files.key.write_bytes(key.private_bytes(encoding, form, plain))
    return files


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
