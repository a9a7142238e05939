"""Every year by a day a page shows the report of the year before: goes by the measure `covers` of `published`.

Option `by` is that day (MM-DD); `title` lists words of which its title must have one. domain.md §12, "1月31日前": due from 16 days
before it (`warn` overrides), 今日到期 on it and the day before, broken from the next day on, once a look then found no report.
It is kept as soon as it is seen. For a year before the first look nothing is owed until the next one.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.clock import civil_day, day_start
from monitor.judge.days import Schedule, last_day_of, next_of, schedule_to
from monitor.judge.looks import by_schedule, current, undecided
from monitor.model import Cause, Compliance, Facts, Outcome, Rule, Run, Standing, Text, say

CHECK = "published"
BEFORE = timedelta(days=16)
"""From 15 January for the 31st."""
DAY = timedelta(days=1)


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due, broken; undecided while the page cannot be read."""
    run = current(facts, CHECK)
    if run is None or run.finding.outcome is not Outcome.OK:
        return undecided(rule, Cause.PUBLISHED_BY, facts, run)
    year = civil_day(now).year
    covers, plan, next_plan = _covers(rule, run), _plan(rule, facts, year), _plan(rule, facts, year + 1)
    if covers is not None and covers >= year - 1:
        return _kept(rule, next_plan, say("the report of {year} is there", year=covers))
    if facts.first_seen_at is None or facts.first_seen_at >= plan.breach:
        return _kept(rule, next_plan, say("the report of {year} is owed next", year=year))

    def why(value: Compliance) -> Text:
        return _why(value, year - 1, plan, now)

    told = by_schedule(rule, Cause.PUBLISHED_BY, plan, looked_at=run.last_at, now=now, why=why)
    inputs = {"year": year - 1, "covers": covers, "by": str(civil_day(plan.last_day))}
    turn = day_start(date(year + 1, 1, 1))  # a breach stays till then; next year's report is another
    return told._replace(inputs=inputs, changes_at=next_of(now, told.changes_at, plan.last_day - DAY, turn))


def _plan(rule: Rule, facts: Facts, year: int) -> Schedule:
    """The years of leap days: 02-29 is the last of February in the others."""
    month, day = (int(part) for part in str(rule.options.get("by", "01-31")).split("-"))
    by = date(year, month, day) if (month, day) != (2, 29) else date(year, 3, 1) - DAY
    plan = schedule_to(by, rule.warn, facts.workdays)
    return plan if plan.warnings else replace(plan, warnings=(plan.last_day - BEFORE,))


def _kept(rule: Rule, plan: Schedule, why: Text) -> Standing:
    """Until the next one is asked for: at New Year the report of another year is."""
    turn = day_start(date(civil_day(plan.last_day).year, 1, 1))
    return Standing(rule.key, Compliance.MET, why, Cause.PUBLISHED_BY, until=plan.due, changes_at=min(turn, plan.due))


def _covers(rule: Rule, run: Run) -> int | None:
    """The newest year of which the page shows a report that is named as the rule asks."""
    last = last_day_of(run.finding.measure("covers"))
    words, title = rule.options.get("title", ()), run.finding.evidence.get("title", "")
    assert isinstance(words, list | tuple)  # a pack with anything else does not load
    if last is None or (words and title and not any(str(word) in str(title) for word in words)):
        return None
    return last.year


def _why(value: Compliance, year: int, plan: Schedule, now: datetime) -> Text:
    told: dict[str, str | int] = {"year": year, "day": str(civil_day(plan.last_day))}
    if value is Compliance.BREACHED:
        return say("the report of {year} is not there, it was owed by {day}", **told)
    if now >= plan.breach:
        return say("the report of {year} was not there at the last look, it was owed by {day}", **told)
    if now >= plan.last_day - DAY:
        return say("the report of {year} is not there, today is the day: it is owed by {day}", **told)
    return say("the report of {year} is not there yet, it is owed by {day}", **told)
