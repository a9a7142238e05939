"""Tables, and columns of tables, that the event log does not tell: `zhishou verify` says of each what it is, and why.

A test holds this against the schema: a new table is compared, or stands here. The words are for people, who know no tables.
"""

from collections.abc import Mapping
from typing import NamedTuple

from monitor.model import Text, say

_ON_THEIR_WAY = say(
    "messages still on their way: nothing of them is in the log yet; of those that went out: when they were made and tried, and errors before they arrived"
)
_LOOKS = say(
    "what looks found on sites, pages, lists and links, renewed with every look; what decided an incident is sealed with its evidence"
)

UNCHECKED: Mapping[str, Text] = {
    "targets": say("the inventory as imported, with the turns of the plan; who imported what is in the log"),
    "carriers": _LOOKS,
    "runs": _LOOKS,
    "run_dates": _LOOKS,
    "conditions": _LOOKS,
    "availability": say(
        "how many looks of each hour were good or failed; what reached the 5 % is sealed with the incident's evidence"
    ),
    "items": _LOOKS,
    "letters": _LOOKS,
    "standings": say(
        "how every target stands by every rule now: follows from the rest and is made anew by the next judging"
    ),
    "meta": say("state of the running program; decides nothing about a site"),
}
"""Tables of which nothing is compared."""


class Partly(NamedTuple):
    """Columns that are not compared, and the same in words."""

    columns: str
    words: Text


PARTLY: Mapping[str, Partly] = {
    "snapshots": Partly(
        "id, normal_hash",
        say(
            "pages that no evidence names: which was shown when, and whether some are gone (what is stored of them is checked by its hash)"
        ),
    ),
    "members": Partly(
        "since, why",
        say(
            "of targets in an incident: since when the trouble lasts, and the words for it; both stand in its evidence"
        ),
    ),
    "posts": Partly("told_at", say("of imported posts: when each was imported first")),
    "deliveries": Partly(
        "created_at, attempted_at, next_attempt_at, lease_until, last_error",
        _ON_THEIR_WAY,
    ),
    "notices": Partly(
        "dedupe_key, release_at, released_at, facts",
        say(
            "of news: the details they were worded from, and when they were released (kind, severity, incident and when they were made"
            " are compared); of daily digests and messages of a test, which belong to no incident, all but that a message went out"
        ),
    ),
    "delivery_notices": Partly("notice_id, delivery_id", _ON_THEIR_WAY),
    "excused": Partly(
        "thing",
        say(
            "of what was called a false alarm: which part of the trouble, and what stands there no more (it goes when the trouble ends)"
        ),
    ),
    "rules": Partly("first_loaded_at", say("of rules: when each was loaded first, and those that no evidence names")),
}
"""Tables that are compared, and what of them is not."""


def earlier(table: str, rows: int) -> Text:
    """What an earlier program wrote no line of, or less in it."""
    if table == "outages":
        return say("{n} outages are of an earlier program, which wrote no line of them", n=rows)
    return say("of {n} messages an earlier program did not write into the log to whom and over what they went", n=rows)
