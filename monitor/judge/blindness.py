"""Could not look for too long: an incident of its own, "a person must look".

Reads standings and facts. Blindness never says anything about the target; what its host's outage explains is left out.
Like a breach it needs a look at or after its limit that still cannot see: whatever was in the way may be gone by then.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.judge.looks import confirmed
from monitor.model import Cause, Compliance, Facts, Membership, Outcome, Severity, Standing

SEVERITY = Severity.REMIND
"""No rule is known to be broken: a person is asked to look (domain.md §12, 需人工查看)."""

HELD_REASONS = frozenset({"uplink", "host_down"})
"""UNKNOWN for reasons that are not the target's: they start no blindness clock and end none."""

BESIDE = frozenset({"certificate", "hosted_in", "notice_kept", "letters_read"})
"""Checks that tell of something beside the target's page: whether that was seen they do not say."""


def blind_from(standings: Sequence[Standing], facts: Facts, limit: timedelta | None) -> datetime | None:
    """When blindness becomes an incident, None when there is none to count.

    A target that itself does not open is not blind: its own incident says why nothing can be seen. Where a person looked,
    nobody is blind until that runs out: the clock begins then.
    """
    down = confirmed(facts, "reachable")
    if limit is None or facts.blind_since is None or (down is not None and down.cause is not Cause.SLOW):
        return None
    if not any(_is_blind(one) for one in standings):
        return None
    return _began(facts, facts.blind_since) + limit


def still_blind(facts: Facts, at: datetime) -> bool:
    """Whether a look at or after that instant could not see, and that not for our own or the host's trouble."""
    return any(
        run.last_at >= at and run.finding.outcome is Outcome.UNKNOWN and run.finding.reason not in HELD_REASONS
        for run in facts.runs
    )


def needs_look(blind_at: datetime, facts: Facts, now: datetime) -> bool:
    """Whether the limit has passed unseen. While nothing can be told of the target a look would say no more."""
    return blind_at <= now and facts.muted_by is None and not facts.held and not still_blind(facts, blind_at)


def blind_membership(key: str, standings: Sequence[Standing], facts: Facts) -> Membership:
    """Cites the rules that cannot be judged, in the words of the first; only where `blind_from` named an instant."""
    assert facts.blind_since is not None
    blind = [one for one in standings if _is_blind(one)]
    rules = tuple(one.rule for one in blind)
    return Membership(Cause.BLIND, key, SEVERITY, rules, _began(facts, facts.blind_since), blind[0].why)


def _began(facts: Facts, blind_since: datetime) -> datetime:
    """Since when nobody at all could see: neither we nor a person, nor who imported posts."""
    told = [one.told_at for one in facts.posts if one.told_at is not None]
    person = [facts.attested.until] if facts.attested is not None else []
    return max([blind_since, *person, *told])


def _is_blind(standing: Standing) -> bool:
    return standing.value is Compliance.UNKNOWN and standing.since is not None and standing.cause is not Cause.COUNT
