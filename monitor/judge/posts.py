"""What is known of an account's posts: the days, from whom, and when somebody last looked.

Reads facts: what feed and people brought, the current run of `feed_fresh`, what was attested. Proof of a post, the last look
and blindness are kept apart: a post proves itself, whoever saw it, but that there was none since only a look can say.
"""

from dataclasses import dataclass
from datetime import date, datetime

from monitor.judge.days import last_day_of
from monitor.judge.looks import attested, current
from monitor.model import Facts, Outcome, Run

FEED = "feed_fresh"


@dataclass(frozen=True, slots=True)
class Known:
    """`days` of posts, the newest first. `looked_at`: the last look that would have seen more, of ours or of a person.

    `sees`: it is not blind now. `since`: from when on nothing that was posted can have escaped us.
    """

    run: Run | None
    days: tuple[date, ...]
    looked_at: datetime | None
    sees: bool
    since: datetime | None

    def between(self, first: date, last: date) -> int:
        """How many posts on those days, both ends included."""
        return sum(first <= day <= last for day in self.days)


def known_posts(facts: Facts, now: datetime) -> Known:
    """A blind source is seen through by an attestation in force, and by an import since it went blind."""
    run, person, seen = current(facts, FEED), attested(facts, now), facts.attested
    newest = last_day_of(run.finding.measure("newest")) if run is not None and _is_ok(run) else None
    brought = [one.told_at for one in facts.posts if one.told_at is not None]
    days = [one.day for one in facts.posts]
    days += [day for day in {newest, seen.newest if seen is not None else None} if day is not None and day not in days]
    looks = [*brought, *([run.last_at] if run is not None and newest is not None else [])]
    looks += [person.at] if person is not None else []
    began = facts.blind_since or (run.first_at if run is not None else None)
    imported = any(began is None or at >= began for at in brought)
    return Known(
        run,
        tuple(sorted(days, reverse=True)),
        max(looks, default=None),
        newest is not None or person is not None or imported,
        min([*([facts.first_seen_at] if facts.first_seen_at is not None else []), *looks], default=None),
    )


def _is_ok(run: Run) -> bool:
    return run.finding.outcome is Outcome.OK
