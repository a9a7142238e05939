"""When sites did not open: outages with their gaps, and the samples of each day.

Reads `store/ledgers.py`. What is told of a day is what was counted: a day with few samples says so.
"""

import sqlite3
from datetime import date, timedelta
from typing import Any

from monitor.clock import civil_day
from monitor.model import say
from monitor.store import ledgers, roll
from monitor.store.casebook import NEWEST
from monitor.web.api.ledgers import OF_TARGET
from monitor.web.api.route import PAGED, Asked, Missing, Parameter, Route, Wrong, iso, looked_up, paged, place_of
from monitor.web.api.schema import Trouble, day, instant, maybe, name, number, page, record, rows, switch

FEWEST_SAMPLES = 20
"""Visits a day that 国办秘函〔2019〕19号 asks for; a day with fewer is marked and proves nothing (domain.md §12)."""
LONGEST_TIME = 400
"""Days of samples that are kept, and told at once."""

SPAN = record(start=instant(), end=maybe(instant()))
OUTAGE = record(
    outage=number(1),
    target=name(),
    started_at=instant(),
    up_since=maybe(instant()),
    ended_at=maybe(instant()),
    gaps=rows(SPAN),
    unwatched=rows(SPAN),
)
DAY = record(day=day(), samples=number(), failed=number(), excluded=number(), enough=switch())


def _outages(tx: sqlite3.Connection, asked: Asked) -> object:
    before = place_of(asked, int) or (NEWEST,)
    target, running = asked.told.get("target"), asked.told.get("running", False)
    found = ledgers.outages(tx, asked.limit + 1, *before, target=target, running=running)
    return paged(found, asked.limit, _down, lambda one: (one.outage.id,))


def _down(one: ledgers.Down) -> dict[str, Any]:
    told = one.outage
    return {
        "outage": told.id,
        "target": one.target,
        "started_at": iso(told.started_at),
        "up_since": iso(told.up_since),
        "ended_at": iso(told.ended_at),
        "gaps": [{"start": iso(start), "end": iso(end)} for start, end in told.gaps],
        "unwatched": [{"start": iso(start), "end": iso(end)} for start, end in told.unwatched],
    }


def _availability(tx: sqlite3.Connection, asked: Asked) -> object:
    site = asked.told["site"]
    last = asked.told.get("to", civil_day(asked.now))
    first = asked.told.get("from", last - timedelta(days=30) if last > date(1970, 2, 1) else last)
    if not 0 <= (last - first).days < LONGEST_TIME:
        said = say("{days} days from {first} to {last}", days=(last - first).days + 1, first=f"{first}", last=f"{last}")
        raise Wrong(Trouble("query.from", said, say("1 to {most} days", most=LONGEST_TIME)))
    if roll.entry(tx, site) is None:
        raise Missing(say("there is no target {target}", target=site))
    found = ledgers.days(tx, site, first, last)
    return {"site": site, "from": first.isoformat(), "to": last.isoformat(), "rows": [_day(one) for one in found]}


def _day(one: ledgers.Day) -> dict[str, Any]:
    samples = one.good + one.failed
    return {
        "day": one.day.isoformat(),
        "samples": samples,
        "failed": one.failed,
        "excluded": one.excluded,
        "enough": samples >= FEWEST_SAMPLES,
    }


ROUTES = (
    Route(
        path="/outages",
        does=say("outages, the newest first, with their gaps and the times nobody watched"),
        parameters=(OF_TARGET, Parameter("running", switch(), say("only those that are not over")), *PAGED),
        answers=page(OUTAGE),
        answer=looked_up(_outages),
    ),
    Route(
        path="/availability/{site}",
        does=say("samples of a site on each civil day; days with fewer than 20 are marked, days without any left out"),
        parameters=(
            Parameter("site", name(), say("id of the site"), "path"),
            Parameter("from", day(), say("first day; 30 days before the last when it is not told")),
            Parameter("to", day(), say("last day; today when it is not told")),
        ),
        answers=record({"site": name(), "from": day(), "to": day(), "rows": rows(DAY, LONGEST_TIME)}),
        answer=looked_up(_availability),
        also=frozenset({404}),
    ),
)
NAMED = {"Outage": OUTAGE, "Day": DAY}
