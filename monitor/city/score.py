"""What was found against the truth: what is missing, what should not be there, what came late (DESIGN.md §4.6).

Pure. Reads the units of `truth.py` and incidents as plain dicts, so that incidents of any origin can be scored. Knows
nothing of how they came about. A unit whose time has not come is never missed; `not_yet_due` lists it. What became of the
notices is in `reckoning.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.city.faults import expand
from monitor.city.plan import Plan
from monitor.city.reckoning import Arrival, Line, Post, Told, lost, messages_per_day, middle, twice, unexcused
from monitor.city.scenario import Scenario
from monitor.city.sight import Sight
from monitor.city.spans import FAR
from monitor.city.terms import Terms, Unit
from monitor.city.truth import units_of
from monitor.model import say

__all__ = ["Arrival", "Line", "Told", "not_yet_due", "score", "score_of", "unexcused"]

UNTOLD = say("an incident was open, but no notice of it was confirmed")
UNEXPECTED = say("outside every expected interval of that target and cause")
"""Evidence, in English in the JSON; people read it translated."""

SHOWN = 3
"""Of what came nearest, so many are named in the evidence."""


@dataclass(frozen=True, slots=True)
class _Incident:
    cause: str
    targets: tuple[str, ...]
    rules: tuple[str, ...]
    severity: object
    opened_at: datetime
    recovered_at: datetime | None
    notified_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A unit and what covers it: the incidents of its cause at its target in its interval, earliest told first."""

    unit: Unit
    covering: tuple[_Incident, ...]

    @property
    def told_at(self) -> datetime | None:
        """The first confirmed notice of any of them."""
        return min((one.notified_at for one in self.covering if one.notified_at is not None), default=None)


def score_of(
    scenario: Scenario,
    terms: Terms,
    *,
    incidents: Sequence[Mapping[str, object]],
    told: Sequence[Told],
    arrivals: Sequence[Arrival] | None,
    visits: int,
    wall_seconds: float,
) -> dict[str, object]:
    """The result of a drill with the keys of DESIGN.md §4.6 `--json`.

    `incidents` as `score` takes them; `told` the outbox at the end; `arrivals` what the channel's receiver got, None when
    nobody listened there. Times are true ones, whatever the daemon's clock showed.
    """
    plan, end = scenario.plan, scenario.end
    sight = Sight(plan, expand(plan, scenario.events), scenario.start, terms)
    units = units_of(sight)
    known = [_incident(plan, incident) for incident in incidents]
    matched = [found for found in _matched(units, known, end) if found.unit.due is not None and found.unit.due <= end]
    seen = [found for found in matched if found.told_at is not None]
    post = Post(tuple(told), None if arrivals is None else tuple(arrivals), sight.events, scenario.start, end)
    return {
        "expected": len(matched),
        "found": len(seen),
        "missed": [_nearby(_missed(found), found.unit, known) for found in matched if found.told_at is None],
        "false": [_instead(line, units) for line in _false(units, known, end)],
        "late": [line for found in seen if (line := _late(found)) is not None],
        "delay_seconds": _delays(seen),
        "notices": len({one.notice for one in told}),
        "notices_lost": lost(post, sight.patience, terms),
        "notices_twice": twice(post),
        "messages_per_day": messages_per_day(post),
        "virtual_days": scenario.days,
        "visits": visits,
        "wall_seconds": wall_seconds,
        "incidents": [_shown(incident) for incident in known],
    }


def score(
    plan: Plan, units: Sequence[Unit], incidents: Sequence[Mapping[str, object]], now: datetime
) -> dict[str, list[Line]]:
    """{"missed": [...], "false": [...]}.

    Incidents are {cause, targets, rules, opened_at, recovered_at, notified_at, severity}: targets may be ids or scenario
    names, instants aware datetimes or ISO text.
    """
    known = [_incident(plan, incident) for incident in incidents]
    matched = _matched(units, known, now)
    due = (found for found in matched if found.unit.due is not None and found.unit.due <= now)
    return {"missed": [_missed(found) for found in due if found.told_at is None], "false": _false(units, known, now)}


def not_yet_due(
    plan: Plan, units: Sequence[Unit], incidents: Sequence[Mapping[str, object]], now: datetime
) -> list[Line]:
    """What must be told later than `now` and has not been told yet: neither found nor missed."""
    matched = _matched(units, [_incident(plan, incident) for incident in incidents], now)
    awaited = (found for found in matched if found.unit.due is not None and found.unit.due > now)
    return [_missed(found) for found in awaited if found.told_at is None]


def _matched(units: Sequence[Unit], incidents: Sequence[_Incident], now: datetime) -> list[_Found]:
    """Every unit with the incidents that cover it."""
    at: dict[tuple[str, str], list[_Incident]] = {}
    for incident in incidents:
        for target in incident.targets:
            at.setdefault((target, incident.cause), []).append(incident)
    return [
        _Found(unit, tuple(one for one in at.get((unit.target, unit.cause), ()) if _meets(unit, one, now)))
        for unit in units
    ]


