"""The desk's names of things: facts of health, ages, kinds of targets. Tables of msgids, nothing else."""

from monitor.model import TargetKind, Text, say

KINDS: dict[TargetKind, Text] = {
    TargetKind.SITE: say("websites"),
    TargetKind.COLUMN: say("columns"),
    TargetKind.ACCOUNT: say("accounts"),
    TargetKind.PAGE: say("pages"),
    TargetKind.LINK: say("links"),
    TargetKind.DESK: say("the duty desk"),
}

FACTS: dict[str, Text] = {
    "rounds": say("rounds"),
    "store": say("store"),
    "uplink": say("our own network"),
    "settings": say("settings"),
    "disk": say("disk"),
    "calendar": say("working days"),
    "set_aside": say("set aside"),
    "ledger": say("ledger of notices"),
    "coverage.site": say("turn of the websites"),
    "coverage.column": say("turn of the columns"),
    "coverage.account": say("turn of the accounts"),
    "coverage.page": say("turn of the pages"),
    "coverage.link": say("turn of the links"),
    "deliveries": say("messages on their way"),
    "dead_deliveries": say("messages given up"),
    "targets": say("targets"),
}
"""Facts of health by name (health.py)."""

AGES: dict[str, Text] = {
    "heartbeat": say("last completed round"),
    "visit": say("last visit"),
    "look": say("last conclusive look"),
    "delivery": say("last confirmed delivery"),
    "event": say("last line of the log"),
}
"""Ages by name (store/views.py)."""
