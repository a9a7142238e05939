"""Count vetoes: when so many columns of a site are stale, or blank, at once that the site fails (5, 10, 5; domain.md §1.2).

Pure. Goes by the units of its columns that the truth has already. The three counts are told by one incident of the site.
Whether a column counts is known from a look at it: its site fails when the last of them has had its look, and is well again
when one has.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.city.plan import Column
from monitor.city.sight import Sight
from monitor.city.spans import FAR, Span, later, longer, merged, minus, or_none, within
from monitor.city.terms import AFTERGLOW, Unit, cadence, window
from monitor.model import Cause, ColumnKind


@dataclass(frozen=True, slots=True)
class _Count:
    """So many columns of these kinds under that cause at once."""

    rule: str
    cause: Cause
    columns: frozenset[ColumnKind]
    number: int


COUNTS = (
    _Count(
        "national-2019/N-COL-SUM",
        Cause.STALE,
        frozenset({ColumnKind.DYNAMIC, ColumnKind.POLICY, ColumnKind.NOTICE}),
        5,
    ),
    _Count("national-2019/N-COL-OTHER-SUM", Cause.STALE, frozenset({ColumnKind.OTHER}), 10),
    _Count("national-2019/N-COL-BLANK", Cause.BLANK, frozenset(ColumnKind), 5),
)


@dataclass(frozen=True, slots=True)
class _Reached:
    """A stretch in which a count may be reached: `may` at the most, `exact` by the columns' faults, `sure` what is due."""

    may: Span
    exact: list[Span]
    sure: list[Span]
    of: Cause
    rule: str


def counts(sight: Sight, units: Iterable[Unit]) -> Iterator[Unit]:
    """A unit for each stretch in which a site fails by at least one count; `units` are those of its columns."""
    by_site: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.cause in {Cause.STALE, Cause.BLANK} and isinstance(sight.plan.by_name.get(unit.target), Column):
            by_site.setdefault(unit.target.partition("/")[0], []).append(unit)
    for site, found in sorted(by_site.items()):
        reached = [one for count in COUNTS for one in _reached(sight, count, found)]
        for span in merged(one.may for one in reached):
            yield _unit(sight, site, span, [one for one in reached if within([one.may], [span])])


def _reached(sight: Sight, count: _Count, units: Sequence[Unit]) -> Iterator[_Reached]:
    mine = [unit for unit in units if unit.cause is count.cause and _kind(sight, unit) in count.columns]
    may = _together([(unit.target, (unit.start, _seen_over(sight, unit))) for unit in mine], count.number)
    exact = _together([(unit.target, (unit.start, unit.end or FAR)) for unit in mine], count.number)
    sure = _together([(unit.target, piece) for unit in mine for piece in _shown(sight, unit)], count.number)
    for span in may:
        yield _Reached(span, within(exact, [span]), within(sure, [span]), count.cause, count.rule)


def _kind(sight: Sight, unit: Unit) -> ColumnKind:
    column = sight.plan.by_name[unit.target]
    assert isinstance(column, Column)
    return column.kind


def _shown(sight: Sight, unit: Unit) -> list[Span]:
    """When its column is certainly known to be so, or would be had it its look: not while something hides it."""
    if unit.due is None:
        return []
    others = sight.spans(unit.target, *({"shell", "blank"} - {unit.kind}))
    hidden = merged([*sight.ours, *sight.covered(unit.target), *sight.muted(unit.target), *others])
    return minus([(unit.since or unit.start, unit.end or FAR)], hidden)


def _seen_over(sight: Sight, unit: Unit) -> datetime:
    """When at the latest somebody has seen that the column is well again."""
    if unit.end is None:
        return FAR
    looked = cadence(sight.terms, unit.kind, unit.target) + window(sight.terms, unit.kind)
    last = later(unit.end, looked + unit.glow)
    blind = merged(longer([*sight.ours, *sight.muted(unit.target)], looked))
    return max([last, *(end for begin, end in blind if begin < last and end > unit.end)])


def _together(spans: Iterable[tuple[str, Span]], number: int) -> list[Span]:
    """When so many targets have a span at once."""
    of_target: dict[str, list[Span]] = {}
    for target, span in spans:
        of_target.setdefault(target, []).append(span)
    whole = [span for each in of_target.values() for span in merged(each)]
    steps = sorted((edge, step) for begin, end in whole for edge, step in ((begin, 1), (end, -1)))
    found: list[Span] = []
    have, since = 0, None
    for at, step in steps:
        have += step
        if have >= number and since is None:
            since = at
        elif have < number and since is not None:
            found.append((since, at))
            since = None
    return merged(found)


def _unit(sight: Sight, site: str, span: Span, reached: Sequence[_Reached]) -> Unit:
    """Due when enough columns are so for long enough that each had its look."""
    terms = sight.terms
    exact = merged(piece for one in reached for piece in one.exact) or [span]
    asked = []
    for one in reached:
        needed = terms.column + window(terms, "blank" if one.of is Cause.BLANK else "silent")
        since = next((begin for begin, end in one.sure if end - begin >= needed), None)
        if since is not None:
            wait = needed + terms.group + terms.allowance
            asked.append((sight.patience.deadline(since, wait), since, one.rule))
    due, since, rule = min(asked, default=(None, exact[0][0], reached[0].rule))
    end = exact[-1][1]
    glow = AFTERGLOW if end >= FAR else span[1] - end + AFTERGLOW
    return Unit(site, Cause.COUNT, "count", span[0], or_none(end), due, rule, since, glow)
