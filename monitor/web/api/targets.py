"""/targets and /standings: what is watched, what was last seen of it, and where it stands by each rule.

Reads the store's roll; standings that are met are no rows and are judged on reading, by a question that is handed in.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

from monitor.model import Cause, ColumnKind, Compliance, EntryKind, Outcome, Platform, TargetKind, say
from monitor.store import casebook, roll
from monitor.web.api.route import (
    OF_TARGET,
    PAGED,
    Asked,
    Missing,
    Parameter,
    Route,
    Sources,
    iso_or_null,
    looked_up,
    of_target,
    paged,
    place_of,
)
from monitor.web.api.schema import (
    day,
    instant,
    maybe,
    name,
    number,
    page,
    record,
    rows,
    switch,
    text,
    word,
)

STANDINGS = "standings"
"""The question that is handed in: every standing of one target, the met ones too."""
FOUND_AT_MOST = 200
"""Findings told with one target."""
INCIDENTS = 50
"""Incidents that go on told with one target."""

NOT_MET = [one.value for one in Compliance if one is not Compliance.MET]
SHOWN = record(day=day(), title=text(), url=text(), at=instant(), source=text(), dated=switch())
KNOWN = record(
    newest=maybe(day()),
    newest_from=maybe(text()),
    looked_at=maybe(instant()),
    blind_since=maybe(instant()),
    blind_reason=maybe(text()),
    blind_words=maybe(text()),
    shown=maybe(SHOWN),
    registered=maybe(SHOWN),
)
CONTACT = record(name=text(), phone=text(), role=text())
TARGET = record(
    target=name(),
    kind=word(TargetKind),
    name=text(),
    url=text(),
    owner=text(),
    contacts=rows(CONTACT),
    site=maybe(name()),
    column=maybe(word(ColumnKind)),
    on_home=switch(),
    level=maybe(number()),
    entry=maybe(word(EntryKind)),
    platform=maybe(word(Platform)),
    packs=rows(text()),
    state=word(roll.Sight),
    added_at=instant(),
    removed_at=maybe(instant()),
    period_seconds={"type": "number"},
    next_look_at=maybe(instant()),
    visits=number(),
    last_visit_at=maybe(instant()),
    last_look_at=maybe(instant()),
    first_look_at=maybe(instant()),
    blind_since=maybe(instant()),
    blind_why=maybe(text()),
    muted_until=maybe(instant()),
    standings=record({one: number() for one in NOT_MET}, optional=NOT_MET),
)
FOUND = record(
    check=text(),
    subject=text(),
    outcome=word(Outcome),
    cause=maybe(word(Cause)),
    reason=text(),
    since=instant(),
    last_at=instant(),
    looks=number(1),
    summary=text(),
)
_STANDS = {
    "rule": text(),
    "standing": word(Compliance),
    "cause": word(Cause),
    "since": maybe(instant()),
    "until": maybe(instant()),
    "why": text(),
    "declaration": maybe(number(1)),
}
"""`declaration`: the number of what exempts it (then `since` is its start), or of what lacks something; else null.

