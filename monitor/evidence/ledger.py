"""What the tables must be by the event log: its lines taken one after the other.

Pure. Knows the lines that change incidents, declarations and deliveries; other lines change nothing here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.model import IncidentState, Severity
from monitor.store import canon
from monitor.store.events import Line


@dataclass(slots=True)
class Told:
    """An incident as its lines tell it. `evidence`: the seals of what decided it, in order."""

    cause: str
    key: str
    severity: Severity
    opened_at: int
    state: IncidentState = IncidentState.OPEN
    by: str | None = None
    rules: set[str] = field(default_factory=set)
    members: dict[str, Severity] = field(default_factory=dict)  # those in it, and what each weighs
    evidence: list[str] = field(default_factory=list)
    unsealed: bool = False  # an earlier program told of evidence without sealing it


class Ledger:
    """Incidents, declarations and deliveries by number; deliveries as the state they ended in."""

    def __init__(self) -> None:
        self.incidents: dict[int, Told] = {}
        self.declarations: dict[int, dict[str, Any]] = {}
        self.deliveries: dict[int, str] = {}

    def take(self, line: Line) -> None:
        """One more line."""
        area, _, what = line.what.partition(".")
        if area == "delivery" and what in {"sent", "superseded", "dead"}:
            self.deliveries[canon.loads(line.body)["delivery"]] = what
        elif area == "declaration":
            self._declaration(what, line, canon.loads(line.body))
        elif area == "incident":
            self._incident(what, line, canon.loads(line.body))

    def _incident(self, what: str, line: Line, body: Mapping[str, Any]) -> None:
        number = body.get("incident")
        if not isinstance(number, int):
            return
        if what == "opened":
            severity = Severity(body["severity"])
            self.incidents[number] = Told(body["cause"], body["key"], severity, line.at)
            return
        told, change = self.incidents.get(number), _CHANGES.get(what)
        if told is not None and change is not None:
            change(told, line, body)

    def _declaration(self, what: str, line: Line, body: Mapping[str, Any]) -> None:
        number = body.get("declaration")
        if not isinstance(number, int):
            return
        if what == "filed":
            names = ("kind", "target", "start", "end", "number", "fields", "attachments", "corrects")
            told = {name: body.get(name) for name in names}
            self.declarations[number] = {**told, "who": line.who, "superseded": False}
        over = body.get("corrects") if what == "filed" else number if what == "withdrawn" else None
        if over in self.declarations:
            self.declarations[over]["superseded"] = True


def _joined(told: Told, line: Line, body: Mapping[str, Any]) -> None:
    told.members[body["target"]] = weight = Severity(body["severity"])
    told.severity = min(told.severity, weight, key=lambda one: one.rank)
    told.rules |= set(body["rules"])
    if "evidence" in body:
        told.evidence.append(body["evidence"])
    elif line.what != "incident.day":
        told.unsealed = True


def _left(told: Told, _line: Line, body: Mapping[str, Any]) -> None:
    told.members.pop(body["target"], None)


def _eased(told: Told, _line: Line, body: Mapping[str, Any]) -> None:
    """As grave as those still in it are now."""
    told.members[body["target"]] = Severity(body["severity"])
    told.severity = min(told.members.values(), key=lambda one: one.rank)
    told.rules |= set(body["rules"])


def _judged_again(told: Told, _line: Line, body: Mapping[str, Any]) -> None:
    """Over already: it weighs what it would have weighed by what is filed now."""
    told.severity = Severity(body["severity"][1])


def _acknowledged(told: Told, line: Line, _body: Mapping[str, Any]) -> None:
    told.state, told.by = IncidentState.ACKNOWLEDGED, line.who


def _over(state: IncidentState) -> Callable[[Told, Line, Mapping[str, Any]], None]:
    def over(told: Told, _line: Line, _body: Mapping[str, Any]) -> None:
        told.state = state
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
