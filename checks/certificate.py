"""Whether a browser would accept the certificate of an https site, and for how many more days.

Looks at its own cadence (daily by default), because a handshake of its own is needed. A site on plain HTTP has none.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.api import Cause, Certificate, Context, Finding, Measure, Target, TargetKind, fail, ok, say

KINDS = frozenset({TargetKind.SITE})
CADENCE = "certificate"


@dataclass(frozen=True, slots=True)
class Options:
    """Nothing to set: how many days left is too few stands in the house rules."""


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    if urlsplit(target.url).scheme != "https":
        return []
    shown = await ctx.certificate(target.url)
    left = (shown.not_after - ctx.now) // timedelta(days=1)
    measure = Measure("left", left, "days")
    if shown.trouble is not None:
        words = _WHY.get(shown.trouble, say("the certificate is not trusted by browsers"))
        return [fail("certificate", Cause.CERTIFICATE, shown.trouble, words, measure, **_evidence(shown))]
    return [ok("certificate", say("certificate valid for {days} more days", days=left), measure, **_evidence(shown))]


_WHY = {
    "expired": say("the certificate has expired"),
    "not_yet_valid": say("the certificate is not valid yet"),
    "wrong_name": say("the certificate is for another name"),
    "untrusted": say("the certificate is not trusted by browsers"),
    "weak": say("the certificate is too weak for browsers"),
    "obsolete_tls": say("only obsolete TLS versions are offered"),
}


def _evidence(shown: Certificate) -> dict[str, object]:
    return {
        "subject": shown.subject,
        "issuer": shown.issuer,
        "not_before": shown.not_before.isoformat(),
        "not_after": shown.not_after.isoformat(),
        "fingerprint": shown.fingerprint,
        "protocol": shown.protocol,
    }
