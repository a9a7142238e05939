"""Why an incident was judged so, and what other rules would have said: as `zhishou explain` and `zhishou what-if` tell it.

Both are questions that are handed in. A replay takes the token although it changes nothing: it takes a reader of the store for a while.
"""

from monitor.model import Cause, IncidentState, Severity, say
from monitor.web.api.route import MIB, Asked, Parameter, Route, Sources
from monitor.web.api.schema import (
    ANYTHING,
    day,
    described,
    ending,
    instant,
    maybe,
    name,
    number,
    record,
    rows,
    switch,
    table,
    text,
    word,
)

WITHIN = 30.0
"""Seconds for judging an incident again: about a millisecond for each of its notices."""
REPLAYED_WITHIN = 75.0
"""Seconds for a replay, which gives up by itself after a minute."""

_LAST = described(day(), say("last day; the last that is known when it is not told"))
EXPLAINED = record(
    incident=number(1),
    same=maybe(switch()),
    cause=word(Cause),
    key=text(),
    state=word(IncidentState),
    severity=word(Severity),
    rules=rows(text()),
    opened_at=instant(),
    judged=rows(table(ANYTHING), 1000),
    events=rows(ANYTHING, 1000),
    declarations=rows(ANYTHING, 1000),
    deliveries=rows(ANYTHING, 1000),
    lines=rows(text(), 1000),
    cut=switch(),
)
DIFFERENCE = record(
    target=name(),
    cause=word(Cause),
    rules=rows(text()),
    what=text(),
    present=maybe(instant()),
    other=maybe(instant()),
    by_seconds={"type": "integer"},
    severity=maybe(word(Severity)),
    severities=rows(maybe(word(Severity)), 2),
)
MISSED = record(incident=number(1), target=name(), cause=word(Cause), at=instant())
REPLAYED = record(
    {"from": instant(), "to": ending()},
    known_from=maybe(instant()),
    watched=number(),
    walked=number(),
    present=number(),
    other=number(),
    really=number(),
    came=number(),
    new_packs=rows(text()),
    counts=table(number()),
    differs=rows(DIFFERENCE, 1000),
    missed=rows(MISSED, 1000),
    not_replayed=rows(text()),
    cut=switch(),
)


async def _explain(sources: Sources, asked: Asked) -> object:
    return await sources.command("explain", asked.language)(asked.told)


async def _replay(sources: Sources, asked: Asked) -> object:
    return await sources.command("what-if", asked.language)(asked.told)


ROUTES = (
    Route(
        path="/incidents/{incident}/explain",
        does=say("why an incident was opened, judged again from what was kept, and all that was filed about it"),
        parameters=(Parameter("incident", number(1), say("number of the incident"), "path"),),
        answers=EXPLAINED,
        answer=_explain,
        needs="explain",
        within=WITHIN,
        also=frozenset({404}),
    ),
    Route(
        path="/what-if",
        does=say("replay the past under another rule pack, written as TOML in rules; changes nothing"),
        body=record({"rules": text(MIB, least=1), "from": day(), "to": _LAST}, optional=("from", "to")),
        answers=REPLAYED,
        answer=_replay,
        needs="what-if",
        at_most=2 * MIB,
        within=REPLAYED_WITHIN,
    ),
)
NAMED = {"Explained": EXPLAINED, "Difference": DIFFERENCE, "Missed": MISSED, "Replayed": REPLAYED}
