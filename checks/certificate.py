"""Whether a browser would accept the certificate of an https site, and for how many more days.

Looks at its own cadence (daily by default), because a handshake of its own is needed. A site on plain HTTP has none.
"""

from dataclasses import dataclass
from datetime import timedelta

from monitor.api import (
    Cause,
    Certificate,
    Context,
    Finding,
    Measure,
    Target,
    TargetKind,
    Text,
    civil_day,
    fail,
    ok,
    say,
)

KINDS = frozenset({TargetKind.SITE})
CADENCE = "certificate"


@dataclass(frozen=True, slots=True)
class Options:
    """Nothing to set: how many days left is too few stands in the house rules."""


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    if not target.url.lower().startswith("https:"):
        return []
    shown = await ctx.certificate(target.url)
    left = (shown.not_after - ctx.now) // timedelta(days=1)
    measure = Measure("left", left, "days")
    if shown.trouble is not None:
        return [fail("certificate", Cause.CERTIFICATE, shown.trouble, _why(shown), measure, **_evidence(shown))]
    return [ok("certificate", say("certificate valid for {days} more days", days=left), measure, **_evidence(shown))]


def _why(shown: Certificate) -> Text:
    """What a browser complains of, with the day or the name that makes it so."""
    match shown.trouble:
        case "expired":
            day = str(civil_day(shown.not_after))
            return say("the certificate has expired: it was valid until {day}", day=day)
        case "not_yet_valid":
            day = str(civil_day(shown.not_before))
            return say("the certificate is not valid yet: it is valid from {day}", day=day)
        case "wrong_name":
            names = ", ".join(_plain(name) for name in shown.names[:_NAMED] or (shown.subject,))
            return say("the certificate is for another name: it is that of {names}", names=names)
        case "weak":
            return say("the certificate is too weak for browsers")
        case "obsolete_tls":
            return say(
                "only obsolete TLS versions are offered, or obsolete ciphers: {protocol}", protocol=shown.protocol
            )
        case _ if shown.subject == shown.issuer:
            return say("the certificate is not trusted by browsers: it is signed by itself")
        case _:
            issuer = _plain(shown.issuer)
            return say("the certificate is not trusted by browsers: its chain ends at {issuer}", issuer=issuer)


def _plain(name: str) -> str:
    """A name out of a certificate, which may hold anything, as it may stand in a sentence."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:_LONGEST])


_NAMED, _LONGEST = 2, 64  # names of a certificate in a sentence, and letters of each


def _evidence(shown: Certificate) -> dict[str, object]:
    return {
        "subject": shown.subject,
        "issuer": shown.issuer,
        "not_before": shown.not_before.isoformat(),
        "not_after": shown.not_after.isoformat(),
        "fingerprint": shown.fingerprint,
        "protocol": shown.protocol,
    }
