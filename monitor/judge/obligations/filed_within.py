"""What is to be filed is filed. Option `what`: a closure for every outage, records within a limit, or the papers of a return.

`outage`: an outage is covered by declared closures (of the kinds in `of`, else of any) from its start till now; the outage's own
incident cites it. `record` (the default): declarations of the kinds in `of` tell `field` (for the day of filing a number will do)
within the limit from the day they were handed in, where nobody told it from the later of their start (activities, of which the option
`activity` names one: their end) and the day they were recorded here; without a limit they are only due. `return`: a
site that was down and answers again, confirmed by as many looks as end a failure, has the filing of its return, after a closure by
order for security its own check, that of the police and the consents; broken at once, until they are recorded.
"""

from datetime import date, datetime

from monitor.clock import civil_day, civil_days
from monitor.judge.days import last_day_of, next_midnight, next_of, schedule
from monitor.judge.filings import Return, back_without, closures, still_lacking, tells, uncovered_from
from monitor.judge.looks import CONCLUSIVE, current, met, undecided
from monitor.judge.records import Owed, by_earliest, called, known_of, moment_of, news_of
from monitor.model import (
    CLOSURES,
    Cause,
    Compliance,
    Declaration,
    DeclarationKind,
    Facts,
    Rule,
    Standing,
    Text,
    say,
)
from monitor.model.activities import is_activity

FILED = "filed_on"


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Kept, due, broken by the clock. Raises workdays.CalendarUnknown (limits in wd)."""
    told = _JUDGED.get(str(rule.options.get("what")), _record)(rule, facts, now)
    if not facts.declarations:  # as of most columns and pages
        return told
    starts = [instant for one in facts.declarations for instant in (one.start, one.end)]
    return told._replace(changes_at=next_of(now, told.changes_at, *starts))


def _outage(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Broken since the outage began, or since the filed closure ended; in a gap there is nothing to alert of."""
    outage, run = facts.outage, current(facts, "reachable")
    if outage is None:
        if run is None or run.finding.outcome not in CONCLUSIVE:
            return undecided(rule, Cause.OUTAGE, facts, run)
        return met(rule, Cause.OUTAGE, say("no outage is running"))
    filed = [one for one in closures(facts, _kinds(rule) or CLOSURES) if one.start <= now]
    bare = uncovered_from(filed, outage.started_at, now)
    last = max((one for one in filed if _reaches(one, outage.started_at)), key=lambda one: one.start, default=None)
    if bare is None and last is not None:
        return met(rule, Cause.OUTAGE, say("the outage is filed ({number})", number=called(last)))
    why = _why_unfiled(outage.started_at, bare or now, last)
    value = Compliance.BREACHED if outage.up_since is None else Compliance.DUE
    inputs = {"started_at": moment_of(outage.started_at), "filed": None if last is None else last.id}
    down = outage.gaps[-1][1] if outage.gaps else outage.started_at  # what was said of it before the gap is over
    return Standing(rule.key, value, why, Cause.OUTAGE, since=bare and max(bare, down), inputs=inputs)


def _reaches(one: Declaration, start: datetime) -> bool:
    return one.end is None or one.end > start


def _why_unfiled(started: datetime, bare: datetime, last: Declaration | None) -> Text:
    if last is None:
        return say("no closure is filed for the outage since {start}", start=moment_of(started))
    told = {"start": moment_of(started), "number": called(last)}
    if bare > started:
        return say(
            "the filed closure ({number}) ended {end}, the outage since {start} goes on", end=moment_of(bare), **told
        )
    return say(
        "the closure ({number}) is filed from {first} on only, the outage began {start}",
        first=moment_of(last.start),
        **told,
    )


def _record(rule: Rule, facts: Facts, now: datetime) -> Standing:
    if not facts.declarations:
        return met(rule, Cause.FILED_WITHIN, _ALL_FILED)
    kinds, field = _kinds(rule), str(rule.options.get("field", FILED))
    asked = [one for one in facts.declarations if one.kind in kinds and _is_asked(rule, one) and _from(one) <= now]
    open_ones = [one for one in asked if not tells(one, field, _names(rule)) and not (one.number and field == FILED)]
    if not open_ones:
        return met(rule, Cause.FILED_WITHIN, _ALL_FILED)
    limit = rule.limit
    if limit is None:
        first = min(open_ones, key=_from)
        words = _why_lacking(first, field, _names(rule))
        inputs = {"declaration": first.id, "due": "", "field": field}  # the text gives no days: due at once
        return Standing(rule.key, Compliance.DUE, words, Cause.FILED_WITHIN, since=_from(first), inputs=inputs)

    def owe(one: Declaration) -> Owed[Declaration]:
        day = _counted_from(one)
        return Owed(one, schedule(day, limit, rule.warn, facts.workdays), day)

    return by_earliest(rule, Cause.FILED_WITHIN, known_of(open_ones, owe, now), now, _why_late)


