"""One target's past walked through under one set of rules: which incidents it would have come into, and when.

Pure: judges with the same functions as the watch at every instant at which a fact changed or a rule's own dates turn.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.evidence.history import History
from monitor.judge.incidents import compare, memberships
from monitor.judge.standings import judge_by
from monitor.model import Cause, Compliance, Membership, Rule, Severity, Standing, Target


@dataclass(slots=True)
class Alert:
    """A target's part in an incident: from when, to when (None: to the end), how grave it came and by which rules it is.

    `steps`: when it became graver or touched a further rule, with what it weighed then.
    """

    target: str
    cause: Cause
    at: datetime
    severity: Severity
    rules: tuple[str, ...]
    until: datetime | None = None
    steps: list[tuple[datetime, Severity, tuple[str, ...]]] = field(default_factory=list)

    @property
    def weights(self) -> Sequence[tuple[datetime, Severity]]:
        """What it weighed from when on, as it came first."""
        return [(self.at, self.severity), *((at, severity) for at, severity, _ in self.steps)]

    @property
    def worst(self) -> Severity:
        """How grave it became."""
        return min((severity for _, severity in self.weights), key=lambda each: each.rank)

    def since(self, severity: Severity) -> datetime | None:
        """When it first weighed that much or more; None: never."""
        return next((at for at, weighed in self.weights if weighed.rank <= severity.rank), None)


@dataclass(slots=True)
class Walked:
    """The alerts in the order they came, and at how many instants it was judged."""

    alerts: list[Alert] = field(default_factory=list)
    judged: int = 0


def walk(
    target: Target[object], history: History, rules: Sequence[Rule], blind_limit: timedelta | None, until: datetime
) -> Walked:
    """From the first thing known to `until`; `rules` are those that apply."""
    done = Walked()
    standings: tuple[Standing, ...] = ()
    open_now: tuple[Membership, ...] = ()
    alerts: dict[Cause, Alert] = {}
    for now in (turns := _Turns(history, until)):
        facts = history.at(now, standings)
        judgement = judge_by(rules, facts, now, blind_limit)
        well = not open_now and all(one.value is Compliance.MET for one in judgement.standings)
        turns.go_on(judgement.next_change_at, well=well)
        standings = tuple(one for one in judgement.standings if one.value is not Compliance.MET)
        wanted = memberships(target, judgement.standings, facts, rules, open_now, blind_limit, now)
        _change(done, alerts, target.id, open_now, wanted, now)
        open_now = tuple(replace(one, incident=1) for one in wanted)
        done.judged += 1
    return done


class _Turns:
    """The instants to judge at: those at which facts changed, and those the last judging named.

    While all is well something new only keeps it so: it is judged when the last judging said that it would change.
    """

    def __init__(self, history: History, until: datetime) -> None:
        self._history, self._until = history, until
        self._now: datetime | None = None
        self._named: datetime | None = None
        self._ahead: Sequence[datetime] = history.with_items

    def go_on(self, named: datetime | None, *, well: bool) -> None:
        """After a judging: when it would change by time alone (what lies in the past waits for a look), and whether all is well."""
        self._named = named if named is not None and self._now is not None and named > self._now else None
        self._ahead = self._history.instants if well and self._named is not None else self._history.with_items

    def __iter__(self) -> Iterator[datetime]:
        now = next(iter(self._ahead), None)
        while now is not None and now <= self._until:
            self._now, self._named = now, None
            yield now
            place = bisect_right(self._ahead, now)
            ahead = self._ahead[place] if place < len(self._ahead) else None
            now = min((one for one in (ahead, self._named) if one is not None), default=None)


def _change(  # noqa: PLR0917 - what was open, what is wanted, and what comes of it
    done: Walked,
    alerts: dict[Cause, Alert],
    target: str,
    open_now: Sequence[Membership],
    wanted: Sequence[Membership],
    now: datetime,
) -> None:
    changes = compare(open_now, wanted)
    for left in changes.leaves:
        if (over := alerts.pop(left.cause, None)) is not None:
            over.until = now
    for one in changes.joins:
        alerts[one.cause] = Alert(target, one.cause, now, one.severity, one.rules)
        done.alerts.append(alerts[one.cause])
    for one in changes.worsens:
        alert = alerts[one.cause]
        alert.steps.append((now, one.severity, one.rules))
        alert.rules = tuple(dict.fromkeys((*alert.rules, *one.rules)))
