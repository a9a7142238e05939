"""The ledgers of what is off or closing: every outage with its papers, and closures for good and of accounts with their notices.

Functions of a read transaction that give rows, JSON-safe (monitor/ledgers.py). What is filed, what lacks and how long a notice has
to stay is told by judging's own functions (judge/closures.py), by the packs of each target.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from monitor.asked import Asked, Row, plain
from monitor.clock import civil_day, day_start
from monitor.evidence.steps import in_words, steps
from monitor.judge.closures import (
    Floor,
    asks_return,
    ceiling,
    explaining,
    floors,
    is_exempt,
    place_in_year,
    return_lacks,
    unfiled,
)
from monitor.judge.effect import concerns, in_effect
from monitor.judge.standings import applicable
from monitor.model import CLOSURES, Declaration, DeclarationKind, Facts, Outage, Outcome, Rule, Run, Standing, Text
from monitor.report.closings import CLOSINGS, DAYS, Stay, closing
from monitor.report.notices import FIELDS, Looks
from monitor.report.outages import CEILING, Entry, Judged, Records, Stretch, entry
from monitor.store import findings, ledger
from monitor.store.retention import LONG
from monitor.store.targetrows import load_targets

BACK = timedelta(days=400)
"""How far before the time asked for outages may lie that closures ended with (settle/records.py)."""
_ENDING = (DeclarationKind.RETURN, DeclarationKind.LAUNCH)
"""What a closure ends with (judge/effect.py)."""
_BY = frozenset({"offline_at_most", "filed_within", "notice_kept"})
"""The obligations that outages and notices come under."""


@dataclass(frozen=True, slots=True)
class _Book:
    """What the store has of some targets: what was filed as it came to hold, every version of it, outages, looks, rules."""

    filed: Mapping[str, tuple[Declaration, ...]]
    versions: Mapping[int, tuple[Declaration, int | None]]
    outages: Mapping[str, tuple[Outage, ...]]  # those that are over and the running one, the earliest first
    looks: Looks
    runs: Mapping[str, tuple[Run, ...]]  # the last look at each notice, by target
    rules: Mapping[str, list[Rule]]
    called: Mapping[str, tuple[str, str]]  # name and owner

    def facts(self, target: str, workdays: Mapping[date, bool]) -> Facts:
        """As far as papers and notices are judged by them."""
        outages = self.outages.get(target, ())
        return Facts(
            runs=self.runs.get(target, ()),
            outage=next((one for one in outages if one.ended_at is None), None),
            ended=tuple(one for one in outages if one.ended_at is not None),
            declarations=self.filed.get(target, ()),
            workdays=workdays,
        )


def outages(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """下线台账, the latest first."""
    lines = ledger.outages(tx, asked.begin, asked.end, asked.site)
    book = _book(tx, asked, {one.site for one in lines}, (*CLOSURES, *_ENDING))
    for line in lines:
        yield plain(_entry(tx, line, book, asked), asked.language)


def closings(tx: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    """Closures for good and closings of accounts whose notice begins before the time asked for is over, the latest first."""
    told = [one for one in ledger.filed(tx, CLOSINGS, asked.site) if one.start < asked.end]
    book = _book(tx, asked, {one.target for one in told}, (*CLOSURES, *_ENDING, *CLOSINGS))
    found = [one for filed in book.filed.values() for one in filed if one.kind in CLOSINGS and one.start < asked.end]
    for one in sorted(found, key=lambda one: (one.start, one.id), reverse=True):
        stays = tuple(_stays(tx, one, book, asked))
        last = max(stay.last_day or date.max for stay in stays) if stays else civil_day(one.start)
        if last >= civil_day(asked.begin):
            asks = _asked_notices(book.rules[one.target])
            yield plain(closing(one, book.called[one.target], stays, asks, book.looks), asked.language)


def _entry(tx: sqlite3.Connection, line: ledger.OutageLine, book: _Book, asked: Asked) -> Entry:
    outage, filed, rules = line.outage, book.filed.get(line.site, ()), book.rules[line.site]
    told = explaining(outage, filed, rules, asked.now)
    limit = ceiling(rules)
    places = {one.id: place for one in told if (place := place_in_year(one, filed)) is not None}
    judged = Judged(
        closures=tuple(told),
        unfiled=tuple(Stretch(*one) for one in unfiled(outage, told, asked.now)),
        places=places,
        asks_return=asks_return(rules),
        lacks=tuple(return_lacks(told, rules, book.facts(line.site, asked.settings.workdays))),
        ceiling=CEILING if limit is None or limit.limit is None else limit.limit.number,
        is_exempt=limit is not None and is_exempt(outage, told, limit, asked.now),
        asked=_asked_notices(rules),
    )
    records = Records(
        planned={one.id: book.versions[one.id][0].end for one in told},
        first_told={one.id: _first_told(one, book.versions) for one in told},
        returned=_return_from(outage, book.outages.get(line.site, ()), filed),
        looks=book.looks,
        unlooked=tuple(_unlooked(tx, line, asked.now)),
    )
    return entry(line, judged, records, asked.now)


def _stays(tx: sqlite3.Connection, one: Declaration, book: _Book, asked: Asked) -> Iterator[Stay]:
    """Each rule by which its notice has to stay, with its count day by day."""
    workdays = asked.settings.workdays
    facts = book.facts(one.target, workdays)._replace(conditions=tuple(findings.open_conditions(tx, one.target)))
    looks = {field: book.looks.get((one.id, field), ()) for field in (*FIELDS, "new_url")}
    for floor in floors(one, book.rules[one.target], facts, looks, asked.now):
        told = {day: DAYS[seen] for day, seen in floor.days.items()}
        days = tuple(
            in_words(steps(floor.rule, _dated(floor.standing, one), asked.now, workdays, told), asked.language)
        )
        yield _stay(floor, days)


def _dated(standing: Standing, one: Declaration) -> Standing:
    """A year nobody knows leaves the standing without its start."""
    return standing._replace(inputs={"started_on": str(civil_day(one.start)), **standing.inputs})


def _stay(floor: Floor, days: tuple[Text, ...]) -> Stay:
    rule = floor.rule
    return Stay(
        rule=rule.key,
        source=rule.source,
        article=rule.article,
        says=rule.says,
        field=floor.field,
        limit=str(rule.limit),
        day=floor.day,
        of=floor.of,
        last_day=floor.last_day,
        free_from=None if floor.last_day is None else floor.last_day + timedelta(days=1),
        kept=floor.on(Outcome.OK),
        missing=floor.on(Outcome.FAIL),
        unseen=floor.on(Outcome.UNKNOWN),
        standing=floor.value.value,
        since=floor.since,
        why=floor.why,
        days=days,
    )


def _book(tx: sqlite3.Connection, asked: Asked, targets: Collection[str], kinds: Sequence[DeclarationKind]) -> _Book:
    """All that is needed of these targets, one statement a table."""
    over = _outages(tx, asked)
    told = [one for one in ledger.filed(tx, kinds, asked.site) if one.target in targets]
    versions, seen = ledger.versions(tx, targets), ledger.notices_seen(tx, targets)
    rules = [rule for pack in asked.settings.packs for rule in pack.rules if rule.obligation in _BY]
    known, runs = load_targets(tx, targets), dict[str, tuple[Run, ...]]()
    for (target, _), found in seen.items():
        runs[target] = (*runs.get(target, ()), found[-1])
    return _Book(
        filed=_in_effect(told, over),
        versions=versions,
        outages=over,
        looks={
            (one.id, field): seen.get((one.target, one.notice(field)), ())
            for one in told
            for field in (*FIELDS, "new_url")
        },
        runs=runs,
        rules={name: applicable(target, rules) for name, target in known.items()},
        called={name: (target.name, target.owner) for name, target in known.items()},
    )


def closures(tx: sqlite3.Connection, asked: Asked) -> Mapping[str, tuple[Declaration, ...]]:
    """What was filed of each site, with the ends it came to, as judging has it."""
    return _in_effect(ledger.filed(tx, (*CLOSURES, *_ENDING), asked.site), _outages(tx, asked))


def _in_effect(
    told: Iterable[Declaration], outages: Mapping[str, Sequence[Outage]]
) -> Mapping[str, tuple[Declaration, ...]]:
    """`told` by target."""
    return {
        target: in_effect(filed, [one for one in outages.get(target, ()) if one.ended_at is not None])
        for target, filed in groupby(told, key=lambda one: one.target)
    }


def _outages(tx: sqlite3.Connection, asked: Asked) -> Mapping[str, tuple[Outage, ...]]:
    """Those of each site that closures may have ended with, the earliest first."""
    found: dict[str, tuple[Outage, ...]] = {}
    for line in ledger.outages(tx, asked.begin - BACK, asked.now, asked.site):
        found[line.site] = (line.outage, *found.get(line.site, ()))
    return found


def _first_told(one: Declaration, versions: Mapping[int, tuple[Declaration, int | None]]) -> datetime:
    """When it was filed; where it corrects one of the same kind that began no later, when that was."""
    before = versions[one.id][1]
    if before is None or before not in versions:
        return one.filed_at
    old = versions[before][0]
    same = old.kind is one.kind and old.start <= one.start
    return min(one.filed_at, _first_told(old, versions)) if same else one.filed_at


def _return_from(outage: Outage, all_of_site: Sequence[Outage], filed: Iterable[Declaration]) -> Declaration | None:
    """The return that was filed of it, the first one: not one from a later outage."""
    later = min((one.started_at for one in all_of_site if one.started_at > outage.started_at), default=None)
    found = (one for one in filed if one.kind is DeclarationKind.RETURN and concerns(one.start, outage))
    mine = [one for one in found if later is None or one.start < later]
    return min(mine, key=lambda one: (one.start, one.id), default=None)


def _unlooked(tx: sqlite3.Connection, line: ledger.OutageLine, now: datetime) -> Iterator[tuple[date, date]]:
    """Its days on which no look was taken, in a row each; not its first day and today, and none that samples are not kept of."""
    outage = line.outage
    start, stop = civil_day(outage.started_at), civil_day(outage.ended_at or now)
    first = max(start, civil_day(now - LONG) + timedelta(days=1)) + timedelta(days=1)
    looked = {one.day for one in ledger.days(tx, line.site, day_start(first), day_start(stop))}
    known = [(civil_day(begin), civil_day(end or now)) for begin, end in outage.unwatched]  # told by themselves
    since: date | None = None
    for n in range((stop - first).days + 1):
        day = first + timedelta(days=n)
        is_blank = day < stop and day not in looked and not any(begin <= day <= end for begin, end in known)
        if is_blank and since is None:
            since = day
        elif not is_blank and since is not None:
            yield since, day - timedelta(days=1)
            since = None


def _asked_notices(rules: Iterable[Rule]) -> frozenset[tuple[DeclarationKind, str]]:
    """Of which kind of declaration a notice is asked for, and in which field."""
    found = set()
    for rule in rules:
        of = rule.options.get("of", ())
        if rule.obligation == "notice_kept" and isinstance(of, list | tuple):
            found |= {(DeclarationKind(kind), str(rule.options.get("field", "own_notice"))) for kind in of}
    return frozenset(found)
