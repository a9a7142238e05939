"""What looks must tell: outages, slow and replaced pages, what pages say, certificates, links; a fault at a time.

Pure, part of the truth. Which pack asks for it is in `asked.py`; when it can be seen in `sight.py`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.city.asked import OFFLINE_DAYS, REPORT, UNFILED, first_of, rule_of, rule_of_entry
from monitor.city.closures import filed_spans
from monitor.city.days import midnight
from monitor.city.entries import DeclaredEntry, report_day
from monitor.city.faults import Event
from monitor.city.friends import is_friend
from monitor.city.plan import Column, link_id
from monitor.city.routes import column_path
from monitor.city.sight import Case, Sight, plays_as
from monitor.city.spans import Span, merged, minus, within
from monitor.city.terms import AFTERGLOW, OUTAGES, Unit, allowed, cadence
from monitor.clock import civil_day, day_start
from monitor.model import Cause

_CONTENT = {
    "blank": Cause.BLANK,
    "hidden_link": Cause.TAMPER,
    "backdated": Cause.FORGED_DATE,
    "marks_missing": Cause.MARKS,
    "entry_missing": Cause.ENTRY_PRESENT,
}
MOST_OFFLINE = 30
"""Days: broken from 00:00 of day 31. Of a closure that was filed, without a rule that asks for the page at any time, it is silent until then."""


def looked(sight: Sight, event: Event) -> Iterator[Unit]:
    """What one event leads to, without blindness and silence: these may take several."""
    kind, span = plays_as(event), sight.span(event)
    if kind is None or span[1] <= sight.start:
        return
    if kind in OUTAGES and not (kind == "maintenance" and "/column-" in event.target):
        yield from _outage(sight, event, kind, span)
    elif is_friend(event.target):
        yield from _turned(sight, event, span)
    elif kind in {"slow", "hijacked"}:
        yield from _reached(sight, event, kind, span)
    elif kind in _CONTENT:
        yield from _seen(sight, event, span)
    elif kind == "tls_expired":
        yield from _certificate(sight, event, span)
    elif kind == "dead_link":
        yield from _dead(sight, event, span)
    elif kind == "hosted_abroad":
        yield from _abroad(sight, event, span)
    elif kind == "silent" and "/entry-" in event.target:
        yield from _unpublished(sight, event, span)


def _one(unit: Unit | None) -> Iterator[Unit]:
    if unit is not None:
        yield unit


def _entry_rule(sight: Sight, target: str, *, page: bool) -> str | None:
    """What an entry breaks that is lost from its home page, or whose page is gone; None for all else."""
    entry = sight.plan.by_name[target]
    return rule_of_entry(sight.terms.rules, entry.kind, page=page) if isinstance(entry, DeclaredEntry) else None


def _outage(sight: Sight, event: Event, kind: str, span: Span) -> Iterator[Unit]:
    """As long as the city shows any failure that is an outage: of two that overlap, one incident tells both."""
    page = "/" in event.target
    shown = sight.shown(event.target, OUTAGES - {"maintenance"} if page else OUTAGES)
    dim = sight.muted(event.target) if page else []
    rule = _entry_rule(sight, event.target, page=True) or rule_of(sight.terms.rules, Cause.OUTAGE, event.target)
    unit = sight.unit(Case(event.target, Cause.OUTAGE, kind, rule, within([span], shown), dim))
    if page:
        yield from _dead_way(sight, event, unit)
    elif rule is None and unit is not None:
        unit = _unfiled(sight, unit, within([span], shown)) or _offline(sight, unit)
    yield from _one(unit)


def _unfiled(sight: Sight, unit: Unit, spans: list[Span]) -> Unit | None:
    """Asked for at once where no closure was filed; None where one was all the time."""
    rule = first_of(UNFILED, sight.terms.rules)
    left = minus(spans, filed_spans(sight, unit.target))
    bare = sight.unit(Case(unit.target, unit.cause, unit.kind, rule, left))
    return None if bare is None or bare.due is None else replace(unit, due=bare.due, since=bare.since, rule=rule)


def _offline(sight: Sight, unit: Unit) -> Unit:
    """By the thirty days alone, where the closure was filed: asked for from day 31 on; an incident that counts the days before is not wrong."""
    day = day_start(civil_day(unit.start) + timedelta(days=MOST_OFFLINE + 1))
    limit = max(day, sight.by_our_clock(day))
    wait = allowed(sight.terms, unit.kind, unit.target)
    long = unit.end is None or unit.end - limit >= sight.terms.site
    due = sight.patience.deadline(limit, wait) if long and unit.due is not None else None
    return replace(unit, due=due, rule=first_of(OFFLINE_DAYS, sight.terms.rules), since=limit)


def _dead_way(sight: Sight, event: Event, unit: Unit | None) -> Iterator[Unit]:
    """The home page links to its columns and entries: that such a link is dead too is true, and already told."""
    site, page = sight.plan.site_of(event.target), sight.plan.by_name[event.target]
    if unit is not None and isinstance(page, Column | DeclaredEntry):
        path = column_path(site, page) if isinstance(page, Column) else page.path
        address = sight.plan.site_url(site).rstrip("/") + path
        name = link_id(address)
        rule = rule_of(sight.terms.rules, Cause.DEAD_LINK, name)
        yield Unit(name, Cause.DEAD_LINK, unit.kind, unit.start, unit.end, None, rule, unit.start, AFTERGLOW)


def _reached(sight: Sight, event: Event, kind: str, span: Span) -> Iterator[Unit]:
    """Slow or hijacked, while the city shows just that."""
    column = "/column-" in event.target
    cause = Cause.SLOW if kind == "slow" else Cause.TAMPER
    dim = sight.muted(event.target) if column else []
    spans = within([span], sight.shown(event.target, frozenset({kind})))
    unit = sight.unit(
        Case(event.target, cause, kind, rule_of(sight.terms.rules, cause, event.target, event.kind), spans, dim)
    )
    if unit is not None and column and kind == "slow":
        unit = replace(unit, due=None)  # the 15 seconds are the home page's (N-AVAIL, house/slow): nobody asked
    elif column:
        yield from _dead_way(sight, event, unit)
    yield from _one(unit)


def _seen(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """What a page says, while it can be read."""
    cause = _CONTENT[event.kind]
    shown_by = sight.plan.site_of(event.target).name if cause is Cause.ENTRY_PRESENT else event.target
    unread = merged([*sight.covered(shown_by), *sight.spans(shown_by, "shell")])
    if event.kind == "backdated":
        unread = merged([*unread, *sight.spans(event.target, "blank")])  # an empty list shows no date
    spans = minus([span], unread)
    rule = rule_of(sight.terms.rules, cause, event.target, event.kind)
    if cause is Cause.ENTRY_PRESENT:
        rule = _entry_rule(sight, event.target, page=False)
        spans = spans if rule is not None else []
    case = Case(event.target, cause, event.kind, rule, spans, sight.muted(event.target))
    unit = sight.unit(case)
    if unit is not None and event.kind == "backdated" and not _was_read(sight, event.target, span[0], unread):
        unit = replace(unit, due=None)  # nobody knows what it was dated before
    yield from _one(unit)


def _was_read(sight: Sight, target: str, until: datetime, unread: list[Span]) -> bool:
    """Whether the list had its turn before, at a time at which it could be read and we could look."""
    hidden = merged([*unread, *sight.muted(target), *sight.ours])
    needed = cadence(sight.terms, "backdated", target)
    return any(end - begin >= needed for begin, end in minus([(sight.start, until)], hidden))


def _turned(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """What a friendly link leads to, for as long as the page that shows it can be read; seen at two looks like a dead one."""
    site, terms = event.target.partition("/")[0], sight.terms
    rule = rule_of(terms.rules, Cause.TAMPER, event.target)
    dim = [*sight.muted(site), *sight.spans(site, "shell"), *sight.spans(site, "hidden_link")]
    needed = cadence(terms, event.kind, event.target) + terms.link_window
    case = Case(event.target, Cause.TAMPER, event.kind, rule, [span], dim)
    yield from _one(sight.unit(case, needed, needed + terms.group + terms.allowance))


def _asked(sight: Sight, event: Event, cause: Cause, spans: list[Span], dim: list[Span]) -> Unit | None:
    """By the rule that such a cause falls under there."""
    return sight.unit(
        Case(event.target, cause, event.kind, rule_of(sight.terms.rules, cause, event.target), spans, dim)
    )


def _certificate(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """A handshake of its own: a wall, a slow page or somebody else's do not hide what it shows; an outage mutes it."""
    spans = minus([span], sight.shown(event.target, OUTAGES))
    dim = sight.muted(event.target, OUTAGES)
    yield from _one(_asked(sight, event, Cause.CERTIFICATE, spans, dim))


