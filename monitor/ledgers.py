"""Ledgers and sheets as rows: outages, availability, rectifications, and what the vetoes make of every site.

One function of a read transaction each, for the command line, the API and the control socket alike. Rows are JSON-safe.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import groupby
from typing import Any

from monitor.clock import SHANGHAI
from monitor.config.settings import Settings
from monitor.judge.effect import in_effect
from monitor.judge.verdict import Line, verdict
from monitor.model import CLOSURES, Compliance, Declaration, DeclarationKind, Outage, TargetKind
from monitor.render import translate
from monitor.report.availability import sheet
from monitor.report.orders import orders
from monitor.report.outages import entry
from monitor.store import ledger

Row = dict[str, Any]

NATIONAL = "national-2019"
"""The pack whose vetoes make the verdict."""
BACK = timedelta(days=400)
"""How far before the time asked for outages may lie that closures ended with (settle/records.py)."""
WEEK = timedelta(days=8)
"""How far back failures are read for the rolling week, with a day to spare."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which site (None: of all), which time, and in which language; `now` is what ages count to."""

    settings: Settings
    begin: datetime
    end: datetime
    now: datetime
    language: str = "zh-CN"
    site: str | None = None


def outages(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """下线台账, the latest first."""
    filed, seen = _closures(tx, asked), ledger.notices_seen(tx)
    for line in ledger.outages(tx, asked.begin, asked.end, asked.site):
        made = entry(line, filed.get(line.site, ()), seen, asked.now)
        words = {name: [translate(text, asked.language) for text in getattr(made, name)] for name in ("days", "lacks")}
        yield {**plain(made), **words, "filed": made.kind is not None}


def availability(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """可用性清单, a sheet a site."""
    filed = _closures(tx, asked)
    period = asked.settings.cadence.site
    for name, called, owner, _ in ledger.sites(tx):
        if asked.site in {None, name}:
            days = ledger.days(tx, name, asked.begin, asked.end)
            failures = ledger.failed_hours(tx, name, min(asked.begin, asked.now - WEEK), asked.now)
            made = sheet(name, days, failures, filed.get(name, ()), period=period, now=asked.now)
            yield {"name": called, "owner": owner, **plain(made)}


def rectifications(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """整改台账, as the orders were sent."""
    filed = ledger.filed(tx, (DeclarationKind.ORDER,), asked.site)
    yield from map(plain, orders([one for one in filed if asked.begin <= one.start < asked.end], asked.now))


def sites(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """The verdict on every site by the national vetoes, as things stand now."""
    rules = {rule.key: rule for pack in asked.settings.packs for rule in pack.rules if rule.pack == NATIONAL}
    lines = {
        home: [Line(one.target, TargetKind(one.kind), one.column, one.rule, Compliance(one.value)) for one in group]
        for home, group in groupby(ledger.bad(tx), key=lambda one: one.site)
    }
    for name, called, owner, columns in ledger.sites(tx):
        if asked.site in {None, name}:
            made = plain(verdict(lines.get(name, []), columns, rules))
            yield {"site": name, "name": called, "owner": owner, "columns": columns, **made}


def _closures(tx: sqlite3.Connection, asked: Asked) -> Mapping[str, tuple[Declaration, ...]]:
    """What was filed of each site, with the ends it came to, as judging has it."""
    told = ledger.filed(tx, (*CLOSURES, DeclarationKind.RETURN), asked.site)
    over: dict[str, list[Outage]] = {}
    for line in ledger.outages(tx, asked.begin - BACK, asked.now, asked.site):
        if line.outage.ended_at is not None:
            over.setdefault(line.site, []).append(line.outage)
    return {site: in_effect(of_site, over.get(site, ())) for site, of_site in groupby(told, key=lambda one: one.target)}


LEDGERS: Mapping[str, Callable[[sqlite3.Connection, Asked], Iterator[Row]]] = {
    "outages": outages,
    "availability": availability,
    "rectifications": rectifications,
    "sites": sites,
}
"""By the word of `zhishou report`."""


def plain(value: Any) -> Any:
    """Rows as JSON has them: instants with +08:00, words by their value."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(part) for name, part in asdict(value).items()}
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value
