"""What people called a false alarm (误报): it is not told again for as long as it is as it was, and told when it happens anew.

Pure. A false alarm holds for things: a failing check, a message that is late, the whole cause where nothing is told apart. A thing is
over once it was seen well: that something else hides it, an outage of its site or our own blindness, ends nothing. What has
further things in it is told.
"""

from collections.abc import Iterable, Mapping, Sequence

from monitor.judge.incidents import BY_RECORDS
from monitor.judge.looks import confirmed, current
from monitor.model import Cause, Compliance, Condition, Facts, Membership, Outcome, Run, Standing

Things = frozenset[str]
ALL = "*"
"""All there is of a cause when it is judged next: what people have just called a false alarm."""
WHOLE = ""
"""The one thing of a cause of which nothing is told apart: a column is stale, a share is reached."""
_BAD = frozenset({Compliance.DUE, Compliance.BREACHED})
_UNDECIDED = frozenset({Compliance.UNKNOWN, Compliance.EXEMPT})


def sifted(
    excused: Mapping[Cause, Things], wanted: Sequence[Membership], standings: Sequence[Standing], facts: Facts
) -> tuple[list[Membership], dict[Cause, Things]]:
    """What of `wanted` is to be told, and which false alarms hold on."""
    there = {one.cause: things_of(one, standings, facts, excused.get(one.cause, _NONE)) for one in wanted}
    holding = {
        cause: left for cause, things in excused.items() if (left := _left(cause, things, there, standings, facts))
    }
    return [one for one in wanted if not there[one.cause] <= holding.get(one.cause, _NONE)], holding


def _left(
    cause: Cause, things: Things, there: Mapping[Cause, Things], standings: Sequence[Standing], facts: Facts
) -> Things:
    now = there.get(cause, _NONE)
    named = (things - {ALL}) | now if ALL in things else things
    left = {one for one in named if one in now or not _is_well(cause, one, standings, facts)}
    if ALL in things and not now and _is_hidden(cause, standings, facts):
        left.add(ALL)
    return frozenset(left)


def things_of(wanted: Membership, standings: Iterable[Standing], facts: Facts, known: Things = frozenset()) -> Things:
    """What its incident is about, each by a name that stays the same while it goes on; `known` are names it has had."""
    if wanted.cause in BY_RECORDS:
        return _owed(one for one in standings if one.rule in wanted.rules) or frozenset({WHOLE})
    failing = (one for one in facts.conditions if one.cause is wanted.cause)
    return frozenset(_failure(one, facts, known) for one in failing) or frozenset({WHOLE})


def _owed(standings: Iterable[Standing]) -> Things:
    """What is late by name; where records name nothing, the rule with the instant at which it breaks."""
    found: set[str] = set()
    for one in standings:
        if one.value in _BAD:
            breaks = one.until if one.value is Compliance.DUE else one.since
            found |= {f"#{name}" for name in one.late} or {f"{one.rule}@{'' if breaks is None else breaks.isoformat()}"}
    return frozenset(found)


def _failure(one: Condition, facts: Facts, known: Things) -> str:
    """The check and what of; of suspected tampering also the suspicion: another one is another matter."""
    name = f"{one.check}\t{one.subject}\t"
    if one.cause is not Cause.TAMPER:
        return name
    run = _run(one.check, one.subject, facts)
    if run is not None and run.finding.cause is one.cause:
        return name + run.finding.reason
    return next((each for each in sorted(known) if each.startswith(name)), name + one.reason)  # nobody can look


def _is_well(cause: Cause, thing: str, standings: Sequence[Standing], facts: Facts) -> bool:
    """Whether it was seen to be over; False also where nobody can tell."""
    if cause is Cause.BLIND:
        return _is_seen(facts)
    if "\t" in thing:
        return not facts.held and _is_good(thing, facts)
    ours = [one for one in standings if one.cause is cause]
    if not ours or any(one.value in _UNDECIDED for one in ours):
        return False
    if cause in BY_RECORDS:
        return thing not in _owed(ours) and (thing != WHOLE or not _owed(ours))
    seen = not facts.held and facts.muted_by is None
    return seen and all(one.value is not Compliance.BREACHED for one in ours)


def _is_hidden(cause: Cause, standings: Sequence[Standing], facts: Facts) -> bool:
    """Whether it may go on though nothing of it shows: something is in the way, or nobody can tell."""
    if facts.held or facts.muted_by is not None or any(one.cause is cause for one in facts.conditions):
        return True
    if cause is Cause.BLIND:
        return not _is_seen(facts)
    return any(one.cause is cause and one.value in {*_UNDECIDED, Compliance.BREACHED} for one in standings)


def _is_good(thing: str, facts: Facts) -> bool:
    check, subject, _ = thing.split("\t")
    run = _run(check, subject, facts)
    failing = any((one.check, one.subject) == (check, subject) for one in facts.conditions)
    return not failing and run is not None and run.finding.outcome is Outcome.OK


def _run(check: str, subject: str, facts: Facts) -> Run | None:
    return next((one for one in facts.runs if (one.finding.check, one.finding.subject) == (check, subject)), None)


def _is_seen(facts: Facts) -> bool:
    """A look saw the page itself: that it did not open says nothing of what could not be seen before."""
    if facts.held or facts.blind_since is not None or facts.muted_by is not None:
        return False
    run, down = current(facts, "reachable"), confirmed(facts, "reachable")
    opens = run is None or run.finding.outcome is Outcome.OK or run.finding.cause is Cause.SLOW
    return opens and (down is None or down.cause is Cause.SLOW)


_NONE: Things = frozenset()
