"""What was known of a target at any instant of its past, as `Facts`: built anew from what the store still has.

Pure but for what it is handed. A run tells what every look inside it found; of its measures the last are kept, and of dates each
with the look that told it first. Where an earlier program kept no dates, the newest is that of the items seen by then, never later
than what the run came to. Looks are taken to be as close together as the watch makes them: inside a run one was just made.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from monitor.clock import civil_day, day_start, from_ms, to_ms
from monitor.judge.availability import of_a_week
from monitor.judge.blindness import BESIDE, HELD_REASONS
from monitor.judge.days import last_day_of
from monitor.judge.effect import in_effect
from monitor.judge.outage import OVER
from monitor.judge.runs import Confirmation
from monitor.model import (
    CLOSURES,
    Condition,
    Declaration,
    Facts,
    Kin,
    Measure,
    Outage,
    Outcome,
    Run,
    Shift,
    Standing,
)
from monitor.store.attesting import as_one
from monitor.store.brought import POSTS_BACK
from monitor.store.declarations import BACK
from monitor.store.findings import HOUR, WEEK_HOURS
from monitor.store.past import Past

CONCLUSIVE = frozenset({Outcome.OK, Outcome.FAIL})
At = Callable[[datetime], bool]


def _no_roster(_now: datetime) -> tuple[Shift, ...] | None:
    return None


def _never(_instant: datetime) -> bool:
    return False


@dataclass
class History:
    """One target's past. `hidden` and `held`: when its host's outage or our own blind network withheld verdicts."""

    past: Past
    confirm: Callable[[str], Confirmation]
    period: timedelta | None = None  # between two looks at a site; None for what is no site
    hidden: At = _never
    held: At = _never
    needs: frozenset[str] = frozenset()
    counts: Callable[[datetime], Mapping[str, int]] = lambda _instant: {}
    workdays: Mapping[date, bool] = field(default_factory=dict)
    kin: Kin | None = None
    shifts: Callable[[datetime], tuple[Shift, ...] | None] = _no_roster
    turns: frozenset[datetime] = field(default_factory=frozenset)  # further instants at which something changes
    _known: dict[datetime, Facts] = field(default_factory=dict)  # put together once, for walks under several rules

    @cached_property
    def instants(self) -> list[datetime]:
        """When its facts changed, in order; new items left out."""
        closed = (self._closed_at(one) for one in self.past.conditions)
        posted = (told for _, told in self.past.posts) if "posts" in self.needs else ()
        return sorted({*self.turns, *_turns(self.past), *posted, *(one for one in closed if one is not None)})

    @cached_property
    def with_items(self) -> list[datetime]:
        """The same with those at which something new appeared: of a target that is well that is no news."""
        dated = (one.since for told in self.past.dates.values() for one in told)
        return sorted({*self.instants, *dated, *(one.first_seen_at for one in self.past.items)})

    def at(self, now: datetime, standings: tuple[Standing, ...]) -> Facts:
        """What judging would have known; `standings` are those of the judging before."""
        known = self._known.get(now)
        if known is None:
            known = self._known[now] = self._at(now)
        return known._replace(standings=standings)

    def _at(self, now: datetime) -> Facts:
        runs = self._runs(now)
        looks = [run.last_at for run in runs if run.finding.outcome in CONCLUSIVE]
        declared = self._declared(now)
        good, failed, excluded = self._samples(now, declared) if self.period else (0, 0, 0)
        blind = _blind(runs)
        first = self.past.first_look_at
        return Facts(
            runs=runs,
            conditions=tuple(one for one in self.past.conditions if self._is_open(one, now)),
            outage=next((one for one in (self._outage(each, now) for each in self.past.outages) if one), None),
            last_look_at=max(looks, default=None),
            first_seen_at=first if first is not None and first <= now else None,
            blind_since=blind[0] if blind else None,
            blind_reason=blind[1] if blind else "",
            good=good,
            failed=failed,
            excluded=excluded,
            expected=of_a_week(self.period, self.past.sampled_days((to_ms(now) + 1) // HOUR - 1)) if self.period else 0,
            muted_by="host" if self.hidden(now) else None,
            held=self.held(now),
            workdays=self.workdays,
            **self._records(now, declared),
        )

    def _runs(self, now: datetime) -> tuple[Run, ...]:
        found = []
        for begun, runs in self._by_check:
            place = bisect_right(begun, now)
            if place:
                found.append(self._by_then(runs[place - 1], now))
        return tuple(found)

    @cached_property
    def _by_check(self) -> list[tuple[list[datetime], list[Run]]]:
        """The runs of each check and subject, with when they began."""
        found: dict[tuple[str, str], list[Run]] = {}
        for run in self.past.runs:
            found.setdefault((run.finding.check, run.finding.subject), []).append(run)
        return [([run.first_at for run in runs], runs) for _, runs in sorted(found.items())]

    def _by_then(self, run: Run, now: datetime) -> Run:
        """A run as far as it had come."""
        if run.last_at <= now:
            return run
        finding = run.finding
        if any(_is_moving(one) for one in finding.measures):
            measures = (self._measured(one, run, now) for one in finding.measures)
            finding = finding._replace(measures=tuple(one for one in measures if one is not None))
        return run._replace(finding=finding, last_at=now, streak_since=min(run.streak_since, now))

    def _measured(self, one: Measure, run: Run, now: datetime) -> Measure | None:
        """What a look at that instant would have measured, as far as it can be told."""
        if one.name == "left" and isinstance(one.value, int | float):  # until the certificate runs out
            ahead = (run.last_at - now) / (timedelta(seconds=1) if one.unit == "seconds" else timedelta(days=1))
            return replace(one, value=one.value + ahead)
        told = self.past.dates.get((run.id, one.name), ()) if run.id is not None else ()
        if place := bisect_right(told, now, key=lambda each: each.since):
            return replace(one, value=told[place - 1].day)
        if one.name != "newest" or not isinstance(one.value, str):
            return one
        known = self._newest(now)
        if known is not None and known < one.value:
            return replace(one, value=known)
        return one if one.value <= civil_day(now).isoformat() else None

    def _newest(self, now: datetime) -> str | None:
        """The newest date among the items seen by then."""
        place = bisect_right(self._seen, now)
        return self._best[place - 1] if place else None

    @cached_property
    def _seen(self) -> list[datetime]:
        return [one.first_seen_at for one in self.past.items]

    @cached_property
    def _best(self) -> list[str | None]:
        best: str | None = None
        found: list[str | None] = []
        for one in self.past.items:
            credible = one.date is not None and one.date <= civil_day(one.first_seen_at).isoformat()
            best = max(best or "", one.date) if credible and one.date is not None else best
            found.append(best)
        return found

    def _closed_at(self, one: Condition) -> datetime | None:
        """When its end was confirmed: the store has the first good look."""
        if one.ended_at is None:
            return None
        rule = self.confirm(one.check)
        return one.ended_at + (rule.goods - 1) * (rule.good_every or timedelta())

    def _is_open(self, one: Condition, now: datetime) -> bool:
        closed = self._closed_at(one)
        return one.confirmed_at <= now and (closed is None or now < closed)

    def _outage(self, one: Outage, now: datetime) -> Outage | None:
        """The outage as it ran then; None when it was not known yet, or over."""
        begun = [each.confirmed_at for each in self.past.conditions if each.since == one.started_at]
        over = one.ended_at is not None and now >= one.ended_at + OVER
        if min(begun, default=one.started_at) > now or over:
            return None
        gap = next((start for start, end in one.gaps if start <= now < end), None)
        up = one.ended_at if one.ended_at is not None and one.ended_at <= now else gap
        if one.ended_at is None and one.up_since is not None and one.up_since <= now:
            up = one.up_since
        gaps = tuple(span for span in one.gaps if span[1] <= now)
        return replace(one, up_since=up, ended_at=None, gaps=gaps)

    def _samples(self, now: datetime, declared: tuple[Declaration, ...]) -> tuple[int, int, int]:
        last = (to_ms(now) + 1) // HOUR - 1  # hours that are over: when in its hour a look failed is not kept
        hours, sums = self._summed
        first, end = bisect_right(hours, last - WEEK_HOURS), bisect_right(hours, last)
        good, failed, excluded = (sums[end][place] - sums[first][place] for place in range(3))
        spans = [(one.start, one.end or now) for one in declared if one.kind in CLOSURES and one.start <= now]
        closed = [(to_ms(start) // HOUR, (to_ms(over) - 1) // HOUR) for start, over in spans]
        week = hours[first:end] if closed else ()
        filed = sum(self.past.hours[hour][1] for hour in week if any(begun <= hour <= final for begun, final in closed))
        return good, failed - filed, excluded + filed

    @cached_property
    def _summed(self) -> tuple[list[int], list[tuple[int, int, int]]]:
        """The hours in order, and what all before each of them, and before the end, come to."""
        hours, sums = sorted(self.past.hours), [(0, 0, 0)]
        for hour in hours:
            (good, failed, excluded), told = sums[-1], self.past.hours[hour]
            sums.append((good + told[0], failed + told[1], excluded + told[2]))
        return hours, sums

    def _declared(self, now: datetime) -> tuple[Declaration, ...]:
        found = [
            one.declaration
            for one in self.past.filed
            if one.declaration.filed_at <= now and (one.superseded_at is None or now < one.superseded_at)
        ]
        after = now - BACK
        reaching = (one for one in found if one.start >= after or one.end is None or one.end >= after)
        return in_effect(sorted(reaching, key=lambda one: (one.start, one.id)), self._over(now))

    def _over(self, now: datetime) -> tuple[Outage, ...]:
        """Outages that were over by then."""
        return tuple(one for one in self.past.outages if one.ended_at is not None and one.ended_at + OVER <= now)

    def _ended(self, now: datetime) -> tuple[Outage, ...]:
        """Those judging goes by."""
        return tuple(one for one in self._over(now) if one.started_at >= now - BACK)

    def _records(self, now: datetime, declared: tuple[Declaration, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        past, needs = self.past, self.needs
        if "declarations" in needs:
            found["declarations"] = declared
        if "attested" in needs:
            found["attested"] = as_one(one for one in past.attested if one.at <= now)
        if "messages" in needs:
            known = (one for one, told in past.messages if told <= now and one.received_at <= now)
            waiting = (one for one in known if one.answered_at is None or one.answered_at > now)
            found["messages"] = tuple(replace(one, answered_at=None) for one in waiting)
        if "posts" in needs:
            since = civil_day(now) - POSTS_BACK
            found["posts"] = tuple(one for one, told in past.posts if told <= now and one.day >= since)
        if "ended" in needs:
            found["ended"] = self._ended(now)
        if "counts" in needs:
            found["counts"] = self.counts(now)
        if "shifts" in needs:
            found["shifts"] = self.shifts(now)
        return found | ({"kin": self.kin} if "kin" in needs else {})


def _is_moving(one: Measure) -> bool:
    """Whether it was something else at an earlier look of the same run."""
    return one.name == "left" or one.unit == "date"


def _turns(past: Past) -> Iterator[datetime]:
    """When something of it changed; ends of conditions come with their confirmation."""
    for days in past.dates.values():
        yield from (new.since for old, new in pairwise(days) if new.day < old.day)  # what was newest was taken down
    for run in past.runs:
        yield from (run.first_at, run.last_at)
        newest = last_day_of(run.finding.measure("newest"))
        if newest is not None and run.first_at < day_start(newest) < run.last_at:
            yield day_start(newest)  # from when on the last measure can be that of a look
    yield from (one.confirmed_at for one in past.conditions)
    for outage in past.outages:
        yield from (outage.started_at, *(edge for gap in outage.gaps for edge in gap))
        yield from () if outage.ended_at is None else (outage.ended_at, outage.ended_at + OVER)
    yield from (from_ms((hour + 1) * HOUR - 1) for hour, told in past.hours.items() if told[1])
    for one in past.filed:
        known = (one.declaration.filed_at, one.declaration.start, one.declaration.end, one.superseded_at)
        yield from (instant for instant in known if instant is not None)
    for message, told in past.messages:
        yield from (told, *(() if message.answered_at is None else (message.answered_at,)))
    yield from (one.at for one in past.attested)


def _blind(runs: tuple[Run, ...]) -> tuple[datetime, str] | None:
    """Since when, and why, nothing could be seen of what we came for; as monitor/settle/looks.py tells it of a visit."""
    if any(run.finding.outcome is Outcome.FAIL and run.finding.check not in BESIDE for run in runs):
        return None
    unseen = [run for run in runs if run.finding.outcome is Outcome.UNKNOWN and run.finding.check not in BESIDE]
    own = [run for run in unseen if run.finding.reason not in HELD_REASONS]
    if not own or len(own) < len(unseen):
        return None
    return min(run.streak_since for run in own), own[0].finding.reason
