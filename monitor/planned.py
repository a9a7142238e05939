"""What an inventory would change, against what the store watches now: what came, changed, went and came back. Reads; changes nothing."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.config.settings import Settings
from monitor.model import TargetKind
from monitor.settle.policy import policy_of
from monitor.store.listed import COLUMNS, Listed, Rows, compare

SHARE = 10
"""A change that drops more than one in so many targets of a kind is to be confirmed."""
FIELDS: Mapping[str, str] = {"column_kind": "column", "contacts": "contact", "options": "checks", "period": "cadence"}
"""Columns of the store by what the inventory calls them, where that differs."""
_LEFT_OUT = frozenset({"host"})  # goes with the address

_WATCHED = "SELECT kind, COUNT(*) FROM targets NOT INDEXED WHERE removed_at IS NULL AND kind <> 'link' GROUP BY kind"


@dataclass(slots=True)
class Plan:
    """Ids by what would happen to them; of the changed which fields. `names` of all these, `watched` and `dropped` count by kind."""

    added: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    names: dict[str, str] = field(default_factory=dict)
    watched: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    @property
    def is_grave(self) -> bool:
        """Whether of some kind more than a tenth would go."""
        return any(count * SHARE > self.watched[kind] for kind, count in self.dropped.items())

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.back or self.changed or self.removed)


def plan(tx: sqlite3.Connection | None, settings: Settings) -> Plan:
    """What would change if these settings came into force; without a store nothing is watched yet."""
    if tx is None:
        new = {one.id: one.name for one in settings.targets}
        return Plan(added=sorted(new), names=new)
    rows = Rows(policy_of(settings).periods)
    found = compare(tx, {one.id: one for one in settings.targets}, rows)
    done = Plan(
        added=sorted(found.added.keys() - found.back),
        back=sorted(found.back),
        removed=sorted(found.removed),
        watched=Counter(dict(tx.execute(_WATCHED).fetchall())),
    )
    done.names = {name: one.name for name, one in {**found.added, **found.changed}.items()}
    for name, one in sorted(found.changed.items()):
        if fields := _differing(tx, name, one, rows):
            done.changed[name] = fields
    for name in done.removed:
        kind, title = tx.execute("SELECT kind, name FROM targets WHERE id = ?", (name,)).fetchone()
        done.names[name] = title
        done.dropped[TargetKind(kind).value] += 1
    done.unchanged = len(settings.targets) - len(done.added) - len(done.back) - len(done.changed)
    return done


def _differing(tx: sqlite3.Connection, name: str, one: Listed, rows: Rows) -> list[str]:
    stored = tx.execute(f"SELECT {', '.join(COLUMNS)} FROM targets WHERE id = ?", (name,)).fetchone()
    pairs = zip(COLUMNS, stored, rows.row(one), strict=True)
    return [FIELDS.get(column, column) for column, was, now in pairs if was != now and column not in _LEFT_OUT]
