"""The city's own authority and its certificates: one that is good, one that ran out last month.

Writes the authority's PEM file into a folder it is given (the daemon trusts it by `ca_file`); keys stay in memory.
Nothing here is valid anywhere else. Made anew at each start, so nothing secret is kept.
"""

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import trustme

from monitor.city.plan import ZONE

CA_FILE = "city-ca.pem"
"""Name of the file a daemon trusts the city by."""


@dataclass(frozen=True)
class Certificates:
    """What the servers show. Both leaves name the same hosts and come from the same authority."""

    good: ssl.SSLContext
    expired: ssl.SSLContext


def make_certificates(folder: Path, now: datetime) -> Certificates:
    """A fresh authority, its certificate written to CA_FILE in `folder`, and its two leaves, good and bad as of `now`."""
    authority = trustme.CA(organization_name="Rehearsed City")
    names = (f"*.{ZONE}", "*.example", "127.0.0.1")
    good = authority.issue_cert(*names, not_before=now - timedelta(days=30), not_after=now + timedelta(days=335))
    old = authority.issue_cert(*names, not_before=now - timedelta(days=400), not_after=now - timedelta(days=30))
    authority.cert_pem.write_to_path(str(folder / CA_FILE))
    return Certificates(_context(good), _context(old))


def _context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    leaf.configure_cert(context)
    return context
