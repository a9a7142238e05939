"""What became of the notices: which were lost, which came twice and why, and how many a person got in a day.

Pure. Compares the outbox as it stood at the end with what the channel's receiver really got; knows the scenario's events,
so that a repeat can be laid to a kill or a lost answer. Nothing here knows how the outbox works.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.city.faults import Event
from monitor.city.lateness import Patience, span_of
from monitor.city.terms import Terms
from monitor.clock import civil_day

Line = dict[str, object]
"""A line of the result: what it is about, instants as ISO text or None, and its evidence."""

EXCUSED = "excused: "
"""How the evidence begins of what came twice after a kill or a lost answer, and said so."""

_SETTLED = frozenset({"sent", "dead", "superseded"})


@dataclass(frozen=True, slots=True)
class Told:
    """One notice for one recipient over one channel, as the outbox had it at the end.

    `state`: pending, sending, sent, dead, superseded; waiting when it never came into a delivery (`delivery` None then).
    """

    notice: int
    kind: str
    recipient: str
    channel: str
    due_at: datetime
    state: str
    finished_at: datetime | None
    delivery: int | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message at the receiver of a channel. `confirmed`: it answered so; `repeat`: the message said it may be one."""

    delivery: int
    at: datetime
    confirmed: bool
    repeat: bool


@dataclass(frozen=True, slots=True)
class Post:
    """All that was told in a rehearsal. `arrivals` None: nobody listened at the receiver."""

    told: tuple[Told, ...]
    arrivals: tuple[Arrival, ...] | None
    events: tuple[Event, ...]
    start: datetime
    end: datetime


def lost(post: Post, patience: Patience, terms: Terms) -> list[Line]:
    """Notices due long enough ago that neither arrived nor are shown as given up, and those said to be sent that never came."""
    came = None if post.arrivals is None else {one.delivery for one in post.arrivals if one.confirmed}
    found = []
    for told in post.told:
        if told.state == "sent" and came is not None and told.delivery not in came:
            found.append(
                _line(told, told.finished_at or told.due_at, "its delivery is said to be sent and was never confirmed")
            )
        elif told.state not in _SETTLED:
            due = patience.deadline(told.due_at, terms.allowance + terms.retry)
            if due <= post.end:
                found.append(
                    _line(told, told.due_at, f"still {told.state} at the end, due to be settled by {due.isoformat()}")
                )
    return found


def twice(post: Post) -> list[Line]:
    """A line for each notice and each further arrival of it at one recipient over one channel."""
    events = _Troubles(post)
    arrived: dict[int, list[Arrival]] = {}
    for arrival in post.arrivals or ():
        arrived.setdefault(arrival.delivery, []).append(arrival)
    carried: dict[tuple[int, str, str], tuple[Told, set[int]]] = {}
    for told in post.told:
        if told.delivery is not None:
            carried.setdefault((told.notice, told.recipient, told.channel), (told, set()))[1].add(told.delivery)
    lines = []
    for told, deliveries in carried.values():
        every = sorted((one for number in deliveries for one in arrived.get(number, ())), key=lambda one: one.at)
        read = [one for one in every if not events.refused(told.channel, one)]
        for before, again in pairwise(read):
            lines.append(_line(told, again.at, events.evidence(before, again)))
    return lines


def unexcused(lines: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Of the lines of `twice` those that neither a kill nor a lost answer accounts for, or that did not say so."""
    return [line for line in lines if not str(line["evidence"]).startswith(EXCUSED)]


def messages_per_day(post: Post) -> dict[str, float | None]:
    """Confirmed messages of a person and a civil day of Shanghai, days without one included."""
    people = {told.recipient for told in post.told}
    counts = {(person, day): 0 for person in people or {""} for day in _days(post)}
    recipients = {told.delivery: told.recipient for told in post.told if told.delivery is not None}
    for arrival in post.arrivals if post.arrivals is not None else _sent(post):
        if arrival.confirmed and arrival.delivery in recipients:
            key = recipients[arrival.delivery], civil_day(arrival.at)
            counts[key] = counts.get(key, 0) + 1
    found = sorted(counts.values())
    return {"p50": middle(found, 50), "max": middle(found, 100)}


def middle(numbers: Sequence[float], percent: int) -> float | None:
    """The smallest of sorted numbers that so many percent do not exceed (nearest rank); None of none."""
    return numbers[max(0, math.ceil(len(numbers) * percent / 100) - 1)] if numbers else None


def _days(post: Post) -> Iterator[object]:
    day, last = civil_day(post.start), civil_day(post.end - timedelta(microseconds=1))
    while day <= last:
        yield day
        day += timedelta(days=1)


def _sent(post: Post) -> Iterator[Arrival]:
    """Without a listener: what the outbox says was sent, each delivery once."""
    known = {told.delivery: told for told in post.told if told.state == "sent" and told.delivery is not None}
    for delivery, told in known.items():
        assert delivery is not None
        yield Arrival(delivery, told.finished_at or told.due_at, confirmed=True, repeat=False)


def _line(told: Told, at: datetime, evidence: str) -> Line:
    return {
        "notice": told.notice,
        "recipient": told.recipient,
        "channel": told.channel,
        "at": at.isoformat(),
        "evidence": f"{evidence} ({told.kind}, delivery {told.delivery})",
    }


class _Troubles:
    """What may have kept an answer from being written down."""

    def __init__(self, post: Post) -> None:
        kinds = {"killed": "the daemon was killed", "disk_full": "nothing could be written down"}
        self._silent = [(span_of(e, post.start), kinds[e.kind]) for e in post.events if e.kind in kinds]
        self._down = [(span_of(event, post.start), event) for event in post.events if event.kind == "channel_down"]

    def refused(self, channel: str, arrival: Arrival) -> bool:
        """Was it answered with a plain no: then nobody got it, and another try is no repeat."""
        if arrival.confirmed:
            return False
        answers = {
            event.option("answer", "refused")
            for (begin, end), event in self._down
            if begin <= arrival.at < end and event.target == f"channel-{channel}"
        }
        return bool(answers) and "timeout" not in answers

    def evidence(self, before: Arrival, again: Arrival) -> str:
        """Why it may have come again, whether it said so, and `EXCUSED` in front when both are in order."""
        why = "the answer was lost" if not before.confirmed else self._between(before.at, again.at)
        marked = "marked as a repeat" if again.repeat else "NOT marked as a repeat"
        said = f"came before at {before.at.isoformat()}, {marked}; {why or 'no kill and no lost answer between'}"
        return f"{EXCUSED}{said}" if why and again.repeat else said

    def _between(self, first: datetime, second: datetime) -> str | None:
        return next((why for (begin, end), why in self._silent if begin <= second and first <= end), None)
