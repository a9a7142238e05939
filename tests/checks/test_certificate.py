"""What certificate the server shows → what `certificate` says. By the machine's clock: OpenSSL looks at no other."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from blockbuster import BlockBuster

from monitor.clock import SystemClock
from monitor.model import Cause, Outcome
from tests.checks import pages
from tests.checks.eyes import finding, measured, watching
from tests.observe import tls_server
from tests.observe.dns_server import naming
from tests.observe.raw_server import serving


@pytest.fixture(autouse=True)
def _nothing_blocks(blockbuster: BlockBuster) -> None:
    """One exception: the authorities' file is looked at for a change before each handshake, some microseconds."""
    blockbuster.functions["os.stat"].can_block_in("monitor/observe/tls.py", "contexts")


Server = Callable[[Path], ssl.SSLContext]


@dataclass(frozen=True)
class Row:
    server: Server
    trouble: str | None
    words: str
    left: tuple[int, int] | None = None  # days, at least and at most


TABLE = {
    "good": Row(lambda _: tls_server.good(), None, "certificate valid for"),
    "expired": Row(lambda _: tls_server.expired(), "expired", "the certificate has expired", (-3, -3)),
    "not yet valid": Row(
        lambda _: tls_server.not_yet_valid(), "not_yet_valid", "the certificate is not valid yet", (8, 8)
    ),
    "wrong name": Row(lambda _: tls_server.wrong_name(), "wrong_name", "the certificate is for another name"),
    "unknown authority": Row(
        lambda _: tls_server.untrusted(), "untrusted", "the certificate is not trusted by browsers"
    ),
    "self-signed and small": Row(tls_server.small_key, "weak", "the certificate is too weak for browsers", (8, 8)),
    "TLS 1.0": Row(
        lambda _: tls_server.old_protocol(ssl.TLSVersion.TLSv1),
        "obsolete_tls",
        "only obsolete TLS versions are offered",
    ),
    "TLS 1.1": Row(
        lambda _: tls_server.old_protocol(ssl.TLSVersion.TLSv1_1),
        "obsolete_tls",
        "only obsolete TLS versions are offered",
    ),
    "an old cipher": Row(lambda _: tls_server.old_cipher(), "obsolete_tls", "only obsolete TLS versions are offered"),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_is_shown_and_what_is_said(row: Row, tmp_path: Path) -> None:
    ca, context = tls_server.ca_file(tmp_path), row.server(tmp_path)
    async with (
        naming({tls_server.HOST: ["127.0.0.1"]}) as zone,
        serving(pages.LISTED, context) as server,
        watching(nameserver=zone.port, ca_file=ca, clock=SystemClock(), timeout=10, slow=8) as viewer,
    ):
        visited = await viewer.visit(server.url(host=tls_server.HOST, scheme="https"))
    said = finding(visited, "certificate")
    fine = row.trouble is None
    assert (said.outcome, said.reason) == (Outcome.OK if fine else Outcome.FAIL, row.trouble or "")
    assert said.cause is (None if fine else Cause.CERTIFICATE)
    assert str(said.summary).startswith(row.words)
    left = measured(said)["left"]
    assert isinstance(left, int)
    if row.left is not None:
        assert row.left[0] <= left <= row.left[1]
    assert {"subject", "issuer", "not_before", "not_after", "fingerprint", "protocol"} == set(said.evidence)
    assert finding(visited, "reachable").outcome is Outcome.OK, "a page that answers is open, whatever its certificate"


async def test_a_site_on_plain_http_has_none() -> None:
    async with serving(pages.LISTED) as server, watching() as viewer:
        visited = await viewer.visit(server.url())
    assert [said.check for said in visited.findings if said.check == "certificate"] == []


@pytest.mark.parametrize(
    ("host", "reason"), [("gone.example", "dns"), ("nobody.example", "connect"), ("plain.example", "tls")]
)
async def test_what_cannot_be_looked_at_is_unknown(host: str, reason: str) -> None:
    table = {"nobody.example": ["127.0.0.1"], "plain.example": ["127.0.0.1"]}
    async with (
        naming(table) as zone,
        serving(b"") as server,
        watching(nameserver=zone.port, timeout=1.0, slow=0.9) as viewer,
    ):
        port = 1 if host == "nobody.example" else server.port
        said = finding(await viewer.visit(f"https://{host}:{port}/"), "certificate")
    assert (said.outcome, said.cause) == (Outcome.UNKNOWN, None)
    assert said.reason in {reason, "timeout"}


async def test_days_left_are_whole_days_that_are_over(tmp_path: Path) -> None:
    """A certificate that ran out an hour ago has -1 day left, one that runs out in 23 hours 0."""
    async with (
        naming({tls_server.HOST: ["127.0.0.1"]}) as zone,
        serving(pages.LISTED, tls_server.good()) as server,
        watching(nameserver=zone.port, ca_file=tls_server.ca_file(tmp_path), clock=SystemClock()) as viewer,
    ):
        visited = await viewer.visit(server.url(host=tls_server.HOST, scheme="https"))
        shown = await viewer.tools.certificate(server.url(host=tls_server.HOST, scheme="https"))
    left = (shown.not_after - visited.started_at) / timedelta(days=1)
    assert measured(finding(visited, "certificate"))["left"] == int(left)
