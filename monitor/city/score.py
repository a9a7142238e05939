"""What was found against the truth: which incidents are missing, which should not be there (DESIGN.md §4.6).

Pure. Reads the units of `truth.py` and incidents as plain dicts, so that incidents of any origin can be scored. Knows
nothing of how they came about. A unit whose time has not come is never missed; `not_yet_due` lists it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.city.plan import Plan
from monitor.city.truth import Unit
from monitor.model import say

AFTERGLOW = timedelta(seconds=60)
"""How long after a fault's end an incident of it may still open: a look may have been under way."""

UNTOLD = say("an incident was open, but no notice of it was confirmed")
UNEXPECTED = say("outside every expected interval of that target and cause")
"""Evidence, in English in the JSON; people read it translated."""

Line = dict[str, object]
"""{target, cause, rule, from, to, found_at, evidence}, instants as ISO text or None."""


@dataclass(frozen=True, slots=True)
class _Incident:
    cause: str
    targets: tuple[str, ...]
    rule: str | None
    opened_at: datetime
    recovered_at: datetime | None
    notified_at: datetime | None


def score(
    plan: Plan, units: Sequence[Unit], incidents: Sequence[Mapping[str, object]], now: datetime
) -> dict[str, list[Line]]:
    """{"missed": [...], "false": [...]}.

    Incidents are {cause, targets, rules, opened_at, recovered_at, notified_at, severity}: targets may be ids or scenario
    names, instants aware datetimes or ISO text.
    """
    found = [_incident(plan, incident) for incident in incidents]
    missed = [_missed(unit, found, now) for unit in units if unit.due is not None and unit.due <= now]
    false = [_line_of(incident, target) for incident in found for target in _outside(incident, units, now)]
    return {"missed": [line for line in missed if line is not None], "false": false}


def not_yet_due(
    plan: Plan, units: Sequence[Unit], incidents: Sequence[Mapping[str, object]], now: datetime
) -> list[Line]:
    """What must be told later than `now` and has not been told yet: neither found nor missed."""
    found = [_incident(plan, incident) for incident in incidents]
    awaited = [_missed(unit, found, now) for unit in units if unit.due is not None and unit.due > now]
    return [line for line in awaited if line is not None]


def _missed(unit: Unit, found: Sequence[_Incident], now: datetime) -> Line | None:
    """None when an incident covers the unit and was told; else what is missing, with what came nearest."""
    covering = [i for i in found if unit.target in i.targets and i.cause == unit.cause and _meets(unit, i, now)]
    if any(incident.notified_at is not None for incident in covering):
        return None
    evidence = str(UNTOLD) if covering else f"no incident ({unit.kind})"
    return {
        "target": unit.target,
        "cause": str(unit.cause),
        "rule": None,
        "from": _iso(unit.start),
        "to": _iso(unit.end),
        "found_at": None,
        "evidence": evidence,
    }


def _outside(incident: _Incident, units: Sequence[Unit], now: datetime) -> list[str]:
    """The incident's targets that belong to no unit of its cause at its time."""
    mine = [unit for unit in units if unit.cause == incident.cause and _meets(unit, incident, now)]
    known = {unit.target for unit in mine}
    return [target for target in incident.targets if target not in known]


def _meets(unit: Unit, incident: _Incident, now: datetime) -> bool:
    until = unit.end + AFTERGLOW if unit.end is not None else datetime.max.replace(tzinfo=now.tzinfo)
    closed = incident.recovered_at or now
    return incident.opened_at <= until and closed >= unit.start


def _line_of(incident: _Incident, target: str) -> Line:
    return {
        "target": target,
        "cause": incident.cause,
        "rule": incident.rule,
        "from": _iso(incident.opened_at),
        "to": _iso(incident.recovered_at),
        "found_at": _iso(incident.notified_at),
        "evidence": str(UNEXPECTED),
    }


def _incident(plan: Plan, raw: Mapping[str, object]) -> _Incident:
    targets, rules = raw["targets"], raw.get("rules")
    assert isinstance(targets, list | tuple)
    opened = _instant(raw["opened_at"])
    assert opened is not None
    return _Incident(
        cause=str(raw["cause"]),
        targets=tuple(plan.target_name(str(target)) for target in targets),
        rule=str(rules[0]) if isinstance(rules, list | tuple) and rules else None,
        opened_at=opened,
        recovered_at=_instant(raw.get("recovered_at")),
        notified_at=_instant(raw.get("notified_at")),
    )


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, datetime) else None


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
