"""The truth about a rehearsal: which incidents a scenario must lead to, written without a look at how the daemon works.

Pure. Imports the words and the city only, never plan/, judge/ or alert/: what they get wrong must not be wrong here too.
A unit is one target under one cause in one interval (DESIGN.md §4.6). `score.py` compares it with what was found.
Blindness is in `walls.py`, silence in `silences.py`, the 5 % in `share.py`, what records decide in `closures.py` and `replies.py`,
count vetoes in `counts.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.city.closures import filed_spans, second_closures
from monitor.city.counts import counts
from monitor.city.entries import RULES, DeclaredEntry
from monitor.city.faults import Event, expand
from monitor.city.friends import is_friend
from monitor.city.options import jump_of
from monitor.city.plan import Column, Plan, link_id
from monitor.city.replies import overdue
from monitor.city.routes import column_path
from monitor.city.share import shares
from monitor.city.sight import Case, Sight, plays_as
from monitor.city.silences import silences
from monitor.city.spans import FAR, Span, merged, minus, or_none, within
from monitor.city.terms import AFTERGLOW, OURS, OUTAGES, Terms, Unit, allowed, cadence, terms_of
from monitor.city.walls import blindness
from monitor.clock import civil_day, day_start
from monitor.model import Cause

__all__ = ["Terms", "Unit", "terms_of", "truth", "units_of"]

_HOUSE, _NATIONAL = "house", "national-2019"
_PACK = dict.fromkeys((Cause.OUTAGE, Cause.SLOW, Cause.CERTIFICATE, Cause.BLANK, Cause.TAMPER), _HOUSE)
_PACK |= dict.fromkeys((Cause.STALE, Cause.DEAD_LINK, Cause.AVAILABILITY, Cause.MARKS), _NATIONAL)
"""Which pack brings a cause about; blindness and our own trouble need none."""

_CONTENT = {
    "blank": Cause.BLANK,
    "hidden_link": Cause.TAMPER,
    "backdated": Cause.FORGED_DATE,
    "marks_missing": Cause.MARKS,
    "entry_missing": Cause.ENTRY_PRESENT,
}
_RULES = {
    (Cause.OUTAGE, False): "house/outage",
    (Cause.OUTAGE, True): "house/column-outage",
    (Cause.SLOW, False): "house/slow",
    (Cause.TAMPER, False): "house/replaced",
    (Cause.TAMPER, True): "house/column-replaced",
    (Cause.BLANK, True): "house/blank-column",
    (Cause.FORGED_DATE, True): "national-2019/N-FRAUD",
    (Cause.MARKS, False): "national-2019/N-ID",
}
"""The rule a cause breaks, on a site and (True) on a column."""

OFFLINE_DAYS = 30
"""N-OFF-30: broken from 00:00 of day 31. Of a closure that was filed, without the house rules, it is silent until then."""
JUMP_TOLD = timedelta(hours=1)
"""How long after the machine's clock was set its incident may open: it is over at once."""
SMALL_JUMP = timedelta(minutes=1)
"""What NTP sets right in passing; telling it is neither missed nor false."""


def truth(plan: Plan, events: Iterable[Event], start: datetime, terms: Terms) -> list[Unit]:
    """Every unit, earliest first. Raises ScenarioError like Faults."""
    return units_of(Sight(plan, expand(plan, events), start, terms))


def units_of(sight: Sight) -> list[Unit]:
    """Every unit of events that are expanded already."""
    units = [unit for event in sight.events for unit in _units(sight, event)]
    units += [*blindness(sight), *silences(sight), *shares(sight), *second_closures(sight), *overdue(sight)]
    units += counts(sight, units)
    return sorted((unit for unit in units if _is_asked(unit, sight.terms.rules)), key=_order)


def _units(sight: Sight, event: Event) -> Iterator[Unit]:
    """What one event leads to, without blindness and silence: these may take several."""
    kind, span = plays_as(event), sight.span(event)
    if kind is None or (span[1] <= sight.start and kind != "clock_jump"):
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
    elif kind in OURS:
        yield from _ours(sight, event, span)


def _order(unit: Unit) -> tuple[datetime, str, str, str, datetime]:
    return unit.start, unit.target, unit.cause, unit.kind, unit.end or FAR


