"""One national veto as an indicator of one site: kept, broken, suspected, exempt, or not to be told, and then why.

Reads what is known of the site; pure. Counts of columns and the share of a week go by the reckoning that opens incidents.
"Not to be told" is what could not be seen, and what was watched for a shorter time than the indicator takes, unless it is
broken already: what is missing is neither good nor bad. A column's printed date proves itself, however long we watched.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.clock import civil_day
from monitor.judge.availability import VISITS, needed, share_of
from monitor.judge.days import deadline
from monitor.judge.exemption import covering, exempt_why
from monitor.judge.looks import limit_of
from monitor.judge.obligations import at_most_in_breach as counting
from monitor.model import Compliance, Declaration, Facts, Rule, TargetKind, Text, counted_of_column, say

SUSPICIONS = frozenset({"dates_honest", "no_hidden_links", "not_tampered", "hosted_in"})
"""Obligations whose breach is a suspicion that a person verifies; that there is none proves nothing."""
WEEK = timedelta(days=7)


class State(StrEnum):
    """What is known of an indicator."""

    MET = "met"
    BROKEN = "broken"
    SUSPECTED = "suspected"  # a person has to verify it
    EXEMPT = "exempt"  # by what people filed
    UNSEEN = "unseen"  # what was not seen could make it up
    YOUNG = "young"  # watched for less than it takes
    UNWATCHED = "unwatched"  # nobody brings what it goes by: said, and left out of the verdict


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rule with its state, in words, and the targets that make it so. `decides`: it counts in the verdict on the site."""

    rule: str
    state: State
    why: Text
    targets: tuple[str, ...] = ()
    since: datetime | None = None
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A standing of the site or of something of it that is not met. `is_false`: a person called what it led to a 误报."""

    target: str
    kind: TargetKind
    rule: str
    value: Compliance
    why: Text
    since: datetime | None = None
    is_false: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the site, its kind as it is counted (model/counted.py). `is_known`: a look or a person told of it; `is_full_told`: whether it is blank was told."""

    id: str
    kind: str
    first_look: datetime | None
    is_known: bool
    is_full_told: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Samples of the last 168 hours as the 5 % counts them; `filed` failed inside filed closures, `planned` a full week has."""

    good: int = 0
    failed: int = 0
    excluded: int = 0
    filed: int = 0
    planned: int = 0

    @property
    def whole(self) -> int:
        """What the share is of: never fewer than a full week has."""
        return max(self.planned, self.good + self.failed)


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one site. `breaches`: its columns in breach with what each counts as (store/brought.py)."""

    site: str
    first_look: datetime | None
    lines: Sequence[Line] = ()
    columns: Sequence[Column] = ()
    breaches: Sequence[tuple[str, str]] = ()
    week: Week = field(default_factory=Week)
    declarations: tuple[Declaration, ...] = ()
    registers: Mapping[str, date] = field(default_factory=dict)  # by class of message the day they go back to


def indicator(rule: Rule, rules: Mapping[str, Rule], known: Known, now: datetime) -> Indicator:
    """What is known of it; `rules` are all of the rule's pack, by key."""
    lines = [one for one in known.lines if one.rule == rule.key]
    filed = covering(rule, known.declarations, now)
    if filed is not None:
        return Indicator(rule.key, State.EXEMPT, exempt_why(filed), (known.site,), filed.start)
    if rule.obligation == "at_most_in_breach":
        return _count(rule, rules, lines, known, now)
    if rule.obligation in SUSPICIONS:
        return _suspicion(rule, lines)
    told = _told(rule, lines)
    if told is not None:
        return told
    if known.first_look is None and rule.obligation != "answered_within":
        return Indicator(rule.key, State.UNSEEN, say("not looked at yet"), (known.site,))
    return _MET.get(rule.obligation, _kept)(rule, known, now)


