"""Messages of the public are answered in time: goes by those that nobody has answered yet.

The day of receipt is day 0; a limit in wd ends at 24:00 of the n-th working day, with a last warning at 15:00 of it
(domain.md §12). Option `classes` narrows to some; `within_months` leaves out what was received more than so many calendar
months ago, and says how many still wait. That people
were told why it takes longer (`explained`) changes no limit; it is said. Without any message waiting it is kept.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.clock import civil_day, day_start
from monitor.judge.days import Schedule, add_months, next_of, schedule
from monitor.judge.looks import limit_of, met
from monitor.judge.records import Owed, by_earliest, known_of
from monitor.model import Cause, Compliance, Facts, MessageClass, PublicMessage, Rule, Standing, Text, say

LAST_REMINDER = timedelta(hours=15)
"""After 00:00 of the last working day (domain.md §12)."""


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due from the first warning of the earliest, broken by the clock. Raises workdays.CalendarUnknown (limits in wd)."""
    within, today = _number(rule, "within_months"), civil_day(now)
    asked = [one for one in facts.messages if _is_asked(rule, one)]
    waiting = [one for one in asked if not within or today <= _last_day(one, within)]
    if not waiting:
        return met(rule, Cause.ANSWERED_WITHIN, _why_none(within, len(asked)))

    def owe(one: PublicMessage) -> Owed[PublicMessage]:
        return Owed(one, _plan(rule, one, facts), civil_day(one.received_at))

    told = by_earliest(rule, Cause.ANSWERED_WITHIN, known_of(waiting, owe, now), now, _why)
    drops = [day_start(_last_day(one, within) + timedelta(days=1)) for one in waiting if within]
    return told._replace(changes_at=next_of(now, told.changes_at, *drops))


def _is_asked(rule: Rule, one: PublicMessage) -> bool:
    classes = rule.options.get("classes", ())
    assert isinstance(classes, list | tuple)  # a pack with anything else does not load
    return not classes or one.cls in classes


def _last_day(one: PublicMessage, within: int) -> date:
    """On which it still counts: a year is one of the calendar (domain.md §12)."""
    return add_months(civil_day(one.received_at), within)


def _why_none(within: int, older: int) -> Text:
    if not older:
        return say("no message waits for an answer")
    return say("no message of the last {n} months waits for an answer; {older} older ones do", n=within, older=older)


def _plan(rule: Rule, one: PublicMessage, facts: Facts) -> Schedule:
    limit = limit_of(rule)
    plan = schedule(civil_day(one.received_at), limit, rule.warn, facts.workdays)
    if limit.unit != "wd":
        return plan
    return replace(plan, warnings=tuple(sorted((*plan.warnings, plan.last_day + LAST_REMINDER))))


def _why(first: Owed[PublicMessage], value: Compliance, late: int, then: Owed[PublicMessage] | None) -> Text:
    """The message that breaks first: its number, class, day of receipt, until when an answer is owed; which is next."""
    one = first.what
    told: dict[str, str | int] = {
        "id": one.id,
        "cls": CLASSES[one.cls].template,
        "received": str(civil_day(one.received_at)),
        "due": first.by,
    }
    which = "late" if value is Compliance.BREACHED else "due"
    if which == "late":
        told |= {"late": late}
        if then is not None:
            which, told = "late, next", told | {"next": then.what.id, "then": then.by}
    return Text(_WORDS[which, bool(one.explained)].template, told)


_WORDS = {
    ("due", False): say("message {id} ({cls}) of {received} is to be answered by {due}"),
    ("due", True): say(
        "message {id} ({cls}) of {received} is to be answered by {due}, people were told why it takes longer"
    ),
    ("late", False): say("message {id} ({cls}) of {received} was to be answered by {due}; {late} overdue"),
    ("late", True): say(
        "message {id} ({cls}) of {received} was to be answered by {due}, people were told why not; {late} overdue"
    ),
    ("late, next", False): say(
        "message {id} ({cls}) of {received} was to be answered by {due}; {late} overdue; next {next} by {then}"
    ),
    ("late, next", True): say(
        "message {id} ({cls}) of {received} was to be answered by {due}, people were told why not; {late} overdue;"
        " next {next} by {then}"
    ),
}


def _number(rule: Rule, name: str) -> int:
    value = rule.options.get(name, 0)
    assert isinstance(value, int)  # a pack with a word here does not load
    return value


CLASSES = {
    MessageClass.JIUCUO: say("error report"),
    MessageClass.CONSULTING: say("question or advice"),
    MessageClass.HANDLING: say("to be checked or handled"),
    MessageClass.UNKNOWN: say("class not told"),
}
"""What a message is called, as a value inside other sentences."""
