"""Something new within a limit: a column, a home page, an account.

Goes by the measure `newest` (YYYY-MM-DD, or YYYY-MM: then its last day) of `column_fresh`, for accounts of `feed_fresh`;
option `check` names another. A home page that only leads on is neither kept nor broken. domain.md §12: for 14 days, warnings
at the ages limit − warn, last day at age 14, broken from 00:00 of age 15, once a look at or after that instant still found
nothing newer. The newest of all counts, and what a person attested once stays proof; a look of its own that is while it is good,
an import of an account's posts at the instant it was told. Past the limit of an import a feed that cannot be read leaves it undecided. Option
`counts_toward` (of how many stale columns it is one) is not judged here.
"""

from datetime import date, datetime
from functools import lru_cache

from monitor.clock import civil_day
from monitor.judge.days import Schedule, last_day_of, next_of, schedule
from monitor.judge.looks import attested, by_schedule, check_of, current, limit_of, undecided
from monitor.model import (
    Attestation,
    Cause,
    Compliance,
    Facts,
    Outcome,
    Rule,
    Run,
    Standing,
    TargetKind,
    Text,
    say,
)


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due, broken; undecided while the page or feed cannot be read. Raises workdays.CalendarUnknown (limits in wd)."""
    usual = "feed_fresh" if rule.applies.kind is TargetKind.ACCOUNT else "column_fresh"
    run, person = current(facts, check_of(rule, usual)), attested(facts, now)
    found = run.finding.measure("newest") if run is not None and run.finding.outcome is Outcome.OK else None
    seen, imported = last_day_of(found), _imported(rule, facts)
    undated = run is not None and run.finding.reason == "first_seen"  # the day is ours: the list prints none
    if person is None and imported is None and seen is None:
        return _unseen(rule, facts, run)
    if seen is not None and imported is None and facts.attested is None:
        due = schedule(seen, limit_of(rule), rule.warn, facts.workdays).due
        if now < due:
            return _fresh(rule.key, str(found), str(rule.limit), due, undated=undated)
    shown = [day for day in (seen, imported[0] if imported is not None else None) if day is not None]
    newest = max([*shown, *([facts.attested.newest] if facts.attested is not None else [])])
    trusted = facts.attested if newest not in shown else None
    plan = schedule(newest, limit_of(rule), rule.warn, facts.workdays)
    words = str(found) if newest == seen else newest.isoformat()
    looked_at = _looked_at(run if seen is not None else None, person, imported)
    told = _judged(rule, plan, words, looked_at, now, trusted)
    if told.value is Compliance.MET and undated and newest == seen:
        told = told._replace(why=_kept(words, undated=True))
    if told.look_at is not None and run is not None and seen is None and run.last_at >= told.look_at:
        told = told._replace(look_at=None)  # one was made, and could not see
    if person is None:
        is_over = told.value is Compliance.DUE and now >= plan.breach and run is not None and seen is None
        return undecided(rule, Cause.STALE, facts, run) if is_over else told  # what came since nobody can say
    return told._replace(changes_at=next_of(now, told.changes_at, person.until))


@lru_cache(maxsize=4096)  # nearly all of what is asked of columns by far, and their newest days are few
def _fresh(rule: str, newest: str, limit: str, due: datetime, *, undated: bool) -> Standing:
    why, inputs = _kept(newest, undated=undated), {"newest": newest, "limit": limit}
    return Standing(rule, Compliance.MET, why, Cause.STALE, until=due, inputs=inputs, changes_at=due)


def _imported(rule: Rule, facts: Facts) -> tuple[date, datetime] | None:
    """The newest post of the register an account has, and when the last of them was told: that was a look, too."""
    if rule.applies.kind is not TargetKind.ACCOUNT or not facts.posts:
        return None
    brought = [one for one in facts.posts if one.told_at is not None]
    if not brought:
        return None
    return max(one.day for one in brought), max(one.told_at for one in brought if one.told_at is not None)


def _looked_at(run: Run | None, person: Attestation | None, imported: tuple[date, datetime] | None) -> datetime:
    """The last look that would have seen something newer: `run` only where it saw."""
    looks = [run.last_at] if run is not None else []
    looks += [person.at] if person is not None else []
    return max([*looks, imported[1]] if imported is not None else looks)


def _unseen(rule: Rule, facts: Facts, run: Run | None) -> Standing:
    standing = undecided(rule, Cause.STALE, facts, run)
    leads_on = run is not None and run.finding.outcome is Outcome.OK and run.finding.reason == "entrance"
    return standing._replace(why=run.finding.summary) if run is not None and leads_on else standing


def _judged(  # noqa: PLR0917  the limit of the newest, how that is written, and who saw it when
    rule: Rule, plan: Schedule, written: str, looked_at: datetime, now: datetime, person: Attestation | None
) -> Standing:

    limit = str(rule.limit)

    def why(value: Compliance) -> Text:
        if person is not None and (value is Compliance.MET or now < person.until):
            return _why_attested(value, written, limit, person)
        return _why(value, written, limit, plan, now)

    inputs = {"newest": written, "limit": limit}
    if person is not None:
        inputs["attested_by"] = person.by
    return by_schedule(rule, Cause.STALE, plan, looked_at=looked_at, now=now, why=why, inputs=inputs)


def _kept(newest: str, *, undated: bool = False) -> Text:
    if undated:
        return say("the list prints no dates; something new in it was first seen on {day}", day=newest)
    return say("newest item of {newest}", newest=newest)


def _why(value: Compliance, newest: str, limit: str, plan: Schedule, now: datetime) -> Text:
    if value is Compliance.MET:
        return _kept(newest)
    if value is Compliance.BREACHED:
        return say("nothing new since {newest}, past the limit {limit}", newest=newest, limit=limit)
    if now >= plan.breach:
        return say("nothing new since {newest} at the last look, limit {limit} is over", newest=newest, limit=limit)
    if now >= plan.last_day:
        return say("nothing new since {newest}, today is the last day of the limit {limit}", newest=newest, limit=limit)
    return say("nothing new since {newest}, limit {limit}", newest=newest, limit=limit)


def _why_attested(value: Compliance, newest: str, limit: str, person: Attestation) -> Text:
    told = {"newest": newest, "by": person.by, "day": str(civil_day(person.at))}
    if value is Compliance.MET:
        return say("newest item of {newest}, as {by} saw on {day}", **told)
    if value is Compliance.BREACHED:
        return say("nothing new since {newest}, as {by} saw on {day}, past the limit {limit}", limit=limit, **told)
    return say("nothing new since {newest}, as {by} saw on {day}, limit {limit}", limit=limit, **told)
