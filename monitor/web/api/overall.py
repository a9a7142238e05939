"""What is asked of the whole: the index, the OpenAPI document, what falls due, the rules in force, coverage.

What needs judging or the settings is a question of the desk, handed in by name; here its rows are cut into pages.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.model import Compliance, Confidence, Severity, TargetKind, say
from monitor.store import views
from monitor.web.api.openapi import document
from monitor.web.api.route import PAGED, Asked, Parameter, Route, Sources, iso_or_null, paged, place_of
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

DUE = record(
    optional=("have", "more", "broken_at", "of", "no_day"),
    target=name(),
    rule=text(),
    standing=word(Compliance),
    due=instant(),
    why=text(),
    no_day=switch(),
    have=number(),
    more=number(),
    broken_at=number(),
    of=number(),
)
RULE = record(
    pack=text(),
    id=text(),
    source=text(),
    article=text(),
    also=rows(text()),
    says=text(),
    obligation=text(),
    limit=maybe(text()),
    severity=word(Severity),
    confidence=word(Confidence),
    targets=number(),
)
COVERED = record(
    kind=word(TargetKind),
    total=number(),
    within=number(),
    overdue=number(),
    oldest_due_at=maybe(instant()),
    blind=number(),
    undated=number(),
)
AGES = ("heartbeat", "visit", "look", "delivery", "event")
ROW = record(method=word(["GET", "POST"]), path=text(), does=text())
INDEX = record(
    name=text(),
    openapi=text(),
    reading=word(["open", "token"]),
    changing=word(["token", "off"]),
    routes=rows(ROW),
)


async def _index(sources: Sources, asked: Asked) -> object:
    routes = [
        {"method": route.method.upper(), "path": f"/api/v1{route.path}", "does": asked.words(route.does)}
        for route in sources.routes
    ]
    told = {"name": "zhishou", "openapi": "/api/v1/openapi.json"}
    return told | {"reading": sources.reading, "changing": sources.changing, "routes": routes}


async def _document(sources: Sources, asked: Asked) -> object:
    return document(sources.routes, asked.language, is_open=sources.reading == "open", named=sources.named)


async def _due(sources: Sources, asked: Asked) -> object:
    days, after = asked.told.get("days"), place_of(asked, str, str, str)
    question = {"kept": days is not None, "language": asked.language} | ({} if days is None else {"days": days})
    told = _rows(await sources.command("due", asked.language)(question))
    further = [one for one in told if after is None or _key(one) > after]
    found = paged(further[: asked.limit + 1], asked.limit, _due_row, _key)
    complete_to = told[0].get("complete_to") if told else None
    return found | {"complete_to": None if complete_to is None else iso_or_null(datetime.fromisoformat(complete_to))}


def _due_row(one: Mapping[str, Any]) -> dict[str, Any]:
    due = iso_or_null(datetime.fromisoformat(one["due"]))
    return {key: due if key == "due" else value for key, value in one.items() if key != "complete_to"}


def _key(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return (one["due"], one["target"], one["rule"])


async def _rules(sources: Sources, asked: Asked) -> object:
    told = _rows(await sources.command("rules", asked.language)({}))
    (behind,) = place_of(asked, int) or (0,)
    numbered = list(enumerate(told, 1))[max(behind, 0) :]
    return paged(numbered, asked.limit, lambda one: one[1], lambda one: (one[0],))


async def _coverage(sources: Sources, _asked: Asked) -> object:
    estate = await sources.estate()
    unseen = views.Unseen(0, 0)
    ages = {one.name: iso_or_null(one.at) for one in estate.ages}
    return {
        "at": iso_or_null(estate.at),
        "kinds": [
            {
                "kind": one.kind.value,
                "total": one.total,
                "within": one.within,
                "overdue": one.overdue,
                "oldest_due_at": iso_or_null(one.oldest_due_at),
                "blind": estate.blind.get(one.kind, unseen).blind,
                "undated": estate.blind.get(one.kind, unseen).undated,
            }
            for one in estate.coverage
        ],
        "last": {age: ages.get(age) for age in AGES},
    }


def _rows(told: object) -> Sequence[Mapping[str, Any]]:
    assert isinstance(told, list)
    return told


ROUTES = (
    Route(
        path="/",
        does=say("what can be asked here, and whether a token is needed"),
        answers=INDEX,
        answer=_index,
    ),
    Route(
        path="/openapi.json",
        does=say("this description for programs, by OpenAPI 3.1"),
        answers=table(ANYTHING),
        answer=_document,
    ),
    Route(
        path="/due",
        does=say(
            "what falls due next, earliest first; with no_day nothing tells when it breaks, and due is since when it is due; what is unknown keeps the day it had when it was last seen; have, more, broken_at and of are the numbers of counts and shares; complete_to says till when nothing is missing, null: nothing is"
        ),
        parameters=(
            Parameter("days", number(0, 3660), say("all that falls due within so many days, warned of or not")),
            *PAGED,
        ),
        answers=page(DUE, complete_to=maybe(instant())),
        answer=_due,
        needs="due",
        also=frozenset({409}),
    ),
    Route(
        path="/rules",
        does=say("every rule in force, with its article and how many targets fall under it"),
        parameters=PAGED,
        answers=page(RULE),
        answer=_rules,
        needs="rules",
    ),
    Route(
        path="/coverage",
        does=say("how many targets of each kind were looked at in time, and when each thing last happened"),
        answers=record(at=instant(), kinds=rows(COVERED), last=record({age: maybe(instant()) for age in AGES})),
        answer=_coverage,
    ),
)
NAMED = {"Due": DUE, "Rule": RULE, "Coverage": COVERED}
