"""What incidents must be by the event log: its lines taken one after the other. Registers are told in registers.py.

Pure. Knows the lines that change incidents; other lines change nothing here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.model import IncidentState, Severity
from monitor.store import canon
from monitor.store.events import Line


@dataclass(slots=True)
class Part:
    """What a target was in an incident last."""

    joined_at: int
    severity: str
    rules: list[str]
    left_at: int | None = None


@dataclass(slots=True)
class Told:
    """An incident as its lines tell it. `evidence`: the seals of what decided it, in order."""

    cause: str
    key: str
    severity: Severity
    opened_at: int
    state: IncidentState = IncidentState.OPEN
    by: str | None = None
    acknowledged_at: int | None = None
    recovered_at: int | None = None
    closed_at: int | None = None
    rules: set[str] = field(default_factory=set)
    members: dict[str, Severity] = field(default_factory=dict)  # those in it, and what each weighs
    ever: dict[str, Part] = field(default_factory=dict)  # whoever was in it
    notes: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[tuple[str, str, int]] = field(default_factory=list)  # seal, target, at
    unsealed: int = 0  # times an earlier program told of evidence without sealing it
    shown: list[tuple[str, Any]] = field(default_factory=list)  # target, page it showed as it left
    warned: int | None = 0  # None: an earlier program did not say


class Ledger:
    """Incidents by number."""

    def __init__(self) -> None:
        self.incidents: dict[int, Told] = {}

    def take(self, line: Line) -> None:
        """One more line."""
        area, _, what = line.what.partition(".")
        if area == "incident":
            self._incident(what, line, canon.loads(line.body))

    def _incident(self, what: str, line: Line, body: Mapping[str, Any]) -> None:
        number = body.get("incident")
        if not isinstance(number, int):
            return
        if what == "opened":
            severity = Severity(body["severity"])
            warned = body.get("warned")
            self.incidents[number] = Told(body["cause"], body["key"], severity, line.at, warned=warned)
            return
        told, change = self.incidents.get(number), _CHANGES.get(what)
        if told is None:
            return
        if what in _NOTED:
            told.notes.append({"at": line.at, "by": line.who, "what": line.what, "note": body["note"]})
        if change is not None:
            change(told, line, body)


def _joined(told: Told, line: Line, body: Mapping[str, Any]) -> None:
    told.members[body["target"]] = weight = Severity(body["severity"])
    told.severity = min(told.severity, weight, key=lambda one: one.rank)
    told.rules |= set(body["rules"])
    _part(told, line, body)
    if "evidence" in body:
        told.evidence.append((body["evidence"], body["target"], line.at))
    elif line.what != "incident.day":
        told.unsealed += 1


def _part(told: Told, line: Line, body: Mapping[str, Any]) -> None:
    was = told.ever.get(body["target"])
    told.ever[body["target"]] = Part(line.at if was is None else was.joined_at, body["severity"], list(body["rules"]))
    told.warned = None if told.warned is None or "warned" not in body else max(told.warned, body["warned"])


def _left(told: Told, line: Line, body: Mapping[str, Any]) -> None:
    told.members.pop(body["target"], None)
    _gone(told, body["target"], line.at)
    if "shown" in body:
        told.shown.append((body["target"], body["shown"]))


def _gone(told: Told, target: str, at: int) -> None:
    part = told.ever.get(target)
    if part is not None and part.left_at is None:
        part.left_at = at


def _eased(told: Told, line: Line, body: Mapping[str, Any]) -> None:
    """As grave as those still in it are now."""
    told.members[body["target"]] = Severity(body["severity"])
    told.severity = min(told.members.values(), key=lambda one: one.rank)
    told.rules |= set(body["rules"])
    _part(told, line, body)


def _judged_again(told: Told, _line: Line, body: Mapping[str, Any]) -> None:
    """Over already: it weighs what it would have weighed by what is filed now."""
    told.severity = Severity(body["severity"][1])
    if body["target"] in told.ever:
        told.ever[body["target"]].severity = body["member"][1] or Severity.REMIND.value


def _acknowledged(told: Told, line: Line, _body: Mapping[str, Any]) -> None:
    told.state, told.by, told.acknowledged_at = IncidentState.ACKNOWLEDGED, line.who, line.at


def _over(state: IncidentState) -> Callable[[Told, Line, Mapping[str, Any]], None]:
    def over(told: Told, line: Line, _body: Mapping[str, Any]) -> None:
        told.state = state
        if state is IncidentState.RECOVERED:
            told.recovered_at = line.at
        else:
            told.closed_at = line.at
        for each in told.members:
            _gone(told, each, line.at)
        told.members.clear()

    return over


_CHANGES: dict[str, Callable[[Told, Line, Mapping[str, Any]], None]] = {
    "joined": _joined,
    "worsened": _joined,
    "day": _joined,
    "eased": _eased,
    "member_eased": _eased,
    "judged_again": _judged_again,
    "left": _left,
    "acknowledged": _acknowledged,
    "recovered": _over(IncidentState.RECOVERED),
    "unwatched": _over(IncidentState.CLOSED),
    "folded": _over(IncidentState.CLOSED),
    "closed": _over(IncidentState.CLOSED),
    "false_alarm": _over(IncidentState.FALSE_ALARM),
}
"""What each line changes; lines that are not here (a false alarm proposed, a note) change nothing."""
_NOTED = frozenset({"acknowledged", "closed", "false_alarm_proposed", "false_alarm"})
"""What people say something with."""
