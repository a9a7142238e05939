"""The set phrases of the field (domain.md §5.2): what is wrong, what to do, how grave, by cause.

Pure tables of msgids. A breach that is only near is worded as near; what we cannot see is worded as not seen.
"""

from dataclasses import dataclass

from monitor.model import Cause, Compliance, Outcome, Reach, Severity, TargetKind, Text, say

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
    Cause.ENTRY_PRESENT: say("entry missing from the home page"),
    Cause.AVAILABILITY: say("too often not to be opened within seven days"),
    Cause.COUNT: say("number of problems reaches a veto"),
    Cause.OURS: say("trouble of the monitor itself"),
    Cause.OFFLINE_AT_MOST: say("temporarily closed too often in a year"),
    Cause.NOTICE_KEPT: say("notice not kept up"),
    Cause.PUBLISHED_BY: say("yearly report not published in time"),
    Cause.ANSWERED_WITHIN: say("message not answered in time"),
    Cause.POSTS_AT_LEAST: say("account posts too seldom"),
    Cause.ORIGINAL_SHARE: say("too few original posts"),
    Cause.FIXED_WITHIN: say("not put right in time"),
    Cause.FILED_WITHIN: say("not filed as prescribed"),
    Cause.DONE_EVERY: say("what is due regularly was not done"),
    Cause.DUTY_COVERED: say("nobody on duty at some hours"),
    Cause.HOSTED_IN: say("suspected to be hosted where it may not be"),
    Cause.INVENTORY: say("inventory not as prescribed"),
}
"""What is wrong, for a website or where the kind does not matter."""

WHAT_OF_KIND: dict[tuple[Cause, TargetKind], Text] = {
    (Cause.OUTAGE, TargetKind.COLUMN): say("column cannot be opened"),
    (Cause.OUTAGE, TargetKind.PAGE): say("page cannot be opened"),
    (Cause.OUTAGE, TargetKind.LINK): say("dead link"),
    (Cause.TAMPER, TargetKind.LINK): say("a link suspected to lead to something else now"),
    (Cause.STALE, TargetKind.SITE): say("home page not updated in time"),
    (Cause.STALE, TargetKind.COLUMN): say("column not updated in time"),
    (Cause.STALE, TargetKind.ACCOUNT): say("account not updated in time"),
    (Cause.BLIND, TargetKind.SITE): say("website cannot be looked at, a person must"),
    (Cause.BLIND, TargetKind.COLUMN): say("column cannot be read, a person must look"),
    (Cause.BLIND, TargetKind.ACCOUNT): say("account source cannot be read, a person must look"),
}

PLATFORM = say("shared platform down, many websites cannot be opened")
"""Many sites that fail alike and at once, while the rest of the world answers."""

NEAR: dict[Cause, Text] = {
    Cause.STALE: say("update nearly overdue"),
    Cause.CERTIFICATE: say("certificate about to expire"),
    Cause.OUTAGE: say("outage near the 30 days"),
    Cause.PUBLISHED_BY: say("yearly report nearly overdue"),
    Cause.ANSWERED_WITHIN: say("answer nearly overdue"),
    Cause.POSTS_AT_LEAST: say("account update nearly overdue"),
    Cause.FIXED_WITHIN: say("rectification nearly overdue"),
    Cause.FILED_WITHIN: say("filing nearly overdue"),
    Cause.DONE_EVERY: say("what is due regularly is nearly overdue"),
}
"""The last warning of a veto: the limit has not passed yet."""

