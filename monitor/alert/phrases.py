"""The set phrases of the field (domain.md §5.2): what is wrong, what to do, how grave, by cause.

Pure tables of msgids. A breach that is only near is worded as near; what we cannot see is worded as not seen.
"""

from monitor.model import Cause, Severity, TargetKind, Text, say

WHAT: dict[Cause, Text] = {
    Cause.OUTAGE: say("website cannot be opened"),
    Cause.SLOW: say("website answers too slowly"),
    Cause.CERTIFICATE: say("certificate trouble"),
    Cause.BLIND: say("cannot be looked at, a person must"),
    Cause.BLANK: say("blank column"),
    Cause.STALE: say("not updated in time"),
    Cause.DEAD_LINK: say("dead link"),
    Cause.TAMPER: say("tampering suspected"),
    Cause.FORGED_DATE: say("forged dates suspected"),
    Cause.MARKS: say("footer marks missing"),
    Cause.AVAILABILITY: say("too often not to be opened within seven days"),
    Cause.COUNT: say("number of problems reaches a veto"),
    Cause.OURS: say("trouble of the monitor itself"),
}
"""What is wrong, for a website or where the kind does not matter."""

WHAT_OF_KIND: dict[tuple[Cause, TargetKind], Text] = {
    (Cause.OUTAGE, TargetKind.COLUMN): say("column cannot be opened"),
    (Cause.OUTAGE, TargetKind.PAGE): say("page cannot be opened"),
    (Cause.OUTAGE, TargetKind.LINK): say("dead link"),
    (Cause.STALE, TargetKind.SITE): say("home page not updated in time"),
    (Cause.STALE, TargetKind.COLUMN): say("column not updated in time"),
    (Cause.STALE, TargetKind.ACCOUNT): say("account not updated in time"),
    (Cause.BLIND, TargetKind.SITE): say("website cannot be looked at, a person must"),
    (Cause.BLIND, TargetKind.COLUMN): say("column cannot be read, a person must look"),
    (Cause.BLIND, TargetKind.ACCOUNT): say("account source cannot be read, a person must look"),
}

NEAR: dict[Cause, Text] = {
    Cause.STALE: say("update nearly overdue"),
    Cause.CERTIFICATE: say("certificate about to expire"),
    Cause.OUTAGE: say("outage near the 30 days"),
}
"""The last warning of a veto: the limit has not passed yet."""

DO: dict[Cause, Text] = {
    Cause.OUTAGE: say("check host, network and name; if it is planned, file it"),
    Cause.SLOW: say("check the load of the host and the line"),
    Cause.CERTIFICATE: say("renew or repair the certificate"),
    Cause.BLIND: say("open it by hand and record what you see"),
    Cause.BLANK: say("have the column filled, or taken down"),
    Cause.STALE: say("have it updated with real content; old texts must not get new dates"),
    Cause.DEAD_LINK: say("repair or remove the link"),
    Cause.TAMPER: say("verify by hand at once; if true, take the page down and keep evidence"),
    Cause.FORGED_DATE: say("verify when it was really published"),
    Cause.MARKS: say("complete the footer marks"),
    Cause.AVAILABILITY: say("find out why it fails so often, and record it"),
    Cause.COUNT: say("have the listed ones set right, the gravest first"),
    Cause.OURS: say("check the monitor's host, network, disk and channels"),
}

SURE: dict[Cause, Text] = {
    Cause.OUTAGE: say("{n} tries in a row failed"),
    Cause.SLOW: say("{n} tries in a row were slow"),
    Cause.BLIND: say("no verdict: {n} looks could not see"),
}
SURE_OF_OTHERS = say("{n} looks agree")
SURE_OF_ONE = say("seen in one look")

GRAVE: dict[Severity, Text] = {
    Severity.VETO: say("veto"),
    Severity.SERIOUS: say("serious"),
    Severity.BREACH: say("breach"),
    Severity.REMIND: say("reminder"),
}

CODES = (
    # why nothing could be told of a target (Finding.reason, Facts.blind_reason), as values inside other sentences
    say("shell"),
    say("challenged"),
    say("maintenance"),
    say("soft_error"),
    say("hijacked"),
    say("unreadable"),
    say("undated"),
    say("host_down"),
    say("uplink"),
    say("dns"),
    say("connect"),
    say("tls"),
    say("timeout"),
    say("http_error"),
    say("redirect_loop"),
    say("malformed"),
    say("too_large"),
    say("refused_by_guard"),
    # how a fetch ended, in the words of observe/errors.py
    say("larger than the limit"),
    say("handshake timed out"),
    say("closed during the handshake"),
    say("no certificate in time"),
    say("redirect that leads nowhere"),
    say("broken compression"),
    say("outgoing proxy unreachable"),
    say("connection reset"),
    say("connect timed out"),
    say("closed without an answer"),
    say("closed before the answer was complete"),
    # states of an incident
    say("open"),
    say("acknowledged"),
    say("recovered"),
    say("closed"),
    say("false_alarm"),
    # why a message did not get through (channels/)
    say("no answer in time"),
    say("no answer recorded"),
    say("not sent in time"),
    say("no connection in time"),
    say("connection refused"),
    say("connection lost"),
    say("name cannot be resolved"),
    say("TLS failed"),
    say("mail server not reached"),
)
"""Constant words that appear as values; `translate` looks values up too."""


def what(cause: Cause, kind: TargetKind | None, *, near: bool) -> Text:
    """The headline of a cause."""
    if near and cause in NEAR:
        return NEAR[cause]
    return WHAT_OF_KIND.get((cause, kind), WHAT[cause]) if kind is not None else WHAT[cause]
