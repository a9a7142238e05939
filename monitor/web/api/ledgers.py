"""The ledgers as `zhishou report` prints them: outages, closings, rectifications, verdicts on sites, the samples of one site.

What they are made of is put together elsewhere and handed in as one question; here a page is cut out of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from monitor.clock import civil_day, day_start
from monitor.model import Compliance, say
from monitor.web.api.offline import CLOSING, OUTAGE
from monitor.web.api.route import PAGED, Answer, Asked, Missing, Parameter, Route, Sources, Wrong, paged, place_of
from monitor.web.api.schema import (
    Schema,
    Trouble,
    day,
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

LEDGER = "ledger"
"""The question that is handed in: rows of one ledger."""
LONGEST_TIME = 400
"""Days of samples that are kept, and told at once."""
WITHIN = 30.0
"""Seconds: a ledger of a year and of every site is read as a whole."""

ORDER = record(
    declaration=number(1),
    target=name(),
    name=text(),
    problem=text(),
    number=text(),
    found_at=text(),
    sent_at=instant(),
    due_at=instant(),
    fixed_at=maybe(instant()),
    late_hours=maybe({"type": "number"}),
    incident=maybe(number()),
)
DAY = record(
    day=day(),
    wanted=number(),
    taken=maybe(number()),
    good=maybe(number()),
    failed=maybe(number()),
    unseen=number(),
    filed=number(),
    too_few=switch(),
    observed=word(["enough", "too_few", "unobserved", "running"]),
    reasons=rows(text()),
)
SHEET = record(
    site=name(),
    name=text(),
    owner=text(),
    watched_since=instant(),
    wanted=number(),
    of=number(),
    taken=number(),
    good=maybe(number()),
    failed=maybe(number()),
    unseen=number(),
    filed=number(),
    percent=maybe({"type": "number"}),
    more=maybe(number()),
    minutes=maybe({"type": "number"}),
    declarations=rows(number(1)),
    days=rows(DAY, LONGEST_TIME),
)
INDICATOR = record(
    rule=text(),
    article=text(),
    name=text(),
    state=word(["met", "broken", "suspected", "exempt", "unseen", "young", "unwatched"]),
    why=text(),
    since=maybe(instant()),
    targets=rows(text()),
    decides=switch(),
)
SITE = record(
    site=name(),
    name=text(),
    owner=text(),
    columns=number(),
    verdict=word(["passed", "failed", "undecided", "closed"]),
    why=rows(text()),
    failing=rows(rows(text(), 2)),
    suspected=rows(rows(text(), 2)),
    unseen=rows(text()),
    counts=record(
        {one: number() for one in ("stale", "long_stale", "blank")}, optional=("stale", "long_stale", "blank")
    ),
    indicators=rows(INDICATOR),
    names=table(text()),
)
OWED = record(
    rule=text(),
    source=text(),
    article=text(),
    says=text(),
    standing=word(Compliance),
    since=maybe(instant()),
    due_from=maybe(instant()),
    last_day=maybe(day()),
    why=text(),
)
_SITE = Parameter("site", name(), say("of this site"))
_FROM = Parameter("from", day(), say("first day; 1 January when it is not told"))
_TO = Parameter("to", day(), say("last day; today when it is not told"))


def _cut(kind: str) -> Answer:
    """A page of a ledger; the cursor is how many rows were told before."""

    async def answer(sources: Sources, asked: Asked) -> object:
        (behind,) = place_of(asked, int) or (0,)
        last = asked.told.get("to", civil_day(asked.now))
        first = asked.told.get("from", date(last.year, 1, 1))
        found = await _rows(sources, asked, kind, (first, last), (behind, asked.limit + 1))
        numbered = list(enumerate(found, behind + 1))
        return paged(numbered, asked.limit, lambda one: one[1], lambda one: (one[0],))

    return answer


async def _sheet(sources: Sources, asked: Asked) -> object:
    last = asked.told.get("to", civil_day(asked.now))
    first = asked.told.get("from", last - timedelta(days=30))
    if (last - first).days >= LONGEST_TIME:
        said = say("{days} days from {first} to {last}", days=(last - first).days + 1, first=f"{first}", last=f"{last}")
        raise Wrong(Trouble("query.from", said, say("1 to {most} days", most=LONGEST_TIME)))
    found = await _rows(sources, asked, "availability", (first, last), (0, 1))
    if not found:
        raise Missing(say("there is no site {site}", site=asked.told["site"]))
    return found[0]


async def _rows(
    sources: Sources, asked: Asked, kind: str, days: tuple[date, date], cut: tuple[int, int]
) -> Sequence[Mapping[str, Any]]:
    first, last = days
    if first > last:
        said = say("{first} to {last} is no time", first=f"{first}", last=f"{last}")
        raise Wrong(Trouble("query.from", said, say("a first day that lies before the last")))
    begin, end = day_start(first), min(asked.now, day_start(last + timedelta(days=1)))
    question = {"kind": kind, "begin": begin, "end": max(begin, end), "site": asked.told.get("site")}
    found = await sources.command(LEDGER, asked.language)(question | {"skip": cut[0], "at_most": cut[1]})
    assert isinstance(found, list)
    return found


def _ledger(kind: str, path: str, does: Any, row: Schema, *more: Parameter) -> Route:
    return Route(
        path=path,
        does=does,
        parameters=(*more, *PAGED),
        answers=page(row),
        answer=_cut(kind),
        needs=LEDGER,
        within=WITHIN,
    )


ROUTES = (
    _ledger("outages", "/outages", say("the outage ledger, the latest first"), OUTAGE, _SITE, _FROM, _TO),
    _ledger(
        "closings",
        "/closings",
        say("closures for good and of accounts, and how long the notice of each has to stay, the latest first"),
        CLOSING,
        Parameter("site", name(), say("of this site or account")),
        _FROM,
        _TO,
    ),
    _ledger(
        "rectifications", "/rectifications", say("the ledger of what was to be put right"), ORDER, _SITE, _FROM, _TO
    ),
    _ledger(
        "sites", "/sites", say("what the national vetoes make of every site now, and of what that comes"), SITE, _SITE
    ),
    _ledger(
        "desk",
        "/desk",
        say("what the duty desk itself owes: what is met and until when, due, broken, or not to be told"),
        OWED,
    ),
    Route(
        path="/availability/{site}",
        does=say("the samples of a site day by day, and the share of a week that the veto counts"),
        parameters=(
            Parameter("site", name(), say("id of the site"), "path"),
            Parameter("from", day(), say("first day; 30 days before the last when it is not told")),
            _TO,
        ),
        answers=SHEET,
        answer=_sheet,
        needs=LEDGER,
        within=WITHIN,
        also=frozenset({404}),
    ),
)
NAMED = {
    "Outage": OUTAGE,
    "Closing": CLOSING,
    "Order": ORDER,
    "Day": DAY,
    "Sheet": SHEET,
    "Indicator": INDICATOR,
    "Site": SITE,
    "Owed": OWED,
}