DO: dict[Cause, Text] = {
    Cause.OUTAGE: say("check host, network and name; if it is planned, file it"),
    Cause.SLOW: say("check the load of the host and the line"),
    Cause.CERTIFICATE: say("renew or repair the certificate"),
    Cause.BLIND: say("open it by hand and record what you see"),
    Cause.BLANK: say("have the column filled, or taken down"),
    Cause.STALE: say("have it updated with real content; old texts must not get new dates"),
    Cause.DEAD_LINK: say(
        "take it off and keep evidence if nobody here put it there, or it is about gambling, pornography or the like;"
        " else repair it or take it off"
    ),
    Cause.TAMPER: say("verify by hand at once; if true, take the page down and keep evidence"),
    Cause.FORGED_DATE: say("verify when it was really published"),
    Cause.MARKS: say("complete the footer marks"),
    Cause.ENTRY_PRESENT: say(
        "put the entry back on the home page, where people see it; if it has moved, declare the new address"
    ),
    Cause.AVAILABILITY: say("find out why it fails so often, and record it"),
    Cause.COUNT: say("have the listed ones set right, the gravest first"),
    Cause.OURS: say("check the monitor's host, network, disk and channels"),
    Cause.OFFLINE_AT_MOST: say("check which closures were planned; correct the records where one was not"),
    Cause.NOTICE_KEPT: say("put the notice back where people see it, until its time is over"),
    Cause.PUBLISHED_BY: say(
        "have the report published where the home page shows it; if it is elsewhere, declare the address"
    ),
    Cause.ANSWERED_WITHIN: say("have it answered, or tell people why it takes longer; record the answer"),
    Cause.POSTS_AT_LEAST: say(
        "have something real posted; an account that nobody can keep up is to be closed and filed"
    ),
    Cause.ORIGINAL_SHARE: say("post more of its own; record which posts are original"),
    Cause.FIXED_WITHIN: say("put it right now, check again and record when"),
    Cause.FILED_WITHIN: say("file it now and record day and number"),
    Cause.DONE_EVERY: say("carry it out and record when and by whom"),
    Cause.DUTY_COVERED: say("fill the gap in the roster"),
    Cause.HOSTED_IN: say("have a person confirm where the server stands; if true, move it and report"),
    Cause.INVENTORY: say("have the entry corrected, or the approval recorded"),
}

AS_FILED = say("nothing more is to be filed for now; correct the record when its days change")
"""What to do about an outage that is filed."""

DO_OF_KIND: dict[tuple[Cause, TargetKind], Text] = {
    (Cause.TAMPER, TargetKind.LINK): say(
        "verify by hand at once; if true, take the link off every page and keep evidence"
    ),
}

DO_ABOUT: dict[Reach, Text] = {
    Reach.DNS: say("check how the name is resolved and whether it has run out; if it is planned, file it"),
    Reach.CONNECT: say("check host, network and firewall; if it is planned, file it"),
    Reach.TIMEOUT: say("check host, network and firewall; if it is planned, file it"),
    Reach.TLS: say("check certificate and TLS settings of the server"),
    Reach.HTTP_ERROR: say("check the website's program and the services behind it; if it is planned, file it"),
    Reach.SOFT_ERROR: say("check the website's program and the services behind it; if it is planned, file it"),
    Reach.REDIRECT_LOOP: say("check the redirects in the server's settings"),
    Reach.MAINTENANCE: say("ask whether it is planned; if so, see that it is filed"),
}
"""What to do about an outage, by how the last look ended."""

SURE: dict[Cause, Text] = {
    Cause.OUTAGE: say("{n} tries in a row failed"),
    Cause.SLOW: say("{n} tries in a row were slow"),
    Cause.BLIND: say("no verdict: {n} looks could not see"),
}
SURE_OF_OTHERS = say("{n} looks agree")
SURE_OF_ONE = say("seen in one look")
COMPARED = say("compared with earlier looks")
"""A forged date is seen in one look beside others, however many looks show it."""

FOUND = frozenset(
    {
        *(Cause.CERTIFICATE, Cause.BLANK, Cause.DEAD_LINK, Cause.TAMPER, Cause.FORGED_DATE, Cause.MARKS, Cause.COUNT),
        *(Cause.ENTRY_PRESENT, Cause.HOSTED_IN, Cause.INVENTORY),
    }
)
"""Causes that we find at a look and that may be older: no clock of theirs has been running."""

OVERDUE = frozenset(
    {
        *(Cause.STALE, Cause.PUBLISHED_BY, Cause.ANSWERED_WITHIN, Cause.POSTS_AT_LEAST),
        *(Cause.FIXED_WITHIN, Cause.DONE_EVERY),
    }
)
"""Causes whose clock is a limit: they are overdue for so long, and their own words say since when."""

GRAVE: dict[Severity, Text] = {
    Severity.VETO: say("veto"),
    Severity.SERIOUS: say("serious"),
    Severity.BREACH: say("breach"),
    Severity.REMIND: say("reminder"),
}

STANDINGS: dict[Compliance, Text] = {
    Compliance.MET: say("kept"),
    Compliance.DUE: say("falls due"),
    Compliance.BREACHED: say("broken"),
    Compliance.EXEMPT: say("exempt"),
    Compliance.UNKNOWN: say("cannot be told"),
}

