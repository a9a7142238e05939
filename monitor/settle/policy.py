"""By what the watch goes while it settles: the settings and rules in force, prepared once per load.

Frozen; a reload makes a new one. Reads and writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from monitor.alert.budget import Recipient, recipients
from monitor.config.settings import RawTarget, Settings
from monitor.judge.runs import NEARLY, Confirmation, confirmation
from monitor.judge.standings import applicable
from monitor.model import DESK_ID, DESK_NAME, Rule, Target, TargetKind
from monitor.settle.records import needs_of

DESK: RawTarget = Target(id=DESK_ID, kind=TargetKind.DESK, name="值守", url="", options={}, packs=())
"""The desk as a target: a member of what is our own, and what the records owe. Nobody looks at it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings in force with what is derived from them."""

    settings: Settings
    rules: Mapping[str, Rule]  # by "pack/id"
    periods: Mapping[TargetKind, timedelta]
    cadences: Mapping[str, timedelta]
    recipients: tuple[Recipient, ...]
    desk: RawTarget = DESK  # the desk itself, under every pack that anything watched falls under
    _applicable: dict[object, tuple[Rule, ...]] = field(default_factory=dict)
    _needs: dict[object, frozenset[str]] = field(default_factory=dict)

    def rules_of(self, target: RawTarget) -> tuple[Rule, ...]:
        """The rules the target falls under; looked up once for all targets alike."""
        key = _shape(target)
        if key not in self._applicable:
            self._applicable[key] = tuple(applicable(target, tuple(self.rules.values())))
        return self._applicable[key]

    def needs_of(self, target: RawTarget) -> frozenset[str]:
        """Which records these rules go by (settle/records.py); looked up likewise."""
        key = _shape(target)
        if key not in self._needs:
            self._needs[key] = needs_of(self.rules_of(target))
        return self._needs[key]

    def measure(self) -> str:
        """What standings are judged by besides what is seen, as one text: when it changes, all are judged again."""
        versions = sorted(f"{key}={rule.version}" for key, rule in self.rules.items())
        told = self.settings
        calendar = sorted(told.workdays.items())
        return sha256(f"{told.blind!r} {told.cadence!r} {calendar} {told.shifts!r} {versions}".encode()).hexdigest()

    def blind_limit(self, kind: TargetKind) -> timedelta | None:
        """How long a target of that kind may go unseen before that is an incident; None: never."""
        limit: timedelta | None = getattr(self.settings.blind, kind.value, None)  # none for the desk
        return limit

    def confirmation(self, kind: TargetKind, check: str) -> Confirmation:
        """How a failure of that check is confirmed."""
        told = self.settings.confirm
        return _confirmation(kind, check, told.tries, told.every, told.link_second_look)


def _shape(target: RawTarget) -> object:
    """What decides which rules a target falls under."""
    return target.kind, target.column, target.on_home, target.level, target.entry, target.platform, target.packs


def policy_of(settings: Settings) -> Policy:
    """Prepare what settling needs from the settings."""
    told = settings.cadence
    packs = {name for one in settings.targets for name in one.packs} or {pack.id for pack in settings.packs}
    return Policy(
        settings=settings,
        rules={rule.key: rule for pack in settings.packs for rule in pack.rules},
        periods={
            TargetKind.SITE: told.site,
            TargetKind.COLUMN: told.column,
            TargetKind.ACCOUNT: told.account,
            TargetKind.PAGE: told.page,
            TargetKind.LINK: told.links,
        },
        cadences={
            "certificate": told.certificate,
            "page": told.page,
            "second_look": NEARLY * settings.confirm.link_second_look,
        },
        recipients=tuple(recipients(settings.channels, settings.people)),
        desk=replace(DESK, name=DESK_NAME, packs=tuple(sorted(packs))),
    )


@lru_cache(maxsize=256)
def _confirmation(
    kind: TargetKind, check: str, tries: int, every: timedelta, link_second_look: timedelta
) -> Confirmation:
    return confirmation(kind, check, tries=tries, every=every, link_second_look=link_second_look)