Of what is unknown `since` is when blindness began; where nobody is blind, when it was first judged so.
"""
STANDING = record(_STANDS)
HELD = record(_STANDS, target=name(), rule_version=text(), decided_at=instant())
ATTESTATION = record(
    attestation=number(1),
    newest=day(),
    at=instant(),
    until=instant(),
    by=text(),
    screenshot=text(),
    note=text(),
    holds=switch(),
    taken_back_by=maybe(number(1)),
)
ATTESTED = record(target=name(), known=KNOWN, attestations=rows(ATTESTATION, 1000))
WHOLE = record(
    target=TARGET,
    findings=rows(FOUND, FOUND_AT_MOST),
    incidents=rows(number(1), INCIDENTS),
    standings=rows(STANDING),
    standings_complete=switch(),
)


def _list(tx: sqlite3.Connection, asked: Asked) -> object:
    after = place_of(asked, str) or ("",)
    kind = asked.told.get("kind")
    found = roll.entries(
        tx,
        asked.limit + 1,
        *after,
        kind=None if kind is None else TargetKind(kind),
        site=asked.told.get("site"),
        removed=asked.told.get("removed", False),
    )
    return paged(found, asked.limit, lambda one: _row(one, asked), lambda one: (one.target.id,))


async def _one(sources: Sources, asked: Asked) -> object:
    stored = await sources.database.read(lambda tx: _stored(tx, asked))
    judged = await sources.command(STANDINGS, asked.language)({"target": asked.told["target"]})
    assert isinstance(judged, Mapping)
    return {**stored, **judged}


def _stored(tx: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    target = asked.told["target"]
    found = roll.entry(tx, target)
    if found is None:
        raise Missing(say("there is no target {target}", target=target))
    wanted = casebook.Wanted(states=casebook.GOING_ON, target=target)
    return {
        "target": _row(found, asked),
        "findings": [_found(one, asked) for one in roll.found(tx, target, FOUND_AT_MOST)],
        "incidents": [one.wrong.id for one in casebook.cases(tx, wanted, INCIDENTS, lines=1)],
    }


async def _attested(sources: Sources, asked: Asked) -> object:
    question = {"target": asked.told["target"], "language": asked.language}
    told = await sources.command("attested", asked.language)(question)
    assert isinstance(told, Mapping)
    return {**told, "attestations": told["attestations"][:1000]}


def _standings(tx: sqlite3.Connection, asked: Asked) -> object:
    after = place_of(asked, str, str) or ("", "")
    value = asked.told.get("value")
    found = roll.held(
        tx,
        asked.limit + 1,
        after,
        target=of_target(asked),
        rule=asked.told.get("rule"),
        value=None if value is None else Compliance(value),
    )
    return paged(found, asked.limit, lambda one: _held(one, asked), lambda one: (one.target, one.rule))


def _row(one: roll.Entry, asked: Asked) -> dict[str, Any]:
    target = one.target
    contacts = [{"name": who.name, "phone": who.phone, "role": who.role} for who in target.contacts]
    muted = one.muted_until if one.muted_until is not None and one.muted_until > asked.now else None
    return {
        "target": target.id,
        "kind": target.kind.value,
        "name": target.name,
        "url": target.url,
        "owner": target.owner,
        "contacts": contacts,
        "site": target.site,
        "column": target.column,
        "on_home": target.on_home,
        "level": target.level or None,
        "entry": target.entry,
        "platform": target.platform,
        "packs": list(target.packs),
        "state": one.sight.value,
        "added_at": iso_or_null(one.added_at),
        "removed_at": iso_or_null(one.removed_at),
        "period_seconds": one.period_seconds,
        "next_look_at": None if one.removed_at else iso_or_null(one.next_due_at),
        "visits": one.visits,
        "last_visit_at": iso_or_null(one.last_visit_at),
        "last_look_at": iso_or_null(one.last_look_at),
        "first_look_at": iso_or_null(one.first_look_at),
        "blind_since": iso_or_null(one.blind_since),
        "blind_why": None if one.blind_why is None else asked.words(one.blind_why),
        "muted_until": iso_or_null(muted),
        "standings": dict(one.standings),
    }


def _found(one: roll.Found, asked: Asked) -> dict[str, Any]:
    return {
        "check": one.check,
        "subject": one.subject,
        "outcome": one.outcome.value,
        "cause": None if one.cause is None else one.cause.value,
        "reason": one.reason,
        "since": iso_or_null(one.since),
        "last_at": iso_or_null(one.last_at),
        "looks": one.looks,
        "summary": asked.words(one.summary),
    }


def _held(one: roll.Held, asked: Asked) -> dict[str, Any]:
    return {
        "target": one.target,
        "rule": one.rule,
        "rule_version": one.rule_version,
        "standing": one.value.value,
        "cause": one.cause.value,
        "since": iso_or_null(one.since),
        "until": iso_or_null(one.until),
        "why": asked.words(one.why),
        "declaration": one.declaration,
        "decided_at": iso_or_null(one.decided_at),
    }


ROUTES = (
    Route(
        path="/targets",
        does=say("what is watched, by id; links only when they are asked for"),
        parameters=(
            Parameter("kind", word(TargetKind), say("of this kind")),
            Parameter("site", name(), say("of this site")),
            Parameter("removed", switch(), say("also what was taken off the inventory")),
            *PAGED,
        ),
        answers=page(TARGET),
        answer=looked_up(_list),
    ),
    Route(
        path="/targets/{target}",
        does=say("a target, what was last seen of it, and every standing, the met ones judged now"),
        parameters=(Parameter("target", name(), say("id of the target"), "path"),),
        answers=WHOLE,
        answer=_one,
        needs=STANDINGS,
        also=frozenset({404}),
    ),
    Route(
        path="/attestations/{target}",
        does=say("what people attested of a target, and what a look last saw of it"),
        parameters=(Parameter("target", name(), say("id of the target"), "path"),),
        answers=ATTESTED,
        answer=_attested,
        needs="attested",
        also=frozenset({404}),
    ),
    Route(
        path="/standings",
        does=say(
            "standings that are not met, by target and rule; declaration is what exempts one, or what lacks something"
        ),
        parameters=(
            OF_TARGET,
            Parameter("rule", name(), say("by this rule, written pack/id")),
            Parameter("value", word(NOT_MET), say("with this value")),
            *PAGED,
        ),
        answers=page(HELD),
        answer=looked_up(_standings),
    ),
)
NAMED = {"Target": TARGET, "Finding": FOUND, "Standing": STANDING, "StandingHeld": HELD, "TargetWhole": WHOLE}