OUTCOMES: dict[Outcome, Text] = {
    Outcome.OK: say("fine"),
    Outcome.FAIL: say("trouble"),
    Outcome.UNKNOWN: say("could not look"),
    Outcome.BROKEN: say("our own fault"),
}


@dataclass(frozen=True, slots=True)
class Own:
    """A trouble of the monitor itself: what is broken, what is not watched meanwhile, what to do."""

    what: Text
    means: Text
    do: Text


OURS: dict[str, Own] = {
    "uplink": Own(
        say("the monitor's own network is down"),
        say("no website, column or account can be judged until it is back, and a real failure goes unseen"),
        say(
            "check network cable, router and line of the monitor; on a closed network name hosts that answer there in"
            " [reference]; watching goes on by itself once it is back"
        ),
    ),
    "proxy": Own(
        say("the outgoing proxy is down"),
        say("no website, column or account can be judged until it is back, and a real failure goes unseen"),
        say(
            "check the proxy named above and [fetch] proxy in the settings; watching goes on by itself once it is back"
        ),
    ),
    "broken": Own(
        say("the monitoring program has a fault"),
        say("what is named above is not judged meanwhile, everything else goes on; it is not the website's fault"),
        say("have the system administrator look into the program's log; open what is named above by hand meanwhile"),
    ),
    "clock": Own(
        say("the monitor's clock was set"),
        say(
            "times shown from before and after it differ by that much; what was planned has been moved along,"
            " watching goes on"
        ),
        say(
            "check the time of the monitor's machine and its time synchronisation (NTP); suspended and woken it shows"
            " the same; this ends by itself once the clock has gone steadily for an hour"
        ),
    ),
    "list": Own(
        say("many targets are no longer on the list"),
        say("what is named above is not watched any more; its history is kept, everything else goes on"),
        say(
            "if that was meant, nothing; otherwise put the lines back into the list of targets and reload: they go on"
            " with their history"
        ),
    ),
    "store": Own(
        say("the monitor cannot record"),
        say("nothing can be looked at or recorded, and a real failure goes unseen"),
        say("check disk and file of the store; free space on the disk if it is full"),
    ),
    "start": Own(
        say("the monitor does not start"),
        say("nothing can be looked at or recorded, and a real failure goes unseen"),
        say("put right what is named above; the monitor is started again by itself every few seconds"),
    ),
    "channel": Own(
        say("alerts cannot be sent"),
        say("who is reached over that channel alone hears nothing"),
        say("check robot, address and key of the channel; pass on by telephone meanwhile"),
    ),
}
"""By the first part of the incident's key (settle/ours.py, alert/distress.py, store/outbox.py)."""

OTHERWISE = Own(
    say("the monitor is in trouble"),
    say("part of the watch may stand still"),
    say("check the monitor's host, network, disk and channels"),
)


def how_sure(cause: Cause, looks: int) -> Text | None:
    """How many looks say so; None where one look is enough, or where it is not known."""
    if looks <= 0 or cause in {Cause.STALE, Cause.OURS}:
        return None
    if cause is Cause.FORGED_DATE:
        return COMPARED
    sure = SURE_OF_ONE if looks == 1 else SURE.get(cause, SURE_OF_OTHERS)
    return Text(sure.template, {"n": looks})


def to_do(cause: Cause, reach: Reach | None, kind: TargetKind | None = None) -> Text:
    """What to do about a trouble of theirs; `kind` where all its targets are of one."""
    if cause is Cause.OUTAGE and reach in DO_ABOUT:
        return DO_ABOUT[reach]
    return DO_OF_KIND.get((cause, kind), DO[cause]) if kind is not None else DO[cause]


def own(key: str) -> Own:
    """What a trouble of ours is called, by the key of its incident."""
    return OURS.get(key.partition(":")[0], OTHERWISE)


def what(cause: Cause, kind: TargetKind | None, *, near: bool, key: str = "") -> Text:
    """The headline of a cause; `key` is that of the incident."""
    if key.startswith("platform:"):
        return PLATFORM
    if near and cause in NEAR:
        return NEAR[cause]
    return WHAT_OF_KIND.get((cause, kind), WHAT[cause]) if kind is not None else WHAT[cause]
