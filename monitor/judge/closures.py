"""What the ledgers tell of an outage and of the notices of a closure, by the very functions that standings go by.

Reads outages, declarations, the rules a target falls under, and looks; returns plain facts. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import takewhile

from monitor.clock import civil_day, day_start
from monitor.judge.days import breach_of, deadline
from monitor.judge.effect import covered
from monitor.judge.filings import begun_anew, lacking
from monitor.judge.standings import judge_by
from monitor.judge.workdays import CalendarUnknown, is_known, is_workday
from monitor.model import (
    CLOSURES,
    Compliance,
    Declaration,
    DeclarationKind,
    Facts,
    Limit,
    Outage,
    Outcome,
    Rule,
    Run,
    Standing,
    Text,
    say,
)

_DAY = timedelta(days=1)


def explaining(outage: Outage, filed: Iterable[Declaration], rules: Iterable[Rule], now: datetime) -> list[Declaration]:
    """The closures that explain any of it, by start; of a pack that takes certain kinds only, those."""
    kinds = set(CLOSURES)
    for rule in _filed_within(rules, "outage"):
        kinds &= _kinds(rule)
    over = _over(outage) or now
    found = [one for one in filed if one.kind in kinds and one.start < over]
    return sorted((one for one in found if one.end is None or one.end > outage.started_at), key=lambda one: one.start)


def unfiled(outage: Outage, closures: Iterable[Declaration], now: datetime) -> list[tuple[datetime, datetime | None]]:
    """The stretches of it that no closure explains, in order; the last without an end while it goes on."""
    found: list[tuple[datetime, datetime | None]] = []
    reached = outage.started_at
    for start, end in covered(outage, closures, now):
        if start > reached:
            found.append((reached, start))
        reached = end
    over = _over(outage)
    if reached < (over or now):
        found.append((reached, over))
    return found


def asks_return(rules: Iterable[Rule]) -> bool:
    """Whether any of these rules asks for papers of a return."""
    return any(True for _ in _filed_within(rules, "return"))


def return_lacks(closures: Sequence[Declaration], rules: Iterable[Rule], facts: Facts) -> list[Text]:
    """What the return after these closures still takes by these rules, each thing once; before the return as after it."""
    found: list[Text] = []
    for rule in _filed_within(rules, "return"):
        asked = [one for one in closures if one.kind in _kinds(rule)]
        lacks = [lacking(facts, one, _number(rule, "names")) for one in asked]
        found += [one for n, one in enumerate(lacks) if one is not None and one not in found and one not in lacks[:n]]
    return found


def place_in_year(closure: Declaration, filed: Iterable[Declaration]) -> int | None:
    """The how-manieth 临时下线 of its calendar year; what goes on with another is one with it. None: a kind that is not counted."""
    if closure.kind is not DeclarationKind.TEMPORARY_OFFLINE:
        return None
    same = sorted((one for one in filed if one.kind is closure.kind), key=lambda one: one.start)
    before = [one for one in begun_anew(same) if one.start <= closure.start]
    year = civil_day(before[-1].start).year
    return sum(civil_day(one.start).year == year for one in before)


def ceiling(rules: Iterable[Rule]) -> Rule | None:
    """Of the rules that say how many days an outage may last the one with the fewest."""
    told = [one for one in rules if one.obligation == "offline_at_most" and one.limit and one.limit.unit == "d"]
    return min(told, key=lambda one: one.limit.number if one.limit else 0, default=None)


def is_exempt(outage: Outage, closures: Iterable[Declaration], rule: Rule, now: datetime) -> bool:
    """Whether its days are only shown: a closure that the rule yields to is in force when they would be over, or till now."""
    assert rule.limit is not None
    at = min(breach_of(civil_day(outage.started_at), rule.limit), _over(outage) or now)
    return any(
        one.kind in rule.exempt_by and one.start <= at and (one.end is None or at <= one.end) for one in closures
    )


@dataclass(frozen=True, slots=True)
class Floor:
    """How long a notice has to stay by one rule, and how far that is. Days are of the limit's own sort: civil days or working days.

    `day` is the n of today, at most `of`. `days` are those so far as far as the calendar is known, with what looks tell: OK seen,
    FAIL missing, UNKNOWN nothing. None: the working days of its year are not known. `standing` says what is owed now; what a day
    on which it was missing makes of the floor for good says `value`.
    """

    rule: Rule
    field: str
    standing: Standing
    value: Compliance
    why: Text
    since: datetime | None
    day: int | None
    last_day: date | None
    days: Mapping[date, Outcome]

    @property
    def of(self) -> int:
        """So many days."""
        return 0 if self.rule.limit is None else self.rule.limit.number

    def on(self, outcome: Outcome) -> int:
        """On how many of its days so far that is told."""
        return sum(told is outcome for told in self.days.values())


def floors(
    filed: Declaration, rules: Iterable[Rule], facts: Facts, looks: Mapping[str, Sequence[Run]], now: datetime
) -> list[Floor]:
    """Every rule by which a notice of that declaration has to stay for so long; `looks` are all at its address, by field."""
    found, alone = [], facts._replace(declarations=(filed,))
    for rule in rules:
        of = rule.options.get("of", ())
        if rule.obligation != "notice_kept" or rule.limit is None or not isinstance(of, list | tuple):
            continue
        if filed.kind.value not in of:
            continue
        name = str(rule.options.get("field", "own_notice"))
        (standing,) = judge_by([rule], alone, now).standings
        span = _span(filed, rule.limit, facts.workdays, now)
        seen = _confirmed(looks.get(name, ()))
        days = {day: _seen_on(day, seen) for day in span.days}
        floor = Floor(rule, name, standing, standing.value, standing.why, standing.since, span.day, span.last, days)
        found.append(_stated(floor, filed, is_over=span.is_over))
    return found


@dataclass(frozen=True, slots=True)
class _Span:
    """The days of a floor so far. `day` and `last` None: a year whose working days nobody knows comes in between."""

    days: Sequence[date]
    day: int | None
    last: date | None
    is_over: bool


def _span(filed: Declaration, limit: Limit, workdays: Mapping[date, bool], now: datetime) -> _Span:
    start, today = civil_day(filed.start), civil_day(now)
    ended = filed.kind in CLOSURES and filed.end is not None and filed.end <= now  # a return ends it, and what is owed
    until = civil_day(filed.end) - _DAY if ended and filed.end is not None else today
    last: date | None = None
    with suppress(CalendarUnknown):  # the standing says so
        last = deadline(start, limit, workdays)
    stop = min(today, until, last or today)
    passed = [start + n * _DAY for n in range(1, (stop - start).days + 1)]
    if limit.unit != "wd":
        return _Span(passed, len(passed), last, ended or (last is not None and last < today))
    known = list(takewhile(partial(is_known, override=workdays), passed))
    worked = [day for day in known if is_workday(day, workdays)]
    day = len(worked) if len(known) == len(passed) else None
    return _Span(worked, day, last, ended or (last is not None and last < today))


def _stated(floor: Floor, filed: Declaration, *, is_over: bool) -> Floor:
    """Its days as they were: a day on which it was missing stays one, and what nobody saw is not kept."""
    if floor.value in {Compliance.BREACHED, Compliance.DUE}:
        return floor
    told = {"missing": floor.on(Outcome.FAIL), "count": len(floor.days), "unseen": floor.on(Outcome.UNKNOWN)}
    if told["missing"]:
        first = next(day for day, seen in floor.days.items() if seen is Outcome.FAIL)
        over = say("its days are over: on {missing} of {count} days it was missing", **told)
        why = over if is_over else say("on {missing} of {count} days so far it was missing", **told)
        return replace(floor, value=Compliance.BREACHED, why=why, since=day_start(first))
    if not is_over or floor.value is Compliance.UNKNOWN or not told["unseen"]:
        return floor
    if not floor.on(Outcome.OK):
        return _unseen(floor, filed)
    why = say("its days are over: on {unseen} of {count} days nobody could tell", **told)
    return replace(floor, value=Compliance.UNKNOWN, why=why)


def _unseen(floor: Floor, filed: Declaration) -> Floor:
    """Never seen is neither kept nor broken; but where not telling the address is what breaks the rule."""
    shown = "own_notice" if floor.field == "new_url" else floor.field
    if floor.rule.options.get("owed") is True and not (filed.text(floor.field) and filed.text(shown)):
        why = say("its days are over: filed without the address of its notice, which was owed")
        return replace(floor, value=Compliance.BREACHED, why=why, since=filed.start)
    return replace(floor, value=Compliance.UNKNOWN, why=say("its days are over: it was never seen"))


def _confirmed(looks: Sequence[Run]) -> list[Run]:
    """Without failures that no second look confirmed."""
    sure = {one.streak_since for one in looks if one.streak > 1}
    return [one for one in looks if one.finding.outcome is not Outcome.FAIL or one.streak_since in sure]


def _seen_on(day: date, looks: Sequence[Run]) -> Outcome:
    """Seen at any look of that day; or missing; between two looks that say the same nobody else would know better."""
    told = {one.finding.outcome for one in looks if civil_day(one.first_at) <= day <= civil_day(one.last_at)}
    return next((one for one in (Outcome.OK, Outcome.FAIL) if one in told), Outcome.UNKNOWN)


def _filed_within(rules: Iterable[Rule], what: str) -> Iterable[Rule]:
    return (one for one in rules if one.obligation == "filed_within" and one.options.get("what", "record") == what)


def _kinds(rule: Rule) -> frozenset[DeclarationKind]:
    named = rule.options.get("of", ())
    assert isinstance(named, list | tuple)  # a pack with anything else does not load
    return frozenset(map(DeclarationKind, named)) or CLOSURES


def _number(rule: Rule, name: str) -> int:
    value = rule.options.get(name, 1)
    assert isinstance(value, int)  # a pack with a word here does not load
    return value


def _over(outage: Outage) -> datetime | None:
    """When it opened again, for now or for good."""
    return outage.ended_at or outage.up_since