def _is_asked(unit: Unit, rules: frozenset[str]) -> bool:
    """Is one of its rules loaded."""
    pack = unit.rule.partition("/")[0] if unit.rule is not None else _PACK.get(unit.cause)
    return pack is None or pack in rules


def _one(unit: Unit | None) -> Iterator[Unit]:
    if unit is not None:
        yield unit


def _outage(sight: Sight, event: Event, kind: str, span: Span) -> Iterator[Unit]:
    """As long as the city shows any failure that is an outage: of two that overlap, one incident tells both."""
    column = "/" in event.target
    shown = sight.shown(event.target, OUTAGES - {"maintenance"} if column else OUTAGES)
    dim = sight.muted(event.target) if column else []
    rule = _entry_rule(sight, event.target, page=True) or _RULES[Cause.OUTAGE, column]
    unit = sight.unit(Case(event.target, Cause.OUTAGE, kind, rule, within([span], shown), dim))
    if column:
        yield from _dead_way(sight, event, unit)
    elif _HOUSE not in sight.terms.rules and unit is not None:
        unit = _unfiled(sight, unit, within([span], shown)) or _offline(sight, unit)
    yield from _one(unit)


def _unfiled(sight: Sight, unit: Unit, spans: list[Span]) -> Unit | None:
    """By N-OFF-UNFILED: asked for at once where no closure was filed; None where one was all the time."""
    rule = "national-2019/N-OFF-UNFILED"
    left = minus(spans, filed_spans(sight, unit.target))
    bare = sight.unit(Case(unit.target, unit.cause, unit.kind, rule, left))
    return None if bare is None or bare.due is None else replace(unit, due=bare.due, since=bare.since, rule=rule)


def _offline(sight: Sight, unit: Unit) -> Unit:
    """By N-OFF-30 alone, where the closure was filed: asked for from day 31 on; an incident that counts the days before is not wrong."""
    day = day_start(civil_day(unit.start) + timedelta(days=OFFLINE_DAYS + 1))
    limit = max(day, sight.by_our_clock(day))
    wait = allowed(sight.terms, unit.kind, unit.target)
    long = unit.end is None or unit.end - limit >= sight.terms.site
    due = sight.patience.deadline(limit, wait) if long and unit.due is not None else None
    return replace(unit, due=due, rule="national-2019/N-OFF-30", since=limit)


def _entry_rule(sight: Sight, target: str, *, page: bool) -> str | None:
    """What an entry breaks that is lost from its home page, or whose page is gone; None for all else."""
    entry = sight.plan.by_name[target]
    if not isinstance(entry, DeclaredEntry):
        return None
    if entry.kind not in RULES:  # no home page owes a way to its reply list
        return "house/page-outage" if page else None
    if _NATIONAL in sight.terms.rules:
        return f"{_NATIONAL}/{RULES[entry.kind]}{'-PAGE' if page else ''}"
    return "house/page-outage" if page else "house/entry"


def _dead_way(sight: Sight, event: Event, unit: Unit | None) -> Iterator[Unit]:
    """The home page links to its columns and entries: that such a link is dead too is true, and already told."""
    site, page = sight.plan.site_of(event.target), sight.plan.by_name[event.target]
    if unit is not None and isinstance(page, Column | DeclaredEntry):
        path = column_path(site, page) if isinstance(page, Column) else page.path
        address = sight.plan.site_url(site).rstrip("/") + path
        rule, glow = "national-2019/N-LINK-HOME", AFTERGLOW
        yield Unit(link_id(address), Cause.DEAD_LINK, unit.kind, unit.start, unit.end, None, rule, unit.start, glow)


def _reached(sight: Sight, event: Event, kind: str, span: Span) -> Iterator[Unit]:
    """Slow or hijacked, while the city shows just that."""
    column = "/column-" in event.target
    cause = Cause.SLOW if kind == "slow" else Cause.TAMPER
    dim = sight.muted(event.target) if column else []
    spans = within([span], sight.shown(event.target, frozenset({kind})))
    unit = sight.unit(Case(event.target, cause, kind, _RULES.get((cause, column)), spans, dim))
    if unit is not None and column and kind == "slow":
        unit = replace(unit, due=None)  # the 15 seconds are the home page's (N-AVAIL, house/slow): nobody asked
    elif column:
        yield from _dead_way(sight, event, unit)
    yield from _one(unit)