def _dead(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """A link whose host answers, on a home page that can be read (a shell carries none)."""
    site = event.target.partition("/")[0]
    spans = minus([span], sight.shown(site))
    dim = [*sight.muted(event.target), *sight.spans(site, "shell")]
    yield from _one(_asked(sight, event, Cause.DEAD_LINK, spans, dim))


def _abroad(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """Where its name leads to: no page is needed for it, only the name."""
    rule = rule_of(sight.terms.rules, Cause.HOSTED_IN, event.target)
    unnamed = sight.shown(event.target, frozenset({"dns"}))
    spans = minus([span], unnamed)
    yield from _one(sight.unit(Case(event.target, Cause.HOSTED_IN, event.kind, rule, spans)))


def _unpublished(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """A yearly report that did not come out: broken from 1 February, once a look says so, to when it does, or another year's is owed."""
    rule, target = first_of(REPORT, sight.terms.rules), event.target
    site = sight.plan.site_of(target).name
    for year in range(civil_day(sight.start).year, civil_day(sight.start).year + YEARS):
        begin, end = midnight(date(year, 2, 1)), min(span[1], midnight(date(year + 1, 1, 1)))
        if sight.start + event.at <= report_day(year) and sight.start < begin < end:
            unread = merged([*sight.covered(target), *sight.covered(site)])
            case = Case(
                target, Cause.PUBLISHED_BY, event.kind, rule, minus([(begin, end)], unread), sight.muted(target)
            )
            yield from _one(sight.unit(case))


YEARS = 11
"""A scenario has 3660 days at most."""
