"""Ledgers and sheets as rows: availability, rectifications, what the vetoes make of every site; those of offline.py beside them.

One function of a read transaction each, for the command line, the API and the control socket alike. Rows are JSON-safe.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf
from typing import TypeVar

from monitor.asked import Asked, Row, plain
from monitor.clock import civil_day, iso
from monitor.config.settings import Settings
from monitor.judge.availability import SHARE, needed, of_a_week, share_of
from monitor.judge.indicators import Column, Known, Line, State, Week
from monitor.judge.verdict import Judged, count_name, verdict
from monitor.model import (
    DESK_ID,
    DESK_NAME,
    Compliance,
    Declaration,
    DeclarationKind,
    Rule,
    TargetKind,
    Text,
    say,
)
from monitor.offline import closings, closures, outages
from monitor.render import called, translate
from monitor.report.availability import Week as Samples, sheet
from monitor.report.orders import Order, orders
from monitor.settle.desk import Owed, owed
from monitor.settle.judging import closed_times
from monitor.settle.policy import policy_of
from monitor.store import brought, findings, ledger

__all__ = ("BY_PACKS", "BY_RULES", "LEDGERS", "Asked", "Row")

NATIONAL = "national-2019"
"""The pack whose vetoes make the verdict."""
_UNSEEN = (State.UNSEEN, State.YOUNG)
L = TypeVar("L", ledger.BadLine, ledger.ColumnLine)


def availability(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """可用性清单, a sheet a site."""
    filed, share = closures(tx, asked), _share(asked.settings)
    for line in ledger.sites(tx, asked.site):
        of_site, week = filed.get(line.site, ()), _week(tx, line.site, filed, asked)
        made = sheet(
            line,
            ledger.days(tx, line.site, asked.begin, asked.end),
            ledger.failed_hours(tx, line.site, asked.begin, asked.end),
            ledger.unseen_looks(tx, line.site, asked.begin, asked.end),
            of_site,
            Samples(week.good, week.failed, week.excluded, week.filed, week.whole, needed(share, week.whole)),
            asked=(asked.begin, asked.end),
            period=asked.settings.cadence.site,
            now=asked.now,
        )
        days = [{**plain(day), "reasons": _words(day.reasons, asked)} for day in made.days]
        yield {"name": line.name, "owner": line.owner, **plain(made), "days": days}


def rectifications(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """整改台账, as the orders were sent. Where nobody told when the trouble was found, the incident it names does."""
    filed = ledger.filed(tx, (DeclarationKind.ORDER,), asked.site)
    found = list(orders([one for one in filed if asked.begin <= one.start < asked.end], asked.now))
    names = ledger.names(tx, {one.target for one in found})
    opened = ledger.opened(tx, {one.incident for one in found if one.incident is not None})
    for one in (_found(one, opened.get(one.incident or 0)) for one in found):
        name = DESK_NAME if one.target == DESK_ID else names.get(one.target, one.target)
        yield {"target": one.target, "name": called(name, asked.language), **plain(one)}


def _found(one: Order, opened: datetime | None) -> Order:
    if one.found_at or opened is None or opened > one.sent_at:
        return one
    return replace(one, found_at=iso(opened))


def sites(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """The verdict on every site by the national vetoes, as things stand now."""
    rules = {rule.key: rule for pack in asked.settings.packs for rule in pack.rules if rule.pack == NATIONAL}
    filed, registers = closures(tx, asked), ledger.registers(tx, asked.site)
    bad = [*ledger.bad(tx, asked.site), *ledger.bad_links(tx, list(rules), asked.site)]
    lines, columns = _by_site(bad), _by_site(ledger.columns(tx, asked.now, asked.site))
    for line in ledger.sites(tx, asked.site):
        known = Known(
            site=line.site,
            first_look=line.first_look,
            lines=[
                Line(
                    one.target, TargetKind(one.kind), one.rule, Compliance(one.value), one.why, one.since, one.is_false
                )
                for one in lines.get(line.site, ())
            ],
            columns=[
                Column(one.column, one.kind, one.first_look, one.is_known, one.is_full_told)
                for one in columns.get(line.site, ())
            ],
            breaches=brought.columns_in_breach(tx, line.site),
            week=_week(tx, line.site, filed, asked),
            declarations=filed.get(line.site, ()),
            registers=registers.get(line.site, {}),
        )
        names = {line.site: line.name} | {one.column: one.name for one in columns.get(line.site, ())}
        yield _judged(line, verdict(rules, line.packs, known, asked.now), rules, names, asked)


def _judged(
    line: ledger.SiteLine, made: Judged, rules: Mapping[str, Rule], names: Mapping[str, str], asked: Asked
) -> Row:
    """A row of the sheet of verdicts; every indicator with its article."""
    return {
        "site": line.site,
        "name": line.name,
        "owner": line.owner,
        "columns": line.columns,
        "verdict": made.verdict.value,
        "why": list(dict.fromkeys(_cause(rule, why, rules, asked.language) for rule, why in made.why)),
        "failing": _pairs(made, State.BROKEN, line.site, rules),
        "suspected": _pairs(made, State.SUSPECTED, line.site, rules),
        "unseen": sorted(
            {target for one in made.indicators if one.decides and one.state in _UNSEEN for target in one.targets}
        ),
        "counts": dict(made.counts),
        "indicators": [
            {
                "rule": one.rule,
                "article": rules[one.rule].article,
                "name": _called(rules[one.rule], asked.language),
                "state": one.state.value,
                "why": translate(one.why, asked.language),
                "since": plain(one.since),
                "targets": list(one.targets),
                "decides": one.decides,
            }
            for one in made.indicators
        ],
        "names": {target: names[target] for one in made.indicators for target in one.targets if target in names},
    }


def _cause(rule: str, why: Text, rules: Mapping[str, Rule], language: str) -> str:
    """A cause with its indicator before it: 站点无法访问：…."""
    words = translate(why, language)
    if rule not in rules:
        return words
    return translate(say("{name}: {words}", name=_called(rules[rule], language), words=words), language)


def _called(rule: Rule, language: str) -> str:
    """An indicator as people know it: 站点无法访问; of the three about columns also which."""
    name = rule.article.partition("·")[2] or rule.article
    if rule.obligation != "at_most_in_breach":
        return name
    return translate(
        say("{name} ({which})", name=name, which=translate(_COUNTED[count_name(rule)], language)), language
    )


_COUNTED = {
    "stale": say("news, notice and policy columns"),
    "long_stale": say("other columns"),
    "blank": say("blank columns"),
}


def _pairs(made: Judged, state: State, site: str, rules: Mapping[str, Rule]) -> list[list[str]]:
    """Rules with the target each is broken at; a count of columns is broken at the site."""
    return [
        [one.rule, target]
        for one in made.in_state(state)
        for target in ([site] if rules[one.rule].applies.kind is TargetKind.SITE else one.targets)
    ]


def _week(tx: sqlite3.Connection, site: str, filed: Mapping[str, tuple[Declaration, ...]], asked: Asked) -> Week:
    """The last 168 hours as the 5 % counts them (settle/judging.py)."""
    good, failed, excluded = findings.samples(tx, site, asked.now)
    closed = closed_times(filed.get(site, ()), asked.now)
    left_out = brought.failed_while_closed(tx, site, closed, asked.now) if closed else 0
    whole = of_a_week(asked.settings.cadence.site, findings.sampled_days(tx, site, asked.now))
    return Week(good, failed - left_out, excluded, left_out, whole)


def _share(settings: Settings) -> float:
    """Percent of a week's visits that are the veto."""
    rules = (rule for pack in settings.packs for rule in pack.rules if rule.pack == NATIONAL)
    return next((share_of(one) for one in rules if "window" in one.options), SHARE)