def _seen(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """What a page says, while it can be read."""
    cause, column = _CONTENT[event.kind], "/column-" in event.target
    shown_by = sight.plan.site_of(event.target).name if cause is Cause.ENTRY_PRESENT else event.target
    unread = merged([*sight.covered(shown_by), *sight.spans(shown_by, "shell")])
    if event.kind == "backdated":
        unread = merged([*unread, *sight.spans(event.target, "blank")])  # an empty list shows no date
    spans = minus([span], unread)
    rule = _hidden_by(sight.terms.rules, column=column) if cause is Cause.TAMPER else _RULES.get((cause, column))
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


def _hidden_by(rules: frozenset[str], *, column: bool) -> str:
    """Hidden links break a rule of either pack."""
    if _HOUSE in rules:
        return "house/column-tampered" if column else "house/tampered"
    return "national-2019/N-BADLINK-COL" if column else "national-2019/N-BADLINK"


def _turned(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """What a friendly link leads to, for as long as the page that shows it can be read; seen at two looks like a dead one."""
    site, terms = event.target.partition("/")[0], sight.terms
    rule = "house/link-turned" if _HOUSE in terms.rules else "national-2019/N-LINK-HOME"
    dim = [*sight.muted(site), *sight.spans(site, "shell"), *sight.spans(site, "hidden_link")]
    needed = cadence(terms, event.kind, event.target) + terms.link_window
    case = Case(event.target, Cause.TAMPER, event.kind, rule, [span], dim)
    yield from _one(sight.unit(case, needed, needed + terms.group + terms.allowance))


def _certificate(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """A handshake of its own: a wall, a slow page or somebody else's do not hide what it shows; an outage mutes it."""
    spans = minus([span], sight.shown(event.target, OUTAGES))
    dim = sight.muted(event.target, OUTAGES)
    yield from _one(sight.unit(Case(event.target, Cause.CERTIFICATE, event.kind, "house/certificate", spans, dim)))


def _dead(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """A link whose host answers, on a home page that can be read (a shell carries none)."""
    site = event.target.partition("/")[0]
    spans = minus([span], sight.shown(site))
    dim = [*sight.muted(event.target), *sight.spans(site, "shell")]
    yield from _one(
        sight.unit(Case(event.target, Cause.DEAD_LINK, event.kind, "national-2019/N-LINK-HOME", spans, dim))
    )


def _ours(sight: Sight, event: Event, span: Span) -> Iterator[Unit]:
    """Our own trouble. Told once we can: a full disk after it, a cut uplink after it too when the channel needs it."""
    terms = sight.terms
    if event.kind == "clock_jump":
        yield from _jump(sight, event, span[0])
        return
    killed, full = sight.spans("*", "killed"), sight.spans("*", "disk_full")
    worse = merged([*killed, *full]) if event.kind == "uplink_down" else killed
    sure = minus([span], worse)
    needed = terms.site + terms.windows.get(event.kind, terms.window)
    since = next((begin for begin, end in sure if end - begin >= needed), None)
    due = None if since is None else sight.patience.deadline(since, allowed(terms, event.kind, "*"))
    # Nothing can be written on a full disk: its incident opens once there is room again.
    after = terms.retry + needed if event.kind == "disk_full" else AFTERGLOW
    glow = sight.glow(span[1], after)
    yield Unit("*", Cause.OURS, event.kind, span[0], or_none(span[1]), due, None, span[0], glow)


def _jump(sight: Sight, event: Event, at: datetime) -> Iterator[Unit]:
    """The machine's clock was set. Nobody can tell who was not there, and nobody minds a little."""
    dead = any(begin <= at < end for begin, end in sight.spans("*", "killed"))
    small = "by" in event.options and abs(jump_of(event)) < SMALL_JUMP
    due = None if dead or small else sight.patience.deadline(at, allowed(sight.terms, event.kind, "*"))
    yield Unit("*", Cause.OURS, event.kind, at, at, due, None, at, JUMP_TOLD)
