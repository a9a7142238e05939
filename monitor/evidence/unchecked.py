"""Tables, and columns of tables, that the event log does not tell: `zhishou verify` names each with the reason.

A test holds this against the schema: a new table is compared, or stands here.
"""

from collections.abc import Mapping

from monitor.model import Text, say

_LOOKS = say("what looks found, renewed with every look; what decided an incident is sealed with its evidence")
_DERIVED = say("follows from the other tables and is made anew by the next judging")
_RUNNING = say("state of the running program; decides nothing about a site")

UNCHECKED: Mapping[str, Text] = {
    "targets": say("the inventory as imported, with the turns of the plan; who imported what is in the log"),
    "carriers": _LOOKS,
    "runs": _LOOKS,
    "conditions": _LOOKS,
    "availability": say(
        "counts by the hour, one for each look; what reached the 5 % is sealed with the incident's evidence"
    ),
    "items": _LOOKS,
    "letters": _LOOKS,
    "snapshots": say(
        "which page was shown when; bodies are checked by hash, pages of an incident are sealed in its evidence"
    ),
    "standings": _DERIVED,
    "notices": say("what messages are made of; that they were sent is in the log"),
    "delivery_notices": say("which notices a message told; that it was sent is in the log"),
    "meta": _RUNNING,
}
"""Tables of which nothing is compared."""

PARTLY: Mapping[str, str] = {
    "members": "since, why",
    "incidents": "warned",
    "posts": "told_at",
    "deliveries": "recipient, channel, severity, attempt",
    "rules": "first_loaded_at",
}
"""Columns that are not compared, of tables that are."""


def earlier(rows: int) -> Text:
    """Rows from before there were lines of that kind."""
    return say("{n} rows are of an earlier program, which wrote no line of them", n=rows)
