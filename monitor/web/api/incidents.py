"""/incidents: what is and was wrong, each incident with its targets, rules, notes, evidence and messages.

Reads the store's casebook. What an incident is called is what the desk calls it.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.clock import from_ms, iso
from monitor.model import Cause, IncidentState, Severity, TargetKind, say
from monitor.store import books, casebook, views
from monitor.web.api.books import DELIVERY, delivery
from monitor.web.api.route import (
    PAGED,
    Asked,
    Missing,
    Parameter,
    Route,
    iso_or_null,
    looked_up,
    of_target,
    paged,
    place_of,
)
from monitor.web.api.schema import (
    ANYTHING,
    instant,
    maybe,
    name,
    number,
    page,
    record,
    rows,
    switch,
    table,
    text,
    word,
)
from monitor.web.cards import headline

LINES = 5
"""Targets named with one incident of a list."""
WITH_ONE = 200
"""Targets and pieces of evidence told with one incident; all its targets are a list of their own."""

TARGET = record(id=name(), name=text(), url=text(), why=text(), since=instant())
INCIDENT = record(
    incident=number(1),
    cause=word(Cause),
    key=text(),
    what=text(),
    severity=word(Severity),
    state=word(IncidentState),
    since=instant(),
    opened_at=instant(),
    acknowledged_by=maybe(text()),
    acknowledged_at=maybe(instant()),
    recovered_at=maybe(instant()),
    closed_at=maybe(instant()),
    rules=rows(text()),
    members=number(),
    targets=rows(TARGET, LINES),
)
MEMBER = record(
    target=name(),
    kind=maybe(word(TargetKind)),
    name=text(),
    url=text(),
    owner=text(),
    since=instant(),
    joined_at=instant(),
    left_at=maybe(instant()),
    severity=word(Severity),
    rules=rows(text()),
    why=text(),
)
CITED = record(
    rule=text(),
    in_force=switch(),
    source=text(),
    article=text(),
    says=text(),
    status=text(),
    confidence=maybe(text()),
)
NOTE = record(at=instant(), by=text(), what=text(), note=text())
EVIDENCE = record(target=text(), at=instant(), body=table(ANYTHING))
WHOLE = record(
    incident=INCIDENT,
    members=rows(MEMBER, WITH_ONE),
    rules=rows(CITED),
    notes=rows(NOTE),
    evidence=rows(EVIDENCE, WITH_ONE),
    deliveries=rows(DELIVERY, WITH_ONE),
)
NUMBER = Parameter("incident", number(1), say("number of the incident"), "path")


def _list(tx: sqlite3.Connection, asked: Asked) -> object:
    told = asked.told
    wanted = casebook.Wanted(
        tuple(map(IncidentState, told.get("state", ()))),
        tuple(map(Cause, told.get("cause", ()))),
        tuple(map(Severity, told.get("severity", ()))),
        of_target(asked),
        told.get("since"),
    )
    before = place_of(asked, int) or (casebook.NEWEST,)
    found = casebook.cases(tx, wanted, asked.limit + 1, *before, lines=LINES)
    return paged(found, asked.limit, lambda one: _row(one, asked), lambda one: (one.wrong.id,))


def _one(tx: sqlite3.Connection, asked: Asked) -> object:
    number = asked.told["incident"]
    found = casebook.cases(tx, casebook.Wanted(), 1, number=number, lines=LINES)
    if not found:
        raise Missing(say("there is no incident {id}", id=number))
    cited = views.citations(tx, found[0].wrong.rules)
    return {
        "incident": _row(found[0], asked),
        "members": [_member(one, asked) for one in casebook.parts(tx, number, WITH_ONE)],
        "rules": [_cited(rule, cited.get(rule)) for rule in found[0].wrong.rules],
        "notes": [_note(one) for one in views.notes(tx, number)],
        "evidence": [
            {"target": one.target, "at": iso_or_null(one.at), "body": one.body}
            for one in casebook.evidence(tx, number, WITH_ONE)
        ],
        "deliveries": [delivery(one) for one in books.deliveries_of(tx, number, WITH_ONE)],
    }


def _members(tx: sqlite3.Connection, asked: Asked) -> object:
    number = asked.told["incident"]
    after = place_of(asked, str) or ("",)
    found = casebook.parts(tx, number, asked.limit + 1, *after)
    if not found and not casebook.cases(tx, casebook.Wanted(), 1, number=number):
        raise Missing(say("there is no incident {id}", id=number))
    return paged(found, asked.limit, lambda one: _member(one, asked), lambda one: (one.target,))


def _row(case: casebook.Case, asked: Asked) -> dict[str, Any]:
    one = case.wrong
    return {
        "incident": one.id,
        "cause": one.cause.value,
        "key": one.key,
        "what": asked.words(headline(one)),
        "severity": one.severity.value,
        "state": one.state.value,
        "since": iso_or_null(one.since),
        "opened_at": iso_or_null(one.opened_at),
        "acknowledged_by": one.acknowledged_by,
        "acknowledged_at": iso_or_null(one.acknowledged_at),
        "recovered_at": iso_or_null(case.recovered_at),
        "closed_at": iso_or_null(case.closed_at),
        "rules": list(one.rules),
        "members": one.members,
        "targets": [
            {
                "id": line.id,
                "name": line.name,
                "url": line.url,
                "why": asked.words(line.why),
                "since": iso_or_null(line.since),
            }
            for line in one.targets
        ],
    }


def _member(one: casebook.Part, asked: Asked) -> dict[str, Any]:
    return {
        "target": one.target,
        "kind": None if one.kind is None else one.kind.value,
        "name": one.name,
        "url": one.url,
        "owner": one.owner,
        "since": iso_or_null(one.since),
        "joined_at": iso_or_null(one.joined_at),
        "left_at": iso_or_null(one.left_at),
        "severity": one.severity.value,
        "rules": list(one.rules),
        "why": asked.words(one.why),
    }


def _cited(rule: str, said: views.Citation | None) -> dict[str, Any]:
    """What it says by its version in force; a rule nobody applies any more is named alone."""
    return {
        "rule": rule,
        "in_force": said is not None,
        "source": said.source if said else "",
        "article": said.article if said else "",
        "says": said.says if said else "",
        "status": said.status if said else "",
        "confidence": said.confidence.value if said else None,
    }


def _note(one: Mapping[str, Any]) -> dict[str, Any]:
    at: datetime = from_ms(one["at"])
    return {"at": iso(at), "by": one["by"], "what": one["what"], "note": one["note"]}


ROUTES = (
    Route(
        path="/incidents",
        does=say("incidents, the newest first"),
        parameters=(
            Parameter("state", rows(word(IncidentState)), say("in one of these states, with commas between them")),
            Parameter("cause", rows(word(Cause)), say("of one of these causes, with commas between them")),
            Parameter("severity", rows(word(Severity)), say("of one of these severities, with commas between them")),
            Parameter("target", name(), say("in which this target is or was; desk is the duty desk")),
            Parameter("since", instant(), say("opened then or later: a day, or an instant with its zone")),
            *PAGED,
        ),
        answers=page(INCIDENT),
        answer=looked_up(_list),
    ),
    Route(
        path="/incidents/{incident}",
        does=say("an incident with its targets, rules, notes, evidence and messages"),
        parameters=(NUMBER,),
        answers=WHOLE,
        answer=looked_up(_one),
        also=frozenset({404}),
    ),
    Route(
        path="/incidents/{incident}/members",
        does=say("every target that is or was in an incident"),
        parameters=(NUMBER, *PAGED),
        answers=page(MEMBER),
        answer=looked_up(_members),
        also=frozenset({404}),
    ),
)
NAMED = {"Incident": INCIDENT, "IncidentTarget": TARGET, "Member": MEMBER, "Citation": CITED, "IncidentWhole": WHOLE}
