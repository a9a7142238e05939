"""A notice that a declaration names stays up. Options: `of` (kinds of declarations), `field` (which address), `owed`.

With a limit it is owed for so long from the declared start (30d: kept at the end of day 30; 15wd: at the end of the fifteenth working
day), else until the declaration ends. Goes by what `notice_kept` confirmed of that address: by the clock alone nothing is broken.
An address that nobody told is undecided, or broken where the rule says it is `owed`. `field` new_url: that the own notice names the
address the content went to (韶关 第十条). Every standing of an owed notice says till the end of which day (`inputs`, words).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.clock import civil_day, day_start
from monitor.judge.days import breach_of, last_day_of, next_of
from monitor.judge.looks import met
from monitor.judge.records import moment_of
from monitor.judge.workdays import CalendarUnknown, earliest_workday
from monitor.model import (
    CLOSURES,
    Cause,
    Compliance,
    Condition,
    Declaration,
    DeclarationKind,
    Facts,
    Outcome,
    Rule,
    Run,
    Standing,
    Text,
    say,
)

CHECK = "notice_kept"
CAUSE = Cause.NOTICE_KEPT
_NONE_OWED = say("no notice is owed")
GRAVEST = (Compliance.BREACHED, Compliance.DUE, Compliance.UNKNOWN, Compliance.MET)


@dataclass(frozen=True, slots=True)
class _Owed:
    """One notice: what filed it, which address, until before when it is owed, and what looks say of it."""

    filed: Declaration
    field: str
    until: datetime | None
    run: Run | None
    condition: Condition | None
    unknown: CalendarUnknown | None = None  # then it is owed until `until` at the least


def judge(rule: Rule, facts: Facts, now: datetime) -> Standing:
    """The gravest of what its notices come to; kept where none is owed."""
    if not facts.declarations:  # as of most sites
        return met(rule, CAUSE, _NONE_OWED)
    kinds = rule.options.get("of", ())
    assert isinstance(kinds, list | tuple)
    filed = [one for one in facts.declarations if one.kind.value in kinds]
    turns = [instant for one in filed for instant in (one.start, one.end)]
    said = _said(rule, facts, [one for one in filed if one.start <= now], now)
    if not said:
        return met(rule, CAUSE, _NONE_OWED)._replace(changes_at=next_of(now, *turns))
    gravest = min(said, key=lambda one: GRAVEST.index(one.value))
    return gravest._replace(changes_at=next_of(now, *turns, *(one.changes_at for one in said)))


def _said(rule: Rule, facts: Facts, filed: Iterable[Declaration], now: datetime) -> list[Standing]:
    """What each notice comes to. A year whose working days are not known hides nothing that is wrong or due; else CalendarUnknown.

    So of what is owed for longer than anybody can say: what is wrong by the days it is owed at the least, is.
    """
    owed = [_owed(rule, facts, one) for one in filed]
    told = [(_timed(_judged(rule, one, now), rule, one, now), one.unknown) for one in owed]
    said = [standing for standing, unknown in told if unknown is None or standing.value in _CERTAIN]
    unsaid = [unknown for standing, unknown in told if unknown is not None and standing.value not in _CERTAIN]
    if unsaid and not any(one.value in _CERTAIN for one in said):
        raise unsaid[0]
    return said


_CERTAIN = frozenset({Compliance.BREACHED, Compliance.DUE})


def _owed(rule: Rule, facts: Facts, filed: Declaration) -> _Owed:
    field = str(rule.options.get("field", "own_notice"))
    name = (CHECK, filed.notice(field))
    run = next((one for one in facts.runs if (one.finding.check, one.finding.subject) == name), None)
    is_old = run is not None and run.last_at < filed.start - BEFORE
    until, unknown = _until(rule, filed, facts.workdays)
    return _Owed(
        filed,
        field,
        until,
        None if is_old else run,
        None if is_old else next((one for one in facts.conditions if (one.check, one.subject) == name), None),
        unknown,
    )


def _until(
    rule: Rule, filed: Declaration, workdays: Mapping[date, bool]
) -> tuple[datetime | None, CalendarUnknown | None]:
    start = civil_day(filed.start)
    if rule.limit is None:
        return filed.end, None
    try:
        return breach_of(start, rule.limit, workdays), None
    except CalendarUnknown as error:
        return day_start(earliest_workday(start, rule.limit.number, workdays) + timedelta(days=1)), error


BEFORE = timedelta(days=30)
"""Looks so long before the start were taken for another declaration with that address (checks/notice_kept.py, `early`)."""


def _timed(standing: Standing, rule: Rule, owed: _Owed, now: datetime) -> Standing:
    """Days are told from the day of the declared start, day 0 (民法典 art. 201)."""
    inputs = {"declaration": owed.filed.id, "started_on": str(civil_day(owed.filed.start)), "until": _last_day(owed)}
    if rule.limit is not None:
        inputs["limit"] = str(rule.limit)
    changes = next_of(now, standing.changes_at, owed.until, _deregistered(owed))
    return standing._replace(changes_at=changes, inputs={**standing.inputs, **inputs})


def _judged(rule: Rule, owed: _Owed, now: datetime) -> Standing:
    early = next(_deregistered_early(rule, owed, now), None)
    if early is not None:
        return early
    ended = owed.filed.end if rule.limit is None or owed.filed.kind in CLOSURES else None  # a return ends a closure
    if ended is not None and ended <= now:
        return met(rule, CAUSE, say("the declaration has ended: no notice is owed any more"))
    if not owed.filed.text(owed.field) or not owed.filed.text(_shown_at(owed)):
        return _untold(rule, owed, now)
    is_over = owed.until is not None and owed.until <= now
    if owed.condition is not None and _began_while_owed(owed, owed.condition.since):
        return _broken(rule, owed, owed.condition)
    if is_over and not _is_unconfirmed(owed):
        return met(rule, CAUSE, _over(rule, owed))
    return _looked(rule, owed)


def _began_while_owed(owed: _Owed, since: datetime) -> bool:
    return owed.until is None or since < owed.until


def _is_unconfirmed(owed: _Owed) -> bool:
    """It failed on its last day, and the second look comes on the day after."""
    run = owed.run
    failed = run is not None and run.finding.outcome is Outcome.FAIL
    return failed and owed.condition is None and run is not None and _began_while_owed(owed, run.streak_since)


def _looked(rule: Rule, owed: _Owed) -> Standing:
    """While it is owed: shown, read before the site went off, or undecided."""
    if owed.run is None:
        return Standing(rule.key, Compliance.UNKNOWN, say("the notice was not looked at yet"), CAUSE)
    found = owed.run.finding
    read_before = found.reason == "closed" and found.measure("read") is not None
    if found.outcome is Outcome.OK or read_before:
        return met(rule, CAUSE, found.summary if read_before or owed.field == NEW else _shown(rule, owed))
    why = found.summary if found.outcome is Outcome.UNKNOWN else _UNSURE.get(found.outcome, found.summary)
    return Standing(rule.key, Compliance.UNKNOWN, why, CAUSE, inputs={"reason": found.reason})


def _broken(rule: Rule, owed: _Owed, condition: Condition) -> Standing:
    found = owed.run.finding if owed.run is not None else None
    says_so = found is not None and found.outcome is Outcome.FAIL
    why = found.summary if found is not None and says_so else say("confirmed earlier; the last look did not tell")
    inputs = {"check": CHECK, "reason": condition.reason, "subject": condition.subject}
    since = max(condition.since, owed.filed.start)
    return Standing(rule.key, Compliance.BREACHED, why, CAUSE, since=since, inputs=inputs)


def _untold(rule: Rule, owed: _Owed, now: datetime) -> Standing:
    """Nobody told where the notice is."""
    if owed.until is not None and owed.until <= now:
        return met(rule, CAUSE, say("its days are over: no notice is owed any more"))
    is_owed, day = rule.options.get("owed") is True, _last_day(owed)
    if is_owed:
        why = say("filed without the address of its notice, which is owed to the end of {day}", day=day)
        why = why if day else say("filed without the address of its notice, which is owed")
        return Standing(rule.key, Compliance.BREACHED, why, CAUSE, since=owed.filed.start)
    if not owed.filed.text(_shown_at(owed)):
        why = say("filed without the address of its notice, owed to the end of {day}", day=day)
        return Standing(
            rule.key, Compliance.UNKNOWN, why if day else say("filed without the address of its notice"), CAUSE
        )
    why = say("filed without the new address, which the notice has to name")
    return Standing(rule.key, Compliance.UNKNOWN, why, CAUSE)


NEW = "new_url"
"""The field that tells where the content went."""


def _shown_at(owed: _Owed) -> str:
    """The field with the address of the notice itself."""
    return "own_notice" if owed.field == NEW else owed.field


def _last_day(owed: _Owed) -> str:
    """The last day on which it is owed, as YYYY-MM-DD, "" where only the end of the declaration, or a calendar, will tell."""
    return (
        "" if owed.until is None or owed.unknown is not None else str(civil_day(owed.until - timedelta(microseconds=1)))
    )


def _deregistered_early(rule: Rule, owed: _Owed, now: datetime) -> Iterator[Standing]:
    """An account is not taken off before the days of its notice are over."""
    at = _deregistered(owed)
    if at is None or rule.limit is None or owed.until is None or at >= owed.until:
        return
    told = {"day": str(civil_day(at)), "limit": str(rule.limit), "start": str(civil_day(owed.filed.start))}
    if at <= now:
        why = say("deregistered on {day}, before the {limit} of its notice from {start} were over", **told)
        yield Standing(rule.key, Compliance.BREACHED, why, CAUSE, since=at)
    else:
        why = say("to be deregistered on {day}, before the {limit} of its notice from {start} are over", **told)
        yield Standing(rule.key, Compliance.DUE, why, CAUSE, since=owed.filed.start, until=at)


def _deregistered(owed: _Owed) -> datetime | None:
    day = last_day_of(owed.filed.text("deregistered")) if owed.filed.kind is DeclarationKind.ACCOUNT_CLOSING else None
    return None if day is None else day_start(day)


def _shown(rule: Rule, owed: _Owed) -> Text:
    if owed.until is None:
        return say("the notice is shown")
    if rule.limit is None:
        return say("the notice is shown; owed until {end}", end=moment_of(owed.until))
    return say(
        "the notice is shown; owed for {limit} from {start}, to the end of {day}",
        day=_last_day(owed),
        **_span(rule, owed),
    )


def _over(rule: Rule, owed: _Owed) -> Text:
    """That it was kept is said only where looks saw it all the time, from the first day after the start to the last."""
    run, first = owed.run, civil_day(owed.filed.start) + timedelta(days=1)
    is_shown = run is not None and run.finding.outcome is Outcome.OK
    if (
        run is not None
        and is_shown
        and civil_day(run.streak_since) <= first
        and _last_day(owed) <= str(civil_day(run.last_at))
    ):
        return say("the notice was kept for {limit} from {start}", **_span(rule, owed))
    return say("the notice was owed for {limit} from {start}: these days are over", **_span(rule, owed))


def _span(rule: Rule, owed: _Owed) -> dict[str, str]:
    return {"limit": str(rule.limit), "start": str(civil_day(owed.filed.start))}


_UNSURE = {
    Outcome.FAIL: say("failed, not confirmed yet"),
    Outcome.BROKEN: say("our own check failed: nothing is said"),
}