def _told(rule: Rule, lines: Sequence[Line]) -> Indicator | None:
    """What a standing that is stored says; None when it is met, or only near."""
    for value, state in _STATES:
        found = [one for one in lines if one.value is value]
        if found and value is Compliance.BREACHED and all(one.is_false for one in found):
            return Indicator(rule.key, State.MET, _FALSE, since=found[0].since)
        found = [one for one in found if not one.is_false]
        if found:
            return Indicator(rule.key, state, found[0].why, tuple(one.target for one in found), found[0].since)
    return None


def _suspicion(rule: Rule, lines: Sequence[Line]) -> Indicator:
    suspected = [one for one in lines if one.value is Compliance.BREACHED and not one.is_false]
    if suspected:
        targets = tuple(one.target for one in suspected)
        return Indicator(rule.key, State.SUSPECTED, suspected[0].why, targets, suspected[0].since)
    unseen = tuple(one.target for one in lines if one.value is Compliance.UNKNOWN)
    if unseen:
        why = say("{n} pages could not be looked at for it, nothing is suspected elsewhere", n=len(unseen))
        return Indicator(rule.key, State.UNSEEN, why, unseen, decides=False)
    return Indicator(rule.key, State.MET, say("nothing is suspected"), decides=False)


def _count(rule: Rule, rules: Mapping[str, Rule], lines: Sequence[Line], known: Known, now: datetime) -> Indicator:
    """So many columns in breach, as the incident of the site counts them; what is unseen could make it up."""
    if not known.columns:
        return Indicator(rule.key, State.UNSEEN, say("no column of the site is in the inventory"), (known.site,))
    counted = [(name, column) for name, column in known.breaches if counting.is_counted(rule, name)]
    standing = counting.judge(rule, Facts(counts=Counter(name for name, _ in counted)), now)
    stored = next((one for one in lines if one.value is standing.value), None)
    bad = tuple(sorted({column for _, column in counted}))
    if standing.value is Compliance.BREACHED and stored is not None and stored.is_false:
        return Indicator(rule.key, State.MET, _FALSE, bad, stored.since)
    if standing.value is Compliance.BREACHED:
        return Indicator(rule.key, State.BROKEN, standing.why, bad, None if stored is None else stored.since)
    return _uncounted(rule, rules, bad, len(counted), known, now) or Indicator(rule.key, State.MET, standing.why, bad)


def _uncounted(  # noqa: PLR0917  a count with what it has, and all that is known
    rule: Rule, rules: Mapping[str, Rule], bad: Sequence[str], have: int, known: Known, now: datetime
) -> Indicator | None:
    """Not to be told while columns that nothing is known of could make up the veto; None when they could not."""
    limits = _limits(rule, rules)
    blind = frozenset(one.target for one in known.lines if one.value is Compliance.UNKNOWN and one.rule in limits)
    of = [one for one in known.columns if counting.is_about(rule, one.kind) and one.id not in bad]
    unseen = [one for one in of if not one.is_known or (one.id in blind if limits else not one.is_full_told)]
    count = counting.veto_at(rule)
    if have + len(unseen) < count:
        return None
    young = [one for one in unseen if _is_young(one, limits, now)]
    names = tuple(one.id for one in unseen)
    told = {"have": have, "unseen": len(unseen), "count": count}
    if have + len(unseen) - len(young) < count:
        why = say("{have} columns count, of {unseen} more nothing can be said yet: {count} are a veto", **told)
        return Indicator(rule.key, State.YOUNG, why, names)
    why = say("{have} columns count, {unseen} more could not be judged: {count} are a veto", **told)
    return Indicator(rule.key, State.UNSEEN, why, names)


def _limits(rule: Rule, rules: Mapping[str, Rule]) -> Mapping[str, Rule]:
    """The rules by which its columns become stale; none for a count of blank ones."""
    if rule.options.get("of", "stale") != "stale":
        return {}
    return {
        key: one
        for key, one in rules.items()
        if one.obligation == "updated_within"
        and one.applies.kind is TargetKind.COLUMN
        and any(counting.is_about(rule, kind) for kind in counted_of_column(one))
    }


