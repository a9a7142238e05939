"""An account posts often enough: `count` posts in any stretch as long as the limit, or (`every = "week"`) in every natural week.

By the limit: as updated_within, by the count-th newest post. By weeks (Monday to Sunday, domain.md §12): due when it is as old
as the limit (7 days without one), broken once a week ended with fewer, kept again with the first post after. A week counts when
it was watched from its first minute. Posts come from the feed, imports and attestations; a blind source is undecided.
One post asked for is broken by silence alone, which is what `updated_within` tells, too: both are one incident of the account.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from monitor.clock import civil_day, day_start
from monitor.judge.days import Schedule, next_of, schedule, schedule_to
from monitor.judge.looks import attested, by_schedule, limit_of, undecided
from monitor.judge.posts import Known, known_posts
from monitor.model import Cause, Compliance, Facts, Limit, Rule, Standing, Text, say

WEEK = timedelta(days=7)
SUNDAY = timedelta(days=6)  # after Monday


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due, broken once a look at or after the limit found no more; undecided while the source is blind."""
    known, person = known_posts(facts, now), attested(facts, now)
    nth = _nth(known, _count(rule))
    if nth is None or not known.sees:
        blind = undecided(rule, _cause(rule), facts, known.run)
        return blind._replace(changes_at=next_of(now, person.until if person is not None else None))
    if _is_weekly(rule):
        monday = _first_short_week(known, _count(rule))
        told = _by_week(rule, known, monday, _plan(rule, facts, nth, monday), now)
    else:
        told = _by_limit(rule, known, nth, schedule(nth, limit_of(rule), rule.warn, facts.workdays), now)
    return told._replace(changes_at=next_of(now, told.changes_at, person.until if person is not None else None))


def _by_limit(rule: Rule, known: Known, nth: date, plan: Schedule, now: datetime) -> Standing:
    count, limit = _count(rule), str(rule.limit)

    def why(value: Compliance) -> Text:
        return _why(value, str(nth), count, limit, is_over=now >= plan.breach)

    inputs = {"newest": str(nth), "count": count, "limit": limit}
    return by_schedule(rule, _cause(rule), plan, looked_at=known.looked_at, now=now, why=why, inputs=inputs)


def _by_week(rule: Rule, known: Known, monday: date, plan: Schedule, now: datetime) -> Standing:
    count, posted = _count(rule), known.between(monday, monday + SUNDAY)

    def why(value: Compliance) -> Text:
        week = _Week(monday, (_monday(civil_day(now)) - monday) // WEEK, posted, count)
        return _why_week(value, known.days[0], week)

    inputs = {"newest": str(known.days[0]), "count": count, "week": str(monday), "posted": posted}
    told = by_schedule(rule, _cause(rule), plan, looked_at=known.looked_at, now=now, why=why, inputs=inputs)
    turn = day_start(_monday(civil_day(now)) + WEEK)  # from then on this week is over
    return told._replace(changes_at=next_of(now, told.changes_at, turn))


def _plan(rule: Rule, facts: Facts, nth: date, monday: date) -> Schedule:
    """The week that would be the first too short; the age of the newest is warned of like its own warnings."""
    of_week = schedule_to(monday + SUNDAY, rule.warn, facts.workdays)
    aged = schedule(nth, rule.limit or Limit(7, "d"), (), facts.workdays).last_day
    return replace(of_week, warnings=tuple(sorted((min(aged, of_week.last_day), *of_week.warnings))))


def _first_short_week(known: Known, count: int) -> date:
    """The Monday of the first week, from that of the newest post on, that is too short as far as is known, and all watched."""
    week = _monday(known.days[0])
    first = week if known.between(week, week + SUNDAY) < count else week + WEEK
    if known.since is None:
        return first
    watched = _monday(civil_day(known.since))
    return max(first, watched if day_start(watched) >= known.since else watched + WEEK)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _nth(known: Known, count: int) -> date | None:
    """The count-th newest post; where fewer are known, none of them older than since when we watch."""
    if len(known.days) >= count:
        return known.days[count - 1]
    return civil_day(known.since) if known.since is not None and known.days else None


def _count(rule: Rule) -> int:
    value = rule.options.get("count", 1)
    assert isinstance(value, int)  # a pack with a word here does not load
    return max(1, value)


def _cause(rule: Rule) -> Cause:
    """Where one post is asked for, that there is none."""
    return Cause.STALE if _count(rule) == 1 else Cause.POSTS_AT_LEAST


def _is_weekly(rule: Rule) -> bool:
    return rule.options.get("every", "limit") == "week"


def _why(value: Compliance, newest: str, count: int, limit: str, *, is_over: bool) -> Text:
    told: dict[str, str | int] = {"newest": newest, "count": count, "limit": limit}
    if value is Compliance.MET:
        return say("newest post of {day}", day=newest) if count == 1 else say("{count} posts since {newest}", **told)
    if value is Compliance.BREACHED:
        return say("fewer posts than {count} since {newest}, past the limit {limit}", **told)
    if is_over:
        return say("fewer posts than {count} since {newest} at the last look, limit {limit} is over", **told)
    return say("fewer posts than {count} since {newest}, limit {limit}", **told)


class _Week(NamedTuple):
    """A natural week by its Monday; `ago`: 0 the one that runs, 1 the one before; what it had, and what it was asked for."""

    monday: date
    ago: int
    posted: int
    asked: int


def _why_week(value: Compliance, newest: date, week: _Week) -> Text:
    told: dict[str, str | int] = {
        "week": f"{week.monday}..{week.monday + SUNDAY}",
        "posted": week.posted,
        "count": week.asked,
        "newest": str(newest),
    }
    if week.ago < 0:
        return say("newest post of {newest}; the next week that asks for {count} is {week}", **told)
    some = week.posted > 0
    if value is Compliance.BREACHED:
        if some:
            return say("week {week}: {posted} posts, {count} are asked; newest post of {newest}", **told)
        return say("week {week}: no posts, {count} are asked; newest post of {newest}", **told)
    if week.ago:
        if some:
            return say(
                "week {week}: {posted} posts at the last look, {count} are asked; newest post of {newest}", **told
            )
        return say("week {week}: no posts at the last look, {count} are asked; newest post of {newest}", **told)
    if some:
        return say("week {week}: {posted} posts until now, {count} are asked; newest post of {newest}", **told)
    return say("week {week}: no posts until now, {count} are asked; newest post of {newest}", **told)
