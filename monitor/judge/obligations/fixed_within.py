"""What was ordered to be put right is put right in time: goes by declarations of kind `order` that have no `fixed_at`.

The limit runs from the dispatch (`start`), a day is 24 hours (domain.md §12, "1天"); when the trouble was found stands
beside it, so that our own delay shows. Put right late it is kept now: the ledger tells that it was late. Option `serious`: orders
marked as minor are left out, for a text that gives days to serious trouble alone (韶关 第三十五条).
"""

from datetime import datetime

from monitor.judge.days import next_of, schedule_from
from monitor.judge.looks import limit_of, met
from monitor.judge.records import Owed, by_earliest, called, known_of, moment_of
from monitor.model import Cause, Compliance, Declaration, DeclarationKind, Facts, Rule, Standing, Text, say


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due from the first warning (at the latest in the last 24 hours), broken by the clock. Raises workdays.CalendarUnknown."""
    if not facts.declarations:  # as of most columns and pages
        return met(rule, Cause.FIXED_WITHIN, _NO_ORDER)
    orders = [
        one for one in facts.declarations if _is_open(one) and not (_is_minor(one) and rule.options.get("serious"))
    ]
    ahead = next_of(now, *(one.start for one in orders))
    sent = [one for one in orders if one.start <= now]
    if not sent:
        return met(rule, Cause.FIXED_WITHIN, _NO_ORDER)._replace(changes_at=ahead)

    def owe(one: Declaration) -> Owed[Declaration]:
        return Owed(one, schedule_from(one.start, limit_of(rule), rule.warn, facts.workdays))

    told = by_earliest(rule, Cause.FIXED_WITHIN, known_of(sent, owe, now), now, _why)
    return told._replace(changes_at=next_of(now, told.changes_at, ahead))


def _is_open(one: Declaration) -> bool:
    return one.kind is DeclarationKind.ORDER and not one.text("fixed_at")


def _is_minor(order: Declaration) -> bool:
    return order.fields.get("minor") is True


def _why(first: Owed[Declaration], value: Compliance, late: int, then: Owed[Declaration] | None) -> Text:
    order, found = first.what, _found(first.what)
    told: dict[str, str | int] = {
        "number": called(order),
        "sent": moment_of(order.start),
        "due": moment_of(first.plan.breach),
    }
    which = "late" if value is Compliance.BREACHED else "due"
    if which == "late":
        told |= {"late": late}
        if then is not None:
            which, told = "late, next", told | {"next": called(then.what), "then": moment_of(then.plan.breach)}
    return Text(_WORDS[which, bool(found)].template, told | ({"found": found} if found else {}))


_NO_ORDER = say("no order to rectify is open")
_WORDS = {
    ("due", False): say("order {number} of {sent} is to be carried out by {due}"),
    ("due", True): say("order {number} of {sent} (found {found}) is to be carried out by {due}"),
    ("late", False): say("order {number} of {sent} was to be carried out by {due}; {late} overdue"),
    ("late", True): say("order {number} of {sent} (found {found}) was to be carried out by {due}; {late} overdue"),
    ("late, next", False): say(
        "order {number} of {sent} was to be carried out by {due}; {late} overdue; next {next} by {then}"
    ),
    ("late, next", True): say(
        "order {number} of {sent} (found {found}) was to be carried out by {due}; {late} overdue; next {next} by {then}"
    ),
}


def _found(order: Declaration) -> str:
    """When the trouble was found, "" when nobody told."""
    try:
        found = datetime.fromisoformat(order.text("found_at"))
    except ValueError:
        return ""
    return moment_of(found) if found.tzinfo is not None else ""
