"""The machine's clock was set: one incident of ours, and the plan moved along, in one transaction.

Told by whoever compares the clocks (timekeeper.py), and at the start by the last heartbeat, when it lies in the future.
The heartbeat goes along: a process killed after this does not find the same jump once more.
"""

import sqlite3
from datetime import datetime, timedelta

from monitor.clock import SHANGHAI, to_ms
from monitor.hands import NOTICED
from monitor.judge.incidents import BY_RECORDS
from monitor.model import Cause, Membership, Outcome, Text, fail, ok, say
from monitor.settle.ours import settle_ours
from monitor.settle.policy import Policy
from monitor.store import clockset, events, findings, heartbeat
from monitor.store.known import OURS

CHECK = "clock"
ASKED_AGAIN = timedelta(minutes=10)
"""How soon what waits for a steady clock is judged again."""


def was_set(tx: sqlite3.Connection, *, by: timedelta, policy: Policy, now: datetime) -> None:
    """Its hands moved by that much (negative: back) and show `now`."""
    clockset.move_along(tx, by, now)
    events.append(tx, now, "zhishou", "clock.set", {"by": by // timedelta(milliseconds=1), "was": to_ms(now - by)})
    settle_ours(tx, fail(CHECK, Cause.OURS, CHECK, _words(by, now)), policy, now)
    heartbeat.beat(tx, now)


def goes_steadily(tx: sqlite3.Connection, policy: Policy, now: datetime) -> None:
    """Long enough: it is over."""
    settle_ours(tx, ok(CHECK, say("the clock has gone steadily for an hour")), policy, now)


def is_doubted(tx: sqlite3.Connection) -> bool:
    """Whether the clock was set and has not gone steadily for long since."""
    run = findings.current_run(tx, OURS, CHECK, "")
    return run is not None and run.finding.outcome is Outcome.FAIL


def not_by_the_clock(tx: sqlite3.Connection, wanted: list[Membership]) -> tuple[list[Membership], bool]:
    """Of what should be open, what may be now, and whether something waits: what no look decides, hands set wrong decide.

    What is open already goes on.
    """
    waits = [one for one in wanted if one.incident is None and one.cause in BY_RECORDS]
    if not waits or not is_doubted(tx):
        return wanted, False
    return [one for one in wanted if one not in waits], True


def catch_up(tx: sqlite3.Connection, policy: Policy, now: datetime) -> None:
    """At the start: an earlier process that beat in the future went by another time. Set forward looks like a pause."""
    last = heartbeat.last(tx)
    if last is not None and last - now > NOTICED:
        was_set(tx, by=now - last, policy=policy, now=now)


def _words(by: timedelta, now: datetime) -> Text:
    length, (forward, back) = _length(abs(by))
    shown = {"n": length, "before": _wall(now - by), "after": _wall(now)}
    return Text((forward if by > timedelta() else back).template, shown)


def _length(length: timedelta) -> tuple[str, tuple[Text, Text]]:
    """In the unit a person would use, to a tenth of it, and the sentences in that unit."""
    seconds = length.total_seconds()
    if seconds < 3600:
        return _number(seconds / 60), _MINUTES
    return (_number(seconds / 3600), _HOURS) if seconds < 86_400 else (_number(seconds / 86_400), _DAYS)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _wall(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


_MINUTES = (
    say("the monitor's clock was set forward by {n} minutes, from {before} to {after}"),
    say("the monitor's clock was set back by {n} minutes, from {before} to {after}"),
)
_HOURS = (
    say("the monitor's clock was set forward by {n} hours, from {before} to {after}"),
    say("the monitor's clock was set back by {n} hours, from {before} to {after}"),
)
_DAYS = (
    say("the monitor's clock was set forward by {n} days, from {before} to {after}"),
    say("the monitor's clock was set back by {n} days, from {before} to {after}"),
)
