"""Standings become incidents: the memberships a target should have, and what that changes.

Reads standings, facts and the memberships that are open; returns what should be open. Never closes what could not be
looked at: a membership whose standings are unknown is kept as it is. While verdicts are held nothing opens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.judge.availability import TELLING
from monitor.judge.blindness import blind_from, blind_membership, still_blind
from monitor.judge.exemption import since_when
from monitor.judge.looks import EARLIER, attested, confirmed, current
from monitor.model import Cause, Compliance, Facts, Membership, Outcome, Rule, Severity, Standing, Target, Text, host_of

HIDDEN_BY_OUTAGE = frozenset({Cause.OUTAGE, Cause.BLANK, Cause.DEAD_LINK, Cause.BLIND})
"""What opens nothing on a column, page or link while the site on its host is down: the site's outage says it."""


BY_RECORDS = frozenset(
    {
        *(Cause.OFFLINE_AT_MOST, Cause.ANSWERED_WITHIN, Cause.FIXED_WITHIN, Cause.FILED_WITHIN, Cause.DONE_EVERY),
        *(Cause.DUTY_COVERED, Cause.INVENTORY),
    }
)
"""What no look decides: our own blindness holds none of it."""
_NO_INCIDENT = frozenset({Compliance.MET, Compliance.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Changes:
    """From open to wanted. All but `joins` carry the incident's id; `leaves` are as they were open.

    `worsens` (graver, or a rule more) and `further` (another day of an outage, one thing more that is late) are what is
    wanted now, to be stored with severity, rules and `warned`; what does both is only in `worsens`. `reworded` is the rest of
    which something else is true by now (seven columns, not five): its words are stored, and nobody is told for that alone.
    """

    joins: tuple[Membership, ...] = ()
    leaves: tuple[Membership, ...] = ()
    worsens: tuple[Membership, ...] = ()
    further: tuple[Membership, ...] = ()
    reworded: tuple[Membership, ...] = ()


def memberships(  # noqa: PLR0917  all that forms an incident, in the order it is known
    target: Target[object],
    standings: Sequence[Standing],
    facts: Facts,
    rules: Iterable[Rule],
    open_now: Sequence[Membership],
    blind_limit: timedelta | None,
    now: datetime,
) -> list[Membership]:
    """What should be open for this target: one per cause, with key and incident of the open one it goes on with."""
    if not open_now and facts.blind_since is None and all(one.value in _NO_INCIDENT for one in standings):
        return []  # by far most of what is judged
    by_key = {rule.key: rule for rule in rules}
    bad = _cited(standings, by_key)
    wanted = _grouped(target, _told_once(bad, facts, open_now, by_key), standings, now)
    blind_at = blind_from(standings, facts, blind_limit)
    told = any(one.cause is Cause.BLIND for one in open_now)
    if blind_at is not None and blind_at <= now and (told or still_blind(facts, blind_at)):
        wanted.append(blind_membership(target.id, standings, facts))
    standing = [one for one in (_allowed(one, facts, open_now) for one in wanted) if one is not None]
    settled = {one.cause for one in standing}
    if attested(facts, now) is not None:
        settled.add(Cause.BLIND)  # a person has looked
    return standing + _kept(open_now, settled, standings)


def compare(open_now: Sequence[Membership], wanted: Sequence[Membership]) -> Changes:
    """What has to happen to get from `open_now` to `wanted`; both name their incident by cause and key."""
    was = {(one.cause, one.key): one for one in open_now}
    will = {(one.cause, one.key): one for one in wanted}
    both = [(was[name], replace(one, incident=was[name].incident)) for name, one in will.items() if name in was]
    return Changes(
        joins=tuple(one for name, one in will.items() if name not in was),
        leaves=tuple(one for name, one in was.items() if name not in will),
        worsens=tuple(new for old, new in both if _worse(old, new)),
        further=tuple(new for old, new in both if new.warned > old.warned and not _worse(old, new)),
        reworded=tuple(new for old, new in both if _says_more(old, new)),
    )


def _says_more(old: Membership, new: Membership) -> bool:
    """Whether only the words are others. That a look could not tell replaces none: they say what was found."""
    same = new.why == old.why or new.why == EARLIER  # noqa: PLR1714  a text has no hash
    return not same and new.warned <= old.warned and not _worse(old, new)


@dataclass(frozen=True, slots=True)
class _Cited:
    """A standing that makes an incident, with what it weighs there and the incident's cause."""

    standing: Standing
    severity: Severity
    only_counts: bool = False  # toward a veto: nothing is broken by it alone
    told_by: Cause | None = None

    @property
    def cause(self) -> Cause:
        return self.told_by or self.standing.cause

    @property
    def place(self) -> tuple[int, bool]:
        """The strictest speaks first, and is quoted first; what is itself broken before what merely counts toward a veto."""
        return self.severity.rank, self.only_counts


def _cited(standings: Sequence[Standing], by_key: Mapping[str, Rule]) -> list[_Cited]:
    weighed = [(one, by_key[one.rule]) for one in standings]
    return [
        _Cited(one, severity, bool(rule.options.get("counts_toward")))
        for one, rule in weighed
        if (severity := _severity(one, rule)) is not None
    ]


def _severity(standing: Standing, rule: Rule) -> Severity | None:
    """What a standing weighs in an incident; None when it makes none: merely due, or a gap of the inventory, is a line of the digest."""
    if standing.value is Compliance.BREACHED:
        lesser = rule.severity not in {Severity.VETO, Severity.SERIOUS}
        return None if standing.cause is Cause.INVENTORY and lesser else rule.severity
    if standing.value is Compliance.DUE and standing.last_warning and rule.severity is Severity.VETO:
        return rule.severity.one_lower()
    if (
        standing.value is Compliance.EXEMPT
        and standing.cause is Cause.OUTAGE
        and standing.inputs.get("would_be") == "breached"
    ):
        return Severity.REMIND  # what was filed is shown, quietly: that it began, its days, that it is over
    return None


def _told_once(
    bad: Sequence[_Cited], facts: Facts, open_now: Sequence[Membership], by_key: Mapping[str, Rule]
) -> list[_Cited]:
    """The 5 % is cited by the outage or slow incident open when it is reached, else it is an incident of its own.

    Told with an outage, it makes no incident when that ends; reached by a failure not confirmed yet, it waits for that.
    """
    if any(one.cause is Cause.AVAILABILITY for one in open_now):
        return list(bad)
    teller = next((one.cause for one in bad if one.cause in TELLING), None)
    waits = _is_unconfirmed(facts)
    shown = []
    for one in bad:
        if one.cause is not Cause.AVAILABILITY:
            shown.append(one)
        elif teller is not None:
            shown.append(replace(one, told_by=teller))
        elif not waits and not (one.standing.inputs.get("told") and _tells_outages(by_key)):
            shown.append(one)
    return shown


def _tells_outages(by_key: Mapping[str, Rule]) -> bool:
    return any(rule.obligation == "reachable" and "window" not in rule.options for rule in by_key.values())


def _is_unconfirmed(facts: Facts) -> bool:
    run = current(facts, "reachable")
    return run is not None and run.finding.outcome is Outcome.FAIL and confirmed(facts, "reachable") is None


def _grouped(
    target: Target[object], bad: Sequence[_Cited], standings: Sequence[Standing], now: datetime
) -> list[Membership]:
    causes = dict.fromkeys(one.cause for one in bad)
    return [_membership(target, cause, [one for one in bad if one.cause is cause], standings, now) for cause in causes]


def _membership(
    target: Target[object], cause: Cause, cited: Sequence[_Cited], standings: Sequence[Standing], now: datetime
) -> Membership:
    cited = sorted(cited, key=lambda one: one.place)
    rules = tuple(one.standing.rule for one in cited)
    if cause in BY_RECORDS:
        first = _first_broken(cited)
        rules = tuple(dict.fromkeys((first.standing.rule, *rules)))  # what is told and what is quoted belong together
        key, since = _key(target, cause), first.standing.since or now
        news = max(one.standing.news for one in cited)
        return Membership(cause, key, _gravest(cited), rules, since, _of_all(first.standing, cited), warned=news)
    gravest = cited[0]
    counting = max((one for one in standings if one.cause is cause), key=lambda one: one.warned, default=None)
    counts_days = cause is Cause.OUTAGE and counting is not None and counting.warned > 0
    return Membership(
        cause=cause,
        key=_key(target, cause),
        severity=gravest.severity,
        rules=rules,
        since=min((begun for one in cited if (begun := since_when(one.standing)) is not None), default=now),
        why=counting.why if counting is not None and counts_days else gravest.standing.why,
        warned=counting.warned if counting is not None and counts_days else 0,
    )


def quoted(part: Membership, standings: Iterable[Standing]) -> tuple[str, ...]:
    """The rules under a notice: what is broken, whose limit the days run to that it tells, and what is only shown for what was filed.

    Those that count the days are no rules of the incident: nothing of them is broken, and nothing weighs more for them.
    """
    if part.cause is not Cause.OUTAGE or part.warned == 0:
        return part.rules
    judged = {one.rule: one for one in standings if one.cause is Cause.OUTAGE}
    counting = [one for one in judged.values() if one.value is Compliance.DUE and one.warned > 0]
    counting.sort(key=lambda one: -one.warned)  # whose words are told goes first
    shown = [rule for rule in part.rules if rule in judged and judged[rule].value is Compliance.EXEMPT]
    broken = [rule for rule in part.rules if rule not in shown]
    return tuple(dict.fromkeys((*broken, *(one.rule for one in counting), *shown)))


def _gravest(cited: Sequence[_Cited]) -> Severity:
    return min((one.severity for one in cited), key=lambda severity: severity.rank)


def _first_broken(cited: Sequence[_Cited]) -> _Cited:
    """Whose words and time speak for all: what is broken before what is due, the gravest, of those the first to break."""
    broken = [one for one in cited if one.standing.value is Compliance.BREACHED] or cited
    gravest = _gravest(broken)
    among = [one for one in broken if one.severity is gravest]
    dated = [(one.standing.since, at) for at, one in enumerate(among) if one.standing.since is not None]
    return among[min(dated)[1] if dated else 0]


def _of_all(first: Standing, cited: Sequence[_Cited]) -> Text:
    """Its words, with how many things are overdue by any of the rules: a message late by two of them is one."""
    late = frozenset[str]().union(*(one.standing.late for one in cited))
    return (
        replace(first.why, values={**first.why.values, "late": len(late)}) if "late" in first.why.values else first.why
    )


def _key(target: Target[object], cause: Cause) -> str:
    """One incident per target and cause; dead links of one host share theirs."""
    return (host_of(target.url) or target.id) if cause is Cause.DEAD_LINK else target.id


def _allowed(wanted: Membership, facts: Facts, open_now: Sequence[Membership]) -> Membership | None:
    """The wanted membership, going on with the open one of its cause (which may be a shared platform's)."""
    same = next((one for one in open_now if one.cause is wanted.cause), None)
    held = facts.held and wanted.cause not in BY_RECORDS
    if same is None:
        hidden = facts.muted_by is not None and wanted.cause in HIDDEN_BY_OUTAGE
        return None if held or hidden else wanted
    return same if held else replace(wanted, key=same.key, incident=same.incident)


def _kept(open_now: Sequence[Membership], going_on: set[Cause], standings: Sequence[Standing]) -> list[Membership]:
    """Open memberships of which nothing can be said now: unknown opens and closes nothing.

    A count is over with its columns: each of them counts until it is seen to be well, and what others might add was never told.
    A silence is over with any post, whoever may say later whether it was original.
    """
    unknown = {
        one.rule: one.cause for one in standings if one.value is Compliance.UNKNOWN and one.cause is not Cause.COUNT
    }
    return [
        one
        for one in open_now
        if one.cause not in going_on
        and any(rule in unknown and not _ends_silence(one.cause, unknown[rule]) for rule in one.rules)
    ]


def _ends_silence(cause: Cause, unknown: Cause) -> bool:
    """Which posts are original nobody said: then there are some."""
    return cause is Cause.STALE and unknown is Cause.ORIGINAL_SHARE


def _worse(old: Membership, new: Membership) -> bool:
    """Graver, or a further rule broken. Blindness breaks no rule: citing one more is no news."""
    more = set(new.rules).difference(old.rules) if new.cause is not Cause.BLIND else ()
    return new.severity.rank < old.severity.rank or bool(more)