def _false(units: Sequence[Unit], incidents: Sequence[_Incident], now: datetime) -> list[Line]:
    """Every target of an incident that belongs to no unit of its cause at its time."""
    known: dict[tuple[str, str], list[Unit]] = {}
    for unit in units:
        known.setdefault((unit.target, unit.cause), []).append(unit)
    return [
        _unexpected(incident, target)
        for incident in incidents
        for target in incident.targets
        if not any(_meets(unit, incident, now) for unit in known.get((target, incident.cause), ()))
    ]


def _meets(unit: Unit, incident: _Incident, now: datetime) -> bool:
    until = unit.end + unit.glow if unit.end is not None else FAR
    closed = incident.recovered_at or max(now, incident.opened_at)
    return incident.opened_at <= until and closed >= unit.start


def _missed(found: _Found) -> Line:
    """What is missing, with what came nearest."""
    return _line(found.unit, None, str(UNTOLD) if found.covering else f"no incident ({found.unit.kind})")


def _nearby(line: Line, unit: Unit, incidents: Sequence[_Incident]) -> Line:
    """With the incidents at that target that came nearest in time, whatever their cause."""
    mine = [one for one in incidents if unit.target in one.targets]
    mine.sort(key=lambda one: abs(one.opened_at - unit.start))
    said = (f"{one.cause} {one.opened_at.isoformat()} to {_iso(one.recovered_at)}" for one in mine[:SHOWN])
    return line | {"evidence": "; ".join((str(line["evidence"]), *said))}


def _instead(line: Line, units: Sequence[Unit]) -> Line:
    """With what was expected at that target nearest to it."""
    opened = datetime.fromisoformat(str(line["from"]))
    mine = sorted((one for one in units if one.target == line["target"]), key=lambda one: abs(one.start - opened))
    said = (f"{one.cause} ({one.kind}) {one.start.isoformat()} to {_iso(one.end)}" for one in mine[:SHOWN])
    return line | {"evidence": "; ".join((str(line["evidence"]), *said))}


def _late(found: _Found) -> Line | None:
    due, told = found.unit.due, found.told_at
    if due is None or told is None or told <= due:
        return None
    opened = min(one.opened_at for one in found.covering)
    seconds = (told - due).total_seconds()
    said = f"confirmed {seconds:.0f} s after it was due at {due.isoformat()}; opened at {opened.isoformat()} ({found.unit.kind})"
    return _line(found.unit, told, said)


def _delays(found: Sequence[_Found]) -> dict[str, float | None]:
    """Seconds from the fault, or the passing of its limit, to the first confirmed notice; None when nothing was found."""
    waits = sorted(max(timedelta(0), wait).total_seconds() for wait in _waits(found))
    return {"p50": middle(waits, 50), "p99": middle(waits, 99), "max": middle(waits, 100)}


def _waits(found: Sequence[_Found]) -> Iterator[timedelta]:
    for one in found:
        if one.told_at is not None:
            yield one.told_at - (one.unit.since or one.unit.start)


def _line(unit: Unit, found_at: datetime | None, evidence: str) -> Line:
    return {
        "target": unit.target,
        "cause": str(unit.cause),
        "rule": unit.rule,
        "from": unit.start.isoformat(),
        "to": _iso(unit.end),
        "found_at": _iso(found_at),
        "evidence": evidence,
    }


def _unexpected(incident: _Incident, target: str) -> Line:
    return {
        "target": target,
        "cause": incident.cause,
        "rule": incident.rules[0] if incident.rules else None,
        "from": incident.opened_at.isoformat(),
        "to": _iso(incident.recovered_at),
        "found_at": _iso(incident.notified_at),
        "evidence": str(UNEXPECTED),
    }


def _shown(incident: _Incident) -> dict[str, object]:
    return {
        "cause": incident.cause,
        "targets": list(incident.targets),
        "rules": list(incident.rules),
        "opened_at": incident.opened_at.isoformat(),
        "recovered_at": _iso(incident.recovered_at),
        "notified_at": _iso(incident.notified_at),
        "severity": incident.severity,
    }


def _incident(plan: Plan, raw: Mapping[str, object]) -> _Incident:
    targets, rules = raw["targets"], raw.get("rules")
    assert isinstance(targets, list | tuple)
    opened = _instant(raw["opened_at"])
    assert opened is not None
    return _Incident(
        cause=str(raw["cause"]),
        targets=tuple(plan.target_name(str(target)) for target in targets),
        rules=tuple(map(str, rules)) if isinstance(rules, list | tuple) else (),
        severity=raw.get("severity"),
        opened_at=opened,
        recovered_at=_instant(raw.get("recovered_at")),
        notified_at=_instant(raw.get("notified_at")),
    )


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, datetime) else None


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