_ALL_FILED = say("all that is recorded is filed")
_LACKS = {
    "announced": say("where it was announced"),
    "application": say("the number of the application"),
    "approved_by": say("who approved it"),
    "deregistered": say("when the account was deregistered"),
    "filings": say("which filings are done"),
    "reported": say("when it was reported"),
    "site_code": say("the site code (网站标识码)"),
}
"""What a record is asked for beside that it was filed, as a value inside another sentence."""


def _why_lacking(one: Declaration, field: str, names: int) -> Text:
    told, lacks, have = {"number": called(one), "start": str(_day(one))}, _LACKS.get(field), one.fields.get(field)
    if lacks is None:
        return say("{number} of {start} is not filed yet", **told)
    if isinstance(have, list | tuple) and have:
        return say(
            "the record {number} of {start} names {n} ({told}) where {of} are to be named: {lacks}",
            n=len(have),
            told="；".join(map(str, have)),
            of=names,
            lacks=lacks.template,
            **told,
        )
    return say("the record {number} of {start} does not say {lacks}", lacks=lacks.template, **told)


def _is_asked(rule: Rule, one: Declaration) -> bool:
    activity = str(rule.options.get("activity", "")).strip()
    return not activity or is_activity(one.text("activity"), activity)


def _from(one: Declaration) -> datetime:
    """What was done is reported once it is over (佛山 第二十八条), anything else is filed from its first day."""
    return (one.end if one.kind is DeclarationKind.ACTIVITY else None) or one.start


def _day(one: Declaration) -> date:
    """The day of it: of what is reported once it is over the last on which it was done."""
    return civil_days(one.start, one.end if one.kind is DeclarationKind.ACTIVITY else None)[1]


def _counted_from(one: Declaration) -> date:
    """What is old when it is recorded is not late at once: nobody here could have known."""
    handed_in = last_day_of(one.text("handed_in"))
    return handed_in if handed_in is not None else max(_day(one), civil_day(one.filed_at))


def _why_late(first: Owed[Declaration], value: Compliance, late: int, then: Owed[Declaration] | None) -> Text:
    told = {"number": called(first.what), "start": str(_day(first.what)), "due": first.by}
    if value is not Compliance.BREACHED:
        return say("{number} of {start} is to be filed by {due}", **told)
    if then is None:
        return say("{number} of {start} was to be filed by {due}; {late} overdue", late=late, **told)
    told |= {"next": called(then.what), "then": then.by}
    return say("{number} of {start} was to be filed by {due}; {late} overdue; next {next} by {then}", late=late, **told)


def _return(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """Broken from the first time it answered again for as long as papers lack, also while it is down once more."""
    filed = [one for one in closures(facts, _kinds(rule) or CLOSURES) if one.start <= now]
    found = back_without(facts, filed, _names(rule))
    if not found:
        waits = still_lacking(facts, filed, now, _names(rule))
        if waits is None:
            return met(rule, Cause.FILED_WITHIN, say("nothing came back without the papers it takes"))
        told = {"number": called(waits[0]), "lacks": waits[1].template}
        return met(
            rule, Cause.FILED_WITHIN, say("not back yet; the return from closure {number} still takes {lacks}", **told)
        )
    back = [one.openings[0][0] for one in found]
    last = max(found, key=lambda one: one.openings[0][0])  # of the first people were told when it came
    inputs = {"declaration": last.closure.id, "lacks": last.lacks.template, "returns": len(found)}
    return Standing(
        rule.key,
        Compliance.BREACHED,
        _why_back(last),
        Cause.FILED_WITHIN,
        since=min(back),
        inputs=inputs,
        changes_at=next_midnight(now),  # of two on one day the second is told then
        late=frozenset(str(one.closure.id) for one in found),
        news=news_of(back, now),
    )


def _why_back(one: Return) -> Text:
    since, again = one.openings[-1]
    by_order = one.closure.kind is DeclarationKind.ORDERED_CLOSURE
    told = {"since": moment_of(since), "number": called(one.closure), "lacks": one.lacks.template}
    if again is None and by_order:
        return say("back online since {since} without consent: closure {number} lacks {lacks}", **told)
    if again is None:
        return say("back online since {since} without being filed: closure {number} lacks {lacks}", **told)
    told |= {"until": moment_of(again)}
    if by_order:
        return say("was back online {since} to {until} without consent: closure {number} lacks {lacks}", **told)
    return say("was back online {since} to {until} without being filed: closure {number} lacks {lacks}", **told)


def _names(rule: Rule) -> int:
    """How many a list must name: two offices that have to agree."""
    value = rule.options.get("names", 1)
    assert isinstance(value, int)  # a pack with a word here does not load
    return value


def _kinds(rule: Rule) -> frozenset[DeclarationKind]:
    named = rule.options.get("of", ())
    assert isinstance(named, list | tuple)  # a pack with anything else does not load
    return frozenset(DeclarationKind(one) for one in named)


_JUDGED = {"outage": _outage, "return": _return}
"""By option `what`, else `_record`."""
