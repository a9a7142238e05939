"""Something is done again and again, as records tell: a drill, a meeting, a self-check; of the desk.

Goes by declarations of kind `activity` whose `activity` is that of the options. With a limit: the last day of any + limit, counted
from when this desk began, or came to go by the rule, where there is none yet. `per_year` n: so many begin in every calendar year; due from 1 October while
fewer have (`warn` overrides), broken when the year ended so, kept again with the first one after. `every` = "quarter": one in every natural
quarter, due 14 days before its end, likewise. Broken is only a year whose January, or a quarter of which all days, this desk saw.
Days on which several records say it was done count once: two offices checked together, or somebody wrote it down twice.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import itemgetter

from monitor.clock import civil_day, civil_days, day_start
from monitor.judge.days import Schedule, add_months, next_midnight, next_of, schedule, schedule_to
from monitor.judge.looks import limit_of
from monitor.judge.records import by_clock
from monitor.model import Cause, Compliance, DeclarationKind, Facts, Rule, Standing, Text, say
from monitor.model.activities import is_activity, name_of

REMINDER = (10, 1)
"""Month and day from which on a yearly count that is lacking is due (domain.md §10.3, 002-20)."""


QUARTER_REMINDER = timedelta(days=14)
"""How long before the end of a quarter a check that is lacking is due; ours, no text says it."""

Days = tuple[date, date]
"""The first and the last on which it was done."""


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due, broken by the clock; undecided while nobody knows when this desk began. Raises workdays.CalendarUnknown."""
    if (adopted := facts.adopted.get(rule.key)) is not None:  # what was not asked yet was not left undone
        facts = facts._replace(first_seen_at=max(adopted, facts.first_seen_at or adopted))
    filed = [one for one in facts.declarations if _is_it(rule, one.kind, one.text("activity"))]
    done = sorted(civil_days(one.start, one.end) for one in filed if one.start <= now)
    way = _by_quarter if rule.options.get("every") == "quarter" else _by_year if _per_year(rule) else _by_limit
    told = way(rule, facts, done, now)
    return told._replace(changes_at=next_of(now, told.changes_at, *(one.start for one in filed)))


def _is_it(rule: Rule, kind: DeclarationKind, activity: str) -> bool:
    wanted = str(rule.options.get("activity", "")).strip()
    return kind is DeclarationKind.ACTIVITY and (not wanted or is_activity(activity, wanted))


def _by_limit(rule: Rule, facts: Facts, done: list[Days], now: datetime) -> Standing:
    if not done and facts.first_seen_at is None:
        return _unknown(rule)
    today = civil_day(now)
    last = max((min(over, today) for _, over in done), default=None)
    start = last if last is not None else civil_day(facts.first_seen_at or now)
    plan, activity = schedule(start, limit_of(rule), rule.warn, facts.workdays), _name(rule)

    def why(value: Compliance) -> Text:
        told = {"activity": activity, "limit": str(rule.limit), "due": str(civil_day(plan.last_day))}
        return _why_late(value, last, told) if value is not Compliance.MET else _why_kept(last, told)

    told = by_clock(rule, Cause.DONE_EVERY, plan, now, why)
    due = str(civil_day(plan.last_day))
    goes_on = any(over > today for _, over in done)  # as of then: tomorrow it was done tomorrow
    return told._replace(
        inputs={"last": None if last is None else str(last), "limit": str(rule.limit), "due": due},
        changes_at=next_of(now, told.changes_at, next_midnight(now) if goes_on else None),
    )


def _why_kept(last: date | None, told: dict[str, str]) -> Text:
    if last is None:
        return say("{activity}: nothing recorded yet, asked by {due}", **told)
    return say("{activity}: last on {last}, again by {due}", last=str(last), **told)


def _why_late(value: Compliance, last: date | None, told: dict[str, str]) -> Text:
    if last is None:
        if value is Compliance.BREACHED:
            return say("{activity}: nothing recorded, was asked by {due} (every {limit})", **told)
        return say("{activity}: nothing recorded, asked by {due} (every {limit})", **told)
    if value is Compliance.BREACHED:
        return say("{activity}: last on {last}, was asked by {due} (every {limit})", last=str(last), **told)
    return say("{activity}: last on {last}, asked by {due} (every {limit})", last=str(last), **told)


