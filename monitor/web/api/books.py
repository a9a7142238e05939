"""The ledgers over HTTP: events, deliveries, declarations, messages.

Reads `store/books.py`, page by page. Addresses of channels are in no answer: a channel is named by its id.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.clock import to_ms
from monitor.model import DeclarationKind, DeliveryState, MessageClass, Severity, say
from monitor.store import books
from monitor.store.casebook import NEWEST
from monitor.web.api.route import (
    LIMIT,
    OF_TARGET,
    PAGED,
    Asked,
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
    LARGEST,
    ending,
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

EVENT = record(seq=number(1), at=instant(), who=text(), what=text(), body=ANYTHING, hash=text())
DELIVERY = record(
    delivery=number(1),
    recipient=text(),
    channel=text(),
    state=word(DeliveryState),
    severity=word(Severity),
    created_at=instant(),
    attempt=number(),
    maybe_arrived=switch(),
    attempted_at=maybe(instant()),
    next_attempt_at=maybe(instant()),
    finished_at=maybe(instant()),
    receipt=text(),
    last_error=text(),
    notices=number(),
    incidents=rows(number(1), books.NAMED),
)
PAPER = record(name=text(), bytes=number(), sha256=text())
DECLARATION = record(
    {"from": instant(), "to": maybe(ending())},
    declaration=number(1),
    held_until=maybe(ending()),
    kind=word(DeclarationKind),
    target=name(),
    number=text(),
    by=text(),
    filed_at=instant(),
    fields=table(ANYTHING),
    attachments=rows(PAPER),
    corrects=maybe(number(1)),
    superseded_at=maybe(instant()),
    superseded_by=maybe(text()),
    corrected_by=maybe(number(1)),
    withdrawn_because=maybe(text()),
    counts=switch(),
)
MESSAGE = record(
    {"class": word(MessageClass)},
    message=text(),
    target=name(),
    received_at=instant(),
    answered_at=maybe(instant()),
    explained=switch(),
    source=text(),
    told_at=instant(),
    how=word(("import", "hand", "read")),
    answer=word(("told", "read", "seen")),
    title=text(),
    url=text(),
)


def _events(tx: sqlite3.Connection, asked: Asked) -> object:
    found = books.events(tx, asked.limit + 1, asked.told.get("after", 0))
    shown = found[: asked.limit]
    lines = [
        {
            "seq": one.seq,
            "at": iso_or_null(one.at),
            "who": one.who,
            "what": one.what,
            "body": one.body,
            "hash": one.hash,
        }
        for one in shown
    ]
    return {"rows": lines, "next": shown[-1].seq if len(found) > asked.limit else None}


def _deliveries(tx: sqlite3.Connection, asked: Asked) -> object:
    before = place_of(asked, int) or (NEWEST,)
    state = asked.told.get("state")
    found = books.deliveries(
        tx,
        asked.limit + 1,
        *before,
        state=None if state is None else DeliveryState(state),
        channel=asked.told.get("channel"),
    )
    return paged(found, asked.limit, delivery, lambda one: (one.id,))


def delivery(one: books.Delivery) -> dict[str, Any]:
    """A delivery as it is told."""
    return {
        "delivery": one.id,
        "recipient": one.recipient,
        "channel": one.channel,
        "state": one.state.value,
        "severity": one.severity.value,
        "created_at": iso_or_null(one.created_at),
        "attempt": one.attempt,
        "maybe_arrived": one.maybe,
        "attempted_at": iso_or_null(one.attempted_at),
        "next_attempt_at": iso_or_null(one.next_attempt_at) if one.finished_at is None else None,
        "finished_at": iso_or_null(one.finished_at),
        "receipt": one.receipt,
        "last_error": one.last_error,
        "notices": one.notices,
        "incidents": list(one.incidents),
    }


def _declarations(tx: sqlite3.Connection, asked: Asked) -> object:
    before = place_of(asked, int) or (NEWEST,)
    kind = asked.told.get("kind")
    found = books.declarations(
        tx,
        asked.limit + 1,
        *before,
        target=of_target(asked),
        kind=None if kind is None else DeclarationKind(kind),
        superseded=asked.told.get("superseded", True),
    )
    ends = books.ends(tx, found, asked.now)
    return paged(found, asked.limit, lambda one: _filed(one, ends), lambda one: (one.declaration.id,))


def _filed(one: books.Filed, ends: Mapping[int, datetime | None]) -> dict[str, Any]:
    told = one.declaration
    return {
        "declaration": told.id,
        "kind": told.kind.value,
        "target": told.target,
        "from": iso_or_null(told.start),
        "to": iso_or_null(told.end),
        "held_until": iso_or_null(ends.get(told.id, told.end)),
        "number": told.number,
        "by": told.by,
        "filed_at": iso_or_null(told.filed_at),
        "fields": dict(told.fields),
        "attachments": list(one.papers),
        "corrects": one.corrects,
        "superseded_at": iso_or_null(one.superseded_at),
        "superseded_by": one.superseded_by,
        "corrected_by": one.corrected_by,
        "withdrawn_because": one.withdrawn_because,
        "counts": one.superseded_at is None,
    }


def _messages(tx: sqlite3.Connection, asked: Asked) -> object:
    after = place_of(asked, str, int, str) or ("", -1 << 62, "")
    waiting = asked.told.get("waiting", False)
    found = books.messages(tx, asked.limit + 1, after, target=of_target(asked), waiting=waiting)
    return paged(
        found,
        asked.limit,
        _entered,
        lambda one: (one.message.target, to_ms(one.message.received_at), one.message.id),
    )


def _entered(one: books.Entered) -> dict[str, Any]:
    told = one.message
    return {
        "message": told.id,
        "target": told.target,
        "class": told.cls.value,
        "received_at": iso_or_null(told.received_at),
        "answered_at": iso_or_null(told.answered_at),
        "explained": told.explained,
        "source": one.source,
        "told_at": iso_or_null(one.told_at),
        "how": one.how,
        "answer": one.answer,
        "title": one.title,
        "url": one.url,
    }


ROUTES = (
    Route(
        path="/events",
        does=say("lines of the event log, the oldest first, each sealed to the one before"),
        parameters=(Parameter("after", number(), say("lines behind this number")), LIMIT),
        answers=record(rows=rows(EVENT, 1000), next=maybe(number(1, LARGEST))),
        answer=looked_up(_events),
    ),
    Route(
        path="/deliveries",
        does=say("messages on their way, and what became of each, the newest first"),
        parameters=(
            Parameter("state", word(DeliveryState), say("in this state")),
            Parameter("channel", name(), say("over this channel")),
            *PAGED,
        ),
        answers=page(DELIVERY),
        answer=looked_up(_deliveries),
    ),
    Route(
        path="/declarations",
        does=say("what was filed, the newest first"),
        parameters=(
            OF_TARGET,
            Parameter("kind", word(DeclarationKind), say("of this kind")),
            Parameter("superseded", switch(), say("also what was corrected or taken back; yes when it is not told")),
            *PAGED,
        ),
        answers=page(DECLARATION),
        answer=looked_up(_declarations),
    ),
    Route(
        path="/messages",
        does=say("the register of messages of the public, by target and time of receipt"),
        parameters=(OF_TARGET, Parameter("waiting", switch(), say("only those nobody has answered")), *PAGED),
        answers=page(MESSAGE),
        answer=looked_up(_messages),
    ),
)
NAMED = {
    "Event": EVENT,
    "Delivery": DELIVERY,
    "Declaration": DECLARATION,
    "Message": MESSAGE,
}