def _is_young(column: Column, limits: Mapping[str, Rule], now: datetime) -> bool:
    """Not looked at yet, or for less than the limit after which a list without dates would tell."""
    if column.first_look is None:
        return True
    of = [one for one in limits.values() if column.kind in counted_of_column(one)]
    return any(not _lasted(one, civil_day(column.first_look), now) for one in of)


def _lasted(rule: Rule, since: date, now: datetime) -> bool:
    """Whether the rule's limit has gone by since that day."""
    return deadline(since, limit_of(rule)) <= civil_day(now)


def _share(rule: Rule, known: Known, now: datetime) -> Indicator:
    """The 5 % of a week: neither when the week is not over, nor when what is missing of it could reach the share."""
    assert known.first_look is not None
    week, since = known.week, civil_day(known.first_look)
    if known.first_look + WEEK > now:
        why = say(
            "watched since {since} only: this takes a week, until {until}", since=str(since), until=str(since + WEEK)
        )
        return Indicator(rule.key, State.YOUNG, why, (known.site,))
    taken = week.good + week.failed
    of = week.whole
    if taken < VISITS * WEEK.days:
        told = {"taken": taken, "wanted": VISITS * WEEK.days}
        why = say("{taken} visits of the last 7 days told something, {wanted} are asked at least", **told)
        return Indicator(rule.key, State.UNSEEN, why, (known.site,))
    missing = max(of - taken - week.filed, 0)
    told = {"failed": week.failed, "of": of, "limit": needed(share_of(rule), of)}
    if week.failed + missing >= told["limit"]:
        why = say(
            "{failed} of {of} visits of a week failed, {missing} told nothing: {limit} are a veto",
            missing=missing,
            **told,
        )
        return Indicator(rule.key, State.UNSEEN, why, (known.site,))
    return Indicator(rule.key, State.MET, say("{failed} of {of} visits of a week failed, {limit} are a veto", **told))


def _home(rule: Rule, known: Known, now: datetime) -> Indicator:
    """The indicator takes two weeks of watching (监测2周), whatever date the page prints."""
    assert known.first_look is not None
    limit, since = limit_of(rule), civil_day(known.first_look)
    if not _lasted(rule, since, now):
        until = str(deadline(since, limit))
        why = say(
            "watched since {since} only: this takes {limit}, until {until}",
            since=str(since),
            limit=str(limit),
            until=until,
        )
        return Indicator(rule.key, State.YOUNG, why, (known.site,))
    return _kept(rule, known, now)


def _messages(rule: Rule, known: Known, now: datetime) -> Indicator:
    """Goes by the register; one that began later than the limit ago could not show a message that waited so long."""
    classes = rule.options.get("classes", ())
    assert isinstance(classes, list | tuple)  # a pack with anything else does not load
    begun = min((day for of, day in known.registers.items() if not classes or of in classes), default=None)
    if begun is None:
        why = say("no register of messages is kept of this site: not judged")
        return Indicator(rule.key, State.UNWATCHED, why, (known.site,), decides=False)
    if not _lasted(rule, begun, now):
        until = str(deadline(begun, limit_of(rule)))
        told = {"since": str(begun), "limit": str(rule.limit), "until": until}
        why = say("the register of messages goes back to {since} only: this takes {limit}, until {until}", **told)
        return Indicator(rule.key, State.YOUNG, why, (known.site,))
    return replace(_kept(rule, known, now), why=say("no message waits for too long"))


def _kept(rule: Rule, _known: Known, _now: datetime) -> Indicator:
    return Indicator(rule.key, State.MET, say("kept"))


_FALSE = say("what was found was called a false alarm")
_STATES = (
    (Compliance.BREACHED, State.BROKEN),
    (Compliance.UNKNOWN, State.UNSEEN),
    (Compliance.EXEMPT, State.EXEMPT),
)
_MET: Mapping[str, Callable[[Rule, Known, datetime], Indicator]] = {
    "reachable": _share,
    "updated_within": _home,
    "answered_within": _messages,
}
