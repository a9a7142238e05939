"""What other rules or limits would have said: the past of every target they concern, walked under both, and the difference.

A function of a read transaction; writes nothing. Targets whose rules are the same are not walked: their alerts are the same.
Site by site, so that no more is held than one site with its columns.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.clock import from_ms
from monitor.config.settings import RawTarget, Settings
from monitor.evidence.compared import Difference, differences
from monitor.evidence.replayed import Group, Replay, groups
from monitor.evidence.walk import Alert, Walked
from monitor.model import Pack
from monitor.settle.policy import Policy, policy_of
from monitor.store import past
from monitor.store.past import Past

NEAR = timedelta(hours=1)
"""So near to what really came a replayed alert is the same: of samples only the hour is kept."""
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Both:
    """The rules in force, and the others. `new`: packs that no target names; every target is taken to fall under them."""

    present: Policy
    other: Policy
    new: tuple[str, ...] = ()

    def as_other(self, target: RawTarget) -> RawTarget:
        """The target as it would be under the others."""
        return replace(target, packs=(*target.packs, *self.new)) if self.new else target

    def differ(self, target: RawTarget) -> bool:
        """Whether the target falls under anything else."""
        present = [rule.version for rule in self.present.rules_of(target)]
        return present != [rule.version for rule in self.other.rules_of(self.as_other(target))]


@dataclass(slots=True)
class WhatIf:
    """What differs from `start` to before `end`. `walked` of `watched` targets are under rules that differ.

    `present` and `other` count the alerts of these under each. Of the `really` told troubles of these in that time `came` come
    out of the replay under the present rules, too: how far the replay can be trusted.
    """

    start: datetime
    end: datetime
    begins: datetime | None  # the first look the store still has
    new: tuple[str, ...] = ()
    watched: int = 0
    walked: int = 0
    present: int = 0
    other: int = 0
    really: int = 0
    came: int = 0
    differs: list[Difference] = field(default_factory=list)


def both(settings: Settings, packs: Sequence[Pack]) -> Both:
    """The present rules, and those with these packs in place of the ones of the same name."""
    names = {pack.id for pack in packs}
    known = {pack.id for pack in settings.packs} | {name for one in settings.targets for name in one.packs}
    kept = tuple(pack for pack in settings.packs if pack.id not in names)
    other = policy_of(settings.model_copy(update={"packs": (*kept, *packs)}))
    return Both(policy_of(settings), other, tuple(pack.id for pack in packs if pack.id not in known))


def what_if(
    tx: sqlite3.Connection,
    rules: Both,
    start: datetime | None = None,
    end: datetime | None = None,
    progress: Progress = lambda _what, _n: None,
) -> WhatIf:
    """Replay from the one instant to before the other; left out: from the first look that is known, to the last."""
    begins, ends = past.begins(tx), past.ends(tx)
    last = min((one for one in (end, ends) if one is not None), default=from_ms(0))
    found = WhatIf(start or begins or last, last, begins, rules.new)
    replay = Replay(tx, ends or last)  # to its end: what comes later under other rules has not failed to come
    for number, group in enumerate(groups(tx), 1):
        _of_group(group, replay, rules, found)
        progress("targets", number)
    found.differs.sort(key=lambda one: (one.first, one.target, one.cause))
    return found


def _of_group(group: Group, replay: Replay, rules: Both, found: WhatIf) -> None:
    """A site needs its columns where it counts them; else each is walked when its own rules differ."""
    site = group.site
    differing = {one.id for one in group.others if rules.differ(one)}
    counted = site is not None and any(
        "counts" in policy.needs_of(one) for policy, one in ((rules.present, site), (rules.other, rules.as_other(site)))
    )
    of_site = site is not None and (rules.differ(site) or (counted and bool(differing)))
    found.watched += len(group.others) + (site is not None)
    columns: list[tuple[RawTarget, Past, Walked, Walked]] = []
    for one in group.others:
        if one.id in differing or (of_site and counted):
            known = replay.past_of(one)
            walked = replay.walk(one, known, rules.present), replay.walk(rules.as_other(one), known, rules.other)
            _compare(replay, one.id, *walked, found)
            if site is not None:
                columns.append((one, known, *walked))
    if site is not None and of_site:
        known = replay.past_of(site)
        present = replay.walk(site, known, rules.present, [(one, had, was) for one, had, was, _ in columns])
        other = replay.walk(rules.as_other(site), known, rules.other, [(one, had, new) for one, had, _, new in columns])
        _compare(replay, site.id, present, other, found)


def _compare(replay: Replay, target: str, present: Walked, other: Walked, found: WhatIf) -> None:
    start, end = found.start, found.end
    found.walked += 1
    found.present += sum(start <= one.at < end for one in present.alerts)
    found.other += sum(start <= one.at < end for one in other.alerts)
    found.differs += differences(present.alerts, other.alerts, start, end)
    for cause, at in past.opened(replay.tx, target):
        if start <= at < end:
            found.really += 1
            found.came += any(_is_that(one, cause, at) for one in present.alerts)


def _is_that(one: Alert, cause: str, at: datetime) -> bool:
    return one.cause.value == cause and abs(one.at - at) <= NEAR