def _by_year(rule: Rule, facts: Facts, done: list[Days], now: datetime) -> Standing:
    year = civil_day(now).year
    if facts.first_seen_at is None:
        return _unknown(rule)
    this, last = _count(done, year), _count(done, year - 1)
    if last < _per_year(rule) and not this and _is_owed(facts, year - 1):
        return _told(rule, _plan(rule, facts, year - 1), year - 1, last, now)
    if this < _per_year(rule):  # asked for in the year in which the desk began as well, though never broken
        return _told(rule, _plan(rule, facts, year), year, this, now)
    words = say("{activity}: {n} in {year}", activity=_name(rule), n=this, year=year)
    return Standing(rule.key, Compliance.MET, words, Cause.DONE_EVERY, changes_at=day_start(date(year + 1, 1, 1)))


def _by_quarter(rule: Rule, facts: Facts, done: list[Days], now: datetime) -> Standing:
    if facts.first_seen_at is None:
        return _unknown(rule)
    first = _quarter_of(civil_day(now))
    before, after = add_months(first, -3), add_months(first, 3)
    if any(first <= day for day, _ in done):
        words = say("{activity}: done in quarter {quarter} of {year}", **_quarter(rule, first))
        return Standing(rule.key, Compliance.MET, words, Cause.DONE_EVERY, changes_at=day_start(after))
    seen = civil_day(facts.first_seen_at)
    lacking = before if seen <= before and not any(before <= day < first for day, _ in done) else first
    plan = schedule_to(add_months(lacking, 3) - timedelta(days=1), rule.warn, facts.workdays)
    plan = plan if plan.warnings else replace(plan, warnings=(plan.last_day - QUARTER_REMINDER,))
    asked, due = _quarter(rule, lacking), str(civil_day(plan.last_day))

    def why(value: Compliance) -> Text:
        if value is Compliance.BREACHED:
            return say("{activity}: not done in quarter {quarter} of {year}, which is over", **asked)
        return say("{activity}: not done yet in quarter {quarter} of {year}, asked by {due}", due=due, **asked)

    told = by_clock(rule, Cause.DONE_EVERY, plan, now, why)
    inputs = {"year": asked["year"], "quarter": asked["quarter"], "due": due}
    return told._replace(inputs=inputs, changes_at=next_of(now, told.changes_at, day_start(after)))


def _quarter_of(day: date) -> date:
    """The first day of its natural quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _quarter(rule: Rule, first: date) -> dict[str, str | int]:
    return {"activity": _name(rule), "quarter": (first.month + 2) // 3, "year": first.year}


def _told(rule: Rule, plan: Schedule, year: int, have: int, now: datetime) -> Standing:
    asked: dict[str, str | int] = {"activity": _name(rule), "n": have, "of": _per_year(rule), "year": year}
    due = str(civil_day(plan.last_day))

    def why(value: Compliance) -> Text:
        if value is Compliance.BREACHED:
            return say("{activity}: {n} of {of} in {year}, the year is over", **asked)
        return say("{activity}: {n} of {of} in {year} so far, asked by {due}", due=due, **asked)

    told = by_clock(rule, Cause.DONE_EVERY, plan, now, why)
    turn = day_start(date(civil_day(now).year + 1, 1, 1))  # another year is over then
    inputs = {"year": year, "done": have, "per_year": _per_year(rule), "due": due}
    return told._replace(inputs=inputs, changes_at=next_of(now, told.changes_at, turn))


def _plan(rule: Rule, facts: Facts, year: int) -> Schedule:
    plan = schedule_to(date(year, 12, 31), rule.warn, facts.workdays)
    return plan if plan.warnings else replace(plan, warnings=(day_start(date(year, *REMINDER)),))


def _is_owed(facts: Facts, year: int) -> bool:
    return facts.first_seen_at is not None and facts.first_seen_at < day_start(date(year, 2, 1))


def _count(done: list[Days], year: int) -> int:
    """How often it began in that year: of what overlaps, as many as lie apart."""
    count, over = 0, date.min
    for first, last in sorted(done, key=itemgetter(1)):
        if first.year == year and first > over:
            count, over = count + 1, last
    return count


def _per_year(rule: Rule) -> int:
    value = rule.options.get("per_year", 0)
    assert isinstance(value, int)  # a pack with a word here does not load
    return value


def _name(rule: Rule) -> str:
    return name_of(str(rule.options.get("activity", ""))) or rule.id


def _unknown(rule: Rule) -> Standing:
    return Standing(rule.key, Compliance.UNKNOWN, say("nothing recorded yet"), Cause.DONE_EVERY)