def _words(told: Iterable[Text], asked: Asked) -> list[str]:
    return [translate(one, asked.language) for one in told]


def _by_site(lines: Iterable[L]) -> Mapping[str, list[L]]:
    found: dict[str, list[L]] = {}
    for one in lines:
        found.setdefault(one.site, []).append(one)
    return found


def desk(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """What the duty desk itself owes: what is met and until when, due, broken since when, or not to be told and why."""
    for one in sorted(owed(tx, policy_of(asked.settings), asked.now), key=_gravest_first):
        standing, last = one.standing, one.broken_from or one.since_broken
        yield {
            "rule": one.rule.key,
            "source": one.rule.source,
            "article": one.rule.article,
            "says": one.rule.says,
            "standing": standing.value.value,
            "since": plain(standing.since),
            "due_from": plain(standing.until) if standing.value is Compliance.MET and last is not None else None,
            "last_day": None if last is None else plain(civil_day(last - timedelta(milliseconds=1))),
            "why": translate(standing.why, asked.language),
        }


def _gravest_first(one: Owed) -> tuple[int, float, str]:
    last = one.broken_from or one.since_broken
    return _GRAVEST.index(one.standing.value), last.timestamp() if last is not None else inf, one.rule.key


_GRAVEST = (Compliance.BREACHED, Compliance.DUE, Compliance.UNKNOWN, Compliance.EXEMPT, Compliance.MET)


LEDGERS: Mapping[str, Callable[[sqlite3.Connection, Asked], Iterator[Row]]] = {
    "outages": outages,
    "closings": closings,
    "availability": availability,
    "rectifications": rectifications,
    "sites": sites,
    "desk": desk,
}
"""By the word of `zhishou report`."""
BY_RULES = ("sites", "desk")
"""Those that are judged on reading, so that they need the rules in force."""
BY_PACKS = ("outages", "closings")
"""Those that tell what is asked of a target by its packs, beside what the store has."""
