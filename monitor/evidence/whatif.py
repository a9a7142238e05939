"""What other rules or limits would have said: the past of every target they concern, walked under both, and the difference.

A function of a read transaction; writes nothing. Targets whose rules are the same are not walked: their alerts are the same; so
are those of a site that only counts columns, while they come to the same counts. Some sites at a time, so that no more is held.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.clock import SHANGHAI
from monitor.config.settings import RawTarget, Settings
from monitor.evidence.compared import Difference, differences
from monitor.evidence.replayed import Counting, Group, Replay, groups, watched
from monitor.evidence.walk import Alert, Walked
from monitor.model import Pack, Text, say
from monitor.settle.policy import Policy, policy_of
from monitor.store import past
from monitor.store.past import Came, Past

NEAR = timedelta(hours=1)
"""So near to what really came a replayed alert is the same: of samples only the hour is kept."""
Progress = Callable[[str, int], None]


class Unknown(Exception):
    """The store has no look from the time that is asked for; `words` say which it has. `bound`: "from", "to", or "" when it has none."""

    def __init__(self, words: Text, bound: str = "") -> None:
        super().__init__(str(words))
        self.words, self.bound = words, bound


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
        present = sorted(rule.version for rule in self.present.rules_of(target))  # packs come in any order
        return present != sorted(rule.version for rule in self.other.rules_of(self.as_other(target)))


@dataclass(slots=True)
class WhatIf:
    """What differs from `start` to before `end`. `walked` of `watched` targets are under rules that differ.

    `present` and `other` count the alerts of these under each. Of the `really` told troubles of these in that time `came` come
    out of the replay under the present rules, too: how far the replay can be trusted. `missed` are those that do not.
    """

    start: datetime
    end: datetime
    begins: datetime  # the first look the store still has
    new: tuple[str, ...] = ()
    watched: int = 0
    walked: int = 0
    present: int = 0
    other: int = 0
    really: int = 0
    came: int = 0
    missed: list[Came] = field(default_factory=list)
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
    """Replay from the one instant to before the other; left out: from the first look that is known, to the last. Raises Unknown."""
    begins, ends = past.begins(tx), past.ends(tx)
    if begins is None or ends is None:
        raise Unknown(say("the store has no look yet: nothing is known of any time"))
    _refuse_unknown(begins, ends, start, end)
    last = ends if end is None else min(end, ends)
    found = WhatIf(start or begins, last, begins, rules.new)
    replay = Replay(tx, ends)  # to its end: what comes later under other rules has not failed to come
    what = f"targets of {watched(tx):,}"
    for some in groups(tx):
        asked = [one for group in some if any(map(rules.differ, _members(group))) for one in _members(group)]
        really = past.opened(tx, [one.id for one in asked]) if asked else {}
        replay.load(asked)
        for group in some:
            _of_group(group, replay, rules, found, really)
            progress(what, found.watched)
    _of_desk(replay, rules, found)
    found.missed.sort(key=lambda one: (one.at, one.incident, one.target))
    found.differs.sort(key=lambda one: (one.first, one.target, one.cause))
    return found


def _refuse_unknown(begins: datetime, ends: datetime, start: datetime | None, end: datetime | None) -> None:
    """Of a time nobody looked in "nothing differs" would be no answer."""
    late = start is not None and start > ends
    if late or (end is not None and end <= begins):
        known = {"first": f"{begins.astimezone(SHANGHAI):%Y-%m-%d}", "last": f"{ends.astimezone(SHANGHAI):%Y-%m-%d}"}
        words = say("nothing is known of that time: the store has looks from {first} to {last}", **known)
        raise Unknown(words, "from" if late else "to")


def _members(group: Group) -> tuple[RawTarget, ...]:
    return group.others if group.site is None else (*group.others, group.site)


def _of_desk(replay: Replay, rules: Both, found: WhatIf) -> None:
    """What the records of the desk owe, and its roster: no row of the inventory, and nobody looks at it."""
    desk = rules.present.desk
    found.watched += 1
    if rules.differ(desk):
        known = replay.of_desk()
        walked = replay.walk(desk, known, rules.present), replay.walk(rules.as_other(desk), known, rules.other)
        _compare(desk.id, *walked, found, past.opened(replay.tx, [desk.id]))


def _of_group(group: Group, replay: Replay, rules: Both, found: WhatIf, really: Mapping[str, list[Came]]) -> None:
    """Each column whose rules differ is walked under both; the site when its own do, or what it counts does."""
    site = group.site
    found.watched += len(_members(group))
    walked = {one.id: _both(one, replay, rules) for one in group.others if rules.differ(one)}
    for name, pair in walked.items():
        _compare(name, *pair, found, really)
    if site is None or not (rules.differ(site) or (walked and _counts(site, rules))):
        return
    columns = _columns(group, walked, replay, rules) if _counts(site, rules) else []
    present, other = ([(one, had, pair[side]) for one, had, pair in columns] for side in (0, 1))
    if rules.differ(site) or Counting(present) != Counting(other):
        known = replay.past_of(site)
        as_present = replay.walk(site, known, rules.present, present)
        _compare(site.id, as_present, replay.walk(rules.as_other(site), known, rules.other, other), found, really)


def _columns(
    group: Group, walked: Mapping[str, tuple[Walked, Walked]], replay: Replay, rules: Both
) -> list[tuple[RawTarget, Past, tuple[Walked, Walked]]]:
    """All of its columns: those under the same rules are walked once."""
    found = []
    for one in group.others:
        known = replay.past_of(one)
        pair = walked.get(one.id)
        if pair is None:
            same = replay.walk(one, known, rules.present)
            pair = same, same
        found.append((one, known, pair))
    return found


def _both(one: RawTarget, replay: Replay, rules: Both) -> tuple[Walked, Walked]:
    known = replay.past_of(one)
    return replay.walk(one, known, rules.present), replay.walk(rules.as_other(one), known, rules.other)


def _counts(site: RawTarget, rules: Both) -> bool:
    pairs = (rules.present, site), (rules.other, rules.as_other(site))
    return any("counts" in policy.needs_of(one) for policy, one in pairs)


def _compare(target: str, present: Walked, other: Walked, found: WhatIf, really: Mapping[str, list[Came]]) -> None:
    start, end = found.start, found.end
    found.walked += 1
    found.present += sum(start <= one.at < end for one in present.alerts)
    found.other += sum(start <= one.at < end for one in other.alerts)
    found.differs += differences(present.alerts, other.alerts, start, end)
    for real in really.get(target, ()):
        if not start <= real.at < end:
            continue
        found.really += 1
        if any(_is_that(one, real) for one in present.alerts):
            found.came += 1
        else:
            found.missed.append(real)


def _is_that(one: Alert, real: Came) -> bool:
    return one.cause is real.cause and abs(one.at - real.at) <= NEAR
