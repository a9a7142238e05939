"""What people do to the desk: acknowledge, close, call a false alarm, mute, write into the log.

Each is one function of a transaction, names a person, refuses in plain words what cannot be, and adds a line to the event log.
Desk, socket and command line come through here. It never changes what was observed.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.clock import to_ms
from monitor.model import Cause, IncidentState, Severity, Text, say
from monitor.store import brought, canon, events, excused, incidents

LONGEST_MUTE = timedelta(days=30)
"""Nobody mutes for ever: a forgotten silence hides what comes after it."""
NEED_TWO = frozenset({Severity.VETO, Severity.SERIOUS})
"""A false alarm of these takes two people (domain.md §12)."""


NUMBER_OF_ONE = say("the number of a message of the register")
"""What is expected where there is no such message."""

Trouble = tuple[str, Text, Text | None]
"""Where in the request something is wrong, what, and what was expected."""


class Refused(Exception):
    """The command cannot be carried out; `text` tells the person why. `missing`: what it is about is not there.

    `troubles`: everything that is wrong with the request itself; with `conflict` what in it is at odds with what is on record.
    """

    def __init__(
        self, text: Text, *, missing: bool = False, conflict: bool = False, troubles: tuple[Trouble, ...] = ()
    ) -> None:
        super().__init__(str(text))
        self.text, self.missing, self.conflict, self.troubles = text, missing, conflict, troubles


def at_odds(where: str, text: Text, advice: Text) -> Refused:
    """With what is on record, in one place of the request."""
    return Refused(text, conflict=True, troubles=((where, text, advice),))


def ack(tx: sqlite3.Connection, now: datetime, by: str, incident: int, note: str = "") -> None:
    """Somebody has taken it: open → acknowledged. Once more by another name hands it over."""
    found = _incident(tx, incident)
    if found.state not in {IncidentState.OPEN, IncidentState.ACKNOWLEDGED}:
        raise Refused(say("incident {id} is {state}: there is nothing to take", id=incident, state=found.state.value))
    name = _name(by)
    tx.execute(
        "UPDATE incidents SET state = 'acknowledged', acknowledged_at = ?, acknowledged_by = ? WHERE id = ?",
        (to_ms(now), name, incident),
    )
    _note(tx, now, name, "incident.acknowledged", incident=incident, note=note)


def close(tx: sqlite3.Connection, now: datetime, by: str, incident: int, note: str = "") -> None:
    """Done with: recovered → closed. What still goes on cannot be closed."""
    found = _incident(tx, incident)
    if found.state is not IncidentState.RECOVERED:
        words = say(
            "incident {id} is {state}: only a recovered one can be closed", id=incident, state=found.state.value
        )
        raise Refused(words)
    name = _name(by)
    tx.execute("UPDATE incidents SET state = 'closed', closed_at = ? WHERE id = ?", (to_ms(now), incident))
    _note(tx, now, name, "incident.closed", incident=incident, note=note)


def false_alarm(tx: sqlite3.Connection, now: datetime, by: str, incident: int, note: str) -> bool:
    """误报. True when it is marked so now; False when a second person has still to confirm (veto and serious)."""
    found, name = _incident(tx, incident), _name(by)
    if found.state in {IncidentState.CLOSED, IncidentState.FALSE_ALARM}:
        raise Refused(say("incident {id} is {state} already", id=incident, state=found.state.value))
    if not note.strip():
        raise Refused(say("a false alarm needs a reason"))
    first = _first_mark(tx, incident)
    if found.severity in NEED_TWO and (first is None or first == name):
        if first is not None:
            raise Refused(say("{who} has said so already: a second person confirms", who=name))
        _note(tx, now, name, "incident.false_alarm_proposed", incident=incident, note=note)
        return False
    tx.execute("UPDATE incidents SET state = 'false_alarm', closed_at = ? WHERE id = ?", (to_ms(now), incident))
    left = "UPDATE members SET left_at = ? WHERE incident_id = ? AND left_at IS NULL RETURNING target_id"
    for (member,) in tx.execute(left, (to_ms(now), incident)).fetchall():
        brought.touch_site_of(tx, member, now)  # it counts toward no veto any more
        if found.cause is not Cause.OURS:
            excused.excuse(tx, member, found.cause, incident, now)
    _note(tx, now, name, "incident.false_alarm", incident=incident, note=note)
    return True


def mute(tx: sqlite3.Connection, now: datetime, by: str, target: str, *, until: datetime, reason: str) -> None:
    """No notices about a target until then, at most 30 days; looking and judging go on."""
    name = _name(by)
    if tx.execute("SELECT 1 FROM targets WHERE id = ?", (target,)).fetchone() is None:
        raise Refused(say("there is no target {target}", target=target), missing=True)
    if not now < until <= now + LONGEST_MUTE:
        raise Refused(say("a target is muted for at most {days} days from now", days=LONGEST_MUTE.days))
    if not reason.strip():
        raise Refused(say("muting needs a reason"))
    tx.execute(
        """INSERT INTO mutes (target_id, until, who, reason, at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (target_id) DO UPDATE SET until = excluded.until, who = excluded.who, reason = excluded.reason,
               at = excluded.at""",
        (target, to_ms(until), name, canon.clean(reason), to_ms(now)),
    )
    events.append(tx, now, name, "target.muted", {"target": target, "until": to_ms(until), "reason": reason})


def unmute(tx: sqlite3.Connection, now: datetime, by: str, target: str) -> None:
    """Notices about the target go out again."""
    name = _name(by)
    done = tx.execute("UPDATE mutes SET until = ?1 WHERE target_id = ?2 AND until > ?1", (to_ms(now), target))
    if done.rowcount == 0:
        raise Refused(say("{target} is not muted", target=target))
    events.append(tx, now, name, "target.unmuted", {"target": target})


def log(tx: sqlite3.Connection, now: datetime, by: str, text: str) -> int:
    """A line of the duty log. Returns its number."""
    if not text.strip():
        raise Refused(say("an empty line says nothing"))
    return events.append(tx, now, _name(by), "duty.logged", {"text": text.strip()})


def _incident(tx: sqlite3.Connection, incident: int) -> incidents.Incident:
    try:
        return incidents.load(tx, incident)
    except KeyError:
        raise Refused(say("there is no incident {id}", id=incident), missing=True) from None


def _name(by: str) -> str:
    name = canon.clean(by).strip()
    if not name:
        raise Refused(say("who? every change names a person"))
    return name


def _note(tx: sqlite3.Connection, now: datetime, by: str, what: str, *, incident: int, note: str) -> None:
    """A line of the log, and of the incident's own notes (a JSON list)."""
    line: Mapping[str, object] = {"at": to_ms(now), "by": by, "what": what, "note": note.strip()}
    stored = tx.execute("SELECT note FROM incidents WHERE id = ?", (incident,)).fetchone()[0]
    tx.execute("UPDATE incidents SET note = ? WHERE id = ?", (canon.dumps([*_notes(stored), line]), incident))
    events.append(tx, now, by, what, {"incident": incident, "note": note.strip()})


def _first_mark(tx: sqlite3.Connection, incident: int) -> str | None:
    """Who first called it a false alarm."""
    stored = tx.execute("SELECT note FROM incidents WHERE id = ?", (incident,)).fetchone()[0]
    marks = [line["by"] for line in _notes(stored) if line["what"] == "incident.false_alarm_proposed"]
    return str(marks[0]) if marks else None


def _notes(stored: str) -> list[dict[str, object]]:
    return canon.loads(stored) if stored else []
